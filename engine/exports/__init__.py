"""A case in the formats of other programs."""
