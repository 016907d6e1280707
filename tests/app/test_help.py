from __future__ import annotations

import pytest

from app.widgets.help_window import HelpWindow
from engine.report.teaching import help_pages


@pytest.fixture
def shown(qtbot, theme):
    made = HelpWindow(help_pages(), theme, None)
    qtbot.addWidget(made)
    return made


def test_the_page_of_a_method_is_shown(shown):
    shown.go_to("trace.ela")
    assert shown.text.toMarkdown().startswith("# Error level analysis")


def test_a_method_without_a_page_shows_the_first(shown):
    shown.go_to("no.such")
    assert shown.list.currentRow() == 0


def test_pages_are_found_by_their_words(shown):
    shown.words.setText("sensor lattice")
    titles = [shown.list.item(i).text() for i in range(shown.list.count())]
    assert "Demosaicing (CFA)" in titles
    assert len(titles) < 6


def test_no_page_with_the_words_is_said(shown):
    shown.words.setText("qqqq")
    assert shown.list.count() == 0
    assert "No page" in shown.text.toPlainText()


def test_a_findings_page_is_reached_from_it(qtbot, window):
    window.workspace.findings.help_asked.emit("trace.ela")
    qtbot.waitUntil(lambda: window.helping.shown is not None)
    assert window.helping.shown.isVisible()
    assert window.helping.shown.list.currentItem().text() == "Error level analysis"
    window.helping.shown.close()
    window.does.methods.trigger()
    assert window.helping.shown.isVisible()
    assert window.helping.shown.list.currentRow() == 0
    window.helping.shown.close()
