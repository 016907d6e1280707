"""Checks a report: bytes, signature, attached records, every word of its pages, log, files."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.errors import InputError
from engine.evidence.custody import check_chain
from engine.images.exhibits import read_anywhere
from engine.images.members import MARK
from engine.report.contents import (
    PDF_FAILURES,
    Contents,
    contents_of,
    digest,
    numbered,
    parse_records,
    read_attached,
)
from engine.report.marks import RECORD, SEAL, record_text
from engine.report.page import HASH_PT, RECORD_PT, RESULT_PT, SEAL_PT, VERDICT_PT
from engine.report.pages_text import FAILURES, Page, page_texts, spaceless
from engine.report.relaid import Differences, compare
from engine.report.seal import read_digest
from engine.report.signatures import Signature, read_signatures
from engine.report.signing import read_certificates
from engine.report.wording import file_name, phrases
from engine.types import Examination

CheckOutcome = Literal["pass", "fail", "not_checked"]

NAMED_MOST = 5
"""Exhibits that one check names; the rest are counted."""

Exhibits = Sequence[tuple[int, Examination]]
"""(exhibit number, examination), in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One thing that was checked."""

    name: str
    """What, in words."""
    outcome: CheckOutcome
    """``"not_checked"`` says nothing either way."""
    detail: str
    """What was found, or why it was not checked."""


def verify_report(
    pdf: Path, evidence_dir: Path | None, trust: Path | None = None
) -> tuple[Check, ...]:
    """Check a report, offline.

    Args:
        pdf: the report.
        evidence_dir: a folder with the exhibits' files, which may have been renamed; None
            leaves them out.
        trust: certificates that are trusted, PEM or DER; None leaves trust out.

    Returns:
        The checks; the report holds if none of them is ``"fail"``.

    Raises:
        InputError: a file cannot be read, or is no PDF; the folder does not exist.
    """
    if evidence_dir is not None and not evidence_dir.is_dir():
        raise InputError(f"The folder {evidence_dir} does not exist: name the exhibits' folder.")
    trusted = read_certificates(trust) if trust is not None else ()
    try:
        data = pdf.read_bytes()
    except OSError as error:
        raise InputError(
            f"The report {pdf} cannot be read ({error.strerror}): check the name."
        ) from error
    if not data.startswith(b"%PDF-"):
        raise InputError(f"{pdf} is no PDF: name a report that this program wrote.")
    signatures: Sequence[Signature] | InputError
    try:
        signatures = read_signatures(data, trusted)
    except InputError as error:
        signatures = error
    checks = [check_bytes(data, signatures)]
    contents, why = None, ""
    try:
        attached = read_attached(data)
        raw = parse_records(attached)
        exhibits = numbered(raw)
    except InputError as error:
        checks.append(Check(name="attached records", outcome="fail", detail=str(error)))
        return (*checks, *_signatures(signatures, None, bool(trusted)))
    try:
        contents = contents_of(raw)
    except InputError as error:
        why = str(error)
    sound = contents is not None or raw.get("schema") == 1
    detail = f"{len(exhibits)} exhibits" if sound else why
    checks.append(_check("attached records", [] if sound else [why], detail))
    checks += _printed(data, attached, exhibits, contents, why)
    checks += _signatures(signatures, contents, bool(trusted))
    checks.append(_log(contents))
    if evidence_dir is None:
        detail = "no folder with the exhibits' files was named"
        checks.append(Check(name="exhibits' files", outcome="not_checked", detail=detail))
    else:
        checks.append(_files(exhibits, evidence_dir))
    return tuple(checks)


def _check(name: str, problems: Sequence[str], passed: str) -> Check:
    if not problems:
        return Check(name=name, outcome="pass", detail=passed)
    more = len(problems) - NAMED_MOST
    detail = "; ".join(problems[:NAMED_MOST]) + (f"; and {more} more" if more > 0 else "")
    return Check(name=name, outcome="fail", detail=detail)


def check_bytes(data: bytes, signatures: Sequence[Signature] | InputError) -> Check:
    """Compare the bytes with the digest in the file; what follows them must be signed.

    Args:
        data: the whole file.
        signatures: what was found of them, or why they cannot be read.
    """
    name, stated = "bytes of the file", read_digest(data)
    if stated is None:
        detail = "the digest that this program writes is missing: another program saved the file"
        return Check(name=name, outcome="fail", detail=detail)
    if isinstance(signatures, InputError):
        return Check(name=name, outcome="fail", detail=str(signatures))
    problems = []
    if not stated.holds:
        problems.append("the bytes are not those that were written")
    added = stated.actual_bytes - stated.stated_bytes
    covered = any(each.covers_file and not each.problems for each in signatures)
    if added and not covered:
        problems.append(
            f"the file has {stated.actual_bytes:,} bytes, it was written with "
            f"{stated.stated_bytes:,}, and no signature covers the difference"
        )
    passed = f"{stated.stated_bytes:,} bytes as they were written"
    return _check(
        name, problems, f"{passed}, {added:,} more under a signature" if added else passed
    )


def _signatures(
    found: Sequence[Signature] | InputError, contents: Contents | None, trusting: bool
) -> list[Check]:
    """Return integrity and trust of the signatures, a line each."""
    whole, trust = "signature integrity", "signature trust"
    signer = contents.signer if contents else None
    if isinstance(found, InputError):
        return [
            Check(name=whole, outcome="fail", detail=str(found)),
            Check(name=trust, outcome="not_checked", detail="the signatures cannot be read"),
        ]
    if not found:
        none = Check(name=whole, outcome="not_checked", detail="unsigned")
        if signer is not None:
            detail = f"the pages say that {signer.subject} signed; there is no signature"
            none = Check(name=whole, outcome="fail", detail=detail)
        return [none, Check(name=trust, outcome="not_checked", detail="unsigned")]
    problems = [f"{each.signer}: {problem}" for each in found for problem in each.problems]
    if not found[-1].covers_file:
        problems.append("something was added after the last signature")
    if signer is not None and not any(
        (each.certificate_sha256, each.carried) == (signer.certificate_sha256, signer.carried)
        for each in found
    ):
        problems.append(f"none of them was made with the certificate of {signer.subject}")
    told = "; ".join(f"{each.signer}, {each.signed_at}" for each in found)
    checks = [_check(whole, problems, f"{told}; covers every byte of the file")]
    if not trusting:
        detail = "no certificate to trust was named (--trust CERT)"
        return [*checks, Check(name=trust, outcome="not_checked", detail=detail)]
    doubts = [f"{each.signer}: {each.trust}" for each in found if each.trust]
    return [*checks, _check(trust, doubts, "each certificate leads to the one that was named")]


def _printed(
    data: bytes, attached: bytes, exhibits: Exhibits, contents: Contents | None, why: str
) -> Iterable[Check]:
    """Compare what the pages say and show with the records."""
    simple: tuple[tuple[str, Callable[[Sequence[Page]], Check]], ...] = (
        ("printed hash of the records", lambda pages: _seals(pages, attached)),
        ("record lines of the exhibits", lambda pages: _lines(pages, exhibits)),
        ("verdicts in words", lambda pages: _verdicts(pages, exhibits)),
        ("table of exhibits", lambda pages: _table(pages, exhibits)),
    )
    again = ("every word of the pages", "pictures on the pages")
    try:
        pages = page_texts(data)
        checks = [check(pages) for _, check in simple]
        if contents is None:
            return [*checks, *(Check(name=n, outcome="not_checked", detail=why) for n in again)]
        found = compare(data, pages, contents, attached)
    except InputError as error:
        return [*checks, *(Check(name=n, outcome="not_checked", detail=str(error)) for n in again)]
    except (*FAILURES, *PDF_FAILURES) as error:
        detail = f"the pages cannot be read ({type(error).__name__}: {error})"
        names = (*(name for name, _ in simple), *again)
        return [Check(name=name, outcome="fail", detail=detail) for name in names]
    return [*checks, *_compared(again, found)]


def _compared(names: tuple[str, str], found: Differences) -> list[Check]:
    return [
        _check(names[0], found.words, f"{found.pages} pages say what the records give"),
        _check(names[1], found.pictures, f"{found.shown} pictures have the hashes of the records"),
    ]


def _seals(pages: Sequence[Page], attached: bytes) -> Check:
    """Look for the hash of the records: at each foot, and once more in the text."""
    actual, problems, more = digest(attached), [], 0
    for number, page in enumerate(pages, 1):
        seals = SEAL.findall(page[SEAL_PT])
        more += len(seals) - 1
        length = len(seals) * len("recordssha256" + actual)
        if set(seals) != {actual} or len(page[SEAL_PT]) != length:
            problems.append(f"page {number} does not print the hash {actual}")
    if not problems and more != 1:
        problems.append("the hash does not stand once in the text and at the foot of every page")
    return _check("printed hash of the records", problems, f"{actual} on {len(pages)} pages")


def _lines(pages: Sequence[Page], exhibits: Exhibits) -> Check:
    printed: dict[int, list[str]] = defaultdict(list)
    for page in pages:
        for match in RECORD.finditer(page[RECORD_PT]):
            printed[int(match.group(1))].append(match.group(0))
    problems = []
    for number, examination in exhibits:
        wanted = spaceless(record_text(number, examination))
        lines = printed.pop(number, [])
        if lines != [wanted]:
            said = ", ".join(lines) or "nothing readable"
            problems.append(f"exhibit {number}: the records say {wanted}, the pages {said}")
    problems += [f"exhibit {number} is on the pages, not in the records" for number in printed]
    passed = f"SHA-256, verdict and p of {len(exhibits)} exhibits agree"
    return _check("record lines of the exhibits", problems, passed)


def _verdicts(pages: Sequence[Page], exhibits: Exhibits) -> Check:
    """Compare the large words on each exhibit's first page."""
    said = [page[VERDICT_PT] for page in pages if page[VERDICT_PT]]
    wanted = []
    for _, examination in exhibits:
        if examination.ok:
            words = phrases(examination)
            wanted.append(spaceless(f"{words.headline}{words.probability}"))
    problems = [
        f"{index}. examined exhibit: the records say {want!r}, the page {got!r}"
        for index, (want, got) in enumerate(zip(wanted, said, strict=False), 1)
        if want != got
    ]
    if len(said) != len(wanted):
        problems.append(f"{len(wanted)} exhibits were examined, {len(said)} verdicts are printed")
    return _check("verdicts in words", problems, f"{len(wanted)} verdicts agree")


def _table(pages: Sequence[Page], exhibits: Exhibits) -> Check:
    results, hashes = "", ""
    for _, examination in exhibits:
        words, facts = phrases(examination), examination.facts
        results += spaceless(f"{words.headline}{words.probability or ''}")
        hashes += "".join(digest or "none" for digest in (facts.sha256, facts.sha1, facts.md5))
    problems = []
    if "".join(page[RESULT_PT] for page in pages) != results:
        problems.append("its results are not those of the records")
    if "".join(page[HASH_PT] for page in pages) != hashes:
        problems.append("its hashes are not those of the records")
    return _check("table of exhibits", problems, f"{len(exhibits)} rows agree")


def _files(exhibits: Exhibits, folder: Path) -> Check:
    """Look for each exhibit's bytes in a folder, under whatever name."""
    by_size: dict[int, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    for parent, _, files in os.walk(folder):
        for name in files:
            path = Path(parent, name)
            names[file_name(name)].append(str(path))
            if path.is_file():
                by_size[path.stat().st_size].append(str(path))
    hashes: dict[str, str | None] = {}
    problems, found, unread = [], 0, 0
    for number, examination in exhibits:
        facts = examination.facts
        if facts.sha256 is None or facts.bytes is None:
            unread += 1
            continue
        if any(_sha256(path, hashes) == facts.sha256 for path in by_size[facts.bytes]):
            found += 1
            continue
        inside = facts.path.partition(MARK)[0]
        if facts.container_sha256 is not None and any(
            _sha256(path, hashes) == facts.container_sha256 for path in names[file_name(inside)]
        ):
            # The container is the same to the last byte, and so is what is in it.
            found += 1
            continue
        name = file_name(facts.path)
        what = "has other bytes now" if name in names else "is not in the folder"
        problems.append(f"exhibit {number}: “{name}” {what}")
    passed = f"{found} files have the SHA-256 of the report"
    if unread:
        passed += f"; {unread} could not be read when they were examined, and have none"
    return _check("exhibits' files", problems, passed)


def _sha256(path: str, known: dict[str, str | None]) -> str | None:
    if path not in known:
        try:
            known[path] = read_anywhere(path).facts.sha256
        except InputError:
            known[path] = None
    return known[path]


def _log(contents: Contents | None) -> Check:
    """Check the chain of the custody log that is attached."""
    name, case = "log chain", contents.case if contents else None
    if case is None:
        return Check(name=name, outcome="not_checked", detail="no case")
    check = check_chain(case.log, case.head)
    problems = [problem.message for problem in check.problems]
    # What was wrong already when the report was made is printed in it.
    problems += [p.message for p in case.problems if p.message not in problems]
    return _check(name, problems, f"{check.entries:,} entries, head {case.head.hash}")
