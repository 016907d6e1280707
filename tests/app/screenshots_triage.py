"""Pictures of triage: a queue that waits, cards by verdict, what looks alike, rows of a list."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PIL import Image as Pillow
from PySide6.QtCore import QDeadlineTimer

from app.arranging import Arrangement, GroupBy, Order
from app.exhibits import State
from app.places.triage import TriagePlace
from app.settings import Depth, Place
from app.window import Window

RATED = {2: 4, 3: 5, 7: 2, 12: 3}
TAGGED = {3: "publish", 7: "ask source", 9: "ask source", 12: "checked"}
CHOSEN = 3
WAITS_AT = 9
"""Pictures examined when the queue is paused for its picture."""


def evidence(samples: Path, folder: Path) -> Path:
    """Copy the samples, with two that are the same in other sizes and one that is broken."""
    for file in sorted(samples.iterdir()):
        if file.suffix in (".png", ".jpg", ".webp"):
            (folder / file.name).write_bytes(file.read_bytes())
    with Pillow.open(samples / "rocket.jpg") as rocket:
        rocket.resize((rocket.width // 2, rocket.height // 2)).save(
            folder / "rocket-small.jpg", quality=60
        )
    with Pillow.open(samples / "chelsea.png") as cat:
        cat.convert("RGB").save(folder / "chelsea-sent.jpg", quality=75)
    (folder / "cut off.jpg").write_bytes((samples / "casio-church.jpg").read_bytes()[:9000])
    return folder


def shoot_triage(
    window: Window,
    take: Callable[[str], None],
    wait_until: Callable[[Callable[[], bool]], None],
    folder: Path,
) -> None:
    """Take them all.

    Args:
        window: empty.
        take: writes what the window shows, by a name.
        wait_until: runs the event loop until something is true.
        folder: the pictures.
    """
    model, triage = window.session.model, window.triage
    window._settings.depth = Depth.TRIAGE
    window.go(Place.TRIAGE)
    window.open_paths((str(folder),))
    queue = window.session.queue

    def calm(ms: int = 700) -> None:
        quiet = QDeadlineTimer(ms)
        wait_until(lambda: quiet.hasExpired() and window.thumbnails._at_work is None)

    def waits() -> bool:
        if model.count(State.DONE) >= WAITS_AT and model.total >= WAITS_AT * 2:
            queue.pause()
        return queue.paused

    wait_until(waits)
    triage.arrange(Arrangement(order=Order.HIGHEST, group=GroupBy.VERDICT))
    calm()
    take("triage-paused")
    queue.resume()
    wait_until(lambda: window.bottom.phase.text() != "")
    take("triage-running")
    wait_until(lambda: not window.session.running and not window.jobs.busy)
    for number, stars in RATED.items():
        window.marks.rate(number, stars)
    for number, name in TAGGED.items():
        window.marks.tag(number, name)
    wait_until(lambda: not window.jobs.busy)
    window._show_recent()
    chosen = [model.shown(row).path for row in range(CHOSEN)]
    triage.view.choose(set(chosen), chosen[1])
    triage.begin()
    for scheme in ("light", "dark"):
        window._set_scheme(scheme)
        _shoot_ways(triage, calm, lambda name, scheme=scheme: take(f"triage-{name}-{scheme}"))
    window._set_scheme("light")


def _shoot_ways(triage: TriagePlace, calm: Callable[[], None], take: Callable[[str], None]) -> None:
    """Take the grid, groups of what looks alike, and the list."""
    triage.show_size(188)
    triage.arrange(Arrangement(order=Order.HIGHEST, group=GroupBy.VERDICT))
    triage.view.verticalScrollBar().setValue(0)
    calm()
    take("grid")
    triage.arrange(Arrangement(order=Order.NAME, group=GroupBy.NEAR))
    calm()
    triage.view.verticalScrollBar().setValue(0)
    take("alike")
    triage.arrange(Arrangement(order=Order.HIGHEST))
    triage.show_rows(True)
    triage.view.verticalScrollBar().setValue(0)
    calm()
    take("list")
