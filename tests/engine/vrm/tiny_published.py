"""A tiny random checkpoint in the published layout, and what it must answer.

The answer is computed here by a plain forward hook on the output of layer 15, which shares
no code with the engine's injection.
"""

from __future__ import annotations

import copy
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace
from torch import Tensor
from transformers import PreTrainedTokenizerFast, Qwen2_5_VLForConditionalGeneration

from tests.engine.vrm.tiny_hosts import IMAGE, qwen25_config, randomise, tiny_inputs

LAYERS = 20
LAYOUTS = ("old", "new")
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m['role'] }} {{ m['content'] }}<|im_end|>{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>{% endif %}"
)


@dataclass
class Reference:
    """The model, V_a, and the hook that makes it the published method."""

    model: Any
    tower: Any

    def weights(self, layout: str) -> dict[str, Tensor]:
        """Return all weights under the names of one key layout."""
        found = {}
        for name, tensor in self.model.state_dict().items():
            key = name
            if layout == "old":
                key = key.replace("model.visual.", "visual.")
                key = key.replace("model.language_model.", "model.")
            found[key] = tensor.clone()
        prefix = "visual_low_level." if layout == "old" else "model.visual_low_level."
        for name, tensor in self.tower.state_dict().items():
            found[prefix + name] = tensor.clone()
        return found

    def tokens(self, inputs: dict[str, Tensor]) -> Tensor:
        with torch.no_grad():
            return self.tower(
                inputs["pixel_values"], grid_thw=inputs["image_grid_thw"]
            ).pooler_output

    def logits(
        self, inputs: dict[str, Tensor], *, inject: bool = True, tokens: Tensor | None = None
    ) -> Tensor:
        mask = inputs["input_ids"] == IMAGE
        tokens = self.tokens(inputs) if tokens is None else tokens

        def average(_layer: Any, _args: Any, output: Tensor) -> Tensor:
            output = output.clone()
            output[mask] = 0.5 * output[mask] + 0.5 * tokens
            return output

        layer = self.model.model.language_model.layers[15]
        handle = layer.register_forward_hook(average) if inject else None
        try:
            with torch.no_grad():
                return self.model(**inputs, mm_token_type_ids=mask.int(), use_cache=False).logits
        finally:
            if handle:
                handle.remove()

    def greedy(self, inputs: dict[str, Tensor], new: int) -> Tensor:
        ids = inputs["input_ids"]
        for _ in range(new):
            logits = self.logits({**inputs, "input_ids": ids})
            ids = torch.cat([ids, logits[:, -1:].argmax(-1)], dim=1)
        return ids


def reference() -> Reference:
    model = Qwen2_5_VLForConditionalGeneration(qwen25_config(num_hidden_layers=LAYERS)).eval()
    randomise(model)
    tower = copy.deepcopy(model.model.visual)
    randomise(tower, seed=1)
    return Reference(model, tower)


def write_config(folder: Path, config: dict[str, Any] | None = None) -> None:
    config = config or qwen25_config(num_hidden_layers=LAYERS).to_dict()
    (folder / "config.json").write_text(json.dumps(config))


def write_folder(folder: Path, weights: dict[str, Tensor]) -> Path:
    """Write a checkpoint folder with one weight file."""
    folder.mkdir(parents=True, exist_ok=True)
    write_config(folder)
    save_file(weights, folder / "model.safetensors")
    return folder


def write_tokenizer(folder: Path, *, template: str | None = TEMPLATE) -> None:
    """Write a word tokenizer whose image tokens are those of the tiny configuration."""
    words = [f"w{i}" for i in range(128)]
    words[:3] = ["<|pad|>", "<|im_start|>", "<|im_end|>"]
    words[3:13] = ["fake", "Fake", "FAKE", "real", "Real", "REAL", ".", "upper", "left", "user"]
    words[118:122] = ["<|vision_start|>", "<|vision_end|>", "<|image_pad|>", "<|video_pad|>"]
    words[122] = "<|unk|>"
    special = [w for w in words if w.startswith("<|")]
    vocabulary = {word: i for i, word in enumerate(words)}
    inner = Tokenizer(WordLevel(vocabulary, unk_token="<|unk|>"))
    inner.pre_tokenizer = Whitespace()
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=inner,
        unk_token="<|unk|>",
        pad_token="<|pad|>",
        additional_special_tokens=special,
        chat_template=template,
    )
    tokenizer.save_pretrained(folder)


def golden_tensors(ref: Reference, new: int = 5) -> dict[str, Tensor]:
    """Return two golden cases by the hook."""
    found = {}
    for case in (0, 1):
        inputs = tiny_inputs("qwen2_5_vl", seed=case)
        found |= {f"{case}.{name}": tensor for name, tensor in inputs.items()}
        found[f"{case}.low_level_image_embeds"] = ref.tokens(inputs)
        found[f"{case}.logits"] = ref.logits(inputs)
        found[f"{case}.generated_ids"] = ref.greedy(inputs, new)
    return found
