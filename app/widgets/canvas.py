"""The picture as it is, with layers, places and drawings over it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from app.looking import scene
from app.looking.comparison import Comparison
from app.looking.drawings import Sketch, paint_drawings
from app.looking.hands import Hands, Tool
from app.looking.layers import Layer, Mode
from app.looking.loupe import paint_loupe
from app.looking.navigator import paint_navigator
from app.looking.ruler import Ruler
from app.looking.view import ZOOM_STEP, View
from app.style import Theme
from app.widgets.places import Place, paint_places
from engine.types import Region

NOTCH = 120.0
"""Qt's wheel units of one notch."""

BLINK_MS = 600
"""How long each picture stands; the change itself takes one frame."""


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
    measured = Signal(str)
    """What the ruler says; empty when it measures nothing."""
    drawn = Signal(object)
    """A Sketch that was drawn and has no words yet."""
    changed = Signal(object)
    """A Sketch that was stored and was moved."""
    picked = Signal(object)
    """Id of the selected drawing, or None."""
    asked_for_words = Signal(object)
    """A Sketch whose words are to be changed."""
    left_tool = Signal()
    """The hand is in use again."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.view = View()
        self.ruler = Ruler()
        self.levels: tuple[QImage, ...] = ()
        self.comparison = Comparison()
        self.places: tuple[Place, ...] = ()
        self.sketches: tuple[Sketch, ...] = ()
        self.selected: int | None = None
        self.tool = Tool.HAND
        self.pending: Sketch | None = None
        """What is being drawn, or waits for its words."""
        self._loupe_on = self._calm = False
        self._blinking = QTimer(self)
        self._blinking.setInterval(BLINK_MS)
        self._blinking.timeout.connect(self.blink)
        self._lit: frozenset[Region] = frozenset()
        self._message = ""
        self._pointer: QPointF | None = None
        self._hands = Hands(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(self.tr("Picture"))
        theme.changed.connect(self.update)

    @property
    def zoom(self) -> float:
        """Device pixels a picture pixel."""
        return self.view.zoom

    @property
    def follows_pointer(self) -> bool:
        """Whether something is painted where the pointer is."""
        return self._loupe_on or self.mode is Mode.SIDE

    @property
    def fitted(self) -> bool:
        """Whether the picture follows the size of the view."""
        return self.view.fitted

    @property
    def mode(self) -> Mode:
        """How picture and layer are looked at together, as far as there is a layer for it."""
        return self.comparison.mode

    def show_message(self, text: str) -> None:
        """Show words instead of a picture."""
        self.levels, self.places, self.sketches = (), (), ()
        self.comparison.layer = None
        self._lit = frozenset()
        self._message = text
        self.view.take(QSize())
        self._hands.drop()
        self.ruler.clear()
        self.measured.emit("")
        self.pointed.emit(None)
        self._refresh()

    def show_picture(self, levels: tuple[QImage, ...], size: QSize | None = None) -> None:
        """Show a picture, fitted.

        Args:
            levels: the largest first, then halvings.
            size: of the original where the first level is smaller.
        """
        self._message = ""
        self.view.take(size or levels[0].size())
        self.refine(levels, size)
        self.zoomed.emit(self.zoom)

    def refine(self, levels: tuple[QImage, ...], size: QSize | None = None) -> None:
        """Take the same picture in more detail; nothing moves, if its size was known."""
        self.levels = levels
        if (size or levels[0].size()) != self.view.size:
            self.view.take(size or levels[0].size())
        self._refresh()

    def show_layer(self, layer: Layer | None) -> None:
        """Lay something over the picture; it spans the picture whatever its own size."""
        self.comparison.layer = layer
        self._refresh()

    def show_places(self, places: tuple[Place, ...]) -> None:
        """Outline the places of the explanation."""
        self.places = places
        self._hands.forget_place()
        self.update()

    def show_sketches(self, sketches: Sequence[Sketch]) -> None:
        """Show what was drawn; a selected one that is gone is selected no more."""
        self.sketches = tuple(sketches)
        if self.selected not in {each.id for each in self.sketches}:
            self.select(None)
        self.update()

    def select(self, number: int | None) -> None:
        """Select a drawing by its id, or none."""
        if number != self.selected:
            self.selected = number
            self.picked.emit(number)
        self.update()

    def light(self, regions: tuple[Region, ...]) -> None:
        """Light places and dim the rest; none lights everything."""
        lit = frozenset(regions)
        if lit != self._lit:
            self._lit = lit
            self.update()

    def set_mode(self, mode: Mode) -> None:
        """Look at picture and layer in another way."""
        self.comparison.wanted = mode
        self._refresh()

    def set_opacity(self, opacity: float) -> None:
        """Set the layer's opacity, 0..1."""
        self.comparison.opacity = opacity
        self.update()

    def set_layer_on(self, on: bool) -> None:
        """Show or hide the layer."""
        self.comparison.on = on
        self._refresh()

    def set_loupe_on(self, on: bool) -> None:
        """Show the magnifier, or not."""
        self._loupe_on = on
        self.update()

    def set_calm(self, calm: bool) -> None:
        """Move nothing by itself; then `Mode.BLINK` changes only when `blink` is called."""
        self._calm = calm
        self._refresh()

    def set_tool(self, tool: Tool) -> None:
        """Use another tool; the ruler's line goes with the ruler."""
        self.tool = tool
        self._hands.drop()
        if tool is not Tool.RULER:
            self.ruler.clear()
            self.measured.emit("")
        self._hands.show_cursor(None)
        self.update()

    def blink(self) -> None:
        """Change between picture and layer."""
        self.comparison.layer_now = not self.comparison.layer_now
        self.update()

    def fit(self) -> None:
        """Show the whole picture and keep doing so; small pictures are not enlarged."""
        self.view.fit()
        self._moved()

    def zoom_to(self, zoom: float, at: QPointF | None = None) -> None:
        """Zoom.

        Args:
            zoom: device pixels a picture pixel.
            at: point of the view that stays where it is; the middle when None.
        """
        if self.levels:
            self.view.zoom_to(zoom, at)
            self._moved()

    def pan(self, move: QPointF) -> None:
        """Move what is seen by so many logical pixels."""
        if self.levels:
            self.view.pan(move)
            self._moved()

    def show_region(self, region: Region) -> None:
        """Bring a region into view, as large as it fits."""
        if self.levels:
            self.view.show_region(region)
            self._moved()

    def picture_rect(self) -> QRectF:
        """Return where the picture lies in the view, logical pixels."""
        return self.view.picture_rect() if self.levels else QRectF()

    def view_rect(self, region: Region) -> QRectF:
        """Return where a region lies in the view, logical pixels."""
        return self.view.rect_of(region)

    def move_divider(self, share: float) -> None:
        """Put the line of `Mode.SWIPE` at a share of the width."""
        self.comparison.divider = min(1.0, max(0.0, share))
        self.update()

    def small_font(self) -> QFont:
        """Return the font of what is written on the picture."""
        return self._theme.font(self._theme.tokens.type.small, strong=True)

    def divider_x(self) -> float:
        """Return where the line of `Mode.SWIPE` lies, logical pixels."""
        return self.comparison.divider * self.width()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint surround, picture, layer, places, drawings and what is measured."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._theme.colours.surround))
        if not self.levels:
            self._paint_message(painter)
            return
        for pane in self.view.panes:
            painter.setClipRect(pane)
            self._paint_pane(painter, pane)
            painter.setClipping(False)
        line, area = QColor(self._theme.colours.line), QRectF(self.rect())
        self.comparison.paint_names(painter, self.view, area, self.small_font(), line)
        paint_navigator(painter, self.view, self.levels[-1])
        if self._pointer is not None:
            self._paint_pointer(painter, self._pointer)

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Keep the picture fitted, or its middle in the middle."""
        super().resizeEvent(event)
        self._refresh()
        self.zoomed.emit(self.zoom)

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Zoom at the pointer."""
        notches = event.angleDelta().y() / NOTCH
        if notches:
            self.zoom_to(self.zoom * ZOOM_STEP**notches, event.position())

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Use the tool, or grab the picture."""
        if self.levels:
            self._hands.press(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with the tool, or tell what is under the pointer."""
        self._pointer = event.position()
        if self.levels:
            self._hands.move(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Let go."""
        self._hands.release(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Change a drawing's words, or change between fit and true size."""
        if self.levels:
            self._hands.double_click(event)

    def leaveEvent(self, _event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Nothing is pointed at any more."""
        self._pointer = None
        self.pointed.emit(None)
        self._hands.forget_place()
        self.update()

    def event(self, event: QEvent) -> bool:
        """Claim Escape while there is something of the picture's own to leave."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Escape
            and self._hands.busy
        ):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Pan, move the line of `Mode.SWIPE`, leave a tool."""
        if not self._hands.press_key(event):
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Let the picture go when Space is released."""
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._hands.hold_space(False)
        else:
            super().keyReleaseEvent(event)

    def _refresh(self) -> None:
        before = self.zoom
        panes = self.comparison.panes(QRectF(self.rect()))
        self.view.lay_out(panes, self.devicePixelRatioF())
        blinking = self.mode is Mode.BLINK and not self._calm and bool(self.levels)
        if blinking and not self._blinking.isActive():
            self.comparison.layer_now = True
            self._blinking.start()
        elif not blinking:
            self._blinking.stop()
        if self.zoom != before:
            self.zoomed.emit(self.zoom)
        self.update()

    def _moved(self) -> None:
        self.zoomed.emit(self.zoom)
        self.update()

    def _paint_message(self, painter: QPainter) -> None:
        painter.setPen(QColor(self._theme.colours.on_surround))
        painter.setFont(self._theme.font(self._theme.tokens.type.body))
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(self.rect().adjusted(40, 40, -40, -40), flags, self._message)

    def _paint_pane(self, painter: QPainter, pane: QRectF) -> None:
        view, small = self.view, self.small_font()
        self.comparison.paint(painter, view, pane, self.levels)
        self.ruler.paint(painter, view, pane, small)
        if self.comparison.foreign(view, pane):
            return
        paint_places(
            painter,
            self.places,
            self._lit,
            picture=view.picture_rect(pane),
            view=pane,
            box_of=lambda region: view.rect_of(region, pane),
            font=small,
        )
        sketches = (*self.sketches, *((self.pending,) if self.pending else ()))
        paint_drawings(painter, view, pane, sketches, selected=self.selected, font=small)

    def _paint_pointer(self, painter: QPainter, at: QPointF) -> None:
        if self.mode is Mode.SIDE and self.view.pixel_at(at) is not None:
            own = self.view.pane_at(at)
            for pane in self.view.panes:
                if pane != own:
                    scene.paint_crosshair(painter, at - own.topLeft() + pane.topLeft())
        if self._loupe_on and self.levels[0].size() == self.view.size:
            font = self._theme.font(self._theme.tokens.type.small)
            shown = self.comparison.shown
            paint_loupe(painter, self.view, at, self.levels[0], shown, font=font)
