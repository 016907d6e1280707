"""How picture and layer are looked at together: which layer, which way, how opaque."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QSlider,
    QToolButton,
)

from app.looking.layers import Mode
from app.looking.scene import GAINS
from app.style import Theme


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One entry of the list of layers."""

    key: str
    name: str
    tip: str = ""


class ModeBar(QFrame):
    """The line of controls below the picture.

    Args:
        theme: measures and icons.
        opacity_percent: of the layer at first.
    """

    mode_chosen = Signal(object)
    """A Mode."""
    layer_chosen = Signal(str)
    """Key of a layer."""
    opacity_changed = Signal(int)
    """The operator moved the slider, percent."""
    gain_changed = Signal(int)
    """How much a difference is enhanced."""

    def __init__(self, theme: Theme, opacity_percent: int) -> None:
        super().__init__()
        self._theme = theme
        self._icons: dict[QToolButton, str] = {}
        self.modes: dict[Mode, QToolButton] = {}
        self.on = QCheckBox()
        self.on.setAccessibleName(self.tr("Show the layer"))
        self.on.setToolTip(self.tr("Show or hide the layer (H)"))
        self.on.setChecked(True)
        self.layers = QComboBox()
        self.layers.setAccessibleName(self.tr("Layer"))
        self.layers.setToolTip(self.tr("What is compared with the picture ([ and ])"))
        self.layers.setMinimumWidth(theme.space(24))
        self.layers.setMaximumWidth(theme.space(46))
        self.layers.activated.connect(self._layer_activated)
        self._make_strength(opacity_percent)
        self._lay_out()
        theme.changed.connect(self._dress)
        self._dress()

    def show_choices(self, choices: Sequence[Choice], chosen: str) -> None:
        """Offer layers."""
        with QSignalBlocker(self.layers):
            self.layers.clear()
            for index, choice in enumerate(choices):
                self.layers.addItem(choice.name, choice.key)
                self.layers.setItemData(index, choice.tip, Qt.ItemDataRole.ToolTipRole)
            self.layers.setCurrentIndex(max(0, self.layers.findData(chosen)))

    def step_layer(self, step: int) -> None:
        """Choose the next layer, or the one before."""
        count = self.layers.count()
        if count:
            self.layers.setCurrentIndex((self.layers.currentIndex() + step) % count)
            self._layer_activated(self.layers.currentIndex())

    def show_mode(self, mode: Mode) -> None:
        """Show which way is in use."""
        self.modes[mode].setChecked(True)
        difference = mode is Mode.DIFFERENCE
        self.opacity.setVisible(not difference)
        self.opacity_label.setVisible(not difference)
        self.gain.setVisible(difference)

    def offer(self, *, shown: bool, layer: bool, opaque: bool) -> None:
        """Offer what makes sense.

        Args:
            shown: whether a picture is there.
            layer: whether a layer is there.
            opaque: whether the layer is a picture, which can be subtracted.
        """
        self.layers.setEnabled(shown)
        self.on.setEnabled(shown and layer)
        for mode, button in self.modes.items():
            button.setEnabled(shown and layer and (opaque or mode is not Mode.DIFFERENCE))
        self.opacity.setEnabled(shown and layer)

    def _make_strength(self, percent: int) -> None:
        self.opacity = QSlider(Qt.Orientation.Horizontal)
        self.opacity.setAccessibleName(self.tr("Opacity of the layer, percent"))
        self.opacity.setToolTip(self.tr("Opacity of the layer"))
        self.opacity.setRange(0, 100)
        self.opacity.setPageStep(10)
        self.opacity.setMinimumWidth(self._theme.space(14))
        self.opacity.setMaximumWidth(self._theme.space(24))
        self.opacity.setValue(percent)
        self.opacity_label = QLabel(f"{percent} %")
        self.opacity_label.setObjectName("figure")
        self.opacity_label.setFixedWidth(self._theme.space(10))
        self.opacity.valueChanged.connect(self._opacity_moved)
        self.gain = QComboBox()
        self.gain.setAccessibleName(self.tr("Enhancement of the difference"))
        self.gain.setToolTip(self.tr("How much the difference is enhanced"))
        for gain in GAINS:
            self.gain.addItem(f"× {gain}", gain)
        # As wide as slider and figure, so that nothing moves when it takes their place.
        self.gain.setMinimumWidth(self._theme.space(26))
        self.gain.setMaximumWidth(self._theme.space(36))
        self.gain.activated.connect(lambda: self.gain_changed.emit(self.gain.currentData()))
        self.gain.hide()

    def _lay_out(self) -> None:
        space = self._theme.space
        names = {
            Mode.OVERLAY: ("overlay", self.tr("Overlay"), self.tr("Lay it over (O)")),
            Mode.SIDE: ("side", self.tr("Side by side"), self.tr("Side by side (S)")),
            Mode.SWIPE: ("swipe", self.tr("Swipe"), self.tr("Swipe with a line (W)")),
            Mode.BLINK: ("blink", self.tr("Blink"), self.tr("Blink between both (B)")),
            Mode.DIFFERENCE: (
                "difference",
                self.tr("Difference"),
                self.tr("Difference, for layers that are pictures (D)"),
            ),
        }
        switch = QFrame()
        switch.setObjectName("switch")
        inner = QHBoxLayout(switch)
        inner.setContentsMargins(2, 2, 2, 2)
        inner.setSpacing(0)
        group = QButtonGroup(self)
        for mode, (icon, name, tip) in names.items():
            button = QToolButton()
            button.setObjectName("mode")
            button.setCheckable(True)
            button.setChecked(mode is Mode.OVERLAY)
            button.setAccessibleName(name)
            button.setToolTip(tip)
            button.setIconSize(QSize(16, 16))
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.clicked.connect(lambda _=False, mode=mode: self.mode_chosen.emit(mode))
            group.addButton(button)
            inner.addWidget(button)
            self.modes[mode], self._icons[button] = button, icon
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(space(2))
        for widget in (self.on, self.layers, switch, self.opacity, self.opacity_label, self.gain):
            layout.addWidget(widget)

    def _dress(self) -> None:
        for button, icon in self._icons.items():
            button.setIcon(self._theme.icon(icon))

    def _layer_activated(self, index: int) -> None:
        self.layer_chosen.emit(str(self.layers.itemData(index)))

    def _opacity_moved(self, percent: int) -> None:
        self.opacity_label.setText(f"{percent} %")
        self.opacity_changed.emit(percent)
