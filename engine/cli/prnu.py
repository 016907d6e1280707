"""``prnu``: fingerprints of cameras."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING

from engine import api
from engine.cli.console import Reporter, job, out
from engine.errors import Cancelled, InputError
from engine.job import Context
from engine.report.camera_words import comparison_line, counts_text, family_text
from engine.report.wording import printable
from engine.trace_types import CaseFingerprint, Comparison, ComparisonSummary

if TYPE_CHECKING:
    from engine.evidence.case_store import Case

    Tell = Callable[[Comparison], None]


def make(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Make a fingerprint; 1 when pictures were left out."""
    if (options.out is None) == (options.case is None):
        raise InputError("Say where the fingerprint goes: either --out FILE or --case CASE.")
    reporter = Reporter(quiet=options.quiet)
    if options.case is None:
        with job(reporter) as ctx:
            made, file = api.make_fingerprint(options.paths, options.out, ctx), options.out
    else:
        with _opened(options) as case, job(reporter) as ctx:
            made, file = api.make_case_fingerprint(case, options.paths, options.camera, ctx)
    out(f"{printable(str(file))}")
    out(f"sha256 {made.sha256}")
    out(f"{made.width} × {made.height} px, {made.pictures} pictures")
    for path, reason in made.left_out:
        reporter.say(f"left out: {printable(path)}: {printable(reason)}")
    return 1 if made.left_out else 0


@contextmanager
def _opened(options: Namespace) -> Iterator[Case]:
    case = api.open_case(options.case, operator=options.operator)
    try:
        yield case
    finally:
        case.close()


def listed(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """List the cameras of a case; 1 when a file is missing or was changed."""
    with _opened(options) as case:
        found = api.case_fingerprints(case, read=True)
    if options.json:
        out(json.dumps([asdict(each) for each in found]))
    else:
        for each in found:
            out(
                f"{each.sha256[:12]}  {printable(each.camera)}: {each.pictures} pictures of "
                f"{printable(each.size)} px, made {each.made_utc[:10]} by "
                f"{printable(each.operator)}, file {each.state}; compared with {each.compared}, "
                f"its pattern is in {each.shown}"
            )
    return 1 if any(each.state != "present" for each in found) else 0


def remove(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Take a camera off a case."""
    with _opened(options) as case:
        known = api.case_fingerprints(case)
        meant = [each.sha256 for each in known if each.sha256.startswith(options.sha256)]
        if len(meant) != 1:
            raise InputError(
                f"{options.sha256!r} is the beginning of {len(meant)} fingerprints of the case: "
                "see 'prnu list' and name one."
            )
        api.remove_case_fingerprint(case, meant[0])
    return 0


def test(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Test pictures with a fingerprint; 1 when one could not be read."""
    if (options.fingerprint is None) == (options.case is None):
        raise InputError("Say which camera: either --fingerprint FILE or --case CASE.")
    if options.case is not None:
        with _opened(options) as case:
            sha256 = _camera(case, options.camera).sha256
            return _many(options, partial(_of_case, case, sha256, options))
    if len(options.paths) != 1 or api.holds_pictures(options.paths[0]):
        if not options.paths:
            raise InputError("Name pictures or folders, or a case with --case.")
        return _many(options, partial(_of_files, options))
    return _single(options)


def _of_files(options: Namespace, ctx: Context, tell: Tell) -> ComparisonSummary:
    return api.compare_with_fingerprint(options.paths, options.fingerprint, ctx, tell)


def _of_case(
    case: Case, sha256: str, options: Namespace, ctx: Context, tell: Tell
) -> ComparisonSummary:
    return api.compare_with_case_fingerprint(
        case, sha256, ctx, tell, paths=options.paths, again=options.again
    )


def _many(options: Namespace, work: Callable[[Context, Tell], ComparisonSummary]) -> int:
    """Compare many pictures, a line each, and say what they come to, also when stopped."""
    told: list[Comparison] = []
    reporter = Reporter(quiet=options.quiet)

    def tell(comparison: Comparison) -> None:
        told.append(comparison)
        reporter.clear()
        if options.json:
            out(json.dumps(asdict(comparison)))
        else:
            out(comparison_line(comparison, threshold))

    threshold = api.summarise_comparisons(()).threshold
    try:
        with job(reporter) as ctx:
            summary = work(ctx, tell)
    except Cancelled:
        _sum_up(options, api.summarise_comparisons(told))
        raise
    _sum_up(options, summary)
    return 1 if summary.failed else 0


def _sum_up(options: Namespace, summary: ComparisonSummary) -> None:
    if options.json:
        out(json.dumps({"summary": asdict(summary)}))
        return
    out(counts_text(summary))
    out(family_text(summary))


def _camera(case: Case, meant: str | None) -> CaseFingerprint:
    """Return the camera of a case that is meant: the only one, or by name or hash."""
    known = api.case_fingerprints(case)
    found = [
        each
        for each in known
        if meant is None or each.camera == meant or each.sha256.startswith(meant)
    ]
    if len(found) == 1:
        return found[0]
    if not known:
        raise InputError("The case has no camera: make a fingerprint with 'prnu make --case'.")
    if meant is None:
        raise InputError(f"The case has {len(known)} cameras: name one with --camera.")
    raise InputError(
        f"{meant!r} is the name or the beginning of the hash of {len(found)} cameras of the case: "
        "see 'prnu list' and name one."
    )


def _single(options: Namespace) -> int:
    """Test one picture, and tell all there is to say of it."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        trace = api.try_fingerprint(options.paths[0], options.fingerprint, ctx)
    finding = trace.finding
    if options.json:
        told = {
            **asdict(finding),
            "parameters": dict(trace.parameters),
            "elapsed_ms": trace.elapsed_ms,
        }
        out(json.dumps(told))
        return 0
    value = "" if finding.value is None else f"PCE {finding.value}"
    out(f"{finding.status}  {value}".rstrip())
    out(finding.reason)
    for region in finding.regions:
        out(f"  at {region.x}, {region.y}: {region.w} × {region.h} px")
    return 0


ACTIONS = {"make": make, "list": listed, "remove": remove, "test": test}
"""Action -> what does it."""
