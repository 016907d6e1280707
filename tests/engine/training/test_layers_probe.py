from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.training.batches import GENERATED, REAL
from engine.training.layers_probe import (
    RESAMPLES,
    DecoderStates,
    Hits,
    adjacent_cka,
    choose_layer,
    curve_of,
    linear_cka,
    probe_scores,
    resampled,
    states_of,
)
from engine.training.variants import Decoder, Variant, log_odds
from tests.engine.training.tiny_layers import samples
from tests.engine.vrm.tiny_mini import CONFIG, LAYERS, WIDTH

pytestmark = pytest.mark.usefixtures("one_thread")

INJECTED = Variant(name="ours", adapted_from=3, injected_before=3, fusion="mean")


def drawn(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def test_states_are_of_every_depth_and_the_injection_shows_above_its_layer(tiny_base):
    seen = samples([REAL, GENERATED] * 3)
    base = states_of(Decoder(tiny_base, CONFIG, Variant(name="b", learning="nothing"), None), seen)
    decoder = Decoder(tiny_base, CONFIG, INJECTED, None)
    ours = states_of(decoder, seen)
    assert base.visual.shape == base.last.shape == (LAYERS + 1, 6, WIDTH)
    same = [np.array_equal(base.visual[i], ours.visual[i]) for i in range(LAYERS + 1)]
    assert same == [True] * 4 + [False] * 3
    assert np.array_equal(base.last[3], ours.last[3])
    assert not np.array_equal(base.last[4], ours.last[4])
    assert ours.log_odds == pytest.approx(log_odds(decoder, seen).numpy())
    assert ours.read("both", 2).shape == (6, 2 * WIDTH)


def test_probes_find_a_planted_direction_on_sources_they_have_not_seen():
    fake = np.arange(120) % 2 == 1
    groups = np.arange(120) // 10
    x = drawn(120, 8)
    x[:, 3] += 6 * fake
    assert ((probe_scores(x, fake, groups, 0) > 0) == fake).mean() > 0.95
    # What goes with the source alone does not help on other sources.
    by_source = drawn(12, 8, seed=1)[groups] + 0.01 * drawn(120, 8, seed=2)
    labels = groups % 2 == 1
    assert ((probe_scores(by_source, labels, groups, 0) > 0) == labels).mean() < 0.75


def test_balanced_accuracy_counts_both_classes_alike():
    fake = np.array([True] + [False] * 3)
    right = np.zeros((7, 1, 4))
    right[0, 0] = [1, 0, 0, 0]
    right[1:, 0] = [1, 1, 1, 0]
    curve = curve_of(
        Hits(right=right, auc=np.zeros((7, 1)), fake=fake, groups=np.array([0, 1, 1, 2]))
    )
    assert curve.accuracy[0] == 0.5
    assert curve.accuracy[1] == pytest.approx((1 + 2 / 3) / 2, abs=1e-5)
    assert curve.rise.value == pytest.approx(0)
    assert all(
        lo <= a <= hi for lo, a, hi in zip(curve.low, curve.accuracy, curve.high, strict=True)
    )


def test_a_probe_that_gets_better_with_depth_rises():
    fake, groups = np.arange(40) % 2 == 1, np.arange(40) // 4
    right = np.zeros((13, 1, 40))
    right[:4, 0, ::4] = right[:4, 0, 1::4] = 1
    right[4:] = 1
    curve = curve_of(Hits(right=right, auc=np.zeros((13, 1)), fake=fake, groups=groups))
    assert (curve.rise.value, curve.rise.low, curve.rise.high) == (0.5, 0.5, 0.5)
    assert curve.late_change.value == 0


def test_sources_are_resampled_whole():
    fake = np.array([True, False] * 3)
    groups = np.array([0, 0, 1, 1, 2, 2])
    hits = np.array([[1.0, 1, 0, 0, 0, 0]])
    drawn_values = resampled(hits, fake, groups)
    assert drawn_values.shape == (RESAMPLES, 1)
    assert np.allclose(sorted({round(v, 6) for v in drawn_values[:, 0]}), [0, 1 / 3, 2 / 3, 1])


def test_linear_cka_ignores_turns_and_scale_and_sees_what_differs():
    x = drawn(50, 4).astype(np.float64)
    turn = np.linalg.qr(drawn(4, 4, seed=1))[0]
    assert linear_cka(x, 3 * x @ turn + 7) == pytest.approx(1)
    y = drawn(50, 4, seed=2).astype(np.float64)
    a, b = x - x.mean(0), y - y.mean(0)
    by_features = np.linalg.norm(b.T @ a) ** 2 / (np.linalg.norm(a.T @ a) * np.linalg.norm(b.T @ b))
    assert linear_cka(x, y) == pytest.approx(by_features)
    assert np.isnan(linear_cka(np.ones((5, 2)), x[:5]))


def test_adjacent_depths_are_compared():
    x = drawn(30, 4)
    states = DecoderStates(
        visual=np.stack([x, 2 * x, drawn(30, 4, seed=5)]), last=drawn(3, 30, 4), log_odds=x[:, 0]
    )
    first, second = adjacent_cka(states, "visual")
    assert first == pytest.approx(1)
    assert second < 0.5


@pytest.mark.parametrize(
    ("accuracy", "adjacent", "expected"),
    [
        ((0.5, 0.7, 0.8, 0.8, 0.8), (0.9, 0.99, 0.99, 0.99), 2),
        ((0.5, 0.796, 0.8, 0.8, 0.8), (0.9, 0.99, 0.99, 0.99), 1),  # within half a point
        ((0.5, 0.8, 0.8, 0.8, 0.8), (0.9, 0.99, 0.9, 0.99), None),  # never twice in a row
        ((0.5, 0.8, 0.8, 0.8, 0.8), (0.99, 0.97, 0.99, 0.99), 2),
        ((0.8, 0.8, 0.8, 0.8, 0.9), (0.99, 0.99, 0.99, 0.99), None),  # the best comes too late
        ((0.5, 0.8, 0.8), (float("nan"), 0.99), None),
    ],
)
def test_the_rule_for_k(accuracy, adjacent, expected):
    assert choose_layer(accuracy, adjacent) == expected


def test_kept_prompt_states_give_the_same_answers(tiny_base):
    seen = samples([REAL, GENERATED] * 4)
    for variant in (INJECTED, Variant(name="off", adapted_from=3)):
        decoder = Decoder(tiny_base, CONFIG, variant, None)
        kept = decoder.with_prompt(seen)
        assert len(decoder.model.language.model.layers) == LAYERS
        assert torch.equal(log_odds(decoder, kept), log_odds(decoder, seen))
        assert torch.equal(log_odds(decoder, kept.only(kept.fake)), log_odds(decoder, seen)[1::2])
