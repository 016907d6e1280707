"""Each family the whole way: trained for two steps, imported as a pack, and scanned with."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import jsonschema
import pytest
import torch
from PIL import Image
from safetensors.torch import load_file, save_file

from engine import api, paths
from engine.__main__ import main
from engine.errors import ModelError
from engine.job import Context
from engine.training.host_training import save_checkpoint
from engine.vrm.host_checkpoint import INJECTION_FILE, load_checkpoint
from engine.vrm.host_views import FAMILIES
from engine.vrm.memory import measure
from engine.vrm.published import PUBLISHED_PROMPT, SWAPPED_PROMPT
from engine.vrm.published_examiner import load_examiner
from tests.engine.training.tiny_host_run import K, pixels, run_of, samples
from tests.engine.vrm.test_published_examiner import close, examine, picture

CPU = torch.device("cpu")
GATED = "qwen3_vl"
"""One family is trained with gated fusion, whose own weights have to travel too."""


@dataclass
class Trained:
    family: str
    folder: Any
    """The checkpoint that training wrote."""
    vrm: Any
    inputs: Any


@pytest.fixture(scope="module", params=FAMILIES)
def trained(request, tmp_path_factory):
    family, home = request.param, tmp_path_factory.mktemp(request.param)
    host = home / "host"
    host.mkdir()
    fusion = "gated" if family == GATED else "mean"
    vrm, inputs, run = run_of(family, host, home / "work", fusion=fusion, rate=1e-2)
    run.run(samples(4), samples(4))
    if fusion == "gated":
        vrm.fusion.alpha.data += 0.5  # a fresh gate is closed: nothing would be seen of it
    config = {**vrm.model.config.to_dict(), "dtype": "float32"}
    (host / "config.json").write_text(json.dumps(config))
    save_checkpoint(vrm, host, home / f"trained-{family}")
    return Trained(family, home / f"trained-{family}", vrm.eval(), inputs)


@pytest.fixture(autouse=True)
def few_words(monkeypatch):
    """Random models never end an answer by themselves."""
    monkeypatch.setattr("engine.vrm.published_examiner.MAX_NEW_TOKENS", 12)


def odds(trained, question):
    asked = trained.inputs.prepare(picture().pixels, question)
    with torch.no_grad():
        return float(trained.inputs.words.log_odds(trained.vrm(asked)[0, -1]))


def test_an_imported_host_scans_and_its_line_is_like_any_other(trained, tmp_path, monkeypatch):
    monkeypatch.setenv("RESIDUA_DATA", str(tmp_path / "data"))
    api.import_models(trained.folder, Context(), name="own")
    image = tmp_path / "a.png"
    Image.fromarray(picture().pixels).save(image)
    out = tmp_path / "out"
    command = ["scan", str(image), "--out", str(out), "--model", "own", "--device", "cpu"]
    assert main([*command, "--no-traces", "--quiet"]) == 0
    (line,) = map(json.loads, (out / "results.jsonl").read_text("ascii").splitlines())
    schema = json.loads((paths.resources_dir() / "results.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(line)
    assert line["status"] == "ok"
    assert (line["model"]["injection_layer"], line["model"]["device"]) == (K, "cpu")
    assert line["model"]["fusion"] == trained.vrm.fusion.mode
    assert line["model"]["dtype"] == "float32"
    assert line["explanation"]
    assert (out / line["heatmap"]).is_file()
    orders = odds(trained, PUBLISHED_PROMPT), odds(trained, SWAPPED_PROMPT)
    assert line["read_outs"]["both"] == pytest.approx(sum(orders) / 2, abs=1e-3)
    assert line["read_outs"]["semantic"] != pytest.approx(line["read_outs"]["both"], abs=1e-3)


def test_a_trained_host_comes_back_as_it_was(trained):
    loaded = load_checkpoint(trained.folder, CPU, torch.float32)
    asked = trained.inputs.prepare(pixels(True, 9), PUBLISHED_PROMPT)
    with torch.no_grad():
        torch.testing.assert_close(loaded(asked), trained.vrm(asked))
    assert not any(p.requires_grad for p in loaded.parameters())


def test_what_can_be_held_in_fewer_bits_is_the_decoder_alone(trained):
    layers = trained.vrm.host.layers(trained.vrm.model)
    linear = [m.weight.numel() for m in layers.modules() if isinstance(m, torch.nn.Linear)]
    assert measure(trained.folder).decoder_bytes == 4 * sum(linear)


def test_pictures_of_unlike_size_are_read_together_as_each_alone(trained):
    together, single = (load_examiner(trained.folder, CPU) for _ in range(2))
    together._batches.size = 3
    pictures = (picture(64, 80), picture(96, 48, seed=1), picture(40, 64, seed=2))
    found = together.examine_many(
        pictures, explain=True, on_text=lambda *_: None, check=lambda: None
    )
    for reading, image in zip(found, pictures, strict=True):
        close(reading, examine(single, image, explain=True))


def test_without_its_own_v_a_or_place_a_host_is_refused(trained, tmp_path):
    weights = load_file(trained.folder / "model.safetensors")
    kept = {k: v for k, v in weights.items() if "low_level" not in k and "artifact" not in k}
    for file in trained.folder.iterdir():
        if file.name != "model.safetensors":
            (tmp_path / file.name).write_bytes(file.read_bytes())
    save_file(kept, tmp_path / "model.safetensors")
    with pytest.raises(ModelError, match="lacks the artifact encoder V_a"):
        load_checkpoint(tmp_path, CPU, torch.float32)
    (tmp_path / INJECTION_FILE).write_text('{"layer": "three", "fusion": "mean"}')
    with pytest.raises(ModelError, match="layer 'three'"):
        load_checkpoint(tmp_path, CPU, torch.float32)
    if trained.family != "qwen2_5_vl":
        (tmp_path / INJECTION_FILE).unlink()
        with pytest.raises(ModelError, match="does not say where"):
            load_checkpoint(tmp_path, CPU, torch.float32)
