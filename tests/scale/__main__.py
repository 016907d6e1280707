"""``python -m tests.scale``: a large folder through the real program, killed once and resumed.

Makes a nested tree of small files (``--files``), runs ``./residua scan`` over it as a process of
its own, kills that and everything it started with SIGKILL at a third, runs the same command
again, and checks the results line by line. Memory of the whole tree of processes is measured
every few seconds. Exit code 0 only if every file has exactly one line, no content was examined
twice and nothing of before the kill was lost.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.scan.bench import machine
from tests.scale.proof import alike_hashes, proved, standing
from tests.scale.tree import grow, planned
from tests.scale.watched import Ended, Sample, run

ROOT = Path(__file__).parents[2]
MOST_SAMPLES = 400
"""Samples of a run that are kept for the figure."""
TOLD_EVERY = 20
"""Samples between two lines about how far it is."""


def main(arguments: list[str]) -> int:
    """Run it, or draw what an earlier run measured."""
    options = _parsed(arguments)
    if options.draw is not None:
        from tests.scale.figure import draw

        draw(json.loads(options.draw.read_text("utf-8")), options.draw.with_suffix(".png"))
        return 0
    with _work(options.work) as work:
        report = _measured(options, work)
    text = json.dumps(report, indent=1, ensure_ascii=True) + "\n"
    if options.out is None:
        sys.stdout.write(text)
    else:
        options.out.write_text(text, encoding="ascii")
    for problem in report["proof"]["problems"]:
        _say(f"PROBLEM: {problem}")
    return 1 if report["proof"]["problems"] else 0


def _measured(options: argparse.Namespace, work: Path) -> dict[str, Any]:
    top, out, log = work / "tree", work / "out", work / "scan.log"
    plan = planned(options.files, options.copied)
    began = time.monotonic()
    if not top.is_dir():
        growing = work / "growing"
        grow(growing, plan, options.seed, os.cpu_count() or 1)
        growing.rename(top)
    made_s = time.monotonic() - began
    _say(f"{plan.files} files made in {made_s:.0f} s: {asdict(plan)}")
    command = [str(ROOT / "residua"), "scan", str(top), "--out", str(out), "--near-duplicates"]
    command += ["--no-explain"] if options.full else ["--triage"]
    results = out / "results.jsonl"
    first = run(
        command, results, log, every_s=options.every, tell=_telling(), kill_at=plan.files // 3
    )
    before = standing(results)
    _say(f"killed with {before.lines} lines: {first.killed}")
    second = run(command, results, log, every_s=options.every, tell=_telling())
    alike = alike_hashes(plan, options.seed)
    proof = proved(top, out, plan, before, alike)
    return {
        "command": f"python -m tests.scale --files {options.files} --seed {options.seed}"
        + (f" --copied {options.copied:g}" if options.copied != 0.5 else "")
        + (" --full" if options.full else ""),
        "scan": "residua scan TREE --out OUT --near-duplicates " + command[-1],
        "utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": asdict(machine()),
        "threads": os.environ.get("OMP_NUM_THREADS"),
        "seed": options.seed,
        "plan": asdict(plan),
        "tree_bytes": sum(path.stat().st_size for path in top.rglob("*") if path.is_file()),
        "made_s": round(made_s),
        "results_bytes": results.stat().st_size,
        "until_the_kill": _run(first),
        "after_the_kill": _run(second),
        "peak_memory_mb": max(each.memory_mb for each in (*first.samples, *second.samples)),
        "killed_at_lines": before.lines,
        "proof": asdict(proof),
    }


def _run(ended: Ended) -> dict[str, Any]:
    step = max(1, -(-len(ended.samples) // MOST_SAMPLES))
    kept = [*ended.samples[:-1:step], *ended.samples[-1:]]
    return {
        "seconds": round(ended.seconds, 1),
        "processor_s": None if ended.cpu_s is None else round(ended.cpu_s, 1),
        "code": ended.code,
        "peak_memory_mb": max(each.memory_mb for each in ended.samples),
        "samples": [asdict(each) for each in kept],
    }


def _telling() -> Callable[[Sample], None]:
    seen: list[Sample] = []

    def tell(sample: Sample) -> None:
        if len(seen) % TOLD_EVERY == 0:
            _say(f"{sample.at_s:7.0f} s  {sample.done:7} lines  {sample.memory_mb:6.0f} MB")
        seen.append(sample)

    return tell


@contextmanager
def _work(folder: Path | None) -> Iterator[Path]:
    """Give the folder that was named and leave it, or one that goes away."""
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        yield folder.resolve()
        return
    with tempfile.TemporaryDirectory(prefix="residua-scale-") as made:
        yield Path(made)


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.scale", description=__doc__)
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--copied", type=float, default=0.5, help="share of copies (0.5)")
    parser.add_argument("--full", action="store_true", help="the mini, not triage")
    parser.add_argument("--every", type=float, default=5.0, help="seconds between samples")
    parser.add_argument("--work", type=Path, metavar="DIR", help="keep tree and results here")
    parser.add_argument("--out", type=Path, metavar="FILE.json")
    parser.add_argument("--draw", type=Path, metavar="FILE.json", help="instead: its figure")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
