"""What was compared with a camera: one line an exhibit, those that show its pattern first."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.camera_words import answer_words, details_words, family_words, limit_words
from app.row import display_name
from app.style import Theme
from app.widgets.elided import ElidedLabel
from app.widgets.plain_table import RowsModel, make_table
from engine.trace_types import CameraAnswer, CaseFingerprint, Comparison

NUMBER, NAME, ANSWER, PCE, DETAILS = range(5)
WIDTHS = {NUMBER: 12, NAME: 42, ANSWER: 32, PCE: 20}

ORDER = (
    CameraAnswer.SHOWN,
    CameraAnswer.UNDECIDED,
    CameraAnswer.FAILED,
    CameraAnswer.NOT_SHOWN,
    CameraAnswer.BEHIND,
)
"""What needs a look stands first."""


class ComparedModel(RowsModel[Comparison]):
    """Comparisons as the table sees them."""

    def __init__(self, theme: Theme, parent: QObject | None = None) -> None:
        super().__init__(theme, code=-1, right=frozenset((NUMBER, PCE)), parent=parent)
        self.heads = (
            self.tr("No."),
            self.tr("Picture"),
            self.tr("Camera's pattern"),
            self.tr("PCE"),
            self.tr("Where, or why not"),
        )
        self._names: Mapping[int, str] = {}

    def show_compared(self, comparisons: tuple[Comparison, ...], names: Mapping[int, str]) -> None:
        """Show comparisons, the most telling ones first.

        Args:
            comparisons: with one camera.
            names: exhibit number -> name of its file.
        """
        self._names = names
        ordered = sorted(
            comparisons,
            key=lambda each: (ORDER.index(each.answer), -(each.pce or 0.0), each.exhibit or 0),
        )
        self.show_rows(tuple(ordered))

    def tip(self, row: Comparison, column: int) -> str | None:
        """Return the name, or all there is to say."""
        return {NAME: self._name(row), DETAILS: details_words(row)}.get(column) or None

    def colour(self, row: Comparison, column: int) -> QColor | None:
        """Return the colour of text that is less important."""
        if row.answer is not CameraAnswer.SHOWN or column == DETAILS:
            return QColor(self.theme.colours.text_muted)
        return None

    def text(self, row: Comparison, column: int) -> str:
        """Return what was found, column by column."""
        return {
            NUMBER: "" if row.exhibit is None else str(row.exhibit),
            NAME: self._name(row),
            ANSWER: answer_words(row.answer),
            PCE: "" if row.pce is None else f"{row.pce:,.1f}".replace("-", "−"),
            DETAILS: details_words(row),
        }[column]

    def _name(self, row: Comparison) -> str:
        known = None if row.exhibit is None else self._names.get(row.exhibit)
        return known or display_name(row.path)


class ComparedList(QWidget):
    """The comparisons with one camera, and the way to the exhibits.

    Args:
        theme: measures and colours.
    """

    exhibit_asked = Signal(int)
    """Number of an exhibit that is to be looked at with the camera."""
    triage_asked = Signal()
    """The exhibits that show the camera's pattern are to be seen in triage."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.words = ElidedLabel()
        self.words.setObjectName("muted")
        self.matches = QPushButton(self.tr("Matches in triage"))
        self.matches.setAccessibleName(
            self.tr("Show the exhibits with the camera's pattern in triage")
        )
        self.model = ComparedModel(theme, self)
        self.view = make_table(self.model, theme, WIDTHS, DETAILS)
        self.view.setAccessibleName(self.tr("What was compared with the chosen camera"))
        self.view.horizontalHeader().setAccessibleName(self.tr("Columns of the comparisons"))
        self.view.verticalHeader().setAccessibleName(self.tr("Rows of the comparisons"))
        line = QHBoxLayout()
        line.setSpacing(theme.space(2))
        line.addWidget(self.words, 1)
        line.addWidget(self.matches)
        rows = QVBoxLayout(self)
        rows.setContentsMargins(theme.space(4), theme.space(3), theme.space(4), 0)
        rows.setSpacing(theme.space(2))
        rows.addLayout(line)
        rows.addWidget(self.view, 1)
        self.matches.clicked.connect(self.triage_asked)
        self.view.activated.connect(self._open)
        self.show_camera(None, {})

    def show_camera(self, camera: CaseFingerprint | None, names: Mapping[int, str]) -> None:
        """Show what was compared with a camera; None for none.

        Args:
            camera: of the case.
            names: exhibit number -> name of its file.
        """
        self.model.show_compared(camera.comparisons if camera else (), names)
        summary = camera.summary if camera else None
        self.matches.setEnabled(camera is not None and camera.shown > 0)
        if summary is None or not summary.total:
            self.words.setText(self.tr("Nothing was compared with it yet."))
        elif summary.correlated:
            self.words.setText(limit_words(summary))
        else:
            self.words.setText(self.tr("Nothing could be compared with it."))
        some = summary is not None and summary.correlated > 0
        self.words.setToolTip(family_words(summary) if summary and some else "")

    def _open(self) -> None:
        rows = self.view.selectionModel().selectedRows()
        number = self.model.rows[rows[0].row()].exhibit if rows else None
        if number is not None:
            self.exhibit_asked.emit(number)
