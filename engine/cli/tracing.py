"""``trace``: derived traces of one picture, and what they show as files."""

from __future__ import annotations

import json
from argparse import Namespace
from pathlib import Path

from engine import api
from engine.cli.console import Reporter, job, out
from engine.report.quantities import quantity
from engine.report.wording import printable
from engine.trace_types import Trace
from engine.types import Status


def trace(options: Namespace, _factory: api.ExaminerFactory) -> int:
    """Compute traces of an image and print what they say."""
    if options.list:
        for tracer in api.tracers():
            out(f"{tracer.name.removeprefix('trace.')}  {tracer.title}, version {tracer.version}")
            out(f"  {tracer.principle}")
            out(f"  Limits: {tracer.limits}")
            out(f"  Source: {tracer.source}")
            out(f"  {'; '.join(f'{name} {value}' for name, value in tracer.parameters)}")
        return 0
    reporter = Reporter(quiet=options.quiet)
    with job(reporter) as ctx:
        traces = api.trace(options.image, options.method, ctx)
    if options.json:
        out(api.traces_to_json(traces))
    else:
        for each in traces:
            out(_line(each))
    if options.out is not None:
        files = api.write_traces(traces, Path(options.out))
        reporter.say(f"{len(files)} files in {printable(str(options.out))}.")
    return 1 if any(each.finding.status is Status.FAILED for each in traces) else 0


def _line(each: Trace) -> str:
    finding = each.finding
    value = ""
    if isinstance(finding.value, str):
        value = f" {printable(finding.value)}"
    elif finding.value is not None:
        value = f" {quantity(finding.value, finding.unit)}"
    where = "".join(f" [x {r.x}, y {r.y}, {r.w} x {r.h} px]" for r in finding.regions)
    name = finding.analyser.removeprefix("trace.")
    return (
        f"{finding.id} {name} ({finding.status}){value}: {printable(finding.reason)}{where} "
        f"({each.elapsed_ms:.0f} ms)"
    )


def bench_traces(options: Namespace) -> int:
    """Measure time and memory of each method and print them as JSON."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        measured = api.bench_traces(options.megapixels, ctx)
    out(json.dumps(measured, indent=2, allow_nan=False))
    return 0
