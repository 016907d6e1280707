"""Which files are containers of others, by their first bytes."""

from __future__ import annotations

_MAGIC = (
    (b"PK\x03\x04", "ZIP"),
    (b"PK\x05\x06", "ZIP"),
    (b"%PDF-", "PDF"),
    (b"\x1f\x8b\x08", "GZIP"),
    (b"\xfd7zXZ\x00", "XZ"),
    (b"BZh", "BZIP2"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip"),
    (b"Rar!\x1a\x07", "RAR"),
)
_TAR_MARK = slice(257, 262)

REFUSED = ("7-Zip", "RAR")
"""Known, and not opened."""


def container_kind(head: bytes) -> str | None:
    """Return the kind of container that first bytes announce; None for anything else.

    DOCX, ODT, EPUB and their like are ZIP archives.

    Args:
        head: the first 512 bytes, or fewer.
    """
    for magic, name in _MAGIC:
        if head.startswith(magic):
            return name
    return "TAR" if head[_TAR_MARK] == b"ustar" else None
