"""All analysers of provenance on one file: in the decoding child, and back to its owner.

The child takes the file apart, where it may hang or crash without harm; its answer is JSON that is
not trusted more than the file. Nothing here sees a model or changes what one says.
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from engine.images.decoder import Inspected
from engine.images.opened import Decoded
from engine.traces import (
    conflicts,
    credentials,
    decoding,
    embedded,
    exiftool,
    generators,
    history,
    jpeg_structure,
    likeness,
    metadata,
    signatures,
    thumbnail,
    watermark,
)
from engine.traces.made import NONE, Method, quoted
from engine.traces.specimen import PARSER_ERRORS, Specimen, specimen
from engine.types import Finding, Region, Status

READING = Method(name="provenance", version="1", source="")
MAX_FINDINGS = 200

Analyse = Callable[[Specimen], tuple[Finding, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Analyser:
    """One method of provenance."""

    method: Method
    """Names it when it fails."""
    analyse: Analyse


ANALYSERS = (
    Analyser(method=generators.TEXT, analyse=generators.texts),
    Analyser(method=generators.STEALTH, analyse=generators.stealth),
    Analyser(method=generators.SOURCE_TYPE, analyse=generators.source_type),
    Analyser(method=generators.AIGC, analyse=generators.aigc),
    Analyser(method=watermark.METHOD, analyse=watermark.find),
    Analyser(method=credentials.PRESENT, analyse=credentials.find),
    Analyser(method=metadata.CAMERA, analyse=metadata.camera),
    Analyser(method=metadata.DATES, analyse=metadata.dates),
    Analyser(method=metadata.PLACE, analyse=metadata.place),
    Analyser(method=metadata.CREDIT, analyse=metadata.credit),
    Analyser(method=history.SOFTWARE, analyse=history.find),
    Analyser(method=thumbnail.SAME, analyse=thumbnail.compare),
    Analyser(method=embedded.TRAILING, analyse=embedded.trailing),
    Analyser(method=embedded.PREVIEWS, analyse=embedded.previews),
    Analyser(method=jpeg_structure.STRUCTURE, analyse=jpeg_structure.find),
    Analyser(method=signatures.METHOD, analyse=signatures.find),
    Analyser(method=metadata.MAKER_NOTES, analyse=metadata.maker_notes),
    Analyser(method=metadata.PROFILE, analyse=metadata.colour_profile),
    Analyser(method=metadata.BLOCKS, analyse=metadata.blocks),
    Analyser(method=likeness.METHOD, analyse=likeness.find),
)
"""The one list, in the order in which findings are told."""

_STATUSES = (Status.OBSERVED, Status.DERIVED, Status.NOT_AVAILABLE, Status.FAILED)


def inspect(data: bytes, decoded: Decoded) -> bytes:
    """Examine a file in the decoding child.

    Args:
        data: the whole file.
        decoded: its picture.

    Returns:
        Findings as JSON, for `findings`.
    """
    pixels = np.asarray(decoded.picture)
    alpha = None if decoded.alpha is None else np.asarray(decoded.alpha)
    with warnings.catch_warnings():
        # Pillow complains of damage that the findings tell in words.
        warnings.simplefilter("ignore")
        found = analyse(specimen(data, decoded.format, pixels, alpha))
    told = (*found[: MAX_FINDINGS - 1], decoding.find(decoded))
    return json.dumps([_record(finding) for finding in told]).encode()


def analyse(subject: Specimen, analysers: Iterable[Analyser] = ANALYSERS) -> tuple[Finding, ...]:
    """Run all analysers; one that fails becomes a finding, and the others go on.

    Args:
        subject: the file, taken apart.
        analysers: what to run.
    """
    found: list[Finding] = []
    for analyser in analysers:
        found += _attempt(analyser.method, partial(analyser.analyse, subject))
    found += _attempt(conflicts.ORIGINS, lambda: conflicts.find(subject, tuple(found)))
    return tuple(found)


def _attempt(method: Method, run: Callable[[], tuple[Finding, ...]]) -> tuple[Finding, ...]:
    try:
        return run()
    except PARSER_ERRORS as error:
        return (method.failed(f"The analyser stopped: {quoted(str(error)) or repr(error)}."),)


def findings(inspected: Inspected, data: bytes) -> tuple[Finding, ...]:
    """Return the findings of an inspection with ids, conflicts first, absences last.

    Where the file carries metadata, ExifTool is asked as well.

    Args:
        inspected: what the decoder brought back.
        data: the bytes that were hashed.
    """
    if inspected.report is None:
        return _numbered([READING.failed(inspected.failure)])
    try:
        told = [_finding(raw) for raw in json.loads(inspected.report)]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return _numbered([READING.failed(f"The answer of the child cannot be read ({error!r}).")])
    has_metadata = any(f.analyser == metadata.BLOCKS.name and f.value != NONE for f in told)
    if has_metadata:
        told += exiftool.find(data)
    return _numbered(sorted(told, key=_rank))


def _rank(finding: Finding) -> tuple[int, int]:
    if finding.analyser.startswith(conflicts.PREFIX):
        place = 0
    else:
        place = 2 if finding.value == NONE else 1
    return _STATUSES.index(finding.status), place


def _numbered(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(replace(finding, id=f"P{n}") for n, finding in enumerate(found, start=1))


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "analyser": finding.analyser,
        "version": finding.version,
        "status": str(finding.status),
        "value": finding.value,
        "unit": finding.unit,
        "regions": [[r.x, r.y, r.w, r.h] for r in finding.regions],
        "reason": finding.reason,
        "source": finding.source,
    }


def _finding(raw: dict[str, Any]) -> Finding:
    value, unit = raw["value"], raw["unit"]
    if value is not None and not isinstance(value, str | int | float):
        raise TypeError(f"A value is a {type(value).__name__}.")
    status = Status(raw["status"])
    if status not in _STATUSES:
        raise ValueError(f"A fact cannot be {status}.")
    return Finding(
        id="",
        analyser=str(raw["analyser"]),
        version=str(raw["version"]),
        status=status,
        value=value,
        unit=None if unit is None else str(unit),
        regions=tuple(
            Region(x=int(x), y=int(y), w=int(w), h=int(h)) for x, y, w, h in raw["regions"]
        ),
        reason=str(raw["reason"]),
        source=str(raw["source"]),
    )
