"""What a probability rests on: asked for picture by picture, kept as long as the program runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, Signal

from app.convert import to_qimage
from app.engine_door import Door
from app.jobs import Events, Job, Jobs, Lane
from app.looking.layers import RESTS, Layer
from engine.job import Progress
from engine.rest_types import Occlusion
from engine.types import Examination

SIDE_PX = 1600
"""Longest side of the layer, which holds the picture in grey."""

Key = tuple[str, str | None, str]
"""Path, hash of the bytes, and when the examination was made."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rested:
    """What the probability of one picture rests on, ready to show."""

    path: str
    found: Occlusion
    layer: Layer


def layer_name() -> str:
    """Return what the layer is called."""
    return QCoreApplication.translate("Resting", "What the verdict rests on")


def load_rests(door: Door, path: str, found: Occlusion) -> Rested:
    """Render what a probability rests on over its picture; on the picture's lane."""
    pixels = door.rests_view(found, door.preview(path, SIDE_PX))
    layer = Layer(
        key=RESTS,
        name=layer_name(),
        levels=(to_qimage(pixels),),
        opaque=False,
        rests=found,
        note=found.method,
    )
    return Rested(path=path, found=found, layer=layer)


class Resting(QObject):
    """Asks for one picture at a time; what was found is not asked for again.

    Args:
        door: the engine.
        jobs: starts the work.
    """

    ready = Signal(object)
    """A Rested."""
    failed = Signal(object)
    """Why it cannot be said."""
    progressed = Signal(object)
    """A Progress."""

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._kept: dict[Key, Occlusion] = {}
        self._job: Job[Any] | None = None

    def fetch(self, path: str, examined: Examination) -> None:
        """Ask what the probability of an examination rests on; what else is asked is dropped.

        On the model's lane, behind whatever that is doing, unless it was found before.
        """
        self.drop()
        key: Key = (path, examined.facts.sha256, examined.examined_utc)
        known = self._kept.get(key)
        if known is not None:
            self._render(path, known)
            return

        def take(found: Occlusion) -> None:
            self._kept[key] = found
            self._render(path, found)

        self._job = self._jobs.start(
            Lane.MODEL,
            lambda ctx: self._door.rests(path, examined, ctx),
            on_done=take,
            on_error=self._fail,
            on_events=self._tell,
        )

    def drop(self) -> None:
        """Stop asking; nothing comes of it."""
        if self._job is not None:
            self._job.drop()
            self._job = None

    def _tell(self, events: Events) -> None:
        steps = [event for event in events if isinstance(event, Progress)]
        if steps:
            self.progressed.emit(steps[-1])

    def _render(self, path: str, found: Occlusion) -> None:
        def take(rested: Rested) -> None:
            self._job = None
            self.ready.emit(rested)

        self._job = self._jobs.start(
            Lane.PICTURE,
            lambda _: load_rests(self._door, path, found),
            on_done=take,
            on_error=self._fail,
        )

    def _fail(self, error: BaseException) -> None:
        self._job = None
        self.failed.emit(error)
