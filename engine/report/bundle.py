"""What a report carries besides its pages: the records, metadata, and a digest of its bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf

from engine.errors import InputError
from engine.evidence.records import to_line
from engine.types import Examination

RECORDS_NAME = "residua-records.json"
RECORDS_KIND = "residua-report"
RECORDS_SCHEMA = 1

DIGEST_KEY, LENGTH_KEY = "/ResiduaDigest", "/ResiduaLength"
DIGEST_BLANK, LENGTH_BLANK = "0" * 64, "0" * 12
_DIGEST = re.compile(rb"/ResiduaDigest ?\(([0-9a-f]{64})\)")
_LENGTH = re.compile(rb"/ResiduaLength ?\(([0-9]{12})\)")

PDF_FAILURES = (pikepdf.PdfError, ValueError, KeyError, TypeError, RuntimeError)
"""What the PDF library raises for damaged files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a file says of its own bytes, and what they really are."""

    stated: str
    """Hex sha256 written into the file when it was made."""
    actual: str
    """Hex sha256 of the bytes, the place of the digest itself blanked."""
    stated_bytes: int
    """Length when it was made."""
    actual_bytes: int
    """Length now."""


def make_records(
    examinations: Sequence[Examination],
    *,
    created: datetime,
    tool_version: str,
    environment: Sequence[tuple[str, str]],
) -> bytes:
    """Return the records of all exhibits as JSON.

    Args:
        examinations: in the order of their numbers.
        created: when the report is made, with time zone.
        tool_version: of this program.
        environment: (name, version) of what the report is made with.
    """
    records = {
        "schema": RECORDS_SCHEMA,
        "kind": RECORDS_KIND,
        "created_utc": f"{created.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "tool": {"name": "residua", "version": tool_version},
        "environment": dict(environment),
        "exhibits": [
            {"exhibit": number, "record": json.loads(to_line(examination))}
            for number, examination in enumerate(examinations, 1)
        ],
    }
    # ASCII keeps names that are not UTF-8 (lone surrogates) apart from real text.
    return json.dumps(records, ensure_ascii=True, allow_nan=False, indent=1).encode("ascii")


def finish(
    pages: bytes, records: bytes, *, title: str, created: datetime, tool_version: str
) -> bytes:
    """Return the finished PDF: pages, attached records, metadata, digest.

    Args:
        pages: the PDF as it was laid out.
        records: JSON to attach.
        title: of the document.
        created: when the report is made, with time zone.
        tool_version: of this program.
    """
    with Pdf.open(BytesIO(pages)) as pdf:
        _slim(pdf)
        _attach(pdf, records, created)
        _describe(pdf, records, title, created, tool_version)
        file = BytesIO()
        pdf.save(
            file,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=True,
            deterministic_id=True,
        )
    return _sealed(file.getvalue())


def _slim(pdf: Pdf) -> None:
    """Take the text armour off JPEG pictures, which costs a quarter of their size."""
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != Name.Image:
            continue
        if item.get("/Filter") == Array([Name.ASCII85Decode, Name.DCTDecode]):
            jpeg = base64.a85decode(item.read_raw_bytes().strip().removesuffix(b"~>"))
            item.write(jpeg, filter=Name.DCTDecode)


def _attach(pdf: Pdf, records: bytes, created: datetime) -> None:
    spec = AttachedFileSpec(
        pdf,
        records,
        filename=RECORDS_NAME,
        description="Records of all exhibits",
        mime_type="application/json",
        creation_date=_pdf_date(created),
        mod_date=_pdf_date(created),
    )
    spec.obj.AFRelationship = Name.Data
    pdf.attachments[RECORDS_NAME] = spec
    pdf.Root.AF = Array([spec.obj])


def _describe(pdf: Pdf, records: bytes, title: str, created: datetime, tool_version: str) -> None:
    tool, stamp = f"Residua {tool_version}", created.isoformat(timespec="seconds")
    with pdf.open_metadata(set_pikepdf_as_editor=False) as meta:
        meta["dc:title"] = title
        meta["dc:identifier"] = f"urn:sha256:{hashlib.sha256(records).hexdigest()}"
        meta["dc:language"] = {"en"}
        meta["xmp:CreatorTool"] = tool
        meta["xmp:CreateDate"] = meta["xmp:ModifyDate"] = meta["xmp:MetadataDate"] = stamp
        meta["pdf:Producer"] = tool
    for key in list(pdf.docinfo.keys()):
        del pdf.docinfo[key]
    for key, text in (
        ("/Title", title),
        ("/Creator", tool),
        ("/Producer", tool),
        ("/CreationDate", _pdf_date(created)),
        ("/ModDate", _pdf_date(created)),
        (DIGEST_KEY, DIGEST_BLANK),
        (LENGTH_KEY, LENGTH_BLANK),
    ):
        pdf.docinfo[key] = text
    pdf.Root.Lang = "en"
    pdf.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True)


def _pdf_date(when: datetime) -> str:
    return f"D:{when.astimezone(UTC):%Y%m%d%H%M%S}+00'00'"


def _sealed(data: bytes) -> bytes:
    """Return the file with its length and digest filled in."""
    data = _filled(data, _LENGTH, f"{len(data):012d}")
    return _filled(data, _DIGEST, hashlib.sha256(data).hexdigest())


def _filled(data: bytes, pattern: re.Pattern[bytes], text: str) -> bytes:
    (place,) = pattern.finditer(data)
    return data[: place.start(1)] + text.encode("ascii") + data[place.end(1) :]


def read_digest(data: bytes) -> Digest | None:
    """Return what a report says of its own bytes; None when it says nothing.

    Args:
        data: the whole file.
    """
    digests, lengths = list(_DIGEST.finditer(data)), list(_LENGTH.finditer(data))
    if len(digests) != 1 or len(lengths) != 1:
        return None
    stated_bytes = int(lengths[0].group(1))
    return Digest(
        stated=digests[0].group(1).decode("ascii"),
        actual=hashlib.sha256(
            _filled(data, _DIGEST, DIGEST_BLANK)[: min(stated_bytes, len(data))]
        ).hexdigest(),
        stated_bytes=stated_bytes,
        actual_bytes=len(data),
    )


def read_records(data: bytes) -> tuple[bytes, dict[str, Any]]:
    """Return the attached records: their bytes, and parsed.

    Args:
        data: the whole file.

    Raises:
        InputError: nothing readable is attached.
    """
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            attached = pdf.attachments[RECORDS_NAME].get_file().read_bytes()
    except PDF_FAILURES as error:
        raise InputError(
            f"The report has no readable attachment {RECORDS_NAME} ({error}): get the file "
            "again from who made it."
        ) from error
    try:
        records = json.loads(attached)
    except ValueError as error:
        raise InputError(f"The attachment {RECORDS_NAME} is no JSON ({error}).") from error
    if not isinstance(records, dict) or records.get("kind") != RECORDS_KIND:
        raise InputError(f"The attachment {RECORDS_NAME} does not hold records of a report.")
    return attached, records


def is_signed(data: bytes) -> bool:
    """Return whether a PDF has a signature field.

    Args:
        data: the whole file.

    Raises:
        InputError: the PDF cannot be read.
    """
    try:
        with Pdf.open(BytesIO(data)) as pdf:
            form = pdf.Root.get("/AcroForm")
            fields = form.get("/Fields") if form is not None else None
            return any(field.get("/FT") == Name.Sig for field in fields or ())
    except PDF_FAILURES as error:
        raise InputError(f"The PDF cannot be read ({error}).") from error
