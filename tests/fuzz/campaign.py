"""Running damaged files through the real child processes, and counting what came of them."""

from __future__ import annotations

import hashlib
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.images.reading import Exhibit, exhibit_of
from engine.images.unpacker import Container, Unpacker
from engine.traces.inspection import inspect
from tests.fuzz.mutations import damaged
from tests.fuzz.seeds import CONTAINERS, seeds

LIMIT_S = 20.0
"""Longest time a damaged file may take in a child."""

HANG_S = LIMIT_S + 15.0
"""From here on the limit has not held: ending and starting a child takes a few seconds."""

KINDS = frozenset((
    "empty", "not_an_image", "unsupported_format", "truncated", "corrupt", "too_large",
    "too_small", "out_of_memory", "unsupported_samples", "timeout", "decoder_crashed",
    "encrypted", "unsupported_container", "too_deep", "too_many_members", "bomb", "changed",
))  # fmt: skip
"""What a refusal may be."""

MEMBERS = 4
"""Pictures of a damaged container that are decoded as well."""


FRAMES = 2
"""Frames of a damaged animation that are decoded besides the first."""


@dataclass(slots=True, kw_only=True)
class Tally:
    """What came of the files of one format."""

    files: int = 0
    decoded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    inspections_lost: int = 0
    """Pictures that were decoded and whose provenance could not be read."""
    hangs: int = 0
    slowest_s: float = 0.0
    unclear: list[str] = field(default_factory=list)
    """Files whose refusal is no clear one."""
    crashes: list[str] = field(default_factory=list)
    """Files on which a child broke down; its owner went on."""


class Campaign:
    """Damages files and decodes them.

    Args:
        seed: decides every damage.
        folder: where containers are put to be opened; empty.
    """

    def __init__(self, seed: int, folder: Path) -> None:
        self._seed = seed
        self._file = folder / "damaged"
        self._seeds = seeds()
        self.formats = tuple(self._seeds)
        self.tallies = {name: Tally() for name in self.formats}
        self.digest = hashlib.sha256()

    def case(self, index: int) -> tuple[str, bytes]:
        """Return format and bytes of a damaged file; the same for the same seed and index."""
        name = self.formats[index % len(self.formats)]
        random_ = random.Random(f"{self._seed} {index}")
        sound = self._seeds[name]
        others = sound if random_.random() < 0.7 else random_.choice([*self._seeds.values()])
        return name, damaged(random_.choice(sound), random_, others)

    def run(self, indices: range, tell: Callable[[int], None] = lambda _done: None) -> None:
        """Decode the files of these indices and count."""
        with Decoder(limit_s=LIMIT_S, inspect=inspect) as decoder, Unpacker(limit_s=LIMIT_S) as un:
            for index in indices:
                name, data = self.case(index)
                self.digest.update(data)
                began = time.monotonic()
                if name in CONTAINERS:
                    self._open(index, name, data, decoder, un)
                else:
                    self._decode(index, name, exhibit_of("a", data, container_sha256=None), decoder)
                took = time.monotonic() - began
                tally = self.tallies[name]
                tally.files += 1
                tally.slowest_s = max(tally.slowest_s, took)
                tally.hangs += took > HANG_S * (1 + MEMBERS * (name in CONTAINERS))
                tell(index)

    def _decode(self, index: int, name: str, exhibit: Exhibit, decoder: Decoder) -> None:
        tally = self.tallies[name]
        try:
            inspected = decoder.inspected(exhibit)
        except InputError as error:
            self._refused(index, name, error)
            return
        tally.decoded += 1
        if inspected.report is None:
            tally.inspections_lost += 1
            tally.crashes.append(f"{index} (inspection: {inspected.failure})")

    def _open(
        self, index: int, name: str, data: bytes, decoder: Decoder, unpacker: Unpacker
    ) -> None:
        self._file.write_bytes(data)
        taken = 0
        with Container(str(self._file)) as container:
            for entry in unpacker.entries(container, frames=FRAMES):
                if isinstance(entry, int):
                    break
                if entry.failure is not None:
                    self._refused(index, name, entry.failure)
                elif entry.exhibit is not None and taken < MEMBERS:
                    taken += 1
                    self._decode(index, name, entry.exhibit, decoder)
        if not taken:
            self.tallies[name].refused["no picture in it"] += 1

    def _refused(self, index: int, name: str, error: InputError) -> None:
        tally = self.tallies[name]
        tally.refused[error.kind] += 1
        if error.kind == "decoder_crashed":
            tally.crashes.append(str(index))
        if error.kind not in KINDS or len(str(error)) < 20 or "Traceback" in str(error):
            tally.unclear.append(f"{index}: {error.kind}: {error}")
