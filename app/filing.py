"""Opening, keeping and remembering cases: what the File menu does."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu, QWidget

from app.desk import Desk
from app.exhibits import printable
from app.pickers import Picker
from app.places.case import CasePlace
from app.places.models import ModelsPlace
from app.places.report import ReportPlace
from app.reporting import Reporting
from app.session import Session
from app.settings import Settings
from app.widgets.empty import EmptyState, shown_name

CASE_ENDING = ".residua"


class Filing(QObject):
    """Asks for files and hands them to the session.

    Args:
        session: the open case.
        desk: writes what was asked for.
        reporting: writes and checks reports.
        picker: asks for files and folders.
        settings: remembers cases.
        parent: the window that dialogs belong to.
    """

    recent_changed = Signal()
    """Other cases are remembered now."""

    def __init__(
        self,
        session: Session,
        *,
        desk: Desk,
        reporting: Reporting,
        picker: Picker,
        settings: Settings,
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._session, self._desk, self._reporting = session, desk, reporting
        self._picker, self._settings = picker, settings
        self._window = parent
        self._case_kinds = self.tr("Case (*.residua)")
        session.case_changed.connect(self._remember)

    def serve(
        self, case: CasePlace, report: ReportPlace, models: ModelsPlace, empty: EmptyState
    ) -> None:
        """Ask for files whenever a place needs one."""
        for signal, answer in (
            (empty.files_asked, self.add_files),
            (empty.folder_asked, self.add_folder),
            (case.new_asked, self.keep_as),
            (case.open_asked, self.open_case),
            (case.files_asked, self.add_files),
            (case.import_asked, self.import_json),
            (case.export_asked, self.export_case),
            (case.request_asked, self.request_stamp),
            (case.answer_asked, self.attach_stamp),
            (report.key_asked, self.choose_key),
            (report.write_asked, self.write_report),
            (report.verify_asked, self.check_report),
            (report.verify_with_files_asked, self.check_report_with_files),
        ):
            signal.connect(answer)

        def bring(source: str) -> None:
            if source:
                models.bring(source)

        def give(target: str) -> None:
            if target:
                models.give(target)

        title, kinds = self.tr("Import a model"), self.tr("Archive (*.zip)")
        models.folder_asked.connect(lambda: bring(self._picker.pack_folder(self._window)))
        models.archive_asked.connect(
            lambda: bring(self._picker.open(self._window, "packs", title, kinds))
        )
        whither = self.tr("Export the models")
        models.export_folder_asked.connect(
            lambda: give(self._picker.export_folder(self._window, whither))
        )
        models.export_archive_asked.connect(
            lambda: give(
                self._picker.save(self._window, "packs", whither, "residua-models.zip", kinds)
            )
        )

    @property
    def recent(self) -> tuple[str, ...]:
        """Cases that were open and are not now, the newest first."""
        now = self._session.case.file if self._session.case else ""
        return tuple(file for file in self._settings.recent_cases if file != now)

    def open_paths(self, paths: tuple[str, ...]) -> None:
        """Open a case file, or add files and folders to the open case."""
        cases = [path for path in paths if path.lower().endswith(CASE_ENDING)]
        pictures = tuple(path for path in paths if path not in cases)
        if cases:
            self._session.open(cases[0])
        elif pictures:
            self._session.add(pictures)

    def open_case(self) -> None:
        """Ask for a case and open it."""
        file = self._picker.open(self._window, "cases", self.tr("Open a case"), self._case_kinds)
        if file:
            self._session.open(file)

    def keep_as(self) -> None:
        """Ask where to keep the case, and keep it there."""
        case = self._session.case
        name = _file_name(case.info.title if case and not self._session.unnamed else "")
        file = self._picker.save(
            self._window, "cases", self.tr("Save the case"), name, self._case_kinds
        )
        if file:
            self._session.keep_as(file)

    def import_json(self) -> None:
        """Ask for an export and for the case to make of it."""
        source = self._picker.open(
            self._window, "exports", self.tr("Import a case"), self.tr("Export (*.json)")
        )
        if not source:
            return
        name = f"{Path(source).stem}{CASE_ENDING}"
        file = self._picker.save(
            self._window, "cases", self.tr("Save the imported case"), name, self._case_kinds
        )
        if file:
            self._session.import_json(source, file)

    def add_files(self) -> None:
        """Ask for pictures and add them."""
        self.open_paths(self._picker.files(self._window))

    def add_folder(self) -> None:
        """Ask for a folder and add it."""
        folder = self._picker.folder(self._window)
        self.open_paths((folder,) if folder else ())

    def write_report(self) -> None:
        """Ask where to write the report, and write it."""
        file = self._picker.save(
            self._window,
            "reports",
            self.tr("Write the report"),
            "report.pdf",
            self.tr("PDF (*.pdf)"),
        )
        if file:
            self._reporting.write(file)

    def check_report(self) -> None:
        """Ask for a report and check it."""
        file = self._ask_report()
        if file:
            self._reporting.verify(file)

    def check_report_with_files(self) -> None:
        """Ask for a report and the folder of its exhibits' files, and check both."""
        file = self._ask_report()
        folder = self._picker.folder(self._window) if file else ""
        if folder:
            self._reporting.verify(file, folder)

    def choose_key(self) -> None:
        """Ask for a key and sign with it."""
        file = self._picker.open(
            self._window,
            "keys",
            self.tr("Choose a key that signs"),
            self.tr("Keys (*.p12 *.pfx *.pem *.key)"),
        )
        if file:
            self._reporting.load_key(file)

    def export_case(self, ending: str) -> None:
        """Ask where to export the case, and export it.

        Args:
            ending: of the format, such as ``"json"``.
        """
        kinds = {
            "json": self.tr("JSON (*.json)"),
            "csv": self.tr("CSV (*.csv)"),
            "html": self.tr("HTML (*.html)"),
            "jsonld": self.tr("CASE/UCO (*.jsonld)"),
        }
        file = self._picker.save(
            self._window, "exports", self.tr("Export the case"), f"case.{ending}", kinds[ending]
        )
        if file:
            self._desk.export(file)

    def request_stamp(self) -> None:
        """Ask where to write a time-stamp request, and write it."""
        file = self._picker.save(
            self._window, "stamps", self.tr("Write a time-stamp request"), "log.tsq",
            self.tr("Request (*.tsq)"),
        )  # fmt: skip
        if file:
            self._desk.request_timestamp(file)

    def attach_stamp(self) -> None:
        """Ask for an authority's answer, and attach it."""
        file = self._picker.open(
            self._window, "stamps", self.tr("Attach a time stamp"), self.tr("Answer (*.tsr)")
        )
        if file:
            self._desk.attach_timestamp(file)

    def forget(self, file: str) -> None:
        """Remember a case no longer."""
        kept = self._settings.recent_cases
        self._settings.recent_cases = tuple(each for each in kept if each != file)
        self.recent_changed.emit()

    def fill_menu(self, menu: QMenu) -> None:
        """Show the remembered cases in a menu."""
        menu.clear()
        for file in self.recent:
            action = menu.addAction(shown_name(file))
            action.setToolTip(printable(file))
            action.triggered.connect(lambda _=False, file=file: self._session.open(file))
        menu.setEnabled(bool(self.recent))

    def _ask_report(self) -> str:
        return self._picker.open(
            self._window, "reports", self.tr("Check a report"), self.tr("PDF (*.pdf)")
        )

    def _remember(self) -> None:
        case = self._session.case
        if case is not None:
            others = [file for file in self._settings.recent_cases if file != case.file]
            self._settings.recent_cases = (case.file, *others)
        self.recent_changed.emit()


def _file_name(title: str) -> str:
    kept = "".join(c if c.isalnum() or c in " -_.()" else "_" for c in title).strip(" .")
    return f"{kept or 'Case'}{CASE_ENDING}"
