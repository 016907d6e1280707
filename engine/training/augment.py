"""What happens to a picture on its way to the model: drawn once for a group, done to all of it.

Real, reconstructed and generated pictures of a group get the same size, the same place, the same
kernels and the same compression, so that none of these can tell them apart.
"""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

Pixels = NDArray[np.uint8]

SIDES_PX = (128, 160, 192, 224, 256, 320)
"""Sides of training crops; multiples of the residual cell."""

KERNELS = (
    Image.Resampling.BILINEAR,
    Image.Resampling.BICUBIC,
    Image.Resampling.LANCZOS,
    Image.Resampling.BOX,
)

HISTORY_QUALITY = (72, 98)
"""A first JPEG compression that pictures without one are given, as photographs have had it."""
HISTORY_SHARE = 0.85
UNTOUCHED_SHARE = 0.3
SHRUNK_SHARE = 0.6
ALIGNED_SHARE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation of the chain that follows the crop."""

    name: str
    """``"jpeg"``, ``"webp"``, ``"avif"``, ``"blur"``, ``"noise"`` or ``"rescale"``."""
    amount: float
    """Quality, radius px, standard deviation of 0..255, or factor."""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipe:
    """Everything that is drawn for one group."""

    side_px: int
    shrink: float
    """0: native resolution; 1: the whole picture shrunk until its short side is ``side_px``."""
    kernel: Image.Resampling
    place: tuple[float, float]
    """Where the crop lies, 0..1 of the room there is, (y, x)."""
    aligned: bool
    """Whether the crop keeps the 8-px phase."""
    history: int | None
    """Quality of the first compression for pictures without one."""
    flip: bool
    chain: tuple[Step, ...]


def draw_recipe(rng: np.random.Generator, side_px: int, *, ease: float = 0.0) -> Recipe:
    """Draw how one group is treated.

    Args:
        rng: source of chance.
        side_px: of the crop.
        ease: share of groups that stay at native resolution without a chain, for a start.
    """
    easy = ease > 0 and bool(rng.random() < ease)
    history = int(rng.integers(*HISTORY_QUALITY)) if rng.random() < HISTORY_SHARE else None
    return Recipe(
        side_px=side_px,
        shrink=float(rng.random()) if rng.random() < SHRUNK_SHARE and not easy else 0.0,
        kernel=KERNELS[int(rng.integers(len(KERNELS)))],
        place=(float(rng.random()), float(rng.random())),
        aligned=bool(rng.random() < ALIGNED_SHARE),
        history=history,
        flip=bool(rng.random() < 0.5),
        chain=() if easy or rng.random() < UNTOUCHED_SHARE else _draw_chain(rng),
    )


def _draw_chain(rng: np.random.Generator) -> tuple[Step, ...]:
    steps: list[Step] = []
    if rng.random() < 0.15:
        steps.append(Step(name="blur", amount=float(rng.uniform(0.3, 1.2))))
    if rng.random() < 0.15:
        seed = int(rng.integers(2**31))
        steps.append(Step(name="noise", amount=float(rng.uniform(1, 6)), seed=seed))
    if rng.random() < 0.2:
        steps.append(Step(name="rescale", amount=float(rng.uniform(0.5, 1.0))))
    kind = rng.random()
    if kind < 0.65:
        steps.append(Step(name="jpeg", amount=float(rng.integers(45, 98))))
        if rng.random() < 0.2:
            steps.append(Step(name="jpeg", amount=float(rng.integers(60, 96))))
    elif kind < 0.85:
        steps.append(Step(name="webp", amount=float(rng.integers(50, 96))))
    elif kind < 0.9:
        steps.append(Step(name="avif", amount=float(rng.integers(50, 90))))
    return tuple(steps)


def apply(pixels: Pixels, recipe: Recipe, *, had_jpeg: bool) -> Pixels:
    """Return the crop that the model is shown.

    Args:
        pixels: [H, W, 3], short side >= ``recipe.side_px``.
        recipe: drawn for the group.
        had_jpeg: whether the pixels went through JPEG already.

    Returns:
        [side_px, side_px, 3].
    """
    picture = Image.fromarray(pixels)
    if recipe.history is not None and not had_jpeg:
        picture = encode(picture, "JPEG", recipe.history)
    side = recipe.side_px
    short = min(picture.size)
    factor = (side / short) ** recipe.shrink
    if factor < 1:
        size = tuple(max(side, round(s * factor)) for s in picture.size)
        picture = picture.resize((size[0], size[1]), recipe.kernel)
    y = int(recipe.place[0] * (picture.height - side))
    x = int(recipe.place[1] * (picture.width - side))
    if recipe.aligned:
        x, y = x // 8 * 8, y // 8 * 8
    picture = picture.crop((x, y, x + side, y + side))
    if recipe.flip:
        picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
    return run_chain(np.asarray(picture), recipe.chain)


def run_chain(pixels: Pixels, chain: tuple[Step, ...]) -> Pixels:
    """Return the pixels after every step, same size."""
    picture = Image.fromarray(pixels)
    for step in chain:
        picture = _run(picture, step)
    return np.asarray(picture)


def _run(picture: Image.Image, step: Step) -> Image.Image:
    match step.name:
        case "blur":
            return picture.filter(ImageFilter.GaussianBlur(step.amount))
        case "noise":
            rng = np.random.default_rng(step.seed)
            noisy = np.asarray(picture) + rng.normal(0, step.amount, (*picture.size[::-1], 1))
            return Image.fromarray(noisy.round().clip(0, 255).astype(np.uint8))
        case "rescale":
            size = (round(picture.width * step.amount), round(picture.height * step.amount))
            small = picture.resize(size, Image.Resampling.BILINEAR)
            return small.resize(picture.size, Image.Resampling.BICUBIC)
        case _:
            return encode(picture, step.name.upper(), int(step.amount))


def encode(picture: Image.Image, format_: str, quality: int) -> Image.Image:
    """Return the picture as it comes back from a lossy file."""
    with io.BytesIO() as f:
        picture.save(f, format=format_, quality=quality)
        with Image.open(io.BytesIO(f.getvalue())) as back:
            return back.convert("RGB")
