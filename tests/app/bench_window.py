"""Measures how long the window does not answer, with ten thousand exhibits in triage.

``python -m tests.app.bench_window [--rows 10000] [--scale 1|2]`` prints JSON. A clock ticks in the
event loop; the longest gap between two ticks is the longest time in which the GUI thread did
not answer. ``cpu_ms`` is what the GUI thread itself computed in its busiest gap: on a machine that
does other work as well, ``wall_ms`` counts waiting for a core too. With ``--paint`` it measures
another thing, see `tests.app.bench_paint`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app.__main__ import make_window
from app.arranging import Arrangement, GroupBy, Order, Range, Show
from app.binding import protect
from app.settings import Place, Settings
from app.tidying import keep_out_of_the_way
from app.window import Window
from tests.app import bench_paint
from tests.app.fakes import FakePicker
from tests.app.synthetic import SyntheticDoor, exhibits

GOAL_MS = 50.0
TICK_MS = 1
SIZE = (1400, 900)


@dataclass(slots=True, kw_only=True)
class Gaps:
    """Gaps between ticks while one thing was done."""

    name: str
    wall_ms: list[float] = field(default_factory=list)
    cpu_ms: list[float] = field(default_factory=list)

    def told(self) -> dict[str, object]:
        """Return the figures to print."""
        worst = max(self.wall_ms, default=0.0)
        return {
            "name": self.name,
            "longest_wall_ms": round(worst, 1),
            "longest_cpu_ms": round(max(self.cpu_ms, default=0.0), 1),
            "p99_wall_ms": round(float(np.percentile(self.wall_ms, 99)), 1) if self.wall_ms else 0,
            "ticks": len(self.wall_ms),
        }


class Clock:
    """Ticks in the event loop and notes the gaps."""

    def __init__(self) -> None:
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)
        self._gaps: Gaps | None = None
        self._wall = self._cpu = 0.0

    def measure(self, name: str, steps: Iterator[Callable[[], None]], rest_ms: int = 150) -> Gaps:
        """Do steps one after the other, a turn of the event loop between them."""
        gaps = self._gaps = Gaps(name=name)
        self._wall, self._cpu = time.perf_counter(), time.thread_time()
        self._timer.start()
        for step in steps:
            QTimer.singleShot(0, step)
            self._turn(8)
        self._turn(rest_ms)
        self._timer.stop()
        return gaps

    def _turn(self, for_ms: int) -> None:
        loop = QEventLoop()
        QTimer.singleShot(for_ms, loop.quit)
        loop.exec()

    def _tick(self) -> None:
        wall, cpu = time.perf_counter(), time.thread_time()
        if self._gaps is not None:
            self._gaps.wall_ms.append((wall - self._wall) * 1000)
            self._gaps.cpu_ms.append((cpu - self._cpu) * 1000)
        self._wall, self._cpu = wall, cpu


class QuickDoor(SyntheticDoor):
    """Pictures that cost the thread that makes them nothing: the window alone is measured."""

    def __init__(self) -> None:
        super().__init__()
        drawn = np.random.default_rng(1)
        self._made = [drawn.integers(0, 256, (288, 384, 3), dtype=np.uint8) for _ in range(16)]

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> NDArray[np.uint8]:
        step = max(1, 384 // side_px)
        return self._made[hash(path) % 16][::step, ::step]


def triage(window: Window, clock: Clock, rows: int) -> Iterator[Gaps]:
    """Do in triage what an examiner does, and yield what was measured."""
    place, model = window.triage, window.session.model
    made = exhibits(rows)
    bar = place.view.verticalScrollBar()

    def fill() -> None:
        model.take(made)

    yield clock.measure("fill", iter([fill]), 500)
    window.go(Place.TRIAGE)
    down = [lambda y=y: bar.setValue(y) for y in range(0, 30_000, 120)]
    yield clock.measure("scroll by wheel", iter(down))
    jumps = [
        lambda share=share: bar.setValue(int(bar.maximum() * share / 60))
        for share in (*range(0, 61), *range(60, -1, -3))
    ]
    yield clock.measure("drag the scroll bar", iter(jumps))
    for order in Order:
        yield clock.measure(
            f"order by {order}", iter([lambda o=order: place.arrange(Arrangement(order=o))])
        )
    for group in (GroupBy.VERDICT, GroupBy.GENERATOR, GroupBy.FOLDER):
        choice = Arrangement(group=group, order=Order.HIGHEST)
        yield clock.measure(f"group by {group}", iter([lambda c=choice: place.arrange(c)]))
    yield clock.measure("scroll in groups", iter(jumps))
    for name, choice in (
        ("filter by verdict", Arrangement(show=Show.AI)),
        ("filter by range", Arrangement(range=Range.OUTSIDE)),
        ("search", Arrangement(text="img 42 checked")),
        ("show everything", Arrangement()),
    ):
        yield clock.measure(name, iter([lambda c=choice: place.arrange(c)]))
    yield clock.measure("choose all", iter([place.view.selectAll]))
    yield clock.measure("sort what is all chosen", iter([place.does.sort.trigger]))
    sizes = [lambda w=w: place.show_size(w) for w in (144, 200, 260, 320, 360, 176)]
    yield clock.measure("size of the cards", iter(sizes))
    yield clock.measure("list", iter([lambda: place.show_rows(True)]))
    yield clock.measure("scroll the list", iter(jumps))
    yield clock.measure("grid", iter([lambda: place.show_rows(False)]))
    results = [each.examination for each in made if each.examination is not None]
    batches = [
        lambda at=at: model.set_results(results[at : at + 40])
        for at in range(0, min(4000, len(results)), 40)
    ]
    yield clock.measure("4,000 results come in", iter(batches))
    dark = [lambda: window._set_scheme("dark"), lambda: window._set_scheme("light")]
    yield clock.measure("light and dark", iter(dark))


def settle(window: Window, patience_ms: int = 60_000) -> None:
    """Wait until the window has nothing to do."""
    deadline = QDeadlineTimer(patience_ms)
    while window.jobs.busy and not deadline.hasExpired():
        QApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 20)


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How long the window does not answer")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--scale", type=float, default=1.0)
    parser.add_argument("--paint", action="store_true", help="first pixels of a large photograph")
    asked = parser.parse_args()
    if asked.paint:
        sys.stdout.write(json.dumps(bench_paint.measure(), indent=1) + "\n")
        return 0
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    protect()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.ini")
        settings.scheme = "light"
        window = make_window(QuickDoor(), settings, FakePicker(), Path(folder))
        keep_out_of_the_way(app, window.session.model.emptied)
        window.resize(*SIZE)
        window.show()
        settle(window)
        done = [gaps.told() for gaps in triage(window, Clock(), asked.rows)]
        window.close()
    longest = max(done, key=lambda told: told["longest_wall_ms"])
    busiest = max(done, key=lambda told: told["longest_cpu_ms"])
    report = {
        "rows": asked.rows,
        "scale": asked.scale,
        "goal_ms": GOAL_MS,
        "longest_wall_ms": longest["longest_wall_ms"],
        "longest_wall_in": longest["name"],
        "longest_cpu_ms": busiest["longest_cpu_ms"],
        "longest_cpu_in": busiest["name"],
        "load_average": round(os.getloadavg()[0], 1) if hasattr(os, "getloadavg") else None,
        "done": done,
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    app.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
