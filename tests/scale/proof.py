"""What must be true of the results of a scan that was killed and resumed."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from tests.scale.tree import Plan, content, is_alike


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """Counts over all lines; ``problems`` is empty when everything holds."""

    lines: int
    files_with_a_line: int
    examined: int
    """Contents that went through the model."""
    duplicates: int
    """Files that got the result of others with their bytes."""
    failed: int
    failed_by_kind: dict[str, int]
    most_examinations_of_a_content: int
    kept_from_before_the_kill: int
    """Lines that were there when it was killed, and still are, byte for byte."""
    planted_alike: int
    """Contents that are another one coded once more, both of them pictures."""
    found_alike: int
    """Of those, how many are in a group of near-duplicates with the other."""
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The results as they were when the scan was killed."""

    lines: int
    bytes: int
    sha256: str


def standing(results: Path) -> Standing:
    """Return what is there now, without an end that is no whole line."""
    digest, lines, size = hashlib.sha256(), 0, 0
    with results.open("rb") as stream:
        for line in stream:
            if line.endswith(b"\n"):
                digest.update(line)
                lines, size = lines + 1, size + len(line)
    return Standing(lines=lines, bytes=size, sha256=digest.hexdigest())


def alike_hashes(plan: Plan, seed: int) -> dict[str, str]:
    """Return the SHA-256 of each planted near-duplicate, and of what it was made of."""
    return {
        hashlib.sha256(content(seed, index)[0]).hexdigest(): hashlib.sha256(
            content(seed, index - 1)[0]
        ).hexdigest()
        for index in range(plan.contents)
        if is_alike(index)
    }


def proved(top: Path, out: Path, plan: Plan, before: Standing, alike: dict[str, str]) -> Proof:
    """Check results against the tree.

    Args:
        top: the tree.
        out: the results folder.
        plan: how the tree is made up.
        before: the results when the scan was killed.
        alike: SHA-256 of each planted near-duplicate to that of what it was made of.
    """
    paths: Counter[str] = Counter()
    examined: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    duplicates = 0
    for line in _records(out / "results.jsonl"):
        paths[line["path"]] += 1
        if line["error"] is not None:
            kinds[line["error"]["kind"]] += 1
        elif line["duplicate_of"] is None:
            examined[line["sha256"]] += 1
        else:
            duplicates += 1
    groups = _groups(out / "near-duplicates.jsonl")
    there = {str(path) for path in top.rglob("*") if path.is_file() and path.suffix != ".txt"}
    proof = Proof(
        lines=sum(paths.values()),
        files_with_a_line=len(paths.keys() & there),
        examined=len(examined),
        duplicates=duplicates,
        failed=sum(kinds.values()),
        failed_by_kind=dict(kinds),
        most_examinations_of_a_content=max(examined.values(), default=0),
        kept_from_before_the_kill=before.lines if _kept(out / "results.jsonl", before) else 0,
        planted_alike=len(alike),
        found_alike=sum(
            new in groups and groups[new] == groups.get(old) for new, old in alike.items()
        ),
        problems=(),
    )
    return Proof(**{**asdict(proof), "problems": tuple(_problems(proof, plan, before, len(there)))})


def _problems(proof: Proof, plan: Plan, before: Standing, there: int) -> Iterator[str]:
    wanted = plan.files - plan.none
    if there != wanted:
        yield f"the tree has {there} files, not {wanted}"
    if (proof.lines, proof.files_with_a_line) != (wanted, wanted):
        yield f"{proof.lines} lines for {proof.files_with_a_line} of {wanted} files"
    if proof.most_examinations_of_a_content != 1:
        yield f"a content was examined {proof.most_examinations_of_a_content} times"
    if proof.examined != plan.contents:
        yield f"{proof.examined} contents were examined, not {plan.contents}"
    if proof.duplicates != plan.copies:
        yield f"{proof.duplicates} copies, not {plan.copies}"
    if proof.failed != plan.broken:
        yield f"{proof.failed} files failed, not {plan.broken}"
    if proof.kept_from_before_the_kill != before.lines:
        yield "lines of before the kill were changed or lost"


def _kept(results: Path, before: Standing) -> bool:
    with results.open("rb") as stream:
        digest = hashlib.sha256()
        left = before.bytes
        while left and (piece := stream.read(min(left, 1 << 20))):
            digest.update(piece)
            left -= len(piece)
    return not left and digest.hexdigest() == before.sha256


def _records(file: Path) -> Iterator[dict]:
    with file.open("rb") as stream:
        for line in stream:
            yield json.loads(line)


def _groups(file: Path) -> dict[str, int]:
    """Return the group of each content that is in one."""
    if not file.is_file():
        return {}
    return {
        member["sha256"]: group["group"] for group in _records(file) for member in group["members"]
    }
