"""Fingerprints of cameras, made of exhibits of the open case."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.engine_door import Door
from app.jobs import Lane
from app.session import Session
from engine.trace_types import CameraFingerprint

LEAST_PICTURES = 5
"""Fewer leave the scenes in the pattern; the engine refuses them as well."""


class Cameras(QObject):
    """Has fingerprints made; the session tells what became of it.

    Args:
        session: the open case.
        door: the engine.
        parent: what it lives as long as.
    """

    def __init__(self, session: Session, door: Door, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._door = session, door

    def make(self, exhibits: tuple[int, ...], camera: str) -> None:
        """Make a camera's fingerprint of exhibits.

        Args:
            exhibits: their numbers.
            camera: which camera, in the operator's words.
        """

        def done(made: CameraFingerprint) -> None:
            self._session.running_changed.emit()
            self._session.cameras_changed.emit()
            self._session.stored.emit()
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
