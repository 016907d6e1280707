"""The data files of provenance: rules and lists with a version and a source in each row."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from engine import paths
from engine.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class TextRule:
    """A text that a generator writes."""

    id: str
    generator: str
    place: re.Pattern[str]
    key: re.Pattern[str]
    value: re.Pattern[str]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Bytes at the start of a segment that name who wrote it."""

    place: str
    """Name of the segment, as `engine.traces.blocks` gives it, or ``"IPTC NAME"``."""
    pattern: re.Pattern[str]
    name: str
    kind: str
    """``"camera"``, ``"editor"``, ``"library"`` or ``"network"``."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTables:
    """Quantisation tables that were seen from a named writer."""

    tables: str
    """Digest, see `JpegFile.table_digest`."""
    subsampling: str
    names: tuple[str, ...]
    kind: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceType:
    """An IPTC digital source type."""

    code: str
    meaning: str
    generated: str
    """``"yes"``, ``"part"``, ``"no"`` or ``"open"``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A known message of an invisible watermark."""

    id: str
    generator: str
    bits: tuple[int, ...]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Everything the data files hold."""

    generators_version: str
    texts: tuple[TextRule, ...]
    signatures_version: str
    standard_huffman: str
    """Digest of the standard Huffman tables, see `engine.traces.signatures`."""
    marks: tuple[Mark, ...]
    tables: tuple[KnownTables, ...]
    source_types: dict[str, SourceType]
    """By code."""
    messages: tuple[Message, ...]
    watermarks_version: str


@functools.cache
def rules() -> Rules:
    """Return the rules; they are read once a process.

    Raises:
        EngineError: a file is missing or damaged.
    """
    generators, signatures, types, watermarks = (
        _load(name) for name in ("generators", "signatures", "source-types", "watermarks")
    )
    try:
        return Rules(
            generators_version=generators["version"],
            texts=tuple(_text_rule(row) for row in generators["rule"]),
            signatures_version=signatures["version"],
            standard_huffman=signatures["standard_huffman"],
            marks=tuple(
                Mark(**{**row, "pattern": _pattern(row["pattern"])}) for row in signatures["mark"]
            ),
            tables=tuple(
                KnownTables(**{**row, "names": tuple(row["names"])}) for row in signatures["tables"]
            ),
            source_types={
                code: SourceType(code=code, **row) for code, row in types["types"].items()
            },
            messages=tuple(_message(row) for row in watermarks["message"]),
            watermarks_version=watermarks["version"],
        )
    except (KeyError, TypeError, ValueError, re.error) as error:
        raise _damaged(error) from error


def _load(name: str) -> dict[str, Any]:
    file = paths.resources_dir() / "provenance" / f"{name}.toml"
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise _damaged(error) from error


def _damaged(error: Exception) -> EngineError:
    return EngineError(
        f"The rules of provenance cannot be read ({error}): install Residua again.",
        kind="installation",
    )


def _text_rule(row: dict[str, str]) -> TextRule:
    return TextRule(
        id=row["id"],
        generator=row["generator"],
        place=_pattern(row.get("place", "")),
        key=_pattern(row.get("key", "")),
        value=_pattern(row["value"]),
        source=row["source"],
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def _message(row: dict[str, str]) -> Message:
    text = row.get("text")
    digits = (
        row["bits"] if text is None else "".join(f"{byte:08b}" for byte in text.encode("utf-8"))
    )
    return Message(
        id=row["id"],
        generator=row["generator"],
        bits=tuple(int(digit) for digit in digits),
        source=row["source"],
    )
