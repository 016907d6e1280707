from __future__ import annotations

import json

import pytest
import torch

from engine.training import captions, descent, stages
from engine.training.batches import COMPOSITE, GENERATED, REAL, RECONSTRUCTED
from engine.training.captions import IGNORED, text_batch, text_loss, train_captions
from engine.training.descent import Plan, parameter_groups, save_trained, set_rate, train_only
from engine.training.recipe import captioned
from engine.training.stages import (
    _weighted,
    artifact_losses,
    language_losses,
    place_answer,
    train_artifact,
    train_language,
    train_residual,
    verdict_weights,
)
from engine.vrm.mini import DESCRIBE, TOKENS, read_trained
from engine.vrm.places import PLACES
from tests.engine.training.tiny_pool import MadeUpBatches, pool_image, write_pool
from tests.engine.vrm.tiny_mini import WIDTH, fresh_mini, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

PLAN = Plan(caption_steps=2, caption_batch=2, residual_steps=2, artifact_steps=2, language_steps=2)
STAGES = {
    "residual": (train_residual, ("residual.",)),
    "stage2": (train_artifact, ("merger.", "heads.", "residual.", "tower.")),
    "stage3": (train_language, ("fusion.", "language.")),
}


def tokens(batch=4, seed=0):
    return torch.randn(batch, TOKENS, WIDTH, generator=torch.Generator().manual_seed(seed))


def state_of(model):
    return {k: v.clone() for k, v in model.trained_state().items()}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_that_is_interrupted_goes_on_as_if_it_had_not_been(
    tiny_base, tmp_path, monkeypatch, name
):
    train, own = STAGES[name]
    monkeypatch.setattr(descent, "SAVED_EVERY", 1)
    # Between what is drawn for steps 0 and 1: they differ in whether the injection is on.
    monkeypatch.setattr(stages, "SEMANTIC_ONLY_SHARE", 0.5)
    for folder in ("whole", "parts"):
        (tmp_path / folder).mkdir()
    whole = trained_mini(tiny_base)
    before = state_of(whole)
    train(whole, MadeUpBatches(), tmp_path / "whole", PLAN, lambda _: None)
    with pytest.raises(KeyboardInterrupt):
        train(
            trained_mini(tiny_base),
            MadeUpBatches(stop_before=1),
            tmp_path / "parts",
            PLAN,
            lambda _: None,
        )
    said = []
    resumed = fresh_mini(tiny_base, seed=5)  # everything must come from the snapshot
    train(resumed, MadeUpBatches(), tmp_path / "parts", PLAN, said.append)
    assert said[0] == f"{name}: continues at step 1 of 2"
    after = state_of(resumed)
    assert all(torch.equal(v, after[k]) for k, v in state_of(whole).items())
    saved = read_trained(tmp_path / "parts" / f"{name}.safetensors")
    assert all(torch.equal(v.float(), saved[k]) for k, v in after.items())
    changed = {k for k, v in after.items() if not torch.equal(v, before[k])}
    assert {k.split(".")[0] + "." for k in changed} == set(own)


def test_a_finished_stage_is_not_run_again(tiny_base, tmp_path):
    model = trained_mini(tiny_base)
    train_residual(model, MadeUpBatches(), tmp_path, PLAN, lambda _: None)
    again = fresh_mini(tiny_base, seed=5)
    train_residual(again, MadeUpBatches(stop_before=0), tmp_path, PLAN, lambda _: None)
    assert all(torch.equal(v, state_of(again)[k]) for k, v in state_of(model).items())
    assert not again.residual.training


def test_nothing_half_written_is_left_beside_a_snapshot(tiny_base, tmp_path):
    train_residual(trained_mini(tiny_base), MadeUpBatches(), tmp_path, PLAN, lambda _: None)
    assert sorted(f.name for f in tmp_path.iterdir()) == ["residual.pt", "residual.safetensors"]


def test_the_rate_warms_up_and_falls_to_a_twentieth():
    optimiser = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=2.0)
    rates = []
    for step in range(600):
        set_rate(optimiser, step, 600)
        rates.append(optimiser.param_groups[0]["lr"])
    top = descent.WARMUP_STEPS - 1
    assert rates[0] == pytest.approx(2.0 / descent.WARMUP_STEPS)
    assert rates[:top] == sorted(rates[:top])
    assert max(rates) == pytest.approx(2.0, rel=0.03)
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[-1] == pytest.approx(0.1, rel=0.01)


def test_each_part_trains_at_its_own_rate_and_nothing_else_does(tiny_base):
    model = fresh_mini(tiny_base)
    chosen = train_only(model, lambda name: name.startswith(("fusion.", "language.")))
    groups = parameter_groups(model)
    assert {g["peak"] for g in groups} == {descent.RATES["lora"], descent.RATES["fusion."]}
    assert {id(p) for g in groups for p in g["params"]} == {id(p) for p in chosen}
    trained = {n for n, p in model.named_parameters() if p.requires_grad}
    assert all(n.startswith("fusion.") or "lora_" in n for n in trained)


def test_saved_tensors_are_read_back(tiny_base, tmp_path):
    model = trained_mini(tiny_base)
    save_trained(model, tmp_path / "a.safetensors")
    saved = read_trained(tmp_path / "a.safetensors")
    assert saved.keys() == model.trained_state().keys()
    assert [f.name for f in tmp_path.iterdir()] == ["a.safetensors"]


@pytest.mark.parametrize("place", PLACES)
def test_the_true_sentence_names_the_place_of_the_mask(place):
    mask = torch.zeros(9, 9)
    mask[place[0] * 3 : place[0] * 3 + 3, place[1] * 3 : place[1] * 3 + 3] = 1.0
    assert place_answer(mask) == f"Generator traces lie in the {PLACES[place]}."


def test_the_true_sentence_tells_all_and_nothing():
    assert place_answer(torch.zeros(8, 8)) == "No generator traces stand out."
    assert place_answer(torch.full((8, 8), 0.005)) == "No generator traces stand out."
    assert place_answer(torch.full((8, 8), 0.9)) == "Generator traces lie all over the picture."
    assert place_answer(torch.full((8, 8), 0.8)) == "Generator traces lie in the centre."


def test_both_classes_weigh_the_same_and_composites_nothing():
    weight = verdict_weights(torch.tensor([REAL, RECONSTRUCTED, GENERATED, COMPOSITE]))
    assert weight[0] == pytest.approx(float(weight[1] + weight[2]))
    assert float(weight[3]) == 0


def test_a_loss_is_the_weighted_mean():
    logits, target = torch.tensor([0.0, 2.0, -9.0]), torch.tensor([1.0, 1.0, 1.0])
    weight = torch.tensor([1.0, 3.0, 0.0])
    each = torch.log1p(torch.exp(-logits))
    expected = (each[0] + 3 * each[1]) / 4
    assert float(_weighted(logits, target, weight)) == pytest.approx(float(expected))
    assert float(_weighted(logits, target, 0 * weight)) == 0


def test_artifact_losses_reach_every_part_of_the_artifact_path(tiny_base):
    model = trained_mini(tiny_base)
    _, own = STAGES["stage2"]
    trained = train_only(model, lambda name: name.startswith(own))
    batch = MadeUpBatches().at(0)
    cells = model.residual.cells(batch.native)
    shared = model.shared_states(batch.view)
    losses = artifact_losses(model, batch, cells, model.artifact_tokens(shared, cells))
    assert sorted(losses) == ["artifact", "cells", "residual", "tokens"]
    sum(losses.values()).backward()
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in trained)


@pytest.mark.parametrize("alone", [False, True])
@pytest.mark.parametrize("describe", [False, True])
def test_language_losses_are_of_the_verdict_the_word_and_one_kind_of_sentence(
    tiny_base, alone, describe
):
    model = trained_mini(tiny_base)
    batch = MadeUpBatches().at(0)
    with torch.no_grad():
        losses = language_losses(
            model, batch, tokens(), tokens(seed=1), alone=alone, describe=describe
        )
    verdict, sentence = "semantic" if alone else "both", "describe" if describe else "locate"
    assert sorted(losses) == sorted([verdict, "word", sentence])
    assert all(float(loss) > 0 for loss in losses.values())
    assert not model.injection.is_open


def test_with_the_injection_off_reconstructions_do_not_count(tiny_base):
    model = trained_mini(tiny_base)
    batch = MadeUpBatches().at(0)
    semantic, other = tokens(), tokens()
    other[1] = tokens(seed=9)[1]  # the reconstruction

    def verdict(seen, alone):
        with torch.no_grad():
            losses = language_losses(model, batch, seen, tokens(seed=1), alone=alone, describe=True)
        return float(losses["semantic" if alone else "both"])

    assert verdict(semantic, True) == verdict(other, True)
    assert verdict(semantic, False) != verdict(other, False)


def test_answers_follow_the_prompt_and_only_they_are_learnt(tiny_base):
    model = fresh_mini(tiny_base)
    prompt = model.prompt_ids(DESCRIBE)[0]
    end = model.tokenizer.convert_tokens_to_ids("<|im_end|>")
    ids, labels = text_batch(model, DESCRIBE, ["a dog", "a real fake picture left"])
    assert torch.equal(ids[:, : len(prompt)], prompt.expand(2, -1))
    assert (labels[:, : len(prompt)] == IGNORED).all()
    for row, answer in enumerate(("a dog", "a real fake picture left")):
        learnt = labels[row][labels[row] != IGNORED].tolist()
        assert model.tokenizer.decode(learnt[:-1]) == answer
        assert learnt[-1] == end
    assert ids.shape == labels.shape


def test_padding_does_not_change_the_text_loss(tiny_base):
    model = fresh_mini(tiny_base)
    short, long = "a dog", "a real fake picture of traces left"
    with torch.no_grad():
        both = text_loss(model, tokens(2), None, DESCRIBE, [short, long])
        parts = [
            text_loss(model, tokens(2)[i : i + 1], None, DESCRIBE, [a])
            for i, a in enumerate((short, long))
        ]
    counts = [len(model.tokenizer.encode(a)) + 1 for a in (short, long)]
    expected = sum(float(p) * n for p, n in zip(parts, counts, strict=True)) / sum(counts)
    assert float(both) == pytest.approx(expected, rel=1e-4)


def test_the_projector_learns_captions_once(tiny_base, tmp_path):
    images, _ = write_pool(tmp_path, real=4, ai=2, size=(64, 80))
    chosen = captioned(images)
    assert chosen == [i for i in images if i.captions]
    model = fresh_mini(tiny_base)
    before = state_of(model)
    said = []
    train_captions(model, chosen, chosen, work=tmp_path, plan=PLAN, log=said.append)
    after = state_of(model)
    changed = {k.split(".")[0] for k, v in after.items() if not torch.equal(v, before[k])}
    assert changed == {"projector"}
    figures = json.loads((tmp_path / "stage1.json").read_text())
    assert sorted(figures) == ["caption_loss", "caption_loss_shuffled"]
    again = fresh_mini(tiny_base, seed=5)
    train_captions(again, [], [], work=tmp_path, plan=PLAN, log=said.append)
    assert said[-1] == "stage 1: already there"
    assert all(torch.equal(v, state_of(again)[k]) for k, v in after.items())


def test_collages_are_not_captioned(tmp_path):
    images = [
        pool_image(tmp_path / "a", captions=("x",)),
        pool_image(tmp_path / "b", captions=("x",), tile_grid=True),
        pool_image(tmp_path / "c"),
    ]
    assert captioned(images) == images[:1]
    assert captions.IGNORED == -100
