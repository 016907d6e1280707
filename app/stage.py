"""What is shown large: the chosen picture and its result, fetched off the GUI thread."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from app.convert import pyramid, to_qimage
from app.engine_door import Door, Phrases
from app.exhibits import Exhibit
from app.jobs import Job, Jobs, Lane
from engine.case_types import Dossier
from engine.job import Context
from engine.types import Examination, FileFacts, HeatMap

OVERLAY_SIDE_PX = 2048
"""Longest side a heat map is rendered in; finer than any cell, and 16 MB at most."""

LEGEND_COLOURS = 256
"""Steps of the legend's bar."""

HATCH_PX = (64, 96)
"""(height, width) of the legend's sample of hatching."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Picture:
    """A picture ready to paint."""

    path: str
    facts: FileFacts
    levels: tuple[QImage, ...]
    """Full size first, then halvings."""
    notes: tuple[str, ...]
    """How it was decoded."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """An examination ready to show."""

    path: str
    examination: Examination
    dossier: Dossier | None
    """Everything the case holds about it; None for a file that could not be taken in."""
    phrases: Phrases
    heatmap: HeatMap | None
    overlay: QImage | None
    """The heat map's layer, spanning the picture; None without a heat map."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LegendImages:
    """What the legend is painted with."""

    bar: QImage
    """1 px high, value 0 at the left."""
    hatch: QImage
    """How a place without evidence looks."""


def load_picture(door: Door, path: str) -> Picture:
    """Decode a picture; on the picture's lane."""
    image = door.open_image(path)
    return Picture(
        path=path, facts=image.facts, levels=pyramid(to_qimage(image.pixels)), notes=image.notes
    )


def load_result(door: Door, exhibit: Exhibit) -> Result:
    """Word what holds of an exhibit and render its heat map; on the picture's lane."""
    examination = exhibit.examination
    if examination is None:
        raise ValueError(f"{exhibit.path!r} was not examined.")
    dossier, heat = None, examination.heatmap
    if exhibit.number is not None:
        dossier = door.dossier(exhibit.number)
        if dossier.holds is not None:
            examination = dossier.holds.examination
            heat = door.case_heatmap(dossier.holds)
    layer = None
    width, height = examination.facts.width, examination.facts.height
    if heat is not None and width and height:
        scale = min(1.0, OVERLAY_SIDE_PX / max(width, height))
        pixels = door.overlay(heat, max(1, round(height * scale)), max(1, round(width * scale)))
        layer = to_qimage(pixels)
    return Result(
        path=exhibit.path,
        examination=examination,
        dossier=dossier,
        phrases=door.phrases(examination),
        heatmap=heat,
        overlay=layer,
    )


def load_legend(door: Door) -> LegendImages:
    """Render the legend's parts with the engine's own colours; on any lane."""
    unjudged = HeatMap(
        cells=np.zeros((1, 1), dtype=np.float32),
        valid=np.zeros((1, 1), dtype=np.bool_),
        cell_px=(float(HATCH_PX[0]), float(HATCH_PX[1])),
        method="legend",
    )
    return LegendImages(
        bar=to_qimage(door.palette(LEGEND_COLOURS)[np.newaxis]),
        hatch=to_qimage(door.overlay(unjudged, *HATCH_PX)),
    )


class Stage(QObject):
    """Fetches what was chosen last; whatever was asked for before is dropped.

    Args:
        door: the engine.
        jobs: starts the work.
    """

    picture_ready = Signal(object)
    """A Picture."""
    picture_failed = Signal(object, object)
    """A path, and why it cannot be shown."""
    result_ready = Signal(object)
    """A Result."""
    result_failed = Signal(object)
    """Why a result cannot be shown."""
    legend_ready = Signal(object)
    """LegendImages."""

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._picture: Job[Picture] | None = None
        self._result: Job[Result] | None = None
        self.path: str | None = None
        """What was chosen."""

    def fetch_legend(self) -> None:
        """Fetch the legend's parts, once."""
        self._jobs.start(
            Lane.PICTURE,
            lambda _: load_legend(self._door),
            on_done=self.legend_ready.emit,
            on_error=self.result_failed.emit,
        )

    def choose(self, path: str | None) -> None:
        """Choose a picture, or none; a result for it is asked for apart."""
        for job in (self._picture, self._result):
            if job is not None:
                job.drop()
        self._picture = self._result = None
        self.path = path

    def fetch_picture(self) -> None:
        """Decode the chosen picture."""
        path = self.path
        if path is None:
            return

        def work(ctx: Context) -> Picture:
            ctx.check()
            return load_picture(self._door, path)

        self._picture = self._jobs.start(
            Lane.PICTURE,
            work,
            on_done=self.picture_ready.emit,
            on_error=lambda error: self.picture_failed.emit(path, error),
        )

    def fetch_result(self, exhibit: Exhibit) -> None:
        """Prepare the chosen picture's result."""
        if self._result is not None:
            self._result.drop()

        # The row goes on changing on the GUI thread; this is what it says now.
        asked = replace(exhibit)

        def work(ctx: Context) -> Result:
            ctx.check()
            return load_result(self._door, asked)

        self._result = self._jobs.start(
            Lane.PICTURE,
            work,
            on_done=self.result_ready.emit,
            on_error=self.result_failed.emit,
        )
