"""From a picture and a question to the inputs of any host family, in a checkpoint folder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from torch import Tensor
from transformers import AutoTokenizer
from transformers.models.got_ocr2.image_processing_pil_got_ocr2 import GotOcr2ImageProcessorPil
from transformers.models.llava_onevision.image_processing_pil_llava_onevision import (
    LlavaOnevisionImageProcessorPil,
)
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.models.smolvlm.image_processing_pil_smolvlm import SmolVLMImageProcessorPil

from engine.errors import ModelError
from engine.vrm.checkpoint import read_json
from engine.vrm.published_inputs import MIN_PIXELS, PIXEL_BUDGET
from engine.vrm.wrapper import DeepVrm

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """How one family is shown a picture: in one view, with its own words around it."""

    processor: Callable[[Any, dict[str, Any]], Any]
    """(model configuration, settings of the checkpoint) -> image processor."""
    before: str
    """Words that open a picture."""
    after: str
    """Words that close it."""


def _qwen(config: Any, settings: dict[str, Any]) -> Any:
    vision = config.vision_config
    return Qwen2VLImageProcessorPil(
        size={"shortest_edge": MIN_PIXELS, "longest_edge": PIXEL_BUDGET},
        patch_size=vision.patch_size,
        temporal_patch_size=vision.temporal_patch_size,
        merge_size=vision.spatial_merge_size,
        **settings,
    )


def _square(config: Any) -> dict[str, int]:
    side = config.vision_config.image_size
    height, width = side if isinstance(side, list | tuple) else (side, side)
    return {"height": int(height), "width": int(width)}


def _internvl(config: Any, settings: dict[str, Any]) -> Any:
    return GotOcr2ImageProcessorPil(size=_square(config), crop_to_patches=False, **settings)


def _smolvlm(config: Any, settings: dict[str, Any]) -> Any:
    side = _square(config)["height"]
    return SmolVLMImageProcessorPil(
        size={"longest_edge": side},
        max_image_size={"longest_edge": side},
        do_image_splitting=False,
        **settings,
    )


def _llava(config: Any, settings: dict[str, Any]) -> Any:
    return LlavaOnevisionImageProcessorPil(
        size=_square(config), image_grid_pinpoints=config.image_grid_pinpoints, **settings
    )


_QWEN = Family(processor=_qwen, before="<|vision_start|>", after="<|vision_end|>")
FAMILIES = {
    "qwen2_5_vl": _QWEN,
    "qwen3_vl": _QWEN,
    "internvl": Family(processor=_internvl, before="<img>", after="</img>"),
    "smolvlm": Family(
        processor=_smolvlm,
        before="<fake_token_around_image><global-img>",
        after="<fake_token_around_image>",
    ),
    "llava_onevision": Family(processor=_llava, before="", after=""),
}
"""Model type -> how it is shown a picture."""


class HostInputs:
    """Prepares pictures and questions for one host, and knows its words for the answers.

    The picture comes last in the question, as published. How many tokens it takes is asked of
    the host's own tower, so that no family's arithmetic is written down twice.

    Args:
        folder: of the checkpoint, with its tokenizer.
        vrm: the loaded model.

    Raises:
        ModelError: the family or the tokenizer cannot be used.
    """

    def __init__(self, folder: Path, vrm: DeepVrm) -> None:
        kind = vrm.host.model_type
        self._family, self._vrm = FAMILIES[kind], vrm
        try:
            self._tokenizer = AutoTokenizer.from_pretrained(
                folder, local_files_only=True, trust_remote_code=False
            )
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise ModelError(f"The tokenizer in {folder} cannot be loaded: {error}.") from error
        if self._tokenizer.chat_template is None:
            raise ModelError(f"The tokenizer in {folder} has no chat template.")
        settings: dict[str, Any] = {}
        if (folder / "preprocessor_config.json").is_file():
            found = read_json(folder / "preprocessor_config.json")
            settings = {k: found[k] for k in ("image_mean", "image_std") if k in found}
        self._processor = self._family.processor(vrm.model.config, settings)
        self._image_id: int = vrm.model.config.image_token_id
        self._image_word: str = self._tokenizer.convert_ids_to_tokens(self._image_id)

    def prepare(self, pixels: Pixels, question: str, answer: str = "") -> dict[str, Tensor]:
        """Return the host's inputs for one picture, a batch of one.

        Args:
            pixels: [H, W, 3], sRGB.
            question: what is asked; the picture follows it.
            answer: what the assistant is to say; its end is added. Nothing when empty.
        """
        seen = dict(self._processor(images=PilImage.fromarray(pixels), return_tensors="pt"))
        shown = {k: seen[k] for k in self._vrm.host.image_inputs if k in seen}
        with torch.no_grad():
            count = self._vrm.artifact_tokens(self._moved(shown)).shape[0]
        picture = f"{self._family.before}{self._image_word}{self._family.after}"
        chat = [{"role": "user", "content": f"{question} {picture}"}]
        ids = self._ids(self._text(chat))
        if ids.count(self._image_id) != 1:
            raise ModelError("The chat template of the host loses or repeats the image.")
        if answer:
            chat += [{"role": "assistant", "content": answer}]
            ids = ids + self.answer_ids(question, picture, answer)
        at = ids.index(self._image_id)
        ids[at : at + 1] = [self._image_id] * count
        return self._moved({**shown, "input_ids": torch.tensor([ids])})

    def answer_ids(self, question: str, picture: str, answer: str) -> list[int]:
        """Return the tokens of an answer, its end included.

        Args:
            question: what was asked.
            picture: the words of the picture.
            answer: what is said.

        Raises:
            ModelError: the chat template words the question otherwise once it is answered.
        """
        chat = [{"role": "user", "content": f"{question} {picture}"}]
        begun = self._text(chat)
        whole: str = self._tokenizer.apply_chat_template(
            [*chat, {"role": "assistant", "content": answer}], tokenize=False
        )
        if not whole.startswith(begun):
            raise ModelError("The chat template changes a question when it is answered.")
        return self._ids(whole.removeprefix(begun).rstrip("\n"))

    def length_of(self, answer: str) -> int:
        """Return how many tokens an answer takes, its end included."""
        return len(self.answer_ids("w", self._image_word, answer))

    def _text(self, chat: list[dict[str, str]]) -> str:
        text: str = self._tokenizer.apply_chat_template(
            chat, tokenize=False, add_generation_prompt=True
        )
        return text

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False)
        return ids

    def _moved(self, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        device = self._vrm.model.device
        dtype = next(self._vrm.artifact.parameters()).dtype
        return {
            k: v.to(device, dtype) if v.is_floating_point() else v.to(device)
            for k, v in inputs.items()
        }
