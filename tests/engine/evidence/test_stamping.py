"""RFC 3161 time stamps, answered by an authority that the tests make themselves."""

from __future__ import annotations

import hashlib
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from asn1crypto import algos, cms, core, tsp, x509
from cryptography import x509 as cx509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine import api
from engine.errors import InputError
from engine.evidence.rfc3161 import Response
from engine.job import Context


class Authority:
    """A time-stamping authority: a root, and a certificate that may stamp."""

    def __init__(self, *, purpose: object = ExtendedKeyUsageOID.TIME_STAMPING) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        root_key = ec.generate_private_key(ec.SECP256R1())
        self.root = _certificate("Root", "Root", root_key.public_key(), root_key, None)
        self._own = _certificate("Stamper", "Root", self._key.public_key(), root_key, purpose)

    def answer(self, tsq: bytes, *, granted: bool = True) -> bytes:
        """Return the response to a request."""
        if not granted:
            status = {"status": "rejection", "status_string": ["we are closed"]}
            return Response({"status": status}).dump()
        request = tsp.TimeStampReq.load(tsq)
        info = tsp.TSTInfo(
            {
                "version": "v1",
                "policy": "1.2.3.4",
                "message_imprint": request["message_imprint"],
                "serial_number": 42,
                "gen_time": datetime(2026, 11, 23, 12, 0, 5, tzinfo=UTC),
                "nonce": request["nonce"],
            }
        )
        token = cms.ContentInfo({"content_type": "signed_data", "content": self._signed(info)})
        return tsp.TimeStampResp(
            {"status": {"status": "granted"}, "time_stamp_token": token}
        ).dump()

    def _signed(self, info: tsp.TSTInfo) -> cms.SignedData:
        der = self._own.public_bytes(serialization.Encoding.DER)
        own = x509.Certificate.load(der)
        sha256 = algos.DigestAlgorithm({"algorithm": "sha256"})
        ess = tsp.SigningCertificateV2(
            {"certs": [tsp.ESSCertIDv2({"cert_hash": hashlib.sha256(der).digest()})]}
        )
        attributes = cms.CMSAttributes(
            [
                cms.CMSAttribute({"type": "content_type", "values": ["tst_info"]}),
                cms.CMSAttribute(
                    {
                        "type": "message_digest",
                        "values": [hashlib.sha256(info.dump()).digest()],
                    }
                ),
                cms.CMSAttribute({"type": "signing_certificate_v2", "values": [ess]}),
            ]
        )
        signer = cms.SignerInfo(
            {
                "version": "v1",
                "sid": cms.SignerIdentifier(
                    "issuer_and_serial_number",
                    cms.IssuerAndSerialNumber(
                        {"issuer": own.issuer, "serial_number": own.serial_number}
                    ),
                ),
                "digest_algorithm": sha256,
                "signed_attrs": attributes,
                "signature_algorithm": {"algorithm": "sha256_ecdsa"},
                "signature": self._key.sign(attributes.dump(), ec.ECDSA(hashes.SHA256())),
            }
        )
        return cms.SignedData(
            {
                "version": "v3",
                "digest_algorithms": [sha256],
                "encap_content_info": {
                    "content_type": "tst_info",
                    "content": core.ParsableOctetString(info.dump()),
                },
                "certificates": [own],
                "signer_infos": [signer],
            }
        )


def _certificate(subject, issuer, public_key, signing_key, purpose) -> cx509.Certificate:
    name = lambda text: cx509.Name([cx509.NameAttribute(NameOID.COMMON_NAME, text)])  # noqa: E731
    builder = (
        cx509.CertificateBuilder()
        .subject_name(name(subject))
        .issuer_name(name(issuer))
        .public_key(public_key)
        .serial_number(cx509.random_serial_number())
        .not_valid_before(datetime(2026, 11, 23, tzinfo=UTC) - timedelta(days=9))
        .not_valid_after(datetime(2026, 11, 23, tzinfo=UTC) + timedelta(days=9))
        .add_extension(cx509.BasicConstraints(ca=purpose is None, path_length=None), critical=True)
    )
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "encipher_only", "decipher_only"), False,
    )  # fmt: skip
    ca = purpose is None
    builder = builder.add_extension(
        cx509.KeyUsage(digital_signature=not ca, key_cert_sign=ca, crl_sign=ca, **usage),
        critical=True,
    )
    if purpose is not None:
        builder = builder.add_extension(cx509.ExtendedKeyUsage([purpose]), critical=True)
    return builder.sign(signing_key, hashes.SHA256())


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "case.residua"
    api.new_case(file, operator="Ana")
    with api.open_case(file, operator="Ana") as case:
        case.add_note("before the stamp")
        api.request_timestamp(case, tmp_path / "log.tsq")
    return file


def attach(file: Path, tsr: bytes):
    path = file.parent / "log.tsr"
    path.write_bytes(tsr)
    with api.open_case(file, operator="Ana") as case:
        return api.attach_timestamp(case, path)


def checks(file: Path, roots: Path | None = None) -> dict[str, tuple[str, str]]:
    with api.open_case(file, writable=False) as case:
        found = api.verify_case(case, Context(), roots=roots)
        return {each.name: (each.outcome, each.detail) for each in found if "stamp" in each.name}


def pem(certificate: cx509.Certificate, path: Path) -> Path:
    path.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    return path


def test_an_answer_is_attached_and_checked_up_to_its_root(file, authority, tmp_path, caplog):
    stamp = attach(file, authority.answer((tmp_path / "log.tsq").read_bytes()))
    assert (stamp.id, stamp.seq, stamp.serial) == (1, 2, "42")
    assert stamp.stamped_utc == "2026-11-23T12:00:05.000Z"
    assert "Stamper" in stamp.authority
    found = checks(file, pem(authority.root, tmp_path / "root.pem"))
    assert found["time stamp 1"][0] == "pass"
    assert found["time stamp 1, authority"][0] == "pass"
    assert checks(file)["time stamp 1, authority"][0] == "not_checked"
    with api.open_case(file) as case:
        contents = case.contents()
    assert contents.timestamps == (stamp,)
    assert contents.log_check.ok
    assert contents.log[-1].action == "timestamp.answer"


def test_another_root_is_told_of(file, authority, tmp_path, capfd):
    attach(file, authority.answer((tmp_path / "log.tsq").read_bytes()))
    found = checks(file, pem(Authority().root, tmp_path / "root.pem"))
    assert found["time stamp 1"][0] == "pass"
    assert found["time stamp 1, authority"][0] == "fail"
    assert capfd.readouterr().err == ""


def test_a_certificate_that_may_not_stamp_is_not_trusted(file, tmp_path):
    server = Authority(purpose=ExtendedKeyUsageOID.SERVER_AUTH)
    attach(file, server.answer((tmp_path / "log.tsq").read_bytes()))
    found = checks(file, pem(server.root, tmp_path / "root.pem"))
    assert found["time stamp 1, authority"][0] == "fail"


def test_a_changed_answer_is_refused(file, authority, tmp_path):
    tsr = authority.answer((tmp_path / "log.tsq").read_bytes())
    changed = tsr.replace(b"20261123120005Z", b"20261123120006Z")
    assert changed != tsr
    with pytest.raises(InputError, match="not attached"):
        attach(file, changed)
    with api.open_case(file) as case:
        assert not case.contents().timestamps[0].answered


def test_a_refusal_another_request_and_rubbish_are_refused_in_words(file, authority, tmp_path):
    tsq = (tmp_path / "log.tsq").read_bytes()
    with pytest.raises(InputError, match="we are closed"):
        attach(file, authority.answer(tsq, granted=False))
    with pytest.raises(InputError, match="no time-stamp response"):
        attach(file, b"rubbish")
    with api.open_case(file, operator="Ana") as case:
        case.add_note("x")
    other = tmp_path / "other.residua"
    api.new_case(other, operator="Ana")
    with pytest.raises(InputError, match="answers no request of this case"):
        attach(other, authority.answer(tsq))


def test_a_log_written_anew_is_found_by_its_time_stamp(file, authority, tmp_path):
    import sqlite3
    from dataclasses import replace

    from engine.evidence.custody import entry_hash, entry_text, read_entry

    attach(file, authority.answer((tmp_path / "log.tsq").read_bytes()))
    connection = sqlite3.connect(file)
    connection.execute("DROP TRIGGER log_no_update")
    rows = connection.execute("SELECT seq, record, hash FROM log ORDER BY seq").fetchall()
    previous = "0" * 64
    for seq, record, stated in rows:
        entry = replace(read_entry(record, stated), operator="Eve", previous=previous)
        previous = entry_hash(entry)
        connection.execute(
            "UPDATE log SET record = ?, hash = ? WHERE seq = ?", (entry_text(entry), previous, seq)
        )
    connection.execute("UPDATE head SET hash = ?", (previous,))
    connection.commit()
    connection.close()
    with api.open_case(file) as case:
        assert case.check_log().ok
    outcome, detail = checks(file)["time stamp 1"]
    assert outcome == "fail"
    assert "no longer has the hash that was stamped" in detail


def test_openssl_reads_the_request(file, tmp_path):
    try:
        done = subprocess.run(
            ["openssl", "ts", "-query", "-in", tmp_path / "log.tsq", "-text"],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("SKIPPED WITHOUT PROOF: there is no openssl here")
    assert done.returncode == 0
    assert "Hash Algorithm: sha256" in done.stdout
    assert "Certificate required: yes" in done.stdout
