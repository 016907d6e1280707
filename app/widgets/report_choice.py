"""What goes into the report: exhibits, parts, and whose key signs it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import Exhibit, p_text, printable, state_text
from app.report_door import Signer
from app.row import band_name
from app.style import Theme
from app.widgets.fields import Panel, label
from engine.case_types import OPTIONAL_PARTS, ReportSelection

NUMBER_ROLE = Qt.ItemDataRole.UserRole


class ReportChoice(QWidget):
    """Exhibits, parts and signature.

    Args:
        theme: measures and colours.
    """

    chosen = Signal(object)
    """A ReportSelection."""
    key_asked = Signal()
    key_forgotten = Signal()
    write_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._filling = False
        self.all = QPushButton(self.tr("All"))
        self.all.setAccessibleName(self.tr("Report on all exhibits"))
        self.none = QPushButton(self.tr("None"))
        self.none.setAccessibleName(self.tr("Choose no exhibit"))
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Exhibits that go into the report"))
        self.list.setUniformItemSizes(True)
        self.list.itemChanged.connect(self._changed)
        self.all.clicked.connect(lambda: self._check_all(Qt.CheckState.Checked))
        self.none.clicked.connect(lambda: self._check_all(Qt.CheckState.Unchecked))
        names = {
            "custody": self.tr("Table of custody"),
            "notes": self.tr("Notes of the examiner"),
            "decisions": self.tr("Decision table"),
            "log": self.tr("Entries of the custody log"),
        }
        self.parts = {part: QCheckBox(names[part]) for part in OPTIONAL_PARTS}
        for part, box in self.parts.items():
            box.setAccessibleName(self.tr("In the report: {part}").format(part=names[part]))
            box.setChecked(True)
            box.toggled.connect(self._changed)
        self.signer = label("", wrap=True)
        self.key = QPushButton(self.tr("Choose a key …"))
        self.key.setAccessibleName(self.tr("Choose a key that signs the report"))
        self.forget = QPushButton(self.tr("Do not sign"))
        self.forget.setAccessibleName(self.tr("Forget the key and do not sign"))
        self.write = QPushButton(self.tr("Write report …"))
        self.write.setAccessibleName(self.tr("Write the report as PDF"))
        self.write.setObjectName("main")
        self.key.clicked.connect(self.key_asked)
        self.forget.clicked.connect(self.key_forgotten)
        self.write.clicked.connect(self.write_asked)
        self._lay_out()
        self.show_signer(None)

    @property
    def selection(self) -> ReportSelection | None:
        """What is chosen; None when no exhibit is."""
        rows = [self.list.item(row) for row in range(self.list.count())]
        numbers = tuple(
            int(item.data(NUMBER_ROLE))
            for item in rows
            if item.checkState() is Qt.CheckState.Checked
        )
        if not numbers:
            return None
        left_out = tuple(part for part, box in self.parts.items() if not box.isChecked())
        every = len(numbers) == len(rows)
        return ReportSelection(exhibits=() if every else numbers, left_out=left_out)

    def show_exhibits(self, exhibits: Sequence[Exhibit]) -> None:
        """Show what can be chosen; what was unchecked before stays so."""
        unchecked = {
            int(item.data(NUMBER_ROLE))
            for item in (self.list.item(row) for row in range(self.list.count()))
            if item.checkState() is not Qt.CheckState.Checked
        }
        self._filling = True
        self.list.clear()
        for each in sorted(exhibits, key=lambda each: each.number or 0):
            if each.number is None:
                continue
            item = QListWidgetItem(f"{each.number}  ·  {each.name}  ·  {self._said(each)}")
            item.setData(NUMBER_ROLE, each.number)
            item.setToolTip(printable(each.path))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            checked = each.number not in unchecked
            item.setCheckState(Qt.CheckState.Checked if checked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self._filling = False

    def forget_choice(self) -> None:
        """Choose everything again, as for another case."""
        self._filling = True
        self.list.clear()
        for box in self.parts.values():
            box.setChecked(True)
        self._filling = False

    def show_signer(self, signer: Signer | None) -> None:
        """Show whose key signs."""
        if signer is None:
            self.signer.setText(self.tr("Not signed. Choose a PKCS#12 or PEM key to sign."))
        else:
            text = self.tr("Signed by {subject}\nIssued by {issuer}\nValid {valid}")
            self.signer.setText(
                text.format(
                    subject=printable(signer.subject),
                    issuer=printable(signer.issuer),
                    valid=printable(signer.valid),
                )
            )
        self.forget.setEnabled(signer is not None)

    def _lay_out(self) -> None:
        exhibits = Panel(self._theme, self.tr("EXHIBITS"), self.all, self.none)
        exhibits.body.addWidget(self.list, 1)
        parts = Panel(self._theme, self.tr("PARTS"))
        for box in self.parts.values():
            parts.body.addWidget(box)
        why = self.tr(
            "Question, exhibits, methods, results, failures, limitations, conclusion, how to "
            "repeat it, the log's head and the declaration are always in: without them nobody "
            "can judge the result. The cover names what is left out."
        )
        parts.body.addWidget(label(why, "muted", wrap=True))
        sign = Panel(self._theme, self.tr("SIGNATURE"))
        sign.body.addWidget(self.signer)
        keys = QHBoxLayout()
        keys.setSpacing(self._theme.space(2))
        keys.addWidget(self.key)
        keys.addWidget(self.forget)
        keys.addStretch()
        sign.body.addLayout(keys)
        sign.body.addSpacing(self._theme.space(2))
        sign.body.addWidget(self.write)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(1)
        rows.addWidget(exhibits, 1)
        rows.addWidget(parts)
        rows.addWidget(sign)

    def _said(self, exhibit: Exhibit) -> str:
        if exhibit.outcome is None or exhibit.p_ai is None:
            return state_text(exhibit)
        return f"{band_name(exhibit.outcome)} {p_text(exhibit.p_ai)}"

    def _check_all(self, state: Qt.CheckState) -> None:
        self._filling = True
        for row in range(self.list.count()):
            self.list.item(row).setCheckState(state)
        self._filling = False
        self._changed()

    def _changed(self) -> None:
        if not self._filling:
            self.write.setEnabled(self.selection is not None)
            self.chosen.emit(self.selection)
