"""How each host family is shown a picture: in which squares, and where its tokens lie on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image as PilImage
from torch import Tensor
from torch.nn import functional
from transformers.models.got_ocr2.image_processing_pil_got_ocr2 import GotOcr2ImageProcessorPil
from transformers.models.llava_onevision.image_processing_pil_llava_onevision import (
    LlavaOnevisionImageProcessorPil,
)
from transformers.models.llava_onevision.modeling_llava_onevision import (
    LlavaOnevisionModel,
    get_anyres_image_grid_shape,
)
from transformers.models.qwen2_vl.image_processing_pil_qwen2_vl import Qwen2VLImageProcessorPil
from transformers.models.smolvlm.image_processing_pil_smolvlm import SmolVLMImageProcessorPil

from engine.errors import InputError
from engine.vrm.hosts import host_of_type

Pixels = NDArray[np.uint8]

PIXEL_BUDGET = 512 * 512
"""Most pixels a host is shown (arXiv 2606.15880, training details)."""

MIN_PIXELS = 56 * 56
"""Fewest pixels that a host of native proportions is shown; Qwen's own default."""

MAX_ASPECT = 200
"""Longest side over shortest that the hosts' resizing accepts."""

PIXELS = "pixel_values"
_SIZES = ("image_grid_thw", "image_sizes")
"""Inputs that say how large a picture is; which of them there are depends on the family."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Where the tokens of one picture lie on it."""

    grid: tuple[int, int]
    """(rows, columns) of cells that are laid over the whole picture."""
    cells: Tensor
    """Each token's cell, in reading order of cells; -1 for tokens of no place. int64 [tokens]."""

    def on_cells(self, shares: Tensor) -> Tensor:
        """Return what the tokens of each cell give together: [tokens] -> [rows * columns]."""
        placed = self.cells >= 0
        rows, columns = self.grid
        return torch.zeros(rows * columns).index_add(0, self.cells[placed], shares[placed])


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """What one family does with a picture."""

    processor: Callable[[Any, dict[str, Any]], Any]
    """(model configuration, settings of the checkpoint) -> image processor."""
    layouts: Callable[[Any, Mapping[str, Tensor]], list[Layout]]
    """(model configuration, inputs of a batch) -> layout of each picture."""
    before: str = ""
    """Words that open a picture."""
    after: str = ""
    """Words that close it."""
    shrunk: bool = False
    """Whether larger pictures are brought to `PIXEL_BUDGET` first, because the processor itself
    would cut them into many squares."""


def _qwen(config: Any, settings: dict[str, Any]) -> Any:
    vision = config.vision_config
    return Qwen2VLImageProcessorPil(
        size={"shortest_edge": MIN_PIXELS, "longest_edge": PIXEL_BUDGET},
        patch_size=vision.patch_size,
        temporal_patch_size=vision.temporal_patch_size,
        merge_size=vision.spatial_merge_size,
        **settings,
    )


def _qwen_layouts(config: Any, shown: Mapping[str, Tensor]) -> list[Layout]:
    merge = config.vision_config.spatial_merge_size
    grids = shown["image_grid_thw"].tolist()
    return [_filled(rows // merge, columns // merge) for _, rows, columns in grids]


def _internvl(config: Any, settings: dict[str, Any]) -> Any:
    return GotOcr2ImageProcessorPil(size=_square(config), crop_to_patches=False, **settings)


def _internvl_layouts(config: Any, shown: Mapping[str, Tensor]) -> list[Layout]:
    patch = config.vision_config.patch_size
    height, width = patch if isinstance(patch, list | tuple) else (patch, patch)
    side = _square(config)
    rows = int(side["height"] // height * config.downsample_ratio)
    columns = int(side["width"] // width * config.downsample_ratio)
    return [_filled(rows, columns)] * len(shown[PIXELS])


def _smolvlm(config: Any, settings: dict[str, Any]) -> Any:
    side = _square(config)["height"]
    return SmolVLMImageProcessorPil(
        size={"longest_edge": side},
        max_image_size={"longest_edge": side},
        do_image_splitting=False,
        **settings,
    )


def _smolvlm_layouts(config: Any, shown: Mapping[str, Tensor]) -> list[Layout]:
    side = _square(config)["height"] // config.vision_config.patch_size // config.scale_factor
    return [_filled(side, side)] * len(shown[PIXELS])


def _llava(config: Any, settings: dict[str, Any]) -> Any:
    return LlavaOnevisionImageProcessorPil(
        size=_square(config), image_grid_pinpoints=config.image_grid_pinpoints, **settings
    )


def _llava_layouts(config: Any, shown: Mapping[str, Tensor]) -> list[Layout]:
    """The base view's cells take up the tokens of the finer views; row ends have no place.

    How many finer tokens are left of a picture is asked of the host's own packing, by letting it
    pack rows and columns instead of features.
    """
    vision = config.vision_config
    side = vision.image_size // vision.patch_size
    base = _filled(side, side)
    found = []
    for size in shown["image_sizes"]:
        down, across = get_anyres_image_grid_shape(
            size.tolist(), config.image_grid_pinpoints, vision.image_size
        )
        views = torch.zeros(1 + down * across, side * side, 1)
        (packed,), _ = LlavaOnevisionModel.pack_image_features(
            SimpleNamespace(config=config),
            [views],
            size[None],
            image_newline=torch.ones(1),
            vision_aspect_ratio=config.vision_aspect_ratio,
        )
        ends = packed[side * side :, 0] > 0
        rows = int(ends.sum())
        columns = len(ends) // rows - 1
        row = (torch.arange(rows) + 0.5) / rows * side
        column = (torch.arange(columns) + 0.5) / columns * side
        fine = row.long()[:, None] * side + column.long()[None]
        fine = functional.pad(fine, (0, 1), value=-1).flatten()
        found.append(Layout(grid=base.grid, cells=torch.cat([base.cells, fine])))
    return found


def _square(config: Any) -> dict[str, int]:
    side = config.vision_config.image_size
    height, width = side if isinstance(side, list | tuple) else (side, side)
    return {"height": int(height), "width": int(width)}


def _filled(rows: int, columns: int) -> Layout:
    return Layout(grid=(rows, columns), cells=torch.arange(rows * columns))


_QWEN = Family(
    processor=_qwen,
    layouts=_qwen_layouts,
    before="<|vision_start|>",
    after="<|vision_end|>",
)
FAMILIES = {
    "qwen2_5_vl": _QWEN,
    "qwen3_vl": _QWEN,
    "internvl": Family(
        processor=_internvl, layouts=_internvl_layouts, before="<img>", after="</img>"
    ),
    "smolvlm": Family(
        processor=_smolvlm,
        layouts=_smolvlm_layouts,
        before="<fake_token_around_image><global-img>",
        after="<fake_token_around_image>",
    ),
    "llava_onevision": Family(processor=_llava, layouts=_llava_layouts, shrunk=True),
}
"""Model type -> how it is shown a picture. Qwen's hosts keep its proportions; InternVL and SmolVLM
are shown one square that it is squeezed into; LLaVA-OneVision one such square and finer ones."""


class Views:
    """Shows pictures to one host.

    Args:
        config: the model's configuration.
        settings: of the checkpoint's image processor: means and spreads of the channels.
    """

    def __init__(self, config: Any, settings: dict[str, Any]) -> None:
        self.family = FAMILIES[config.model_type]
        """How this host is shown a picture."""
        self._config = config
        self._processor = self.family.processor(config, settings)
        self._names = host_of_type(config.model_type).image_inputs

    def show(self, pixels: Pixels) -> dict[str, Tensor]:
        """Return the inputs of one picture, on the CPU, in float32.

        Args:
            pixels: [H, W, 3], sRGB.

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
        image = PilImage.fromarray(pixels)
        if self.family.shrunk and height * width > PIXEL_BUDGET:
            scale = math.sqrt(PIXEL_BUDGET / (height * width))
            size = (max(1, int(width * scale)), max(1, int(height * scale)))
            image = image.resize(size, PilImage.Resampling.BICUBIC)
        seen = self._processor(images=image, return_tensors="pt")
        return {name: seen[name] for name in self._names if name in seen}

    def join(self, shown: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
        """Return the inputs of several pictures as those of a batch."""
        joined = {}
        for name in shown[0]:
            parts = [each[name] for each in shown]
            if parts[0].ndim > 4:
                # Pictures of fewer squares are filled up; the host leaves the filling out.
                most = max(part.shape[1] for part in parts)
                parts = [
                    functional.pad(p, (0, 0) * (p.ndim - 2) + (0, most - p.shape[1])) for p in parts
                ]
            joined[name] = torch.cat(parts)
        return joined

    def layouts(self, shown: Mapping[str, Tensor]) -> list[Layout]:
        """Return where the tokens of each picture of a batch lie."""
        return self.family.layouts(self._config, shown)

    def blank(
        self, shown: Mapping[str, Tensor], row: int
    ) -> tuple[tuple[int, ...], dict[str, Tensor]]:
        """Return plain mid-grey as large as a picture of a batch, and a name for that size.

        Args:
            shown: the batch.
            row: which picture.
        """
        one = {n: t[row : row + 1] for n, t in shown.items() if n != PIXELS and n in self._names}
        size = tuple(int(x) for name in _SIZES if name in one for x in one[name][0])
        pixels = shown[PIXELS]
        if "image_grid_thw" in one:  # patches of all pictures one after the other
            grey = pixels.new_zeros(int(one["image_grid_thw"].prod()), *pixels.shape[1:])
        else:
            grey = torch.zeros_like(pixels[row : row + 1])
        return size, {**one, PIXELS: grey}
