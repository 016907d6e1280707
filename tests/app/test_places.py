"""The window's places: how one gets from one to the next."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.__main__ import make_window
from app.settings import Place, Settings
from app.window import Window
from tests.app.fake_door import FakeDoor
from tests.app.fakes import FakePicker
from tests.app.test_flow import open_all
from tests.app.test_workspace import activate


def test_places_are_reached_by_keyboard(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    activate(qtbot, window)
    for place, key in ((Place.TRIAGE, Qt.Key.Key_2), (Place.EXAMINE, Qt.Key.Key_3)):
        qtbot.keyClick(window, key, Qt.KeyboardModifier.ControlModifier)
        assert window.places[place].isVisible(), place
        assert window.does.places[place].isChecked()


def test_the_window_fits_a_small_screen(window: Window) -> None:
    least = window.minimumSizeHint()
    assert (least.width() <= 1120, least.height() <= 680) == (True, True), least


def test_choice_in_triage_leads_to_examine(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    window.does.places[Place.TRIAGE].trigger()
    assert not window.examine.isVisible()
    window.triage.chosen.emit(str(pictures / "c blue.png"))
    assert window.examine.isVisible()
    assert window.stage.path == str(pictures / "c blue.png")


def test_picture_keys_do_nothing_in_other_places(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    assert all(action.isEnabled() for action in window.examine.actions_.all)
    window.does.places[Place.TRIAGE].trigger()
    assert not any(action.isEnabled() for action in window.examine.actions_.all)


def test_place_is_remembered(
    qtbot: QtBot, window: Window, settings: Settings, picker: FakePicker, pictures: Path,
    tmp_path: Path,
) -> None:  # fmt: skip
    window.does.places[Place.TRIAGE].trigger()
    window.close()
    again = make_window(FakeDoor(pictures), settings, picker, tmp_path / "data")
    qtbot.addWidget(again)
    assert again.does.places[Place.TRIAGE].isChecked()
