"""The main window: the frame around the places, and what the operator asks for."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QCloseEvent, QIcon
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from app.actions import Actions, connect
from app.dropping import DropWindow
from app.engine_door import Door
from app.errors import Messages
from app.exhibits import Show
from app.filing import Filing
from app.helping import Helping
from app.jobs import Lane
from app.language_menu import LanguageMenu
from app.notice import Notice
from app.pickers import Picker
from app.places.rooms import Rooms
from app.queue_watch import QueueWatch
from app.services import make_services
from app.settings import Depth, Place, Settings
from app.stage import CAMERA
from app.style import Theme
from app.todo import Open, OpenPoint
from app.touring import Touring
from app.watch import NetworkWatch
from app.widgets.bottom_bar import BottomBar
from app.widgets.drop_veil import DropVeil
from app.widgets.empty import EmptyState
from app.widgets.header import Header
from app.widgets.lamp import Lamp
from app.widgets.shortcuts import ShortcutsDialog
from engine.trace_types import CaseFingerprint
from engine.types import Outcome

FIRST_SIZE = (1400, 900)
"""Width and height at the first start, px."""


class Window(DropWindow):
    """The program's window.

    Args:
        door: the engine.
        settings: what is remembered.
        theme: measures and colours.
        picker: asks for files and folders.
        data_dir: the program's own folder.
        icon: of the program.
    """

    def __init__(
        self,
        *,
        door: Door,
        settings: Settings,
        theme: Theme,
        picker: Picker,
        data_dir: Path,
        icon: QIcon,
    ) -> None:
        super().__init__()
        self._door, self._settings, self._theme, self._picker = door, settings, theme, picker
        self.setWindowTitle(self.tr("Residua"))
        self.setWindowIcon(icon)
        self._make_services(data_dir)
        self._make_parts(icon)
        self._place = settings.place if settings.place in self.places else Place.EXAMINE
        self._stack = QStackedWidget()
        self._centre = QWidget()
        self._lay_out()
        self.cover_with(DropVeil(theme, self._centre))
        self.dropped.connect(self.open_paths)
        self._connect_actions()
        self._connect_session()
        self._connect_places()
        theme.changed.connect(self._dress)
        self._dress()
        self._show_settings()
        LanguageMenu(self.does.language_menu, settings).told.connect(self.messages.inform)
        self._show_case()
        self._show_recent()
        self._update()
        self.stage.fetch_legend()
        self.stage.fetch_tracers()

    def _make_services(self, data_dir: Path) -> None:
        """Make what works behind the places: nothing of it is seen."""
        door = self._door
        self.messages = Messages(self, door.version())
        self.services = make_services(door, self._settings, data_dir, self)
        self.jobs, self.session = self.services.jobs, self.services.session
        self.desk, self.reporting = self.services.desk, self.services.reporting
        self.stage, self.thumbnails = self.services.stage, self.services.thumbnails
        self.filing = Filing(
            self.session,
            desk=self.desk,
            reporting=self.reporting,
            picker=self._picker,
            settings=self._settings,
            parent=self,
        )
        self.marks = self.services.marks
        self.network = NetworkWatch(door, self.jobs, self)
        self.helping = Helping(door, self.jobs, self._theme, self)

    def _make_parts(self, icon: QIcon) -> None:
        """Make what is seen, and what leads through it."""
        theme = self._theme
        rooms = Rooms(self.services, theme)
        self.places = rooms.by_place
        self.case, self.triage, self.examine = rooms.case, rooms.triage, rooms.examine
        self.report, self.models, self.workspace = (
            rooms.report,
            rooms.models,
            rooms.examine.workspace,
        )
        self.empty = EmptyState(theme)
        self.bottom = BottomBar(theme)
        self.notice = Notice(self, icon)
        self.watch = QueueWatch(
            session=self.session, bottom=self.bottom, notice=self.notice, theme=theme, window=self
        )
        self.lamp = Lamp(theme)
        self.does = Actions(self)
        self.header = self._make_header()
        self.touring = Touring(
            self,
            self.go,
            header=self.header,
            examine=self.examine,
            session=self.session,
            settings=self._settings,
            theme=theme,
        )

    def open_paths(self, paths: tuple[str, ...]) -> None:
        """Open a case file, or add files and folders to the open case."""
        self.filing.open_paths(paths)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """Cancel the work, wait for its threads, and remember the window."""
        self._settings.keep_state("geometry", self.saveGeometry())
        self._settings.place = self._place
        for place in self.places.values():
            place.keep_state(self._settings)
        self._settings.save()
        self.notice.take_away()
        # Out of sight at once; a model that is being loaded can take seconds to let go.
        self.hide()
        self.network.stop()
        self.reporting.close()
        self.jobs.close(
            {
                Lane.MODEL: self._door.close_model,
                Lane.PICTURE: self._door.close_pictures,
                Lane.THUMBNAIL: self._door.close_thumbnails,
                Lane.REPORT: self._door.close_report,
                Lane.CASE: self._door.close_case,
            }
        )
        event.accept()

    def go(self, place: Place) -> None:
        """Show a place."""
        self._place = place
        self._update()
        self.places[place].begin()

    def _make_header(self) -> Header:
        does = self.does
        tools = (does.open_files, does.open_folder, None, does.scan, does.stop)
        switch = [action for place, action in does.places.items() if place is not Place.MODELS]
        return Header(self._theme, switch, (*tools, does.places[Place.MODELS]), self.lamp)

    def _lay_out(self) -> None:
        self._stack.addWidget(self.empty)
        for place in self.places.values():
            self._stack.addWidget(place)
        layout = QVBoxLayout(self._centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.bottom)
        self.setCentralWidget(self._centre)
        self.does.fill_menus()
        self.examine.actions_.fill(self.does.picture_menu)
        self.resize(*FIRST_SIZE)
        self.restoreGeometry(self._settings.state("geometry"))

    def _connect_actions(self) -> None:
        does, filing = self.does, self.filing
        connect(
            {
                does.open_case: filing.open_case,
                does.keep_as: filing.keep_as,
                does.import_case: filing.import_json,
                does.open_files: filing.add_files,
                does.open_folder: filing.add_folder,
                does.open_samples: self._open_samples,
                does.export: self._write_report,
                does.check_report: self._check_report,
                does.new: self.session.clear,
                does.quit: self.close,
                does.scan: self.session.scan,
                does.retry: self.session.retry,
                does.stop: self.session.stop,
                does.pause: self.watch.pause,
                does.again: self._examine_again,
                does.check: self.session.check_exhibits,
                does.scan_on_open: self._set_scan_on_open,
                does.how_to_read: self._tell_how_to_read,
                does.methods: self.helping.open,
                does.tour: self.touring.start,
                does.shortcuts: self._show_shortcuts,
                does.about: self.messages.tell_about,
            }
        )
        for place, action in does.places.items():
            action.triggered.connect(lambda _=False, place=place: self.go(place))
        for depth, action in does.depths.items():
            action.triggered.connect(lambda _=False, depth=depth: self._set_depth(depth))
        for scheme, action in does.schemes.items():
            action.triggered.connect(lambda _=False, scheme=scheme: self._set_scheme(scheme))
        does.recent.aboutToShow.connect(lambda: filing.fill_menu(does.recent))
        self.header.title_asked.connect(self._show_case_menu)
        self.empty.case_asked.connect(self.session.open)
        self.empty.samples_asked.connect(self._open_samples)
        self.watch.exhibit_asked.connect(self._examine)

    def _connect_session(self) -> None:
        session = self.session
        session.model.counted.connect(self._update)
        session.running_changed.connect(self._update)
        session.opened.connect(self._opened)
        session.case_changed.connect(self._show_case)
        self.filing.recent_changed.connect(self._show_recent)

    def _connect_places(self) -> None:
        speaking = (self.session, self.desk, self.models)
        for source in (
            *speaking, self.marks, self.services.cameras, self.examine, self.helping,
            self.triage, self.reporting,
        ):  # fmt: skip
            source.went_wrong.connect(self.messages.tell)
        for source in speaking:
            source.told.connect(self.messages.inform)
        self.examine.changed.connect(self._update)
        self.examine.device_seen.connect(self.lamp.show_device)
        self.workspace.verdict.how_to_read_asked.connect(self._tell_how_to_read)
        self.workspace.findings.help_asked.connect(self.helping.open)
        self.workspace.picture.rests.help_asked.connect(self.helping.open)
        self.triage.chosen.connect(self._examine)
        self.triage.compare_asked.connect(self.examine.compare)
        self.triage.compare_asked.connect(lambda *_: self.go(Place.EXAMINE))
        self.filing.serve(self.case, self.report, self.models, self.empty)
        self.case.point_asked.connect(self._deal_with)
        self.case.band_asked.connect(self._show_band)
        self.case.triage_asked.connect(lambda: self.go(Place.TRIAGE))
        self.case.compare_asked.connect(self._compare_with_camera)
        self.case.matches_asked.connect(self._show_matches)
        self.network.looked.connect(self.lamp.show_connections)
        for fault in (self.thumbnails.went_wrong, self.network.went_wrong):
            fault.connect(self.messages.tell_bug)

    def _opened(self, path: str) -> None:
        self.examine.choose(path)
        self.places[self._place].begin()

    def _examine(self, path: str) -> None:
        self.examine.choose(path)
        self.go(Place.EXAMINE)

    def _update(self) -> None:
        model, session, does = self.session.model, self.session, self.does
        empty = model.total == 0 and self._place in (Place.TRIAGE, Place.EXAMINE)
        self._stack.setCurrentWidget(self.empty if empty else self.places[self._place])
        does.places[self._place].setChecked(True)
        result = self.workspace.result
        held = result.dossier.holds if result and result.dossier else None
        does.offer(session, repeatable=held is not None and held.recipe is not None)
        does.how_to_read.setEnabled(result is not None)
        looking = model.total > 0 and self._place is Place.EXAMINE
        self.examine.actions_.offer(looking)

    def _show_settings(self) -> None:
        self.does.depths[self._settings.depth].setChecked(True)
        self.does.schemes[self._theme.mode].setChecked(True)
        self.does.scan_on_open.setChecked(self._settings.scan_on_open)

    def _set_depth(self, depth: Depth) -> None:
        self._settings.depth = depth

    def _set_scheme(self, scheme: str) -> None:
        self._settings.scheme = scheme
        self._theme.set_mode(scheme)

    def _set_scan_on_open(self) -> None:
        self._settings.scan_on_open = self.does.scan_on_open.isChecked()

    def _open_samples(self) -> None:
        self.touring.start_with_samples()
        self.open_paths((self._door.samples_dir(),))

    def _write_report(self) -> None:
        self.go(Place.REPORT)
        self.filing.write_report()

    def _check_report(self) -> None:
        self.go(Place.REPORT)
        self.filing.check_report()

    def _examine_again(self) -> None:
        result = self.workspace.result
        if result is not None and result.dossier is not None and result.dossier.holds is not None:
            self.desk.recheck((result.dossier.holds.id,))

    def _deal_with(self, point: OpenPoint) -> None:
        if point.kind is Open.WAITING:
            self.session.scan()
        elif point.kind is Open.REPORT:
            self.go(Place.REPORT)
        elif point.kind is Open.LOG:
            self.desk.verify()
        else:
            path = self.session.path_of(point.exhibits)
            if path is not None:
                self._examine(path)

    def _compare_with_camera(self, camera: CaseFingerprint, number: int | None) -> None:
        """Look for a camera in an exhibit: by number, the one shown, or the first that can be."""
        behind = set(camera.sources)
        free = [each for each in self.session.model.exhibits if each.sha256 not in behind]
        shown = [each for each in free if each.path == self.stage.path]
        asked = [each for each in self.session.model.exhibits if number == each.number]
        for exhibit in (asked if number is not None else shown or free)[:1]:
            self._examine(exhibit.path)
        self.go(Place.EXAMINE)
        self.examine.layers.show(f"{CAMERA}{camera.sha256}")

    def _show_matches(self, camera: CaseFingerprint) -> None:
        """Show the exhibits in triage that have a camera's pattern."""
        self.triage.show_camera(camera.sha256)
        self.go(Place.TRIAGE)

    def _show_band(self, outcome: Outcome | None) -> None:
        self.triage.show_only(Show.FAILED if outcome is None else Show(str(outcome)))
        self.go(Place.TRIAGE)

    def _show_case(self) -> None:
        name = self.header.show_case(self.session.case)
        title = self.tr("Residua")
        self.setWindowTitle(self.tr("{name} – Residua").format(name=name) if name else title)

    def _show_case_menu(self) -> None:
        menu = self.does.case_menu
        menu.popup(self.header.title.mapToGlobal(self.header.title.rect().bottomLeft()))

    def _show_recent(self) -> None:
        self.does.recent.setEnabled(bool(self.filing.recent))
        self.empty.show_recent(self.filing.recent)

    def _tell_how_to_read(self) -> None:
        if self.workspace.result is not None:
            self.messages.tell_how_to_read(self.workspace.result.phrases)

    def _dress(self) -> None:
        self.does.dress(self._theme)
        self.examine.actions_.dress(self._theme)

    def _show_shortcuts(self) -> None:
        dialog = ShortcutsDialog(
            (
                (self.tr("Everywhere"), self.actions()),
                (self.tr("Triage"), self.triage.actions()),
                (self.tr("Examine"), self.examine.actions_.all),
            ),
            self._theme,
            self,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
