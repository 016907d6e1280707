"""Heat maps are measured against planted evidence, and the exact map against the model itself."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image
from sklearn.metrics import roc_auc_score

from engine.errors import InputError
from engine.training import fidelity
from engine.training.attribution import (
    CANDIDATES,
    CONTRAST,
    GRADIENT,
    OCCLUSION,
    STEP_SIZE,
    TOKENS,
    LateLayers,
    _probe_patches,
    attribute,
    shuffled_artifact_path,
)
from engine.training.composites import Composite, _mask, centre, choose, composites
from engine.training.fidelity import (
    CENTRE,
    SMOOTHNESS,
    Kept,
    MappedPicture,
    best_threshold,
    figures,
    intersection_over_union,
    map_composites,
    pixel_auc,
    rank_correlation,
)
from engine.training.pairs import pair_file
from engine.types import Region
from engine.vrm.mini import QUESTION
from engine.vrm.mini_examiner import MiniExaminer
from tests.engine.training.tiny_pool import noise, pool_image, write_pool
from tests.engine.vrm.tiny_mini import info, picture, readings, trained_mini


@pytest.fixture
def examiner(tiny_base, one_thread):
    model = trained_mini(tiny_base)
    return MiniExaminer(model, readings(), info())


def test_the_pixel_area_is_that_of_single_pixels():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 5, 30).astype(float)
    swapped = rng.integers(0, 257, 30).astype(float)
    original = 256 - swapped
    labels = np.concatenate(
        [[1] * int(s) + [0] * int(o) for s, o in zip(swapped, original, strict=True)]
    )
    assert pixel_auc(values, swapped, original) == pytest.approx(
        roc_auc_score(labels, np.repeat(values, 256))
    )


def test_the_overlap_of_pixels_by_hand():
    # Two hot cells: one all generated, one half; a cold one holds 64 generated pixels.
    hot = np.array([True, True, False])
    swapped, original = np.array([256.0, 128, 64]), np.array([0.0, 128, 192])
    expected = (256 + 128) / (256 + 128 + 64 + 128)
    assert intersection_over_union(hot, swapped, original) == pytest.approx(expected)


def test_rank_correlation_knows_order_alone_and_says_nothing_of_flat_maps():
    a = np.array([0.1, 0.2, 0.9, 0.4])
    assert rank_correlation(a, a**3) == pytest.approx(1)
    assert rank_correlation(a, -a) == pytest.approx(-1)
    assert rank_correlation(a, np.ones(4)) == 0.0


def planted(seed, *, deletion=1.0, rho=0.0, source="s"):
    """A picture whose tokens map shows the truth above .3, and whose other maps are noise."""
    rng = np.random.default_rng(seed)
    truth = rng.random(60) < 0.3
    truth[0], truth[1] = True, False
    values = {name: rng.random(60) for name in (*CANDIDATES, SMOOTHNESS, CENTRE)}
    values[TOKENS] = truth * 0.4 + rng.random(60) * 0.29
    return MappedPicture(
        sha256=str(seed),
        source=source,
        swapped=truth * 256.0,
        original=~truth * 256.0,
        values=values,
        deletion={name: deletion * (name == TOKENS) for name in CANDIDATES},
        shuffled={name: [rho] for name in CANDIDATES},
    )


def test_the_map_that_shows_the_truth_is_chosen_and_its_threshold_found():
    calibration = [planted(n) for n in range(12)]
    made = figures(calibration, [planted(n, source=f"t{n % 2}") for n in range(50, 62)])
    assert made["chosen"] == TOKENS
    best = made["maps"][TOKENS]
    assert best["test pixel AUC"]["value"] == 1.0
    assert 0.27 < best["threshold"] <= 0.41
    assert best["test IoU"]["value"] > 0.9
    assert best["deletion area, log-odds"]["value"] == 1.0
    assert best["rank correlation with shuffled weights"]["value"] == 0.0
    assert 0.35 < made["maps"][CENTRE]["test pixel AUC"]["value"] < 0.65
    assert "deletion area, log-odds" not in made["maps"][CENTRE]
    assert made["test pixel AUC by source"].keys() == {"t0", "t1"}
    assert made["pictures"] == {"calibration": {"s": 12}, "test": {"t0": 6, "t1": 6}}


def test_the_threshold_is_taken_from_the_pictures_it_is_given():
    low = [planted(n) for n in range(5)]
    for p in low:
        p.values[TOKENS] *= 0.1
    assert best_threshold(low, TOKENS) < 0.1 * best_threshold([planted(0)], TOKENS) * 1.5


def test_running_late_layers_again_gives_the_answer_of_the_whole_model(examiner):
    seen = examiner.look(picture(96, 96))
    late = LateLayers(examiner.model, seen.semantic.clone(), seen.artifact.clone())
    nothing, everything = np.zeros((1, 49), bool), np.ones((1, 49), bool)
    z = late.without(np.concatenate([nothing, everything]))
    model = examiner.model
    ids = model.prompt_ids(QUESTION)
    with torch.no_grad():
        for value, artifact in zip(z, (seen.artifact, None), strict=True):
            hidden = model.answer(seen.semantic, artifact, ids)
            assert value == pytest.approx(
                float(model.log_odds(model.logits(hidden[:, -1]))), abs=1e-4
            )
    assert abs(z[0] - z[1]) > 1e-3


def test_occlusion_and_gradient_agree_where_the_step_is_small(examiner):
    with torch.no_grad():
        examiner.model.fusion.alpha.fill_(0.02)
    maps, _ = attribute(examiner, picture(96, 96), (GRADIENT, OCCLUSION, STEP_SIZE))
    exact, cheap = (maps[name].tokens[0].ravel() for name in (OCCLUSION, GRADIENT))
    assert np.corrcoef(exact, cheap)[0, 1] > 0.9
    assert (maps[STEP_SIZE].tokens[0] > 0).all()


def test_every_candidate_covers_every_cell_of_a_long_picture(examiner):
    maps, late = attribute(examiner, picture(96, 200))
    assert maps.keys() == set(CANDIDATES)
    assert len(late) == 3
    for found in maps.values():
        assert found.cells.shape == (6, 12)
        assert np.isfinite(found.cells).all()
        assert [t.shape for t in found.tokens] == [(7, 7)] * 3


def test_probe_patches_are_what_the_probe_says_patch_by_patch(examiner):
    image = picture(96, 96)
    (patches,) = _probe_patches(examiner.model, image, (Region(x=0, y=0, w=96, h=96),))
    logits = np.log(patches / (1 - patches.astype(np.float64)))
    # The probe is linear in the mean patch: its answer is the mean of the patches' answers.
    assert patches.shape == (14, 14)
    assert logits.mean() == pytest.approx(examiner.look(image).log_odds["probe"], abs=1e-3)


def test_shuffling_changes_the_maps_and_leaves_no_trace(examiner):
    image = picture(96, 96)
    before, _ = attribute(examiner, image, (TOKENS,))
    weights = {n: t.clone() for n, t in examiner.model.trained_state().items()}
    with shuffled_artifact_path(examiner.model, 0):
        inside, _ = attribute(examiner, image, (TOKENS,))
    after, _ = attribute(examiner, image, (TOKENS,))
    assert np.array_equal(before[TOKENS].cells, after[TOKENS].cells)
    assert not np.allclose(before[TOKENS].cells, inside[TOKENS].cells)
    for name, tensor in examiner.model.trained_state().items():
        assert torch.equal(tensor, weights[name])


def composite(seed=0, height=96, width=96):
    mask = np.zeros((height, width), bool)
    mask[: height // 2] = True
    pixels = noise(height, width, seed)
    return Composite(sha256=str(seed), source="s", pixels=pixels, mask=mask)


def mapped(examiner, tmp_path, seeds, model="m", **options):
    made = [composite(n) for n in seeds]
    kept = Kept(tmp_path / "maps.jsonl", model)
    return map_composites(examiner, made, lambda _: None, kept=kept, **options)


def test_composites_are_mapped_with_deletion_only_where_it_is_reported(examiner, tmp_path):
    quiet = mapped(examiner, tmp_path, [0], reported=False)
    told = mapped(examiner, tmp_path, [0, 1], "other", reported=True, shuffled=1)
    assert quiet[0].deletion == {} and quiet[0].shuffled == {}
    assert told[0].deletion.keys() == set(CANDIDATES)
    assert [len(v) for v in told[0].shuffled.values()] == [fidelity.SHUFFLES] * len(CANDIDATES)
    assert told[1].shuffled == {}
    assert quiet[0].swapped.sum() == quiet[0].original.sum()


class NoExaminer:
    """Must not be asked."""


def test_an_interrupted_mapping_goes_on_with_the_same_weights_alone(examiner, tmp_path):
    first = mapped(examiner, tmp_path, [0], reported=False)
    file = tmp_path / "maps.jsonl"
    with file.open("a") as out:
        out.write('{"model": "m", "sha')
    (again,) = mapped(NoExaminer(), tmp_path, [0], reported=False)
    assert again.source == first[0].source
    for name in CANDIDATES:
        assert np.array_equal(again.values[name], first[0].values[name])
    with pytest.raises(AttributeError):
        mapped(NoExaminer(), tmp_path, [0], "new", reported=False)


def test_maps_that_are_wanted_alone_are_made_and_missing_ones_added(examiner, tmp_path):
    (few,) = mapped(examiner, tmp_path, [0], reported=False, wanted=(CONTRAST,))
    assert few.values.keys() == {CONTRAST, SMOOTHNESS, CENTRE}
    (more,) = mapped(examiner, tmp_path, [0], reported=False, wanted=(CONTRAST, TOKENS))
    assert more.values.keys() == {CONTRAST, TOKENS, SMOOTHNESS, CENTRE}
    assert figures([more], [more])["maps"].keys() == more.values.keys()


def test_a_composite_that_is_flat_on_one_side_says_nothing(examiner, tmp_path):
    flat = composite()
    flat.pixels[:48] = 128
    kept = Kept(tmp_path / "maps.jsonl", "m")
    assert map_composites(examiner, [flat], lambda _: None, reported=False, kept=kept) == []
    assert kept.get(flat.sha256) is not None


def test_removing_by_the_exact_map_falls_faster_than_by_chance(examiner, tmp_path):
    told = mapped(examiner, tmp_path, range(3), reported=True, shuffled=0)
    assert np.mean([p.deletion[OCCLUSION] for p in told]) > 0


def grey(pixels):
    """JPEG halves the resolution of colour, which ruins coloured noise but not its lightness."""
    return pixels @ np.array([0.299, 0.587, 0.114])


def test_a_composite_is_original_outside_its_mask_and_reconstructed_inside(tmp_path):
    rows, pairs = write_pool(tmp_path, real=2, ai=1, size=(240, 260))
    made = list(composites(rows, pairs))
    assert [c.sha256 for c in made] == [r.sha256 for r in rows[:2]]
    again = list(composites(rows, pairs))
    for c, same, row in zip(made, again, rows, strict=False):
        assert np.array_equal(c.pixels, same.pixels)
        real, fake = (grey(np.asarray(Image.open(f))) for f in (row.path, pair_file(pairs, row)))
        for part, source, other in ((c.mask, fake, real), (~c.mask, real, fake)):
            near, far = (np.abs(grey(c.pixels) - p)[part].mean() for p in (source, other))
            assert near < 0.3 * far
        shares = c.swapped_shares()
        assert shares.shape == (15, 16)
        assert 0 < shares.mean() < 1


def test_where_a_composite_is_generated_has_nothing_to_do_with_the_centre(tmp_path):
    images = [pool_image(tmp_path / f"{n}.png") for n in range(200)]
    mean = np.mean([_mask(image, 60, 80) for image in images], axis=0)
    # Each place is as often generated as not, in the middle as at the borders.
    assert abs(mean[20:40, 30:50].mean() - 0.5) < 0.1
    assert abs(mean[:10].mean() - 0.5) < 0.1


def test_a_smaller_reconstruction_is_that_of_the_centre(tmp_path):
    rows, pairs = write_pool(tmp_path, real=1, ai=0, size=(600, 700))
    real = np.asarray(Image.open(rows[0].path))
    Image.fromarray(real[40:552, 88:600]).save(pair_file(pairs, rows[0]))
    assert np.array_equal(centre(real, 512, 512), real[40:552, 88:600])
    (made,) = composites(rows, pairs)
    # Nothing was swapped but for itself: only the compression shows.
    assert made.pixels.shape == (512, 512, 3)
    assert np.abs(grey(made.pixels) - grey(real[40:552, 88:600])).mean() < 10
    Image.fromarray(noise(900, 900, 0)).save(pair_file(pairs, rows[0]))
    with pytest.raises(InputError, match="larger than its photograph"):
        list(composites(rows, pairs))


def test_few_real_photographs_of_each_source_are_chosen_always_the_same(tmp_path):
    images = [
        pool_image(tmp_path / f"{label}{n}.png", label, source)
        for n in range(6)
        for label in ("real", "ai")
        for source in ("s", "t")
    ]
    chosen = choose(images, 2)
    assert sorted(i.source for i in chosen) == ["s", "s", "t", "t"]
    assert {i.label for i in chosen} == {"real"}
    assert {i.path for i in choose(images[::-1], 2)} == {i.path for i in chosen}
