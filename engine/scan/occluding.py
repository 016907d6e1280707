"""What the probability of one file rests on: decoding, loading, asking the verdict again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.errors import InputError, ModelError
from engine.images.decoder import Decoder
from engine.job import Context, Progress
from engine.rest_types import Occlusion
from engine.scan.comparing import tolerance_for
from engine.scan.examining import LOADING
from engine.types import Examination
from engine.vrm.examiner import Examiner
from engine.vrm.occlusion import MEAN, Occludable

DECODING = "Decoding"
ASKING = "Taking places away"
"""What is told while the verdict is asked about a picture without one place after another."""


def rests_of(
    path: str,
    load: Callable[[], Examiner],
    decoder: Decoder,
    examined: Examination | None,
    ctx: Context,
    *,
    fill: str = MEAN,
) -> Occlusion:
    """Return what the probability of a file rests on.

    Args:
        path: the file.
        load: gives the model; not called for a file that cannot be read.
        decoder: not in use by another thread.
        examined: the examination that it is to explain; None for the model's verdict of now.
        ctx: receives `Progress`, carries the wish to stop.
        fill: what stands in for a place, one of `engine.vrm.occlusion.FILLS`.

    Raises:
        InputError: the file cannot be read or decoded, is too small, or is another one than was
            examined.
        ModelError: the model cannot be loaded, or its verdict cannot be asked about places.
        Cancelled: the operator stopped it.
    """
    ctx.report(Progress(phase=DECODING, done=0, total=None))
    image = decoder.decode_file(path)
    if examined is not None and examined.facts.sha256 not in (None, image.facts.sha256):
        raise InputError(
            f"{path} has other bytes than were examined (sha256 {image.facts.sha256}, examined "
            f"{examined.facts.sha256}): examine it again first.",
            kind="changed",
        )
    ctx.report(Progress(phase=LOADING, done=0, total=None))
    examiner = load()
    if not isinstance(examiner, Occludable):
        raise ModelError(
            f"What a verdict of {examiner.info.name!r} rests on cannot be asked: it comes from a "
            "language model, not from a probe on squares. Use --model mini, or --triage."
        )

    def tell(done: int, total: int) -> None:
        ctx.report(Progress(phase=ASKING, done=done, total=total))

    found = examiner.occlude(image, tell, fill)
    return found if examined is None else _compared(found, examined)


def _compared(found: Occlusion, examined: Examination) -> Occlusion:
    """Return what was found, with whether it is of the examination's probability."""
    if examined.verdict is None:
        return found
    p_examined = examined.verdict.p_ai
    allowed = tolerance_for(found.model.dtype).p_ai
    agrees = abs(found.p_ai - p_examined) <= allowed
    return replace(found, p_examined=p_examined, agrees=agrees)
