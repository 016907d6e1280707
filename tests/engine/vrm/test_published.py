from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import ModelError
from engine.vrm.host_checkpoint import is_checkpoint, load_checkpoint
from engine.vrm.published import PUBLISHED_LAYER, PUBLISHED_PROMPT
from tests.engine.vrm.tiny_hosts import tiny_inputs
from tests.engine.vrm.tiny_published import (
    LAYERS,
    LAYOUTS,
    qwen25_config,
    reference,
    write_config,
    write_folder,
)

CPU = torch.device("cpu")
each_layout = pytest.mark.parametrize("layout", LAYOUTS)


@pytest.fixture(scope="module")
def ref():
    return reference()


@pytest.fixture
def inputs():
    return tiny_inputs("qwen2_5_vl")


def load(folder, **kwargs):
    return load_checkpoint(folder, CPU, torch.float32, **kwargs)


def logits_of(vrm, inputs, **kwargs):
    with torch.no_grad():
        return vrm(inputs, **kwargs)


@each_layout
def test_logits_and_tokens_are_those_of_the_published_method(layout, ref, inputs, tmp_path):
    vrm = load(write_folder(tmp_path, ref.weights(layout)))
    assert (vrm.layer, vrm.fusion.mode) == (16, "mean")
    torch.testing.assert_close(vrm.artifact_tokens(inputs), ref.tokens(inputs), atol=0, rtol=0)
    torch.testing.assert_close(logits_of(vrm, inputs), ref.logits(inputs), atol=1e-5, rtol=0)
    ids = vrm.generate(inputs, max_new_tokens=6)
    new = ids.shape[1] - inputs["input_ids"].shape[1]
    assert torch.equal(ids, ref.greedy(inputs, new))


def test_both_key_layouts_give_equal_logits(ref, inputs, tmp_path):
    old, new = (load(write_folder(tmp_path / x, ref.weights(x))) for x in LAYOUTS)
    assert torch.equal(logits_of(old, inputs), logits_of(new, inputs))


@each_layout
def test_without_injection_the_host_answers_alone(layout, ref, inputs, tmp_path):
    vrm = load(write_folder(tmp_path, ref.weights(layout)))
    off = logits_of(vrm, inputs, inject=False)
    torch.testing.assert_close(off, ref.logits(inputs, inject=False), atol=1e-5, rtol=0)
    assert (off - logits_of(vrm, inputs)).abs().max() > 0.1


@each_layout
def test_shards_give_the_logits_of_the_single_file(layout, ref, inputs, tmp_path):
    weights = ref.weights(layout)
    single = load(write_folder(tmp_path / "single", weights))
    folder = write_shards(tmp_path / "shards", weights)
    assert torch.equal(logits_of(load(folder), inputs), logits_of(single, inputs))


def write_shards(folder, weights, count=3):
    folder.mkdir()
    write_config(folder)
    keys = sorted(weights)
    weight_map = {}
    for i in range(count):
        name = f"model-{i + 1:05d}-of-{count:05d}.safetensors"
        part = {key: weights[key] for key in keys[i::count]}
        save_file(part, folder / name)
        weight_map |= dict.fromkeys(part, name)
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return folder


def test_flat_configuration_of_old_saves_gives_the_same_logits(ref, inputs, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    expected = logits_of(load(folder), inputs)
    config = qwen25_config(num_hidden_layers=LAYERS).to_dict()
    text = config.pop("text_config")
    rope = text.pop("rope_parameters")
    flat = {
        **text,
        **config,
        "rope_theta": rope["rope_theta"],
        "rope_scaling": {"type": "mrope", "mrope_section": rope["mrope_section"]},
        "model_type": "qwen2_5_vl",
        "auto_map": {"AutoModel": "code.Evil"},
    }
    flat["vision_config"]["model_type"] = "qwen2_5_vl"
    write_config(folder, flat)
    assert torch.equal(logits_of(load(folder), inputs), expected)


def test_tied_embeddings_need_no_head_of_their_own(ref, inputs, tmp_path):
    weights = ref.weights("old")
    weights["lm_head.weight"] = weights["model.embed_tokens.weight"].clone()
    expected = logits_of(load(write_folder(tmp_path / "whole", weights)), inputs)
    del weights["lm_head.weight"]
    folder = write_folder(tmp_path / "tied", weights)
    with pytest.raises(ModelError, match=r"lacks 1 weights: lm_head\.weight"):
        load(folder)
    config = qwen25_config(num_hidden_layers=LAYERS).to_dict()
    write_config(folder, {**config, "tie_word_embeddings": True})
    assert torch.equal(logits_of(load(folder), inputs), expected)


def test_the_layer_can_be_chosen(ref, inputs, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    chosen = load(folder, layer=5)
    assert chosen.layer == 5
    assert (logits_of(chosen, inputs) - logits_of(load(folder), inputs)).abs().max() > 1e-2
    with pytest.raises(ModelError, match="20 layers"):
        load(folder, layer=LAYERS)


def test_weights_take_the_dtype_that_was_asked_for_and_are_frozen(ref, inputs, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    vrm = load_checkpoint(folder, CPU, torch.bfloat16)
    assert {p.dtype for p in vrm.parameters()} == {torch.bfloat16}
    assert not any(p.requires_grad for p in vrm.parameters())
    assert not vrm.training
    assert logits_of(vrm, inputs).isfinite().all()


def test_end_of_text_of_the_checkpoint_ends_generation(ref, inputs, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    start = inputs["input_ids"].shape[1]
    token = int(ref.greedy(inputs, 1)[0, start])
    settings = {"eos_token_id": [token, 2], "do_sample": True, "temperature": 1e-6}
    (folder / "generation_config.json").write_text(json.dumps(settings))
    assert load(folder).generate(inputs, max_new_tokens=6).shape[1] == start + 1


@each_layout
def test_a_checkpoint_without_v_a_is_refused_with_names(layout, ref, tmp_path):
    weights = {k: v for k, v in ref.weights(layout).items() if "visual_low_level" not in k}
    folder = write_folder(tmp_path, weights)
    with pytest.raises(ModelError, match=r"V_a.*visual_low_level\.patch_embed\.proj\.weight"):
        load(folder)


def test_a_single_missing_weight_of_v_a_is_named(ref, tmp_path):
    weights = ref.weights("old")
    del weights["visual_low_level.merger.mlp.2.bias"]
    folder = write_folder(tmp_path, weights)
    with pytest.raises(
        ModelError, match=r"1 of \d+ .*: model\.visual_low_level\.merger\.mlp\.2\.bias\."
    ):
        load(folder)


def test_weights_that_do_not_fit_are_named(ref, tmp_path):
    whole = ref.weights("old")
    norm, adapter = "model.layers.3.input_layernorm.weight", "model.layers.3.q.lora_A.weight"
    cases = {
        r"lacks 1 weights: model\.language_model\.layers\.3\.input": {norm: None},
        r"wrong shape: .*layers\.3\.input_layernorm\.weight \[5\]": {norm: torch.zeros(5)},
        r"no use for: .*lora_A": {adapter: torch.zeros(2, 2)},
        r"not of the published layout: base_model": {"base_model.x.weight": torch.zeros(2)},
        r"twice.*visual\.merger": {
            "model.visual.merger.mlp.2.bias": whole["visual.merger.mlp.2.bias"].clone()
        },
        r"quantised .*layers\.3": {norm: torch.zeros(32, dtype=torch.int8)},
    }
    for number, (message, change) in enumerate(cases.items()):
        weights = {k: v for k, v in {**whole, **change}.items() if v is not None}
        with pytest.raises(ModelError, match=message):
            load(write_folder(tmp_path / str(number), weights))


def test_rotary_tables_of_old_saves_are_let_by(ref, inputs, tmp_path):
    weights = ref.weights("old")
    expected = logits_of(load(write_folder(tmp_path / "without", weights)), inputs)
    for key in ("model.layers.0.self_attn.rotary_emb.inv_freq", "model.rotary_emb.inv_freq"):
        weights[key] = torch.full((4,), 7.0)
    vrm = load(write_folder(tmp_path / "with", weights))
    assert torch.equal(logits_of(vrm, inputs), expected)


def test_other_formats_are_refused_by_name(ref, tmp_path):
    write_config(tmp_path)
    with pytest.raises(ModelError, match="holds no weights"):
        load(tmp_path)
    (tmp_path / "pytorch_model.bin").write_bytes(b"\x80\x04.")
    with pytest.raises(ModelError, match=r"pytorch_model\.bin; only safetensors"):
        load(tmp_path)


@pytest.mark.parametrize(
    ("weight_map", "message"),
    [
        ({"a": "../model.safetensors"}, "no file of its folder"),
        ({"a": "..\\model.safetensors"}, "no file of its folder"),
        ({"a": 3}, "no file of its folder"),
        ({"a": "pytorch_model.bin"}, "only safetensors"),
        ({"a": "gone.safetensors"}, r"lacks weight files .*gone\.safetensors"),
        ({"absent": "there.safetensors"}, r"lacks tensors .*absent"),
        ({}, "no weight_map"),
        ([], "no weight_map"),
    ],
)
def test_broken_indexes_are_refused(weight_map, message, tmp_path):
    write_config(tmp_path)
    save_file({"a": torch.zeros(1)}, tmp_path / "there.safetensors")
    index = tmp_path / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": weight_map}))
    with pytest.raises(ModelError, match=message):
        load(tmp_path)


def test_a_damaged_weight_file_is_named(ref, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    file = folder / "model.safetensors"
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(ModelError, match=r"model\.safetensors is missing or damaged"):
        load(folder)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "no JSON object"),
        ('{"model_type": "llama"}', "'llama'"),
        ('{"model_type": "qwen2_5_vl", "text_config": {"hidden_size": "wide"}}', "cannot be used"),
    ],
)
def test_configurations_that_cannot_be_used_are_refused(text, message, ref, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    (folder / "config.json").write_text(text)
    with pytest.raises(ModelError, match=message):
        load(folder)


def test_what_is_no_folder_is_refused(tmp_path):
    with pytest.raises(ModelError, match="not a folder"):
        load(tmp_path / "nowhere")


def test_a_published_folder_is_recognised(ref, tmp_path):
    assert not is_checkpoint(tmp_path)
    write_config(tmp_path)
    assert is_checkpoint(tmp_path)
    write_config(tmp_path, {"model_type": "llama"})
    assert not is_checkpoint(tmp_path)


def test_prompt_and_layer_are_the_published_ones():
    assert PUBLISHED_LAYER == 16
    assert PUBLISHED_PROMPT == ("Is this image real or fake? Please just answer 'real' or 'fake'.")
