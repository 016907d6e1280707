"""One model: what it is, whether it is sound, where its figures hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QRadioButton,
    QVBoxLayout,
)

from app.exhibits import printable
from app.style import Theme
from app.widgets.custody import StateMark
from app.widgets.fields import label

if TYPE_CHECKING:
    from engine.api import FileCheck, ModelState

NAME_STEPS = 30
"""Width of the column of names."""


class ModelCard(QFrame):
    """A model with its facts.

    Args:
        model: what is known of it.
        theme: measures.
    """

    verify_asked = Signal(str)
    """Its name."""
    chosen = Signal(str)
    """Its name: scans are to use it."""

    def __init__(self, model: ModelState, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("card")
        self.model = model
        self._theme = theme
        self.mark = StateMark(theme)
        self.state = label("", wrap=True)
        self.verify = QPushButton(self.tr("Check every byte"))
        self.verify.setAccessibleName(
            self.tr("Check every byte of the model {name}").format(name=model.name)
        )
        self.verify.clicked.connect(lambda: self.verify_asked.emit(model.name))
        self.verify.setVisible(model.ready)
        self.choose = QRadioButton(self.tr("Use for scans"))
        self.choose.setAccessibleName(
            self.tr("Use the model {name} for scans").format(name=model.name)
        )
        self.choose.clicked.connect(lambda: self.chosen.emit(model.name))
        self.choose.setVisible(model.ready and model.examines)
        self.facts: dict[str, str] = {}
        self._lay_out()
        self.mark.show_state(True if model.ready else None if not model.folder else False)
        ready = self.tr("Ready. Sizes agree; the bytes are checked whenever it is loaded.")
        self.state.setText(ready if model.ready else printable(model.problem))

    def show_checking(self) -> None:
        """Say that every byte is being read."""
        self.verify.setEnabled(False)
        self.state.setText(self.tr("Reading every byte …"))

    def show_checks(self, checks: tuple[FileCheck, ...]) -> None:
        """Show what reading every byte found."""
        self.verify.setEnabled(True)
        broken = [check for check in checks if not check.ok]
        self.mark.show_state(not broken)
        if broken:
            self.state.setText("\n".join(printable(check.problem) for check in broken))
        else:
            text = self.tr("Sound: {count} files have the hashes of the manifest.")
            self.state.setText(text.format(count=len(checks)))

    def _lay_out(self) -> None:
        space, model = self._theme.space, self.model
        rows = QVBoxLayout(self)
        rows.setContentsMargins(space(4), space(4), space(4), space(4))
        rows.setSpacing(space(2))
        head = QHBoxLayout()
        head.setSpacing(space(2))
        head.addWidget(label(printable(model.title), "verdict", wrap=True), 1)
        head.addWidget(label(printable(model.name), "chip"))
        rows.addLayout(head)
        state = QHBoxLayout()
        state.setSpacing(space(2))
        state.addWidget(self.mark, 0, Qt.AlignmentFlag.AlignVCenter)
        state.addWidget(self.state, 1)
        state.addWidget(self.choose)
        state.addSpacing(space(2))
        state.addWidget(self.verify)
        rows.addLayout(state)
        grid = QGridLayout()
        grid.setHorizontalSpacing(space(3))
        grid.setVerticalSpacing(space(2))
        grid.setColumnStretch(1, 1)
        for row, (name, value, style) in enumerate(self._facts()):
            self.facts[name] = value
            says = label(name, "muted", wrap=True)
            says.setFixedWidth(space(NAME_STEPS))
            grid.addWidget(says, row, 0, Qt.AlignmentFlag.AlignTop)
            text = label(value, style, wrap=True)
            text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            grid.addWidget(text, row, 1)
        rows.addSpacing(space(1))
        rows.addLayout(grid)

    def _facts(self) -> list[tuple[str, str, str]]:
        model = self.model
        size, memory = size_text(model.size_bytes), size_text(model.memory_bytes)
        fits = self.tr("this machine has enough") if model.fits else self.tr("TOO LITTLE HERE")
        facts = [
            (self.tr("Licence"), printable(model.licence), ""),
            (self.tr("Size"), size, ""),
            (self.tr("Memory"), f"{memory}  ·  {fits}", ""),
            (self.tr("Validated for"), self._range(), ""),
            *(
                (printable(part.role.partition("(")[0].strip().capitalize()), part_text, "")
                for part in model.parts
                for part_text in (printable(f"{part.source}, {part.licence}. {part.note}"),)
            ),
        ]
        if model.sha256:
            facts.append((self.tr("SHA-256"), model.sha256, "mono"))
        return [fact for fact in facts if fact[1]]

    def _range(self) -> str:
        words = {
            "min_side_px": self.tr("short side from {value} px"),
            "max_megapixels": self.tr("up to {value} megapixels"),
            "min_jpeg_quality": self.tr("JPEG quality from {value}"),
        }
        parts = [
            words.get(name, f"{name}: {{value}}").format(value=f"{value:g}")
            for name, value in self.model.validated
        ]
        counts = self.model.calibrated_on
        if counts is not None:
            text = self.tr("calibrated on {real} real and {ai} generated pictures")
            parts.append(text.format(real=counts[0], ai=counts[1]))
        return "  ·  ".join(parts) or self.tr("nothing: no error rates were measured for it here")


def size_text(size_bytes: int) -> str:
    """Return a size for a person, in decimal units.

    Args:
        size_bytes: >= 0.
    """
    return QLocale.c().formattedDataSize(size_bytes, 1, QLocale.DataSizeFormat.DataSizeSIFormat)
