from __future__ import annotations

import json

import pytest
import torch

from engine.__main__ import main
from engine.errors import Cancelled, ModelError
from engine.vrm.random_host import random_inputs, random_vrm
from engine.vrm.roofline import matrices_of_verdict, operations
from engine.vrm.speed import both_orders, measure_speed, verdict_logits

CPU = torch.device("cpu")


@pytest.fixture(scope="module")
def report():
    return measure_speed("tiny", CPU, lambda: None, holder=rounded)


def rounded(vrm, _weights, _device):
    """Hold a decoder in 8 bits by rounding its weights, as the real holder does."""
    for layer in vrm.host.layers(vrm.model):
        for module in layer.modules():
            if isinstance(module, torch.nn.Linear):
                scale = module.weight.detach().abs().amax(1, keepdim=True) / 127
                module.weight.data = (module.weight.detach() / scale).round() * scale
    return vrm


def test_every_figure_is_there_and_what_is_not_measured_is_named(report):
    assert [each.batch for each in report.batches] == [1, 2, 4]
    assert all(each.images_per_s > 0 and each.of_ceiling > 0 for each in report.batches)
    assert report.loop_images_per_s > 0
    assert [each.weights for each in report.held] == ["int8"]
    assert 0 < report.held[0].largest_change < 0.5
    assert report.both_orders_images_per_s > 0
    assert report.compiled_over_best is None
    named = [said.split(":")[0] for said in report.not_measured]
    assert named[:3] == ["4-bit weights", "compiled layers", "CUDA graphs"]
    assert report.attention == "sdpa"
    assert "torch" in report.versions


def test_operations_are_those_of_the_matrices(report):
    """By hand: 2 x in x out x positions of every linear layer, and the products of attention."""
    vrm = random_vrm("tiny", CPU, torch.float32)
    length, patches = random_inputs("tiny", 1, CPU)["input_ids"].shape[1], 64
    text = sum(
        2 * m.weight.numel() * length
        for layer in vrm.host.layers(vrm.model)
        for m in layer.modules()
        if isinstance(m, torch.nn.Linear)
    )
    attention = 20 * 2 * 2 * length * length * 32
    head = 2 * 32 * 128
    # The towers, twice: their linear layers see all patches, the merger a quarter of them.
    tower = vrm.model.model.visual
    seen = {False: patches, True: patches // 4}
    towers = 2 * sum(
        2 * m.weight.numel() * seen["merger" in name]
        for name, m in tower.named_modules()
        if isinstance(m, torch.nn.Linear | torch.nn.Conv3d)
    )
    low = text + head + towers
    assert low < report.verdict_gflop * 1e9 < low + attention + 0.1 * low


def test_reckoned_operations_are_the_counted_ones(report):
    """On a processor torch counts matrices alone, and a few small products of positions."""
    reckoned = matrices_of_verdict("tiny") / 1e9
    assert report.verdict_gflop == pytest.approx(reckoned, rel=0.01)
    assert report.reckoned.parameters == report.parameters
    whole = report.reckoned.verdict_gflop - 2 * report.reckoned.tower_attention_gflop
    rest = whole - report.reckoned.decoder_attention_gflop
    assert rest == pytest.approx(reckoned, rel=1e-3)


def test_the_published_size_is_reckoned_without_a_device():
    found = operations("7b")
    assert (found.tokens, found.length) == (324, 364)
    # 8.3e9 of the published host, and V_a's 0.68e9 beside V_o's
    assert found.parameters == pytest.approx(8.97e9, rel=0.01)
    assert found.verdict_gflop == pytest.approx(8400, rel=0.05)
    assert found.operations_per_byte > 400


def test_both_orders_answer_as_each_alone():
    vrm, inputs = random_vrm("tiny", CPU, torch.float32), random_inputs("tiny", 2, CPU)
    other = random_inputs("tiny", 2, CPU, seed=1)["input_ids"]
    first, second = both_orders(vrm, inputs, other)
    torch.testing.assert_close(first, verdict_logits(vrm, inputs))
    torch.testing.assert_close(second, verdict_logits(vrm, {**inputs, "input_ids": other}))


def test_two_ways_to_the_same_answer_agree(report):
    assert [each.what for each in report.agreements] == [
        "batch 1 and batch 4",
        "kept open and plain run",
    ]
    assert max(each.largest for each in report.agreements) < 1e-4


def test_compiled_layers_answer_the_same_and_keep_the_injection():
    vrm, inputs = random_vrm("tiny", CPU, torch.float32), random_inputs("tiny", 2, CPU)
    before = verdict_logits(vrm, inputs)
    with vrm.compiled(backend="aot_eager"):
        torch.testing.assert_close(verdict_logits(vrm, inputs), before)
    off = vrm.run(inputs, inject=False, keep=1).logits[:, -1]
    assert (off - before).abs().max() > 1e-3
    assert torch.equal(verdict_logits(vrm, inputs), before)


def test_the_published_size_is_refused_without_a_device():
    if torch.cuda.is_available():
        pytest.skip("there is a CUDA device")
    with pytest.raises(ModelError, match="--shape tiny"):
        measure_speed("7b", CPU, lambda: None)


def test_the_operator_can_stop():
    def stop():
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        measure_speed("tiny", CPU, stop)


def test_the_command_prints_json(capsys):
    assert main(["bench", "--gpu", "--shape", "tiny", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["shape"] == "tiny"
    assert main(["bench", "--operations", "--quiet"]) == 0
    assert json.loads(capsys.readouterr().out)["shape"] == "7b"
