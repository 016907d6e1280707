"""What is known of a model's errors: counts behind its calibration, rates by condition.

The figures ship with the weights, in ``calibration.json``. They are used only for results of
those very weights.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine import paths
from engine.errors import ModelError
from engine.types import Examination, ModelInfo
from engine.vrm.packs.catalogue import read_catalogue
from engine.vrm.packs.manifest import verify_trained

CALIBRATION_FILE = "calibration.json"

JPEG_STEP = 10
"""A JPEG up to so many steps of quality above a measured one is held against that one."""

_NAMED = re.compile(r"(JPEG|WebP) (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """A share that was measured, with its interval."""

    value: float
    """0..1."""
    low: float
    """Lower end of the 95 % interval."""
    high: float
    """Upper end of the 95 % interval."""
    n: int
    """Pictures it was measured on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRate:
    """A rate of one generator, or of one class of real photograph."""

    name: str
    kind: str
    """``"ai"`` or ``"real"``."""
    called_ai: Rate


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorRates:
    """Error rates in one condition."""

    condition: str
    """Such as ``"as is"`` or ``"JPEG 70"``."""
    real_called_ai: Rate | None
    """False alarms; None when not measured."""
    ai_called_ai: Rate | None
    """Hits; None when not measured."""
    groups: tuple[GroupRate, ...]
    """By generator and class of real photograph; may be empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What is known of the errors of one set of weights."""

    weights_sha256: str
    """The weights it holds for."""
    fitted_on: str
    """What the calibration was fitted on, in words."""
    real: int | None
    """Real pictures behind the calibration; None when not recorded."""
    ai: int | None
    """Generated pictures behind the calibration; None when not recorded."""
    thresholds: tuple[float, float]
    """p at or below the first: no sign found; at or above the second: likely AI."""
    validated: tuple[tuple[str, str], ...]
    """(name, value) of the range in which error rates were measured."""
    rates: tuple[ErrorRates, ...]
    """By condition; empty when none ship with the weights."""
    weighs: tuple[str, ...]
    """Names of the log-odds that p is calculated from; empty when not recorded."""


def read_card(model: ModelInfo) -> ModelCard | None:
    """Return what ships with a model's weights; None when it ships no figures.

    Args:
        model: as an examination names it.

    Raises:
        ModelError: the weights' files are broken, or the figures cannot be read.
    """
    folder = paths.resources_dir() / "weights" / model.name
    spec = read_catalogue().get(model.name)
    if spec is None or spec.identity is None or not (folder / CALIBRATION_FILE).is_file():
        return None
    manifest = verify_trained(folder)
    # The identity that the loader gives to base weights and trained weights together.
    both = hashlib.sha256(f"{spec.identity}\n{manifest.sha256}".encode()).hexdigest()
    if both != model.sha256:
        return None
    file = folder / CALIBRATION_FILE
    try:
        return parse_card(json.loads(file.read_text(encoding="utf-8")), both)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The calibration {file} cannot be used ({error}): reinstall it."
        ) from error


def parse_card(raw: Mapping[str, Any], weights_sha256: str) -> ModelCard:
    """Return the figures that ``calibration.json`` holds.

    Args:
        raw: the file, parsed. ``error_rates`` and ``calibrated_on`` may be absent.
        weights_sha256: of the weights it ships with.

    Raises:
        KeyError, TypeError, ValueError: it is not of this form.
    """
    counts = raw.get("calibrated_on") or {}
    full = raw["full"]
    return ModelCard(
        weights_sha256=weights_sha256,
        fitted_on=str(full["fitted_on"]),
        real=_count(counts.get("real")),
        ai=_count(counts.get("ai")),
        thresholds=(float(full["low"]), float(full["high"])),
        validated=tuple((str(name), f"{value:g}") for name, value in raw["validated"].items()),
        rates=tuple(_rates(entry) for entry in raw.get("error_rates") or ()),
        weighs=tuple(str(name) for name, weight in (full.get("weights") or {}).items() if weight),
    )


def matched_rates(card: ModelCard | None, examination: Examination) -> ErrorRates | None:
    """Return the rates of the condition that is most like a picture's; None when not measured.

    A resized picture is held against "half size", a WebP against a measured WebP, a JPEG up to
    ten steps of quality above a measured JPEG against that one, everything else against
    "as is". No rates hold for triage or outside the measured range.

    Args:
        card: what ships with the weights.
        examination: a finished one.
    """
    verdict, condition = examination.verdict, examination.condition
    if card is None or verdict is None or condition is None:
        return None
    if not verdict.in_validated_range or verdict.read_outs.both is None:
        return None
    by_name = {rates.condition: rates for rates in card.rates}
    if condition.resized and "half size" in by_name:
        return by_name["half size"]
    coded = [(found, rates) for rates in card.rates if (found := _NAMED.fullmatch(rates.condition))]
    if examination.facts.format == "WEBP":
        webp = [rates for found, rates in coded if found[1] == "WebP"]
        return webp[0] if webp else by_name.get("as is")
    quality = condition.jpeg_quality
    jpeg = sorted((int(found[2]), rates.condition) for found, rates in coded if found[1] == "JPEG")
    for measured, name in jpeg:
        if quality is not None and quality <= measured + JPEG_STEP:
            return by_name[name]
    return by_name.get("as is")


def _count(raw: Any) -> int | None:
    return None if raw is None else int(raw)


def _rates(raw: Mapping[str, Any]) -> ErrorRates:
    return ErrorRates(
        condition=str(raw["condition"]),
        real_called_ai=_rate(raw.get("real_called_ai")),
        ai_called_ai=_rate(raw.get("ai_called_ai")),
        groups=tuple(_group(each) for each in raw.get("groups") or ()),
    )


def _group(raw: Mapping[str, Any]) -> GroupRate:
    rate = _rate(raw["called_ai"])
    if rate is None:
        raise ValueError(f"the group {raw['name']!r} has no rate")
    return GroupRate(name=str(raw["name"]), kind=str(raw["kind"]), called_ai=rate)


def _rate(raw: Mapping[str, Any] | None) -> Rate | None:
    if raw is None:
        return None
    rate = Rate(
        value=float(raw["value"]), low=float(raw["low"]), high=float(raw["high"]), n=int(raw["n"])
    )
    if not (0 <= rate.low <= rate.value <= rate.high <= 1 and rate.n > 0):
        raise ValueError(f"{rate} is no rate")
    return rate
