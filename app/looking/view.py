"""Where a picture lies in the panes of a view; every pane shows the same part of it."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, QRect, QRectF, QSize

from engine.types import Region

ZOOM_STEP = 1.25
"""Factor of one notch of the wheel or one key."""

ZOOM_MOST = 32.0
"""Device pixels a picture pixel, at most."""

FIT_MARGIN_PX = 12
"""Space around a fitted picture."""


class View:
    """Zoom and place of a picture; zoom is in device pixels a picture pixel, so 1 is true size.

    Panes have the same size, so what lies at a place of one lies at the same place of the other.
    """

    def __init__(self) -> None:
        self.size = QSize()
        """Of the original, px; empty when there is no picture."""
        self.ratio = 1.0
        """Device pixels a logical pixel."""
        self.zoom = 1.0
        self.centre = QPointF()
        """Point of the picture in the middle of each pane."""
        self.fitted = True
        """Whether the whole picture is kept in view."""
        self.panes: tuple[QRectF, ...] = (QRectF(),)

    @property
    def scale(self) -> float:
        """Logical pixels a picture pixel."""
        return self.zoom / self.ratio

    def take(self, size: QSize) -> None:
        """Take a picture of another size, fitted; an empty size is no picture."""
        self.size = size
        self.fit()

    def lay_out(self, panes: tuple[QRectF, ...], ratio: float) -> None:
        """Take panes of another size; a fitted picture stays so."""
        self.panes, self.ratio = panes, ratio
        if self.fitted:
            self.fit()

    def fit(self) -> None:
        """Show the whole picture; small pictures are not enlarged."""
        self.fitted = True
        if self.size.isEmpty():
            return
        self.zoom = self.fit_zoom()
        self.centre = QPointF(self.size.width() / 2, self.size.height() / 2)

    def fit_zoom(self) -> float:
        """Return the zoom at which the whole picture is seen."""
        pane = self.panes[0]
        across = max(1.0, pane.width() - 2 * FIT_MARGIN_PX) * self.ratio
        down = max(1.0, pane.height() - 2 * FIT_MARGIN_PX) * self.ratio
        return min(1.0, across / self.size.width(), down / self.size.height())

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom; what is at a point of the view stays there (the middle when None)."""
        pane = self.pane_at(at) if at is not None else self.panes[0]
        anchor = at if at is not None else pane.center()
        kept = self.to_picture(anchor)
        self.fitted = False
        self.zoom = min(ZOOM_MOST, max(min(0.05, self.fit_zoom()), zoom))
        self._put(kept - (anchor - pane.center()) / self.scale)

    def pan(self, move: QPointF) -> None:
        """Move the picture's part that is seen by so many logical pixels."""
        self.fitted = False
        self._put(self.centre + move / self.scale)

    def show(self, x: float, y: float) -> None:
        """Bring a point of the picture to the middle."""
        self.fitted = False
        self._put(QPointF(x, y))

    def show_region(self, region: Region) -> None:
        """Bring a region into view, as large as it fits."""
        pane, ratio = self.panes[0], self.ratio
        self.zoom_to(min(pane.width() * ratio / region.w, pane.height() * ratio / region.h))
        self.show(region.x + region.w / 2, region.y + region.h / 2)

    def pane_at(self, point: QPointF) -> QRectF:
        """Return the pane under a point; the nearest one when it lies beside all."""
        return min(self.panes, key=lambda pane: abs(pane.center().x() - point.x()))

    def to_picture(self, point: QPointF, pane: QRectF | None = None) -> QPointF:
        """Return the point of the picture that lies at a point of the view."""
        within = pane if pane is not None else self.pane_at(point)
        return self.centre + (point - within.center()) / self.scale

    def to_view(self, point: QPointF, pane: QRectF | None = None) -> QPointF:
        """Return where a point of the picture lies in a pane (the first when None)."""
        within = pane if pane is not None else self.panes[0]
        return within.center() + (point - self.centre) * self.scale

    def picture_rect(self, pane: QRectF | None = None) -> QRectF:
        """Return where the picture lies, logical pixels."""
        if self.size.isEmpty():
            return QRectF()
        left_top = self.to_view(QPointF(0, 0), pane)
        width, height = self.size.width() * self.scale, self.size.height() * self.scale
        return QRectF(left_top.x(), left_top.y(), width, height)

    def rect_of(self, region: Region, pane: QRectF | None = None) -> QRectF:
        """Return where a region lies, logical pixels."""
        left_top = self.to_view(QPointF(region.x, region.y), pane)
        width, height = region.w * self.scale, region.h * self.scale
        return QRectF(left_top.x(), left_top.y(), width, height)

    def pixel_at(self, point: QPointF) -> tuple[int, int] | None:
        """Return (x, y) of the picture's pixel under a point of the view, or None beside it."""
        spot = self.to_picture(point)
        x, y = math.floor(spot.x()), math.floor(spot.y())
        inside = QRect(0, 0, self.size.width(), self.size.height()).contains(x, y)
        return (x, y) if inside else None

    def seen(self) -> Region | None:
        """Return the part of the picture that is in view, whole pixels; None when there is none."""
        if self.size.isEmpty():
            return None
        pane = self.panes[0]
        first, last = (
            self.to_picture(pane.topLeft(), pane),
            self.to_picture(pane.bottomRight(), pane),
        )
        left, top = max(0, math.floor(first.x())), max(0, math.floor(first.y()))
        right = min(self.size.width(), math.ceil(last.x()))
        bottom = min(self.size.height(), math.ceil(last.y()))
        if right <= left or bottom <= top:
            return None
        return Region(x=left, y=top, w=right - left, h=bottom - top)

    def _put(self, centre: QPointF) -> None:
        # The middle of the view stays on the picture, so that it cannot be lost.
        self.centre = QPointF(
            min(max(centre.x(), 0.0), float(self.size.width())),
            min(max(centre.y(), 0.0), float(self.size.height())),
        )
