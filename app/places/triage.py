"""The place of many exhibits: which of them deserve a closer look."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtWidgets import QLabel, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.arranging import Arrangement, GroupBy, Show
from app.cameras import Cameras
from app.case_rows import marks_of
from app.engine_door import Door
from app.exhibits import State
from app.jobs import Job, Jobs, Lane
from app.marks import Marks
from app.places.page import Page
from app.places.triage_actions import TriageActions
from app.row import Exhibit, printable
from app.session import Session
from app.settings import Settings
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.camera_dialog import CameraDialog
from app.widgets.card_view import CARD_FIRST_PX, CardView
from app.widgets.choice_bar import ChoiceBar
from app.widgets.list_heading import ListHeading
from app.widgets.tag_dialog import TagDialog
from app.widgets.triage_bar import TriageBar
from engine.scan_types import NearGroup
from engine.trace_types import CaseFingerprint

ZOOM_PX = 24
"""How much a key changes the width of a card."""


class TriagePlace(Page):
    """All exhibits at once.

    Args:
        session: the open case.
        door: the engine.
        jobs: starts the work.
        theme: measures and colours.
        thumbnails: small pictures.
        settings: what is remembered.
        cameras: has fingerprints made.
    """

    chosen = Signal(object)
    """The path of an exhibit that is to be examined."""
    compare_asked = Signal(object, object)
    """The paths of two exhibits that are to be seen side by side."""
    rate_asked = Signal(object, int)
    """Numbers of exhibits, and the rating they get."""
    tag_asked = Signal(object, str)
    """Numbers of exhibits, and the tag they get."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(
        self,
        *,
        session: Session,
        door: Door,
        jobs: Jobs,
        theme: Theme,
        thumbnails: Thumbnails,
        settings: Settings,
        cameras: Cameras,
    ) -> None:
        super().__init__()
        self._session, self._door, self._jobs = session, door, jobs
        self._model, self._theme, self._settings = session.model, theme, settings
        self._thumbnails = thumbnails
        self._likening: Job[tuple[NearGroup, ...]] | None = None
        self._kept: tuple[set[str], str] = (set(), "")
        self._marks = self._compares = False
        self.does = TriageActions(self)
        self._cameras = cameras
        self.view = CardView(self._model, theme, thumbnails)
        self.bar = TriageBar(self._model, theme)
        self.heading = ListHeading(theme, self.view.viewport())
        self.choice = ChoiceBar(
            theme,
            (self.does.open, self.does.compare, self.does.scan, self.does.tag),
            self.does.rate.values(),
            self.does.sort,
        )
        self._stack = QStackedWidget()
        self.nothing = self._make_nothing()
        self._lay_out()
        self._connect()
        self._connect_actions()
        self.does.dress(theme)
        if settings.triage_rows:
            self.show_rows(True)
        else:
            self.show_size(settings.card_px or CARD_FIRST_PX)
        self.allow()

    def begin(self) -> None:
        """Give the cards the keyboard."""
        if not self.view.currentIndex().isValid() and self._model.rowCount():
            self.view.setCurrentIndex(self._model.index(0))
        self.view.setFocus()
        self._read_cameras()

    def keep_state(self, settings: Settings) -> None:
        """Remember how exhibits are shown."""
        settings.triage_rows = self.view.as_rows
        settings.card_px = self.view.card_px

    def take_marks(self, marks: Marks) -> None:
        """Show what the examiner sets on exhibits, and set it here as well."""
        marks.changed.connect(lambda: self._model.set_marks(marks_of(marks.standing)))
        self.rate_asked.connect(marks.rate_all)
        self.tag_asked.connect(marks.tag_all)
        self.allow(marks=True, compare=self._compares)

    def allow(self, *, marks: bool = False, compare: bool = False) -> None:
        """Offer what somebody listens to: ratings and tags, two exhibits side by side."""
        self._marks, self._compares = marks, compare
        self.does.compare.setVisible(compare)
        for action in (self.does.tag, *self.does.rate.values()):
            action.setVisible(marks)
        self.choice.rate.setVisible(marks)
        self._update()

    def arrange(self, choice: Arrangement) -> None:
        """Filter, sort and group anew; what is chosen stays chosen where it is shown."""
        near = choice.group is GroupBy.NEAR and self._model.choice.group is not GroupBy.NEAR
        self._model.arrange(choice)
        if near:
            self.find_alike()

    def show_only(self, show: Show) -> None:
        """Show what has one verdict or state."""
        self.arrange(replace(self._model.choice.widened(), show=show))

    def show_camera(self, sha256: str) -> None:
        """Show what has the pattern of a camera, by the hash of its fingerprint."""
        self.arrange(replace(self._model.choice.widened(), camera=sha256))

    def show_rows(self, rows: bool) -> None:
        """Show the list or the grid."""
        if rows:
            self.view.show_rows()
        else:
            self.view.show_cards(self.view.card_px)
        self.heading.setVisible(rows)
        self.bar.show_rows(rows)

    def show_size(self, card_px: int) -> None:
        """Show the grid with cards of about this width."""
        self.view.show_cards(card_px)
        self.heading.hide()
        self.bar.show_rows(False)
        self.bar.show_size(self.view.card_px)

    def find_alike(self) -> None:
        """Group what looks alike, by what the examinations hold; older work is dropped."""
        if self._likening is not None:
            self._likening.drop()
        done = tuple(
            each.examination
            for each in self._model.in_state(State.DONE)
            if each.examination is not None
        )
        self._likening = self._jobs.start(
            Lane.FILES,
            lambda _: self._door.near_duplicates(done),
            on_done=self._show_alike,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Comparing the pictures")),
        )

    def _show_alike(self, groups: tuple[NearGroup, ...]) -> None:
        self._likening = None
        self._model.set_near([member.path for member in group.members] for group in groups)
        if self._model.choice.group is GroupBy.NEAR:
            self._model.arrange(self._model.choice)

    def _make_nothing(self) -> QWidget:
        box = QWidget()
        box.setObjectName("panel")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        title = QLabel(self.tr("No exhibit fits these filters"))
        title.setObjectName("verdict")
        text = QLabel(
            self.tr("Choose another verdict, a lower rating or fewer words, or show everything.")
        )
        text.setObjectName("muted")
        button = QPushButton(self.tr("Show everything"))
        button.setAccessibleName(self.tr("Take all filters away and show everything"))
        button.clicked.connect(self.does.everything.trigger)
        layout = QVBoxLayout(box)
        layout.setSpacing(self._theme.space(3))
        layout.addStretch(2)
        for widget in (title, text, button):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)
        return box

    def _lay_out(self) -> None:
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.heading)
        column.addWidget(self.view, 1)
        self._stack.addWidget(shown)
        self._stack.addWidget(self.nothing)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.choice)

    def _connect(self) -> None:
        model, view, session = self._model, self.view, self._session
        self.bar.chosen.connect(self.arrange)
        self.bar.rows_chosen.connect(self.show_rows)
        self.bar.size_chosen.connect(self.show_size)
        view.zoomed.connect(self.show_size)
        view.doubleClicked.connect(self._open)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._show_menu)
        view.selectionModel().selectionChanged.connect(self._update)
        model.modelAboutToBeReset.connect(self._remember)
        model.modelReset.connect(self._restore)
        model.counted.connect(self._update)
        session.running_changed.connect(self._update)
        session.queue.finished.connect(self._scan_ended)
        session.opened.connect(self.find_alike)
        session.examined.connect(self._ask_for_thumbnail_again)
        session.cameras_changed.connect(self._read_cameras)
        self._cameras.listed.connect(self._show_cameras)
        self._cameras.comparing_changed.connect(self._update)
        self._theme.changed.connect(lambda: self.does.dress(self._theme))

    def _connect_actions(self) -> None:
        does = self.does
        does.open.triggered.connect(self._open)
        does.compare.triggered.connect(self._compare)
        does.scan.triggered.connect(
            lambda: self._session.scan_these([each.path for each in self.view.chosen()])
        )
        does.tag.triggered.connect(self._tag)
        does.camera.triggered.connect(self._make_camera)
        for stars, action in does.rate.items():
            action.triggered.connect(lambda _=False, stars=stars: self._rate(stars))
        does.everything.triggered.connect(lambda: self.arrange(self._model.choice.widened()))
        does.sort.triggered.connect(lambda: self.arrange(self._model.choice))
        does.search.triggered.connect(self._search)
        does.as_cards.triggered.connect(lambda: self.show_rows(False))
        does.as_rows.triggered.connect(lambda: self.show_rows(True))
        does.larger.triggered.connect(lambda: self.show_size(self.view.card_px + ZOOM_PX))
        does.smaller.triggered.connect(lambda: self.show_size(self.view.card_px - ZOOM_PX))
        does.all.triggered.connect(self.view.selectAll)

    def _open(self) -> None:
        exhibit = self._model.at(self.view.currentIndex())
        if exhibit is not None:
            self.chosen.emit(exhibit.path)

    def _compare(self) -> None:
        chosen = self.view.chosen()
        if len(chosen) == 2:
            self.compare_asked.emit(chosen[0].path, chosen[1].path)

    def _rate(self, stars: int) -> None:
        numbers = _numbers(self.view.chosen())
        if numbers:
            self.rate_asked.emit(numbers, stars)

    def _tag(self) -> None:
        numbers = _numbers(self.view.chosen())
        if not numbers:
            return
        known = sorted({tag for each in self._model.exhibits for tag in each.tags})
        dialog = TagDialog(known, len(numbers), self._theme, self.window())
        dialog.accepted.connect(lambda: self.tag_asked.emit(numbers, dialog.tag))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _read_cameras(self) -> None:
        if self.isVisible():
            self._cameras.read()

    def _show_cameras(self, cameras: tuple[CaseFingerprint, ...]) -> None:
        known = {each.sha256: printable(each.camera) for each in cameras}
        self.bar.show_cameras(known)
        wanted = self._model.choice.camera
        if wanted:
            # What is behind the filter may have changed, or the camera was removed.
            kept = wanted if wanted in known else ""
            self.arrange(replace(self._model.choice, camera=kept))

    def _compare_camera(self, camera: CaseFingerprint) -> None:
        self._cameras.compare(camera, _numbers(self.view.chosen()))

    def _make_camera(self) -> None:
        numbers = _numbers(self.view.chosen())
        dialog = CameraDialog(len(numbers), self._theme, self.window())
        dialog.accepted.connect(lambda: self._cameras.make(numbers, dialog.camera))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _search(self) -> None:
        self.bar.search.setFocus()
        self.bar.search.selectAll()

    def _show_menu(self, where: QPoint) -> None:
        menu = self.does.menu(self)
        self.does.add_cameras(
            menu,
            self._cameras.known,
            self._compare_camera,
            enabled=self.view.chosen_count > 0
            and self._session.can_write
            and not self._cameras.comparing,
        )
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(self.view.viewport().mapToGlobal(where))

    def _remember(self) -> None:
        current = self._model.at(self.view.currentIndex())
        chosen = {each.path for each in self.view.chosen()}
        self._kept = (chosen, current.path if current else "")

    def _restore(self) -> None:
        self.view.doItemsLayout()
        chosen, current = self._kept
        self.view.choose(chosen, current)
        self.view.scrollTo(self.view.currentIndex())
        self._update()

    def _ask_for_thumbnail_again(self, path: str) -> None:
        exhibit = self._model.exhibit(path)
        if self._thumbnails.failed(path) and exhibit and exhibit.state is State.DONE:
            self._thumbnails.forget(path)

    def _scan_ended(self) -> None:
        if self._model.unsorted:
            self._model.arrange(replace(self._model.choice))
        self.find_alike()

    def _update(self) -> None:
        model = self._model
        chosen = self.view.chosen_count
        self._stack.setCurrentIndex(1 if model.total and not model.rowCount() else 0)
        self.choice.show_counts(model.rowCount(), model.total, chosen)
        self.choice.show_unsorted(model.unsorted)
        writable = self._session.can_write
        self.does.enable(
            chosen,
            can_scan=writable,
            can_mark=writable and self._marks,
            can_compare=self._compares,
        )


def _numbers(exhibits: list[Exhibit]) -> tuple[int, ...]:
    return tuple(each.number for each in exhibits if each.number is not None)
