"""Drawings of the report: marks of the bands, pictures with places, legend, read-outs."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from PIL import Image as PillowImage
from reportlab.lib.colors import Color, HexColor, white
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from engine import paths
from engine.images.colour import band_style, palette
from engine.report.contents import Picture
from engine.report.exhibits import Report
from engine.report.fonts import BOLD, SANS
from engine.report.page import INK, MUTED, PANEL, RULE
from engine.report.wording import log_odds, region_label
from engine.types import Outcome, Region

ICON = "residua-256.png"

LEGEND_LEVELS = 64
READ_OUT_LIMIT = 8.0
"""Log-odds at the ends of the read-out scale, the same in every report; longer bars are cut
and marked."""


def band_colour(outcome: Outcome | None) -> Color:
    """Return a band's colour on paper.

    Args:
        outcome: the verdict's; None for not examined.
    """
    return HexColor(band_style(outcome).on_light)


def draw_mark(canvas: Any, outcome: Outcome | None, x: float, y: float, side: float) -> None:
    """Draw a band's mark.

    Args:
        canvas: where to draw.
        outcome: the verdict's; None for not examined.
        x: left edge, pt.
        y: lower edge, pt.
        side: width and height, pt.
    """
    canvas.saveState()
    canvas.setFillColor(band_colour(outcome))
    canvas.setStrokeColor(band_colour(outcome))
    canvas.setLineWidth(side / 6)
    canvas.setLineCap(1)
    canvas.setLineJoin(1)
    shape, half, inset = band_style(outcome).shape, side / 2, side / 8
    path = canvas.beginPath()
    if shape == "ring":
        canvas.circle(x + half, y + half, half - inset, stroke=1, fill=0)
    elif shape == "cross":
        canvas.line(x + inset, y + inset, x + side - inset, y + side - inset)
        canvas.line(x + inset, y + side - inset, x + side - inset, y + inset)
    elif shape == "triangle":
        _polygon(path, [(x, y + inset), (x + side, y + inset), (x + half, y + side)])
    else:
        _polygon(path, [(x + half, y), (x + side, y + half), (x + half, y + side), (x, y + half)])
    if shape in {"triangle", "diamond"}:
        canvas.drawPath(path, stroke=0, fill=1)
    canvas.restoreState()


def _polygon(path: Any, points: Sequence[tuple[float, float]]) -> None:
    path.moveTo(*points[0])
    for point in points[1:]:
        path.lineTo(*point)
    path.close()


class Mark(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A band's mark as a table cell.

    Args:
        outcome: the verdict's; None for not examined.
        side: pt.
    """

    def __init__(self, outcome: Outcome | None, side: float = 9.0) -> None:
        super().__init__()
        self.outcome, self.side = outcome, side

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the mark's size."""
        return self.side, self.side

    def draw(self) -> None:
        """Draw it."""
        draw_mark(self.canv, self.outcome, 0, 0, self.side)


class Icon(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The program's icon on white: a page without transparency needs no blending.

    Args:
        side: pt.
    """

    def __init__(self, side: float) -> None:
        super().__init__()
        self.width = self.height = side

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return its size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw it."""
        with PillowImage.open(paths.resources_dir() / "icons" / ICON) as icon:
            flat = PillowImage.new("RGB", icon.size, "white")
            flat.paste(icon, mask=icon.getchannel("A"))
        self.canv.drawImage(ImageReader(flat), 0, 0, self.width, self.height)


class Figure(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """A picture with places outlined and lettered.

    Args:
        report: has the pictures, and learns where they are drawn.
        picture: which one; the height follows from it.
        width: of the figure, pt.
        max_height: pt; a tall picture gets narrower.
        original_px: (height, width) of the original, which the regions refer to.
        regions: places; place i gets the letter ``region_label(i)``.
    """

    def __init__(
        self,
        report: Report,
        picture: Picture,
        *,
        width: float,
        max_height: float,
        original_px: tuple[int, int] | None = None,
        regions: Sequence[Region] = (),
    ) -> None:
        super().__init__()
        self._jpeg, self._sha256 = report.jpegs.get(picture.sha256), picture.sha256
        self._ledger = report.ledger
        scale = min(width / picture.width, max_height / picture.height)
        self.width, self.height = picture.width * scale, picture.height * scale
        self._original_px = original_px or (picture.height, picture.width)
        self._regions = regions

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the figure's size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the picture and its places."""
        canvas = self.canv
        self._ledger.pictures.append((canvas.getPageNumber(), self._sha256))
        if self._jpeg is not None:
            # Read here and let go: a reader keeps the decoded picture as long as it lives.
            canvas.drawImage(ImageReader(BytesIO(self._jpeg)), 0, 0, self.width, self.height)
        canvas.setStrokeColor(RULE)
        canvas.setLineWidth(0.4)
        canvas.rect(0, 0, self.width, self.height, stroke=1, fill=0)
        if not self._regions:
            return
        inside = canvas.beginPath()
        inside.rect(0, 0, self.width, self.height)
        canvas.clipPath(inside, stroke=0, fill=0)
        scale_y = self.height / self._original_px[0]
        scale_x = self.width / self._original_px[1]
        for index, region in enumerate(self._regions):
            self._place(
                region_label(index),
                region.x * scale_x,
                self.height - (region.y + region.h) * scale_y,
                region.w * scale_x,
                region.h * scale_y,
            )

    def _place(self, letter: str, x: float, y: float, w: float, h: float) -> None:
        canvas = self.canv
        for colour, line in ((INK, 2.0), (white, 1.0)):
            canvas.setStrokeColor(colour)
            canvas.setLineWidth(line)
            canvas.rect(x, y, w, h, stroke=1, fill=0)
        size = 7.5
        box = canvas.stringWidth(letter, BOLD, size) + 5
        left = min(max(x, 0.0), self.width - box)
        bottom = min(max(y + h - 10, 0.0), self.height - 10)
        canvas.setFillColor(INK)
        canvas.rect(left, bottom, box, 10, stroke=0, fill=1)
        canvas.setFillColor(white)
        canvas.setFont(BOLD, size)
        canvas.drawString(left + 2.5, bottom + 2.3, letter)


class Legend(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """The heat map's fixed scale, its cell size, and what hatching means.

    Args:
        cell_px: (height, width) of a cell in original pixels.
        width: pt.
        of: what the scale tells.
    """

    def __init__(
        self, cell_px: tuple[float, float], width: float, of: str = "artifact evidence"
    ) -> None:
        super().__init__()
        self._of = of
        self._cell_px, self.width, self.height = cell_px, width, 34.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the legend's size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the scale with ticks at quarters, and the words."""
        canvas, bar, top = self.canv, self.width * 0.56, self.height - 8
        step = bar / LEGEND_LEVELS
        for index, (red, green, blue) in enumerate(palette(LEGEND_LEVELS) / 255.0):
            canvas.setFillColor(Color(red, green, blue))
            canvas.rect(index * step, top, step + 0.2, 7, stroke=0, fill=1)
        canvas.setFillColor(MUTED)
        canvas.setStrokeColor(MUTED)
        canvas.setLineWidth(0.4)
        canvas.setFont(SANS, 6.5)
        for quarter, text in enumerate(("0", ".25", ".5", ".75", "1")):
            x = bar * quarter / 4
            canvas.line(x, top, x, top - 2)
            (canvas.drawString, *[canvas.drawCentredString] * 3, canvas.drawRightString)[quarter](
                x, top - 8.5, text
            )
        self._hatch(bar + 10, top)
        canvas.setFillColor(MUTED)
        canvas.drawString(bar + 26, top + 1, "no evidence to judge")
        height, width = self._cell_px
        canvas.drawString(
            0,
            top - 20,
            f"{self._of}, fixed scale · one cell is {width:.4g} × {height:.4g} px of the original",
        )

    def _hatch(self, x: float, y: float) -> None:
        canvas = self.canv
        canvas.saveState()
        path = canvas.beginPath()
        path.rect(x, y, 12, 7)
        canvas.clipPath(path, stroke=1, fill=0)
        for offset in range(-6, 14, 4):
            canvas.line(x + offset, y, x + offset + 7, y + 7)
        canvas.restoreState()


class ReadOutChart(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """Log-odds as bars on one fixed scale.

    Args:
        rows: (name, log-odds, or None for what was not run).
        width: pt.
    """

    def __init__(self, rows: Sequence[tuple[str, float | None]], width: float) -> None:
        super().__init__()
        self._rows = tuple(rows)
        self.width, self.height = width, 21.0 + 15 * len(rows)

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the chart's size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw scale, bars and values."""
        canvas, left, right = self.canv, 62.0, 34.0
        half = (self.width - left - right) / 2
        zero, floor = left + half, 20.0
        canvas.setFont(SANS, 6.5)
        for tick in (-8, -4, 0, 4, 8):
            x = zero + half * tick / READ_OUT_LIMIT
            canvas.setStrokeColor(MUTED if tick == 0 else RULE)
            canvas.setLineWidth(0.7 if tick == 0 else 0.4)
            canvas.line(x, floor, x, self.height)
            canvas.setFillColor(MUTED)
            canvas.drawCentredString(x, floor - 8, f"{tick:+d}".replace("-", "−") if tick else "0")
        canvas.drawString(left, 2, "away from AI")
        canvas.drawCentredString(zero, 2, "log-odds")
        canvas.drawRightString(self.width - right, 2, "towards AI")
        for index, (name, value) in enumerate(self._rows):
            self._bar(name, value, self.height - 13 - index * 15, zero, half)

    def _bar(self, name: str, value: float | None, y: float, zero: float, half: float) -> None:
        canvas = self.canv
        canvas.setFillColor(INK)
        canvas.setFont(SANS, 7.5)
        canvas.drawString(0, y + 1.5, name)
        if value is None:
            canvas.setFillColor(MUTED)
            canvas.drawRightString(self.width, y + 1.5, "not run")
            return
        shown = min(max(value, -READ_OUT_LIMIT), READ_OUT_LIMIT)
        length = half * shown / READ_OUT_LIMIT
        canvas.setFillColor(band_colour(Outcome.AI if value > 0 else Outcome.REAL))
        canvas.rect(min(zero, zero + length), y, abs(length), 8, stroke=0, fill=1)
        canvas.setFillColor(INK)
        cut = ">" if abs(value) > READ_OUT_LIMIT else ""
        canvas.drawRightString(self.width, y + 1.5, cut + log_odds(value))


class Share(Flowable):  # type: ignore[misc]  # reportlab is untyped
    """One bar that shows how many exhibits fell into each band.

    Args:
        counts: (outcome or None for not examined, number) in the order of drawing.
        width: pt.
    """

    def __init__(self, counts: Sequence[tuple[Outcome | None, int]], width: float) -> None:
        super().__init__()
        self._counts, self.width, self.height = counts, width, 8.0

    def wrap(self, _width: float, _height: float) -> tuple[float, float]:
        """Return the bar's size."""
        return self.width, self.height

    def draw(self) -> None:
        """Draw the parts side by side."""
        total, x = sum(number for _, number in self._counts), 0.0
        self.canv.setFillColor(PANEL)
        self.canv.rect(0, 0, self.width, self.height, stroke=0, fill=1)
        for outcome, number in self._counts:
            part = self.width * number / total if total else 0.0
            if part > 0:
                self.canv.setFillColor(band_colour(outcome))
                self.canv.rect(x, 0, max(part - 1.0, 0.5), self.height, stroke=0, fill=1)
            x += part
