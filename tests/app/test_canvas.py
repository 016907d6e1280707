"""The picture is true: place, zoom and pixels."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from app.convert import pyramid, to_array, to_qimage
from app.looking.layers import Layer
from app.looking.scene import level_for
from app.style import Theme
from app.widgets.canvas import Canvas
from app.widgets.places import Place, letter
from engine.report.wording import region_label
from engine.types import Region


@pytest.fixture
def canvas(qtbot: QtBot, theme: Theme) -> Canvas:
    canvas = Canvas(theme)
    qtbot.addWidget(canvas)
    canvas.resize(600, 400)
    return canvas


def halves(width: int, height: int) -> QImage:
    """Return a picture whose left half is pure red and whose right half is pure blue."""
    pixels = np.zeros((height, width, 3), dtype=np.uint8)
    pixels[:, : width // 2, 0] = 255
    pixels[:, width // 2 :, 2] = 255
    return to_qimage(pixels)


def laid_over(pixels: np.ndarray) -> Layer:
    """Return a layer that the picture shows through."""
    return Layer(key="heat", name="Map", levels=(to_qimage(pixels),), opaque=False)


def painted(canvas: Canvas) -> np.ndarray:
    return to_array(canvas.grab().toImage())


def test_small_picture_is_not_enlarged_to_fit(canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(100, 50)))
    assert canvas.zoom == 1.0
    area = canvas.picture_rect()
    assert (area.width(), area.height()) == (100.0, 50.0)


def test_large_picture_is_fitted_and_stays_so(canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(3000, 1000)))
    assert canvas.picture_rect().width() == pytest.approx(576, abs=0.5)
    canvas.resize(300, 400)
    canvas.grab()
    assert canvas.picture_rect().width() == pytest.approx(276, abs=0.5)


def test_surround_is_a_neutral_grey(canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(100, 50)))
    red, green, blue, _ = painted(canvas)[2, 2]
    assert red == green == blue


def test_pixels_are_not_smoothed_above_their_true_size(canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(100, 50)))
    canvas.zoom_to(4.0)
    rows = painted(canvas)[200, :, :3]
    colours = {tuple(int(v) for v in pixel) for pixel in rows}
    surround = QColor(canvas._theme.colours.surround).getRgb()[:3]
    assert colours == {(255, 0, 0), (0, 0, 255), surround}


def test_zoom_keeps_the_pixel_under_the_pointer(canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(3000, 2000)))
    pointer = QPointF(150, 120)
    before = canvas.view.to_picture(pointer)
    canvas.zoom_to(canvas.zoom * 3, pointer)
    after = canvas.view.to_picture(pointer)
    assert after.x() == pytest.approx(before.x(), abs=1e-6)
    assert after.y() == pytest.approx(before.y(), abs=1e-6)


def test_picture_cannot_be_lost_by_panning(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_picture(pyramid(halves(800, 600)))
    canvas.zoom_to(1.0)
    for _ in range(50):
        qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.picture_rect().right() >= canvas.rect().center().x() - 1


def test_heat_map_lies_exactly_over_the_picture(canvas: Canvas) -> None:
    canvas.show_picture((to_qimage(np.zeros((100, 200, 3), dtype=np.uint8)),))
    layer = np.zeros((2, 4, 4), dtype=np.uint8)
    layer[:, 2:] = (255, 255, 255, 255)
    canvas.show_layer(laid_over(layer))
    canvas.zoom_to(2.0)
    row = painted(canvas)[200, :, 0].astype(int)
    edge = int(np.flatnonzero(np.diff(row) == 255)[0]) + 1
    assert edge == round(canvas.view_rect(Region(x=100, y=0, w=1, h=1)).left())


def test_opacity_and_switch_change_the_layer(canvas: Canvas) -> None:
    canvas.show_picture((to_qimage(np.zeros((100, 200, 3), dtype=np.uint8)),))
    canvas.show_layer(laid_over(np.full((2, 2, 4), 255, dtype=np.uint8)))
    canvas.set_opacity(0.5)
    assert painted(canvas)[200, 300, 0] == pytest.approx(128, abs=1)
    canvas.set_layer_on(False)
    assert painted(canvas)[200, 300, 0] == 0


def test_lit_place_stays_bright_and_the_rest_is_dimmed(canvas: Canvas) -> None:
    canvas.show_picture((to_qimage(np.full((200, 200, 3), 200, dtype=np.uint8)),))
    region = Region(x=20, y=20, w=60, h=60)
    canvas.show_places((Place(label="A", region=region),))
    canvas.light((region,))
    pixels = painted(canvas)
    inside = canvas.view_rect(region).center().toPoint()
    outside = canvas.view_rect(Region(x=150, y=150, w=1, h=1)).center().toPoint()
    assert pixels[inside.y(), inside.x(), 0] == 200
    assert pixels[outside.y(), outside.x(), 0] < 120
    canvas.light(())
    assert painted(canvas)[outside.y(), outside.x(), 0] == 200


def test_click_on_nested_places_means_the_inner_one(qtbot: QtBot, canvas: Canvas) -> None:
    canvas.show_picture((to_qimage(np.zeros((200, 200, 3), dtype=np.uint8)),))
    outer, inner = Region(x=0, y=0, w=200, h=200), Region(x=50, y=50, w=40, h=40)
    canvas.show_places((Place(label="A", region=outer), Place(label="B", region=inner)))
    spot = canvas.view_rect(inner).center().toPoint()
    with qtbot.waitSignal(canvas.place_clicked) as clicked:
        qtbot.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=spot)
    assert clicked.args == [1]


def test_small_view_of_a_large_picture_uses_a_smaller_level(canvas: Canvas) -> None:
    levels = pyramid(halves(4000, 2000))
    assert [level.width() for level in levels] == [4000, 2000, 1000]
    canvas.show_picture(levels)
    assert level_for(levels, canvas.picture_rect().width()).width() == 1000
    canvas.zoom_to(1.0)
    assert level_for(levels, canvas.picture_rect().width()).width() == 4000


@pytest.mark.parametrize("index", [0, 1, 25, 26, 27, 701, 702])
def test_letters_are_the_reports(index: int) -> None:
    assert letter(index) == region_label(index)
