"""The pages of a report as pictures, to be looked at before it is written."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pypdfium2 import PdfiumError

from engine.errors import InputError

WIDTHS_PX = (16, 8192)
"""Narrowest and widest that a page is rendered."""


class ReportPages:
    """A report that was laid out and is held in memory. One thread owns it, and closes it.

    Args:
        data: the whole PDF.

    Raises:
        InputError: it cannot be read.
    """

    def __init__(self, data: bytes) -> None:
        try:
            self._document = pypdfium2.PdfDocument(data)
            self.sizes_pt: tuple[tuple[float, float], ...] = tuple(
                self._document.get_page_size(index) for index in range(len(self._document))
            )
            """(width, height) of each page, points."""
            self.chapters: tuple[tuple[str, int], ...] = tuple(self._chapters())
            """(title, index of its first page) of each chapter, in order."""
        except PdfiumError as error:
            raise InputError(f"The pages of the report cannot be read ({error}).") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def render(self, index: int, width_px: int) -> NDArray[np.uint8]:
        """Return a page as a picture.

        Args:
            index: of the page, from 0.
            width_px: of the picture; its height follows from the page.

        Returns:
            [height, width_px, 3] sRGB, read-only.

        Raises:
            InputError: there is no such page, or the width is out of range.
        """
        if not 0 <= index < len(self.sizes_pt):
            raise InputError(f"Page {index + 1} of a report of {len(self.sizes_pt)} was asked for.")
        if not WIDTHS_PX[0] <= width_px <= WIDTHS_PX[1]:
            raise InputError(f"A page {width_px} px wide was asked for: use {WIDTHS_PX}.")
        width_pt, _ = self.sizes_pt[index]
        page = self._document[index]
        try:
            bitmap = page.render(scale=width_px / width_pt, rev_byteorder=True)
            pixels = np.array(bitmap.to_numpy()[..., :3], dtype=np.uint8)
            bitmap.close()
        except PdfiumError as error:
            raise InputError(f"Page {index + 1} cannot be shown ({error}).") from error
        finally:
            page.close()
        pixels.flags.writeable = False
        return pixels

    def close(self) -> None:
        """Let go of the document."""
        self._document.close()

    def _chapters(self) -> list[tuple[str, int]]:
        found = []
        for mark in self._document.get_toc():
            place = mark.get_dest()
            index = None if place is None else place.get_index()
            if mark.level == 0 and index is not None:
                found.append((mark.get_title(), index))
        return found
