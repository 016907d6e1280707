from __future__ import annotations

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from engine import api
from engine.errors import ModelError
from engine.job import Context
from engine.vrm.host_checkpoint import load_checkpoint
from engine.vrm.loader import load
from engine.vrm.lora import LoraLinear, add_lora
from tests.engine.vrm.test_published_examiner import close, examine, picture
from tests.engine.vrm.tiny_published import reference, write_folder, write_tokenizer

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def packs(tmp_path, monkeypatch):
    monkeypatch.setenv("RESIDUA_DATA", str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture(scope="module")
def ref():
    return reference()


def checkpoint(folder, weights):
    write_tokenizer(write_folder(folder, weights))
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dtype": "float32"}))
    return folder


def bring(source, **options):
    return api.import_models(source, Context(), **options)[0]


def test_an_imported_checkpoint_is_found_by_name_and_reads_the_same(ref, tmp_path):
    source = checkpoint(tmp_path / "deep", ref.weights("old"))
    pack = bring(source, name="deep-7b")
    assert [each.name for each in api.models()] == ["deep-7b"]
    assert all(check.ok for check in api.verify_model("deep-7b"))
    assert "0.00 billion" in pack.title
    found, direct = load("deep-7b", "cpu"), load(str(source), "cpu")
    assert found.info.sha256 == direct.info.sha256
    close(examine(found), examine(direct))


def test_what_is_no_part_of_a_checkpoint_is_not_copied(ref, tmp_path):
    source = checkpoint(tmp_path / "deep", ref.weights("new"))
    (source / "run.py").write_text("print('no')")
    (source / "LICENSE").write_text("Apache-2.0")
    pack = bring(source)
    names = {file.name for file in (pack.folder / "checkpoint").iterdir()}
    assert "run.py" not in names
    assert {"LICENSE", "config.json", "model.safetensors", "tokenizer.json"} <= names


def test_a_checkpoint_without_v_a_is_refused_before_anything_is_copied(ref, tmp_path, packs):
    weights = {k: v for k, v in ref.weights("old").items() if "low_level" not in k}
    with pytest.raises(ModelError, match="lacks the artifact encoder"):
        bring(checkpoint(tmp_path / "plain", weights))
    assert not list(packs.glob("packs/*"))


def test_weights_of_another_format_are_refused(ref, tmp_path):
    source = checkpoint(tmp_path / "pickled", ref.weights("old"))
    (source / "model.safetensors").rename(source / "pytorch_model.bin")
    with pytest.raises(ModelError, match="only safetensors"):
        bring(source)


@pytest.mark.parametrize("name", ["mini", "../up", "", ".hidden", "a/b"])
def test_a_name_that_cannot_be_is_refused(ref, tmp_path, name):
    source = checkpoint(tmp_path / "deep", ref.weights("old"))
    with pytest.raises(ModelError, match="--name"):
        bring(source, name=name or " ")


def test_a_pack_is_not_replaced(ref, tmp_path):
    source = checkpoint(tmp_path / "deep", ref.weights("old"))
    bring(source)
    with pytest.raises(ModelError, match="already"):
        bring(source)


def adapter(folder, vrm, **config):
    """Write a model's low-rank adapters as peft does."""
    folder.mkdir()
    tensors = {}
    for name, module in vrm.named_modules():
        if isinstance(module, LoraLinear):
            key = name.replace("artifact.parts.visual.", "model.visual_low_level.")
            key = key.removeprefix("model.") if key.startswith("model.model.") else key
            tensors[f"base_model.model.{key}.lora_A.weight"] = module.lora_a.detach().clone()
            tensors[f"base_model.model.{key}.lora_B.weight"] = module.lora_b.detach().clone()
    save_file(tensors, folder / "adapter_model.safetensors")
    (folder / "adapter_config.json").write_text(json.dumps({"r": 2, "lora_alpha": 4, **config}))
    return folder


def adapted(folder):
    """A model with adapters that do something."""
    vrm = load_checkpoint(folder, CPU, torch.float32)
    generator = torch.Generator().manual_seed(3)
    for seed, pattern in enumerate((vrm.encoder_pattern, vrm.decoder_pattern)):
        add_lora(vrm, pattern=pattern, r=2, alpha=4, seed=seed)
    for name, parameter in vrm.named_parameters():
        if name.endswith("lora_b"):
            torch.nn.init.normal_(parameter.data, std=0.3, generator=generator)
    return vrm


def test_an_adapter_over_its_base_reads_as_the_adapted_model(ref, tmp_path):
    base = checkpoint(tmp_path / "base", ref.weights("old"))
    vrm = adapted(base)
    bring(adapter(tmp_path / "adapter", vrm), base=base, name="tuned")
    examiner = load("tuned", "cpu")
    assert examine(examiner).verdict.read_outs != examine(load(str(base), "cpu")).verdict.read_outs
    inputs = examiner._inputs.prepare(picture().pixels, "w20 w21")
    torch.testing.assert_close(examiner._vrm(inputs), vrm(inputs), atol=1e-4, rtol=1e-4)


def test_over_a_plain_host_v_a_starts_as_its_own_tower(ref, tmp_path):
    plain = {k: v for k, v in ref.weights("old").items() if "low_level" not in k}
    base = checkpoint(tmp_path / "host", plain)
    same = checkpoint(
        tmp_path / "same",
        plain
        | {f"visual_low_level.{k[7:]}": v.clone() for k, v in plain.items() if k[:7] == "visual."},
    )
    vrm = adapted(same)
    bring(adapter(tmp_path / "adapter", vrm), base=base, name="tuned")
    examiner = load("tuned", "cpu")
    inputs = examiner._inputs.prepare(picture().pixels, "w20 w21")
    torch.testing.assert_close(examiner._vrm(inputs), vrm(inputs), atol=1e-4, rtol=1e-4)


def test_an_adapter_of_another_host_is_refused(ref, tmp_path, packs):
    base = checkpoint(tmp_path / "base", ref.weights("old"))
    source = adapter(tmp_path / "adapter", adapted(base))
    tensors = load_file(source / "adapter_model.safetensors")
    odd = {k.replace("layers.17", "layers.77"): v for k, v in tensors.items()}
    save_file(odd, source / "adapter_model.safetensors")
    with pytest.raises(ModelError, match=r"layers\.77"):
        bring(source, base=base)
    assert not [each for each in packs.glob("packs/*") if not each.name.startswith(".")]


def test_an_adapter_that_is_more_than_low_rank_is_refused(ref, tmp_path):
    base = checkpoint(tmp_path / "base", ref.weights("old"))
    source = adapter(tmp_path / "adapter", adapted(base), use_dora=True)
    with pytest.raises(ModelError, match="use_dora=True"):
        bring(source, base=base)


def test_an_adapter_without_its_base_is_refused(tmp_path):
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "adapter_config.json").write_text("{}")
    with pytest.raises(ModelError, match="--base"):
        bring(tmp_path / "adapter")
