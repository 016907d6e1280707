"""What the window asks about models and this machine; on the files' lane."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from engine import api
from engine.job import Context

if TYPE_CHECKING:
    from engine.api import FileCheck, Machine, ModelState


class ModelDoor(Protocol):
    """Everything the window asks about models."""

    def installed_models(self) -> tuple[ModelState, ...]:
        """Return every model that is known or installed."""

    def machine(self) -> Machine:
        """Return what this machine has to run them on."""

    def verify_model(self, name: str) -> tuple[FileCheck, ...]:
        """Read every file of a pack and compare its hash."""

    def import_models(self, source: str, ctx: Context) -> tuple[str, ...]:
        """Take packs from a folder or an archive; return their names."""

    def export_models(self, target: str, ctx: Context) -> tuple[str, ...]:
        """Write every pack to a folder or archive for another machine; return their names."""

    def connections(self) -> tuple[str, ...]:
        """Return the far ends of the program's network connections; on the case's lane."""

    def diagnostics(self) -> str:
        """Return what a maintainer needs to know."""


class EngineModels:
    """The engine's models."""

    def installed_models(self) -> tuple[ModelState, ...]:
        """See `api.installed_models`."""
        return api.installed_models()

    def machine(self) -> Machine:
        """See `api.machine`."""
        return api.machine()

    def verify_model(self, name: str) -> tuple[FileCheck, ...]:
        """See `api.verify_model`."""
        return api.verify_model(name)

    def import_models(self, source: str, ctx: Context) -> tuple[str, ...]:
        """See `api.import_models`."""
        return tuple(pack.name for pack in api.import_models(source, ctx))

    def export_models(self, target: str, ctx: Context) -> tuple[str, ...]:
        """See `api.export_models`."""
        return tuple(pack.name for pack in api.export_models((), target, ctx))

    def connections(self) -> tuple[str, ...]:
        """See `api.connections`."""
        return api.connections()

    def diagnostics(self) -> str:
        """See `api.diagnostics`."""
        return api.diagnostics()
