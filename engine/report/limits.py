"""What one result cannot say."""

from __future__ import annotations

from engine.images.limits import NOT_ALL
from engine.types import Examination, Outcome

_OF_THE_OTHERS = (
    "Nothing is said of the others here; one that was examined is an exhibit of its own."
)


def limitations(examination: Examination) -> tuple[str, ...]:
    """Return what an examination cannot say, a sentence or two each.

    Args:
        examination: the result, or the failure.
    """
    verdict = examination.verdict
    if verdict is None:
        return ("The file was not examined; nothing follows about its origin.",)
    by_outcome = {
        Outcome.AI: (
            "Real photographs are sometimes scored this high: strong noise reduction, night "
            "modes, beauty filters, AI upscaling, repeated compression and screenshots are known "
            "causes."
        ),
        Outcome.REAL: (
            "Generators that the model was not trained on, small altered places, and pictures "
            "that were printed, photographed or compressed again can pass without a sign."
        ),
        Outcome.INCONCLUSIVE: (
            "The measurements support neither proposition; other evidence has to decide."
        ),
    }
    lines = [by_outcome[verdict.outcome]]
    if not verdict.in_validated_range:
        lines.append(
            "The picture's size or compression lies outside the range where error rates were "
            "measured."
        )
    if examination.heatmap is not None or examination.heatmap_file is not None:
        lines.append(
            "The heat map shows what sets places apart from the rest of this picture, not what the "
            "verdict rests on. "
            "A bright place is not proof that this place was altered."
        )
    else:
        lines.append("No heat map is stored for this exhibit.")
    lines += [f"{note} {_OF_THE_OTHERS}" for note in examination.notes if NOT_ALL in note]
    if verdict.read_outs.both is None:
        lines.append(
            "This is a triage result: the language model took no part, and the error rates of "
            "a full examination do not apply."
        )
    if not examination.explanation:
        lines.append("No explanation was written for this exhibit.")
    lines.append(
        "The examination covers generation by AI. Staging, false captions and cuts made by "
        "hand are outside it."
    )
    return tuple(lines)
