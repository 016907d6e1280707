"""What can be measured: speed, operations, agreement, and golden vectors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from engine.api.scanning import ExaminerFactory, load_examiner
from engine.api.stored import samples_dir
from engine.job import Context

if TYPE_CHECKING:
    from engine.scan.agreeing import AgreementReport
    from engine.scan.bench import BenchReport
    from engine.scan.likeness_bench import LikenessReport
    from engine.vrm.golden import GoldenCase
    from engine.vrm.roofline import Operations
    from engine.vrm.speed import SpeedReport


def golden(
    folder: str | Path,
    tol: float | None,
    *,
    device: str = "cpu",
    dtype: str = "float32",
    batch: int = 1,
) -> Iterator[GoldenCase]:
    """Compare the published layout found in a folder with its golden vectors, case by case.

    Args:
        folder: a published-layout checkpoint with ``golden.safetensors`` beside its weights.
        tol: largest absolute difference allowed, >= 0; None takes what rounding explains.
        device: ``"cpu"`` or ``"cuda"``.
        dtype: ``"float32"`` or ``"bfloat16"``.
        batch: above 1, the cases are also run together, as so many prompts of one run.

    Raises:
        ModelError: the checkpoint cannot be loaded, the device is not there, or the vectors are
            missing or malformed.
    """
    from engine.vrm.golden import run_golden
    from engine.vrm.loader import dtype_of, pick_device

    return run_golden(
        Path(folder),
        tol,
        device=pick_device(device, mini=False),
        dtype=dtype_of(dtype),
        batch=batch,
    )


def agreement(
    images: str | Path | None, *, model: str = "mini", limit: int = 8, ctx: Context
) -> AgreementReport:
    """Measure whether a model gives the same answers in every precision, device and batch.

    Args:
        images: folder of pictures; None takes the samples.
        model: pack name or folder of a checkpoint.
        limit: how many pictures, at least 1.
        ctx: receives progress, carries the wish to stop.

    Raises:
        ModelError: the model cannot be loaded.
        InputError: there is no picture to compare on.
        Cancelled: the operator stopped it.
    """
    from engine.scan.agreeing import measure_agreement
    from engine.vrm.loader import dtype_of, load

    folder = Path(images) if images is not None else samples_dir()
    return measure_agreement(
        folder, limit, lambda device, dtype: load(model, device, dtype=dtype_of(dtype)), ctx
    )


def bench(
    images: str | Path | None,
    *,
    model: str = "mini",
    device: str = "auto",
    limit: int = 8,
    made: bool = False,
    only_triage: bool = False,
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> BenchReport:
    """Measure speed and memory of each stage on this machine.

    Args:
        images: folder of pictures; None takes the samples, or makes 1-megapixel pictures
            where there are none.
        model: pack name or folder of a published checkpoint.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        limit: pictures a stage, at least 1.
        made: measure with 1-megapixel pictures made for it, whatever ``images`` says.
        only_triage: measure decoding and the fast path alone.
        ctx: receives progress, carries the wish to stop.
        factory: loads the model.

    Raises:
        ModelError: the model cannot be loaded.
        InputError: there is no picture to measure with.
        Cancelled: the operator stopped it.
    """
    from engine.scan.bench import FULL_MODES, MODES, run_bench

    folder = Path(images) if images is not None else samples_dir()
    modes = ("triage",) if only_triage else MODES if model == "mini" else FULL_MODES
    # The fast path is the mini's; no checkpoint has one.
    return run_bench(
        None if made else folder,
        limit,
        lambda triage: factory(model, device, triage),
        ctx,
        modes=modes,
    )


def likeness_bench(images: str | Path, limit: int, ctx: Context) -> LikenessReport:
    """Measure how well near-duplicates are found among changed copies of pictures.

    Args:
        images: folder of pictures.
        limit: how many of them, at least 2.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: there are fewer than two pictures.
        Cancelled: the operator stopped it.
    """
    from engine.scan.likeness_bench import likeness_bench

    return likeness_bench(Path(images), limit, ctx)


def operations(shape: str) -> Operations:
    """Reckon what one verdict of a model of a published size costs; nothing is run.

    Args:
        shape: ``"7b"`` or ``"tiny"``.

    Raises:
        InputError: an unknown shape.
    """
    from engine.vrm.roofline import operations as reckoned

    return reckoned(shape)


def measure_gpu(shape: str, ctx: Context, *, compiled: bool = False) -> SpeedReport:
    """Measure a randomly initialised model of a published size on this machine's device.

    Args:
        shape: ``"7b"``, on a CUDA device, or ``"tiny"``, on what there is.
        ctx: carries the wish to stop.
        compiled: whether to measure compiled layers as well; compiling takes minutes.

    Raises:
        InputError: an unknown shape.
        ModelError: the device cannot run it.
        Cancelled: the operator stopped it.
    """
    import torch

    from engine.vrm.speed import measure_speed

    try:
        from engine.vrm.held import hold
    except ImportError:
        holder = None
    else:
        holder = hold
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    return measure_speed(shape, device, ctx.check, holder=holder, compiled=compiled)
