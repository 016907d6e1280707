"""Small pictures for the list: decoded on demand, newest demand first, the last ones kept."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QPixmap

from app.convert import to_qimage
from app.engine_door import Door
from app.jobs import Jobs, Lane
from app.row import Exhibit
from engine.case_types import ExhibitState
from engine.errors import EngineError
from engine.job import Context

KEPT_BYTES = 160 << 20
"""Thumbnails in memory: about 400 large ones or 4,000 small ones."""

DEMANDS = 200
"""Demands that wait; older ones scrolled out of sight and are asked for again when they return."""

SIDES_PX = (112, 384)
"""Longest sides that are asked for: rows of a list, cards of a grid; the smallest that is large
enough is taken. The larger one is what the engine keeps on disk."""

Key = tuple[str, int]


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
        self._kept: OrderedDict[Key, QPixmap] = OrderedDict()
        self._bytes = 0
        self._failed: set[str] = set()
        self._demands: OrderedDict[Key, str | None] = OrderedDict()
        self._at_work: Key | None = None

    def get(self, exhibit: Exhibit, side_px: float) -> QPixmap | None:
        """Return a thumbnail, or a smaller one or None while it is not there; then it is fetched.

        Args:
            exhibit: whose.
            side_px: longest side that is painted, in physical px.
        """
        key = (exhibit.path, _standard(side_px))
        found = self._kept.get(key)
        if found is not None:
            self._kept.move_to_end(key)
            return found
        if exhibit.path in self._failed:
            return None
        if key != self._at_work:
            # A file that was changed is shown as it is now.
            same = exhibit.file_state is not ExhibitState.CHANGED
            self._demands[key] = exhibit.sha256 if same else None
            self._demands.move_to_end(key)
            if len(self._demands) > DEMANDS:
                self._demands.popitem(last=False)
            self._next()
        return self._kept.get((exhibit.path, SIDES_PX[0]))

    def has(self, path: str, side_px: float) -> int:
        """Return which size is there, or why none: a number that changes when that does."""
        for standard in SIDES_PX[SIDES_PX.index(_standard(side_px)) :: -1]:
            if (path, standard) in self._kept:
                return standard
        return -1 if path in self._failed else 0

    def failed(self, path: str) -> bool:
        """Whether a file has no thumbnail because it cannot be decoded."""
        return path in self._failed

    def forget(self, path: str) -> None:
        """Ask anew for a file that was changed, or could not be decoded before."""
        self._failed.discard(path)
        for standard in SIDES_PX:
            dropped = self._kept.pop((path, standard), None)
            if dropped is not None:
                self._bytes -= _bytes(dropped)

    def _next(self) -> None:
        if self._at_work is not None or not self._demands:
            return
        key, sha256 = self._demands.popitem()
        self._at_work = key
        path, side_px = key

        def work(_: Context) -> QImage:
            return to_qimage(self._door.thumbnail(path, side_px, sha256))

        self._jobs.start(
            Lane.THUMBNAIL,
            work,
            on_done=partial(self._take, key),
            on_error=partial(self._fail, key),
        )

    def _take(self, key: Key, image: QImage) -> None:
        pixmap = QPixmap.fromImage(image)
        self._kept[key] = pixmap
        self._bytes += _bytes(pixmap)
        while self._bytes > KEPT_BYTES and len(self._kept) > 1:
            _key, dropped = self._kept.popitem(last=False)
            self._bytes -= _bytes(dropped)
        self._end(key)

    def _fail(self, key: Key, error: BaseException) -> None:
        if not isinstance(error, EngineError):
            self.went_wrong.emit(error)
        self._failed.add(key[0])
        self._end(key)

    def _end(self, key: Key) -> None:
        self._at_work = None
        self.ready.emit(key[0])
        self._next()


def _standard(side_px: float) -> int:
    return next((standard for standard in SIDES_PX if standard >= side_px), SIDES_PX[-1])


def _bytes(pixmap: QPixmap) -> int:
    return pixmap.width() * pixmap.height() * 4
