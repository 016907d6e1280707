"""What a probability rests on: the value that crosses the engine's door."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.types import FileFacts, ModelInfo, Region


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Occlusion:
    """How far a picture's log-odds fall when one place of it is taken away, place by place.

    Each block alone is replaced by one colour and the verdict is asked again: what is measured is
    what the verdict does, not what a map says of it. Blocks interact, so the changes do not add up
    to the log-odds; and what stands in for a block is itself unusual and changes the map: one of
    blurred blocks ranks places otherwise (docs/log.md).

    Source: occlusion sensitivity, Zeiler and Fergus, Visualizing and Understanding Convolutional
    Networks, ECCV 2014, section 4.2.
    """

    facts: FileFacts
    """The picture."""
    model: ModelInfo
    """Whose verdict was asked."""
    triage: bool
    """Whether it is the fast path's verdict, which reads the middle square alone."""
    log_odds: float
    """Calibrated log-odds of "AI-generated" of the untouched picture, natural logarithm."""
    p_ai: float
    """The same as a probability, 0..1: the verdict's own."""
    changes: NDArray[np.float32]
    """[rows, cols], read-only: calibrated log-odds of the picture less those without the block.
    Above 0 the block pushes towards AI, below 0 towards real; 0 where nothing is read."""
    p_without: NDArray[np.float32]
    """[rows, cols], 0..1, read-only: the probability without the block."""
    read: NDArray[np.bool_]
    """[rows, cols], read-only: False where the verdict does not look."""
    block_px: tuple[float, float]
    """(height, width) of a block in original pixels."""
    area: Region
    """What the blocks span, in original pixels."""
    squares: tuple[Region, ...]
    """What the verdict reads: squares whose log-odds are averaged."""
    scale: float
    """Log-odds at both ends of the colours, > 0: the next round number above every change."""
    fill: str
    """What stands in for a block: ``"mean colour"`` of all that is read, or a ``"blur"`` of it."""
    fill_rgb: tuple[int, int, int] | None
    """The mean colour, 0..255 each; None for a blur."""
    passes: int
    """How many squares the verdict was asked about."""
    method: str
    """Name and version; another version may give other numbers."""
    elapsed_ms: float = 0.0
    """Wall time of asking, without decoding and loading."""
    p_examined: float | None = None
    """The probability of the examination that it is to explain; None where none was named."""
    agrees: bool | None = None
    """Whether ``p_ai`` is that of the examination within what computing again may change; None
    where none was named."""

    @property
    def reads_all(self) -> bool:
        """Whether the verdict reads the whole picture."""
        area, facts = self.area, self.facts
        whole = (area.x, area.y, area.w, area.h) == (0, 0, facts.width, facts.height)
        return whole and bool(self.read.all())
