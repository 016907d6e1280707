"""The bottom line: how far the queue is, how fast, how long still, and what failed."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton

from app.style import Theme
from engine.job import Progress


def duration_text(seconds: float) -> str:
    """Return a duration rounded for a person.

    Args:
        seconds: >= 0.
    """
    if seconds < 60:
        return QCoreApplication.translate("Duration", "{count} s").format(
            count=max(1, round(seconds))
        )
    if seconds < 3600:
        return QCoreApplication.translate("Duration", "{count} min").format(
            count=round(seconds / 60)
        )
    hours, minutes = divmod(round(seconds / 60), 60)
    return QCoreApplication.translate("Duration", "{hours} h {minutes} min").format(
        hours=hours, minutes=minutes
    )


def speed_text(per_s: float) -> str:
    """Return pictures a second, or a minute where that is easier to read.

    Args:
        per_s: pictures a second, > 0.
    """
    if per_s >= 0.5:
        return QCoreApplication.translate("Duration", "{rate} pictures/s").format(
            rate=f"{per_s:.1f}"
        )
    return QCoreApplication.translate("Duration", "{rate} pictures/min").format(
        rate=f"{per_s * 60:.1f}"
    )


class BottomBar(QFrame):
    """Progress of the queue.

    Args:
        theme: measures and colours.
    """

    stop_asked = Signal()
    pause_asked = Signal()
    """To wait, or to go on."""
    failures_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.progress = QProgressBar()
        self.progress.setAccessibleName(self.tr("Progress of the queue"))
        self.progress.setTextVisible(False)
        self.progress.setFixedSize(theme.space(50), theme.space(2))
        self.words = QLabel()
        self.words.setObjectName("figure")
        self.words.setAccessibleName(self.tr("Queue"))
        self.phase = QLabel()
        self.phase.setObjectName("muted")
        self._theme = theme
        self._paused = self._running = False
        self._end = ""
        self.pause = QPushButton()
        self.pause.clicked.connect(self.pause_asked)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setAccessibleName(self.tr("Stop the scan"))
        self.stop.setToolTip(self.tr("Stop; what was examined is kept (Esc)"))
        self.stop.clicked.connect(self.stop_asked)
        self.failures = QPushButton()
        self.failures.setObjectName("link")
        self.failures.setAccessibleName(self.tr("Show the files that were not examined"))
        self.failures.clicked.connect(self.failures_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
        layout.setSpacing(theme.space(3))
        for widget in (self.progress, self.words, self.phase):
            layout.addWidget(widget)
        layout.addStretch()
        for button in (self.failures, self.pause, self.stop):
            layout.addWidget(button)
        self.setFixedHeight(theme.space(10))
        theme.changed.connect(self._dress)
        self.show_pause(running=False, paused=False)

    def show_counts(self, done: int, failed: int, total: int) -> None:
        """Show the whole set.

        Args:
            done: files examined.
            failed: files that could not be examined.
            total: files in the set.
        """
        finished = done + failed
        self.progress.setVisible(total > 0)
        self.progress.setRange(0, max(1, total))
        self.progress.setValue(finished)
        self.words.setText(
            self.tr("{finished} of {total} done").format(
                finished=f"{finished:,}", total=f"{total:,}"
            )
            if total
            else self.tr("No pictures open")
        )
        self.failures.setVisible(failed > 0)
        self.failures.setText(self.tr("{count} not examined · show").format(count=f"{failed:,}"))

    def show_running(self, running: bool, stopping: bool) -> None:
        """Show whether anything runs, or is about to stop."""
        self._running = running
        self.stop.setVisible(running)
        self.stop.setEnabled(not stopping)
        if stopping:
            self.phase.setText(self.tr("Stopping …"))
        elif not running:
            self.phase.setText(self._end)

    def show_pause(self, *, running: bool, paused: bool) -> None:
        """Show whether the scan can wait, or waits.

        Args:
            running: whether there is a scan that is not about to stop.
            paused: whether it was asked to wait.
        """
        if self._paused and not paused:
            self.phase.clear()
        self._paused = paused
        self.pause.setVisible(running)
        text = self.tr("Go on") if paused else self.tr("Pause")
        self.pause.setText(text)
        self.pause.setAccessibleName(
            self.tr("Go on with the scan") if paused else self.tr("Let the scan wait")
        )
        self.pause.setToolTip(
            self.tr("Go on where it was (F7)")
            if paused
            else self.tr("Wait after the picture at hand, and give the machine back (F7)")
        )
        self._dress()
        if running and paused:
            self.phase.setText(self.tr("Paused; what was examined is kept"))

    def show_end(self, words: str) -> None:
        """Show how the last scan ended, until something else runs or is opened."""
        self._end = words
        if not self._running:
            self.phase.setText(words)

    def forget_end(self) -> None:
        """Show no more how the last scan ended."""
        self.show_end("")

    def show_progress(self, progress: Progress, remaining: int) -> None:
        """Show what is being done, how fast, and how long still.

        Args:
            progress: of the running scan.
            remaining: files of the whole set that wait.
        """
        if self._paused:
            return
        parts = [progress.phase] if progress.phase else []
        if progress.per_s:
            parts.append(speed_text(progress.per_s))
            if remaining:
                left = duration_text(remaining / progress.per_s)
                parts.append(self.tr("about {time} left").format(time=left))
        if progress.duplicates:
            count = f"{progress.duplicates:,}"
            parts.append(self.tr("{count} the same as others").format(count=count))
        self.phase.setText("  ·  ".join(parts))

    def _dress(self) -> None:
        self.pause.setIcon(self._theme.icon("play" if self._paused else "pause"))
