"""How the window looks: tokens from one file, and the style made from them."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from typing import Protocol

from PySide6.QtCore import QByteArray, QObject, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontDatabase,
    QGuiApplication,
    QIcon,
    QPainter,
    QPalette,
    QPixmap,
)
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication

from engine.errors import InputError
from engine.types import Outcome

FONT_FAMILIES = ("Noto Sans", "Residua Symbols", "Droid Sans Fallback")
"""Shipped in resources/fonts, so that the window looks the same on every machine."""

ICON_SIDES_PX = (16, 32, 64)
"""Sizes an icon is drawn in; the larger ones serve dense screens."""

ICON_INK = "currentColor"
"""What the shipped SVGs are drawn with; replaced by the theme's text colour."""


class BandStyle(Protocol):
    """How one band of the verdict looks; the engine's value."""

    @property
    def name(self) -> str:
        """The band's name."""

    @property
    def shape(self) -> str:
        """``"triangle"``, ``"diamond"``, ``"ring"`` or ``"cross"``."""

    @property
    def on_light(self) -> str:
        """``#rrggbb`` on a light ground."""

    @property
    def on_dark(self) -> str:
        """``#rrggbb`` on a dark ground."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Distances and sizes, px."""

    step: int
    radius_small: int
    radius: int
    stroke: int
    row: int
    thumb: int
    control: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeSizes:
    """The four sizes of text, px."""

    small: int
    body: int
    title: int
    headline: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Colours:
    """``#rrggbb`` values of one scheme."""

    window: str
    panel: str
    raised: str
    hover: str
    selected: str
    line: str
    line_strong: str
    text: str
    text_muted: str
    text_disabled: str
    accent: str
    on_accent: str
    surround: str
    on_surround: str
    track: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """Everything of ``resources/style/tokens.toml``."""

    measure: Measure
    type: TypeSizes
    light: Colours
    dark: Colours


def read_tokens(style_dir: Path) -> Tokens:
    """Read the tokens.

    Args:
        style_dir: the folder that holds ``tokens.toml``.

    Raises:
        InputError: the file is missing or lacks a token.
    """
    file = style_dir / "tokens.toml"
    try:
        table = tomllib.loads(file.read_text(encoding="utf-8"))
        return Tokens(
            measure=Measure(**table["measure"]),
            type=TypeSizes(**table["type"]),
            light=Colours(**table["light"]),
            dark=Colours(**table["dark"]),
        )
    except (OSError, KeyError, TypeError, tomllib.TOMLDecodeError) as error:
        raise InputError(
            f"The window's style {file} cannot be used ({error}): install the program again."
        ) from error


def load_fonts(fonts_dir: Path) -> None:
    """Give the shipped fonts to Qt.

    Args:
        fonts_dir: the folder that holds the TrueType files.

    Raises:
        InputError: a file is no font.
    """
    for file in sorted(fonts_dir.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(file)) < 0:
            raise InputError(f"The font {file} cannot be read: install the program again.")


class Theme(QObject):
    """The tokens, the scheme in use, and what is drawn from both.

    Args:
        resources_dir: the folder of shipped resources.
        band_style: returns how a band looks; None asks for a file that was not examined.
    """

    changed = Signal()
    """The scheme changed; whoever paints by hand paints again."""

    def __init__(
        self, resources_dir: Path, band_style: Callable[[Outcome | None], BandStyle]
    ) -> None:
        super().__init__()
        self._dir = resources_dir
        self.tokens = read_tokens(resources_dir / "style")
        self._bands: Mapping[Outcome | None, BandStyle] = {
            outcome: band_style(outcome) for outcome in (*Outcome, None)
        }
        self._mode = "system"
        self._icons: dict[str, QIcon] = {}
        QGuiApplication.styleHints().colorSchemeChanged.connect(self._system_changed)

    @property
    def dark(self) -> bool:
        """Whether the dark scheme is in use."""
        if self._mode == "system":
            return QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
        return self._mode == "dark"

    @property
    def colours(self) -> Colours:
        """The colours in use."""
        return self.tokens.dark if self.dark else self.tokens.light

    @property
    def measure(self) -> Measure:
        """Distances and sizes, px."""
        return self.tokens.measure

    def space(self, steps: int) -> int:
        """Return a distance of so many steps, px."""
        return self.tokens.measure.step * steps

    def band(self, outcome: Outcome | None) -> BandStyle:
        """Return the look of a band; None is a file that was not examined."""
        return self._bands[outcome]

    def band_colour(self, outcome: Outcome | None) -> QColor:
        """Return the colour of a band's text and mark."""
        band = self._bands[outcome]
        return QColor(band.on_dark if self.dark else band.on_light)

    def font(self, size_px: int, *, strong: bool = False) -> QFont:
        """Return the window's font with tabular figures.

        Args:
            size_px: one of the token sizes.
            strong: whether it is bold.
        """
        font = QFont(list(FONT_FAMILIES))
        font.setPixelSize(size_px)
        font.setFeature(QFont.Tag("tnum"), 1)
        font.setWeight(QFont.Weight.Bold if strong else QFont.Weight.Normal)
        return font

    def icon(self, name: str) -> QIcon:
        """Return a shipped icon in the colours in use.

        Args:
            name: the SVG's name without its ending.

        Raises:
            InputError: there is no such icon, or it is no SVG.
        """
        if name not in self._icons:
            self._icons[name] = self._draw_icon(name)
        return self._icons[name]

    def picture(self, name: str) -> QPixmap:
        """Return a shipped picture of the program.

        Args:
            name: the file's name in the folder of icons.

        Raises:
            InputError: there is no such picture.
        """
        pixmap = QPixmap(str(self._dir / "icons" / name))
        if pixmap.isNull():
            raise InputError(f"The picture {name} is missing: install the program again.")
        return pixmap

    def set_mode(self, mode: str) -> None:
        """Follow the system (``"system"``) or keep to ``"light"`` or ``"dark"``."""
        if mode not in ("system", "light", "dark"):
            raise InputError(f"The scheme {mode!r} is unknown: use system, light or dark.")
        self._mode = mode
        self.apply()

    @property
    def mode(self) -> str:
        """``"system"``, ``"light"`` or ``"dark"``."""
        return self._mode

    def apply(self) -> None:
        """Dress the application."""
        app = QApplication.instance()
        if not isinstance(app, QApplication):
            raise TypeError("The style needs a QApplication.")
        self._icons.clear()
        app.setStyle("Fusion")
        app.setPalette(self._palette())
        app.setFont(self.font(self.tokens.type.body))
        app.setStyleSheet(self._sheet())
        self.changed.emit()

    def _system_changed(self) -> None:
        if self._mode == "system":
            self.apply()

    def _sheet(self) -> str:
        tokens, colours = self.tokens, self.colours
        values: dict[str, str] = {name: getattr(colours, name) for name in Colours.__slots__}
        values |= {
            f"type_{name}": f"{getattr(tokens.type, name)}px" for name in TypeSizes.__slots__
        }
        values |= {name: f"{getattr(tokens.measure, name)}px" for name in Measure.__slots__}
        values |= {f"space{n}": f"{self.space(n)}px" for n in range(1, 9)}
        values |= {
            "style_dir": (self._dir / "style").as_posix(),
            "scheme": "dark" if self.dark else "light",
        }
        text = (self._dir / "style" / "window.qss").read_text(encoding="utf-8")
        return Template(text).substitute(values)

    def _palette(self) -> QPalette:
        colours, role = self.colours, QPalette.ColorRole
        palette = QPalette()
        for which, value in (
            (role.Window, colours.window),
            (role.WindowText, colours.text),
            (role.Base, colours.panel),
            (role.AlternateBase, colours.hover),
            (role.Text, colours.text),
            (role.Button, colours.raised),
            (role.ButtonText, colours.text),
            (role.Highlight, colours.selected),
            (role.HighlightedText, colours.text),
            (role.ToolTipBase, colours.raised),
            (role.ToolTipText, colours.text),
            (role.PlaceholderText, colours.text_muted),
            (role.Link, colours.accent),
            (role.Accent, colours.accent),
        ):
            palette.setColor(which, QColor(value))
        for which in (role.WindowText, role.Text, role.ButtonText):
            palette.setColor(QPalette.ColorGroup.Disabled, which, QColor(colours.text_disabled))
        return palette

    def _draw_icon(self, name: str) -> QIcon:
        file = self._dir / "icons" / f"{name}.svg"
        try:
            drawing = file.read_text(encoding="utf-8")
        except OSError as error:
            raise InputError(f"The icon {file} is missing: install the program again.") from error
        icon = QIcon()
        for mode, ink in (
            (QIcon.Mode.Normal, self.colours.text),
            (QIcon.Mode.Disabled, self.colours.text_disabled),
        ):
            renderer = QSvgRenderer(QByteArray(drawing.replace(ICON_INK, ink).encode()))
            if not renderer.isValid():
                raise InputError(f"The icon {file} is no SVG: install the program again.")
            for side_px in ICON_SIDES_PX:
                pixmap = QPixmap(QSize(side_px, side_px))
                pixmap.fill(Qt.GlobalColor.transparent)
                painter = QPainter(pixmap)
                renderer.render(painter)
                painter.end()
                icon.addPixmap(pixmap, mode)
        return icon
