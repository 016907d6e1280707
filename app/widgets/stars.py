"""A rating of up to five stars."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.style import Theme
from engine.mark_words import STARS_MOST

STAR_PX = 18
"""Room of one star."""

RADIUS_PX = 6.5
INNER_SHARE = 0.45
"""Inner radius of a star, as a share of the outer one."""


def star(centre: QPointF) -> QPolygonF:
    """Return the outline of a star."""
    points = []
    for index in range(10):
        radius = RADIUS_PX * (1.0 if index % 2 == 0 else INNER_SHARE)
        angle = math.radians(-90 + 36 * index)
        points.append(centre + QPointF(radius * math.cos(angle), radius * math.sin(angle)))
    return QPolygonF(points)


class Stars(QWidget):
    """Shows a rating and takes another one, by mouse, arrow keys or a digit.

    Args:
        theme: colours.
    """

    rated = Signal(int)
    """0..5, what the operator chose."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._stars = 0
        self.setFixedSize(QSize(STAR_PX * STARS_MOST, STAR_PX + 4))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(self.tr("Rating"))
        self.setToolTip(self.tr("How much this exhibit matters (keys 0 to 5)"))
        theme.changed.connect(self.update)
        self.show_rating(0)

    @property
    def stars(self) -> int:
        """The rating that is shown."""
        return self._stars

    def show_rating(self, stars: int) -> None:
        """Show a rating, 0..5."""
        self._stars = stars
        said = self.tr("{stars} of {most}").format(stars=stars, most=STARS_MOST)
        self.setAccessibleDescription(said)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint full stars up to the rating, empty ones after it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = self._theme.colours
        for index in range(STARS_MOST):
            full = index < self._stars
            ink = colours.text if self.isEnabled() else colours.text_disabled
            painter.setPen(QPen(QColor(ink if full else colours.line_strong), 1.2))
            painter.setBrush(QColor(ink) if full else Qt.BrushStyle.NoBrush)
            painter.drawPolygon(star(QPointF(STAR_PX * (index + 0.5), self.height() / 2)))
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours.accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), 3, 3)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Take the star that was clicked; clicking the last full one takes the rating away."""
        chosen = min(STARS_MOST, int(event.position().x() // STAR_PX) + 1)
        self.rated.emit(0 if chosen == self._stars else chosen)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """One star more or less by the arrow keys."""
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if step:
            self.rated.emit(min(STARS_MOST, max(0, self._stars + step)))
        else:
            super().keyPressEvent(event)
