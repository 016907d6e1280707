"""Where the cells of a grid with headings lie; arithmetic, so that a thousand rows cost nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A rectangle in the content, px."""

    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Block:
    """One section as it is laid out."""

    first: int
    """Index of its first cell."""
    count: int
    top: int
    """Of its heading, or of its first row where it has none."""
    cells: int
    """Top of its first row of cells."""
    bottom: int


class Flow:
    """Cells of one size in sections, row by row.

    Args:
        counts: cells in each section.
        width: of the content, px.
        cell: (width, height) of a cell, px; the width is stretched to fill a row.
        gap: between cells and around them, px.
        heading: height of a section's heading, px; 0 for none.
        single: one cell a row, as wide as the content.
    """

    def __init__(
        self,
        counts: Sequence[int],
        *,
        width: int,
        cell: tuple[int, int],
        gap: int,
        heading: int,
        single: bool = False,
    ) -> None:
        self.gap = gap
        self.height_of_cell = cell[1]
        room = max(1, width - gap)
        self.columns = 1 if single else max(1, room // (cell[0] + gap))
        self.width_of_cell = max(1, room // self.columns - gap)
        self._row = cell[1] + gap
        self._blocks: list[_Block] = []
        self._heading = heading
        top = first = 0
        for count in counts:
            cells = top + heading + (0 if heading else gap)
            bottom = cells + -(-count // self.columns) * self._row
            self._blocks.append(
                _Block(first=first, count=count, top=top, cells=cells, bottom=bottom)
            )
            first += count
            top = bottom
        self.count = first
        self.height = top
        """Of the whole content."""
        self._firsts = [block.first for block in self._blocks]
        self._tops = [block.top for block in self._blocks]

    def box(self, index: int) -> Box:
        """Return where a cell lies.

        Args:
            index: 0..count - 1.
        """
        block = self._blocks[bisect_right(self._firsts, index) - 1]
        row, column = divmod(index - block.first, self.columns)
        return Box(
            x=self.gap + column * (self.width_of_cell + self.gap),
            y=block.cells + row * self._row,
            w=self.width_of_cell,
            h=self.height_of_cell,
        )

    def at(self, x: int, y: int) -> int | None:
        """Return the cell at a point; None between cells."""
        index = self.nearest(x, y)
        if index is None:
            return None
        box = self.box(index)
        inside = box.x <= x < box.x + box.w and box.y <= y < box.y + box.h
        return index if inside else None

    def nearest(self, x: int, y: int) -> int | None:
        """Return the cell whose row and column are closest to a point; None without cells."""
        if not self._blocks:
            return None
        block = self._blocks[max(0, bisect_right(self._tops, y) - 1)]
        rows = -(-block.count // self.columns)
        row = max(0, min(rows - 1, (y - block.cells) // self._row))
        column = max(
            0, min(self.columns - 1, (x - self.gap // 2) // (self.width_of_cell + self.gap))
        )
        return block.first + min(block.count - 1, row * self.columns + column)

    def between(self, top: int, bottom: int) -> range:
        """Return the cells of all rows that a band of the content touches."""
        if not self._blocks or bottom <= top:
            return range(0)
        begin, end = self.count, 0
        for block in self._touched(top, bottom):
            low = max(0, (top - block.cells) // self._row) * self.columns
            high = max(0, -(-(bottom - block.cells) // self._row)) * self.columns
            if low < block.count and high > 0:
                begin = min(begin, block.first + low)
                end = max(end, block.first + min(block.count, high))
        return range(begin, end) if begin < end else range(0)

    def headings(self, top: int, bottom: int) -> Iterator[tuple[int, int]]:
        """Yield (section, y) of the headings to paint; the first sticks to the upper edge."""
        if not self._heading:
            return
        for section, block in self._numbered(top, bottom):
            sticky = max(block.top, top)
            # The next heading pushes the one before out of sight.
            yield section, min(sticky, block.bottom - self._heading)

    def step(self, index: int, rows: int, x: int) -> int:
        """Return the cell so many rows below (above, when negative), in the column at x."""
        box = self.box(index)
        middle = box.y + box.h // 2
        here = bisect_right(self._firsts, index) - 1
        for _ in range(abs(rows)):
            block = self._blocks[here]
            y = middle + (self._row if rows > 0 else -self._row)
            if not block.cells <= y < block.bottom:
                here += 1 if rows > 0 else -1
                if not 0 <= here < len(self._blocks):
                    break
                block = self._blocks[here]
                last = block.bottom - self._row
                y = (block.cells if rows > 0 else last) + self.height_of_cell // 2
            middle = y
        found = self.nearest(x, middle)
        return index if found is None else found

    def _touched(self, top: int, bottom: int) -> Iterator[_Block]:
        for _section, block in self._numbered(top, bottom):
            yield block

    def _numbered(self, top: int, bottom: int) -> Iterator[tuple[int, _Block]]:
        section = max(0, bisect_right(self._tops, top) - 1)
        while section < len(self._blocks) and self._blocks[section].top < bottom:
            yield section, self._blocks[section]
            section += 1
