"""The tags of an exhibit, and a field for another one."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QStringListModel, Qt, Signal
from PySide6.QtWidgets import (
    QCompleter,
    QHBoxLayout,
    QLineEdit,
    QMenu,
    QPushButton,
    QWidget,
)

from app.style import Theme

SHOWN_MOST = 16
"""Characters of a tag that its chip shows; the tool tip tells all."""

CHIPS = 2
"""Tags with a chip of their own; the others are in a menu, so that the line keeps its width."""


class TagRow(QWidget):
    """Chips; pressing one takes the tag away.

    Args:
        theme: measures.
    """

    added = Signal(str)
    """A tag that was written."""
    removed = Signal(str)
    """A tag that was pressed."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._tags: tuple[str, ...] = ()
        self._chips: list[QPushButton] = []
        self._known = QStringListModel(self)
        self.field = QLineEdit()
        self.field.setObjectName("tag_field")
        self.field.setAccessibleName(self.tr("Add a tag"))
        self.field.setPlaceholderText(self.tr("add a tag"))
        self.field.setToolTip(self.tr("Add a tag (Ctrl+T)"))
        self.field.setMaxLength(60)
        self.field.setFixedWidth(theme.space(24))
        completer = QCompleter(self._known, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.field.setCompleter(completer)
        self.field.returnPressed.connect(self._add)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(theme.space(1))
        self._layout.addWidget(self.field)

    @property
    def tags(self) -> tuple[str, ...]:
        """What is shown."""
        return self._tags

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show the tags of an exhibit."""
        if tuple(tags) == self.tags:
            return
        for chip in self._chips:
            self._layout.removeWidget(chip)
            chip.hide()
            chip.deleteLater()
        self._tags = tuple(tags)
        self._chips = [self._chip(tag) for tag in self._tags[:CHIPS]]
        if len(self._tags) > CHIPS:
            self._chips.append(self._more(self._tags[CHIPS:]))
        for index, chip in enumerate(self._chips):
            self._layout.insertWidget(index, chip)

    def show_known(self, tags: Sequence[str]) -> None:
        """Offer tags that other exhibits have."""
        self._known.setStringList(list(tags))

    def _chip(self, tag: str) -> QPushButton:
        short = tag if len(tag) <= SHOWN_MOST else f"{tag[: SHOWN_MOST - 1]}…"
        chip = QPushButton(f"{short.replace('&', '&&')} ×")
        chip.setObjectName("tag_chip")
        chip.setAccessibleName(self.tr("Tag {tag}, press to take it away").format(tag=tag))
        chip.setToolTip(self.tr("{tag}: press to take the tag away").format(tag=tag))
        chip.clicked.connect(lambda: self.removed.emit(tag))
        return chip

    def _more(self, tags: Sequence[str]) -> QPushButton:
        chip = QPushButton(f"+{len(tags)}")
        chip.setObjectName("tag_chip")
        chip.setAccessibleName(self.tr("{count} more tags").format(count=len(tags)))
        chip.setToolTip("\n".join(tags))
        menu = QMenu(chip)
        menu.setAccessibleName(self.tr("More tags"))
        for tag in tags:
            words = self.tr("Take away {tag}").format(tag=tag).replace("&", "&&")
            menu.addAction(words).triggered.connect(lambda _=False, tag=tag: self.removed.emit(tag))
        chip.setMenu(menu)
        return chip

    def _add(self) -> None:
        tag = self.field.text().strip()
        self.field.clear()
        if tag:
            self.added.emit(tag)
