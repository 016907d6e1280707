"""What is shown in triage: bands with their counts, filters, order, groups, list or grid."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtWidgets import (
    QButtonGroup,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QPushButton,
    QSlider,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.arranging import Arrangement, GroupBy, Order, Range, Show
from app.exhibits import ExhibitModel
from app.style import Theme
from app.widgets.card_view import CARD_FIRST_PX, CARD_LEAST_PX, CARD_MOST_PX
from app.widgets.marks import paint_mark
from engine.types import Outcome

TYPING_MS = 200
"""Time without a key after which a search begins."""

ICON_PX = 14

NAME_SHOWN = 18
"""Characters of a camera's name in its box; the tool tip of the item has all."""


class Chip(QToolButton):
    """One choice by verdict or state, with its mark and how many there are.

    Args:
        text: what it says.
        shape: the band's mark; empty for none.
        theme: colours.
        outcome: whose colour the mark has; None is the one of files not examined.
    """

    def __init__(self, text: str, shape: str, theme: Theme, outcome: Outcome | None) -> None:
        super().__init__()
        self.setObjectName("chip")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(ICON_PX, ICON_PX))
        self._text, self._shape, self._theme, self._outcome = text, shape, theme, outcome
        if shape:
            self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
            theme.changed.connect(self._dress)
            self._dress()
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Show how many files there are of this kind."""
        self.setText(f"{self._text}  {count:,}")
        said = self.tr("{kind}: {count} exhibits").format(kind=self._text, count=f"{count:,}")
        self.setAccessibleName(said)

    def _dress(self) -> None:
        ratio = 3.0
        pixmap = QPixmap(QSize(ICON_PX, ICON_PX) * ratio)
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        box = QRectF(1, 1, ICON_PX - 2, ICON_PX - 2)
        paint_mark(painter, self._shape, QColor(self._theme.band_colour(self._outcome)), box)
        painter.end()
        self.setIcon(QIcon(pixmap))


class TriageBar(QFrame):
    """The controls above the cards.

    Args:
        model: the open set.
        theme: measures and colours.
    """

    chosen = Signal(object)
    """An Arrangement that the operator asks for."""
    rows_chosen = Signal(bool)
    """The list (True) or the grid."""
    size_chosen = Signal(int)
    """Nominal width of a card, px."""

    def __init__(self, model: ExhibitModel, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("panel")
        self._model, self._theme = model, theme
        self.chips = self._make_chips()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Name, folder, tag, #number …"))
        self.search.setAccessibleName(self.tr("Search exhibits"))
        self.search.setClearButtonEnabled(True)
        for button in self.search.findChildren(QToolButton):
            button.setAccessibleName(self.tr("Clear the search"))
        self.search.setMinimumWidth(theme.space(24))
        self.search.setMaximumWidth(theme.space(60))
        self._typing = QTimer(self)
        self._typing.setSingleShot(True)
        self._typing.setInterval(TYPING_MS)
        self._typing.timeout.connect(self._ask)
        self.search.textEdited.connect(lambda _text: self._typing.start())
        # The button in the field clears it without telling of an edit.
        self.search.textChanged.connect(self._searched_nothing)
        self.search.returnPressed.connect(self._ask)
        self._make_boxes()
        self.everything = QPushButton(self.tr("Show everything"))
        self.everything.setObjectName("link")
        self.everything.setAccessibleName(self.tr("Take all filters away"))
        self.everything.clicked.connect(lambda: self.chosen.emit(model.choice.widened()))
        self._make_look()
        self._lay_out()
        model.counted.connect(self.show_counts)
        model.modelReset.connect(self.show_choice)
        theme.changed.connect(self._dress)
        self._dress()
        self.show_choice()
        self.show_counts()

    def show_choice(self) -> None:
        """Follow what is shown now, whoever chose it."""
        choice = self._model.choice
        self.chips[choice.show].setChecked(True)
        for box, value in (
            (self.order, choice.order),
            (self.group, choice.group),
            (self.range, choice.range),
            (self.stars, choice.stars),
            (self.camera, choice.camera),
        ):
            box.setCurrentIndex(max(0, box.findData(value)))
        self._fill_folders(choice.folder)
        if self.search.text().strip() != choice.text and not self._typing.isActive():
            self.search.setText(choice.text)
        policy = self.everything.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.everything.setSizePolicy(policy)
        self.everything.setVisible(choice.narrowed)

    def show_counts(self) -> None:
        """Show how many files there are of each kind."""
        for show, chip in self.chips.items():
            chip.show_count(self._model.tally(show))

    def show_cameras(self, cameras: Mapping[str, str]) -> None:
        """Offer the cameras of the case: hash of the fingerprint -> name; none hides the box."""
        self.camera.clear()
        self.camera.addItem(self.tr("Any camera"), "")
        for sha256, name in cameras.items():
            shown = name if len(name) <= NAME_SHOWN else f"{name[: NAME_SHOWN - 1]}…"
            self.camera.addItem(shown or sha256[:8], sha256)
            self.camera.setItemData(self.camera.count() - 1, name, Qt.ItemDataRole.ToolTipRole)
        self.camera.setCurrentIndex(max(0, self.camera.findData(self._model.choice.camera)))
        self.camera.setVisible(bool(cameras))

    def show_rows(self, rows: bool) -> None:
        """Show whether the list or the grid is seen."""
        (self.as_rows if rows else self.as_cards).setChecked(True)
        self.card_size.setEnabled(not rows)

    def show_size(self, card_px: int) -> None:
        """Show the width of a card."""
        self.card_size.blockSignals(True)
        self.card_size.setValue(card_px)
        self.card_size.blockSignals(False)

    def _make_chips(self) -> dict[Show, Chip]:
        theme = self._theme
        group = QButtonGroup(self)
        chips = {}
        for show, text, outcome in (
            (Show.ALL, self.tr("All"), None),
            (Show.AI, self.tr("Likely AI"), Outcome.AI),
            (Show.INCONCLUSIVE, self.tr("Inconclusive"), Outcome.INCONCLUSIVE),
            (Show.REAL, self.tr("No sign found"), Outcome.REAL),
            (Show.EDITED, self.tr("Edited in part"), None),
            (Show.FAILED, self.tr("Failed"), None),
            (Show.OPEN, self.tr("Still to examine"), None),
        ):
            marked = outcome is not None or show is Show.FAILED
            shape = theme.band(outcome).shape if marked else ""
            chip = chips[show] = Chip(text, shape, theme, outcome)
            chip.clicked.connect(self._ask)
            group.addButton(chip)
        return chips

    def _make_boxes(self) -> None:
        self.order = self._box(
            self.tr("Order of the exhibits"),
            (
                (self.tr("As added"), Order.ADDED),
                (self.tr("Highest p first"), Order.HIGHEST),
                (self.tr("Lowest p first"), Order.LOWEST),
                (self.tr("By name"), Order.NAME),
                (self.tr("Best rated first"), Order.STARS),
                (self.tr("Largest first"), Order.SIZE),
            ),
        )
        self.group = self._box(
            self.tr("What stands together"),
            (
                (self.tr("Not grouped"), GroupBy.NOTHING),
                (self.tr("Grouped by verdict"), GroupBy.VERDICT),
                (self.tr("Grouped by near-duplicate"), GroupBy.NEAR),
                (self.tr("Grouped by named generator"), GroupBy.GENERATOR),
                (self.tr("Grouped by folder"), GroupBy.FOLDER),
            ),
        )
        self.range = self._box(
            self.tr("Whether exhibits lie where error rates were measured"),
            (
                (self.tr("In and out of range"), Range.ANY),
                (self.tr("In the measured range"), Range.INSIDE),
                (self.tr("Outside the range"), Range.OUTSIDE),
            ),
        )
        stars = ((self.tr("Any rating"), 0), (self.tr("1 star or more"), 1))
        more = ((self.tr("{count} stars or more").format(count=n), n) for n in range(2, 5))
        self.stars = self._box(self.tr("Least rating"), (*stars, *more, (self.tr("5 stars"), 5)))
        self.folder = self._box(self.tr("Folder the exhibits come from"), ())
        self.camera = self._box(self.tr("Camera whose pattern was found"), ())
        self.camera.hide()
        for box in (self.folder, self.camera):
            # They hold names of any length; the window must not have to grow for them.
            box.setMinimumWidth(self._theme.space(24))

    def _box(self, name: str, items: Iterable[tuple[str, object]]) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(name)
        box.setToolTip(name)
        for text, value in items:
            box.addItem(text, value)
        box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        box.activated.connect(self._ask)
        return box

    def _make_look(self) -> None:
        self.as_cards, self.as_rows = QToolButton(), QToolButton()
        group = QButtonGroup(self)
        for button, name, key in (
            (self.as_cards, self.tr("Grid"), "G"),
            (self.as_rows, self.tr("List"), "L"),
        ):
            button.setObjectName("segment")
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setAccessibleName(name)
            button.setToolTip(f"{name} ({key})")
            group.addButton(button)
        self.as_cards.clicked.connect(lambda: self.rows_chosen.emit(False))
        self.as_rows.clicked.connect(lambda: self.rows_chosen.emit(True))
        self.card_size = QSlider(Qt.Orientation.Horizontal)
        self.card_size.setRange(CARD_LEAST_PX, CARD_MOST_PX)
        self.card_size.setSingleStep(16)
        self.card_size.setPageStep(48)
        self.card_size.setValue(CARD_FIRST_PX)
        self.card_size.setFixedWidth(self._theme.space(28))
        self.card_size.setAccessibleName(self.tr("Size of the cards"))
        self.card_size.setToolTip(self.tr("Size of the cards (Ctrl and + or −)"))
        self.card_size.valueChanged.connect(self.size_chosen)

    def _dress(self) -> None:
        self.as_cards.setIcon(self._theme.icon("grid"))
        self.as_rows.setIcon(self._theme.icon("list"))

    def _lay_out(self) -> None:
        space = self._theme.space
        first, second, switch = QHBoxLayout(), QHBoxLayout(), QFrame()
        first.setSpacing(space(1))
        for chip in self.chips.values():
            first.addWidget(chip)
        first.addStretch()
        first.addWidget(self.search, 1)
        second.setSpacing(space(2))
        for box in (self.order, self.group, self.range, self.stars, self.folder, self.camera):
            second.addWidget(box)
        second.addWidget(self.everything)
        second.addStretch()
        second.addWidget(self.card_size)
        switch.setObjectName("switch")
        switch.setAccessibleName(self.tr("Grid or list"))
        pair = QHBoxLayout(switch)
        pair.setContentsMargins(2, 2, 2, 2)
        pair.setSpacing(2)
        pair.addWidget(self.as_cards)
        pair.addWidget(self.as_rows)
        second.addWidget(switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(space(3), space(2), space(3), space(2))
        layout.setSpacing(space(2))
        layout.addLayout(first)
        layout.addLayout(second)
        order: list[QWidget] = [*self.chips.values(), self.search, self.order, self.group]
        order += [self.range, self.stars, self.folder, self.camera, self.everything, self.card_size]
        order += [self.as_cards, self.as_rows]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _fill_folders(self, chosen: str) -> None:
        folders = list(self._model.folders)
        shown = [self.folder.itemData(i) for i in range(1, self.folder.count())]
        if folders != shown or not self.folder.count():
            self.folder.clear()
            self.folder.addItem(self.tr("All folders"), "")
            for folder in folders:
                self.folder.addItem(_short(folder), folder)
                self.folder.setItemData(
                    self.folder.count() - 1, folder, Qt.ItemDataRole.ToolTipRole
                )
        self.folder.setCurrentIndex(max(0, self.folder.findData(chosen)))
        self.folder.setVisible(len(folders) > 1 or bool(chosen))

    def _searched_nothing(self, text: str) -> None:
        if not text and self._model.choice.text:
            self._typing.start()

    def _ask(self) -> None:
        self._typing.stop()
        show = next(show for show, chip in self.chips.items() if chip.isChecked())
        self.chosen.emit(
            Arrangement(
                show=show,
                order=Order(self.order.currentData() or Order.ADDED),
                group=GroupBy(self.group.currentData() or GroupBy.NOTHING),
                range=Range(self.range.currentData() or Range.ANY),
                stars=int(self.stars.currentData() or 0),
                folder=str(self.folder.currentData() or ""),
                camera=str(self.camera.currentData() or ""),
                text=self.search.text().strip(),
            )
        )


def _short(folder: str) -> str:
    """Return the end of a folder's path, which tells folders apart."""
    return folder if len(folder) <= 28 else f"…{folder[-27:]}"
