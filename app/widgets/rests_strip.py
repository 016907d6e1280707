"""The line that says what the map of a verdict's grounds shows and what not, and how far it is."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton

from app.row import p_text
from app.style import Theme
from engine.job import Progress
from engine.rest_types import Occlusion

ANALYSER = "vrm.occlusion"
"""What the help page is asked for by."""


class RestsStrip(QFrame):
    """Shown below the picture while its layer is looked at or waited for.

    Args:
        theme: measures.
    """

    help_asked = Signal(str)
    """Name of the analyser whose page is asked for."""
    cancelled = Signal()
    """It is not to be waited for any more."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        space = theme.space
        self.words = QLabel()
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        self.words.setAccessibleName(self.tr("What the map shows and what not"))
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setFixedSize(space(40), space(2))
        self.bar.setAccessibleName(self.tr("How far the verdict has been asked"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Stop asking what the verdict rests on"))
        self.cancel.clicked.connect(self.cancelled)
        self.help = QPushButton(self.tr("About this map"))
        self.help.setObjectName("link")
        self.help.setAccessibleName(self.tr("About the map of what the verdict rests on"))
        self.help.clicked.connect(lambda: self.help_asked.emit(ANALYSER))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(space(3), space(2), space(3), 0)
        layout.setSpacing(space(3))
        layout.addWidget(self.words, 1)
        layout.addWidget(self.bar)
        layout.addWidget(self.cancel)
        layout.addWidget(self.help)
        self.hide()

    def show_nothing(self) -> None:
        """Another layer is looked at."""
        self.hide()

    def show_waiting(self) -> None:
        """It was asked for; the model may still be at work for others."""
        self.words.setText(self.tr("Waiting for the model …"))
        self.bar.setRange(0, 0)
        self._show(busy=True)

    def show_progress(self, progress: Progress) -> None:
        """Say how far it is."""
        if progress.total:
            self.bar.setRange(0, progress.total)
            self.bar.setValue(progress.done)
            self.words.setText(
                self.tr("Asking the verdict without each place: {done} of {total} …").format(
                    done=progress.done, total=progress.total
                )
            )
        else:
            self.bar.setRange(0, 0)
            self.words.setText(self.tr("Getting picture and model ready …"))
        self._show(busy=True)

    def show_found(self, found: Occlusion) -> None:
        """Say what is to be seen and what not."""
        says = self.tr(
            "How far the log-odds of AI fall when a block is painted in the mean colour and the "
            "verdict is asked again. It shows what the verdict reacts to, not what was generated "
            "or edited; values do not add up, and blurred blocks would give another map. Not kept "
            "in the case."
        )
        other = self._other_p(found)
        self.words.setText(f"{other} {says}" if other else says)
        self._show(busy=False)

    def _other_p(self, found: Occlusion) -> str:
        """Return that the examination had another probability, where it had."""
        if found.agrees is not False or found.p_examined is None:
            return ""
        return self.tr(
            "Asked now, p is {now}; in the examination it was {then}, by another model or machine: "
            "the map explains the p of now."
        ).format(now=p_text(found.p_ai), then=p_text(found.p_examined))

    def _show(self, *, busy: bool) -> None:
        self.bar.setVisible(busy)
        self.cancel.setVisible(busy)
        self.help.setVisible(not busy)
        self.show()
