"""Starts the window; the one place where its parts are made."""

from __future__ import annotations

import logging
import logging.handlers
import multiprocessing
import signal
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from types import FrameType

from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from app import binding, translation
from app.engine_door import Door, EngineDoor
from app.opening import Opening
from app.pickers import DialogPicker, Picker
from app.settings import Settings
from app.style import Theme, load_fonts
from app.tidying import keep_out_of_the_way
from app.trial import Trial
from app.window import Window
from engine import paths
from engine.errors import StoreError
from engine.threads import wait_passively

_log = logging.getLogger(__name__)

LOG_BYTES = 1_000_000
"""Size at which the log file is turned over; one older one is kept."""


def main(argv: Sequence[str] | None = None) -> int:
    """Show the window until it is closed.

    Args:
        argv: files and folders to open; the command line's when None.

    Returns:
        The exit code.
    """
    asked = tuple(sys.argv[1:] if argv is None else argv)
    app, window = _make()
    window.show()
    _close_on_signals(window)
    _log.info("The window is shown.")
    Opening(app, window.open_paths)
    QTimer.singleShot(0, lambda: window.open_paths(asked))
    return app.exec()


def check() -> int:
    """Open the window, measure when it can be used, close it; print that as one line of JSON.

    Returns:
        0 when it was painted and answered.
    """
    app, window = _make()
    trial = Trial(window)
    window.show()
    _close_on_signals(window)
    code = app.exec()
    sys.stdout.write(f"{trial.told()}\n")
    return code if trial.usable_s is not None else 1


def _make() -> tuple[QApplication, Window]:
    multiprocessing.freeze_support()
    wait_passively()
    binding.protect()
    data_dir = paths.data_dir()
    _set_up_log(data_dir / "logs")
    app = QApplication([sys.argv[0]])
    app.setApplicationName("Residua")
    app.setDesktopFileName("residua")
    settings = Settings(data_dir / "settings.ini")
    translation.install(app, paths.resources_dir() / "i18n", settings.language)
    window = make_window(EngineDoor(), settings, DialogPicker(settings), data_dir)
    window.messages.install_hooks()
    keep_out_of_the_way(app, window.session.model.emptied)
    return app, window


def make_window(door: Door, settings: Settings, picker: Picker, data_dir: Path) -> Window:
    """Dress the application and make its window.

    Args:
        door: the engine, or a stand-in.
        settings: what is remembered.
        picker: asks for files and folders.
        data_dir: the program's own folder.
    """
    resources = paths.resources_dir()
    load_fonts(resources / "fonts")
    theme = Theme(resources, door.band_style)
    theme.set_mode(settings.scheme)
    icon = QIcon(str(resources / "icons" / "residua-256.png"))
    return Window(
        door=door, settings=settings, theme=theme, picker=picker, data_dir=data_dir, icon=icon
    )


def _close_on_signals(window: Window) -> None:
    """Close the window as its button does when the terminal or the system asks to end."""
    told, tell = socket.socketpair()
    for end in (told, tell):
        end.setblocking(False)
    # Qt's loop sleeps outside Python; a byte on the socket wakes it, then the handler runs.
    notifier = QSocketNotifier(told.fileno(), QSocketNotifier.Type.Read, window)
    notifier.activated.connect(lambda: told.recv(1))

    def forget() -> None:
        signal.set_wakeup_fd(-1)
        tell.close()

    # A bound method would be held weakly, and the socket collected with it before any signal.
    window.destroyed.connect(forget)
    signal.set_wakeup_fd(tell.fileno(), warn_on_full_buffer=False)

    def close(_number: int, _frame: FrameType | None) -> None:
        # A window closed before the loop runs ends nothing: the loop would then run forever.
        QTimer.singleShot(0, window.close)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, close)


def _set_up_log(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handler = logging.handlers.RotatingFileHandler(
            folder / "window.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8"
        )
    except OSError as error:
        raise StoreError(
            f"The program's folder {folder} cannot be written ({error.strerror}): check its "
            f"permissions, or name another folder in {paths.DATA_DIR_VARIABLE}."
        ) from error
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(logging.INFO)


if __name__ == "__main__":
    sys.exit(main())
