"""What can be asked for while one exhibit is looked at: the menu, and the keys."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.looking.hands import Tool
from app.looking.layers import Mode
from app.style import Theme
from engine.mark_words import STARS_MOST


class ExamineActions(QObject):
    """Actions of the place of one exhibit; they work only while it is shown.

    Args:
        owner: what the keys belong to.
    """

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._icons: dict[QAction, str] = {}
        self.next = self._make(self.tr("Next exhibit"), "", "N", "J")
        self.previous = self._make(self.tr("Previous exhibit"), "", "P", "K")
        self.fit = self._make(self.tr("Fit the picture"), "zoom-fit", "F", "Ctrl+0")
        self.true_size = self._make(self.tr("True size"), "zoom-actual", "T")
        self.zoom_in = self._make(self.tr("Zoom in"), "zoom-in", "+", "=")
        self.zoom_out = self._make(self.tr("Zoom out"), "zoom-out", "-")
        self.next_place = self._make(self.tr("Next place of the explanation"), "", ".")
        self.previous_place = self._make(self.tr("Previous place of the explanation"), "", ",")
        self._make_layer_actions()
        self._make_tool_actions()
        self._make_mark_actions()

    @property
    def all(self) -> tuple[QAction, ...]:
        """Every action, in the order of the menu."""
        return (
            self.next, self.previous, self.fit, self.true_size, self.zoom_in, self.zoom_out,
            self.next_place, self.previous_place,
            self.layer_on, self.next_layer, self.previous_layer, self.pin,
            *self.modes.values(), self.cells, self.loupe, *self.tools.values(), self.undo,
            self.redo, self.delete, self.verdict_note, self.bookmark, self.tag, *self.ratings,
        )  # fmt: skip

    def fill(self, menu: QMenu) -> None:
        """Put everything into a menu."""
        menu.addActions([self.next, self.previous])
        menu.addSeparator()
        menu.addActions([self.fit, self.true_size, self.zoom_in, self.zoom_out])
        menu.addActions([self.next_place, self.previous_place])
        menu.addSeparator()
        menu.addActions([self.layer_on, self.next_layer, self.previous_layer, self.pin])
        menu.addActions(list(self.modes.values()))
        menu.addAction(self.cells)
        menu.addSeparator()
        menu.addActions([self.loupe, *self.tools.values()])
        menu.addSeparator()
        menu.addActions([self.undo, self.redo, self.delete])
        menu.addSeparator()
        menu.addActions([self.verdict_note, self.bookmark, self.tag])
        rate = menu.addMenu(self.tr("Rating"))
        rate.addActions(list(self.ratings))

    def dress(self, theme: Theme) -> None:
        """Give the actions the icons of the scheme in use."""
        for action, name in self._icons.items():
            action.setIcon(theme.icon(name))

    def offer(self, on: bool) -> None:
        """Let the actions work, or not."""
        for action in self.all:
            action.setEnabled(on)

    def _make_layer_actions(self) -> None:
        self.layer_on = self._make(self.tr("Layer on or off"), "heatmap", "H")
        self.next_layer = self._make(self.tr("Next layer"), "", "]")
        self.previous_layer = self._make(self.tr("Previous layer"), "", "[")
        self.pin = self._make(self.tr("Compare other exhibits with this one"), "pin", "C")
        names = {
            Mode.OVERLAY: (self.tr("Overlay"), "overlay", "O"),
            Mode.SIDE: (self.tr("Side by side"), "side", "S"),
            Mode.SWIPE: (self.tr("Swipe"), "swipe", "W"),
            Mode.BLINK: (self.tr("Blink"), "blink", "B"),
            Mode.DIFFERENCE: (self.tr("Difference"), "difference", "D"),
        }
        self.modes = {mode: self._make(*words) for mode, words in names.items()}
        self.cells = self._make(self.tr("Cell grid"), "cells", "G")

    def _make_tool_actions(self) -> None:
        self.loupe = self._make(self.tr("Magnifier"), "loupe", "M")
        names = {
            Tool.RULER: (self.tr("Ruler"), "ruler", "R"),
            Tool.BOX: (self.tr("Draw a box"), "box", "Shift+B"),
            Tool.ARROW: (self.tr("Draw an arrow"), "arrow", "Shift+A"),
            Tool.TEXT: (self.tr("Write on the picture"), "text", "Shift+T"),
        }
        self.tools = {tool: self._make(*words) for tool, words in names.items()}

    def _make_mark_actions(self) -> None:
        self.undo = self._make(self.tr("Undo"), "undo", "Ctrl+Z")
        self.redo = self._make(self.tr("Redo"), "redo", "Ctrl+Shift+Z", "Ctrl+Y")
        self.delete = self._make(self.tr("Delete the chosen drawing"), "trash", "Del")
        self.verdict_note = self._make(self.tr("Note on the verdict …"), "note", "V")
        self.bookmark = self._make(self.tr("Keep this view as a bookmark"), "bookmark", "Ctrl+D")
        self.tag = self._make(self.tr("Add a tag"), "", "Ctrl+T")
        self.ratings = tuple(
            self._make(self.tr("{stars} of {most}").format(stars=n, most=STARS_MOST), "", str(n))
            for n in range(STARS_MOST + 1)
        )

    def _make(self, text: str, icon: str = "", *keys: str) -> QAction:
        action = QAction(text, self._owner)
        action.setShortcuts([QKeySequence(key) for key in keys])
        if icon:
            self._icons[action] = icon
        self._owner.addAction(action)
        return action


def connect(pairs: dict[QAction, Callable[[], object]]) -> None:
    """Connect each action to what it does."""
    for action, does in pairs.items():
        action.triggered.connect(lambda _=False, does=does: does())
