"""Small pictures: newest demand first, failures remembered, memory bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import thumbnails as module
from app.jobs import Jobs, Lane
from app.thumbnails import Thumbnails
from tests.app.conftest import save
from tests.app.fake_door import FakeDoor
from tests.app.fakes import Gate


@pytest.fixture
def jobs(qapp: object, gate: Gate) -> Iterator[Jobs]:
    jobs = Jobs()
    yield jobs
    gate.open()
    jobs.close({})


class Recorder(FakeDoor):
    """Remembers the order of demands and holds the first one."""

    def __init__(self, gate: Gate) -> None:
        super().__init__()
        self.gate = gate
        self.asked: list[str] = []

    def thumbnail(self, path: str, side_px: int) -> np.ndarray:
        self.asked.append(path)
        self.gate()
        return np.zeros((8, 8, 3), dtype=np.uint8)


def test_what_is_in_sight_now_comes_first(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    door = Recorder(gate)
    thumbnails = Thumbnails(door, jobs)
    for path in ("first", "old", "new"):
        assert thumbnails.get(path) is None
    thumbnails.get("old")
    qtbot.waitUntil(gate.reached.is_set)
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert door.asked == ["first", "old", "new"]
    assert thumbnails.get("old") is not None


def test_demands_that_scrolled_away_are_forgotten(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    door = Recorder(gate)
    thumbnails = Thumbnails(door, jobs)
    for number in range(module.DEMANDS + 50):
        thumbnails.get(str(number))
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=20_000)
    assert len(door.asked) == module.DEMANDS + 1


def test_memory_is_bounded(
    qtbot: QtBot, jobs: Jobs, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT", 3)
    gate.open()
    thumbnails = Thumbnails(Recorder(gate), jobs)
    for number in range(5):
        thumbnails.get(str(number))
        qtbot.waitUntil(lambda: not jobs.busy)
    assert len(thumbnails._kept) == 3


def test_file_without_thumbnail_is_asked_for_once(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    thumbnails = Thumbnails(FakeDoor(), jobs)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(str(broken))
    assert thumbnails.failed(str(broken))
    assert thumbnails.get(str(broken)) is None
    assert not jobs.busy


def test_real_file_gives_its_picture(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    file = save(tmp_path / "red.png", (250, 0, 0), (400, 200))
    thumbnails = Thumbnails(FakeDoor(), jobs)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(str(file))
    pixmap = thumbnails.get(str(file))
    assert (pixmap.width(), pixmap.height()) == (module.SIDE_PX, module.SIDE_PX // 2)
    assert pixmap.toImage().pixelColor(5, 5).red() == 250


def test_lane_is_the_thumbnails_own(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    file = save(tmp_path / "red.png", (250, 0, 0))
    other = FakeDoor()
    with pytest.raises(AssertionError, match="GUI thread"):
        other.thumbnail(str(file), 8)
    caught: list[BaseException] = []
    jobs.start(
        Lane.FILES,
        lambda _: other.thumbnail(str(file), 8),
        on_done=lambda _: None,
        on_error=caught.append,
    )
    qtbot.waitUntil(lambda: bool(caught))
    assert "belongs to thumbnail" in str(caught[0])
