"""The place of the case: what it is about, what is in it, what is left to do, its custody."""

from __future__ import annotations

from collections import Counter

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QStyle,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from app.cameras import Cameras
from app.desk import Desk
from app.exhibits import State, printable
from app.places.page import Page
from app.session import Session
from app.settings import Settings
from app.style import Theme
from app.todo import open_points
from app.widgets.camera_list import CameraList
from app.widgets.case_adding import CaseAdding
from app.widgets.case_details import CaseDetails
from app.widgets.case_hand import CaseHand
from app.widgets.case_notes import CaseNotes
from app.widgets.case_state import CaseState
from app.widgets.confirming import ConfirmDialog
from app.widgets.custody import CustodyLog
from app.widgets.fields import label
from app.widgets.outcomes import Checks, OutcomeDialog, Rechecks
from engine.case_types import CaseCheck, CaseContents, Recheck
from engine.trace_types import CaseFingerprint
from engine.types import Outcome

READ_MS = 300
"""Changes that come closer together than this are shown at once."""

LOG_STEPS = 70


class CasePlace(Page):
    """The open case.

    Args:
        session: the open case.
        desk: notes, checks, exports.
        cameras: fingerprints of the case.
        theme: measures and colours.
        settings: sizes, and how files are taken in.
    """

    point_asked = Signal(object)
    """An OpenPoint that is to be dealt with."""
    band_asked = Signal(object)
    """An Outcome, or None for failed ones, to be shown."""
    new_asked = Signal()
    open_asked = Signal()
    files_asked = Signal()
    import_asked = Signal()
    export_asked = Signal(str)
    """The ending of the format."""
    request_asked = Signal()
    answer_asked = Signal()
    triage_asked = Signal()
    compare_asked = Signal(object, object)
    """A CaseFingerprint that a picture is to be compared with, and the exhibit's number or None."""
    matches_asked = Signal(object)
    """A CaseFingerprint whose matches are to be seen in triage."""

    def __init__(
        self,
        session: Session,
        desk: Desk,
        cameras: Cameras,
        theme: Theme,
        settings: Settings,
    ) -> None:
        super().__init__()
        self._cameras = cameras
        self._session, self._desk, self._theme, self._settings = session, desk, theme, settings
        self.details = CaseDetails(theme)
        self.state = CaseState(theme)
        self.adding = CaseAdding(theme)
        self.notes = CaseNotes(theme)
        self.hand = CaseHand(theme)
        self.custody = CustodyLog(theme)
        self.cameras = CameraList(theme)
        self.tables = QTabWidget()
        self.banner = label("", "banner", wrap=True)
        self._contents: CaseContents | None = None
        self._stack = QStackedWidget()
        self._splitter = QSplitter(Qt.Orientation.Vertical)
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(READ_MS)
        self._soon.timeout.connect(self._read)
        self._lay_out()
        self._connect()
        self._show_case()

    def begin(self) -> None:
        """Read the case anew."""
        self._read()
        self._read_cameras()

    def keep_state(self, settings: Settings) -> None:
        """Remember the height of the log."""
        settings.keep_state("case", self._splitter.saveState())

    def _lay_out(self) -> None:
        theme = self._theme
        upper = QWidget()
        columns = QHBoxLayout(upper)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(1)
        middle = _stacked(self.state, self.adding)
        right = _scrolled(_stacked(self.notes, self.hand))
        for part, share in ((_scrolled(self.details), 9), (_scrolled(middle), 8), (right, 8)):
            columns.addWidget(part, share)
        self._splitter.setObjectName("lines")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.addWidget(upper)
        self.tables.setDocumentMode(True)
        self.tables.tabBar().setDrawBase(False)
        self.tables.setAccessibleName(self.tr("Custody log and cameras"))
        self.tables.addTab(self.custody, self.tr("Custody log"))
        self.tables.addTab(self.cameras, self.tr("Cameras"))
        self._splitter.addWidget(self.tables)
        self._splitter.setStretchFactor(0, 1)
        self._splitter.setSizes([theme.space(140), theme.space(LOG_STEPS)])
        self.tables.setMinimumHeight(theme.space(44))
        self._splitter.restoreState(self._settings.state("case"))
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._splitter)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.banner)
        layout.addWidget(self._stack, 1)

    def _nothing(self) -> QFrame:
        theme, centre = self._theme, Qt.AlignmentFlag.AlignHCenter
        box = QFrame()
        box.setObjectName("panel")
        rows = QVBoxLayout(box)
        rows.setSpacing(theme.space(4))
        rows.addStretch(3)
        rows.addWidget(label(self.tr("No case is open"), "headline"), 0, centre)
        text = label(
            self.tr(
                "A case keeps the pictures, every result, your notes and a log of who did what, "
                "in one file. Adding a picture makes one; it is saved from that moment on."
            ),
            "prose",
            wrap=True,
        )
        text.setAlignment(centre)
        text.setFixedWidth(theme.space(140))
        text.setMinimumHeight(text.heightForWidth(theme.space(140)))
        middle = QHBoxLayout()
        middle.addStretch()
        middle.addWidget(text)
        middle.addStretch()
        rows.addLayout(middle)
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        buttons.addStretch()
        for words, name, signal, main in (
            (self.tr("Make a case …"), self.tr("Make a case file"), self.new_asked, False),
            (self.tr("Open a case …"), self.tr("Open a case file"), self.open_asked, False),
            (self.tr("Add pictures …"), self.tr("Add pictures to a case"), self.files_asked, True),
        ):
            button = QPushButton(words)
            button.setObjectName("main" if main else "")
            button.setAccessibleName(name)
            button.clicked.connect(signal)
            buttons.addWidget(button)
        buttons.addStretch()
        rows.addLayout(buttons)
        rows.addStretch(4)
        return box

    def _connect(self) -> None:
        session, desk, hand = self._session, self._desk, self.hand
        session.case_changed.connect(self._read_cameras)
        session.cameras_changed.connect(self._read_cameras)
        self._cameras.listed.connect(self._show_cameras)
        self._cameras.comparing_changed.connect(self._count)
        self.cameras.compare_asked.connect(lambda camera: self.compare_asked.emit(camera, None))
        self.cameras.exhibit_asked.connect(self.compare_asked)
        self.cameras.compare_all_asked.connect(self._cameras.compare)
        self.cameras.matches_asked.connect(self.matches_asked)
        self.cameras.remove_asked.connect(self._confirm_removal)
        self.cameras.triage_asked.connect(self.triage_asked)
        session.case_changed.connect(self._show_case)
        session.stored.connect(self._soon.start)
        session.model.counted.connect(self._count)
        desk.contents_ready.connect(self._show_contents)
        desk.rechecked.connect(self._show_rechecks)
        desk.verified.connect(self._show_checks)
        self.details.changed.connect(lambda changes: desk.change_info(**changes))
        self.adding.copying_changed.connect(self._set_copying)
        self.adding.source_changed.connect(self._set_source)
        self.adding.copies.setChecked(self._settings.copy_exhibits)
        self.notes.written.connect(desk.add_note)
        self.state.asked.connect(self.point_asked)
        self.state.band_asked.connect(self.band_asked)
        self.custody.verify.clicked.connect(desk.verify)
        hand.check_asked.connect(session.check_exhibits)
        hand.again_asked.connect(desk.recheck)
        hand.export_asked.connect(self.export_asked)
        hand.import_asked.connect(self.import_asked)
        hand.request_asked.connect(self.request_asked)
        hand.answer_asked.connect(self.answer_asked)

    def _read(self) -> None:
        if self.isVisible() and self._session.case is not None:
            self._desk.read()

    def _read_cameras(self) -> None:
        if self.isVisible():
            self._cameras.read()

    def _show_cameras(self, cameras: tuple[CaseFingerprint, ...]) -> None:
        rows = self._session.model.exhibits
        names = {each.number: each.name for each in rows if each.number is not None}
        self.cameras.show_cameras(cameras, names)
        name = self.tr("Cameras")
        self.tables.setTabText(1, f"{name}  {len(cameras):,}" if cameras else name)

    def _confirm_removal(self, camera: CaseFingerprint) -> None:
        dialog = ConfirmDialog(
            self.tr("Remove {camera}?").format(camera=printable(camera.camera)),
            self.tr(
                "Its fingerprint is deleted and cannot be brought back, only made again. The log "
                "keeps that it was there, what it was made of and what was compared with it."
            ),
            self.tr("Remove"),
            self._theme,
            self.window(),
        )
        dialog.accepted.connect(lambda: self._cameras.remove(camera.sha256))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_case(self) -> None:
        case = self._session.case
        self._stack.setCurrentIndex(0 if case is None else 1)
        self.banner.setVisible(case is not None and not case.can_write)
        if case is None:
            self._contents = None
            return
        if self._contents is None or self._contents.info.id != case.info.id:
            self.custody.clear()
            self.state.show_points((), writable=case.can_write)
            self.notes.show_notes((), writable=case.can_write)
        self.banner.setText(
            self.tr("This case can only be read: {reason}.").format(
                reason=printable(case.read_only_because)
            )
        )
        self.details.show_info(case.info, editable=case.can_write)
        self.adding.show_writable(case.can_write)
        self._count()
        self._soon.start()

    def _count(self) -> None:
        model, case = self._session.model, self._session.case
        done = model.in_state(State.DONE)
        counts: Counter[Outcome | None] = Counter(each.outcome for each in done)
        counts[None] = model.count(State.FAILED)
        waiting = model.count(State.WAITING) + model.count(State.EXAMINING)
        self.state.show_counts(counts, waiting)
        writable = case is not None and case.can_write
        self.cameras.show_state(
            writable=writable, exhibits=model.total, comparing=self._cameras.comparing
        )
        self.hand.show_state(
            writable=writable,
            exhibits=model.total,
            examined=model.count(State.DONE),
        )

    def _show_contents(self, contents: CaseContents) -> None:
        case = self._session.case
        if case is None or case.info.id != contents.info.id:
            return
        self._contents = contents
        self.custody.show_contents(contents)
        self.state.show_points(open_points(contents), writable=case.can_write)
        self.notes.show_notes(contents.standing().notes, writable=case.can_write)
        self.hand.show_stamps(contents.timestamps)

    def _show_rechecks(self, found: tuple[Recheck, ...]) -> None:
        numbers = {} if self._contents is None else {
            each.id: each.exhibit for each in self._contents.examinations
        }  # fmt: skip
        rows = {each.number: each.name for each in self._session.model.exhibits}
        names = {
            examination: f"{number} · {rows.get(number, '')}"
            for examination, number in numbers.items()
            if number is not None
        }
        differ = sum(not each.agrees for each in found)
        if not found:
            said = self.tr("There was nothing to run again.")
        elif differ:
            said = self.tr("{differ} of {total} do not agree with what is stored").format(
                differ=differ, total=len(found)
            )
        else:
            said = self.tr("{total} examined again: all agree within the tolerances").format(
                total=len(found)
            )
        view = Rechecks(found, names, self._theme)
        self._open_dialog(self.tr("Examined again"), said, view)

    def _show_checks(self, found: tuple[CaseCheck, ...]) -> None:
        failed = sum(each.outcome == "fail" for each in found)
        said = (
            self.tr("{failed} of {total} checks failed").format(failed=failed, total=len(found))
            if failed
            else self.tr("No check failed")
        )
        view = Checks(self._theme, self.tr("Checks of the case"))
        view.show_checks(found)
        self._open_dialog(self.tr("Check of the case"), said, view)

    def _open_dialog(self, title: str, said: str, view: Rechecks | Checks) -> None:
        dialog = OutcomeDialog(title, said, view, self._theme, self.window())
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _set_copying(self, on: bool) -> None:
        self._settings.copy_exhibits = on

    def _set_source(self, source: str) -> None:
        self._session.source = source


def _stacked(upper: QWidget, lower: QWidget) -> QWidget:
    box = QWidget()
    rows = QVBoxLayout(box)
    rows.setContentsMargins(0, 0, 0, 0)
    rows.setSpacing(1)
    rows.addWidget(upper, 1)
    rows.addWidget(lower)
    return box


def _scrolled(widget: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setWidget(widget)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    # It scrolls up and down alone: what is in it is never cut at its sides.
    bar = area.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
    area.setMinimumWidth(widget.minimumSizeHint().width() + bar)
    return area
