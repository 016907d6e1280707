"""What the case is about: a form that keeps what is typed as soon as a field is left."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QLineEdit, QWidget

from app.style import Theme
from app.widgets.fields import Panel, ProseEdit, label
from engine.case_types import CaseInfo

QUESTION_STEPS, PROPOSITION_STEPS = 13, 13


class CaseDetails(Panel):
    """Title, persons, question and propositions.

    Args:
        theme: measures.
    """

    changed = Signal(dict)
    """Fields of `CaseInfo` with their new values."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("CASE"))
        self._info: CaseInfo | None = None
        self._names = {
            "title": self.tr("Title"),
            "number": self.tr("Number"),
            "requester": self.tr("Requested by"),
            "laboratory": self.tr("Laboratory"),
            "examiner": self.tr("Examiner"),
            "reviewer": self.tr("Reviewer"),
        }
        self.lines = {name: self._line(name) for name in self._names}
        self.question = self._prose(theme, QUESTION_STEPS, self.tr("Question"))
        self.propositions = (
            self._prose(theme, PROPOSITION_STEPS, self.tr("First proposition")),
            self._prose(theme, PROPOSITION_STEPS, self.tr("Second proposition")),
        )
        self._lay_out(theme)

    def show_info(self, info: CaseInfo, *, editable: bool) -> None:
        """Show what a case says of itself; a field that is being written in stays.

        Args:
            info: of the open case.
            editable: whether it can be changed.
        """
        other = self._info is None or self._info.id != info.id
        self._info = info
        for name, line in self.lines.items():
            line.setReadOnly(not editable)
            if other or not line.hasFocus():
                line.setText(getattr(info, name))
                line.setCursorPosition(0)
        texts = (info.question, *info.propositions)
        for field, text in zip((self.question, *self.propositions), texts, strict=True):
            field.setReadOnly(not editable)
            if other or not field.hasFocus():
                field.setPlainText(text)

    def _line(self, name: str) -> QLineEdit:
        line = QLineEdit()
        line.setAccessibleName(self._names[name])
        line.editingFinished.connect(lambda: self._keep_line(name))
        return line

    def _prose(self, theme: Theme, steps: int, name: str) -> ProseEdit:
        field = ProseEdit(theme.space(steps))
        field.setAccessibleName(name)
        field.left.connect(self._keep_prose)
        return field

    def _lay_out(self, theme: Theme) -> None:
        space = theme.space
        self.body.addSpacing(space(1))
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(1))
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        rows: list[list[tuple[str, QWidget]]] = [
            [(self._names["title"], self.lines["title"])],
            [("number", self.lines["number"]), ("requester", self.lines["requester"])],
            [("laboratory", self.lines["laboratory"])],
            [("examiner", self.lines["examiner"]), ("reviewer", self.lines["reviewer"])],
            [(self.tr("Question, in the words of who asked"), self.question)],
            [(self.tr("First proposition"), self.propositions[0])],
            [(self.tr("Second proposition"), self.propositions[1])],
        ]
        for number, row in enumerate(rows):
            span = 3 - len(row)
            for column, (name, field) in enumerate(row):
                says = label(self._names.get(name, name), "muted")
                says.setBuddy(field)
                grid.addWidget(says, 3 * number, column, 1, span)
                grid.addWidget(field, 3 * number + 1, column, 1, span)
            grid.setRowMinimumHeight(3 * number + 2, space(1))
        self.body.addLayout(grid)
        self.body.addStretch()

    def _keep_line(self, name: str) -> None:
        text = self.lines[name].text()
        if self._info is not None and text != getattr(self._info, name):
            self.changed.emit({name: text})

    def _keep_prose(self) -> None:
        info = self._info
        if info is None:
            return
        changes: dict[str, object] = {}
        if self.question.toPlainText() != info.question:
            changes["question"] = self.question.toPlainText()
        said = (self.propositions[0].toPlainText(), self.propositions[1].toPlainText())
        if said != info.propositions:
            changes["propositions"] = said
        if changes:
            self.changed.emit(changes)
