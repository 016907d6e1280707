"""The authorities whose C2PA signatures are trusted: a dated list, imported by hand."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from cryptography import x509

from engine import paths
from engine.errors import InputError

MAX_LIST_BYTES = 4 << 20
"""Longest list that is read."""

LIST_NAME = "trust-list.pem"
NOTE_NAME = "trust-list.json"

_PEM = re.compile(rb"-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrustList:
    """Trusted authorities."""

    pem: str
    """Their certificates."""
    dated: str
    """Date of the list as its importer stated it, ISO 8601."""
    name: str
    """Name of the file it came from."""
    count: int
    """How many certificates it holds."""


def current() -> TrustList | None:
    """Return the imported list, or None when there is none.

    Raises:
        InputError: the stored list is damaged.
    """
    folder = _folder()
    try:
        pem = (folder / LIST_NAME).read_bytes()
        note = json.loads((folder / NOTE_NAME).read_text("utf-8"))
        return _checked(pem, str(note["dated"]), str(note["name"]))
    except FileNotFoundError:
        return None
    except (InputError, OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(
            f"The imported trust list in {folder} is damaged ({error}): import it again."
        ) from error


def import_list(file: Path, dated: date) -> TrustList:
    """Check a list and keep it for all later examinations; it replaces an earlier one.

    Args:
        file: certificates in PEM, such as the C2PA trust list.
        dated: the date of the list.

    Raises:
        InputError: it cannot be read, holds no certificate, or a damaged one.
    """
    try:
        size = file.stat().st_size
        if size > MAX_LIST_BYTES:
            raise InputError(
                f"The trust list has {size:,} bytes; at most {MAX_LIST_BYTES:,} are read: "
                "name a file of PEM certificates."
            )
        pem = file.read_bytes()
    except OSError as error:
        raise InputError(
            f"The trust list {file} cannot be read ({error.strerror}): check the name."
        ) from error
    checked = _checked(pem, dated.isoformat(), file.name)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    note = json.dumps({"dated": checked.dated, "name": checked.name})
    for name, content in ((LIST_NAME, checked.pem), (NOTE_NAME, note)):
        fresh = folder / f"{name}.new"
        fresh.write_text(content, "utf-8")
        fresh.replace(folder / name)
    return checked


def _folder() -> Path:
    return paths.data_dir() / "provenance"


def _checked(pem: bytes, dated: str, name: str) -> TrustList:
    found = _PEM.findall(pem)
    if not found:
        raise InputError(f"{name} holds no certificate in PEM: name a trust list.")
    for certificate in found:
        try:
            x509.load_pem_x509_certificate(certificate)
        except ValueError as error:
            raise InputError(f"A certificate of {name} is damaged ({error}).") from error
    return TrustList(
        pem="\n".join(certificate.decode("ascii", "replace") for certificate in found) + "\n",
        dated=dated,
        name=name,
        count=len(found),
    )
