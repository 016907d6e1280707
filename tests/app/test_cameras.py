"""Fingerprints of cameras in the window: made in triage, tested in examine, kept in the case."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.case_door import EngineCases
from app.settings import Place
from app.widgets.camera_dialog import CameraDialog
from app.window import Window
from tests.app.fake_door import FakeDoor
from tests.app.test_layers import choose_layer
from tests.engine.traces import planting as plant
from tests.engine.traces.test_prnu import shot

PATIENCE_MS = 30_000


def ready(qtbot: QtBot, window: Window, folder: Path, total: int) -> None:
    window._settings.scan_on_open = False
    window.open_paths((str(folder),))
    qtbot.waitUntil(lambda: window.session.model.total == total, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.session.busy, timeout=PATIENCE_MS)


def test_a_fingerprint_is_made_of_chosen_exhibits_and_a_picture_is_tested_with_it(
    qtbot: QtBot, window: Window, tmp_path: Path, door: FakeDoor
) -> None:
    folder = tmp_path / "camera"
    folder.mkdir()
    for number in range(6):
        name = "tested.jpg" if number == 5 else f"{number}.jpg"
        data = plant.jpeg(shot(0, 950 if number == 5 else number), 95)
        (folder / name).write_bytes(data)
    ready(qtbot, window, folder, 6)
    window.go(Place.TRIAGE)
    triage = window.triage
    triage.view.choose({str(folder / f"{n}.jpg") for n in range(5)}, "")
    told: list[str] = []
    window.session.told.connect(lambda title, _text: told.append(title))
    triage.does.camera.trigger()
    dialog = window.findChild(CameraDialog)
    accept = dialog.buttons.button(dialog.buttons.StandardButton.Ok)
    assert not accept.isEnabled()
    QTest.keyClicks(dialog.field, "Camera 7")
    QTest.mouseClick(accept, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: told == ["The fingerprint is made"], timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    window._examine(str(folder / "tested.jpg"))
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    layers = window.workspace.picture.bar.layers
    (key,) = (layers.itemData(n) for n in range(layers.count()) if "Camera 7" in layers.itemText(n))
    choose_layer(window, key)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.workspace.picture.canvas.comparison.layer.key == key
    # The door itself must not be used on this thread; the case behind it may, once nothing runs.
    with EngineCases.using(door) as case:
        tested = case.log()[-1]
    assert tested.action == "fingerprint.test"
    assert float(dict(tested.details)["pce"]) > 60


def test_too_few_exhibits_make_no_fingerprint(qtbot: QtBot, window: Window, pictures: Path) -> None:
    ready(qtbot, window, pictures, 3)
    window.go(Place.TRIAGE)
    window.triage.view.selectAll()
    assert window.triage.view.chosen_count == 3
    assert not window.triage.does.camera.isEnabled()
