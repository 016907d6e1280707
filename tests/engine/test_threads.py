"""Threads of numerical libraries leave the cores to what runs beside them."""

from __future__ import annotations

import os

from engine.threads import WAIT_POLICY, wait_passively


def test_threads_sleep_while_they_wait(monkeypatch):
    # Set first, so that what it was is put back afterwards, also when it was not set.
    monkeypatch.setenv(WAIT_POLICY, "ACTIVE")
    monkeypatch.delenv(WAIT_POLICY)
    wait_passively()
    assert os.environ[WAIT_POLICY] == "PASSIVE"


def test_the_operators_choice_stays(monkeypatch):
    monkeypatch.setenv(WAIT_POLICY, "ACTIVE")
    wait_passively()
    assert os.environ[WAIT_POLICY] == "ACTIVE"
