"""A window with a fake engine behind it, and a folder of small pictures."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow
from PySide6.QtCore import QCoreApplication, QEvent
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.binding import protect
from app.settings import Settings
from app.style import Theme
from app.window import Window
from engine import paths
from engine.images.colour import band_style
from tests.app.fake_door import FakeDoor
from tests.app.fake_results import TEXT
from tests.app.fakes import FakePicker, Gate

PLATFORM_NOISE = "This plugin does not support propagateSizeHints"
"""The offscreen platform says so of every window; nothing in the program causes it."""

PATIENCE_MS = 30_000
"""How long a test waits for what takes milliseconds on an idle machine."""


class PatientBot(QtBot):
    """Waits for as long as `PATIENCE_MS`, where pytest-qt gives up after five seconds."""

    def waitUntil(self, callback, **options):  # noqa: N802 - pytest-qt's name
        return super().waitUntil(callback, **{"timeout": PATIENCE_MS, **options})

    def waitSignal(self, signal, **options):  # noqa: N802
        return super().waitSignal(signal, **{"timeout": PATIENCE_MS, **options})

    def waitExposed(self, widget, **options):  # noqa: N802
        return super().waitExposed(widget, **{"timeout": PATIENCE_MS, **options})


@pytest.fixture
def qtbot(qapp: object, request: pytest.FixtureRequest) -> PatientBot:
    return PatientBot(request)


COLOURS = {
    "a red.png": (220, 40, 30),
    "b grey.png": (128, 128, 128),
    "c blue.png": (30, 40, 220),
}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.qt_log_ignore(PLATFORM_NOISE))


@pytest.fixture(scope="session", autouse=True)
def _protected() -> None:
    """Do as `app.__main__` does before its first widget."""
    protect()


@pytest.fixture(scope="session")
def _program_kept() -> None:
    """Let no search look through what the program and its tests consist of."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _gone_before_the_next(_program_kept: None) -> Iterator[None]:
    """Delete what a test closed, on this thread.

    It would be dressed anew whenever a later test sets a style; and an engine's thread that
    searches for unreachable objects would delete those of Qt there, which can end the process.
    """
    gc.disable()
    yield
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    gc.enable()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    """A folder with a red, a grey and a blue picture of 96 x 64 px."""
    folder = tmp_path / "pictures"
    folder.mkdir()
    for name, colour in COLOURS.items():
        save(folder / name, colour)
    return folder


def save(file: Path, colour: tuple[int, int, int], size: tuple[int, int] = (96, 64)) -> Path:
    """Write a picture of one colour; its size is (width, height)."""
    pixels = np.full((size[1], size[0], 3), colour, dtype=np.uint8)
    Pillow.fromarray(pixels).save(file)
    return file


@pytest.fixture
def door(pictures: Path) -> FakeDoor:
    return FakeDoor(pictures)


@pytest.fixture
def picker() -> FakePicker:
    return FakePicker()


@pytest.fixture
def gate() -> Iterator[Gate]:
    """A gate that is opened at the end, whatever happens."""
    gate = Gate()
    yield gate
    gate.open()


@pytest.fixture
def held_in_the_second(door: FakeDoor, gate: Gate) -> Gate:
    """Hold a scan amid its second picture's explanation; returns the gate that holds it."""
    per_picture = len(" ".join(TEXT).split(" "))
    words = iter(range(1000))

    def hold() -> None:
        if next(words) == per_picture + 2:
            gate()

    door.before_word = hold
    return gate


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    settings = Settings(tmp_path / "data" / "settings.ini")
    settings.scheme = "light"
    return settings


@pytest.fixture
def theme(qapp: object) -> Theme:
    theme = Theme(paths.resources_dir(), band_style)
    theme.set_mode("light")
    return theme


@pytest.fixture
def window(
    qtbot: QtBot,
    gate: Gate,
    door: FakeDoor,
    settings: Settings,
    picker: FakePicker,
    tmp_path: Path,
) -> Iterator[Window]:
    """A window that is shown; a bug that it told of fails the test."""
    window = make_window(door, settings, picker, tmp_path / "data")
    # Closing joins the threads, which happens before fixtures end; nothing may hold them.
    qtbot.addWidget(window, before_close_func=lambda _: gate.open())
    with qtbot.waitExposed(window):
        window.show()
    yield window
    assert not window.messages.bugs, "\n".join(window.messages.bugs)
