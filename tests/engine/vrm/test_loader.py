from __future__ import annotations

import json
from dataclasses import asdict
from types import SimpleNamespace

import pytest
import torch
from safetensors.torch import save_file

from engine import paths
from engine.errors import InputError, ModelError
from engine.vrm import loader
from engine.vrm.artifact import FRONT_CHANNELS
from engine.vrm.packs import write_manifest
from engine.vrm.standout import DEPTHS, FREQUENCIES
from tests.engine.vrm.tiny_mini import CONFIG, WIDTH, picture, readings, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture
def no_cuda(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)


@pytest.fixture
def cuda(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)


@pytest.fixture
def published(tmp_path):
    folder = tmp_path / "published"
    folder.mkdir()
    (folder / "config.json").write_text(json.dumps({"model_type": "qwen2_5_vl"}))
    return folder


HEAD_OF_PLACES = len(DEPTHS) * WIDTH + FREQUENCIES + FRONT_CHANNELS


@pytest.fixture
def installed(tiny_base, tmp_path, monkeypatch):
    """A program whose pack and weights are tiny; returns the folder of the weights."""
    weights = tmp_path / "resources" / "weights" / "mini"
    weights.mkdir(parents=True)
    state = {k: v.contiguous() for k, v in trained_mini(tiny_base).trained_state().items()}
    save_file(state, weights / "trained.safetensors")
    save_file({"weights": torch.zeros(HEAD_OF_PLACES)}, weights / "places.safetensors")
    (weights / "calibration.json").write_text(json.dumps(asdict(readings())))
    write_manifest(weights, name="mini")
    pack = SimpleNamespace(folder=tiny_base, identity="a" * 64)
    monkeypatch.setattr(paths, "resources_dir", lambda: tmp_path / "resources")
    monkeypatch.setattr(loader, "find_pack", lambda _name: pack)
    monkeypatch.setattr(loader, "require_sound", lambda _pack: None)
    monkeypatch.setattr(loader, "MiniConfig", lambda: CONFIG)
    return weights


@pytest.mark.parametrize("name", ["nonsense", "", "mini2", "/no/such/folder"])
def test_an_unknown_model_is_refused(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ModelError, match="No model"):
        loader.load(name, "cpu")


def test_a_folder_that_is_no_checkpoint_is_refused(tmp_path):
    with pytest.raises(ModelError, match="published layout"):
        loader.load(str(tmp_path), "cpu")
    (tmp_path / "config.json").write_text('{"model_type": "llama"}')
    with pytest.raises(ModelError, match="published layout"):
        loader.load(str(tmp_path), "cpu")


@pytest.mark.parametrize("mini", [True, False])
def test_an_unknown_device_is_refused(mini):
    with pytest.raises(InputError, match="'tpu': use auto, cpu or cuda"):
        loader.pick_device("tpu", mini=mini)


@pytest.mark.parametrize("mini", [True, False])
def test_cuda_is_refused_where_there_is_none(no_cuda, mini):
    with pytest.raises(ModelError, match="No CUDA device"):
        loader.pick_device("cuda", mini=mini)


def test_devices_are_picked_for_each_model(cuda):
    assert loader.pick_device("auto", mini=True) == torch.device("cpu")
    assert loader.pick_device("auto", mini=False) == torch.device("cuda")
    assert loader.pick_device("cuda", mini=False) == torch.device("cuda")
    assert loader.pick_device("cpu", mini=False) == torch.device("cpu")
    with pytest.raises(ModelError, match="runs on the CPU"):
        loader.pick_device("cuda", mini=True)


def test_auto_is_the_processor_where_there_is_no_cuda(no_cuda):
    assert loader.pick_device("auto", mini=False) == torch.device("cpu")


def test_a_missing_pack_is_named():
    with pytest.raises(ModelError, match="'mini' is not on this machine"):
        loader.load("mini", "cpu")


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_the_mini_is_loaded_with_its_weights_and_calibration(installed, monkeypatch, dtype):
    monkeypatch.setattr(loader, "cpu_dtype", lambda: dtype)
    examiner = loader.load("mini", "auto")
    info = examiner.info
    assert (info.name, info.device) == ("mini", "cpu")
    assert info.dtype == str(dtype).removeprefix("torch.")
    assert len(info.sha256) == 64
    assert info.injection_layer == CONFIG.injection_layer
    assert info.fusion == "gated"
    assert len(info.prompt_sha256) == 64
    reading = examiner.examine(
        picture(64, 80), explain=True, on_text=lambda _: None, check=lambda: None
    )
    assert 0 <= reading.verdict.p_ai <= 1
    assert reading.verdict.read_outs.both is not None


def test_other_weights_have_another_hash(installed):
    first = loader.load("mini", "cpu").info.sha256
    body = json.loads((installed / "calibration.json").read_text())
    body["full"]["bias"] = 0.5
    (installed / "calibration.json").write_text(json.dumps(body))
    with pytest.raises(ModelError, match=r"calibration\.json"):
        loader.load("mini", "cpu")
    write_manifest(installed, name="mini")
    assert loader.load("mini", "cpu").info.sha256 != first


def test_weights_of_another_shape_are_refused(installed, tiny_base):
    state = {k: v.contiguous() for k, v in trained_mini(tiny_base).trained_state().items()}
    del state["fusion.alpha"]
    save_file(state, installed / "trained.safetensors")
    write_manifest(installed, name="mini")
    with pytest.raises(ModelError, match=r"fusion\.alpha"):
        loader.load("mini", "cpu")


def test_the_processors_own_precision_is_chosen():
    assert loader.cpu_dtype() in (torch.float32, torch.bfloat16)
