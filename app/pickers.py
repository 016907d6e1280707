"""Asking the person for files and folders; the one place that opens file dialogs."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QFileDialog, QWidget

from app.settings import Settings


class Picker(Protocol):
    """Asks; every answer is empty when the person changes their mind."""

    def files(self, parent: QWidget) -> tuple[str, ...]:
        """Ask for picture files."""

    def folder(self, parent: QWidget) -> str:
        """Ask for a folder of pictures."""

    def open(self, parent: QWidget, use: str, title: str, kinds: str) -> str:
        """Ask for a file to read.

        Args:
            parent: the window.
            use: what for, such as ``"cases"``; each use has its own folder.
            title: of the dialog.
            kinds: filters as Qt writes them, such as ``"Case (*.residua)"``.
        """

    def save(self, parent: QWidget, use: str, title: str, name: str, kinds: str) -> str:
        """Ask where to write a file; its ending is added where it lacks.

        Args:
            parent: the window.
            use: what for.
            title: of the dialog.
            name: that is proposed.
            kinds: filters as Qt writes them; the first pattern gives the ending.
        """

    def pack_folder(self, parent: QWidget) -> str:
        """Ask for a folder that holds a model pack."""

    def export_folder(self, parent: QWidget, title: str) -> str:
        """Ask for a folder that model packs are written to."""


class DialogPicker:
    """Asks by the system's dialogs and remembers where the person was.

    Args:
        settings: keeps the folders.
    """

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def files(self, parent: QWidget) -> tuple[str, ...]:
        """Ask for files; any ending, since the bytes decide what a file is."""
        chosen, _ = QFileDialog.getOpenFileNames(
            parent,
            QCoreApplication.translate("Pickers", "Add pictures"),
            self._settings.folder("pictures"),
        )
        if chosen:
            self._settings.keep_folder("pictures", str(Path(chosen[0]).parent))
        return tuple(chosen)

    def folder(self, parent: QWidget) -> str:
        """Ask for a folder."""
        return self._folder(
            parent, "pictures", QCoreApplication.translate("Pickers", "Add a folder of pictures")
        )

    def pack_folder(self, parent: QWidget) -> str:
        """Ask for a folder that holds a model pack."""
        return self._folder(
            parent, "packs", QCoreApplication.translate("Pickers", "Import a model pack")
        )

    def export_folder(self, parent: QWidget, title: str) -> str:
        """Ask for a folder that model packs are written to."""
        return self._folder(parent, "packs", title)

    def open(self, parent: QWidget, use: str, title: str, kinds: str) -> str:
        """Ask for a file to read, beginning where this use was last."""
        chosen, _ = QFileDialog.getOpenFileName(parent, title, self._settings.folder(use), kinds)
        if chosen:
            self._settings.keep_folder(use, str(Path(chosen).parent))
        return chosen

    def save(self, parent: QWidget, use: str, title: str, name: str, kinds: str) -> str:
        """Ask where to write a file, beginning where this use was last."""
        start = str(Path(self._settings.folder(use)) / name)
        chosen, kind = QFileDialog.getSaveFileName(parent, title, start, kinds)
        if not chosen:
            return ""
        self._settings.keep_folder(use, str(Path(chosen).parent))
        return with_ending(chosen, kind or kinds)

    def _folder(self, parent: QWidget, use: str, title: str) -> str:
        chosen = QFileDialog.getExistingDirectory(parent, title, self._settings.folder(use))
        if chosen:
            self._settings.keep_folder(use, chosen)
        return chosen


def with_ending(file: str, kind: str) -> str:
    """Return a name with the ending that a filter asks for, unless it has one.

    Args:
        file: as it was typed.
        kind: a filter such as ``"PDF (*.pdf)"``.
    """
    ending = kind.partition("*")[2].partition(")")[0].partition(" ")[0]
    return file if Path(file).suffix or not ending else f"{file}{ending}"
