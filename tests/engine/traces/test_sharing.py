"""What one method finds and another builds on: computed once, the same, and stopped alone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from engine.errors import Cancelled
from engine.trace_types import Trace
from engine.traces import derived, dq
from engine.traces.made import Method
from engine.traces.subject import Subject
from engine.traces.tracing import traced
from tests.engine.traces import planting as plant
from tests.engine.traces.test_edited import composite, lossless

PATIENCE_S = 20
METHOD = Method(name="trace.test", version="1", source="nowhere")
FOUND = traced(METHOD.derived(1.0, "It was computed."))


def stop() -> None:
    raise Cancelled("The operator stopped it.")


def subjects():
    """Give the same picture again and again, as JPEG and without loss."""
    data = plant.jpeg(composite(0), 92)
    return (lambda: plant.of_bytes(data)), (lambda: lossless(composite(1)))


@pytest.mark.parametrize("make", subjects(), ids=["jpeg", "lossless"])
def test_methods_that_share_find_what_each_finds_alone(make):
    together = derived.run(make(), plant.nothing, derived.named(["edited", "dq", "lattice"]))
    for trace in together:
        (alone,) = derived.run(make(), plant.nothing, derived.named([trace.finding.analyser]))
        assert told(trace) == told(alone)
        assert (trace.heatmap is None) == (alone.heatmap is None)
        if trace.heatmap is not None:
            assert np.array_equal(trace.heatmap.cells, alone.heatmap.cells)
            assert np.array_equal(trace.heatmap.valid, alone.heatmap.valid)


def told(trace: Trace) -> tuple:
    finding = trace.finding
    return finding.status, finding.value, finding.reason, finding.regions, trace.parameters


def test_what_is_shared_is_computed_once():
    subject = plant.of_bytes(plant.jpeg(composite(0), 92))
    first = dq.find(subject, plant.nothing)
    assert dq.find(subject, plant.nothing) is first
    assert dq.find(plant.of_bytes(plant.jpeg(composite(0), 92)), plant.nothing) is not first


def test_who_waits_for_another_method_can_be_stopped():
    subject, begun, go_on = Subject(plant.photograph()), threading.Event(), threading.Event()

    def slow(_subject, _check) -> Trace:
        begun.set()
        assert go_on.wait(PATIENCE_S)
        return FOUND

    with ThreadPoolExecutor(1) as threads:
        computing = threads.submit(subject.shared, "trace.test", slow, plant.nothing)
        try:
            assert begun.wait(PATIENCE_S)
            with pytest.raises(Cancelled):
                subject.shared("trace.test", slow, stop)
        finally:
            go_on.set()
        assert computing.result(PATIENCE_S) is FOUND


def test_what_stopped_one_method_stops_no_other():
    subject = Subject(plant.photograph())

    def find(_subject, check) -> Trace:
        check()
        return FOUND

    with pytest.raises(Cancelled):
        subject.shared("trace.test", find, stop)
    assert subject.shared("trace.test", find, plant.nothing) is FOUND
