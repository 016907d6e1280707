"""Under which circumstances something is computed here: what makes it repeatable."""

from __future__ import annotations

import os
import platform
import sys
from importlib import metadata

from engine.case_types import Recipe
from engine.scan.bench import processor
from engine.types import Examination

LIBRARIES = (
    "torch", "transformers", "onnxruntime", "onnxruntime-gpu", "numpy", "pillow",
    "opencv-python-headless", "scipy", "jpeglib", "safetensors",
)  # fmt: skip
"""Distributions that take part in an examination."""

METHOD = "deep-vrm"


def recipe_of(examination: Examination, model: str) -> Recipe | None:
    """Return what makes an examination that was just made here repeatable.

    Args:
        examination: its model and settings are set when something was computed.
        model: as it was named to the program.
    """
    info, settings = examination.model, examination.settings
    if info is None or settings is None or not examination.ok:
        return None
    return Recipe(
        method=f"{METHOD} triage" if settings.triage else METHOD,
        version=examination.tool_version,
        parameters=(
            ("explain", str(settings.explain).lower()),
            ("triage", str(settings.triage).lower()),
            ("traces", str(settings.traces).lower()),
        ),
        model=model,
        weights_sha256=info.sha256,
        device=info.device,
        dtype=info.dtype,
        threads=threads(),
        seed=None,
        libraries=libraries(),
        machine=f"{processor()}; {platform.platform()}",
    )


def threads() -> int:
    """Return how many threads one operation may use here."""
    # The model loads torch; where a test's model does without, nothing else is parallel.
    torch = sys.modules.get("torch")
    return int(torch.get_num_threads()) if torch is not None else os.cpu_count() or 1


def libraries() -> tuple[tuple[str, str], ...]:
    """Return (name, version) of what takes part in an examination, where it is installed."""
    installed = [("Python", platform.python_version())]
    for name in LIBRARIES:
        try:
            installed.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return tuple(sorted(installed))
