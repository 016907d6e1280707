"""Checks a report: its bytes, its attached records, its printed text, the files it speaks of."""

from __future__ import annotations

import hashlib
import json
import os
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from engine.errors import InputError, StoreError
from engine.evidence.records import from_line
from engine.images.reading import read_exhibit
from engine.report.bundle import is_signed, read_digest, read_records
from engine.report.marks import RECORD, SEAL, record_text
from engine.report.page import HASH_PT, RECORD_PT, RESULT_PT, SEAL_PT, VERDICT_PT
from engine.report.wording import file_name, phrases
from engine.types import Examination

CheckOutcome = Literal["pass", "fail", "not_checked"]

PAGE_FAILURES = (
    PyPdfError,
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    OSError,
    RuntimeError,
    TypeError,
    ValueError,
)
"""What the text extractor raises for damaged pages, which is nearly anything."""

NAMED_MOST = 5
"""Exhibits that one check names; the rest are counted."""

_SIZES = (HASH_PT, RECORD_PT, RESULT_PT, SEAL_PT, VERDICT_PT)


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was checked."""

    name: str
    """What, in words."""
    outcome: CheckOutcome
    """``"not_checked"`` says nothing either way."""
    detail: str
    """What was found, or why it was not checked."""


Page = Mapping[float, str]
"""Size in pt -> the text of that size on one page, without spaces."""


def verify_report(pdf: Path, evidence_dir: Path | None) -> tuple[Check, ...]:
    """Check a report.

    The digest finds any change of the file by accident. It is not a signature: whoever changes
    a report on purpose can renew it; the other checks then still compare pages and records.

    Args:
        pdf: the report.
        evidence_dir: a folder with the exhibits' files, which may have been renamed; None
            leaves them out.

    Returns:
        The checks; the report holds if none of them is ``"fail"``.

    Raises:
        InputError: the file cannot be read, or is no PDF; the folder does not exist.
    """
    if evidence_dir is not None and not evidence_dir.is_dir():
        raise InputError(f"The folder {evidence_dir} does not exist: name the exhibits' folder.")
    try:
        data = pdf.read_bytes()
    except OSError as error:
        raise InputError(f"The report {pdf} cannot be read ({error.strerror}).") from error
    if not data.startswith(b"%PDF-"):
        raise InputError(f"{pdf} is no PDF: name a report that this program wrote.")
    checks = [_bytes(data)]
    try:
        attached, records = read_records(data)
        examinations = _examinations(records)
    except InputError as error:
        checks.append(Check(name="attached records", outcome="fail", detail=str(error)))
        return (*checks, _signature(data), _log())
    checks.append(_check("attached records", (), f"{len(examinations)} exhibits"))
    checks += _printed(data, attached, examinations)
    if evidence_dir is None:
        detail = "no folder with the exhibits' files was named"
        checks.append(Check(name="exhibits' files", outcome="not_checked", detail=detail))
    else:
        checks.append(_files(examinations, evidence_dir))
    return (*checks, _signature(data), _log())


def _check(name: str, problems: Sequence[str], passed: str) -> Check:
    if not problems:
        return Check(name=name, outcome="pass", detail=passed)
    more = len(problems) - NAMED_MOST
    detail = "; ".join(problems[:NAMED_MOST]) + (f"; and {more} more" if more > 0 else "")
    return Check(name=name, outcome="fail", detail=detail)


def _bytes(data: bytes) -> Check:
    name, digest = "bytes of the file", read_digest(data)
    if digest is None:
        detail = "the digest that this program writes is missing: another program saved the file"
        return Check(name=name, outcome="fail", detail=detail)
    problems = []
    if digest.actual_bytes != digest.stated_bytes:
        problems.append(
            f"the file has {digest.actual_bytes:,} bytes, it was written with "
            f"{digest.stated_bytes:,}"
        )
    if digest.actual != digest.stated:
        problems.append("the bytes are not those that were written")
    return _check(name, problems, f"{digest.actual_bytes:,} bytes as they were written")


def _examinations(records: Mapping[str, Any]) -> tuple[Examination, ...]:
    """Return the exhibits of the records; raise InputError where they cannot be read."""
    exhibits = records.get("exhibits")
    if not isinstance(exhibits, list) or not exhibits:
        raise InputError("The attached records name no exhibits.")
    examinations = []
    for number, entry in enumerate(exhibits, 1):
        if not isinstance(entry, dict) or entry.get("exhibit") != number:
            raise InputError(f"The attached records are not in order at exhibit {number}.")
        try:
            examinations.append(from_line(json.dumps(entry.get("record"))))
        except StoreError as error:
            raise InputError(f"The record of exhibit {number} is damaged: {error}") from error
    return tuple(examinations)


def _printed(data: bytes, attached: bytes, examinations: Sequence[Examination]) -> Iterable[Check]:
    """Compare what the pages say with the records."""
    names: tuple[tuple[str, Callable[[Sequence[Page]], Check]], ...] = (
        ("printed hash of the records", lambda pages: _seals(pages, attached)),
        ("record lines of the exhibits", lambda pages: _lines(pages, examinations)),
        ("verdicts in words", lambda pages: _verdicts(pages, examinations)),
        ("table of exhibits", lambda pages: _table(pages, examinations)),
    )
    try:
        pages = _pages(data)
    except PAGE_FAILURES as error:
        detail = f"the pages cannot be read ({type(error).__name__}: {error})"
        return [Check(name=name, outcome="fail", detail=detail) for name, _ in names]
    return [compare(pages) for _, compare in names]


def _pages(data: bytes) -> list[Page]:
    pages: list[Page] = []
    for page in PdfReader(BytesIO(data)).pages:
        found: dict[float, list[str]] = defaultdict(list)

        def visit(
            text: str, _cm: Any, _tm: Any, _font: Any, size: float, found: Any = found
        ) -> None:
            found[round(float(size), 2)].append(text)

        page.extract_text(visitor_text=visit)
        pages.append({size: _spaceless("".join(found[size])) for size in _SIZES})
    return pages


def _spaceless(text: str) -> str:
    return re.sub(r"\s", "", text)


def _seals(pages: Sequence[Page], attached: bytes) -> Check:
    actual = hashlib.sha256(attached).hexdigest()
    problems = []
    for number, page in enumerate(pages, 1):
        seals = SEAL.findall(page[SEAL_PT])
        wanted = 2 if number == len(pages) else 1
        if seals != [actual] * wanted or len(page[SEAL_PT]) != wanted * len(
            "recordssha256" + actual
        ):
            problems.append(f"page {number} does not print the hash {actual}")
    return _check("printed hash of the records", problems, f"{actual} on {len(pages)} pages")


def _lines(pages: Sequence[Page], examinations: Sequence[Examination]) -> Check:
    printed: dict[int, list[str]] = defaultdict(list)
    for page in pages:
        for match in RECORD.finditer(page[RECORD_PT]):
            printed[int(match.group(1))].append(match.group(0))
    problems = []
    for number, examination in enumerate(examinations, 1):
        wanted = _spaceless(record_text(number, examination))
        lines = printed.pop(number, [])
        if lines != [wanted]:
            said = ", ".join(lines) or "nothing readable"
            problems.append(f"exhibit {number}: the records say {wanted}, the pages {said}")
    problems += [f"exhibit {number} is on the pages, not in the records" for number in printed]
    passed = f"SHA-256, verdict and p of {len(examinations)} exhibits agree"
    return _check("record lines of the exhibits", problems, passed)


def _verdicts(pages: Sequence[Page], examinations: Sequence[Examination]) -> Check:
    """Compare the large words on each exhibit's first page."""
    said = [page[VERDICT_PT] for page in pages if page[VERDICT_PT]]
    wanted = []
    for examination in examinations:
        if examination.ok:
            words = phrases(examination)
            wanted.append(_spaceless(f"{words.headline}{words.probability}"))
    problems = [
        f"{index}. examined exhibit: the records say {want!r}, the page {got!r}"
        for index, (want, got) in enumerate(zip(wanted, said, strict=False), 1)
        if want != got
    ]
    if len(said) != len(wanted):
        problems.append(f"{len(wanted)} exhibits were examined, {len(said)} verdicts are printed")
    return _check("verdicts in words", problems, f"{len(wanted)} verdicts agree")


def _table(pages: Sequence[Page], examinations: Sequence[Examination]) -> Check:
    results, hashes = "", ""
    for examination in examinations:
        words, facts = phrases(examination), examination.facts
        results += _spaceless(f"{words.headline}{words.probability or ''}")
        hashes += "".join(digest or "none" for digest in (facts.sha256, facts.sha1, facts.md5))
    problems = []
    if "".join(page[RESULT_PT] for page in pages) != results:
        problems.append("its results are not those of the records")
    if "".join(page[HASH_PT] for page in pages) != hashes:
        problems.append("its hashes are not those of the records")
    return _check("table of exhibits", problems, f"{len(examinations)} rows agree")


def _files(examinations: Sequence[Examination], folder: Path) -> Check:
    """Look for each exhibit's bytes in a folder, under whatever name."""
    by_size: dict[int, list[str]] = defaultdict(list)
    names = set()
    for parent, _, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            names.add(file_name(name))
            if path.is_file():
                by_size[path.stat().st_size].append(str(path))
    hashes: dict[str, str | None] = {}
    problems, found = [], 0
    for number, examination in enumerate(examinations, 1):
        facts = examination.facts
        if facts.sha256 is None or facts.bytes is None:
            continue
        if any(_sha256(path, hashes) == facts.sha256 for path in by_size[facts.bytes]):
            found += 1
            continue
        name = file_name(facts.path)
        what = "has other bytes now" if name in names else "is not in the folder"
        problems.append(f"exhibit {number}: “{name}” {what}")
    return _check("exhibits' files", problems, f"{found} files have the SHA-256 of the report")


def _sha256(path: str, known: dict[str, str | None]) -> str | None:
    if path not in known:
        try:
            known[path] = read_exhibit(path).facts.sha256
        except InputError:
            known[path] = None
    return known[path]


def _signature(data: bytes) -> Check:
    try:
        signed = is_signed(data)
    except InputError as error:
        return Check(name="signature", outcome="not_checked", detail=str(error))
    detail = "signed, but this version cannot validate signatures" if signed else "unsigned"
    return Check(name="signature", outcome="not_checked", detail=detail)


def _log() -> Check:
    return Check(name="log chain", outcome="not_checked", detail="no case")
