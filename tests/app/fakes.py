"""Small stand-ins of the window's own parts."""

from __future__ import annotations

import threading

from PySide6.QtWidgets import QWidget


class FakePicker:
    """Answers what it was given."""

    def __init__(self) -> None:
        self.chosen_files: tuple[str, ...] = ()
        self.chosen_folder = ""
        self.chosen: dict[str, str] = {}
        """Use of a dialog -> what it answers."""
        self.chosen_pack = ""

    def files(self, parent: QWidget) -> tuple[str, ...]:
        return self.chosen_files

    def folder(self, parent: QWidget) -> str:
        return self.chosen_folder

    def open(self, parent: QWidget, use: str, title: str, kinds: str) -> str:
        return self.chosen.get(f"open {use}", self.chosen.get(use, ""))

    def save(self, parent: QWidget, use: str, title: str, name: str, kinds: str) -> str:
        return self.chosen.get(f"save {use}", self.chosen.get(use, ""))

    def export_folder(self, parent: QWidget, title: str) -> str:
        return self.chosen.get("export", "")

    def pack_folder(self, parent: QWidget) -> str:
        return self.chosen_pack


class Gate:
    """Holds the thread that calls it until it is opened."""

    PATIENCE_S = 30.0

    def __init__(self) -> None:
        self._open = threading.Event()
        self.reached = threading.Event()

    def __call__(self) -> None:
        self.reached.set()
        if not self._open.wait(self.PATIENCE_S):
            raise TimeoutError("Nobody opened the gate.")

    def open(self) -> None:
        self._open.set()
