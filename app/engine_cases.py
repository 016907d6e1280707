"""The engine's cases behind what the window asks of them.

One case is open at a time. Lanes share it; whoever closes it or gives it another name waits
until nobody uses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.case_door import Drawing, OpenCase, TakenIn
from engine import api
from engine.case_types import CaseCheck, CaseContents, CaseExamination, Dossier, Exhibit
from engine.errors import StoreError
from engine.job import Context
from engine.log_types import Timestamp
from engine.mark_types import (
    Annotation,
    Bookmark,
    Note,
    Rating,
    Retraction,
    SentenceEdit,
    Standing,
    Tag,
)
from engine.mark_words import Retractable
from engine.trace_types import (
    CameraFingerprint,
    CaseFingerprint,
    Comparison,
    ComparisonSummary,
    Trace,
    Tracer,
)
from engine.types import HeatMap, Region

if TYPE_CHECKING:
    from engine.api import Case


class EngineCases:
    """The engine's cases."""

    def __init__(self) -> None:
        self._case: Case | None = None
        self._users = 0
        self._free = threading.Condition()

    @contextmanager
    def using(self) -> Iterator[Case]:
        """Give the open case; it is not closed meanwhile.

        Raises:
            StoreError: none is open.
        """
        with self._free:
            case = self._case
            if case is None:
                raise StoreError("No case is open: open one, or add a picture.", kind="not_found")
            self._users += 1
        try:
            yield case
        finally:
            with self._free:
                self._users -= 1
                self._free.notify_all()

    def new_case(self, file: str, title: str) -> OpenCase:
        """See `api.new_case`; its folder is made."""
        folder = Path(file).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"The folder for cases {folder} cannot be made ({error.strerror}): check the "
                "permissions and the space on the disk."
            ) from error
        api.new_case(file, title=title)
        return self.open_case(file)

    def open_case(self, file: str) -> OpenCase:
        """See `api.open_case`."""
        with self._free:
            if self._case is not None and self._case.file == Path(file).absolute():
                return _opened(self._case)
            case = api.open_case(file)
            try:
                opened = _opened(case)
            except BaseException:
                case.close()
                raise
            self._close()
            self._case = case
            return opened

    def copy_case(self, file: str, *, move: bool) -> OpenCase:
        """See `api.copy_case`, `api.remove_case`."""
        with self._free:
            old = self._case
            if old is None:
                raise StoreError("No case is open: open one, or add a picture.", kind="not_found")
            self._free.wait_for(lambda: self._users == 0)
            opened = self.open_case(str(api.copy_case(old, file)))
            if move:
                api.remove_case(old.file)
            return opened

    def import_case(self, source: str, file: str) -> OpenCase:
        """See `api.import_case`."""
        api.import_case(source, file)
        return self.open_case(file)

    def close_case(self) -> None:
        """Close the case, once nobody uses it."""
        with self._free:
            self._close()

    def contents(self) -> CaseContents:
        """Read everything."""
        with self.using() as case:
            return case.contents()

    def dossier(self, exhibit: int) -> Dossier:
        """Read everything about one exhibit."""
        with self.using() as case:
            return case.dossier(exhibit)

    def case_heatmap(self, examination: CaseExamination) -> HeatMap | None:
        """Read a stored heat map."""
        with self.using() as case:
            return case.heatmap(examination)

    def add_to_case(
        self, paths: tuple[str, ...], ctx: Context, *, copy: bool, source: str
    ) -> tuple[TakenIn, ...]:
        """See `api.add_to_case`."""
        with self.using() as case:
            return api.add_to_case(case, paths, ctx, copy=copy, source=source)

    def check_exhibits(self, ctx: Context) -> tuple[Exhibit, ...]:
        """See `api.check_case_exhibits`."""
        with self.using() as case:
            return api.check_case_exhibits(case, ctx)

    def change_info(self, changes: dict[str, Any]) -> OpenCase:
        """Say anew what the case is about."""
        with self.using() as case:
            case.change_info(**changes)
            return _opened(case)

    def add_note(
        self, text: str, exhibit: int | None, examination: int | None, replaces: int | None
    ) -> Note:
        """Keep a note."""
        with self.using() as case:
            return case.add_note(text, exhibit=exhibit, examination=examination, replaces=replaces)

    def add_bookmark(
        self, exhibit: int, name: str, comment: str, region: Region | None, method: str
    ) -> Bookmark:
        """Keep a view of an exhibit."""
        with self.using() as case:
            return case.add_bookmark(exhibit, name, comment=comment, region=region, method=method)

    def edit_sentence(
        self, examination: int, sentence: int, after: str, reason: str
    ) -> SentenceEdit:
        """Word a generated sentence anew."""
        with self.using() as case:
            return case.edit_sentence(examination, sentence, after, reason=reason)

    def standing(self) -> Standing:
        """Read what holds of notes, drawings, ratings and tags."""
        with self.using() as case:
            return case.standing()

    def annotate(self, exhibit: int, drawing: Drawing) -> Annotation:
        """Keep a drawing over an exhibit's picture."""
        with self.using() as case:
            return case.annotate(
                exhibit,
                drawing.shape,
                drawing.start,
                drawing.end,
                text=drawing.text,
                replaces=drawing.replaces,
            )

    def rate(self, exhibit: int, stars: int) -> Rating:
        """Rate an exhibit, 0..5."""
        with self.using() as case:
            return case.rate(exhibit, stars)

    def tag(self, exhibit: int, name: str) -> Tag:
        """Tag an exhibit."""
        with self.using() as case:
            return case.tag(exhibit, name)

    def retract(self, kind: Retractable, number: int) -> Retraction:
        """Take a record back; it stays stored."""
        with self.using() as case:
            return case.retract(kind, number)

    def remove(self, kind: Retractable, number: int) -> tuple[Retraction, ...]:
        """Take a record back, and all those whose place it took."""
        with self.using() as case:
            return case.remove(kind, number)

    def cameras(self) -> tuple[Tracer, ...]:
        """See `api.camera_tracers`."""
        with self._free:
            if self._case is None:
                return ()
        with self.using() as case:
            return api.camera_tracers(case)

    def camera_list(self) -> tuple[CaseFingerprint, ...]:
        """See `api.case_fingerprints`."""
        with self.using() as case:
            return api.case_fingerprints(case, read=True)

    def remove_camera(self, sha256: str) -> None:
        """See `api.remove_case_fingerprint`."""
        with self.using() as case:
            api.remove_case_fingerprint(case, sha256)

    def make_camera(
        self, exhibits: tuple[int, ...], camera: str, ctx: Context
    ) -> CameraFingerprint:
        """See `api.make_case_fingerprint`."""
        with self.using() as case:
            held = {each.number: each.working_file for each in case.exhibits()}
            files = [held[number] for number in exhibits]
            return api.make_case_fingerprint(case, files, camera, ctx)[0]

    def compare_camera(
        self, sha256: str, exhibits: tuple[int, ...], ctx: Context
    ) -> ComparisonSummary:
        """See `api.compare_with_case_fingerprint`."""
        with self.using() as case:
            return api.compare_with_case_fingerprint(
                case, sha256, ctx, self._compared, exhibits=exhibits
            )

    def _compared(self, comparison: Comparison) -> None:
        """Hear of each picture that was compared; the log keeps it."""

    def try_camera(self, path: str, name: str, ctx: Context) -> Trace:
        """See `api.try_case_fingerprint`."""
        with self.using() as case:
            return api.try_case_fingerprint(case, path, name.removeprefix(api.CAMERA), ctx)

    def export_case(self, file: str, ctx: Context) -> str:
        """See `api.export_case`."""
        with self.using() as case:
            return api.export_case(case, file, None, ctx)

    def verify_case(self, ctx: Context) -> tuple[CaseCheck, ...]:
        """See `api.verify_case`."""
        with self.using() as case:
            return tuple(api.verify_case(case, ctx))

    def request_timestamp(self, file: str) -> Timestamp:
        """See `api.request_timestamp`."""
        with self.using() as case:
            return api.request_timestamp(case, file)

    def attach_timestamp(self, file: str) -> Timestamp:
        """See `api.attach_timestamp`."""
        with self.using() as case:
            return api.attach_timestamp(case, file)

    def _close(self) -> None:
        """Close the case; the condition is held."""
        self._free.wait_for(lambda: self._users == 0)
        if self._case is not None:
            self._case.close()
            self._case = None


def _opened(case: Case) -> OpenCase:
    return OpenCase(file=str(case.file), info=case.info(), read_only_because=case.read_only_because)
