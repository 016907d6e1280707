"""The language model learns, at the forks of run time, to choose what is true of the picture."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.training.chooser_figures import compared, figures
from engine.training.choosers import KeptRows, by_chance, by_rule, by_trained, rows
from engine.training.scenes import KINDS, UNTOUCHED
from engine.training.situations import Situation, Truth, read, write
from engine.training.telling import Plan, answer_from, choices, fit, lessons, right, states_at
from engine.types import Outcome, Status
from engine.vrm.claims import slots
from engine.vrm.lora import lora_state
from engine.vrm.mini import TOKENS
from tests.engine.vrm.grounds import CENTRE, STANDOUT, UPPER_LEFT, a_ground, finding
from tests.engine.vrm.tiny_mini import WIDTH, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

NOISE = finding("T8", "trace.noise", 3.2, status=Status.DERIVED, regions=(CENTRE,))
LEVEL = finding("T2", "trace.ela", -4.5, status=Status.DERIVED, regions=(UPPER_LEFT,))
COPY = finding("T15", "trace.copy_move", 1.0, status=Status.DERIVED, regions=(UPPER_LEFT,))


@pytest.fixture(scope="module")
def mini(tiny_base):
    return trained_mini(tiny_base, seed=3)


def a_situation(kind="noisier", truth=CENTRE, name="a", findings=(NOISE, LEVEL)):
    generator = torch.Generator().manual_seed(len(name))
    ground = a_ground(Outcome.REAL, *findings)
    places = {region for f in ground.findings for region in f.regions}
    return Situation(
        name=name, source="s", kind=kind, ground=ground,
        truths={r: Truth(inside=float(r == truth), centred=0.0, third=0.0) for r in places},
        semantic=torch.randn(1, TOKENS, WIDTH, generator=generator),
        artifact=torch.randn(1, TOKENS, WIDTH, generator=generator),
    )  # fmt: skip


def best_of(situation):
    told = next(choices(situation, random.Random(0)))
    return [told.claims[i].text for i in told.best]


def test_the_trace_that_was_planted_is_what_ought_to_be_told():
    assert best_of(a_situation()) == ["The noise level stands out in the centre."]
    assert best_of(a_situation("saved twice", UPPER_LEFT)) == [
        "The error level stands out in the upper left."
    ]


def test_where_no_place_is_right_a_sentence_without_a_place_is_best():
    assert best_of(a_situation(UNTOUCHED, None)) == [
        "The noise level and the error level point at different places."
    ]


def test_where_all_is_equally_good_there_is_nothing_to_learn():
    assert not list(choices(a_situation(findings=(NOISE,)), random.Random(0)))


def test_states_are_computed_once_and_the_later_layers_go_on_as_in_one_run(mini):
    situation = a_situation()
    ids = mini.prompt_ids("Explain.")
    states = states_at(mini, situation, ids[0].tolist(), ids.shape[1])
    with torch.no_grad():
        whole = mini.answer(situation.semantic, situation.artifact, ids)[0]
        later = answer_from(mini, states)
    torch.testing.assert_close(later, whole, atol=0.05, rtol=0.05)
    assert not mini.injection.is_open


def test_training_lowers_the_loss_and_leaves_the_model_as_it_was(mini, tmp_path):
    before = {name: tensor.clone() for name, tensor in lora_state(mini.language).items()}
    dice, said = random.Random(0), []
    taught = [lesson for n in "ab" for lesson in lessons(mini, a_situation(name=n), dice)]
    assert all(any(fork.good) and not all(fork.good) for each in taught for fork in each.forks[:1])
    plan = Plan(rounds=3, together=2, rate=0.02)
    sides = {"train": taught, "calibration": taught}
    adapters = fit(mini, sides, tmp_path, plan, said.append)
    first, last = (float(said[i].rsplit(" ", 1)[1]) for i in (0, -1))
    assert last < first
    after = lora_state(mini.language)
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert any(not torch.equal(before[name], adapters[name]) for name in before)


def test_a_training_that_was_ended_goes_on_as_if_it_had_not_been(mini, tmp_path):
    taught = list(lessons(mini, a_situation(), random.Random(0)))
    sides = {"train": taught, "calibration": taught}
    plan = Plan(rounds=2, together=1)
    whole = fit(mini, sides, tmp_path / "a", plan, lambda _: None)

    def stop(message):
        if message.startswith("round 2"):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fit(mini, sides, tmp_path / "b", plan, stop)
    again = fit(mini, sides, tmp_path / "b", plan, lambda _: None)
    assert all(torch.equal(whole[name], again[name]) for name in whole)


def test_a_situation_is_read_as_it_was_written_and_of_other_weights_not_at_all(tmp_path):
    made = a_situation(findings=(NOISE, STANDOUT))
    file = tmp_path / "one.safetensors"
    write(made, file, "weights")
    again = read(file, "weights")
    assert (again.ground.findings, again.truths) == (made.ground.findings, made.truths)
    assert again.ground.verdict == made.ground.verdict
    assert list(slots(again.ground)) == list(slots(made.ground))
    assert torch.equal(again.artifact, made.artifact)
    assert read(file, "others") is None


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_processing_changes_the_part_it_says_and_no_other(kind):
    noise = np.random.default_rng(0).integers(0, 256, (320, 320, 3), dtype=np.uint8)
    made = KINDS[kind](noise, noise[::-1].copy(), np.random.default_rng(1))
    assert made.mask.shape == (320, 320)
    assert made.mask.any() == (kind != UNTOUCHED)
    assert (made.data == made.clean) == (kind == UNTOUCHED)
    assert made.mask.mean() < 0.4


def test_rows_say_who_is_right_and_that_other_findings_are_followed(mini, tmp_path):
    made = [a_situation(name="a"), a_situation("saved twice", CENTRE, "b", (NOISE, COPY, LEVEL))]
    file = tmp_path / "rows.jsonl"
    kept = KeptRows(file, "weights")
    choose = by_trained(mini, torch.no_grad, lora_state(mini.language))
    told = {
        name: list(rows(name, one, made, kept, lambda _: None))
        for name, one in (("rule", by_rule), ("chance", by_chance), ("model", choose))
    }
    first, second = told["rule"]
    assert first.choice
    assert first.first is True
    assert first.planted
    assert second.first is False
    assert second.wrong >= 1
    assert first.own < first.followed
    for each in told.values():
        assert all(row.dropped == row.strayed == 0 for row in each)
        assert all(row.followed > 0 for row in each)
        assert all(row.asserting == row.agreeing > 0 for row in each)
    again = list(rows("rule", None, made, KeptRows(file, "weights"), lambda _: None))
    assert again == told["rule"]


def test_figures_count_processed_pictures_and_compare_the_same_ones():
    (row,) = rows("rule", by_rule, [a_situation()], _Nothing(), lambda _: None)
    worse = replace(row, first=False, planted=False)
    made = figures([row, replace(worse, name="b"), replace(row, kind=UNTOUCHED, name="c")])
    assert (made["processed"], made["untouched"]) == (2, 1)
    assert made["names what was done, in its place"]["value"] == 0.5
    assert made["verdict and text agree"] == 1.0
    less = compared([worse], [row])["names what was done, in its place"]
    assert (less["value"], less["worse"]) == (-1.0, 1)


class _Nothing:
    def get(self, _chooser, _name):
        return None

    def add(self, _row):
        return None


def test_right_means_at_least_half_of_every_place():
    situation = a_situation()
    claims = {c.text: c for s in slots(situation.ground) for c in s.claims}
    assert right(situation, claims["The noise level stands out in the centre."])
    assert not right(situation, claims["The error level stands out in the upper left."])
    apart = claims["The noise level and the error level point at different places."]
    assert not right(situation, apart)
