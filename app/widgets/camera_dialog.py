"""Asks which camera the chosen exhibits come from."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLineEdit, QVBoxLayout, QWidget

from app.style import Theme
from app.widgets.fields import label


class CameraDialog(QDialog):
    """A field for the camera's name, and what makes a good fingerprint.

    Args:
        count: exhibits that the fingerprint is to be made of.
        theme: measures.
        parent: the window.
    """

    def __init__(self, count: int, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("A camera's fingerprint"))
        head = label(self.tr("Fingerprint of {count} exhibits").format(count=f"{count:,}"), "title")
        advice = label(
            self.tr(
                "All must come from one camera, in its own size and unedited: better 30 or more, "
                "evenly lit, of different scenes. The picture that is to be tested must not be "
                "among them, nor one of the same scene."
            ),
            "muted",
            wrap=True,
        )
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("such as: Nikon D70, seized on 3 May"))
        self.field.setAccessibleName(self.tr("Which camera"))
        self.field.setMinimumWidth(theme.space(110))
        standard = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(standard.Ok | standard.Cancel)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)
        layout = QVBoxLayout(self)
        layout.setSpacing(theme.space(3))
        for widget in (head, advice, self.field, self.buttons):
            layout.addWidget(widget)
        self.field.textChanged.connect(self._check)
        self._check()

    @property
    def camera(self) -> str:
        """What was typed, without blanks around it."""
        return self.field.text().strip()

    def _check(self) -> None:
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(bool(self.camera))
