"""A picture as a decoder gives it, and as it is after it became upright 8-bit sRGB."""

from __future__ import annotations

from dataclasses import dataclass

from PIL import Image


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Opened:
    """What the decoder of one format gives."""

    picture: Image.Image
    """Loaded; a colour profile, if any, is in ``info["icc_profile"]``."""
    format: str
    """Name of the format."""
    jpeg_quality: int | None = None
    """1..100, JPEG only."""
    is_upright: bool = False
    """Whether the decoder has turned the picture itself; EXIF must not turn it again."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Decoded:
    """A decoded picture and what is known of its making."""

    picture: Image.Image
    """Mode RGB, sRGB, oriented."""
    format: str
    """Name of the format."""
    notes: tuple[str, ...]
    """A sentence each."""
    jpeg_quality: int | None
    """1..100, JPEG only."""
    alpha: Image.Image | None = None
    """Mode L, as stored: not oriented; None where the picture has none."""
