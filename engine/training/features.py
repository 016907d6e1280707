"""What the fast path's tower says of views: computed once, kept in a file, asked for by number.

Fitting probes is cheap, the tower is not. With every view's states on disk another probe, or a
fold without a source, costs seconds.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from engine.types import Image
from engine.vrm.int8_tower import PACK, TOWER, Int8Tower
from engine.vrm.packs import find_pack, require_sound
from engine.vrm.squares import middle_square, view_pixels

BLOCKS = 12
"""Depths of the tower; all are kept, so that probes of other depths need no new run."""
VIEW = "view"
"""Name under which a row keeps the number of its view."""
DIGEST_BYTES = 16

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Tower(Protocol):
    """What gives states; `engine.vrm.int8_tower.Int8Tower` does."""

    side_px: int
    width: int

    def states(self, view: NDArray[np.uint8]) -> list[Floats]:
        """Return the states of one view at each depth: [1 + patches, width]."""
        ...


class KeptFeatures:
    """Class token and mean patch of views at every depth, in a file that only grows.

    Args:
        tower: gives states at ``depths`` depths.
        file: made when the first view is added; what an interrupted run left torn is cut off.
        model: identity of the tower, for what is measured with it.
        depths: how many the tower gives.

    Attributes:
        side_px: of a view.
        model: as given.
    """

    def __init__(self, tower: Tower, file: Path, model: str = "", depths: int = BLOCKS) -> None:
        self._tower, self._file = tower, file
        self.side_px, self.model = tower.side_px, model
        self._record = np.dtype(
            [("digest", "<u8", (2,)), ("states", "<f2", (depths, 2, tower.width))]
        )
        self._numbers: dict[tuple[int, int], int] = {}
        if file.exists():
            whole = file.stat().st_size // self._record.itemsize
            with file.open("r+b") as kept:
                kept.truncate(whole * self._record.itemsize)
            if whole:
                digests = np.array(np.memmap(file, self._record, mode="r")["digest"])
                self._numbers = {(int(a), int(b)): n for n, (a, b) in enumerate(digests)}

    def number_of(self, view: NDArray[np.uint8]) -> int:
        """Return a view's number in the file; the tower runs if it is not there yet.

        Args:
            view: [side_px, side_px, 3].
        """
        hashed = hashlib.blake2b(np.ascontiguousarray(view).tobytes(), digest_size=DIGEST_BYTES)
        digest = np.frombuffer(hashed.digest(), "<u8")
        key = (int(digest[0]), int(digest[1]))
        if key not in self._numbers:
            record = np.zeros(1, self._record)
            record["digest"] = digest
            record["states"] = np.stack(
                [np.stack([x[0], x[1:].mean(0)]) for x in self._tower.states(view)]
            )
            self._file.parent.mkdir(parents=True, exist_ok=True)
            with self._file.open("ab") as out:
                out.write(record.tobytes())
            self._numbers[key] = len(self._numbers)
        return self._numbers[key]

    def log_odds(self, image: Image) -> dict[str, float]:
        """Return the number of the view that the fast path looks at, as ``measure`` keeps it."""
        box = middle_square(*image.pixels.shape[:2])
        return {VIEW: float(self.number_of(view_pixels(image.pixels, box, self.side_px)))}

    def of(self, numbers: Numbers, depths: Sequence[int]) -> NDArray[np.float16]:
        """Return features of views: class token, then mean patch, at each depth in order.

        Args:
            numbers: [N], from ``number_of``.
            depths: counted from 1.

        Returns:
            [N, depths * 2 * width].
        """
        kept = np.memmap(self._file, self._record, mode="r")["states"]
        out = np.empty((len(numbers), len(depths), *kept.shape[2:]), np.float16)
        for at, depth in enumerate(depths):
            out[:, at] = kept[:, depth - 1][numbers]
        return out.reshape(len(numbers), -1)


def shipped_features(folder: Path) -> KeptFeatures:
    """Return the features of the installed fast path's tower, kept in a run's folder.

    Raises:
        ModelError: the pack is missing or broken.
    """
    tower = shipped_tower(tuple(range(1, BLOCKS + 1)))
    model = find_pack(PACK).identity
    return KeptFeatures(tower, folder / f"features-{model[:12]}.bin", model)


def shipped_tower(depths: tuple[int, ...]) -> Int8Tower:
    """Return the installed fast path's tower.

    Raises:
        ModelError: the pack is missing or broken.
    """
    pack = find_pack(PACK)
    require_sound(pack)
    return Int8Tower(pack.part(TOWER).folder, depths)
