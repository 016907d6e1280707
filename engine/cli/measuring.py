"""``bench --against-model`` and ``bench --workers``."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import asdict

from engine import api
from engine.cli.console import Reporter, job, out

PICTURES = 100
"""Unless another number is asked for."""


def bench_pair(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Measure scans against the model alone and print it as JSON."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        report = api.bench_pair(
            None if options.made else options.images,
            model=options.model,
            device=options.device,
            limit=PICTURES if options.limit is None else options.limit,
            turns=options.turns,
            triage=options.triage,
            ctx=ctx,
            factory=factory,
        )
    out(json.dumps(asdict(report), indent=2, allow_nan=False))
    return 0


def bench_crew(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Measure scans over workers and print it as JSON."""
    with job(Reporter(quiet=options.quiet)) as ctx:
        report = api.bench_crew(
            None if options.made else options.images,
            model=options.model,
            device=options.device,
            limit=PICTURES if options.limit is None else options.limit,
            workers=options.workers,
            triage=options.triage,
            ctx=ctx,
            factory=factory,
        )
    out(json.dumps(asdict(report), indent=2, allow_nan=False))
    return 0
