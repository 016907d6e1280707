"""The middle: the picture, what is laid over it, and how it is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.exhibits import display_name
from app.looking.drawings import Sketch
from app.looking.hands import Tool
from app.looking.layers import Layer, Mode
from app.looking.loupe import colour_words, evidence_words
from app.looking.view import ZOOM_STEP
from app.stage import Picture
from app.style import Theme
from app.widgets.canvas import Canvas
from app.widgets.caption import Caption
from app.widgets.elided import ElidedLabel
from app.widgets.legend import Legend
from app.widgets.mode_bar import ModeBar
from app.widgets.places import Place, letter
from app.widgets.rests_strip import RestsStrip
from app.widgets.stars import Stars
from app.widgets.tag_row import TagRow
from app.widgets.tool_strip import ToolStrip
from engine.mark_words import Shape
from engine.types import FileFacts, Region

UNKNOWN_SCALE = 8
"""How many times larger than its preview a picture is taken to be until its size is known."""


def size_text(facts: FileFacts) -> str:
    """Return format, size in pixels and size in bytes for a person."""
    parts = [facts.format] if facts.format else []
    if facts.width and facts.height:
        parts.append(f"{facts.width} × {facts.height} px")
        parts.append(f"{facts.width * facts.height / 1e6:.1f} Mpx")
    if facts.bytes is not None:
        parts.append(
            f"{facts.bytes / 1e6:.1f} MB" if facts.bytes >= 1e6 else f"{facts.bytes / 1e3:.0f} kB"
        )
    return "  ·  ".join(parts)


class PicturePane(QWidget):
    """The canvas between a line of facts and a line of controls.

    Args:
        theme: measures and colours.
        opacity_percent: the layer's opacity at first.
    """

    place_pointed = Signal(object)
    """Index of the place under the pointer, or None."""
    place_clicked = Signal(int)
    """Index of the place that was clicked."""
    sketched = Signal(object)
    """A Sketch that is to be kept."""
    sketch_changed = Signal(object)
    """A kept Sketch that was moved or worded anew."""

    def __init__(self, theme: Theme, opacity_percent: int) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self.canvas = Canvas(theme)
        self.caption = Caption(self.canvas)
        self.legend = Legend(theme)
        self.bar = ModeBar(theme, opacity_percent)
        self.rests = RestsStrip(theme)
        self.tools = ToolStrip(theme)
        self.stars = Stars(theme)
        self.tags = TagRow(theme)
        self.heat_box, self.opacity = self.bar.on, self.bar.opacity
        self.opacity_changed = self.bar.opacity_changed
        self.name = ElidedLabel()
        self.name.setObjectName("title")
        self.facts, self.spot = QLabel(), QLabel()
        self.facts.setObjectName("muted")
        self.spot.setObjectName("muted")
        self.zoom_label = QLabel("–")
        self.zoom_label.setObjectName("figure")
        self.zoom_label.setAccessibleName(self.tr("Zoom"))
        self._size_known = True
        self._measure = ""
        self._make_buttons()
        self._lay_out()
        self._connect()
        self.canvas.set_opacity(opacity_percent / 100)
        self.show_nothing("")

    def show_nothing(self, message: str) -> None:
        """Show words where the picture was."""
        self.name.clear()
        self.facts.clear()
        self.zoom_label.setText("–")
        self.canvas.show_message(message)
        self.legend.show_layer(None)
        self.show_marks(0, ())
        self._enable()

    def show_opening(self, path: str) -> None:
        """Say that a picture is being opened."""
        self.show_nothing(self.tr("Opening …"))
        self.name.setText(display_name(path))

    def show_picture(self, picture: Picture) -> None:
        """Show a picture; after its preview the whole one takes the same place."""
        facts = picture.facts
        if not picture.preview:
            self.name.setToolTip("\n".join((display_name(picture.path), *picture.notes)))
            self.facts.setText(size_text(facts))
            self.canvas.setAccessibleDescription(
                f"{display_name(picture.path)}, {size_text(facts)}"
            )
        self._size_known = bool(facts.width and facts.height)
        size = picture.levels[0].size()
        if picture.preview:
            known = QSize(facts.width or 0, facts.height or 0)
            size = known if self._size_known else size * UNKNOWN_SCALE
        if self.canvas.levels:
            self.canvas.refine(picture.levels, size)
            self._show_zoom(self.canvas.zoom)
        else:
            self.canvas.show_picture(picture.levels, size)
        self._enable()

    def show_layer(self, layer: Layer | None) -> None:
        """Compare the picture with a layer."""
        self.canvas.show_layer(layer)
        self.legend.show_layer(layer)
        self._enable()

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Outline the places of the explanation, lettered in their order."""
        self.canvas.show_places(
            tuple(Place(label=letter(i), region=region) for i, region in enumerate(regions))
        )

    def show_marks(self, stars: int, tags: Sequence[str]) -> None:
        """Show rating and tags of the exhibit."""
        self.stars.show_rating(stars)
        self.tags.show_tags(tags)

    def set_can_mark(self, can: bool) -> None:
        """Offer rating, tags and drawing, or not: there is a case to keep them in."""
        for widget in (self.stars, self.tags):
            widget.setEnabled(can)
        self.tools.set_can_draw(can)

    def zoom_in(self) -> None:
        """One step nearer."""
        self.canvas.zoom_to(self.canvas.zoom * ZOOM_STEP)

    def zoom_out(self) -> None:
        """One step farther."""
        self.canvas.zoom_to(self.canvas.zoom / ZOOM_STEP)

    def true_size(self) -> None:
        """One picture pixel a device pixel."""
        self.canvas.zoom_to(1.0)

    def toggle_heat(self) -> None:
        """Show or hide the layer."""
        self.heat_box.toggle()

    def set_mode(self, mode: Mode) -> None:
        """Look at picture and layer in another way; asking twice for blinking blinks once more."""
        if mode is Mode.BLINK and self.canvas.mode is Mode.BLINK:
            self.canvas.blink()
        self.heat_box.setChecked(True)
        self.canvas.set_mode(mode)
        self.bar.show_mode(mode)

    def set_tool(self, tool: Tool) -> None:
        """Use another tool; asking for the one in use goes back to the hand."""
        wanted = Tool.HAND if tool is self.canvas.tool else tool
        if not self.tools.tools[wanted].isEnabled():
            return
        self.canvas.set_tool(wanted)
        self.tools.show_tool(wanted)

    def set_icons(self, fit: QIcon, true_size: QIcon) -> None:
        """Take the icons of the scheme in use."""
        self.fit_button.setIcon(fit)
        self.true_button.setIcon(true_size)

    def edit_words(self, sketch: Sketch) -> None:
        """Ask for the words of a kept drawing."""
        self._ask_words(sketch)

    def _make_buttons(self) -> None:
        self.fit_button = QPushButton(self.tr("Fit"))
        self.fit_button.setAccessibleName(self.tr("Fit the picture into the view"))
        self.fit_button.setToolTip(self.tr("Show the whole picture (F)"))
        self.fit_button.setCheckable(True)
        self.fit_button.clicked.connect(self.canvas.fit)
        self.true_button = QPushButton(self.tr("1:1"))
        self.true_button.setAccessibleName(self.tr("Show the picture in its true size"))
        self.true_button.setToolTip(self.tr("One picture pixel a screen pixel (T)"))
        self.true_button.setCheckable(True)
        self.true_button.clicked.connect(self.true_size)

    def _connect(self) -> None:
        canvas, bar = self.canvas, self.bar
        canvas.zoomed.connect(self._show_zoom)
        canvas.pointed.connect(self._show_spot)
        canvas.measured.connect(self._show_measure)
        canvas.place_pointed.connect(self.place_pointed)
        canvas.place_clicked.connect(self.place_clicked)
        canvas.left_tool.connect(lambda: self.tools.show_tool(Tool.HAND))
        canvas.drawn.connect(self._ask_words)
        canvas.asked_for_words.connect(self._ask_words)
        canvas.changed.connect(self.sketch_changed)
        bar.mode_chosen.connect(self.set_mode)
        bar.on.toggled.connect(canvas.set_layer_on)
        bar.opacity_changed.connect(lambda percent: canvas.set_opacity(percent / 100))
        bar.gain_changed.connect(self._set_gain)
        self.tools.tool_chosen.connect(self._tool_clicked)
        self.tools.loupe.toggled.connect(canvas.set_loupe_on)
        self.tools.cells.toggled.connect(self._set_cells)
        self.caption.written.connect(self._words_written)
        self.caption.given_up.connect(self._words_given_up)
        self._worded: Sketch | None = None

    def _lay_out(self) -> None:
        space = self._theme.space
        head = QHBoxLayout()
        head.setContentsMargins(space(3), space(2), space(3), space(2))
        head.setSpacing(space(3))
        head.addWidget(self.name, 1)
        head.addWidget(self.stars)
        head.addWidget(self.tags)
        head.addWidget(self.facts)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        middle.addWidget(self.tools)
        middle.addWidget(self.canvas, 1)
        foot = QHBoxLayout()
        foot.setContentsMargins(space(3), space(2), space(3), 0)
        foot.setSpacing(space(2))
        self.zoom_label.setFixedWidth(space(12))
        for widget in (self.fit_button, self.true_button, self.zoom_label):
            foot.addWidget(widget)
        foot.addStretch()
        foot.addWidget(self.bar)
        below = QHBoxLayout()
        below.setContentsMargins(space(3), 0, space(3), space(1))
        below.addWidget(self.legend, 1)
        below.addWidget(self.spot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addLayout(middle, 1)
        layout.addWidget(self.rests)
        layout.addLayout(foot)
        layout.addLayout(below)

    def _enable(self) -> None:
        shown = not self.canvas.picture_rect().isEmpty()
        for button in (self.fit_button, self.true_button):
            button.setEnabled(shown)
        layer = self.canvas.comparison.layer
        self.tools.set_shown(shown, heat=layer is not None and layer.heat is not None)
        opaque = layer is not None and layer.opaque
        self.bar.offer(shown=shown, layer=layer is not None, opaque=opaque)

    def _set_gain(self, gain: int) -> None:
        self.canvas.comparison.gain = gain
        self.canvas.update()

    def _set_cells(self, on: bool) -> None:
        self.canvas.comparison.cells_on = on
        self.canvas.update()

    def _tool_clicked(self, tool: Tool) -> None:
        self.canvas.set_tool(tool)
        self.canvas.setFocus()

    def _ask_words(self, sketch: Sketch) -> None:
        self._worded = sketch
        shift = 0.0 if sketch.shape is Shape.BOX else 0.5
        x, y = sketch.end if sketch.shape is Shape.BOX else sketch.start
        at = self.canvas.view.to_view(QPointF(x + shift, y + shift)).toPoint()
        self.caption.ask(sketch.text, at)

    def _words_written(self, text: str) -> None:
        sketch, self._worded = self._worded, None
        self.canvas.pending = None
        self.canvas.setFocus()
        if sketch is None or (sketch.shape is Shape.TEXT and not text.strip()):
            self.canvas.update()
            return
        worded = replace(sketch, text=text.strip())
        if sketch.id is None:
            self.set_tool(Tool.HAND)
            self.sketched.emit(worded)
        elif worded != sketch:
            self.sketch_changed.emit(worded)

    def _words_given_up(self) -> None:
        self._worded = None
        self.canvas.pending = None
        self.canvas.update()
        if self.canvas.window().isActiveWindow():
            self.canvas.setFocus()

    def _show_zoom(self, zoom: float) -> None:
        percent = zoom * 100
        words = f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %"
        self.zoom_label.setText(words if self._size_known else "–")
        self.fit_button.setChecked(self.canvas.fitted)
        self.true_button.setChecked(zoom == 1.0 and not self.canvas.fitted)

    def _show_measure(self, words: str) -> None:
        self._measure = words
        self.spot.setText(words)

    def _show_spot(self, spot: tuple[int, int] | None) -> None:
        if spot is None or self._measure:
            self.spot.setText(self._measure)
            return
        x, y = spot
        words = [self.tr("x {x}  y {y}").format(x=x, y=y)]
        levels, layer = self.canvas.levels, self.canvas.comparison.shown
        if levels and levels[0].size() == self.canvas.view.size:
            words.append(colour_words(levels[0].pixelColor(x, y)))
        if layer is not None and (evidence := evidence_words(layer, x, y)):
            words.append(evidence)
        self.spot.setText("  ·  ".join(words))
