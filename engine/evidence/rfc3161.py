"""RFC 3161 time stamps: a request to be sent by whatever means, and the check of its answer.

Nothing here uses a network. What is stamped is the hash of a log entry, as the message imprint
itself, so that anyone can check an answer with `openssl ts -verify -digest HASH`.

Source: RFC 3161 and RFC 5816; asn1crypto and pyHanko (MIT).
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, TypeAlias

from asn1crypto import algos, cms, core, pem, tsp, x509
from pyhanko.sign.general import SignedDataCerts, extract_signer_info
from pyhanko.sign.validation import generic_cms
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from engine.errors import InputError

Certificate: TypeAlias = x509.Certificate

NONCE_BITS = 63
"""Random bits of a request: two requests never have the same."""

ANSWER_MOST = 1 << 20
"""Largest answer that is read, bytes."""

_DAMAGE = (ValueError, TypeError, KeyError, AttributeError, IndexError, SignatureValidationError)


class Response(core.Sequence):  # type: ignore[misc]
    """TimeStampResp; the library's own insists on a token, which a refusal does not have."""

    _fields: ClassVar = [
        ("status", tsp.PKIStatusInfo),
        ("time_stamp_token", cms.ContentInfo, {"optional": True}),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What an answer says."""

    hash: str
    """Message imprint, hex."""
    nonce: str
    """Decimal; empty when the answer repeats none."""
    stamped_utc: str
    """Time that the authority states."""
    serial: str
    """The stamp's serial number, decimal."""
    authority: str
    """Subject of the certificate that signed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StampCheck:
    """What checking an answer found."""

    intact: bool
    """Whether the signature holds and is over this hash."""
    trusted: bool | None
    """Whether the certificate leads to a given root; None when none was given."""
    detail: str
    """What failed, or who stamped and when."""


def make_request(sha256: str) -> tuple[bytes, str]:
    """Return a request for a hash.

    Args:
        sha256: hex.

    Returns:
        The request as DER, and its nonce in decimal.
    """
    nonce = secrets.randbits(NONCE_BITS) | 1
    request = tsp.TimeStampReq(
        {
            "version": 1,
            "message_imprint": {
                "hash_algorithm": algos.DigestAlgorithm({"algorithm": "sha256"}),
                "hashed_message": bytes.fromhex(sha256),
            },
            "nonce": nonce,
            "cert_req": True,
        }
    )
    return request.dump(), str(nonce)


def read_answer(data: bytes) -> Stamp:
    """Return what an answer says; whether that is true, `check_answer` tells.

    Args:
        data: a time-stamp response, DER.

    Raises:
        InputError: it is none, or the authority refused.
    """
    signed, info = _opened(data)
    imprint = info["message_imprint"]
    if imprint["hash_algorithm"]["algorithm"].native != "sha256":
        raise InputError("The answer stamps another kind of hash than SHA-256: it is not ours.")
    nonce = info["nonce"].native
    return Stamp(
        hash=imprint["hashed_message"].native.hex(),
        nonce="" if nonce is None else str(nonce),
        stamped_utc=_utc(info["gen_time"].native),
        serial=str(info["serial_number"].native),
        authority=_signer(signed).subject.human_friendly,
    )


def check_answer(data: bytes, sha256: str, roots: Sequence[Certificate]) -> StampCheck:
    """Check an answer: imprint, signature, purpose of the certificate, and its chain.

    Revocation is not looked up: that would need a network.

    Args:
        data: a time-stamp response, DER.
        sha256: what must have been stamped, hex.
        roots: certificates of authorities that are trusted; may be empty.
    """
    try:
        signed, info = _opened(data)
        # Without roots of its own the library would trust those of the operating system.
        context = ValidationContext(
            trust_roots=list(roots),
            allow_fetching=False,
            revocation_mode="soft-fail",
            moment=info["gen_time"].native,
        )
        with _unlogged():
            values = asyncio.run(
                generic_cms.validate_tst_signed_data(
                    signed, context, lambda _: bytes.fromhex(sha256)
                )
            )
        status = TimestampSignatureStatus(**values)
        who = f"{_signer(signed).subject.human_friendly}, {_utc(info['gen_time'].native)}"
    except InputError as error:
        return StampCheck(intact=False, trusted=None, detail=str(error))
    except _DAMAGE as error:
        return StampCheck(intact=False, trusted=None, detail=f"the answer is damaged: {error}")
    if not (status.intact and status.valid):
        why = "it stamps another hash" if status.valid else "its signature does not hold"
        return StampCheck(intact=False, trusted=None, detail=f"{why} ({who})")
    trusted = bool(status.trusted) if roots else None
    return StampCheck(intact=True, trusted=trusted, detail=who)


def read_roots(file: Path) -> tuple[Certificate, ...]:
    """Return the certificates of a PEM or DER file.

    Raises:
        InputError: it cannot be read, or holds none.
    """
    try:
        data = file.read_bytes()
        blocks = (
            [der for _, _, der in pem.unarmor(data, multiple=True)] if pem.detect(data) else [data]
        )
        roots = tuple(x509.Certificate.load(der) for der in blocks)
        for root in roots:
            _ = root.subject.human_friendly
    except OSError as error:
        raise InputError(f"{file} cannot be read ({error.strerror}): check the name.") from error
    except _DAMAGE as error:
        raise InputError(f"{file} holds no certificate ({error}): give PEM or DER.") from error
    if not roots:
        raise InputError(f"{file} holds no certificate: give PEM or DER.")
    return roots


@contextmanager
def _unlogged() -> Iterator[None]:
    """Keep the library from writing to stderr what its result says as well."""
    logger = logging.getLogger("pyhanko")
    before = logger.propagate
    silent = logging.NullHandler()
    logger.addHandler(silent)
    logger.propagate = False
    try:
        yield
    finally:
        logger.removeHandler(silent)
        logger.propagate = before


def _opened(data: bytes) -> tuple[cms.SignedData, tsp.TSTInfo]:
    try:
        response = Response.load(data, strict=True)
        status = response["status"]
        if status["status"].native not in ("granted", "granted_with_mods"):
            said = " ".join(status["status_string"].native or ()) or "no reason given"
            raise InputError(
                f"The authority refused the request ({status['status'].native}: {said}): send a "
                "new request."
            )
        signed = response["time_stamp_token"]["content"]
        info = signed["encap_content_info"]["content"].parsed
        if not isinstance(info, tsp.TSTInfo):
            raise TypeError(f"it holds {type(info).__name__}")
    except _DAMAGE as error:
        raise InputError(
            f"The answer is no time-stamp response ({error}): give the .tsr file as the authority "
            "sent it, not in text."
        ) from error
    return signed, info


def _signer(signed: cms.SignedData) -> x509.Certificate:
    """Return the certificate that signed, which the request asked to be enclosed."""
    extract_signer_info(signed)
    found: SignedDataCerts = generic_cms.extract_certs_for_validation(signed)
    return found.signer_cert


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3] + "Z"
