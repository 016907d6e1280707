"""A door whose engine is a few lines: real files, real threads, a real case, no model."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from app.case_door import OpenCase
from app.jobs import Lane
from app.report_door import Preview
from engine.case_types import CaseCheck, Recheck, ReportSelection
from engine.errors import EngineError, InputError
from engine.images import colour, diverging
from engine.job import Context, Examined, Found, Progress, Started, Wording
from engine.report import teaching, wording
from engine.report.reliability import Reliabilities, Reliability
from engine.rest_types import Occlusion
from engine.scan_types import NearDuplicate, NearGroup, ScanRequest, ScanSummary
from engine.trace_types import Trace, Tracer
from engine.types import (
    Examination,
    Failure,
    FileFacts,
    HeatMap,
    HelpPage,
    Image,
    Outcome,
)
from tests.app.fake_cameras import FakeCameras
from tests.app.fake_models import FakeModels, FakeSigner, model_state
from tests.app.fake_results import (
    RECIPE,
    TEXT,
    TRACERS,
    examined,
    facts,
    read,
    rechecked,
    rested,
    traced,
)

ENDINGS = (".png", ".jpg", ".jpeg", ".webp")


if TYPE_CHECKING:
    from engine.api import Case


class FakeDoor(FakeCameras, FakeModels):
    """Answers like the engine, and remembers on which thread it was asked.

    Pictures whose mean red is above .6 are "ai", below .4 "real", else "inconclusive".
    """

    def __init__(self, samples: Path | None = None) -> None:
        super().__init__()
        self.samples = samples
        self.requests: list[ScanRequest] = []
        self.scanned: list[tuple[int, ...]] = []
        """Exhibit numbers of each request."""
        self.reports: list[tuple[str, str, ReportSelection]] = []
        """(case file, report, what goes in) of each that was asked for."""
        self.far_ends: tuple[str, ...] = ()
        self.exported_packs: list[str] = []
        self.models = (model_state("mini"), model_state("triage", problem="run assemble"))
        self.previews: list[ReportSelection] = []
        self.rendered: list[tuple[int, int]] = []
        """(page, width) of each that was rendered."""
        self.before_layout: Callable[[], None] = lambda: None
        """Called on the report's lane before pages are laid out."""
        self.closed: list[str] = []
        self.before_word: Callable[[], None] = lambda: None
        """Called on the model's lane before each piece of text; tests hold the scan with it."""
        self.before_find: Callable[[], None] = lambda: None
        """Called on the files' lane before folders are searched."""
        self.before_picture: Callable[[], None] = lambda: None
        """Called on the picture's lane before a picture is decoded."""
        self.scan_error: BaseException | None = None
        self.report_error: BaseException | None = None
        self.opened: list[str] = []
        self.traced: list[tuple[str, str]] = []
        """(path, method) of each trace that was asked for."""
        self.rested: list[str] = []
        """Path of each picture whose verdict was asked what it rests on."""
        self.before_rest: Callable[[], None] = lambda: None
        """Called on the model's lane before it is said."""
        self.rest_error: BaseException | None = None
        self.before_trace: Callable[[], None] = lambda: None
        """Called on the lane of traces before a trace is computed."""

    @contextmanager
    def using(self) -> Iterator[Case]:
        self._must_not_be_gui()
        with super().using() as case:
            yield case

    def new_case(self, file: str, title: str) -> OpenCase:
        self._must_be_on(Lane.CASE)
        return super().new_case(file, title)

    def open_case(self, file: str) -> OpenCase:
        self._must_be_on(Lane.CASE)
        return super().open_case(file)

    def close_case(self) -> None:
        self._must_be_on(Lane.CASE)
        super().close_case()
        self.closed.append("case")

    def scan(self, request: ScanRequest, exhibits: tuple[int, ...], ctx: Context) -> ScanSummary:
        self._must_be_on(Lane.MODEL)
        self.requests.append(request)
        self.scanned.append(exhibits)
        if self.scan_error is not None:
            raise self.scan_error
        failed = 0
        with self.using() as case:
            held = {each.number: each for each in case.exhibits()}
            paths = tuple(held[number].working_file for number in exhibits)
            ctx.report(Found(paths=paths, ignored=0))
            for done, (number, path) in enumerate(zip(exhibits, paths, strict=True), start=1):
                ctx.report(Started(path=path))
                examination = self.examine(path, request, ctx)
                failed += not examination.ok
                recipe = RECIPE if examination.ok else None
                kept = case.add_examination(examination, recipe, number)
                ctx.report(Examined(examination=kept.examination))
                ctx.report(
                    Progress(
                        phase="examining", done=done, total=len(paths), failed=failed, per_s=2.0
                    )
                )
        return ScanSummary(
            found=len(paths), done=done - failed, skipped=0, failed=failed, elapsed_s=1.0
        )

    def recheck(self, examinations: tuple[int, ...], ctx: Context) -> tuple[Recheck, ...]:
        self._must_be_on(Lane.MODEL)
        with self.using() as case:
            numbers = examinations or tuple(each.id for each in case.contents().newest())
            return tuple(case.add_recheck(rechecked(number)) for number in numbers)

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
        return examined(path, pixels, explain=request.explain and not request.triage)

    def rests(self, path: str, examined: Examination, ctx: Context) -> Occlusion:
        self._must_be_on(Lane.MODEL)
        self.rested.append(path)
        ctx.report(Progress(phase="asking", done=7, total=49))
        self.before_rest()
        ctx.check()
        if self.rest_error is not None:
            raise self.rest_error
        return rested(examined)

    def rests_view(self, found: Occlusion, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return diverging.over_grey(found, pixels, picture_px=pixels.shape[:2])

    def rests_palette(self, n: int) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return diverging.diverging(n)

    def open_image(self, path: str) -> Image:
        self._must_be_on(Lane.PICTURE)
        self.opened.append(path)
        self.before_picture()
        pixels = read(path)
        return Image(facts=facts(path, pixels), pixels=pixels, jpeg_quality=None)

    def preview(self, path: str, side_px: int) -> NDArray[np.uint8]:
        self._must_be_on(Lane.PICTURE)
        picture = Pillow.fromarray(read(path))
        picture.thumbnail((side_px, side_px))
        return np.asarray(picture)

    def tracers(self) -> tuple[Tracer, ...]:
        self._must_be_on(Lane.TRACE)
        return TRACERS

    def trace(self, path: str, name: str, ctx: Context) -> Trace:
        self._must_be_on(Lane.TRACE)
        self.traced.append((path, name))
        self.before_trace()
        ctx.check()
        return traced(read(path), name)

    def thumbnail(self, path: str, side_px: int, sha256: str | None = None) -> NDArray[np.uint8]:
        self._must_be_on(Lane.THUMBNAIL)
        picture = Pillow.fromarray(read(path))
        picture.thumbnail((side_px, side_px))
        return np.asarray(picture)

    def near_duplicates(self, examinations: tuple[Examination, ...]) -> tuple[NearGroup, ...]:
        """Everything of one outcome looks alike."""
        self._must_be_on(Lane.FILES)
        alike: dict[str, list[NearDuplicate]] = {}
        for each in examinations:
            if each.verdict is not None:
                member = NearDuplicate(
                    path=each.facts.path,
                    sha256=str(each.facts.sha256),
                    phash_bits=0,
                    dhash_bits=0,
                )
                alike.setdefault(str(each.verdict.outcome), []).append(member)
        groups = [members for members in alike.values() if len(members) > 1]
        return tuple(
            NearGroup(number=number, centre=members[0].path, members=tuple(members))
            for number, members in enumerate(groups, start=1)
        )

    def find(self, paths: tuple[str, ...], own_dir: str, ctx: Context) -> Found:
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

    def overlay(self, heat: HeatMap, height_px: int, width_px: int) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return colour.overlay(heat, height_px, width_px)

    def palette(self, n: int) -> NDArray[np.uint8]:
        self._must_not_be_gui()
        return colour.palette(n)

    def reliability(self, examination: Examination) -> Reliability | None:
        self._must_be_on(Lane.PICTURE)
        return Reliabilities().of(examination)

    def phrases(self, examination: Examination) -> wording.Phrases:
        self._must_not_be_gui()
        return wording.phrases(examination)

    def connections(self) -> tuple[str, ...]:
        self._must_be_on(Lane.CASE)
        return self.far_ends

    def diagnostics(self) -> str:
        self._must_be_on(Lane.FILES)
        return "Residua: 0.0-test"

    def preview_report(self, selection: ReportSelection, ctx: Context) -> Preview:
        self._must_be_on(Lane.REPORT)
        self.before_layout()
        ctx.check()
        self.previews.append(selection)
        return Preview(sizes_pt=((595.0, 842.0),) * 4, chapters=(("Cover", 0), ("Results", 2)))

    def render_page(self, index: int, width_px: int) -> NDArray[np.uint8]:
        self._must_be_on(Lane.REPORT)
        self.rendered.append((index, width_px))
        return np.full((round(width_px * 1.415), width_px, 3), 40 * index + 60, dtype=np.uint8)

    def load_key(self, key_file: str, cert_file: str | None, passphrase: str | None) -> FakeSigner:
        self._must_be_on(Lane.REPORT)
        if passphrase != "open sesame":
            raise InputError("The passphrase is missing or wrong.", kind="passphrase")
        return FakeSigner()

    def forget_key(self) -> None:
        self._must_be_on(Lane.REPORT)

    def write_report(self, out_file: str, selection: ReportSelection, ctx: Context) -> None:
        self._must_be_on(Lane.REPORT)
        if self.report_error is not None:
            raise self.report_error
        with self.using() as case:
            self.reports.append((str(case.file), out_file, selection))
            case.add_entry("report.write")

    def verify_report(self, file: str, evidence_dir: str | None) -> tuple[CaseCheck, ...]:
        self._must_be_on(Lane.REPORT)
        found = evidence_dir is not None
        return (
            CaseCheck(name="bytes of the file", outcome="pass", detail="as they were written"),
            CaseCheck(name="log chain", outcome="fail", detail="entry 3 was edited"),
            CaseCheck(
                name="exhibits' files", outcome="pass" if found else "not_checked",
                detail=evidence_dir or "no folder was named",
            ),
        )  # fmt: skip

    def close_report(self) -> None:
        self._must_be_on(Lane.REPORT)
        self.closed.append("report")

    def help_pages(self, language: str) -> tuple[HelpPage, ...]:
        self._must_not_be_gui()
        return teaching.help_pages(language)

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
