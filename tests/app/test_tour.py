from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.exhibits import State
from app.settings import Place


@pytest.fixture
def filled(qtbot, window, pictures):
    window.resize(1400, 900)
    window.show()
    window.open_paths((str(pictures),))
    model = window.session.model
    qtbot.waitUntil(lambda: model.count(State.DONE) == 3, timeout=20_000)
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=20_000)
    return window


def test_the_tour_leads_through_every_part_and_ends(filled, settings):
    filled.go(Place.CASE)
    filled.does.tour.trigger()
    tour = filled.touring.shown
    titles = []
    while filled.touring.shown is not None:
        titles.append(tour.title.text())
        assert tour._spot().isValid()
        assert tour.rect().contains(tour.card.geometry())
        tour.next.click()
    assert len(titles) == len(set(titles)) == 6
    assert settings.tour_seen


def test_the_tour_goes_by_keys_and_esc_ends_it(filled, settings):
    filled.does.tour.trigger()
    tour = filled.touring.shown
    assert not tour.back.isEnabled()
    QTest.keyClick(tour, Qt.Key.Key_Right)
    assert tour.at == 1
    QTest.keyClick(tour, Qt.Key.Key_Left)
    assert tour.at == 0
    QTest.keyClick(tour, Qt.Key.Key_Escape)
    assert filled.touring.shown is None
    assert settings.tour_seen


def test_the_card_follows_the_window(filled):
    filled.does.tour.trigger()
    tour = filled.touring.shown
    filled.resize(1100, 760)
    assert tour.geometry() == filled.rect()
    assert tour.rect().contains(tour.card.geometry())
    tour.end()


def test_the_samples_begin_it_once(qtbot, window, settings):
    window.resize(1400, 900)
    window.show()
    window.does.open_samples.trigger()
    qtbot.waitUntil(lambda: window.touring.shown is not None, timeout=20_000)
    window.touring.shown.end()
    qtbot.waitUntil(lambda: not window.jobs.busy, timeout=20_000)
    window.touring.start_with_samples()
    window.session.examined.emit("x")
    assert window.touring.shown is None


def test_other_pictures_begin_no_tour(filled):
    assert filled.touring.shown is None
