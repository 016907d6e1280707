"""The line at the top: what is open, the way between the places, and the lamp."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QToolButton, QWidget

from app.case_door import OpenCase
from app.exhibits import printable
from app.style import Theme

ICON_PX = 18

TITLE_STEPS = 64
"""Widest that the title of the case gets, in steps of the tokens."""


class Switch(QFrame):
    """A segmented switch: one button a place, one of them pressed.

    Args:
        actions: checkable, of one exclusive group.
        theme: measures.
    """

    def __init__(self, actions: Iterable[QAction], theme: Theme) -> None:
        super().__init__()
        self.setObjectName("switch")
        self.setAccessibleName(self.tr("Places"))
        row = QHBoxLayout(self)
        row.setContentsMargins(2, 2, 2, 2)
        row.setSpacing(2)
        for action in actions:
            button = tool_button(action, Qt.ToolButtonStyle.ToolButtonTextOnly)
            button.setObjectName("segment")
            button.setMinimumWidth(theme.space(22))
            row.addWidget(button)


class Header(QFrame):
    """The top line of the window.

    Args:
        theme: measures.
        places: the actions of the switch.
        tools: actions beside the switch; None is a gap.
        lamp: what stands at the end.
    """

    title_asked = Signal()
    """The title was pressed."""

    def __init__(
        self,
        theme: Theme,
        places: Iterable[QAction],
        tools: Iterable[QAction | None],
        lamp: QWidget,
    ) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAccessibleName(self.tr("Main actions"))
        self._theme = theme
        self._name = ""
        self.title = QToolButton()
        self.title.setObjectName("case_title")
        self.title.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.title.clicked.connect(self.title_asked)
        self.switch = Switch(places, theme)
        space = theme.space
        left, right = QHBoxLayout(), QHBoxLayout()
        left.addWidget(self.title)
        left.addStretch()
        right.setSpacing(space(1))
        right.addStretch()
        for action in tools:
            if action is None:
                right.addSpacing(space(2))
            else:
                right.addWidget(tool_button(action, Qt.ToolButtonStyle.ToolButtonTextBesideIcon))
        right.addSpacing(space(2))
        right.addWidget(lamp)
        layout = QGridLayout(self)
        layout.setContentsMargins(space(2), space(1), space(2), space(1))
        layout.addLayout(left, 0, 0)
        layout.addWidget(self.switch, 0, 1)
        layout.addLayout(right, 0, 2)
        # Equal sides keep the switch in the middle, whatever the title says.
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(2, 1)

    def show_case(self, case: OpenCase | None) -> str:
        """Show which case is open, and return its name; empty when none is."""
        if case is None:
            self.show_title(self.tr("No case open"), self.tr("Adding a picture makes a case"))
            return ""
        info = case.info
        name = " · ".join(part for part in (printable(info.number), printable(info.title)) if part)
        if not case.can_write:
            name = self.tr("{name} (read only)").format(name=name)
        self.show_title(name, printable(case.file))
        return name

    def show_title(self, name: str, tip: str) -> None:
        """Show what is open.

        Args:
            name: of the case.
            tip: where it lies, and what else there is to say.
        """
        self._name = name
        self.title.setToolTip(tip)
        self.title.setAccessibleName(self.tr("Case: {name}").format(name=name))
        metrics, width = self.title.fontMetrics(), self._theme.space(TITLE_STEPS)
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, width)
        # A lone ampersand would become a mnemonic.
        self.title.setText(shown.replace("&", "&&"))


def tool_button(action: QAction, style: Qt.ToolButtonStyle) -> QToolButton:
    """Return a button that does what an action does and is reached by the keyboard."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(style)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    button.setAccessibleName(action.text().replace("&", "").rstrip(" …"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
