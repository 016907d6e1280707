from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from engine.errors import InputError
from engine.training import layers_data, layers_towers
from engine.training.batches import GENERATED, REAL, RECONSTRUCTED
from engine.training.data import load_rgb
from engine.training.layers_data import (
    Shown,
    Sizes,
    capped,
    captioned_photographs,
    crop_pool,
    d1_samples,
    load_samples,
    save_samples,
)
from engine.training.layers_towers import TOKEN_KINDS, Means, Towers, prepare
from engine.training.pairs import pair_file
from engine.vrm.mini import TOKENS, normalise
from tests.engine.training.tiny_layers import samples
from tests.engine.training.tiny_pool import noise, pool_image, write_pool
from tests.engine.vrm.tiny_mini import WIDTH, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

SIZES = Sizes(train_reals=10, train_of_source=10, steps=1, held_out_captions=1)


def shown(count, seed=0, side=64):
    generator = torch.Generator().manual_seed(seed)
    return [
        Shown(
            view=torch.rand(3, 224, 224, generator=generator),
            native=noise(side, side, seed + i),
            kind=REAL,
            source=f"s/{i}",
            captions=(f"caption {i}",),
        )
        for i in range(count)
    ]


@pytest.fixture(scope="module")
def model(tiny_base):
    return trained_mini(tiny_base)


def means(model):
    return Towers(model, ()).means_of(shown(3, seed=50))


def test_tokens_are_those_of_the_model(model):
    pictures = shown(2)
    found = Towers(model, ("both",)).run(pictures)
    with torch.no_grad(), torch.autocast("cpu", dtype=torch.bfloat16):
        shared = model.shared_states(normalise(torch.stack([p.view for p in pictures])))
        native = torch.stack([torch.from_numpy(p.native) for p in pictures])
        cells = model.residual.cells(native.permute(0, 3, 1, 2).float() / 255)
        expected = model.artifact_tokens(shared, cells)
        semantic = model.semantic_tokens(shared)
        projected = model.projector(found.grid.float())
    assert found.tokens["both"].shape == (2, TOKENS, WIDTH)
    torch.testing.assert_close(found.tokens["both"].float(), expected.float(), atol=0.05, rtol=0.05)
    torch.testing.assert_close(projected, semantic, atol=0.05, rtol=0.05)
    assert found.captions == (("caption 0",), ("caption 1",))


def test_a_half_that_is_taken_away_tells_nothing(model):
    known = means(model)
    views, natives = shown(2), shown(2, seed=7)
    mixed = [
        Shown(view=v.view, native=n.native, kind=REAL, source="s")
        for v, n in zip(views, natives, strict=True)
    ]
    towers = Towers(model, TOKEN_KINDS, known)
    first, other_native = towers.run(views), towers.run(mixed)
    assert torch.equal(first.tokens["V_a"], other_native.tokens["V_a"])
    assert not torch.equal(first.tokens["R"], other_native.tokens["R"])
    other_view = towers.run(
        [
            Shown(view=n.view, native=v.native, kind=REAL, source="s")
            for v, n in zip(views, natives, strict=True)
        ]
    )
    assert torch.equal(first.tokens["R"], other_view.tokens["R"])
    assert not torch.equal(first.tokens["V_a"], other_view.tokens["V_a"])
    assert not torch.equal(first.tokens["R resized"], first.tokens["both"])
    with pytest.raises(InputError, match="other's mean"):
        Towers(model, ("R",)).run(views)


def test_samples_come_back_from_their_file_and_are_picked_together(tmp_path):
    kept = samples([REAL, GENERATED, REAL], sources=2, captions=True)
    save_samples(kept, tmp_path / "x.safetensors")
    back = load_samples(tmp_path / "x.safetensors")
    assert torch.equal(back.grid, kept.grid)
    assert all(torch.equal(back.tokens[k], kept.tokens[k]) for k in TOKEN_KINDS)
    assert (back.sources, back.captions) == (kept.sources, kept.captions)
    fakes = back.only(back.fake)
    assert fakes.sources == ("s1",)
    assert torch.equal(fakes.grid[0], kept.grid[1])
    last = back.only(torch.tensor([2, 0]))
    assert torch.equal(last.tokens["R"][1], kept.tokens["R"][0])


def test_crops_are_native_pixels_and_not_made_twice(tmp_path):
    pixels = noise(120, 200, 0)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    row = pool_image(tmp_path / "a.png")
    (crop,) = crop_pool([row], tmp_path / "crops", 64)
    found = load_rgb(crop.path)
    assert found.shape == (64, 64, 3)
    assert np.array_equal(found, pixels[24:88, 64:128])  # origins on multiples of 8
    Image.new("RGB", (3, 3)).save(crop.path)
    crop_pool([row], tmp_path / "crops", 64)
    assert load_rgb(crop.path).shape == (3, 3, 3)


def test_no_source_has_more_than_its_share(tmp_path):
    rows = [pool_image(tmp_path / str(i), source="s/a" if i < 8 else "s/b") for i in range(10)]
    chosen = capped(rows, 3)
    assert sorted(r.source for r in chosen) == ["s/a"] * 3 + ["s/b"] * 2
    assert capped(rows[::-1], 3) == chosen


def test_measured_pictures_are_squares_of_both_classes(tmp_path):
    images, _ = write_pool(tmp_path, real=2, ai=1, size=(150, 180))
    found = list(d1_samples(images, SIZES))
    assert sorted(p.kind for p in found) == [REAL, REAL, GENERATED]
    assert all(p.native.shape == (144, 144, 3) for p in found)


def test_captions_come_from_photographs_of_one_source(tmp_path):
    rows = [
        pool_image(tmp_path / f"{i}", source="s/a" if i else "s/b", captions=("x",))
        for i in range(3)
    ]
    rows.append(pool_image(tmp_path / "ai", "ai", source="s/a", captions=("x",)))
    assert {r.source for r in captioned_photographs(rows)} == {"s/a"}
    assert len(captioned_photographs(rows)) == 2
    with pytest.raises(InputError, match="caption"):
        captioned_photographs([pool_image(tmp_path / "z")])


def fake_pairs(images, _weights, folder: Path, _log) -> None:
    folder.mkdir(exist_ok=True)
    for image in images:
        if image.label == "real":
            Image.fromarray(load_rgb(image.path) // 2).save(pair_file(folder, image))


@pytest.fixture
def sides(tmp_path):
    for name in ("pool", "other"):
        (tmp_path / name).mkdir()
    train, _ = write_pool(tmp_path / "pool", real=12, ai=7)
    measured, _ = write_pool(tmp_path / "other", real=3, ai=2)
    return {"train": train, "calibration": measured, "test": []}


def test_sets_are_made_once_and_held_out_captions_are_nowhere_else(
    model, sides, tmp_path, monkeypatch
):
    monkeypatch.setattr(layers_data, "make_pairs", fake_pairs)
    monkeypatch.setattr("engine.training.batches.SIDE_WEIGHTS", (1, 0, 0, 0, 0, 0))
    work = tmp_path / "work"

    def run(**changes):
        given = {"sizes": SIZES, "kinds": ("both",), "seed": 0, "log": lambda _: None}
        given |= {"made_from": {"weights": "w"}, **changes}
        return prepare(model, sides, tmp_path, work, **given)

    sets = run()
    assert sets.train.kind.tolist() == [REAL, RECONSTRUCTED, GENERATED] * 6
    assert sets.d2.kind.tolist() == [REAL, RECONSTRUCTED] * 3
    assert len(sets.d1) == 5
    assert len(sets.held_out) == 1
    assert not set(sets.held_out.captions) & set(sets.captions.captions)
    monkeypatch.setattr(Towers, "run", None)  # must not be needed again
    again = run()
    assert torch.equal(again.train.tokens["both"], sets.train.tokens["both"])
    with pytest.raises(InputError, match="another --work"):
        run(seed=1)
    with pytest.raises(InputError, match="another --work"):
        run(made_from={"weights": "others"})


def test_kinds_that_are_missing_are_made(model, sides, tmp_path, monkeypatch):
    monkeypatch.setattr(layers_data, "make_pairs", fake_pairs)
    monkeypatch.setattr("engine.training.batches.SIDE_WEIGHTS", (1, 0, 0, 0, 0, 0))
    monkeypatch.setattr(layers_towers, "MEAN_OF", 3)
    for kinds in (("both",), TOKEN_KINDS):
        sets = prepare(
            model,
            sides,
            tmp_path,
            tmp_path / "work",
            sizes=SIZES,
            kinds=kinds,
            seed=0,
            made_from={},
            log=lambda _: None,
        )
        assert set(sets.d1.tokens) == set(sets.held_out.tokens) == set(kinds)
    assert isinstance(means(model), Means)
