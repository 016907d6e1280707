"""One file of the open case as the window shows it, and its short texts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QCoreApplication

from engine.case_types import ExhibitState
from engine.types import Condition, Examination, Extent, Outcome, Status, short_name

GENERATOR_ANALYSERS = ("generator.", "label.")
"""Analysers of provenance whose findings name what made a picture begin like this."""

NONE = "none"
"""Value of a finding that says something looked for is not there."""


class State(StrEnum):
    """Where a file stands."""

    WAITING = "waiting"
    EXAMINING = "examining"
    DONE = "done"
    FAILED = "failed"


@dataclass(slots=True, kw_only=True)
class Exhibit:
    """One file of the open set."""

    path: str
    """What is examined, as the engine names it: the file itself, or its working copy."""
    name: str
    """Name of the file that was taken in; what cannot be printed is replaced."""
    number: int | None = None
    """Exhibit number of the case; None for a file that could not be taken in."""
    sha256: str | None = None
    """Of the bytes that were taken in; None when unknown."""
    file_state: ExhibitState = ExhibitState.NOT_CHECKED
    """Whether the bytes are still those that were taken in."""
    state: State = State.WAITING
    examination: Examination | None = None
    """Set when done or failed; its heat map is on disk."""
    stars: int = 0
    """Rating of the examiner, 0..5; 0 is none."""
    tags: tuple[str, ...] = ()
    """Set by the examiner, sorted."""
    near: int | None = None
    """Number of its group of near-duplicates; None when it has none."""
    cameras: tuple[str, ...] = ()
    """SHA-256 of the fingerprints of cameras whose pattern is in it, as far as was compared."""
    folder: str = ""
    """Where it lay when it was taken in; what cannot be printed is replaced."""
    _named: tuple[Examination | None, str] = (None, "")
    """The examination whose findings were looked through last, and the generator they name."""

    @property
    def outcome(self) -> Outcome | None:
        """The verdict's outcome; None when there is no verdict."""
        verdict = self.examination.verdict if self.examination else None
        return verdict.outcome if verdict else None

    @property
    def p_ai(self) -> float | None:
        """Calibrated probability 0..1; None when there is no verdict."""
        verdict = self.examination.verdict if self.examination else None
        return verdict.p_ai if verdict else None

    @property
    def edited(self) -> bool:
        """Whether a trace with measured error rates says that a part was edited."""
        locality = self.examination.locality if self.examination else None
        return locality is not None and locality.extent is Extent.LOCAL

    @property
    def in_range(self) -> bool | None:
        """Whether it lies where error rates were measured; None when there is no verdict."""
        verdict = self.examination.verdict if self.examination else None
        return verdict.in_validated_range if verdict else None

    @property
    def condition(self) -> Condition | None:
        """The state the picture arrived in; None when there is no verdict."""
        return self.examination.condition if self.examination else None

    @property
    def generator(self) -> str:
        """What its provenance says made it; empty when it says nothing."""
        # Sorting asks ten thousand exhibits at once, each of which has some thirty findings.
        if self._named[0] is not self.examination:
            self._named = (self.examination, generator_of(self.examination))
        return self._named[1]

    def warm_up(self) -> None:
        """Find out now what sorting ten thousand rows would ask of each."""
        _ = self.generator


def generator_of(examination: Examination | None) -> str:
    """Return what the file's texts and labels name as its maker; empty when they name none."""
    if examination is None:
        return ""
    for prefix in GENERATOR_ANALYSERS:
        for finding in examination.findings:
            if (
                finding.analyser.startswith(prefix)
                and finding.status is Status.OBSERVED
                and isinstance(finding.value, str)
                and finding.value != NONE
            ):
                return printable(finding.value)
    return ""


def display_name(path: str) -> str:
    """Return the last part of a path with everything unprintable replaced.

    Args:
        path: may hold line breaks and bytes kept by surrogateescape.
    """
    return printable(short_name(path))


def printable(text: str) -> str:
    """Return text with everything that cannot be shown replaced, line breaks too.

    Args:
        text: may hold bytes kept by surrogateescape, which Qt's strings would drop.
    """
    return "".join(character if character.isprintable() else "\ufffd" for character in text)


def p_text(p_ai: float) -> str:
    """Return a probability for a narrow column, never as certain: ``".97"``, ``"> .99"``.

    Args:
        p_ai: 0..1.
    """
    hundredths = round(p_ai * 100)
    if hundredths >= 100:
        return "> .99"
    if hundredths < 1:
        return "< .01"
    return f".{hundredths:02d}"


def state_text(exhibit: Exhibit) -> str:
    """Return the words beside a file that has no verdict."""
    words = {
        State.WAITING: QCoreApplication.translate("Exhibits", "waiting"),
        State.EXAMINING: QCoreApplication.translate("Exhibits", "being examined …"),
        State.DONE: QCoreApplication.translate("Exhibits", "examined"),
        State.FAILED: QCoreApplication.translate("Exhibits", "not examined"),
    }
    return words[exhibit.state]


def condition_text(exhibit: Exhibit) -> str:
    """Return format, JPEG quality and size, such as ``"JPEG 92 · 12.2 MP"``; empty if unknown."""
    examination = exhibit.examination
    if examination is None or examination.facts.format is None:
        return ""
    parts = [printable(examination.facts.format)]
    condition = examination.condition
    if condition is not None:
        if condition.jpeg_quality is not None:
            parts[0] += f" {condition.jpeg_quality}"
        parts.append(
            QCoreApplication.translate("Exhibits", "{size} MP").format(
                size=_megapixels(condition.megapixels)
            )
        )
    return " · ".join(parts)


def band_name(outcome: Outcome | None) -> str:
    """Return a band in the window's language; None is a file that was not examined."""
    words = {
        Outcome.AI: QCoreApplication.translate("Exhibits", "likely AI"),
        Outcome.INCONCLUSIVE: QCoreApplication.translate("Exhibits", "inconclusive"),
        Outcome.REAL: QCoreApplication.translate("Exhibits", "no sign found"),
        None: QCoreApplication.translate("Exhibits", "not examined"),
    }
    return words[outcome]


def verdict_words(exhibit: Exhibit) -> str:
    """Return what a narrow column says of an examined file.

    A verdict speaks of the whole picture. Where it finds no sign and a part was edited, its words
    alone would reassure wrongly; the mark and the number beside them stay the verdict's.
    """
    if exhibit.edited and exhibit.outcome is not Outcome.AI:
        return _edited_words()
    return band_name(exhibit.outcome)


def _edited_words() -> str:
    return QCoreApplication.translate("Exhibits", "edited in part")


def said(exhibit: Exhibit) -> str:
    """Return the verdict, or where the file stands, in a few words."""
    if exhibit.outcome is None or exhibit.p_ai is None:
        return state_text(exhibit)
    words = f"{band_name(exhibit.outcome)}, p {p_text(exhibit.p_ai)}"
    return f"{words}, {_edited_words()}" if exhibit.edited else words


def tip(exhibit: Exhibit) -> str:
    """Return what is shown when the pointer rests on a file."""
    failure = exhibit.examination.failure if exhibit.examination else None
    lines = [printable(exhibit.path), said(exhibit)]
    if exhibit.in_range is False:
        lines.append(
            QCoreApplication.translate("Exhibits", "Outside what error rates were measured on.")
        )
    if exhibit.generator:
        lines.append(
            QCoreApplication.translate("Exhibits", "Its metadata name {generator}.").format(
                generator=exhibit.generator
            )
        )
    if failure:
        lines.append(printable(failure.message))
    return "\n".join(lines)


def _megapixels(size: float) -> str:
    return f"{size:.0f}" if size >= 10 else f"{size:.1f}" if size >= 0.1 else f"{size:.2f}"
