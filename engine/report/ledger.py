"""What is learnt only while pages are drawn: page numbers, pictures, places to sign."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, eq=False)
class Ledger:
    """Filled by the flowables of one report as they are drawn. One thread owns it."""

    chapters: dict[str, int] = field(default_factory=dict)
    """Key of a chapter -> page, from 1."""
    pictures: list[tuple[int, str]] = field(default_factory=list)
    """(page, from 1; sha256 of the JPEG) of each picture, in the order of drawing."""
    boxes: dict[str, tuple[int, tuple[float, float, float, float]]] = field(default_factory=dict)
    """Name of a signature field -> (page, from 1; left, bottom, right, top in pt)."""
