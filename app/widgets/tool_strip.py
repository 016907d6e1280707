"""The strip of tools beside the picture."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QToolButton, QVBoxLayout

from app.looking.hands import Tool
from app.style import Theme


class ToolStrip(QFrame):
    """One tool is in use; magnifier and cells are switched on and off beside it.

    Args:
        theme: measures and icons.
    """

    tool_chosen = Signal(object)
    """A Tool."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("tools")
        self._theme = theme
        self._icons: dict[QToolButton, str] = {}
        self.tools: dict[Tool, QToolButton] = {}
        self._group = QButtonGroup(self)
        self._layout = QVBoxLayout(self)
        space = theme.space
        self._layout.setContentsMargins(space(1), space(2), space(1), space(2))
        self._layout.setSpacing(space(1))
        for tool, icon, name, tip in (
            (Tool.HAND, "hand", self.tr("Move"), self.tr("Move and choose (Esc)")),
            (Tool.RULER, "ruler", self.tr("Ruler"), self.tr("Measure in original pixels (R)")),
        ):
            self._add_tool(tool, icon, name, tip)
        self.loupe = self._button("loupe", self.tr("Magnifier"), self.tr("Magnifier (M)"))
        self.cells = self._button(
            "cells", self.tr("Cell grid"), self.tr("Cells of the heat map (G)")
        )
        self._layout.addSpacing(space(3))
        for tool, icon, name, tip in (
            (Tool.BOX, "box", self.tr("Draw a box"), self.tr("Draw a box (Shift+B)")),
            (Tool.ARROW, "arrow", self.tr("Draw an arrow"), self.tr("Draw an arrow (Shift+A)")),
            (Tool.TEXT, "text", self.tr("Write on the picture"), self.tr("Write (Shift+T)")),
        ):
            self._add_tool(tool, icon, name, tip)
        self._layout.addStretch()
        theme.changed.connect(self._dress)
        self._dress()

    def show_tool(self, tool: Tool) -> None:
        """Show which tool is in use."""
        self.tools[tool].setChecked(True)

    def set_can_draw(self, can: bool) -> None:
        """Offer drawing, or not: there is a case to keep it in."""
        for tool in (Tool.BOX, Tool.ARROW, Tool.TEXT):
            self.tools[tool].setEnabled(can)

    def set_shown(self, shown: bool, *, heat: bool) -> None:
        """Offer what makes sense while a picture, and a heat map, is there."""
        for button in (self.tools[Tool.HAND], self.tools[Tool.RULER], self.loupe):
            button.setEnabled(shown)
        self.cells.setEnabled(shown and heat)

    def _add_tool(self, tool: Tool, icon: str, name: str, tip: str) -> None:
        button = self._button(icon, name, tip)
        self._group.addButton(button)
        button.setChecked(tool is Tool.HAND)
        button.clicked.connect(lambda: self.tool_chosen.emit(tool))
        self.tools[tool] = button

    def _button(self, icon: str, name: str, tip: str) -> QToolButton:
        button = QToolButton()
        button.setObjectName("tool")
        button.setCheckable(True)
        button.setAccessibleName(name)
        button.setToolTip(tip)
        button.setIconSize(QSize(16, 16))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._icons[button] = icon
        self._layout.addWidget(button)
        return button

    def _dress(self) -> None:
        for button, icon in self._icons.items():
            button.setIcon(self._theme.icon(icon))
