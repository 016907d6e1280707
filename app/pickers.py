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

    def results(self, parent: QWidget, start: str) -> str:
        """Ask for a folder of results."""

    def report(self, parent: QWidget) -> str:
        """Ask where to write a PDF."""


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
            parent, _tr("Open pictures"), self._settings.folder("pictures")
        )
        if chosen:
            self._settings.keep_folder("pictures", str(Path(chosen[0]).parent))
        return tuple(chosen)

    def folder(self, parent: QWidget) -> str:
        """Ask for a folder."""
        chosen = QFileDialog.getExistingDirectory(
            parent, _tr("Open a folder of pictures"), self._settings.folder("pictures")
        )
        if chosen:
            self._settings.keep_folder("pictures", chosen)
        return chosen

    def results(self, parent: QWidget, start: str) -> str:
        """Ask for a results folder, beginning where sessions are kept."""
        return QFileDialog.getExistingDirectory(parent, _tr("Open earlier results"), start)

    def report(self, parent: QWidget) -> str:
        """Ask for the PDF's name."""
        start = str(Path(self._settings.folder("reports")) / "report.pdf")
        chosen, _ = QFileDialog.getSaveFileName(
            parent, _tr("Export the report"), start, _tr("PDF (*.pdf)")
        )
        if not chosen:
            return ""
        self._settings.keep_folder("reports", str(Path(chosen).parent))
        return chosen if chosen.lower().endswith(".pdf") else f"{chosen}.pdf"


def _tr(text: str) -> str:
    return QCoreApplication.translate("Pickers", text)
