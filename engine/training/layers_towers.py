"""The shipped towers and R, frozen, on many pictures; the decoder has no part in this."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn import functional

from engine.errors import InputError
from engine.training.augment import Pixels
from engine.training.data import PoolImage
from engine.training.layers_data import (
    Log,
    Samples,
    Shown,
    Sizes,
    caption_samples,
    captioned_photographs,
    d1_samples,
    d2_samples,
    load_samples,
    save_samples,
    train_samples,
)
from engine.vrm.artifact import cells_of_picture
from engine.vrm.mini import GRID, VIEW_PX, Mini, normalise

TOWER_BATCH = 18
MEAN_OF = 90
"""Training pictures that the means are taken over."""

TOKEN_KINDS = ("both", "V_a", "R", "R resized")
"""Artifact tokens that can be kept: of the whole path; with R's cells, or the tower's states,
replaced by their mean; with R looking at the 224-px view instead of native pixels."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Means:
    """What stands in for the half of the artifact path that is taken away."""

    shared: dict[int, Tensor]
    """[1, 197, width] by depth."""
    cells: Tensor
    """[1, C, 7, 7]."""


class Towers:
    """Runs the shipped, frozen towers and R on pictures.

    Args:
        model: the mini with its trained artifact path, in evaluation mode.
        kinds: which artifact tokens to make; none of them for captions alone.
        means: needed for the kinds that take one half away.
    """

    def __init__(self, model: Mini, kinds: tuple[str, ...], means: Means | None = None) -> None:
        self._model, self._kinds, self._means = model, kinds, means

    @torch.inference_mode()
    def run(self, pictures: Iterable[Shown]) -> Samples:
        """Return the samples of pictures, taken a few at a time."""
        grids: list[Tensor] = []
        tokens: dict[str, list[Tensor]] = {kind: [] for kind in self._kinds}
        kept: list[tuple[int, str, tuple[str, ...]]] = []
        for part in _parts(pictures, TOWER_BATCH):
            shared, grid = self._semantic(part)
            grids.append(grid)
            native = self._cells([p.native for p in part] if self._kinds else [])
            for kind in self._kinds:
                found = self._artifact(kind, part, shared, native)
                tokens[kind].append(found.to(torch.bfloat16))
            kept.extend((p.kind, p.source, p.captions) for p in part)
        if not kept:
            raise InputError("There is no picture to run the towers on: see the manifest.")
        return Samples(
            grid=torch.cat(grids),
            tokens={kind: torch.cat(parts) for kind, parts in tokens.items()},
            kind=torch.tensor([k for k, _, _ in kept]),
            sources=tuple(s for _, s, _ in kept),
            captions=tuple(c for _, _, c in kept),
        )

    @torch.inference_mode()
    def means_of(self, pictures: Iterable[Shown]) -> Means:
        """Return mean shared states and mean cells over pictures."""
        sums: dict[int, Tensor] = {}
        cells, count = torch.zeros(1, self._model.residual.channels, GRID, GRID), 0
        for part in _parts(pictures, TOWER_BATCH):
            shared, _ = self._semantic(part)
            for depth, x in shared.items():
                sums[depth] = sums.get(depth, 0) + x.float().sum(0, keepdim=True)
            cells += self._cells([p.native for p in part]).sum(0, keepdim=True)
            count += len(part)
        return Means(shared={d: x / count for d, x in sums.items()}, cells=cells / count)

    def _semantic(self, part: list[Shown]) -> tuple[dict[int, Tensor], Tensor]:
        """Return the shared states and what V_o's projector is given."""
        seen: list[Tensor] = []
        hook = self._model.projector.register_forward_pre_hook(lambda _, x: seen.append(x[0]))
        view = normalise(torch.stack([p.view for p in part]))
        try:
            with _autocast():
                shared = self._model.shared_states(view)
                self._model.semantic_tokens(shared)
        finally:
            hook.remove()
        return shared, seen[0].to(torch.bfloat16)

    def _artifact(
        self, kind: str, part: list[Shown], shared: dict[int, Tensor], native: Tensor
    ) -> Tensor:
        n = len(part)
        if kind == "V_a":
            native = self._known().cells.expand(n, -1, -1, -1)
        elif kind == "R resized":
            native = self._cells([_resized(p.native) for p in part])
        elif kind == "R":
            dtype = shared[1].dtype
            shared = {d: x.expand(n, -1, -1).to(dtype) for d, x in self._known().shared.items()}
        with _autocast():
            return self._model.artifact_tokens(shared, native)

    def _known(self) -> Means:
        if self._means is None:
            raise InputError("Tokens of one half of the artifact path need the other's mean.")
        return self._means

    def _cells(self, natives: list[Pixels]) -> Tensor:
        """Return R's cells, pooled to the tokens' boxes: [B, C, 7, 7]."""
        pooled = []
        for native in natives:
            with _autocast():
                cells, _ = cells_of_picture(self._model.residual, native)
            pooled.append(functional.adaptive_avg_pool2d(cells.float(), (GRID, GRID)))
        return torch.stack(pooled) if pooled else torch.empty(0)


def _autocast() -> torch.autocast:
    return torch.autocast("cpu", dtype=torch.bfloat16)


def _resized(native: Pixels) -> Pixels:
    small = Image.fromarray(native).resize((VIEW_PX, VIEW_PX), Image.Resampling.BICUBIC)
    return np.asarray(small)


def _parts(pictures: Iterable[Shown], size: int) -> Iterator[list[Shown]]:
    part: list[Shown] = []
    for picture in pictures:
        part.append(picture)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Sets:
    """Everything that the decoder is trained and measured on."""

    train: Samples
    """Groups of photograph, reconstruction and AI picture of the training side."""
    d1: Samples
    """Real and AI pictures of the calibration side."""
    d2: Samples
    """Photographs of the calibration side, each followed by its reconstruction."""
    captions: Samples
    """Captioned photographs for the projector."""
    held_out: Samples
    """Captioned photographs that the projector does not see."""


def prepare(
    model: Mini,
    sides: dict[str, list[PoolImage]],
    weights: Path,
    work: Path,
    *,
    sizes: Sizes,
    kinds: tuple[str, ...],
    seed: int,
    made_from: Mapping[str, str],
    log: Log,
) -> Sets:
    """Return all sets, from files of an earlier call where they hold what is wanted.

    Args:
        model: the shipped mini, in evaluation mode.
        sides: of the pool; the test side is not touched.
        weights: the autoencoder's folder.
        work: where crops, reconstructions and tokens are kept.
        sizes: how many.
        kinds: artifact tokens that will be needed.
        seed: of the training batches.
        made_from: hashes of what the sets hang on; other ones ask for another folder.
        log: told how far it is.

    Raises:
        InputError: the folder holds sets of other settings, or pictures are missing.
    """
    work.mkdir(parents=True, exist_ok=True)
    _require_same(work / "sizes.json", {**asdict(sizes), "seed": seed, **made_from})
    photographs = captioned_photographs(sides["train"])
    held_out, captions = (
        photographs[: sizes.held_out_captions],
        photographs[sizes.held_out_captions :],
    )
    hidden = {i.sha256 for i in held_out}
    train = [i for i in sides["train"] if i.sha256 not in hidden]

    def training() -> Iterator[Shown]:
        return train_samples(train, weights, work, sizes, seed=seed, log=log)

    sources: dict[str, tuple[Callable[[], Iterator[Shown]], tuple[str, ...]]] = {
        "captions": (lambda: caption_samples(captions), ()),
        "train": (training, kinds),
        "d1": (lambda: d1_samples(sides["calibration"], sizes), kinds),
        "d2": (lambda: d2_samples(sides["calibration"], weights, work, sizes, log), kinds),
        "held_out": (lambda: caption_samples(held_out), kinds),
    }
    means: Means | None = None
    ready: dict[str, Samples] = {}
    for name, (pictures, wanted) in sources.items():
        file = work / f"{name}.safetensors"
        if file.exists() and set(wanted) <= load_samples(file).tokens.keys():
            ready[name] = load_samples(file)
            continue
        if means is None and {"V_a", "R"} & set(wanted):
            means = Towers(model, ()).means_of(islice(training(), MEAN_OF))
        save_samples(Towers(model, wanted, means).run(pictures()), file)
        ready[name] = load_samples(file)
        log(f"towers: {name}, {len(ready[name])} pictures")
    return Sets(**ready)


def _require_same(file: Path, wanted: dict[str, int | str]) -> None:
    if not file.exists():
        file.write_text(json.dumps(wanted) + "\n", encoding="utf-8")
    elif (found := json.loads(file.read_text(encoding="utf-8"))) != wanted:
        raise InputError(
            f"{file.parent} holds sets made with {found}, now {wanted} are wanted: name another "
            "--work folder."
        )
