"""Tables of speed and memory for the documents, from the figures that benches printed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from engine.training.figures import markdown_table

Body = Mapping[str, Any]

STAGES = {
    "decode": "decode (child process)",
    "scan full": "full scan: verdict, map, explanation",
    "scan no_explain": "`--no-explain`",
    "scan triage": "`--triage`",
}
PAIRS = {
    "no_explain": "`--no-explain --no-traces`",
    "no_explain with derived traces": "`--no-explain`, derived traces computed as well",
    "triage": "`--triage`",
}


def bench(*names: str) -> Callable[[Body], str]:
    """Return what shows the speed of some stages of the program."""

    def view(body: Body) -> str:
        stages = {stage["name"]: stage for stage in body["stages"]}
        rows = [
            [
                STAGES[name],
                f"{stages[name]['images_per_s']:.3g}",
                f"{stages[name]['peak_memory_mb']} MB",
            ]
            for name in names
        ]
        return markdown_table(["stage", "pictures a second", "peak memory"], rows)

    return view


def pairs(body: Body) -> str:
    """Show scans beside the model alone."""
    rows = [
        [
            PAIRS[each["mode"]],
            f"{each['alone']['images_per_s']:.3g}",
            f"{each['scan']['images_per_s']:.3g}",
            f"{each['ratio']:.2f} ({each['lowest']:.2f}-{each['highest']:.2f})",
            f"{each['alone']['processor_ms']:.0f} ms",
            f"{each['scan']['processor_ms']:.0f} ms",
        ]
        for each in body["pairs"]
    ]
    head = ["scan", "model alone, a second", "scan, a second", "ratio (lowest-highest turn)"]
    head += ["processor time, model", "processor time, scan"]
    return markdown_table(head, rows)


def workers(body: Body) -> str:
    """Show what workers add and cost."""
    rows = [
        [
            str(row["workers"]) if row["workers"] else "none",
            f"{row['start_s']:.1f} s",
            f"{row['images_per_s']:.3g}",
            f"{row['head_ms']:.0f} ms",
            f"{row['workers_ms']:.0f} ms",
            f"{row['cluster_ms']:.0f} ms",
            f"{row['head_mb']:,} MB",
            f"{row['worker_mb']:,} MB",
            f"{row['cluster_mb']:,} MB",
        ]
        for row in body["rows"]
    ]
    head = ["workers", "start", "pictures a second", "head, a picture", "workers, a picture"]
    head += ["Ray, a picture", "head", "each worker", "Ray"]
    return markdown_table(head, rows)


def large_scan(body: Body) -> str:
    """Show what was true of a large scan that was killed and resumed."""
    proof, plan = body["proof"], body["plan"]
    first, second = body["until_the_kill"], body["after_the_kill"]
    rows = [
        ["files in the tree", f"{plan['files']:,} ({body['tree_bytes'] / 1e9:.1f} GB)"],
        ["of them no pictures, left out", f"{plan['none']:,}"],
        ["lines of results, one a file", f"{proof['lines']:,}"],
        ["contents examined", f"{proof['examined']:,}"],
        ["copies, given the result of their content", f"{proof['duplicates']:,}"],
        ["broken files, each with its reason", f"{proof['failed']:,}"],
        ["examinations of a content, at most", f"{proof['most_examinations_of_a_content']}"],
        ["lines when it was killed, all kept", f"{proof['kept_from_before_the_kill']:,}"],
        [
            "near-duplicates planted, found",
            f"{proof['planted_alike']:,}, {proof['found_alike']:,}",
        ],
        ["memory of all processes, at most", f"{body['peak_memory_mb']:,.0f} MB"],
        ["time until the kill, after it", f"{_minutes(first)}, {_minutes(second)}"],
    ]
    return markdown_table(["killed with SIGKILL at a third, then run again", ""], rows)


def _minutes(run: Body) -> str:
    return f"{run['seconds'] / 60:.0f} min"


SPEED_VIEWS: dict[str, Callable[[Body], str]] = {
    "bench-full": bench("decode", "scan full", "scan no_explain"),
    "bench-triage": bench("scan triage"),
    "pairs": pairs,
    "workers": workers,
    "large-scan": large_scan,
}
"""What a mark may ask for about speed."""
