from __future__ import annotations

import json

import pytest
import torch

from engine.errors import InputError
from engine.training.host_layer import choose_host_layer
from engine.training.host_training import HostPlan, HostRun, save_weights
from engine.vrm.host_checkpoint import load_checkpoint
from engine.vrm.host_views import FAMILIES
from engine.vrm.published import PUBLISHED_PROMPT
from tests.engine.training.tiny_host_run import K, pixels, run_of, samples
from tests.engine.vrm.tiny_hosts import IMAGE

each_family = pytest.mark.parametrize("family", FAMILIES)


@each_family
def test_a_picture_takes_as_many_words_as_its_tower_gives_tokens(family, tmp_path):
    vrm, inputs, _ = run_of(family, tmp_path, tmp_path / "work")
    made = inputs.prepare(pixels(False, 0), PUBLISHED_PROMPT, "real")
    assert int((made["input_ids"] == IMAGE).sum()) == vrm.artifact_tokens(made).shape[0]
    # the answer and its end come last
    assert made["input_ids"][0, -2:].tolist() == [4, 2]
    assert len(inputs.words.answer(PUBLISHED_PROMPT, "real")) == 2


@each_family
def test_both_stages_run_and_change_what_they_should_alone(family, tmp_path):
    vrm, _, run = run_of(family, tmp_path, tmp_path / "work")
    before = {n: p.detach().clone() for n, p in vrm.named_parameters()}
    run.run(samples(4), samples(4))
    moved = {n for n, p in vrm.named_parameters() if not torch.equal(p, before[n])}
    assert not [n for n in moved if "lora" in n]
    tower = vrm.host.encoder[0]
    assert not [n for n in moved if n.startswith(f"model.model.{tower}.")]
    assert [n for n in moved if n.startswith("artifact.")]
    assert [n for n in moved if f"{vrm.host.decoder}.layers.0." in n]  # stage 1 adapts all layers


def test_stage_two_leaves_the_layers_below_k_alone(tmp_path):
    vrm, _, run = run_of("qwen2_5_vl", tmp_path, tmp_path / "work")
    before = {n: p.detach().clone() for n, p in vrm.named_parameters()}
    pattern = rf"{vrm.encoder_pattern}|{vrm.decoder_pattern}"
    run.stage("stage2", pattern, samples(4), inject=True)
    moved = [n for n, p in vrm.named_parameters() if not torch.equal(p, before[n])]
    assert [n for n in moved if "layers.3." in n]
    assert not [n for n in moved if any(f"layers.{i}." in n for i in range(K))]


def test_the_loss_falls(tmp_path):
    said = []
    vrm, inputs, _ = run_of("qwen2_5_vl", tmp_path, tmp_path / "work")
    plan = HostPlan(epochs=8, batch=4, rate=1e-2, ranks=(8, 8), save_every=100)
    run = HostRun(vrm, inputs, plan, work=tmp_path / "work", log=said.append)
    pattern = rf"{vrm.encoder_pattern}|{vrm.decoder_pattern}"
    run.stage("stage2", pattern, samples(), inject=True)
    losses = [float(text.split("loss ")[1].split(",")[0]) for text in said]
    assert len(losses) == 16
    assert losses[-1] < 0.5 < 4 < losses[0]


def test_a_broken_off_run_goes_on_as_if_it_had_not_been(tmp_path):
    whole, _, run = run_of("qwen2_5_vl", tmp_path, tmp_path / "a", epochs=2)
    pattern = whole.decoder_pattern
    run.stage("stage2", pattern, samples(), inject=True)

    class Ended(Exception):
        pass

    def end(text):
        if "step 2/4" in text:
            raise Ended

    broken, inputs, _ = run_of("qwen2_5_vl", tmp_path, tmp_path / "b", epochs=2)
    plan = HostPlan(epochs=2, batch=4, ranks=(2, 2), save_every=1)
    with pytest.raises(Ended):
        HostRun(broken, inputs, plan, work=tmp_path / "b", log=end).stage(
            "stage2", pattern, samples(), inject=True
        )
    again, _, run = run_of("qwen2_5_vl", tmp_path, tmp_path / "b", epochs=2)
    run.stage("stage2", pattern, samples(), inject=True)
    for (name, first), second in zip(whole.named_parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(first, second, msg=name)


def test_a_trained_qwen_is_a_checkpoint_of_the_published_layout(tmp_path):
    vrm, inputs, run = run_of("qwen2_5_vl", tmp_path, tmp_path / "work")
    run.run(samples(4), [])
    (tmp_path / "config.json").write_text(json.dumps(vrm.model.config.to_dict()))
    save_weights(vrm, tmp_path)
    loaded = load_checkpoint(tmp_path, torch.device("cpu"), torch.float32, layer=K)
    asked = inputs.prepare(pixels(True, 9), PUBLISHED_PROMPT)
    torch.testing.assert_close(loaded(asked), vrm(asked))


def test_k_is_chosen_by_probes_of_the_host_alone(tmp_path):
    vrm, inputs, _ = run_of("smolvlm", tmp_path, tmp_path / "work")
    found = choose_host_layer(vrm, inputs, samples(16), lambda: None)
    assert len(found.accuracy) == 7
    assert len(found.adjacent) == 6
    assert max(found.accuracy) > 0.9  # bright or dark is easily told
    assert 0 <= found.layer < 6


def test_k_is_not_chosen_on_one_source(tmp_path):
    vrm, inputs, _ = run_of("smolvlm", tmp_path, tmp_path / "work")
    with pytest.raises(InputError, match="several sources"):
        choose_host_layer(vrm, inputs, samples(4), lambda: None)
