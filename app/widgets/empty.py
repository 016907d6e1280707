"""What an empty window says: what to drop, what happens then, and a sample to try."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exhibits import printable
from app.style import Theme
from app.widgets.verdict import Mark
from engine.types import Outcome

RECENT_SHOWN = 4
"""Cases offered; the menu has more."""


class EmptyState(QFrame):
    """Shown while no pictures are open.

    Args:
        theme: measures and colours.
    """

    files_asked = Signal()
    folder_asked = Signal()
    samples_asked = Signal()
    case_asked = Signal(str)
    """The file of a case that was open before."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("panel")
        self.setAccessibleName(self.tr("No pictures open"))
        headline = QLabel(self.tr("Drop photographs or a folder here"))
        headline.setObjectName("headline")
        text = QLabel(
            self.tr(
                "Residua examines each picture on this machine: a verdict with its probability, "
                "a map of where the traces lie, and an explanation. Nothing is uploaded, and your "
                "files are only read."
            )
        )
        text.setObjectName("prose")
        text.setWordWrap(True)
        text.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        text.setFixedWidth(theme.space(140))
        text.setMinimumHeight(text.heightForWidth(theme.space(140)))
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(4))
        layout.addStretch(3)
        centre = Qt.AlignmentFlag.AlignHCenter
        emblem = QLabel()
        emblem.setPixmap(theme.picture("residua-64.png"))
        layout.addWidget(emblem, 0, centre)
        layout.addWidget(headline, 0, centre)
        layout.addLayout(_centred(text))
        layout.addLayout(self._buttons())
        self._recent = QVBoxLayout()
        self._recent.setSpacing(0)
        layout.addLayout(self._recent)
        layout.addSpacing(theme.space(6))
        layout.addWidget(self._bands(), 0, centre)
        layout.addStretch(4)
        theme.changed.connect(self.update)

    def show_recent(self, files: tuple[str, ...]) -> None:
        """Offer cases that were open before.

        Args:
            files: absolute paths, the newest first.
        """
        while (item := self._recent.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        if not files:
            return
        title = QLabel(self.tr("RECENT CASES"))
        title.setObjectName("section")
        self._recent.addWidget(title, 0, Qt.AlignmentFlag.AlignHCenter)
        for file in files[:RECENT_SHOWN]:
            button = QPushButton(shown_name(file))
            button.setObjectName("link")
            button.setToolTip(printable(file))
            button.setAccessibleName(self.tr("Open the case {name}").format(name=button.text()))
            button.clicked.connect(lambda _=False, file=file: self.case_asked.emit(file))
            self._recent.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the outline of the place to drop things."""
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        space = self._theme.space(6)
        painter.setPen(QPen(QColor(self._theme.colours.line_strong), 1.5, Qt.PenStyle.DashLine))
        radius = self._theme.measure.radius
        box = QRectF(self.rect()).adjusted(space, space, -space, -space)
        painter.drawRoundedRect(box, radius, radius)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(self._theme.space(2))
        row.addStretch()
        for text, name, signal, main in (
            (self.tr("Open files …"), self.tr("Open picture files"), self.files_asked, False),
            (
                self.tr("Open a folder …"),
                self.tr("Open a folder of pictures"),
                self.folder_asked,
                False,
            ),
            (
                self.tr("Try the samples"),
                self.tr("Open the sample pictures"),
                self.samples_asked,
                True,
            ),
        ):
            button = QPushButton(text)
            button.setAccessibleName(name)
            button.setObjectName("main" if main else "")
            button.clicked.connect(signal)
            row.addWidget(button)
        row.addStretch()
        return row

    def _bands(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setSpacing(self._theme.space(8))
        for outcome, name, meaning in (
            (Outcome.AI, self.tr("Likely AI-generated"), self.tr("the measurements speak for it")),
            (Outcome.INCONCLUSIVE, self.tr("Inconclusive"), self.tr("a result too: it declines")),
            (Outcome.REAL, self.tr("No sign found"), self.tr("not the same as genuine")),
        ):
            mark = Mark(self._theme)
            mark.show_band(outcome)
            title = QLabel(name)
            title.setObjectName("title")
            note = QLabel(meaning)
            note.setObjectName("muted")
            words = QVBoxLayout()
            words.setSpacing(0)
            words.addWidget(title)
            words.addWidget(note)
            pair = QHBoxLayout()
            pair.setSpacing(self._theme.space(3))
            pair.addWidget(mark)
            pair.addLayout(words)
            row.addLayout(pair)
        return box


def shown_name(file: str) -> str:
    """Return a case's name for menus: of the file, with its folder to tell it apart.

    Args:
        file: absolute path of a case.
    """
    path = Path(file)
    return printable(f"{path.stem}  —  {path.parent.name}").replace("&", "&&")


def _centred(widget: QWidget) -> QHBoxLayout:
    # In a row of its own a wrapped text keeps the height that its width asks for.
    row = QHBoxLayout()
    row.addStretch()
    row.addWidget(widget)
    row.addStretch()
    return row
