"""A door whose engine is a few lines: real files, real threads, no model."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from app.jobs import Lane
from engine.errors import EngineError, InputError, StoreError
from engine.images import colour
from engine.job import Context, Examined, Found, Progress, Started, Wording
from engine.report import wording
from engine.types import (
    Condition,
    Elapsed,
    Examination,
    Failure,
    FileFacts,
    Finding,
    HeatMap,
    Image,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    ScanRequest,
    ScanSummary,
    Sentence,
    Status,
    Verdict,
)

TEXT = (
    "The left upper quarter is smoother than the rest. ",
    "The right lower quarter keeps the noise of a camera. ",
)
GRID = (6, 8)
ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


class FakeDoor:
    """Answers like the engine, and remembers on which thread it was asked.

    Pictures whose mean red is above .6 are "ai", below .4 "real", else "inconclusive".
    """

    def __init__(self, samples: Path | None = None) -> None:
        self.gui_thread = threading.get_ident()
        self.samples = samples
        self.requests: list[ScanRequest] = []
        self.reports: list[tuple[str, str]] = []
        self.closed: list[str] = []
        self.stored: dict[str, list[Examination]] = {}
        self.maps: dict[str, HeatMap] = {}
        self.before_word: Callable[[], None] = lambda: None
        """Called on the model's lane before each piece of text; tests hold the scan with it."""
        self.before_find: Callable[[], None] = lambda: None
        """Called on the files' lane before folders are searched."""
        self.before_picture: Callable[[], None] = lambda: None
        """Called on the picture's lane before a picture is decoded."""
        self.scan_error: BaseException | None = None
        self.report_error: BaseException | None = None
        self.opened: list[str] = []

    def scan(self, request: ScanRequest, ctx: Context) -> ScanSummary:
        self._must_be_on(Lane.MODEL)
        self.requests.append(request)
        if self.scan_error is not None:
            raise self.scan_error
        ctx.report(Found(paths=request.paths, ignored=0))
        failed = 0
        for done, path in enumerate(request.paths, start=1):
            ctx.report(Started(path=path))
            examination = self.examine(path, request, ctx)
            failed += not examination.ok
            self.stored.setdefault(request.out_dir, []).append(examination)
            ctx.report(Examined(examination=examination))
            ctx.report(
                Progress(
                    phase="examining", done=done, total=len(request.paths), failed=failed, per_s=2.0
                )
            )
        return ScanSummary(
            found=len(request.paths), done=done - failed, skipped=0, failed=failed, elapsed_s=1.0
        )

    def examine(self, path: str, request: ScanRequest, ctx: Context) -> Examination:
        try:
            pixels = read(path)
        except EngineError as error:
            return Examination(
                facts=FileFacts(path=path), failure=Failure(kind=error.kind, message=str(error))
            )
        if request.explain and not request.triage:
            for piece in " ".join(TEXT).split(" "):
                self.before_word()
                ctx.report(Wording(path=path, text=f"{piece} "))
        examination = examined(path, pixels, explain=request.explain and not request.triage)
        assert examination.heatmap is not None
        self.maps[path] = examination.heatmap
        return examination

    def open_image(self, path: str) -> Image:
        self._must_be_on(Lane.PICTURE)
        self.opened.append(path)
        self.before_picture()
        pixels = read(path)
        return Image(facts=facts(path, pixels), pixels=pixels, jpeg_quality=None)

    def thumbnail(self, path: str, side_px: int) -> NDArray[np.uint8]:
        self._must_be_on(Lane.THUMBNAIL)
        picture = Pillow.fromarray(read(path))
        picture.thumbnail((side_px, side_px))
        return np.asarray(picture)

    def find(self, paths: tuple[str, ...], out_dir: str, ctx: Context) -> Found:
        self._must_be_on(Lane.FILES)
        self.before_find()
        ctx.check()
        found: list[str] = []
        ignored = 0
        for path in paths:
            if not Path(path).is_dir():
                found.append(path)
                continue
            for folder, _, names in sorted(os.walk(path)):
                for name in sorted(names):
                    if name.endswith(ENDINGS):
                        found.append(f"{folder}{os.sep}{name}")
                    else:
                        ignored += 1
        return Found(paths=tuple(found), ignored=ignored)

    def results(self, out_dir: str) -> tuple[Examination, ...]:
        self._must_be_on(Lane.FILES)
        if out_dir not in self.stored:
            raise StoreError(f"There are no results in {out_dir}: choose a results folder.")
        return tuple(replace(e, heatmap=None) for e in self.stored[out_dir])

    def heatmap(self, out_dir: str, examination: Examination) -> HeatMap | None:
        self._must_be_on(Lane.PICTURE)
        return self.maps[examination.facts.path]

    def overlay(self, heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return colour.overlay(heat, height_px, width_px)

    def palette(self, n: int) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return colour.palette(n)

    def phrases(self, examination: Examination) -> wording.Phrases:
        self._must_not_be_gui()
        return wording.phrases(examination)

    def write_report(self, out_dir: str, out_file: str, ctx: Context) -> None:
        self._must_be_on(Lane.FILES)
        if self.report_error is not None:
            raise self.report_error
        self.reports.append((out_dir, out_file))

    def samples_dir(self) -> str:
        return str(self.samples)

    def band_style(self, outcome: Outcome | None) -> colour.BandStyle:
        return colour.band_style(outcome)

    def version(self) -> str:
        return "0.0-test"

    def close_model(self) -> None:
        self._must_be_on(Lane.MODEL)
        self.closed.append("model")

    def close_pictures(self) -> None:
        self._must_be_on(Lane.PICTURE)
        self.closed.append("pictures")

    def close_thumbnails(self) -> None:
        self._must_be_on(Lane.THUMBNAIL)
        self.closed.append("thumbnails")

    def _must_not_be_gui(self) -> None:
        assert threading.get_ident() != self.gui_thread, "The door was used on the GUI thread."

    def _must_be_on(self, lane: Lane) -> None:
        self._must_not_be_gui()
        name = threading.current_thread().name
        assert name.startswith(f"{lane}-lane"), f"{name} did what belongs to {lane}."


def read(path: str) -> NDArray[np.uint8]:
    """Return [h, w, 3] or raise as the engine does."""
    try:
        with Pillow.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise InputError(
            f"{path} is not an image that can be read: check the file.", kind="not_an_image"
        ) from error


def facts(path: str, pixels: NDArray[np.uint8]) -> FileFacts:
    return FileFacts(
        path=path,
        sha256="ab" * 32,
        sha1="cd" * 20,
        md5="ef" * 16,
        bytes=Path(path).stat().st_size,
        format="PNG",
        width=pixels.shape[1],
        height=pixels.shape[0],
    )


def heat_of(pixels: NDArray[np.uint8]) -> HeatMap:
    """Return a map that rises from left to right; its last row holds no evidence."""
    rows, cols = GRID
    cells = np.tile(np.linspace(0.0, 1.0, cols, dtype=np.float32), (rows, 1))
    valid = np.ones(GRID, dtype=np.bool_)
    valid[-1] = False
    return HeatMap(
        cells=cells,
        valid=valid,
        cell_px=(pixels.shape[0] / rows, pixels.shape[1] / cols),
        method="fake",
    )


def examined(path: str, pixels: NDArray[np.uint8], *, explain: bool) -> Examination:
    """Return a complete examination by the mean red of the picture."""
    red = float(pixels[..., 0].mean() / 255)
    outcome = Outcome.AI if red > 0.6 else Outcome.REAL if red < 0.4 else Outcome.INCONCLUSIVE
    height, width, _ = pixels.shape
    quarter = Region(x=0, y=0, w=width // 2, h=height // 2)
    opposite = Region(x=width // 2, y=height // 2, w=width // 2, h=height // 2)
    z = float(np.log(max(red, 0.01) / max(1 - red, 0.01)))
    return Examination(
        facts=facts(path, pixels),
        verdict=Verdict(
            outcome=outcome,
            p_ai=red,
            band_reason=f"The mean of red is {red:.2f}.",
            in_validated_range=True,
            read_outs=ReadOuts(both=z, semantic=-z / 2, artifact=2 * z),
        ),
        condition=Condition(jpeg_quality=None, megapixels=height * width / 1e6),
        explanation=(
            (
                Sentence(text=TEXT[0].strip(), cites=("M1",), regions=(quarter,)),
                Sentence(text=TEXT[1].strip(), cites=("F1",), regions=(opposite,)),
            )
            if explain
            else ()
        ),
        dropped_sentences=1 if explain else 0,
        findings=(
            Finding(
                id="F1",
                analyser="file.format",
                version="1",
                status=Status.OBSERVED,
                value="PNG",
                reason="The bytes begin as a PNG does.",
                source="ISO/IEC 15948",
            ),
            Finding(
                id="M1",
                analyser="fake.redness",
                version="1",
                status=Status.INFERRED,
                value=red,
                unit="mean",
                regions=(quarter,),
                reason="The left upper quarter looks redder.",
            ),
        ),
        heatmap=heat_of(pixels),
        heatmap_file="heatmaps/fake.png",
        model=ModelInfo(
            name="fake",
            sha256="12" * 32,
            injection_layer=16,
            fusion="gated",
            device="cpu",
            dtype="float32",
        ),
        elapsed=Elapsed(total=1234.0),
        examined_utc="2026-01-02T03:04:05Z",
    )
