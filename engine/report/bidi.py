"""The order in which the letters of a line stand when scripts of both directions meet.

The rules of Unicode Standard Annex 9 (version 15) without explicit marks of direction, which
never reach a page: they are written out as code points, so that no name can disguise itself.
Paragraphs run from left to right, as paths do, and separators of paths count as letters that do
too: so each part of a path stands in its place.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

SEPARATORS = "/\\"
MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")
"""Signs that are turned round where text runs from right to left (rule L4)."""

BRACKETS = "()[]{}"

NEUTRAL = frozenset({"B", "S", "WS", "ON", "BN"})


def levels(text: str) -> list[int]:
    """Return the embedding level of each character: even runs to the right, odd to the left.

    Args:
        text: a paragraph, without marks of direction.
    """
    kinds = _neutral(_paired(text, _weak([_kind(letter) for letter in text])))
    found = [{"R": 1, "AN": 2, "EN": 2}.get(kind, 0) for kind in kinds]
    end = len(text.rstrip())
    return [*found[:end], *[0] * (len(text) - end)]


def visual(found: Sequence[int]) -> list[tuple[int, int, int]]:
    """Return the runs of one line from left to right: (start, end, level), logical indices.

    Args:
        found: levels of the line's characters.
    """
    runs: list[tuple[int, int, int]] = []
    for index, level in enumerate(found):
        if runs and runs[-1][2] == level:
            runs[-1] = (runs[-1][0], index + 1, level)
        else:
            runs.append((index, index + 1, level))
    for level in range(max(found, default=0), 0, -1):
        runs = _reversed(runs, level)
    return runs


def _kind(letter: str) -> str:
    return "L" if letter in SEPARATORS else unicodedata.bidirectional(letter) or "L"


def _reversed(runs: list[tuple[int, int, int]], level: int) -> list[tuple[int, int, int]]:
    """Reverse each sequence of runs at a level or above it (rule L2)."""
    turned: list[tuple[int, int, int]] = []
    held: list[tuple[int, int, int]] = []
    for run in runs:
        if run[2] >= level:
            held.append(run)
        else:
            turned += [*reversed(held), run]
            held = []
    return [*turned, *reversed(held)]


def _weak(kinds: list[str]) -> list[str]:
    """Resolve marks and numbers (rules W1 to W7)."""
    strong, before = "L", "L"
    for index, kind in enumerate(kinds):
        now = before if kind == "NSM" else kind
        if now in ("L", "R", "AL"):
            strong = now
        if now == "EN" and strong == "AL":
            now = "AN"
        before = kinds[index] = now
    kinds = ["R" if kind == "AL" else kind for kind in kinds]
    for index in range(1, len(kinds) - 1):
        left, kind, right = kinds[index - 1 : index + 2]
        if left == right and (
            (kind in ("ES", "CS") and left == "EN") or (kind, left) == ("CS", "AN")
        ):
            kinds[index] = left
    for start, end in _stretches(kinds, {"ET"}):
        beside = {kinds[start - 1] if start else "", kinds[end] if end < len(kinds) else ""}
        kinds[start:end] = ["EN" if "EN" in beside else "ON"] * (end - start)
    strong = "L"
    for index, kind in enumerate(kinds):
        if kind in ("L", "R"):
            strong = kind
        elif kind in ("ES", "CS"):
            kinds[index] = "ON"
        elif kind == "EN" and strong == "L":
            kinds[index] = "L"
    return kinds


def _paired(text: str, kinds: list[str]) -> list[str]:
    """Let both brackets of a pair have one direction (rule N0)."""
    for start, end in _pairs(text, kinds):
        inside = {_side(kind) for kind in kinds[start + 1 : end] if kind not in NEUTRAL}
        if "L" in inside:
            kinds[start] = kinds[end] = "L"
        elif inside:
            before = next((_side(k) for k in reversed(kinds[:start]) if k not in NEUTRAL), "L")
            kinds[start] = kinds[end] = before
    return kinds


def _pairs(text: str, kinds: Sequence[str]) -> list[tuple[int, int]]:
    """Return (opening, closing) of each pair of brackets, in order."""
    found, waiting = [], list[tuple[str, int]]()
    for index, letter in enumerate(text):
        if kinds[index] != "ON" or letter not in BRACKETS:
            continue
        if letter in BRACKETS[::2]:
            waiting.append((letter.translate(MIRRORED), index))
            continue
        at = next((i for i in reversed(range(len(waiting))) if waiting[i][0] == letter), None)
        if at is not None:
            found.append((waiting[at][1], index))
            del waiting[at:]
    return sorted(found)


def _neutral(kinds: list[str]) -> list[str]:
    """Let what has no direction take that of its surroundings (rules N1, N2)."""
    for start, end in _stretches(kinds, NEUTRAL):
        left = _side(kinds[start - 1]) if start else "L"
        right = _side(kinds[end]) if end < len(kinds) else "L"
        kinds[start:end] = [left if left == right else "L"] * (end - start)
    return kinds


def _side(kind: str) -> str:
    return "R" if kind in ("R", "EN", "AN") else "L"


def _stretches(kinds: Sequence[str], wanted: set[str] | frozenset[str]) -> list[tuple[int, int]]:
    """Return (start, end) of each unbroken stretch of some kinds."""
    found: list[tuple[int, int]] = []
    for index, kind in enumerate(kinds):
        if kind not in wanted:
            continue
        if found and found[-1][1] == index:
            found[-1] = (found[-1][0], index + 1)
        else:
            found.append((index, index + 1))
    return found
