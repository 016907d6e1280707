"""Packs on a stick: exported, imported, and refused by name when anything is wrong."""

from __future__ import annotations

import hashlib
import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from engine import paths
from engine.errors import Cancelled, ModelError
from engine.job import Progress
from engine.vrm.packs import find_pack, write_manifest
from engine.vrm.packs.sources import opened
from engine.vrm.packs.stick import INDEX_NAME, LICENCES_NAME, SEAL_NAME, export_packs
from engine.vrm.packs.taking import take_packs


@dataclass
class Machines:
    """Two machines of one lab: one that has packs, one that gets them from a stick."""

    one: Path
    other: Path
    stick: Path
    monkeypatch: pytest.MonkeyPatch

    def at(self, place: Path) -> None:
        self.monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(place))

    def take(self, source: Path | None = None, report=lambda _: None, **options):
        self.at(self.other)
        with opened(source or self.stick) as stick:
            return take_packs(stick, report, **options)


def write_pack(folder: Path, name: str, weights: bytes) -> None:
    part = folder / "language"
    part.mkdir(parents=True)
    (part / "model.safetensors").write_bytes(weights)
    (part / "LICENSE").write_text(f"The licence of {name}.")
    origin = {"name": "language", "role": "words", "source": "made up", "licence": "MIT"}
    parts = [{**origin, "licence_note": "Whoever."}]
    write_manifest(folder, name=name, title=f"Pack {name}", memory_bytes=1, parts=parts)


@pytest.fixture
def machines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machines:
    made = Machines(tmp_path / "one", tmp_path / "other", tmp_path / "stick", monkeypatch)
    for name, size in (("first", 3000), ("second", 5000)):
        write_pack(made.one / "packs" / name, name, bytes(range(250)) * (size // 250))
    made.at(made.one)
    return made


@pytest.fixture
def keys(tmp_path: Path) -> tuple[Path, Path]:
    key = Ed25519PrivateKey.generate()
    private, public = tmp_path / "key.pem", tmp_path / "public.pem"
    pkcs8 = PrivateFormat.PKCS8
    private.write_bytes(key.private_bytes(Encoding.PEM, pkcs8, NoEncryption()))
    public.write_bytes(
        key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    )
    return private, public


@pytest.mark.parametrize("name", ["stick", "stick.zip"])
def test_every_pack_goes_to_the_other_machine(machines: Machines, name: str) -> None:
    machines.stick = machines.stick.with_name(name)
    exported = export_packs((), machines.stick)
    taken = machines.take()
    assert [pack.name for pack in taken] == ["first", "second"]
    assert [pack.sha256 for pack in taken] == [pack.sha256 for pack in exported]
    assert taken[0].folder == machines.other / "packs" / "first"


def test_only_the_packs_that_are_named_are_exported(machines: Machines) -> None:
    export_packs(["second"], machines.stick)
    assert [pack.name for pack in machines.take()] == ["second"]


def test_the_licence_of_every_part_travels_along(machines: Machines) -> None:
    export_packs((), machines.stick)
    text = (machines.stick / LICENCES_NAME).read_text()
    assert "The licence of first." in text
    assert "Licence: MIT" in text


def test_the_same_packs_give_the_same_archive(machines: Machines, tmp_path: Path) -> None:
    digests = set()
    for name in ("a.zip", "b.zip"):
        export_packs((), tmp_path / name)
        digests.add(hashlib.sha256((tmp_path / name).read_bytes()).hexdigest())
    assert len(digests) == 1


def test_a_truncated_pack_is_refused_by_its_name(machines: Machines) -> None:
    export_packs((), machines.stick)
    weights = machines.stick / "second" / "language" / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:100])
    with pytest.raises(ModelError, match=r"'second'.*truncated.*model\.safetensors has 100 bytes"):
        machines.take()
    assert not (machines.other / "packs" / "second").exists()


def test_an_altered_pack_is_refused_with_both_hashes(machines: Machines) -> None:
    export_packs(["first"], machines.stick)
    weights = machines.stick / "first" / "language" / "model.safetensors"
    weights.write_bytes(b"x" * weights.stat().st_size)
    found = hashlib.sha256(weights.read_bytes()).hexdigest()
    with pytest.raises(ModelError, match=rf"'first'.*model\.safetensors.*found {found}"):
        machines.take()


def test_a_swapped_pack_is_refused(machines: Machines) -> None:
    export_packs((), machines.stick)
    shutil.rmtree(machines.stick / "first")
    write_pack(machines.stick / "first", "first", b"other weights")
    with pytest.raises(ModelError, match=r"'first'.*is not the one that was exported"):
        machines.take()


def test_a_missing_file_is_named(machines: Machines) -> None:
    export_packs((), machines.stick)
    (machines.stick / "first" / "language" / "LICENSE").unlink()
    with pytest.raises(ModelError, match=r"'first'.*incomplete: language/LICENSE is missing"):
        machines.take()


def test_a_truncated_archive_is_refused(machines: Machines, tmp_path: Path) -> None:
    archive = tmp_path / "packs.zip"
    export_packs((), archive)
    archive.write_bytes(archive.read_bytes()[:-400])
    with pytest.raises(ModelError, match=r"packs\.zip is not a sound zip archive.*truncated"):
        machines.take(archive)


def test_a_name_that_leads_out_is_refused(machines: Machines) -> None:
    export_packs(["first"], machines.stick)
    index = json.loads((machines.stick / INDEX_NAME).read_text())
    index["packs"][0]["name"] = "../first"
    (machines.stick / INDEX_NAME).write_text(json.dumps(index))
    with pytest.raises(ModelError, match="is not the name of a model pack"):
        machines.take()


def test_a_full_disk_is_refused_before_anything_is_copied(
    machines: Machines, monkeypatch: pytest.MonkeyPatch
) -> None:
    export_packs((), machines.stick)
    usage = shutil.disk_usage(machines.stick)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ModelError, match="0 MB free, copying 'first' takes"):
        machines.take()
    machines.at(machines.one)
    with pytest.raises(ModelError, match="name fewer packs or another place"):
        export_packs((), machines.stick.with_name("small"))


def test_an_import_that_was_stopped_copies_only_what_is_missing(machines: Machines) -> None:
    export_packs(["first"], machines.stick)

    def stop(progress: Progress) -> None:
        if progress.done >= 3000:
            raise Cancelled("stopped")

    # The licence comes first, so the stop falls after the weights were written.
    with pytest.raises(Cancelled):
        machines.take(report=stop)
    copied: list[int] = []
    (pack,) = machines.take(
        report=lambda p: copied.append(p.done) if "Copying" in p.phase else None
    )
    assert pack.name == "first"
    assert min(copied, default=3000) >= 21


def test_an_export_that_was_stopped_goes_on_and_is_no_pack_meanwhile(machines: Machines) -> None:
    def stop(progress: Progress) -> None:
        if progress.done > 4000:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        export_packs((), machines.stick, stop)
    assert not (machines.stick / INDEX_NAME).exists()
    kept = machines.stick / "first" / "language" / "model.safetensors"
    before = kept.stat().st_mtime_ns
    export_packs((), machines.stick)
    assert kept.stat().st_mtime_ns == before
    assert len(machines.take()) == 2


def test_a_signed_export_is_taken_when_its_key_is_named(machines: Machines, keys) -> None:
    private, public = keys
    export_packs((), machines.stick, key=private)
    assert len(machines.take(signed_by=public)) == 2


def test_an_unsigned_export_is_refused_where_a_signature_is_asked_for(
    machines: Machines, keys
) -> None:
    export_packs((), machines.stick)
    with pytest.raises(ModelError, match="is not signed"):
        machines.take(signed_by=keys[1])


def test_a_list_that_was_altered_after_signing_is_refused(machines: Machines, keys) -> None:
    export_packs((), machines.stick, key=keys[0])
    file = machines.stick / INDEX_NAME
    file.write_text(file.read_text().replace("Pack first", "Pack First"))
    with pytest.raises(ModelError, match="does not fit the list of packs"):
        machines.take(signed_by=keys[1])


def test_the_key_of_somebody_else_is_named(machines: Machines, keys) -> None:
    export_packs((), machines.stick, key=keys[0])
    file = machines.stick / SEAL_NAME
    file.write_text(file.read_text().replace("ed25519 ", "ed25519 0"))
    with pytest.raises(ModelError, match="were signed by the key"):
        machines.take(signed_by=keys[1])


def test_a_file_that_is_no_key_is_refused(machines: Machines, tmp_path: Path) -> None:
    (tmp_path / "no.pem").write_text("no key")
    with pytest.raises(ModelError, match=r"no\.pem cannot be used to sign"):
        export_packs((), machines.stick, key=tmp_path / "no.pem")


def test_a_broken_pack_is_not_exported(machines: Machines) -> None:
    weights = find_pack("first").folder / "language" / "model.safetensors"
    weights.write_bytes(b"y" * weights.stat().st_size)
    with pytest.raises(ModelError, match=r"'first'.*is not sound: language/model\.safetensors"):
        export_packs(["first"], machines.stick)
    assert not (machines.stick / INDEX_NAME).exists()
