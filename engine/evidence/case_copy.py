"""Keeping a case under another name, with copies of exhibits and fingerprints of cameras."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from engine.errors import StoreError
from engine.evidence.case_database import PARTS, name_for_good
from engine.evidence.case_store import Case
from engine.evidence.copies import FOLDERS


def copy_case(case: Case, file: Path) -> Path:
    """Write a case, as it stands, under another name; both have the same log.

    Args:
        case: open; that it was copied is logged unless it can only be read.
        file: must not exist; its folder must.

    Returns:
        The new file, absolute.

    Raises:
        StoreError: it exists, or cannot be written; nothing is left behind.
    """
    file = file.absolute()
    if any(each.exists() for each in (file, *(folder_of(file) for folder_of in FOLDERS))):
        raise StoreError(
            f"{file} exists already: choose another name. Nothing was changed.", kind="exists"
        )
    if not file.parent.is_dir():
        raise StoreError(f"The folder {file.parent} does not exist: make it, or choose another.")
    if not case.read_only_because:
        case.add_entry("case.copy", details={"to": file.name})
    token = secrets.token_hex(4)
    partial = file.with_name(f".{file.name[:80]}.{token}.part")
    folders = [
        (folder_of(case.file), folder_of(partial), folder_of(file))
        for folder_of in FOLDERS
        if folder_of(case.file).is_dir()
    ]
    moved: list[Path] = []
    try:
        for old, beside, _ in folders:
            shutil.copytree(old, beside)
        case.copy_to(partial)
        name_for_good(partial, file)
        for _, beside, new in folders:
            beside.rename(new)
            moved.append(new)
    except OSError as error:
        for folder in moved:
            _remove_tree(folder)
        file.unlink(missing_ok=True)
        raise StoreError(
            f"The case {case.file} cannot be kept as {file} ({error.strerror or error}): check "
            "the folder and the space on its disk."
        ) from error
    finally:
        for leftover in PARTS:
            partial.with_name(partial.name + leftover).unlink(missing_ok=True)
        for _, beside, _ in folders:
            _remove_tree(beside)
    return file


def remove_case(file: Path) -> None:
    """Remove a case that is closed, with what lies beside it; the exhibits stay.

    Args:
        file: a case file that is kept elsewhere.

    Raises:
        StoreError: it cannot be removed.
    """
    try:
        for leftover in PARTS:
            file.with_name(file.name + leftover).unlink(missing_ok=True)
        file.with_name(f".{file.name}.lock").unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(f"The case {file} cannot be removed ({error.strerror}).") from error
    for folder_of in FOLDERS:
        _remove_tree(folder_of(file))


def _remove_tree(folder: Path) -> None:
    """Remove a folder of copies; evidentiary ones are read-only, which some systems mind."""
    if not folder.is_dir():
        return
    for where, _, names in os.walk(folder):
        for name in names:
            Path(where, name).chmod(0o644)
    shutil.rmtree(folder)
