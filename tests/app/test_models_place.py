"""The place of models: what is installed, whether it is sound, what this machine can run."""

from __future__ import annotations

import re
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

import engine
from app.settings import Depth, Place, Settings
from app.window import Window
from tests.app.conftest import PATIENCE_MS
from tests.app.fake_door import FakeDoor
from tests.app.fake_models import model_state
from tests.app.fakes import FakePicker
from tests.app.test_flow import open_all


def at_models(qtbot: QtBot, window: Window) -> None:
    window.does.places[Place.MODELS].trigger()
    qtbot.waitUntil(lambda: bool(window.models.cards) and not window.jobs.busy, timeout=PATIENCE_MS)


def test_what_can_be_imported_is_named(window: Window) -> None:
    said = "".join(filter(str.isalnum, window.models.machine.what.text().lower()))
    # Read, not imported: hosts bring torch along.
    hosts = (Path(engine.__file__).parent / "vrm" / "hosts.py").read_text("utf-8")
    families = re.findall(r'model_type="(\w+)"', hosts)
    assert len(families) == 5
    assert [name for name in families if name.replace("_", "") not in said] == []


def test_a_model_says_licence_size_memory_range_and_where_it_comes_from(
    qtbot: QtBot, window: Window
) -> None:
    at_models(qtbot, window)
    facts = window.models.cards["mini"].facts
    assert facts["Licence"] == "Apache-2.0"
    assert facts["Size"] == "443.0 MB"
    assert facts["Memory"] == "1.0 GB  ·  this machine has enough"
    assert facts["Vision tower"] == "a wheel 1, MIT. By someone."
    assert "short side from 100 px" in facts["Validated for"]
    assert "386 real and 472 generated" in facts["Validated for"]
    assert facts["SHA-256"] == "12" * 32


def test_a_model_that_is_missing_says_what_to_do(qtbot: QtBot, window: Window) -> None:
    at_models(qtbot, window)
    card = window.models.cards["triage"]
    assert card.state.text() == "run assemble"
    assert not card.verify.isVisible()
    assert "SHA-256" not in card.facts


def test_without_any_model_the_page_teaches_how_to_get_one(
    qtbot: QtBot, window: Window, door: FakeDoor
) -> None:
    door.models = (model_state("mini", problem="not assembled"),)
    at_models(qtbot, window)
    texts = [each.text() for each in window.models.findChildren(QLabel)]
    assert any("residua models assemble mini" in text for text in texts)


def test_every_byte_is_checked_when_asked(qtbot: QtBot, window: Window, door: FakeDoor) -> None:
    door.models = (model_state("mini"), model_state("other"))
    at_models(qtbot, window)
    mini, other = (window.models.cards[name] for name in ("mini", "other"))
    mini.verify.click()
    assert not mini.verify.isEnabled()
    qtbot.waitUntil(mini.verify.isEnabled, timeout=PATIENCE_MS)
    assert mini.state.text() == "Sound: 1 files have the hashes of the manifest."
    other.verify.click()
    qtbot.waitUntil(other.verify.isEnabled, timeout=PATIENCE_MS)
    assert "a.safetensors" in other.state.text()
    assert "cd" * 32 in other.state.text()


def test_a_model_is_imported_from_a_folder(
    qtbot: QtBot, window: Window, picker: FakePicker, tmp_path: Path
) -> None:
    at_models(qtbot, window)
    picker.chosen_pack = str(tmp_path)
    window.models.machine.folder.click()
    qtbot.waitUntil(lambda: "of mine" in window.models.cards, timeout=PATIENCE_MS)
    assert window.messages.box.title == "The model is imported"
    window.messages.box.accept()
    picker.chosen["packs"] = str(tmp_path / "no.zip")
    window.models.machine.archive.click()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    assert "no.zip is no pack" in window.messages.box.text


def test_the_models_are_exported_into_a_folder_and_an_archive(
    qtbot: QtBot, window: Window, door: FakeDoor, picker: FakePicker, tmp_path: Path
) -> None:
    at_models(qtbot, window)
    panel = window.models.machine
    for button, use, target in (
        (panel.to_folder, "export", str(tmp_path)),
        (panel.to_archive, "save packs", str(tmp_path / "m.zip")),
    ):
        picker.chosen[use] = target
        button.click()
        assert not panel.to_folder.isEnabled()
        qtbot.waitUntil(panel.to_folder.isEnabled, timeout=PATIENCE_MS)
        assert door.exported_packs[-1] == target
        assert "mini, triage" in window.messages.box.text
        window.messages.box.accept()


def test_an_export_that_fails_says_why(
    qtbot: QtBot, window: Window, picker: FakePicker, tmp_path: Path
) -> None:
    at_models(qtbot, window)
    picker.chosen["save packs"] = str(tmp_path / "not" / "there.zip")
    window.models.machine.to_archive.click()
    qtbot.waitUntil(lambda: window.messages.box is not None, timeout=PATIENCE_MS)
    assert "cannot be written" in window.messages.box.text
    assert window.models.machine.to_archive.isEnabled()


def test_the_machine_and_the_reason_without_a_card_are_shown(qtbot: QtBot, window: Window) -> None:
    at_models(qtbot, window)
    panel = window.models.machine
    qtbot.waitUntil(
        lambda: panel.rows["processor"].text() == "A processor, 8 cores", timeout=PATIENCE_MS
    )
    assert panel.rows["memory"].text() == "32.0 GB, 20.0 GB free"
    assert panel.rows["gpu"].text() == "none in use"
    assert "No NVIDIA driver" in panel.reason.text()
    assert not panel.device.model().item(2).isEnabled()


def test_the_device_reaches_the_scan_and_is_remembered(
    qtbot: QtBot, window: Window, door: FakeDoor, pictures: Path, settings: Settings
) -> None:
    at_models(qtbot, window)
    device = window.models.machine.device
    device.setCurrentIndex(1)
    device.activated.emit(1)
    assert settings.device == "cpu"
    open_all(qtbot, window, pictures)
    assert door.requests[0].device == "cpu"


def test_the_model_that_scans_use_is_chosen_and_remembered(
    qtbot: QtBot, window: Window, door: FakeDoor, pictures: Path, settings: Settings
) -> None:
    door.models = (model_state("mini"), model_state("triage"), model_state("own"))
    at_models(qtbot, window)
    cards = window.models.cards
    assert cards["mini"].choose.isChecked()
    assert not cards["triage"].choose.isVisible()  # it comes with the fast path
    cards["own"].choose.click()
    assert not cards["mini"].choose.isChecked()
    assert settings.model == "own"
    open_all(qtbot, window, pictures)
    assert door.requests[0].model == "own"


def test_the_fast_path_keeps_its_own_model(
    qtbot: QtBot, window: Window, door: FakeDoor, pictures: Path, settings: Settings
) -> None:
    settings.model, settings.depth = "own", Depth.TRIAGE
    open_all(qtbot, window, pictures)
    assert (door.requests[0].model, door.requests[0].triage) == ("mini", True)


def test_a_model_that_is_not_installed_cannot_be_chosen(
    qtbot: QtBot, window: Window, door: FakeDoor
) -> None:
    door.models = (model_state("mini"), model_state("own", problem="damaged"))
    at_models(qtbot, window)
    assert not window.models.cards["own"].choose.isVisible()


def test_diagnostics_are_copied(qtbot: QtBot, window: Window) -> None:
    at_models(qtbot, window)
    window.models.machine.copy.click()
    qtbot.waitUntil(lambda: window.models.machine.copied.text() == "copied", timeout=PATIENCE_MS)
    assert QGuiApplication.clipboard().text() == "Residua: 0.0-test"
