"""How the picture looks, kept with its examination so that near-duplicates can be found."""

from __future__ import annotations

from engine.images.likeness import likeness
from engine.traces.made import Method
from engine.traces.specimen import Specimen
from engine.types import Finding

METHOD = Method(
    name="picture.likeness",
    version="1",
    source="ImageHash 4.3: phash and dhash, 64 bits each",
)


def find(specimen: Specimen) -> tuple[Finding, ...]:
    """Return both perceptual hashes of the picture."""
    look = likeness(specimen.pixels)
    if look is None:
        return (
            METHOD.not_available(
                "The picture is too even to be told from other even ones by how it looks."
            ),
        )
    return (
        METHOD.derived(
            str(look),
            "Two numbers for how the picture looks. Pictures whose numbers are close look alike; "
            "they say nothing about where a picture comes from.",
        ),
    )
