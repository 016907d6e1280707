from __future__ import annotations

import json
from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from PIL import Image

from engine.training import ablations as ablations_module
from engine.training import layers_models
from engine.training.ablations import (
    REFERENCE,
    Outcome,
    ablations,
    found,
    markdown,
    rows_of,
    run_ablations,
)
from engine.training.forgetting import caption_scores
from engine.training.layers import (
    BASE,
    DIRECT,
    INJECTED,
    LORA,
    analyse,
    as_json,
    destroyed_claim,
    flat_claim,
    kept_claim,
    semantic_claim,
    variants,
)
from engine.training.layers_cli import said
from engine.training.layers_figure import draw
from engine.training.layers_probe import Curve
from engine.training.metrics import Figure, difference
from engine.training.variants import Decoder, Plan, Variant
from tests.engine.training.tiny_layers import sets
from tests.engine.vrm.tiny_mini import CONFIG, LAYERS

pytestmark = pytest.mark.usefixtures("one_thread")

PLAN = Plan(batch=6)


def figure(value, low=None, high=None):
    return Figure(
        value=value, low=value if low is None else low, high=value if high is None else high
    )


def curve(rise, late):
    empty = (0.6, 0.7)
    return Curve(
        accuracy=empty,
        low=empty,
        high=empty,
        auc=empty,
        by_seed=(empty,),
        rise=rise,
        late_change=late,
    )


@pytest.fixture(scope="module")
def projector(tiny_base):
    decoder = Decoder(tiny_base, CONFIG, Variant(name="any", learning="nothing"), None)
    return decoder.model.projector.state_dict()


def measure(base, variant, projector, kept):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(layers_models, "caption_scores", partial(caption_scores, group=3))
        return layers_models.measure_model(
            base, CONFIG, variant, sets(), projector, plan=PLAN, kept=kept, log=lambda _: None
        )


@pytest.fixture(scope="module")
def report(tiny_base, projector, tmp_path_factory):
    kept = tmp_path_factory.mktemp("models")
    measured = {v.name: measure(tiny_base, v, projector, kept) for v in variants(CONFIG)}
    return analyse(measured, layers=LAYERS, in_use=CONFIG.injection_layer)


def test_a_model_is_kept_and_read_back_with_its_settings_only(tiny_base, projector, tmp_path):
    variant = variants(CONFIG)[0]
    first = measure(tiny_base, variant, projector, tmp_path)
    (file,) = tmp_path.iterdir()
    again = layers_models.read_measured(file, f"{variant} {PLAN}")
    for task in ("D1", "D2"):
        assert np.array_equal(again.states[task].last, first.states[task].last)
        assert np.array_equal(again.hits[task, "both"].right, first.hits[task, "both"].right)
    assert all(
        np.array_equal(a, b) for a, b in zip(again.scores.log_p, first.scores.log_p, strict=True)
    )
    assert layers_models.read_measured(file, "others") is None


def test_the_analysis_is_of_four_models_at_every_depth(report):
    assert list(report.models) == [BASE, DIRECT, LORA, INJECTED]
    assert (report.layers, report.in_use) == (LAYERS, 3)
    for name, model in report.models.items():
        assert np.isnan(model.train_loss) == (name == BASE)
        assert len(model.probes["D2"]["visual"].accuracy) == LAYERS + 1
        assert len(model.adjacent["both"]) == LAYERS
    base, ours = report.models[BASE], report.models[INJECTED]
    assert base.to_base["both"] == pytest.approx([1.0] * (LAYERS + 1))
    assert base.kept.value == 1
    assert ours.to_base["visual"][:4] == pytest.approx([1.0] * 4)
    assert ours.probes["D1"]["last"].accuracy[:4] == base.probes["D1"]["last"].accuracy[:4]
    assert len(report.claims) == 4


def test_the_report_is_said_written_and_drawn(report, tmp_path):
    body = {"retrieval_group": 3, **as_json(report)}
    read = json.loads(json.dumps(body, allow_nan=False))
    draw(read, tmp_path / "figure.png")
    with Image.open(tmp_path / "figure.png") as png:
        assert png.width > 1500
        assert len(png.convert("RGB").getcolors(1 << 24)) > 50
    lines = said(report)
    assert lines[0] == f"K in use: 3 of {LAYERS}."
    assert sum(line.startswith(("Holds", "Does not hold")) for line in lines) == 4


def test_claims_about_depth_hold_only_by_their_intervals():
    up, none = figure(0.1, 0.05, 0.15), figure(0.01, -0.02, 0.03)
    assert semantic_claim(curve(up, none), 15, 30).holds
    assert not semantic_claim(curve(none, none), 15, 30).holds
    assert not semantic_claim(curve(up, none), 25, 30).holds
    assert flat_claim(curve(none, none)).holds
    assert not flat_claim(curve(up, none)).holds
    assert not flat_claim(curve(none, figure(-0.1, -0.2, -0.05))).holds


def test_claims_about_forgetting_hold_only_by_their_shares(report):
    memory = report.models[BASE].memory
    assert destroyed_claim(figure(0.3, 0.2, 0.4), memory, memory).holds
    assert not destroyed_claim(figure(0.3, 0.2, 0.6), memory, memory).holds
    assert kept_claim(figure(0.95), memory, memory).holds
    assert not kept_claim(figure(0.8), memory, memory).holds


def test_each_ablation_changes_one_thing():
    table = ablations(replace(CONFIG, injection_layer=17), 30)
    first = table[0]
    assert (first.name, first.injected_before, first.adapted_from) == (REFERENCE, 17, 17)
    assert [v.injected_before for v in table if v.name.startswith("K = ")] == [0, 2, 8, 12, 22, 29]
    assert len({v.name for v in table}) == len(table) == 17
    for variant in table[1:]:
        same = replace(variant, name=first.name)
        if variant.name.startswith("K = "):
            assert same.adapted_from == same.injected_before
            same = replace(same, adapted_from=17, injected_before=17)
            assert same == first
        else:
            changed = [
                f for f in same.__dataclass_fields__ if getattr(same, f) != getattr(first, f)
            ]
            assert len(changed) == 1, variant.name


def test_ablations_are_kept_one_by_one_and_not_run_again(
    tiny_base, projector, tmp_path, monkeypatch
):
    few = ablations(CONFIG, LAYERS)[:3]
    monkeypatch.setattr(ablations_module, "ablations", lambda *_asked: few)

    def run(log):
        return run_ablations(
            tiny_base,
            CONFIG,
            sets(),
            projector,
            layers=LAYERS,
            plan=PLAN,
            kept=tmp_path,
            log=log,
        )

    rows = run(lambda _: None)
    assert len(rows) == len(list(tmp_path.iterdir())) == len(few)
    assert rows[0].d1_difference == figure(0.0)
    file = tmp_path / "02.json"
    body = json.loads(file.read_text())
    file.write_text(json.dumps({**body, "d1": [1.0 if i % 2 else 0.0 for i in range(12)]}))
    said = []
    again = run(said.append)
    assert again[1].d1_auc.value == 1
    assert not any("step" in line for line in said)
    file.write_text(json.dumps({**body, "settings": "others"}))
    assert run(lambda _: None)[1] == rows[1]
    text = markdown(rows)
    assert len(text.splitlines()) == len(rows) + 2
    assert found(rows[:1]) == []


def test_what_differs_from_the_reference_is_told():
    fake = np.arange(60) % 2 == 1
    rng = np.random.default_rng(0)
    noise, told = rng.normal(size=60), fake + 0.1 * rng.normal(size=60)
    captions = rng.normal(size=5)

    def outcome(name, d1, d2):
        return Outcome(
            name=name, train_loss=1.0, d1=d1, d2=d2, captions=captions, captions_moved=captions + 1
        )

    rows = rows_of([outcome(REFERENCE, told, noise), outcome("x", noise, noise)], fake, fake)
    assert rows[1].picture_use.value == pytest.approx(1)
    lines = found(rows)
    assert len(lines) == 1
    assert lines[0].startswith("x: D1 worse by -")
    assert rows[1].d1_difference.value == pytest.approx(difference(told, noise, fake).value)
    assert difference(noise, told, fake).value > 0
