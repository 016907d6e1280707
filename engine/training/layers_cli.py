"""The command probe: the layer analysis, its JSON and its figure."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from engine.training.forgetting import GROUP
from engine.training.layers import LayerReport, analyse, as_json, variants
from engine.training.layers_figure import draw
from engine.training.layers_models import measure_model
from engine.training.layers_probe import READ
from engine.training.layers_setup import (
    LIMITS,
    add_arguments,
    logger,
    set_up,
    sizes_and_plan,
    write_report,
)
from engine.vrm.mini_config import MiniConfig


def main(argv: Sequence[str]) -> int:
    """Run the command.

    Args:
        argv: the command's name and its arguments.

    Returns:
        0.

    Raises:
        EngineError: the command could not run.
    """
    arguments = _parser().parse_args(argv[1:])
    log = logger()
    sizes, plan = sizes_and_plan(arguments)
    setup = set_up(
        arguments.data,
        arguments.work,
        kinds=("both",),
        sizes=sizes,
        plan=plan,
        caption_steps=arguments.caption_steps,
        log=log,
    )
    table = {variant.name: variant for variant in variants(setup.config)}
    measured = {
        name: measure_model(
            setup.base,
            setup.config,
            table[name],
            setup.sets,
            setup.projector,
            plan=plan,
            kept=arguments.work / "models",
            log=log,
        )
        for name in ([arguments.only] if arguments.only else table)
    }
    if arguments.only:
        log(f"{arguments.only} is kept in {arguments.work}; the report needs all four models")
        return 0
    report = analyse(measured, layers=setup.layers, in_use=setup.config.injection_layer)
    body = {
        "settings": setup.settings,
        "limits": LIMITS,
        "retrieval_group": GROUP,
        **as_json(report),
    }
    write_report(arguments.out, body)
    figure: Path = arguments.figure or arguments.out.with_suffix(".png")
    draw(body, figure)
    sys.stdout.write("\n".join(said(report)) + f"\n\n{arguments.out}\n{figure}\n")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="residua probe", description=__doc__)
    add_arguments(parser)
    parser.add_argument("--figure", type=Path, default=None, help="the PNG; beside the JSON if not")
    parser.add_argument(
        "--only",
        choices=[variant.name for variant in variants(MiniConfig())],
        default=None,
        help="measure one model and keep it: several machines can share a work folder",
    )
    return parser


def said(report: LayerReport) -> list[str]:
    """Return the analysis in words, line by line."""
    lines = [f"K in use: {report.in_use} of {report.layers}."]
    for what in READ:
        k = report.by_rule[what]
        told = "no layer fulfils it" if k is None else f"K = {k}"
        seeds = ", ".join("none" if s is None else str(s) for s in report.by_rule_and_seed[what])
        lines.append(
            f"By the rule, probe on {what}: {told} (single seeds: {seeds}); within half a point "
            f"of the best from depth {report.near_best[what]}."
        )
    for name, model in report.models.items():
        d1, d2 = (model.detection[task] for task in ("D1", "D2"))
        memory = model.memory
        lines.append(
            f"{name}: AUC D1 {d1}, D2 {d2}; caption loss {memory.caption_loss}, with other "
            f"pictures {memory.other_pictures}; recall @1 {memory.recall['evened @1']}, "
            f"@5 {memory.recall['evened @5']}; picture use kept {model.kept}."
        )
    for claim in report.claims:
        lines.append(f"{'Holds' if claim.holds else 'Does not hold'}: {claim.claim}")
        lines.append(f"  {claim.because}.")
    return lines
