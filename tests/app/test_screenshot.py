"""The window as a picture: every region is painted, in both schemes."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from app.convert import to_array
from app.window import Window
from tests.app.screenshots import SIZE, settled, take
from tests.app.test_flow import open_all


def part(window: Window, shot: np.ndarray, widget: QWidget) -> np.ndarray:
    """Return the pixels of a widget within a picture of the window."""
    corner = widget.mapTo(window, widget.rect().topLeft())
    return shot[
        corner.y() : corner.y() + widget.height(), corner.x() : corner.x() + widget.width(), :3
    ]


def shoot(window: Window, file: Path) -> np.ndarray:
    from PySide6.QtGui import QImage

    take(window, file)
    image = QImage(str(file))
    assert (image.width(), image.height()) == SIZE
    return to_array(image)


def regions(window: Window) -> dict[str, QWidget]:
    workspace = window.workspace
    return {
        "list": workspace.list.view,
        "picture": workspace.picture.canvas,
        "legend": workspace.picture.legend,
        "findings": workspace.findings,
        "verdict": workspace.verdict,
        "explanation": workspace.explanation,
        "read-outs": workspace.read_outs,
        "bottom": window.bottom,
    }


@pytest.fixture
def filled(qtbot: QtBot, window: Window, pictures: Path) -> Window:
    window.resize(*SIZE)
    open_all(qtbot, window, pictures)
    qtbot.waitUntil(settled(window))
    return window


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_region_is_blank(filled: Window, tmp_path: Path, scheme: str) -> None:
    filled._set_scheme(scheme)
    shot = shoot(filled, tmp_path / f"{scheme}.png")
    for name, widget in regions(filled).items():
        pixels = part(filled, shot, widget).reshape(-1, 3)
        assert pixels.std() > 2.0, name
        assert len(np.unique(pixels, axis=0)) > 8, name
    filled._set_scheme("light")


def test_schemes_differ_everywhere_but_in_the_picture(filled: Window, tmp_path: Path) -> None:
    light = shoot(filled, tmp_path / "light.png")
    filled._set_scheme("dark")
    dark = shoot(filled, tmp_path / "dark.png")
    filled._set_scheme("light")
    assert light[..., :3].mean() - dark[..., :3].mean() > 80
    canvas = filled.workspace.picture.canvas
    middle = canvas.picture_rect().toRect().adjusted(4, 4, -4, -4)
    seen = [
        part(filled, shot, canvas)[middle.top() : middle.bottom(), middle.left() : middle.right()]
        for shot in (light, dark)
    ]
    np.testing.assert_array_equal(*seen)


def test_bands_of_the_list_look_different(filled: Window, tmp_path: Path) -> None:
    shot = shoot(filled, tmp_path / "light.png")
    view = filled.workspace.list.view
    model = filled.session.model
    lines = []
    pixels = part(filled, shot, view.viewport())
    for row in range(3):
        box = view.visualRect(model.index(row))
        lines.append(pixels[box.center().y() : box.bottom() - 4, 70 : box.right() - 12])
    for first in range(3):
        for second in range(first):
            height = min(len(lines[first]), len(lines[second]))
            difference = lines[first][:height].astype(int) - lines[second][:height].astype(int)
            assert np.abs(difference).max() > 60


def test_empty_window_teaches(window: Window, tmp_path: Path) -> None:
    window.resize(*SIZE)
    shot = shoot(window, tmp_path / "empty.png")
    assert window.empty.isVisible()
    assert part(window, shot, window.empty).std() > 5
