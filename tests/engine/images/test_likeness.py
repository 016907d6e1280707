"""Near-duplicates: what is found, what is told apart, how the search finds all of them."""

from __future__ import annotations

import io
import random

import imagehash
import numpy as np
import pytest
from PIL import Image

from engine.images.alike import DHASH_MOST, PHASH_MOST, distance, grouped, near_pairs
from engine.images.likeness import Likeness, likeness, parsed, phash


def picture(seed: int, side: int = 256) -> Image.Image:
    coarse = np.random.default_rng(seed).integers(0, 256, (6, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((side * 4 // 3, side), Image.Resampling.BICUBIC)


def look(of: Image.Image) -> Likeness:
    found = likeness(np.asarray(of.convert("RGB")))
    assert found is not None
    return found


def jpeg(of: Image.Image, quality: int) -> Image.Image:
    stream = io.BytesIO()
    of.save(stream, "JPEG", quality=quality)
    return Image.open(stream)


@pytest.mark.parametrize(
    "changed",
    [
        lambda p: jpeg(p, 30),
        lambda p: p.resize((p.width // 3, p.height // 3)),
        lambda p: jpeg(p.resize((p.width * 2, p.height * 2)), 60),
        lambda p: p.crop((2, 2, p.width - 2, p.height - 2)),
        lambda p: p.point(lambda v: min(255, round(v * 1.1))),
    ],
    ids=["compressed", "smaller", "larger and compressed", "lightly cropped", "brighter"],
)
def test_changed_copies_look_alike(changed):
    for seed in range(5):
        original = picture(seed)
        phash, dhash = distance(look(original), look(changed(original)))
        assert phash <= PHASH_MOST
        assert dhash <= DHASH_MOST


def test_different_pictures_do_not():
    looks = [look(picture(seed)) for seed in range(60)]
    assert grouped(looks) == ()


def test_bits_are_those_of_imagehash():
    for seed in range(20):
        grey = picture(seed).convert("L")
        assert str(phash(grey)) == str(imagehash.phash(grey))


def test_a_frequency_that_a_picture_has_not_is_no_bit():
    ramp = Image.fromarray(np.tile(np.arange(64, dtype=np.uint8) * 4, (64, 1)))
    assert not phash(ramp).hash[1:].any()


def test_an_even_picture_has_no_look():
    assert likeness(np.full((64, 96, 3), 90, dtype=np.uint8)) is None


def test_a_look_is_written_and_read():
    one = Likeness(phash=0xC0371BEC1BE51267, dhash=1)
    assert str(one) == "pHash c0371bec1be51267, dHash 0000000000000001"
    assert parsed(str(one)) == one
    assert parsed("pHash 1") is None


def flipped(value: int, bits: int, drawn: random.Random) -> int:
    for bit in drawn.sample(range(64), bits):
        value ^= 1 << bit
    return value


def test_the_search_finds_exactly_what_comparing_every_pair_finds():
    drawn = random.Random(4)
    looks = [Likeness(phash=drawn.getrandbits(64), dhash=drawn.getrandbits(64)) for _ in range(60)]
    for one in list(looks):
        for bits in range(0, 13, 2):
            looks.append(
                Likeness(
                    phash=flipped(one.phash, bits, drawn),
                    dhash=flipped(one.dhash, drawn.randint(0, 12), drawn),
                )
            )
    expected = {
        (a, b)
        for a in range(len(looks))
        for b in range(a + 1, len(looks))
        if distance(looks[a], looks[b])[0] <= PHASH_MOST
        and distance(looks[a], looks[b])[1] <= DHASH_MOST
    }
    first, second = near_pairs(looks)
    assert len(expected) > 100
    assert set(zip(first.tolist(), second.tolist(), strict=True)) == expected


def test_a_chain_of_small_steps_does_not_join_its_ends():
    whole = (1 << 64) - 1
    chain = [Likeness(phash=whole >> 6 * step, dhash=0) for step in range(6)]
    groups = grouped(chain)
    assert len(groups) > 1
    for group in groups:
        for member in group.members:
            assert distance(chain[group.centre], chain[member])[0] <= PHASH_MOST


def test_the_same_look_many_times_is_one_group():
    same = [Likeness(phash=5, dhash=9)] * 3000
    (group,) = grouped([*same, Likeness(phash=~5 & (1 << 64) - 1, dhash=9)])
    assert len(group.members) == 3000
    assert group.centre == 0


def test_of_nothing_there_are_no_groups():
    assert grouped([]) == ()
    assert grouped([Likeness(phash=1, dhash=1)]) == ()
