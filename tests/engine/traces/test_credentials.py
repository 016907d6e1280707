"""C2PA: integrity and trust are two facts, and nothing opens the network."""

from __future__ import annotations

import dataclasses
from datetime import date
from io import BytesIO

import c2pa
import pytest

from engine import paths
from engine.errors import InputError
from engine.traces import credentials, trust
from engine.types import Status
from tests.engine.traces import made_files as made
from tests.engine.traces.signing import Authority, Listener, authority, signed


@pytest.fixture(scope="module")
def by() -> Authority:
    return authority()


def facts(data: bytes) -> dict[str, object]:
    return {f.analyser: f for f in credentials.find(made.taken_apart(data))}


def trusting(by: Authority, tmp_path) -> None:
    file = tmp_path / "list.pem"
    file.write_text(by.root_pem)
    trust.import_list(file, date(2026, 11, 1))


@pytest.mark.parametrize(("make", "mime"), [(made.jpeg, "image/jpeg"), (made.png, "image/png")])
def test_an_untouched_file_is_valid_and_its_origin_told(by, make, mime):
    found = facts(signed(make(), mime, by))
    assert found["c2pa.integrity"].value == "valid"
    assert "Test signer" in found["c2pa.integrity"].reason
    assert found["c2pa.digital_source_type"].value == "trainedAlgorithmicMedia"
    assert "c2pa.created by Test model" in found["c2pa.manifest"].reason


def test_without_a_trust_list_trust_is_not_available(by):
    finding = facts(signed(made.jpeg(), "image/jpeg", by))["c2pa.trust"]
    assert finding.status is Status.NOT_AVAILABLE
    assert "No trust list is imported" in finding.reason


def test_a_signer_below_the_imported_list_is_trusted(by, tmp_path):
    trusting(by, tmp_path)
    found = facts(signed(made.jpeg(), "image/jpeg", by))
    assert found["c2pa.trust"].value == "trusted"
    assert "list.pem of 2026-11-01" in found["c2pa.trust"].reason
    assert found["c2pa.integrity"].value == "valid"


def test_a_strangers_signature_is_valid_and_not_trusted(by, tmp_path):
    trusting(by, tmp_path)
    found = facts(signed(made.jpeg(), "image/jpeg", authority()))
    assert found["c2pa.trust"].value == "not trusted"
    assert found["c2pa.integrity"].value == "valid"


def test_a_file_changed_after_signing_is_broken_and_trust_is_not_judged(by, tmp_path):
    trusting(by, tmp_path)
    data = bytearray(signed(made.jpeg(), "image/jpeg", by))
    data[-300] ^= 0x10
    found = facts(bytes(data))
    assert "c2pa.integrity" not in found
    assert found["conflict.c2pa_integrity"].value == "Content Credentials broken"
    assert "assertion.dataHash.mismatch" in found["conflict.c2pa_integrity"].reason
    assert found["c2pa.trust"].status is Status.NOT_AVAILABLE


def test_a_damaged_manifest_is_a_finding_not_a_crash(by):
    data = bytearray(signed(made.jpeg(), "image/jpeg", by))
    at = data.index(b"c2pa.claim")
    data[at - 20 : at + 200] = bytes(220)
    assert "conflict.c2pa_integrity" in facts(bytes(data))


def test_a_file_without_a_manifest_says_so():
    assert facts(made.jpeg())["c2pa.manifest"].value == "none"


def test_a_remote_manifest_is_named_and_not_fetched(by):
    with Listener() as listener:
        data = signed(made.jpeg(), "image/jpeg", by, remote_url=listener.url)
        subject = made.taken_apart(data)
        found = {f.analyser: f for f in credentials.find(subject)}
        assert found["c2pa.remote"].value == listener.url
        # Even when asked to look, the library must not fetch.
        blocks = dataclasses.replace(subject.blocks, manifest=True)
        credentials.find(dataclasses.replace(subject, blocks=blocks))
        assert listener.count == 0


def test_the_library_left_to_itself_does_fetch(by):
    """The control: without our settings the same file makes a connection."""
    with Listener() as listener:
        data = signed(made.jpeg(), "image/jpeg", by, remote_url=listener.url)
        with pytest.raises(c2pa.C2paError):
            c2pa.Reader("image/jpeg", BytesIO(data))
        assert listener.count > 0


def test_the_state_of_a_certificate_is_not_asked_for(tmp_path):
    with Listener() as listener:
        by = authority(ocsp_url=listener.url)
        trusting(by, tmp_path)
        found = facts(signed(made.jpeg(), "image/jpeg", by))
        assert found["c2pa.trust"].value == "trusted"
        assert listener.count == 0


def test_an_imported_list_replaces_the_one_before(by, tmp_path):
    trusting(by, tmp_path)
    file = tmp_path / "other.pem"
    file.write_text(authority().root_pem + by.root_pem)
    trust.import_list(file, date(2026, 12, 1))
    held = trust.current()
    assert (held.dated, held.name, held.count) == ("2026-12-01", "other.pem", 2)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("no certificate here", "no certificate"),
        ("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----", "damaged"),
    ],
)
def test_a_list_without_good_certificates_is_refused(tmp_path, content, words):
    file = tmp_path / "list.pem"
    file.write_text(content)
    with pytest.raises(InputError, match=words):
        trust.import_list(file, date(2026, 1, 1))
    assert trust.current() is None


def test_a_damaged_stored_list_is_said_and_trusts_nobody(by, tmp_path):
    trusting(by, tmp_path)
    (paths.data_dir() / "provenance" / trust.LIST_NAME).write_text("gone")
    finding = facts(signed(made.jpeg(), "image/jpeg", by))["c2pa.trust"]
    assert finding.status is Status.NOT_AVAILABLE
    assert "damaged" in finding.reason
