"""Examinations as a scan would return them, made without any model."""

import hashlib

import numpy as np

from engine.types import (
    Condition,
    Elapsed,
    Examination,
    Failure,
    FileFacts,
    Finding,
    HeatMap,
    ModelInfo,
    Outcome,
    ReadOuts,
    Region,
    Sentence,
    Status,
    Verdict,
)

MODEL = ModelInfo(
    name="mini",
    sha256="5c" * 32,
    injection_layer=17,
    fusion="gated",
    device="cpu",
    dtype="float32",
    prompt_sha256="9e" * 32,
)

FINDINGS = (
    Finding(
        id="F1",
        analyser="provenance.c2pa",
        version="1",
        status=Status.OBSERVED,
        value="no manifest",
        reason="The file carries no content credentials; most files carry none.",
        source="C2PA specification 2.1",
    ),
    Finding(
        id="F2",
        analyser="jpeg.quality",
        version="1",
        status=Status.DERIVED,
        value=92.0,
        unit="of 100",
        reason="The luminance table is the common one at this quality.",
        source="ITU-T T.81, annex K",
    ),
    Finding(
        id="M1",
        analyser="artifact.cells",
        version="1",
        status=Status.INFERRED,
        value=0.93,
        regions=(Region(x=96, y=64, w=160, h=128),),
        reason="The strongest cells lie on the upper left of the harbour wall.",
    ),
    Finding(
        id="F3",
        analyser="noise.level",
        version="1",
        status=Status.NOT_AVAILABLE,
        reason="The picture is too small for a noise estimate.",
    ),
    Finding(
        id="F4",
        analyser="ela",
        version="1",
        status=Status.FAILED,
        reason="The JPEG encoder refused a picture of this size.",
    ),
)

P_AI = {Outcome.AI: 0.9712, Outcome.REAL: 0.0431, Outcome.INCONCLUSIVE: 0.4827}
REASONS = {
    Outcome.AI: "Above .90, where at most 3 in 100 real photographs fall.",
    Outcome.REAL: "Below .15, where few generated pictures fall.",
    Outcome.INCONCLUSIVE: "Between .15 and .90 the program does not choose.",
}


def picture(seed, height=420, width=640):
    """[height, width, 3] uint8: a plain scene with sky, ground and a few boxes."""
    rng = np.random.default_rng(seed)
    y = np.linspace(0, 1, height)[:, None, None]
    top, bottom = rng.integers(60, 230, 3), rng.integers(30, 160, 3)
    scene = np.broadcast_to((1 - y) * top + y * bottom, (height, width, 3)).copy()
    for _ in range(6):
        h, w = rng.integers(height // 10, height // 2), rng.integers(width // 12, width // 4)
        r, c = rng.integers(0, height - h), rng.integers(0, width - w)
        scene[r : r + h, c : c + w] = rng.integers(0, 255, 3)
    scene += rng.normal(0, 6, scene.shape)
    return np.clip(scene, 0, 255).astype(np.uint8)


def heatmap(seed, height=420, width=640, rows=14, cols=14):
    rng = np.random.default_rng(seed)
    r, c = np.mgrid[0:rows, 0:cols]
    bump = np.exp(-((r - rng.integers(rows)) ** 2 + (c - rng.integers(cols)) ** 2) / 12)
    cells = np.clip(0.08 * rng.random((rows, cols)) + 0.9 * bump, 0, 1).astype(np.float32)
    valid = np.ones((rows, cols), dtype=bool)
    valid[0, : cols // 2] = False
    cells.setflags(write=False)
    valid.setflags(write=False)
    return HeatMap(
        cells=cells,
        valid=valid,
        cell_px=(height / rows, width / cols),
        method="token head + residual cells",
    )


def facts(path, seed=0, **changes):
    content = f"{path}{seed}".encode("utf-8", "surrogateescape")
    values = {
        "path": path,
        "sha256": hashlib.sha256(content).hexdigest(),
        "sha1": hashlib.sha1(content).hexdigest(),
        "md5": hashlib.md5(content).hexdigest(),
        "bytes": 48_211 + 997 * seed,
        "format": "JPEG",
        "width": 640,
        "height": 420,
    }
    return FileFacts(**(values | changes))


def examination(path="harbour.jpg", outcome=Outcome.AI, seed=0, **changes):
    """A finished examination; ``changes`` replace fields."""
    sign = {Outcome.AI: 1.0, Outcome.REAL: -1.0, Outcome.INCONCLUSIVE: 0.05}[outcome]
    values = {
        "facts": facts(path, seed),
        "verdict": Verdict(
            outcome=outcome,
            p_ai=P_AI[outcome],
            band_reason=REASONS[outcome],
            in_validated_range=True,
            read_outs=ReadOuts(both=3.52 * sign, semantic=1.11 * sign, artifact=-0.32 * sign),
        ),
        "condition": Condition(jpeg_quality=92, megapixels=0.27, resized=None),
        "explanation": (
            Sentence(
                text="The brickwork of the harbour wall repeats with small changes.",
                cites=("M1",),
                regions=(Region(x=96, y=64, w=160, h=128),),
            ),
            Sentence(
                text="The water beyond it has no reflections of the boats.",
                cites=("F2", "M1"),
                regions=(Region(x=300, y=240, w=220, h=120),),
            ),
        ),
        "dropped_sentences": 2,
        "findings": FINDINGS,
        "heatmap_file": f"heatmaps/{facts(path, seed).sha256}.png",
        "model": MODEL,
        "elapsed": Elapsed(
            decode=11.0, artifact=140.0, semantic=201.0, language=5210.0, total=5580
        ),
        "examined_utc": "2026-10-05T14:03:22Z",
        "tool_version": "0.1.0",
    }
    return Examination(**(values | changes))


def failed(path="broken.jpg", seed=0, kind="truncated", message=None, **changes):
    """An examination that did not happen."""
    message = message or "The JPEG data end after 1,024 bytes: get the complete file."
    return Examination(
        facts=facts(path, seed, format=None, width=None, height=None, **changes),
        failure=Failure(kind=kind, message=message),
        examined_utc="2026-10-05T14:03:22Z",
        tool_version="0.1.0",
    )
