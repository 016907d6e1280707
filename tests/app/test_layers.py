"""Layers of the shown exhibit: heat map, derived traces, another exhibit."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QPointF
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.looking.layers import HEAT, PINNED, Mode
from app.window import Window
from engine.types import Status
from tests.app.fake_door import FakeDoor
from tests.app.fakes import Gate
from tests.app.test_flow import open_all
from tests.app.test_workspace import activate


def settled(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=20_000)


def choose_layer(window: Window, key: str) -> None:
    box = window.workspace.picture.bar.layers
    box.setCurrentIndex(box.findData(key))
    box.activated.emit(box.currentIndex())


def test_the_heat_map_comes_first_and_traces_are_offered(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    open_all(qtbot, window, pictures)
    box = window.workspace.picture.bar.layers
    assert box.currentData() == HEAT
    assert [box.itemText(index) for index in range(box.count())] == [
        "Artifact heat map", "What the verdict rests on", "Level", "Spectrum",
    ]  # fmt: skip
    assert door.traced == []


def test_what_a_leading_statement_says_is_shown_first(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    (pictures / "c blue.png").rename(pictures / "edited.png")
    open_all(qtbot, window, pictures)
    window.workspace.list.choose(str(pictures / "edited.png"))
    settled(qtbot, window)
    pane = window.workspace.picture
    assert pane.bar.layers.currentData() == "trace.level"
    assert pane.canvas.comparison.layer.key == "trace.level"
    choose_layer(window, HEAT)
    settled(qtbot, window)
    assert pane.canvas.comparison.layer.key == HEAT
    window.workspace.list.choose(str(pictures / "a red.png"))
    settled(qtbot, window)
    assert pane.bar.layers.currentData() == HEAT
    assert door.traced == [(str(pictures / "edited.png"), "trace.level")]


def test_a_picture_that_is_shown_bare_stays_so_when_a_statement_leads(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    (pictures / "c blue.png").rename(pictures / "edited.png")
    open_all(qtbot, window, pictures)
    pane = window.workspace.picture
    pane.heat_box.setChecked(False)
    window.workspace.list.choose(str(pictures / "edited.png"))
    settled(qtbot, window)
    assert not pane.heat_box.isChecked()


def test_a_chosen_trace_is_computed_once_and_laid_over(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor
) -> None:
    open_all(qtbot, window, pictures)
    pane = window.workspace.picture
    for _ in range(2):
        choose_layer(window, "trace.level")
        settled(qtbot, window)
        assert pane.canvas.comparison.layer.key == "trace.level"
        choose_layer(window, HEAT)
        assert pane.canvas.comparison.layer.key == HEAT
    assert door.traced == [(str(pictures / "a red.png"), "trace.level")]
    assert pane.bar.layers.findData("trace.level#view") > 0


def test_the_view_of_a_trace_can_be_subtracted(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    pane = window.workspace.picture
    assert not pane.bar.modes[Mode.DIFFERENCE].isEnabled()
    choose_layer(window, "trace.level")
    settled(qtbot, window)
    choose_layer(window, "trace.level#view")
    assert pane.bar.modes[Mode.DIFFERENCE].isEnabled()
    window.examine.actions_.modes[Mode.DIFFERENCE].trigger()
    assert pane.canvas.mode is Mode.DIFFERENCE
    assert pane.bar.gain.isVisible()


def test_a_curve_is_drawn_below_the_picture(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    choose_layer(window, "trace.curve")
    settled(qtbot, window)
    workspace = window.workspace
    assert workspace.tabs.currentWidget() is workspace.curve
    plot = workspace.curve.plot
    assert plot.accessibleDescription() == "power; frequency"
    for side, (low, high) in (("bottom", (0.0, 0.5)), ("left", (-1.0, 1.0))):
        axis = plot.getAxis(side)
        assert axis.autoSIPrefixScale == 1.0
        assert axis.range[0] <= low + 0.05 and high - 0.05 <= axis.range[1] < 2.0
    assert workspace.picture.canvas.comparison.layer.key == HEAT


def test_a_trace_of_a_picture_that_was_left_is_dropped(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    open_all(qtbot, window, pictures)
    door.before_trace = gate
    choose_layer(window, "trace.level")
    qtbot.waitUntil(gate.reached.is_set)
    window.examine.actions_.next.trigger()
    gate.open()
    settled(qtbot, window)
    assert window.workspace.picture.canvas.comparison.layer.key == HEAT
    assert window.workspace.picture.bar.layers.currentData() == HEAT


def test_another_exhibit_is_pinned_and_compared(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    window.examine.actions_.pin.trigger()
    window.examine.actions_.next.trigger()
    settled(qtbot, window)
    pane = window.workspace.picture
    choose_layer(window, PINNED)
    layer = pane.canvas.comparison.layer
    assert (layer.opaque, layer.name) == (True, "Exhibit 1 a red.png")
    pane.set_mode(Mode.DIFFERENCE)
    spot = pane.canvas.view.to_view(QPointF(70, 12)).toPoint()
    grey = pane.canvas.grab().toImage().pixelColor(spot).getRgb()[:3]
    assert grey == (220 - 128, 128 - 40, 128 - 30)
    window.examine.actions_.next.trigger()
    settled(qtbot, window)
    assert pane.canvas.comparison.layer.key == PINNED


def test_two_exhibits_chosen_in_triage_stand_side_by_side(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    window.triage.compare_asked.emit(str(pictures / "b grey.png"), str(pictures / "c blue.png"))
    settled(qtbot, window)
    pane = window.workspace.picture
    assert window.examine.isVisible()
    assert pane.name.text() == "b grey.png"
    assert pane.canvas.mode is Mode.SIDE
    assert pane.canvas.comparison.layer.name == "Exhibit 3 c blue.png"


def test_keys_choose_the_way_of_looking(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    canvas, does = window.workspace.picture.canvas, window.examine.actions_
    for mode in (Mode.SIDE, Mode.SWIPE, Mode.BLINK, Mode.OVERLAY):
        does.modes[mode].trigger()
        assert canvas.mode is mode
        assert window.workspace.picture.bar.modes[mode].isChecked()
    does.layer_on.trigger()
    assert canvas.comparison.shown is None
    does.modes[Mode.SIDE].trigger()
    assert canvas.mode is Mode.SIDE


def test_findings_are_filtered_by_status_and_words_and_copied(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    findings = window.workspace.findings
    findings.status.setCurrentIndex(findings.status.findData(Status.INFERRED))
    assert [row[0].text() for row in findings._rows()] == ["M1   fake.redness 1"]
    assert findings.note.text() == "1 of 2"
    findings.copy_button.click()
    lines = QGuiApplication.clipboard().text().split("\n")
    assert lines[0] == "Finding\tValue\tMeaning"
    assert lines[1].startswith("M1   fake.redness 1\t") and len(lines) == 2
    findings.words.setText("png")
    assert list(findings._rows()) == []
    assert not findings.copy_button.isEnabled()
    findings.go_to("F1")
    assert findings.view.currentIndex().data().startswith("F1")
    assert findings.note.text() == "2 in all"


def test_pointing_goes_from_sentences_to_findings_and_back(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    workspace = window.workspace
    rows = workspace.explanation.rows
    rows[0]._point(True)
    assert workspace.findings._lit == {"M1"}
    rows[0]._point(False)
    assert workspace.findings._lit == frozenset()
    workspace.findings.go_to("F1")
    assert [row.property("lit") for row in rows] == [False, True]
    workspace._mark_place(0)
    assert workspace.findings._lit == {"M1"}


def test_keys_lead_from_place_to_place(qtbot: QtBot, window: Window, pictures: Path) -> None:
    open_all(qtbot, window, pictures)
    activate(qtbot, window)
    workspace, does = window.workspace, window.examine.actions_
    regions = workspace.explanation.regions
    for action, expected in (
        (does.next_place, 0), (does.next_place, 1), (does.next_place, 0),
        (does.previous_place, 1),
    ):  # fmt: skip
        action.trigger()
        assert workspace.picture.canvas._lit == {regions[expected]}
        assert workspace.explanation.rows[expected].hasFocus()


def test_enter_on_a_sentence_goes_to_its_finding(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    workspace = window.workspace
    workspace.show_marks()
    asked: list[str] = []
    workspace.explanation.finding_asked.connect(asked.append)
    qtbot.keyPress(workspace.explanation.rows[1], "\r")
    assert asked == ["F1"]
    assert workspace.tabs.currentWidget() is workspace.findings


def test_the_verdict_says_how_far_it_can_be_relied_on(
    qtbot: QtBot, window: Window, pictures: Path
) -> None:
    open_all(qtbot, window, pictures)
    verdict = window.workspace.verdict
    assert verdict.support.text().startswith("No likelihood ratio is stated")
    assert verdict.error_rates.text().startswith("Not measured")
    verdict.how_to_read.click()
    qtbot.waitUntil(lambda: window.messages.box is not None)
    assert window.messages.box.title == "How to read this verdict"
    window.messages.box.accept()


def test_the_sheet_of_keys_lists_every_key(qtbot: QtBot, window: Window) -> None:
    window._show_shortcuts()
    from app.widgets.shortcuts import ShortcutsDialog

    sheet = window.findChild(ShortcutsDialog)
    listed = " ".join(keys for _, rows in sheet.groups for keys, _ in rows)
    for key in ("F5", "B", "R", "M", "V", "Shift+B", "Ctrl+Z", "Ctrl+D", "0", "5"):
        assert key in listed.replace(",", "").split()
    sheet.accept()


def test_a_preview_is_seen_while_the_whole_picture_is_decoded(
    qtbot: QtBot, window: Window, pictures: Path, door: FakeDoor, gate: Gate
) -> None:
    door.before_picture = gate
    window._settings.scan_on_open = False
    window.open_paths((str(pictures),))
    pane = window.workspace.picture
    qtbot.waitUntil(lambda: bool(pane.canvas.levels))
    assert gate.reached.is_set() or not door.opened
    assert pane.zoom_label.text() == "–"
    assert pane.canvas.fitted
    gate.open()
    settled(qtbot, window)
    assert pane.canvas.levels[0].width() == pane.canvas.view.size.width() == 96
    assert pane.zoom_label.text() == "100 %"
