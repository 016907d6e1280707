"""From a picture and a question to the inputs of any host family, in a checkpoint folder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from engine.vrm.checkpoint import read_json
from engine.vrm.host_views import Layout, Pixels, Views
from engine.vrm.host_words import Words

_PREPROCESSOR = "preprocessor_config.json"


class HostInputs:
    """Prepares pictures and questions for one host.

    The picture comes last in the question, as published.

    Args:
        folder: with the host's tokenizer files; ``preprocessor_config.json`` is used when there.
        config: the loaded model's configuration, of a known family.

    Raises:
        ModelError: tokenizer files are missing or do not fit the model.
    """

    def __init__(self, folder: Path, config: Any) -> None:
        settings: dict[str, Any] = {}
        if (folder / _PREPROCESSOR).is_file():
            found = read_json(folder / _PREPROCESSOR)
            settings = {k: found[k] for k in ("image_mean", "image_std") if k in found}
        self.views = Views(config, settings)
        """Shows pictures to the host."""
        family = self.views.family
        self.words = Words(folder, config.image_token_id, before=family.before, after=family.after)
        """The host's words."""

    def prepare(self, pixels: Pixels, question: str, answer: str = "") -> dict[str, Tensor]:
        """Return the host's inputs for one picture, a batch of one, on the CPU.

        Args:
            pixels: [H, W, 3], sRGB.
            question: what is asked; the picture follows it.
            answer: what the assistant is to say; its end is added. Nothing when empty.

        Raises:
            InputError: the picture is more than 200 times longer than wide.
        """
        inputs = self.ask([self.views.show(pixels)], question)
        if answer:
            said = torch.tensor([self.words.answer(question, answer)])
            inputs["input_ids"] = torch.cat([inputs["input_ids"], said], dim=1)
            inputs["attention_mask"] = torch.ones_like(inputs["input_ids"])
        return inputs

    def prepare_many(self, pictures: Sequence[Pixels], question: str) -> dict[str, Tensor]:
        """Return the inputs of a batch, one row a picture, padded on the left.

        Args:
            pictures: each [H, W, 3], sRGB.
            question: what is asked of each.

        Raises:
            InputError: a picture is more than 200 times longer than wide.
        """
        return self.ask([self.views.show(pixels) for pixels in pictures], question)

    def ask(self, shown: Sequence[Mapping[str, Tensor]], question: str) -> dict[str, Tensor]:
        """Return the inputs of a batch of pictures that were shown before.

        Args:
            shown: what `Views.show` made of each.
            question: what is asked of each.
        """
        joined = self.views.join(shown)
        return {**self.texts(self.layouts(joined), question), **joined}

    def texts(self, layouts: Sequence[Layout], question: str) -> dict[str, Tensor]:
        """Return the words of a batch, padded on the left: ids and mask, [batch, length].

        Args:
            layouts: of its pictures.
            question: what is asked of each.
        """
        rows = [torch.tensor(self.words.prompt(question, len(layout.cells))) for layout in layouts]
        length = max(len(row) for row in rows)
        ids = [functional.pad(r, (length - len(r), 0), value=self.words.pad_id) for r in rows]
        mask = [functional.pad(torch.ones_like(r), (length - len(r), 0)) for r in rows]
        return {"input_ids": torch.stack(ids), "attention_mask": torch.stack(mask)}

    def layouts(self, inputs: Mapping[str, Tensor]) -> list[Layout]:
        """Return where the tokens of each picture of a batch lie."""
        return self.views.layouts(inputs)
