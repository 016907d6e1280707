"""A picture and a layer, looked at together in one of several ways."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QRectF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from app.looking import scene
from app.looking.layers import PINNED, Layer, Mode
from app.looking.view import View

GAP_PX = 2.0
"""Between the panes of `Mode.SIDE`."""

TAG_LEAST_PX = 90.0
"""Room that a side's name is given, however narrow the side."""


class Comparison:
    """What is laid over or beside a picture, and how."""

    def __init__(self) -> None:
        self.layer: Layer | None = None
        self.wanted = Mode.OVERLAY
        """The way that was asked for; see `mode`."""
        self.on = True
        """Whether the layer is shown at all."""
        self.opacity = 1.0
        """0..1."""
        self.gain = 1
        """How much a difference is enhanced, one of `scene.GAINS`."""
        self.cells_on = False
        """Whether the cells of a heat map are outlined."""
        self.divider = 0.5
        """Where the line of `Mode.SWIPE` lies, a share of the width."""
        self.layer_now = True
        """Which of both `Mode.BLINK` shows."""

    @property
    def shown(self) -> Layer | None:
        """The layer, unless it is hidden."""
        return self.layer if self.on else None

    @property
    def mode(self) -> Mode:
        """The way that was asked for, as far as the layer allows it."""
        shown = self.shown
        if shown is None or (self.wanted is Mode.DIFFERENCE and not shown.opaque):
            return Mode.OVERLAY
        return self.wanted

    def foreign(self, view: View, pane: QRectF) -> bool:
        """Whether a pane shows another exhibit and nothing of the picture."""
        shown = self.shown
        beside = self.mode is Mode.SIDE and pane != view.panes[0]
        return beside and shown is not None and shown.key == PINNED

    def panes(self, area: QRectF) -> tuple[QRectF, ...]:
        """Return the parts of a view that each show the picture's same part."""
        if self.mode is not Mode.SIDE:
            return (area,)
        half = (area.width() - GAP_PX) / 2
        right = QRectF(area.left() + half + GAP_PX, area.top(), half, area.height())
        return QRectF(area.left(), area.top(), half, area.height()), right

    def paint(self, painter: QPainter, view: View, pane: QRectF, levels: Sequence[QImage]) -> None:
        """Paint picture and layer in one pane."""
        shown, mode = self.shown, self.mode
        if mode is Mode.DIFFERENCE and shown is not None:
            scene.paint_difference(painter, view, pane, (levels, shown.levels), self.gain)
        else:
            scene.paint_levels(painter, view, pane, levels, soft=levels[0].size() != view.size)
            hidden = (mode is Mode.SIDE and pane == view.panes[0]) or (
                mode is Mode.BLINK and not self.layer_now
            )
            if shown is not None and not hidden:
                self._paint_layer(painter, view, pane, shown)
        scene.paint_pixel_grid(painter, view, pane)
        if self.cells_on and shown is not None and shown.heat is not None:
            scene.paint_cells(painter, view, pane, shown.heat)

    def paint_names(
        self, painter: QPainter, view: View, area: QRectF, font: QFont, line: QColor
    ) -> None:
        """Say which side is which, and paint what parts them."""
        layer, mode = self.shown, self.mode
        if layer is None or mode is Mode.OVERLAY:
            return
        picture = QCoreApplication.translate("Comparison", "Picture")
        if mode is Mode.SIDE:
            left, right = view.panes
            scene.paint_tag(painter, left, picture, font)
            scene.paint_tag(painter, right, layer.name, font)
            painter.fillRect(QRectF(left.right(), area.top(), GAP_PX, area.height()), line)
        elif mode is Mode.SWIPE:
            x, least = self.divider * area.width(), TAG_LEAST_PX
            scene.paint_tag(painter, QRectF(0, 0, max(x, least), area.height()), picture, font)
            left_edge = min(x, area.width() - least)
            rest = QRectF(left_edge, 0, area.width() - left_edge, area.height())
            scene.paint_tag(painter, rest, layer.name, font, right=True)
            scene.paint_divider(painter, area, x)
        elif mode is Mode.BLINK:
            scene.paint_tag(painter, area, layer.name if self.layer_now else picture, font)
        else:
            words = QCoreApplication.translate("Comparison", "Difference × {gain}")
            scene.paint_tag(painter, area, words.format(gain=self.gain), font)

    def _paint_layer(self, painter: QPainter, view: View, pane: QRectF, layer: Layer) -> None:
        # A picture of its own is looked at as it is, unless it is to show through.
        own = layer.opaque or layer.rests is not None
        whole = own and self.mode is not Mode.OVERLAY
        if self.mode is Mode.SWIPE:
            x = pane.left() + self.divider * pane.width()
            painter.setClipRect(QRectF(x, pane.top(), pane.right() - x, pane.height()))
        scene.paint_layer(painter, view, pane, layer, 1.0 if whole else self.opacity)
        painter.setClipRect(pane)
