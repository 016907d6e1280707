"""The artifact encoder's other half: a small residual CNN that never sees a resized picture.

Source: the design joins the published artifact encoder V_a (arXiv 2606.15880, a copy of the
host's tower) with fixed residual filters in front of a small trunk. Filters: nearest-neighbour
up-down residual (NPR, arXiv 2312.10461, section 3), median residual, spatial rich model kernels
(Fridrich and Kodovsky 2012, doi 10.1109/TIFS.2012.2190402), undecimated Haar details.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from engine.vrm import heat
from engine.vrm.views import pixel_tensor

CELL_PX = heat.CELL_PX
"""Side of one residual cell in native pixels: the trunk's stride."""

RESIDUAL_SCALE = 16.0
RESIDUAL_CLIP = 4.0
"""Residuals of 0..1 pixels are multiplied and cut, so that edges do not drown the noise."""

FRONT_CHANNELS = 3 + 1 + 3 + 3


class ResidualFront(nn.Module):
    """Fixed high-pass filters: [B, 3, H, W] in 0..1 -> [B, 10, H, W], cut to +-4."""

    kernels: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("kernels", _fixed_kernels(), persistent=False)

    def forward(self, rgb: Tensor) -> Tensor:
        """Return the residuals of a batch whose sides are multiples of 2.

        Always in float32: half a grey level, which bfloat16 rounds away, is what they are about.
        """
        with torch.autocast(rgb.device.type, enabled=False):
            return self._residuals(rgb.float())

    def _residuals(self, rgb: Tensor) -> Tensor:
        small = rgb[..., ::2, ::2]
        npr = rgb - functional.interpolate(small, scale_factor=2, mode="nearest")
        gray = rgb.mean(1, keepdim=True)
        edged = functional.pad(gray, (1, 1, 1, 1), mode="replicate")
        height, width = gray.shape[-2:]
        shifts = [
            edged[..., dy : dy + height, dx : dx + width] for dy in range(3) for dx in range(3)
        ]
        median = gray - torch.stack(shifts, 0).median(0).values
        wide = functional.pad(gray, (2, 2, 2, 2), mode="replicate")
        fixed = functional.conv2d(wide, self.kernels)
        residual = torch.cat([npr, median, fixed], dim=1) * RESIDUAL_SCALE
        return residual.clamp(-RESIDUAL_CLIP, RESIDUAL_CLIP)


def _fixed_kernels() -> Tensor:
    """Return six 5x5 kernels: three of the spatial rich model, three Haar details."""
    srm = torch.zeros(3, 5, 5)
    srm[0, 2, 1:4] = torch.tensor([1.0, -2.0, 1.0]) / 2
    srm[1, 1:4, 1:4] = torch.tensor([[-1.0, 2, -1], [2, -4, 2], [-1, 2, -1]]) / 4
    srm[2] = (
        torch.tensor(
            [
                [-1.0, 2, -2, 2, -1],
                [2, -6, 8, -6, 2],
                [-2, 8, -12, 8, -2],
                [2, -6, 8, -6, 2],
                [-1, 2, -2, 2, -1],
            ]
        )
        / 12
    )
    haar = torch.zeros(3, 5, 5)
    haar[0, 2:4, 2:4] = torch.tensor([[1.0, -1], [1, -1]]) / 2
    haar[1, 2:4, 2:4] = torch.tensor([[1.0, 1], [-1, -1]]) / 2
    haar[2, 2:4, 2:4] = torch.tensor([[1.0, -1], [-1, 1]]) / 2
    return torch.cat([srm, haar])[:, None]


class _Residual(nn.Module):
    def __init__(self, channels: int) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
            nn.SiLU(),
            nn.Conv2d(channels, channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(channels),
        )

    def forward(self, x: Tensor) -> Tensor:
        return functional.silu(x + self.body(x))


def _down(inside: int, outside: int) -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(inside, outside, 3, stride=2, padding=1, bias=False),
        nn.BatchNorm2d(outside),
        nn.SiLU(),
    )


class ResidualCnn(nn.Module):
    """R: residual cells of native pixels.

    Args:
        channels: width of a cell's features.
    """

    def __init__(self, channels: int = 128) -> None:
        super().__init__()
        self.channels = channels
        self.front = ResidualFront()
        self.trunk = nn.Sequential(
            _down(FRONT_CHANNELS, 32),
            _down(32, 64),
            _Residual(64),
            _down(64, 96),
            _Residual(96),
            _down(96, channels),
            _Residual(channels),
        )
        self.cell_head = nn.Conv2d(channels, 1, 1)
        self.head = nn.Linear(2 * channels, 1)

    def cells(self, rgb: Tensor) -> Tensor:
        """Return features of each cell.

        Args:
            rgb: native pixels [B, 3, H, W], 0..1, sides multiples of CELL_PX.

        Returns:
            [B, channels, H / 16, W / 16].
        """
        out: Tensor = self.trunk(self.front(rgb))
        return out

    def cell_logits(self, cells: Tensor) -> Tensor:
        """Return a log-odds of "generated" for each cell: [B, C, h, w] -> [B, h, w]."""
        out: Tensor = self.cell_head(cells)
        return out[:, 0]

    def logit(self, cells: Tensor) -> Tensor:
        """Return a log-odds for each picture from its cells, two or more: [B, C, h, w] -> [B]."""
        flat = cells.flatten(2)
        pooled = torch.cat([flat.mean(-1), flat.std(-1)], dim=-1)
        out: Tensor = self.head(pooled)
        return out[:, 0]


WINDOW_PX = 512
MAX_COVERED_MEGAPIXELS = 4.0
"""Up to here every pixel is looked at; of larger pictures, evenly spread windows."""
SPREAD_WINDOW_PX = 256


def windows(height: int, width: int) -> list[tuple[int, int, int, int]]:
    """Return the windows R looks at: (y, x, h, w), on the grid of cells, sides multiples of it.

    Windows keep the memory flat; origins are multiples of 16, hence of JPEG's 8. No window is a
    sliver beside larger ones: R was trained on crops, and a thin one is mostly border.

    Args:
        height: of the picture, px.
        width: of the picture, px.
    """
    rows, cols = height // CELL_PX, width // CELL_PX
    share = MAX_COVERED_MEGAPIXELS * 1e6 / max(1, rows * cols * CELL_PX**2)
    if share >= 1:
        down, across = _even_spans(rows), _even_spans(cols)
    else:
        short = _spread_spans(min(rows, cols), share**0.5)
        rest = min(1.0, share * min(rows, cols) / sum(length for _, length in short))
        long = _spread_spans(max(rows, cols), rest)
        down, across = (short, long) if rows <= cols else (long, short)
    return [
        (y * CELL_PX, x * CELL_PX, h * CELL_PX, w * CELL_PX) for y, h in down for x, w in across
    ]


def _even_spans(cells: int) -> list[tuple[int, int]]:
    """Return (start, length) of the fewest nearly equal parts that fit a window, in cells."""
    parts = -(-cells * CELL_PX // WINDOW_PX)
    edges = [round(i * cells / max(1, parts)) for i in range(parts + 1)]
    return [(a, b - a) for a, b in pairwise(edges)]


def _spread_spans(cells: int, share: float) -> list[tuple[int, int]]:
    """Return (start, length) of small windows that cover about ``share``, evenly, in cells."""
    side = SPREAD_WINDOW_PX // CELL_PX
    if cells <= side:
        return [(0, cells)]
    count = round(cells / side * share)
    if count <= 1:
        return [((cells - side) // 2, side)]
    return [(round(i * (cells - side) / (count - 1)), side) for i in range(count)]


@torch.inference_mode()
def cells_of_picture(model: ResidualCnn, pixels: NDArray[np.uint8]) -> tuple[Tensor, Tensor]:
    """Return R's cells of a whole picture, window by window.

    Args:
        model: R, in evaluation mode.
        pixels: [H, W, 3], sides >= 16.

    Returns:
        Features [C, H // 16, W // 16], and a bool mask [H // 16, W // 16] of the cells that were
        looked at; features of the others are the mean of those that were.
    """
    features, _, seen = see_cells(model, pixels)
    return features, seen


@torch.inference_mode()
def see_cells(model: ResidualCnn, pixels: NDArray[np.uint8]) -> tuple[Tensor, Tensor, Tensor]:
    """Return R's cells and what its fixed filters answer there; arguments as above.

    Returns:
        Features [C, H // 16, W // 16], mean absolute residuals [FRONT_CHANNELS, H // 16, W // 16],
        and the mask of the cells that were looked at; the others hold the mean of those.
    """
    height, width = pixels.shape[:2]
    rows, cols = height // CELL_PX, width // CELL_PX
    out = torch.zeros(model.channels, rows, cols)
    filters = torch.zeros(FRONT_CHANNELS, rows, cols)
    seen = torch.zeros(rows, cols, dtype=torch.bool)
    for y, x, h, w in windows(height, width):
        front = model.front(pixel_tensor(pixels[y : y + h, x : x + w])[None])
        top, left = y // CELL_PX, x // CELL_PX
        inside = (slice(None), slice(top, top + h // CELL_PX), slice(left, left + w // CELL_PX))
        out[inside] = model.trunk(front)[0].float()
        filters[inside] = functional.avg_pool2d(front.abs(), CELL_PX)[0].float()
        seen[inside[1:]] = True
    if not bool(seen.all()):
        for cells in (out, filters):
            cells[:, ~seen] = cells[:, seen].mean(1, keepdim=True)
    return out, filters, seen


def pool_to_boxes(cells: Tensor, grid: tuple[int, int]) -> Tensor:
    """Average cell features into the boxes that the visual tokens cover in the picture.

    Args:
        cells: [B, C, h, w], covering the same part of the picture as the tokens.
        grid: (rows, columns) of visual tokens.

    Returns:
        [B, rows * columns, C], reading order.
    """
    return functional.adaptive_avg_pool2d(cells, grid).flatten(2).transpose(1, 2)
