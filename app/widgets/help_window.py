"""The pages that teach each method, with a list beside them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextListFormat,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QTextBrowser,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.style import Theme
from engine.types import HelpPage

PAGE = Qt.ItemDataRole.UserRole
LIST_STEPS, WIDTH_STEPS, HEIGHT_STEPS = 62, 220, 150
"""Sizes in steps of the tokens."""

LINE_PERCENT = 135
"""Height of a line of running text."""


class HelpWindow(QDialog):
    """A window beside the program's own, so that a page can be read while looking.

    Args:
        pages: all of them, in order.
        theme: measures.
        parent: the window.
    """

    def __init__(self, pages: Sequence[HelpPage], theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._pages, self._theme = tuple(pages), theme
        space = theme.space
        self.setWindowTitle(self.tr("How each method works"))
        self.setAccessibleName(self.tr("How each method works"))
        self.resize(space(WIDTH_STEPS), space(HEIGHT_STEPS))
        self.words = QLineEdit()
        self.words.setAccessibleName(self.tr("Search in the pages"))
        self.words.setPlaceholderText(self.tr("Search"))
        self.words.setClearButtonEnabled(True)
        for button in self.words.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self.words.textChanged.connect(self._fill)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setUniformItemSizes(True)
        self.list.currentItemChanged.connect(self._show)
        self.text = QTextBrowser()
        self.text.setAccessibleName(self.tr("Page"))
        self.text.setOpenLinks(False)  # nothing in a page leads out of it
        self.text.setFrameShape(QTextBrowser.Shape.NoFrame)
        self.text.document().setDocumentMargin(space(6))
        self.text.document().setIndentWidth(space(4))
        self.text.document().setDefaultFont(_reading(theme))
        side = QVBoxLayout()
        side.setContentsMargins(space(3), space(3), 0, space(3))
        side.setSpacing(space(2))
        side.addWidget(self.words)
        side.addWidget(self.list, 1)
        box = QWidget()
        box.setFixedWidth(space(LIST_STEPS))
        box.setLayout(side)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(3))
        layout.addWidget(box)
        layout.addWidget(self.text, 1)
        self._fill()

    def go_to(self, analyser: str) -> None:
        """Show the page of an analyser; the first one when there is none.

        Args:
            analyser: its name, such as ``"trace.ela"``.
        """
        self.words.clear()
        row = next((i for i, p in enumerate(self._pages) if analyser in p.analysers), 0)
        self.list.setCurrentRow(row)

    def _fill(self) -> None:
        words = self.words.text().casefold().split()
        self.list.clear()
        for page in self._pages:
            whole = f"{page.title}\n{page.text}".casefold()
            if all(word in whole for word in words):
                item = QListWidgetItem(page.title)
                item.setData(PAGE, page.name)
                self.list.addItem(item)
        if self.list.count():
            self.list.setCurrentRow(0)
        else:
            self.text.setMarkdown(self.tr("No page has these words."))

    def _show(self, item: QListWidgetItem | None) -> None:
        name = item.data(PAGE) if item is not None else None
        page = next((page for page in self._pages if page.name == name), None)
        if page is not None:
            self.text.setMarkdown(page.text)
            _typeset(self.text.document(), self._theme)


def _reading(theme: Theme) -> QFont:
    return theme.font(theme.tokens.type.body + 1)


def _typeset(document: QTextDocument, theme: Theme) -> None:
    """Give headings, paragraphs and lists the measures of the rest of the window."""
    space, sizes = theme.space, theme.tokens.type
    block = document.begin()
    while block.isValid():
        level = block.blockFormat().headingLevel()
        cursor = QTextCursor(block)
        shape = block.blockFormat()
        shape.setLineHeight(LINE_PERCENT, QTextBlockFormat.LineHeightTypes.ProportionalHeight.value)
        shape.setTopMargin(space(5) if level == 2 else 0)
        shape.setBottomMargin(space(2) if level == 1 else space(1))
        listed = block.textList()
        if listed is not None:
            form = listed.format()
            form.setStyle(QTextListFormat.Style.ListDisc)
            form.setIndent(1)
            listed.setFormat(form)
        cursor.setBlockFormat(shape)
        if level:
            words = QTextCharFormat()
            words.setFont(theme.font(sizes.title if level == 1 else sizes.body + 1, strong=True))
            cursor.select(QTextCursor.SelectionType.BlockUnderCursor)
            cursor.mergeCharFormat(words)
        block = block.next()
