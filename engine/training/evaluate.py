"""What the model says of pictures it was not trained on, condition by condition.

The program's own path is measured: the same decoder, views, windows and read-outs as a scan, at
the size that a picture has.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Protocol

import numpy as np
from PIL import Image as PilImage

from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.training.augment import Pixels, encode
from engine.training.data import PoolImage
from engine.types import Condition, FileFacts, Image, Outcome
from engine.vrm.readouts import MIN_SIDE_PX, Readings, decide

Log = Callable[[str], None]

SCREEN_SCALES = (0.6, 1.0)
SCREEN_QUALITY = 85
LOG_EVERY = 100


def as_image(pixels: Pixels, jpeg_quality: int | None = None) -> Image:
    """Wrap pixels as a decoded picture without a file.

    Args:
        pixels: [H, W, 3].
        jpeg_quality: what the decoder would say of the file, 1..100; None for other formats.
    """
    pixels = pixels.copy()
    pixels.flags.writeable = False
    return Image(facts=FileFacts(path=""), pixels=pixels, jpeg_quality=jpeg_quality)


def _as_it_is(image: Image, _rng: np.random.Generator) -> Image:
    return image


def _encoded(format_: str, quality: int) -> Treatment:
    def treat(image: Image, _rng: np.random.Generator) -> Image:
        picture = encode(PilImage.fromarray(image.pixels), format_, quality)
        return as_image(np.asarray(picture), quality if format_ == "JPEG" else None)

    return treat


def _half(image: Image, _rng: np.random.Generator) -> Image:
    return as_image(_resized(image.pixels, 0.5, PilImage.Resampling.BICUBIC))


def _screenshot(image: Image, rng: np.random.Generator) -> Image:
    """Show a picture smaller, as browsers do, and keep that as a PNG or as a JPEG."""
    kernel = (PilImage.Resampling.BILINEAR, PilImage.Resampling.BICUBIC)[int(rng.integers(2))]
    shown = as_image(_resized(image.pixels, float(rng.uniform(*SCREEN_SCALES)), kernel))
    return shown if rng.random() < 0.5 else _encoded("JPEG", SCREEN_QUALITY)(shown, rng)


def _resized(pixels: Pixels, factor: float, kernel: PilImage.Resampling) -> Pixels:
    height, width = pixels.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    return np.asarray(PilImage.fromarray(pixels).resize(size, kernel))


Treatment = Callable[[Image, np.random.Generator], Image]
"""What happens to a decoded picture before the model sees it."""

CONDITIONS: dict[str, Treatment] = {
    "as is": _as_it_is,
    "JPEG 70": _encoded("JPEG", 70),
    "WebP 80": _encoded("WEBP", 80),
    "half size": _half,
    "screenshot": _screenshot,
    "JPEG 90 for all": _encoded("JPEG", 90),
}
"""The last one makes both classes JPEG files alike, so that no format can tell them apart."""


class Measured(Protocol):
    """What is measured: the mini's examiner, or a test's."""

    def log_odds(self, image: Image) -> dict[str, float]:
        """Return every log-odds of a picture by name."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One picture in one condition."""

    sha256: str
    """Identity of the picture within its set; for published sets its path there."""
    source: str
    generator: str
    label: str
    """``"real"`` or ``"ai"``."""
    condition: str
    log_odds: dict[str, float]
    real_class: str = ""
    """Class of a real photograph; "" where the set states none."""
    height: int | None = None
    """As shown to the model, px; None in rows that were not measured by ``measure``."""
    width: int | None = None
    jpeg_quality: int | None = None
    """What the decoder says, or the condition; None for other formats."""
    model: str = ""
    """Which weights were asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A row with the verdict on it, whoever gave it: the shipped model, or the model of a fold."""

    row: Row
    p: float
    """Probability of "AI-generated", 0..1."""
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmeasured:
    """A picture that could not be measured."""

    path: str
    condition: str
    """The condition, or "" for all of them."""
    kind: str
    message: str


OnFailure = Callable[[Unmeasured], None]


def refuse(failure: Unmeasured) -> None:
    """Stop at the first picture that cannot be measured.

    Raises:
        InputError: always.
    """
    raise InputError(f"{failure.path}: {failure.message}", kind=failure.kind)


def measure(
    examiner: Measured,
    images: Sequence[PoolImage],
    conditions: tuple[str, ...],
    *,
    rows_file: Path,
    log: Log,
    on_failure: OnFailure = refuse,
    model: str = "",
) -> list[Row]:
    """Return the log-odds of every picture in every condition; continues an earlier run's file.

    Args:
        examiner: the loaded model.
        images: real and AI pictures.
        conditions: keys of CONDITIONS.
        rows_file: JSON lines, appended to; rows of other weights in it are left alone.
        log: told how far it is.
        on_failure: called for pictures that cannot be decoded, or are too small in a condition.
        model: which weights are asked, such as their hash.

    Raises:
        InputError: by default, the first picture that cannot be measured; or a line of the file
            is no row.
    """
    wanted = {(i.sha256, c) for c in conditions for i in images}
    drop_torn_line(rows_file)
    kept = read_rows(rows_file) if rows_file.exists() else iter(())
    rows = [r for r in kept if (r.sha256, r.condition) in wanted and r.model == model]
    done = {(r.sha256, r.condition) for r in rows}
    todo = [(i, [c for c in conditions if (i.sha256, c) not in done]) for i in images]
    todo = [(i, missing) for i, missing in todo if missing]
    progress = _Progress(len(todo), log)
    rows_file.parent.mkdir(parents=True, exist_ok=True)
    with Decoder() as decoder, rows_file.open("a", encoding="utf-8") as out:
        for image, missing in todo:
            for made in _rows_of(examiner, decoder, image, missing, on_failure):
                row = replace(made, model=model)
                rows.append(row)
                out.write(json.dumps(asdict(row)) + "\n")
            out.flush()
            progress.step()
    return rows


def _rows_of(
    examiner: Measured,
    decoder: Decoder,
    image: PoolImage,
    conditions: list[str],
    on_failure: OnFailure,
) -> Iterator[Row]:
    """Decode a picture once and yield its row in each condition."""
    path = str(image.path)
    try:
        decoded = decoder.decode_file(path)
    except InputError as e:
        on_failure(Unmeasured(path=path, condition="", kind=e.kind, message=str(e)))
        return
    for condition in conditions:
        shown = CONDITIONS[condition](decoded, _dice(image.sha256, condition))
        height, width = shown.pixels.shape[:2]
        if min(height, width) < MIN_SIDE_PX:
            message = f"{width} x {height} px; at least {MIN_SIDE_PX} px a side are needed."
            on_failure(
                Unmeasured(path=path, condition=condition, kind="too_small", message=message)
            )
            continue
        yield Row(
            sha256=image.sha256,
            source=image.source,
            generator=image.generator,
            label=image.label,
            condition=condition,
            log_odds=examiner.log_odds(shown),
            real_class=image.real_class,
            height=height,
            width=width,
            jpeg_quality=shown.jpeg_quality,
        )


def _dice(sha256: str, condition: str) -> np.random.Generator:
    """Return what a picture's condition is drawn with: the same every time."""
    digest = hashlib.sha256(f"{condition}\n{sha256}".encode("utf-8", "surrogateescape")).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def drop_torn_line(file: Path) -> None:
    """Cut what an interrupted run left of its last line, so that the next one stands alone."""
    if not file.exists():
        return
    whole = file.read_bytes()
    if whole and not whole.endswith(b"\n"):
        file.write_bytes(whole[: whole.rfind(b"\n") + 1])


def read_rows(file: Path) -> Iterator[Row]:
    """Read what ``measure`` wrote.

    Raises:
        InputError: a line is no row.
    """
    with file.open(encoding="utf-8") as lines:
        for n, line in enumerate(lines, 1):
            try:
                yield Row(**json.loads(line))
            except (ValueError, TypeError) as e:
                raise InputError(
                    f"Line {n} of {file} is no measured picture ({e}): take the line out."
                ) from e


def judge(rows: Sequence[Row], readings: Readings, *, triage: bool = False) -> list[Judged]:
    """Return the verdicts that a user of these readings would get.

    Args:
        rows: measured pictures.
        readings: frozen; fitted elsewhere.
        triage: judge as the fast path does, by the probe alone.

    Returns:
        One each row, same order. Outside the validated range a verdict is inconclusive; rows that
        do not say how large the picture was count as inside.
    """
    judged = []
    for row in rows:
        known = row.height is not None and row.width is not None
        inside = readings.validated
        height, width = row.height or inside.min_side_px, row.width or inside.min_side_px
        condition = Condition(
            jpeg_quality=row.jpeg_quality, megapixels=height * width / 1e6 if known else 0.0
        )
        log_odds = {"artifact": row.log_odds["probe"], **row.log_odds} if triage else row.log_odds
        verdict = decide(readings, log_odds, condition, min(height, width), triage=triage)
        judged.append(Judged(row=row, p=verdict.p_ai, outcome=verdict.outcome))
    return judged


class _Progress:
    """Says how many pictures are done and how long the rest will take."""

    def __init__(self, total: int, log: Log) -> None:
        self._total, self._log = total, log
        self._done, self._begin = 0, time.monotonic()

    def step(self) -> None:
        self._done += 1
        if self._done % LOG_EVERY and self._done != self._total:
            return
        left_s = (time.monotonic() - self._begin) / self._done * (self._total - self._done)
        self._log(f"measured {self._done}/{self._total}, {left_s / 60:.1f} min left")
