"""The explanation of a reading, once the findings of every analyser are known."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from engine.types import ExplanationKind, Finding
from engine.vrm.checking import checked
from engine.vrm.claims import rendered
from engine.vrm.examiner import Reading
from engine.vrm.ground import ground_of


def explained(
    reading: Reading,
    facts: tuple[Finding, ...],
    size: tuple[int, int],
    *,
    on_text: Callable[[str], None],
    check: Callable[[], None],
) -> Reading:
    """Return a reading with its explanation.

    Where the model can explain, its sentences are checked and those that fail are counted; where
    it cannot, or none is left, the explanation is rendered from the same findings. The verdict is
    done by then: facts of provenance reach the text, never the probability.

    Args:
        reading: of one picture; one that has sentences already is left as it is.
        facts: findings of the other analysers.
        size: (height, width) of the picture, px.
        on_text: called with each new piece of generated text.
        check: called between steps; raises Cancelled.

    Raises:
        Cancelled: raised by ``check``.
    """
    if reading.explanation:
        return reading
    began = time.perf_counter()
    ground = ground_of(
        reading.verdict, (*facts, *reading.findings), reading.heatmap, size, reading.locality
    )
    written = reading.writer(ground, on_text=on_text, check=check) if reading.writer else ()
    kept, dropped = checked(written, ground)
    kind = ExplanationKind.GENERATED
    language_ms = reading.elapsed.language
    if written:
        language_ms += 1000 * (time.perf_counter() - began)
    if not kept:
        kind = ExplanationKind.RENDERED
        kept, _ = checked(rendered(ground), ground)
    return replace(
        reading,
        explanation=kept,
        dropped_sentences=reading.dropped_sentences + len(dropped),
        explanation_kind=kind,
        elapsed=replace(reading.elapsed, language=round(language_ms, 3)),
        writer=None,
    )
