"""Packs arrive from a folder, an archive or a folder of wheels."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from engine.errors import ModelError
from engine.vrm import packs
from engine.vrm.packs.assembly import assemble, import_packs
from tests.engine.vrm.packs_world import World, altered


def test_pack_is_imported_from_a_folder(world: World, tmp_path: Path) -> None:
    made = assemble("tiny", wheels=world.wheels)
    stick = tmp_path / "stick"
    shutil.move(world.pack, stick)
    imported = import_packs(stick)[0]
    assert imported.sha256 == made.sha256
    assert imported.folder == world.pack
    assert stick.exists()


def test_pack_is_imported_from_an_archive_with_one_folder(world: World, tmp_path: Path) -> None:
    made = assemble("tiny", wheels=world.wheels)
    archive = shutil.make_archive(str(tmp_path / "tiny"), "zip", world.pack.parent, "tiny")
    shutil.rmtree(world.pack)
    assert import_packs(Path(archive))[0].sha256 == made.sha256
    assert {p.name for p in world.pack.parent.iterdir()} == {"tiny", ".tiny.lock"}


def test_wheels_are_imported_from_a_folder(world: World) -> None:
    assert import_packs(world.wheels)[0].folder == world.pack


def test_altered_pack_is_not_imported(world: World, tmp_path: Path) -> None:
    assemble("tiny", wheels=world.wheels)
    stick = tmp_path / "stick"
    shutil.move(world.pack, stick)
    found = altered(stick / "language" / "packed.safetensors")
    with pytest.raises(ModelError, match=f"language/packed.safetensors.*{found}"):
        import_packs(stick)[0]
    assert not world.pack.exists()


def test_folder_without_pack_or_wheels_is_not_imported(world: World, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"neither a model pack .* nor all wheels"):
        import_packs(tmp_path)[0]


def test_file_that_is_no_archive_is_not_imported(world: World, tmp_path: Path) -> None:
    (tmp_path / "pack.zip").write_bytes(b"no archive")
    with pytest.raises(ModelError, match=r"pack\.zip is not a sound zip archive"):
        import_packs(tmp_path / "pack.zip")[0]


def test_a_folder_of_wheels_makes_every_pack_it_has_the_wheels_of(with_tower: World) -> None:
    assert import_packs(with_tower.wheels)[0].name == "tiny"
    assert {pack.name for pack in packs.list_packs()} == {"tiny", "quick"}
