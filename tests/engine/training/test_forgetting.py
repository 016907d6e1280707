from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import InputError
from engine.training.batches import REAL
from engine.training.captions import text_loss
from engine.training.forgetting import (
    Scores,
    caption_losses,
    caption_scores,
    kept_share,
    memory_of,
)
from engine.training.variants import Decoder, Variant, autocast
from engine.vrm.mini import DESCRIBE
from tests.engine.training.tiny_layers import samples
from tests.engine.vrm.tiny_mini import CONFIG

pytestmark = pytest.mark.usefixtures("one_thread")

INJECTED = Variant(name="ours", adapted_from=3, injected_before=3, fusion="mean")


def scores(*matrices) -> Scores:
    matrices = tuple(np.array(m, dtype=float) for m in matrices)
    return Scores(log_p=matrices, lengths=tuple(np.full(len(m), 2.0) for m in matrices))


@pytest.mark.parametrize("variant", [Variant(name="base", learning="nothing"), INJECTED])
def test_scores_with_a_shared_prompt_are_those_of_whole_sequences(tiny_base, variant):
    decoder = Decoder(tiny_base, CONFIG, variant, None)
    held_out = samples([REAL] * 4, captions=True)
    found = caption_scores(decoder, held_out, group=2)
    assert [s.shape for s in found.log_p] == [(2, 2), (2, 2)]
    for g, i, j in ((0, 0, 0), (0, 0, 1), (1, 1, 0), (1, 1, 1)):
        one = held_out.only(torch.tensor([2 * g + i]))
        caption = held_out.captions[2 * g + j][0]
        with torch.no_grad(), autocast():
            loss = text_loss(
                decoder.model, decoder.semantic(one), decoder.artifact(one), DESCRIBE, [caption]
            )
        assert -found.log_p[g][i, j] / found.lengths[g][j] == pytest.approx(float(loss), rel=0.02)


def test_caption_losses_are_the_diagonal_of_the_scores(tiny_base):
    decoder = Decoder(tiny_base, CONFIG, INJECTED, None)
    held_out = samples([REAL] * 4, captions=True)
    found = caption_scores(decoder, held_out, group=4)
    assert caption_losses(decoder, held_out) == pytest.approx(found.true_loss, rel=0.02)
    moved = caption_losses(decoder, held_out, moved=1)
    next_picture = [-found.log_p[0][(j + 1) % 4, j] / found.lengths[0][j] for j in range(4)]
    assert moved == pytest.approx(next_picture, rel=0.02)


def test_too_few_photographs_for_a_group_are_refused(tiny_base):
    decoder = Decoder(tiny_base, CONFIG, INJECTED, None)
    with pytest.raises(InputError, match="hold out more"):
        caption_scores(decoder, samples([REAL] * 2, captions=True), group=3)


def test_losses_and_ranks_follow_from_the_matrix():
    # Columns are captions. Picture 1 likes caption 0, which is likely with any picture.
    found = scores([[-2.0, -8.0, -9.0], [-3.0, -4.0, -9.0], [-2.5, -9.0, -6.0]])
    assert found.true_loss == pytest.approx([1.0, 2.0, 3.0])
    assert found.other_loss == pytest.approx([2.75 / 2, 8.5 / 2, 4.5])
    assert found.ranks(evened=False).tolist() == [0, 1, 1]
    assert found.ranks(evened=True).tolist() == [0, 0, 0]
    memory = memory_of(found)
    assert memory.recall["likelihood @1"].value == pytest.approx(1 / 3)
    assert memory.recall["evened @1"].value == 1
    assert memory.picture_use.value == pytest.approx(np.mean([0.375, 2.25, 1.5]))


def test_what_is_kept_is_the_share_of_picture_use():
    before = scores([[0.0, -4.0], [-4.0, 0.0]])
    assert kept_share(before, before).value == 1
    half = scores([[-5.0, -7.0], [-7.0, -5.0]])  # worse captions, half the use
    kept = kept_share(half, before)
    assert (kept.value, kept.low, kept.high) == (0.5, 0.5, 0.5)
    blind = scores([[-5.0, -5.0], [-5.0, -5.0]])
    assert kept_share(blind, before).value == 0
