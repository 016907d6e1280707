"""Small stand-ins of the window's own parts."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget


class FakePicker:
    """Answers what it was given."""

    def __init__(self) -> None:
        self.chosen_files: tuple[str, ...] = ()
        self.chosen_folder = ""
        self.chosen_results = ""
        self.chosen_report = ""

    def files(self, parent: QWidget) -> tuple[str, ...]:
        return self.chosen_files

    def folder(self, parent: QWidget) -> str:
        return self.chosen_folder

    def results(self, parent: QWidget, start: str) -> str:
        return self.chosen_results

    def report(self, parent: QWidget) -> str:
        return self.chosen_report
