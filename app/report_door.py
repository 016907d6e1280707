"""What the window asks of reports, and the engine's reports behind it.

Everything here belongs to the report's lane: the layout that is held and the renderer have one
owner. A key is kept in memory until it is forgotten; its passphrase is not kept at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from app.engine_cases import EngineCases
from engine import api
from engine.case_types import ReportSelection
from engine.errors import InputError
from engine.job import Context

if TYPE_CHECKING:
    from engine.api import ReportPages, SigningKey


class Check(Protocol):
    """One thing that was checked; the engine's value."""

    @property
    def name(self) -> str:
        """What, in words."""

    @property
    def outcome(self) -> str:
        """``"pass"``, ``"fail"`` or ``"not_checked"``."""

    @property
    def detail(self) -> str:
        """What was found, or why it was not checked."""


class Signer(Protocol):
    """Whose key signs; the engine's value."""

    @property
    def subject(self) -> str:
        """Name."""

    @property
    def issuer(self) -> str:
        """Who vouches for it."""

    @property
    def valid(self) -> str:
        """First and last day of the certificate, UTC."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A report that was laid out and can be looked at."""

    sizes_pt: tuple[tuple[float, float], ...]
    """(width, height) of each page, points."""
    chapters: tuple[tuple[str, int], ...]
    """(title, index of its first page), in order."""


class ReportDoor(Protocol):
    """Everything the window asks of reports; on the report's lane."""

    def preview_report(self, selection: ReportSelection, ctx: Context) -> Preview:
        """Lay the open case's report out, unsigned; it is held until the next one."""

    def render_page(self, index: int, width_px: int) -> NDArray[np.uint8]:
        """Render a page of what was laid out last, [h, width_px, 3]."""

    def load_key(self, key_file: str, cert_file: str | None, passphrase: str | None) -> Signer:
        """Take a key to sign with; InputError of kind ``"passphrase"`` asks for one."""

    def forget_key(self) -> None:
        """Sign no longer."""

    def write_report(self, out_file: str, selection: ReportSelection, ctx: Context) -> None:
        """Write the PDF of the open case, signed when a key was taken."""

    def verify_report(self, file: str, evidence_dir: str | None) -> tuple[Check, ...]:
        """Check a report, offline."""

    def close_report(self) -> None:
        """Let go of layout and key."""


class EngineReports(EngineCases):
    """The engine's reports."""

    def __init__(self) -> None:
        super().__init__()
        self._pages: ReportPages | None = None
        self._key: SigningKey | None = None

    def preview_report(self, selection: ReportSelection, ctx: Context) -> Preview:
        """See `api.preview_report`."""
        with self.using() as case:
            pages = api.preview_report(case, ctx, selection=selection)
        self._close_pages()
        self._pages = pages
        return Preview(sizes_pt=pages.sizes_pt, chapters=pages.chapters)

    def render_page(self, index: int, width_px: int) -> NDArray[np.uint8]:
        """See `engine.report.preview`."""
        if self._pages is None:
            raise InputError("No report is laid out: open the report's place first.")
        return self._pages.render(index, width_px)

    def load_key(self, key_file: str, cert_file: str | None, passphrase: str | None) -> Signer:
        """See `api.load_signing_key`."""
        self._key = api.load_signing_key(key_file, cert_file, passphrase)
        return self._key.signer

    def forget_key(self) -> None:
        """Let go of the key."""
        self._key = None

    def write_report(self, out_file: str, selection: ReportSelection, ctx: Context) -> None:
        """See `api.write_report`."""
        with self.using() as case:
            api.write_report(
                case, out_file, ctx, key=self._key, selection=selection, command="residua (window)"
            )

    def verify_report(self, file: str, evidence_dir: str | None) -> tuple[Check, ...]:
        """See `api.verify_report`."""
        return api.verify_report(file, evidence_dir)

    def close_report(self) -> None:
        """Let go of layout and key."""
        self._close_pages()
        self._key = None

    def _close_pages(self) -> None:
        if self._pages is not None:
            self._pages.close()
            self._pages = None
