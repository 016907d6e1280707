"""Deletion tells a map that is right by construction from those that know nothing."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.training import card, measuring
from engine.training.attribution import shuffled_blocks
from engine.training.verdict_figures import (
    AI,
    CALIBRATION,
    TEST,
    area,
    by_source,
    follow_all,
    in_turn,
    shown_composites,
    verdict_figures,
)
from engine.training.verdict_maps import (
    CENTRE,
    CONTRAST,
    MAPS,
    OCCLUSION,
    PATCHES,
    SCATTERED,
    SMOOTH,
    STEPS,
    FastPath,
    Followed,
    follow,
    probe_patches,
    shuffled_heads,
    shuffled_tower,
)
from engine.vrm.contrast import ContrastHead
from engine.vrm.mini_examiner import MiniExaminer
from engine.vrm.occlusion import FILLS
from engine.vrm.triage import LinearHead
from tests.engine.training.tiny_pool import pool_image, write_manifest, write_pool
from tests.engine.vrm.tiny_mini import as_picture, info, picture, readings, trained_mini

SIDE, EACH, WIDTH = 14, 4, 32
RIGHT, CONSTANT = "right", "constant"


def planted(seed):
    """A view that is bright in one part, which is all that its verdict rests on."""
    rng = np.random.default_rng(seed)
    truth = np.zeros((SIDE, SIDE), np.float32)
    y, x = rng.integers(0, SIDE - 4, 2)
    truth[y : y + 4, x : x + 4] = 1
    view = rng.integers(0, 60, (SIDE * EACH, SIDE * EACH, 3)) + 150 * np.kron(
        truth, np.ones((EACH, EACH))
    )[..., None].astype(int)
    return view.astype(np.uint8), truth


def brightness(view):
    """The log-odds of a view: how much of it is bright."""
    return 20 * float((view.mean(axis=2) > 120).mean())


@pytest.fixture(scope="module")
def followed():
    rows = []
    for seed in range(8):
        view, truth = planted(seed)
        maps = {RIGHT: truth, CONSTANT: np.zeros_like(truth), "wrong": -truth}
        curves, agreement = follow(brightness, view, maps, "mean colour")
        rows.append(row(seed, curves, agreement))
    return rows


def row(seed, curves, agreement, **changes):
    made = Followed(
        sha256=str(seed),
        source=f"s{seed % 2}",
        part=TEST,
        fill="mean colour",
        log_odds=0.0,
        curves=curves,
        agreement=agreement,
        shuffled={},
    )
    return replace(made, **changes)


def worth(rows, name, control):
    return by_source(rows, [area(r, name, control) for r in rows])


@pytest.mark.parametrize("control", [SCATTERED, SMOOTH, CENTRE])
def test_a_map_that_is_right_by_construction_wins_against_every_control(followed, control):
    assert worth(followed, RIGHT, control).low > 0.1
    assert worth(followed, "wrong", control).high < 0


def test_a_constant_map_does_not_win_against_random_patches(followed):
    constant, right = (worth(followed, name, SCATTERED) for name in (CONSTANT, RIGHT))
    assert abs(constant.value) < 0.2 * right.value


def test_occlusion_finds_what_the_verdict_rests_on_and_agrees_with_the_right_map(followed):
    assert worth(followed, OCCLUSION, SMOOTH).low > 0.2
    assert min(r.agreement[RIGHT] for r in followed) > 0.6
    assert {r.agreement[CONSTANT] for r in followed} == {0.0}


def test_curves_begin_at_the_whole_picture_and_end_where_nothing_is_left(followed):
    view, _ = planted(0)
    ends = {(c[0], c[-1]) for c in followed[0].curves.values()}
    empty = FILLS["mean colour"](view[None])[0]
    assert ends == {(brightness(view), brightness(empty))}
    assert {len(c) for c in followed[0].curves.values()} == {len(STEPS)}


class StripedTower:
    """A tower whose patch states are the brightness of the patch, times something of its own."""

    side_px, width = SIDE * EACH, WIDTH

    def states(self, view):
        light = view.reshape(SIDE, EACH, SIDE, EACH, 3).mean((1, 3, 4)).reshape(-1, 1) / 255
        factors = np.random.default_rng(0).normal(size=(2, self.width))
        bent = np.concatenate([light**p for p in range(1, self.width + 1)], axis=1)
        x = np.concatenate([bent[:1], bent])
        return [(x * f).astype(np.float32) for f in factors]


def fast(weights):
    return FastPath(
        tower=StripedTower(),
        depths=(4, 6),
        probe=LinearHead(depths=(4, 6), class_weights=weights, patch_weights=weights, bias=0.0),
        contrast=ContrastHead(depths=(4, 6), weights=weights),
    )


def test_patches_are_the_linear_probe_but_for_what_is_the_same_everywhere():
    path = fast(np.random.default_rng(1).normal(size=(2, WIDTH)).astype(np.float32))
    states = path.states(planted(0)[0])
    of_class = sum(
        float(states[d][0] @ w) for d, w in zip((4, 6), path.probe.class_weights, strict=True)
    )
    values = probe_patches(path.probe, states)
    assert values.mean() + of_class == pytest.approx(path.probe.log_odds(states), abs=1e-4)


def test_a_head_of_equal_weights_survives_shuffling_and_another_does_not():
    view, _ = planted(0)
    equal = shuffled_heads(fast(np.ones((2, WIDTH), np.float32)), view)
    assert list(equal.values()) == pytest.approx([1, 1])
    other = np.zeros((2, WIDTH), np.float32)
    other[:, 0] = 1
    changed = shuffled_heads(fast(other), view)
    assert max(changed.values()) < 0.9


@pytest.fixture
def examiner(tiny_base, one_thread):
    return MiniExaminer(trained_mini(tiny_base), readings(), info())


def test_shuffled_blocks_change_the_map_and_leave_no_trace(examiner):
    model = examiner.model
    before = {n: t.clone() for n, t in model.tower.state_dict().items()}
    width = model.tower.config.hidden_size
    weights = np.random.default_rng(0).normal(size=(2, width)).astype(np.float32)
    head = ContrastHead(depths=(4, 6), weights=weights)
    (rho,) = shuffled_tower(model, head, picture(96, 96)).values()
    assert rho < 0.99
    with shuffled_blocks(model, range(3, 6), 0):
        changed = {n for n, t in model.tower.state_dict().items() if not torch.equal(t, before[n])}
    assert {n.split(".layers.")[1].split(".")[0] for n in changed} == {"3", "4", "5"}
    assert all(torch.equal(t, before[n]) for n, t in model.tower.state_dict().items())


def test_the_first_pictures_are_of_all_sources():
    images = [pool_image(Path(f"{s}{n}.png"), source=s) for s in "ab" for n in range(3)]
    assert [i.source for i in in_turn(images)] == ["a", "b"] * 3


class NoExaminer:
    """Must not be asked."""


def test_an_interrupted_run_goes_on_with_the_same_weights_alone(examiner, tmp_path):
    def run(asked, model):
        shown = iter([("1", "s", as_picture(planted(1)[0]))])
        weights = np.ones((2, WIDTH), np.float32)
        return follow_all(
            fast(weights),
            asked,
            {CALIBRATION: shown},
            ("blur",),
            rows_file=tmp_path / "rows.jsonl",
            model=model,
            log=lambda _: None,
        )

    (first,) = run(examiner, "m")
    assert run(NoExaminer(), "m") == [first]
    assert set(MAPS) <= first.curves.keys()
    with pytest.raises(AttributeError):
        run(NoExaminer(), "other")


def made_up(part, n):
    """A picture in which probe patches do what the verdict does, and the others nothing."""
    flat = [1.0] * len(STEPS)
    curves = dict.fromkeys((*MAPS, OCCLUSION, SCATTERED, SMOOTH, CENTRE), flat)
    curves[PATCHES] = [1.0, *[0.0] * (len(STEPS) - 1)]
    rho = {f"{CONTRAST}: its head": 0.1} if part == TEST else {}
    agreement = dict.fromkeys(MAPS, 0.5)
    return row(n, curves, agreement, part=part, shuffled=rho)


def test_the_map_is_chosen_on_calibration_and_the_tables_show_the_test_side(tmp_path):
    rows = [made_up(part, n) for part in (TEST, CALIBRATION, AI) for n in range(4)]
    body = verdict_figures(rows)
    assert body["chosen"] == PATCHES
    (tmp_path / "v.json").write_text(json.dumps(body))
    shown = {
        view: card.filled(f"<!-- figures: v verdict-{view} -->\n<!-- end -->", tmp_path)
        for view in ("deletion", "summary", "shuffled")
    }
    assert (
        "| mean colour | composites | probe patches | +0.975 (+0.975 to +0.975) |"
        in shown["deletion"]
    )
    assert "4 composites of 2 and 4 AI pictures of 2 test sources" in shown["summary"]
    assert "| patch contrast | its head | +0.100 (+0.100 to +0.100) |" in shown["shuffled"]


def test_the_command_follows_both_sides_and_refuses_one_without_reconstructions(
    examiner, tmp_path, capsys
):
    rows, pairs = write_pool(tmp_path, real=2, ai=2, size=(240, 240))
    manifest = write_manifest(
        tmp_path,
        [
            {"path": r.path.name, "sha256": r.sha256, "label": r.label, "source_repo": r.source}
            for r in rows
        ],
    )
    splits = tmp_path / "splits.toml"
    splits.write_text('train = []\ncalibration = ["s/0"]\ntest = ["s/1"]\n')
    parser = argparse.ArgumentParser()
    measuring.add_options(parser)
    argv = [manifest, "--pairs", pairs, "--rows", tmp_path / "rows.jsonl", "--fills", "blur"]
    arguments = parser.parse_args([str(a) for a in argv])
    path = fast(np.random.default_rng(1).normal(size=(2, WIDTH)).astype(np.float32))

    def run():
        return measuring.evaluate_verdict_maps(
            arguments, splits, examiner, path=path, model="m", log=lambda _: None
        )

    assert run() == 0
    body = json.loads(capsys.readouterr().out)
    assert body["deletion"]["blur"].keys() == {TEST, CALIBRATION, AI}
    assert body["shuffled pictures"] == 1
    assert next(shown_composites(rows[:1], pairs))[:2] == (rows[0].sha256, rows[0].source)
    arguments.pairs = tmp_path / "nowhere"
    with pytest.raises(InputError, match="test side has a reconstruction"):
        run()
