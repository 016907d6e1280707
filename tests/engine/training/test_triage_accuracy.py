from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.training.data import PoolImage
from engine.training.triage_accuracy import compare, exact_states
from engine.vrm.int8_tower import Int8Tower
from tests.engine.vrm import tiny_tower

pytestmark = pytest.mark.usefixtures("one_thread")


def pool(folder: Path, name: str, count: int) -> list[PoolImage]:
    """Write bluish "real" and reddish "ai" pictures of one source."""
    folder.mkdir(exist_ok=True)
    images = []
    for i in range(count):
        rng = np.random.default_rng([i, len(name)])
        label = "ai" if i % 2 else "real"
        colour = (170, 90, 60) if i % 2 else (60, 90, 170)
        pixels = np.array(colour) + rng.normal(0, 25, (48, 48, 3)) + rng.normal(0, 12, (1, 1, 3))
        path = folder / f"{name}-{i}.png"
        Image.fromarray(pixels.clip(0, 255).astype(np.uint8)).save(path)
        images.append(
            PoolImage(
                path=path,
                sha256=str(i),
                label=label,
                generator="",
                source=name,
                captions=(),
                jpeg_history=False,
                tile_grid=False,
            )
        )
    return images


@pytest.fixture(scope="module")
def towers(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack") / "tower"
    model = tiny_tower.write_tower(folder)
    return model, Int8Tower(folder, (1, 2))


def compared(towers, fitting, held, quick=None):
    model, int8 = towers
    return compare(
        lambda view: exact_states(model, (1, 2), view),
        quick or int8.states,
        fitting,
        held,
        depths=(1, 2),
        side_px=int8.side_px,
        log=lambda _: None,
    )


def test_eight_bits_score_as_the_exact_tower_does(towers, tmp_path):
    made = compared(towers, pool(tmp_path, "a", 40), pool(tmp_path, "b", 24))
    assert (made.fitted_on, made.judged, made.depths) == (40, 24, (1, 2))
    assert made.float32.value > 0.95
    assert made.int8.value > 0.95
    assert made.correlation > 0.98
    assert made.difference.low <= made.difference.value <= made.difference.high
    assert abs(made.difference.value) < 0.03


def test_a_tower_that_answers_nonsense_is_told_by_the_difference(towers, tmp_path):
    rng = np.random.default_rng(0)

    def noise(_view):
        return [rng.normal(size=(17, 64)).astype(np.float32) for _ in range(2)]

    made = compared(towers, pool(tmp_path, "a", 40), pool(tmp_path, "b", 24), noise)
    assert made.float32.value > 0.95
    assert made.difference.high < -0.1
    assert abs(made.correlation) < 0.6


def test_a_side_with_one_class_is_refused(towers, tmp_path):
    both = pool(tmp_path, "a", 6)
    alone = [replace(image, label="real") for image in both]
    with pytest.raises(InputError, match="all of one class"):
        compared(towers, both, alone)
