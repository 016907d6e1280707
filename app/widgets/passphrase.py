"""Asks for the passphrase of a key; it goes to the engine once and is kept nowhere."""

from __future__ import annotations

from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QPushButton, QVBoxLayout, QWidget

from app.exhibits import display_name
from app.style import Theme
from app.widgets.fields import label

WIDTH_STEPS = 96


class PassphraseDialog(QDialog):
    """One field and two buttons.

    Args:
        key_file: whose passphrase it is.
        wrong: whether the last one did not fit.
        theme: measures.
        parent: the window.
    """

    def __init__(self, key_file: str, *, wrong: bool, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setWindowTitle(self.tr("Passphrase"))
        self.field = QLineEdit()
        self.field.setEchoMode(QLineEdit.EchoMode.Password)
        self.field.setAccessibleName(self.tr("Passphrase of the key"))
        self.use = QPushButton(self.tr("Use key"))
        self.use.setAccessibleName(self.tr("Use the key with this passphrase"))
        self.use.setObjectName("main")
        self.use.setDefault(True)
        self.use.clicked.connect(self.accept)
        cancel = QPushButton(self.tr("Cancel"))
        cancel.setAccessibleName(self.tr("Do not use the key"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        name = display_name(key_file)
        says = self.tr("Passphrase of {name}").format(name=name)
        if wrong:
            says = self.tr("That is not the passphrase of {name}").format(name=name)
        rows = QVBoxLayout(self)
        edge = theme.space(5)
        rows.setContentsMargins(edge, edge, edge, edge)
        rows.setSpacing(theme.space(3))
        head = label(says, "verdict", wrap=True)
        head.setFixedWidth(theme.space(WIDTH_STEPS))
        rows.addWidget(head)
        rows.addWidget(self.field)
        rows.addWidget(label(self.tr("It is used once and kept nowhere."), "muted"))
        buttons = QHBoxLayout()
        buttons.addStretch()
        buttons.addWidget(cancel)
        buttons.addWidget(self.use)
        rows.addLayout(buttons)
        rows.setSizeConstraint(QVBoxLayout.SizeConstraint.SetFixedSize)

    def take(self) -> str:
        """Return what was typed and forget it."""
        typed = self.field.text()
        self.field.clear()
        return typed
