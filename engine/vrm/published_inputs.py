"""From a picture and a question to the inputs of a published checkpoint, and its answer words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from torch import Tensor
from torch.nn import functional
from transformers import AutoTokenizer
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil

from engine.errors import InputError, ModelError
from engine.vrm.checkpoint import read_json

PIXEL_BUDGET = 512 * 512
"""Most pixels the model is shown (arXiv 2606.15880, training details)."""

MIN_PIXELS = 56 * 56
"""Fewest pixels the model is shown; the host's own default."""

MAX_ASPECT = 200
"""Longest side over shortest that the host's resizing accepts."""


class PublishedInputs:
    """Prepares inputs of one checkpoint.

    Args:
        folder: with the host's tokenizer files; ``preprocessor_config.json`` is used when there.
        config: the loaded model's configuration.

    Raises:
        ModelError: tokenizer files are missing or do not fit the model.
    """

    def __init__(self, folder: Path, config: Any) -> None:
        self._tokenizer = _tokenizer(folder)
        vision = config.vision_config
        self._merge: int = vision.spatial_merge_size
        settings: dict[str, Any] = {}
        file = folder / "preprocessor_config.json"
        if file.is_file():
            found = read_json(file)
            settings = {k: found[k] for k in ("image_mean", "image_std") if k in found}
        self._processor = Qwen2VLImageProcessorPil(
            size={"shortest_edge": MIN_PIXELS, "longest_edge": PIXEL_BUDGET},
            patch_size=vision.patch_size,
            temporal_patch_size=vision.temporal_patch_size,
            merge_size=vision.spatial_merge_size,
            **settings,
        )
        self._image_id: int = config.image_token_id
        pad = self._tokenizer.pad_token_id
        self._pad_id: int = 0 if pad is None else pad  # padding is masked: any word will do
        words = self._tokenizer.convert_ids_to_tokens(
            [config.vision_start_token_id, config.image_token_id, config.vision_end_token_id]
        )
        if None in words:
            raise ModelError(f"The tokenizer in {folder} has no words for the image tokens.")
        self._image_words = "".join(words)
        self.fake_ids, self.real_ids = self._spellings("fake"), self._spellings("real")
        both = set(self.fake_ids) & set(self.real_ids)
        if both:
            raise ModelError(f"The tokenizer in {folder} begins 'real' and 'fake' alike: {both}.")

    def prepare(self, pixels: NDArray[np.uint8], question: str) -> dict[str, Tensor]:
        """Return the host's inputs for a question with the picture after it.

        Args:
            pixels: [H, W, 3], sRGB.
            question: what is asked.

        Raises:
            InputError: the picture is more than 200 times longer than wide.
        """
        height, width = pixels.shape[:2]
        if max(height, width) > MAX_ASPECT * min(height, width):
            raise InputError(
                f"The picture is {width} x {height} px; this model takes pictures up to "
                f"{MAX_ASPECT} times longer than wide.",
                kind="unsupported",
            )
        seen = self._processor(images=PilImage.fromarray(pixels), return_tensors="pt")
        ids = self._ids(question, seen["image_grid_thw"][0])
        return {
            "input_ids": torch.tensor([ids]),
            "pixel_values": seen["pixel_values"],
            "image_grid_thw": seen["image_grid_thw"],
        }

    def prepare_many(
        self, pictures: Sequence[NDArray[np.uint8]], question: str
    ) -> dict[str, Tensor]:
        """Return the inputs of a batch, one row a picture, padded on the left.

        Args:
            pictures: each [H, W, 3], sRGB.
            question: what is asked of each.

        Raises:
            InputError: a picture is more than 200 times longer than wide.
        """
        singles = [self.prepare(pixels, question) for pixels in pictures]
        length = max(single["input_ids"].shape[1] for single in singles)
        ids, attention = [], []
        for single in singles:
            row = single["input_ids"][0]
            padding = length - len(row)
            ids.append(functional.pad(row, (padding, 0), value=self._pad_id))
            attention.append(functional.pad(torch.ones_like(row), (padding, 0)))
        return {
            "input_ids": torch.stack(ids),
            "attention_mask": torch.stack(attention),
            "pixel_values": torch.cat([single["pixel_values"] for single in singles]),
            "image_grid_thw": torch.cat([single["image_grid_thw"] for single in singles]),
        }

    def next_turn(self, question: str, answer: str, then: str) -> Tensor:
        """Return what follows a prompt once it is answered and a next question asked: [length].

        Args:
            question: of the prompt.
            answer: what the model is taken to have answered.
            then: the next question; it is about the same picture.

        Raises:
            ModelError: the chat template words the first turn otherwise once others follow it.
        """
        chat = [{"role": "user", "content": f"{question} {self._image_words}"}]
        begun = self._chat(chat)
        chat += [{"role": "assistant", "content": answer}, {"role": "user", "content": then}]
        whole = self._chat(chat)
        if not whole.startswith(begun):
            raise ModelError(
                "The chat template of the checkpoint changes the first turn when others follow: "
                "its explanation cannot go on from the verdict. Use --no-explain."
            )
        ids = self._tokenizer.encode(whole.removeprefix(begun), add_special_tokens=False)
        return torch.tensor(ids)

    def _chat(self, chat: list[dict[str, str]]) -> str:
        text: str = self._tokenizer.apply_chat_template(
            chat, tokenize=False, add_generation_prompt=True
        )
        return text

    def _ids(self, question: str, grid: Tensor) -> list[int]:
        count = int(grid.prod()) // self._merge**2
        text = self._chat([{"role": "user", "content": f"{question} {self._image_words}"}])
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        if ids.count(self._image_id) != 1:
            raise ModelError("The chat template of the checkpoint loses or repeats the image.")
        at = ids.index(self._image_id)
        ids[at : at + 1] = [self._image_id] * count
        return ids

    def grids(self, inputs: dict[str, Tensor]) -> list[tuple[int, int]]:
        """Return (rows, columns) of the visual tokens of each picture."""
        found = inputs["image_grid_thw"].tolist()
        return [(rows // self._merge, columns // self._merge) for _, rows, columns in found]

    def grid(self, inputs: dict[str, Tensor]) -> tuple[int, int]:
        """Return (rows, columns) of the visual tokens of the first picture."""
        return self.grids(inputs)[0]

    def log_odds(self, logits: Tensor) -> Tensor:
        """Return log-odds of "fake", all spellings of both words: [..., vocabulary] -> [...]."""
        x = logits.float()
        fake = torch.logsumexp(x[..., self.fake_ids], dim=-1)
        return fake - torch.logsumexp(x[..., self.real_ids], dim=-1)

    def decode(self, ids: list[int]) -> str:
        """Return generated tokens as text."""
        text: str = self._tokenizer.decode(ids, skip_special_tokens=True)
        return text

    def _spellings(self, word: str) -> list[int]:
        forms = (word, word.capitalize(), word.upper(), " " + word, " " + word.capitalize())
        ids = {self._tokenizer.encode(form, add_special_tokens=False)[0] for form in forms}
        return sorted(ids)


def _tokenizer(folder: Path) -> Any:
    if not (folder / "tokenizer.json").is_file():
        raise ModelError(
            f"{folder} has no tokenizer.json: copy the tokenizer files of Qwen2.5-VL there "
            "(tokenizer.json, tokenizer_config.json, chat_template.json)."
        )
    try:
        tokenizer = AutoTokenizer.from_pretrained(
            folder, local_files_only=True, trust_remote_code=False
        )
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}.") from error
    if tokenizer.chat_template is None:
        file = folder / "chat_template.json"
        template = read_json(file).get("chat_template") if file.is_file() else None
        if template is None:
            raise ModelError(f"{folder} has no chat template: copy chat_template.json there.")
        tokenizer.chat_template = template
    return tokenizer
