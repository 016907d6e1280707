"""What an explanation of a scene may rest on: findings of traces and model, tokens, the truth."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor

from engine.traces import derived, edited
from engine.training.evaluate import Log
from engine.training.scenes import Scene
from engine.training.trace_measuring import subject_of
from engine.types import (
    Extent,
    FileFacts,
    Finding,
    Image,
    Locality,
    Outcome,
    ReadOuts,
    Region,
    Status,
    Verdict,
)
from engine.vrm.ground import Ground, ground_of
from engine.vrm.locality import combined
from engine.vrm.mini_examiner import MiniExaminer, MiniWriter
from engine.vrm.places import third
from engine.vrm.trace_claims import TRACES

LOG_EVERY = 20
RIGHT = 0.5
"""A place is right when at least this share of it was processed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What is known of one place that a finding points at."""

    inside: float
    """Share of the place that was processed."""
    centred: float
    """The same of a place of this size in the picture's centre."""
    third: float
    """Share of the third that is named that was processed."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Situation:
    """One scene as it is explained."""

    name: str
    source: str
    kind: str
    ground: Ground
    truths: Mapping[Region, Truth]
    """Of every place that a finding points at."""
    semantic: Tensor
    """V_o's tokens of the middle view, [1, 49, d]."""
    artifact: Tensor
    """V_a + R's tokens of it, [1, 49, d]."""


def situations(
    examiner: MiniExaminer, made: Iterable[Scene], folder: Path, model: str, log: Log
) -> Iterator[Situation]:
    """Yield every scene as it is explained; those that are kept are not examined again.

    Args:
        examiner: the loaded mini.
        made: scenes.
        folder: where they are kept.
        model: identity of the weights; what other weights saw is made anew.
        log: told how far it is.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for count, scene in enumerate(made, 1):
        file = folder / f"{scene.name}.safetensors"
        known = read(file, model) if file.exists() else None
        if known is None:
            known = examined(examiner, scene)
            write(known, file, model)
        yield known
        if count % LOG_EVERY == 0:
            log(f"scenes: {count}")


def examined(examiner: MiniExaminer, scene: Scene) -> Situation:
    """Examine a scene as a scan does: traces, model, and what both say together."""
    subject = subject_of(scene.data)
    image = Image(facts=FileFacts(path="", sha256=scene.sha256), pixels=subject.pixels)
    facts = _traces(subject)
    reading = examiner.examine(image, explain=True, on_text=lambda _: None, check=lambda: None)
    assert isinstance(reading.writer, MiniWriter)
    size = (image.pixels.shape[0], image.pixels.shape[1])
    ground = ground_of(
        reading.verdict,
        (*facts, *reading.findings),
        reading.heatmap,
        size,
        combined(reading.locality, facts),
    )
    places = {region for finding in ground.findings for region in finding.regions}
    return Situation(
        name=scene.name,
        source=scene.source,
        kind=scene.kind,
        ground=ground,
        truths={region: _truth(region, scene.mask) for region in places},
        semantic=reading.writer.semantic,
        artifact=reading.writer.artifact,
    )


def _traces(subject: Any) -> tuple[Finding, ...]:
    """Return the findings of the traces that claims are made of, with the ids they always have."""
    wanted = {*TRACES, edited.METHOD.name}
    ids = {each.method.name: f"T{n}" for n, each in enumerate(derived.TRACERS, 1)}
    made = derived.run(subject, lambda: None, derived.named(sorted(wanted)))
    found = [trace.finding for trace in made]
    return tuple(replace(finding, id=ids[finding.analyser]) for finding in found)


def _truth(region: Region, mask: np.ndarray[Any, np.dtype[np.bool_]]) -> Truth:
    height, width = mask.shape
    row, column = third(region, (height, width))
    return Truth(
        inside=_share(mask, region),
        centred=_share(
            mask, replace(region, x=(width - region.w) // 2, y=(height - region.h) // 2)
        ),
        third=float(
            mask[
                row * height // 3 : (row + 1) * height // 3,
                column * width // 3 : (column + 1) * width // 3,
            ].mean()
        ),
    )


def _share(mask: np.ndarray[Any, np.dtype[np.bool_]], region: Region) -> float:
    return float(mask[region.y : region.y + region.h, region.x : region.x + region.w].mean())


def write(made: Situation, file: Path, model: str) -> None:
    """Keep a situation; a killed run leaves no half file."""
    ground = made.ground
    body = {
        "model": model,
        "name": made.name,
        "source": made.source,
        "kind": made.kind,
        "verdict": asdict(ground.verdict),
        "findings": [asdict(f) for f in ground.findings],
        "size": ground.size,
        "hot_share": ground.hot_share,
        "locality": None if ground.locality is None else asdict(ground.locality),
        "truths": [[asdict(r), asdict(t)] for r, t in made.truths.items()],
    }
    partial = file.with_suffix(".partial")
    tokens = {"semantic": made.semantic.contiguous(), "artifact": made.artifact.contiguous()}
    save_file(tokens, partial, metadata={"situation": json.dumps(body)})
    partial.replace(file)


def read(file: Path, model: str) -> Situation | None:
    """Return a kept situation; None when other weights made it.

    Args:
        file: as ``write`` made it.
        model: identity of the weights.
    """
    with safe_open(file, framework="pt") as opened:
        body = json.loads(opened.metadata()["situation"])
        if body["model"] != model:
            return None
        semantic, artifact = opened.get_tensor("semantic"), opened.get_tensor("artifact")
    raw = body["locality"]
    return Situation(
        name=body["name"],
        source=body["source"],
        kind=body["kind"],
        ground=Ground(
            verdict=_verdict(body["verdict"]),
            findings=tuple(_finding(f) for f in body["findings"]),
            size=(body["size"][0], body["size"][1]),
            hot_share=body["hot_share"],
            locality=None
            if raw is None
            else Locality(
                **{**raw, "extent": Extent(raw["extent"]), "regions": _regions(raw["regions"])}
            ),
        ),
        truths={Region(**r): Truth(**t) for r, t in body["truths"]},
        semantic=semantic.to(torch.float32),
        artifact=artifact.to(torch.float32),
    )


def _verdict(raw: Mapping[str, Any]) -> Verdict:
    pair = raw["p_ai_interval"]
    changed = {
        "outcome": Outcome(raw["outcome"]),
        "p_ai_interval": None if pair is None else (pair[0], pair[1]),
        "read_outs": ReadOuts(**raw["read_outs"]),
    }
    return Verdict(**{**raw, **changed})


def _finding(raw: Mapping[str, Any]) -> Finding:
    changed = {"status": Status(raw["status"]), "regions": _regions(raw["regions"])}
    return Finding(**{**raw, **changed})


def _regions(raw: Iterable[Mapping[str, int]]) -> tuple[Region, ...]:
    return tuple(Region(**each) for each in raw)
