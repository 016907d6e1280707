"""The lamp that says where the pictures are examined, and that nothing leaves the machine."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel

from app.style import Theme


class Lamp(QFrame):
    """Says "CPU · offline".

    Args:
        theme: measures and icons.
    """

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setObjectName("lamp")
        self._icon = QLabel()
        self._words = QLabel()
        self._words.setObjectName("small")
        self.setToolTip(
            self.tr(
                "Pictures are examined on this machine alone. Residua opens no network connection "
                "while it works, and your files are only read."
            )
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.space(2), 0, theme.space(2), 0)
        layout.setSpacing(theme.space(2))
        layout.addWidget(self._icon)
        layout.addWidget(self._words)
        theme.changed.connect(self._dress)
        self.show_device("")
        self._dress()

    def show_device(self, device: str) -> None:
        """Show the device the last picture was examined on; empty while none was."""
        where = "" if not device else "CPU · " if device == "cpu" else "GPU · "
        self._words.setText(where + self.tr("offline"))
        self.setAccessibleName(
            self.tr("Examined on {device}, offline").format(
                device=device or self.tr("this machine")
            )
        )

    def _dress(self) -> None:
        self._icon.setPixmap(self._theme.icon("offline").pixmap(16, 16))
