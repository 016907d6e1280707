"""The cameras of the fake door: the engine's own, on the lanes they belong to."""

from __future__ import annotations

import threading
from collections.abc import Callable

from app.jobs import Lane
from app.report_door import EngineReports
from engine.job import Context
from engine.trace_types import (
    CameraFingerprint,
    CaseFingerprint,
    Comparison,
    ComparisonSummary,
    Trace,
    Tracer,
)


class FakeCameras(EngineReports):
    """Fingerprints of cameras, and the threads on which a door may be asked."""

    def __init__(self) -> None:
        super().__init__()
        self.gui_thread = threading.get_ident()
        self.compared: list[Comparison] = []
        """Of cameras with exhibits, as they came."""
        self.after_comparison: Callable[[], None] = lambda: None
        """Called on the camera's lane after each; tests hold the work with it."""

    def cameras(self) -> tuple[Tracer, ...]:
        self._must_be_on(Lane.TRACE)
        return super().cameras()

    def camera_list(self) -> tuple[CaseFingerprint, ...]:
        self._must_be_on(Lane.FILES)
        return super().camera_list()

    def remove_camera(self, sha256: str) -> None:
        self._must_be_on(Lane.FILES)
        super().remove_camera(sha256)

    def make_camera(
        self, exhibits: tuple[int, ...], camera: str, ctx: Context
    ) -> CameraFingerprint:
        self._must_be_on(Lane.FILES)
        return super().make_camera(exhibits, camera, ctx)

    def compare_camera(
        self, sha256: str, exhibits: tuple[int, ...], ctx: Context
    ) -> ComparisonSummary:
        self._must_be_on(Lane.CAMERA)
        return super().compare_camera(sha256, exhibits, ctx)

    def _compared(self, comparison: Comparison) -> None:
        self.compared.append(comparison)
        self.after_comparison()

    def try_camera(self, path: str, name: str, ctx: Context) -> Trace:
        self._must_be_on(Lane.TRACE)
        return super().try_camera(path, name, ctx)

    def _must_not_be_gui(self) -> None:
        assert threading.get_ident() != self.gui_thread, "The door was used on the GUI thread."

    def _must_be_on(self, lane: Lane) -> None:
        self._must_not_be_gui()
        name = threading.current_thread().name
        assert name.startswith(f"{lane}-lane"), f"{name} did what belongs to {lane}."
