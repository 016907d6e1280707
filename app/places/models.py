"""The place of models: what is installed, what this machine can run, and on which device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from app.engine_door import Door
from app.exhibits import printable
from app.jobs import Jobs, Lane
from app.places.page import Page
from app.settings import Settings
from app.style import Theme
from app.widgets.fields import label
from app.widgets.machine_panel import MachinePanel
from app.widgets.model_card import ModelCard

if TYPE_CHECKING:
    from engine.api import FileCheck, ModelState

WIDEST_STEPS = 200
"""Cards get no wider: long lines are hard to read."""

RIGHT_STEPS = 96


class ModelsPlace(Page):
    """Installed and known models.

    Args:
        door: the engine.
        jobs: starts the work.
        theme: measures and colours.
        settings: the device.
    """

    folder_asked = Signal()
    archive_asked = Signal()
    export_folder_asked = Signal()
    export_archive_asked = Signal()
    went_wrong = Signal(object, str)
    """An exception, and what was being done."""
    told = Signal(str, str)
    """A title and a text for the person."""

    def __init__(self, door: Door, jobs: Jobs, theme: Theme, settings: Settings) -> None:
        super().__init__()
        self._door, self._jobs, self._theme, self._settings = door, jobs, theme, settings
        self.cards: dict[str, ModelCard] = {}
        self.machine = MachinePanel(theme)
        self._looked = False
        self._area = QScrollArea()
        self._area.setWidgetResizable(True)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setAccessibleName(self.tr("Models"))
        self.machine.setFixedWidth(theme.space(RIGHT_STEPS))
        self.machine.show_device(settings.device)
        self.machine.device_chosen.connect(self._set_device)
        self.machine.copy_asked.connect(self._copy)
        self.machine.folder_asked.connect(self.folder_asked)
        self.machine.archive_asked.connect(self.archive_asked)
        self.machine.export_folder_asked.connect(self.export_folder_asked)
        self.machine.export_archive_asked.connect(self.export_archive_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(1)
        layout.addWidget(self._area, 1)
        layout.addWidget(self.machine)
        self._show_models(())

    def begin(self) -> None:
        """Look what is installed; the machine is asked once."""
        self._read()
        if not self._looked:
            self._looked = True
            self._jobs.start(
                Lane.FILES,
                lambda _: self._door.machine(),
                on_done=self.machine.show_machine,
                on_error=lambda error: self.went_wrong.emit(error, self.tr("Asking the machine")),
            )

    def bring(self, source: str) -> None:
        """Import a model from a folder or an archive."""
        self._jobs.start(
            Lane.FILES,
            lambda ctx: self._door.import_models(source, ctx),
            on_done=self._imported,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Importing the model")),
        )

    def give(self, target: str) -> None:
        """Write every model to a folder or an archive, for another machine."""
        self.machine.show_exporting(busy=True)

        def done(names: tuple[str, ...]) -> None:
            self.machine.show_exporting(busy=False)
            self.told.emit(
                self.tr("The models are exported"),
                self.tr(
                    "{names}: with the hash of every file and the licences, in {place}. On the "
                    "other machine, import that folder or archive on this page."
                ).format(names=", ".join(names), place=printable(target)),
            )

        def failed(error: BaseException) -> None:
            self.machine.show_exporting(busy=False)
            self.went_wrong.emit(error, self.tr("Exporting the models"))

        self._jobs.start(
            Lane.FILES,
            lambda ctx: self._door.export_models(target, ctx),
            on_done=done,
            on_error=failed,
        )

    def _read(self) -> None:
        self._jobs.start(
            Lane.FILES,
            lambda _: self._door.installed_models(),
            on_done=self._show_models,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Listing the models")),
        )

    def _imported(self, names: tuple[str, ...]) -> None:
        self.told.emit(
            self.tr("The model is imported"),
            self.tr("{name} is installed, and every file has its hash.").format(
                name=", ".join(names)
            ),
        )
        self._read()

    def _show_models(self, models: tuple[ModelState, ...]) -> None:
        space = self._theme.space
        inner = QWidget()
        inner.setObjectName("panel")
        rows = QVBoxLayout(inner)
        rows.setContentsMargins(space(6), space(4), space(6), space(6))
        rows.setSpacing(space(4))
        rows.addWidget(label(self.tr("MODELS"), "section"))
        self.cards = {}
        # Cards are brothers no radio button knows of: one group makes one choice of them.
        self._group = QButtonGroup(inner)
        for model in models:
            card = ModelCard(model, self._theme)
            card.setMaximumWidth(space(WIDEST_STEPS))
            card.verify_asked.connect(self._verify)
            card.chosen.connect(self._use)
            card.choose.setChecked(model.name == self._settings.model)
            self._group.addButton(card.choose)
            self.cards[model.name] = card
            rows.addWidget(card)
        if not models:
            rows.addWidget(label(self.tr("looking …"), "muted"))
        elif not any(model.ready for model in models):
            hint = self.tr(
                "No model is installed, so nothing can be examined yet. Import one at the right, "
                "or run “residua models assemble mini” once on a machine with a network."
            )
            rows.insertWidget(1, label(hint, wrap=True))
        rows.addStretch()
        self._area.setWidget(inner)

    def _verify(self, name: str) -> None:
        self.cards[name].show_checking()

        def done(checks: tuple[FileCheck, ...]) -> None:
            if name in self.cards:
                self.cards[name].show_checks(checks)

        def failed(error: BaseException) -> None:
            self.went_wrong.emit(error, self.tr("Checking the model"))
            self._read()

        self._jobs.start(
            Lane.FILES, lambda _: self._door.verify_model(name), on_done=done, on_error=failed
        )

    def _use(self, name: str) -> None:
        self._settings.model = name

    def _set_device(self, device: str) -> None:
        self._settings.device = device

    def _copy(self) -> None:
        def done(text: str) -> None:
            QGuiApplication.clipboard().setText(text)
            self.machine.show_copied()

        self._jobs.start(
            Lane.FILES,
            lambda _: self._door.diagnostics(),
            on_done=done,
            on_error=lambda error: self.went_wrong.emit(error, self.tr("Describing the program")),
        )
