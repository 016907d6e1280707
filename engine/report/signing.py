"""Signs a report: PAdES (ETSI EN 319 142-1, level B-B) with a key from a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from asn1crypto import keys as asn1_keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
    pkcs12,
)
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from engine.errors import InputError
from engine.report.contents import Signer, digest

PEM_MARK = b"-----BEGIN "

PASSPHRASE = "passphrase"
"""Kind of the error that a passphrase is missing or wrong."""

CONTAINER_SLACK = 1024
"""Room for the signature beyond the certificates it carries and its own fields, bytes."""


_BLANK = StaticStampStyle(border_width=0, background=RawContent(b""))
"""Nothing is drawn over the place to sign: the page itself names who signs, in its own fonts."""


class _Writer(IncrementalPdfFileWriter):
    """Keeps the file's version: keys on elliptic curves would make it 2.0, no PDF/A-3."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Raise the version up to 1.7."""
        super().ensure_output_version(min(version, (1, 7)))  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class SigningKey:
    """A private key with its certificate. The key stays in memory and is never written."""

    signer: Signer
    """What the report says of it."""
    key: PrivateKeyTypes
    certificate: x509.Certificate
    others: tuple[x509.Certificate, ...]
    """Certificates that vouch for it, to be carried along."""


def load_key(key_file: Path, cert_file: Path | None, passphrase: bytes | None) -> SigningKey:
    """Return the key that signs.

    Args:
        key_file: PKCS#12 (.p12, .pfx), or a private key in PEM or DER; a PEM file may hold the
            certificates too.
        cert_file: certificates in PEM or DER, the signer's among them; needed when the key
            file has none.
        passphrase: of the key file; None when it has none.

    Raises:
        InputError: ``kind`` is ``"passphrase"`` when the file is encrypted and the passphrase is
            missing or wrong; otherwise a file cannot be read, holds no key, or no certificate
            fits the key.
    """
    data = _read(key_file)
    held: list[x509.Certificate] = []
    if PEM_MARK not in data and (archive := _pkcs12(data, passphrase, key_file)) is not None:
        key, held = archive
    else:
        key = _private_key(data, passphrase, key_file)
        if b"-----BEGIN CERTIFICATE" in data:
            held = x509.load_pem_x509_certificates(data)
    if cert_file is not None:
        held += _certificates(cert_file)
    public = key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    mine = [c for c in held if _public(c) == public]
    if not mine:
        raise InputError(
            f"No certificate belongs to the key in {key_file}: name it with --sign-cert FILE."
        )
    others = tuple({_der(c): c for c in held if _der(c) != _der(mine[0])}.values())
    return SigningKey(signer=_signer(mine[0], others), key=key, certificate=mine[0], others=others)


def signed(data: bytes, key: SigningKey, *, field: str, created: datetime) -> bytes:
    """Return a report with a signature over all its bytes, appended.

    Args:
        data: the finished report, with an empty signature field.
        key: signs it.
        field: name of the empty field.
        created: time that the report states; the certificate must be valid then.

    Raises:
        InputError: the certificate was not valid then, or the key cannot sign.
    """
    first, last = key.certificate.not_valid_before_utc, key.certificate.not_valid_after_utc
    if not first <= created <= last:
        raise InputError(
            f"The certificate of {key.signer.subject} is valid {key.signer.valid}, not on "
            f"{created.astimezone(UTC):%Y-%m-%d}: sign with another key."
        )
    others = [_asn1(certificate) for certificate in key.others]
    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple(others)
    secret = key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=_asn1(key.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(secret),
        cert_registry=store,
    )
    metadata = PdfSignatureMetadata(
        field_name=field,
        md_algorithm="sha256",
        name=key.signer.subject,
        reason="Report made and signed by the examiner",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
        signer_key_usage=set(),
    )
    carried = sum(len(each.dump()) for each in (signer.signing_cert, *others))
    out = BytesIO()
    try:
        PdfSigner(metadata, signer, stamp_style=_BLANK).sign_pdf(
            _Writer(BytesIO(data)),
            output=out,
            bytes_reserved=2 * (2 * carried + 2 * CONTAINER_SLACK),
        )
    except (SigningError, ValueError, NotImplementedError, UnsupportedAlgorithm) as error:
        raise InputError(f"The key of {key.signer.subject} cannot sign ({error}).") from error
    return out.getvalue()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise InputError(f"The file {file} cannot be read ({error.strerror}).") from error


def _pkcs12(
    data: bytes, passphrase: bytes | None, file: Path
) -> tuple[PrivateKeyTypes, list[x509.Certificate]] | None:
    """Return key and certificates of a PKCS#12 archive; None when it is none."""
    try:
        key, mine, others = pkcs12.load_key_and_certificates(data, passphrase)
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise _wrong(file, passphrase) from error
        return None
    if key is None:
        raise InputError(f"{file} holds no private key: export it with its key.")
    return key, [c for c in (mine, *others) if c is not None]


def _private_key(data: bytes, passphrase: bytes | None, file: Path) -> PrivateKeyTypes:
    load: Any = load_pem_private_key if PEM_MARK in data else load_der_private_key
    try:
        key: PrivateKeyTypes = load(data, passphrase)
    except TypeError as error:
        if passphrase is not None:  # given for a key that needs none
            return _private_key(data, None, file)
        raise _wrong(file, passphrase) from error
    except (ValueError, UnsupportedAlgorithm) as error:
        if "decrypt" in str(error).lower() or "password" in str(error).lower():
            raise _wrong(file, passphrase) from error
        raise InputError(
            f"{file} holds no private key that can be read: name a PKCS#12 or PEM file."
        ) from error
    return key


def _wrong(file: Path, passphrase: bytes | None) -> InputError:
    what = "needs a passphrase" if passphrase is None else "does not open with this passphrase"
    return InputError(f"The key file {file} {what}.", kind=PASSPHRASE)


def _certificates(file: Path) -> list[x509.Certificate]:
    data = _read(file)
    try:
        if PEM_MARK in data:
            return x509.load_pem_x509_certificates(data)
        return [x509.load_der_x509_certificate(data)]
    except ValueError as error:
        raise InputError(f"{file} holds no certificate in PEM or DER ({error}).") from error


def read_certificates(file: Path) -> tuple[asn1_x509.Certificate, ...]:
    """Return the certificates in a file.

    Args:
        file: PEM or DER.

    Raises:
        InputError: it holds none.
    """
    return tuple(_asn1(certificate) for certificate in _certificates(file))


def _asn1(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(_der(certificate))


def _public(certificate: x509.Certificate) -> bytes:
    return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _signer(certificate: x509.Certificate, others: tuple[x509.Certificate, ...]) -> Signer:
    first, last = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    return Signer(
        subject=_name(certificate.subject),
        issuer=_name(certificate.issuer),
        serial=str(certificate.serial_number),
        valid=f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
        certificate_sha256=digest(_der(certificate)),
        carried=tuple(sorted(digest(_der(each)) for each in others)),
    )


def _name(name: x509.Name) -> str:
    """Return a name for a person: common name and organisation, or all there is."""
    told = [
        str(each.value)
        for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME)
        for each in name.get_attributes_for_oid(oid)
    ]
    return ", ".join(told) or name.rfc4514_string()
