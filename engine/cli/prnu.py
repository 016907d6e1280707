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
