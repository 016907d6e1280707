"""The cameras of the case: what their fingerprints were made of, and what was compared."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QStackedWidget, QVBoxLayout, QWidget

from app.exhibits import printable
from app.style import Theme
from app.widgets.fields import label
from app.widgets.plain_table import HASH_SHOWN, RowsModel, make_table
from engine.trace_types import CaseFingerprint
from engine.types import Outcome

CAMERA, PICTURES, SIZE, MADE, OPERATOR, COMPARED, STATE, HASH = range(8)
WIDTHS = {PICTURES: 28, SIZE: 28, MADE: 38, OPERATOR: 28, COMPARED: 46, STATE: 34, HASH: 36}


class CameraModel(RowsModel[CaseFingerprint]):
    """The cameras as the table sees them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, code=HASH, parent=parent)
        self.heads = (
            self.tr("Camera"),
            self.tr("Made of"),
            self.tr("Size, px"),
            self.tr("Made, UTC"),
            self.tr("Operator"),
            self.tr("Compared"),
            self.tr("File"),
            self.tr("Hash"),
        )

    def tip(self, row: CaseFingerprint, column: int) -> str | None:
        """Return a camera's whole name, or its whole hash."""
        return {CAMERA: printable(row.camera), HASH: row.sha256}.get(column)

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
            MADE: row.made_utc[:19].replace("T", " "),
            OPERATOR: printable(row.operator),
            COMPARED: self._compared(row),
            STATE: states[row.state],
            HASH: row.sha256[:HASH_SHOWN],
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
    """A CaseFingerprint that pictures are to be compared with."""
    remove_asked = Signal(object)
    """A CaseFingerprint that is to be taken off the case."""
    triage_asked = Signal()
    """Pictures of a camera are to be chosen."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._writable, self._exhibits = False, 0
        self.words = label("", "muted")
        self.compare = QPushButton(self.tr("Compare with a picture"))
        self.compare.setAccessibleName(self.tr("Compare the chosen camera with a picture"))
        self.remove = QPushButton(self.tr("Remove …"))
        self.remove.setAccessibleName(self.tr("Remove the chosen camera from the case"))
        self.model = CameraModel(theme, self)
        self.view = make_table(self.model, theme, WIDTHS, CAMERA)
        self.view.setAccessibleName(self.tr("Cameras of the case"))
        self.view.horizontalHeader().setAccessibleName(self.tr("Columns of the cameras"))
        self.view.verticalHeader().setAccessibleName(self.tr("Rows of the cameras"))
        self._stack = QStackedWidget()
        self._stack.addWidget(self._nothing())
        self._stack.addWidget(self._table())
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self._stack)
        self.compare.clicked.connect(self._compare)
        self.remove.clicked.connect(lambda: self.remove_asked.emit(self.chosen))
        self.view.activated.connect(self._compare)
        self.view.selectionModel().selectionChanged.connect(self._update)
        self._update()

    @property
    def chosen(self) -> CaseFingerprint | None:
        """The camera whose row is chosen."""
        rows = self.view.selectionModel().selectedRows()
        return self.model.rows[rows[0].row()] if rows else None

    def show_cameras(self, cameras: tuple[CaseFingerprint, ...]) -> None:
        """Show the cameras of a case, in the order in which they were made."""
        before = self.chosen.sha256 if self.chosen else ""
        self.model.show_rows(cameras)
        self._stack.setCurrentIndex(1 if cameras else 0)
        kept = [row for row, each in enumerate(cameras) if each.sha256 == before]
        if cameras:
            self.view.selectRow(kept[0] if kept else 0)
        self._update()

    def show_state(self, *, writable: bool, exhibits: int) -> None:
        """Enable what can be done now.

        Args:
            writable: whether the case can be written.
            exhibits: how many there are.
        """
        self._writable, self._exhibits = writable, exhibits
        self._update()

    def _update(self) -> None:
        chosen = self.chosen
        usable = chosen is not None and chosen.state == "present"
        self.compare.setEnabled(usable and self._exhibits > 0)
        self.remove.setEnabled(chosen is not None and self._writable)
        self.choose.setEnabled(self._writable and self._exhibits > 0)
        self.words.setText(
            self.tr("Each comparison is kept in the log.")
            if usable or chosen is None
            else self.tr("Its file is not the one of the log: restore it, or make it again.")
        )

    def _compare(self) -> None:
        if self.compare.isEnabled():
            self.compare_asked.emit(self.chosen)

    def _table(self) -> QWidget:
        space = self._theme.space
        box = QWidget()
        rows = QVBoxLayout(box)
        rows.setContentsMargins(space(4), space(3), space(4), 0)
        rows.setSpacing(space(2))
        line = QHBoxLayout()
        line.setSpacing(space(2))
        line.addWidget(self.words)
        line.addStretch()
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
