from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import InputError
from engine.training import batches as batching
from engine.training.augment import encode
from engine.training.batches import (
    COMPOSITE,
    GENERATED,
    REAL,
    RECONSTRUCTED,
    Batches,
    Store,
    draw_mask,
)
from engine.training.pairs import pair_file
from tests.engine.training.test_augment import a_recipe
from tests.engine.training.tiny_pool import noise, pool_image, write_pool

SIDE = 128


@pytest.fixture(autouse=True)
def _few_and_small(monkeypatch):
    monkeypatch.setattr(batching, "GROUPS", 2)
    monkeypatch.setattr(batching, "COMPOSITES", 2)
    monkeypatch.setattr(batching, "SIDES_PX", (SIDE,))
    monkeypatch.setattr(batching, "SIDE_WEIGHTS", (1.0,))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    images, pairs = write_pool(tmp_path_factory.mktemp("pool"))
    return Store(images, pairs)


def same(a, b):
    tensors = all(
        torch.equal(getattr(a, n), getattr(b, n)) for n in ("view", "native", "kind", "mask")
    )
    return tensors and a.captions == b.captions and a.recipes == b.recipes


def test_a_step_always_gives_the_same_batch(store):
    first = Batches(store, 0).at(3)
    assert same(first, Batches(store, 0).at(3))
    assert not same(first, Batches(store, 0).at(4))
    assert not same(first, Batches(store, 1).at(3))


def test_a_run_gives_its_steps_in_order_from_wherever_it_begins(store):
    made = Batches(store, 0)
    got = dict(made.run(2, 5))
    assert list(got) == [2, 3, 4]
    assert all(same(batch, made.at(step)) for step, batch in got.items())
    assert list(made.run(5, 5)) == []


def test_a_batch_holds_matched_groups_and_composites(store):
    batch = Batches(store, 0).at(0)
    group = [REAL, RECONSTRUCTED, GENERATED]
    assert batch.kind.tolist() == [*group, *group, COMPOSITE, COMPOSITE]
    assert batch.view.shape == (8, 3, 224, 224)
    assert batch.native.shape == (8, 3, SIDE, SIDE)
    assert batch.mask.shape == (8, SIDE // 16, SIDE // 16)
    assert float(batch.native.min()) >= 0
    assert float(batch.native.max()) <= 1
    for start in (0, 3):
        assert len(set(batch.recipes[start : start + 3])) == 1
    assert float(batch.mask[batch.kind == REAL].max()) == 0
    assert float(batch.mask[batch.kind == RECONSTRUCTED].min()) == 1
    assert float(batch.mask[batch.kind == GENERATED].min()) == 1


def test_no_photograph_is_twice_in_a_batch(store, monkeypatch):
    monkeypatch.setattr(batching, "draw_recipe", lambda *_a, **_k: a_recipe(side_px=SIDE))
    batch = Batches(store, 0).at(0)
    reals = batch.native[batch.kind == REAL]
    assert not torch.equal(reals[0], reals[1])


@pytest.fixture
def black_and_white(tmp_path):
    """Black photographs with white reconstructions: what is swapped can be seen."""
    pairs = tmp_path / "pairs"
    pairs.mkdir()
    rows = []
    for n, size in enumerate(((200, 300), (300, 200), (256, 256), (150, 400))):
        path = tmp_path / f"{n}.png"
        Image.fromarray(np.zeros((*size, 3), np.uint8)).save(path)
        rows.append(pool_image(path))
        Image.fromarray(np.full((*size, 3), 255, np.uint8)).save(pair_file(pairs, rows[-1]))
    for n in range(3):
        path = tmp_path / f"ai{n}.png"
        Image.fromarray(noise(200, 200, n)).save(path)
        rows.append(pool_image(path, "ai"))
    return Store(rows, pairs)


@pytest.mark.parametrize("shrink", [0.0, 0.6, 1.0])
@pytest.mark.parametrize("flip", [False, True])
@pytest.mark.parametrize("kernel", [Image.Resampling.BOX, Image.Resampling.LANCZOS])
def test_a_composites_mask_lies_where_pixels_were_swapped(
    black_and_white, monkeypatch, shrink, flip, kernel
):
    recipe = a_recipe(side_px=SIDE, shrink=shrink, flip=flip, kernel=kernel, place=(0.3, 0.8))
    monkeypatch.setattr(batching, "draw_recipe", lambda *_a, **_k: recipe)
    batch = Batches(black_and_white, 0).at(0)
    for i in (batch.kind == COMPOSITE).nonzero()[:, 0].tolist():
        swapped = (batch.native[i, 0] > 0.5).float()
        cells = torch.nn.functional.avg_pool2d(swapped[None, None], 16)[0, 0]
        torch.testing.assert_close(batch.mask[i], cells)


def test_masks_hold_through_lossy_steps(black_and_white):
    made = Batches(black_and_white, 0)
    both = 0
    for step in range(6):
        batch = made.at(step)
        for i in (batch.kind == COMPOSITE).nonzero()[:, 0].tolist():
            swapped = (batch.native[i].mean(0) > 0.5).float()
            cells = torch.nn.functional.avg_pool2d(swapped[None, None], 16)[0, 0]
            assert float((batch.mask[i] - cells).abs().mean()) < 0.03
            both += 0 < float(batch.mask[i].mean()) < 1
    assert both >= 6


def test_a_mask_is_one_patch_of_less_than_half_the_picture():
    rng = np.random.default_rng(0)
    shares = []
    for _ in range(60):
        mask = draw_mask(rng, 120, 200)
        assert mask.shape == (120, 200)
        shares.append(mask.mean())
        rows = np.flatnonzero(mask.any(1))
        assert rows.tolist() == list(range(rows[0], rows[-1] + 1))
    assert min(shares) > 0.04
    assert max(shares) < 0.47


def test_captions_are_told_only_of_crops_that_show_most_of_the_picture(store, monkeypatch):
    for shrink, some in ((0.59, False), (0.61, True)):
        recipe = a_recipe(side_px=SIDE, shrink=shrink)
        monkeypatch.setattr(batching, "draw_recipe", lambda *_a, r=recipe, **_k: r)
        captions = Batches(store, 0).at(0).captions
        assert any(c is not None for c in captions) == some
        assert captions[0] == captions[1]
        assert captions[3] == captions[4]


def test_photographs_without_a_reconstruction_take_no_part(tmp_path):
    images, pairs = write_pool(tmp_path, real=3, ai=2)
    pair_file(pairs, images[1]).unlink()
    made = Store(images, pairs)
    assert [e.row for e in made.real] == [images[0], images[2]]
    assert [e.row for e in made.ai] == images[3:]


def test_sources_are_evened_out(tmp_path):
    images, pairs = write_pool(tmp_path, real=9, ai=1)
    images = [
        pool_image(i.path, i.label, source="s/few" if n == 0 else "s/many")
        for n, i in enumerate(images)
    ]
    made = Store(images, pairs)
    weights = [e.weight for e in made.real]
    assert weights == [1.0, *[pytest.approx(8**-0.5)] * 8]


def test_too_small_pictures_are_not_drawn(tmp_path):
    images, pairs = write_pool(tmp_path, real=3, ai=2)
    path = tmp_path / "small.png"
    Image.fromarray(noise(SIDE - 1, 400, 0)).save(path)
    made = Store([*images, pool_image(path, "ai")], pairs)
    rng = np.random.default_rng(0)
    for _ in range(10):
        drawn = made.draw(rng, real=False, side_px=SIDE, count=2)
        assert {e.row.path for e in drawn} == {i.path for i in images[3:]}


def test_a_pool_that_is_too_small_is_refused(tmp_path):
    images, pairs = write_pool(tmp_path, real=3, ai=2)
    with pytest.raises(InputError, match="3 photographs with a reconstruction of at least 128 px"):
        Batches(Store(images, pairs), 0).at(0)


def test_collages_are_taken_apart(tmp_path):
    path = tmp_path / "grid.png"
    pixels = np.zeros((1024, 1024, 3), np.uint8)
    pixels[:512, 512:], pixels[512:, :512], pixels[512:, 512:] = 80, 160, 240
    Image.fromarray(pixels).save(path)
    made = Store([pool_image(path, "ai", tile_grid=True)], tmp_path)
    assert [e.pixels.shape for e in made.ai] == [(512, 512, 3)] * 4
    assert [(int(e.pixels.min()), int(e.pixels.max())) for e in made.ai] == [
        (0, 0),
        (80, 80),
        (160, 160),
        (240, 240),
    ]
    assert sum(e.weight for e in made.ai) == pytest.approx(1.0)


def test_a_first_jpeg_is_given_to_pictures_that_had_none(store, monkeypatch):
    recipe = a_recipe(side_px=SIDE, history=75)
    monkeypatch.setattr(batching, "draw_recipe", lambda *_a, **_k: recipe)
    batch = Batches(store, 0).at(0)
    shown = (batch.native[0].permute(1, 2, 0) * 255).round().byte().numpy()
    starts = [e.pixels for e in store.real]
    compressed = [np.asarray(encode(Image.fromarray(p), "JPEG", 75)) for p in starts]
    y, x = (150 - SIDE) // 2, (180 - SIDE) // 2
    assert any(np.array_equal(shown, c[y : y + SIDE, x : x + SIDE]) for c in compressed)
