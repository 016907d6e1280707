"""The commands probe and ablate from the command line to their files, on a tiny model and pool."""

from __future__ import annotations

import json
from functools import partial
from types import SimpleNamespace

import pytest
from PIL import Image

from engine.__main__ import main
from engine.training import ablations, batches, layers_cli, layers_data, layers_models, layers_setup
from engine.training.descent import save_trained
from engine.training.forgetting import caption_scores
from engine.training.pairs import pair_file
from tests.engine.training.tiny_pool import noise, write_manifest
from tests.engine.vrm.tiny_mini import CONFIG, LAYERS, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")


def write_data(folder):
    """Write a pool of three training and six measured sources."""
    pool = folder / "pool"
    pool.mkdir(parents=True)
    rows = []
    wanted = [("t/real", "real", 12), ("t/ai", "ai", 7)]
    wanted += [(f"c/{i}", "ai" if i % 2 else "real", 2) for i in range(6)]
    for source, label, count in wanted:
        for _ in range(count):
            n = len(rows)
            Image.fromarray(noise(140, 150, n)).save(pool / f"{n}.png")
            caption = f"picture {n} | a dog" if source == "t/real" else ""
            row = {"path": f"{n}.png", "sha256": f"{n * 7919 % 997:064x}", "label": label}
            rows.append({**row, "source_repo": source, "caption": caption})
    write_manifest(pool, rows)


@pytest.fixture
def installed(tiny_base, tmp_path, monkeypatch):
    """A tiny model and pool where the commands look for them; returns their arguments."""
    write_data(tmp_path / "data")
    resources = tmp_path / "resources"
    (resources / "weights" / "mini").mkdir(parents=True)
    save_trained(trained_mini(tiny_base), resources / "weights" / "mini" / "trained.safetensors")
    measured = ", ".join(f'"c/{i}"' for i in range(6))
    (resources / "splits.toml").write_text(
        f'train = ["t/real", "t/ai"]\ncalibration = [{measured}]\ntest = []\n'
    )
    monkeypatch.setattr(layers_setup.paths, "resources_dir", lambda: resources)
    monkeypatch.setattr(layers_setup, "find_pack", lambda _: SimpleNamespace(folder=tiny_base))
    for module in (layers_setup, layers_cli):
        monkeypatch.setattr(module, "MiniConfig", lambda: CONFIG)
    monkeypatch.setattr(layers_data, "make_pairs", _pairs)
    monkeypatch.setattr(batches, "SIDE_WEIGHTS", (1, 0, 0, 0, 0, 0))
    monkeypatch.setattr(layers_setup, "Sizes", _small_sizes)
    monkeypatch.setattr(layers_models, "caption_scores", partial(caption_scores, group=2))
    options = ["--data", tmp_path / "data", "--work", tmp_path / "work", "--caption-steps", 2]
    return [str(o) for o in options]


def _small_sizes(**changes):
    return layers_data.Sizes(**{"steps": 1, "held_out_captions": 2, **changes})


def _pairs(images, _weights, folder, _log):
    folder.mkdir(exist_ok=True)
    for image in images:
        if image.label == "real":
            Image.fromarray(layers_data.load_rgb(image.path) // 2).save(pair_file(folder, image))


def test_probe_writes_its_report_and_figure_from_what_single_models_kept(
    installed, tmp_path, capsys
):
    out = tmp_path / "probe.json"
    arguments = ["probe", *installed, "--out", str(out), "--threads", "1"]
    assert main([*arguments, "--only", "Deep-VRM"]) == 0
    assert not out.exists()
    assert main(arguments) == 0
    told = capsys.readouterr()
    assert "Deep-VRM: already there" in told.err
    assert f"K in use: 3 of {LAYERS}." in told.out
    body = json.loads(out.read_text())
    assert len(body["claims"]) == 4
    assert body["settings"]["pictures"]["train"] == {"real": 6, "reconstructed": 6, "AI": 6}
    assert body["settings"]["caption_source"] == "t/real"
    with Image.open(tmp_path / "probe.png") as png:
        assert png.width > 1500


def test_ablate_prints_its_table_and_keeps_it(installed, tmp_path, capsys, monkeypatch):
    few = ablations.ablations(CONFIG, LAYERS)[:3]
    monkeypatch.setattr(ablations, "ablations", lambda *_asked: few)
    out = tmp_path / "ablations.json"
    assert main(["ablate", *installed, "--out", str(out)]) == 0
    told = capsys.readouterr().out
    body = json.loads(out.read_text())
    names = [row["name"] for row in body["rows"]]
    assert names == [variant.name for variant in few]
    assert names[0] == "reference"
    assert all(f"| {name} |" in told for name in names)
    assert "steps" in body["settings"]
    assert main(["ablate", *installed, "--out", str(out), "--seed", "1"]) == 2
    assert "another --work" in capsys.readouterr().err
