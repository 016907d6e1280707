"""Makes the laid-out pages a PDF/A-3u file: ISO 19005-3:2012, level U.

What the layout library leaves open is closed here: colours get their meaning (output intent),
every glyph its Unicode value, links the flags that make them print, the records are attached
as an associated file, and the metadata say what the file is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO

import pikepdf
from pikepdf import Array, AttachedFileSpec, Dictionary, Name, Pdf, String

from engine import paths
from engine.report.seal import DIGEST_BLANK, DIGEST_KEY, LENGTH_BLANK, LENGTH_KEY, sealed

RECORDS_NAME = "residua-records.json"

PART, LEVEL = "3", "U"
"""Of ISO 19005."""

PDF_VERSION = "1.7"

PRINTED = 4
"""Annotation flag: it prints with the page (ISO 32000-1, table 165)."""

_PAIR = re.compile(rb"<([0-9A-F]{2})> <([0-9A-F]+)>")


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureField:
    """An empty field where a signing program, this or another, puts its signature."""

    name: str
    """Unique, such as ``"Examiner"``."""
    title: str
    """For a person."""
    page: int
    """Index of the page, from 0."""
    box: tuple[float, float, float, float]
    """Left, bottom, right, top, pt."""


def archived(
    pages: bytes,
    records: bytes,
    *,
    title: str,
    created: datetime,
    tool_version: str,
    glyph_texts: Mapping[int, str],
    fields: tuple[SignatureField, ...] = (),
) -> bytes:
    """Return the finished PDF: pages, attached records, metadata, signature fields, digest.

    Args:
        pages: the PDF as it was laid out.
        records: JSON to attach.
        title: of the document.
        created: when the report is made, with time zone.
        tool_version: of this program.
        glyph_texts: code that the layout used for a shaped glyph -> the text it stands for.
        fields: empty signature fields to add.
    """
    with Pdf.open(BytesIO(pages)) as pdf:
        _slim(pdf)
        _map_to_unicode(pdf, glyph_texts)
        _let_links_print(pdf)
        _give_colours_a_meaning(pdf)
        _attach(pdf, records, created)
        _describe(pdf, records, title, created, tool_version)
        _add_fields(pdf, fields)
        written = _saved(pdf, compressed=True)
    return sealed(ended_plainly(written))


def ended_plainly(data: bytes) -> bytes:
    """Return a PDF in which no compressed stream ends in a carriage return.

    With the line end that comes before ``endstream`` such a byte looks like a part of it, and
    readers that measure a stream that way find its length wrong. Those streams are stored as they
    are, without compression; the checksum that ends it leaves no other choice.

    Args:
        data: the PDF, without a signature.
    """
    with Pdf.open(BytesIO(data)) as pdf:
        streams = [item for item in pdf.objects if isinstance(item, pikepdf.Stream)]
        odd = [
            item
            for item in streams
            if item.get("/Filter") == Name.FlateDecode and item.read_raw_bytes().endswith(b"\r")
        ]
        for item in odd:
            item.write(item.read_bytes())
        return _saved(pdf, compressed=False) if odd else data


def _saved(pdf: Pdf, *, compressed: bool) -> bytes:
    """Return a PDF's bytes; streams are compressed anew, or left as they are."""
    levels = pikepdf.StreamDecodeLevel
    file = BytesIO()
    pdf.save(
        file,
        force_version=PDF_VERSION,
        object_stream_mode=pikepdf.ObjectStreamMode.disable,
        stream_decode_level=levels.generalized if compressed else levels.none,
        compress_streams=compressed,
        deterministic_id=True,
    )
    return file.getvalue()


def _slim(pdf: Pdf) -> None:
    """Take the text armour off JPEG pictures, which costs a quarter of their size."""
    for item in pdf.objects:
        if not isinstance(item, pikepdf.Stream) or item.get("/Subtype") != Name.Image:
            continue
        if item.get("/Filter") == Array([Name.ASCII85Decode, Name.DCTDecode]):
            jpeg = base64.a85decode(item.read_raw_bytes().strip().removesuffix(b"~>"))
            item.write(jpeg, filter=Name.DCTDecode)


def _map_to_unicode(pdf: Pdf, glyph_texts: Mapping[int, str]) -> None:
    """Say for every glyph which text it stands for (ISO 19005-3, 6.2.11.7.2).

    The layout library maps unused codes to U+0000, which is forbidden, writes characters
    beyond the basic plane without surrogates, and does not know what shaped glyphs mean.
    """
    for item in pdf.objects:
        if isinstance(item, Dictionary) and item.get("/Type") == Name.Font:
            cmap = item.get("/ToUnicode")
            if cmap is not None:
                cmap.write(_mapped(cmap.read_bytes(), glyph_texts))


def _mapped(cmap: bytes, glyph_texts: Mapping[int, str]) -> bytes:
    head, table = cmap.split(b"beginbfchar\n", 1)
    table, tail = table.split(b"endbfchar", 1)
    lines = []
    for code, value in _PAIR.findall(table):
        point = int(value, 16)
        text = glyph_texts.get(point, chr(point))
        if text != "\0":
            lines.append(b"<%s> <%s>" % (code, text.encode("utf-16-be").hex().upper().encode()))
    head = head[: head.rindex(b"\n") + 1]
    # A block holds at most 100 lines (Adobe Technical Note 5014).
    blocks = [lines[at : at + 100] for at in range(0, len(lines), 100)]
    body = b"".join(
        b"%d beginbfchar\n%s\nendbfchar\n" % (len(block), b"\n".join(block)) for block in blocks
    )
    return head + body + tail.lstrip(b"\n")


def _let_links_print(pdf: Pdf) -> None:
    for page in pdf.pages:
        for annotation in page.get("/Annots", ()):
            annotation.F = PRINTED


def _give_colours_a_meaning(pdf: Pdf) -> None:
    icc = pdf.make_stream((paths.resources_dir() / "colour" / "sRGB.icc").read_bytes())
    icc.N = 3
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name("/GTS_PDFA1"),
        OutputConditionIdentifier=String("sRGB"),
        Info=String("sRGB IEC61966-2.1"),
        RegistryName=String("http://www.color.org"),
        DestOutputProfile=icc,
    )
    pdf.Root.OutputIntents = Array([pdf.make_indirect(intent)])


def _attach(pdf: Pdf, records: bytes, created: datetime) -> None:
    spec = AttachedFileSpec(
        pdf,
        records,
        filename=RECORDS_NAME,
        description="What the pages are made from: exhibits, results, case, log",
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
        meta["pdfaid:part"], meta["pdfaid:conformance"] = PART, LEVEL
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


def _add_fields(pdf: Pdf, fields: tuple[SignatureField, ...]) -> None:
    """Add signature fields that print as nothing until they are signed."""
    if not fields:
        return
    made = []
    for field in fields:
        left, bottom, right, top = field.box
        blank = pdf.make_stream(b"")
        blank.Type, blank.Subtype = Name.XObject, Name.Form
        blank.BBox = Array([0, 0, right - left, top - bottom])
        blank.Resources = Dictionary()
        page = pdf.pages[field.page]
        widget = pdf.make_indirect(
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.Widget,
                FT=Name.Sig,
                T=String(field.name),
                TU=String(field.title),
                F=PRINTED,
                Rect=Array([left, bottom, right, top]),
                P=page.obj,
                AP=Dictionary(N=blank),
            )
        )
        if "/Annots" not in page:
            page.Annots = Array()
        page.Annots.append(widget)
        made.append(widget)
    pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=Array(made), SigFlags=0))
