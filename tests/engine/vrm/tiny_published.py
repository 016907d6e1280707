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
from torch import Tensor
from transformers import Qwen2_5_VLForConditionalGeneration

from tests.engine.vrm.tiny_hosts import IMAGE, qwen25_config, randomise, tiny_inputs

LAYERS = 20
LAYOUTS = ("old", "new")


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

    def logits(self, inputs: dict[str, Tensor], *, inject: bool = True) -> Tensor:
        mask, tokens = inputs["input_ids"] == IMAGE, self.tokens(inputs)

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
