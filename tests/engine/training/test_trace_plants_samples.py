"""Plants for methods that look at samples: what they change, and nothing else."""

from __future__ import annotations

from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine.traces.derived import TRACERS
from engine.training.trace_plants_samples import SAMPLE_PLANTS, demosaiced
from tests.engine.traces import planting as plant


def pixels_of(data: bytes):
    return np.asarray(Image.open(BytesIO(data)).convert("RGB")).astype(int)


@pytest.mark.parametrize("each", SAMPLE_PLANTS, ids=lambda p: f"{p.method} {p.make.__name__}")
def test_a_plant_changes_its_part_and_leaves_the_rest(each):
    base, donor = plant.photograph(seed=1), plant.photograph(seed=2)
    made = each.make(base, donor, np.random.default_rng(3))
    planted, clean = pixels_of(made.data), pixels_of(made.clean)
    changed = np.abs(planted[: len(clean), : clean.shape[1]] - clean).max(axis=2) > 12
    if made.mask is None:
        assert made.data != made.clean
    else:
        assert made.mask.shape == clean.shape[:2]
        # Compression carries a change over the border of its block.
        outside = np.pad(made.mask, 16)
        near = sum(np.roll(outside, (y, x), (0, 1)) for y in (-16, 0, 16) for x in (-16, 0, 16))
        assert not changed[near[16:-16, 16:-16] == 0].any()
        assert (planted != clean).any(axis=2)[made.mask].mean() > 0.3


def test_every_plant_is_for_a_method_of_the_list():
    assert {p.method for p in SAMPLE_PLANTS} <= {tracing.method.name for tracing in TRACERS}


def test_demosaicing_keeps_what_the_sensor_measured():
    base = plant.photograph()
    seen = demosaiced(base)
    assert np.array_equal(seen[2:-2:2, 2:-2:2, 0], base[2:-2:2, 2:-2:2, 0])
    assert np.array_equal(seen[3:-3:2, 3:-3:2, 2], base[3:-3:2, 3:-3:2, 2])
    assert np.array_equal(seen[2:-2:2, 3:-3:2, 1], base[2:-2:2, 3:-3:2, 1])


def test_the_same_seed_plants_the_same():
    base, donor = plant.photograph(seed=1), plant.photograph(seed=2)
    for each in SAMPLE_PLANTS:
        first, second = (each.make(base, donor, np.random.default_rng(5)) for _ in range(2))
        assert first.data == second.data
