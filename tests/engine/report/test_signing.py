"""Signed reports: keys, integrity, trust, and what a flipped byte does."""

import re
from io import BytesIO

import numpy as np
import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign import PdfSignatureMetadata, signers
from pyhanko.sign.fields import SigSeedSubFilter

from engine.errors import InputError
from engine.report.signatures import read_signatures
from engine.report.signing import load_key
from engine.report.verify import check_bytes, verify_report
from engine.types import Outcome
from tests.engine.report.keys import NAME, PASSPHRASE, make_key
from tests.engine.report.made import examination
from tests.engine.report.reports import small, words, write


@pytest.fixture(scope="module")
def keys(tmp_path_factory):
    return make_key(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="module")
def report(keys, tmp_path_factory):
    made = [small(examination("harbour.jpg", Outcome.AI, 1))]
    return write(tmp_path_factory.mktemp("signed"), made, key=keys.load())


def found(file, trust=None):
    return {check.name: check for check in verify_report(file, None, trust)}


def test_a_signed_report_holds_and_is_trusted_on_request(report, keys):
    checks = found(report, keys.authority)
    assert {c.outcome for n, c in checks.items() if n not in ("log chain", "exhibits' files")} == {
        "pass"
    }
    assert NAME in checks["signature integrity"].detail


def test_trust_is_not_checked_unless_asked(report):
    assert found(report)["signature trust"].outcome == "not_checked"


def test_a_stranger_is_not_trusted(report, tmp_path):
    stranger = make_key(tmp_path)
    checks = found(report, stranger.authority)
    assert checks["signature trust"].outcome == "fail"
    assert checks["signature integrity"].outcome == "pass"


def test_the_pages_name_who_signs(report):
    said = words(report)
    assert f"Signed electronically by {NAME}" in said


def intact(data, named):
    """Whether bytes and signatures hold, without looking at the pages.

    The pages name the certificates, also those carried along, which the signed bytes need not
    cover.
    """
    try:
        signatures = read_signatures(data, ())
    except InputError:
        return False
    held = check_bytes(data, signatures).outcome == "pass"
    return held and all(not each.problems and certificates(each) == named for each in signatures)


def certificates(signature):
    return signature.certificate_sha256, signature.carried


def container(data):
    first, length, second, _ = map(
        int, re.search(rb"/ByteRange ?\[(\d+) (\d+) (\d+) (\d+)", data).groups()
    )
    return first + length, second


def test_any_flipped_byte_is_found(report):
    """At random over the whole file, and more densely in the one place no signature covers."""
    data = report.read_bytes()
    named = certificates(read_signatures(data, ())[0])
    assert intact(data, named)
    start, end = container(data)
    rng = np.random.default_rng(7)
    inside = [start, end - 1, *rng.integers(start, end, 30)]
    # Version, digest algorithm and length fields, which the signed bytes do not cover.
    head = [start + 1 + 2 * byte for byte in (1, 2, 3, 21, 25, 28, 30, 41)]
    for place in [*rng.integers(0, len(data), 60), *inside, *head]:
        flipped = bytearray(data)
        flipped[place] ^= 1 << rng.integers(6)
        assert not intact(bytes(flipped), named), f"byte {place} was flipped unnoticed"


def test_a_changed_certificate_that_is_carried_along_is_found(report, tmp_path):
    """No signed byte covers it, but the pages name it by its hash."""
    data = report.read_bytes()
    start, _ = container(data)
    authority = report_authority(data)
    at = data.upper().index(authority.hex().upper().encode(), start)
    flipped = bytearray(data)
    flipped[at + 2 * 20] ^= 1
    (tmp_path / "flipped.pdf").write_bytes(flipped)
    assert found(tmp_path / "flipped.pdf")["signature integrity"].outcome == "fail"


def report_authority(data):
    (embedded,) = PdfFileReader(BytesIO(data)).embedded_signatures
    (authority,) = embedded.other_embedded_certs
    return authority.dump()


def test_a_signature_taken_off_is_found(report, tmp_path):
    data = report.read_bytes()
    length = int(re.search(rb"/ResiduaLength ?\((\d+)\)", data)[1])
    file = tmp_path / "cut.pdf"
    file.write_bytes(data[:length])
    checks = found(file)
    assert checks["bytes of the file"].outcome == "pass"
    assert checks["signature integrity"].outcome == "fail"
    assert "there is no signature" in checks["signature integrity"].detail


def test_what_is_added_after_signing_is_found(report, tmp_path):
    file = tmp_path / "more.pdf"
    file.write_bytes(report.read_bytes() + b"% more\n")
    assert found(file)["bytes of the file"].outcome == "fail"
    with pikepdf.open(report) as pdf:
        pdf.pages[0].Contents.write(pdf.pages[0].Contents.read_bytes() + b"\n")
        pdf.save(file)
    assert found(file)["signature integrity"].outcome == "fail"


def test_another_key_in_its_place_is_found(report, tmp_path):
    """Who takes the signature off and signs again is not who the pages name."""
    data = report.read_bytes()
    length = int(re.search(rb"/ResiduaLength ?\((\d+)\)", data)[1])
    stranger = make_key(tmp_path)
    (tmp_path / "cut.pdf").write_bytes(data[:length])
    again = resigned(tmp_path / "cut.pdf", stranger, "Examiner", tmp_path / "again.pdf")
    checks = found(again)
    assert checks["bytes of the file"].outcome == "pass"
    assert checks["signature integrity"].outcome == "fail"
    assert "none of them was made with the certificate" in checks["signature integrity"].detail


def resigned(file, made, field, target):
    signer = signers.SimpleSigner.load_pkcs12(str(made.p12), passphrase=PASSPHRASE)
    metadata = PdfSignatureMetadata(
        field_name=field, subfilter=SigSeedSubFilter.PADES, signer_key_usage=set()
    )
    with file.open("rb") as before, target.open("wb") as after:
        signers.sign_pdf(IncrementalPdfFileWriter(before), metadata, signer, output=after)
    return target


def test_a_reviewer_may_sign_later(report, tmp_path):
    reviewer = make_key(tmp_path, kind="rsa")
    both = resigned(report, reviewer, "Reviewer", tmp_path / "both.pdf")
    checks = found(both)
    assert checks["signature integrity"].outcome == "pass", checks["signature integrity"].detail
    assert checks["bytes of the file"].outcome == "pass"
    assert checks["every word of the pages"].outcome == "pass"


def test_an_unsigned_report_can_be_signed_by_another_program(keys, tmp_path):
    plain = write(tmp_path, [small(examination("a.jpg"))])
    assert found(plain)["signature integrity"].outcome == "not_checked"
    later = found(resigned(plain, keys, "Examiner", tmp_path / "later.pdf"), keys.authority)
    assert later["signature integrity"].outcome == "pass", later["signature integrity"].detail
    assert later["signature trust"].outcome == "pass"


class TestKeys:
    def test_pem_with_its_certificate_beside_it_opens(self, keys):
        assert load_key(keys.key, keys.cert, None).signer.subject == NAME
        assert load_key(keys.key, keys.cert, b"not needed").signer.issuer == "Test authority"

    def test_a_missing_or_wrong_passphrase_is_told(self, keys):
        for passphrase, said in ((None, "needs a passphrase"), (b"x", "does not open")):
            with pytest.raises(InputError, match=said) as caught:
                load_key(keys.p12, None, passphrase)
            assert caught.value.kind == "passphrase"

    def test_a_key_without_its_certificate_is_refused(self, keys, tmp_path):
        stranger = make_key(tmp_path)
        for cert in (None, stranger.cert):
            with pytest.raises(InputError, match="--sign-cert"):
                load_key(keys.key, cert, None)

    @pytest.mark.parametrize(
        "content", [b"", b"hello", b"-----BEGIN nonsense", b"\x30\x03\x02\x01"]
    )
    def test_what_is_no_key_is_refused(self, content, tmp_path):
        (tmp_path / "k").write_bytes(content)
        with pytest.raises(InputError, match="no private key"):
            load_key(tmp_path / "k", None, None)

    def test_a_certificate_that_has_run_out_cannot_sign(self, tmp_path):
        old = make_key(tmp_path, years=(2020, 2021))
        with pytest.raises(InputError, match="valid 2020-01-01 to 2021-01-01"):
            write(tmp_path, [small(examination("a.jpg"))], key=old.load())
        assert not (tmp_path / "report.pdf").exists()
