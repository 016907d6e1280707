"""What the engine says often is known to the window whole, or not translated at all."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from app.sayings import SAYINGS, said
from engine import paths
from engine.report import wording
from engine.report.reliability import interval_text
from engine.types import Condition, Outcome, ReadOuts, Verdict
from engine.vrm.readouts import decide, load_readings

RESOURCES = paths.resources_dir()
SHIPPED = RESOURCES / "weights" / "mini" / "calibration.json"


class Marking(QTranslator):
    """Puts a mark before every saying, instead of translating it."""

    def translate(self, context, source, _disambiguation=None, _n=-1):
        return f"¤{source}" if context == "Sayings" else ""

    def isEmpty(self):  # noqa: N802 - Qt's name
        return False


@pytest.fixture
def marked(qapp: QCoreApplication) -> Iterator[None]:
    marking = Marking()
    qapp.installTranslator(marking)
    yield
    qapp.removeTranslator(marking)


def rows() -> list[dict]:
    return tomllib.loads((RESOURCES / "decisions.toml").read_text("utf-8"))["row"]


def reasons() -> Iterator[str]:
    """Give why each band is stated, with the shipped calibration."""
    readings = load_readings(SHIPPED)
    names = readings.full.weights.keys() | {"artifact", "both", "semantic"}
    usual = Condition(jpeg_quality=None, megapixels=1.0)
    for value in range(-40, 41):
        odds = dict.fromkeys(names, value / 4)
        yield decide(readings, odds, usual, 1000, triage=False).band_reason
    odds = dict.fromkeys(names, 0.0)
    yield decide(readings, odds, usual, 20, triage=False).band_reason
    for apart in ({"megapixels": 900.0}, {"jpeg_quality": 5}):
        yield decide(readings, odds, replace(usual, **apart), 1000, triage=False).band_reason


def test_every_reason_of_a_band_is_known(marked: None) -> None:
    told = set(reasons())
    assert len({each.split()[2] for each in told}) >= 3
    assert [each for each in told if said(each).count("¤") != each.count(". ") + 1] == []


@pytest.mark.parametrize("bounds", [(0.0, 0.03), (0.42, 0.61), (0.97, 1.0)])
def test_every_interval_is_known(marked: None, bounds: tuple[float, float]) -> None:
    verdict = Verdict(
        outcome=Outcome.INCONCLUSIVE, p_ai=0.5, p_ai_interval=bounds, band_reason="",
        in_validated_range=True, read_outs=ReadOuts(both=None, semantic=None, artifact=0.0),
    )  # fmt: skip
    assert said(interval_text(verdict)).startswith("¤between")


@pytest.mark.parametrize("row", rows(), ids=lambda row: row["id"])
def test_every_statement_is_known(marked: None, row: dict) -> None:
    assert said(row["headline"]).startswith("¤")
    if "{fact}" not in row["explanation"]:
        assert said(row["explanation"]).startswith("¤")


def test_every_band_and_every_status_is_known(marked: None) -> None:
    words = [*wording.HEADLINES.values(), wording.NOT_EXAMINED]
    words += [word for both in wording.STATUS_TITLES.values() for word in both]
    assert [word for word in words if not said(word).startswith("¤")] == []


@pytest.mark.parametrize(
    "text",
    [
        "Inconclusive. Something nobody has heard of.",
        "between the devil and the sea",
        "Metadata name a camera, which anyone can write.",
        "",
    ],
)
def test_what_is_not_known_whole_stays_as_it_is(marked: None, text: str) -> None:
    assert said(text) == text


def test_without_a_translation_everything_stays_as_it_is(qapp: QCoreApplication) -> None:
    assert [saying for saying in SAYINGS if said(saying) != saying] == []


def test_the_window_says_them_in_its_language(qapp: QCoreApplication) -> None:
    german = QTranslator()
    assert german.load(str(RESOURCES / "i18n" / "residua_de.qm"))
    qapp.installTranslator(german)
    try:
        assert said("between .42 and .61") == "zwischen .42 und .61"
        told = said("The probability reaches the upper threshold of 0.90.")
        assert told == "Die Wahrscheinlichkeit erreicht die obere Schwelle von 0.90."
    finally:
        qapp.removeTranslator(german)
