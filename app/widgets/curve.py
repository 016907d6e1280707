"""The curve of a derived trace."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from app.style import Theme
from engine.trace_types import Curve, Trace


class CurvePanel(QFrame):
    """A plot with the positions that the finding speaks of.

    Args:
        theme: measures and colours.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._trace: Trace | None = None
        self.setObjectName("panel")
        self.words = QLabel()
        self.words.setObjectName("muted")
        self.words.setWordWrap(True)
        self.words.setAccessibleName(self.tr("What the trace says"))
        self.plot: Any = None
        """The plot, from the first curve on."""
        space = theme.space
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(space(3), space(2), space(3), space(2))
        self._layout.setSpacing(space(1))
        self._layout.addWidget(self.words)
        self._layout.addStretch()
        theme.changed.connect(self._paint)
        self.show_trace(None)

    def show_trace(self, trace: Trace | None) -> None:
        """Show the curve of a trace; None, or one without a curve, empties the plot."""
        self._trace = trace
        self._paint()

    def _paint(self) -> None:
        trace = self._trace
        curve = trace.curve if trace is not None else None
        if self.plot is not None:
            self.plot.setVisible(curve is not None)
        if trace is None:
            self.words.setText(
                self.tr("Choose a trace in the list of layers; its curve is drawn here.")
            )
            return
        self.words.setText(trace.finding.reason)
        if curve is not None:
            self._draw(curve)

    def _draw(self, curve: Curve) -> None:
        # Imported by the lane of traces before; a window without a curve does not need it.
        import pyqtgraph  # noqa: PLC0415

        if self.plot is None:
            self.plot = pyqtgraph.PlotWidget()
            self.plot.setAccessibleName(self.tr("Curve of the trace"))
            self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
            self.plot.setMenuEnabled(False)
            self.plot.hideButtons()
            self._layout.insertWidget(1, self.plot, 1)
        colours = self._theme.colours
        self.plot.clear()
        self.plot.setBackground(QColor(colours.panel))
        pen = pyqtgraph.mkPen(QColor(colours.accent), width=1.5)
        self.plot.plot(curve.x, curve.y, pen=pen)
        for mark in curve.marks:
            line = pyqtgraph.mkPen(QColor(colours.line_strong), style=Qt.PenStyle.DashLine)
            self.plot.addItem(pyqtgraph.InfiniteLine(pos=mark, angle=90, pen=line))
        for side, label in (("bottom", curve.x_label), ("left", curve.y_label)):
            axis = self.plot.getAxis(side)
            axis.setPen(QColor(colours.line_strong))
            axis.setTextPen(QColor(colours.text_muted))
            axis.setLabel(label)
            # Values are shown as they are; a factor of a thousand would have to be read along.
            axis.enableAutoSIPrefix(False)
        self.plot.setAccessibleDescription(f"{curve.y_label}; {curve.x_label}")
        self.plot.getPlotItem().getViewBox().autoRange()
