"""Puts the place of one exhibit into each state that the documents show."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from app.case_door import Drawing
from app.looking.hands import Tool
from app.looking.layers import HEAT, RESTS, Mode
from app.window import Window
from engine.mark_words import Shape

TRACE = "trace.ela"


def ways_of_looking(window: Window, settle: Callable[[], None]) -> Iterator[tuple[str, str]]:
    """Yield (name, scheme) each time that the window shows the next state.

    Args:
        window: shows an examined exhibit in Examine.
        settle: waits until nothing is at work.
    """
    pane = window.workspace.picture
    for scheme in ("light", "dark"):
        yield "overlay", scheme
    for mode in (Mode.SIDE, Mode.SWIPE):
        pane.set_mode(mode)
        for scheme in ("light", "dark"):
            yield str(mode), scheme
    yield from _trace(window, settle)
    yield from _rests(window, settle)
    _draw(window, settle)
    for scheme in ("light", "dark"):
        yield "annotations", scheme
    _measure(window)
    for scheme in ("light", "dark"):
        yield "pixels", scheme


def _trace(window: Window, settle: Callable[[], None]) -> Iterator[tuple[str, str]]:
    pane = window.workspace.picture
    pane.set_mode(Mode.OVERLAY)
    if pane.bar.layers.findData(TRACE) < 0:
        return
    window.examine.layers.show(TRACE)
    settle()
    for scheme in ("light", "dark"):
        yield "trace", scheme
    window.examine.layers.show(HEAT)


def _rests(window: Window, settle: Callable[[], None]) -> Iterator[tuple[str, str]]:
    canvas = window.workspace.picture.canvas
    window.examine.layers.show(RESTS)
    settle()
    QTest.mouseMove(canvas, (QPointF(canvas.rect().center()) + QPointF(40, 60)).toPoint())
    for scheme in ("light", "dark"):
        yield "rests", scheme
    window.examine.layers.show(HEAT)


def _draw(window: Window, settle: Callable[[], None]) -> None:
    workspace, canvas = window.workspace, window.workspace.picture.canvas
    workspace.picture.set_mode(Mode.OVERLAY)
    exhibit = window.examine.exhibit
    assert exhibit is not None and exhibit.number is not None
    width, height = canvas.view.size.width(), canvas.view.size.height()
    for drawing in (
        Drawing(
            shape=Shape.BOX,
            start=(width // 3, height // 8),
            end=(width // 2, height * 3 // 10),
            text="Letters that are no letters",
        ),
        Drawing(
            shape=Shape.ARROW,
            start=(width * 4 // 5, height * 9 // 10),
            end=(width * 3 // 5, height * 3 // 4),
            text="Spokes run into each other",
        ),
        Drawing(shape=Shape.TEXT, start=(width // 12, height // 20), end=(0, 0), text="No grain"),
    ):
        window.marks.draw(exhibit.number, drawing)
    window.marks.rate(exhibit.number, 4)
    window.marks.tag(exhibit.number, "signage")
    window.marks.note("The lettering repeats on the roof.", exhibit=exhibit.number)
    settle()
    window.workspace.picture.heat_box.setChecked(False)
    canvas.select(canvas.sketches[0].id)
    workspace.show_marks()


def _measure(window: Window) -> None:
    pane, canvas = window.workspace.picture, window.workspace.picture.canvas
    canvas.select(None)
    pane.set_tool(Tool.RULER)
    canvas.zoom_to(10.0)
    canvas.view.show(canvas.view.size.width() * 0.4, canvas.view.size.height() * 0.2)
    middle = QPointF(canvas.rect().center())
    ends = [(middle + QPointF(x, 110)).toPoint() for x in (-230, 90)]
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=ends[0])
    QTest.mouseMove(canvas, ends[1])
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=ends[1])
    pane.tools.loupe.setChecked(True)
    QTest.mouseMove(canvas, (middle + QPointF(-110, -150)).toPoint())
