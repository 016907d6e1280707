"""What can be done with the exhibits that are chosen in triage, each with a key."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QWidget

from app.cameras import LEAST_PICTURES
from app.row import printable
from app.style import Theme
from engine.mark_words import STARS_MOST
from engine.trace_types import CaseFingerprint


class TriageActions(QObject):
    """The actions of triage.

    Args:
        place: what the keys belong to: they do nothing elsewhere.
    """

    def __init__(self, place: QWidget) -> None:
        super().__init__(place)
        self._place = place
        self._icons: dict[QAction, str] = {}
        self.open = self._make(self.tr("Examine"), "eye", "Return")
        self.compare = self._make(self.tr("Compare two"), "swipe", "C")
        self.scan = self._make(self.tr("Scan these"), "play", "S")
        self.tag = self._make(self.tr("Tag …"), "edit", "T")
        self.camera = self._make(self.tr("Make a camera's fingerprint …"), "", "F")
        self.rate = {
            stars: self._make(_stars(self, stars), "", str(stars))
            for stars in range(STARS_MOST + 1)
        }
        self.everything = self._make(self.tr("Show everything"), "", "Ctrl+Shift+F")
        self.sort = self._make(self.tr("Sort anew"), "again", "F6")
        self.search = self._make(self.tr("Search"), "search", "Ctrl+F")
        self.as_cards = self._make(self.tr("Grid"), "grid", "G")
        self.as_rows = self._make(self.tr("List"), "list", "L")
        self.larger = self._make(self.tr("Larger cards"), "zoom-in", "Ctrl++", "Ctrl+=")
        self.smaller = self._make(self.tr("Smaller cards"), "zoom-out", "Ctrl+-")
        self.all = self._make(self.tr("Choose all"), "", "Ctrl+A")

    def dress(self, theme: Theme) -> None:
        """Give the actions the icons of the scheme in use."""
        for action, name in self._icons.items():
            action.setIcon(theme.icon(name))

    def enable(self, chosen: int, *, can_scan: bool, can_mark: bool, can_compare: bool) -> None:
        """Allow what makes sense.

        Args:
            chosen: how many exhibits.
            can_scan: whether they may be examined.
            can_mark: whether ratings and tags may be set.
            can_compare: whether two may be seen side by side.
        """
        self.open.setEnabled(chosen > 0)
        self.compare.setEnabled(chosen == 2 and can_compare)
        self.scan.setEnabled(chosen > 0 and can_scan)
        for action in (self.tag, *self.rate.values()):
            action.setEnabled(chosen > 0 and can_mark)
        self.camera.setEnabled(chosen >= LEAST_PICTURES and can_scan)

    def menu(self, parent: QWidget) -> QMenu:
        """Return the menu of a right click."""
        menu = QMenu(parent)
        menu.setAccessibleName(self.tr("Chosen exhibits"))
        menu.addActions([self.open, self.compare, self.scan])
        menu.addSeparator()
        ratings = menu.addMenu(self.tr("Rate"))
        ratings.addActions(list(self.rate.values()))
        menu.addActions([self.tag, self.camera])
        menu.addSeparator()
        menu.addActions([self.all, self.everything, self.sort])
        return menu

    def add_cameras(
        self,
        menu: QMenu,
        cameras: Iterable[CaseFingerprint],
        compare: Callable[[CaseFingerprint], None],
        *,
        enabled: bool,
    ) -> None:
        """Add the cameras that the chosen exhibits can be compared with, after their making.

        Args:
            menu: of a right click.
            cameras: of the case.
            compare: called with the one that was chosen.
            enabled: whether anything can be compared now.
        """
        listed = QMenu(self.tr("Compare with a camera"), menu)
        for camera in cameras:
            if camera.state == "present":
                name = printable(camera.camera) or camera.sha256[:8]
                action = listed.addAction(name.replace("&", "&&"))
                action.triggered.connect(lambda _=False, chosen=camera: compare(chosen))
        listed.setEnabled(enabled and not listed.isEmpty())
        after = menu.actions()[menu.actions().index(self.camera) + 1]
        menu.insertMenu(after, listed)

    def _make(self, text: str, icon: str, *keys: str) -> QAction:
        action = QAction(text, self._place)
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        shown = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
        action.setToolTip(f"{text.rstrip(' …')} ({shown})")
        if icon:
            self._icons[action] = icon
        self._place.addAction(action)
        return action


def _stars(source: QObject, stars: int) -> str:
    if stars == 0:
        return source.tr("No rating")
    if stars == 1:
        return source.tr("1 star")
    return source.tr("{count} stars").format(count=stars)
