"""The lamp that says where pictures are examined, and whether anything leaves the machine."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.style import Theme


class Lamp(QFrame):
    """Says "CPU · offline", or names the connections there are.

    Args:
        theme: measures and icons.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._device = ""
        self._far: tuple[str, ...] = ()
        self.setObjectName("lamp")
        self._icon = QLabel()
        self.words = QLabel()
        self.words.setObjectName("small")
        self.warning = QLabel()
        self.warning.setObjectName("warning")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space(2), 0, theme.space(2), 0)
        layout.setSpacing(theme.space(2))
        layout.addWidget(self._icon)
        layout.addWidget(self.words)
        layout.addWidget(self.warning)
        theme.changed.connect(self._dress)
        self._say()

    def show_device(self, device: str) -> None:
        """Show the device the last picture was examined on; empty while none was."""
        self._device = device
        self._say()

    def show_connections(self, far: tuple[str, ...]) -> None:
        """Show what was found when the program's connections were looked at.

        Args:
            far: far ends of its connections; empty when nothing leaves the machine.
        """
        if far != self._far:
            self._far = far
            self._say()

    def _say(self) -> None:
        device, far = self._device, self._far
        where = "" if not device else "CPU · " if device.startswith("cpu") else "GPU · "
        if far:
            state = self.tr("ONLINE: {count}").format(count=len(far))
            tip = self.tr("Open connections of this program: {far}").format(far=", ".join(far))
        else:
            state = self.tr("offline")
            tip = self.tr(
                "Pictures are examined on this machine alone. The program has no network "
                "connection; this is looked at every few seconds. Your files are only read."
            )
        shown, hidden = (self.warning, self.words) if far else (self.words, self.warning)
        shown.setText(where + state)
        shown.setVisible(True)
        hidden.setVisible(False)
        self.setToolTip(tip)
        self.setAccessibleName(
            self.tr("Examined on {device}, {state}").format(
                device=device or self.tr("this machine"), state=state
            )
        )
        self._dress()

    def _dress(self) -> None:
        name = "warning" if self._far else "offline"
        self._icon.setPixmap(self._theme.icon(name).pixmap(16, 16))
