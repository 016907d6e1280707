"""``python -m tests.fuzz``: a campaign, its summary by format, and the proof that it held.

Exit code 0 only if no parent broke down, nothing hung past its limit, nothing was written
elsewhere and every refusal has a clear reason.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from engine import api
from tests.fuzz.campaign import LIMIT_S, Campaign, Tally


def main(arguments: list[str]) -> int:
    """Run a campaign and print its summary."""
    options = _parsed(arguments)
    if options.table:
        print(table(json.loads(Path(options.table).read_text("utf-8"))))  # noqa: T201
        return 0
    with tempfile.TemporaryDirectory(prefix="residua-fuzz-") as folder:
        work = Path(folder)
        campaign = Campaign(options.seed, work)
        if options.save is not None:
            name, data = campaign.case(options.save)
            Path(f"case-{options.save}.{name.replace(' ', '')}").write_bytes(data)
            return 0
        before = _listed(work)
        began = time.monotonic()

        def tell(index: int) -> None:
            if index % 250 == 249:
                sys.stderr.write(f"{index + 1} files, {time.monotonic() - began:.0f} s\n")

        campaign.run(range(options.start, options.start + options.count), tell)
        elapsed_s = time.monotonic() - began
        strays = sorted(_listed(work) - before - {"damaged"})
    summary = _summary(options, campaign, elapsed_s, strays)
    print(table(summary))  # noqa: T201
    if options.out:
        text = json.dumps(summary, indent=1, ensure_ascii=True)
        Path(options.out).write_text(text + "\n", encoding="ascii")
    return 0 if held(summary) else 1


def held(summary: dict[str, Any]) -> bool:
    """Return whether a campaign found nothing that must not be."""
    formats = summary["formats"].values()
    return not summary["strays"] and not any(f["hangs"] or f["unclear"] for f in formats)


def table(summary: dict[str, Any]) -> str:
    """Return a summary as a table in Markdown."""
    lines = [
        "| format | files | decoded | refused with a reason | child ended | hangs | slowest |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    total = dict.fromkeys(("files", "decoded", "refused", "ended", "hangs"), 0)
    slowest = 0.0
    for name, each in summary["formats"].items():
        ended = len(each["crashes"]) + each["refused"].get("timeout", 0)
        figures = {
            "files": each["files"],
            "decoded": each["decoded"],
            "refused": sum(each["refused"].values()),
            "ended": ended,
            "hangs": each["hangs"],
        }
        for key, value in figures.items():
            total[key] += value
        slowest = max(slowest, each["slowest_s"])
        cells = " | ".join(f"{value:,}" for value in figures.values())
        lines.append(f"| {name} | {cells} | {each['slowest_s']:.1f} s |")
    cells = " | ".join(f"{value:,}" for value in total.values())
    lines.append(f"| all | {cells} | {slowest:.1f} s |")
    return "\n".join(lines)


def _summary(
    options: argparse.Namespace, campaign: Campaign, elapsed_s: float, strays: list[str]
) -> dict[str, Any]:
    return {
        "command": f"python -m tests.fuzz --seed {options.seed} --count {options.count}",
        "seed": options.seed,
        "count": options.count,
        "limit_s": LIMIT_S,
        "elapsed_s": round(elapsed_s),
        "parent_crashes": 0,
        "strays": strays,
        "safeguards": [
            {"name": each.name, "in_force": each.in_force, "detail": each.detail}
            for each in api.safeguards()
        ],
        "formats": {name: _figures(tally) for name, tally in campaign.tallies.items()},
    }


def _figures(tally: Tally) -> dict[str, Any]:
    return {
        "files": tally.files,
        "decoded": tally.decoded,
        "refused": dict(sorted(tally.refused.items())),
        "inspections_lost": tally.inspections_lost,
        "crashes": tally.crashes,
        "hangs": tally.hangs,
        "unclear": tally.unclear,
        "slowest_s": round(tally.slowest_s, 2),
    }


def _listed(work: Path) -> set[str]:
    """Return what lies where a child could have written without being asked to."""
    places = (work, Path.cwd())
    return {entry.name for place in places for entry in os.scandir(place)}


def _parsed(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--start", type=int, default=0, help="first index")
    parser.add_argument("--out", metavar="FILE.json")
    parser.add_argument("--table", metavar="FILE.json", help="instead: print its table")
    parser.add_argument("--save", type=int, metavar="INDEX", help="instead: write one damaged file")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
