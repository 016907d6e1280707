"""Keys and certificates made for a test."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives import serialization as s
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID

from engine.report.signing import load_key

PASSPHRASE = b"open sesame"
NAME = "Dr. Ada Prüfer"


@dataclass(frozen=True)
class Made:
    p12: Path
    """PKCS#12 with key, certificate and authority, encrypted."""
    key: Path
    """The key alone, PEM, not encrypted."""
    cert: Path
    """Its certificate, PEM."""
    authority: Path
    """The authority's certificate, PEM."""

    def load(self):
        return load_key(self.p12, None, PASSPHRASE)


def certificate(name, key, *, issuer=None, issuer_key=None, authority=False, years=(2026, 2031)):
    names = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    return (
        x509.CertificateBuilder()
        .subject_name(names)
        .issuer_name(issuer.subject if issuer else names)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime(years[0], 1, 1))
        .not_valid_after(datetime(years[1], 1, 1))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .sign(issuer_key or key, hashes.SHA256())
    )


def make_key(folder, *, kind="ec", years=(2026, 2031)):
    root_key = ec.generate_private_key(ec.SECP256R1())
    root = certificate("Test authority", root_key, authority=True)
    key = (
        rsa.generate_private_key(65537, 2048)
        if kind == "rsa"
        else ec.generate_private_key(ec.SECP256R1())
    )
    own = certificate(NAME, key, issuer=root, issuer_key=root_key, years=years)
    made = Made(folder / "k.p12", folder / "k.pem", folder / "c.pem", folder / "ca.pem")
    made.p12.write_bytes(
        pkcs12.serialize_key_and_certificates(
            b"key", key, own, [root], s.BestAvailableEncryption(PASSPHRASE)
        )
    )
    made.key.write_bytes(key.private_bytes(s.Encoding.PEM, s.PrivateFormat.PKCS8, s.NoEncryption()))
    made.cert.write_bytes(own.public_bytes(s.Encoding.PEM))
    made.authority.write_bytes(root.public_bytes(s.Encoding.PEM))
    return made
