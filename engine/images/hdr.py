"""Wide colours and high dynamic range: from coded samples to 8-bit sRGB, and what carries them.

Code points are those of ITU-T H.273, which AVIF, HEIF and PNG (``cICP``) share and which JPEG XL
uses for the values that both have.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

SRGB_PRIMARIES, BT2020, DISPLAY_P3, JXL_P3 = 1, 9, 12, 11
LINEAR, SRGB_TRANSFER, PQ, HLG = 8, 13, 16, 18

WHITE_NITS = 203.0
"""Luminance of diffuse white that becomes white in sRGB. Source: ITU-R BT.2408-7, table 1."""

HLG_WHITE = 0.75
"""HLG signal of the same diffuse white. Source: ITU-R BT.2408-7, table 1."""

STRIPE_ROWS = 256
"""Rows converted at once, so that a large picture does not need 12 bytes a sample."""

GAIN_MAP_MARKS = (
    b"http://ns.adobe.com/hdr-gain-map/1.0/",
    b"urn:iso:std:iso:ts:21496:-1",
    b"urn:com:apple:photo:2020:aux:hdrgainmap",
    b"http://ns.apple.com/HDRGainMap/1.0/",
)
"""What files with an HDR gain map hold. Source: Adobe gain map 1.0, ISO 21496-1."""

GAIN_MAP_BOXES = (b"tmap", b"jhgm")
"""Names of boxes that do the same; looked for only where a file is made of boxes."""

_BOX_FILES = (b"ftyp", b"JXL ")
_HEAD_BYTES = 1 << 16

_TO_SRGB = {
    BT2020: (
        (1.660491, -0.587641, -0.072850),
        (-0.124550, 1.132900, -0.008349),
        (-0.018151, -0.100579, 1.118730),
    ),
    DISPLAY_P3: (
        (1.224940, -0.224940, 0.0),
        (-0.042057, 1.042057, 0.0),
        (-0.019638, -0.078636, 1.098274),
    ),
}
"""Linear light to linear sRGB, both with white D65. Source: ITU-R BT.2087-0; SMPTE EG 432-1."""

_PRIMARIES = {BT2020: "BT.2020", DISPLAY_P3: "Display P3"}
_TRANSFERS = {PQ: "PQ", HLG: "HLG", LINEAR: "linear light"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Coding:
    """How a file says that its samples are to be read."""

    primaries: int = SRGB_PRIMARIES
    """ITU-T H.273 ColourPrimaries."""
    transfer: int = SRGB_TRANSFER
    """ITU-T H.273 TransferCharacteristics."""

    @property
    def is_hdr(self) -> bool:
        """Whether samples go beyond the white of a usual picture."""
        return self.transfer in (PQ, HLG)

    @property
    def is_plain(self) -> bool:
        """Whether samples are sRGB as they are; unknown codings count as that."""
        return self.primaries not in _TO_SRGB and self.transfer not in _TRANSFERS


SRGB = Coding()
"""Samples as they are."""


def note(coding: Coding) -> str:
    """Return a sentence that says what `to_srgb` did."""
    primaries = _PRIMARIES.get(coding.primaries, "sRGB")
    if not coding.is_hdr:
        transfer = _TRANSFERS.get(coding.transfer, "sRGB curve")
        return f"Converted to sRGB from {primaries} colours ({transfer})."
    return (
        f"High dynamic range ({_TRANSFERS[coding.transfer]}, {primaries}): diffuse white "
        f"({WHITE_NITS:g} cd/m2) became white, brighter parts were cut off."
    )


def to_srgb(samples: NDArray[np.generic], coding: Coding) -> NDArray[np.uint8]:
    """Convert coded samples to sRGB.

    Args:
        samples: [h, w, 3] uint8, uint16 or floating point in 0..1.
        coding: how they are to be read.

    Returns:
        [h, w, 3].

    Source: ITU-R BT.2100-2, tables 4 and 5 (PQ and HLG); IEC 61966-2-1 (sRGB).
    """
    found = np.empty(samples.shape, dtype=np.uint8)
    full = 1.0 if samples.dtype.kind == "f" else float(2 ** (8 * samples.dtype.itemsize) - 1)
    scale = np.float32(1.0 / full)
    matrix = _TO_SRGB.get(coding.primaries)
    for top in range(0, len(samples), STRIPE_ROWS):
        part = samples[top : top + STRIPE_ROWS].astype(np.float32) * scale
        light = _linear(np.clip(np.nan_to_num(part), 0.0, 1.0), coding.transfer)
        if matrix is not None:
            light = light @ np.array(matrix, dtype=np.float32).T
        found[top : top + STRIPE_ROWS] = np.rint(255 * _encoded(np.clip(light, 0.0, 1.0)))
    return found


def has_gain_map(data: bytes) -> bool:
    """Return whether a file carries a gain map, by the marks that such files hold."""
    if any(mark in data for mark in GAIN_MAP_MARKS):
        return True
    head = data[:_HEAD_BYTES]
    return head[4:8] in _BOX_FILES and any(box in head for box in GAIN_MAP_BOXES)


def coding_of(data: bytes, format_name: str) -> Coding:
    """Return what a PNG or AVIF file says of its samples beside a profile.

    Args:
        data: the whole file.
        format_name: as `engine.images.formats.sniff` names it.

    Source: PNG 3rd edition, section 11.3.2.6 (``cICP``); ISO 14496-12, 12.1.5 (``colr``).
    """
    head = data[:_HEAD_BYTES]
    if format_name == "PNG":
        at = head.find(b"cICP")
        if at >= 0 and head.find(b"IDAT") not in range(at) and at + 6 <= len(head):
            return Coding(primaries=head[at + 4], transfer=head[at + 5])
    elif format_name == "AVIF":
        at = head.find(b"colrnclx")
        if at >= 0 and at + 12 <= len(head):
            primaries, transfer = struct.unpack_from(">HH", head, at + 8)
            return Coding(primaries=primaries, transfer=transfer)
    return Coding()


def _linear(signal: NDArray[np.float32], transfer: int) -> NDArray[np.float32]:
    """Return light, 1 at diffuse white."""
    if transfer == LINEAR:
        return signal
    if transfer == PQ:
        m1, m2 = 2610 / 16384, 2523 / 4096 * 128
        c1, c2, c3 = 3424 / 4096, 2413 / 4096 * 32, 2392 / 4096 * 32
        power = signal ** np.float32(1 / m2)
        nits = 10_000 * (np.maximum(power - c1, 0) / (c2 - c3 * power)) ** np.float32(1 / m1)
        return np.asarray(nits / WHITE_NITS, dtype=np.float32)
    if transfer == HLG:
        scene = _hlg_scene(signal)
        white = float(_hlg_scene(np.array([HLG_WHITE], dtype=np.float32))[0])
        return np.asarray(scene / white, dtype=np.float32)
    low = signal / 12.92
    high = ((signal + 0.055) / 1.055) ** np.float32(2.4)
    return np.asarray(np.where(signal <= 0.04045, low, high), dtype=np.float32)


def _hlg_scene(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    a, b, c = 0.17883277, 0.28466892, 0.55991073
    high = (np.exp((np.maximum(signal, 0.5) - c) / a) + b) / 12
    return np.asarray(np.where(signal <= 0.5, signal**2 / 3, high), dtype=np.float32)


def _encoded(light: NDArray[np.float32]) -> NDArray[np.float32]:
    high = 1.055 * light ** np.float32(1 / 2.4) - 0.055
    return np.asarray(np.where(light <= 0.0031308, 12.92 * light, high), dtype=np.float32)
