from __future__ import annotations

import pytest
import torch

from engine.vrm.memory import Weights
from engine.vrm.prefill import prefill
from engine.vrm.wrapper import DeepVrm
from tests.engine.vrm.tiny_hosts import tiny, tiny_inputs

pytest.importorskip(
    "torchao", reason="torchao (extra gpu) is not installed: it adds seconds to every start"
)
from engine.vrm.held import hold

CPU = torch.device("cpu")


def model():
    return DeepVrm(tiny("qwen2_5_vl"), layer=3, fusion="mean")


def test_eight_bits_change_the_answer_a_little_and_take_half_the_memory():
    inputs = tiny_inputs("qwen2_5_vl", 2)
    stored, held = model(), hold(model(), Weights.INT8, CPU)
    before, after = stored(inputs)[:, -1], held(inputs)[:, -1]
    difference = (after - before).square().mean().sqrt() / before.std()
    assert 1e-4 < difference < 0.1
    weight = held.model.model.language_model.layers[0].mlp.up_proj.weight
    assert weight.qdata.dtype is torch.int8
    assert type(held.artifact.parts.visual.blocks[0].mlp.up_proj.weight) is torch.nn.Parameter


@pytest.mark.parametrize("weights", [Weights.INT8, Weights.OFFLOAD])
def test_a_held_model_can_be_kept_open(weights):
    inputs = tiny_inputs("qwen2_5_vl", 2)
    held = hold(model(), weights, CPU)
    opened = prefill(held, inputs)
    torch.testing.assert_close(opened.answer(opened.fused()), opened.logits)
    torch.testing.assert_close(opened.answer(None), held(inputs, inject=False)[:, -1])


def test_a_model_held_away_from_the_device_answers_bit_for_bit():
    inputs = tiny_inputs("qwen2_5_vl")
    assert torch.equal(hold(model(), Weights.OFFLOAD, CPU)(inputs), model()(inputs))
