from __future__ import annotations

import json
import math
import shutil

import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, CLIPVisionModel

from engine.errors import ModelError
from engine.vrm.lora import lora_disabled
from engine.vrm.mini import (
    DESCRIBE,
    IMAGE_TOKEN,
    QUESTION,
    SEMANTIC_DEPTH,
    TOKENS,
    Mini,
    MiniConfig,
    _to_grid,
    normalise,
    read_trained,
)
from engine.vrm.packs import find_pack
from tests.engine.vrm.tiny_mini import CONFIG, LAYERS, WIDTH, fresh_mini, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def start(tiny_base):
    """The mini before training; never changed by a test."""
    return fresh_mini(tiny_base)


@pytest.fixture(scope="module")
def mini(tiny_base):
    """The mini with every own weight moved; never changed by a test."""
    return trained_mini(tiny_base)


def tokens(batch=1, seed=0):
    return torch.randn(batch, TOKENS, WIDTH, generator=torch.Generator().manual_seed(seed))


def views(batch=1, seed=0):
    return torch.rand(batch, 3, 224, 224, generator=torch.Generator().manual_seed(seed))


@torch.no_grad()
def answered(model, artifact, *, semantic=None, question=QUESTION):
    semantic = tokens() if semantic is None else semantic
    ids = model.prompt_ids(question).expand(len(semantic), -1)
    return model.logits(model.answer(semantic, artifact, ids)[:, -1])


def test_before_training_the_injection_changes_not_one_bit(start):
    assert torch.equal(answered(start, tokens(seed=1)), answered(start, None))


def test_before_training_the_language_model_is_the_one_in_the_pack(start, tiny_base):
    plain = AutoModelForCausalLM.from_pretrained(tiny_base / "language", dtype=torch.float32)
    ids = start.prompt_ids(QUESTION)
    with torch.no_grad():
        expected = plain(inputs_embeds=start.embed(ids, tokens())).logits[:, -1]
    torch.testing.assert_close(answered(start, None), expected)


def test_an_open_gate_changes_the_answer_and_closes_again(mini):
    before = answered(mini, None)
    injected = answered(mini, tokens(seed=1))
    other = answered(mini, tokens(seed=2))
    assert float((injected - before).abs().max()) > 1e-3
    assert float((injected - other).abs().max()) > 1e-4
    assert not mini.injection.is_open
    assert torch.equal(answered(mini, None), before)


def test_the_gate_alone_decides_whether_artifact_tokens_matter(tiny_base):
    model = trained_mini(tiny_base)
    with torch.no_grad():
        model.fusion.alpha.zero_()
    assert torch.equal(answered(model, tokens(seed=1)), answered(model, None))


def test_each_picture_of_a_batch_gets_its_own_tokens(mini):
    semantic, artifact = tokens(2), tokens(2, seed=1)
    together = answered(mini, artifact, semantic=semantic)
    for i in range(2):
        alone = answered(mini, artifact[i : i + 1], semantic=semantic[i : i + 1])
        torch.testing.assert_close(together[i : i + 1], alone, atol=1e-4, rtol=1e-4)


def test_the_injection_is_closed_after_an_error(mini):
    ids = mini.prompt_ids(QUESTION)
    with pytest.raises(ModelError, match="the same picture"):
        mini.answer(tokens(), tokens()[:, :-1], ids)
    with pytest.raises(ModelError, match="without the artifact"), mini.injecting(tokens(), ids):
        pass
    assert not mini.injection.is_open


def test_image_tokens_stand_last_in_the_users_turn(mini):
    ids = mini.prompt_ids(QUESTION)[0]
    where = (ids == mini.image_token_id).nonzero()[:, 0]
    assert where.tolist() == list(range(int(where[0]), int(where[0]) + TOKENS))
    before = mini.tokenizer.decode(ids[: int(where[0])])
    after = mini.tokenizer.decode(ids[int(where[-1]) + 1 :])
    assert before.endswith(f"<|im_start|>user\n{QUESTION}")
    assert after == "<|im_end|>\n<|im_start|>assistant\n"
    assert mini.tokenizer.decode([mini.image_token_id]) == IMAGE_TOKEN


def test_semantic_tokens_enter_at_the_image_positions_only(mini):
    ids = mini.prompt_ids(DESCRIBE)
    semantic = tokens()
    with torch.no_grad():
        embedded = mini.embed(ids, semantic)
        plain = mini.language.get_input_embeddings()(ids)
    mask = ids == mini.image_token_id
    assert torch.equal(embedded[mask], semantic[0])
    assert torch.equal(embedded[~mask], plain[~mask])


def test_log_odds_count_every_spelling(mini):
    def first(text):
        return mini.tokenizer.encode(text, add_special_tokens=False)[0]

    assert mini.fake_ids == sorted({first(w) for w in ("fake", "Fake", " fake", " Fake")})
    assert mini.real_ids == sorted({first(w) for w in ("real", "Real", " real", " Real")})
    assert not set(mini.fake_ids) & set(mini.real_ids)
    assert mini.word_ids == (first("real"), first("fake"))
    p = torch.full((1, len(mini.tokenizer)), 0.5 / len(mini.tokenizer))
    p[0, mini.fake_ids] = torch.tensor([0.1, 0.05, 0.02, 0.03])
    p[0, mini.real_ids] = torch.tensor([0.01, 0.02, 0.03, 0.04])
    assert float(mini.log_odds(p.log())[0]) == pytest.approx(math.log(0.2 / 0.1), abs=1e-5)


def test_the_fused_activation_is_quick_gelu(start, tiny_base):
    plain = CLIPVisionModel.from_pretrained(tiny_base / "vision").eval()
    view = normalise(views(2))
    with torch.no_grad():
        states = plain(pixel_values=view, output_hidden_states=True).hidden_states
        shared = start.shared_states(view)
        semantic = start.semantic_tokens(shared)
        expected = start.projector(_to_grid(states[SEMANTIC_DEPTH]))
    for depth, state in shared.items():
        assert float((state - states[depth]).abs().max()) < 1e-5
    assert sorted(shared) == list(range(1, CONFIG.tower_from_block + 1))
    assert float((semantic - expected).abs().max()) < 1e-5


def test_a_tower_with_another_activation_is_refused(tiny_base, tmp_path):
    shutil.copytree(tiny_base, tmp_path / "base")
    config = tmp_path / "base" / "vision" / "config.json"
    config.write_text(json.dumps({**json.loads(config.read_text()), "hidden_act": "gelu"}))
    with pytest.raises(ModelError, match="'gelu': quick_gelu is needed"):
        fresh_mini(tmp_path / "base")


def test_patches_are_pooled_two_by_two_in_reading_order():
    states = torch.full((1, 197, 1), -1.0)
    states[0, 1:, 0] = torch.arange(196.0)
    pooled = _to_grid(states)[0, :, 0]
    assert float(pooled[0]) == (0 + 1 + 14 + 15) / 4
    assert float(pooled[8]) == (30 + 31 + 44 + 45) / 4
    assert float(pooled[48]) == (180 + 181 + 194 + 195) / 4


def test_adapters_move_the_artifact_tokens_and_leave_the_semantic_ones(mini):
    view = normalise(views())
    cells = torch.rand(1, 128, 4, 4)
    with torch.no_grad():
        shared = mini.shared_states(view)
        semantic = mini.semantic_tokens(shared)
        artifact = mini.artifact_tokens(shared, cells)
        with lora_disabled(mini.tower):
            assert torch.equal(mini.semantic_tokens(shared), semantic)
            assert not torch.allclose(mini.artifact_tokens(shared, cells), artifact)
    assert semantic.shape == artifact.shape == (1, TOKENS, WIDTH)


def test_residual_cells_reach_the_token_at_their_place(mini):
    shared = mini.shared_states(normalise(views()))
    cells = torch.zeros(1, 128, 14, 14)
    hot = cells.clone()
    hot[:, :, 2, 13] = 1.0
    with torch.no_grad():
        change = mini.artifact_tokens(shared, hot) - mini.artifact_tokens(shared, cells)
    changed = change.abs().sum(-1)[0] > 1e-6
    assert changed.nonzero()[:, 0].tolist() == [1 * 7 + 6]


def test_heads_read_every_token_and_the_picture(mini):
    with torch.no_grad():
        token, whole = mini.heads(tokens(3))
    assert token.shape == (3, TOKENS)
    assert whole.shape == (3,)


def test_gradients_reach_the_gate_before_training_and_never_the_base(tiny_base):
    model = fresh_mini(tiny_base)
    ids = model.prompt_ids(QUESTION)
    model.log_odds(model.logits(model.answer(tokens(), tokens(seed=1), ids)[:, -1])).backward()
    assert float(model.fusion.alpha.grad.abs().max()) > 0
    ours = set(model.trained_state())
    assert all(p.grad is None for n, p in model.named_parameters() if n not in ours)


def test_the_probe_reads_class_token_and_mean_patch_of_the_unadapted_tower(mini):
    shared = mini.shared_states(torch.randn(2, 3, 224, 224))
    states = mini.base_states(shared)
    features = mini.probe_features(states)
    width = states[6].shape[-1]
    for n, depth in enumerate(mini.config.probe_depths):
        part = features[:, 2 * n * width : 2 * (n + 1) * width]
        assert torch.equal(part[:, :width], states[depth][:, 0].float())
        assert torch.allclose(part[:, width:], states[depth][:, 1:].float().mean(1))
    by_hand = features @ mini.probe.weight[0] + mini.probe.bias
    assert torch.allclose(mini.probe_logits(states), by_hand)
    with lora_disabled(mini.tower):
        bare = mini.base_states(shared)
    assert torch.equal(bare[12], states[12])


def test_semantic_tokens_are_the_same_from_shared_and_from_base_states(mini):
    shared = mini.shared_states(torch.randn(2, 3, 224, 224))
    assert torch.equal(mini.semantic_tokens(shared), mini.semantic_tokens(mini.base_states(shared)))


def test_trained_tensors_are_ours_alone_and_start_at_the_injection_layer(mini):
    state = mini.trained_state()
    parts = {name.split(".")[0] for name in state}
    heads = {"heads", "probe", "contrast"}
    assert parts == {"projector", "residual", "merger", "fusion", "language", "tower"} | heads
    adapters = [n for n in state if n.startswith(("language.", "tower."))]
    assert all(".lora_a" in n or ".lora_b" in n for n in adapters)
    layers = {int(n.split("layers.")[1].split(".")[0]) for n in adapters if "language" in n}
    blocks = {int(n.split("layers.")[1].split(".")[0]) for n in adapters if "tower" in n}
    assert layers == set(range(CONFIG.injection_layer, LAYERS))
    assert blocks == set(range(CONFIG.tower_from_block, 12))
    assert any("running_var" in n for n in state)
    assert not any("kernels" in n for n in state)


def test_trained_tensors_make_another_copy_answer_alike(mini, tiny_base, tmp_path):
    other = fresh_mini(tiny_base, seed=7)
    artifact = tokens(seed=1)
    assert not torch.allclose(answered(other, artifact), answered(mini, artifact))
    file = tmp_path / "trained.safetensors"
    save_file({k: v.contiguous() for k, v in mini.trained_state().items()}, file)
    other.load_trained(read_trained(file))
    assert torch.equal(answered(other, artifact), answered(mini, artifact))
    for name, tensor in other.trained_state().items():
        assert torch.equal(tensor, mini.trained_state()[name]), name


def test_trained_tensors_in_half_precision_are_taken(mini, tiny_base):
    other = fresh_mini(tiny_base, seed=7)
    other.load_trained({k: v.half() for k, v in mini.trained_state().items()})
    torch.testing.assert_close(
        other.projector.up.weight, mini.projector.up.weight, atol=1e-3, rtol=1e-3
    )
    assert other.projector.up.weight.dtype == torch.float32


@pytest.mark.parametrize("change", ["missing", "unknown", "shape", "broadcast"])
def test_trained_tensors_that_do_not_fit_are_refused_and_change_nothing(mini, tiny_base, change):
    other = fresh_mini(tiny_base, seed=7)
    before = {k: v.clone() for k, v in other.trained_state().items()}
    state = dict(mini.trained_state())
    if change == "missing":
        del state["fusion.alpha"]
    elif change == "unknown":
        state["fusion.beta"] = torch.zeros(3)
    elif change == "shape":
        state["fusion.alpha"] = torch.zeros(WIDTH + 1)
    else:
        state["fusion.alpha"] = torch.zeros(1)
    with pytest.raises(ModelError, match="fusion"):
        other.load_trained(state)
    assert all(torch.equal(v, before[k]) for k, v in other.trained_state().items())


def test_a_missing_or_broken_weights_file_is_refused(tmp_path):
    file = tmp_path / "trained.safetensors"
    with pytest.raises(ModelError, match="reinstall"):
        read_trained(file)
    file.write_bytes(b"not a safetensors file")
    with pytest.raises(ModelError, match="reinstall"):
        read_trained(file)


@pytest.mark.weights
def test_the_real_pack_takes_the_shipped_shapes():
    model = Mini(find_pack("mini").folder, MiniConfig(), torch.bfloat16)
    state = model.trained_state()
    assert state["projector.up.weight"].shape == (1152, 768)
    assert state["merger.projector.down.weight"].shape == (576, 1152)
    assert state["merger.mix.weight"].shape == (512, 5 * 768)
    assert state["fusion.alpha"].shape == (576,)
    assert sum(2 * t.numel() for t in state.values()) < 40e6
    assert model.prompt_ids(QUESTION).eq(model.image_token_id).sum() == TOKENS
    assert not set(model.fake_ids) & set(model.real_ids)
