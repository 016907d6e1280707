"""The report of the open case: laid out, looked at, signed, written, checked."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from app.convert import to_qimage
from app.engine_door import Door
from app.jobs import Job, Jobs, Lane
from app.report_door import Check, Preview, Signer
from app.session import Session
from engine.case_types import ReportSelection
from engine.errors import Cancelled, InputError
from engine.job import Context

LAY_OUT_MS = 400
"""Choices that come closer together than this lay the report out once."""


class Reporting(QObject):
    """Asks the engine for reports and their pages; stale answers are dropped.

    Args:
        door: the engine.
        jobs: starts the work.
        session: the open case.
    """

    laying_out = Signal()
    laid_out = Signal(object)
    """A Preview."""
    not_laid_out = Signal(object)
    """Why there is none: an exception."""
    page_ready = Signal(int, object)
    """Index of a page, and its QImage."""
    key_changed = Signal()
    """Another key is used, or none."""
    passphrase_asked = Signal(str, bool)
    """A key file, and whether a passphrase was given and is wrong."""
    verified = Signal(str, object)
    """A file, and the tuple of Check of it."""
    written = Signal(str)
    """A report that was written."""
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""

    def __init__(self, door: Door, jobs: Jobs, session: Session) -> None:
        super().__init__()
        self._door, self._jobs, self._session = door, jobs, session
        self.selection = ReportSelection()
        self.preview: Preview | None = None
        self.signer: Signer | None = None
        """Whose key signs; None when nobody's does."""
        self._layout: Job[Preview] | None = None
        self._pages: dict[int, Job[Any]] = {}
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(LAY_OUT_MS)
        self._soon.timeout.connect(self.lay_out)
        session.case_changed.connect(self._forget)

    @property
    def busy(self) -> bool:
        """Whether the pages are being laid out."""
        return self._layout is not None

    def choose(self, selection: ReportSelection) -> None:
        """Say what goes in; pages that were laid out are stale from now on."""
        self.selection = selection
        self.drop()

    def lay_out_soon(self) -> None:
        """Lay the report out when no other choice comes."""
        self._soon.start()

    def lay_out(self) -> None:
        """Lay the report out, to be looked at."""
        self.drop()
        if self._session.case is None or self._session.model.total == 0:
            return
        selection = self.selection
        self._layout = self._jobs.start(
            Lane.REPORT,
            lambda ctx: self._door.preview_report(selection, ctx),
            on_done=self._show,
            on_error=self._tell_not_laid_out,
            on_events=self._session.queue.take,
        )
        self._session.watch(self._layout)
        self.laying_out.emit()

    def close(self) -> None:
        """Ask for nothing more; the window closes."""
        self._soon.stop()

    def drop(self) -> None:
        """Drop what is being laid out and rendered."""
        self._soon.stop()
        if self._layout is not None:
            self._layout.drop()
            self._layout = None
        for page in self._pages.values():
            page.drop()
        self._pages.clear()
        self.preview = None

    def render(self, index: int, width_px: int) -> None:
        """Render a page; `page_ready` brings it."""
        if self.preview is None or index in self._pages:
            return

        def work(ctx: Context) -> object:
            ctx.check()
            return to_qimage(self._door.render_page(index, width_px))

        self._pages[index] = self._jobs.start(
            Lane.REPORT,
            work,
            on_done=lambda image: self._take_page(index, image),
            on_error=lambda error: self._page_failed(index, error),
        )

    def forget_requests(self) -> None:
        """Drop pages that are being rendered, as when the zoom changes."""
        for page in self._pages.values():
            page.drop()
        self._pages.clear()

    def load_key(self, key_file: str, passphrase: str | None = None) -> None:
        """Take a key to sign with; asks for its passphrase when it has one.

        Args:
            key_file: PKCS#12 or PEM.
            passphrase: of the file; it goes to the engine and is kept nowhere.
        """

        def failed(error: BaseException) -> None:
            if isinstance(error, InputError) and error.kind == "passphrase":
                self.passphrase_asked.emit(key_file, passphrase is not None)
            else:
                self.went_wrong.emit(error, self.tr("Reading the key"))

        self._jobs.start(
            Lane.REPORT,
            lambda _: self._door.load_key(key_file, None, passphrase),
            on_done=self._take_signer,
            on_error=failed,
        )

    def forget_key(self) -> None:
        """Sign no longer."""
        self._jobs.start(
            Lane.REPORT,
            lambda _: self._door.forget_key(),
            on_done=lambda _: self._take_signer(None),
            on_error=lambda error: self.went_wrong.emit(error, ""),
        )

    def write(self, file: str) -> None:
        """Write the report and check what was written."""
        selection = self.selection

        def done(_: None) -> None:
            self._session.running_changed.emit()
            self._session.stored.emit()
            self.written.emit(file)
            self.verify(file)

        self._session.track(
            Lane.REPORT,
            lambda ctx: self._door.write_report(file, selection, ctx),
            done,
            self.tr("Writing the report"),
        )

    def verify(self, file: str, evidence_dir: str | None = None) -> None:
        """Check a report; `verified` tells.

        Args:
            file: the report.
            evidence_dir: a folder with the exhibits' files; None leaves them out.
        """
        self._jobs.start(
            Lane.REPORT,
            lambda _: self._door.verify_report(file, evidence_dir),
            on_done=lambda checks: self._tell_verified(file, checks),
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Checking the report")),
        )

    def _tell_verified(self, file: str, checks: tuple[Check, ...]) -> None:
        self.verified.emit(file, checks)

    def _take_signer(self, signer: Signer | None) -> None:
        self.signer = signer
        self.key_changed.emit()

    def _show(self, preview: Preview) -> None:
        self._layout = None
        self.preview = preview
        self._session.running_changed.emit()
        self.laid_out.emit(preview)

    def _tell_not_laid_out(self, error: BaseException) -> None:
        self._layout = None
        self._session.running_changed.emit()
        self.not_laid_out.emit(error)
        if not isinstance(error, InputError | Cancelled):
            self.went_wrong.emit(error, self.tr("Laying the report out"))

    def _take_page(self, index: int, image: object) -> None:
        self._pages.pop(index, None)
        self.page_ready.emit(index, image)

    def _page_failed(self, index: int, error: BaseException) -> None:
        self._pages.pop(index, None)
        if not isinstance(error, Cancelled):
            self.went_wrong.emit(error, self.tr("Showing the page"))

    def _forget(self) -> None:
        case = self._session.case
        key = None if case is None else case.file
        if key != self._case:
            self._case = key
            self.choose(ReportSelection())

    _case: str | None = None
