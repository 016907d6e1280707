"""Keeping a case under another name, with the copies of its exhibits."""

from __future__ import annotations

import os
import secrets
import shutil
from pathlib import Path

from engine.errors import StoreError
from engine.evidence.case_database import PARTS, name_for_good
from engine.evidence.case_store import Case
from engine.evidence.copies import folder_of


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
    if file.exists() or folder_of(file).exists():
        raise StoreError(
            f"{file} exists already: choose another name. Nothing was changed.", kind="exists"
        )
    if not file.parent.is_dir():
        raise StoreError(f"The folder {file.parent} does not exist: make it, or choose another.")
    if not case.read_only_because:
        case.add_entry("case.copy", details={"to": file.name})
    token = secrets.token_hex(4)
    partial = file.with_name(f".{file.name[:80]}.{token}.part")
    folder = file.with_name(f".{file.name[:80]}.{token}.files.part")
    try:
        if case.copies.is_dir():
            shutil.copytree(case.copies, folder)
        case.copy_to(partial)
        name_for_good(partial, file)
        if folder.is_dir():
            folder.rename(folder_of(file))
    except OSError as error:
        file.unlink(missing_ok=True)
        raise StoreError(
            f"The case {case.file} cannot be kept as {file} ({error.strerror or error}): check "
            "the folder and the space on its disk."
        ) from error
    finally:
        for leftover in PARTS:
            partial.with_name(partial.name + leftover).unlink(missing_ok=True)
        _remove_tree(folder)
    return file


def remove_case(file: Path) -> None:
    """Remove a case that is closed, with the copies of its exhibits; the exhibits stay.

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
    _remove_tree(folder_of(file))


def _remove_tree(folder: Path) -> None:
    """Remove a folder of copies; evidentiary ones are read-only, which some systems mind."""
    if not folder.is_dir():
        return
    for where, _, names in os.walk(folder):
        for name in names:
            Path(where, name).chmod(0o644)
    shutil.rmtree(folder)
