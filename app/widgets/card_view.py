"""The grid of cards, and the same as a list: only what is in sight is ever touched."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QItemSelectionRange,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QListView

from app.exhibits import ExhibitModel
from app.row import Exhibit
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.card import PICTURE_SHAPE, Cards, Look, text_height
from app.widgets.flow import Flow
from app.widgets.grounds import paint_band, paint_focus, paint_ground
from app.widgets.section_heading import paint_heading

PAINT_MS = 12.0
"""Time that one repaint may spend on cards that were not painted before; the others follow in
the next turn of the event loop, so that scrolling is answered at once."""

CARD_LEAST_PX, CARD_MOST_PX, CARD_FIRST_PX = 144, 360, 176
"""Nominal widths of a card."""

Index = QModelIndex | QPersistentModelIndex


class CardView(QListView):
    """Cards in sections, with Qt's selection and keyboard; geometry and painting are its own.

    Args:
        model: the open set.
        theme: measures and colours.
        thumbnails: where the small pictures come from.
    """

    zoomed = Signal(int)
    """The operator changed the width of a card with the wheel."""

    def __init__(self, model: ExhibitModel, theme: Theme, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._exhibits, self._theme = model, theme
        self._cards = Cards(theme, thumbnails)
        self._card_px, self._as_rows = CARD_FIRST_PX, False
        self._flow = Flow((), width=1, cell=(1, 1), gap=0, heading=0)
        self._band: QRect | None = None
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.viewport().update)
        self.setAccessibleName(self.tr("Exhibits"))
        self.setMouseTracking(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        # Always there: its coming and going would change the columns, and that its need again.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setModel(model)
        thumbnails.ready.connect(self._thumbnail_ready)
        theme.changed.connect(self.viewport().update)

    @property
    def card_px(self) -> int:
        """Nominal width of a card."""
        return self._card_px

    @property
    def as_rows(self) -> bool:
        """Whether the list is shown instead of the grid."""
        return self._as_rows

    @property
    def cells(self) -> Flow:
        """Where cells lie."""
        return self._flow

    def show_cards(self, card_px: int) -> None:
        """Show the grid, with cards of about this width; what is in the middle stays there."""
        self._as_rows = False
        self._card_px = max(CARD_LEAST_PX, min(CARD_MOST_PX, card_px))
        self._lay_out_around_middle()

    def show_rows(self) -> None:
        """Show the list; what is in the middle stays there."""
        self._as_rows = True
        self._lay_out_around_middle()

    def chosen(self) -> list[Exhibit]:
        """Return what is selected, in the order it is shown."""
        rows: list[int] = []
        for part in _parts(self.selectionModel().selection()):
            rows += range(part.top(), part.bottom() + 1)
        return [self._exhibits.shown(row) for row in sorted(rows)]

    @property
    def chosen_count(self) -> int:
        """How many cards are selected."""
        return sum(part.height() for part in _parts(self.selectionModel().selection()))

    def choose(self, paths: set[str], current: str) -> None:
        """Select files, and make one of them current; those that are not shown are left out."""
        places = sorted(
            place for path in paths if (place := self._exhibits.place(path)) is not None
        )
        selection = QItemSelection()
        begin = 0
        for end in range(1, len(places) + 1):
            if end == len(places) or places[end] != places[end - 1] + 1:
                model = self._exhibits
                selection.append(
                    QItemSelectionRange(model.index(places[begin]), model.index(places[end - 1]))
                )
                begin = end
        flags = QItemSelectionModel.SelectionFlag
        self.selectionModel().select(selection, flags.ClearAndSelect)
        index = self._exhibits.index_of(current)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, flags.NoUpdate)

    # What follows replaces QListView's layout, which touches every row, by arithmetic.

    def doItemsLayout(self) -> None:  # noqa: N802 - Qt's name
        """Lay out anew after the rows, or the size of the view, changed."""
        theme = self._theme
        sections = self._exhibits.sections
        named = any(section.title for section in sections)
        if self._as_rows:
            cell, gap = (1, theme.measure.thumb + theme.space(1)), 0
        else:
            cell = (self._card_px, self._picture_px() + text_height(theme))
            gap = theme.space(2)
        self._flow = Flow(
            [section.count for section in sections],
            width=self.viewport().width(),
            cell=cell,
            gap=gap,
            heading=theme.space(9) if named else 0,
            single=self._as_rows,
        )
        self.updateGeometries()
        self.viewport().update()

    def updateGeometries(self) -> None:  # noqa: N802 - Qt's name
        """Tell the scroll bar how much there is."""
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setPageStep(height)
        bar.setSingleStep(max(1, self._flow.height_of_cell // 3))
        bar.setRange(0, max(0, self._flow.height + self._theme.space(2) - height))

    def visualRect(self, index: Index) -> QRect:  # noqa: N802 - Qt's name
        """Return where a card lies in the viewport."""
        if not index.isValid() or index.row() >= self._flow.count:
            return QRect()
        return self._place(index.row()).translated(0, -self.verticalOffset())

    def indexAt(self, point: QPoint) -> QModelIndex:  # noqa: N802 - Qt's name
        """Return the card at a point of the viewport."""
        found = self._flow.at(self._mirrored(point.x()), point.y() + self.verticalOffset())
        return QModelIndex() if found is None else self._exhibits.index(found)

    def horizontalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return 0: nothing scrolls sideways."""
        return 0

    def verticalOffset(self) -> int:  # noqa: N802 - Qt's name
        """Return how far the view is scrolled, px."""
        return self.verticalScrollBar().value()

    def scrollTo(  # noqa: N802 - Qt's name
        self,
        index: Index,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        """Bring a card into sight."""
        if not index.isValid() or index.row() >= self._flow.count:
            return
        box, bar = self._flow.box(index.row()), self.verticalScrollBar()
        room, edge = self.viewport().height(), self._theme.space(2)
        top = self._theme.space(9) if any(s.title for s in self._exhibits.sections) else edge
        if hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(box.y + box.h // 2 - room // 2)
        elif box.y - top < bar.value():
            bar.setValue(box.y - top)
        elif box.y + box.h + edge > bar.value() + room:
            bar.setValue(box.y + box.h + edge - room)

    def scrollContentsBy(self, _dx: int, _dy: int) -> None:  # noqa: N802 - Qt's name
        """Paint what came into sight; headings stick, so that all is painted."""
        self.viewport().update()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay out for the new width; what is in the middle stays there."""
        QAbstractItemView.resizeEvent(self, event)
        self._lay_out_around_middle()

    def moveCursor(  # noqa: N802 - Qt's name
        self, action: QAbstractItemView.CursorAction, _modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        """Return where a key leads."""
        count, flow, act = self._flow.count, self._flow, QAbstractItemView.CursorAction
        if not count:
            return QModelIndex()
        index = self.currentIndex()
        if not index.isValid():
            return self._exhibits.index(0)
        row = index.row()
        box = flow.box(row)
        page = max(1, self.viewport().height() // (flow.height_of_cell + flow.gap))
        middle = box.x + box.w // 2
        right_to_left = self.isRightToLeft()
        if action in (act.MoveNext, act.MoveLeft if right_to_left else act.MoveRight):
            row += 1
        elif action in (act.MovePrevious, act.MoveRight if right_to_left else act.MoveLeft):
            row -= 1
        elif action in (act.MoveUp, act.MovePageUp):
            row = flow.step(row, -(page if action == act.MovePageUp else 1), middle)
        elif action in (act.MoveDown, act.MovePageDown):
            row = flow.step(row, page if action == act.MovePageDown else 1, middle)
        elif action in (act.MoveHome, act.MoveEnd):
            row = 0 if action == act.MoveHome else count - 1
        return self._exhibits.index(max(0, min(count - 1, row)))

    def setSelection(  # noqa: N802 - Qt's name
        self, rect: QRect, command: QItemSelectionModel.SelectionFlag
    ) -> None:
        """Select what a rectangle touches, or everything from its first to its last corner."""
        selection = QItemSelection()
        offset = self.verticalOffset()
        if self.state() == QAbstractItemView.State.DragSelectingState:
            self._band = rect.normalized().translated(0, offset)
            self._select_area(selection, self._band)
        else:
            first = self._flow.at(self._mirrored(rect.left()), rect.top() + offset)
            last = self._flow.at(self._mirrored(rect.right()), rect.bottom() + offset)
            if first is not None and last is not None:
                low, high = min(first, last), max(first, last)
                model = self._exhibits
                selection.append(QItemSelectionRange(model.index(low), model.index(high)))
        self.selectionModel().select(selection, command)

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        """Return where what is in sight of a selection lies."""
        offset = self.verticalOffset()
        seen = self._flow.between(offset, offset + self.viewport().height())
        region = QRegion()
        for part in _parts(selection):
            for row in range(max(seen.start, part.top()), min(seen.stop, part.bottom() + 1)):
                region += self.visualRect(self._exhibits.index(row))
        return region

    def keyboardSearch(self, _text: str) -> None:  # noqa: N802 - Qt's name
        """Do nothing: letters and digits are commands here, and there is a field to search in."""

    def wheelEvent(self, event: QWheelEvent) -> None:  # noqa: N802 - Qt's name
        """Scroll; with Ctrl, change the size of the cards."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier and not self._as_rows:
            self.zoomed.emit(self._card_px + (16 if event.angleDelta().y() > 0 else -16))
            event.accept()
            return
        super().wheelEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's name
        """Go on with J, back with K; everything else as in any list."""
        step = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}.get(Qt.Key(event.key()), 0)
        if step and not event.modifiers():
            row = self.currentIndex().row() + step
            if 0 <= row < self._flow.count:
                self.setCurrentIndex(self._exhibits.index(row))
            return
        QAbstractItemView.keyPressEvent(self, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:  # noqa: N802 - Qt's name
        """End a selection by area."""
        QAbstractItemView.mouseReleaseEvent(self, event)
        if self._band is not None:
            self._band = None
            self.viewport().update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the cards that are in sight, then the headings over them."""
        painter = QPainter(self.viewport())
        offset = self.verticalOffset()
        area = event.rect().translated(0, offset)
        look = self._look()
        deadline = time.perf_counter() + PAINT_MS / 1000
        chosen, current = self.selectionModel(), self.currentIndex()
        hovered = self.indexAt(self.viewport().mapFromGlobal(self.cursor().pos()))
        missing = False
        for row in self._flow.between(area.top(), area.bottom() + 1):
            index = self._exhibits.index(row)
            exhibit = self._exhibits.shown(row)
            place = self._place(row).translated(0, -offset)
            selected = chosen.isSelected(index)
            paint_ground(
                painter,
                place,
                self._theme,
                selected=selected,
                hovered=index == hovered,
                as_row=self._as_rows,
            )
            card = self._cards.kept(exhibit, look, selected=selected)
            if card is None and time.perf_counter() < deadline:
                card = self._cards.painted(exhibit, look, selected=selected)
            if card is not None:
                painter.drawPixmap(place.topLeft(), card)
            else:
                missing = True
            if index == current and self.hasFocus():
                paint_focus(painter, place, self._theme)
        sections, width = self._exhibits.sections, self.viewport().width()
        for section, y in self._flow.headings(offset, offset + self.viewport().height()):
            place = QRect(0, y - offset, width, self._theme.space(9))
            paint_heading(painter, place, sections[section], self._theme)
        if self._band is not None:
            paint_band(painter, self._band.translated(0, -offset), self._theme)
        if missing:
            self._later.start(0)

    def dataChanged(  # noqa: N802 - Qt's name
        self, first: Index, last: Index, _roles: Sequence[int] = ()
    ) -> None:
        """Paint rows anew that changed; sizes never do."""
        offset = self.verticalOffset()
        seen = self._flow.between(offset, offset + self.viewport().height())
        if first.row() < seen.stop and last.row() >= seen.start:
            self.viewport().update()

    def _look(self) -> Look:
        box_w = self._flow.width_of_cell
        return Look(
            size=QSize(box_w, self._flow.height_of_cell),
            picture_px=self._theme.measure.thumb - 4 if self._as_rows else self._picture_px(),
            row=self._as_rows,
            ratio=self.viewport().devicePixelRatioF(),
            dark=self._theme.dark,
        )

    def _place(self, row: int) -> QRect:
        """Return where a card lies in the content; from the right where one reads from there."""
        box = self._flow.box(row)
        x = self._mirrored(box.x + box.w - 1) if self.isRightToLeft() else box.x
        return QRect(x, box.y, box.w, box.h)

    def _mirrored(self, x: int) -> int:
        """Return a place of the viewport in the flow, and the other way round."""
        return self.viewport().width() - 1 - x if self.isRightToLeft() else x

    def _picture_px(self) -> int:
        return round(self._card_px * PICTURE_SHAPE)

    def _lay_out_around_middle(self) -> None:
        old, bar = self._flow, self.verticalScrollBar()
        middle = bar.value() + self.viewport().height() // 2
        kept = old.nearest(old.gap, middle) if bar.value() else None
        self.doItemsLayout()
        if kept is not None and kept < self._flow.count:
            box = self._flow.box(kept)
            bar.setValue(box.y + box.h // 2 - self.viewport().height() // 2)

    def _select_area(self, selection: QItemSelection, area: QRect) -> None:
        model = self._exhibits
        for row in self._flow.between(area.top(), area.bottom() + 1):
            if area.intersects(self._place(row)):
                selection.append(QItemSelectionRange(model.index(row), model.index(row)))

    def _thumbnail_ready(self, path: str) -> None:
        index = self._exhibits.index_of(path)
        if index.isValid():
            self.viewport().update(self.visualRect(index))


def _parts(selection: QItemSelection) -> Iterator[QItemSelectionRange]:
    """Yield the ranges of a selection, which is a list of Qt."""
    for index in range(selection.size()):
        yield selection.at(index)
