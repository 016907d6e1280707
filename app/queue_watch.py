"""Joins the queue with the bottom line, the list of failures, and the notice at the end."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from app.arranging import Show
from app.exhibits import State
from app.notice import Notice
from app.session import Session
from app.style import Theme
from app.widgets.bottom_bar import BottomBar, duration_text
from app.widgets.failures import FailuresDialog
from engine.job import Progress
from engine.scan_types import ScanSummary


class QueueWatch(QObject):
    """Shows how the queue is doing, and does what is asked for there.

    Args:
        session: the open case.
        bottom: the bottom line.
        notice: tells of the end.
        theme: measures.
        window: what dialogs belong to.
    """

    exhibit_asked = Signal(object)
    """The path of an exhibit that is to be examined."""

    def __init__(
        self,
        *,
        session: Session,
        bottom: BottomBar,
        notice: Notice,
        theme: Theme,
        window: QWidget,
    ) -> None:
        super().__init__(window)
        self._session, self._bottom, self._notice = session, bottom, notice
        self._theme, self._window = theme, window
        queue = session.queue
        session.progressed.connect(self._show_progress)
        session.running_changed.connect(self.update)
        session.model.counted.connect(self.update)
        queue.finished.connect(self._tell_end)
        session.case_changed.connect(bottom.forget_end)
        bottom.stop_asked.connect(session.stop)
        bottom.pause_asked.connect(self.pause)
        bottom.failures_asked.connect(self.show_failures)
        self.update()

    def pause(self) -> None:
        """Let the scan wait, or go on."""
        queue = self._session.queue
        if queue.paused:
            queue.resume()
        else:
            queue.pause()

    def update(self) -> None:
        """Show the counts and what runs."""
        model, session, queue = self._session.model, self._session, self._session.queue
        done, failed = model.count(State.DONE), model.count(State.FAILED)
        self._bottom.show_counts(done, failed, model.total)
        self._bottom.show_running(session.busy, session.stopping)
        self._bottom.show_pause(running=queue.running and not queue.stopping, paused=queue.paused)

    def show_failures(self) -> None:
        """Show what was not examined, and why."""
        failed = self._session.model.in_state(State.FAILED)
        dialog = FailuresDialog(failed, self._theme, self._window)
        dialog.can_retry(self._session.can_write)
        dialog.chosen.connect(self.exhibit_asked)
        dialog.retry_asked.connect(self._session.retry)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_progress(self, progress: Progress) -> None:
        model = self._session.model
        remaining = model.count(State.WAITING) + model.count(State.EXAMINING)
        self._bottom.show_progress(progress, remaining)

    def _tell_end(self, summary: ScanSummary) -> None:
        model = self._session.model
        parts = [
            self.tr("{count} examined in {time}").format(
                count=f"{summary.done + summary.skipped:,}", time=duration_text(summary.elapsed_s)
            )
        ]
        if summary.failed:
            parts.append(self.tr("{count} failed").format(count=f"{summary.failed:,}"))
        words = " · ".join(parts)
        self._bottom.show_end(words)
        bands = self.tr(
            "In the case now: {ai} likely AI, {open} inconclusive, {real} without a sign."
        ).format(
            ai=f"{model.tally(Show.AI):,}",
            open=f"{model.tally(Show.INCONCLUSIVE):,}",
            real=f"{model.tally(Show.REAL):,}",
        )
        self._notice.tell(self.tr("The scan has ended"), f"{words}. {bands}")
