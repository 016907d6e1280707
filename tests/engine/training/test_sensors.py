"""Figures of camera recognition on synthetic sensors."""

from __future__ import annotations

import pytest

from engine.training.sensors import measured, share
from tests.engine.traces import planting as plant


def test_no_hit_in_many_trials_still_leaves_room_for_one():
    none = share(0, 5520)
    assert (none.value, none.low) == (0, 0)
    # One minus the 5520th root of .025.
    assert none.high == pytest.approx(0.000668, abs=1e-6)


def test_all_hits_do_not_promise_the_next_one():
    assert share(10, 10).low == pytest.approx(0.6915, abs=1e-4)
    assert share(10, 10).high == 1


def test_strong_patterns_are_told_apart_on_scenes_of_their_own(monkeypatch):
    monkeypatch.setattr("engine.training.sensors.STRENGTH", 0.015)
    monkeypatch.setattr("engine.training.sensors.PICTURES", 8)
    monkeypatch.setattr("engine.training.sensors.TESTS", 2)
    scenes = [plant.photograph(256, 256, seed, noise=0) for seed in range(15)]
    figures = measured(scenes, None, 2)
    assert (figures.accepted.hits, figures.accepted.trials) == (4, 4)
    assert (figures.wrongly_accepted.hits, figures.wrongly_accepted.trials) == (0, 4)
