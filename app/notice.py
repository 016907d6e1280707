"""Tells the operator, who looks at something else, that long work has ended."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QSystemTrayIcon, QWidget

SHOWN_MS = 10_000


class Notice(QObject):
    """A notification of the system where it has one; else the window asks for attention.

    Args:
        window: what the operator is called back to.
        icon: of the program.
        make_tray: gives the system's tray, or None where it shows no notifications.
    """

    def __init__(
        self,
        window: QWidget,
        icon: QIcon,
        make_tray: Callable[[], QSystemTrayIcon | None] | None = None,
    ) -> None:
        super().__init__(window)
        self._window, self._icon = window, icon
        self._make_tray = make_tray or _tray
        self._tray: QSystemTrayIcon | None = None

    def tell(self, title: str, text: str) -> str:
        """Tell that something has ended, unless the operator looks at the window.

        Returns:
            ``"seen"`` when the window is in front, ``"notified"`` when the system told,
            ``"alerted"`` when the system has no notifications and the window's entry in the
            task bar asks for attention instead.
        """
        if self._window.isActiveWindow():
            return "seen"
        if self._tray is None:
            self._tray = self._make_tray()
            if self._tray is None:
                QApplication.alert(self._window)
                return "alerted"
            self._tray.setParent(self)
            self._tray.setIcon(self._icon)
            self._tray.setToolTip(self._window.windowTitle())
            self._tray.messageClicked.connect(self._come_back)
            self._tray.activated.connect(self._come_back)
        self._tray.show()
        self._tray.showMessage(title, text, self._icon, SHOWN_MS)
        return "notified"

    def take_away(self) -> None:
        """Take the tray's icon away."""
        if self._tray is not None:
            self._tray.hide()

    def _come_back(self) -> None:
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self.take_away()


def _tray() -> QSystemTrayIcon | None:
    if QSystemTrayIcon.isSystemTrayAvailable() and QSystemTrayIcon.supportsMessages():
        return QSystemTrayIcon()
    return None
