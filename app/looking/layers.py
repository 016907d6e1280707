"""What can be laid over a picture or beside it: heat maps, views of traces, another exhibit."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtGui import QImage

from engine.rest_types import Occlusion
from engine.types import HeatMap

HEAT = "heat"
"""Key of the artifact heat map."""

RESTS = "rests"
"""Key of what the verdict rests on."""

PINNED = "pinned"
"""Key of the exhibit that was kept to compare with."""

_KEPT_AS = {HEAT: "heat map", RESTS: "what the verdict rests on"}
"""How bookmarks, which reports print, name layers by key; others are named by their key."""


def kept_as(key: str) -> str:
    """Return how a bookmark names a layer."""
    return _KEPT_AS.get(key, key)


def key_of(kept: str) -> str:
    """Return the key of the layer that a bookmark names."""
    return {name: key for key, name in _KEPT_AS.items()}.get(kept, kept)


class Mode(StrEnum):
    """How picture and layer are looked at together."""

    OVERLAY = "overlay"
    """The layer lies over the picture, more or less opaque."""
    SIDE = "side"
    """Beside each other, moving together."""
    SWIPE = "swipe"
    """One on each side of a line that is dragged."""
    BLINK = "blink"
    """One after the other in the same place."""
    DIFFERENCE = "difference"
    """How much each pixel differs; for layers that are pictures."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """Something that spans the picture, whatever its own size."""

    key: str
    """What it is, such as ``"heat"`` or ``"trace.ela"``."""
    name: str
    """For a person."""
    levels: tuple[QImage, ...]
    """Full size first, then halvings; with alpha where the picture is to show through."""
    opaque: bool
    """Whether it is a picture of its own, that can be subtracted from the exhibit's."""
    heat: HeatMap | None = None
    """The values behind it; None for pictures."""
    rests: Occlusion | None = None
    """The values behind what the verdict rests on; None for every other layer."""
    note: str = ""
    """How it was made, or what to know of it."""
