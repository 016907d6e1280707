"""Options of ``golden`` and ``bench``; apart from their commands, so that parsing loads nothing."""

from __future__ import annotations

import argparse

_Commands = argparse._SubParsersAction


def add_golden(commands: _Commands[argparse.ArgumentParser]) -> None:
    """Add ``golden``."""
    golden = commands.add_parser("golden", help="compare with published golden vectors")
    golden.add_argument("folder", metavar="DIR")
    golden.add_argument("--tol", type=float, help="largest difference allowed (1e-4; bfloat16: .1)")
    golden.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    golden.add_argument(
        "--batch", type=int, default=1, metavar="N", help="also as so many prompts of one run"
    )
    golden.add_argument("--dtype", choices=("float32", "bfloat16"), default="float32")


def add_bench(
    commands: _Commands[argparse.ArgumentParser],
    quiet: argparse.ArgumentParser,
    model: argparse.ArgumentParser,
) -> None:
    """Add ``bench``.

    Args:
        commands: where it goes.
        quiet: options about progress.
        model: options about the model.
    """
    bench = commands.add_parser("bench", parents=[quiet, model], help="speed and memory, as JSON")
    bench.add_argument(
        "--gpu", action="store_true", help="a random model of the published size, on a GPU"
    )
    bench.add_argument(
        "--shape",
        choices=("7b", "tiny"),
        default="7b",
        help="with --gpu, --operations; tiny runs anywhere",
    )
    bench.add_argument(
        "--operations", action="store_true", help="instead: what a verdict of that size costs"
    )
    bench.add_argument("--compiled", action="store_true", help="with --gpu: compiled layers too")
    _add_local(bench)
    _add_comparisons(bench)


def _add_local(bench: argparse.ArgumentParser) -> None:
    """Add what is measured on this machine with the models that are installed."""
    bench.add_argument("--images", metavar="DIR", help="pictures to measure with")
    bench.add_argument("--made", action="store_true", help="with 1-megapixel pictures made here")
    bench.add_argument("--triage", action="store_true", help="the fast path alone")
    bench.add_argument(
        "--agreement",
        action="store_true",
        help="instead: how far answers differ between precisions, devices and sizes of batch",
    )
    bench.add_argument("--traces", action="store_true", help="instead: each derived trace")
    bench.add_argument(
        "--megapixels", type=float, default=12.0, metavar="N", help="with --traces: size (12)"
    )
    bench.add_argument(
        "--limit", type=int, metavar="N", help="pictures a stage (8), or a side (all)"
    )


def _add_comparisons(bench: argparse.ArgumentParser) -> None:
    """Add what is compared with something else than a stopwatch alone."""
    bench.add_argument(
        "--triage-accuracy",
        metavar="MANIFEST.csv",
        help="instead: AUC of the 8-bit tower against the float32 one, on a development pool",
    )
    bench.add_argument(
        "--near-duplicates", metavar="DIR", help="instead: how changed copies of these are found"
    )
    bench.add_argument(
        "--depths",
        type=lambda text: tuple(int(depth) for depth in text.split(",")),
        metavar="4,6,...",
        help="with --triage-accuracy: what its head reads (the shipped head's depths)",
    )
    bench.add_argument(
        "--against-model",
        action="store_true",
        help="instead: scans against the model alone, on the same files, in turns",
    )
    bench.add_argument(
        "--turns", type=int, default=5, metavar="N", help="with --against-model: how often (5)"
    )
    bench.add_argument(
        "--workers",
        type=lambda text: tuple(int(count) for count in text.split(",")),
        metavar="1,2,...",
        help="instead: scans over so many workers on this machine (Ray)",
    )
