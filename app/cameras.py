"""Cameras of the open case: fingerprints are made of exhibits, listed and removed."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.engine_door import Door
from app.jobs import Job, Jobs, Lane
from app.session import Session
from engine.trace_types import CameraFingerprint, CaseFingerprint

LEAST_PICTURES = 5
"""Fewer leave the scenes in the pattern; the engine refuses them as well."""


class Cameras(QObject):
    """Has fingerprints made, listed and removed; the session tells what became of it.

    Args:
        session: the open case.
        door: the engine.
        jobs: starts the work.
        parent: what it lives as long as.
    """

    listed = Signal(object)
    """Tuple of CaseFingerprint: the cameras of the case, newly read."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(self, session: Session, door: Door, jobs: Jobs, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._door, self._jobs = session, door, jobs
        self._reading: Job[tuple[CaseFingerprint, ...]] | None = None

    def read(self) -> None:
        """Read which cameras there are, and whether their files are those of the log."""
        if self._reading is not None:
            self._reading.drop()
            self._reading = None
        if self._session.case is None:
            self.listed.emit(())
            return
        self._reading = self._jobs.start(
            Lane.FILES,
            lambda _: self._door.camera_list(),
            on_done=self.listed.emit,
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

    def _not_removed(self, error: BaseException) -> None:
        # The camera may be off the case although its file could not be deleted.
        self._changed()
        self.went_wrong.emit(error, self.tr("Removing a camera"))

    def _changed(self) -> None:
        self._session.cameras_changed.emit()
        self._session.stored.emit()

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

    def _said(self, made: CameraFingerprint) -> str:
        said = self.tr(
            "{pictures} pictures of {width} × {height} px went into it. It lies beside the case, "
            "and its hash is in the log. Examine a picture and choose the camera among the layers."
        ).format(pictures=made.pictures, width=made.width, height=made.height)
        if made.left_out:
            said += " " + self.tr("Left out: {count}.").format(count=len(made.left_out))
        return said
