"""Signing what goes onto a stick: Ed25519, so that a key is a short file and no setting exists.

``openssl genpkey -algorithm ed25519 -out key.pem`` makes a key, ``openssl pkey -in key.pem -pubout
-out public.pem`` its public half.

Source: RFC 8032 (Ed25519).
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

from engine.errors import ModelError


def sign(data: bytes, key_file: Path) -> str:
    """Return the signature of some bytes and whose it is, as text.

    Args:
        data: what is signed.
        key_file: an Ed25519 private key, PEM, without a passphrase.

    Returns:
        Two lines: ``ed25519`` with the fingerprint of the public key, and the signature in hex.

    Raises:
        ModelError: the file cannot be read or holds no such key.
    """
    try:
        key = load_pem_private_key(key_file.read_bytes(), None)
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{key_file} cannot be used to sign ({error}): name an Ed25519 private key in PEM, "
            "without a passphrase."
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ModelError(f"{key_file} holds a key of another kind: an Ed25519 key is needed.")
    return f"ed25519 {fingerprint(key.public_key())}\n{key.sign(data).hex()}\n"


def check(data: bytes, seal: str, public_file: Path) -> None:
    """Refuse bytes that a key has not signed.

    Args:
        data: what should be signed.
        seal: what `sign` returned.
        public_file: the public key, PEM.

    Raises:
        ModelError: the key cannot be read, another key signed, or the bytes were altered.
    """
    try:
        key = load_pem_public_key(public_file.read_bytes())
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{public_file} cannot be used to check a signature ({error}): name an Ed25519 "
            "public key in PEM."
        ) from error
    if not isinstance(key, Ed25519PublicKey):
        raise ModelError(f"{public_file} holds a key of another kind: an Ed25519 key is needed.")
    whose, _, signature = seal.strip().partition("\n")
    if whose != f"ed25519 {fingerprint(key)}":
        raise ModelError(
            f"The packs were signed by the key {whose.removeprefix('ed25519 ')!r}, not by "
            f"{fingerprint(key)!r} of {public_file}: they were not taken."
        )
    try:
        key.verify(bytes.fromhex(signature), data)
    except (InvalidSignature, ValueError) as error:
        raise ModelError(
            f"The signature of the key {fingerprint(key)} does not fit the list of packs: it was "
            "altered after it was signed. Nothing was taken."
        ) from error


def fingerprint(key: Ed25519PublicKey) -> str:
    """Return what names a key: the first 16 hex digits of the sha256 of its DER form."""
    der = key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(der).hexdigest()[:16]
