"""What was decoded, and how: the notes of the decoder as a finding."""

from __future__ import annotations

from engine.images.opened import Decoded
from engine.traces.made import Method
from engine.types import Finding

METHOD = Method(name="file.decoding", version="1", source="engine/images")

AS_IT_IS = (
    "The samples were taken as they are: 8 bits, sRGB, upright, the only picture in the file."
)


def find(decoded: Decoded) -> Finding:
    """Return how the examined picture came out of its file.

    Args:
        decoded: the picture, with the notes made while it was decoded.
    """
    return METHOD.observed(decoded.format, " ".join(decoded.notes) or AS_IT_IS)
