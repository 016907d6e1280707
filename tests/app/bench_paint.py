"""Measures how long a 24-megapixel photograph takes from being chosen to its first pixels.

``python -m tests.app.bench_window --paint`` prints JSON. The window is the real one with the real
engine: the file is read, hashed and decoded in the child process. The decoder runs already, as
it does once any picture was shown; ``opening_to_first_pixels_ms`` holds its start, taking the
files into a case and hashing them. ``first_pixels_cpu_ms`` is what window and decoder computed
until then: on a machine that does other work as well, the time counts waiting for a core too.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PIL import Image as Pillow
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QApplication

from app.__main__ import make_window
from app.binding import protect
from app.engine_door import EngineDoor
from app.settings import Place, Settings
from app.window import Window
from tests.app.fakes import FakePicker
from tests.app.screenshots import wait_until

GOAL_MS = 300.0
SIZE_PX = (6000, 4000)
"""(width, height): 24 megapixels, the usual size of a camera's sensor."""

SHARP_PX = 600
"""Less wide than this what is painted is a thumbnail, and does not count as the picture."""

REPEATS = 9
PATIENCE_MS = 120_000


class FirstPaint(QObject):
    """Takes the time of the first paint of a picture, and of the first of the whole picture.

    Args:
        window: the window.
    """

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._canvas = window.workspace.picture.canvas
        self._canvas.installEventFilter(self)
        self.first: float | None = None
        self.cpu_s = 0.0
        """What window and decoder computed until the first paint."""
        self.whole: float | None = None

    def begin(self) -> None:
        """Forget what was painted before."""
        self.first = self.whole = None
        self.cpu_s = -self._cpu_s()

    def _cpu_s(self) -> float:
        own = psutil.Process()
        times = [each.cpu_times() for each in (own, *own.children(recursive=True))]
        return sum(each.user + each.system for each in times)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's name
        """Look at what each paint shows."""
        if event.type() == QEvent.Type.Paint and self._canvas.levels:
            now = time.perf_counter()
            if self.first is None and self._canvas.levels[0].width() >= SHARP_PX:
                self.first = now
                self.cpu_s += self._cpu_s()
            if self._canvas.levels[0].size() == self._canvas.view.size:
                self.whole = self.whole or now
        return False


def photograph(file: Path, seed: int) -> Path:
    """Write a JPEG with the structure and the noise of a photograph."""
    rng = np.random.default_rng(seed)
    width, height = SIZE_PX
    coarse = rng.integers(0, 255, (height // 20, width // 20, 3), dtype=np.uint8)
    smooth = np.asarray(Pillow.fromarray(coarse).resize(SIZE_PX, Pillow.Resampling.BICUBIC))
    noise = rng.normal(0, 4, (height, width, 1)).astype(np.int16)
    pixels = np.clip(smooth.astype(np.int16) + noise, 0, 255).astype(np.uint8)
    Pillow.fromarray(pixels).save(file, quality=92)
    return file


def measure() -> dict[str, object]:
    """Return the figures."""
    protect()
    app = QApplication([])
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        large = [photograph(data / f"large {seed}.jpg", seed) for seed in (1, 2)]
        settings = Settings(data / "settings.ini")
        settings.scan_on_open = False
        settings.place = Place.EXAMINE
        window = make_window(EngineDoor(), settings, FakePicker(), data)
        window.resize(1400, 900)
        window.show()
        painted = FirstPaint(window)
        began = time.perf_counter()
        window.open_paths(tuple(str(file) for file in large))
        wait_until(lambda: painted.whole is not None, PATIENCE_MS)
        opened_ms = ((painted.first or began) - began) * 1000
        wait_until(lambda: not window.jobs.busy, PATIENCE_MS)
        first, whole, cpu = [], [], []
        for turn in range(REPEATS):
            painted.begin()
            began = time.perf_counter()
            window.workspace.list.choose(str(large[(turn + 1) % 2]))
            wait_until(lambda: painted.whole is not None, PATIENCE_MS)
            first.append(((painted.first or began) - began) * 1000)
            whole.append(((painted.whole or began) - began) * 1000)
            cpu.append(painted.cpu_s * 1000)
            wait_until(lambda: not window.jobs.busy, PATIENCE_MS)
        window.close()
        size = large[0].stat().st_size
    app.quit()
    return {
        "picture": f"{SIZE_PX[0]} x {SIZE_PX[1]} px JPEG, {size / 1e6:.1f} MB",
        "cores": os.cpu_count(),
        "load_1_min": round(os.getloadavg()[0], 1),
        "first_pixels_ms": _told(first),
        "first_pixels_cpu_ms": _told(cpu),
        "whole_picture_ms": _told(whole),
        "opening_to_first_pixels_ms": round(opened_ms),
        "goal_ms": GOAL_MS,
        "met": statistics.median(first) < GOAL_MS,
    }


def _told(values: list[float]) -> dict[str, int]:
    return {
        "median": round(statistics.median(values)),
        "least": round(min(values)),
        "most": round(max(values)),
    }
