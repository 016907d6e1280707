"""Small pictures: newest demand first, failures remembered, memory bounded."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from app import thumbnails as module
from app.jobs import Jobs, Lane
from app.row import Exhibit
from app.thumbnails import SIDES_PX, Thumbnails
from engine.case_types import ExhibitState
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
        self.hashes: list[str | None] = []

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> np.ndarray:
        self.asked.append(path)
        self.hashes.append(sha256)
        self.gate()
        return np.zeros((8, 8, 3), dtype=np.uint8)


def row(path: object, **more: object) -> Exhibit:
    return Exhibit(path=str(path), name=str(path), **more)


SIDE = SIDES_PX[0]


def test_what_is_in_sight_now_comes_first(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    door = Recorder(gate)
    thumbnails = Thumbnails(door, jobs)
    for path in ("first", "old", "new"):
        assert thumbnails.get(row(path), SIDE) is None
    thumbnails.get(row("old"), SIDE)
    qtbot.waitUntil(gate.reached.is_set)
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy)
    assert door.asked == ["first", "old", "new"]
    assert thumbnails.get(row("old"), SIDE) is not None


def test_demands_that_scrolled_away_are_forgotten(qtbot: QtBot, jobs: Jobs, gate: Gate) -> None:
    door = Recorder(gate)
    thumbnails = Thumbnails(door, jobs)
    for number in range(module.DEMANDS + 50):
        thumbnails.get(row(str(number)), SIDE)
    gate.open()
    qtbot.waitUntil(lambda: not jobs.busy, timeout=20_000)
    assert len(door.asked) == module.DEMANDS + 1


def test_memory_is_bounded(
    qtbot: QtBot, jobs: Jobs, gate: Gate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "KEPT_BYTES", 3 * 8 * 8 * 4)
    gate.open()
    thumbnails = Thumbnails(Recorder(gate), jobs)
    for number in range(5):
        thumbnails.get(row(str(number)), SIDE)
        qtbot.waitUntil(lambda: not jobs.busy)
    assert len(thumbnails._kept) == 3


def test_file_without_thumbnail_is_asked_for_once(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    broken = tmp_path / "broken.png"
    broken.write_bytes(b"no image")
    thumbnails = Thumbnails(FakeDoor(), jobs)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(row(str(broken)), SIDE)
    assert thumbnails.failed(str(broken))
    assert thumbnails.get(row(str(broken)), SIDE) is None
    assert not jobs.busy


def test_real_file_gives_its_picture(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    file = save(tmp_path / "red.png", (250, 0, 0), (400, 200))
    thumbnails = Thumbnails(FakeDoor(), jobs)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(row(str(file)), SIDE)
    pixmap = thumbnails.get(row(str(file)), SIDE)
    assert (pixmap.width(), pixmap.height()) == (SIDE, SIDE // 2)
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


def test_a_small_one_is_shown_until_the_large_one_is_there(
    qtbot: QtBot, jobs: Jobs, tmp_path: Path
) -> None:
    file = save(tmp_path / "red.png", (250, 0, 0), (800, 400))
    thumbnails = Thumbnails(FakeDoor(), jobs)
    exhibit = row(file)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(exhibit, 48)
    assert thumbnails.has(exhibit.path, 300) == SIDES_PX[0]
    with qtbot.waitSignal(thumbnails.ready):
        small = thumbnails.get(exhibit, 300)
    large = thumbnails.get(exhibit, 300)
    assert (small.width(), large.width()) == SIDES_PX
    assert thumbnails.has(exhibit.path, 300) == SIDES_PX[1]


def test_a_known_file_is_asked_for_by_its_hash_and_a_changed_one_is_not(
    qtbot: QtBot, jobs: Jobs, gate: Gate
) -> None:
    door = Recorder(gate)
    gate.open()
    thumbnails = Thumbnails(door, jobs)
    thumbnails.get(row("a", sha256="ab"), SIDE)
    qtbot.waitUntil(lambda: not jobs.busy)
    thumbnails.get(row("b", sha256="cd", file_state=ExhibitState.CHANGED), SIDE)
    qtbot.waitUntil(lambda: not jobs.busy)
    assert door.hashes == ["ab", None]


def test_what_was_forgotten_is_asked_for_again(qtbot: QtBot, jobs: Jobs, tmp_path: Path) -> None:
    file = tmp_path / "mended.png"
    file.write_bytes(b"no image")
    thumbnails = Thumbnails(FakeDoor(), jobs)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(row(file), SIDE)
    save(file, (0, 250, 0))
    thumbnails.forget(str(file))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(row(file), SIDE)
    assert not thumbnails.failed(str(file))
