"""The command ablate: the table of ablations, as JSON and as Markdown."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import asdict

from engine.training.ablations import found, markdown, run_ablations
from engine.training.layers import plain
from engine.training.layers_setup import (
    LIMITS,
    add_arguments,
    logger,
    set_up,
    sizes_and_plan,
    write_report,
)
from engine.training.layers_towers import TOKEN_KINDS


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Args:
        argv: the command's name and its arguments.

    Returns:
        0.

    Raises:
        EngineError: the command could not run.
    """
    parser = argparse.ArgumentParser(prog="residua ablate", description=__doc__)
    add_arguments(parser)
    parser.add_argument(
        "--only", nargs="*", default=(), metavar="MODEL", help="beside the reference; all if not"
    )
    arguments = parser.parse_args(argv[1:])
    log = logger()
    sizes, plan = sizes_and_plan(arguments)
    setup = set_up(
        arguments.data,
        arguments.work,
        kinds=TOKEN_KINDS,
        sizes=sizes,
        plan=plan,
        caption_steps=arguments.caption_steps,
        log=log,
    )
    rows = run_ablations(
        setup.base,
        setup.config,
        setup.sets,
        setup.projector,
        layers=setup.layers,
        plan=plan,
        kept=arguments.work / "ablations",
        log=log,
        only=tuple(arguments.only),
    )
    differing = found(rows)
    body = {
        "settings": setup.settings,
        "limits": LIMITS,
        "rows": [plain(asdict(row)) for row in rows],
        "differ_from_reference": differing,
    }
    write_report(arguments.out, body)
    counted = f"{setup.settings['pictures']}"
    words = "\n".join(f"* {line}" for line in differing) or "* no change makes a clear difference"
    sys.stdout.write(f"{markdown(rows)}\n\n{counted}\n\n{words}\n")
    return 0
