"""Where the program's own files lie; the one owner of locations outside the user's folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path

DATA_DIR_VARIABLE = "RESIDUA_DATA"


def resources_dir() -> Path:
    """Return the read-only folder of shipped resources (models.toml, prompts, weights, samples).

    In a frozen build this lies inside the program's own folder, otherwise at the project's root.
    """
    frozen_root = getattr(sys, "_MEIPASS", None)
    root = Path(frozen_root) if frozen_root else Path(__file__).resolve().parent.parent
    return root / "resources"


def bundled_packs_dir() -> Path | None:
    """Return the folder of model packs inside a frozen build, or None when there is none."""
    packs = resources_dir() / "packs"
    return packs if packs.is_dir() else None


def data_dir() -> Path:
    """Return the user's data folder for this program (not created here).

    ``RESIDUA_DATA`` overrides it; otherwise the platform's usual place is used.
    """
    override = os.environ.get(DATA_DIR_VARIABLE)
    if override:
        return Path(override)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA", Path.home() / "AppData" / "Local"))
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        base = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local" / "share"))
    return base / "residua"


def packs_dir() -> Path:
    """Return the user's folder of assembled model packs (not created here)."""
    return data_dir() / "packs"


def thumbnails_dir() -> Path:
    """Return the user's folder of kept thumbnails (not created here); it may be deleted."""
    return data_dir() / "cache" / "thumbnails"
