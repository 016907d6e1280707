"""Stand-ins that behave like the real parts, small enough to be understood at a glance."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable, Sequence
from functools import partial
from threading import current_thread
from typing import Any

import numpy as np

from engine.errors import InputError
from engine.rest_types import Occlusion
from engine.types import (
    Condition,
    Elapsed,
    Examination,
    FileFacts,
    Finding,
    HeatMap,
    Image,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    Sentence,
    Settings,
    Status,
    Verdict,
)
from engine.vrm.examiner import Reading, Shown
from engine.vrm.occlusion import MEAN, Asked, Tell, occlude
from engine.vrm.readouts import Calibration
from engine.vrm.squares import middle_square, view_pixels

GRID = 8
FAKE_SHA256 = hashlib.sha256(b"fake weights").hexdigest()


class FakeExaminer:
    """Judges by colour: red pictures are "ai", blue ones "real", grey ones "inconclusive".

    The same pixels always give the same reading. The heat map is the brightness of an
    8 x 8 grid; cells that are all white are not valid.

    Args:
        triage: answer as the fast path does, without any explanation.
        before: called with each picture before it is judged; may block or raise.
        sha256: hash the model claims to have.
        at_once: how many pictures it lets be judged at the same time.
    """

    def __init__(
        self,
        *,
        triage: bool = False,
        before: Callable[[Image], None] | None = None,
        sha256: str = FAKE_SHA256,
        at_once: int = 1,
    ) -> None:
        self.triage = triage
        self.before = before
        self.seen: list[str] = []
        """Paths in the order in which they were judged."""
        self._sha256 = sha256
        self.at_once = at_once

    @property
    def info(self) -> ModelInfo:
        return ModelInfo(
            name="fake",
            sha256=self._sha256,
            injection_layer=None if self.triage else 17,
            fusion=None if self.triage else "gated",
            device="cpu",
            dtype="float32",
            prompt_sha256=None if self.triage else hashlib.sha256(b"fake prompt").hexdigest(),
        )

    def examine(
        self,
        image: Image,
        *,
        explain: bool,
        on_text: Callable[[str], None],
        check: Callable[[], None],
    ) -> Reading:
        check()
        self.seen.append(image.facts.path)
        if self.before is not None:
            self.before(image)
        height, width, _ = image.pixels.shape
        if min(height, width) < 32:
            raise InputError(f"{width} x {height} px is too small.", kind="too_small")
        red, _, blue = image.pixels.reshape(-1, 3).mean(axis=0) / 255
        z = float(6.0 * (red - blue))
        explanation = self._explain(image, z, on_text, check) if explain and not self.triage else ()
        return Reading(
            verdict=_verdict(z, triage=self.triage),
            condition=Condition(
                jpeg_quality=image.jpeg_quality, megapixels=height * width / 1e6, resized=None
            ),
            heatmap=_heatmap(image),
            explanation=explanation,
            dropped_sentences=1 if explanation else 0,
            findings=(
                Finding(
                    id="M1",
                    analyser="fake.redness",
                    version="1",
                    status=Status.INFERRED,
                    value=round(z, 6),
                    unit="log-odds",
                    regions=(Region(x=0, y=0, w=width // 2, h=height // 2),),
                    reason="The left upper quarter looks redder than the rest.",
                    source="tests/fakes.py",
                ),
            ),
            elapsed=Elapsed(artifact=1.0, semantic=2.0, language=3.0 if explanation else 0.0),
        )

    def occlude(self, image: Image, tell: Tell, fill: str = MEAN) -> Occlusion:
        """Redness of the middle square, asked as the real examiners ask."""
        box = middle_square(*image.pixels.shape[:2])
        asked = Asked(
            boxes=(box,),
            views=view_pixels(image.pixels, box, 28)[None],
            log_odds=lambda views: (
                6.0 * np.subtract(*(views[..., c].mean(axis=(1, 2)) / 255 for c in (0, 2)))
            ),
        )
        one = Calibration(weights={"probe": 1.0}, bias=0.0, low=0.3, high=0.7, fitted_on="nothing")
        return occlude(asked, image, one, model=self.info, triage=self.triage, tell=tell, fill=fill)

    def _explain(
        self, image: Image, z: float, on_text: Callable[[str], None], check: Callable[[], None]
    ) -> tuple[Sentence, ...]:
        height, width, _ = image.pixels.shape
        quarter = Region(x=0, y=0, w=width // 2, h=height // 2)
        opposite = Region(x=width // 2, y=height // 2, w=width // 2, h=height // 2)
        colour = "red" if z > 0 else "blue"
        sentences = (
            Sentence(text=f"The picture is rather {colour}.", cites=("M1",)),
            Sentence(text="The left upper quarter stands out.", cites=("M1",), regions=(quarter,)),
            Sentence(text="The opposite corner is calm.", regions=(opposite,)),
        )
        for sentence in sentences:
            for word in sentence.text.split():
                check()
                on_text(word + " ")
        return sentences


def fake_factory(model: str, device: str, triage: bool) -> FakeExaminer:
    """Stand in for `engine.api.load_examiner`."""
    return FakeExaminer(triage=triage)


def fake_examination(
    path: str = "photo.png",
    *,
    colour: tuple[int, int, int] = (220, 40, 30),
    height: int = 64,
    width: int = 96,
    triage: bool = False,
) -> Examination:
    """Return what `FakeExaminer` finds in a picture of one colour, heat map in memory."""
    pixels = np.full((height, width, 3), colour, dtype=np.uint8)
    data = pixels.tobytes()
    facts = FileFacts(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        sha1=hashlib.sha1(data).hexdigest(),
        md5=hashlib.md5(data).hexdigest(),
        bytes=len(data),
        format="PNG",
        width=width,
        height=height,
    )
    examiner = FakeExaminer(triage=triage)
    reading = examiner.examine(
        Image(facts=facts, pixels=pixels),
        explain=not triage,
        on_text=lambda _text: None,
        check=lambda: None,
    )
    return Examination(
        facts=facts,
        verdict=reading.verdict,
        condition=reading.condition,
        explanation=reading.explanation,
        dropped_sentences=reading.dropped_sentences,
        findings=reading.findings,
        heatmap=reading.heatmap,
        model=examiner.info,
        elapsed=reading.elapsed,
        examined_utc="2026-01-02T03:04:05+00:00",
        notes=("Turned upright by EXIF orientation 6.",),
        tool_version="0.0.0",
        settings=Settings(explain=not triage, triage=triage),
    )


def _verdict(z: float, *, triage: bool) -> Verdict:
    p_ai = 1.0 / (1.0 + math.exp(-z))
    if p_ai >= 0.7:
        outcome, reason = Outcome.AI, "The picture is red."
    elif p_ai <= 0.3:
        outcome, reason = Outcome.REAL, "The picture is blue."
    else:
        outcome, reason = Outcome.INCONCLUSIVE, "The picture is neither red nor blue."
    return Verdict(
        outcome=outcome,
        p_ai=p_ai,
        band_reason=reason,
        in_validated_range=True,
        read_outs=ReadOuts(
            both=None if triage else z, semantic=None if triage else z / 2, artifact=z / 4
        ),
    )


def _heatmap(image: Image) -> HeatMap:
    height, width, _ = image.pixels.shape
    grey = image.pixels.mean(axis=2)
    rows = np.array_split(grey, GRID, axis=0)
    cells = np.array(
        [[cell.mean() for cell in np.array_split(row, GRID, axis=1)] for row in rows],
        dtype=np.float32,
    )
    valid = cells < 255
    cells /= 255
    cells.setflags(write=False)
    valid.setflags(write=False)
    return HeatMap(
        cells=cells,
        valid=valid,
        cell_px=(height / GRID, width / GRID),
        method="brightness of the cell",
    )


class FakeBatchExaminer(FakeExaminer):
    """Judges as `FakeExaminer` does, several pictures a run.

    Args:
        batch: how many it asks for.
        others: as of `FakeExaminer`.
    """

    def __init__(self, *, batch: int, **others: Any) -> None:
        super().__init__(**others)
        self.batch = batch
        self.runs: list[int] = []
        """How many pictures each run had."""
        self.given: list[Shown | None] = []
        """What each picture was given as."""
        self.shown_on: list[str] = []
        """Threads that pictures were made ready on."""

    def show(self, image: Image) -> Shown | None:
        """Name the thread; small pictures cannot be examined."""
        if min(image.pixels.shape[:2]) < 32:
            return None
        self.shown_on.append(current_thread().name)
        return {"pixels": image.pixels}  # what a model makes of it is its own

    def examine_many(
        self,
        images: Sequence[Image],
        shown: Sequence[Shown | None] = (),
        *,
        explain: bool,
        on_text: Callable[[int, str], None],
        check: Callable[[], None],
    ) -> tuple[Reading | InputError, ...]:
        self.runs.append(len(images))
        self.given.extend(shown)
        found: list[Reading | InputError] = []
        for i, image in enumerate(images):
            try:
                found.append(
                    self.examine(image, explain=explain, on_text=partial(on_text, i), check=check)
                )
            except InputError as error:
                found.append(error)
        return tuple(found)
