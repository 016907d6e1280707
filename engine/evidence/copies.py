"""Copies of exhibits beside a case, named by their content.

An evidentiary copy is written once, read-only, and never worked on; examinations read a
working copy. Both come from the bytes that were hashed, in one read of the original.
"""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from engine.errors import StoreError

EVIDENCE, WORKING = "evidence", "working"
"""Folders inside a case's folder of copies."""

_READ_ONLY = 0o444


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """Names of an exhibit's copies within the case's folder of copies, with a forward slash."""

    evidence: str
    """The evidentiary copy."""
    working: str
    """The working copy, which keeps the ending of the original's name."""


def folder_of(case_file: Path) -> Path:
    """Return where the copies of a case lie; the folder need not exist.

    Args:
        case_file: absolute.
    """
    return case_file.with_name(case_file.name + ".files")


def fingerprints_of(case_file: Path) -> Path:
    """Return where the cameras' fingerprints of a case lie; the folder need not exist.

    Args:
        case_file: absolute.
    """
    return case_file.with_name(case_file.name + ".fingerprints")


FOLDERS = (folder_of, fingerprints_of)
"""What lies beside a case and goes where it goes."""


def make_copy(folder: Path, data: bytes, sha256: str, name: str) -> Copy:
    """Write both copies of an exhibit; what is there already with these bytes stays.

    Args:
        folder: the case's folder of copies; made if missing.
        data: the bytes that were read and hashed.
        sha256: hex, of exactly these bytes.
        name: the original's name, for the ending.

    Raises:
        StoreError: a copy cannot be written; no half of one is left under its name.
    """
    ending = "".join(
        c for c in Path(name).suffix.lower()[:10] if c == "." or (c.isascii() and c.isalnum())
    )
    copy = Copy(evidence=f"{EVIDENCE}/{sha256}", working=f"{WORKING}/{sha256}{ending}")
    _write(folder / copy.evidence, data, _READ_ONLY)
    _write(folder / copy.working, data, 0o644)
    return copy


def _write(target: Path, data: bytes, mode: int) -> None:
    try:
        if target.is_file() and target.read_bytes() == data:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        partial = target.with_name(f".{target.name[:80]}.{secrets.token_hex(4)}.part")
        try:
            with partial.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            partial.chmod(mode)
            partial.replace(target)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The copy {target} cannot be written ({error.strerror}): check free space and "
            "permissions beside the case. The exhibit was not taken in."
        ) from error
