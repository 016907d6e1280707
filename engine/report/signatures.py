"""Checks the electronic signatures of a report, offline: integrity, and trust on request."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

from asn1crypto import cms, x509
from pyhanko.pdf_utils.misc import PdfError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError
from pyhanko.sign.validation import (
    EmbeddedPdfSignature,
    PdfSignatureStatus,
    SignatureCoverageLevel,
    validate_pdf_signature,
)
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.errors import PathError, ValidationError

from engine.errors import InputError
from engine.report.contents import digest

FAILURES = (
    PdfError, SigningError, ValidationInfoReadingError, ValidationError, PathError,
    ArithmeticError, AssertionError, AttributeError, LookupError, OSError, RuntimeError,
    TypeError, ValueError,
)  # fmt: skip
"""What the signature library raises for damaged files, which is nearly anything."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signature:
    """One signature in a report."""

    signer: str
    """Name in the certificate."""
    certificate_sha256: str
    """Of the certificate."""
    carried: tuple[str, ...]
    """SHA-256 of the other certificates in the signature, sorted."""
    signed_at: str
    """The time the signer states; nobody vouches for it."""
    problems: tuple[str, ...]
    """Why the signature does not hold, a phrase each; empty when it does."""
    covers_file: bool
    """Whether it covers every byte of the file."""
    trust: str | None
    """Why the certificate is not trusted; empty when it is, None when that was not asked."""


def read_signatures(data: bytes, trusted: Sequence[x509.Certificate]) -> tuple[Signature, ...]:
    """Return the signatures of a report, in the order in which they were made.

    Args:
        data: the whole file.
        trusted: certificates that are trusted; trust is not looked at when empty.

    Raises:
        InputError: the file cannot be read as far as its signatures are concerned.
    """
    try:
        with _quiet():
            reader = PdfFileReader(BytesIO(data))
            return tuple(_checked(data, each, trusted) for each in reader.embedded_signatures)
    except FAILURES as error:
        raise InputError(
            f"The signatures cannot be read ({type(error).__name__}: {error})."
        ) from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the library's log lines on damaged files off the operator's screen."""
    logger = logging.getLogger("pyhanko")
    before = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(before)


def _checked(
    data: bytes, found: EmbeddedPdfSignature, trusted: Sequence[x509.Certificate]
) -> Signature:
    context = ValidationContext(
        trust_roots=list(trusted), allow_fetching=False, revocation_mode="soft-fail"
    )
    status = validate_pdf_signature(
        found, context, key_usage_settings=KeyUsageConstraints(key_usage=set())
    )
    at = found.self_reported_timestamp
    return Signature(
        signer=found.signer_cert.subject.human_friendly,
        certificate_sha256=digest(found.signer_cert.dump()),
        carried=tuple(sorted(digest(each.dump()) for each in found.other_embedded_certs)),
        signed_at=at.isoformat(timespec="seconds") if at else "a time not stated",
        problems=(*_broken(status), *_container(data, found)),
        covers_file=status.coverage == SignatureCoverageLevel.ENTIRE_FILE,
        trust=_trust(status) if trusted else None,
    )


def _broken(status: PdfSignatureStatus) -> Iterator[str]:
    if not status.intact:
        yield "the signed bytes were changed"
    if not status.valid:
        yield "the signature does not belong to its certificate"
    if status.coverage is None or status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        yield "it does not cover all that was there when it was made"
    if not status.docmdp_ok:
        yield "what was added later is not allowed by the signature"


def _container(data: bytes, found: EmbeddedPdfSignature) -> Iterator[str]:
    """Look at the one place that no signature covers: its own container.

    Its bytes must be one encoded signature, then zeros: nothing can hide there.
    """
    first, length, second, _ = (int(each) for each in found.byte_range)
    text = data[first + length : second]
    content = cms.ContentInfo.load(found.pkcs7_content)
    der = content.dump(force=True)
    digits = text[1:-1]
    wanted = der.hex().encode().ljust(len(digits), b"0")
    if text[:1] != b"<" or text[-1:] != b">" or digits not in (wanted, wanted.upper()):
        yield "its container was changed"
    signed_data, signer = found.signed_data, found.signer_info
    algorithm = signer["digest_algorithm"].dump()
    by_issuer = signer["sid"].name == "issuer_and_serial_number"
    forms = (
        (signed_data["version"].native, "v1" if by_issuer else "v3"),
        (signer["version"].native, "v1" if by_issuer else "v3"),
        ([each.dump() for each in signed_data["digest_algorithms"]], [algorithm]),
        (signer["digest_algorithm"]["parameters"].native, None),
        (signer["sid"].chosen.native, _identity(found, by_issuer=by_issuer)),
    )
    if any(stated != expected for stated, expected in forms):
        yield "the description of the signature was changed"


def _identity(found: EmbeddedPdfSignature, *, by_issuer: bool) -> object:
    """Return how the signature must name its certificate."""
    certificate = found.signer_cert
    if not by_issuer:
        return certificate.key_identifier
    return {"issuer": certificate.issuer.native, "serial_number": certificate.serial_number}


def _trust(status: PdfSignatureStatus) -> str:
    """Return why a certificate is not trusted; empty when it is."""
    if status.trusted:
        return ""
    why = status.trust_problem_indic
    reason = (
        "no chain leads to it"
        if why is None
        else str(why).rpartition(".")[2].lower().replace("_", " ")
    )
    return f"the certificate does not lead to one that is trusted here ({reason})"
