"""Writes the report of a set of examinations as one PDF."""

from __future__ import annotations

import hashlib
import os
import platform
import secrets
from collections.abc import Sequence
from datetime import datetime
from importlib import metadata
from io import BytesIO
from pathlib import Path

from engine import __version__
from engine.errors import StoreError
from engine.job import Context, Progress
from engine.report import prose
from engine.report.back import back
from engine.report.bundle import finish, make_records
from engine.report.exhibits import Report, gather
from engine.report.fonts import load_fonts
from engine.report.front import front
from engine.report.marks import seal_text
from engine.report.originals import Originals, Source
from engine.report.page import ReportTemplate
from engine.report.result import exhibit_pages
from engine.types import Examination

LIBRARIES = (
    "torch", "transformers", "onnxruntime", "onnxruntime-gpu", "numpy", "pillow",
    "opencv-python-headless", "reportlab", "pikepdf",
)  # fmt: skip
"""Distributions whose versions a report states, where they are installed."""


PAGES_AROUND, PAGES_EACH = 6, 2
"""Pages of a report without exhibits, and of one exhibit, as they usually are."""


def write_pdf(
    examinations: Sequence[Examination],
    *,
    out_dir: Path,
    out_file: Path,
    ctx: Context,
    source: Source | None = None,
    created: datetime | None = None,
) -> None:
    """Write the report.

    Originals are read again, never written; one whose bytes are no longer those that were
    examined is named as changed and its picture is left out. The file appears under its name
    only when it is complete.

    Args:
        examinations: in the order in which the exhibits are numbered, at least one.
        out_dir: the results folder, which heat map files are relative to.
        out_file: the PDF; replaced when it exists.
        ctx: receives progress, carries the wish to stop.
        source: returns originals; reads the files themselves when None.
        created: the time the report states, with time zone; now when None.

    Raises:
        StoreError: there is nothing to report, or the file cannot be written.
        Cancelled: the operator stopped it; no file is left behind.
    """
    if not examinations:
        raise StoreError(f"{out_dir} holds no results to report: scan some pictures first.")
    _check_place(out_file)
    created = (created or datetime.now().astimezone()).replace(microsecond=0)
    environment = _environment()
    records = make_records(
        examinations, created=created, tool_version=__version__, environment=environment
    )
    with Originals() as originals:
        exhibits = gather(examinations, out_dir=out_dir, source=source or originals.view, ctx=ctx)
    report = Report(
        exhibits=exhibits,
        fonts=load_fonts(),
        created=created,
        records_sha256=hashlib.sha256(records).hexdigest(),
        tool_version=__version__,
        environment=environment,
    )
    title = f"{prose.TITLE}, {len(exhibits)} exhibits, {created:%Y-%m-%d}"
    pages = _laid_out(report, ctx)
    ctx.check()
    data = finish(pages, records, title=title, created=created, tool_version=__version__)
    _store(data, out_file)


def _laid_out(report: Report, ctx: Context) -> bytes:
    file = BytesIO()
    total = len(report.exhibits)
    template = ReportTemplate(
        file,
        head=f"{prose.TOOL} · {prose.TITLE}",
        foot=seal_text(report.records_sha256),
        expected_pages=PAGES_AROUND + PAGES_EACH * total,
    )

    def progress(kind: str, value: int) -> None:
        if kind == "PAGE":
            ctx.report(Progress(phase="laying out pages", done=value, total=None))

    template.setProgressCallBack(progress)
    flowables = front(report)
    for exhibit in report.exhibits:
        ctx.report(Progress(phase="setting exhibits", done=exhibit.number - 1, total=total))
        if exhibit.examination.ok:
            flowables += exhibit_pages(report, exhibit)
    template.build([*flowables, *back(report)])
    return file.getvalue()


def _environment() -> tuple[tuple[str, str], ...]:
    """Return (name, version) of what makes the report."""
    installed = []
    for name in LIBRARIES:
        try:
            installed.append((name, metadata.version(name)))
        except metadata.PackageNotFoundError:
            continue
    return (
        ("residua", __version__),
        ("Python", f"{platform.python_implementation()} {platform.python_version()}"),
        ("System", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        *installed,
    )


def _check_place(out_file: Path) -> None:
    """Refuse a place where the report cannot be written, before any work is done."""
    folder = out_file.parent
    if not folder.is_dir():
        raise StoreError(f"The folder {folder} does not exist: make it, or choose another.")
    if not os.access(folder, os.W_OK):
        raise StoreError(f"The folder {folder} cannot be written: choose another.")
    if out_file.is_dir():
        raise StoreError(f"{out_file} is a folder: give the name of a PDF file.")


def _store(data: bytes, out_file: Path) -> None:
    """Write beside the final name, then rename: a reader never sees half a report."""
    partial = out_file.with_name(f".{out_file.name[:80]}.{secrets.token_hex(4)}.part")
    try:
        with partial.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(out_file)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise StoreError(
            f"The report {out_file} cannot be written ({error.strerror}): check the folder and "
            "the space on its disk."
        ) from error
