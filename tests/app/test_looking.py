"""Picture and layer together, the ruler, the magnifier, the navigator, and drawing."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.convert import pyramid, to_array, to_qimage
from app.looking.drawings import Part, Sketch, moved
from app.looking.hands import Tool
from app.looking.layers import PINNED, Layer, Mode
from app.looking.navigator import navigator_rect
from app.looking.ruler import Measure
from app.looking.view import View
from app.style import Theme
from app.widgets.canvas import Canvas
from app.widgets.places import Place
from engine.mark_words import Shape
from engine.types import Region

SIZE = (200, 100)
"""(width, height) of the picture."""


@pytest.fixture
def canvas(qtbot: QtBot, theme: Theme) -> Canvas:
    canvas = Canvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    canvas.show_picture(plain(40))
    canvas.show_layer(view_of(240))
    return canvas


def plain(value: int) -> tuple:
    return pyramid(to_qimage(np.full((SIZE[1], SIZE[0], 3), value, dtype=np.uint8)))


def view_of(value: int, *, opaque: bool = True) -> Layer:
    """Return a layer of one grey."""
    return Layer(key="trace.x", name="View", levels=plain(value), opaque=opaque)


def grey_at(canvas: Canvas, point: QPointF) -> int:
    return int(to_array(canvas.grab().toImage())[round(point.y()), round(point.x()), 0])


def spot(canvas: Canvas, x: float, y: float, pane: int = 0) -> QPointF:
    return canvas.view.to_view(QPointF(x, y), canvas.view.panes[pane])


def drag(canvas: Canvas, start: QPointF, end: QPointF, modifiers=Qt.KeyboardModifier.NoModifier):
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, modifiers, start.toPoint())
    for share in (0.5, 1.0):
        QTest.mouseMove(canvas, (start + (end - start) * share).toPoint())
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, modifiers, end.toPoint())


def test_side_by_side_shows_the_same_place_in_both_panes(canvas: Canvas) -> None:
    canvas.set_mode(Mode.SIDE)
    left, right = canvas.view.panes
    assert left.width() == right.width()
    canvas.zoom_to(4.0, spot(canvas, 150, 40, pane=1))
    canvas.pan(QPointF(13, -7))
    at = [canvas.view.to_picture(pane.center() + QPointF(31, 17), pane) for pane in (left, right)]
    assert at[0] == at[1]
    assert grey_at(canvas, left.center() + QPointF(3, 3)) == 40
    assert grey_at(canvas, right.center() + QPointF(3, 3)) == 240


def test_places_are_not_drawn_on_another_exhibit(canvas: Canvas) -> None:
    other = Layer(key=PINNED, name="Exhibit 2", levels=plain(240), opaque=True)
    canvas.show_layer(other)
    canvas.set_mode(Mode.SIDE)
    before = to_array(canvas.grab().toImage())
    canvas.show_places((Place(label="A", region=Region(x=20, y=20, w=60, h=60)),))
    canvas.show_sketches((Sketch(shape=Shape.BOX, start=(90, 10), end=(150, 60), id=1),))
    changed = np.argwhere(np.any(to_array(canvas.grab().toImage()) != before, axis=2))
    assert changed[:, 1].max() < canvas.view.panes[1].left()


def test_swipe_parts_picture_and_layer_at_the_line(canvas: Canvas) -> None:
    canvas.set_mode(Mode.SWIPE)
    y = canvas.height() / 4
    canvas.fit()
    inside = spot(canvas, 60, 20), spot(canvas, 140, 20)
    assert [grey_at(canvas, point) for point in inside] == [40, 240]
    assert y > 0
    middle = QPointF(canvas.width() / 2, canvas.height() / 2 + 60)
    drag(canvas, middle, middle - QPointF(80, 0))
    assert canvas.comparison.divider == pytest.approx(220 / 600, abs=0.01)
    assert grey_at(canvas, spot(canvas, 80, 20)) == 240


def test_the_line_of_swipe_moves_by_the_keyboard(canvas: Canvas) -> None:
    canvas.set_mode(Mode.SWIPE)
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert canvas.comparison.divider == pytest.approx(0.48)


def test_blink_changes_by_itself_unless_less_motion_is_asked_for(
    qtbot: QtBot, canvas: Canvas
) -> None:
    canvas.set_mode(Mode.BLINK)
    assert canvas._blinking.isActive()
    assert canvas._blinking.interval() >= 334, "More than three flashes a second are harmful."
    qtbot.waitUntil(lambda: grey_at(canvas, spot(canvas, 100, 20)) == 40, timeout=3000)
    canvas.set_calm(True)
    assert not canvas._blinking.isActive()
    before = grey_at(canvas, spot(canvas, 100, 20))
    canvas.blink()
    assert {before, grey_at(canvas, spot(canvas, 100, 20))} == {40, 240}


def test_difference_is_the_distance_of_each_value_and_can_be_enhanced(canvas: Canvas) -> None:
    canvas.show_layer(view_of(43))
    canvas.set_mode(Mode.DIFFERENCE)
    assert grey_at(canvas, spot(canvas, 100, 40)) == 3
    canvas.comparison.gain = 16
    assert grey_at(canvas, spot(canvas, 100, 40)) == 48


def test_a_layer_that_shows_the_picture_through_has_no_difference(canvas: Canvas) -> None:
    canvas.set_mode(Mode.DIFFERENCE)
    canvas.show_layer(view_of(240, opaque=False))
    assert canvas.mode is Mode.OVERLAY


def test_a_hidden_layer_leaves_the_picture_alone_in_every_mode(canvas: Canvas) -> None:
    canvas.set_layer_on(False)
    for mode in Mode:
        canvas.set_mode(mode)
        assert len(canvas.view.panes) == 1
        assert grey_at(canvas, spot(canvas, 100, 20)) == 40


def test_a_preview_gives_way_to_the_whole_picture_without_moving(canvas: Canvas) -> None:
    small = (to_qimage(np.full((50, 100, 3), 90, dtype=np.uint8)),)
    whole = pyramid(to_qimage(np.full((1000, 2000, 3), 90, dtype=np.uint8)))
    canvas.show_picture(small, whole[0].size())
    canvas.zoom_to(0.5)
    before = canvas.picture_rect()
    canvas.refine(whole)
    assert canvas.picture_rect() == before
    assert canvas.zoom == 0.5


@pytest.mark.parametrize(
    ("dx", "dy", "length", "angle"),
    [(3, 4, 5.0, -53.130), (10, 0, 10.0, 0.0), (0, -10, 10.0, 90.0), (-1, 0, 1.0, 180.0)],
)
def test_the_ruler_measures_between_the_middles_of_pixels(dx, dy, length, angle) -> None:
    measure = Measure(dx=dx, dy=dy)
    assert measure.length == pytest.approx(length)
    assert measure.angle == pytest.approx(angle, abs=1e-3)


def test_the_ruler_counts_original_pixels_at_any_zoom(canvas: Canvas) -> None:
    canvas.set_tool(Tool.RULER)
    for zoom in (1.0, 4.0):
        canvas.zoom_to(zoom)
        canvas.ruler.clear()
        drag(canvas, spot(canvas, 90.5, 45.5), spot(canvas, 120.5, 55.5))
        assert canvas.ruler.measure() == Measure(dx=30, dy=10)
    assert canvas.ruler.words() == "31.6 px  ·  \u221218.4°  ·  dx 30  dy 10"


def test_the_ruler_held_straight_keeps_to_the_diagonal(canvas: Canvas) -> None:
    canvas.set_tool(Tool.RULER)
    canvas.ruler.press(canvas.view, spot(canvas, 50.5, 50.5))
    canvas.ruler.drag(canvas.view, spot(canvas, 80.5, 76.5), straight=True)
    assert canvas.ruler.measure() == Measure(dx=30, dy=30)
    canvas.ruler.drag(canvas.view, spot(canvas, 180.5, 20.5), straight=True)
    assert canvas.ruler.measure() == Measure(dx=130, dy=0)


def test_an_end_of_the_ruler_can_be_moved_again(canvas: Canvas) -> None:
    canvas.set_tool(Tool.RULER)
    drag(canvas, spot(canvas, 20.5, 20.5), spot(canvas, 60.5, 20.5))
    drag(canvas, spot(canvas, 60.5, 20.5), spot(canvas, 60.5, 50.5))
    assert canvas.ruler.measure() == Measure(dx=40, dy=30)
    canvas.set_tool(Tool.HAND)
    assert canvas.ruler.words() == ""


def test_the_magnifier_shows_enlarged_pixels_beside_the_pointer(
    qtbot: QtBot, canvas: Canvas
) -> None:
    with qtbot.waitExposed(canvas):
        canvas.show()
    canvas.set_layer_on(False)
    plain_view = to_array(canvas.grab().toImage())
    canvas.set_loupe_on(True)
    QTest.mouseMove(canvas, spot(canvas, 100, 50).toPoint())
    qtbot.waitUntil(lambda: canvas._pointer is not None)
    changed = np.argwhere(np.any(to_array(canvas.grab().toImage()) != plain_view, axis=2))
    assert np.ptp(changed[:, 1]) > 150
    QTest.mouseMove(canvas, QPoint(2, 2))
    qtbot.waitUntil(lambda: canvas._pointer == QPointF(2, 2))
    assert np.array_equal(to_array(canvas.grab().toImage()), plain_view)


def test_the_navigator_is_there_when_a_part_is_seen_and_leads_elsewhere(canvas: Canvas) -> None:
    assert navigator_rect(canvas.view).isEmpty()
    canvas.zoom_to(8.0)
    box = navigator_rect(canvas.view)
    assert not box.isEmpty()
    QTest.mouseClick(
        canvas,
        Qt.MouseButton.LeftButton,
        pos=(box.topLeft() + QPointF(box.width() / 4, box.height() / 2)).toPoint(),
    )
    assert canvas.view.centre.x() == pytest.approx(50, abs=2)


def test_every_tool_pans_with_the_middle_button_and_with_space(canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    for tool in (Tool.RULER, Tool.BOX):
        canvas.set_tool(tool)
        before = QPointF(canvas.view.centre)
        start = QPoint(300, 200)
        QTest.mousePress(canvas, Qt.MouseButton.MiddleButton, pos=start)
        QTest.mouseMove(canvas, start - QPoint(40, 0))
        QTest.mouseRelease(canvas, Qt.MouseButton.MiddleButton, pos=start - QPoint(40, 0))
        assert canvas.view.centre.x() - before.x() == pytest.approx(10)
        QTest.keyPress(canvas, Qt.Key.Key_Space)
        drag(canvas, QPointF(300, 200), QPointF(340, 200))
        QTest.keyRelease(canvas, Qt.Key.Key_Space)
        assert canvas.view.centre.x() == pytest.approx(before.x())
        assert canvas.pending is None


def test_a_box_is_drawn_on_the_edges_of_pixels(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.zoom_to(4.0)
    canvas.set_tool(Tool.BOX)
    with qtbot.waitSignal(canvas.drawn) as drawn:
        drag(canvas, spot(canvas, 120.2, 60.1), spot(canvas, 99.9, 40.2))
    sketch = drawn.args[0]
    assert (sketch.start, sketch.end) == ((100, 40), (120, 60))


def test_a_press_without_a_drag_draws_no_box(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.set_tool(Tool.BOX)
    with qtbot.assertNotEmitted(canvas.drawn):
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=QPoint(300, 200))
    assert canvas.pending is None


def test_a_drawing_is_taken_by_its_line_and_moved(qtbot: QtBot, canvas: Canvas) -> None:
    box = Sketch(shape=Shape.BOX, start=(80, 30), end=(120, 70), text="a", id=7)
    canvas.show_sketches((box,))
    with qtbot.waitSignal(canvas.changed) as changed:
        drag(canvas, spot(canvas, 100, 70), spot(canvas, 110, 60))
    assert canvas.selected == 7
    assert (changed.args[0].start, changed.args[0].end) == ((90, 20), (130, 60))


def test_a_corner_of_a_box_is_moved_alone(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_sketches((Sketch(shape=Shape.BOX, start=(80, 30), end=(120, 70), id=7),))
    with qtbot.waitSignal(canvas.changed) as changed:
        drag(canvas, spot(canvas, 120, 70), spot(canvas, 60, 90))
    assert (changed.args[0].start, changed.args[0].end) == ((60, 30), (80, 90))


def test_the_inside_of_a_box_pans(canvas: Canvas) -> None:
    canvas.show_sketches((Sketch(shape=Shape.BOX, start=(60, 10), end=(140, 90), id=7),))
    canvas.zoom_to(2.0)
    drag(canvas, spot(canvas, 100, 50), spot(canvas, 110, 50))
    assert canvas.selected is None
    assert canvas.view.centre.x() == pytest.approx(90)


def test_escape_leaves_selection_then_tool(canvas: Canvas) -> None:
    canvas.show_sketches((Sketch(shape=Shape.TEXT, start=(60, 10), end=(60, 10), text="a", id=7),))
    canvas.set_tool(Tool.RULER)
    canvas.select(7)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert (canvas.selected, canvas.tool) == (None, Tool.RULER)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.tool is Tool.HAND


@pytest.mark.parametrize(
    ("shape", "part", "expected"),
    [
        (Shape.BOX, Part.BODY, ((160, 80), (200, 100))),
        (Shape.BOX, Part.END, ((10, 20), (200, 100))),
        (Shape.ARROW, Part.END, ((10, 20), (199, 99))),
        (Shape.TEXT, Part.BODY, ((199, 99), (199, 99))),
    ],
)
def test_a_drawing_stays_on_the_picture(shape, part, expected) -> None:
    end = (10, 20) if shape is Shape.TEXT else (50, 40)
    after = moved(Sketch(shape=shape, start=(10, 20), end=end), part, 900, 900, SIZE)
    assert (after.start, after.end) == expected


def test_a_region_is_brought_into_view() -> None:
    view = View()
    view.lay_out((QRectF(0, 0, 400, 300),), 2.0)
    view.take(to_qimage(np.zeros((3000, 4000, 3), dtype=np.uint8)).size())
    region = Region(x=1000, y=500, w=200, h=100)
    view.show_region(region)
    seen = view.seen()
    assert seen is not None
    assert (seen.x, seen.w) == (1000, 200)
    assert seen.y < 500 < 600 < seen.y + seen.h
