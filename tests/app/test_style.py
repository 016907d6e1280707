"""Contrast, colour vision and completeness of the style."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from app.style import Colours, Theme, load_fonts, read_tokens
from engine import paths
from engine.errors import InputError
from engine.images.colour import band_style
from engine.types import Outcome

TOKENS = read_tokens(paths.resources_dir() / "style")

VISION = {
    "protan": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
               [-0.003882, -0.048116, 1.051998]],
    "deutan": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413],
               [-0.011820, 0.042940, 0.968881]],
    "tritan": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
               [0.004733, 0.691367, 0.303900]],
    "usual": [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
}  # fmt: skip
"""Linear sRGB under full dichromacy. Source: Machado, Oliveira, Fernandes 2009, severity 1.0."""

TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])

APART = 3 * 2.3
"""Least distance in CIELAB of two bands: three times what is just noticeable side by side."""


def linear(colour: str) -> np.ndarray:
    channels = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)]) / 255
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def luminance(colour: str) -> float:
    return float(TO_XYZ[1] @ linear(colour))


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(colour: str, vision: str) -> np.ndarray:
    seen = np.clip(np.array(VISION[vision]) @ linear(colour), 0.0, 1.0)
    f = [v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in TO_XYZ @ seen / WHITE]
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def schemes() -> list[tuple[str, Colours]]:
    return [("on_light", TOKENS.light), ("on_dark", TOKENS.dark)]


@pytest.mark.parametrize(("ground", "colours"), schemes())
def test_text_is_readable_on_every_surface(ground: str, colours: Colours) -> None:
    for surface in (colours.window, colours.panel, colours.raised, colours.hover, colours.selected):
        assert contrast(colours.text, surface) >= 7.0
        assert contrast(colours.text_muted, surface) >= 4.5, surface
    assert contrast(colours.on_accent, colours.accent) >= 4.5
    assert contrast(colours.on_surround, colours.surround) >= 4.5


@pytest.mark.parametrize(("ground", "colours"), schemes())
def test_bands_are_readable_wherever_they_are_painted(ground: str, colours: Colours) -> None:
    for outcome in (*Outcome, None):
        colour = getattr(band_style(outcome), ground)
        for surface in (colours.panel, colours.hover):
            assert contrast(colour, surface) >= 4.5, (outcome, surface)
        # Only the mark keeps its colour there; WCAG asks 3:1 of graphics.
        assert contrast(colour, colours.selected) >= 3.0, outcome


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("ground", ["on_light", "on_dark"])
def test_bands_stay_apart_in_every_colour_vision(ground: str, vision: str) -> None:
    seen = [lab(getattr(band_style(outcome), ground), vision) for outcome in Outcome]
    for first in range(len(seen)):
        for second in range(first):
            assert np.linalg.norm(seen[first] - seen[second]) > APART


@pytest.mark.parametrize(("ground", "colours"), schemes())
def test_frame_has_no_tint(ground: str, colours: Colours) -> None:
    for name in ("window", "panel", "raised", "hover", "line", "surround", "track"):
        value = getattr(colours, name)
        assert value[1:3] == value[3:5] == value[5:7], name


def test_both_schemes_are_applied(theme: Theme) -> None:
    sheets = []
    for mode in ("light", "dark"):
        theme.set_mode(mode)
        sheets.append(theme._sheet())
        assert theme.dark is (mode == "dark")
        assert "$" not in sheets[-1]
    assert sheets[0] != sheets[1]
    theme.set_mode("light")


def test_icons_take_the_colour_of_the_text(theme: Theme) -> None:
    image = theme.icon("open").pixmap(64, 64).toImage()
    inked = {
        image.pixelColor(x, y).name()
        for x in range(64)
        for y in range(64)
        if image.pixelColor(x, y).alpha() == 255
    }
    assert inked == {TOKENS.light.text}


def test_every_icon_of_the_set_can_be_drawn(theme: Theme) -> None:
    for file in (paths.resources_dir() / "icons").glob("*.svg"):
        assert not theme.icon(file.stem).isNull()


def test_missing_parts_are_said(theme: Theme, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="install the program again"):
        theme.icon("no-such-icon")
    with pytest.raises(InputError, match="install the program again"):
        read_tokens(tmp_path)
    with pytest.raises(InputError, match="bright"):
        theme.set_mode("bright")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    with pytest.raises(InputError, match=r"broken\.ttf"):
        load_fonts(tmp_path)


def test_shipped_fonts_are_there_and_figures_are_tabular(theme: Theme) -> None:
    from PySide6.QtGui import QFontDatabase, QFontMetrics

    load_fonts(paths.resources_dir() / "fonts")
    assert "Noto Sans" in QFontDatabase.families()
    metrics = QFontMetrics(theme.font(13))
    assert len({metrics.horizontalAdvance(figure) for figure in "0123456789"}) == 1
