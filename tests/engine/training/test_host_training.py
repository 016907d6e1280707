from __future__ import annotations

import json

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from transformers import PreTrainedTokenizerFast

from engine.errors import InputError
from engine.training.host_inputs import FAMILIES, HostInputs
from engine.training.host_layer import choose_host_layer
from engine.training.host_training import HostPlan, HostRun, Sample, save_weights
from engine.vrm.published import PUBLISHED_PROMPT, load_published
from engine.vrm.wrapper import DeepVrm
from tests.engine.vrm.tiny_hosts import IMAGE, tiny

K = 3
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {{ m['content'] }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant {% endif %}"
)
each_family = pytest.mark.parametrize("family", FAMILIES)


def write_words(folder):
    """A word tokenizer that knows every family's words around a picture."""
    words = [f"w{i}" for i in range(128)]
    words[:3] = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
    words[3:7] = ["fake", "real", "user", "assistant"]
    special = ["<img>", "</img>", "<fake_token_around_image>", "<global-img>"]
    words[110:114] = special
    words[118:123] = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|v|>", "<|unk|>"]
    marks = [word for word in words if word.startswith("<")]
    inner = Tokenizer(WordLevel({word: i for i, word in enumerate(words)}, unk_token="<|unk|>"))
    inner.pre_tokenizer = Whitespace()
    PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<|unk|>",
        pad_token="<|pad|>",
        additional_special_tokens=marks,
        chat_template=TEMPLATE,
    ).save_pretrained(folder)


def run_of(family, folder, work, **plan):
    vrm = DeepVrm(tiny(family), layer=K, fusion="mean")
    write_words(folder)
    inputs = HostInputs(folder, vrm)
    plan = HostPlan(**{"epochs": 1, "batch": 4, "ranks": (2, 2), "save_every": 1, **plan})
    return vrm, inputs, HostRun(vrm, inputs, plan, work=work, log=lambda _: None)


def pixels(fake, seed):
    """Fakes are brighter: something that even a tiny tower can see."""
    rng = np.random.default_rng(seed)
    return rng.integers(160 if fake else 0, 255 if fake else 95, (64, 64, 3)).astype(np.uint8)


def samples(count=8):
    return [
        Sample(load=lambda i=i: pixels(i % 2 == 1, i), fake=i % 2 == 1, source=f"s{i // 4}")
        for i in range(count)
    ]


@each_family
def test_a_picture_takes_as_many_words_as_its_tower_gives_tokens(family, tmp_path):
    vrm, inputs, _ = run_of(family, tmp_path, tmp_path / "work")
    made = inputs.prepare(pixels(False, 0), PUBLISHED_PROMPT, "real")
    assert int((made["input_ids"] == IMAGE).sum()) == vrm.artifact_tokens(made).shape[0]
    # the answer and its end come last
    assert made["input_ids"][0, -2:].tolist() == [4, 2]
    assert inputs.length_of("real") == 2


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
    loaded = load_published(tmp_path, torch.device("cpu"), torch.float32, layer=K)
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
