"""``rests``: what the probability of one picture rests on."""

from __future__ import annotations

from argparse import Namespace
from pathlib import Path

from engine import api
from engine.cli.console import Reporter, job, out
from engine.report.wording import printable


def rests(options: Namespace, factory: api.ExaminerFactory) -> int:
    """Take every place of an image away in turn and print how the verdict changes."""
    reporter = Reporter(quiet=options.quiet)
    with job(reporter) as ctx:
        found = api.rests(
            options.image,
            model=options.model,
            device=options.device,
            triage=options.triage,
            fill="blur" if options.blur else "mean colour",
            ctx=ctx,
            factory=factory,
        )
    out(api.rests_to_json(found))
    if options.out is not None:
        written = api.write_rests(found, Path(options.out))
        names = " and ".join(each.name for each in written)
        reporter.say(f"{names} in {printable(str(options.out))}.")
    return 0
