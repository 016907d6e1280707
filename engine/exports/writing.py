"""Writing an export of a case in the format that was asked for."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.case_types import CaseContents
from engine.errors import InputError, StoreError
from engine.evidence.case_json import to_json
from engine.evidence.case_store import Case
from engine.evidence.exhibit_checks import check_exhibits
from engine.exports.case_uco import to_case_uco
from engine.exports.page import to_html
from engine.exports.pictures import views
from engine.exports.table import to_csv
from engine.job import Context
from engine.log_types import LogObject

ENDINGS = {".json": "json", ".csv": "csv", ".html": "html", ".htm": "html", ".jsonld": "case-uco"}
"""Ending of a file's name -> format."""

FORMATS = tuple(dict.fromkeys(ENDINGS.values()))


def write_export(case: Case, file: Path, form: str | None, ctx: Context) -> str:
    """Check the exhibits, log the export, and write it.

    The entry comes first, so that the export holds it: a case made from a JSON export has the
    same log and the same head. A case that can only be read is exported without an entry.

    Args:
        case: open.
        file: replaced when it exists.
        form: one of `FORMATS`; None goes by the ending of the name.
        ctx: receives progress, carries the wish to stop.

    Returns:
        The format.

    Raises:
        InputError: the format is not known.
        StoreError: the file cannot be written, or a record is damaged.
        Cancelled: the operator stopped it; no file is left behind.
    """
    form = form or ENDINGS.get(file.suffix.lower(), "")
    if form not in FORMATS:
        raise InputError(
            f"{file.name!r} does not say in which format to export: use --format with one of "
            f"{', '.join(FORMATS)}, or one of the endings {', '.join(ENDINGS)}."
        )
    if not file.parent.is_dir():
        raise StoreError(f"The folder {file.parent} does not exist: make it, or choose another.")
    if file.absolute() == case.file:
        raise InputError(f"{file} is the case itself: give the export another name.")
    check_exhibits(case, ctx)
    if not case.read_only_because:
        about = LogObject(kind="file", id=file.name)
        case.add_entry("case.export", objects=[about], details={"format": form})
    store(_made(case, case.contents(), form, ctx).encode("utf-8"), file)
    return form


def _made(case: Case, contents: CaseContents, form: str, ctx: Context) -> str:
    if form == "json":
        return to_json(case)
    if form == "csv":
        return to_csv(contents)
    if form == "case-uco":
        return to_case_uco(contents)
    newest = {each.exhibit: each for each in contents.newest()}
    return to_html(contents, views(case, contents.exhibits, newest, ctx))


def store(data: bytes, file: Path) -> None:
    """Write beside the final name, then rename: a reader never sees half an export.

    Args:
        data: all of it.
        file: replaced when it exists.

    Raises:
        StoreError: it cannot be written.
    """
    partial = file.with_name(f".{file.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        try:
            with partial.open("xb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            partial.replace(file)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"The export {file} cannot be written ({error.strerror}): check the folder and the "
            "space on its disk."
        ) from error
