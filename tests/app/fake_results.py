"""What the fake engine says of pictures: verdicts by the mean of red, maps from left to right."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image as Pillow

from engine.case_types import Difference, Recheck, Recipe
from engine.errors import InputError
from engine.rest_types import Occlusion
from engine.trace_types import Curve, Trace, Tracer
from engine.types import (
    Condition,
    Elapsed,
    Examination,
    Extent,
    FileFacts,
    Finding,
    HeatMap,
    Locality,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    Sentence,
    Statement,
    Status,
    Verdict,
)

TEXT = (
    "The left upper quarter is smoother than the rest. ",
    "The right lower quarter keeps the noise of a camera. ",
)


GRID = (6, 8)


RECIPE = Recipe(
    method="fake", version="0", parameters=(("explain", "true"),), model="fake",
    weights_sha256="12" * 32, device="cpu", dtype="float32", threads=1, seed=None,
    libraries=(), machine="a test",
)  # fmt: skip


TRACERS = (
    Tracer(
        name="trace.level", title="Level", version="1", principle="Looks at the red of each pixel.",
        limits="A red picture is red.", source="tests",
    ),
    Tracer(
        name="trace.curve", title="Spectrum", version="1", principle="Draws a line.",
        limits="Says nothing.", source="tests",
    ),
)  # fmt: skip


def traced(pixels: NDArray[np.uint8], name: str) -> Trace:
    """Return a map and the inverted picture, or a curve alone."""
    finding = Finding(
        id="D1", analyser=name, version="1", status=Status.DERIVED, reason="It was looked at."
    )
    if name == "trace.curve":
        x = np.linspace(0.0, 0.5, 64)
        curve = Curve(x=x, y=np.sin(40 * x), x_label="frequency", y_label="power", marks=(0.25,))
        return Trace(finding=finding, curve=curve)
    return Trace(finding=finding, heatmap=heat_of(pixels), picture=255 - pixels)


def rested(examined: Examination) -> Occlusion:
    """Return that the left half speaks for AI and the right one for a photograph."""
    verdict, model, facts = examined.verdict, examined.model, examined.facts
    assert verdict is not None and model is not None
    height, width = facts.height or 1, facts.width or 1
    side = min(height, width)
    square = Region(x=(width - side) // 2, y=(height - side) // 2, w=side, h=side)
    p = min(max(verdict.p_ai, 0.01), 0.99)
    log_odds = float(np.log(p / (1 - p)))
    changes = np.tile(np.linspace(0.4, -0.4, 7, dtype=np.float32), (7, 1))
    return Occlusion(
        facts=facts,
        model=model,
        triage=True,
        log_odds=log_odds,
        p_ai=p,
        changes=changes,
        p_without=np.asarray(1 / (1 + np.exp(changes - log_odds)), np.float32),
        read=np.ones((7, 7), np.bool_),
        block_px=(side / 7, side / 7),
        area=square,
        squares=(square,),
        scale=0.5,
        fill="mean colour",
        fill_rgb=(128, 128, 128),
        passes=50,
        method="fake occlusion",
        p_examined=verdict.p_ai,
        agrees=True,
    )


def read(path: str) -> NDArray[np.uint8]:
    """Return [h, w, 3] or raise as the engine does."""
    try:
        with Pillow.open(path) as picture:
            return np.asarray(picture.convert("RGB"))
    except OSError as error:
        raise InputError(
            f"{path} is not an image that can be read: check the file.", kind="not_an_image"
        ) from error


def facts(path: str, pixels: NDArray[np.uint8]) -> FileFacts:
    return FileFacts(
        path=path,
        sha256=hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        sha1="cd" * 20,
        md5="ef" * 16,
        bytes=Path(path).stat().st_size,
        format="PNG",
        width=pixels.shape[1],
        height=pixels.shape[0],
    )


def rechecked(examination: int) -> Recheck:
    """Return a recheck in which one value is off by less than it may be."""
    return Recheck(
        id=0,
        examination=examination,
        utc="2026-01-02T03:04:05.000Z",
        operator="Ana",
        agrees=True,
        failure="",
        differences=(
            Difference(
                name="p_ai", before="0.86", now="0.861", difference=0.001, allowed=0.01,
                within=True,
            ),
        ),
        changes=("threads: 1 then, 2 now.",),
    )  # fmt: skip


def heat_of(pixels: NDArray[np.uint8]) -> HeatMap:
    """Return a map that rises from left to right; its last row holds no evidence."""
    rows, cols = GRID
    cells = np.tile(np.linspace(0.0, 1.0, cols, dtype=np.float32), (rows, 1))
    valid = np.ones(GRID, dtype=np.bool_)
    valid[-1] = False
    return HeatMap(
        cells=cells,
        valid=valid,
        cell_px=(pixels.shape[0] / rows, pixels.shape[1] / cols),
        method="fake",
    )


SAID = Statement(
    row="pixels-edited", table="1", headline="Locally edited", explanation="A part differs.",
    conflict=False, first="statement", cites=("D1",),
)  # fmt: skip


def part_edited(part: Region) -> tuple[Finding, ...]:
    """Return what a statement about an edited part rests on."""
    return (
        Finding(
            id="D1", analyser="trace.level", version="1", status=Status.DERIVED, regions=(part,),
            reason="A part differs.",
        ),
    )  # fmt: skip


def facts_and_redness(red: float, quarter: Region) -> tuple[Finding, ...]:
    """Return a fact of the file, and what the fake model looked at."""
    return (
        Finding(
            id="F1",
            analyser="file.format",
            version="1",
            status=Status.OBSERVED,
            value="PNG",
            reason="The bytes begin as a PNG does.",
            source="ISO/IEC 15948",
        ),
        Finding(
            id="M1",
            analyser="fake.redness",
            version="1",
            status=Status.INFERRED,
            value=red,
            unit="mean",
            regions=(quarter,),
            reason="The left upper quarter looks redder.",
        ),
    )


def examined(path: str, pixels: NDArray[np.uint8], *, explain: bool) -> Examination:
    """Return a complete examination by the mean red of the picture.

    A file whose name begins with "edited" has a part that trace.level shows.
    """
    red = float(pixels[..., 0].mean() / 255)
    outcome = Outcome.AI if red > 0.6 else Outcome.REAL if red < 0.4 else Outcome.INCONCLUSIVE
    height, width, _ = pixels.shape
    quarter = Region(x=0, y=0, w=width // 2, h=height // 2)
    opposite = Region(x=width // 2, y=height // 2, w=width // 2, h=height // 2)
    edited = Path(path).name.startswith("edited")
    z = float(np.log(max(red, 0.01) / max(1 - red, 0.01)))
    return Examination(
        facts=facts(path, pixels),
        verdict=Verdict(
            outcome=outcome,
            p_ai=red,
            band_reason=f"The mean of red is {red:.2f}.",
            in_validated_range=True,
            read_outs=ReadOuts(both=z, semantic=-z / 2, artifact=2 * z),
        ),
        condition=Condition(jpeg_quality=None, megapixels=height * width / 1e6),
        explanation=(
            (
                Sentence(text=TEXT[0].strip(), cites=("M1",), regions=(quarter,)),
                Sentence(text=TEXT[1].strip(), cites=("F1",), regions=(opposite,)),
            )
            if explain
            else ()
        ),
        dropped_sentences=1 if explain else 0,
        findings=(
            *facts_and_redness(red, quarter),
            *(part_edited(quarter) if edited else ()),
        ),
        statement=SAID if edited else None,
        locality=Locality(extent=Extent.LOCAL, regions=(quarter,), reason="So.")
        if edited
        else None,
        heatmap=heat_of(pixels),
        heatmap_file="heatmaps/fake.png",
        model=ModelInfo(
            name="fake",
            sha256="12" * 32,
            injection_layer=16,
            fusion="gated",
            device="cpu",
            dtype="float32",
        ),
        elapsed=Elapsed(total=1234.0),
        examined_utc="2026-01-02T03:04:05Z",
    )
