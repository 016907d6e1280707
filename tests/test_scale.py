"""What the proof of a large scan sees, on a tree of a few files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.scale.proof import alike_hashes, proved, standing
from tests.scale.tree import Plan, content, grow, planned

FILES = 60
SEED = 3


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Plan]:
    top, plan = tmp_path_factory.mktemp("scale") / "tree", planned(FILES)
    grow(top, plan, SEED, 1)
    return top, plan


def line(path: Path, seen: dict[str, str]) -> str:
    """Return a line of results as a scan would write it, as far as the proof reads it."""
    import hashlib

    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    broken = "broken" in path.name
    first = seen.setdefault(sha256, str(path))
    return json.dumps(
        {
            "path": str(path),
            "sha256": sha256,
            "error": {"kind": "not_an_image"} if broken else None,
            "duplicate_of": None if broken or first == str(path) else first,
        }
    )


def results(tree: Path, out: Path) -> list[str]:
    """Write sound results and return their lines."""
    seen: dict[str, str] = {}
    lines = [line(path, seen) for path in sorted(tree.rglob("*.*")) if path.suffix != ".txt"]
    write(out, lines)
    return lines


def write(out: Path, lines: list[str]) -> None:
    out.mkdir(exist_ok=True)
    (out / "results.jsonl").write_text("".join(each + "\n" for each in lines), "ascii")


def test_a_tree_has_the_files_that_were_planned(tree: tuple[Path, Plan]) -> None:
    top, plan = tree
    files = [path for path in top.rglob("*") if path.is_file()]
    assert len(files) == FILES
    assert len({path.read_bytes() for path in files if " " not in path.name}) == plan.contents


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert content(SEED, 7) == content(SEED, 7)
    assert content(SEED, 7) != content(SEED + 1, 7)


def test_sound_results_have_no_problems(tree: tuple[Path, Plan], tmp_path: Path) -> None:
    top, plan = tree
    results(top, tmp_path)
    before = standing(tmp_path / "results.jsonl")
    assert proved(top, tmp_path, plan, before, alike_hashes(plan, SEED)).problems == ()


def test_a_file_without_a_line_is_seen(tree: tuple[Path, Plan], tmp_path: Path) -> None:
    top, plan = tree
    write(tmp_path, results(top, tmp_path)[:-1])
    before = standing(tmp_path / "results.jsonl")
    assert any("of 59 files" in each for each in proved(top, tmp_path, plan, before, {}).problems)


def test_an_examination_that_was_done_twice_is_seen(
    tree: tuple[Path, Plan], tmp_path: Path
) -> None:
    top, plan = tree
    lines = results(top, tmp_path)
    copy = next(index for index, each in enumerate(lines) if json.loads(each)["duplicate_of"])
    lines[copy] = json.dumps({**json.loads(lines[copy]), "duplicate_of": None})
    write(tmp_path, lines)
    before = standing(tmp_path / "results.jsonl")
    problems = proved(top, tmp_path, plan, before, {}).problems
    assert "a content was examined 2 times" in problems


def test_a_line_that_changed_after_the_kill_is_seen(
    tree: tuple[Path, Plan], tmp_path: Path
) -> None:
    top, plan = tree
    lines = results(top, tmp_path)
    write(tmp_path, lines[:5])
    before = standing(tmp_path / "results.jsonl")
    write(tmp_path, [*reversed(lines[:5]), *lines[5:]])
    problems = proved(top, tmp_path, plan, before, {}).problems
    assert problems == ("lines of before the kill were changed or lost",)
