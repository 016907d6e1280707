"""Groups of pictures that look alike, among a hundred thousand.

Two pictures belong together when both of their hashes are close. Candidates come from the
pHash cut into three bands of 21 or 22 bits: of two numbers that differ in at most 8 bits, at
least one band differs in at most two, so that looking up every band with up to two bits flipped
finds all of them without comparing every pair (multi-index hashing).

Source: M. Norouzi, A. Punjani, D. J. Fleet, Fast Search in Hamming Space with Multi-Index
Hashing, CVPR 2012, section 3.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from engine.images.likeness import Likeness

PHASH_MOST = 8
DHASH_MOST = 10
"""Bits that may differ. Measured with ``residua bench --near-duplicates`` on 700 pictures
(docs/log.md): all of those scaled or compressed are found, and 3 in 100,000 pairs of different
pictures are taken for one, nearly all of them portraits in the same pose."""

BAND_BITS = 22
BANDS = 3
FLIPPED = 2
"""Bits flipped in a band: finds every pair up to `BANDS` * (`FLIPPED` + 1) - 1 = 8 bits."""

CANDIDATES_AT_ONCE = 1 << 22
"""Candidate pairs compared in one go: 64 MB."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Pictures that look like one of them."""

    centre: int
    """Index of the picture that most others of the group were compared with."""
    members: tuple[int, ...]
    """Indices in order, the centre included, at least two."""


def grouped(looks: Sequence[Likeness]) -> tuple[Group, ...]:
    """Return groups of pictures that look alike; each picture is in one group at most.

    The picture with most neighbours becomes a centre and takes those of them that are still
    free, and so on: each member is close to its centre, so that chains of small steps do not
    join what is different.

    Args:
        looks: of each picture.

    Returns:
        Groups in the order of their first member.
    """
    places: dict[Likeness, list[int]] = {}
    for index, look in enumerate(looks):
        places.setdefault(look, []).append(index)
    # Copies count once in the search: thousands of them would be millions of pairs.
    distinct = list(places)
    weights = [len(places[look]) for look in distinct]
    groups = []
    for centre, others in _stars(distinct, weights):
        members = [index for each in (centre, *others) for index in places[distinct[each]]]
        if len(members) > 1:
            first = places[distinct[centre]][0]
            groups.append(Group(centre=first, members=tuple(sorted(members))))
    return tuple(sorted(groups, key=lambda group: group.members))


def _stars(looks: Sequence[Likeness], weights: Sequence[int]) -> Iterator[tuple[int, list[int]]]:
    """Yield centres and what each takes, those with most pictures around them first."""
    first, second = near_pairs(looks)
    neighbours: dict[int, list[int]] = {index: [] for index in range(len(looks))}
    for a, b in zip(first.tolist(), second.tolist(), strict=True):
        neighbours[a].append(b)
        neighbours[b].append(a)
    around = [
        weights[index] + sum(weights[other] for other in others)
        for index, others in neighbours.items()
    ]
    taken: set[int] = set()
    for centre in sorted(neighbours, key=lambda each: (-around[each], each)):
        if centre in taken:
            continue
        free = [each for each in neighbours[centre] if each not in taken]
        taken.update((centre, *free))
        yield centre, free


def near_pairs(looks: Sequence[Likeness]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return all pairs (a, b), a < b, whose hashes are both close.

    Args:
        looks: of each picture.

    Returns:
        Two arrays of the same length, sorted.
    """
    phash = np.array([each.phash for each in looks], dtype=np.uint64)
    dhash = np.array([each.dhash for each in looks], dtype=np.uint64)
    found: list[NDArray[np.int64]] = []
    for first, second in _candidates(phash):
        close = np.bitwise_count(phash[first] ^ phash[second]) <= PHASH_MOST
        a, b = first[close], second[close]
        close = np.bitwise_count(dhash[a] ^ dhash[b]) <= DHASH_MOST
        found.append(a[close] * len(looks) + b[close])
    codes = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    return codes // max(1, len(looks)), codes % max(1, len(looks))


def distance(one: Likeness, other: Likeness) -> tuple[int, int]:
    """Return how many bits of (pHash, dHash) differ."""
    return (one.phash ^ other.phash).bit_count(), (one.dhash ^ other.dhash).bit_count()


def _candidates(
    phash: NDArray[np.uint64],
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs a < b among which are all that differ in at most `PHASH_MOST` bits."""
    masks = [
        sum(1 << bit for bit in bits)
        for count in range(FLIPPED + 1)
        for bits in combinations(range(BAND_BITS), count)
    ]
    for band in range(BANDS):
        shift = np.uint64(band * BAND_BITS)  # the last band is two bits shorter
        keys = ((phash >> shift) & np.uint64((1 << BAND_BITS) - 1)).astype(np.int64)
        order = np.argsort(keys, kind="stable")
        counts = np.bincount(keys, minlength=1 << BAND_BITS)
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        for mask in masks:
            yield from _matches(keys, order, starts, counts, mask)


def _matches(
    keys: NDArray[np.int64],
    order: NDArray[np.int64],
    starts: NDArray[np.int64],
    counts: NDArray[np.int64],
    mask: int,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Yield pairs whose bands differ in exactly the bits of a mask, in portions."""
    wanted = keys ^ mask
    asking = np.flatnonzero(counts[wanted])
    wanted = wanted[asking]
    sizes = counts[wanted]
    ends = np.cumsum(sizes)
    begin = 0
    while begin < len(asking):
        before = int(ends[begin - 1]) if begin else 0
        end = int(np.searchsorted(ends, before + CANDIDATES_AT_ONCE, side="right"))
        end = max(end, begin + 1)
        some = sizes[begin:end]
        first = np.repeat(asking[begin:end], some)
        within = np.arange(len(first)) - np.repeat(np.cumsum(some) - some, some)
        second = order[np.repeat(starts[wanted[begin:end]], some) + within]
        ascending = first < second
        yield first[ascending], second[ascending]
        begin = end
