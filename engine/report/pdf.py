"""Writes the report of a set of examinations, or of a case, as one PDF."""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from io import BytesIO
from pathlib import Path

from engine import __version__
from engine.errors import StoreError
from engine.evidence.heatmaps import read_heatmap
from engine.job import Context, Progress
from engine.report import prose
from engine.report.archival import archived
from engine.report.back import back
from engine.report.cameras import cameras
from engine.report.closing import EXAMINER_FIELD, closing, signature_fields
from engine.report.contents import CaseSheet, Contents, digest, make_records
from engine.report.cover import cover
from engine.report.exhibits import Item, Report, gather, make_report
from engine.report.fonts import load_fonts
from engine.report.front import front
from engine.report.marks import seal_text
from engine.report.methods import methods
from engine.report.originals import Originals, Source
from engine.report.page import ReportTemplate
from engine.report.rates import ModelCard, read_card
from engine.report.result import results
from engine.report.signing import SigningKey, signed
from engine.report.surroundings import surroundings
from engine.types import Examination, HeatMap

PAGES_AROUND, PAGES_EACH = 8, 2
"""Pages of a report without exhibits, and of one exhibit, as they usually are."""


def write_pdf(
    examinations: Sequence[Examination],
    *,
    out_dir: Path,
    out_file: Path,
    ctx: Context,
    source: Source | None = None,
    created: datetime | None = None,
    key: SigningKey | None = None,
    command: str = "",
) -> None:
    """Write the report of a results folder.

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
        key: signs the report; unsigned when None.
        command: how the program was called, to be printed.

    Raises:
        StoreError: there is nothing to report, or the file cannot be written.
        ModelError: the figures that ship with a model's weights are broken.
        InputError: the key cannot sign.
        Cancelled: the operator stopped it; no file is left behind.
    """
    if not examinations:
        raise StoreError(f"{out_dir} holds no results to report: scan some pictures first.")
    items = [
        Item(
            number=number,
            examination=examination,
            heatmap=_stored_map(out_dir, examination),
            file=examination.facts.path,
        )
        for number, examination in enumerate(examinations, 1)
    ]
    write_items(
        items, None, out_file=out_file, ctx=ctx, source=source, created=created, key=key,
        command=command,
    )  # fmt: skip


def write_items(
    items: Sequence[Item],
    case: CaseSheet | None,
    *,
    out_file: Path,
    ctx: Context,
    source: Source | None = None,
    created: datetime | None = None,
    key: SigningKey | None = None,
    command: str = "",
    cards: tuple[ModelCard, ...] | None = None,
    in_case: int | None = None,
    left_out: tuple[str, ...] = (),
) -> str:
    """Write the report of exhibits from anywhere; see `write_pdf`.

    Args:
        items: in the order of their numbers, at least one.
        case: what is known of the case; None without one.
        out_file: the PDF; replaced when it exists.
        ctx: receives progress, carries the wish to stop.
        source: returns originals; reads the files themselves when None.
        created: the time the report states, with time zone; now when None.
        key: signs the report; unsigned when None.
        command: how the program was called, to be printed.
        cards: what is known of the models' errors; what ships with their weights when None.
        in_case: exhibits and files of the case; as many as items when None.
        left_out: parts left out by choice, of `OPTIONAL_PARTS`.

    Returns:
        SHA-256 of the file, hex.
    """
    _check_place(out_file)
    data = made(
        items, case, ctx=ctx, source=source, created=created, key=key, command=command,
        cards=cards, in_case=in_case, left_out=left_out,
    )  # fmt: skip
    _store(data, out_file)
    return digest(data)


def made(
    items: Sequence[Item],
    case: CaseSheet | None,
    *,
    ctx: Context,
    source: Source | None = None,
    created: datetime | None = None,
    key: SigningKey | None = None,
    command: str = "",
    cards: tuple[ModelCard, ...] | None = None,
    in_case: int | None = None,
    left_out: tuple[str, ...] = (),
) -> bytes:
    """Return the report as the bytes of its file; see `write_items`."""
    created = (created or datetime.now().astimezone()).replace(microsecond=0)
    with Originals() as originals:
        sheets, jpegs = gather(items, source=source or originals.view, ctx=ctx)
    contents = Contents(
        created=created.isoformat(),
        tool_version=__version__,
        environment=surroundings(),
        command=command,
        sheets=sheets,
        cards=_cards([item.examination for item in items]) if cards is None else cards,
        case=case,
        signer=key.signer if key else None,
        in_case=len(items) if in_case is None else in_case,
        left_out=left_out,
    )
    records = make_records(contents)
    report = make_report(contents, jpegs, digest(records), load_fonts())
    pages = laid_out(report, ctx)
    ctx.check()
    data = archived(
        pages,
        records,
        title=title(contents),
        created=created,
        tool_version=__version__,
        glyph_texts=report.fonts.glyph_texts,
        fields=signature_fields(report.ledger),
    )
    if key is not None:
        data = signed(data, key, field=EXAMINER_FIELD, created=created)
    return data


def title(contents: Contents) -> str:
    """Return the title of the document."""
    count, day = len(contents.sheets), contents.created[:10]
    number = contents.case.info.number if contents.case else ""
    return ", ".join(
        part
        for part in (
            prose.TITLE,
            f"case {number}" if number else "",
            f"{count} exhibit{'s' * (count != 1)}",
            day,
        )
        if part
    )


def laid_out(report: Report, ctx: Context) -> bytes:
    """Return the pages as the layout library makes them.

    Args:
        report: what the pages are made from; its ledger is filled.
        ctx: receives progress, carries the wish to stop.

    Raises:
        Cancelled: the operator stopped it.
    """
    file = BytesIO()
    case = report.contents.case
    number = case.info.number if case else ""
    head = " · ".join(part for part in (prose.TOOL, prose.TITLE, number) if part)
    template = ReportTemplate(
        file,
        head=report.fonts.plain(head[:120]),
        foot=seal_text(report.records_sha256),
        expected_pages=PAGES_AROUND + PAGES_EACH * len(report.exhibits),
    )

    def progress(kind: str, value: int) -> None:
        if kind == "PAGE":
            ctx.report(Progress(phase="laying out pages", done=value, total=None))

    template.setProgressCallBack(progress)
    parts = (cover, front, methods, results, cameras, back, closing)
    flowables = []
    for done, part in enumerate(parts):
        ctx.report(Progress(phase="setting pages", done=done, total=len(parts)))
        flowables += part(report)
    template.build(flowables)
    return file.getvalue()


def _stored_map(out_dir: Path, examination: Examination) -> Callable[[], HeatMap | None]:
    def read() -> HeatMap | None:
        if examination.heatmap_file is None:
            return None
        return read_heatmap(out_dir / examination.heatmap_file)

    return read


def _cards(examinations: Sequence[Examination]) -> tuple[ModelCard, ...]:
    """Return what ships with the weights of each model that examined."""
    models = {e.model.sha256: e.model for e in examinations if e.model is not None}
    found = (read_card(models[sha256]) for sha256 in sorted(models))
    return tuple(card for card in found if card is not None)


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
