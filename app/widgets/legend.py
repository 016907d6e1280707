"""The heat map's legend: a fixed scale, the hatching, and the size of a cell."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.looking.layers import HEAT, Layer
from app.looking.loupe import MINUS
from app.stage import LegendImages
from app.style import Theme
from engine.rest_types import Occlusion
from engine.types import HeatMap

BAR_PX = (10, 132)
"""(height, width) of the colour bar."""

HATCH_WIDTH_PX = 24


def cell_text(heat: HeatMap) -> str:
    """Return the size of a heat map's cell for a person."""
    height, width = heat.cell_px
    return QCoreApplication.translate("Legend", "cell {width} × {height} px").format(
        width=f"{width:.1f}".removesuffix(".0"), height=f"{height:.1f}".removesuffix(".0")
    )


def block_text(found: Occlusion) -> str:
    """Return the size of what is taken away at once, for a person."""
    height, width = found.block_px
    return QCoreApplication.translate("Legend", "block {width} × {height} px").format(
        width=f"{width:.0f}", height=f"{height:.0f}"
    )


class Legend(QWidget):
    """Paints the scale from 0 to 1, which is never stretched.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._images: LegendImages | None = None
        self._cell = self._name = ""
        self._rests: Occlusion | None = None
        self._scaled = True
        self.setAccessibleName(self.tr("Heat map legend"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.changed.connect(self.update)
        self.show_layer(None)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return the size it needs."""
        return QSize(540, self._theme.space(7))

    def show_images(self, images: LegendImages) -> None:
        """Take the colours."""
        self._images = images
        self.update()

    def show_layer(self, layer: Layer | None) -> None:
        """Say what a layer's colours mean and how large its cells are."""
        self._rests = layer.rests if layer is not None else None
        if self._rests is not None:
            self._tell_rests(self._rests)
            return
        heat = layer.heat if layer is not None else None
        self._cell = cell_text(heat) if heat is not None else ""
        self._name = self.tr("artifact evidence")
        if layer is not None and layer.key != HEAT:
            self._name = layer.name
        self._scaled = layer is None or heat is not None
        if layer is not None and heat is None:
            self.setAccessibleDescription(layer.note)
            self.setToolTip(layer.note)
            self.update()
            return
        self.setAccessibleDescription(
            self.tr(
                "{what} on a fixed scale from 0 to 1. Hatched places hold no evidence either way. "
                "{cell}"
            ).format(what=self._name, cell=self._cell)
        )
        self.setToolTip(self.accessibleDescription())
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint bar, hatching and words."""
        if self._images is None:
            return
        painter = QPainter(self)
        theme, gap = self._theme, self._theme.space(2)
        painter.setFont(theme.font(theme.tokens.type.small))
        painter.setPen(QColor(theme.colours.text_muted))
        if self._rests is not None:
            self._paint_rests(painter, self._rests)
            return
        if not self._scaled:
            self._words(painter, 0, self._name)
            return
        # The tool tip names it too; in a narrow window the size of a cell matters more.
        named = self.width() >= self.sizeHint().width()
        left = self._words(painter, 0, self._name) + gap if named else 0
        left = self._words(painter, left, "0")
        bar = self._box(left + theme.space(1), BAR_PX[1])
        painter.drawImage(bar, self._images.bar)
        left = self._words(painter, bar.right() + theme.space(1) + 1, "1")
        hatch = self._box(left + 2 * gap, HATCH_WIDTH_PX)
        self._paint_hatch(painter, hatch)
        left = self._words(painter, hatch.right() + gap, self.tr("no evidence here"))
        if self._cell:
            self._words(painter, left + 2 * gap, self._cell)

    def _tell_rests(self, found: Occlusion) -> None:
        self._cell = block_text(found)
        self.setAccessibleDescription(
            self.tr(
                "Change in log-odds when a block is taken away, from {low} to {high}. Red blocks "
                "push towards AI, blue ones towards real. Hatched places are not read by the "
                "verdict. {block}"
            ).format(low=f"{MINUS}{found.scale:g}", high=f"+{found.scale:g}", block=self._cell)
        )
        self.setToolTip(self.accessibleDescription())
        self.update()

    def _paint_rests(self, painter: QPainter, found: Occlusion) -> None:
        if self._images is None:
            return
        gap, end = self._theme.space(2), f"{found.scale:g}"
        named = self.width() >= self.sizeHint().width()
        left = self._words(painter, 0, self.tr("log-odds")) + gap if named else 0
        real = self.tr("towards real {end}") if named else self.tr("real {end}")
        left = self._words(painter, left, real.format(end=f"{MINUS}{end}"))
        bar = self._box(left + self._theme.space(1), BAR_PX[1])
        painter.drawImage(bar, self._images.diverging)
        middle = bar.center().x()
        painter.fillRect(QRect(middle, bar.top() - 2, 1, bar.height() + 4), painter.pen().color())
        ai = self.tr("{end} towards AI") if named else self.tr("{end} AI")
        ai = ai.format(end=f"+{end}")
        left = self._words(painter, bar.right() + self._theme.space(1) + 1, ai) + 2 * gap
        if not found.reads_all:
            hatch = self._box(left, HATCH_WIDTH_PX)
            self._paint_hatch(painter, hatch)
            left = self._words(painter, hatch.right() + gap, self.tr("not read")) + 2 * gap
        if left + painter.fontMetrics().horizontalAdvance(self._cell) <= self.width():
            self._words(painter, left, self._cell)

    def _box(self, left: int, width: int) -> QRect:
        return QRect(left, (self.height() - BAR_PX[0]) // 2, width, BAR_PX[0])

    def _words(self, painter: QPainter, left: int, text: str) -> int:
        width = painter.fontMetrics().horizontalAdvance(text)
        painter.drawText(
            QRect(left, 0, width + 2, self.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return left + width

    def _paint_hatch(self, painter: QPainter, box: QRect) -> None:
        if self._images is None:
            return
        painter.fillRect(box, QColor(self._theme.colours.surround))
        painter.drawImage(QRectF(box), self._images.hatch, QRectF(0, 0, box.width(), box.height()))
        painter.save()
        painter.setPen(QPen(QColor(self._theme.colours.line_strong), 1))
        painter.drawRect(box.adjusted(0, 0, -1, -1))
        painter.restore()
