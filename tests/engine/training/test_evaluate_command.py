"""The command evaluate: what it reads, prints and returns."""

from __future__ import annotations

import argparse
import json

import numpy as np
import pytest
from PIL import Image

from engine import paths
from engine.errors import InputError
from engine.training import measuring
from engine.training.cli import main
from engine.training.figures import NAMES, OVER_SOURCES
from engine.types import ModelInfo
from tests.engine.training.tiny_pool import noise
from tests.engine.vrm.tiny_mini import readings

SPLITS = 'train = ["trained"]\ncalibration = ["fitted"]\ntest = []\n'


class BrightnessExaminer:
    """Calls bright pictures AI."""

    info = ModelInfo(
        name="fake", sha256="", injection_layer=1, fusion="mean", device="cpu", dtype="float32"
    )

    def log_odds(self, image):
        z = (float(image.pixels.mean()) - 128) / 16
        return dict.fromkeys(("both", "artifact", "residual", "probe"), z)


def write_wildrf(root):
    """Bright AI pictures and dark photographs, on two networks."""
    for network in ("reddit", "twitter"):
        for label, factor in (("0_real", 0.5), ("1_fake", 1.5)):
            folder = root / "test" / network / label
            folder.mkdir(parents=True)
            for n in range(5):
                pixels = np.clip(noise(120, 120, n) * factor, 0, 255).astype(np.uint8)
                Image.fromarray(pixels).save(folder / f"{n}.png")
    return root


def run(tmp_path, capsys, *argv):
    parser = argparse.ArgumentParser()
    measuring.add_options(parser)
    arguments = parser.parse_args([str(a) for a in argv])
    splits = tmp_path / "splits.toml"
    splits.write_text(SPLITS)
    told = []
    images = measuring.read_pictures(arguments, splits, told.append)
    code = measuring.evaluate(
        arguments,
        images,
        examiner=BrightnessExaminer(),
        readings=readings(),
        model="weights",
        log=told.append,
    )
    return code, capsys.readouterr().out, told


@pytest.fixture(autouse=True)
def own_data(tmp_path, monkeypatch):
    monkeypatch.setenv(paths.DATA_DIR_VARIABLE, str(tmp_path / "data"))


def test_figures_come_as_json_by_condition_and_source(tmp_path, capsys):
    root = write_wildrf(tmp_path / "WildRF")
    code, out, told = run(tmp_path, capsys, root, "--conditions", "as is", "screenshot")
    body = json.loads(out)
    assert code == 0
    assert told[0] == "10 real and 10 AI pictures of 2 sources"
    first = body["figures"][0]
    assert (first["condition"], first["part"], first["real"]) == ("as is", "all sources", 10)
    assert set(first["figures"]) == set(NAMES) - {OVER_SOURCES}
    assert first["figures"]["AUC"] == {"value": 1.0, "low": 1.0, "high": 1.0}
    names = {line["name"] for line in body["figures"] if line["part"] == "source"}
    assert names == {"WildRF/reddit", "WildRF/twitter"}
    assert set(body["read_outs_auc"]) == {"as is", "screenshot"}
    assert body["model"] == {"name": "fake", "sha256": "weights", "dtype": "float32"}
    assert body["failed"] == []


def test_an_interrupted_measuring_goes_on_in_the_data_folder(tmp_path, capsys):
    root = write_wildrf(tmp_path / "WildRF")
    run(tmp_path, capsys, root, "--conditions", "as is")
    (kept,) = (tmp_path / "data" / "measured").iterdir()
    lines = kept.read_text().splitlines()
    run(tmp_path, capsys, root, "--conditions", "as is")
    assert kept.read_text().splitlines() == lines
    assert len(lines) == 20


def test_a_picture_that_cannot_be_decoded_is_told_and_makes_the_exit_code_one(tmp_path, capsys):
    root = write_wildrf(tmp_path / "WildRF")
    broken = root / "test" / "reddit" / "0_real" / "broken.jpg"
    broken.write_bytes(b"\xff\xd8\xff nothing")
    code, out, told = run(tmp_path, capsys, root, "--conditions", "as is")
    assert code == 1
    (failed,) = json.loads(out)["failed"]
    assert failed["path"] == str(broken)
    assert any("broken.jpg" in line for line in told)


def test_markdown_replaces_json_when_asked_for(tmp_path, capsys):
    root = write_wildrf(tmp_path / "WildRF")
    _, out, _ = run(tmp_path, capsys, root, "--conditions", "as is", "--markdown")
    assert out.startswith("### All sources\n\n| condition | real | AI | AUC |")


def test_sources_that_were_trained_on_are_never_measured(tmp_path, capsys):
    picture = tmp_path / "a.png"
    Image.fromarray(noise(120, 120, 0)).save(picture)
    manifest = tmp_path / "manifest.csv"
    manifest.write_text("path,label,source_repo\na.png,real,trained\n")
    with pytest.raises(InputError, match="have not seen"):
        run(tmp_path, capsys, manifest)
    manifest.write_text("path,label,source_repo\na.png,real,trained\na.png,ai,new\n")
    _, out, told = run(tmp_path, capsys, manifest, "--conditions", "as is")
    assert json.loads(out)["pictures"] == {"real": 0, "ai": 1}
    assert any("one class only" in line for line in told)


def test_few_of_each_group_can_be_asked_for(tmp_path, capsys):
    root = write_wildrf(tmp_path / "WildRF")
    argv = (root, "--conditions", "as is", "--per-group", 2)
    assert json.loads(run(tmp_path, capsys, *argv)[1])["pictures"] == {"real": 4, "ai": 4}


def test_more_pictures_are_for_folds_alone(tmp_path):
    with pytest.raises(InputError, match="name their run with --folds"):
        main(["evaluate", str(tmp_path), "--more", str(tmp_path / "manifest.csv")])
