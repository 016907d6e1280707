"""Values of findings with their units in words: records keep short units, people read these."""

from __future__ import annotations

MINUS = "\u2212"

SHARE = "share standing out"
"""Unit of a share of 1, which is told in per cent."""

WORDS = {
    "sd": ("standard deviation", "standard deviations"),
    "pairs": ("pair", "pairs"),
    "bytes": ("byte", "bytes"),
    "times": ("time", "times"),
    "PCE": ("peak to correlation energy (PCE)",) * 2,
    "log10(1/NFA)": ("power of ten against chance", "powers of ten against chance"),
    "log ratio": ("logarithm of the ratio",) * 2,
}
"""What stands in records: (with a value of one, with any other)."""


def quantity(value: float, unit: str | None) -> str:
    """Return a value with its unit in words: ``"1 pair"``, ``"−3.2 standard deviations"``.

    Args:
        value: any number.
        unit: as in the record; None where there is none.
    """
    if unit == SHARE:
        return f"{100 * value:.3g} % of the judged area stands out"
    # A true minus; the one of an exponent stays.
    number = f"{MINUS if value < 0 else ''}{abs(value):.4g}"
    one, other = WORDS.get(unit or "", (unit or "",) * 2)
    return f"{number} {one if number == '1' else other}".strip()
