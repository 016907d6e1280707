"""The GPU add-on: libraries built for CUDA beside the installed program, taken before its own.

The installed program computes on the processor. A folder called ``residua-gpu`` beside it, made by
``installer/addon.py``, holds torch and ONNX Runtime for CUDA; it is used when its list of files
says that it belongs to this very program, and otherwise left alone with a sentence that says why.
A checkout has no add-on: its environment holds the one or the other torch.

Whatever is said here is said before anything heavy is imported.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.metadata import DistributionFinder, MetadataPathFinder
from pathlib import Path
from types import ModuleType
from typing import Any

from engine import __version__

FOLDER_NAME = "residua-gpu"
MANIFEST_NAME = "manifest.json"
"""Written by the build with `engine.vrm.packs.manifest`; names, sizes and hashes of all files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addon:
    """A folder that was found beside the program."""

    folder: Path
    """Where it lies."""
    libraries: tuple[str, ...]
    """Top-level modules that it brings; empty when it is not used."""
    problem: str
    """Why it is not used, and what to do; empty when it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What an add-on must have been made for."""

    program: str
    """Version of this program."""
    python: str
    """Such as ``"cp311"``: compiled libraries hold for one."""
    platform: str
    """Such as ``"linux-x86_64"``."""
    torch: str
    """Public version of the program's own torch, which its Python code was tried with."""


def this_program() -> Fit:
    """Return what fits the program that runs."""
    return Fit(
        program=__version__,
        python=f"cp{sys.version_info.major}{sys.version_info.minor}",
        platform=sysconfig.get_platform(),
        torch=metadata.version("torch").partition("+")[0],
    )


def look() -> Addon | None:
    """Return the add-on beside the installed program, None when there is none; nothing is loaded.

    Sizes of all files are compared; hashes are the self-test's to read.
    """
    if not getattr(sys, "frozen", False):
        return None
    program = Path(sys.executable).resolve().parent
    # An AppImage is mounted somewhere: what counts is where its file lies.
    image = os.environ.get("APPIMAGE")
    places = [program.parent, *([Path(image).resolve().parent] if image else [])]
    for place in places:
        if (place / FOLDER_NAME / MANIFEST_NAME).is_file():
            return read_addon(place / FOLDER_NAME, this_program())
    return None


def read_addon(folder: Path, fit: Fit) -> Addon:
    """Return what is in a folder, and whether it may be used.

    Args:
        folder: with ``manifest.json``.
        fit: what it must have been made for.
    """
    try:
        raw = json.loads((folder / MANIFEST_NAME).read_text(encoding="utf-8"))
        libraries = tuple(str(name) for name in raw["libraries"])
        problem = _misfit(raw, fit) or _incomplete(folder, raw["files"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        libraries, problem = (), f"its list of files cannot be read ({error!r})"
    if problem:
        said = f"The GPU add-on in {folder} is not used: {problem}."
        what = f" Install the add-on of {fit.program}."
        return Addon(folder=folder, libraries=(), problem=said + what)
    return Addon(folder=folder, libraries=libraries, problem="")


def _misfit(raw: dict[str, Any], fit: Fit) -> str:
    for key, what in (
        ("program", "it was made for version {} of the program, this is {}"),
        ("python", "it was made for Python {}, the program has {}"),
        ("platform", "it was made for {}, this is {}"),
        ("torch", "it brings torch {}, the program was tried with {}"),
    ):
        if raw[key] != getattr(fit, key):
            return what.format(raw[key], getattr(fit, key))
    return ""


def _incomplete(folder: Path, files: dict[str, dict[str, Any]]) -> str:
    for name, entry in files.items():
        file = folder / name
        found = file.stat().st_size if file.is_file() else None
        if found != entry["bytes"]:
            return f"{name} has {found} bytes instead of {entry['bytes']}"
    return ""


def activate() -> Addon | None:
    """Have an add-on's libraries taken before the program's own; call it before any is imported.

    Returns:
        The add-on, with what was wrong with it; None when there is none.
    """
    found = look()
    if found is not None and not found.problem:
        prefer(found)
    return found


def prefer(addon: Addon) -> None:
    """Let Python find an add-on's libraries in its folder, and all others where they were."""
    sys.meta_path.insert(0, _Preferred(addon.folder, addon.libraries))
    # Libraries of the add-on look for each other's files there.
    sys.path.append(str(addon.folder))


class _Preferred(MetaPathFinder):
    """Finds modules of some names, and what their packages say of themselves, in one folder."""

    def __init__(self, folder: Path, names: Iterable[str]) -> None:
        self._folder, self._names = str(folder), frozenset(names)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return where a module is; None leaves it to the finders behind this one."""
        if fullname.partition(".")[0] not in self._names:
            return None
        return PathFinder.find_spec(fullname, path or [self._folder], target)

    def find_distributions(
        self, context: DistributionFinder.Context | None = None
    ) -> Iterable[metadata.Distribution]:
        """Return the add-on's packages, before those of the same name in the program."""
        name = None if context is None else context.name
        inner = DistributionFinder.Context(name=name, path=[self._folder])
        return MetadataPathFinder.find_distributions(inner)
