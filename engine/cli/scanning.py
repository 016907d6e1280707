"""``scan``, ``examine`` and ``gui``."""

from __future__ import annotations

import importlib
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from engine import api
from engine.cli.console import Reporter, Shows, duration, job, out
from engine.cli.scan_options import selection
from engine.cli.stream import JsonStream
from engine.errors import EngineError, InputError
from engine.job import Context, Event, Examined
from engine.report.phrase_parts import StatementPhrase
from engine.report.wording import printable, probability, region_label
from engine.scan_types import ScanRequest, ScanSummary, Workers
from engine.types import Examination

if TYPE_CHECKING:
    from engine.evidence.case_store import Case

REPORT_NAME = "report.pdf"
"""What ``scan --report`` writes inside the results folder."""

WINDOW = "app.__main__"
"""The window's module, found by name: the engine knows no window."""


def scan(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Examine files and folders into a results folder."""
    _refuse(options)
    request = ScanRequest(
        paths=tuple(options.paths),
        out_dir=options.out,
        model=options.model,
        device=options.device,
        explain=not options.no_explain,
        triage=options.triage,
        traces=options.traces,
        jobs=options.jobs,
        again=options.again,
        **selection(options),
        distributed=options.distributed,
        workers=options.workers,
    )
    stream = JsonStream() if options.progress == "json" and not options.quiet else None
    reporter = stream or Reporter(quiet=options.quiet)
    names: dict[str, str] = {}

    def show(event: Event) -> None:
        if isinstance(event, Examined):
            reporter.clear()
            path = event.examination.facts.path
            out(_line(event.examination, names.get(path, path)))

    with _case(options) as case, job(reporter, show) as ctx:
        if case is not None:
            # A working copy is named by its hash, which tells a reader nothing.
            names.update({e.working_file: f"exhibit {e.number}: {e.name}" for e in case.exhibits()})
        summary = api.scan(request, ctx, case=case, factory=factory)
        if stream is not None:
            stream.end(summary)
        reporter.say(_told(summary, options))
        if options.out is not None:
            _write_more(options, reporter, ctx)
    return 1 if summary.failed else 0


def _refuse(options: Namespace) -> None:
    """Raise InputError for options that lack another one."""
    if options.workers is not None and options.distributed is None:
        raise InputError("--workers counts workers of a cluster: name it with --distributed.")
    if options.out is not None:
        return
    if options.report:
        raise InputError(
            "--report writes into the folder given as --out: give one, or make the report of the "
            f"case with 'residua report {options.case} --out FILE.pdf'."
        )
    if options.near_duplicates:
        raise InputError("--near-duplicates writes into the folder given as --out: give one.")


def _told(summary: ScanSummary, options: Namespace) -> str:
    if summary.found == 0:
        return "Nothing was examined: no pictures were found. Check the names and the options."
    before = f", {summary.skipped} already done before" if summary.skipped else ""
    copies = f" ({summary.duplicates} the same as others)" if summary.duplicates else ""
    places = [printable(each) for each in (options.out, options.case) if each is not None]
    return (
        f"{summary.done} examined{copies}, {summary.failed} failed{before}, "
        f"in {duration(summary.elapsed_s)}. Results in {' and '.join(places)}."
        f"{_absent(summary.workers)}"
    )


def _absent(workers: Workers | None) -> str:
    """Return the sentence that names workers which were not there; empty when all were."""
    if workers is None:
        return ""
    kinds = {"not started": workers.missing, "lost": workers.lost}
    told = [f"{kind}: {', '.join(map(printable, each))}" for kind, each in kinds.items() if each]
    left = workers.asked - len(workers.missing) - len(workers.lost)
    if not told:
        return ""
    return f" {left} of {workers.asked} workers were there to the end ({'; '.join(told)})."


def _write_more(options: Namespace, reporter: Shows, ctx: Context) -> None:
    """Write the summary, and what was asked for, beside the results."""
    reporter.say(f"Summary in {printable(str(api.write_summary(options.out)))}.")
    if options.near_duplicates:
        written, groups = api.write_near_duplicates(options.out)
        number = f"{len(groups)} {'group' if len(groups) == 1 else 'groups'}"
        reporter.say(f"{number} of near-duplicates in {printable(str(written))}.")
    if options.report and api.results(options.out):
        file = Path(options.out) / REPORT_NAME
        api.write_report(options.out, file, ctx)
        reporter.say(f"Report in {printable(str(file))}.")
    elif options.report:
        reporter.say("No report was written: there are no results.")


@contextmanager
def _case(options: Namespace) -> Iterator[Case | None]:
    """Open the case to scan into, if one was named."""
    if options.case is None:
        yield None
        return
    with api.open_case(options.case, operator=options.operator) as case:
        case.require_writable()
        yield case


def examine(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Examine one image and print what was found."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        examination = api.examine(
            options.image,
            model=options.model,
            device=options.device,
            explain=not options.no_explain,
            triage=options.triage,
            traces=options.traces,
            ctx=ctx,
            factory=factory,
        )
    failure = examination.failure
    if failure is not None and failure.kind == "not_found":
        raise InputError(f"{options.image!r}: {failure.message}", kind=failure.kind)
    if options.json:
        out(api.to_json(examination))
    else:
        for line in _described(examination):
            out(line)
    return 0 if examination.ok else 1


def gui(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Open the window in this process, whose main module stays this small one.

    Child processes import the main module again; were that the window's, each decoding
    process would load Qt.
    """
    try:
        window = importlib.import_module(WINDOW)
    except ModuleNotFoundError as error:
        if error.name is None or error.name.partition(".")[0] not in ("app", "PySide6"):
            raise
        raise EngineError(
            f"The window is not part of this installation ({error.name} is missing): "
            "install Residua with its window, or use 'residua scan'."
        ) from error
    code: int = window.check() if options.check else window.main(options.paths)
    return code


def _line(examination: Examination, name: str) -> str:
    path = printable(name)
    if examination.verdict is None:
        message = examination.failure.message if examination.failure else ""
        return f"{'failed':<12}    -     {path}: {printable(message)}"
    return f"{examination.verdict.outcome:<12} {probability(examination.verdict.p_ai)}  {path}"


def _described(examination: Examination) -> Iterator[str]:
    """Yield the lines that tell a person of an examination."""
    phrases = api.phrases(examination)
    yield printable(examination.facts.path)
    if not examination.ok:
        yield f"{phrases.headline}: {phrases.reason}"
        return
    verdict = f"{phrases.headline}, {phrases.probability}. {phrases.reason}"
    stated = phrases.stated
    if stated is not None and stated.leads:
        yield from (*_stated(stated), "", verdict)
    elif stated is not None:
        yield from (verdict, "", *_stated(stated))
    else:
        yield verdict
    yield ""
    yield phrases.statement
    if phrases.locality:
        yield phrases.locality
    if examination.explanation:
        yield ""
        yield f"Explanation ({phrases.written_by}):"
        yield from _explained(examination)
    for group in phrases.findings:
        yield ""
        yield f"{group.title} ({group.meaning}):"
        for finding in group.findings:
            where = f" [{finding.where}]" if finding.where else ""
            yield f"  {finding.id} {finding.name} {finding.value}: {finding.meaning}{where}"
    yield ""
    yield from phrases.read_outs
    known = api.Reliabilities().of(examination)
    if known is not None and known.weighed:
        yield known.weighed
    yield from (phrases.condition, phrases.coverage)
    for note in examination.notes:
        yield printable(note)
    yield f"{duration(examination.elapsed.total / 1000)} on this machine"


def _stated(stated: StatementPhrase) -> Iterator[str]:
    yield f"{stated.label}: {stated.headline}."
    yield f"{stated.explanation} [{stated.cited}]"


def _explained(examination: Examination) -> Iterator[str]:
    letters: dict[object, str] = {}
    for number, sentence in enumerate(examination.explanation, start=1):
        cited = list(sentence.cites)
        for region in sentence.regions:
            letter = letters.setdefault(region, region_label(len(letters)))
            cited.append(f"{letter}: x {region.x}, y {region.y}, {region.w} x {region.h} px")
        marks = "".join(f" [{mark}]" for mark in cited)
        yield f"  {number}. {printable(sentence.text)}{marks}"
    if examination.dropped_sentences:
        yield f"  ({examination.dropped_sentences} dropped by the checks)"
