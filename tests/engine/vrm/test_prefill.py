from __future__ import annotations

import pytest
import torch

from engine.errors import ModelError
from engine.vrm.lora import add_lora
from engine.vrm.prefill import prefill
from engine.vrm.wrapper import DeepVrm
from tests.engine.vrm.tiny_hosts import FAMILIES, IMAGE, tiny, tiny_inputs

K = 3
TURNS = {"internvl": torch.tensor([9, 31, 44, 18])}
"""A random model may write the image token, which no plain run takes: then another question."""

each_family = pytest.mark.parametrize("family", FAMILIES)


def model(family):
    """A host whose artifact path says other things than its own tower."""
    vrm = DeepVrm(tiny(family), layer=K, fusion="mean")
    add_lora(vrm, pattern=vrm.encoder_pattern, r=2, alpha=4, seed=0)
    generator = torch.Generator().manual_seed(5)
    for name, parameter in vrm.named_parameters():
        if name.endswith("lora_b"):
            torch.nn.init.normal_(parameter.data, std=0.5, generator=generator)
    return vrm


@each_family
@pytest.mark.parametrize("batch", [1, 2])
def test_the_answer_is_that_of_a_plain_run(family, batch):
    vrm, inputs = model(family), tiny_inputs(family, batch)
    opened = prefill(vrm, inputs)
    torch.testing.assert_close(opened.logits, vrm(inputs)[:, -1])


@each_family
def test_layers_run_again_with_the_same_states_answer_the_same(family):
    vrm, inputs = model(family), tiny_inputs(family, 2)
    opened = prefill(vrm, inputs)
    torch.testing.assert_close(opened.answer(opened.fused()), opened.logits)


@each_family
def test_layers_run_again_without_the_injection_answer_as_the_host_alone(family):
    vrm, inputs = model(family), tiny_inputs(family, 2)
    opened = prefill(vrm, inputs)
    alone = vrm(inputs, inject=False)[:, -1]
    torch.testing.assert_close(opened.answer(None), alone)
    assert (alone - opened.logits).abs().max() > 1e-3


@each_family
def test_gradients_reach_the_fused_states(family):
    vrm, inputs = model(family), tiny_inputs(family)
    opened = prefill(vrm, inputs)
    fused = opened.fused().detach().requires_grad_()
    (slope,) = torch.autograd.grad(opened.answer(fused).sum(), fused)
    run = vrm.run(inputs, tokens=opened.tokens.clone().requires_grad_(), keep=1)
    (expected,) = torch.autograd.grad(run.logits.sum(), run.fused)
    torch.testing.assert_close(slope, expected)


@each_family
def test_going_on_from_the_cache_writes_what_a_run_over_everything_writes(family):
    vrm, inputs = model(family), tiny_inputs(family)
    turn = TURNS.get(family, torch.tensor([9, 31, 44, 17]))
    opened = prefill(vrm, inputs)
    found = list(opened.go_on(turn, max_new_tokens=5, stop=frozenset()))
    ids = torch.cat([inputs["input_ids"], turn[None]], dim=1)
    given = torch.tensor([found])
    whole = {**inputs, "input_ids": torch.cat([ids, given], dim=1)}
    assert IMAGE not in found
    logits = vrm(whole)[0, -6:-1]
    assert logits.argmax(-1).tolist() == found


def test_an_answer_ends_at_a_token_that_ends_it():
    vrm, inputs = model("qwen2_5_vl"), tiny_inputs("qwen2_5_vl")
    turn = torch.tensor([9, 31])
    words = list(prefill(vrm, inputs).go_on(turn, max_new_tokens=4, stop=frozenset()))
    stop = frozenset([words[2]])
    assert list(prefill(vrm, inputs).go_on(turn, max_new_tokens=4, stop=stop)) == words[:2]


@pytest.mark.parametrize("row", [0, 1])
def test_padding_on_the_left_changes_neither_the_answer_nor_what_follows(row):
    vrm, inputs = model("qwen2_5_vl"), tiny_inputs("qwen2_5_vl", 2)
    ids = torch.cat([torch.zeros(2, 3, dtype=torch.int64), inputs["input_ids"]], dim=1)
    ids[1, :3] = 40  # the second prompt is three words longer
    attention = torch.ones_like(ids)
    attention[0, :3] = 0
    batch = prefill(vrm, {**inputs, "input_ids": ids, "attention_mask": attention})
    single = {
        "input_ids": ids[row : row + 1, 3 - 3 * row :],
        "pixel_values": inputs["pixel_values"][row * 32 : row * 32 + 32],
        "image_grid_thw": inputs["image_grid_thw"][row : row + 1],
    }
    alone = prefill(vrm, single)
    torch.testing.assert_close(batch.logits[row], alone.logits[0], atol=1e-5, rtol=1e-4)
    turn = torch.tensor([9, 31])
    expected = list(alone.go_on(turn, max_new_tokens=4, stop=frozenset()))
    # the other run's positions must not leak into this one
    batch = prefill(vrm, {**inputs, "input_ids": ids, "attention_mask": attention})
    assert list(batch.go_on(turn, max_new_tokens=4, stop=frozenset(), row=row)) == expected


def test_padding_on_the_right_is_refused():
    vrm, inputs = model("qwen2_5_vl"), tiny_inputs("qwen2_5_vl", 2)
    attention = torch.ones_like(inputs["input_ids"])
    attention[0, -1] = 0
    with pytest.raises(ModelError, match="left"):
        prefill(vrm, {**inputs, "attention_mask": attention})


def test_what_the_tower_saw_can_be_given():
    vrm, inputs = model("qwen2_5_vl"), tiny_inputs("qwen2_5_vl", 2)
    encoded = vrm.model.model.get_image_features(
        inputs["pixel_values"], inputs["image_grid_thw"], return_dict=True
    )
    expected = prefill(vrm, inputs).logits
    torch.testing.assert_close(prefill(vrm, inputs, encoded=encoded).logits, expected)


def test_layers_are_not_run_again_inside_an_open_injection():
    vrm, inputs = model("qwen2_5_vl"), tiny_inputs("qwen2_5_vl")
    opened = prefill(vrm, inputs)
    with (
        pytest.raises(ModelError, match="open"),
        vrm.injection.during(opened.tokens, opened.image_mask),
    ):
        opened.answer(None)
