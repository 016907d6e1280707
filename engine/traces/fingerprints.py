"""A camera's fingerprint: how it is estimated from pictures, cleaned, kept in a file and read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open
from safetensors.numpy import save
from scipy.fft import irfft2, rfft2

from engine.errors import InputError, StoreError
from engine.traces.subject import Check
from engine.traces.wavelets import noise_residual, signal_variance

FORMAT = "residua fingerprint 1"
PATTERN = "pattern"
MAX_FILE_BYTES = 1 << 29
"""Larger files are no fingerprints: 512 MB would be 256 megapixels."""

MAX_SIDE_PX = 32_768
DARKEST, LIGHTEST = 3, 250
"""Samples outside carry no pattern."""

Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Fingerprint:
    """The pattern of one camera's sensor, with where it comes from."""

    pattern: Plane
    """[H, W], relative sensitivity, mean 0, read-only; as files store pictures, not turned."""
    sources: tuple[str, ...]
    """SHA-256 of every file it was made of."""
    sha256: str
    """Of the file it is kept in."""


class Estimator:
    """Adds pictures of one camera up; two planes of float32 whatever the number of pictures.

    Args:
        height: of all pictures, px, as stored.
        width: likewise.

    Source: Chen, Fridrich, Goljan, Lukáš 2008, equation 6: K = sum W I / sum I^2.
    """

    def __init__(self, height: int, width: int) -> None:
        self._cross = np.zeros((height, width), dtype=np.float32)
        self._power = np.zeros((height, width), dtype=np.float32)

    def add(self, luma: Plane, check: Check) -> None:
        """Take a picture in.

        Args:
            luma: [H, W], 0..255.
            check: raises when the work is to be stopped.
        """
        usable = (luma >= DARKEST) & (luma <= LIGHTEST)
        light = np.where(usable, luma, 0).astype(np.float32)
        self._cross += noise_residual(luma, check) * light
        self._power += light * light

    def pattern(self, check: Check) -> Plane:
        """Return the cleaned pattern: [H, W], mean 0."""
        return cleaned(self._cross / (self._power + np.float32(1)), check)


def cleaned(pattern: Plane, check: Check) -> Plane:
    """Remove what cameras of one model share: lines, rows and columns, periodic patterns.

    Args:
        pattern: [H, W].
        check: raises when the work is to be stopped.

    Source: Chen et al. 2008, section III.B: means of rows and columns are taken away in each of
    the four phases of 2 x 2 pixels, then a Wiener filter levels the spectrum.
    """
    level = pattern.copy()
    for y in (0, 1):
        for x in (0, 1):
            phase = level[y::2, x::2]
            phase -= phase.mean()
            phase -= phase.mean(axis=0, keepdims=True)
            phase -= phase.mean(axis=1, keepdims=True)
    check()
    spectrum = rfft2(level)
    check()
    size = np.float32(level.size**0.5)
    magnitude = np.asarray(np.abs(spectrum) / size, dtype=np.float32)
    variance = float(level.var())
    # Along the first axis the spectrum goes round; its borders must not look empty.
    ringed = cv2.copyMakeBorder(magnitude, 4, 4, 0, 0, cv2.BORDER_WRAP)
    beyond = signal_variance(np.asarray(ringed, dtype=np.float32), variance)[4:-4]
    spectrum *= variance / (beyond + np.float32(max(variance, 1e-20)))
    check()
    return np.asarray(irfft2(spectrum, s=level.shape), dtype=np.float32)


def packed(pattern: Plane, sources: tuple[str, ...], tool_version: str, made_utc: str) -> bytes:
    """Return a fingerprint as a file: safetensors with 16-bit numbers, no code.

    Args:
        pattern: [H, W].
        sources: SHA-256 of the pictures.
        tool_version: of this program.
        made_utc: ISO 8601.
    """
    facts = {
        "format": FORMAT,
        "sources": json.dumps(sources),
        "tool_version": tool_version,
        "made_utc": made_utc,
    }
    # Sensitivities are near .01; thousandfold they are far from the smallest 16-bit numbers.
    return save({PATTERN: (pattern * np.float32(1000)).astype(np.float16)}, metadata=facts)


def sources_of(file: Path, sha256: str) -> tuple[str, ...] | None:
    """Return the SHA-256 of the pictures behind a fingerprint, without reading its pattern.

    Args:
        file: exists.
        sha256: what the file has to be.

    Returns:
        None when the file is another one than that, or no fingerprint.

    Raises:
        StoreError: it cannot be read.
    """
    try:
        with file.open("rb") as opened:
            if hashlib.file_digest(opened, "sha256").hexdigest() != sha256:
                return None
        with safe_open(file, framework="numpy") as known:
            return tuple(str(each) for each in json.loads((known.metadata() or {})["sources"]))
    except OSError as error:
        raise StoreError(f"{file} cannot be read ({error}): check its permissions.") from error
    except (SafetensorError, ValueError, TypeError, KeyError):
        return None


def load(file: str | Path) -> Fingerprint:
    """Read a fingerprint and check all of it.

    Raises:
        InputError: the file is missing, no fingerprint, or damaged.
        StoreError: it cannot be read.
    """
    path = Path(file)
    if not path.is_file():
        raise InputError(f"There is no fingerprint {path}: make one with residua prnu make.")
    if path.stat().st_size > MAX_FILE_BYTES:
        raise InputError(f"{path} has {path.stat().st_size:,} bytes: it is no fingerprint.")
    try:
        sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
        with safe_open(path, framework="numpy") as opened:
            facts = opened.metadata() or {}
            known = facts.get("format") == FORMAT and list(opened.keys()) == [PATTERN]
            stored = opened.get_tensor(PATTERN) if known else None
            sources = tuple(str(each) for each in json.loads(facts.get("sources", "[]")))
    except OSError as error:
        raise StoreError(f"{path} cannot be read ({error}): check its permissions.") from error
    except (SafetensorError, ValueError, TypeError) as error:
        raise InputError(f"{path} is no fingerprint ({error}): make it anew.") from error
    if (
        stored is None
        or stored.ndim != 2
        or stored.dtype != np.float16
        or not 0 < min(stored.shape) <= max(stored.shape) <= MAX_SIDE_PX
        or not np.isfinite(stored).all()
    ):
        raise InputError(f"{path} is no fingerprint of this program: make it anew.")
    pattern = stored.astype(np.float32) / np.float32(1000)
    pattern -= pattern.mean()
    pattern.setflags(write=False)
    return Fingerprint(pattern=pattern, sources=sources, sha256=sha256)
