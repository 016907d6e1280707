"""Tables of speed say what the benches measured."""

from __future__ import annotations

from engine.training.speed_tables import SPEED_VIEWS

SIDE = {"images_per_s": 2.0, "processor_ms": 480.0}
PAIR = {
    "mode": "triage",
    "alone": SIDE,
    "scan": {"images_per_s": 1.8, "processor_ms": 520.4},
    "ratio": 0.9,
    "lowest": 0.85,
    "highest": 0.96,
}
ROW = {
    "workers": 0,
    "start_s": 1.25,
    "images_per_s": 12.0,
    "head_ms": 60.0,
    "workers_ms": 9.0,
    "cluster_ms": 0.0,
    "head_mb": 300,
    "worker_mb": 90,
    "cluster_mb": 0,
}


def test_a_scan_stands_beside_the_model_alone():
    shown = SPEED_VIEWS["pairs"]({"pairs": [PAIR]})
    assert "| `--triage` | 2 | 1.8 | 0.90 (0.85-0.96) | 480 ms | 520 ms |" in shown


def test_workers_stand_beside_a_scan_without_them():
    shown = SPEED_VIEWS["workers"]({"rows": [ROW, {**ROW, "workers": 2, "cluster_mb": 1234}]})
    assert "| none | 1.2 s | 12 | 60 ms | 9 ms | 0 ms | 300 MB | 90 MB | 0 MB |" in shown
    assert "| 2 | 1.2 s | 12 | 60 ms | 9 ms | 0 ms | 300 MB | 90 MB | 1,234 MB |" in shown


def test_a_large_scan_shows_that_nothing_was_lost_or_done_twice():
    body = {
        "plan": {"files": 1000, "none": 3},
        "tree_bytes": 2_000_000_000,
        "peak_memory_mb": 321.4,
        "until_the_kill": {"seconds": 600.0},
        "after_the_kill": {"seconds": 1260.0},
        "proof": {
            "lines": 997,
            "examined": 497,
            "duplicates": 497,
            "failed": 3,
            "most_examinations_of_a_content": 1,
            "kept_from_before_the_kill": 333,
            "planted_alike": 9,
            "found_alike": 8,
        },
    }
    shown = SPEED_VIEWS["large-scan"](body)
    assert "| files in the tree | 1,000 (2.0 GB) |" in shown
    assert "| lines when it was killed, all kept | 333 |" in shown
    assert "| near-duplicates planted, found | 9, 8 |" in shown
    assert "| time until the kill, after it | 10 min, 21 min |" in shown
