"""``bench --triage-accuracy``."""

from __future__ import annotations

import json
from argparse import Namespace
from dataclasses import fields
from pathlib import Path

from engine.cli.console import Reporter, out
from engine.errors import InputError
from engine.training.metrics import Figure
from engine.training.triage_accuracy import triage_accuracy


def bench_accuracy(options: Namespace) -> int:
    """Measure what 8 bits cost the fast path and print it as JSON."""
    if options.limit is not None and options.limit < 1:
        raise InputError(f"{options.limit} pictures were asked for: use at least 1.")
    reporter = Reporter(quiet=options.quiet)
    measured = triage_accuracy(
        Path(options.triage_accuracy), options.depths, options.limit, reporter.say
    )
    values = {field.name: getattr(measured, field.name) for field in fields(measured)}
    said = {n: str(v) if isinstance(v, Figure) else v for n, v in values.items()}
    out(json.dumps(said, indent=2, allow_nan=False))
    return 0
