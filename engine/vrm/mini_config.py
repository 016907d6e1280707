"""What of the mini is not in its base weights; readable without loading torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

MINI = "mini"
TRAINED_FILE = "trained.safetensors"
CALIBRATION_FILE = "calibration.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class MiniConfig:
    """What is not in the base weights."""

    injection_layer: int = 17
    """K: artifact tokens enter before this decoder layer (0-based) of 30."""
    fusion: Literal["mean", "add", "gated"] = "gated"
    tower_from_block: int = 6
    """V_a is V_o's copy with adapters on this block and the later ones; the blocks before it are
    the same in both and run once."""
    probe_depths: tuple[int, ...] = (6, 8, 10, 12)
    """Depths of the unadapted tower that the linear probe reads, in the order of its weights: at
    each the class token, then the mean patch."""
    contrast_depths: tuple[int, ...] = (4, 6)
    """Depths of the unadapted tower whose patches the contrast head reads; none is deeper than
    ``tower_from_block``."""
    tower_rank: int = 16
    language_rank: int = 16
    projector_dim: int = 1152
