"""The three columns: exhibits, picture with findings, verdict with explanation."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QSplitter, QTabWidget, QVBoxLayout, QWidget

from app.engine_door import Reliability
from app.exhibits import Exhibit, ExhibitModel, State, printable
from app.settings import Settings
from app.stage import Picture, Result
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.curve import CurvePanel
from app.widgets.exhibit_list import ExhibitList
from app.widgets.explanation import ExplanationPanel
from app.widgets.findings import FindingsPanel
from app.widgets.marks_panel import MarksPanel
from app.widgets.picture_pane import PicturePane
from app.widgets.scale import ReadOutChart
from app.widgets.verdict import VerdictPanel
from engine.errors import EngineError
from engine.trace_types import Trace

LIST_STEPS, RIGHT_STEPS = 74, 88
"""Widths of the outer columns at first, in steps of the tokens."""

VERDICT_STEPS, FINDINGS_STEPS = 92, 48
"""Heights at first, in steps of the tokens."""


class Workspace(QWidget):
    """Shows the open set and the chosen exhibit.

    Args:
        model: the open set.
        theme: measures and colours.
        thumbnails: the list's small pictures.
        settings: the sizes of the columns and the opacity.
    """

    def __init__(
        self, model: ExhibitModel, theme: Theme, thumbnails: Thumbnails, settings: Settings
    ) -> None:
        super().__init__()
        self._theme = theme
        self.list = ExhibitList(model, theme, thumbnails)
        self.picture = PicturePane(theme, settings.opacity_percent)
        self.findings = FindingsPanel(theme)
        self.marks = MarksPanel(theme)
        self.curve = CurvePanel(theme)
        self.tabs = self._make_tabs()
        self.verdict = VerdictPanel(theme)
        self.explanation = ExplanationPanel(theme)
        self.read_outs = ReadOutChart(theme)
        self.unit = QLabel(self.tr("log-odds of “AI-generated”"))
        self._place: int | None = None
        """The place that the keys lead to next."""
        self.result: Result | None = None
        """What is shown of the chosen exhibit."""
        self._splitters = self._lay_out()
        for name, splitter in self._splitters.items():
            splitter.restoreState(settings.state(name))
        self.explanation.pointed.connect(self.picture.canvas.light)
        self.explanation.cited.connect(self._light_findings)
        self.explanation.finding_asked.connect(self._go_to_finding)
        self.findings.pointed.connect(self.picture.canvas.light)
        self.findings.finding_pointed.connect(self.explanation.mark_finding)
        self.picture.place_pointed.connect(self._mark_place)
        self.picture.place_clicked.connect(self.explanation.go_to_place)

    def keep_state(self, settings: Settings) -> None:
        """Remember the sizes of the columns."""
        for name, splitter in self._splitters.items():
            settings.keep_state(name, splitter.saveState())

    def show_exhibit(self, exhibit: Exhibit | None, wording: str, waiting_before: int) -> None:
        """Begin to show an exhibit; picture and result come later.

        Args:
            exhibit: the chosen one; None when nothing is chosen.
            wording: explanation generated for it so far.
            waiting_before: pictures that are examined before it.
        """
        self.result = None
        self._place = None
        if exhibit is None:
            self.picture.show_nothing(self.tr("Choose an exhibit on the left."))
        else:
            self.picture.show_opening(exhibit.path)
        self.show_state(exhibit, wording, waiting_before)

    def show_state(self, exhibit: Exhibit | None, wording: str, waiting_before: int) -> None:
        """Show how far an exhibit without a result is; see `show_exhibit`."""
        self.verdict.show_state(exhibit, waiting_before)
        self.read_outs.show_read_outs(None)
        self._tell_unit(None)
        if exhibit is not None and exhibit.state is State.EXAMINING:
            self.findings.show_nothing(self.tr("come with the verdict"))
        else:
            self.findings.show_nothing("")
        if wording:
            self.explanation.show_stream(wording)
        elif exhibit is not None and exhibit.state is State.EXAMINING:
            self.explanation.show_note(self.tr("The model looks at the picture …"))
        else:
            self.explanation.show_note("")

    def show_picture(self, picture: Picture) -> None:
        """Show the chosen picture."""
        self.picture.show_picture(picture)

    def show_no_picture(self, error: BaseException) -> None:
        """Say why the chosen picture cannot be shown."""
        if not isinstance(error, EngineError):
            raise error
        self.picture.canvas.show_message(printable(str(error)))

    def show_result(self, result: Result) -> None:
        """Show the chosen exhibit's result."""
        self.result = result
        verdict = result.examination.verdict
        self.verdict.show_result(result)
        self.explanation.show_result(result)
        self.findings.show_result(result)
        self.read_outs.show_read_outs(verdict.read_outs if verdict else None)
        self._tell_unit(result.reliability)
        self.picture.show_regions(self.explanation.regions)

    def _tell_unit(self, known: Reliability | None) -> None:
        """Say what the read-outs are, and that p is not made of them where that is known."""
        idle = known is not None and known.read_outs_idle
        self.unit.setText(
            self.tr("log-odds, for comparison: p does not rest on them")
            if idle
            else self.tr("log-odds of “AI-generated”")
        )
        self.unit.setToolTip(known.weighed if known is not None else "")

    def step_place(self, step: int) -> None:
        """Light the next place of the explanation, or the one before, and go to its sentence."""
        count = len(self.explanation.regions)
        if count:
            first = -1 if step > 0 else 0
            now = self._place if self._place is not None else first
            self._place = (now + step) % count
            self.explanation.go_to_place(self._place)

    def show_marks(self) -> None:
        """Bring the table of marks to the front."""
        self.tabs.setCurrentWidget(self.marks)

    def show_curve(self, trace: Trace | None) -> None:
        """Show the curve of a trace, in front if it has one."""
        self.curve.show_trace(trace)
        if trace is not None and trace.curve is not None:
            self.tabs.setCurrentWidget(self.curve)

    def tell_trace(self, trace: Trace) -> None:
        """Say what a trace found, where it has neither map, view nor curve."""
        if trace.heatmap is None and trace.picture is None and trace.curve is None:
            self.tabs.setCurrentWidget(self.curve)

    def _mark_place(self, index: int | None) -> None:
        self.explanation.mark_place(index)
        regions = self.explanation.regions
        pointed = () if index is None else (regions[index],)
        self.findings.light(self.findings.of_regions(pointed))

    def _light_findings(self, ids: tuple[str, ...]) -> None:
        self.findings.light(ids)

    def _go_to_finding(self, finding_id: str) -> None:
        self.tabs.setCurrentWidget(self.findings)
        self.findings.go_to(finding_id)

    def _make_tabs(self) -> QTabWidget:
        tabs = QTabWidget()
        tabs.setDocumentMode(True)
        tabs.tabBar().setDrawBase(False)
        tabs.setAccessibleName(self.tr("Findings, marks and curve"))
        tabs.tabBar().setAccessibleName(self.tr("What is shown below the picture"))
        tabs.addTab(self.findings, self.tr("Findings"))
        tabs.addTab(self.marks, self.tr("Marks"))
        tabs.addTab(self.curve, self.tr("Curve"))
        return tabs

    def _lay_out(self) -> dict[str, QSplitter]:
        space = self._theme.space
        middle = _splitter(Qt.Orientation.Vertical, (self.picture, self.tabs), stretch=0)
        right = _splitter(Qt.Orientation.Vertical, (self.verdict, self._lower_right()), stretch=1)
        right.setObjectName("panel")
        columns = _splitter(Qt.Orientation.Horizontal, (self.list, middle, right), stretch=1)
        self.list.setMinimumWidth(space(56))
        right.setMinimumWidth(space(66))
        self.verdict.setMinimumHeight(space(44))
        self.tabs.setMinimumHeight(space(32))
        columns.setSizes([space(LIST_STEPS), space(200), space(RIGHT_STEPS)])
        middle.setSizes([space(150), space(FINDINGS_STEPS)])
        right.setSizes([space(VERDICT_STEPS), space(130)])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(columns)
        return {"columns": columns, "middle": middle, "right": right}

    def _lower_right(self) -> QWidget:
        space = self._theme.space
        title = QLabel(self.tr("READ-OUTS"))
        title.setObjectName("section")
        self.unit.setObjectName("muted")
        chart = QFrame()
        chart.setObjectName("panel")
        below = QVBoxLayout(chart)
        below.setContentsMargins(space(4), space(3), space(4), space(2))
        below.setSpacing(space(1))
        below.addWidget(title)
        below.addWidget(self.unit)
        below.addWidget(self.read_outs)
        box = QFrame()
        box.setObjectName("panel")
        layout = QVBoxLayout(box)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.explanation, 1)
        layout.addWidget(chart)
        return box


def _splitter(
    orientation: Qt.Orientation, parts: tuple[QWidget, ...], *, stretch: int
) -> QSplitter:
    splitter = QSplitter(orientation)
    splitter.setChildrenCollapsible(False)
    splitter.setHandleWidth(1)
    for part in parts:
        splitter.addWidget(part)
    splitter.setStretchFactor(stretch, 1)
    return splitter
