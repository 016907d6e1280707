"""A made-up installation in which packs are built, and what is done to its files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.vrm.packs.manifest import hash_file
from tests.engine.vrm import packs_made_up as made_up


@dataclass
class World:
    """A made-up installation: a catalogue, a folder of wheels, a user's data folder."""

    wheels: Path
    data: Path
    parts: list[dict[str, str | int]]
    catalogue: Path

    @property
    def pack(self) -> Path:
        return self.data / "packs" / "tiny"

    def pin(self, sha256: str, earlier: list[str] | None = None) -> None:
        made_up.write_catalogue(self.catalogue, self.parts, sha256=sha256, earlier=earlier)


def altered(file: Path) -> str:
    """Change one byte in the middle; return the new hash."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    return hash_file(file)
