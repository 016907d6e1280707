"""A first look around: one part of the window after the other, with a few words on each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.style import Theme

CARD_STEPS = 84
"""Width of the card, in steps of the tokens."""

SHADE = 150
"""Opacity of what is not spoken of, of 255."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One part of the window."""

    title: str
    text: str
    part: QWidget
    """What is spoken of."""


class Tour(QWidget):
    """Covers the window but for the part that is spoken of; the window below goes on working.

    Args:
        stops: in order.
        theme: measures and colours.
        window: what it covers.
    """

    ended = Signal()
    """The last stop was left, or the tour was broken off."""

    def __init__(self, stops: Sequence[Stop], theme: Theme, window: QWidget) -> None:
        super().__init__(window)
        self._stops, self._theme, self._window = tuple(stops), theme, window
        self.at = 0
        """Which stop is shown."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(self.tr("Tour"))
        self.card = QFrame(self)
        self.card.setObjectName("card")
        self.card.setFixedWidth(theme.space(CARD_STEPS))
        self._make_card()
        window.installEventFilter(self)

    def start(self) -> None:
        """Begin with the first stop."""
        self.at = 0
        self.setGeometry(self._window.rect())
        self.show()
        self.raise_()
        self._show()
        self.setFocus()

    def step(self, by: int) -> None:
        """Go on, or back; after the last stop the tour ends."""
        self.at += by
        if not 0 <= self.at < len(self._stops):
            self.end()
        else:
            self._show()

    def end(self) -> None:
        """Take the tour away."""
        self._window.removeEventFilter(self)
        self.hide()
        self.ended.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Follow the window's size."""
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self.setGeometry(self._window.rect())
            self._place()
        return False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go by the arrow keys; Esc ends it."""
        steps = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1 if self.at else 0, Qt.Key.Key_Space: 1}
        if event.key() == Qt.Key.Key_Escape:
            self.end()
        elif event.key() in steps:
            self.step(steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Shade all but the part that is spoken of."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = self._theme.measure.radius
        hole = QRectF(self._spot())
        shade = QPainterPath()
        shade.addRect(QRectF(self.rect()))
        around = QPainterPath()
        around.addRoundedRect(hole, radius, radius)
        painter.fillPath(shade.subtracted(around), QColor(0, 0, 0, SHADE))
        painter.setPen(QPen(QColor(self._theme.colours.accent), 2))
        painter.drawRoundedRect(hole, radius, radius)

    def _spot(self) -> QRect:
        part = self._stops[min(self.at, len(self._stops) - 1)].part
        corner = part.mapTo(self._window, QPoint(0, 0))
        return QRect(corner, part.size()).intersected(self.rect().adjusted(2, 2, -2, -2))

    def _show(self) -> None:
        stop = self._stops[self.at]
        self.title.setText(stop.title)
        self.text.setText(stop.text)
        self.count.setText(
            self.tr("{number} of {total}").format(number=self.at + 1, total=len(self._stops))
        )
        self.setAccessibleDescription(f"{stop.title}. {stop.text}")
        self.back.setEnabled(self.at > 0)
        last = self.at == len(self._stops) - 1
        self.next.setText(self.tr("Done") if last else self.tr("Next"))
        self._place()

    def _place(self) -> None:
        """Lay the card beside the spot where there is room, else inside it."""
        self.card.adjustSize()
        gap, spot, size = self._theme.space(3), self._spot(), self.card.size()
        room = self.rect().adjusted(gap, gap, -gap, -gap)
        spots = (
            QPoint(spot.right() + gap, spot.top()),
            QPoint(spot.left() - gap - size.width(), spot.top()),
            QPoint(spot.left(), spot.bottom() + gap),
            QPoint(spot.left(), spot.top() - gap - size.height()),
        )
        fits = [corner for corner in spots if room.contains(QRect(corner, size))]
        inside = spot.center() - QPoint(size.width() // 2, size.height() // 2)
        self.card.move(fits[0] if fits else inside)
        self.update()

    def _make_card(self) -> None:
        space = self._theme.space
        self.title, self.text, self.count = QLabel(), QLabel(), QLabel()
        self.title.setObjectName("verdict")
        self.text.setWordWrap(True)
        self.count.setObjectName("muted")
        self.back, self.next = QPushButton(self.tr("Back")), QPushButton(self.tr("Next"))
        self.leave = QPushButton(self.tr("End the tour"))
        self.leave.setObjectName("quiet")
        self.next.setObjectName("primary")
        for button, name in (
            (self.back, self.tr("Back to the part before")),
            (self.next, self.tr("On to the next part")),
            (self.leave, self.tr("End the tour")),
        ):
            button.setAccessibleName(name)
        self.back.clicked.connect(lambda: self.step(-1))
        self.next.clicked.connect(lambda: self.step(1))
        self.leave.clicked.connect(self.end)
        row = QHBoxLayout()
        row.setSpacing(space(2))
        row.addWidget(self.count)
        row.addStretch()
        for button in (self.leave, self.back, self.next):
            row.addWidget(button)
        layout = QVBoxLayout(self.card)
        layout.setContentsMargins(space(5), space(4), space(5), space(4))
        layout.setSpacing(space(2))
        layout.addWidget(self.title)
        layout.addWidget(self.text)
        layout.addSpacing(space(2))
        layout.addLayout(row)
