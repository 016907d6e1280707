"""What works behind the places of the window; nothing of it is seen."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from app.cameras import Cameras
from app.desk import Desk
from app.engine_door import Door
from app.jobs import Jobs
from app.marks import Marks
from app.reporting import Reporting
from app.resting import Resting
from app.session import Session
from app.settings import Settings
from app.stage import Stage
from app.thumbnails import Thumbnails


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One of each, for as long as the window lives."""

    door: Door
    """The engine."""
    settings: Settings
    jobs: Jobs
    session: Session
    desk: Desk
    cameras: Cameras
    reporting: Reporting
    stage: Stage
    resting: Resting
    thumbnails: Thumbnails
    marks: Marks


def make_services(door: Door, settings: Settings, data_dir: Path, parent: QObject) -> Services:
    """Make them.

    Args:
        door: the engine.
        settings: what is remembered.
        data_dir: the program's own folder.
        parent: what those live as long as that need one.
    """
    jobs = Jobs()
    session = Session(door, jobs, settings, data_dir / "cases")
    return Services(
        door=door,
        settings=settings,
        jobs=jobs,
        session=session,
        desk=Desk(door, jobs, session),
        cameras=Cameras(session, door, jobs, parent),
        reporting=Reporting(door, jobs, session),
        stage=Stage(door, jobs),
        resting=Resting(door, jobs),
        thumbnails=Thumbnails(door, jobs),
        marks=Marks(door, jobs, session),
    )
