from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace

import numpy as np
import pytest
from safetensors.numpy import save_file

from engine import paths
from engine.errors import Cancelled, InputError, ModelError
from engine.types import Outcome, Status
from engine.vrm import int8_tower, triage
from engine.vrm.contrast import MAX_OFFSET
from engine.vrm.int8_tower import Int8Tower, providers, where
from engine.vrm.mini_config import MiniConfig
from engine.vrm.packs import write_manifest
from engine.vrm.triage import TriageExaminer, load_triage, read_head
from tests.engine.vrm import tiny_tower
from tests.engine.vrm.tiny_mini import as_picture, info, picture, readings

pytestmark = pytest.mark.usefixtures("one_thread")

TINY = MiniConfig(probe_depths=(1, 2), contrast_depths=(1, 2))


@pytest.fixture(scope="module")
def tower(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack") / "tower"
    tiny_tower.write_tower(folder)
    return Int8Tower(folder, (1, 2))


@pytest.fixture
def examiner(tower):
    head, contrast = tiny_tower.random_head(), tiny_tower.random_contrast()
    return TriageExaminer(tower, head, contrast, readings(), info())


def examined(examiner, image, *, check=lambda: None):
    return examiner.examine(image, explain=True, on_text=pytest.fail, check=check)


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A program whose pack and weights are tiny; returns the folder of both."""
    pack = tmp_path / "data" / "packs" / "triage"
    tiny_tower.write_tower(pack / "tower")
    for name in ("export.onnx", "activations.safetensors"):
        (pack / name).unlink()
    part = {"role": "", "source": "", "licence": "MIT", "licence_note": "", "name": "tower"}
    write_manifest(pack, name="triage", title="Tiny", memory_bytes=1, parts=[part])
    weights = tmp_path / "resources" / "weights" / "mini"
    weights.mkdir(parents=True)
    head = tiny_tower.random_head()
    columns = np.stack([head.class_weights, head.patch_weights], axis=1)
    save_file(
        {
            "probe.weight": columns.reshape(1, -1).astype(np.float16),
            "probe.bias": np.array([0.25], np.float16),
            "contrast.weight": tiny_tower.random_contrast().weights.reshape(1, -1),
        },
        weights / "trained.safetensors",
    )
    (weights / "calibration.json").write_text(json.dumps(asdict(readings())))
    write_manifest(weights, name="mini")
    (tmp_path / "resources" / "models.toml").write_text("format = 1\npack = []\n")
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "data"))
    monkeypatch.setattr(paths, "resources_dir", lambda: tmp_path / "resources")
    monkeypatch.setattr(triage, "MiniConfig", lambda: TINY)
    return tmp_path


def test_the_probe_reads_class_token_and_mean_patch(tower):
    head = tiny_tower.random_head()
    states = tower.states(tiny_tower.views(1)[0])
    by_hand = 0.25
    for x, of_class, of_patch in zip(states, head.class_weights, head.patch_weights, strict=True):
        by_hand += float(x[0] @ of_class) + float(x[1:].mean(0) @ of_patch)
    by_depth = dict(zip(tower.depths, states, strict=True))
    assert head.log_odds(by_depth) == pytest.approx(by_hand, abs=1e-4)


@pytest.mark.parametrize(("height", "width"), [(32, 32), (600, 90), (97, 333), (33, 5000)])
def test_a_reading_is_complete_whatever_the_size(examiner, height, width):
    reading = examined(examiner, picture(height, width))
    verdict, heatmap = reading.verdict, reading.heatmap
    assert 0 <= verdict.p_ai <= 1
    assert (verdict.read_outs.both, verdict.read_outs.semantic) == (None, None)
    assert reading.condition.megapixels == pytest.approx(height * width / 1e6)
    rows, cols = heatmap.cells.shape
    assert heatmap.cell_px == (height / rows, width / cols)
    assert np.all((heatmap.cells >= 0) & (heatmap.cells <= 1))
    assert heatmap.valid.any()
    assert (reading.explanation, reading.dropped_sentences) == ((), 0)
    assert reading.elapsed.artifact > 0
    assert (reading.elapsed.semantic, reading.elapsed.language) == (0, 0)


def test_probability_and_findings_follow_from_the_probe(examiner):
    image = picture(64, 64)
    z = examiner.log_odds(image)["probe"]
    reading = examined(examiner, image)
    assert reading.verdict.p_ai == pytest.approx(1 / (1 + np.exp(-(0.6 * z + 0.1))), abs=1e-6)
    assert reading.verdict.read_outs.artifact == z
    by_name = {f.analyser: f for f in reading.findings}
    assert by_name["vrm.probe"].value == pytest.approx(z, abs=1e-4)
    for name in ("both", "semantic", "artifact", "residual"):
        assert by_name[f"vrm.{name}"].status is Status.NOT_AVAILABLE
        assert "triage" in by_name[f"vrm.{name}"].reason


def test_outside_the_middle_square_there_is_no_evidence(examiner):
    heatmap = examined(examiner, picture(96, 160)).heatmap
    assert heatmap.valid.shape == (6, 10)
    assert heatmap.valid[:, 2:8].all()
    assert not heatmap.valid[:, :2].any()
    assert not heatmap.valid[:, 8:].any()
    assert examined(examiner, picture(160, 96)).heatmap.valid[2:8].all()


def test_flat_places_are_not_judged(examiner):
    pixels = picture(64, 64).pixels.copy()
    pixels[:32] = 77
    valid = examined(examiner, as_picture(pixels)).heatmap.valid
    assert not valid[:2].any()
    assert valid[2:].all()


def test_the_map_is_the_contrast_of_each_patch_about_the_picture_s_own_level(examiner):
    image = picture(64, 64)
    looked = examiner.look(image)
    level = np.clip(0.6 * looked.log_odds + 0.1, -MAX_OFFSET, MAX_OFFSET)
    expected = 1 / (1 + np.exp(-(looked.contrast + level)))
    assert examined(examiner, image).heatmap.cells == pytest.approx(expected, abs=1e-5)


def test_outside_the_validated_range_nothing_is_concluded(examiner):
    reading = examined(examiner, picture(64, 64, quality=20))
    assert reading.verdict.outcome is Outcome.INCONCLUSIVE
    assert not reading.verdict.in_validated_range


@pytest.mark.parametrize(("height", "width"), [(31, 500), (1, 1)])
def test_a_picture_below_the_least_size_is_refused(examiner, height, width):
    with pytest.raises(InputError, match=f"{width} x {height} px") as caught:
        examined(examiner, picture(height, width))
    assert caught.value.kind == "too_small"


def test_a_wish_to_stop_is_heard(examiner):
    def stop():
        raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        examined(examiner, picture(64, 64), check=stop)


def test_threads_that_share_it_read_what_one_reads_alone(examiner):
    pictures = [picture(64, 80, seed=i) for i in range(12)]
    alone = [examined(examiner, image) for image in pictures]
    assert examiner.at_once >= 1
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(lambda image: examined(examiner, image), pictures))
    for one, other in zip(alone, together, strict=True):
        assert one.verdict == other.verdict
        assert np.array_equal(one.heatmap.cells, other.heatmap.cells)


def test_it_is_loaded_from_pack_and_trained_weights(installed):
    examiner = load_triage("mini", "auto")
    assert (examiner.info.name, examiner.info.device, examiner.info.dtype) == (
        "mini",
        "cpu",
        "int8",
    )
    assert (examiner.info.injection_layer, examiner.info.fusion) == (None, None)
    assert 0 <= examined(examiner, picture(64, 64)).verdict.p_ai <= 1


def test_other_weights_have_another_hash(installed):
    first = load_triage("mini", "cpu").info.sha256
    weights = installed / "resources" / "weights" / "mini"
    body = json.loads((weights / "calibration.json").read_text())
    body["triage"]["bias"] = 0.5
    (weights / "calibration.json").write_text(json.dumps(body))
    with pytest.raises(ModelError, match=r"calibration\.json"):
        load_triage("mini", "cpu")
    write_manifest(weights, name="mini")
    assert load_triage("mini", "cpu").info.sha256 != first


def test_a_swapped_tower_is_refused(installed):
    file = installed / "data" / "packs" / "triage" / "tower" / "packed.safetensors"
    content = bytearray(file.read_bytes())
    content[0] ^= 1
    file.write_bytes(content)
    with pytest.raises(
        ModelError, match=r"packed\.safetensors: expected sha256 .* models assemble"
    ):
        load_triage("mini", "cpu")


def test_a_head_of_other_depths_is_refused(installed, monkeypatch):
    monkeypatch.setattr(triage, "MiniConfig", lambda: replace(TINY, probe_depths=(1,)))
    with pytest.raises(ModelError, match=r"weights \(1, 256\), 1 depths .* need \(1, 128\)"):
        load_triage("mini", "cpu")


def test_a_broken_head_is_refused(tmp_path):
    (tmp_path / "trained.safetensors").write_bytes(b"no weights")
    with pytest.raises(ModelError, match="reinstall"):
        read_head(tmp_path / "trained.safetensors", (1,), 64)


def test_the_exact_mode_of_older_processors_gives_the_same_states(installed, monkeypatch):
    folder = installed / "data" / "packs" / "triage" / "tower"
    view = tiny_tower.views(1)[0]
    as_it_is = Int8Tower(folder, (2,)).states(view)[0]
    monkeypatch.setattr(int8_tower, "products_overflow", lambda: True)
    assert Int8Tower(folder, (2,)).states(view)[0] == pytest.approx(as_it_is, abs=1e-4)


def test_only_the_mini_has_a_fast_path(installed):
    with pytest.raises(ModelError, match="no triage path"):
        load_triage("/some/checkpoint", "cpu")
    with pytest.raises(InputError, match="'tpu'"):
        load_triage("mini", "tpu")


BUILT = ["TensorrtExecutionProvider", "CUDAExecutionProvider", "CPUExecutionProvider"]


def test_the_cuda_provider_is_asked_for_on_request_alone():
    assert providers("cuda", BUILT) == ["CUDAExecutionProvider", "CPUExecutionProvider"]
    assert providers("auto", BUILT) == providers("cpu", BUILT) == ["CPUExecutionProvider"]
    assert providers("cuda", ["CPUExecutionProvider"]) == ["CPUExecutionProvider"]


def test_a_fall_back_to_the_processor_is_stated():
    assert where("cuda", BUILT[1:]) == "cuda:0"
    assert where("cuda", BUILT[2:]) == "cpu: ONNX Runtime has no CUDA here"
    assert where("auto", BUILT[2:]) == "cpu"


def test_without_cuda_the_fast_path_runs_on_the_processor_and_says_so(installed, monkeypatch):
    monkeypatch.setattr(int8_tower, "providers", lambda _device: ["CPUExecutionProvider"])
    examiner = load_triage("mini", "cuda")
    assert examiner.info.device == "cpu: ONNX Runtime has no CUDA here"
    assert examined(examiner, picture(64, 64)) is not None


def test_loading_it_needs_neither_torch_nor_transformers():
    said = "import sys, engine.vrm.triage; print({'torch', 'transformers'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", said], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
