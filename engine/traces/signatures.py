"""Who writes JPEG files like this one: a small open table; what is not in it says nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from engine.images.jpeg import estimate_quality, luminance_table
from engine.traces.jpeg_file import JpegFile
from engine.traces.made import Method, listed
from engine.traces.rules import Mark, rules
from engine.traces.specimen import Specimen
from engine.types import Finding

METHOD = Method(name="jpeg.signature", version="1", source="resources/provenance/signatures.toml")
HEAD_BYTES = 256
"""Of a segment, what marks are looked for in."""


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Compare tables and marks of a JPEG with the table of signatures."""
    structure = specimen.blocks.jpeg
    if structure is None:
        return ()
    found = [_by_mark(mark) for mark in rules().marks if _is_there(mark, specimen, structure)]
    found += _by_tables(structure)
    if found:
        return tuple(found)
    if is_ijg(structure):
        return (
            METHOD.observed(
                "IJG library",
                f"Quantisation tables {structure.table_digest} are those of the IJG library at "
                "one of its qualities: countless programs, websites and phones write them.",
                source="Independent JPEG Group, jpeg_quality_scaling",
            ),
        )
    count = len(rules().tables) + len(rules().marks)
    return (
        METHOD.observed(
            "not known",
            f"Tables {structure.table_digest} and marks are not among {count} signatures (of "
            f"{rules().signatures_version}). The list is small: this says nothing for or against "
            "any camera or program.",
        ),
    )


def is_ijg(structure: JpegFile) -> bool:
    """Return whether the luminance table is one that the IJG library makes from a quality."""
    luminance = structure.tables[0].values if structure.tables else ()
    return bool(luminance) and (
        luminance_table(estimate_quality(luminance)).tolist() == list(luminance)
    )


def huffman_digest(tables: Sequence[bytes]) -> str:
    """Return the first 16 hex digits of the SHA-256 over Huffman tables, in index order.

    Args:
        tables: as `JpegFile.huffman` gives them.
    """
    return hashlib.sha256(b"".join(sorted(set(tables)))).hexdigest()[:16]


def _by_mark(mark: Mark) -> Finding:
    return METHOD.observed(
        mark.name,
        f"The mark in {mark.place} is written by {mark.name} ({mark.kind}).",
        source=mark.source,
    )


def _is_there(mark: Mark, specimen: Specimen, structure: JpegFile) -> bool:
    if mark.place.startswith("IPTC "):
        value = _iptc(specimen, mark.place.removeprefix("IPTC "))
        return bool(value) and mark.pattern.search(value) is not None
    named = zip(specimen.blocks.names, structure.segments, strict=False)
    heads = (
        specimen.data[s.at : s.at + min(s.length, HEAD_BYTES)].decode("latin-1")
        for name, s in named
        if name == mark.place
    )
    return any(mark.pattern.search(head) for head in heads)


def _iptc(specimen: Specimen, name: str) -> str:
    return specimen.photoshop.iptc.get(name, "") if specimen.photoshop is not None else ""


def _by_tables(structure: JpegFile) -> list[Finding]:
    digest, subsampling = structure.table_digest, structure.subsampling
    return [
        METHOD.observed(
            f"tables as from {listed(row.names, 2)}",
            f"Quantisation tables {digest} with {subsampling} were also seen from "
            f"{listed(row.names, 4)} ({row.kind}). Other writers may use the same tables.",
            source=row.source,
        )
        for row in rules().tables
        if row.tables == digest and row.subsampling == subsampling
    ]
