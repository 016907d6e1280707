"""Words of marks that the command line parses with; apart, so that nothing heavy is loaded."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

STARS_MOST = 5
"""Best rating."""

Retractable = Literal["note", "bookmark", "edit", "annotation", "rating", "tag", "retraction"]
"""Kinds of records that an examiner may take back."""


class Shape(StrEnum):
    """What an annotation draws."""

    BOX = "box"
    """A frame around a place."""
    ARROW = "arrow"
    """From the first point to the second, with its head there."""
    TEXT = "text"
    """Words at the first point; the second is the same."""
