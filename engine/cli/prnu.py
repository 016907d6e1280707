"""``prnu``: fingerprints of cameras."""

from __future__ import annotations

import json
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from engine import api
from engine.cli.console import Reporter, job, out
from engine.errors import InputError
from engine.report.wording import printable

if TYPE_CHECKING:
    from engine.evidence.case_store import Case


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
    """Test a picture with a fingerprint."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        trace = api.try_fingerprint(options.image, options.fingerprint, ctx)
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
