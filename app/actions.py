"""Everything the operator can ask for, once: menus, toolbar and shortcuts are made from it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu

from app.exhibits import State
from app.session import Session
from app.settings import Depth, Place
from app.style import Theme

K = TypeVar("K")


class Actions(QObject):
    """The window's actions.

    Args:
        window: what the shortcuts belong to.
    """

    def __init__(self, window: QMainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._icons: dict[QAction, str] = {}
        self._make_file_actions()
        self._make_scan_actions()
        self._make_view_actions()
        self.shortcuts = self._make(self.tr("Keys"), "", "?", "Shift+F1")
        self.how_to_read = self._make(self.tr("How to read this verdict"), "info", "F1")
        self.methods = self._make(self.tr("How each method works"), "", "Ctrl+F1")
        self.tour = self._make(self.tr("Look around"))
        self.about = self._make(self.tr("About Residua"))

    def dress(self, theme: Theme) -> None:
        """Give the actions the icons of the scheme in use."""
        for action, name in self._icons.items():
            action.setIcon(theme.icon(name))

    def offer(self, session: Session, *, repeatable: bool) -> None:
        """Enable what makes sense now.

        Args:
            session: the open case.
            repeatable: whether the shown result can be computed again.
        """
        model = session.model
        results = model.count(State.DONE) + model.count(State.FAILED)
        self.scan.setEnabled(session.can_scan)
        self.stop.setEnabled(session.busy and not session.stopping)
        self.pause.setEnabled(session.running and not session.stopping)
        self.retry.setEnabled(session.can_write and model.count(State.FAILED) > 0)
        self.export.setEnabled(not session.running and results > 0)
        self.new.setEnabled(session.case is not None and not session.opening)
        self.keep_as.setEnabled(not session.busy and not session.opening)
        self.open_case.setEnabled(not session.opening)
        for action in (self.open_files, self.open_folder, self.open_samples):
            action.setEnabled(session.can_write)
        self.again.setEnabled(session.can_write and repeatable)
        self.check.setEnabled(session.case is not None and model.total > 0)

    def _fill_case_menu(self) -> None:
        menu = self.case_menu
        menu.addActions([self.new, self.open_case])
        menu.addMenu(self.recent)
        menu.addSeparator()
        menu.addAction(self.keep_as)

    def fill_menus(self) -> None:
        """Make the menu bar."""
        self._fill_case_menu()
        bar = self._window.menuBar()
        bar.setAccessibleName(self.tr("Menus"))
        menu = bar.addMenu(self.tr("&File"))
        menu.addActions([self.new, self.open_case])
        menu.addMenu(self.recent)
        menu.addSeparator()
        menu.addActions([self.open_files, self.open_folder, self.open_samples])
        menu.addSeparator()
        menu.addActions([self.keep_as, self.import_case])
        menu.addSeparator()
        menu.addActions([self.export, self.check_report])
        menu.addSeparator()
        menu.addAction(self.quit)
        menu = bar.addMenu(self.tr("&Scan"))
        menu.addActions([self.scan, self.pause, self.stop, self.retry])
        menu.addSeparator()
        menu.addActions([self.again, self.check])
        menu.addSeparator()
        menu.addActions(list(self.depths.values()))
        menu.addSeparator()
        menu.addAction(self.scan_on_open)
        menu = bar.addMenu(self.tr("&View"))
        menu.addActions(list(self.places.values()))
        menu.addSeparator()
        menu.addActions(list(self.schemes.values()))
        self.language_menu = menu.addMenu(self.tr("Language"))
        self.picture_menu = bar.addMenu(self.tr("&Picture"))
        menu = bar.addMenu(self.tr("&Help"))
        menu.addActions([self.how_to_read, self.methods, self.tour, self.shortcuts, self.about])

    def _make_file_actions(self) -> None:
        self.new = self._make(self.tr("New case"), "case", "Ctrl+N")
        self.open_case = self._make(self.tr("Open case …"), "open", "Ctrl+O")
        self.recent = QMenu(self.tr("Recent cases"), self._window)
        self.open_files = self._make(self.tr("Add files …"), "add", "Ctrl+I")
        self.open_folder = self._make(self.tr("Add folder …"), "folder", "Ctrl+Shift+I")
        # The header shows these; in some languages it has room for a word alone.
        self.open_files.setIconText(self.tr("Add files"))
        self.open_folder.setIconText(self.tr("Add folder"))
        self.open_samples = self._make(self.tr("Add the samples"), "grid")
        self.keep_as = self._make(self.tr("Save case as …"), "export", "Ctrl+S")
        self.export = self._make(self.tr("Write report …"), "report", "Ctrl+E")
        self.check_report = self._make(self.tr("Check a report …"))
        self.case_menu = QMenu(self._window)
        """What can be done with the case as a whole, at its title."""
        self.import_case = self._make(self.tr("Import case …"))
        self.quit = self._make(self.tr("Quit"), "", "Ctrl+Q")

    def _make_scan_actions(self) -> None:
        self.scan = self._make(self.tr("Scan"), "play", "F5")
        self.scan.setToolTip(self.tr("Examine everything that waits (F5)"))
        self.stop = self._make(self.tr("Stop"), "stop", "Esc")
        self.stop.setToolTip(self.tr("Stop; what was examined is kept (Esc)"))
        self.again = self._make(self.tr("Examine this exhibit again"), "again", "Ctrl+R")
        self.again.setToolTip(self.tr("Compute its result again and compare (Ctrl+R)"))
        self.check = self._make(self.tr("Check the exhibits"), "shield")
        self.pause = self._make(self.tr("Pause or go on"), "pause", "F7")
        self.retry = self._make(self.tr("Try again what failed"), "again", "Shift+F5")
        self.scan_on_open = self._make(self.tr("Scan as soon as pictures are opened"))
        self.scan_on_open.setCheckable(True)
        names = {
            Depth.FULL: self.tr("With explanation"),
            Depth.NO_EXPLANATION: self.tr("Verdict and heat map only"),
            Depth.TRIAGE: self.tr("Fast triage, without the language model"),
        }
        self.depths = self._group(names)

    def _make_view_actions(self) -> None:
        self.places = self._group(
            {
                Place.CASE: self.tr("Case"),
                Place.TRIAGE: self.tr("Triage"),
                Place.EXAMINE: self.tr("Examine"),
                Place.REPORT: self.tr("Report"),
                Place.MODELS: self.tr("Models"),
            }
        )
        self._icons[self.places[Place.MODELS]] = "model"
        for place, action in self.places.items():
            action.setShortcut(QKeySequence(f"Ctrl+{list(Place).index(place) + 1}"))
        names = {
            "system": self.tr("Colours of the system"),
            "light": self.tr("Light"),
            "dark": self.tr("Dark"),
        }
        self.schemes = self._group(names)

    def _group(self, names: dict[K, str]) -> dict[K, QAction]:
        group = QActionGroup(self)
        actions = {}
        for key, name in names.items():
            action = self._make(name)
            action.setCheckable(True)
            group.addAction(action)
            actions[key] = action
        return actions

    def _make(self, text: str, icon: str = "", *keys: str) -> QAction:
        action = QAction(text, self._window)
        if keys:
            action.setShortcuts([QKeySequence(key) for key in keys])
        if icon:
            self._icons[action] = icon
        self._window.addAction(action)
        return action


def connect(pairs: dict[QAction, Callable[[], object]]) -> None:
    """Connect each action to what it does."""
    for action, does in pairs.items():
        action.triggered.connect(lambda _=False, does=does: does())
