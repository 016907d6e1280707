"""Scans over two nodes of a Ray cluster on this machine, with the fake model."""

from __future__ import annotations

import json
import os
import threading
from functools import partial
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.errors import Cancelled, InputError, ModelError
from engine.job import Context, Examined, Started
from engine.scan import crew as crews
from engine.scan.crew import Crew, _Hand
from engine.scan_types import ScanRequest, Workers
from engine.types import Failure, FileFacts, Settings
from tests.fakes import FakeExaminer, fake_factory

RED, BLUE, GREY = (230, 20, 20), (20, 20, 230), (90, 90, 90)


LOST_SOON = {"health_check_period_ms": 500, "health_check_failure_threshold": 4}
"""A node that is gone counts as lost after two seconds instead of fifteen; one that is only slow
has ten seconds an answer, as usual."""


@pytest.fixture(scope="module")
def cluster():
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    os.environ["RAY_AUTH_MODE"] = "disabled"
    utils = pytest.importorskip("ray.cluster_utils", reason="Ray is not installed")
    import ray

    made = utils.Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 1, "include_dashboard": False, "_system_config": LOST_SOON},
    )
    made.add_node(num_cpus=1)
    ray.init(address=made.address, log_to_driver=False, logging_level="ERROR")
    yield made
    ray.shutdown()
    made.shutdown()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    for i in range(12):
        colour = (RED, BLUE, GREY)[i % 3]
        picture = Image.new("RGB", (96, 64), colour)
        picture.putpixel((0, 0), (i, i, i))  # other bytes, other hash
        picture.save(photos / f"{i:02}.png")
    (photos / "copy.png").write_bytes((photos / "05.png").read_bytes())
    (photos / "broken.png").write_bytes(b"no picture")
    return photos


def request(folder: Path, out: str, **changes) -> ScanRequest:
    return ScanRequest(paths=(str(folder),), out_dir=str(folder.parent / out), **changes)


def lines(folder: Path, out: str) -> list[dict]:
    text = (folder.parent / out / "results.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def told(record: dict) -> tuple:
    return tuple(record[key] for key in ("path", "sha256", "status", "verdict", "p_ai", "findings"))


def test_workers_give_the_same_results_in_the_same_order(cluster, folder):
    alone = api.scan(request(folder, "alone"), Context(), factory=fake_factory)
    spread = api.scan(
        request(folder, "spread", distributed="auto"), Context(), factory=fake_factory
    )
    assert (spread.done, spread.failed, spread.duplicates) == (
        alone.done,
        alone.failed,
        alone.duplicates,
    )
    assert spread.workers == Workers(asked=2)
    assert [told(r) for r in lines(folder, "spread")] == [told(r) for r in lines(folder, "alone")]
    maps = sorted(p.name for p in (folder.parent / "spread" / "heatmaps").iterdir())
    assert maps == sorted(p.name for p in (folder.parent / "alone" / "heatmaps").iterdir())


def test_a_scan_over_workers_goes_on_where_it_was(cluster, folder):
    asked = request(folder, "out", distributed="auto", workers=1)
    count = 0

    def listen(event):
        nonlocal count
        count += isinstance(event, Examined)
        if count == 5:
            ctx.cancel()

    ctx = Context(listen)
    with pytest.raises(Cancelled):
        api.scan(asked, ctx, factory=fake_factory)
    summary = api.scan(asked, Context(), factory=fake_factory)
    assert summary.skipped >= 4
    assert summary.skipped + summary.done + summary.failed == 14
    assert len({r["path"] for r in lines(folder, "out")}) == 14


def held_factory(gate: str, _model: str, _device: str, _triage: bool) -> FakeExaminer:
    """Models that finish nothing before a file is there, so that a node is lost amid the work."""

    def wait(_image: object) -> None:
        while not Path(gate).exists():
            threading.Event().wait(0.01)

    return FakeExaminer(before=wait)


def test_a_lost_nodes_pictures_are_done_elsewhere(cluster, folder, tmp_path):
    lost, gate = cluster.add_node(num_cpus=1), tmp_path / "gate"
    started = 0

    def listen(event):
        nonlocal started
        started += isinstance(event, Started)
        if started == 6 and lost in cluster.worker_nodes:
            # Five are handed out, two a worker at most: each has one.
            cluster.remove_node(lost, allow_graceful=False)
            gate.touch()

    summary = api.scan(
        request(folder, "out", distributed="auto", workers=3),
        Context(listen),
        factory=partial(held_factory, str(gate)),
    )
    assert lost not in cluster.worker_nodes
    cluster.wait_for_nodes(timeout=300)  # else the next scan may still count on the lost one
    assert (summary.done + summary.failed, summary.failed) == (14, 1)
    assert summary.workers.asked == 3
    assert [name.partition("/")[0] for name in summary.workers.lost] == [lost.node_id[:8]]
    api.scan(request(folder, "alone"), Context(), factory=fake_factory)
    assert [told(r) for r in lines(folder, "out")] == [told(r) for r in lines(folder, "alone")]


def broken_factory(*_key: object) -> FakeExaminer:
    raise ModelError("The pack 'mini' is not on this machine.")


def test_a_worker_without_its_model_says_so(cluster, folder):
    with pytest.raises(ModelError, match="pack 'mini' is not"):
        api.scan(
            request(folder, "out", distributed="auto", workers=1),
            Context(),
            factory=broken_factory,
        )


def odd_factory(_model: str, _device: str, _triage: bool) -> FakeExaminer:
    return FakeExaminer(sha256=f"{os.getpid():064x}")


def test_workers_with_different_weights_are_refused(cluster, folder):
    with pytest.raises(ModelError, match="different models"):
        api.scan(
            request(folder, "out", distributed="auto", workers=2), Context(), factory=odd_factory
        )


def test_a_case_takes_what_workers_found(cluster, folder, tmp_path):
    file = tmp_path / "a.residua-case"
    api.new_case(file, operator="Ada")
    with api.open_case(file, operator="Ada") as case:
        asked = ScanRequest(paths=(str(folder),), out_dir=None, distributed="auto", workers=1)
        summary = api.scan(asked, Context(), case=case, factory=fake_factory)
        contents = case.contents()
    assert summary.done == 13
    assert len(contents.examinations) >= 13


def test_no_worker_is_no_number(folder):
    with pytest.raises(InputError, match="at least 1"):
        api.scan(
            request(folder, "out", distributed="local", workers=0), Context(), factory=fake_factory
        )


class LostActor:
    """A worker that is gone whenever it is asked."""

    class examine:  # noqa: N801 - as Ray names it
        @staticmethod
        def remote(*_arguments):
            return "gone"


def test_a_file_over_which_workers_are_lost_is_given_up(monkeypatch):
    def gone(_reference, timeout):
        raise crews.RayActorError

    monkeypatch.setattr(crews.ray, "get", gone)
    crew = Crew(
        hands=[_Hand(name=str(i), actor=LostActor) for i in range(3)],
        info=FakeExaminer().info,
        settings=Settings(explain=False, triage=False),
    )
    found = crew.wait_for(crew.hand_out("a.png", "00"), Context())
    assert found.facts == FileFacts(path="a.png", sha256="00")
    assert isinstance(found.failure, Failure)
    assert found.failure.kind == "worker_lost"
    assert len(crew.hands) == 1


def test_when_nobody_is_left_the_scan_says_so(monkeypatch):
    crew = Crew(hands=[], info=FakeExaminer().info, settings=Settings(explain=False, triage=False))
    with pytest.raises(ModelError, match="Every worker was lost"):
        crew.hand_out("a.png", "00")


def test_a_worker_asks_for_a_gpu_while_its_machine_has_one_for_it():
    two = {"CPU": 8.0, "GPU": 2.0}
    assert [crews.gpus_of(two, place) for place in range(3)] == [1, 1, 0]
    assert crews.gpus_of({"CPU": 8.0}, 0) == 0


def test_equal_bytes_fall_to_the_same_worker():
    names = [f"n{i}" for i in range(4)]
    hands = [_Hand(name=name, actor=LostActor) for name in names]
    crew = Crew(
        hands=hands, info=FakeExaminer().info, settings=Settings(explain=False, triage=False)
    )
    chosen = [crew.hand_out("a.png", f"{i:02x}").hand.name for i in range(4)]
    for hand in hands:
        hand.busy = 0
    again = [crew.hand_out("b.png", f"{i:02x}").hand.name for i in range(4)]
    assert chosen == again
    assert len(set(chosen)) > 1


def test_workers_are_measured_beside_a_scan_without_them(cluster, folder):
    (folder / "copy.png").unlink()
    (folder / "broken.png").unlink()
    report = api.bench_crew(folder, limit=6, workers=(1,), ctx=Context(), factory=fake_factory)
    assert [row.workers for row in report.rows] == [0, 1]
    alone, spread = report.rows
    assert (alone.cluster_mb, alone.cluster_ms) == (0, 0)
    assert spread.worker_mb > 10
    assert spread.images_per_s > 0
    assert report.images == 6
