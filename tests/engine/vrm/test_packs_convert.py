from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest
import torch
from gguf.quants import dequantize
from transformers import AutoTokenizer, CLIPImageProcessorPil

from engine.errors import ModelError
from engine.training.activations import exact_tower
from engine.vrm.mini_base import load_language
from engine.vrm.packs.clip_export import QuantisedLinear
from engine.vrm.packs.expanding import read_weights
from engine.vrm.packs.language import convert_language
from engine.vrm.packs.vision import convert_vision
from tests.engine.vrm import packs_made_up as made_up


@pytest.fixture
def language(tmp_path: Path) -> Path:
    made_up.write_gguf(made_up.tiny_llama(), tmp_path / "m.gguf")
    folder = tmp_path / "language"
    folder.mkdir()
    convert_language(tmp_path / "m.gguf", folder)
    return folder


def test_converted_language_model_computes_what_the_source_computes(language: Path) -> None:
    source = made_up.tiny_llama()
    model = load_language(language, torch.float32).eval()
    for layer, ours in zip(source.model.layers, model.model.layers, strict=True):
        pairs = {
            # Q8_0 keeps a 127th of each block's largest value, bfloat16 a 256th of each value;
            # Q4_1 a 15th of what a block spans.
            0.5 / 127 + 1 / 256: (layer.mlp.gate_proj, ours.mlp.gate_proj),
            1 / 15 + 1 / 128: (layer.mlp.down_proj, ours.mlp.down_proj),
            1 / 15 + 1 / 127: (layer.self_attn.k_proj, ours.self_attn.k_proj),
        }
        for share, (exact, stored) in pairs.items():
            values = exact.weight
            assert (values - stored.weight).abs().max() <= values.abs().max() * share
            with torch.no_grad():
                values.copy_(stored.weight)
    ids = torch.arange(3, 23).unsqueeze(0)
    with torch.no_grad():
        torch.testing.assert_close(model(ids).logits, source(ids).logits, rtol=0, atol=1e-6)


def test_language_model_is_loaded_with_tied_embeddings_and_special_tokens(language: Path) -> None:
    model = load_language(language, torch.bfloat16)
    assert model.lm_head.weight is model.model.embed_tokens.weight
    assert model.lm_head.weight.dtype == torch.bfloat16
    assert (model.config.bos_token_id, model.config.eos_token_id) == (1, 2)


def test_blocks_expand_to_what_the_format_says_bit_for_bit(language: Path, tmp_path: Path) -> None:
    reader = gguf.GGUFReader(str(tmp_path / "m.gguf"))
    found = read_weights(language)
    names = {
        "blk.1.ffn_down.weight": "model.layers.1.mlp.down_proj.weight",
        "blk.1.ffn_gate.weight": "model.layers.1.mlp.gate_proj.weight",
        "output_norm.weight": "model.norm.weight",
    }
    stored = {entry.name: entry for entry in reader.tensors}
    kinds = {stored[theirs].tensor_type.name for theirs in names}
    assert kinds == {"Q4_1", "Q8_0", "F32"}
    for theirs, ours in names.items():
        values = dequantize(stored[theirs].data, stored[theirs].tensor_type)
        assert torch.equal(found[ours], torch.from_numpy(values.copy()).to(torch.bfloat16))


def test_converted_tokenizer_round_trips_and_splits_digits_alone(language: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(language)
    text = "he said: 12 ½ déjà <|im_end|>"
    ids = tokenizer(text).input_ids
    assert tokenizer.decode(ids) == text
    assert ids[0] == made_up.VOCABULARY.index("he")
    assert ids[-1] == made_up.VOCABULARY.index("<|im_end|>")
    assert tokenizer.tokenize("a 12") == ["a", "Ġ", "1", "2"]


def test_converted_tokenizer_keeps_the_chat_template(language: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(language)
    text = tokenizer.apply_chat_template([{"role": "user", "content": "he"}], tokenize=False)
    assert text == "<|im_start|>he<|im_end|>"


def test_converting_twice_gives_the_same_bytes(language: Path, tmp_path: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    convert_language(tmp_path / "m.gguf", again)
    names = sorted(f.name for f in language.iterdir())
    assert names == sorted(f.name for f in again.iterdir())
    for name in names:
        assert (language / name).read_bytes() == (again / name).read_bytes()


def test_gguf_with_another_tokenizer_is_refused(tmp_path: Path) -> None:
    made_up.write_gguf(made_up.tiny_llama(), tmp_path / "m.gguf", pre="gpt-2")
    with pytest.raises(ModelError, match=r"m\.gguf has tokenizer\.ggml\.pre = 'gpt-2'"):
        convert_language(tmp_path / "m.gguf", tmp_path)


def test_file_that_is_no_gguf_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.gguf").write_bytes(b"no model at all" * 10)
    with pytest.raises(ModelError, match=r"m\.gguf is not a readable GGUF"):
        convert_language(tmp_path / "m.gguf", tmp_path)


def test_columns_are_scaled_each_by_its_own() -> None:
    linear = QuantisedLinear(
        quantised=np.array([[1, -128], [2, 3], [127, 0]], dtype=np.int8),
        zero_point=np.array([1, -2], dtype=np.int8),
        scale=np.array([0.5, 2.0], dtype=np.float32),
    )
    np.testing.assert_array_equal(linear.columns(), [[0.0, -252.0], [0.5, 10.0], [63.0, 4.0]])


def test_rebuilt_tower_computes_what_the_export_holds(tmp_path: Path) -> None:
    source = made_up.tiny_clip()
    made_up.write_onnx(source, tmp_path / "m.onnx")
    folder = tmp_path / "vision"
    folder.mkdir()
    convert_vision(tmp_path / "m.onnx", folder)
    tower = exact_tower(folder)
    pixels = torch.randn(2, 3, 8, 8, generator=torch.Generator().manual_seed(3))
    with torch.no_grad():
        torch.testing.assert_close(
            tower(pixels).image_embeds, source(pixels).image_embeds, rtol=0, atol=1e-6
        )
    assert CLIPImageProcessorPil.from_pretrained(folder).crop_size.height == 8


def test_onnx_without_a_tower_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"")
    with pytest.raises(ModelError, match=r"m\.onnx is no CLIP vision tower"):
        convert_vision(tmp_path / "m.onnx", tmp_path)


def test_file_that_is_no_onnx_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.onnx").write_bytes(b"garbage\xff\xff\xff")
    with pytest.raises(ModelError, match=r"m\.onnx is not a readable ONNX"):
        convert_vision(tmp_path / "m.onnx", tmp_path)
