"""The pages of a document under one another; only those in sight are rendered."""

from __future__ import annotations

from bisect import bisect_right
from collections import OrderedDict

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea

from app.style import Theme

PX_A_POINT = 96 / 72
"""Logical pixels to a point at 100 %."""

KEPT = 24
"""Pages kept as pictures; at 100 % on a usual screen one takes 4 MB."""

ZOOMS = (0.25, 0.33, 0.5, 0.67, 0.8, 1.0, 1.25, 1.5, 2.0, 3.0)
"""Steps of the zoom."""

WIDEST_PX = 8192
"""A page is never rendered wider."""


class PageView(QAbstractScrollArea):
    """Shows pages; asks for the pictures of those that are seen.

    Args:
        theme: measures and colours.
    """

    wanted = Signal(int, int)
    """Index of a page in sight that has no picture, and the width it is to have, px."""
    zoomed = Signal()
    """Pages have other sizes now: pictures that were asked for are of no use."""
    moved = Signal(int)
    """Index of the page that is seen now."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._sizes: tuple[tuple[float, float], ...] = ()
        self._tops: list[int] = []
        self._images: OrderedDict[int, QImage] = OrderedDict()
        self._asked: dict[int, int] = {}
        """Page -> width that was asked for last, px."""
        self._have: dict[int, int] = {}
        """Page -> width that its picture was asked for with."""
        self._message = ""
        self._current = -1
        self.zoom = 1.0
        """Logical pixels a point, as a share of those at 100 %."""
        self.fits = True
        """Whether a page is as wide as the view."""
        self.setAccessibleName(self.tr("Pages of the report"))
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        # A bar that comes and goes would change the width that pages are fitted to.
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self.horizontalScrollBar().valueChanged.connect(self.viewport().update)
        theme.changed.connect(self.viewport().update)

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._sizes)

    @property
    def current(self) -> int:
        """Index of the page that is seen; -1 without pages."""
        return self._current

    def show_message(self, text: str) -> None:
        """Say why there are no pages."""
        self._message = text
        self._sizes, self._tops, self._current = (), [], -1
        self._forget()
        self._lay_out()

    def show_pages(self, sizes_pt: tuple[tuple[float, float], ...]) -> None:
        """Show a document, its first page first, or the page that was seen if there is one.

        Args:
            sizes_pt: (width, height) of each page, points.
        """
        kept = max(0, min(self._current, len(sizes_pt) - 1))
        self._message = ""
        self._sizes = sizes_pt
        self._forget()
        self._zoom_to(self.zoom)
        self.go_to(kept)

    def show_page(self, index: int, image: QImage) -> None:
        """Take the picture of a page."""
        self._images[index] = image
        self._images.move_to_end(index)
        self._have[index] = self._asked.pop(index, 0)
        if len(self._images) > KEPT:
            gone, _ = self._images.popitem(last=False)
            self._have.pop(gone, None)
        self.viewport().update()

    def has(self, index: int) -> bool:
        """Return whether the picture of a page is there."""
        return index in self._images

    def go_to(self, index: int) -> None:
        """Show a page from its top."""
        if 0 <= index < len(self._tops):
            self.verticalScrollBar().setValue(self._tops[index] - self._gap)
            self._scrolled()

    def fit(self) -> None:
        """Make pages as wide as the view."""
        self.fits = True
        self._zoom_to(self.zoom)

    def zoom_by(self, steps: int) -> None:
        """Make pages larger or smaller by so many steps."""
        self.fits = False
        here = bisect_right(ZOOMS, self.zoom + 1e-6) - 1
        if steps < 0 and here >= 0 and self.zoom > ZOOMS[here] + 1e-6:
            here += 1
        self._zoom_to(ZOOMS[max(0, min(len(ZOOMS) - 1, here + steps))])

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802 - Qt's name
        """Lay the pages out anew."""
        super().resizeEvent(event)
        if self.fits:
            self._zoom_to(self.zoom)
        else:
            self._lay_out()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """Return a size that shows a page."""
        return QSize(640, 800)

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Paint the pages in sight and ask for those that are missing."""
        painter = QPainter(self.viewport())
        colours = self._theme.colours
        painter.fillRect(self.viewport().rect(), QColor(colours.track))
        if not self._sizes:
            painter.setPen(QColor(colours.text_muted))
            edge = self._theme.space(8)
            box = self.viewport().rect().adjusted(edge, edge, -edge, -edge)
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(box, int(flags), self._message)
            return
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        for index in self._seen():
            box = self._box(index)
            shade = box.adjusted(2, 2, 2, 2)
            painter.fillRect(shade, QColor(0, 0, 0, 40))
            painter.fillRect(box, QColor("#ffffff"))
            image = self._images.get(index)
            if image is not None:
                self._images.move_to_end(index)
                painter.drawImage(box, image)
            self._want(index)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawRect(box)

    def _want(self, index: int) -> None:
        width = self._width_px(index)
        if width not in (self._have.get(index), self._asked.get(index)):
            self._asked[index] = width
            self.wanted.emit(index, width)

    def _forget(self) -> None:
        self._images.clear()
        self._asked.clear()
        self._have.clear()

    @property
    def _gap(self) -> int:
        return self._theme.space(4)

    def _zoom_to(self, zoom: float) -> None:
        if self.fits and self._sizes:
            widest = max(width for width, _ in self._sizes)
            room = self.viewport().width() - 2 * self._gap
            zoom = max(ZOOMS[0], min(ZOOMS[-1], room / (widest * PX_A_POINT)))
        share = self._share()
        self.zoom = zoom
        self._asked.clear()
        self.zoomed.emit()
        self._lay_out()
        self.verticalScrollBar().setValue(round(share * self._height))

    def _share(self) -> float:
        return self.verticalScrollBar().value() / self._height if self._height else 0.0

    _height = 0

    def _lay_out(self) -> None:
        top, widest = self._gap, 0
        self._tops = []
        for index in range(len(self._sizes)):
            size = self._size(index)
            self._tops.append(top)
            top += size.height() + self._gap
            widest = max(widest, size.width())
        self._height = top if self._sizes else 0
        view = self.viewport().size()
        bar, side = self.verticalScrollBar(), self.horizontalScrollBar()
        bar.setRange(0, max(0, self._height - view.height()))
        bar.setPageStep(view.height())
        bar.setSingleStep(self._theme.space(10))
        side.setRange(0, max(0, widest + 2 * self._gap - view.width()))
        side.setPageStep(view.width())
        self._scrolled()

    def _size(self, index: int) -> QSize:
        width, height = self._sizes[index]
        scale = self.zoom * PX_A_POINT
        return QSize(round(width * scale), round(height * scale))

    def _width_px(self, index: int) -> int:
        return min(WIDEST_PX, round(self._size(index).width() * self.devicePixelRatioF()))

    def _box(self, index: int) -> QRect:
        size, view = self._size(index), self.viewport().width()
        left = max(self._gap, (view - size.width()) // 2) - self.horizontalScrollBar().value()
        return QRect(left, self._tops[index] - self.verticalScrollBar().value(), *size.toTuple())

    def _seen(self) -> range:
        above = self.verticalScrollBar().value()
        first = max(0, bisect_right(self._tops, above) - 1)
        last = bisect_right(self._tops, above + self.viewport().height())
        return range(first, last)

    def _scrolled(self) -> None:
        if self._tops:
            middle = self.verticalScrollBar().value() + self.viewport().height() // 3
            seen = max(0, bisect_right(self._tops, middle) - 1)
            if seen != self._current:
                self._current = seen
                self.moved.emit(seen)
        self.viewport().update()
