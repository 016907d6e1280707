"""A digest that a report carries of its own bytes, so that any change by accident is found.

It is no signature: whoever changes a report on purpose can renew it. A signed report keeps it
over the part that was there before the signature was added.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

DIGEST_KEY, LENGTH_KEY = "/ResiduaDigest", "/ResiduaLength"
DIGEST_BLANK, LENGTH_BLANK = "0" * 64, "0" * 12
_DIGEST = re.compile(rb"/ResiduaDigest ?\(([0-9a-f]{64})\)")
_LENGTH = re.compile(rb"/ResiduaLength ?\(([0-9]{12})\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Digest:
    """What a file says of its own bytes, and what they really are."""

    stated: str
    """Hex sha256 written into the file when it was made."""
    actual: str
    """Hex sha256 of its first ``stated_bytes`` bytes, the place of the digest blanked."""
    stated_bytes: int
    """Length when it was made, before any signature."""
    actual_bytes: int
    """Length now."""

    @property
    def holds(self) -> bool:
        """Whether the bytes that were there when it was made are unchanged."""
        return self.actual_bytes >= self.stated_bytes and self.actual == self.stated


def sealed(data: bytes) -> bytes:
    """Return a file with its length and digest filled in.

    Args:
        data: a PDF whose document information holds both, blank.

    Raises:
        ValueError: it does not hold each of them once.
    """
    (length,) = _LENGTH.finditer(data)
    data = _filled(data, length, f"{len(data):012d}")
    (digest,) = _DIGEST.finditer(data)
    return _filled(data, digest, hashlib.sha256(data).hexdigest())


def read_digest(data: bytes) -> Digest | None:
    """Return what a report says of its own bytes; None when it says nothing.

    Args:
        data: the whole file.
    """
    # A signature added later may carry the document information once more: the first counts.
    digest, length = _DIGEST.search(data), _LENGTH.search(data)
    if digest is None or length is None:
        return None
    stated_bytes = int(length.group(1))
    blank = _filled(data, digest, DIGEST_BLANK)
    return Digest(
        stated=digest.group(1).decode("ascii"),
        actual=hashlib.sha256(blank[: min(stated_bytes, len(data))]).hexdigest(),
        stated_bytes=stated_bytes,
        actual_bytes=len(data),
    )


def _filled(data: bytes, place: re.Match[bytes], text: str) -> bytes:
    return data[: place.start(1)] + text.encode("ascii") + data[place.end(1) :]
