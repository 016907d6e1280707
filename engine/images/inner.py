"""A picture that lies in a file of another kind, and how its bytes are had."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Inner:
    """One picture of a document or of a picture file that holds several."""

    name: str
    """Of its place, such as ``"object-12.jpg"`` or ``"page-2"``."""
    read: Callable[[], bytes]
    """Gives the picture as a file; raises InputError and what libraries raise."""
