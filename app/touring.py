"""What the first tour shows, and when: with the samples, once, and whenever it is asked for."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.exhibits import State
from app.places.examine import ExaminePlace
from app.session import Session
from app.settings import Place, Settings
from app.style import Theme
from app.widgets.header import Header
from app.widgets.tour import Stop, Tour


class Touring(QObject):
    """Leads through the window.

    Args:
        window: what the tour covers.
        go: brings a place into sight.
        header: its upper line.
        examine: its place for one exhibit.
        session: the open case.
        settings: whether the tour was seen.
        theme: measures and colours.
    """

    def __init__(
        self,
        window: QWidget,
        go: Callable[[Place], None],
        *,
        header: Header,
        examine: ExaminePlace,
        session: Session,
        settings: Settings,
        theme: Theme,
    ) -> None:
        super().__init__(window)
        self._window, self._go, self._header, self._examine = window, go, header, examine
        self._session, self._settings, self._theme = session, settings, theme
        self.shown: Tour | None = None
        """The tour while it runs."""
        self._due = False

    def start_with_samples(self) -> None:
        """Begin once the first sample is examined, unless it was seen before."""
        self._due = not self._settings.tour_seen
        if self._due:
            self._session.examined.connect(self._begin_when_due)

    def start(self) -> None:
        """Begin now."""
        if self.shown is None:
            self._go(Place.EXAMINE)
            self.shown = Tour(self._stops(), self._theme, self._window)
            self.shown.ended.connect(self._ended)
            self.shown.start()

    def _begin_when_due(self, _path: object) -> None:
        if self._due and self._session.model.count(State.DONE) > 0:
            self._due = False
            self._session.examined.disconnect(self._begin_when_due)
            self.start()

    def _ended(self) -> None:
        self._settings.tour_seen = True
        if self.shown is not None:
            self.shown.deleteLater()
            self.shown = None

    def _stops(self) -> tuple[Stop, ...]:
        """Through the columns of one exhibit, then to the places around it."""
        return (*self._looking(), *self._reading(), *self._going_on())

    def _looking(self) -> tuple[Stop, ...]:
        workspace = self._examine.workspace
        return (
            Stop(
                title=self.tr("Your exhibits"),
                text=self.tr(
                    "Every picture is an exhibit of a case, saved from the first one on. The shape "
                    "and the word tell its band; the number is the probability of AI."
                ),
                part=workspace.list,
            ),
            Stop(
                title=self.tr("The picture and its map"),
                text=self.tr(
                    "The heat map shows what sets each place apart from the rest of its picture, "
                    "on a fixed scale. Hatched places hold no evidence. Change how both are laid "
                    "together below the picture."
                ),
                part=workspace.picture,
            ),
        )

    def _reading(self) -> tuple[Stop, ...]:
        workspace = self._examine.workspace
        return (
            Stop(
                title=self.tr("The verdict"),
                text=self.tr(
                    "A band, a probability with its interval, and how often such a verdict is "
                    "wrong. Inconclusive is a result too. Read “How to read this” before you rely "
                    "on it."
                ),
                part=workspace.verdict,
            ),
            Stop(
                title=self.tr("Words and places"),
                text=self.tr(
                    "Point at a sentence and its place lights up. Each sentence names the findings "
                    "it rests on; what did not pass the checks was left out."
                ),
                part=workspace.explanation,
            ),
            Stop(
                title=self.tr("Findings"),
                text=self.tr(
                    "What the bytes say, what was computed, what a model thinks: kept apart. "
                    "“About this method” explains each of them, and where it fails."
                ),
                part=workspace.findings,
            ),
        )

    def _going_on(self) -> tuple[Stop, ...]:
        return (
            Stop(
                title=self.tr("From the case to the report"),
                text=self.tr(
                    "Case keeps custody and notes, Triage sorts many pictures, Report shows the "
                    "pages before they are written and checks them afterwards."
                ),
                part=self._header.switch,
            ),
        )
