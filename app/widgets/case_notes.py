"""The examiner's notes on the case as a whole: what was written, and a field for the next one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QPushButton, QScrollArea, QVBoxLayout, QWidget

from app.exhibits import printable
from app.style import Theme
from app.widgets.fields import Panel, ProseEdit, label
from engine.mark_types import Note

FIELD_STEPS = 14


class CaseNotes(Panel):
    """Notes of the case.

    Args:
        theme: measures.
    """

    written = Signal(str)
    """The text of a new note."""

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("NOTES ON THE CASE"))
        self._theme = theme
        self.field = ProseEdit(theme.space(FIELD_STEPS))
        self.field.setAccessibleName(self.tr("New note on the case"))
        self.field.setPlaceholderText(
            self.tr("What you observed, or still have to ask. A note stays as it is written.")
        )
        self.keep = QPushButton(self.tr("Keep note"))
        self.keep.setAccessibleName(self.tr("Keep the note on the case"))
        self.keep.clicked.connect(self._write)
        self.field.textChanged.connect(self._update)
        self._list = QVBoxLayout()
        self._list.setContentsMargins(0, 0, 0, 0)
        self._list.setSpacing(theme.space(2))
        self._writable = False
        inner = QWidget()
        inner.setObjectName("panel")
        whole = QVBoxLayout(inner)
        whole.setContentsMargins(0, 0, theme.space(2), 0)
        whole.addLayout(self._list)
        whole.addStretch()
        area = QScrollArea()
        area.setWidget(inner)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.addWidget(area, 1)
        self.body.addWidget(self.field)
        self.body.addWidget(self.keep, 0, Qt.AlignmentFlag.AlignRight)
        self._update()

    @property
    def shown(self) -> tuple[str, ...]:
        """The texts that are shown, the newest first."""
        return self._texts

    def show_notes(self, notes: tuple[Note, ...], *, writable: bool) -> None:
        """Show what was written.

        Args:
            notes: that stand, in order; those on exhibits are left out.
            writable: whether another one can be kept.
        """
        self._writable = writable
        while (item := self._list.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.deleteLater()
        own = [note for note in reversed(notes) if note.exhibit is None]
        self._texts = tuple(note.text for note in own)
        for note in own:
            self._list.addWidget(self._row(note))
        if not own:
            self._list.addWidget(label(self.tr("None yet."), "muted"))
        self.field.setReadOnly(not writable)
        self._update()

    _texts: tuple[str, ...] = ()

    def _row(self, note: Note) -> QWidget:
        box = QFrame()
        box.setObjectName("note")
        rows = QVBoxLayout(box)
        space = self._theme.space
        rows.setContentsMargins(space(3), space(2), space(3), space(2))
        rows.setSpacing(0)
        text = label("\n".join(map(printable, note.text.splitlines())), wrap=True)
        text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        time = note.written_utc[:16].replace("T", " ")
        rows.addWidget(text)
        rows.addWidget(label(f"{printable(note.author)}  ·  {time} UTC", "muted"))
        return box

    def _write(self) -> None:
        text = self.field.toPlainText().strip()
        self.field.clear()
        self.written.emit(text)

    def _update(self) -> None:
        self.keep.setEnabled(self._writable and bool(self.field.toPlainText().strip()))
