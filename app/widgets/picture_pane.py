"""The middle: the picture, what is laid over it, and how it is looked at."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QCheckBox,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QVBoxLayout,
    QWidget,
)

from app.exhibits import display_name
from app.stage import Picture, Result
from app.style import Theme
from app.widgets.canvas import ZOOM_STEP, Canvas
from app.widgets.elided import ElidedLabel
from app.widgets.legend import Legend
from app.widgets.places import Place, letter
from engine.types import FileFacts, HeatMap, Region


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
        opacity_percent: the heat map's opacity at first.
    """

    opacity_changed = Signal(int)
    """The operator moved the slider, percent."""
    place_pointed = Signal(object)
    """Index of the place under the pointer, or None."""
    place_clicked = Signal(int)
    """Index of the place that was clicked."""

    def __init__(self, theme: Theme, opacity_percent: int) -> None:
        super().__init__()
        self.setObjectName("panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._theme = theme
        self._heat: HeatMap | None = None
        self.canvas = Canvas(theme)
        self.legend = Legend(theme)
        self.name = ElidedLabel()
        self.name.setObjectName("title")
        self.facts = QLabel()
        self.facts.setObjectName("muted")
        self.spot = QLabel()
        self.spot.setObjectName("muted")
        self.zoom_label = QLabel("–")
        self.zoom_label.setObjectName("figure")
        self.zoom_label.setAccessibleName(self.tr("Zoom"))
        self._make_controls(opacity_percent)
        self._lay_out()
        self.canvas.zoomed.connect(self._show_zoom)
        self.canvas.pointed.connect(self._show_spot)
        self.canvas.place_pointed.connect(self.place_pointed)
        self.canvas.place_clicked.connect(self.place_clicked)
        self.show_nothing("")

    def show_nothing(self, message: str) -> None:
        """Show words where the picture was."""
        self._heat = None
        self.name.clear()
        self.facts.clear()
        self.zoom_label.setText("–")
        self.canvas.show_message(message)
        self.legend.show_cell(None)
        self._enable()

    def show_opening(self, path: str) -> None:
        """Say that a picture is being opened."""
        self.show_nothing(self.tr("Opening …"))
        self.name.setText(display_name(path))

    def show_picture(self, picture: Picture) -> None:
        """Show a picture."""
        self.name.setText(display_name(picture.path))
        self.name.setToolTip("\n".join((display_name(picture.path), *picture.notes)))
        self.facts.setText(size_text(picture.facts))
        self.canvas.setAccessibleDescription(
            f"{display_name(picture.path)}, {size_text(picture.facts)}"
        )
        self.canvas.show_picture(picture.levels)
        self._enable()

    def show_result(self, result: Result) -> None:
        """Lay a result over the picture."""
        self._heat = result.heatmap
        self.canvas.show_layer(result.overlay)
        self.legend.show_cell(result.heatmap)
        self._enable()

    def show_regions(self, regions: tuple[Region, ...]) -> None:
        """Outline the places of the explanation, lettered in their order."""
        self.canvas.show_places(
            tuple(Place(label=letter(i), region=region) for i, region in enumerate(regions))
        )

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
        """Show or hide the heat map."""
        self.heat_box.toggle()

    def set_icons(self, fit: QIcon, true_size: QIcon) -> None:
        """Take the icons of the scheme in use."""
        self.fit_button.setIcon(fit)
        self.true_button.setIcon(true_size)

    def _make_controls(self, opacity_percent: int) -> None:
        self.fit_button = QPushButton(self.tr("Fit"))
        self.fit_button.setAccessibleName(self.tr("Fit the picture into the view"))
        self.fit_button.setToolTip(self.tr("Show the whole picture (0)"))
        self.fit_button.setCheckable(True)
        self.fit_button.clicked.connect(self.canvas.fit)
        self.true_button = QPushButton(self.tr("1:1"))
        self.true_button.setAccessibleName(self.tr("Show the picture in its true size"))
        self.true_button.setToolTip(self.tr("One picture pixel a screen pixel (1)"))
        self.true_button.setCheckable(True)
        self.true_button.clicked.connect(self.true_size)
        self.heat_box = QCheckBox(self.tr("Heat map"))
        self.heat_box.setAccessibleName(self.tr("Show the heat map"))
        self.heat_box.setToolTip(self.tr("Lay the artifact evidence over the picture (H)"))
        self.heat_box.setChecked(True)
        self.heat_box.toggled.connect(self._heat_toggled)
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setAccessibleName(self.tr("Opacity of the heat map, percent"))
        self.opacity.setToolTip(self.tr("Opacity of the heat map"))
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setFixedWidth(self._theme.space(30))
        self.opacity_label = QLabel()
        self.opacity_label.setObjectName("figure")
        self.opacity.valueChanged.connect(self._opacity_moved)
        self.opacity.setValue(opacity_percent)
        self._opacity_moved(opacity_percent)

    def _lay_out(self) -> None:
        space = self._theme.space
        head = QHBoxLayout()
        head.setContentsMargins(space(3), space(2), space(3), space(2))
        head.setSpacing(space(4))
        head.addWidget(self.name, 1)
        head.addWidget(self.facts)
        foot = QHBoxLayout()
        foot.setContentsMargins(space(3), space(2), space(3), 0)
        foot.setSpacing(space(2))
        self.zoom_label.setFixedWidth(space(14))
        for widget in (self.fit_button, self.true_button, self.zoom_label):
            foot.addWidget(widget)
        foot.addStretch()
        self.opacity_label.setFixedWidth(space(10))
        foot.addWidget(self.heat_box)
        foot.addWidget(self.opacity)
        foot.addWidget(self.opacity_label)
        below = QHBoxLayout()
        below.setContentsMargins(space(3), 0, space(3), space(1))
        below.addWidget(self.legend, 1)
        below.addWidget(self.spot)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(head)
        layout.addWidget(self.canvas, 1)
        layout.addLayout(foot)
        layout.addLayout(below)

    def _enable(self) -> None:
        shown = not self.canvas.picture_rect().isEmpty()
        for button in (self.fit_button, self.true_button):
            button.setEnabled(shown)
        for widget in (self.heat_box, self.opacity):
            widget.setEnabled(shown and self._heat is not None)

    def _heat_toggled(self, on: bool) -> None:
        self.canvas.set_layer_on(on)

    def _opacity_moved(self, percent: int) -> None:
        self.canvas.set_opacity(percent / 100)
        self.opacity_label.setText(f"{percent} %")
        self.opacity_changed.emit(percent)

    def _show_zoom(self, zoom: float) -> None:
        percent = zoom * 100
        self.zoom_label.setText(f"{percent:.0f} %" if percent >= 10 else f"{percent:.1f} %")
        self.fit_button.setChecked(self.canvas.fitted)
        self.true_button.setChecked(zoom == 1.0 and not self.canvas.fitted)

    def _show_spot(self, spot: tuple[int, int] | None) -> None:
        if spot is None:
            self.spot.clear()
            return
        x, y = spot
        words = self.tr("x {x}  y {y}").format(x=x, y=y)
        if self._heat is not None:
            words += "  ·  " + self._evidence(self._heat, x, y)
        self.spot.setText(words)

    def _evidence(self, heat: HeatMap, x: int, y: int) -> str:
        row = min(int(y / heat.cell_px[0]), heat.cells.shape[0] - 1)
        column = min(int(x / heat.cell_px[1]), heat.cells.shape[1] - 1)
        if not heat.valid[row, column]:
            return self.tr("no evidence here")
        return self.tr("evidence {value}").format(value=f"{heat.cells[row, column]:.2f}")
