"""How errors reach the person."""

from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from app.errors import Messages
from engine.errors import Cancelled, InputError


@pytest.fixture
def messages(qtbot: QtBot) -> Iterator[Messages]:
    messages = Messages(None, "1.2.3")
    yield messages
    if messages.box is not None:
        messages.box.close()


def test_known_error_says_what_to_do_and_can_be_copied(messages: Messages) -> None:
    messages.tell(InputError("x.png is empty: choose another file."), "Opening the pictures")
    assert messages.box.title == "Opening the pictures did not work"
    assert messages.box.text == "x.png is empty: choose another file."
    messages.box.copy.click()
    copied = QGuiApplication.clipboard().text()
    assert "x.png is empty" in copied
    assert "1.2.3" in copied
    assert messages.box.isVisible()


def test_what_the_operator_stopped_is_no_error(messages: Messages) -> None:
    messages.tell(Cancelled("Stopped."), "Scanning")
    assert messages.box is None


def test_bug_is_told_and_logged_once(
    qtbot: QtBot, messages: Messages, caplog: pytest.LogCaptureFixture
) -> None:
    error = ZeroDivisionError("a bug")
    with caplog.at_level(logging.ERROR):
        messages.tell(error, "Scanning")
        messages.tell(error, "Scanning")
        qtbot.waitUntil(lambda: messages.box is not None)
    assert len(caplog.records) == 1
    assert "ZeroDivisionError: a bug" in caplog.text
    assert "ZeroDivisionError: a bug" in messages.box.details


def test_second_error_waits_for_no_second_box(qtbot: QtBot, messages: Messages) -> None:
    messages.tell(InputError("first"), "Opening")
    messages.tell(InputError("second"), "Opening")
    assert messages.box.text == "first"
    messages.box.close_button.click()
    assert messages.box is None
    messages.tell(InputError("third"), "Opening")
    assert messages.box.text == "third"


def test_bug_on_any_thread_reaches_the_window(
    qtbot: QtBot, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    messages.install_hooks()
    thread = threading.Thread(target=lambda: 1 / 0)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: messages.box is not None)
    assert "ZeroDivisionError" in messages.box.details


def test_text_that_cannot_be_printed_is_replaced(messages: Messages) -> None:
    messages.tell(InputError("odd\udcffname.png is empty"), "Opening")
    assert messages.box.text == "odd\ufffdname.png is empty"
