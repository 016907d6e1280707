"""Comparisons with a camera's fingerprint in words."""

from __future__ import annotations

from engine.report.wording import printable
from engine.trace_types import CameraAnswer, Comparison, ComparisonSummary

ANSWERS = {
    CameraAnswer.SHOWN: "shown",
    CameraAnswer.NOT_SHOWN: "not found",
    CameraAnswer.BEHIND: "behind it",
    CameraAnswer.UNDECIDED: "cannot tell",
    CameraAnswer.FAILED: "failed",
}
"""Each answer in a word or two."""


def comparison_line(comparison: Comparison, threshold: float) -> str:
    """Return a comparison as a line of text: answer, PCE against the threshold, name, details.

    Args:
        comparison: of one picture.
        threshold: PCE from which the pattern counts as shown.
    """
    value = ""
    if comparison.pce is not None:
        sign = "≥" if comparison.pce >= threshold else "<"
        value = f"PCE {pce_text(comparison.pce)} {sign} {threshold:g}"
    number = "" if comparison.exhibit is None else f"exhibit {comparison.exhibit}  "
    line = f"{ANSWERS[comparison.answer]:<12}{value:<18}  {number}{printable(comparison.path)}"
    return f"{line}  {details}" if (details := comparison_details(comparison)) else line


def pce_text(pce: float) -> str:
    """Return a PCE with one decimal; what rounds to 0 has no sign."""
    return f"{pce:,.1f}" if abs(pce) >= 0.05 else "0.0"


def comparison_details(comparison: Comparison) -> str:
    """Return what else there is to say of a comparison: place of a cut, or why it is no answer.

    Args:
        comparison: of one picture.
    """
    told = []
    if comparison.is_cut and comparison.shift is not None:
        down, across = comparison.shift
        told.append(f"cut, its corner {across} px from the left, {down} px from the top")
    if comparison.missing:
        count = len(comparison.missing)
        told.append(f"missing in {count} {'place' if count == 1 else 'places'}")
    if comparison.answer not in (CameraAnswer.SHOWN, CameraAnswer.NOT_SHOWN):
        told.append(printable(comparison.reason))
    if comparison.earlier:
        told.append(f"compared {comparison.compared_utc[:10]}")
    return "; ".join(each for each in told if each)


def counts_text(summary: ComparisonSummary) -> str:
    """Return how many pictures had which answer: a sentence.

    Args:
        summary: of comparisons with one camera.
    """
    parts = [
        f"the camera's pattern is in {summary.shown:,}",
        f"was not found in {summary.not_shown:,}",
    ]
    others = (
        (summary.undecided, "cannot be told"),
        (summary.behind, "are behind the fingerprint"),
        (summary.failed, "failed"),
    )
    parts += [f"{count:,} {words}" for count, words in others if count]
    pictures = "picture" if summary.total == 1 else "pictures"
    earlier = f" Compared before: {summary.earlier:,}." if summary.earlier else ""
    return f"{summary.total:,} {pictures}: {', '.join(parts)}.{earlier}"


def measured_text(summary: ComparisonSummary) -> str:
    """Return what the limit of false acceptances rests on: half a sentence.

    Args:
        summary: of comparisons with one camera.
    """
    return (
        f"{summary.measured_false} of {summary.measured_trials:,} comparisons with wrong cameras "
        "reached the threshold, on synthetic sensors and pictures of 256 px; real cameras of one "
        "model share more and were not measured"
    )


def family_text(summary: ComparisonSummary) -> str:
    """Return how likely a false acceptance among so many comparisons is, as far as was measured.

    Args:
        summary: of comparisons with one camera.
    """
    if not summary.correlated:
        return "No picture could be compared."
    measured = measured_text(summary)
    many = f"{summary.correlated:,} {'picture' if summary.correlated == 1 else 'pictures'}"
    if summary.false_most is None:
        return (
            f"Among {many} compared, the chance of at least one false acceptance has no limit that "
            f"was measured: {measured}."
        )
    return (
        f"Among {many} compared, the chance of at least one false acceptance is at most "
        f"{summary.false_most:.2g} at 95 % confidence ({measured})."
    )
