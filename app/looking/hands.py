"""What the mouse does on a picture: panning, measuring, drawing, taking hold of drawings."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent

from app.looking import navigator
from app.looking.drawings import Part, Sketch, in_order, moved, part_at
from app.looking.layers import Mode
from engine.mark_words import Shape

if TYPE_CHECKING:
    from app.widgets.canvas import Canvas

CLICK_PX = 4
"""Further than this a press is a drag."""

PAN_KEY_SHARE = 0.1
"""Part of the view that an arrow key moves."""

SWIPE_KEY_SHARE = 0.02
"""Part of the view that an arrow key with Shift moves the line of `Mode.SWIPE`."""

DIVIDER_PX = 12
"""How near to the line of `Mode.SWIPE` a press takes hold of it."""


class Tool(StrEnum):
    """What pressing the left button does."""

    HAND = "hand"
    """Pans; takes hold of drawings, clicks places."""
    RULER = "ruler"
    BOX = "box"
    ARROW = "arrow"
    TEXT = "text"


ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
"""Steps to the right and down."""

SHAPES = {Tool.BOX: Shape.BOX, Tool.ARROW: Shape.ARROW, Tool.TEXT: Shape.TEXT}


class Grip(StrEnum):
    """What is being dragged."""

    PICTURE = "picture"
    DIVIDER = "divider"
    NAVIGATOR = "navigator"
    RULER = "ruler"
    NEW = "new"
    DRAWING = "drawing"


class Hands:
    """The mouse on a canvas; everything it changes, it changes there.

    Args:
        canvas: where the mouse is.
    """

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._grip: Grip | None = None
        self._at = QPointF()
        self._pressed_at = QPointF()
        self._held: tuple[Sketch, Part] | None = None
        self._space = False
        self._place: int | None = None

    @property
    def busy(self) -> bool:
        """Whether there is something to leave by Escape."""
        canvas = self._canvas
        return (
            canvas.pending is not None
            or canvas.tool is not Tool.HAND
            or canvas.selected is not None
            or self._grip is Grip.DRAWING
        )

    def press(self, event: QMouseEvent) -> None:
        """Begin to drag what is under the pointer, as the tool has it."""
        at = event.position()
        self._at = self._pressed_at = at
        self._grip = self._grip_for(event.button(), at)
        canvas = self._canvas
        if self._grip is Grip.RULER:
            canvas.ruler.press(canvas.view, at)
            canvas.measured.emit(canvas.ruler.words())
        elif self._grip is Grip.NEW:
            spot = self._spot(at)
            canvas.pending = Sketch(shape=SHAPES[canvas.tool], start=spot, end=spot)
        elif self._grip is Grip.NAVIGATOR:
            self._navigate(at)
        self.show_cursor(at)
        canvas.update()

    def move(self, event: QMouseEvent) -> None:
        """Go on dragging, or tell what is under the pointer."""
        at, canvas = event.position(), self._canvas
        straight = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self._grip is None:
            canvas.pointed.emit(canvas.view.pixel_at(at))
            self._tell_place(self._place_at(at))
            self.show_cursor(at)
            if canvas.follows_pointer:
                canvas.update()
            return
        if self._grip is Grip.PICTURE:
            canvas.pan(self._at - at)
        elif self._grip is Grip.DIVIDER:
            canvas.move_divider(at.x() / max(1, canvas.width()))
        elif self._grip is Grip.NAVIGATOR:
            self._navigate(at)
        elif self._grip is Grip.RULER:
            canvas.ruler.drag(canvas.view, at, straight=straight)
            canvas.measured.emit(canvas.ruler.words())
        elif self._grip is Grip.NEW and canvas.pending is not None:
            if canvas.pending.shape is not Shape.TEXT:
                canvas.pending = replace(canvas.pending, end=self._spot(at))
        elif self._grip is Grip.DRAWING:
            self._drag_drawing(at)
        self._at = at
        canvas.pointed.emit(canvas.view.pixel_at(at))
        canvas.update()

    def release(self, event: QMouseEvent) -> None:
        """Let go; a press without a move is a click."""
        grip, self._grip = self._grip, None
        canvas, at = self._canvas, event.position()
        click = (at - self._pressed_at).manhattanLength() < CLICK_PX
        if grip is Grip.NEW and canvas.pending is not None:
            self._finish_drawing(canvas.pending)
        elif grip is Grip.DRAWING and self._held is not None:
            self._finish_moving(self._held[0])
        elif grip is Grip.PICTURE and click and event.button() == Qt.MouseButton.LeftButton:
            canvas.select(None)
            index = self._place_at(at)
            if index is not None:
                canvas.place_clicked.emit(index)
        self._held = None
        self.show_cursor(at)
        canvas.update()

    def double_click(self, event: QMouseEvent) -> None:
        """Change the words of a drawing, or change between fit and true size."""
        canvas, at = self._canvas, event.position()
        hit = self._drawing_at(at)
        if hit is not None:
            canvas.select(hit[0].id)
            canvas.asked_for_words.emit(hit[0])
        elif canvas.tool is not Tool.HAND:
            self.press(event)
        elif canvas.fitted:
            canvas.zoom_to(1.0, at)
        else:
            canvas.fit()

    def press_key(self, event: QKeyEvent) -> bool:
        """Do what a key does on the picture; return whether it does anything."""
        canvas, key = self._canvas, Qt.Key(event.key())
        step = ARROWS.get(key)
        if key is Qt.Key.Key_Space:
            if not event.isAutoRepeat():
                self.hold_space(True)
        elif key is Qt.Key.Key_Escape and self.busy:
            self.leave()
        elif step is None:
            return False
        elif event.modifiers() & Qt.KeyboardModifier.ShiftModifier and step[0]:
            if canvas.mode is not Mode.SWIPE:
                return False
            canvas.move_divider(canvas.comparison.divider + step[0] * SWIPE_KEY_SHARE)
        else:
            way = QPointF(canvas.width() * step[0], canvas.height() * step[1])
            canvas.pan(way * PAN_KEY_SHARE)
        return True

    def hold_space(self, on: bool) -> None:
        """While Space is held every tool pans."""
        self._space = on
        self.show_cursor(None)

    def leave(self) -> None:
        """Leave the innermost of: what is being drawn, the selection, the tool."""
        canvas = self._canvas
        if canvas.pending is not None:
            self.drop()
        elif canvas.selected is not None:
            canvas.select(None)
        else:
            canvas.set_tool(Tool.HAND)
            canvas.left_tool.emit()

    def drop(self) -> None:
        """Forget what is being drawn or dragged."""
        self._canvas.pending = None
        self._grip = self._held = None
        self._canvas.update()

    def forget_place(self) -> None:
        """Nothing is pointed at any more."""
        self._tell_place(None)

    def show_cursor(self, at: QPointF | None) -> None:
        """Show by the pointer's shape what a press would do."""
        canvas, shapes = self._canvas, Qt.CursorShape
        if self._grip is Grip.PICTURE:
            canvas.setCursor(shapes.ClosedHandCursor)
        elif self._space:
            canvas.setCursor(shapes.OpenHandCursor)
        elif at is not None and self._on_divider(at):
            canvas.setCursor(shapes.SplitHCursor)
        elif canvas.tool is Tool.TEXT:
            canvas.setCursor(shapes.IBeamCursor)
        elif canvas.tool is not Tool.HAND:
            canvas.setCursor(shapes.CrossCursor)
        elif at is not None and self._drawing_at(at) is not None:
            canvas.setCursor(shapes.SizeAllCursor)
        else:
            canvas.unsetCursor()

    def _grip_for(self, button: Qt.MouseButton, at: QPointF) -> Grip | None:
        canvas = self._canvas
        if button == Qt.MouseButton.MiddleButton or (
            button == Qt.MouseButton.LeftButton and self._space
        ):
            return Grip.PICTURE
        if button != Qt.MouseButton.LeftButton:
            return None
        if navigator.navigator_rect(canvas.view).contains(at):
            return Grip.NAVIGATOR
        if self._on_divider(at):
            return Grip.DIVIDER
        if canvas.tool is Tool.RULER:
            return Grip.RULER
        if canvas.tool in SHAPES:
            return Grip.NEW
        self._held = self._drawing_at(at)
        if self._held is not None:
            canvas.select(self._held[0].id)
            return Grip.DRAWING
        return Grip.PICTURE

    def _drawing_at(self, at: QPointF) -> tuple[Sketch, Part] | None:
        canvas = self._canvas
        pane = canvas.view.pane_at(at)
        # The one drawn last lies on top.
        for sketch in reversed(canvas.sketches):
            part = part_at(sketch, canvas.view, pane, at, canvas.small_font())
            if part is not None:
                return sketch, part
        return None

    def _drag_drawing(self, at: QPointF) -> None:
        if self._held is None:
            return
        sketch, part = self._held
        view = self._canvas.view
        way = view.to_picture(at) - view.to_picture(self._pressed_at, view.pane_at(at))
        size = (view.size.width(), view.size.height())
        after = moved(sketch, part, round(way.x()), round(way.y()), size)
        self._canvas.sketches = tuple(
            after if each.id == sketch.id else each for each in self._canvas.sketches
        )

    def _finish_moving(self, before: Sketch) -> None:
        after = next((each for each in self._canvas.sketches if each.id == before.id), before)
        after = in_order(after)
        if after.empty or after == before:
            self._canvas.sketches = tuple(
                before if each.id == before.id else each for each in self._canvas.sketches
            )
        else:
            self._canvas.changed.emit(after)

    def _finish_drawing(self, pending: Sketch) -> None:
        if pending.empty:
            self._canvas.pending = None
            return
        self._canvas.pending = in_order(pending)
        self._canvas.drawn.emit(self._canvas.pending)

    def _spot(self, at: QPointF) -> tuple[int, int]:
        """Return the point of a drawing that belongs to a point of the view."""
        canvas = self._canvas
        spot, size = canvas.view.to_picture(at), canvas.view.size
        if canvas.tool is Tool.BOX:
            x, y, right, bottom = round(spot.x()), round(spot.y()), size.width(), size.height()
        else:
            x, y = int(spot.x()), int(spot.y())
            right, bottom = size.width() - 1, size.height() - 1
        return min(max(x, 0), right), min(max(y, 0), bottom)

    def _navigate(self, at: QPointF) -> None:
        spot = navigator.to_picture(self._canvas.view, at)
        self._canvas.view.show(spot.x(), spot.y())

    def _on_divider(self, at: QPointF) -> bool:
        canvas = self._canvas
        return canvas.mode is Mode.SWIPE and abs(at.x() - canvas.divider_x()) <= DIVIDER_PX

    def _place_at(self, at: QPointF) -> int | None:
        # The smallest one, where places lie in one another.
        view = self._canvas.view
        pane = view.pane_at(at)
        hits = [
            (place.region.w * place.region.h, index)
            for index, place in enumerate(self._canvas.places)
            if QRectF(view.rect_of(place.region, pane)).contains(at)
        ]
        return min(hits)[1] if hits else None

    def _tell_place(self, index: int | None) -> None:
        if index != self._place:
            self._place = index
            self._canvas.place_pointed.emit(index)
