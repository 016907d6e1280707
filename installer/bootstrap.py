"""Starts Residua from a checkout, and has it set up first where that was not done yet.

``residua`` and ``residua.cmd`` hand over to this file. A start after the first one only
compares a hash and looks whether the model packs are there, so nothing heavy is imported
at the top; the set-up itself is ``provision.py``.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PACKS = ("mini", "triage")
NEEDS_NO_PACK = frozenset(
    ["models", "verify", "case", "report", "golden", "trace", "trust", "prnu", "card", "--version"]
)
"""Commands that work without the model packs; the others have them assembled first."""


def main(arguments: list[str]) -> int:
    """Set up what the command needs, then run it.

    Args:
        arguments: the command line after the program's name.

    Returns:
        The exit code; on POSIX a successful hand-over does not return.
    """
    testing = arguments[:1] == ["test"]
    code = 0
    if not is_ready(dev=testing):
        import provision

        code = provision.set_up_environment(ROOT, fingerprint(), dev=testing)
    helped = any(word in ("-h", "--help") for word in arguments)
    if code == 0 and arguments and not helped and arguments[0] not in NEEDS_NO_PACK:
        missing = [pack for pack in PACKS if not has_pack(pack)]
        if missing:
            import provision

            code = provision.assemble_packs(ROOT, missing, environment())
    if code != 0:
        return code
    if testing:
        return hand_over([str(venv_python()), str(ROOT / "tests" / "run.py"), *arguments[1:]])
    return hand_over([str(venv_python()), "-m", "engine", *arguments])


def venv_python() -> Path:
    """Return the Python of the project's own environment."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def fingerprint() -> str:
    """Return the hash of everything that decides what must be installed."""
    digest = hashlib.sha256()
    for name in ("constraints.txt", "pyproject.toml"):
        digest.update((ROOT / name).read_bytes())
    return digest.hexdigest()


def is_ready(*, dev: bool) -> bool:
    """Return whether the environment holds what the present requirements ask for."""
    marker = VENV / ("ready-dev" if dev else "ready")
    try:
        return marker.read_text(encoding="ascii") == fingerprint()
    except OSError:
        return False


def has_pack(name: str) -> bool:
    """Return whether a model pack is there; the program itself checks its files."""
    sys.path.insert(0, str(ROOT))
    from engine import paths

    parents = (paths.bundled_packs_dir(), paths.packs_dir())
    return any(p is not None and (p / name / "manifest.json").is_file() for p in parents)


def environment() -> dict[str, str]:
    """Return the environment the program runs in: this checkout, and no model hub."""
    earlier = os.environ.get("PYTHONPATH")
    return {
        **{name: value for name, value in os.environ.items() if name != "PYTHONHOME"},
        "PYTHONPATH": str(ROOT) + (os.pathsep + earlier if earlier else ""),
        "HF_HUB_OFFLINE": "1",
        "TRANSFORMERS_OFFLINE": "1",
    }


def hand_over(command: list[str]) -> int:
    """Become the command on POSIX; run it and return its exit code on Windows."""
    if os.name != "nt":
        os.execve(command[0], command, environment())
    import subprocess

    child = subprocess.Popen(command, env=environment())
    while True:
        try:
            return child.wait()
        except KeyboardInterrupt:
            # Ctrl-C reaches the child too; its own exit code is what counts.
            continue


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
