"""What can be done with the case as a whole: checks, exports, time stamps."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QPushButton

from app.exhibits import printable
from app.style import Theme
from app.widgets.fields import Panel, label
from engine.log_types import Timestamp

EXPORTS = ("json", "csv", "html", "jsonld")
"""Endings, in the order of their buttons."""


class CaseHand(Panel):
    """Buttons in groups: look again, hand on, prove the time.

    Args:
        theme: measures.
    """

    check_asked = Signal()
    again_asked = Signal()
    export_asked = Signal(str)
    """The ending of the format."""
    import_asked = Signal()
    request_asked = Signal()
    answer_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("LOOK AGAIN"))
        self.check = self._button(
            self.tr("Check the exhibits"),
            self.tr("Read every file again and compare its hash"),
            self.check_asked,
        )
        self.again = self._button(
            self.tr("Examine all again"),
            self.tr("Compute every result again with the weights of then, and compare"),
            self.again_asked,
        )
        names = {
            "json": self.tr("JSON"),
            "csv": self.tr("CSV"),
            "html": self.tr("HTML"),
            "jsonld": self.tr("CASE/UCO"),
        }
        self.exports = {}
        for ending in EXPORTS:
            says = self.tr("Export the case as {format}").format(format=names[ending])
            button = self._button(names[ending], says, None)
            button.clicked.connect(lambda _=False, ending=ending: self.export_asked.emit(ending))
            self.exports[ending] = button
        self.bring = self._button(
            self.tr("Import …"), self.tr("Make a case of a JSON export"), self.import_asked
        )
        self.request = self._button(
            self.tr("Write a request …"),
            self.tr("A file for a time-stamping authority; nothing is sent"),
            self.request_asked,
        )
        self.answer = self._button(
            self.tr("Attach the answer …"),
            self.tr("The file that the authority sent back"),
            self.answer_asked,
        )
        self.stamps = label("", "muted", wrap=True)
        self._lay_out(theme)

    def show_state(self, *, writable: bool, exhibits: int, examined: int) -> None:
        """Enable what can be done now.

        Args:
            writable: whether the case can be written.
            exhibits: how many there are.
            examined: how many have a result.
        """
        self.check.setEnabled(exhibits > 0)
        self.again.setEnabled(writable and examined > 0)
        for button in (self.request, self.answer):
            button.setEnabled(writable)

    def show_stamps(self, stamps: tuple[Timestamp, ...]) -> None:
        """Show the time stamps of the log."""
        lines = [
            self.tr("Entry {entry}: {time} by {authority}").format(
                entry=stamp.seq,
                time=(stamp.stamped_utc or "")[:19].replace("T", " "),
                authority=printable(stamp.authority),
            )
            if stamp.answered
            else self.tr("Entry {entry}: requested, no answer yet").format(entry=stamp.seq)
            for stamp in stamps
        ]
        self.stamps.setText("\n".join(lines) or self.tr("No time stamp yet."))

    def _button(self, text: str, says: str, signal: object) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(says)
        button.setAccessibleName(says)
        if signal is not None:
            button.clicked.connect(signal)
        return button

    def _lay_out(self, theme: Theme) -> None:
        def pair(*buttons: QPushButton, columns: int) -> None:
            grid = QGridLayout()
            grid.setSpacing(theme.space(2))
            for place, button in enumerate(buttons):
                grid.addWidget(button, place // columns, place % columns)
            for column in range(columns):
                grid.setColumnStretch(column, 1)
            self.body.addLayout(grid)

        pair(self.check, self.again, columns=2)
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("HAND ON"), "section"))
        pair(*self.exports.values(), columns=4)
        pair(self.bring, columns=1)
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("TIME STAMP"), "section"))
        self.body.addWidget(self.stamps)
        pair(self.request, self.answer, columns=2)
