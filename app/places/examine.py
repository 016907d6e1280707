"""The place of one exhibit: joins the list, what is chosen of it, and what is shown of that."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QVBoxLayout

from app.exhibits import Exhibit, State
from app.looking.layers import Mode, key_of
from app.marks import Marks
from app.places.examine_actions import ExamineActions, connect
from app.places.examine_layers import Layers
from app.places.examine_marks import MarksOfExhibit
from app.places.page import Page
from app.resting import Resting
from app.session import Session
from app.settings import Settings
from app.stage import Picture, Result, Stage
from app.style import Theme
from app.thumbnails import SIDES_PX, Thumbnails
from app.widgets.workspace import Workspace
from engine.types import FileFacts

PREVIEW_FROM_MPX = 3.0
"""Smaller pictures are there as soon as their preview would be."""


class ExaminePlace(Page):
    """One exhibit, large.

    Args:
        session: the open case.
        stage: fetches what is chosen.
        theme: measures and colours.
        thumbnails: the list's small pictures.
        settings: the sizes of the columns and the opacity.
        marks: what the examiner sets on exhibits.
        resting: asks what a probability rests on.
    """

    changed = Signal()
    """Something else is chosen, or its result came."""
    device_seen = Signal(str)
    """The device that the shown result was computed on."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(
        self,
        session: Session,
        stage: Stage,
        theme: Theme,
        thumbnails: Thumbnails,
        *,
        settings: Settings,
        marks: Marks,
        resting: Resting,
    ) -> None:
        super().__init__()
        self._session, self._stage, self._settings = session, stage, settings
        self._thumbnails = thumbnails
        self.workspace = Workspace(session.model, theme, thumbnails, settings)
        self.actions_ = ExamineActions(self)
        self.layers = Layers(self.workspace, stage, resting)
        self.marks = MarksOfExhibit(self.workspace, self.actions_, session, marks)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.workspace)
        self._connect()
        self._connect_actions()
        self._follow_motion()

    @property
    def exhibit(self) -> Exhibit | None:
        """What is shown."""
        path = self._stage.path
        return None if path is None else self._session.model.exhibit(path)

    def choose(self, path: str) -> None:
        """Show an exhibit."""
        self.workspace.list.choose(path)

    def compare(self, path: str, other: str) -> None:
        """Show an exhibit and another one beside it."""
        self.choose(path)
        exhibit = self._session.model.exhibit(other)
        if exhibit is not None:
            self.layers.compare_with(exhibit)

    def begin(self) -> None:
        """Give the list the keyboard."""
        self.workspace.list.view.setFocus()

    def keep_state(self, settings: Settings) -> None:
        """Remember the sizes of the columns."""
        self.workspace.keep_state(settings)

    def _connect(self) -> None:
        session, stage, workspace = self._session, self._stage, self.workspace
        session.started.connect(self._refresh_state)
        session.worded.connect(self._show_wording)
        session.examined.connect(self._fetch_result)
        session.case_changed.connect(stage.fetch_cameras)
        session.cameras_changed.connect(stage.fetch_cameras)
        workspace.list.chosen.connect(self._choose)
        workspace.picture.opacity_changed.connect(self._set_opacity)
        stage.picture_ready.connect(self._show_picture)
        stage.picture_failed.connect(self._show_no_picture)
        stage.result_ready.connect(self._show_result)
        stage.result_failed.connect(
            lambda error: self.went_wrong.emit(error, self.tr("Showing the result"))
        )
        stage.trace_failed.connect(self._tell_no_trace)
        self.layers.rests_failed.connect(
            lambda error: self.went_wrong.emit(error, self.tr("Asking what the verdict rests on"))
        )
        self.marks.method_asked.connect(self._show_method)
        stage.legend_ready.connect(workspace.picture.legend.show_images)

    def _connect_actions(self) -> None:
        does, pane = self.actions_, self.workspace.picture
        step = self.workspace.list.choose_next
        connect(
            {
                does.next: lambda: step(1),
                does.previous: lambda: step(-1),
                does.fit: pane.canvas.fit,
                does.true_size: pane.true_size,
                does.zoom_in: pane.zoom_in,
                does.zoom_out: pane.zoom_out,
                does.layer_on: pane.toggle_heat,
                does.next_layer: lambda: pane.bar.step_layer(1),
                does.previous_layer: lambda: pane.bar.step_layer(-1),
                does.pin: self._pin,
                does.next_place: lambda: self.workspace.step_place(1),
                does.previous_place: lambda: self.workspace.step_place(-1),
                does.cells: pane.tools.cells.toggle,
                does.loupe: pane.tools.loupe.toggle,
            }
        )
        for mode, action in does.modes.items():
            action.triggered.connect(lambda _=False, mode=mode: self._set_mode(mode))
        for tool, action in does.tools.items():
            action.triggered.connect(lambda _=False, tool=tool: pane.set_tool(tool))

    def _follow_motion(self) -> None:
        # Held, because what the hints give away lives as long as they do.
        self._hints = QGuiApplication.styleHints()
        hints = self._hints.accessibility()
        hints.motionPreferenceChanged.connect(self._set_motion)
        self._set_motion(hints.motionPreference())

    def _set_motion(self, preference: Qt.MotionPreference) -> None:
        self.workspace.picture.canvas.set_calm(preference == Qt.MotionPreference.ReducedMotion)

    def _choose(self, path: str) -> None:
        self._stage.choose(path or None)
        exhibit = self._session.model.exhibit(path)
        self.workspace.show_exhibit(exhibit, self._session.wording(path), self._before(path))
        self.layers.choose(exhibit)
        self.marks.choose(exhibit)
        self.changed.emit()
        if exhibit is not None:
            facts = exhibit.examination.facts if exhibit.examination else FileFacts(path=path)
            megapixels = (facts.width or 0) * (facts.height or 0) / 1e6
            if not megapixels or megapixels >= PREVIEW_FROM_MPX:
                self._show_thumbnail(exhibit, facts)
                self._stage.fetch_preview(facts)
            self._fetch_result(path)
            self._stage.fetch_picture()

    def _show_thumbnail(self, exhibit: Exhibit, facts: FileFacts) -> None:
        """Show what there is already, until something better is decoded."""
        side_px = self._thumbnails.has(exhibit.path, SIDES_PX[-1])
        found = self._thumbnails.get(exhibit, side_px) if side_px > 0 else None
        if found is not None and facts.width and facts.height:
            levels = (found.toImage(),)
            self.workspace.show_picture(
                Picture(path=exhibit.path, facts=facts, levels=levels, notes=(), preview=True)
            )

    def _fetch_result(self, path: str) -> None:
        exhibit = self._session.model.exhibit(path)
        if path != self._stage.path or exhibit is None or exhibit.examination is None:
            return
        self._stage.fetch_result(exhibit)

    def _refresh_state(self, path: str) -> None:
        if path == self._stage.path and self.workspace.result is None:
            exhibit = self._session.model.exhibit(path)
            self.workspace.show_state(exhibit, self._session.wording(path), 0)

    def _before(self, path: str) -> int:
        model = self._session.model
        waiting = [e.path for e in model.in_state(State.WAITING)]
        busy = model.count(State.EXAMINING)
        return busy + waiting.index(path) if self._session.running and path in waiting else 0

    def _show_picture(self, picture: Picture) -> None:
        self.workspace.show_picture(picture)
        self.layers.show_picture(picture)

    def _show_no_picture(self, path: str, error: BaseException) -> None:
        if path == self._stage.path:
            self.workspace.show_no_picture(error)
        else:
            self.went_wrong.emit(error, self.tr("Opening the picture to compare with"))

    def _show_result(self, result: Result) -> None:
        self.workspace.show_result(result)
        self.layers.show_result(result)
        model = result.examination.model
        if model is not None:
            self.device_seen.emit(model.device)
        self.changed.emit()

    def _show_wording(self, path: str, text: str) -> None:
        if path == self._stage.path:
            self.workspace.explanation.show_stream(text)

    def _tell_no_trace(self, error: BaseException) -> None:
        self.layers.give_up()
        self.went_wrong.emit(error, self.tr("Computing a trace"))

    def _set_opacity(self, percent: int) -> None:
        self._settings.opacity_percent = percent

    def _set_mode(self, mode: Mode) -> None:
        button = self.workspace.picture.bar.modes[mode]
        if button.isEnabled():
            self.workspace.picture.set_mode(mode)

    def _show_method(self, method: str) -> None:
        """Look at the picture in the way that a bookmark names."""
        if method == "picture":
            self.workspace.picture.heat_box.setChecked(False)
        else:
            self.layers.show(key_of(method))

    def _pin(self) -> None:
        if self.exhibit is not None:
            self.layers.pin(self.exhibit)
