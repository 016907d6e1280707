from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engine.training import variants
from engine.training.batches import GENERATED, REAL, RECONSTRUCTED
from engine.training.captioning import train_projector
from engine.training.variants import (
    Decoder,
    Plan,
    Variant,
    log_odds,
    shuffled_order,
    train_decoder,
    with_tokens_moved,
)
from tests.engine.training.tiny_layers import samples
from tests.engine.vrm.tiny_mini import CONFIG, LAYERS

pytestmark = pytest.mark.usefixtures("one_thread")

PLAN = Plan(batch=6)
KINDS = [REAL, RECONSTRUCTED, GENERATED] * 4
INJECTED = Variant(name="ours", adapted_from=3, injected_before=3)
VARIANTS = {
    "nothing": Variant(name="base", learning="nothing"),
    "everything": Variant(name="direct", learning="everything"),
    "adapters": Variant(name="lora"),
    "injected": INJECTED,
    "injected, adapted below": replace(INJECTED, adapted_from=0),
    "mean": replace(INJECTED, fusion="mean"),
}


def state_of(decoder):
    return {k: v.detach().clone().float() for k, v in decoder.model.state_dict().items()}


def changed_by_training(tiny_base, variant, plan=PLAN):
    decoder = Decoder(tiny_base, CONFIG, variant, None)
    before = state_of(decoder)
    train_decoder(decoder, samples(KINDS), plan, lambda _: None)
    return {k for k, v in state_of(decoder).items() if not torch.equal(v, before[k])}


def layers_in(names):
    return {int(n.split("layers.")[1].split(".")[0]) for n in names if "layers." in n}


def test_the_base_is_not_trained(tiny_base):
    assert changed_by_training(tiny_base, VARIANTS["nothing"]) == set()


def test_direct_tuning_moves_every_weight_of_the_decoder_and_no_adapter(tiny_base):
    names = changed_by_training(tiny_base, VARIANTS["everything"])
    assert all(n.startswith("language.") and "lora_" not in n for n in names)
    assert layers_in(names) == set(range(LAYERS))
    assert any("embed_tokens" in n for n in names)


def test_adapters_on_all_layers_move_alone(tiny_base):
    names = changed_by_training(tiny_base, VARIANTS["adapters"])
    assert all("lora_" in n and n.startswith("language.") for n in names)
    assert layers_in(names) == set(range(LAYERS))


def test_below_an_injection_nothing_moves_unless_asked(tiny_base):
    names = changed_by_training(tiny_base, VARIANTS["injected"])
    assert {n.split(".")[0] for n in names} == {"language", "fusion"}
    assert layers_in(names) == {3, 4, 5}
    below = changed_by_training(tiny_base, VARIANTS["injected, adapted below"])
    assert layers_in(below) == set(range(LAYERS))
    mean = changed_by_training(tiny_base, VARIANTS["mean"])
    assert {n.split(".")[0] for n in mean} == {"language"}


def test_training_learns_what_tells_the_classes_apart(tiny_base, monkeypatch):
    monkeypatch.setitem(variants.RATES, "adapters", 2e-2)  # the tiny decoder needs long steps
    train = samples(KINDS)
    train.tokens["both"][train.fake] += 2.0
    decoder = Decoder(tiny_base, CONFIG, replace(INJECTED, fusion="mean"), None)
    before = log_odds(decoder, train)
    assert before[train.fake].min() < before[~train.fake].max()
    train_decoder(decoder, train, Plan(batch=12, epochs=20), lambda _: None)
    after = log_odds(decoder, train)
    assert after[train.fake].min() > after[~train.fake].max() + 1


def test_the_same_seed_trains_the_same_model(tiny_base):
    results = []
    for _ in range(2):
        decoder = Decoder(tiny_base, CONFIG, INJECTED, None)
        loss = train_decoder(decoder, samples(KINDS), PLAN, lambda _: None)
        results.append((loss, state_of(decoder)))
    assert results[0][0] == results[1][0]
    assert all(torch.equal(v, results[1][1][k]) for k, v in results[0][1].items())


def test_artifact_tokens_reach_the_answer_only_where_they_are_injected(tiny_base):
    some, other = samples(KINDS), samples(KINDS)
    other.tokens["both"][:] = 0
    for name, sees in (("nothing", False), ("mean", True)):
        decoder = Decoder(tiny_base, CONFIG, VARIANTS[name], None)
        assert torch.equal(log_odds(decoder, some), log_odds(decoder, other)) != sees


def test_the_kind_of_tokens_is_the_variants(tiny_base):
    seen = samples(KINDS)
    decoder = Decoder(tiny_base, CONFIG, replace(INJECTED, tokens="R"), None)
    assert torch.equal(decoder.artifact(seen), seen.tokens["R"].float())
    repeated = Decoder(tiny_base, CONFIG, replace(INJECTED, tokens="V_o"), None)
    with torch.no_grad():
        assert torch.equal(repeated.artifact(seen), repeated.semantic(seen).float())


@pytest.mark.parametrize("count", [2, 3, 50])
def test_shuffling_leaves_no_picture_its_own_tokens(count):
    order = shuffled_order(count, 0)
    assert sorted(order.tolist()) == list(range(count))
    assert not (order == torch.arange(count)).any()
    seen = samples([REAL] * count)
    moved = with_tokens_moved(seen, 0)
    assert torch.equal(moved.tokens["R"], seen.tokens["R"][order])
    assert moved.grid is seen.grid


def test_without_pairs_reconstructions_teach_nothing(tiny_base):
    results = []
    for seed in (0, 9):
        train = samples(KINDS)
        train.tokens["both"][train.kind == RECONSTRUCTED] += seed
        decoder = Decoder(tiny_base, CONFIG, replace(INJECTED, pairs=False), None)
        results.append(train_decoder(decoder, train, PLAN, lambda _: None))
    assert results[0] == results[1]


def test_only_the_projector_learns_captions_and_they_get_likelier(tiny_base):
    decoder = Decoder(tiny_base, CONFIG, VARIANTS["nothing"], None)
    before = state_of(decoder)
    said = []
    captions = samples([REAL] * 6, captions=True)
    trained = train_projector(decoder, captions, 20, PLAN, said.append)
    after = state_of(decoder)
    changed = {k for k, v in after.items() if not torch.equal(v, before[k])}
    assert {k.split(".")[0] for k in changed} == {"projector"}
    assert all(torch.equal(v, decoder.model.projector.state_dict()[k]) for k, v in trained.items())
    assert "caption" in said[-1]
    again = Decoder(tiny_base, CONFIG, VARIANTS["adapters"], trained)
    assert torch.equal(again.model.projector.up.weight, trained["up.weight"])
