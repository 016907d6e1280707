"""What the window remembers between two starts, in one ini file."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QByteArray, QSettings

from engine.errors import StoreError

RECENT = 8
"""Cases that are remembered."""


MODEL = "mini"
"""The model that comes with the program; the fast path belongs to it."""


class Depth(StrEnum):
    """How much a scan does for each picture."""

    FULL = "full"
    """Verdict, heat map and explanation."""
    NO_EXPLANATION = "no_explanation"
    """Verdict and heat map."""
    TRIAGE = "triage"
    """The fast path without the language model."""


class Place(StrEnum):
    """Where in the window one is."""

    CASE = "case"
    TRIAGE = "triage"
    EXAMINE = "examine"
    REPORT = "report"
    MODELS = "models"


class Settings:
    """Typed access to the ini file.

    Args:
        file: where it lies; made with its folder when something is kept.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._ini = QSettings(str(file), QSettings.Format.IniFormat)

    @property
    def scan_on_open(self) -> bool:
        """Whether a scan starts as soon as pictures are opened."""
        return str(self._ini.value("scan/on_open", "true")) == "true"

    @scan_on_open.setter
    def scan_on_open(self, on: bool) -> None:
        self._ini.setValue("scan/on_open", "true" if on else "false")

    @property
    def depth(self) -> Depth:
        """How much a scan does for each picture."""
        kept = str(self._ini.value("scan/depth", Depth.FULL))
        return Depth(kept) if kept in set(Depth) else Depth.FULL

    @depth.setter
    def depth(self, depth: Depth) -> None:
        self._ini.setValue("scan/depth", str(depth))

    @property
    def device(self) -> str:
        """``"auto"``, ``"cpu"`` or ``"cuda"``: what examines."""
        kept = str(self._ini.value("scan/device", "auto"))
        return kept if kept in ("cpu", "cuda") else "auto"

    @device.setter
    def device(self, device: str) -> None:
        self._ini.setValue("scan/device", device)

    @property
    def model(self) -> str:
        """Name of the pack that scans use, unless they take the fast path."""
        return str(self._ini.value("scan/model", MODEL))

    @model.setter
    def model(self, name: str) -> None:
        self._ini.setValue("scan/model", name)

    @property
    def place(self) -> Place:
        """Where the window was closed; the picture at first."""
        kept = str(self._ini.value("window/place", Place.EXAMINE))
        return Place(kept) if kept in set(Place) else Place.EXAMINE

    @place.setter
    def place(self, place: Place) -> None:
        self._ini.setValue("window/place", str(place))

    @property
    def tour_seen(self) -> bool:
        """Whether the first tour was shown to its end or broken off."""
        return str(self._ini.value("window/tour_seen", "false")) == "true"

    @tour_seen.setter
    def tour_seen(self, seen: bool) -> None:
        self._ini.setValue("window/tour_seen", "true" if seen else "false")

    @property
    def language(self) -> str:
        """Code of the window's language; "system" follows the operating system."""
        return str(self._ini.value("window/language", "system"))

    @language.setter
    def language(self, code: str) -> None:
        self._ini.setValue("window/language", code)

    @property
    def scheme(self) -> str:
        """``"system"``, ``"light"`` or ``"dark"``."""
        kept = str(self._ini.value("window/scheme", "system"))
        return kept if kept in ("light", "dark") else "system"

    @scheme.setter
    def scheme(self, scheme: str) -> None:
        self._ini.setValue("window/scheme", scheme)

    @property
    def copy_exhibits(self) -> bool:
        """Whether copies of files that are taken in are kept beside the case."""
        return str(self._ini.value("case/copy_exhibits", "false")) == "true"

    @copy_exhibits.setter
    def copy_exhibits(self, on: bool) -> None:
        self._ini.setValue("case/copy_exhibits", "true" if on else "false")

    @property
    def recent_cases(self) -> tuple[str, ...]:
        """Case files that were open, the newest first."""
        count = int(self._ini.beginReadArray("recent"))
        files = []
        for index in range(count):
            self._ini.setArrayIndex(index)
            files.append(str(self._ini.value("file", "")))
        self._ini.endArray()
        return tuple(file for file in files if file)

    @recent_cases.setter
    def recent_cases(self, files: tuple[str, ...]) -> None:
        self._ini.remove("recent")
        self._ini.beginWriteArray("recent")
        for index, file in enumerate(files[:RECENT]):
            self._ini.setArrayIndex(index)
            self._ini.setValue("file", file)
        self._ini.endArray()

    @property
    def triage_rows(self) -> bool:
        """Whether exhibits are shown as rows rather than cards."""
        return str(self._ini.value("triage/rows", "false")) == "true"

    @triage_rows.setter
    def triage_rows(self, on: bool) -> None:
        self._ini.setValue("triage/rows", "true" if on else "false")

    @property
    def card_px(self) -> int:
        """Nominal width of a card; 0 before one was chosen."""
        kept = str(self._ini.value("triage/card_px", "0"))
        return int(kept) if kept.isdecimal() else 0

    @card_px.setter
    def card_px(self, card_px: int) -> None:
        self._ini.setValue("triage/card_px", str(card_px))

    @property
    def opacity_percent(self) -> int:
        """Opacity of the heat map, 0..100."""
        kept = str(self._ini.value("picture/opacity_percent", "75"))
        return min(100, int(kept)) if kept.isdecimal() else 75

    @opacity_percent.setter
    def opacity_percent(self, percent: int) -> None:
        self._ini.setValue("picture/opacity_percent", str(percent))

    def state(self, name: str) -> QByteArray:
        """Return the kept state of the window or a splitter; empty when there is none."""
        kept = self._ini.value(f"state/{name}", QByteArray())
        return kept if isinstance(kept, QByteArray) else QByteArray()

    def keep_state(self, name: str, state: QByteArray) -> None:
        """Remember the state of the window or a splitter."""
        self._ini.setValue(f"state/{name}", state)

    def folder(self, use: str) -> str:
        """Return the folder a dialog showed last, for one use; the home folder at first."""
        return str(self._ini.value(f"folder/{use}", str(Path.home())))

    def keep_folder(self, use: str, folder: str) -> None:
        """Remember the folder a dialog showed last."""
        self._ini.setValue(f"folder/{use}", folder)

    def save(self) -> None:
        """Write the file now.

        Raises:
            StoreError: it cannot be written.
        """
        self._ini.sync()
        if self._ini.status() != QSettings.Status.NoError:
            raise StoreError(
                f"The settings file {self._file} cannot be written: check the folder's "
                "permissions and the space on the disk."
            )
