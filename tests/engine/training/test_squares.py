"""The full path's squares beside the fast path's: each picture by the probe without its source."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.training.evaluate import Row
from engine.training.probing import Probe
from engine.training.squares import compare_squares
from tests.engine.training.tiny_pool import noise, pool_image
from tests.engine.vrm.tiny_mini import trained_mini, write_base

pytestmark = pytest.mark.usefixtures("one_thread")


def written(folder, name, label, pixels):
    path = folder / f"{name}.png"
    Image.fromarray(pixels).save(path)
    return pool_image(path, label, source=name[0])


def row(image, z):
    return Row(
        sha256=image.sha256,
        source=image.source,
        generator="",
        label=image.label,
        condition="as is",
        log_odds={"probe": z},
    )


@pytest.fixture
def model(tmp_path):
    return trained_mini(write_base(tmp_path / "base"))


def told(model, images, rows, **options):
    width = model.probe.weight.shape[1]
    weight = np.linspace(-1, 1, width, dtype=np.float32)
    probes = {
        "a": Probe(weight=weight, bias=0.0),
        "b": Probe(weight=np.zeros(width, np.float32), bias=50.0),
    }
    return compare_squares(model, rows, probes, images, str, **options)


def test_the_probe_that_never_saw_the_source_judges_all_squares(tmp_path, model):
    images = [
        written(tmp_path, "a1", "real", noise(120, 400, 1)),
        written(tmp_path, "a2", "real", noise(120, 120, 2)),
        written(tmp_path, "b1", "ai", noise(120, 120, 3)),
    ]
    found = told(model, images, [row(image, -float(n)) for n, image in enumerate(images)])
    assert found["pictures"] == {"real": 2, "ai": 1}
    assert found["full_path_auc"]["value"] == 1.0  # only the probe of b says 50
    assert found["fast_path_auc"]["value"] == 0.0
    assert found["difference"]["value"] == 1.0


def test_pictures_of_one_class_are_refused(tmp_path, model):
    image = written(tmp_path, "a1", "real", noise(120, 120, 1))
    with pytest.raises(InputError, match="all of one class"):
        told(model, [image], [row(image, 0.0)])
