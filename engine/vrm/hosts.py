"""The multimodal models that can carry the artifact path, and what differs between them.

A family needs one entry in ``HOSTS``: where its decoder layers lie, which of its parts turn
pixels into tokens, and which inputs those parts take. Everything else is the same code for all.

Source: the classes of transformers 5.23 named by ``model_type``; run on random configurations
in ``tests/engine/vrm/test_hosts.py``.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

from engine.errors import ModelError

_ATTENTION_AND_MLP = r"\..+"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Encoded:
    """An encoder's output, under the names by which hosts take it back."""

    pooler_output: Tensor | tuple[Tensor, ...]
    """Tokens of the images, [N, d], or one tensor of each image."""
    deepstack_features: tuple[tuple[Tensor, ...], ...] = ()
    """Of each layer that DeepStack adds to: one tensor of each image, [n, d]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    """One family of multimodal models, as ``…ForConditionalGeneration`` of transformers."""

    model_type: str
    """The family's name in its configuration, such as ``"qwen2_5_vl"``."""
    decoder: str
    """Child of ``model.model`` that holds the decoder's ``layers``."""
    encoder: tuple[str, ...]
    """Children (modules, parameters) of ``model.model`` that turn pixels into tokens: V_o."""
    encoder_linears: str
    """Regular expression of the encoder parts that hold V_a's linear layers. Leaves out heads
    whose output no token depends on."""
    image_inputs: tuple[str, ...]
    """Inputs of the encoder; the first is required, the others are taken when given."""
    token_types: bool = False
    """Whether positions are wrong without ``mm_token_type_ids`` (Qwen's three-axis rotary)."""
    one_tensor: bool = False
    """Whether tokens of all images are taken back as one tensor, not one of each image."""

    def layers(self, model: Any) -> nn.ModuleList:
        """Return the decoder's layers, first to last."""
        found: nn.ModuleList = getattr(model.model, self.decoder).layers
        return found

    def norm(self, model: Any) -> nn.Module:
        """Return the decoder's last normalisation."""
        found: nn.Module = getattr(model.model, self.decoder).norm
        return found

    def position_offset(self, model: Any, row: int) -> int:
        """Return what the last prompt's positions run ahead of a plain count of its tokens.

        Qwen gives all tokens of an image few positions, so its count is behind.

        Args:
            model: the host, after a prompt.
            row: which prompt of the batch.
        """
        if not self.token_types:
            return 0
        return int(model.model.rope_deltas[row].item())

    def encoded(self, images: Sequence[Encoded]) -> Encoded:
        """Return the encoder's output for several images, in the form that the host takes back.

        Args:
            images: the encoder's output for each, as `single` gives it.
        """
        tokens = tuple(image.pooler_output[0] for image in images)
        deep = zip(*(image.deepstack_features for image in images), strict=True)
        return Encoded(
            pooler_output=torch.cat(tokens) if self.one_tensor else tokens,
            deepstack_features=tuple(tuple(image[0] for image in layer) for layer in deep),
        )

    def single(self, output: Any) -> Encoded:
        """Return the encoder's output for one image, as far as the host takes it back.

        Args:
            output: what the host's own ``get_image_features`` returned.
        """
        tokens = torch.cat([f.reshape(-1, f.shape[-1]) for f in output.pooler_output])
        deep = getattr(output, "deepstack_features", None) or ()
        return Encoded(
            pooler_output=(tokens,),
            deepstack_features=tuple((torch.cat(tuple(layer)),) for layer in deep),
        )

    def place(self, attention: Tensor) -> Tensor | None:
        """Return the positions of prompts that are padded on the left; None: the host knows them.

        Qwen counts the words and image rows of each prompt itself. The others count padding in,
        unless they are told.

        Args:
            attention: 1 where a position is no padding, [batch, length].
        """
        return None if self.token_types else (attention.cumsum(-1) - 1).clamp(min=0)

    def positions(self, text: Tensor) -> Tensor:
        """Return the positions of text after the image, as the decoder takes them.

        Args:
            text: [batch, length].
        """
        return text[None].expand(3, -1, -1) if self.token_types else text

    def dim(self, model: Any) -> int:
        """Return the decoder's width d."""
        width: int = model.config.get_text_config().hidden_size
        return width

    def first_layer(self, model: Any) -> int:
        """Return the smallest possible K.

        DeepStack adds encoder states to the output of the first layers, at the positions of
        the injection; before those layers are over the two would mix.
        """
        return len(getattr(model.config.vision_config, "deepstack_visual_indexes", None) or ())

    def check_layer(self, model: Any, layer: int) -> None:
        """Refuse an injection layer K that this model cannot have.

        Raises:
            ModelError: K lies outside the decoder, or where DeepStack still adds.
        """
        count, first = len(self.layers(model)), self.first_layer(model)
        if not 0 <= layer < count:
            raise ModelError(
                f"Injection before layer {layer} is not possible: the decoder of "
                f"{self.model_type} has {count} layers, 0 to {count - 1}."
            )
        if layer < first:
            raise ModelError(
                f"Injection before layer {layer} is not possible: DeepStack of {self.model_type} "
                f"adds to layers 0 to {first - 1}; use {first} or more."
            )

    def image_mask(self, model: Any, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return where the image tokens are: bool [batch, length]."""
        mask: Tensor = inputs["input_ids"] == model.config.image_token_id
        return mask

    def complete(self, model: Any, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """Return the inputs with what can be derived: token types where positions need them.

        Raises:
            ModelError: ids or pixels are missing.
        """
        for name in ("input_ids", self.image_inputs[0]):
            if inputs.get(name) is None:
                raise ModelError(f"The inputs of {self.model_type} lack {name!r}.")
        full = {name: value for name, value in inputs.items() if value is not None}
        if self.token_types and "mm_token_type_ids" not in full:
            full["mm_token_type_ids"] = self.image_mask(model, inputs).to(torch.int32)
        return full

    def decoder_pattern(self, model: Any, layer: int) -> str:
        """Return the expression for all linear layers of decoder layers >= ``layer``.

        It names the decoder too, because layer numbers alone also match vision towers.
        """
        numbers = "|".join(str(i) for i in range(layer, len(self.layers(model))))
        return rf"model\.{self.decoder}\.layers\.({numbers}){_ATTENTION_AND_MLP}"


HOSTS = (
    Host(
        model_type="qwen2_5_vl",
        decoder="language_model",
        encoder=("visual",),
        encoder_linears=r"visual\.(blocks|merger)",
        image_inputs=("pixel_values", "image_grid_thw"),
        token_types=True,
    ),
    Host(
        model_type="qwen3_vl",
        decoder="language_model",
        encoder=("visual",),
        encoder_linears=r"visual\.(blocks|merger)",
        image_inputs=("pixel_values", "image_grid_thw"),
        token_types=True,
    ),
    Host(
        model_type="internvl",
        decoder="language_model",
        encoder=("vision_tower", "multi_modal_projector"),
        encoder_linears=r"(vision_tower\.encoder|multi_modal_projector)",
        image_inputs=("pixel_values",),
        one_tensor=True,
    ),
    Host(
        model_type="smolvlm",
        decoder="text_model",
        encoder=("vision_model", "connector"),
        encoder_linears=r"(vision_model\.encoder|connector)",
        image_inputs=("pixel_values", "pixel_attention_mask"),
    ),
    Host(
        model_type="llava_onevision",
        decoder="language_model",
        encoder=("vision_tower", "multi_modal_projector", "image_newline"),
        encoder_linears=r"(vision_tower\.encoder|multi_modal_projector)",
        image_inputs=("pixel_values", "image_sizes", "batch_num_images"),
    ),
)


def host_of(model: Any) -> Host:
    """Return the family of a model.

    Raises:
        ModelError: the family is not known.
    """
    return host_of_type(model.config.model_type)


def host_of_type(name: str) -> Host:
    """Return the family of a name.

    Raises:
        ModelError: the family is not known.
    """
    for host in HOSTS:
        if host.model_type == name:
            return host
    known = ", ".join(host.model_type for host in HOSTS)
    raise ModelError(f"Models of type {name!r} cannot carry the artifact path; known: {known}.")


class ArtifactEncoder(nn.Module):
    """V_a: an own copy of the host's image path, with its own merger or projector.

    The copies hang in an empty shell of the host's class, so that the host's own code for
    image features runs on them: same pixels, one token per image position, same order.

    Args:
        host: the family.
        model: the host model to copy from; its weights are V_a's start.
    """

    def __init__(self, host: Host, model: Any) -> None:
        super().__init__()
        kind: Any = type(model.model)
        shell = kind.__new__(kind)
        nn.Module.__init__(shell)  # the class's own would build a whole host
        shell.config = model.model.config
        for name in host.encoder:
            setattr(shell, name, copy.deepcopy(getattr(model.model, name)))
        shell.train(model.training)
        self.parts = shell
        self._inputs = host.image_inputs
        self.pattern = rf"parts\.{host.encoder_linears}{_ATTENTION_AND_MLP}"

    def forward(self, inputs: Mapping[str, Tensor]) -> Tensor:
        """Return the artifact tokens of all images in reading order, [N, d].

        Args:
            inputs: the host's inputs; those of the encoder are picked out.
        """
        picked = {name: inputs[name] for name in self._inputs if inputs.get(name) is not None}
        features = self.parts.get_image_features(**picked, return_dict=True).pooler_output
        return torch.cat([f.reshape(-1, f.shape[-1]) for f in features])
