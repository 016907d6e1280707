r"""Examinations as lines of ``results.jsonl`` and back; the format is published as JSON Schema.

A line is ASCII: every other character is escaped, so a name with a line feed stays on its
line. A byte of a name that is not UTF-8 is written as the escape of a lone surrogate,
``\udc80`` to ``\udcff``; ``os.fsencode`` gives the exact bytes back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from engine.errors import StoreError
from engine.types import (
    Condition,
    Elapsed,
    Examination,
    ExplanationKind,
    Extent,
    Failure,
    FileFacts,
    Finding,
    Locality,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    Sentence,
    Settings,
    Statement,
    Status,
    Verdict,
)

SCHEMA_VERSION = 1
"""Value of ``schema`` in every line; changes when the meaning of a key does."""


def to_line(examination: Examination) -> str:
    """Return an examination as one line, without its line feed.

    Args:
        examination: what to write; a heat map in memory gives only its cell size.

    Raises:
        ValueError: a number is not finite, which is a bug of whoever computed it.
    """
    return json.dumps(_record(examination), ensure_ascii=True, allow_nan=False)


def from_line(line: str) -> Examination:
    """Return the examination that a line holds; the heat map is not in it.

    Raises:
        StoreError: the line is not of this format.
    """
    try:
        raw = json.loads(line)
        if raw["schema"] != SCHEMA_VERSION:
            raise StoreError(
                f"The results have format {raw['schema']!r}, this version reads "
                f"{SCHEMA_VERSION}: use the version of the program that wrote them."
            )
        return _examination(raw)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(f"A line of the results is damaged ({error!r}): {line[:80]!r}.") from error


def _record(examination: Examination) -> dict[str, Any]:
    facts, verdict, model = examination.facts, examination.verdict, examination.model
    heatmap = examination.heatmap
    cell_px = heatmap.cell_px if heatmap is not None else examination.cell_px
    return {
        "schema": SCHEMA_VERSION,
        "path": facts.path,
        "sha256": facts.sha256,
        "bytes": facts.bytes,
        "format": facts.format,
        "width": facts.width,
        "height": facts.height,
        "status": "ok" if examination.ok else "failed",
        "error": _error(examination.failure),
        "verdict": verdict and str(verdict.outcome),
        "p_ai": verdict and verdict.p_ai,
        "band_reason": verdict and verdict.band_reason,
        "read_outs": verdict and _read_outs(verdict.read_outs),
        "condition": _condition(examination.condition),
        "in_validated_range": verdict and verdict.in_validated_range,
        "explanation": [_sentence(sentence) for sentence in examination.explanation],
        "dropped_sentences": examination.dropped_sentences,
        "findings": [_finding(finding) for finding in examination.findings],
        "heatmap": examination.heatmap_file,
        "cell_px": list(cell_px) if cell_px is not None else None,
        "model": model and _model(model),
        "elapsed_ms": _elapsed(examination.elapsed),
        "p_ai_interval": list(verdict.p_ai_interval) if verdict and verdict.p_ai_interval else None,
        "sha1": facts.sha1,
        "md5": facts.md5,
        "notes": list(examination.notes),
        "examined_utc": examination.examined_utc,
        "tool_version": examination.tool_version,
        "settings": _settings(examination.settings),
        "statement": _statement(examination.statement),
        "locality": _locality(examination.locality),
        "explanation_kind": str(examination.explanation_kind),
        "container_sha256": facts.container_sha256,
        "duplicate_of": examination.duplicate_of,
    }


def _error(failure: Failure | None) -> dict[str, str] | None:
    return None if failure is None else {"kind": failure.kind, "message": failure.message}


def _read_outs(read_outs: ReadOuts) -> dict[str, float | None]:
    return {
        "both": read_outs.both,
        "semantic": read_outs.semantic,
        "artifact": read_outs.artifact,
    }


def _condition(condition: Condition | None) -> dict[str, Any] | None:
    if condition is None:
        return None
    return {
        "jpeg_quality": condition.jpeg_quality,
        "resized": condition.resized,
        "megapixels": condition.megapixels,
    }


def _regions(regions: Iterable[Region]) -> list[list[int]]:
    return [[region.x, region.y, region.w, region.h] for region in regions]


def _sentence(sentence: Sentence) -> dict[str, Any]:
    return {
        "sentence": sentence.text,
        "cites": list(sentence.cites),
        "regions": _regions(sentence.regions),
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "id": finding.id,
        "analyser": finding.analyser,
        "version": finding.version,
        "status": str(finding.status),
        "value": finding.value,
        "unit": finding.unit,
        "regions": _regions(finding.regions),
        "reason": finding.reason,
        "source": finding.source,
    }


def _model(model: ModelInfo) -> dict[str, Any]:
    return {
        "name": model.name,
        "sha256": model.sha256,
        "injection_layer": model.injection_layer,
        "fusion": model.fusion,
        "device": model.device,
        "dtype": model.dtype,
        "prompt_sha256": model.prompt_sha256,
    }


def _elapsed(elapsed: Elapsed) -> dict[str, float]:
    return {
        "decode": elapsed.decode,
        "artifact": elapsed.artifact,
        "semantic": elapsed.semantic,
        "language": elapsed.language,
        "total": elapsed.total,
    }


def _settings(settings: Settings | None) -> dict[str, bool] | None:
    if settings is None:
        return None
    return {
        "explain": settings.explain,
        "triage": settings.triage,
        "traces": settings.traces,
    }


def _statement(statement: Statement | None) -> dict[str, Any] | None:
    if statement is None:
        return None
    return {
        "row": statement.row,
        "table": statement.table,
        "headline": statement.headline,
        "explanation": statement.explanation,
        "conflict": statement.conflict,
        "first": statement.first,
        "cites": list(statement.cites),
    }


def _locality(locality: Locality | None) -> dict[str, Any] | None:
    if locality is None:
        return None
    return {
        "extent": str(locality.extent),
        "regions": _regions(locality.regions),
        "score": locality.score,
        "reason": locality.reason,
    }


def _examination(raw: Mapping[str, Any]) -> Examination:
    error, condition, model, settings = (
        raw[key] for key in ("error", "condition", "model", "settings")
    )
    return Examination(
        facts=_facts(raw),
        failure=None if error is None else Failure(kind=error["kind"], message=error["message"]),
        verdict=_verdict(raw),
        condition=None if condition is None else Condition(**condition),
        explanation=tuple(_sentence_of(item) for item in raw["explanation"]),
        dropped_sentences=raw["dropped_sentences"],
        findings=tuple(_finding_of(item) for item in raw["findings"]),
        heatmap_file=raw["heatmap"],
        cell_px=None if raw["cell_px"] is None else (raw["cell_px"][0], raw["cell_px"][1]),
        model=None if model is None else ModelInfo(**model),
        elapsed=Elapsed(**raw["elapsed_ms"]),
        examined_utc=raw["examined_utc"],
        notes=tuple(raw["notes"]),
        tool_version=raw["tool_version"],
        settings=None if settings is None else Settings(**settings),
        # Earlier versions of the program wrote lines without what follows.
        statement=_statement_of(raw.get("statement")),
        locality=_locality_of(raw.get("locality")),
        duplicate_of=raw.get("duplicate_of"),
        explanation_kind=ExplanationKind(raw.get("explanation_kind", ExplanationKind.GENERATED)),
    )


def _facts(raw: Mapping[str, Any]) -> FileFacts:
    names = ("path", "sha256", "sha1", "md5", "bytes", "format", "width", "height")
    found = {name: raw[name] for name in names}
    return FileFacts(**found, container_sha256=raw.get("container_sha256"))


def _verdict(raw: Mapping[str, Any]) -> Verdict | None:
    if raw["verdict"] is None:
        return None
    return Verdict(
        outcome=Outcome(raw["verdict"]),
        p_ai=raw["p_ai"],
        p_ai_interval=_pair(raw.get("p_ai_interval")),
        band_reason=raw["band_reason"],
        in_validated_range=raw["in_validated_range"],
        read_outs=ReadOuts(**raw["read_outs"]),
    )


def _pair(raw: Sequence[float] | None) -> tuple[float, float] | None:
    return None if raw is None else (raw[0], raw[1])


def _regions_of(boxes: Sequence[Sequence[int]]) -> tuple[Region, ...]:
    return tuple(Region(x=x, y=y, w=w, h=h) for x, y, w, h in boxes)


def _sentence_of(raw: Mapping[str, Any]) -> Sentence:
    return Sentence(
        text=raw["sentence"], cites=tuple(raw["cites"]), regions=_regions_of(raw["regions"])
    )


def _finding_of(raw: Mapping[str, Any]) -> Finding:
    changed = {"status": Status(raw["status"]), "regions": _regions_of(raw["regions"])}
    return Finding(**{**raw, **changed})


def _statement_of(raw: Mapping[str, Any] | None) -> Statement | None:
    return None if raw is None else Statement(**{**raw, "cites": tuple(raw["cites"])})


def _locality_of(raw: Mapping[str, Any] | None) -> Locality | None:
    if raw is None:
        return None
    changed = {"extent": Extent(raw["extent"]), "regions": _regions_of(raw["regions"])}
    return Locality(**{**raw, **changed})
