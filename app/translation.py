"""The window in the operator's language: this program's texts, and Qt's own."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

from engine.errors import StoreError

SYSTEM = "system"
"""Follow the operating system."""

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "de": "Deutsch", "fr": "Français"}
"""ISO 639-1 code -> the language's own name."""


def chosen(setting: str) -> str:
    """Return the code of the language to show.

    Args:
        setting: a code of `LANGUAGES`, or `SYSTEM`; a language that is not there is English.
    """
    code = QLocale.system().name().partition("_")[0] if setting == SYSTEM else setting
    return code if code in LANGUAGES else ENGLISH


def install(app: QCoreApplication, folder: Path, setting: str) -> str:
    """Translate the application from now on; widgets that are made later show it.

    Args:
        app: the application; it owns the translators.
        folder: with ``residua_<code>.qm``.
        setting: see `chosen`.

    Returns:
        The code of the language.

    Raises:
        StoreError: the translation is missing or damaged.
    """
    code = chosen(setting)
    if setting != SYSTEM:
        # Numbers and the buttons of Qt's own dialogs follow the language, not the system.
        QLocale.setDefault(QLocale(code))
    if code == ENGLISH:
        return code
    own = QTranslator(app)
    if not own.load(str(folder / f"residua_{code}.qm")):
        raise StoreError(
            f"The translation {folder / f'residua_{code}.qm'} cannot be read: install the program "
            "again, or choose English."
        )
    app.installTranslator(own)
    qts = QTranslator(app)
    if qts.load(f"qtbase_{code}", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)):
        app.installTranslator(qts)
    return code
