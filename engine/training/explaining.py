"""Whether explanations are true: on composites of sources that nothing was trained on.

A composite's mask says which place was generated, so a named place can be right or wrong. Each
picture is explained three times: by the language model, without it, and by the language model
given another picture's findings, which its text then has to follow.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.training.composites import Composite
from engine.training.evaluate import Log, as_image, drop_torn_line
from engine.types import Outcome, Region, Sentence
from engine.vrm.checking import objections, stance
from engine.vrm.claims import MAP, rendered
from engine.vrm.ground import Ground, ground_of
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.places import PLACES, third
from engine.vrm.trace_claims import STANDOUT

LOG_EVERY = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A place that an explanation names, against the mask."""

    analyser: str
    """Whose place it is: the heat map's, or the one that differs most."""
    generated: float
    """Share of the place's pixels that were generated."""
    centred: float
    """The same of a place of this size in the picture's centre."""
    third: tuple[int, int]
    """(row, column) of the third that is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """What one picture says of its explanations."""

    sha256: str
    """Of the photograph."""
    source: str
    edited: bool
    """Whether a part was generated; the rest of the fields are empty of untouched photographs."""
    score: float | None
    """How unevenly the picture's places lie."""
    outcome: str = ""
    """The verdict."""
    written: int = 0
    """Sentences of the language model."""
    dropped: int = 0
    """Of these, refused by the check."""
    stances: int = 0
    """Sentences, of the model and rendered, that assert an outcome."""
    agreeing: int = 0
    """Of these, that assert the verdict's."""
    language_ms: float = 0.0
    """Wall time of writing and checking."""
    named: tuple[Named, ...] = ()
    """Places the language model named."""
    rendered: tuple[Named, ...] = ()
    """Places named without it."""
    thirds: tuple[float, ...] = ()
    """Share of generated pixels of each third, in the order of `engine.vrm.places.PLACES`."""
    followed: int = 0
    """With another picture's findings: sentences that are true of those."""
    strayed: int = 0
    """With another picture's findings: sentences that are not."""
    own: int = 0
    """With another picture's findings: sentences that are true of this picture's own."""


def explain_composites(
    examiner: MiniExaminer, composites: Iterable[Composite], log: Log, *, kept: Kept
) -> list[Explained]:
    """Explain every composite; those that are kept are not explained again.

    Args:
        examiner: the loaded mini, with its head of places.
        composites: edited or untouched, in one order.
        log: told how far it is.
        kept: what an interrupted run has made.
    """
    made: list[Explained] = []
    other: Ground | None = None
    for composite in composites:
        edited = bool(composite.mask.any())
        known = kept.get(composite.sha256, edited=edited)
        if known is None:
            if edited:
                known, other = _explained(examiner, composite, other)
            else:
                known = _untouched(examiner, composite)
            kept.add(known)
        made.append(known)
        if len(made) % LOG_EVERY == 0:
            log(f"explained: {len(made)}")
    return made


def _untouched(examiner: MiniExaminer, composite: Composite) -> Explained:
    return Explained(
        sha256=composite.sha256,
        source=composite.source,
        edited=False,
        score=examiner.unevenness(as_image(composite.pixels)),
    )


def _explained(
    examiner: MiniExaminer, composite: Composite, other: Ground | None
) -> tuple[Explained, Ground]:
    """Return what a composite says, and its own findings for the next one's control."""
    image = as_image(composite.pixels)
    size = (image.pixels.shape[0], image.pixels.shape[1])
    reading = examiner.examine(image, explain=True, on_text=_silent, check=_go_on)
    ground = ground_of(reading.verdict, reading.findings, reading.heatmap, size, reading.locality)
    assert reading.writer is not None
    began = time.perf_counter()
    written = reading.writer(ground, on_text=_silent, check=_go_on)
    kept = [s for s in written if not objections(s, ground)]
    language_ms = 1000 * (time.perf_counter() - began)
    plain = rendered(ground)
    asserted = [(s, stance(s.text)) for s in (*kept, *plain)]
    asserted = [(s, said) for s, said in asserted if said is not None]
    of_other: tuple[Sentence, ...] = ()
    if other is not None:
        of_other = reading.writer(other, on_text=_silent, check=_go_on)
    followed = sum(not objections(s, other) for s in of_other) if other is not None else 0
    return (
        Explained(
            sha256=composite.sha256,
            source=composite.source,
            edited=True,
            score=reading.locality.score if reading.locality else None,
            outcome=str(reading.verdict.outcome),
            written=len(written),
            dropped=len(written) - len(kept),
            stances=len(asserted),
            agreeing=sum(said is reading.verdict.outcome for _, said in asserted),
            language_ms=language_ms,
            named=tuple(_named(kept, ground, composite.mask)),
            rendered=tuple(_named(plain, ground, composite.mask)),
            thirds=tuple(_thirds(composite.mask)),
            followed=followed,
            strayed=len(of_other) - followed,
            own=sum(not objections(s, ground) for s in of_other),
        ),
        ground,
    )


def _silent(_text: str) -> None:
    return None


def _go_on() -> None:
    return None


def _named(
    sentences: Sequence[Sentence], ground: Ground, mask: NDArray[np.bool_]
) -> Iterator[Named]:
    """Yield every place that sentences name, against the mask."""
    by_id = {finding.id: finding.analyser for finding in ground.findings}
    for sentence in sentences:
        for region in sentence.regions:
            analyser = by_id[sentence.cites[0]]
            if analyser in (MAP, STANDOUT):
                yield Named(
                    analyser=analyser,
                    generated=_share(mask, region),
                    centred=_share(mask, _in_centre(region, ground.size)),
                    third=third(region, ground.size),
                )


def _share(mask: NDArray[np.bool_], region: Region) -> float:
    inside = mask[region.y : region.y + region.h, region.x : region.x + region.w]
    return float(inside.mean())


def _in_centre(region: Region, size: tuple[int, int]) -> Region:
    """Return a place of the same size in the middle of the picture."""
    return replace(region, x=(size[1] - region.w) // 2, y=(size[0] - region.h) // 2)


def _thirds(mask: NDArray[np.bool_]) -> Iterator[float]:
    height, width = mask.shape
    for row, column in PLACES:
        part = mask[
            row * height // 3 : (row + 1) * height // 3,
            column * width // 3 : (column + 1) * width // 3,
        ]
        yield float(part.mean())


class Kept:
    """Explained pictures in a file, so that an interrupted run goes on where it was.

    Args:
        file: JSON lines, made when the first is added.
        model: identity of the weights; lines of other weights are left alone.
    """

    def __init__(self, file: Path, model: str) -> None:
        self._file, self._model = file, model
        self._known: dict[tuple[str, bool], Explained] = {}
        if not file.exists():
            return
        drop_torn_line(file)
        with file.open(encoding="utf-8") as lines:
            for line in lines:
                body = json.loads(line)
                if body.pop("model") == model:
                    made = _from_json(body)
                    self._known[made.sha256, made.edited] = made

    def get(self, sha256: str, *, edited: bool) -> Explained | None:
        """Return what is known of a photograph, edited or untouched; None when nothing is."""
        return self._known.get((sha256, edited))

    def add(self, made: Explained) -> None:
        """Keep a picture."""
        self._known[made.sha256, made.edited] = made
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._file.open("a", encoding="utf-8") as out:
            out.write(json.dumps({"model": self._model, **asdict(made)}) + "\n")


def _from_json(body: dict[str, Any]) -> Explained:
    places = {
        name: tuple(Named(**{**one, "third": tuple(one["third"])}) for one in body[name])
        for name in ("named", "rendered")
    }
    return Explained(**{**body, **places, "thirds": tuple(body["thirds"])})


OUTCOMES = tuple(str(outcome) for outcome in Outcome)
