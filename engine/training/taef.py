"""A tiny autoencoder of the FLUX.2 latent space, for VAE-reconstruction fakes (training only).

Source: TAEF2 weights of the TAESD project (MIT); the structure is described in the
development data and rebuilt here. It is not part of the product.
"""

from __future__ import annotations

from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

LATENT_CHANNELS = 32
STRIDE_PX = 8
WIDTH = 64


class _Block(nn.Module):
    """Residual block; optionally a pooled 1x1 branch first."""

    def __init__(self, channels: int, *, pool: bool = False) -> None:
        super().__init__()
        self.conv = nn.Sequential(
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
            nn.ReLU(),
            nn.Conv2d(channels, channels, 3, padding=1),
        )
        self.pool = (
            nn.Sequential(
                nn.Conv2d(channels, 4 * channels, 1, bias=False),
                nn.GroupNorm(4, 4 * channels),
                nn.ReLU(),
                nn.Conv2d(4 * channels, channels, 1, bias=False),
            )
            if pool
            else None
        )

    def forward(self, x: Tensor) -> Tensor:
        if self.pool is not None:
            x = x + self.pool(x)
        return torch.relu(self.conv(x) + x)


def _down(*, pool: bool) -> list[nn.Module]:
    return [
        nn.Conv2d(WIDTH, WIDTH, 3, stride=2, padding=1, bias=False),
        *(_Block(WIDTH, pool=pool) for _ in range(3)),
    ]


def _up(blocks: int) -> list[nn.Module]:
    return [
        nn.Upsample(scale_factor=2),
        nn.Conv2d(WIDTH, WIDTH, 3, padding=1, bias=False),
        *(_Block(WIDTH) for _ in range(blocks)),
    ]


class _SoftClamp(nn.Module):
    def forward(self, z: Tensor) -> Tensor:
        return torch.tanh(z / 3) * 3


def make_encoder() -> nn.Sequential:
    """Return the encoder, untrained: [1, 3, H, W] -> [1, 32, H / 8, W / 8]."""
    return nn.Sequential(
        nn.Conv2d(3, WIDTH, 3, padding=1),
        _Block(WIDTH),
        *_down(pool=False),
        *_down(pool=False),
        *_down(pool=True),
        nn.Conv2d(WIDTH, LATENT_CHANNELS, 3, padding=1),
    )


def make_decoder() -> nn.Sequential:
    """Return the decoder, untrained: [1, 32, h, w] -> [1, 3, 8 h, 8 w]."""
    return nn.Sequential(
        _SoftClamp(),
        nn.Conv2d(LATENT_CHANNELS, WIDTH, 3, padding=1),
        nn.ReLU(),
        *(_Block(WIDTH, pool=True) for _ in range(3)),
        *_up(3),
        *_up(3),
        *_up(1),
        nn.Conv2d(WIDTH, 3, 3, padding=1),
    )


class Taef2(nn.Module):
    """Encoder and decoder.

    Args:
        folder: holds ``encoder.safetensors`` and ``decoder.safetensors``.
    """

    def __init__(self, folder: Path) -> None:
        super().__init__()
        self.encoder, self.decoder = make_encoder(), make_decoder()
        for part, module in (("encoder", self.encoder), ("decoder", self.decoder)):
            module.load_state_dict(load_file(folder / f"{part}.safetensors"))
        self.requires_grad_(False).eval()

    def reconstruct(self, rgb: Tensor, *, noise: float = 0.0) -> Tensor:
        """Return the reconstruction of a picture.

        Args:
            rgb: [1, 3, H, W], 0..1, sides multiples of 8.
            noise: standard deviation of Gaussian noise added to the latent, as a share of
                the latent's own.

        Returns:
            [1, 3, H, W], 0..1.
        """
        z = self.encoder(rgb)
        if noise:
            z = z + noise * z.std() * torch.randn_like(z)
        out: Tensor = self.decoder(z)
        return out.clamp(0, 1)
