"""Takes the pictures of the window that the documents show.

``python -m tests.app.screenshots OUT [--pictures PATH…] [--show NAME] [--only PLACE…] [--scale 2]
[--fake]`` writes PNGs of 1400 x 900 points: the empty window, a scan that runs, finished results,
and every place in light and in dark. Without ``--fake`` the real engine examines them; with it,
verdicts are those of a stand-in that looks at the mean of red.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PIL import Image as Pillow
from PySide6.QtCore import QDeadlineTimer, QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from app import translation
from app.__main__ import make_window
from app.binding import protect
from app.engine_door import Door, EngineDoor
from app.exhibits import State
from app.report_door import EngineReports
from app.settings import Depth, Place, Settings
from app.widgets.confirming import ConfirmDialog
from app.window import Window
from engine import paths
from tests.app.fake_door import FakeDoor
from tests.app.fakes import FakePicker
from tests.app.screenshots_triage import evidence, shoot_triage
from tests.app.ways_of_looking import ways_of_looking
from tests.engine.traces.planting import jpeg
from tests.engine.traces.signing import authority, signed
from tests.engine.traces.test_prnu import shot

SIZE = (1400, 900)

COARSE = 12
"""Steps of a channel inside the photograph; a document's picture stays below 300 kB."""

PATIENCE_MS = 1_800_000
"""The real model on a slow machine may take minutes for a picture."""


class ShownDoor(FakeDoor):
    """The stand-in, with real reports of what it found."""

    preview_report = EngineReports.preview_report
    render_page = EngineReports.render_page
    write_report = EngineReports.write_report
    verify_report = EngineReports.verify_report
    close_report = EngineReports.close_report


def wait_until(true: Callable[[], bool], patience_ms: int = PATIENCE_MS) -> None:
    """Run the event loop until something is true; raises TimeoutError when it never is."""
    deadline = QDeadlineTimer(patience_ms)
    loop = QEventLoop()
    tick = QTimer()
    tick.timeout.connect(lambda: loop.quit() if true() or deadline.hasExpired() else None)
    tick.start(20)
    loop.exec()
    if not true():
        raise TimeoutError("The window did not get there.")


def settled(window: Window) -> Callable[[], bool]:
    """Return whether picture, result and thumbnails have come."""
    return lambda: not window.jobs.busy and not window.session.running


def take(window: Window, file: Path, *, small: bool = False) -> None:
    """Write what the window shows; ``small`` coarsens the photograph, never a colour that tells."""
    QApplication.processEvents()
    picture = window.grab()
    density = picture.devicePixelRatio()
    if not picture.save(str(file), "PNG"):
        raise OSError(f"{file} cannot be written.")
    if small:
        with Pillow.open(file) as full:
            pixels = np.asarray(full.convert("RGB")).astype(int)
        coarse = (pixels + COARSE // 2) // COARSE * COARSE
        canvas = window.workspace.picture.canvas
        corner = canvas.mapTo(window, canvas.rect().topLeft())
        left, top = round(corner.x() * density), round(corner.y() * density)
        right, bottom = left + canvas.width() * density, top + canvas.height() * density
        area = np.s_[top : round(bottom), left : round(right)]
        if canvas.isVisible():
            pixels[area] = coarse[area]
        made = Pillow.fromarray(np.clip(pixels, 0, 255).astype(np.uint8))
        if not canvas.isVisible():
            # Places without a photograph have few colours: a palette halves the file.
            made = made.quantize(256, dither=Pillow.Dither.NONE)
        made.save(file, optimize=True)
    sys.stderr.write(f"{file} {file.stat().st_size} bytes\n")


def main() -> int:
    """Take them all."""
    parser = argparse.ArgumentParser(description="Screenshots of the window")
    parser.add_argument("out", type=Path)
    parser.add_argument("--pictures", nargs="*", default=[])
    parser.add_argument("--show", default="ai-diner.webp", help="name of the picture shown")
    parser.add_argument("--fake", action="store_true")
    parser.add_argument("--depth", type=Depth, default=Depth.FULL, help="full, no_explanation …")
    parser.add_argument("--scale", type=int, default=1, help="device pixels to a point")
    parser.add_argument("--only", nargs="*", default=[], help="places to take, such as: case")
    parser.add_argument("--language", default="en", help="of the window")
    parser.add_argument("--right-to-left", action="store_true", help="as for Arabic or Hebrew")
    asked = parser.parse_args()
    os.environ["QT_SCALE_FACTOR"] = str(asked.scale)
    asked.out.mkdir(parents=True, exist_ok=True)
    protect()
    app = QApplication([])
    translation.install(app, paths.resources_dir() / "i18n", asked.language)
    if asked.right_to_left:
        app.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        door: Door = EngineDoor()
        if asked.fake:
            door = ShownDoor(paths.resources_dir() / "samples")
            door.before_word = lambda: threading.Event().wait(0.04) and None
        settings = Settings(data / "settings.ini")
        settings.scheme, settings.depth = "light", asked.depth
        window = make_window(door, settings, FakePicker(), data)
        window.resize(*SIZE)
        window.show()
        wait_until(settled(window))
        if asked.only == ["explained"]:
            shoot_explained(window, asked, data)
        elif asked.only == ["cameras"]:
            shoot_cameras(window, asked, data)
        elif asked.only == ["triage"]:
            shoot_many(window, asked, data)
        elif asked.only == ["examine"]:
            shoot_examine(window, asked)
        elif asked.only:
            shoot_places(window, asked)
        else:
            take(window, asked.out / "empty-light.png", small=True)
            shoot(window, asked)
        window.close()
    app.quit()
    return 0


def shoot(window: Window, asked: argparse.Namespace) -> None:
    """Open the pictures and take the running and the finished window."""
    window.open_paths(tuple(asked.pictures) or (window._door.samples_dir(),))
    model = window.session.model
    first = model.in_state
    wait_until(lambda: model.count(State.DONE) >= 2)
    running = first(State.EXAMINING)
    if running:
        path = running[0].path
        window.workspace.list.choose(path)
        wait_until(lambda: window.session.wording(path) != "" or not window.session.running)
        wait_until(lambda: window.workspace.picture.canvas.picture_rect().width() > 0)
        take(window, asked.out / "scanning-light.png", small=True)
    wait_until(settled(window))
    window.workspace.list.choose(next(e.path for e in first(State.DONE) if e.name == asked.show))
    wait_until(settled(window))
    take(window, asked.out / "results-light.png", small=True)
    for row in window.workspace.explanation.rows:
        if row.sentence.regions:
            row.setFocus()
            break
    take(window, asked.out / "sentence-light.png", small=True)
    window.setFocus()
    window._set_scheme("dark")
    take(window, asked.out / "results-dark.png", small=True)


def shoot_examine(window: Window, asked: argparse.Namespace) -> None:
    """Open the pictures, examine them, and take each way of looking at one."""
    window.go(Place.EXAMINE)
    window.open_paths(tuple(asked.pictures) or (window._door.samples_dir(),))
    model = window.session.model
    wait_until(lambda: model.count(State.DONE) > 0 and settled(window)())
    shown = [each.path for each in model.in_state(State.DONE) if each.name == asked.show]
    window.workspace.list.choose(shown[0])
    wait_until(settled(window))
    suffix = "" if asked.scale == 1 else f"-{asked.scale}x"
    for name, scheme in ways_of_looking(window, lambda: wait_until(settled(window))):
        window._set_scheme(scheme)
        wait_until(settled(window))
        take(window, asked.out / f"examine-{name}-{scheme}{suffix}.png", small=True)


def shoot_explained(window: Window, asked: argparse.Namespace, data: Path) -> None:
    """Take four cases with a sentence pointed at: camera, credential, composite, edited part."""
    samples = paths.resources_dir() / "samples"
    signed_file = data / "signed.webp"
    generated = (samples / "ai-portrait.webp").read_bytes()
    signed_file.write_bytes(signed(generated, "image/webp", authority()))
    names = {
        "camera": samples / "casio-church.jpg",
        "credential": signed_file,
        "composite": samples / "coffee-with-leopard.jpg",
        "edited": edited(samples, data / "street.jpg"),
    }
    window.go(Place.EXAMINE)
    window.open_paths(tuple(map(str, names.values())))
    model = window.session.model
    wait_until(lambda: model.count(State.DONE) == len(names) and settled(window)())
    for name, file in names.items():
        window.workspace.list.choose(str(file))
        wait_until(settled(window))
        rows = window.workspace.explanation.rows
        for row in [each for each in rows if each.sentence.regions] or rows[:1]:
            row.setFocus()
            break
        if name == "edited":
            window.examine.layers.show("trace.edited")
            wait_until(settled(window))
        take(window, asked.out / f"explained-{name}.png", small=True)


def edited(samples: Path, file: Path) -> Path:
    """Write a photograph as a website keeps it, with a generated part put in, saved once more."""
    with Pillow.open(samples / "casio-prague.jpg") as street:
        street.save(file, quality=75)
    with Pillow.open(file) as kept:
        picture = kept.convert("RGB")
    with Pillow.open(samples / "ai-leopard.webp") as generated:
        picture.paste(generated.convert("RGB").resize((180, 200)), (250, 330))
    picture.save(file, quality=93)
    return file


def shoot_many(window: Window, asked: argparse.Namespace, data: Path) -> None:
    """Take the place of many exhibits, with the samples and some more."""
    suffix = "" if asked.scale == 1 else f"-{asked.scale}x"
    folder = data / "evidence"
    folder.mkdir()
    shoot_triage(
        window,
        lambda name: take(window, asked.out / f"{name}{suffix}.png", small=True),
        wait_until,
        evidence(paths.resources_dir() / "samples", folder),
    )


def shoot_cameras(window: Window, asked: argparse.Namespace, data: Path) -> None:
    """Take the case's cameras: none; compared, the file of one gone; one removed; triage by one."""
    names = {0: "Camera of 3 May, room 12", 1: "Phone on the desk"}
    for camera, name in names.items():
        (data / name).mkdir()
        for number in range(6):
            (data / name / f"IMG {number}.jpg").write_bytes(jpeg(shot(camera, number), 95))
    stick = data / "Stick"
    stick.mkdir()
    (stick / "cut.jpg").write_bytes(jpeg(shot(0, 20)[64:, 40:], 95))
    Pillow.fromarray(shot(0, 21)).resize((224, 160)).save(stick / "sent by messenger.png")
    Pillow.fromarray(shot(0, 22)[:90, :90]).save(stick / "small.png")
    window._settings.scan_on_open = False
    window.open_paths((*(str(data / name) for name in names.values()), str(stick)))
    wait_until(lambda: window.session.model.total == 15 and settled(window)())
    window.go(Place.CASE)
    window.case.tables.setCurrentWidget(window.case.cameras)
    shots = [("empty", lambda: None), ("listed", lambda: _make_cameras(window, data))]
    shots.append(("removing", window.case.cameras.remove.click))
    for name, prepare in shots:
        prepare()
        for scheme in ("light", "dark"):
            window._set_scheme(scheme)
            quiet = QDeadlineTimer(600)
            wait_until(lambda quiet=quiet: quiet.hasExpired() and settled(window)())
            take(window, asked.out / f"cameras-{name}-{scheme}.png", small=True)
    dialog = window.findChild(ConfirmDialog)
    dialog.grab().save(str(asked.out / "cameras-confirm.png"))
    dialog.reject()
    window.case.cameras.matches_asked.emit(window.case.cameras.model.rows[0])
    for scheme in ("light", "dark"):
        window._set_scheme(scheme)
        wait_until(settled(window))
        take(window, asked.out / f"cameras-triage-{scheme}.png", small=True)


def _make_cameras(window: Window, data: Path) -> None:
    exhibits = window.session.model.exhibits
    for start, name in ((0, "Camera of 3 May, room 12"), (6, "Phone on the desk")):
        numbers = tuple(each.number for each in exhibits[start : start + 5])
        window.services.cameras.make(numbers, name)
        _accept(window)
    wait_until(lambda: len(window.case.cameras.model.rows) == 2)
    for camera in window.case.cameras.model.rows:
        window.services.cameras.compare(camera)
        _accept(window)
    lost = Path(f"{window.session.case.file}.fingerprints") / f"{camera.sha256}.safetensors"
    lost.unlink()
    window.go(Place.CASE)


def _accept(window: Window) -> None:
    """Wait for what is told at the end of work, and close it."""
    wait_until(lambda: window.messages.box is not None and window.messages.box.isVisible())
    wait_until(settled(window))
    window.messages.box.accept()


def shoot_places(window: Window, asked: argparse.Namespace) -> None:
    """Open the pictures, fill the case in, and take the places that were asked for."""
    window.open_paths(tuple(asked.pictures) or (window._door.samples_dir(),))
    wait_until(lambda: window.session.model.total > 2 and settled(window)())
    window.desk.change_info(
        title="Harbour photographs",
        number="2026-014",
        requester="District Court, 3rd Chamber",
        laboratory="Image Laboratory",
        examiner="A. Example",
        reviewer="B. Sample",
        question="Was any of these photographs made or changed by an AI image generator?",
    )
    window.desk.add_note("The card was read with a write blocker; its files are the exhibits here.")
    wait_until(settled(window))
    suffix = "" if asked.scale == 1 else f"-{asked.scale}x"
    for name in asked.only:
        window.go(Place(name))
        if name == Place.REPORT:
            with tempfile.TemporaryDirectory() as folder:
                window.reporting.write(str(Path(folder) / "harbour.pdf"))
                wait_until(lambda: bool(window.report.checks.lines))
        for scheme in ("light", "dark"):
            window._set_scheme(scheme)
            wait_until(settled(window))
            quiet = QDeadlineTimer(600)
            wait_until(lambda quiet=quiet: quiet.hasExpired() and settled(window)())
            take(window, asked.out / f"{name}-{scheme}{suffix}.png", small=True)


if __name__ == "__main__":
    sys.exit(main())
