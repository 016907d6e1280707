"""The one door of the engine: everything the window and the command line can ask for.

Heavy modules are imported inside the functions, here and nowhere else, so that the
program starts quickly and a missing GPU library is found only by what needs it.

Long jobs take a `Context`: events go to its listener on the thread that called, and
``ctx.cancel()`` from any thread makes them raise `Cancelled` with what was done kept.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from engine import paths
from engine.job import Context
from engine.types import Examination, HeatMap, Image, ScanRequest, ScanSummary, Settings

if TYPE_CHECKING:
    from engine.images.decoder import Decoder
    from engine.report.verify import Check
    from engine.report.wording import Phrases
    from engine.vrm.examiner import Examiner

ExaminerFactory = Callable[[str, str, bool], "Examiner"]
"""Loads a model: (model: pack name or folder, device, triage) -> Examiner."""


def load_examiner(model: str, device: str, triage: bool) -> Examiner:
    """Load a model from its pack or folder.

    Args:
        model: pack name such as ``"mini"``, or folder of a published checkpoint.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
        triage: whether to load only what the fast path needs.

    Raises:
        ModelError: the pack is missing or broken, or the device cannot run it.
    """
    from engine.vrm.loader import load

    return load(model, device, triage)


class Engine:
    """Keeps a model loaded from one job to the next. One thread owns an engine and its jobs.

    The model is loaded by the first job that needs it and kept until a job asks for
    another model, device or path, or until `close`.

    Args:
        factory: loads a model; tests hand in one that makes a fake.
    """

    def __init__(self, *, factory: ExaminerFactory = load_examiner) -> None:
        self._factory = factory
        self._key: tuple[str, str, bool] | None = None
        self._examiner: Examiner | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def scan(self, request: ScanRequest, ctx: Context) -> ScanSummary:
        """Examine every image of the request and write results as they come.

        Events: `Found` once, then for each file `Started`, `Wording` (many, with
        explanations), `Examined` and `Progress`. A file that an earlier run with the same
        model and settings has done gives `Examined` with ``stored=True`` and no `Started`.

        Args:
            request: what to examine, how, and where results go.
            ctx: receives the events, carries the wish to stop.

        Returns:
            How it ended. Files that failed are counted; each has its line in the results.

        Raises:
            InputError: none of the paths exists, or the results folder is one of them.
            ModelError: the model cannot be loaded.
            StoreError: the results cannot be written, or another scan is writing them.
            Cancelled: the operator stopped it; what was done is kept.
        """
        from engine.scan.pipeline import run

        def load() -> Examiner:
            return self._load(request.model, request.device, request.triage)

        return run(request, load, ctx)

    def examine(
        self,
        path: str,
        *,
        model: str = "mini",
        device: str = "auto",
        explain: bool = True,
        triage: bool = False,
        ctx: Context,
    ) -> Examination:
        """Examine one file without storing anything; its heat map is in the result.

        Events: `Started`, `Wording`, `Examined`.

        Args:
            path: the file.
            model: pack name or folder of a published checkpoint.
            device: ``"auto"``, ``"cpu"`` or ``"cuda"``.
            explain: whether the language model writes an explanation.
            triage: the fast path without the language model.
            ctx: receives the events, carries the wish to stop.

        Returns:
            The examination; ``failure`` is set when the file could not be examined.

        Raises:
            ModelError: the model cannot be loaded.
            Cancelled: the operator stopped it.
        """
        from engine.images.decoder import Decoder
        from engine.scan.examining import examine_file

        settings = Settings(explain=explain and not triage, triage=triage)
        examiner = self._load(model, device, triage)
        with Decoder() as decoder:
            return examine_file(path, examiner, decoder, settings, ctx)

    def close(self) -> None:
        """Let go of the model."""
        self._key = self._examiner = None

    def _load(self, model: str, device: str, triage: bool) -> Examiner:
        key = (model, device, triage)
        if self._examiner is None or self._key != key:
            self.close()
            self._examiner = self._factory(*key)
            self._key = key
        return self._examiner


class Pictures:
    """Decodes pictures for display in a child process that is kept between calls.

    One thread owns it. The child starts at the first call.
    """

    def __init__(self) -> None:
        self._decoder: Decoder | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def open(self, path: str) -> Image:
        """Return a picture in full size.

        Raises:
            InputError: the file cannot be read or decoded; ``kind`` says why.
        """
        return self._running().decode_file(path)

    def thumbnail(self, path: str, side_px: int) -> NDArray[np.uint8]:
        """Return a small version of a picture, oriented and in sRGB, never enlarged.

        Args:
            path: the file.
            side_px: longest side of the result, at least 1.

        Returns:
            [h, w, 3], max(h, w) <= side_px.

        Raises:
            InputError: the file cannot be read or decoded; ``kind`` says why.
        """
        return self._running().thumbnail(path, side_px)

    def close(self) -> None:
        """End the child process."""
        if self._decoder is not None:
            self._decoder.close()
            self._decoder = None

    def _running(self) -> Decoder:
        from engine.images.decoder import Decoder

        if self._decoder is None:
            self._decoder = Decoder()
        return self._decoder


def scan(
    request: ScanRequest, ctx: Context, *, factory: ExaminerFactory = load_examiner
) -> ScanSummary:
    """Examine every image of the request with a model loaded for it; see `Engine.scan`."""
    with Engine(factory=factory) as engine:
        return engine.scan(request, ctx)


def examine(
    path: str,
    *,
    model: str = "mini",
    device: str = "auto",
    explain: bool = True,
    triage: bool = False,
    ctx: Context,
    factory: ExaminerFactory = load_examiner,
) -> Examination:
    """Examine one file with a model loaded for it; see `Engine.examine`."""
    with Engine(factory=factory) as engine:
        return engine.examine(
            path, model=model, device=device, explain=explain, triage=triage, ctx=ctx
        )


def results(out_dir: str | Path) -> tuple[Examination, ...]:
    """Return what a results folder holds, the newest line of each file, in order of discovery.

    Args:
        out_dir: the folder given to a scan.

    Raises:
        StoreError: there is no results file, or a line of it is damaged.
    """
    from engine.evidence.results import read_results

    return read_results(Path(out_dir))


def heatmap(out_dir: str | Path, examination: Examination) -> HeatMap | None:
    """Return a stored heat map, exact to 8 bits, or None when the examination has none.

    Raises:
        StoreError: the file is missing or is not a heat map of this program.
    """
    from engine.evidence.heatmaps import read_heatmap

    if examination.heatmap_file is None:
        return None
    return read_heatmap(Path(out_dir) / examination.heatmap_file)


def to_json(examination: Examination) -> str:
    """Return an examination as one line of ``results.jsonl`` carries it, without line feed."""
    from engine.evidence.records import to_line

    return to_line(examination)


def open_image(path: str) -> Image:
    """Return a picture in full size, decoded in a child process of its own; see `Pictures`.

    Raises:
        InputError: the file cannot be read or decoded; ``kind`` says why.
    """
    with Pictures() as pictures:
        return pictures.open(path)


def thumbnail(path: str, side_px: int) -> NDArray[np.uint8]:
    """Return a small version of a picture; for many use `Pictures.thumbnail`."""
    with Pictures() as pictures:
        return pictures.thumbnail(path, side_px)


def overlay(heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
    """Return a heat map as a layer to lay over its picture.

    Returns:
        [height_px, width_px, 4] RGBA, alpha not premultiplied; cells without evidence hatched.
    """
    from engine.images import colour

    return colour.overlay(heat, height_px, width_px)


def palette(n: int) -> NDArray[np.uint8]:
    """Return the heat map's n colours from 0 to 1, [n, 3] sRGB, for legends."""
    from engine.images import colour

    return colour.palette(n)


def phrases(examination: Examination) -> Phrases:
    """Return an examination in words for a person: headline, probability, band, shape."""
    from engine.report import wording

    return wording.phrases(examination)


def write_report(out_dir: str | Path, out_file: str | Path, ctx: Context) -> None:
    """Write the PDF report of a results folder.

    Args:
        out_dir: the folder given to a scan.
        out_file: the PDF; replaced when it exists.
        ctx: receives progress, carries the wish to stop.

    Raises:
        StoreError: there are no results, or the file cannot be written.
        Cancelled: the operator stopped it.
    """
    from engine.report.pdf import write_pdf

    write_pdf(results(out_dir), out_dir=Path(out_dir), out_file=Path(out_file), ctx=ctx)


def verify_report(pdf: str | Path, evidence_dir: str | Path | None = None) -> tuple[Check, ...]:
    """Check a report, and with ``evidence_dir`` the hashes of the files it speaks of.

    Returns:
        One check a line: name, outcome (``pass``, ``fail`` or ``not_checked``), detail.

    Raises:
        InputError: the file is not a report of this program.
    """
    from engine.report.verify import verify_report as verify

    return verify(Path(pdf), Path(evidence_dir) if evidence_dir is not None else None)


def samples_dir() -> Path:
    """Return the folder of sample pictures that come with the program."""
    return paths.resources_dir() / "samples"
