"""The list of exhibits: thumbnail, name, band and probability of each file."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QLabel,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import Exhibit, ExhibitModel, Order, Role, Show, State, p_text, state_text
from app.row import verdict_words
from app.style import Theme
from app.thumbnails import Thumbnails
from app.widgets.marks import paint_mark


class ExhibitDelegate(QStyledItemDelegate):
    """Paints one row.

    Args:
        theme: measures and colours.
        thumbnails: where the small pictures come from.
    """

    def __init__(self, theme: Theme, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme, self._thumbnails = theme, thumbnails

    def sizeHint(  # noqa: N802 - Qt's name
        self, _option: QStyleOptionViewItem, _index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        """Return the size of every row."""
        return QSize(200, self._theme.measure.row)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        """Paint a row."""
        exhibit = index.data(Role.EXHIBIT)
        if not isinstance(exhibit, Exhibit):
            return
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        space = self._theme.space
        painter.save()
        # What is painted by hand keeps its places and its numbers, also from right to left.
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        self._paint_ground(painter, rect, state)
        side = self._theme.measure.thumb
        thumb = QRect(rect.left() + space(3), rect.top() + (rect.height() - side) // 2, side, side)
        self._paint_thumbnail(painter, thumb, exhibit)
        left = thumb.right() + space(3)
        text = QRect(left, rect.top(), rect.right() - space(3) - left, rect.height())
        selected = bool(state & QStyle.StateFlag.State_Selected)
        self._paint_text(painter, text, exhibit, selected=selected)
        painter.restore()

    def _paint_ground(self, painter: QPainter, rect: QRect, state: QStyle.StateFlag) -> None:
        colours = self._theme.colours
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, QColor(colours.selected))
            bar = QRect(rect.left(), rect.top(), self._theme.space(1) - 1, rect.height())
            painter.fillRect(bar, QColor(colours.accent))
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(rect, QColor(colours.hover))
        painter.setPen(QPen(QColor(colours.line), 1))
        painter.drawLine(rect.bottomLeft(), rect.bottomRight())

    def _paint_thumbnail(self, painter: QPainter, box: QRect, exhibit: Exhibit) -> None:
        colours = self._theme.colours
        pixmap = self._thumbnails.get(exhibit, box.width() * painter.device().devicePixelRatioF())
        painter.fillRect(box, QColor(colours.track))
        if pixmap is None:
            if self._thumbnails.failed(exhibit.path):
                quarter = box.width() / 3
                paint_mark(
                    painter,
                    "cross",
                    QColor(colours.line_strong),
                    QRectF(box).adjusted(quarter, quarter, -quarter, -quarter),
                )
            return
        size = pixmap.size().scaled(box.size(), Qt.AspectRatioMode.KeepAspectRatio)
        target = QRect(
            box.left() + (box.width() - size.width()) // 2,
            box.top() + (box.height() - size.height()) // 2,
            size.width(),
            size.height(),
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawPixmap(target, pixmap)

    def _paint_text(
        self, painter: QPainter, box: QRect, exhibit: Exhibit, *, selected: bool
    ) -> None:
        theme, colours = self._theme, self._theme.colours
        size = theme.tokens.type
        middle = box.center().y()
        upper = QRect(box.left(), middle - 21, box.width(), 20)
        lower = QRect(box.left(), middle + 1, box.width(), 20)
        font = theme.font(size.body)
        painter.setFont(font)
        painter.setPen(QColor(colours.text))
        name = QFontMetrics(font).elidedText(
            exhibit.name, Qt.TextElideMode.ElideMiddle, upper.width()
        )
        painter.drawText(upper, Qt.AlignmentFlag.AlignVCenter, name)
        if exhibit.outcome is None or exhibit.p_ai is None:
            self._paint_state(painter, lower, exhibit)
            return
        colour = theme.band_colour(exhibit.outcome)
        band = theme.band(exhibit.outcome)
        mark = QRectF(lower.left(), lower.center().y() - 5, 11, 11)
        paint_mark(painter, band.shape, colour, mark)
        # On the selection's ground a band's colour is strong enough for its mark, not for words.
        plain = selected or exhibit.edited
        painter.setPen(QColor(colours.text) if plain else colour)
        painter.setFont(theme.font(size.small + 1))
        number = theme.font(size.body, strong=True)
        room = QFontMetrics(number).horizontalAdvance(p_text(exhibit.p_ai)) + theme.space(2)
        words = lower.adjusted(18, 0, -room, 0)
        said = painter.fontMetrics().elidedText(
            verdict_words(exhibit), Qt.TextElideMode.ElideRight, words.width()
        )
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, said)
        painter.setFont(number)
        painter.setPen(QColor(colours.text))
        right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
        painter.drawText(lower, right, p_text(exhibit.p_ai))

    def _paint_state(self, painter: QPainter, box: QRect, exhibit: Exhibit) -> None:
        theme = self._theme
        colour = theme.band_colour(None)
        painter.setFont(theme.font(theme.tokens.type.small + 1))
        left = 0
        if exhibit.state is State.FAILED:
            mark = QRectF(box.left() + 1, box.center().y() - 4, 9, 9)
            paint_mark(painter, theme.band(None).shape, colour, mark)
            left = 18
        elif exhibit.state is State.EXAMINING:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.colours.accent))
            painter.drawEllipse(QRectF(box.left() + 1, box.center().y() - 3, 8, 8))
            left = 18
        painter.setPen(colour)
        words = box.adjusted(left, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, state_text(exhibit))


class ExhibitList(QWidget):
    """The left side: choice of rows and order, and the list itself.

    Args:
        model: the open set.
        theme: measures and colours.
        thumbnails: where the small pictures come from.
    """

    chosen = Signal(object)
    """A path, empty when nothing is chosen; an object, as Qt's strings keep only valid text."""

    def __init__(self, model: ExhibitModel, theme: Theme, thumbnails: Thumbnails) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._model = model
        self._path = ""
        self.view = QListView()
        self.view.setAccessibleName(self.tr("Exhibits"))
        self.view.setUniformItemSizes(True)
        self.view.setMouseTracking(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.view.setItemDelegate(ExhibitDelegate(theme, thumbnails, self.view))
        self.view.setModel(model)
        self.count = QLabel()
        self.count.setObjectName("muted")
        self.show_box = self._make_show_box()
        self.order_box = self._make_order_box()
        self._lay_out(theme)
        self.view.selectionModel().currentChanged.connect(self._current_changed)
        model.emptied.connect(self._forget)
        model.counted.connect(self._count)
        model.modelReset.connect(self._rearranged)
        model.rowsInserted.connect(self._count)
        thumbnails.ready.connect(self._thumbnail_ready)
        theme.changed.connect(self.view.viewport().update)
        self._count()

    def choose(self, path: str) -> None:
        """Choose a file; a filter that hides it is taken away."""
        if self._model.exhibit(path) is not None and not self._model.index_of(path).isValid():
            self._model.arrange(self._model.choice.widened())
        self._select(path)

    def choose_next(self, step: int) -> None:
        """Choose the row so many rows further down."""
        row = max(0, min(self._model.rowCount() - 1, self.view.currentIndex().row() + step))
        self.view.setCurrentIndex(self._model.index(row))

    def arrange(self) -> None:
        """Filter and sort anew by the results there are now; the chosen file stays chosen."""
        show, order = Show(self.show_box.currentData()), Order(self.order_box.currentData())
        self._model.arrange(replace(self._model.choice, show=show, order=order))
        if not self.view.currentIndex().isValid():
            self.view.setCurrentIndex(self._model.index(0))

    def _rearranged(self) -> None:
        """Follow what was chosen here or elsewhere; the chosen file stays chosen."""
        choice = self._model.choice
        self.show_box.setCurrentIndex(self.show_box.findData(choice.show))
        # -1, an order that is chosen elsewhere, leaves the box empty.
        self.order_box.setCurrentIndex(self.order_box.findData(choice.order))
        self._count()
        self._select(self._path)

    def _select(self, path: str) -> None:
        index = self._model.index_of(path)
        if index.isValid():
            self.view.setCurrentIndex(index)
            self.view.scrollTo(index)

    def _forget(self) -> None:
        self._path = ""
        self.chosen.emit("")

    def _make_show_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Which exhibits are shown"))
        for text, show in (
            (self.tr("All"), Show.ALL),
            (self.tr("Likely AI"), Show.AI),
            (self.tr("Inconclusive"), Show.INCONCLUSIVE),
            (self.tr("No sign found"), Show.REAL),
            (self.tr("Edited in part"), Show.EDITED),
            (self.tr("Failed"), Show.FAILED),
            (self.tr("Still to examine"), Show.OPEN),
        ):
            box.addItem(text, show)
        box.activated.connect(self.arrange)
        return box

    def _make_order_box(self) -> QComboBox:
        box = QComboBox()
        box.setAccessibleName(self.tr("Order of the exhibits"))
        for text, order in (
            (self.tr("As added"), Order.ADDED),
            (self.tr("Highest p first"), Order.HIGHEST),
            (self.tr("By name"), Order.NAME),
        ):
            box.addItem(text, order)
        box.activated.connect(self.arrange)
        return box

    def _lay_out(self, theme: Theme) -> None:
        title = QLabel(self.tr("EXHIBITS"))
        title.setObjectName("section")
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch()
        head.addWidget(self.count)
        boxes = QHBoxLayout()
        boxes.setSpacing(theme.space(2))
        boxes.addWidget(self.show_box, 1)
        boxes.addWidget(self.order_box, 1)
        top = QVBoxLayout()
        top.setContentsMargins(theme.space(3), theme.space(3), theme.space(3), theme.space(2))
        top.setSpacing(theme.space(2))
        top.addLayout(head)
        top.addLayout(boxes)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(top)
        layout.addWidget(self.view, 1)

    def _count(self) -> None:
        shown, total = self._model.rowCount(), self._model.total
        self.count.setText(f"{shown:,}" if shown == total else f"{shown:,} / {total:,}")

    def _current_changed(self, current: QModelIndex) -> None:
        exhibit = self._model.at(current)
        path = exhibit.path if exhibit else ""
        if path != self._path:
            self._path = path
            self.chosen.emit(path)

    def _thumbnail_ready(self, path: str) -> None:
        index = self._model.index_of(path)
        if index.isValid():
            self.view.update(index)
