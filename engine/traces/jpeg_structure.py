"""How a JPEG was written: markers, quantisation, subsampling, Huffman tables, scans."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from engine.images.jpeg import estimate_quality, luminance_table
from engine.traces.jpeg_file import FRAMES, JpegFile
from engine.traces.made import Method, listed, quoted
from engine.traces.rules import rules
from engine.traces.signatures import huffman_digest
from engine.traces.specimen import Specimen
from engine.types import Finding

STANDARD = "ITU-T T.81"
STRUCTURE = Method(name="jpeg.structure", version="1", source=STANDARD)
QUANTISATION = Method(
    name="jpeg.quantisation", version="1", source=f"{STANDARD}, annex K; IJG jpeg_quality_scaling"
)
HUFFMAN = Method(name="jpeg.huffman", version="1", source=f"{STANDARD}, annex K.3")

# fmt: off
_CHROMINANCE = np.array([
    17, 18, 24, 47, 99, 99, 99, 99,
    18, 21, 26, 66, 99, 99, 99, 99,
    24, 26, 56, 99, 99, 99, 99, 99,
    47, 66, 99, 99, 99, 99, 99, 99,
    *[99] * 32,
])
"""[64] the chrominance table at quality 50, row by row. Source: ITU-T T.81, table K.2."""
# fmt: on


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Describe the structure of a JPEG."""
    structure = specimen.blocks.jpeg
    if structure is None:
        return ()
    made = [_structure(specimen, structure)]
    if structure.tables:
        made.append(_quantisation(structure))
    if structure.huffman:
        made.append(_huffman(structure))
    return tuple(made)


def _structure(specimen: Specimen, structure: JpegFile) -> Finding:
    frame = structure.frame
    kind = FRAMES.get(frame.marker, "unknown frame") if frame is not None else "without a frame"
    runs = [(name, len(list(run))) for name, run in groupby(specimen.blocks.names)]
    order = [name if count == 1 else f"{name} ×{count}" for name, count in runs]
    details = [f"{structure.scans} scan{'s' if structure.scans != 1 else ''}"]
    if structure.restart_interval:
        details.append(f"restart marker every {structure.restart_interval} blocks")
    if not structure.complete:
        details.append("no end-of-image marker")
    return STRUCTURE.observed(
        f"{kind}, {structure.subsampling}",
        f"Markers in order: {quoted(listed(order, 24), 500)}; {', '.join(details)}.",
    )


def _quantisation(structure: JpegFile) -> Finding:
    luminance = structure.tables[0].values
    quality = estimate_quality(luminance)
    exact = luminance_table(quality).tolist() == list(luminance)
    said = [f"luminance nearest to IJG quality {quality}{', exactly its table' if exact else ''}"]
    if len(structure.tables) > 1:
        said.append(_chrominance(structure.tables[1].values))
    kind = "IJG" if exact else "own tables"
    return QUANTISATION.observed(
        f"quality about {quality} ({kind})",
        f"{len(structure.tables)} quantisation table(s), digest {structure.table_digest}: "
        f"{'; '.join(said)}. Cameras and Photoshop use tables of their own.",
    )


def _chrominance(values: tuple[int, ...]) -> str:
    given = np.asarray(values)
    distances = [
        int(((given - _scaled(_CHROMINANCE, quality)) ** 2).sum()) for quality in range(100, 0, -1)
    ]
    quality = 100 - int(np.argmin(distances))
    return f"chrominance nearest to {quality}{', exactly' if min(distances) == 0 else ''}"


def _scaled(table: np.ndarray, quality: int) -> np.ndarray:
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return ((table * scale + 50) // 100).clip(1, 255)


def _huffman(structure: JpegFile) -> Finding:
    standard = huffman_digest(structure.huffman) == rules().standard_huffman
    if standard:
        reason = "The Huffman tables of the standard, as most cameras and libraries write them."
        return HUFFMAN.observed("standard", reason)
    frame = structure.frame
    progressive = frame is not None and frame.marker == 0xC2
    why = " Progressive files always have their own." if progressive else ""
    return HUFFMAN.observed(
        "optimised",
        f"{len(structure.huffman)} Huffman table(s) made for this file, as editors and websites do "
        f"to save space.{why}",
    )
