"""Fingerprints of cameras in the window: made in triage, tested in examine, kept in the case."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from app.engine_cases import EngineCases
from app.settings import Place
from app.widgets.camera_dialog import CameraDialog
from app.widgets.camera_list import COMPARED, STATE
from app.widgets.confirming import ConfirmDialog
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


def taken(folder: Path, tested: int = 0) -> Path:
    """Write pictures of one camera, and some more of it that are to be tested."""
    folder.mkdir()
    for number in range(5):
        (folder / f"{number}.jpg").write_bytes(plant.jpeg(shot(0, number), 95))
    for number in range(tested):
        (folder / f"tested {number}.jpg").write_bytes(plant.jpeg(shot(0, 950 + number), 95))
    return folder


def make_camera(qtbot: QtBot, window: Window, name: str) -> None:
    """Make a camera of the first five exhibits."""
    told: list[str] = []
    window.session.told.connect(lambda title, _text: told.append(title))
    window.services.cameras.make((1, 2, 3, 4, 5), name)
    qtbot.waitUntil(lambda: told == ["The fingerprint is made"], timeout=PATIENCE_MS)
    window.messages.box.accept()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)


def test_a_fingerprint_is_made_of_chosen_exhibits_and_a_picture_is_tested_with_it(
    qtbot: QtBot, window: Window, tmp_path: Path, door: FakeDoor
) -> None:
    folder = taken(tmp_path / "camera", tested=1)
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
    window._examine(str(folder / "tested 0.jpg"))
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


def test_the_case_lists_its_cameras_and_one_is_compared_from_there(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    ready(qtbot, window, taken(tmp_path / "camera", tested=1), 6)
    window.go(Place.CASE)
    listed = window.case.cameras
    assert listed.choose.isVisibleTo(listed)
    make_camera(qtbot, window, "Camera 7")
    assert window.case.tables.tabText(1) == "Cameras  1"
    cells = [listed.model.index(0, column).data() for column in range(5)]
    assert cells == ["Camera 7", "5 pictures", "448 × 320", "nothing yet", "as logged"]
    listed.compare.click()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert window.examine.isVisible()
    assert window.stage.path == str(tmp_path / "camera" / "tested 0.jpg")
    assert window.workspace.picture.canvas.comparison.layer.key.startswith("camera:")
    window.go(Place.CASE)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert listed.model.index(0, COMPARED).data() == "pattern in 1 of 1"


def test_a_camera_is_removed_once_that_was_confirmed(
    qtbot: QtBot, window: Window, tmp_path: Path, door: FakeDoor
) -> None:
    ready(qtbot, window, taken(tmp_path / "camera"), 5)
    window.go(Place.CASE)
    make_camera(qtbot, window, "Camera 7")
    kept = Path(f"{window.session.case.file}.fingerprints")
    listed = window.case.cameras
    listed.remove.click()
    window.findChild(ConfirmDialog).reject()
    assert len(list(kept.iterdir())) == 1
    listed.remove.click()
    window.findChildren(ConfirmDialog)[-1].does.click()
    qtbot.waitUntil(lambda: not listed.model.rows, timeout=PATIENCE_MS)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    assert list(kept.iterdir()) == []
    with EngineCases.using(door) as case:
        assert case.log()[-1].action == "fingerprint.remove"


def test_a_camera_whose_file_is_gone_can_only_be_removed(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    ready(qtbot, window, taken(tmp_path / "camera"), 5)
    window.go(Place.CASE)
    make_camera(qtbot, window, "Camera 7")
    for file in Path(f"{window.session.case.file}.fingerprints").iterdir():
        file.unlink()
    window.go(Place.CASE)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=PATIENCE_MS)
    listed = window.case.cameras
    assert listed.model.index(0, STATE).data() == "MISSING"
    assert (listed.compare.isEnabled(), listed.remove.isEnabled()) == (False, True)
    assert not listed.compare_all.isEnabled()


def test_too_few_exhibits_make_no_fingerprint(qtbot: QtBot, window: Window, pictures: Path) -> None:
    ready(qtbot, window, pictures, 3)
    window.go(Place.TRIAGE)
    window.triage.view.selectAll()
    assert window.triage.view.chosen_count == 3
    assert not window.triage.does.camera.isEnabled()
