"""The contrast head finds a planted difference on other pictures, whatever their own level."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine.errors import InputError
from engine.training.composites import composites
from engine.training.contrast import (
    Patched,
    fit_contrast,
    fitting_views,
    in_log_odds,
    patched,
    train_contrast,
)
from engine.training.metrics import auc
from engine.training.pairs import pair_file
from tests.engine.training.tiny_pool import noise, pool_image
from tests.engine.vrm.tiny_mini import fresh_mini

SIDE, WIDTH = 8, 6


def planted(seed, strength=3.0):
    """A view whose generated area has more of one channel; its own level says nothing."""
    rng = np.random.default_rng(seed)
    share = np.zeros((SIDE, SIDE), np.float32)
    top, left = rng.integers(0, 4, 2)
    share[top : top + 4, left : left + 4] = 1
    x = rng.normal(0, 1, (1 + SIDE * SIDE, WIDTH)).astype(np.float32) + rng.normal(0, 9, WIDTH)
    x[1:, 2] += strength * share.reshape(-1)
    return Patched(states={4: x.astype(np.float32)}, share=share.reshape(-1))


def test_a_planted_difference_is_found_on_other_views():
    head = fit_contrast([planted(n) for n in range(60)], (4,))
    scores = [
        auc(head.log_odds(v.states).reshape(-1), v.share > 0.5) for v in map(planted, (90, 91))
    ]
    assert min(scores) > 0.85
    assert np.abs(head.weights[0]).argmax() == 2


def test_values_that_tell_nothing_get_a_small_factor():
    head = fit_contrast([planted(n) for n in range(60)], (4,))
    sure = in_log_odds(head, [planted(n) for n in range(90, 120)])
    unsure = in_log_odds(head, [planted(n, strength=0.0) for n in range(90, 120)])
    factors = [h.weights[0, 2] / head.weights[0, 2] for h in (sure, unsure)]
    assert factors[0] > 4 * abs(factors[1])


def test_views_of_one_kind_alone_are_refused():
    view = planted(0)
    with pytest.raises(InputError, match="make reconstructions"):
        fit_contrast([replace(view, share=np.zeros_like(view.share))], (4,))


class BrightPatches:
    """A tower whose patch states are the brightness of the patch."""

    side_px, width = 64, 32

    def states(self, view):
        light = view.reshape(SIDE, 8, SIDE, 8, 3).mean((1, 3, 4)).reshape(-1, 1) / 255
        x = np.repeat(np.concatenate([light[:1], light]), self.width, axis=1)
        return [x.astype(np.float32)] * 2


def photographs(folder, count=6):
    """Dark photographs whose reconstructions are bright."""
    rows = []
    (folder / "pairs").mkdir()
    for n in range(count):
        row = replace(pool_image(folder / f"{n}.png", "real", f"s{n % 2}"), sha256=f"{n:064x}")
        dark = noise(256, 240, n) // 4
        Image.fromarray(dark).save(row.path)
        Image.fromarray(dark + 90).save(pair_file(folder / "pairs", row))
        rows.append(row)
    return rows


def test_a_composite_is_shown_as_its_middle_square_with_shares_where_they_lie(tmp_path):
    (composite,) = composites(photographs(tmp_path, 1), tmp_path / "pairs")
    view = patched(BrightPatches(), (4, 6), composite)
    assert view.share.shape == (SIDE * SIDE,)
    assert view.share.mean() == pytest.approx(composite.mask[8:248].mean(), abs=0.03)
    light = view.states[4][1:, 0]
    assert light[view.share == 1].min() > light[view.share == 0].max()
    rows = photographs_again(tmp_path)
    first, other = fitting_views(BrightPatches(), (4, 6), rows, tmp_path / "pairs")
    assert np.array_equal(first.share, view.share)
    assert not np.array_equal(first.share, other.share)


def photographs_again(folder):
    return [replace(pool_image(folder / "0.png", "real", "s0"), sha256=f"{0:064x}")]


def test_the_fitted_head_lies_in_the_model_and_points_at_what_was_generated(tmp_path, tiny_base):
    rows, model, told = photographs(tmp_path), fresh_mini(tiny_base), []
    train_contrast(
        model,
        BrightPatches(),
        (rows[:4], rows[4:]),
        autoencoder=tmp_path / "none",
        pairs=tmp_path / "pairs",
        log=told.append,
    )
    assert told == ["contrast: 4 photographs, factor on 2 composites"]
    assert float(model.contrast.weight.detach().sum()) > 0
