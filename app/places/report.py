"""The place of the report: its real pages, what goes in, the signature, and checking reports."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import display_name, printable
from app.places.page import Page
from app.report_door import Check, Preview
from app.reporting import Reporting
from app.session import Session
from app.settings import Settings
from app.style import Theme
from app.widgets.check_list import CheckList
from app.widgets.elided import ElidedLabel
from app.widgets.fields import Panel, label
from app.widgets.page_view import PageView
from app.widgets.passphrase import PassphraseDialog
from app.widgets.report_choice import ReportChoice
from engine.case_types import ReportSelection
from engine.errors import Cancelled

BY_ITSELF = 60
"""Up to so many exhibits are laid out without being asked for: some ten seconds."""

LEFT_STEPS, RIGHT_STEPS = 84, 84


class ReportPlace(Page):
    """The report of the open case.

    Args:
        session: the open case.
        reporting: lays out, writes, checks.
        theme: measures and colours.
        settings: sizes.
    """

    key_asked = Signal()
    write_asked = Signal()
    verify_asked = Signal()
    verify_with_files_asked = Signal()

    def __init__(
        self, session: Session, reporting: Reporting, theme: Theme, settings: Settings
    ) -> None:
        super().__init__()
        self._session, self._reporting, self._theme = session, reporting, theme
        self._dialog: PassphraseDialog | None = None
        self._stale = True
        self.choice = ReportChoice(theme)
        self.view = PageView(theme)
        self.chapters = QComboBox()
        self.chapters.setAccessibleName(self.tr("Chapter of the report"))
        self.chapters.setMinimumWidth(theme.space(60))
        self.fit = self._small(self.tr("Fit"), self.tr("Make pages as wide as the view"))
        self.smaller = self._small("−", self.tr("Smaller pages"))
        self.larger = self._small("+", self.tr("Larger pages"))
        self.fit.setCheckable(True)
        self.fit.setChecked(True)
        self.percent = label("", "figure")
        self.number = label("", "figure")
        self.show_pages = QPushButton(self.tr("Show the pages"))
        self.show_pages.setAccessibleName(self.tr("Lay the report out and show its pages"))
        self.checks = CheckList(theme)
        self.checked = ElidedLabel()
        self.verify = QPushButton(self.tr("Check a report …"))
        self.verify.setAccessibleName(self.tr("Check a report, offline"))
        self.files = QPushButton(self.tr("With the files …"))
        self.files.setAccessibleName(self.tr("Check a report together with the exhibits' files"))
        self._splitter = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out(settings)
        self._connect()

    def begin(self) -> None:
        """Lay the report out if it is not what is shown."""
        self.view.setFocus()
        self._refresh()

    def keep_state(self, settings: Settings) -> None:
        """Remember the widths of the columns."""
        settings.keep_state("report", self._splitter.saveState())

    def _small(self, text: str, says: str) -> QPushButton:
        button = QPushButton(text)
        button.setToolTip(says)
        button.setAccessibleName(says)
        return button

    def _lay_out(self, settings: Settings) -> None:
        theme = self._theme
        right = self._make_check()
        for part in (self.choice, self._make_middle(), right):
            self._splitter.addWidget(part)
        self._splitter.setObjectName("lines")
        self._splitter.setChildrenCollapsible(False)
        self._splitter.setHandleWidth(1)
        self._splitter.setStretchFactor(1, 1)
        self._splitter.setSizes(
            [theme.space(LEFT_STEPS), theme.space(200), theme.space(RIGHT_STEPS)]
        )
        self.choice.setMinimumWidth(theme.space(64))
        right.setMinimumWidth(theme.space(64))
        self._splitter.restoreState(settings.state("report"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._splitter)

    def _make_middle(self) -> QWidget:
        theme = self._theme
        bar = QFrame()
        bar.setObjectName("strip")
        row = QHBoxLayout(bar)
        row.setContentsMargins(theme.space(3), theme.space(1), theme.space(3), theme.space(1))
        row.setSpacing(theme.space(2))
        row.addWidget(self.chapters)
        row.addWidget(self.number)
        row.addStretch()
        for button in (self.show_pages, self.smaller, self.percent, self.larger, self.fit):
            row.addWidget(button)
        middle = QWidget()
        rows = QVBoxLayout(middle)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(bar)
        rows.addWidget(self.view, 1)
        return middle

    def _make_check(self) -> Panel:
        theme = self._theme
        right = Panel(theme, self.tr("CHECK A REPORT"))
        right.body.addWidget(
            label(
                self.tr(
                    "Signature, every word and picture of the pages, the custody log and the "
                    "hashes, without a network. A report is checked as soon as it is written."
                ),
                "muted",
                wrap=True,
            )
        )
        buttons = QHBoxLayout()
        buttons.setSpacing(theme.space(2))
        buttons.addWidget(self.verify)
        buttons.addWidget(self.files)
        buttons.addStretch()
        right.body.addLayout(buttons)
        right.body.addSpacing(theme.space(2))
        self.checked.setObjectName("title")
        right.body.addWidget(self.checked)
        right.body.addWidget(self.checks, 1)
        return right

    def _connect(self) -> None:
        reporting, view, choice = self._reporting, self.view, self.choice
        self._session.case_changed.connect(self._case_changed)
        self._session.stored.connect(self._case_stored)
        choice.chosen.connect(self._choose)
        choice.key_asked.connect(self.key_asked)
        choice.key_forgotten.connect(reporting.forget_key)
        choice.write_asked.connect(self.write_asked)
        view.wanted.connect(reporting.render)
        view.zoomed.connect(reporting.forget_requests)
        view.zoomed.connect(self._show_zoom)
        view.moved.connect(self._show_number)
        self.chapters.activated.connect(self._go_to_chapter)
        self.fit.clicked.connect(view.fit)
        self.smaller.clicked.connect(lambda: view.zoom_by(-1))
        self.larger.clicked.connect(lambda: view.zoom_by(1))
        self.show_pages.clicked.connect(self._lay_pages_out)
        self.verify.clicked.connect(self.verify_asked)
        self.files.clicked.connect(self.verify_with_files_asked)
        reporting.laying_out.connect(self._show_laying_out)
        reporting.laid_out.connect(self._show_preview)
        reporting.not_laid_out.connect(self._show_no_preview)
        reporting.page_ready.connect(self._show_page)
        reporting.key_changed.connect(lambda: choice.show_signer(reporting.signer))
        reporting.passphrase_asked.connect(self._ask_passphrase)
        reporting.verified.connect(self._show_checks)

    def _case_changed(self) -> None:
        self._stale = True
        if self._session.case is None:
            self.choice.forget_choice()
            self.view.show_message("")

    def _case_stored(self) -> None:
        self._stale = True
        if self.isVisible():
            self._refresh()

    def _refresh(self) -> None:
        """Show the exhibits there are now, and lay the report out anew where it is stale."""
        exhibits = self._session.model.exhibits
        self.choice.show_exhibits(exhibits)
        self.choice.write.setEnabled(self.choice.selection is not None)
        if self._stale:
            self._choose(self.choice.selection)

    def _choose(self, selection: ReportSelection | None) -> None:
        self._stale = False
        if selection is None:
            self._reporting.drop()
            self.view.show_message(self.tr("Choose at least one exhibit on the left."))
            return
        self._reporting.choose(selection)
        count = len(selection.exhibits) or self._session.model.total
        self.show_pages.setVisible(count > BY_ITSELF)
        if count <= BY_ITSELF:
            self._show_laying_out()
            self._reporting.lay_out_soon()
        else:
            text = self.tr("{count} exhibits take a while to lay out.")
            self.view.show_message(text.format(count=f"{count:,}"))

    def _lay_pages_out(self) -> None:
        self._reporting.lay_out()

    def _show_laying_out(self) -> None:
        if not self.view.pages:
            self.view.show_message(self.tr("Laying the pages out …"))

    def _show_preview(self, preview: Preview) -> None:
        self.show_pages.hide()
        self.chapters.clear()
        for title, index in preview.chapters:
            self.chapters.addItem(printable(title), index)
        self.view.show_pages(preview.sizes_pt)
        self._show_number(self.view.current)
        self._show_zoom()

    def _show_no_preview(self, error: BaseException) -> None:
        self.show_pages.show()
        stopped = self.tr("Stopped. Nothing was written.")
        self.view.show_message(stopped if isinstance(error, Cancelled) else printable(str(error)))

    def _show_page(self, index: int, image: QImage) -> None:
        self.view.show_page(index, image)

    def _show_number(self, index: int) -> None:
        pages = self.view.pages
        text = self.tr("page {number} of {pages}").format(number=index + 1, pages=pages)
        self.number.setText(text if pages else "")
        places = [int(self.chapters.itemData(row)) for row in range(self.chapters.count())]
        before = [row for row, place in enumerate(places) if place <= index]
        if before:
            self.chapters.setCurrentIndex(before[-1])

    def _show_zoom(self) -> None:
        self.percent.setText(f"{round(100 * self.view.zoom)} %")
        self.fit.setChecked(self.view.fits)

    def _go_to_chapter(self, row: int) -> None:
        self.view.go_to(int(self.chapters.itemData(row)))

    def _ask_passphrase(self, key_file: str, wrong: bool) -> None:
        dialog = PassphraseDialog(key_file, wrong=wrong, theme=self._theme, parent=self.window())
        dialog.accepted.connect(lambda: self._reporting.load_key(key_file, dialog.take()))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_checks(self, file: str, checks: tuple[Check, ...]) -> None:
        failed = sum(check.outcome == "fail" for check in checks)
        passed = sum(check.outcome == "pass" for check in checks)
        result = (
            self.tr("{failed} FAILED").format(failed=failed)
            if failed
            else self.tr("{passed} hold").format(passed=passed)
        )
        self.checked.setText(f"{display_name(file)}: {result}")
        self.checks.show_checks(checks)
