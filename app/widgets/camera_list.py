"""The cameras of the case: what their fingerprints were made of, and what was compared."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPushButton,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import printable
from app.style import Theme
from app.widgets.compared_list import ComparedList
from app.widgets.fields import label
from app.widgets.plain_table import RowsModel, make_table
from engine.trace_types import CaseFingerprint
from engine.types import Outcome

CAMERA, PICTURES, SIZE, COMPARED, STATE = range(5)
WIDTHS = {PICTURES: 22, SIZE: 24, COMPARED: 38, STATE: 34}


class CameraModel(RowsModel[CaseFingerprint]):
    """The cameras as the table sees them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, code=-1, parent=parent)
        self.heads = (
            self.tr("Camera"),
            self.tr("Made of"),
            self.tr("Size, px"),
            self.tr("Compared"),
            self.tr("File"),
        )

    def tip(self, row: CaseFingerprint, column: int) -> str | None:
        """Return a camera's whole name, who made its fingerprint and when, and its hash."""
        made = self.tr("Made {when} UTC by {operator}").format(
            when=row.made_utc[:19].replace("T", " "), operator=printable(row.operator)
        )
        about = f"{printable(row.camera)}\n{made}\nSHA-256 {row.sha256}"
        return about if column in (CAMERA, STATE) else None

    def colour(self, row: CaseFingerprint, column: int) -> QColor | None:
        """Return the colour of warning for a file that is not the one of the log."""
        if row.state != "present" and column in (CAMERA, STATE):
            return self.theme.band_colour(Outcome.AI)
        if column not in (CAMERA, PICTURES, COMPARED):
            return QColor(self.theme.colours.text_muted)
        return None

    def text(self, row: CaseFingerprint, column: int) -> str:
        """Return what is known of a camera, column by column."""
        states = {
            "present": self.tr("as logged"),
            "missing": self.tr("MISSING"),
            "changed": self.tr("WAS CHANGED"),
        }
        return {
            CAMERA: printable(row.camera) or self.tr("(without a name)"),
            PICTURES: self.tr("{count} pictures").format(count=f"{row.pictures:,}"),
            SIZE: printable(row.size).replace(" x ", " × "),
            COMPARED: self._compared(row),
            STATE: states[row.state],
        }[column]

    def _compared(self, camera: CaseFingerprint) -> str:
        if not camera.compared:
            return self.tr("nothing yet")
        return self.tr("pattern in {shown} of {total}").format(
            shown=f"{camera.shown:,}", total=f"{camera.compared:,}"
        )


class CameraList(QWidget):
    """The cameras, and what can be done with the chosen one.

    Args:
        theme: measures and colours.
    """

    compare_asked = Signal(object)
    """A CaseFingerprint that a picture is to be compared with."""
    compare_all_asked = Signal(object)
    """A CaseFingerprint that all exhibits are to be compared with."""
    exhibit_asked = Signal(object, object)
    """A CaseFingerprint, and the number of the exhibit that is to be looked at with it."""
    matches_asked = Signal(object)
    """A CaseFingerprint whose matches are to be seen in triage."""
    remove_asked = Signal(object)
    """A CaseFingerprint that is to be taken off the case."""
    triage_asked = Signal()
    """Pictures of a camera are to be chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._writable, self._exhibits, self._comparing = False, 0, False
        self._names: Mapping[int, str] = {}
        self.words = label("", "muted")
        self.compare_all = QPushButton(self.tr("Compare with all exhibits"))
        self.compare_all.setObjectName("main")
        self.compare_all.setAccessibleName(self.tr("Compare the chosen camera with all exhibits"))
        self.compare = QPushButton(self.tr("With a picture"))
        self.compare.setAccessibleName(self.tr("Compare the chosen camera with a picture"))
        self.remove = QPushButton(self.tr("Remove …"))
        self.remove.setAccessibleName(self.tr("Remove the chosen camera from the case"))
        self.model = CameraModel(theme, self)
        self.view = make_table(self.model, theme, WIDTHS, CAMERA)
        self.view.setAccessibleName(self.tr("Cameras of the case"))
        self.view.horizontalHeader().setAccessibleName(self.tr("Columns of the cameras"))
        self.view.verticalHeader().setAccessibleName(self.tr("Rows of the cameras"))
        self.compared = ComparedList(theme)
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._both())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.compare.clicked.connect(self._compare)
        self.compare_all.clicked.connect(lambda: self.compare_all_asked.emit(self.chosen))
        self.compared.exhibit_asked.connect(
            lambda number: self.exhibit_asked.emit(self.chosen, number)
        )
        self.compared.triage_asked.connect(lambda: self.matches_asked.emit(self.chosen))
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.chosen))
        self.view.activated.connect(self._compare)
        self.view.selectionModel().selectionChanged.connect(self._show_chosen)
        self._update()

    @property
    def chosen(self) -> CaseFingerprint | None:
        """The camera whose row is chosen."""
        rows = self.view.selectionModel().selectedRows()
        return self.model.rows[rows[0].row()] if rows else None

    def show_cameras(self, cameras: tuple[CaseFingerprint, ...], names: Mapping[int, str]) -> None:
        """Show the cameras of a case, in the order in which they were made.

        Args:
            cameras: of the case, with what was compared with each.
            names: exhibit number -> name of its file.
        """
        self._names = names
        before = self.chosen.sha256 if self.chosen else ""
        self.model.show_rows(cameras)
        self._stack.setCurrentIndex(1 if cameras else 0)
        kept = [row for row, each in enumerate(cameras) if each.sha256 == before]
        if cameras:
            self.view.selectRow(kept[0] if kept else 0)
        self._show_chosen()

    def show_state(self, *, writable: bool, exhibits: int, comparing: bool) -> None:
        """Enable what can be done now.

        Args:
            writable: whether the case can be written.
            exhibits: how many there are.
            comparing: whether exhibits are being compared with a camera already.
        """
        self._writable, self._exhibits, self._comparing = writable, exhibits, comparing
        self._update()

    def _show_chosen(self) -> None:
        self.compared.show_camera(self.chosen, self._names)
        self._update()

    def _update(self) -> None:
        chosen = self.chosen
        usable = chosen is not None and chosen.state == "present"
        some = self._exhibits > 0
        self.compare.setEnabled(usable and some)
        self.compare_all.setEnabled(usable and some and self._writable and not self._comparing)
        self.remove.setEnabled(chosen is not None and self._writable)
        self.choose.setEnabled(self._writable and some)
        self.words.setText(
            self.tr("Each comparison is kept in the log.")
            if usable or chosen is None
            else self.tr("Its file is not the one of the log: restore it, or make it again.")
        )

    def _compare(self) -> None:
        if self.compare.isEnabled():
            self.compare_asked.emit(self.chosen)

    def _both(self) -> QWidget:
        both = QSplitter(Qt.Orientation.Horizontal)
        both.setObjectName("lines")
        both.setChildrenCollapsible(False)
        both.setHandleWidth(1)
        both.addWidget(self._table())
        both.addWidget(self.compared)
        both.setStretchFactor(0, 4)
        both.setStretchFactor(1, 5)
        both.setSizes([self._theme.space(174), self._theme.space(176)])
        return both

    def _table(self) -> QWidget:
        space = self._theme.space
        box = QWidget()
        box.setObjectName("panel")
        box.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        rows = QVBoxLayout(box)
        rows.setContentsMargins(space(4), space(3), space(4), 0)
        rows.setSpacing(space(2))
        line = QHBoxLayout()
        line.setSpacing(space(2))
        line.addWidget(self.words)
        line.addStretch()
        line.addWidget(self.compare_all)
        line.addWidget(self.compare)
        line.addWidget(self.remove)
        rows.addLayout(line)
        rows.addWidget(self.view, 1)
        return box

    def _nothing(self) -> QWidget:
        theme, centre = self._theme, Qt.AlignmentFlag.AlignHCenter
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), theme.space(4))
        rows.setSpacing(theme.space(2))
        rows.addStretch(1)
        rows.addWidget(label(self.tr("No camera yet"), "title"), 0, centre)
        text = label(
            self.tr(
                "Every sensor leaves its own pattern in its pictures. Choose pictures of one "
                "camera in triage, better 30 or more, and make its fingerprint. Then each exhibit "
                "can be asked whether it came from that camera, and which part did not."
            ),
            "muted",
            wrap=True,
        )
        text.setAlignment(centre)
        text.setFixedWidth(theme.space(140))
        text.setMinimumHeight(text.heightForWidth(theme.space(140)))
        rows.addWidget(text, 0, centre)
        self.choose = QPushButton(self.tr("Choose pictures in triage"))
        self.choose.setAccessibleName(self.tr("Choose a camera's pictures in triage"))
        self.choose.clicked.connect(self.triage_asked)
        rows.addWidget(self.choose, 0, centre)
        rows.addStretch(2)
        return box
