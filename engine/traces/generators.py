"""Texts, labels and hidden messages by which generators of images mark their pictures."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.traces.blocks import MAX_TEXT_BYTES, Text
from engine.traces.made import NONE, Method, listed, quoted
from engine.traces.rules import SourceType, TextRule, rules
from engine.traces.specimen import Specimen
from engine.types import Finding

TEXT = Method(name="generator.text", version="1", source="resources/provenance/generators.toml")
STEALTH = Method(
    name="generator.stealth_text",
    version="1",
    source="stealth pnginfo: text in the lowest bits of alpha or colour, as NovelAI writes it",
)
SOURCE_TYPE = Method(
    name="label.digital_source_type",
    version="1",
    source="IPTC Photo Metadata Standard 2024.1; IPTC NewsCodes digitalsourcetype",
)
AIGC = Method(
    name="label.aigc",
    version="1",
    source="GB 45438-2025 and TC260 practice guide on implicit labels in file metadata",
)

SEARCHED_CHARS = 1 << 17
"""How much of a text the rules search: parameters come first, or after a prompt of any length."""

MAGICS = {
    b"stealth_pnginfo": ("alpha", False),
    b"stealth_pngcomp": ("alpha", True),
    b"stealth_rgbinfo": ("colour", False),
    b"stealth_rgbcomp": ("colour", True),
}
"""Marks of a hidden text: where it lies, and whether it is compressed by gzip."""

_MAGIC_BITS = 8 * 15
_AIGC_WORDS = {"1": "generated", "2": "possibly generated", "3": "suspected to be generated"}


def texts(specimen: Specimen) -> tuple[Finding, ...]:
    """Look for the texts of known generators wherever the file carries text."""
    hits: dict[str, list[tuple[TextRule, Text]]] = {}
    for text in (*specimen.texts, *_hidden(specimen)):
        for rule in rules().texts:
            if _fires(rule, text):
                hits.setdefault(rule.generator, []).append((rule, text))
    if hits:
        return tuple(_named(generator, found) for generator, found in hits.items())
    return (
        TEXT.observed(
            NONE,
            f"None of {len(rules().texts)} rules (of {rules().generators_version}) for texts of "
            "image generators fires. Such texts are lost whenever a picture is saved again: their "
            "absence says nothing.",
        ),
    )


def _fires(rule: TextRule, text: Text) -> bool:
    searched = text.value
    if len(searched) > 2 * SEARCHED_CHARS:
        searched = f"{searched[:SEARCHED_CHARS]}\n{searched[-SEARCHED_CHARS:]}"
    return (
        rule.place.search(text.place) is not None
        and rule.key.search(text.key) is not None
        and rule.value.search(searched) is not None
    )


def _named(generator: str, found: list[tuple[TextRule, Text]]) -> Finding:
    where = list(dict.fromkeys(f"{text.place} “{text.key}”" for _, text in found))
    rule, text = found[0]
    return TEXT.observed(
        generator,
        f"{listed(where, 4)} holds what {generator} writes (rule {rule.id}): "
        f"“{quoted(text.value)}”. Texts can be added or copied.",
        source=rule.source,
    )


def source_type(specimen: Specimen) -> tuple[Finding, ...]:
    """Read the IPTC digital source type from XMP."""
    values = [
        p.value for p in specimen.xmp if p.path.lower().endswith("iptc4xmpext:digitalsourcetype")
    ]
    return tuple(_source_type(value) for value in dict.fromkeys(values))


def _source_type(value: str) -> Finding:
    known = known_source_type(value)
    if known is None:
        return SOURCE_TYPE.observed(value, "A digital source type that the list does not have.")
    return SOURCE_TYPE.observed(
        known.code, f"The file declares its digital source type: {known.meaning}."
    )


def known_source_type(value: str) -> SourceType | None:
    """Return the source type that a code or its address names, or None.

    Args:
        value: such as ``"http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"``.
    """
    code = value.rstrip("/").rpartition("/")[2]
    return rules().source_types.get(code)


def aigc(specimen: Specimen) -> tuple[Finding, ...]:
    """Read China's label for generated content from XMP, EXIF or a PNG text."""
    for text in specimen.texts:
        label = _aigc_label(text)
        if label is not None:
            return (_aigc(text, label),)
    return ()


def _aigc_label(text: Text) -> dict[str, Any] | None:
    if "AIGC" not in text.key and "AIGC" not in text.value[:64]:
        return None
    try:
        parsed = json.loads(text.value)
    except ValueError:
        return None
    if isinstance(parsed, dict) and isinstance(parsed.get("AIGC"), dict):
        parsed = parsed["AIGC"]
    return parsed if isinstance(parsed, dict) and "Label" in parsed else None


def _aigc(text: Text, label: dict[str, Any]) -> Finding:
    code = str(label["Label"])
    names = ("ContentProducer", "ProduceID", "ContentPropagator", "PropagateID")
    said = [f"{name} {quoted(str(label[name]), 60)}" for name in names if label.get(name)]
    return AIGC.observed(
        _AIGC_WORDS.get(code, f"label {code}"),
        f"{text.place} “{text.key}” carries China's label for generated content, Label {code}"
        f"{': ' + '; '.join(said) if said else ''}.",
    )


def stealth(specimen: Specimen) -> tuple[Finding, ...]:
    """Look for text hidden in the lowest bits of alpha or colour."""
    return tuple(
        STEALTH.observed(
            text.key,
            f"{len(text.value):,} characters are hidden in the lowest bits of the {text.place}: "
            f"“{quoted(text.value)}”. This is how NovelAI and extensions of web UIs "
            "keep parameters.",
        )
        for text in _hidden(specimen, place_only=True)
    )


def _hidden(specimen: Specimen, *, place_only: bool = False) -> Iterator[Text]:
    """Yield hidden texts, and what their JSON names."""
    for mark, value in _messages(specimen):
        channel, _ = MAGICS[mark]
        if place_only:
            yield Text(place=f"{channel} channel", key=mark.decode(), value=value)
            continue
        yield Text(place="stealth alpha", key="parameters", value=value)
        try:
            parsed = json.loads(value)
        except ValueError:
            continue
        if isinstance(parsed, dict):
            for key, inner in parsed.items():
                yield Text(place="stealth alpha", key=str(key), value=str(inner))


def _messages(specimen: Specimen) -> Iterator[tuple[bytes, str]]:
    if specimen.format not in ("PNG", "WEBP"):
        return
    channels = [specimen.pixels] if specimen.alpha is None else [specimen.alpha, specimen.pixels]
    for samples in channels:
        bits = _first_bits(samples, _MAGIC_BITS + 32)
        if len(bits) < _MAGIC_BITS + 32:
            continue
        head = np.packbits(bits).tobytes()
        mark = head[:15]
        wanted = "alpha" if samples.ndim == 2 else "colour"
        if mark in MAGICS and MAGICS[mark][0] == wanted:
            length = int.from_bytes(head[15:19], "big")
            value = _message(samples, length, packed=MAGICS[mark][1])
            if value is not None:
                yield mark, value


def _first_bits(samples: NDArray[np.uint8], count: int) -> NDArray[np.uint8]:
    """Return the lowest bits in the order of hiding: down each column, then across."""
    rows = samples.shape[0] * (samples.shape[2] if samples.ndim == 3 else 1)
    columns = -(-count // rows)
    part = samples[:, :columns]
    flat: NDArray[np.uint8] = part.swapaxes(0, 1).reshape(-1)[:count]
    return flat & np.uint8(1)


def _message(samples: NDArray[np.uint8], length: int, *, packed: bool) -> str | None:
    if not 0 < length <= min(8 * MAX_TEXT_BYTES, samples.size):
        return None
    bits = _first_bits(samples, _MAGIC_BITS + 32 + length)[_MAGIC_BITS + 32 :]
    raw = np.packbits(bits).tobytes()
    if packed:
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, MAX_TEXT_BYTES)
        except zlib.error:
            return None
    return raw.decode("utf-8", "replace")
