"""Small pictures for the list: decoded on demand, newest demand first, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict, deque
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from app.convert import to_qimage
from app.engine_door import Door
from app.jobs import Jobs, Lane
from engine.errors import EngineError
from engine.job import Context

KEPT = 1500
"""Thumbnails in memory, about 40 kB each."""

DEMANDS = 200
"""Demands that wait; older ones scrolled out of sight and are asked for again when they return."""

SIDE_PX = 112
"""Longest side decoded: the list's thumbnail on a screen of twice the density, and a little."""


class Thumbnails(QObject):
    """A cache in front of the engine's thumbnails.

    Args:
        door: the engine.
        jobs: starts the work.
    """

    ready = Signal(object)
    """A path whose thumbnail can now be had, or turned out to be impossible."""
    went_wrong = Signal(object)
    """A fault that is not the picture's."""

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._kept: OrderedDict[str, QPixmap | None] = OrderedDict()
        self._demands: deque[str] = deque(maxlen=DEMANDS)
        self._at_work: str | None = None

    def get(self, path: str) -> QPixmap | None:
        """Return a thumbnail, or None while it is not there; then it is fetched."""
        if path in self._kept:
            self._kept.move_to_end(path)
            return self._kept[path]
        if path != self._at_work:
            if path in self._demands:
                self._demands.remove(path)
            self._demands.append(path)
            self._next()
        return None

    def failed(self, path: str) -> bool:
        """Whether a file has no thumbnail because it cannot be decoded."""
        return path in self._kept and self._kept[path] is None

    def _next(self) -> None:
        if self._at_work is not None or not self._demands:
            return
        path = self._at_work = self._demands.pop()

        def work(_: Context) -> QImage:
            return to_qimage(self._door.thumbnail(path, SIDE_PX))

        self._jobs.start(
            Lane.THUMBNAIL,
            work,
            on_done=partial(self._take, path),
            on_error=partial(self._fail, path),
        )

    def _take(self, path: str, image: QImage) -> None:
        self._keep(path, QPixmap.fromImage(image))

    def _fail(self, path: str, error: BaseException) -> None:
        if not isinstance(error, EngineError):
            self.went_wrong.emit(error)
        self._keep(path, None)

    def _keep(self, path: str, pixmap: QPixmap | None) -> None:
        self._at_work = None
        self._kept[path] = pixmap
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.ready.emit(path)
        self._next()
