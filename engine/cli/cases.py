"""``case`` and its actions."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable, Iterator
from typing import Any

from engine import api
from engine.case_types import CaseContents, CaseExamination, Exhibit, ExhibitState, Recheck
from engine.cli import case_marks as marks
from engine.cli.case_opened import opened
from engine.cli.case_options import INFO
from engine.cli.console import Reporter, job, out
from engine.log_types import LogEntry
from engine.report.wording import byte_size, printable, probability

Command = Callable[[Namespace, api.ExaminerFactory], int]


def new(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Make a case."""
    info = api.new_case(options.file, operator=options.operator, **_said(options))
    out(f"{printable(options.file)}: case {info.id}")
    return 0


def change(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Say anew what a case is about."""
    with opened(options) as case:
        case.require_writable()
        case.change_info(**_said(options))
    return 0


def add(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Take files in as exhibits, a line a file."""
    with opened(options) as case, job(Reporter(quiet=options.quiet)) as ctx:
        taken = api.add_to_case(
            case,
            tuple(options.paths),
            ctx,
            copy=options.copy,
            source=options.source,
            containers=not options.no_containers,
        )
    for each in taken:
        path = printable(each.path)
        if each.exhibit is None:
            out(f"failed       {path}: {printable(each.failure.message if each.failure else '')}")
        else:
            known = "" if each.new else f" (in the case before, by {each.exhibit.held})"
            out(f"exhibit {each.exhibit.number:<4} {each.exhibit.sha256}  {path}{known}")
    return 1 if any(each.exhibit is None for each in taken) else 0


def show(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Print what a case holds; its exhibits are read again unless that is switched off."""
    with opened(options) as case, job(Reporter(quiet=options.quiet)) as ctx:
        if not options.no_check:
            api.check_case_exhibits(case, ctx)
        contents = case.contents()
    for line in _listed(contents):
        out(line)
    good = (ExhibitState.PRESENT, ExhibitState.NOT_CHECKED)
    sound = contents.log_check.ok and all(each.state in good for each in contents.exhibits)
    return 0 if sound else 1


def log(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Print the custody log and what its check found."""
    with opened(options, writable=False) as case:
        entries, check = case.log(), case.check_log()
    for entry in entries:
        out(api.entry_to_json(entry) if options.json else _entry_line(entry))
    reporter = Reporter(quiet=options.quiet)
    for problem in check.problems:
        Reporter(quiet=False).say(f"residua: {problem.kind}: {printable(problem.message)}")
    reporter.say(f"{check.head.entries} entries, head {check.head.hash}")
    return 0 if check.ok else 1


def note(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Keep a note of the examiner."""
    with opened(options) as case:
        case.require_writable()
        kept = case.add_note(
            options.text,
            exhibit=options.exhibit,
            examination=options.examination,
            replaces=options.replaces,
        )
    out(f"note {kept.id}")
    return 0


def recheck(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Run examinations again and compare; 0 only if all agree."""
    with (
        opened(options) as case,
        job(Reporter(quiet=options.quiet)) as ctx,
        api.Engine(factory=factory) as engine,
    ):
        case.require_writable()
        done = engine.recheck(case, tuple(options.numbers), ctx, device=options.device)
    for each in done:
        for line in _rechecked(each):
            out(line)
    if not done:
        Reporter(quiet=options.quiet).say("There was nothing to run again.")
    return 0 if all(each.agrees for each in done) else 1


def verify(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Check a case, a line a check; 0 only if nothing failed."""
    failed = False
    with opened(options, writable=False) as case, job(Reporter(quiet=options.quiet)) as ctx:
        for check in api.verify_case(case, ctx, head=options.head, roots=options.ca):
            failed = failed or check.outcome == "fail"
            name = printable(check.name)
            out(f"{check.outcome.replace('_', ' '):<12} {name}: {printable(check.detail)}")
    return 1 if failed else 0


def export(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Hand a case on in another format."""
    with opened(options) as case, job(Reporter(quiet=options.quiet)) as ctx:
        api.export_case(case, options.out, options.format, ctx)
    out(printable(options.out))
    return 0


def copy(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Keep a case under another name, with the copies of its exhibits."""
    with opened(options) as case:
        out(printable(str(api.copy_case(case, options.out))))
    return 0


def bring(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Make a case of a JSON export."""
    info = api.import_case(options.source, options.file)
    out(f"{printable(options.file)}: case {info.id}")
    return 0


def timestamp(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Write a request to a time-stamping authority, or attach its answer."""
    with opened(options) as case:
        case.require_writable()
        if options.request is not None:
            stamp = api.request_timestamp(case, options.request)
            out(f"time stamp {stamp.id}: request for entry {stamp.seq}, hash {stamp.hash}")
        else:
            stamp = api.attach_timestamp(case, options.answer)
            out(f"time stamp {stamp.id}: {stamp.stamped_utc}, {printable(stamp.authority)}")
    return 0


ACTIONS: dict[str, Command] = {
    "new": new,
    "change": change,
    "add": add,
    "list": show,
    "log": log,
    "note": note,
    "rate": marks.rate,
    "tag": marks.tag,
    "annotate": marks.annotate,
    "retract": marks.retract,
    "recheck": recheck,
    "verify": verify,
    "copy": copy,
    "export": export,
    "import": bring,
    "timestamp": timestamp,
}


def _said(options: Namespace) -> dict[str, Any]:
    said = {name: getattr(options, name) for name in INFO if getattr(options, name) is not None}
    if options.propositions is not None:
        said["propositions"] = tuple(options.propositions)
    return said


def _listed(contents: CaseContents) -> Iterator[str]:
    info, head = contents.info, contents.head
    yield f"{printable(info.title)}{f' ({printable(info.number)})' if info.number else ''}"
    yield f"made {info.created_utc}, examiner {printable(info.examiner) or 'not named'}"
    newest = {each.exhibit: each for each in contents.newest()}
    yield ""
    for exhibit in contents.exhibits:
        yield from _exhibit_lines(exhibit, newest.get(exhibit.number))
    for lost in (each for each in contents.newest() if each.exhibit is None):
        failure = lost.examination.failure
        said = printable(failure.message) if failure else ""
        yield f"not taken in  {printable(lost.examination.facts.path)}: {said}"
    yield from marks.listed(contents)
    for note in contents.standing().notes:
        about = f" on exhibit {note.exhibit}" if note.exhibit is not None else ""
        instead = f", in place of {note.replaces}" if note.replaces is not None else ""
        yield f"note {note.id}{about} ({printable(note.author)}{instead}): {printable(note.text)}"
    for stamp in contents.timestamps:
        said = stamp.stamped_utc or "no answer attached"
        yield f"time stamp {stamp.id} of entry {stamp.seq}: {said}"
    said = "sound" if contents.log_check.ok else f"{len(contents.log_check.problems)} PROBLEMS"
    yield f"custody log: {head.entries} entries, {said}, head {head.hash}"


def _exhibit_lines(exhibit: Exhibit, examined: CaseExamination | None) -> Iterator[str]:
    state = str(exhibit.state).replace("_", " ")
    yield (
        f"exhibit {exhibit.number}  {state}  {_verdict(examined)}  {printable(exhibit.name)}, "
        f"{byte_size(exhibit.bytes)}, {exhibit.held}"
    )
    yield f"  sha256 {exhibit.sha256}"
    if exhibit.state_detail:
        yield f"  {state.upper()}: {printable(exhibit.state_detail)}"


def _verdict(examined: CaseExamination | None) -> str:
    if examined is None:
        return "not examined"
    verdict = examined.examination.verdict
    return "failed" if verdict is None else f"{verdict.outcome} {probability(verdict.p_ai)}"


def _rechecked(recheck: Recheck) -> Iterator[str]:
    name = f"examination {recheck.examination}"
    if recheck.failure:
        yield f"not repeated {name}: {printable(recheck.failure)}"
        return
    yield f"{'agrees' if recheck.agrees else 'DIFFERS':<12} {name}"
    for each in recheck.differences:
        apart = "" if each.difference is None else f", {each.difference:.3g} apart"
        allowed = "" if each.allowed is None else f" (allowed {each.allowed:.3g})"
        said = f"{printable(each.before)} then, {printable(each.now)} now{apart}{allowed}"
        yield f"  {'ok' if each.within else 'DIFFERS':<8} {each.name}: {said}"
    for change in recheck.changes:
        yield f"  not as then: {printable(change)}"


def _entry_line(entry: LogEntry) -> str:
    about = ", ".join(f"{each.kind} {each.id}" for each in entry.objects)
    said = ", ".join(f"{name}: {value}" for name, value in entry.details if value)
    return printable(
        f"{entry.seq:>5} {entry.utc} {entry.operator}  {entry.action}"
        f"{f'  {about}' if about else ''}{f'  ({said})' if said else ''}  {entry.hash[:16]}"
    )
