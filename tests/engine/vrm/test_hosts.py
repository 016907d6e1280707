from __future__ import annotations

import copy
import re

import pytest
import torch
import transformers
from torch import nn

from engine.errors import ModelError
from engine.vrm.hosts import HOSTS, host_of
from engine.vrm.lora import LoraLinear, add_lora
from engine.vrm.wrapper import DeepVrm
from tests.engine.vrm.tiny_hosts import FAMILIES, IMAGE, LAYERS, WIDTH, tiny, tiny_inputs

K = 3
each_family = pytest.mark.parametrize("family", FAMILIES)


def wrapped(family, fusion="mean", **kwargs):
    return DeepVrm(tiny(family), layer=K, fusion=fusion, **kwargs)


def with_adapters(family, fusion):
    vrm = wrapped(family, fusion)
    for seed, pattern in enumerate((vrm.encoder_pattern, vrm.decoder_pattern)):
        add_lora(vrm, pattern=pattern, r=2, alpha=4, seed=seed)
    return vrm


def test_every_family_of_the_list_is_tried_here():
    assert {host.model_type for host in HOSTS} == set(FAMILIES)


@each_family
def test_fresh_artifact_tokens_are_the_hosts_own_in_the_order_of_positions(family):
    vrm, inputs, seen = wrapped(family), tiny_inputs(family, batch=2), {}
    first = vrm.host.layers(vrm.model)[0]
    first.register_forward_pre_hook(
        lambda _m, args, kwargs: seen.update(h=args[0] if args else kwargs["hidden_states"]),
        with_kwargs=True,
    )
    vrm(inputs, inject=False)
    tokens = vrm.artifact_tokens(inputs)
    assert tokens.shape == (int((inputs["input_ids"] == IMAGE).sum()), WIDTH)
    assert torch.equal(tokens, seen["h"][inputs["input_ids"] == IMAGE])
    assert tokens.std(0).min() > 0


@each_family
def test_v_a_shares_no_weight_with_the_host(family):
    vrm = wrapped(family)
    hosts = {p.data_ptr() for p in vrm.model.parameters()}
    own = list(vrm.artifact.parameters())
    assert own
    assert not hosts & {p.data_ptr() for p in own}


@each_family
@pytest.mark.parametrize("batch", [1, 2])
def test_fresh_gated_injection_changes_no_bit_of_the_logits(family, batch):
    model, inputs = tiny(family), tiny_inputs(family, batch)
    vrm = DeepVrm(copy.deepcopy(model), layer=K, fusion="gated")
    alone = model(**vrm.host.complete(model, inputs)).logits
    assert torch.equal(vrm(inputs, inject=True), alone)
    assert torch.equal(vrm(inputs, inject=False), alone)


@each_family
def test_mean_injection_changes_logits_from_the_first_image_position_on(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    off, on = vrm(inputs, inject=False), vrm(inputs, inject=True)
    first = int((inputs["input_ids"][0] == IMAGE).nonzero()[0])
    torch.testing.assert_close(on[:, :first], off[:, :first])
    assert (on[:, first:] - off[:, first:]).abs().amax(-1).min() > 1e-3


@each_family
def test_other_artifact_tokens_give_other_logits(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    tokens = vrm.artifact_tokens(inputs)
    assert torch.equal(vrm(inputs, tokens=tokens), vrm(inputs))
    assert (vrm(inputs, tokens=tokens.flip(0)) - vrm(inputs)).abs().max() > 1e-3


@each_family
@pytest.mark.parametrize("fusion", ["mean", "gated"])
def test_cached_generation_is_the_argmax_of_full_passes(family, fusion):
    vrm, inputs = wrapped(family, fusion), tiny_inputs(family)
    if fusion == "gated":
        nn.init.constant_(vrm.fusion.alpha, 2.0)
    heard = []
    ids = vrm.generate(inputs, max_new_tokens=6, on_token=heard.append)
    start = inputs["input_ids"].shape[1]
    assert heard == ids[0, start:].tolist()
    assert len(heard) >= 4
    for end in range(start, ids.shape[1]):
        logits = vrm({**inputs, "input_ids": ids[:, :end]})
        assert int(logits[0, -1].argmax()) == int(ids[0, end])


@each_family
def test_generation_depends_on_the_injection(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    loud = 20 * vrm.artifact_tokens(inputs)
    on = vrm.generate(inputs, max_new_tokens=6, tokens=loud)
    off = vrm.generate(inputs, max_new_tokens=6, inject=False)
    assert on.tolist() != off.tolist()
    alone = tiny(family).generate(
        **vrm.host.complete(vrm.model, inputs), max_new_tokens=6, do_sample=False
    )
    assert torch.equal(off, alone)


@each_family
def test_gradients_reach_the_artifact_path_and_nothing_else(family):
    vrm, inputs = with_adapters(family, "gated"), tiny_inputs(family)
    vrm(inputs).square().mean().backward()
    assert vrm.fusion.alpha.grad.abs().sum() > 0  # a closed gate can open
    vrm.zero_grad()
    nn.init.constant_(vrm.fusion.alpha, 0.5)
    vrm(inputs).square().mean().backward()
    assert all(p.grad.abs().sum() > 0 for p in vrm.fusion.parameters())
    adapters = {n: m for n, m in vrm.named_modules() if isinstance(m, LoraLinear)}
    assert {n.split(".")[0] for n in adapters} == {"artifact", "model"}
    dead = [n for n, m in adapters.items() if not m.lora_b.grad.abs().sum() > 0]
    assert dead == []
    base = [n for n, p in vrm.named_parameters() if "lora_" not in n and "fusion" not in n]
    assert all(vrm.get_parameter(n).grad is None for n in base)


@each_family
def test_adapters_go_to_v_a_and_the_decoder_from_k_on(family):
    vrm = with_adapters(family, "mean")
    names = [n for n, m in vrm.named_modules() if isinstance(m, LoraLinear)]
    decoder = {n for n in names if n.startswith("model.")}
    layers = {int(re.search(r"layers\.(\d+)\.", n)[1]) for n in decoder}
    assert layers == set(range(K, LAYERS))
    assert len(decoder) == 7 * (LAYERS - K)  # q k v o, gate up down
    assert all(f".{vrm.host.decoder}.layers." in n for n in decoder)
    plain = [
        n
        for n, m in vrm.artifact.named_modules()
        if isinstance(m, nn.Linear) and not isinstance(m, LoraLinear)
    ]
    assert all(".head." in n or ".deepstack_merger_list." in n for n in plain)


@each_family
def test_nothing_is_left_after_a_call(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    before = vrm(inputs, inject=False)
    vrm(inputs)
    vrm.generate(inputs, max_new_tokens=2)
    assert not vrm.injection.is_open
    assert vrm.injection.delta is None
    assert torch.equal(vrm(inputs, inject=False), before)


@each_family
def test_nothing_is_left_after_an_exception(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    before, injected = vrm(inputs, inject=False), vrm(inputs)

    def stop(_token):
        raise InterruptedError("the operator")

    with pytest.raises(InterruptedError, match="the operator"):
        vrm.generate(inputs, max_new_tokens=6, on_token=stop)
    assert not vrm.injection.is_open
    assert torch.equal(vrm(inputs, inject=False), before)
    assert torch.equal(vrm(inputs), injected)


@each_family
@pytest.mark.parametrize(
    "option",
    [{"use_cache": False}, {"prefill_chunk_size": 4}, {"num_beams": 3}, {"do_sample": True}],
)
def test_options_that_drop_the_injection_are_refused(family, option):
    with pytest.raises(ModelError, match=next(iter(option))):
        wrapped(family).generate(tiny_inputs(family), max_new_tokens=2, **option)


@each_family
@pytest.mark.parametrize("option", [{"use_cache": False}, {"prefill_chunk_size": 4}])
def test_hosts_own_generate_is_stopped_where_it_would_drop_the_injection(family, option):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    full = vrm.host.complete(vrm.model, inputs)
    mask = vrm.host.image_mask(vrm.model, inputs)
    with (
        torch.no_grad(),
        pytest.raises(ModelError, match="would drop the injection"),
        vrm.injection.during(vrm.artifact_tokens(inputs), mask),
    ):
        vrm.model.generate(**full, max_new_tokens=3, **option)
    assert not vrm.injection.is_open


@each_family
def test_settings_of_the_checkpoint_do_not_leave_greedy_decoding(family):
    vrm, inputs = wrapped(family), tiny_inputs(family)
    expected = vrm.generate(inputs, max_new_tokens=5)
    settings = vrm.model.generation_config
    settings.do_sample, settings.temperature, settings.top_k = True, 9.0, 40
    settings.use_cache = False
    assert torch.equal(vrm.generate(inputs, max_new_tokens=5), expected)


def test_a_pass_tells_what_was_injected():
    vrm, inputs = wrapped("qwen2_5_vl"), tiny_inputs("qwen2_5_vl")
    tokens = vrm.artifact_tokens(inputs).requires_grad_()
    found = vrm.run(inputs, tokens=tokens, keep=1)
    assert found.logits.shape == (1, 1, 128)
    # mean: fused = (h + a) / 2 and delta = (a - h) / 2, so their sum is a
    torch.testing.assert_close(found.fused + found.delta, tokens)
    (slope,) = torch.autograd.grad(found.logits.sum(), found.fused)
    assert slope.abs().sum() > 0
    off = vrm.run(inputs, inject=False)
    assert off.fused is None
    assert off.delta is None


def test_gradient_checkpointing_keeps_the_injection():
    inputs = tiny_inputs("qwen2_5_vl")
    slopes = []
    for checkpointing in (False, True):
        vrm = with_adapters("qwen2_5_vl", "mean").train()
        if checkpointing:
            vrm.model.activation_checkpointing_enable()
        vrm(inputs).square().mean().backward()
        slopes.append([p.grad for n, p in vrm.named_parameters() if n.endswith("lora_b")])
    torch.testing.assert_close(slopes[1], slopes[0])


def test_token_types_are_derived_where_positions_need_them():
    model, inputs = tiny("qwen2_5_vl"), tiny_inputs("qwen2_5_vl")
    full = host_of(model).complete(model, inputs)
    assert torch.equal(full["mm_token_type_ids"], (inputs["input_ids"] == IMAGE).int())
    assert "mm_token_type_ids" not in inputs
    with_types, without = model(**full).logits, model(**inputs).logits
    assert (with_types - without).abs().max() > 1e-3


@pytest.mark.parametrize("layer", [-1, LAYERS, 16])
def test_a_layer_outside_the_decoder_is_refused(layer):
    with pytest.raises(ModelError, match=f"layer {layer} .*6 layers, 0 to 5"):
        DeepVrm(tiny("smolvlm"), layer=layer)


@pytest.mark.parametrize("layer", [0, 1, 2])
def test_a_layer_where_deepstack_adds_is_refused(layer):
    with pytest.raises(ModelError, match="DeepStack"):
        DeepVrm(tiny("qwen3_vl"), layer=layer)
    DeepVrm(tiny("qwen2_5_vl"), layer=layer)


def test_an_unknown_family_is_refused():
    config = transformers.LlamaConfig(
        vocab_size=8, hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1
    )
    with pytest.raises(ModelError, match=r"'llama'.*qwen2_5_vl"):
        DeepVrm(transformers.LlamaForCausalLM(config), layer=0)


def test_missing_inputs_are_named():
    vrm, inputs = wrapped("internvl"), tiny_inputs("internvl")
    with pytest.raises(ModelError, match="'pixel_values'"):
        vrm({"input_ids": inputs["input_ids"]})
    with pytest.raises(ModelError, match="nowhere to inject"):
        vrm({**inputs, "input_ids": torch.full((1, 4), 7)}, tokens=torch.zeros(0, WIDTH))


def test_published_size_has_the_published_number_of_trainable_parameters():
    """arXiv 2606.15880, stage 2: rank 64 on V_a and on layers >= 16 of the 7B host."""
    config = transformers.Qwen2_5_VLConfig(
        text_config={
            "vocab_size": 152064,
            "hidden_size": 3584,
            "intermediate_size": 18944,
            "num_hidden_layers": 28,
            "num_attention_heads": 28,
            "num_key_value_heads": 4,
            "rope_parameters": {
                "rope_type": "default",
                "mrope_section": [16, 24, 24],
                "rope_theta": 1e6,
            },
        },
        vision_config={"hidden_size": 1280, "out_hidden_size": 3584},
    )
    with torch.device("meta"):
        model = transformers.Qwen2_5_VLForConditionalGeneration(config)
        vrm = DeepVrm(model, layer=16, fusion="mean")
    for pattern in (vrm.encoder_pattern, vrm.decoder_pattern):
        add_lora(vrm, pattern=pattern, r=64, alpha=128, seed=0)
    assert sum(p.numel() for p in vrm.parameters() if p.requires_grad) == 115_023_872
