"""What tests of model packs share."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine import paths

if TYPE_CHECKING:
    from tests.engine.vrm.packs_world import World


@pytest.fixture(scope="session")
def wheel_parts(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list]:
    """Return a folder with two made-up wheels, and what a catalogue says of them."""
    from tests.engine.vrm import packs_made_up as made_up  # torch is not every test's business

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
    """Return an installation without packs, with the wheels of one."""
    from tests.engine.vrm.packs_world import World

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


@pytest.fixture
def with_tower(world: World) -> World:
    """A catalogue with a second pack, whose 8-bit tower comes in a wheel of the first."""
    import torch

    from engine.training.activations import measure
    from tests.engine.vrm import packs_made_up as made_up

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
