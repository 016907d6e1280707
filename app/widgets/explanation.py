"""The explanation: generated text as it comes, then sentences tied to places and findings."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QEnterEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QVBoxLayout, QWidget

from app.stage import Result
from app.style import Theme
from app.widgets.places import letter
from engine.types import Examination, ExplanationKind, Extent, Region, Sentence

FOLLOW_PX = 24
"""So near to its end the text that is being written is followed."""


def explained_regions(examination: Examination) -> tuple[Region, ...]:
    """Return the places of an explanation, each once, in order of appearance, then edited parts.

    Args:
        examination: the result.
    """
    locality = examination.locality
    spoken = [region for each in examination.explanation for region in each.regions]
    edited = locality.regions if locality and locality.extent is Extent.LOCAL else ()
    return tuple(dict.fromkeys((*spoken, *edited)))


class SentenceRow(QFrame):
    """One sentence; pointing at it by mouse or keyboard lights its places.

    Args:
        number: 1 for the first.
        sentence: what it says and rests on.
        tags: letters of its places and ids of its findings.
        theme: measures.
    """

    pointed = Signal(object)
    """Its regions, or an empty tuple when it is left."""
    cited = Signal(object)
    """Ids of its findings, or an empty tuple when it is left."""
    finding_asked = Signal(str)
    """Id of the finding that the operator wants to see."""

    def __init__(
        self, number: int, sentence: Sentence, tags: tuple[str, ...], theme: Theme
    ) -> None:
        super().__init__()
        self.setObjectName("sentence")
        self.sentence = sentence
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(
            self.tr("Sentence {number}: {text}").format(number=number, text=sentence.text)
        )
        if tags:
            self.setAccessibleDescription(self.tr("Rests on {tags}").format(tags=", ".join(tags)))
        figure = QLabel(str(number))
        figure.setObjectName("muted")
        figure.setFixedWidth(theme.space(4))
        text = QLabel(sentence.text)
        text.setObjectName("prose")
        text.setWordWrap(True)
        text.setTextFormat(Qt.TextFormat.PlainText)
        right = QVBoxLayout()
        right.setSpacing(theme.space(1))
        right.addWidget(text)
        if tags:
            right.addLayout(_tag_row(tags, theme))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space(2), theme.space(2), theme.space(2), theme.space(2))
        layout.setSpacing(theme.space(1))
        layout.addWidget(figure, 0, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(right, 1)

    def enterEvent(self, event: QEnterEvent) -> None:  # noqa: N802 - Qt's name
        """Light its places."""
        super().enterEvent(event)
        self._point(True)

    def leaveEvent(self, event: QEvent) -> None:  # noqa: N802 - Qt's name
        """Light nothing, unless the keyboard is still here."""
        super().leaveEvent(event)
        self._point(self.hasFocus())

    def focusInEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Light its places."""
        super().focusInEvent(event)
        self._point(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:  # noqa: N802 - Qt's name
        """Light nothing."""
        super().focusOutEvent(event)
        self._point(False)

    def mousePressEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the first finding it cites."""
        super().mousePressEvent(event)
        self._ask_for_finding()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go to the first finding it cites with Enter, as the mouse does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._ask_for_finding()
        else:
            super().keyPressEvent(event)

    def _ask_for_finding(self) -> None:
        if self.sentence.cites:
            self.finding_asked.emit(self.sentence.cites[0])

    def _point(self, on: bool) -> None:
        self.pointed.emit(self.sentence.regions if on else ())
        self.cited.emit(self.sentence.cites if on else ())

    def mark(self, on: bool) -> None:
        """Show that its place is pointed at in the picture."""
        self.setProperty("lit", on)
        self.style().unpolish(self)
        self.style().polish(self)


class ExplanationPanel(QFrame):
    """The explanation of the chosen exhibit.

    Args:
        theme: measures and colours.
    """

    pointed = Signal(object)
    """Regions to light."""
    cited = Signal(object)
    """Ids of findings to light."""
    finding_asked = Signal(str)
    """Id of a finding to show."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._rows: list[SentenceRow] = []
        self._regions: tuple[Region, ...] = ()
        self._shown: tuple[Sentence, ...] = ()
        self.setAccessibleName(self.tr("Explanation"))
        self.label = QLabel()
        self.label.setObjectName("chip")
        self.stream = QLabel()
        self.stream.setObjectName("prose")
        self.stream.setWordWrap(True)
        self.stream.setTextFormat(Qt.TextFormat.PlainText)
        self.stream.setAccessibleName(self.tr("Explanation while it is written"))
        self.note = QLabel()
        self.note.setObjectName("muted")
        self.note.setWordWrap(True)
        self._lay_out()
        self.show_note("")

    @property
    def rows(self) -> tuple[SentenceRow, ...]:
        """The sentences that are shown."""
        return tuple(self._rows)

    @property
    def regions(self) -> tuple[Region, ...]:
        """The places of explanation and statement, in the order of their letters."""
        return self._regions

    def show_note(self, text: str) -> None:
        """Show words instead of an explanation."""
        self._clear()
        self.note.setText(text)

    def show_stream(self, text: str) -> None:
        """Show what has been generated so far; called again with the longer text."""
        if self._rows or not self.stream.isVisibleTo(self):
            self._clear()
            self.stream.show()
            self._name_writer(ExplanationKind.GENERATED)
            self.label.show()
            self.note.setText(self.tr("The model is writing …"))
        bar = self._area.verticalScrollBar()
        # Whoever scrolled up to read is not taken back to the end with every word.
        follows = bar.value() >= bar.maximum() - FOLLOW_PX
        self.stream.setText(text)
        if follows:
            self._inner.adjustSize()
            bar.setValue(bar.maximum())

    def show_result(self, result: Result) -> None:
        """Show the sentences that passed the checks.

        Rows that say the same already are kept, with the keyboard where it is: a result is
        shown again when the case has taken it in.
        """
        examination = result.examination
        sentences = examination.explanation
        if not sentences or sentences != self._shown:
            self._clear()
            self._regions = explained_regions(examination)
            self._show_sentences(sentences)
        self._name_writer(examination.explanation_kind)
        self.label.setVisible(bool(sentences))
        if examination.ok:
            self.note.setText(self._summary(len(sentences), examination.dropped_sentences))
        else:
            self.note.setText(self.tr("Nothing to explain: the file was not examined."))

    def _show_sentences(self, sentences: tuple[Sentence, ...]) -> None:
        self._shown = sentences
        for number, sentence in enumerate(sentences, start=1):
            letters = tuple(letter(self._regions.index(r)) for r in dict.fromkeys(sentence.regions))
            row = SentenceRow(number, sentence, (*letters, *sentence.cites), self._theme)
            row.pointed.connect(self.pointed)
            row.cited.connect(self.cited)
            row.finding_asked.connect(self.finding_asked)
            self._rows.append(row)
            self._list.insertWidget(self._list.count() - 2, row)
            # A layout shows what it takes in only later; until then a row takes no focus.
            row.show()

    def _name_writer(self, kind: ExplanationKind) -> None:
        if kind is ExplanationKind.RENDERED:
            self.label.setText(self.tr("rendered from the findings"))
            self.label.setToolTip(
                self.tr("The program worded the findings; no language model took part.")
            )
            return
        self.label.setText(self.tr("generated by the model"))
        self.label.setToolTip(
            self.tr(
                "A language model chose these sentences among those that the findings allow. They "
                "illustrate; they are not the ground of the verdict."
            )
        )

    def mark_place(self, index: int | None) -> None:
        """Mark the sentences that speak of a place; None marks nothing."""
        region = None if index is None else self._regions[index]
        for row in self._rows:
            row.mark(region is not None and region in row.sentence.regions)

    def mark_finding(self, finding_id: str | None) -> None:
        """Mark the sentences that cite a finding; None marks nothing."""
        for row in self._rows:
            row.mark(finding_id is not None and finding_id in row.sentence.cites)

    def go_to_place(self, index: int) -> None:
        """Scroll to the first sentence of a place and give it the keyboard."""
        for row in self._rows:
            if self._regions[index] in row.sentence.regions:
                self._area.ensureWidgetVisible(row)
                row.setFocus(Qt.FocusReason.OtherFocusReason)
                return

    def _summary(self, kept: int, dropped: int) -> str:
        if not kept and not dropped:
            return self.tr("No explanation was written.")
        if not dropped:
            return self.tr("Every sentence passed the checks.")
        return self.tr("Sentences left out by the checks: {dropped}.").format(dropped=dropped)

    def _clear(self) -> None:
        for row in self._rows:
            self._list.removeWidget(row)
            row.hide()
            row.deleteLater()
        self._rows.clear()
        self._regions, self._shown = (), ()
        self.stream.clear()
        self.stream.hide()
        self.label.hide()
        self.note.clear()

    def _lay_out(self) -> None:
        space = self._theme.space
        title = QLabel(self.tr("EXPLANATION"))
        title.setObjectName("section")
        head = QHBoxLayout()
        head.setContentsMargins(space(4), space(3), space(4), space(1))
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.label)
        inner = self._inner = QWidget()
        inner.setObjectName("panel")
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(space(2), 0, space(2), space(2))
        self._list.setSpacing(0)
        self.stream.setContentsMargins(space(2), space(2), space(2), space(2))
        self.note.setContentsMargins(space(2), space(2), space(2), 0)
        self._list.addWidget(self.stream)
        self._list.addWidget(self.note)
        self._list.addStretch()
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Sentences of the explanation"))
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setWidget(inner)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self._area, 1)


def _tag_row(tags: tuple[str, ...], theme: Theme) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.space(1))
    for tag in tags:
        chip = QLabel(tag)
        chip.setObjectName("tag")
        row.addWidget(chip)
    row.addStretch()
    return row
