"""What the window asks of the engine, and the real thing behind it.

The window's parts know the Protocol; only `__main__` makes the real door. No function of a
door is called on the GUI thread, except `band_style` and `version`, which only look up values.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from app.case_door import CaseDoor
from app.model_door import EngineModels, ModelDoor
from app.report_door import EngineReports, ReportDoor
from app.style import BandStyle
from engine import __version__, api, paths
from engine.case_types import Recheck
from engine.job import Context, Found
from engine.rest_types import Occlusion
from engine.scan_types import NearGroup, ScanRequest, ScanSummary
from engine.trace_types import Trace, Tracer
from engine.types import Examination, HeatMap, HelpPage, Image, Outcome, Status


class FindingPhrase(Protocol):
    """One finding in words; the engine's value."""

    @property
    def id(self) -> str:
        """Its id, such as ``"F3"``."""

    @property
    def name(self) -> str:
        """Analyser and version."""

    @property
    def value(self) -> str:
        """Value with unit."""

    @property
    def meaning(self) -> str:
        """What it means, or why it is not available."""

    @property
    def where(self) -> str:
        """The places, or "whole file"."""

    @property
    def source(self) -> str:
        """What the method rests on; may be empty."""


class FindingGroup(Protocol):
    """Findings that are known in the same way; the engine's value."""

    @property
    def status(self) -> Status:
        """How they are known."""

    @property
    def title(self) -> str:
        """The status as a word."""

    @property
    def meaning(self) -> str:
        """What the status says."""

    @property
    def findings(self) -> tuple[FindingPhrase, ...]:
        """The findings."""


class StatementPhrase(Protocol):
    """What facts of the file and the verdict say together; the engine's value."""

    @property
    def label(self) -> str:
        """``"CONFLICT"`` or ``"STATEMENT"``."""

    @property
    def headline(self) -> str:
        """A short phrase."""

    @property
    def explanation(self) -> str:
        """What follows and what does not."""

    @property
    def cited(self) -> str:
        """What it rests on."""

    @property
    def leads(self) -> bool:
        """Whether it is shown above the verdict."""


class Phrases(Protocol):
    """One examination in words; the engine's value."""

    @property
    def stated(self) -> StatementPhrase | None:
        """Facts and verdict together; None where that is not known."""

    @property
    def headline(self) -> str:
        """The verdict as a short phrase."""

    @property
    def probability(self) -> str | None:
        """Such as ``"p = .97"``; None when not examined."""

    @property
    def reason(self) -> str:
        """Why this band, or why not examined."""

    @property
    def band(self) -> str:
        """The band's name."""

    @property
    def statement(self) -> str:
        """One sentence to quote."""

    @property
    def condition(self) -> str:
        """The state the picture arrived in."""

    @property
    def coverage(self) -> str:
        """Whether that state lies where the error rates were measured."""

    @property
    def findings(self) -> tuple[FindingGroup, ...]:
        """Groups that have findings."""

    @property
    def limitations(self) -> tuple[str, ...]:
        """What this result cannot say."""

    @property
    def how_to_read(self) -> tuple[str, ...]:
        """What the terms mean."""


class Reliability(Protocol):
    """How far a verdict can be relied on; the engine's value."""

    @property
    def interval(self) -> str:
        """Such as ``"between .42 and .61"``; may be empty."""

    @property
    def likelihood_ratio(self) -> str:
        """In figures; empty where none may be stated."""

    @property
    def support(self) -> str:
        """In words of the scale, or why no ratio is stated."""

    @property
    def bound(self) -> str:
        """What bounds the ratio; may be empty."""

    @property
    def error_rates(self) -> str:
        """In the condition that matches the picture, or why there are none."""

    @property
    def thresholds(self) -> str:
        """From where on the bands begin."""

    @property
    def weighed(self) -> str:
        """What p is calculated from, and what does not move it; may be empty."""

    @property
    def read_outs_idle(self) -> bool:
        """Whether the verdict's three read-outs are known not to move p."""


class Door(CaseDoor, ReportDoor, ModelDoor, Protocol):
    """Everything the window asks of the engine."""

    def scan(self, request: ScanRequest, exhibits: tuple[int, ...], ctx: Context) -> ScanSummary:
        """Examine exhibits of the open case; on the model's lane."""

    def recheck(self, examinations: tuple[int, ...], ctx: Context) -> tuple[Recheck, ...]:
        """Run examinations again; none named means all that hold; on the model's lane."""

    def rests(self, path: str, examined: Examination, ctx: Context) -> Occlusion:
        """Return what the probability of an examination rests on; on the model's lane."""

    def rests_view(self, found: Occlusion, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Render a picture [h, w, 3] in grey under what its probability rests on."""

    def rests_palette(self, n: int) -> NDArray[np.uint8]:
        """Return its colours from "towards real" to "towards AI", [n, 3]."""

    def open_image(self, path: str) -> Image:
        """Decode a picture; on the picture's lane."""

    def preview(self, path: str, side_px: int) -> NDArray[np.uint8]:
        """Decode a small version to be looked at first, [h, w, 3]; on the picture's lane."""

    def tracers(self) -> tuple[Tracer, ...]:
        """Return the methods of derived traces; on the lane of traces."""

    def trace(self, path: str, name: str, ctx: Context) -> Trace:
        """Compute one derived trace; on the lane of traces."""

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> NDArray[np.uint8]:
        """Decode a small version, [h, w, 3], or find it by its hash; on the thumbnails' lane."""

    def near_duplicates(self, examinations: tuple[Examination, ...]) -> tuple[NearGroup, ...]:
        """Group what looks alike; on the files' lane, as many pictures take seconds."""

    def find(self, paths: tuple[str, ...], own_dir: str, ctx: Context) -> Found:
        """List the pictures in files and folders, the program's own folder left out."""

    def overlay(self, heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
        """Render a heat map, [height_px, width_px, 4]."""

    def palette(self, n: int) -> NDArray[np.uint8]:
        """Return the heat map's colours, [n, 3]."""

    def phrases(self, examination: Examination) -> Phrases:
        """Return an examination in words."""

    def reliability(self, examination: Examination) -> Reliability | None:
        """Return how far a verdict can be relied on; on the picture's lane."""

    def help_pages(self, language: str) -> tuple[HelpPage, ...]:
        """Return the pages that teach each method; on any lane."""

    def samples_dir(self) -> str:
        """Return the folder of sample pictures."""

    def band_style(self, outcome: Outcome | None) -> BandStyle:
        """Return how a band looks."""

    def version(self) -> str:
        """Return the program's version."""

    def close_model(self) -> None:
        """Let go of the model; on its lane."""

    def close_pictures(self) -> None:
        """End the decoder; on the picture's lane."""

    def close_thumbnails(self) -> None:
        """End the decoder; on the thumbnails' lane."""


class EngineDoor(EngineReports, EngineModels):
    """The engine itself.

    Args:
        engine: holds the model; a new one when None.
    """

    def __init__(self, engine: api.Engine | None = None) -> None:
        super().__init__()
        self._engine = engine or api.Engine()
        self._pictures = api.Pictures()
        self._reliabilities = api.Reliabilities()
        self._thumbnails = api.Pictures(paths.thumbnails_dir())

    def scan(self, request: ScanRequest, exhibits: tuple[int, ...], ctx: Context) -> ScanSummary:
        """See `api.Engine.scan`; the model stays loaded until `close_model`."""
        with self.using() as case:
            return self._engine.scan(request, ctx, case=case, exhibits=exhibits)

    def recheck(self, examinations: tuple[int, ...], ctx: Context) -> tuple[Recheck, ...]:
        """See `api.Engine.recheck`."""
        with self.using() as case:
            return self._engine.recheck(case, examinations, ctx)

    def rests(self, path: str, examined: Examination, ctx: Context) -> Occlusion:
        """See `api.Engine.rests`."""
        return self._engine.rests(path, examined=examined, ctx=ctx)

    def rests_view(self, found: Occlusion, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """See `api.rests_view`."""
        return api.rests_view(found, pixels)

    def rests_palette(self, n: int) -> NDArray[np.uint8]:
        """See `api.rests_palette`."""
        return api.rests_palette(n)

    def open_image(self, path: str) -> Image:
        """See `api.Pictures.open`."""
        return self._pictures.open(path)

    def preview(self, path: str, side_px: int) -> NDArray[np.uint8]:
        """See `api.Pictures.thumbnail`."""
        return self._pictures.thumbnail(path, side_px)

    def tracers(self) -> tuple[Tracer, ...]:
        """See `api.tracers`."""
        return api.tracers()

    def trace(self, path: str, name: str, ctx: Context) -> Trace:
        """See `api.trace`."""
        (trace,) = api.trace(path, (name,), ctx)
        return trace

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> NDArray[np.uint8]:
        """See `api.Pictures.thumbnail`."""
        return self._thumbnails.thumbnail(path, side_px, sha256=sha256)

    def near_duplicates(self, examinations: tuple[Examination, ...]) -> tuple[NearGroup, ...]:
        """See `api.near_duplicates`."""
        return api.near_duplicates(examinations)

    def find(self, paths: tuple[str, ...], own_dir: str, ctx: Context) -> Found:
        """See `api.find`."""
        return api.find(paths, own_dir, ctx)

    def overlay(self, heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
        """See `api.overlay`."""
        return api.overlay(heat, height_px, width_px)

    def palette(self, n: int) -> NDArray[np.uint8]:
        """See `api.palette`."""
        return api.palette(n)

    def phrases(self, examination: Examination) -> Phrases:
        """See `api.phrases`."""
        return api.phrases(examination)

    def reliability(self, examination: Examination) -> Reliability | None:
        """See `api.Reliabilities`."""
        return self._reliabilities.of(examination)

    def help_pages(self, language: str) -> tuple[HelpPage, ...]:
        """See `Door`."""
        return api.help_pages(language)

    def samples_dir(self) -> str:
        """See `api.samples_dir`."""
        return str(api.samples_dir())

    def band_style(self, outcome: Outcome | None) -> BandStyle:
        """See `api.band_style`."""
        return api.band_style(outcome)

    def version(self) -> str:
        """Return the package's version."""
        return __version__

    def close_model(self) -> None:
        """See `api.Engine.close`."""
        self._engine.close()

    def close_pictures(self) -> None:
        """See `api.Pictures.close`."""
        self._pictures.close()

    def close_thumbnails(self) -> None:
        """See `api.Pictures.close`."""
        self._thumbnails.close()
