"""Turns a llama-layout GGUF file into a folder of packed weights, configuration and tokenizer.

The blocks of the GGUF are kept as they are under the names that transformers gives the tensors,
and the tokenizer is written out field by field: the same GGUF gives the same bytes everywhere.

Source: GGUF specification (ggml), MIT; block formats Q4_1, Q8_0 and others through the
``gguf`` package, MIT. The tokenizer's digit splitting is that of the ``smollm``
pre-tokenizer the GGUF names.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from numpy.typing import NDArray

from engine.errors import ModelError
from engine.vrm.packs.packed import PACKED_NAME, Q4_1, Q8_0, Arrays, write_packed

CONTROL_TOKEN = 3
"""Token type "control" in a GGUF vocabulary: a special token, never split."""

OUTER_NAMES = {
    "token_embd.weight": "model.embed_tokens.weight",
    "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight",
}
BLOCK_NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
KINDS = {
    gguf.GGMLQuantizationType.F32: "",
    gguf.GGMLQuantizationType.Q4_1: f":{Q4_1}",
    gguf.GGMLQuantizationType.Q8_0: f":{Q8_0}",
}
"""What is added to a tensor's name for the form it is stored in."""
BLOCK_PATTERN = re.compile(r"blk\.(\d+)\.(\w+)\.weight")


def convert_language(
    source: Path, folder: Path, on_step: Callable[[int, int], None] | None = None
) -> None:
    """Write a language model's folder from a GGUF file.

    Args:
        source: the GGUF file, architecture ``llama``, byte-level BPE tokenizer ``smollm``.
        folder: an empty folder; gets ``packed.safetensors`` (expands to bfloat16),
            ``config.json``, ``generation_config.json``, ``tokenizer.json``,
            ``tokenizer_config.json`` and ``chat_template.jinja``.
        on_step: called with (tensors done, tensors in all).

    Raises:
        ModelError: the file is no GGUF, of another architecture or tokenizer, or a tensor is stored
            in a form that is not expanded here.
    """
    try:
        reader = gguf.GGUFReader(str(source))
        meta = {name: field.contents() for name, field in reader.fields.items()}
    except (ValueError, KeyError, IndexError, OSError) as error:
        raise ModelError(f"{source.name} is not a readable GGUF file: {error}.") from error
    _refuse_unknown(source, meta)
    config = _config(meta, tied=all(t.name != "output.weight" for t in reader.tensors))
    write_packed(folder / PACKED_NAME, _tensors(reader, config, on_step), "bfloat16")
    _write_json(folder / "config.json", config)
    special = {k: config[k] for k in ("bos_token_id", "eos_token_id", "pad_token_id")}
    _write_json(folder / "generation_config.json", special)
    _write_json(folder / "tokenizer.json", _tokenizer(meta), indent=None)
    _write_json(folder / "tokenizer_config.json", _tokenizer_config(meta))
    template = str(meta["tokenizer.chat_template"])
    (folder / "chat_template.jinja").write_text(template, encoding="utf-8", newline="\n")


def _refuse_unknown(source: Path, meta: dict[str, Any]) -> None:
    wanted = {
        "general.architecture": "llama",
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
    }
    for key, value in wanted.items():
        if meta.get(key) != value:
            raise ModelError(
                f"{source.name} has {key} = {meta.get(key)!r}; only {value!r} can be converted."
            )
    if "tokenizer.chat_template" not in meta:
        raise ModelError(f"{source.name} has no chat template: it is not an instruct model.")


def _config(meta: dict[str, Any], *, tied: bool) -> dict[str, Any]:
    heads = int(meta["llama.attention.head_count"])
    width = int(meta["llama.embedding_length"])
    return {
        "architectures": ["LlamaForCausalLM"],
        "model_type": "llama",
        "hidden_size": width,
        "intermediate_size": int(meta["llama.feed_forward_length"]),
        "num_hidden_layers": int(meta["llama.block_count"]),
        "num_attention_heads": heads,
        "num_key_value_heads": int(meta["llama.attention.head_count_kv"]),
        "head_dim": width // heads,
        "vocab_size": len(meta["tokenizer.ggml.tokens"]),
        "max_position_embeddings": int(meta["llama.context_length"]),
        # The file keeps both as float32; six digits give back the numbers that were meant.
        "rms_norm_eps": float(f"{meta['llama.attention.layer_norm_rms_epsilon']:.6g}"),
        "rope_parameters": {
            "rope_theta": float(f"{meta['llama.rope.freq_base']:.6g}"),
            "rope_type": "default",
        },
        "hidden_act": "silu",
        "attention_bias": False,
        "mlp_bias": False,
        "tie_word_embeddings": tied,
        "bos_token_id": int(meta["tokenizer.ggml.bos_token_id"]),
        "eos_token_id": int(meta["tokenizer.ggml.eos_token_id"]),
        "pad_token_id": int(meta["tokenizer.ggml.padding_token_id"]),
        "dtype": "bfloat16",
    }


def _tensors(
    reader: gguf.GGUFReader,
    config: dict[str, Any],
    on_step: Callable[[int, int], None] | None,
) -> Arrays:
    tensors = {}
    total = len(reader.tensors)
    for done, entry in enumerate(reader.tensors, start=1):
        name, heads = _name(entry.name, config)
        if entry.tensor_type not in KINDS:
            known = ", ".join(kind.name for kind in KINDS)
            raise ModelError(
                f"The GGUF stores {entry.name!r} as {entry.tensor_type.name}; known are {known}."
            )
        values = np.array(entry.data)
        if heads is not None:
            values = _unpermute(values, heads)
        tensors[name + KINDS[entry.tensor_type]] = values
        if on_step is not None:
            on_step(done, total)
    return tensors


def _name(name: str, config: dict[str, Any]) -> tuple[str, int | None]:
    """Return the transformers name, and the number of heads where rows are permuted."""
    if name in OUTER_NAMES:
        return OUTER_NAMES[name], None
    match = BLOCK_PATTERN.fullmatch(name)
    if match is None or match[2] not in BLOCK_NAMES:
        raise ModelError(f"The GGUF holds a tensor {name!r} that a llama model does not have.")
    heads = {"attn_q": "num_attention_heads", "attn_k": "num_key_value_heads"}.get(match[2])
    full = f"model.layers.{match[1]}.{BLOCK_NAMES[match[2]]}.weight"
    return full, None if heads is None else int(config[heads])


def _unpermute(values: NDArray[Any], heads: int) -> NDArray[Any]:
    """Undo GGUF's interleaving of rotary pairs: [out, ...] rows back to two halves a head.

    A row is a whole number of blocks, so that blocks move as values do.
    """
    out_dim, in_dim = values.shape
    pairs = values.reshape(heads, out_dim // heads // 2, 2, in_dim)
    return pairs.swapaxes(1, 2).reshape(out_dim, in_dim)


def _tokenizer(meta: dict[str, Any]) -> dict[str, Any]:
    tokens: list[str] = meta["tokenizer.ggml.tokens"]
    kinds: list[int] = meta["tokenizer.ggml.token_type"]
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True}
    flags = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            {"id": i, "content": token, **flags, "special": True}
            for i, (token, kind) in enumerate(zip(tokens, kinds, strict=True))
            if kind == CONTROL_TOKEN
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [
                {"type": "Digits", "individual_digits": True},
                {**byte_level, "use_regex": True},
            ],
        },
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True, "use_regex": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": "",
            "end_of_word_suffix": "",
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: i for i, token in enumerate(tokens)},
            "merges": [merge.split(" ") for merge in meta["tokenizer.ggml.merges"]],
        },
    }


def _tokenizer_config(meta: dict[str, Any]) -> dict[str, Any]:
    tokens = meta["tokenizer.ggml.tokens"]

    def token(kind: str) -> str:
        return str(tokens[int(meta[f"tokenizer.ggml.{kind}_token_id"])])

    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": token("bos"),
        "eos_token": token("eos"),
        "unk_token": token("unknown"),
        "pad_token": token("padding"),
        "model_max_length": int(meta["llama.context_length"]),
        "clean_up_tokenization_spaces": False,
    }


def _write_json(file: Path, body: dict[str, Any], indent: int | None = 2) -> None:
    text = json.dumps(body, indent=indent, ensure_ascii=False)
    file.write_text(text + "\n", encoding="utf-8", newline="\n")
