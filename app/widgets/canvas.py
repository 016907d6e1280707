"""The picture as it is, with the heat map and the places over it."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.style import Theme
from app.widgets.places import Place, paint_places
from engine.types import Region

ZOOM_STEP = 1.25
"""Factor of one notch of the wheel or one key."""

ZOOM_MOST = 32.0
"""Device pixels a picture pixel, at most."""

GRID_FROM = 8.0
"""Zoom from which pixels are outlined."""

NOTCH = 120.0
"""Qt's wheel units of one notch."""

PAN_KEY_SHARE = 0.1
"""Part of the view that an arrow key moves."""

FIT_MARGIN_PX = 12
"""Space around a fitted picture."""


class Canvas(QWidget):
    """Paints a picture; zoom is in device pixels a picture pixel, so 1 is the true size.

    Args:
        theme: colours of the surround.
    """

    zoomed = Signal(float)
    """The zoom changed."""
    pointed = Signal(object)
    """(x, y) of the picture pixel under the pointer, or None."""
    place_pointed = Signal(object)
    """Index of the place under the pointer, or None."""
    place_clicked = Signal(int)
    """Index of the place that was clicked."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._levels: tuple[QImage, ...] = ()
        self._layer: QImage | None = None
        self._opacity = 1.0
        self._layer_on = True
        self._places: tuple[Place, ...] = ()
        self._lit: frozenset[Region] = frozenset()
        self._message = ""
        self._fit = True
        self._zoom = 1.0
        self._centre = QPointF()
        self._grabbed: QPointF | None = None
        self._pressed_at = QPoint()
        self._pointed_place: int | None = None
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Picture"))
        theme.changed.connect(self.update)

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a comfortable size."""
        return QSize(760, 560)

    @property
    def zoom(self) -> float:
        """Device pixels a picture pixel."""
        return self._zoom

    @property
    def fitted(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self._fit

    def show_message(self, text: str) -> None:
        """Show words instead of a picture."""
        self._levels, self._layer, self._places = (), None, ()
        self._lit = frozenset()
        self._message = text
        self.pointed.emit(None)
        self.update()

    def show_picture(self, levels: tuple[QImage, ...]) -> None:
        """Show a picture, fitted.

        Args:
            levels: full size first, then halvings.
        """
        self._levels = levels
        self._message = ""
        self.fit()

    def show_layer(self, layer: QImage | None) -> None:
        """Lay a heat map over the picture; it spans the picture whatever its own size."""
        self._layer = layer
        self.update()

    def show_places(self, places: tuple[Place, ...]) -> None:
        """Outline the places of the explanation."""
        self._places = places
        self._pointed_place = None
        self.update()

    def light(self, regions: tuple[Region, ...]) -> None:
        """Light places and dim the rest; none lights everything."""
        lit = frozenset(regions)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def set_opacity(self, opacity: float) -> None:
        """Set the heat map's opacity, 0..1."""
        self._opacity = opacity
        self.update()

    def set_layer_on(self, on: bool) -> None:
        """Show or hide the heat map."""
        self._layer_on = on
        self.update()

    def fit(self) -> None:
        """Show the whole picture and keep doing so; small pictures are not enlarged."""
        self._fit = True
        self._refit()

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom.

        Args:
            zoom: device pixels a picture pixel.
            at: point of the view that stays where it is; the middle when None.
        """
        if not self._levels:
            return
        anchor = at if at is not None else QPointF(self.rect().center())
        kept = self._to_picture(anchor)
        self._fit = False
        self._zoom = min(ZOOM_MOST, max(self._least_zoom(), zoom))
        shift = (anchor - QPointF(self.rect().center())) / self._scale()
        self._centre = kept - shift
        self._hold()
        self.zoomed.emit(self._zoom)
        self.update()

    def picture_rect(self) -> QRectF:
        """Return where the picture lies in the view, logical pixels."""
        if not self._levels:
            return QRectF()
        size = self._levels[0].size()
        middle = QPointF(self.rect().center())
        left_top = middle - self._centre * self._scale()
        scale = self._scale()
        return QRectF(left_top.x(), left_top.y(), size.width() * scale, size.height() * scale)

    def view_rect(self, region: Region) -> QRectF:
        """Return where a region lies in the view, logical pixels."""
        picture, scale = self.picture_rect(), self._scale()
        return QRectF(
            picture.left() + region.x * scale,
            picture.top() + region.y * scale,
            region.w * scale,
            region.h * scale,
        )

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint surround, picture, heat map and places."""
        painter = QPainter(self)
        colours = self._theme.colours
        painter.fillRect(self.rect(), QColor(colours.surround))
        if not self._levels:
            painter.setPen(QColor(colours.on_surround))
            painter.setFont(self._theme.font(self._theme.tokens.type.body))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._message)
            return
        self._paint_image(painter, self._level(), smooth=self._zoom < 1.0)
        if self._layer is not None and self._layer_on:
            painter.setOpacity(self._opacity)
            enlarged = self.picture_rect().width() * self.devicePixelRatioF() >= self._layer.width()
            self._paint_image(painter, self._layer, smooth=not enlarged)
            painter.setOpacity(1.0)
        if self._zoom >= GRID_FROM:
            self._paint_grid(painter)
        paint_places(
            painter,
            self._places,
            self._lit,
            picture=self.picture_rect(),
            view=QRectF(self.rect()),
            box_of=self.view_rect,
            font=self._theme.font(self._theme.tokens.type.small, strong=True),
        )

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the picture fitted, or its middle in the middle."""
        super().resizeEvent(event)
        if self._fit:
            self._refit()

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom at the pointer."""
        notches = event.angleDelta().y() / NOTCH
        if notches:
            self.zoom_to(self._zoom * ZOOM_STEP**notches, event.position())
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Grab the picture."""
        if event.button() == Qt.MouseButton.LeftButton and self._levels:
            self._grabbed = event.position()
            self._pressed_at = event.position().toPoint()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Pan, or tell what is under the pointer."""
        if self._grabbed is not None:
            self._pan(self._grabbed - event.position())
            self._grabbed = event.position()
            return
        self._tell_position(event.position())
        self._tell_place(self._place_at(event.position()))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go; a press without a move is a click on a place."""
        self._grabbed = None
        self.unsetCursor()
        moved = (event.position().toPoint() - self._pressed_at).manhattanLength()
        index = self._place_at(event.position())
        if index is not None and moved < 4:
            self.place_clicked.emit(index)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Change between fit and true size."""
        if self._fit:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is pointed at any more."""
        self.pointed.emit(None)
        self._tell_place(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Pan by the arrow keys."""
        x, y = self.width() * PAN_KEY_SHARE, self.height() * PAN_KEY_SHARE
        moves = {
            Qt.Key.Key_Left: QPointF(-x, 0),
            Qt.Key.Key_Right: QPointF(x, 0),
            Qt.Key.Key_Up: QPointF(0, -y),
            Qt.Key.Key_Down: QPointF(0, y),
        }
        move = moves.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
        else:
            self._pan(move)

    def _scale(self) -> float:
        return self._zoom / self.devicePixelRatioF()

    def _to_picture(self, point: QPointF) -> QPointF:
        return self._centre + (point - QPointF(self.rect().center())) / self._scale()

    def _fit_zoom(self) -> float:
        size, ratio = self._levels[0].size(), self.devicePixelRatioF()
        room_x = max(1, self.width() - 2 * FIT_MARGIN_PX) * ratio
        room_y = max(1, self.height() - 2 * FIT_MARGIN_PX) * ratio
        return min(1.0, room_x / size.width(), room_y / size.height())

    def _least_zoom(self) -> float:
        return min(0.05, self._fit_zoom())

    def _refit(self) -> None:
        if not self._levels:
            return
        size = self._levels[0].size()
        self._zoom = self._fit_zoom()
        self._centre = QPointF(size.width() / 2, size.height() / 2)
        self.zoomed.emit(self._zoom)
        self.update()

    def _pan(self, move: QPointF) -> None:
        if not self._levels:
            return
        self._fit = False
        self._centre += move / self._scale()
        self._hold()
        self.update()

    def _hold(self) -> None:
        # The middle of the view stays on the picture, so that it cannot be lost.
        size = self._levels[0].size()
        self._centre = QPointF(
            min(max(self._centre.x(), 0.0), float(size.width())),
            min(max(self._centre.y(), 0.0), float(size.height())),
        )

    def _level(self) -> QImage:
        wanted = self._levels[0].width() * self._zoom
        fitting = [level for level in self._levels if level.width() >= wanted]
        return fitting[-1] if fitting else self._levels[0]

    def _paint_image(self, painter: QPainter, image: QImage, *, smooth: bool) -> None:
        target = self.picture_rect()
        seen = target.intersected(QRectF(self.rect()))
        if seen.isEmpty():
            return
        across, down = image.width() / target.width(), image.height() / target.height()
        # Whole source pixels, so that panning never shifts them by a fraction.
        left = math.floor((seen.left() - target.left()) * across)
        top = math.floor((seen.top() - target.top()) * down)
        right = min(image.width(), math.ceil((seen.right() - target.left()) * across))
        bottom = min(image.height(), math.ceil((seen.bottom() - target.top()) * down))
        source = QRectF(left, top, right - left, bottom - top)
        place = QRectF(
            target.left() + left / across,
            target.top() + top / down,
            source.width() / across,
            source.height() / down,
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(place, image, source)

    def _paint_grid(self, painter: QPainter) -> None:
        target, scale = self.picture_rect(), self._scale()
        seen = target.intersected(QRectF(self.rect()))
        painter.setPen(QPen(QColor(128, 128, 128, 110), 0))
        first = math.ceil((seen.left() - target.left()) / scale)
        last = math.floor((seen.right() - target.left()) / scale)
        for column in range(first, last + 1):
            x = target.left() + column * scale
            painter.drawLine(QPointF(x, seen.top()), QPointF(x, seen.bottom()))
        first = math.ceil((seen.top() - target.top()) / scale)
        last = math.floor((seen.bottom() - target.top()) / scale)
        for row in range(first, last + 1):
            y = target.top() + row * scale
            painter.drawLine(QPointF(seen.left(), y), QPointF(seen.right(), y))

    def _place_at(self, point: QPointF) -> int | None:
        # The smallest one, where places lie in one another.
        hits = [
            (place.region.w * place.region.h, index)
            for index, place in enumerate(self._places)
            if self.view_rect(place.region).contains(point)
        ]
        return min(hits)[1] if hits else None

    def _tell_place(self, index: int | None) -> None:
        if index != self._pointed_place:
            self._pointed_place = index
            self.place_pointed.emit(index)

    def _tell_position(self, point: QPointF) -> None:
        if not self._levels:
            return
        spot, size = self._to_picture(point), self._levels[0].size()
        x, y = math.floor(spot.x()), math.floor(spot.y())
        inside = 0 <= x < size.width() and 0 <= y < size.height()
        self.pointed.emit((x, y) if inside else None)
