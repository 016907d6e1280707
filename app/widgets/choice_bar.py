"""The line under the cards: how many are shown and chosen, and what can be done with them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QToolButton

from app.style import Theme
from app.widgets.header import tool_button


class ChoiceBar(QFrame):
    """Counts on the left, actions on the right.

    Args:
        theme: measures.
        actions: buttons, in order; what cannot be done is greyed out.
        ratings: behind one button.
        sort: at the counts, seen while something changed.
    """

    def __init__(
        self,
        theme: Theme,
        actions: Iterable[QAction],
        ratings: Iterable[QAction],
        sort: QAction,
    ) -> None:
        super().__init__()
        self.setObjectName("bar")
        self.words = QLabel()
        self.words.setObjectName("figure")
        self.words.setAccessibleName(self.tr("Shown and chosen exhibits"))
        self.sort = tool_button(sort, Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.rate = QToolButton()
        self.rate.setText(self.tr("Rate 0–5"))
        self.rate.setAccessibleName(self.tr("Rate the chosen exhibits"))
        self.rate.setToolTip(self.tr("Rate (0 to 5)"))
        self.rate.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.rate.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self.rate)
        menu.addActions(list(ratings))
        self.rate.setMenu(menu)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space(3), theme.space(1), theme.space(2), theme.space(1))
        layout.setSpacing(theme.space(1))
        layout.addWidget(self.words)
        layout.addSpacing(theme.space(2))
        layout.addWidget(self.sort)
        layout.addStretch()
        for action in actions:
            button = tool_button(action, Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            action.changed.connect(partial(_follow, button, action))
            layout.addWidget(button)
        layout.addWidget(self.rate)
        self.setFixedHeight(theme.space(10))
        self.show_counts(0, 0, 0)
        self.show_unsorted(0)

    def show_counts(self, shown: int, total: int, chosen: int) -> None:
        """Show how much is seen and chosen."""
        words = self.tr("{total} exhibits").format(total=f"{total:,}")
        if total == 1:
            words = self.tr("1 exhibit")
        if shown != total:
            words = self.tr("{shown} of {total} exhibits").format(
                shown=f"{shown:,}", total=f"{total:,}"
            )
        if chosen:
            words += " · " + self.tr("{chosen} chosen").format(chosen=f"{chosen:,}")
        self.words.setText(words)
        self.rate.setEnabled(chosen > 0)

    def show_unsorted(self, count: int) -> None:
        """Offer to sort anew when so many exhibits changed since."""
        self.sort.setVisible(count > 0)
        text = self.tr("{count} changed · sort anew").format(count=f"{count:,}")
        self.sort.setText(text)
        self.sort.setAccessibleName(text)


def _follow(button: QToolButton, action: QAction) -> None:
    """Hide a button whose action nobody offers."""
    button.setVisible(action.isVisible())
