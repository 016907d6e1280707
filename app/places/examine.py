"""The place of one exhibit: joins the list, what is chosen of it, and what is shown of that."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout

from app.exhibits import Show, State
from app.places.page import Page
from app.session import Session
from app.settings import Settings
from app.stage import Picture, Result, Stage
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.workspace import Workspace


class ExaminePlace(Page):
    """One exhibit, large.

    Args:
        session: the open case.
        stage: fetches what is chosen.
        theme: measures and colours.
        thumbnails: the list's small pictures.
        settings: the sizes of the columns and the opacity.
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
        settings: Settings,
    ) -> None:
        super().__init__()
        self._session, self._stage, self._settings = session, stage, settings
        self.workspace = Workspace(session.model, theme, thumbnails, settings)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.workspace)
        self._connect()

    def choose(self, path: str) -> None:
        """Show an exhibit."""
        self.workspace.list.choose(path)

    def show_only(self, show: Show) -> None:
        """Leave in the list only what fits."""
        box = self.workspace.list.show_box
        box.setCurrentIndex(box.findData(show))
        self.workspace.list.arrange()

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
        workspace.list.chosen.connect(self._choose)
        workspace.picture.opacity_changed.connect(self._set_opacity)
        stage.picture_ready.connect(self._show_picture)
        stage.picture_failed.connect(self._show_no_picture)
        stage.result_ready.connect(self._show_result)
        stage.result_failed.connect(
            lambda error: self.went_wrong.emit(error, self.tr("Showing the result"))
        )
        stage.legend_ready.connect(workspace.picture.legend.show_images)

    def _choose(self, path: str) -> None:
        self._stage.choose(path or None)
        exhibit = self._session.model.exhibit(path)
        self.workspace.show_exhibit(exhibit, self._session.wording(path), self._before(path))
        self.changed.emit()
        if exhibit is not None:
            self._fetch_result(path)
            self._stage.fetch_picture()

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

    def _show_no_picture(self, _path: str, error: BaseException) -> None:
        self.workspace.show_no_picture(error)

    def _show_result(self, result: Result) -> None:
        self.workspace.show_result(result)
        model = result.examination.model
        if model is not None:
            self.device_seen.emit(model.device)
        self.changed.emit()

    def _show_wording(self, path: str, text: str) -> None:
        if path == self._stage.path:
            self.workspace.explanation.show_stream(text)

    def _set_opacity(self, percent: int) -> None:
        self._settings.opacity_percent = percent
