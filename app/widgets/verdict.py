"""The verdict: a phrase, a number and a shape, then why."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from app.engine_door import Reliability, StatementPhrase
from app.exhibits import Exhibit, State
from app.sayings import said
from app.stage import Result
from app.style import Theme
from app.widgets.marks import paint_mark
from app.widgets.scale import ProbabilityScale
from engine.types import Outcome


class Mark(QWidget):
    """A band's mark.

    Args:
        theme: colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._shown = False
        self._outcome: Outcome | None = None
        self.setFixedSize(QSize(26, 26))
        theme.changed.connect(self.update)

    def show_band(self, outcome: Outcome | None) -> None:
        """Show the mark of a band; None is a file that was not examined."""
        self._shown, self._outcome = True, outcome
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._shown = False
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the mark."""
        if not self._shown:
            return
        painter = QPainter(self)
        box = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = self._theme.band(self._outcome).shape
        paint_mark(painter, shape, self._theme.band_colour(self._outcome), box)


class VerdictPanel(QFrame):
    """The verdict of the chosen exhibit.

    Args:
        theme: measures and colours.
    """

    how_to_read_asked = Signal()
    """The terms are to be explained."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._outcome: Outcome | None = None
        self.setAccessibleName(self.tr("Verdict"))
        self.mark = Mark(theme)
        self.headline = _label("verdict")
        self.headline.setAccessibleName(self.tr("Verdict"))
        self.probability = _label("figure_large")
        self.probability.setAccessibleName(self.tr("Probability"))
        self.scale = ProbabilityScale(theme)
        self.interval = _label("muted")
        self.interval.setAccessibleName(self.tr("Interval of the probability"))
        self.how_to_read = QPushButton(self.tr("How to read this"))
        self.how_to_read.setObjectName("link")
        self.how_to_read.setAccessibleName(self.tr("How to read this verdict"))
        self.how_to_read.setToolTip(self.tr("What the terms mean, and what they do not (F1)"))
        self.how_to_read.clicked.connect(self.how_to_read_asked)
        self.leading_kind = _label("section")
        self.leading_kind.setAccessibleName(self.tr("Statement or conflict"))
        self.leading = _label("statement")
        self.leading.setAccessibleName(self.tr("What the file and the verdict say together"))
        self.stated = _label("body")
        self.stated.setAccessibleName(self.tr("What the file and the verdict say together"))
        self.reason = _label("body")
        self.reason.setAccessibleName(self.tr("Why"))
        self.support = _label("body")
        self.support.setAccessibleName(self.tr("Likelihood ratio"))
        self.propositions = _label("muted")
        self.propositions.setAccessibleName(self.tr("Propositions"))
        self.error_rates = _label("muted")
        self.error_rates.setAccessibleName(self.tr("Error rates"))
        self.coverage = _label("muted")
        self.coverage.setAccessibleName(self.tr("Where the error rates were measured"))
        self.condition = _label("muted")
        self.condition.setAccessibleName(self.tr("State of the picture"))
        self.made_by = _label("muted")
        self.made_by.setAccessibleName(self.tr("Examined by"))
        self._lay_out()
        theme.changed.connect(self._colour)

    def show_state(self, exhibit: Exhibit | None, waiting_before: int) -> None:
        """Show what is known of an exhibit that has no result.

        Args:
            exhibit: the chosen one; None when nothing is chosen.
            waiting_before: pictures that are examined before it.
        """
        self._clear()
        if exhibit is None:
            return
        if exhibit.state is State.EXAMINING:
            self.headline.setText(self.tr("Being examined …"))
            self.reason.setText(
                self.tr("The verdict comes with the heat map, the explanation while it is written.")
            )
        elif exhibit.state is State.WAITING:
            self.headline.setText(self.tr("Waiting"))
            before = self.tr("Pictures before it: {count}.").format(count=f"{waiting_before:,}")
            self.reason.setText(before if waiting_before else self.tr("Not examined yet."))
        else:
            self.headline.setText(self.tr("Opening the result …"))

    def show_result(self, result: Result) -> None:
        """Show a result."""
        self._clear()
        phrases, examination = result.phrases, result.examination
        verdict = examination.verdict
        self._outcome = verdict.outcome if verdict else None
        self.mark.show_band(self._outcome)
        self.headline.setText(said(phrases.headline))
        self.probability.setText(phrases.probability or "")
        self.scale.show_verdict(verdict)
        self.scale.setAccessibleDescription(phrases.probability or "")
        self.reason.setText(said(phrases.reason))
        self._show_statement(phrases.stated)
        self._show_reliability(result.reliability)
        self.how_to_read.setEnabled(True)
        self.coverage.setText(said(phrases.coverage))
        outside = verdict is not None and not verdict.in_validated_range
        self.coverage.setObjectName("warning" if outside else "muted")
        self.coverage.style().polish(self.coverage)
        self.condition.setText(phrases.condition)
        self.setToolTip(phrases.statement)
        model = examination.model
        if model is not None:
            seconds = examination.elapsed.total / 1000
            self.made_by.setText(
                self.tr("Model {name} {hash}, {device}, {seconds} s").format(
                    name=model.name,
                    hash=model.sha256[:8],
                    device=model.device,
                    seconds=f"{seconds:.1f}",
                )
            )
        for label in self._lines:
            # An empty line would leave a gap.
            label.setVisible(bool(label.text()))
        self._colour()

    def _show_statement(self, stated: StatementPhrase | None) -> None:
        """Show what facts and verdict say together; what leads stands above the verdict."""
        if stated is None:
            return
        headline, explanation = said(stated.headline), said(stated.explanation)
        for label, words in (
            (self.leading_kind, said(stated.label)),
            (self.leading, f"{headline}."),
        ):
            label.setText(words if stated.leads else "")
            label.setVisible(stated.leads)
        self.stated.setText(explanation if stated.leads else f"{headline}. {explanation}")
        self.stated.setToolTip(stated.cited)
        # What is shown first is explained first.
        self._words.insertWidget(0 if stated.leads else 1, self.stated)

    def _show_reliability(self, known: Reliability | None) -> None:
        if known is None:
            return
        self.interval.setText(said(known.interval))
        ratio = known.likelihood_ratio
        figure = self.tr("Likelihood ratio {ratio}. ").format(ratio=ratio) if ratio else ""
        self.support.setText(f"{figure}{known.support}")
        if ratio:
            self.propositions.setText(self.tr("H1: made by a generator. H2: recorded by a camera."))
        self.support.setToolTip(
            "\n".join(part for part in (known.bound, known.thresholds, known.weighed) if part)
        )
        self.error_rates.setText(said(known.error_rates))

    def _clear(self) -> None:
        self._outcome = None
        self.reason.show()
        self.how_to_read.setEnabled(False)
        self.mark.clear()
        self.scale.show_verdict(None)
        self.scale.setAccessibleDescription("")
        self.setToolTip("")
        for label in (
            self.headline,
            self.probability,
            self.interval,
            self.leading_kind,
            self.leading,
            self.stated,
            self.reason,
            self.support,
            self.propositions,
            self.error_rates,
            self.coverage,
            self.condition,
            self.made_by,
        ):
            label.clear()
        self.leading_kind.hide()
        self.leading.hide()
        self.headline.setStyleSheet("")

    def _colour(self) -> None:
        if self.probability.text():
            colour = self._theme.band_colour(self._outcome).name()
            self.headline.setStyleSheet(f"color: {colour};")

    def _lay_out(self) -> None:
        space = self._theme.space
        title = QLabel(self.tr("VERDICT"))
        title.setObjectName("section")
        top = QHBoxLayout()
        top.addWidget(title)
        top.addStretch()
        top.addWidget(self.how_to_read)
        head = QGridLayout()
        head.setHorizontalSpacing(space(2))
        head.addWidget(self.mark, 0, 0, Qt.AlignmentFlag.AlignTop)
        head.addWidget(self.headline, 0, 1)
        head.setColumnStretch(1, 1)
        figures = QHBoxLayout()
        figures.setSpacing(space(4))
        # Its width is kept while there is no number, so that nothing moves when it comes.
        self.probability.setFixedWidth(space(22))
        figures.addWidget(self.probability, 0, Qt.AlignmentFlag.AlignTop)
        figures.addWidget(self.scale, 1)
        area = self._why()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(4), space(3), space(2), space(2))
        layout.setSpacing(space(2))
        layout.addLayout(top)
        layout.addWidget(self.leading_kind)
        layout.addWidget(self.leading)
        layout.addLayout(head)
        layout.addLayout(figures)
        layout.addWidget(self.interval)
        layout.addWidget(area, 1)

    def _why(self) -> QScrollArea:
        """Return the lines below the figures, which scroll where they do not fit."""
        space = self._theme.space
        inner = QWidget()
        inner.setObjectName("panel")
        words = self._words = QVBoxLayout(inner)
        words.setContentsMargins(0, 0, space(2), 0)
        words.setSpacing(space(2))
        self._lines = (
            self.reason,
            self.stated,
            self.support,
            self.propositions,
            self.error_rates,
            self.coverage,
            self.condition,
            self.made_by,
        )
        for label in self._lines:
            words.addWidget(label)
        words.addStretch()
        area = QScrollArea()
        area.setAccessibleName(self.tr("Why this verdict"))
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        return area


def _label(name: str) -> QLabel:
    label = QLabel()
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
