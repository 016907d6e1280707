"""All places of the window."""

from __future__ import annotations

from app.places.case import CasePlace
from app.places.examine import ExaminePlace
from app.places.models import ModelsPlace
from app.places.page import Page
from app.places.report import ReportPlace
from app.places.triage import TriagePlace
from app.services import Services
from app.settings import Place
from app.style import Theme


class Rooms:
    """One of each place.

    Args:
        services: what works behind them.
        theme: measures and colours.
    """

    def __init__(self, services: Services, theme: Theme) -> None:
        session, settings = services.session, services.settings
        self.case = CasePlace(session, services.desk, services.cameras, theme, settings)
        self.triage = TriagePlace(
            session=session,
            door=services.door,
            jobs=services.jobs,
            theme=theme,
            thumbnails=services.thumbnails,
            settings=settings,
            cameras=services.cameras,
        )
        self.examine = ExaminePlace(
            session,
            services.stage,
            theme,
            services.thumbnails,
            settings=settings,
            marks=services.marks,
            resting=services.resting,
        )
        self.report = ReportPlace(session, services.reporting, theme, settings)
        self.models = ModelsPlace(services.door, services.jobs, theme, settings)
        self.triage.allow(compare=True)
        self.triage.take_marks(services.marks)

    @property
    def by_place(self) -> dict[Place, Page]:
        """Each by its name, in the order of the header."""
        return {
            Place.CASE: self.case,
            Place.TRIAGE: self.triage,
            Place.EXAMINE: self.examine,
            Place.REPORT: self.report,
            Place.MODELS: self.models,
        }
