"""How fast scans are beside what they are made of: the model, and workers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api.scanning import ExaminerFactory, load_examiner
from engine.errors import ModelError
from engine.job import Context

if TYPE_CHECKING:
    from engine.scan.bench_crew import CrewReport
    from engine.scan.bench_pair import PairReport


def bench_pair(
    images: str | Path | None,
    *,
    model: str = "mini",
    device: str = "auto",
    limit: int,
    turns: int,
    triage: bool = False,
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> PairReport:
    """Measure the pace of scans against that of the model alone, on the same files, in turns.

    Args:
        images: folder of pictures; None makes 1-megapixel ones.
        model: pack name.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        limit: pictures, at least 2; they are held decoded in memory.
        turns: how often each side is measured, at least 1.
        triage: measure the fast path, not the verdict of the whole model without explanation.
        ctx: receives progress, carries the wish to stop.
        factory: loads the model.

    Raises:
        ModelError: the model cannot be loaded.
        InputError: a number is too small, or a picture cannot be examined.
        Cancelled: the operator stopped it.
    """
    from engine.scan.bench_pair import run_bench

    return run_bench(
        None if images is None else Path(images),
        limit,
        turns,
        lambda triage: factory(model, device, triage),
        ctx,
        mode="triage" if triage else "no_explain",
    )


def bench_crew(
    images: str | Path | None,
    *,
    model: str = "mini",
    device: str = "auto",
    limit: int,
    workers: Sequence[int],
    triage: bool = False,
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> CrewReport:
    """Measure scans over workers of a Ray cluster on this machine, and what each of them costs.

    Args:
        images: folder of pictures; None makes 1-megapixel ones.
        model: pack name.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        limit: pictures, at least 2.
        workers: numbers of workers, each at least 1.
        triage: measure the fast path, not the verdict of the whole model without explanation.
        ctx: receives progress, carries the wish to stop.
        factory: loads the model.

    Raises:
        ModelError: the model cannot be loaded, or Ray is not installed.
        InputError: a number is too small, or a picture cannot be examined.
        Cancelled: the operator stopped it.
    """
    try:
        from engine.scan.bench_crew import run_bench
    except ImportError as error:
        raise ModelError(
            f"Workers need Ray ({error}): install the program's extra 'distributed' "
            "(pip install -c constraints.txt '.[distributed]')."
        ) from error

    load = partial(factory, model, device, triage)
    folder = None if images is None else Path(images)
    return run_bench(folder, limit, workers, load, ctx, triage=triage)
