"""Everything that decides what a report's pages say, as it is attached to the report.

The pages are laid out from these values and the pictures alone. So whoever has the report can
lay them out again and compare every word (`engine.report.relaid`).
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Pdf

from engine.case_types import CaseInfo, Exhibit, Recheck, Recipe
from engine.errors import InputError, StoreError
from engine.log_types import LogEntry, LogHead, LogProblem, Timestamp
from engine.mark_types import Annotation, Bookmark, Note, SentenceEdit
from engine.report.archival import RECORDS_NAME
from engine.report.rates import ModelCard
from engine.report.values import from_json, to_json
from engine.types import Examination

KIND = "residua-report"
SCHEMA = 5
"""1 held the records of exhibits alone; its reports can be checked, not laid out again. 2 knew
no drawings, ratings and tags, 3 not which log-odds p is calculated from, 4 no picture of
an edited part."""

PDF_FAILURES = (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError)
"""What the PDF library raises for damaged files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """One picture on the pages."""

    width: int
    """px."""
    height: int
    """px."""
    sha256: str
    """Of its JPEG data in the report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The picture under the map of a derived trace."""

    picture: Picture
    title: str
    """Of the trace, such as ``"Part with another history"``."""
    method: str
    """How the map was computed."""
    cell_px: tuple[float, float]
    """(height, width) of a cell in original pixels."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What the report says of one exhibit."""

    number: int
    """Exhibit number."""
    examination: Examination
    state: str
    """What became of the original: ``"same"``, ``"changed"`` …; empty when not examined."""
    state_detail: str
    """A sentence; empty when nothing is amiss."""
    thumb: Picture | None
    picture: Picture | None
    overlaid: Picture | None
    """The picture under its heat map."""
    map_method: str
    """How the heat map was computed; empty without one."""
    map_cell_px: tuple[float, float] | None
    """(height, width) of a cell in original pixels."""
    map_note: str
    """Why there is no heat map; empty when there is one."""
    part: Part | None
    """Shows the edited part that a leading statement speaks of; None where none does."""
    part_note: str
    """Why there is no such picture although a statement speaks of a part; else empty."""
    taken_in: Exhibit | None
    """As the case holds it, its custody entries left to the log; None without a case."""
    recipe: Recipe | None
    """What makes the examination repeatable; None without a case."""
    operator: str
    """Who had it examined; empty without a case."""
    rechecks: tuple[Recheck, ...]
    """Each time the examination was run again."""
    edits: tuple[SentenceEdit, ...]
    """What the examiner changed in generated text."""
    annotations: tuple[Annotation, ...]
    """What the examiner drew over the picture, as far as it holds."""
    rating: int
    """The examiner's, 0..5; 0 for none."""
    tags: tuple[str, ...]
    """The examiner's, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSheet:
    """What the report says of the case beyond its exhibits."""

    file_name: str
    """Of the case file."""
    info: CaseInfo
    notes: tuple[Note, ...]
    """Those that hold."""
    bookmarks: tuple[Bookmark, ...]
    """Those that hold."""
    log: tuple[LogEntry, ...]
    """The whole custody log; the pages print an extract."""
    head: LogHead
    """As it is kept apart from the log."""
    problems: tuple[LogProblem, ...]
    """What the check of the log found when the report was made."""
    timestamps: tuple[Timestamp, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Whose key signs the report, from the certificate."""

    subject: str
    """Name."""
    issuer: str
    """Who vouches for it."""
    serial: str
    """Serial number of the certificate, decimal."""
    valid: str
    """First and last day of the certificate, UTC."""
    certificate_sha256: str
    """Of the certificate."""
    carried: tuple[str, ...]
    """SHA-256 of the other certificates in the signature, sorted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """Everything that decides what the pages say."""

    created: str
    """When, ISO 8601 with the local offset from UTC."""
    tool_version: str
    """Of the program that makes the report."""
    environment: tuple[tuple[str, str], ...]
    """(name, value): what the report is made with."""
    command: str
    """How the program was called."""
    sheets: tuple[Sheet, ...]
    """In the order of the exhibit numbers."""
    cards: tuple[ModelCard, ...]
    """What is known of the errors of the models that examined."""
    case: CaseSheet | None
    """None for a report of a results folder."""
    signer: Signer | None
    """None when the report is not signed as it is made."""
    in_case: int
    """Exhibits and files of the case; as many as sheets when the report is about all."""
    left_out: tuple[str, ...]
    """Parts that were left out by choice, of `OPTIONAL_PARTS`."""

    def card(self, examination: Examination) -> ModelCard | None:
        """Return what is known of the errors of the model that made an examination."""
        model = examination.model
        sha256 = model.sha256 if model else None
        return next((card for card in self.cards if card.weights_sha256 == sha256), None)


def make_records(contents: Contents) -> bytes:
    """Return the JSON that is attached to the report."""
    raw = {"schema": SCHEMA, "kind": KIND, **to_json(contents)}
    # ASCII keeps names that are not UTF-8 (lone surrogates) apart from real text.
    return json.dumps(raw, ensure_ascii=True, allow_nan=False, indent=1).encode("ascii")


def parse_records(attached: bytes) -> dict[str, Any]:
    """Return attached records, parsed, whatever their schema.

    Raises:
        InputError: they are not records of a report.
    """
    try:
        raw = json.loads(attached)
    except ValueError as error:
        raise InputError(f"The attachment {RECORDS_NAME} is no JSON ({error}).") from error
    if not isinstance(raw, dict) or raw.get("kind") != KIND:
        raise InputError(f"The attachment {RECORDS_NAME} does not hold records of a report.")
    return raw


def contents_of(raw: dict[str, Any]) -> Contents:
    """Return the contents that parsed records hold.

    Raises:
        InputError: they are damaged, or of another schema.
    """
    if raw.get("schema") == 2:
        raw = _of_schema_2(raw)
    if raw.get("schema") == 3:
        raw = _of_schema_3(raw)
    if raw.get("schema") == 4:
        raw = _of_schema_4(raw)
    if raw.get("schema") != SCHEMA:
        raise InputError(
            f"The attached records have form {raw.get('schema')!r}; this version reads {SCHEMA}."
        )
    try:
        return from_json(
            Contents, {name: raw[name] for name in raw if name not in ("schema", "kind")}
        )
    except StoreError as error:
        raise InputError(f"The attached records are damaged: {error}") from error


def _of_schema_2(raw: dict[str, Any]) -> dict[str, Any]:
    """Return records of schema 2 as ones of schema 3: no drawings, no replaced notes."""
    try:
        none: dict[str, Any] = {"annotations": [], "rating": 0, "tags": []}
        sheets = [{**sheet, **none} for sheet in raw["sheets"]]
        case = raw["case"]
        if case is not None:
            replaced = {note["replaces"] for note in case["notes"]}
            notes = [note for note in case["notes"] if note["id"] not in replaced]
            case = {**case, "notes": notes}
    except (KeyError, TypeError) as error:
        raise InputError(f"The attached records are damaged ({error!r}).") from error
    return {**raw, "schema": 3, "sheets": sheets, "case": case}


def _of_schema_3(raw: dict[str, Any]) -> dict[str, Any]:
    """Return records of schema 3 as ones of schema 4: not recorded what p is calculated from."""
    try:
        cards = [{**card, "weighs": []} for card in raw["cards"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"The attached records are damaged ({error!r}).") from error
    return {**raw, "schema": 4, "cards": cards}


def _of_schema_4(raw: dict[str, Any]) -> dict[str, Any]:
    """Return records of schema 4 as ones of today: no picture of an edited part."""
    try:
        sheets = [{**sheet, "part": None, "part_note": ""} for sheet in raw["sheets"]]
    except (KeyError, TypeError) as error:
        raise InputError(f"The attached records are damaged ({error!r}).") from error
    return {**raw, "schema": SCHEMA, "sheets": sheets}


def numbered(raw: dict[str, Any]) -> tuple[tuple[int, Examination], ...]:
    """Return (exhibit number, examination) of parsed records of either schema.

    Raises:
        InputError: they name no exhibits, or are damaged.
    """
    old = raw.get("schema") == 1
    entries = raw.get("exhibits" if old else "sheets")
    if not isinstance(entries, list) or not entries:
        raise InputError("The attached records name no exhibits.")
    found: list[tuple[int, Examination]] = []
    for place, entry in enumerate(entries, 1):
        number = entry.get("exhibit" if old else "number") if isinstance(entry, dict) else None
        if not isinstance(number, int) or number <= (found[-1][0] if found else 0):
            raise InputError(f"The attached records are not in order at entry {place}.")
        try:
            found.append(
                (number, from_json(Examination, entry["record" if old else "examination"]))
            )
        except (StoreError, KeyError) as error:
            raise InputError(f"The record of exhibit {number} is damaged: {error}") from error
    return tuple(found)


def read_attached(data: bytes) -> bytes:
    """Return the attached records of a report.

    Args:
        data: the whole file.

    Raises:
        InputError: nothing readable is attached.
    """
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            return pdf.attachments[RECORDS_NAME].get_file().read_bytes()
    except PDF_FAILURES as error:
        raise InputError(
            f"The report has no readable attachment {RECORDS_NAME} ({error}): get the file "
            "again from who made it."
        ) from error


def digest(data: bytes) -> str:
    """Return the SHA-256 of some bytes, hex."""
    return hashlib.sha256(data).hexdigest()
