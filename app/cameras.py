"""Cameras of the open case: fingerprints are made of exhibits, compared with them, removed."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal

from app.camera_words import family_words
from app.engine_door import Door
from app.exhibits import printable
from app.jobs import Events, Job, Jobs, Lane
from app.session import Session
from app.widgets.bottom_bar import duration_text
from engine.job import Progress
from engine.trace_types import (
    CameraAnswer,
    CameraFingerprint,
    CaseFingerprint,
    ComparisonSummary,
)

LEAST_PICTURES = 5
"""Fewer leave the scenes in the pattern; the engine refuses them as well."""


class Cameras(QObject):
    """Has fingerprints made, listed, compared and removed; the session tells what became of it.

    Args:
        session: the open case.
        door: the engine.
        jobs: starts the work.
        parent: what it lives as long as.
    """

    listed = Signal(object)
    """Tuple of CaseFingerprint: the cameras of the case, newly read."""
    comparing_changed = Signal()
    """Exhibits are being compared with a camera, or no more."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(self, session: Session, door: Door, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._door, self._jobs = session, door, jobs
        self._reading: Job[tuple[CaseFingerprint, ...]] | None = None
        self._comparing: Job[ComparisonSummary] | None = None
        self.known: tuple[CaseFingerprint, ...] = ()
        """As they were read last."""
        session.case_changed.connect(self._forget)
        session.opened.connect(lambda _: self._mark())

    @property
    def comparing(self) -> bool:
        """Whether exhibits are being compared with a camera."""
        return self._comparing is not None and not self._comparing.ended

    def read(self) -> None:
        """Read which cameras there are, and whether their files are those of the log."""
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        if self._session.case is None:
            self._take(())
            return
        self._reading = self._jobs.start(
            Lane.FILES,
            lambda _: self._door.camera_list(),
            on_done=self._take,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Reading the cameras")),
        )

    def remove(self, sha256: str) -> None:
        """Take a camera off the case; its file is deleted, and the log says so."""
        self._jobs.start(
            Lane.FILES,
            lambda _: self._door.remove_camera(sha256),
            on_done=lambda _: self._changed(),
            on_error=self._not_removed,
        )

    def make(self, exhibits: tuple[int, ...], camera: str) -> None:
        """Make a camera's fingerprint of exhibits.

        Args:
            exhibits: their numbers.
            camera: which camera, in the operator's words.
        """

        def done(made: CameraFingerprint) -> None:
            self._session.running_changed.emit()
            self._changed()
            self._session.told.emit(self.tr("The fingerprint is made"), self._said(made))

        self._session.track(
            Lane.FILES,
            lambda ctx: self._door.make_camera(exhibits, camera, ctx),
            done,
            self.tr("Making a camera's fingerprint"),
        )

    def compare(self, camera: CaseFingerprint, exhibits: tuple[int, ...] = ()) -> None:
        """Compare exhibits with a camera; what the log has an answer for is not computed again.

        Args:
            camera: of the case.
            exhibits: their numbers; all of the case when empty.
        """
        if self.comparing:
            return
        name = printable(camera.camera)

        def show(events: Events) -> None:
            progress = [event for event in events if isinstance(event, Progress)]
            if progress:
                self._session.progressed.emit(self._in_words(progress[-1], name))

        def done(summary: ComparisonSummary) -> None:
            self._ended()
            title = self.tr("Compared with {camera}").format(camera=name)
            self._session.told.emit(title, self._came_to(summary))

        def failed(error: BaseException) -> None:
            self._ended()
            self.went_wrong.emit(error, self.tr("Comparing exhibits with a camera"))

        self._comparing = self._jobs.start(
            Lane.CAMERA,
            lambda ctx: self._door.compare_camera(camera.sha256, exhibits, ctx),
            on_done=done,
            on_error=failed,
            on_events=show,
        )
        self._session.watch(self._comparing)
        self.comparing_changed.emit()

    def _ended(self) -> None:
        # Also what was stopped has left answers in the log.
        self._comparing = None
        self._session.running_changed.emit()
        self.comparing_changed.emit()
        self._changed()

    def _forget(self) -> None:
        """Show no more what belongs to the case that was; its work was dropped with it."""
        if self._session.model.total == 0:
            self._comparing = None
            self._take(())
            self.comparing_changed.emit()

    def _take(self, cameras: tuple[CaseFingerprint, ...]) -> None:
        self.known = cameras
        self._mark()
        self.listed.emit(cameras)

    def _mark(self) -> None:
        """Tell the rows of exhibits whose pattern is in them."""
        shown: dict[int, tuple[str, ...]] = {}
        for camera in self.known:
            for each in camera.comparisons:
                if each.answer is CameraAnswer.SHOWN and each.exhibit is not None:
                    shown[each.exhibit] = (*shown.get(each.exhibit, ()), camera.sha256)
        self._session.model.set_cameras(shown)

    def _not_removed(self, error: BaseException) -> None:
        # The camera may be off the case although its file could not be deleted.
        self._changed()
        self.went_wrong.emit(error, self.tr("Removing a camera"))

    def _changed(self) -> None:
        self._session.cameras_changed.emit()
        self._session.stored.emit()

    def _in_words(self, progress: Progress, camera: str) -> Progress:
        phase = self.tr("Comparing with {camera}: {done} of {total}").format(
            camera=camera, done=f"{progress.done:,}", total=f"{progress.total or 0:,}"
        )
        if progress.left_s:
            left = duration_text(progress.left_s)
            phase += "  ·  " + self.tr("about {time} left").format(time=left)
        # The pace of a scan, which the line would tell, is another one.
        return replace(progress, phase=phase, per_s=None)

    def _came_to(self, summary: ComparisonSummary) -> str:
        said = [
            self.tr("The camera's pattern is in {shown} of {total} exhibits.").format(
                shown=f"{summary.shown:,}", total=f"{summary.total:,}"
            )
        ]
        for count, words in (
            (summary.not_shown, self.tr("Not found: {count}.")),
            (summary.undecided, self.tr("Cannot be told: {count}.")),
            (summary.behind, self.tr("Behind the fingerprint: {count}.")),
            (summary.failed, self.tr("Could not be read: {count}.")),
            (summary.earlier, self.tr("Compared before, by the log: {count}.")),
        ):
            if count:
                said.append(words.format(count=f"{count:,}"))
        if summary.correlated:
            said.append(family_words(summary))
        return " ".join(said)

    def _said(self, made: CameraFingerprint) -> str:
        said = self.tr(
            "{pictures} pictures of {width} × {height} px went into it. It lies beside the case, "
            "and its hash is in the log. Compare it with all exhibits, or examine a picture and "
            "choose the camera among the layers."
        ).format(pictures=made.pictures, width=made.width, height=made.height)
        if made.left_out:
            said += " " + self.tr("Left out: {count}.").format(count=len(made.left_out))
        return said
