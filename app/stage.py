"""What is shown large: the chosen picture and its result, fetched off the GUI thread."""

from __future__ import annotations

import importlib
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtGui import QImage

from app.convert import pyramid, to_qimage
from app.engine_door import Door, Phrases, Reliability
from app.exhibits import Exhibit
from app.jobs import Job, Jobs, Lane
from app.looking.layers import HEAT, Layer
from engine.case_types import Dossier
from engine.job import Context
from engine.trace_types import Trace, Tracer
from engine.types import Examination, FileFacts, HeatMap

PREVIEW_SIDE_PX = 720
"""Longest side of what is shown first: about what a view on a plain screen has room for."""

VIEW_ENDING = "#view"
"""End of the key of a trace's view where it has a heat map too."""

CAMERA = "camera:"
"""Beginning of the name of a method that looks for a camera of the case."""

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
    """Full size first, then halvings; of a preview one that is smaller."""
    notes: tuple[str, ...]
    """How it was decoded."""
    preview: bool = False
    """Whether the whole picture is still to come."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Result:
    """An examination ready to show."""

    path: str
    examination: Examination
    dossier: Dossier | None
    """Everything the case holds about it; None for a file that could not be taken in."""
    phrases: Phrases
    reliability: Reliability | None
    """How far the verdict can be relied on; None without one."""
    layer: Layer | None
    """The heat map, spanning the picture; None without one."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Traced:
    """A derived trace ready to show."""

    path: str
    trace: Trace
    layers: tuple[Layer, ...]
    """Its heat map and its view, as far as there are such."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LegendImages:
    """What the legend is painted with."""

    bar: QImage
    """1 px high, value 0 at the left."""
    hatch: QImage
    """How a place without evidence looks."""
    diverging: QImage
    """1 px high, "towards real" at the left, "towards AI" at the right."""


def load_picture(door: Door, path: str) -> Picture:
    """Decode a picture; on the picture's lane."""
    image = door.open_image(path)
    return Picture(
        path=path, facts=image.facts, levels=pyramid(to_qimage(image.pixels)), notes=image.notes
    )


def load_preview(door: Door, path: str, facts: FileFacts) -> Picture:
    """Decode a small version, as fast as it goes; on the picture's lane."""
    pixels = door.preview(path, PREVIEW_SIDE_PX)
    return Picture(path=path, facts=facts, levels=(to_qimage(pixels),), notes=(), preview=True)


def load_layer(door: Door, heat: HeatMap, facts: FileFacts, key: str, name: str) -> Layer | None:
    """Render a heat map over a picture of known size; on any lane but the GUI's."""
    width, height = facts.width, facts.height
    if not width or not height:
        return None
    scale = min(1.0, OVERLAY_SIDE_PX / max(width, height))
    pixels = door.overlay(heat, max(1, round(height * scale)), max(1, round(width * scale)))
    return Layer(
        key=key, name=name, levels=(to_qimage(pixels),), opaque=False, heat=heat, note=heat.method
    )


def load_trace(door: Door, facts: FileFacts, tracer: Tracer, ctx: Context) -> Traced:
    """Compute a derived trace and render it; on the lane of traces."""
    if tracer.name.startswith(CAMERA):
        trace = door.try_camera(facts.path, tracer.name, ctx)
    else:
        trace = door.trace(facts.path, tracer.name, ctx)
    if trace.curve is not None:
        # What draws it takes half a second to import, which the GUI thread is to be spared.
        importlib.import_module("pyqtgraph")
    layers = []
    if trace.heatmap is not None:
        layers.append(load_layer(door, trace.heatmap, facts, tracer.name, tracer.title))
    if trace.picture is not None:
        pixels = trace.picture
        if pixels.ndim == 2:
            pixels = np.repeat(pixels[:, :, np.newaxis], 3, axis=2)
        twice = trace.heatmap is not None
        view = Layer(
            key=f"{tracer.name}{VIEW_ENDING if twice else ''}",
            name=QCoreApplication.translate("Stage", "{name}, view").format(name=tracer.title)
            if twice
            else tracer.title,
            levels=pyramid(to_qimage(pixels)),
            opaque=True,
            note=trace.finding.reason,
        )
        layers.append(view)
    return Traced(path=facts.path, trace=trace, layers=tuple(each for each in layers if each))


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
    if heat is not None:
        name = QCoreApplication.translate("Stage", "Artifact heat map")
        layer = load_layer(door, heat, examination.facts, HEAT, name)
    return Result(
        path=exhibit.path,
        examination=examination,
        dossier=dossier,
        phrases=door.phrases(examination),
        reliability=door.reliability(examination),
        layer=layer,
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
        diverging=to_qimage(door.rests_palette(LEGEND_COLOURS)[np.newaxis]),
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
    other_ready = Signal(object)
    """A Picture that the chosen one is to be compared with."""
    traced = Signal(object)
    """Traced."""
    trace_failed = Signal(object)
    """Why a trace cannot be shown."""
    tracers_ready = Signal(object)
    """Tuple of Tracer: the methods of derived traces."""
    cameras_ready = Signal(object)
    """Tuple of Tracer: the cameras whose fingerprints the case has."""
    legend_ready = Signal(object)
    """LegendImages."""

    def __init__(self, door: Door, jobs: Jobs) -> None:
        super().__init__()
        self._door, self._jobs = door, jobs
        self._picture: Job[Picture] | None = None
        self._preview: Job[Picture] | None = None
        self._result: Job[Result] | None = None
        self._trace: Job[Traced] | None = None
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
        for job in (self._preview, self._picture, self._result, self._trace):
            if job is not None:
                job.drop()
        self._preview = self._picture = self._result = self._trace = None
        self.path = path

    def fetch_tracers(self) -> None:
        """Fetch the list of methods of derived traces, once."""
        self._jobs.start(
            Lane.TRACE,
            lambda _: self._door.tracers(),
            on_done=self.tracers_ready.emit,
            on_error=self.trace_failed.emit,
        )

    def fetch_cameras(self) -> None:
        """Fetch the cameras whose fingerprints the case has."""
        self._jobs.start(
            Lane.TRACE,
            lambda _: self._door.cameras(),
            on_done=self.cameras_ready.emit,
            on_error=self.trace_failed.emit,
        )

    def fetch_trace(self, facts: FileFacts, tracer: Tracer) -> None:
        """Compute a derived trace of the chosen picture; another one that runs is dropped."""
        if self._trace is not None:
            self._trace.drop()
        self._trace = self._jobs.start(
            Lane.TRACE,
            lambda ctx: load_trace(self._door, facts, tracer, ctx),
            on_done=self.traced.emit,
            on_error=self.trace_failed.emit,
        )

    def fetch_preview(self, facts: FileFacts) -> None:
        """Decode a small version of the chosen picture, to be seen at once."""
        path = self.path
        if path is None:
            return

        def work(ctx: Context) -> Picture:
            ctx.check()
            return load_preview(self._door, path, facts)

        # What is wrong with a file is told when the whole of it is decoded.
        self._preview = self._jobs.start(
            Lane.PICTURE, work, on_done=self.picture_ready.emit, on_error=lambda _: None
        )

    def fetch_other(self, path: str) -> None:
        """Decode another picture, to be compared with the chosen one."""
        self._jobs.start(
            Lane.PICTURE,
            lambda _: load_picture(self._door, path),
            on_done=self.other_ready.emit,
            on_error=lambda error: self.picture_failed.emit(path, error),
        )

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
