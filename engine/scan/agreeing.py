"""Measures whether a model gives the same answers everywhere on this machine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch

from engine.errors import EngineError, InputError
from engine.images.decoder import Decoder
from engine.job import Context, Progress
from engine.scan.discovery import discover
from engine.types import Image, ModelInfo
from engine.vrm.agreement import Difference, compared, odds_compared, tolerance
from engine.vrm.examiner import Examiner, Reading
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.published_examiner import PublishedExaminer

BATCH = 32
"""Size of the batch that is compared with single pictures."""

Load = Callable[[str, str], Examiner]
"""(device, dtype) -> the model."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementReport:
    """How far the ways to a model's answers differ here."""

    model: ModelInfo
    """The model as it is the yardstick: on the processor, in float32."""
    pictures: int
    differences: tuple[Difference, ...]
    not_measured: tuple[str, ...]
    """What this machine could not tell."""


def measure_agreement(folder: Path, limit: int, load: Load, ctx: Context) -> AgreementReport:
    """Compare float32 on the processor with bfloat16, with a CUDA device, and single with batch.

    Args:
        folder: pictures.
        limit: how many of them, at least 1.
        load: loads the model.
        ctx: receives progress, carries the wish to stop.

    Raises:
        InputError: there is no picture that can be examined.
        ModelError: the model cannot be loaded.
        Cancelled: the operator stopped it.
    """
    pictures = _pictures(folder, limit, ctx)
    ctx.report(Progress(phase="Reading in float32", done=0, total=None))
    plain = load("cpu", "float32")
    expected = _readings(plain, pictures, ctx)
    found = [_batch_of(plain, pictures)]
    missing: list[str] = []
    on_gpu = torch.cuda.is_available() and not isinstance(plain, MiniExaminer)
    if isinstance(plain, MiniExaminer):
        missing.append("CUDA: the mini runs on the processor in this version")
    elif not on_gpu:
        missing.append("CUDA: no device is available here")
    ways = [("cpu", "bfloat16")]
    if on_gpu:
        ways += [("cuda", "float32"), ("cuda", "bfloat16")]
    for device, dtype in ways:
        ctx.report(Progress(phase=f"Reading in {dtype} on {device}", done=0, total=None))
        other = load(device, dtype)
        what = f"float32 on cpu and {dtype} on {device}"
        readings = _readings(other, pictures, ctx)
        found.append(compared(what, expected, readings, tolerance("float32", dtype)))
        found.append(_batch_of(other, pictures))
    return AgreementReport(
        model=plain.info,
        pictures=len(pictures),
        differences=tuple(found),
        not_measured=tuple(missing),
    )


def _pictures(folder: Path, limit: int, ctx: Context) -> list[Image]:
    if limit < 1:
        raise InputError(f"{limit} pictures were asked for: use at least 1.")
    found = []
    candidates = discover([str(folder)], [], ctx).candidates if folder.is_dir() else ()
    with Decoder() as decoder:
        for candidate in islice(candidates, limit):
            ctx.check()
            found.append(decoder.decode_file(candidate.path))
    if not found:
        raise InputError(f"{folder} holds no pictures to compare on: name another with --images.")
    return found


def _readings(examiner: Examiner, pictures: Sequence[Image], ctx: Context) -> list[Reading]:
    return [
        examiner.examine(image, explain=False, on_text=lambda _: None, check=ctx.check)
        for image in pictures
    ]


def _batch_of(examiner: Examiner, pictures: Sequence[Image]) -> Difference:
    """Compare pictures in one run with each alone."""
    several = [pictures[i % len(pictures)] for i in range(BATCH)]
    alone = list(pictures[:BATCH])
    info = examiner.info
    if isinstance(examiner, MiniExaminer):
        together = examiner.together(several)
        single = [examiner.together([image])[0] for image in alone]
    elif isinstance(examiner, PublishedExaminer):
        together = examiner.verdicts(several)
        single = [examiner.verdicts([image])[0] for image in alone]
    else:
        raise EngineError(f"Models of type {type(examiner).__name__} cannot be compared.")
    return odds_compared(
        f"batch 1 and batch {BATCH}, {info.dtype} on {info.device}",
        single,
        together[: len(single)],
        tolerance(info.dtype),
    )
