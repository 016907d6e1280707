"""Examinations in words and reports."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.api.cases import check_case_exhibits, is_case, open_case
from engine.api.stored import results
from engine.errors import InputError
from engine.job import Context
from engine.types import Examination, HelpPage

if TYPE_CHECKING:
    from engine.case_types import CaseContents, ReportSelection
    from engine.evidence.case_store import Case
    from engine.report.preview import ReportPages
    from engine.report.reliability import Reliabilities as Known
    from engine.report.reliability import Reliability
    from engine.report.signing import SigningKey
    from engine.report.verify import Check
    from engine.report.wording import Phrases


def phrases(examination: Examination) -> Phrases:
    """Return an examination in words for a person: headline, probability, band, shape."""
    from engine.report import wording

    return wording.phrases(examination)


class Reliabilities:
    """How far verdicts can be relied on; what ships with weights is read once a model.

    One thread owns it.
    """

    def __init__(self) -> None:
        self._known: Known | None = None

    def of(self, examination: Examination) -> Reliability | None:
        """Return interval, likelihood ratio and error rates in words; None without a verdict.

        Raises:
            ModelError: the figures that ship with a model's weights are broken.
        """
        from engine.report.reliability import Reliabilities as Known

        if self._known is None:
            self._known = Known()
        return self._known.of(examination)


def help_pages(language: str = "en") -> tuple[HelpPage, ...]:
    """Return the pages that teach each method; see `engine.report.teaching.help_pages`."""
    from engine.report import teaching

    return teaching.help_pages(language)


def load_signing_key(
    key_file: str | Path,
    cert_file: str | Path | None = None,
    passphrase: str | None = None,
) -> SigningKey:
    """Return the key that signs a report.

    Args:
        key_file: PKCS#12, or a private key in PEM or DER.
        cert_file: certificates, where the key file has none.
        passphrase: of the key file.

    Raises:
        InputError: ``kind`` is ``"passphrase"`` when a passphrase is missing or wrong;
            otherwise a file cannot be read or no certificate fits the key.
    """
    from engine.report.signing import load_key

    return load_key(
        Path(key_file),
        None if cert_file is None else Path(cert_file),
        None if passphrase is None else passphrase.encode(),
    )


def write_report(
    source: str | Path | Case,
    out_file: str | Path,
    ctx: Context,
    *,
    key: SigningKey | None = None,
    operator: str | None = None,
    command: str = "",
    selection: ReportSelection | None = None,
) -> None:
    """Write the PDF report of a results folder or of a case.

    The exhibits of a case are hashed again before, and the case's log names the report.

    Args:
        source: the folder given to a scan, a case file, or a case that is open.
        out_file: the PDF; replaced when it exists.
        ctx: receives progress, carries the wish to stop.
        key: signs the report; unsigned when None.
        operator: who makes the report of a case; the user of the system when None.
        command: how the program was called; it is printed.
        selection: what of a case goes in; everything when None.

    Raises:
        StoreError: there are no results, or the file cannot be written.
        InputError: the key cannot sign, or the selection names what there is not.
        ModelError: the figures that ship with a model's weights are broken.
        Cancelled: the operator stopped it.
    """
    from engine.report.pdf import write_pdf

    if not isinstance(source, str | Path):
        _write_case_report(source, Path(out_file), ctx, key=key, command=command, chosen=selection)
        return
    if is_case(source):
        with open_case(source, operator=operator) as case:
            _write_case_report(
                case, Path(out_file), ctx, key=key, command=command, chosen=selection
            )
        return
    if selection is not None:
        raise InputError("Only the report of a case can be about some of its exhibits or parts.")
    write_pdf(
        results(source),
        out_dir=Path(source),
        out_file=Path(out_file),
        ctx=ctx,
        key=key,
        command=command,
    )


def preview_report(
    case: Case, ctx: Context, *, selection: ReportSelection | None = None
) -> ReportPages:
    """Lay the report of a case out, unsigned, to be looked at; nothing is written or logged.

    Args:
        case: open.
        ctx: receives progress, carries the wish to stop.
        selection: what goes in; everything when None.

    Returns:
        Its pages; one thread owns them, and closes them.

    Raises:
        StoreError: the case holds no exhibits.
        InputError: the selection names what there is not.
        Cancelled: the operator stopped it.
    """
    from engine.report.from_case import EVERYTHING, case_items, case_sheet
    from engine.report.pdf import made
    from engine.report.preview import ReportPages

    contents, chosen = case.contents(), selection or EVERYTHING
    items = case_items(case, contents, chosen)
    data = made(
        items,
        case_sheet(contents, chosen),
        ctx=ctx,
        in_case=_in_case(contents),
        left_out=chosen.left_out,
    )
    return ReportPages(data)


def _in_case(contents: CaseContents) -> int:
    """Return how many exhibits and files not taken in a case has."""
    lost = sum(each.exhibit is None for each in contents.newest())
    return len(contents.exhibits) + lost


def _write_case_report(
    case: Case,
    out_file: Path,
    ctx: Context,
    *,
    key: SigningKey | None,
    command: str,
    chosen: ReportSelection | None,
) -> None:
    from engine.log_types import LogObject
    from engine.report.from_case import EVERYTHING, case_items, case_sheet
    from engine.report.pdf import write_items

    check_case_exhibits(case, ctx, action="exhibit.check")
    contents, selection = case.contents(), chosen or EVERYTHING
    sha256 = write_items(
        case_items(case, contents, selection),
        case_sheet(contents, selection),
        out_file=out_file,
        ctx=ctx,
        key=key,
        command=command,
        in_case=_in_case(contents),
        left_out=selection.left_out,
    )
    if not case.read_only_because:
        about = LogObject(kind="file", id=out_file.name, sha256=sha256)
        signer = {"signed_by": key.signer.subject} if key else {}
        said = {
            "exhibits": ", ".join(map(str, selection.exhibits)),
            "left_out": ", ".join(selection.left_out),
        }
        some = {name: text for name, text in said.items() if text}
        details = {"log_head": contents.head.hash, **signer, **some}
        case.add_entry("report.write", objects=[about], details=details)


def verify_report(
    pdf: str | Path,
    evidence_dir: str | Path | None = None,
    *,
    trust: str | Path | None = None,
) -> tuple[Check, ...]:
    """Check a report, offline.

    Args:
        pdf: the report.
        evidence_dir: also check the hashes of the files it speaks of, which lie here.
        trust: also check that signatures lead to one of these certificates, PEM or DER.

    Returns:
        One check a line: name, outcome (``pass``, ``fail`` or ``not_checked``), detail.

    Raises:
        InputError: the file is not a report of this program.
    """
    from engine.report.verify import verify_report as verify

    return verify(
        Path(pdf),
        None if evidence_dir is None else Path(evidence_dir),
        None if trust is None else Path(trust),
    )
