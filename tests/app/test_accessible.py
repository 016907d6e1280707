"""Every control of every place can be named, reached with the keyboard, and read right to left."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
    QWidget,
)

from app.exhibits import State
from app.settings import Place

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QSlider,
    QTextEdit,
)

each_place = pytest.mark.parametrize("place", [p for p in Place if p is not Place.MODELS])


@pytest.fixture
def filled(qtbot, window, pictures):
    """The window with a case of three pictures that were examined."""
    window.resize(1400, 900)
    window.show()
    window.open_paths((str(pictures),))
    model = window.session.model
    qtbot.waitUntil(lambda: model.count(State.DONE) == 3, timeout=20_000)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=20_000)
    return window


def shown(window):
    return [w for w in window.findChildren(QWidget) if w.isVisible()]


def told(widget) -> str:
    text = getattr(widget, "text", None)
    words = text() if callable(text) and isinstance(widget, QAbstractButton) else ""
    return widget.accessibleName() or words


@each_place
def test_every_control_has_a_name(filled, place):
    filled.go(place)
    QApplication.processEvents()
    controls = [
        w
        for w in shown(filled)
        # Parts of a larger control speak through it.
        if isinstance(w, CONTROLS) and not w.objectName().startswith("qt_")
    ]
    assert len(controls) > 5
    nameless = [
        f"{type(w).__name__} in {type(w.parent()).__name__}" for w in controls if not told(w)
    ]
    assert nameless == []


@each_place
def test_every_control_is_reached_by_the_tab_key(filled, place):
    filled.go(place)
    QApplication.processEvents()
    wanted = {
        w
        for w in shown(filled)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus
        and w.isEnabled()
        and w.focusProxy() is None
        and w.window() is filled
    }
    assert wanted
    reached, at = set(), filled
    for _ in range(5000):
        at = at.nextInFocusChain()
        reached.add(at)
        if at is filled:
            break
    assert wanted - reached == set()


@each_place
def test_the_tab_key_goes_down_a_place_and_not_about(filled, place):
    """Most steps lead to the right or down: a chain that jumps about fails."""
    filled.go(place)
    QApplication.processEvents()
    spots, at = [], filled
    for _ in range(5000):
        at = at.nextInFocusChain()
        if at is filled:
            break
        if at.isVisible() and at.isEnabled() and at.focusPolicy() & Qt.FocusPolicy.TabFocus:
            spots.append(at.mapTo(filled, at.rect().topLeft()))
    back = sum(
        1
        for here, there in pairwise(spots)
        if there.y() < here.y() - 60 and there.x() < here.x() + 60
    )
    assert len(spots) > 5
    assert back <= len(spots) // 4


@each_place
def test_nothing_breaks_from_right_to_left(qtbot, filled, qapp, place):
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        filled.go(place)
        QApplication.processEvents()
        assert filled.header.layoutDirection() == Qt.LayoutDirection.RightToLeft
        outside = [
            type(w).__name__
            for w in filled.centralWidget().findChildren(
                QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly
            )
            if w.isVisible() and not filled.centralWidget().rect().contains(w.geometry())
        ]
        assert outside == []
        assert not filled.grab().isNull()
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
