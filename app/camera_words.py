"""Comparisons with a camera in the window's language."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.row import printable
from engine.trace_types import CameraAnswer, Comparison, ComparisonSummary


def answer_words(answer: CameraAnswer) -> str:
    """Return an answer in a word or two."""
    words = {
        CameraAnswer.SHOWN: QCoreApplication.translate("Comparisons", "found"),
        CameraAnswer.NOT_SHOWN: QCoreApplication.translate("Comparisons", "not found"),
        CameraAnswer.BEHIND: QCoreApplication.translate("Comparisons", "made of it"),
        CameraAnswer.UNDECIDED: QCoreApplication.translate("Comparisons", "cannot be told"),
        CameraAnswer.FAILED: QCoreApplication.translate("Comparisons", "could not be read"),
    }
    return words[answer]


def details_words(comparison: Comparison) -> str:
    """Return the place of a cut, where the pattern is missing, or why there is no answer."""
    parts = []
    if comparison.is_cut and comparison.shift is not None:
        down, across = comparison.shift
        parts.append(
            QCoreApplication.translate("Comparisons", "cut, corner at {x}, {y} px").format(
                x=across, y=down
            )
        )
    if comparison.missing:
        parts.append(
            QCoreApplication.translate("Comparisons", "missing in places: {count}").format(
                count=len(comparison.missing)
            )
        )
    if comparison.answer in (CameraAnswer.UNDECIDED, CameraAnswer.FAILED):
        parts.append(printable(comparison.reason))
    return " · ".join(parts)


def limit_words(summary: ComparisonSummary) -> str:
    """Return the limit of a false acceptance among so many, in a few words.

    Args:
        summary: of at least one comparison.
    """
    if summary.false_most is None:
        return QCoreApplication.translate(
            "Comparisons", "Chance of a false match: no measured limit for so many"
        )
    return QCoreApplication.translate(
        "Comparisons", "Chance of a false match among these: at most {limit} (95 %)"
    ).format(limit=_share(summary.false_most))


def family_words(summary: ComparisonSummary) -> str:
    """Return how likely a false acceptance among so many is, as far as was measured.

    Args:
        summary: of at least one comparison.
    """
    measured = QCoreApplication.translate(
        "Comparisons",
        "{false} of {trials} comparisons with wrong cameras reached the threshold, on synthetic "
        "sensors; real cameras of one model were not measured",
    ).format(false=summary.measured_false, trials=f"{summary.measured_trials:,}")
    if summary.false_most is None:
        return QCoreApplication.translate(
            "Comparisons",
            "Among {count} compared, the chance of at least one false acceptance has no limit "
            "that was measured ({measured}).",
        ).format(count=f"{summary.correlated:,}", measured=measured)
    return QCoreApplication.translate(
        "Comparisons",
        "Among {count} compared, the chance of at least one false acceptance is at most "
        "{limit} at 95 % confidence ({measured}).",
    ).format(count=f"{summary.correlated:,}", limit=_share(summary.false_most), measured=measured)


def _share(share: float) -> str:
    """Return a share below 1 with two digits that count, without the zero before the point."""
    return f"{share:.2g}".removeprefix("0")
