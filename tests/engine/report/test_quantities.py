"""Units of findings in words."""

from __future__ import annotations

import pytest

from engine.report.quantities import quantity


@pytest.mark.parametrize(
    ("value", "unit", "told"),
    [
        (1, "pairs", "1 pair"),
        (3, "pairs", "3 pairs"),
        (1, "bytes", "1 byte"),
        (-3.25, "sd", "−3.25 standard deviations"),
        (1.0, "sd", "1 standard deviation"),
        (0.1234, "share standing out", "12.3 % of the judged area stands out"),
        (0.0, "share standing out", "0 % of the judged area stands out"),
        (61.5, "PCE", "61.5 peak to correlation energy (PCE)"),
        (1e-7, "levels/px", "1e-07 levels/px"),
        (0.25, None, "0.25"),
    ],
)
def test_a_value_is_told_with_its_unit_in_words(value, unit, told):
    assert quantity(value, unit) == told
