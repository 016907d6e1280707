"""What each depth of a decoder tells: linear probes, similarity of depths, the rule for K.

Source: linear probing of hidden states as in the layer analysis of arXiv 2606.15880; linear
centred kernel alignment: Kornblith et al. 2019, arXiv 1905.00414, section 3.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold

from engine.training.layers_data import Samples
from engine.training.metrics import Figure, auc
from engine.training.variants import Decoder, autocast, batches_of
from engine.vrm.mini import QUESTION

Floats = NDArray[np.float64]
States = NDArray[np.float32]

READ = ("visual", "last", "both")
"""What a probe reads: the mean visual token, the prompt's last token, one beside the other."""
SEEDS = 3
FOLDS = 5
PENALTY = 1e-2
"""Inverse strength of the L2 penalty, on standardised features; fixed beforehand."""
RESAMPLES = 1000
STATES_BATCH = 30

EARLY = 3
"""Layers after which a depth still counts as early."""

NEAR_BEST = 0.005
SIMILAR = 0.98


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class DecoderStates:
    """Hidden states of pictures at every depth; N pictures, D decoder layers, width d."""

    visual: States
    """[D + 1, N, d]: mean over the image positions; depth 0 is the input."""
    last: States
    """[D + 1, N, d]: the prompt's last position, from which the answer comes."""
    log_odds: Floats
    """[N]: of "fake", as the decoder answers."""

    def read(self, what: str, depth: int) -> States:
        """Return the features [N, d or 2 d] that a probe gets."""
        if what == "both":
            return np.concatenate([self.visual[depth], self.last[depth]], axis=1)
        states: States = self.visual[depth] if what == "visual" else self.last[depth]
        return states


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """Balanced accuracy of probes over depths 0..D."""

    accuracy: tuple[float, ...]
    """Mean over the seeds, 0..1."""
    low: tuple[float, ...]
    """Lower end of the 95 % interval; sources are resampled."""
    high: tuple[float, ...]
    auc: tuple[float, ...]
    """Area under the ROC curve of all folds' held-out scores, mean over the seeds."""
    by_seed: tuple[tuple[float, ...], ...]
    """Balanced accuracy for each seed."""
    rise: Figure
    """Mean over the middle third of the depths less the mean behind the first three layers."""
    late_change: Figure
    """Mean over the last third of the depths less the mean over the middle third."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Hits:
    """What the probes of every depth get right; D decoder layers, S seeds, N pictures."""

    right: Floats
    """[D + 1, S, N], 0 or 1."""
    auc: Floats
    """[D + 1, S]."""
    fake: NDArray[np.bool_]
    """[N]."""
    groups: NDArray[np.int_]
    """[N], numbers of the sources."""


@torch.no_grad()
def states_of(decoder: Decoder, samples: Samples) -> DecoderStates:
    """Run the forensic question on samples and keep every depth's states.

    Depth i is what layer i is given, before an injection there; the last depth is behind the
    final norm.
    """
    model = decoder.model
    ids = model.prompt_ids(QUESTION)
    image = ids[0] == model.image_token_id
    visual, last, odds = [], [], []
    for chosen in batches_of(len(samples), STATES_BATCH):
        part = samples.only(chosen)
        rows = ids.expand(len(part), -1)
        with autocast(), model.injecting(decoder.artifact(part), rows):
            out = model.language.model(
                inputs_embeds=model.embed(rows, decoder.semantic(part)),
                use_cache=False,
                output_hidden_states=True,
            )
            odds.append(model.log_odds(model.logits(out.last_hidden_state[:, -1])))
        states = torch.stack([h.float() for h in out.hidden_states])
        visual.append(states[:, :, image].mean(2))
        last.append(states[:, :, -1])
    return DecoderStates(
        visual=torch.cat(visual, 1).numpy(),
        last=torch.cat(last, 1).numpy(),
        log_odds=torch.cat(odds).double().numpy(),
    )


def probe_scores(
    features: States, fake: NDArray[np.bool_], groups: NDArray[np.int_], seed: int
) -> Floats:
    """Return held-out log-odds of a logistic probe, folds grouped by source.

    Args:
        features: [N, F].
        fake: [N].
        groups: [N] number of each picture's source.
        seed: of the folds.

    Returns:
        [N]; each from a fold in which no picture of its source was trained on.
    """
    scores = np.zeros(len(features))
    folds = GroupKFold(min(FOLDS, len(np.unique(groups))), shuffle=True, random_state=seed)
    for train, test in folds.split(features, fake, groups):
        x = features[train]
        mean, spread = x.mean(0), x.std(0) + 1e-6
        fitted = LogisticRegression(C=PENALTY, class_weight="balanced", tol=1e-3, max_iter=200)
        fitted.fit((x - mean) / spread, fake[train])
        scores[test] = fitted.decision_function((features[test] - mean) / spread)
    return scores


def probe_hits(states: DecoderStates, what: str, samples: Samples) -> Hits:
    """Return what the probes of every depth get right.

    Args:
        states: of the samples.
        what: one of READ.
        samples: what the states were made of.
    """
    fake, groups = samples.fake.numpy(), source_numbers(samples)
    depths = len(states.visual)
    right = np.zeros((depths, SEEDS, len(fake)))
    aucs = np.zeros((depths, SEEDS))
    for depth in range(depths):
        x = states.read(what, depth)
        for seed in range(SEEDS):
            scores = probe_scores(x, fake, groups, seed)
            right[depth, seed] = (scores > 0) == fake
            aucs[depth, seed] = auc(scores, fake)
    return Hits(right=right, auc=aucs, fake=fake, groups=groups)


def source_numbers(samples: Samples) -> NDArray[np.int_]:
    """Return a number from 0 for the source of each sample, [N]."""
    return np.asarray(np.unique(np.array(samples.sources), return_inverse=True)[1])


def curve_of(hits: Hits) -> Curve:
    """Return accuracies over depth with their intervals."""
    drawn = resampled(hits.right.mean(1), hits.fake, hits.groups)
    low, high = np.nanquantile(drawn, (0.025, 0.975), axis=0)
    fake = hits.fake
    by_seed = (hits.right[..., fake].mean(-1) + hits.right[..., ~fake].mean(-1)) / 2
    accuracy = by_seed.mean(1)
    layers = len(accuracy) - 1
    early = np.arange(1, 1 + EARLY)
    middle = np.arange(round(layers / 3), round(2 * layers / 3) + 1)
    late = np.arange(round(2 * layers / 3) + 1, layers + 1)
    return Curve(
        accuracy=_numbers(accuracy),
        low=_numbers(low),
        high=_numbers(high),
        auc=_numbers(hits.auc.mean(1)),
        by_seed=tuple(_numbers(x) for x in by_seed.T),
        rise=_change(accuracy, drawn, early, middle),
        late_change=_change(accuracy, drawn, middle, late),
    )


def _change(
    accuracy: Floats, drawn: Floats, before: NDArray[np.int_], after: NDArray[np.int_]
) -> Figure:
    """Return mean accuracy at some depths less that at others, with its paired interval."""
    values = drawn[:, after].mean(1) - drawn[:, before].mean(1)
    low, high = np.nanquantile(values, (0.025, 0.975))
    value = accuracy[after].mean() - accuracy[before].mean()
    return Figure(value=float(value), low=float(low), high=float(high))


def resampled(hits: Floats, fake: NDArray[np.bool_], groups: NDArray[np.int_]) -> Floats:
    """Return balanced accuracies [RESAMPLES, D] of bootstrap samples of the sources.

    The same sources are drawn at every depth and in every call, so that differences are paired.
    """
    count = int(groups.max()) + 1
    member = np.eye(count)[groups]  # [N, S]
    drawn = np.random.default_rng(0).multinomial(count, np.full(count, 1 / count), RESAMPLES)
    total = np.zeros((RESAMPLES, len(hits)))
    for of_class in (fake, ~fake):
        sizes = drawn @ member[of_class].sum(0)
        right = drawn @ (hits[:, of_class] @ member[of_class]).T
        with np.errstate(invalid="ignore", divide="ignore"):
            total += right / sizes[:, None]  # a draw without the class gives NaN, left out later
    return np.asarray(total / 2)


def linear_cka(x: States, y: States) -> float:
    """Return the linear centred kernel alignment of two sets of features, 0..1.

    Args:
        x: [N, F].
        y: [N, G], of the same pictures.
    """
    a, b = x.astype(np.float64), y.astype(np.float64)
    a, b = a - a.mean(0), b - b.mean(0)
    # [N, N] Gram matrices: there are fewer pictures than features.
    k, m = a @ a.T, b @ b.T
    below = np.linalg.norm(k) * np.linalg.norm(m)
    return float((k * m).sum() / below) if below > 0 else float("nan")


def adjacent_cka(states: DecoderStates, what: str) -> tuple[float, ...]:
    """Return the similarity of each depth with the next: D values."""
    depths = len(states.visual)
    return tuple(
        linear_cka(states.read(what, i), states.read(what, i + 1)) for i in range(depths - 1)
    )


def cka_between(a: DecoderStates, b: DecoderStates, what: str) -> tuple[float, ...]:
    """Return the similarity of two decoders at each depth: D + 1 values."""
    return tuple(linear_cka(a.read(what, i), b.read(what, i)) for i in range(len(a.visual)))


def choose_layer(accuracy: tuple[float, ...], adjacent: tuple[float, ...]) -> int | None:
    """Return K by the rule, or None where no depth fulfils it.

    K is the first layer whose input is within half a point of the best depth's accuracy, and from
    which on two steps in a row hardly change the states (adjacent similarity above .98).

    Args:
        accuracy: of the semantic probe (D1) at depths 0..D.
        adjacent: similarity of depth i with i + 1, D values.
    """
    best = max(accuracy)
    for k in range(len(adjacent) - 1):
        settled = adjacent[k] > SIMILAR and adjacent[k + 1] > SIMILAR
        if settled and accuracy[k] >= best - NEAR_BEST:
            return k
    return None


def _numbers(values: Floats) -> tuple[float, ...]:
    return tuple(round(float(v), 5) for v in values)
