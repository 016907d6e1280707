"""This machine: what it has, which device is used, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QHBoxLayout, QLabel, QPushButton

from app.exhibits import printable
from app.style import Theme
from app.widgets.fields import Panel, label
from app.widgets.model_card import size_text

if TYPE_CHECKING:
    from engine.api import Machine

DEVICES = ("auto", "cpu", "cuda")


class MachinePanel(Panel):
    """Processor, memory, graphics, device.

    Args:
        theme: measures.
    """

    device_chosen = Signal(str)
    copy_asked = Signal()
    folder_asked = Signal()
    archive_asked = Signal()
    export_folder_asked = Signal()
    export_archive_asked = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, self.tr("THIS MACHINE"))
        self.rows: dict[str, QLabel] = {}
        form = QFormLayout()
        form.setHorizontalSpacing(theme.space(3))
        form.setVerticalSpacing(theme.space(2))
        for key, name in (
            ("system", self.tr("System")),
            ("processor", self.tr("Processor")),
            ("memory", self.tr("Memory")),
            ("disk", self.tr("Free disk")),
            ("gpu", self.tr("Graphics")),
        ):
            self.rows[key] = label(self.tr("looking …"), wrap=True)
            form.addRow(label(name, "muted"), self.rows[key])
        self.reason = label("", "muted", wrap=True)
        self.device = QComboBox()
        self.device.setAccessibleName(self.tr("Device that examines"))
        names = {
            "auto": self.tr("Choose for me"),
            "cpu": self.tr("Processor"),
            "cuda": self.tr("Graphics card (CUDA)"),
        }
        for device in DEVICES:
            self.device.addItem(names[device], device)
        self.device.activated.connect(self._choose)
        self.copy = QPushButton(self.tr("Copy diagnostics"))
        self.copy.setAccessibleName(self.tr("Copy what a maintainer needs to know"))
        self.copy.clicked.connect(self.copy_asked)
        self.copied = label("", "muted")
        self.folder = QPushButton(self.tr("From a folder …"))
        self.folder.setAccessibleName(self.tr("Import a model from a folder"))
        self.folder.clicked.connect(self.folder_asked)
        self.archive = QPushButton(self.tr("From an archive …"))
        self.archive.setAccessibleName(self.tr("Import a model from an archive"))
        self.archive.clicked.connect(self.archive_asked)
        self.to_folder = QPushButton(self.tr("Into a folder …"))
        self.to_folder.setAccessibleName(self.tr("Export the models into a folder"))
        self.to_folder.clicked.connect(self.export_folder_asked)
        self.to_archive = QPushButton(self.tr("Into an archive …"))
        self.to_archive.setAccessibleName(self.tr("Export the models into an archive"))
        self.to_archive.clicked.connect(self.export_archive_asked)
        self.exporting = label("", "muted")
        self._lay_out(theme, form)

    def _lay_out(self, theme: Theme, form: QFormLayout) -> None:
        self.body.addLayout(form)
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("DEVICE"), "section"))
        self.body.addWidget(self.device)
        self.body.addWidget(self.reason)
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("IMPORT A MODEL"), "section"))
        self.what = label(
            self.tr(
                "A pack or its wheels, each file compared with its hash. Or a checkpoint: as it "
                "was published, or trained on Qwen2.5-VL, Qwen3-VL, InternVL3, SmolVLM2 or "
                "LLaVA-OneVision; its keys and shapes are checked. Nothing is downloaded."
            ),
            "muted",
            wrap=True,
        )
        self.body.addWidget(self.what)
        self.body.addLayout(_row(theme, self.folder, self.archive))
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("FOR A MACHINE WITHOUT A NETWORK"), "section"))
        self.body.addWidget(
            label(
                self.tr(
                    "Writes every model with its hashes and licences, for example to a stick. An "
                    "export that was interrupted goes on where it stopped."
                ),
                "muted",
                wrap=True,
            )
        )
        self.body.addLayout(_row(theme, self.to_folder, self.to_archive))
        self.body.addWidget(self.exporting)
        self.body.addSpacing(theme.space(3))
        self.body.addWidget(label(self.tr("FOR A BUG REPORT"), "section"))
        self.body.addLayout(_row(theme, self.copy, self.copied))
        self.body.addStretch()

    def show_machine(self, machine: Machine) -> None:
        """Show what the machine has."""
        memory = self.tr("{total}, {free} free").format(
            total=size_text(machine.memory_bytes), free=size_text(machine.memory_free_bytes)
        )
        cards = "\n".join(
            f"{printable(gpu.name)}, {size_text(gpu.memory_bytes)}" for gpu in machine.gpus
        )
        cores = self.tr("{name}, {count} cores").format(
            name=printable(machine.processor), count=machine.cores
        )
        for key, text in (
            ("system", printable(machine.system)),
            ("processor", cores),
            ("memory", memory),
            ("disk", size_text(machine.disk_free_bytes)),
            ("gpu", cards or self.tr("none in use")),
        ):
            self.rows[key].setText(text)
        self.reason.setText(printable(machine.gpu_reason))
        model = self.device.model()
        # A device that is not there cannot be chosen; the reason stands below.
        item = getattr(model, "item", lambda _row: None)(DEVICES.index("cuda"))
        if item is not None:
            item.setEnabled(bool(machine.gpus))

    def show_device(self, device: str) -> None:
        """Show which device is chosen."""
        self.device.setCurrentIndex(DEVICES.index(device))

    def show_copied(self) -> None:
        """Say that the diagnostics are on the clipboard."""
        self.copied.setText(self.tr("copied"))

    def show_exporting(self, *, busy: bool) -> None:
        """Say whether models are being written; nothing else is written meanwhile."""
        self.exporting.setText(self.tr("writing and checking …") if busy else "")
        for button in (self.to_folder, self.to_archive):
            button.setEnabled(not busy)

    def _choose(self, row: int) -> None:
        self.device_chosen.emit(DEVICES[row])


def _row(theme: Theme, *widgets: QPushButton | QLabel) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.space(2))
    for widget in widgets:
        row.addWidget(widget)
    row.addStretch()
    return row
