"""What a report is made with: versions, system, driver, hashes of what is installed."""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from pathlib import Path

from engine import __version__, paths

LIBRARIES = (
    "torch", "transformers", "onnxruntime", "onnxruntime-gpu", "numpy", "pillow",
    "opencv-python-headless", "reportlab", "uharfbuzz", "pikepdf", "pyhanko",
)  # fmt: skip
"""Distributions whose versions a report states, where they are installed."""

NVIDIA_DRIVER = Path("/proc/driver/nvidia/version")
LOCK_FILE = "constraints.txt"


def surroundings() -> tuple[tuple[str, str], ...]:
    """Return (name, value) of what makes the report."""
    found: dict[str, str] = {}
    for each in metadata.distributions():
        # The first is what is imported: an add-on's comes before the program's own.
        if each.name:
            found.setdefault(each.name, each.version)
    installed = sorted(f"{name}=={version}" for name, version in found.items())
    versions = {name.lower(): version.lower() for name, version in found.items()}
    listing = hashlib.sha256("\n".join(installed).encode()).hexdigest()
    return (
        ("Residua", __version__),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("Graphics driver", _driver()),
        ("Libraries", ", ".join(f"{n} {versions[n]}" for n in LIBRARIES if n in versions)),
        ("Lock, SHA-256", _lock()),
        ("Installed packages", f"{len(installed)}; SHA-256 of their list {listing}"),
        ("Seed", "none: layout and examination draw nothing at random"),
    )


def _driver() -> str:
    try:
        return NVIDIA_DRIVER.read_text(encoding="ascii", errors="replace").splitlines()[0][:120]
    except (OSError, IndexError):
        return "none found on this machine"


def _lock() -> str:
    """Return the hash of the pinned requirements; a frozen build has none beside it."""
    try:
        lock = (paths.resources_dir().parent / LOCK_FILE).read_bytes()
    except OSError:
        return "not at hand in this installation"
    return f"{hashlib.sha256(lock).hexdigest()} ({LOCK_FILE})"
