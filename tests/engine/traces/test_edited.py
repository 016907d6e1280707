"""Parts that lack the picture's earlier compression are found; pictures saved twice stay quiet."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.traces import dq, edited, lattice
from engine.traces.subject import Subject
from engine.types import Extent, Finding, HeatMap, Locality, Region, Status
from engine.vrm.locality import combined
from tests.engine.traces import planting as plant

PLACE = Region(x=240, y=160, w=176, h=128)


def composite(seed: int):
    """Return a picture that was a JPEG of 75, with a part that never was one."""
    fresh = plant.photograph(seed=seed + 20)
    return plant.pasted(plant.reread(plant.photograph(seed=seed), 75), fresh, PLACE)


def lossless(pixels) -> Subject:
    return Subject(np.ascontiguousarray(pixels))


@pytest.mark.parametrize("quality", [90, 95])
def test_a_part_put_into_a_jpeg_is_found(quality):
    subject = plant.of_bytes(plant.jpeg(composite(0), quality))
    trace = edited.find(subject, plant.nothing)
    assert trace.finding.value >= edited.weighings()[dq.METHOD.name].threshold
    assert plant.overlap(trace.finding.regions, PLACE) > 0.5


def test_a_part_put_into_a_picture_kept_without_loss_is_found():
    trace = edited.find(lossless(composite(1)), plant.nothing)
    assert plant.overlap(trace.finding.regions, PLACE) > 0.6


def test_a_part_below_the_threshold_has_its_weight_and_no_place(monkeypatch):
    subject = plant.of_bytes(plant.jpeg(composite(0), 90))
    found = edited.find(subject, plant.nothing).finding
    weighing = edited.weighings()[dq.METHOD.name]
    stricter = {dq.METHOD.name: replace(weighing, threshold=found.value + 0.01)}
    monkeypatch.setattr(edited, "weighings", lambda: stricter)
    below = edited.find(subject, plant.nothing).finding
    assert (below.value, below.regions) == (found.value, ())


@pytest.mark.parametrize("seed", [0, 1, 2])
@pytest.mark.parametrize("quality", [None, 92])
def test_a_picture_that_was_only_saved_again_is_quiet(seed, quality):
    once = plant.reread(plant.photograph(seed=seed), 75)
    subject = lossless(once) if quality is None else plant.of_bytes(plant.jpeg(once, quality))
    trace = edited.find(subject, plant.nothing)
    assert trace.finding.status is Status.DERIVED
    assert trace.finding.regions == ()


def test_without_an_earlier_compression_nothing_can_lack_it():
    for subject in (lossless(plant.photograph()), plant.of_bytes(plant.jpeg(plant.photograph()))):
        trace = edited.find(subject, plant.nothing)
        assert trace.finding.value == "none"
        assert trace.finding.regions == ()


def test_small_pictures_are_declined():
    small = np.random.default_rng(0).integers(0, 256, (64, 90, 3), dtype=np.uint8)
    assert edited.find(lossless(small), plant.nothing).finding.status is Status.NOT_AVAILABLE


def test_the_steps_of_a_decoded_jpeg_are_read():
    subject = lossless(plant.reread(plant.photograph(seed=3), 75))
    values = lattice.coefficients(subject.luma, plant.nothing)
    found = {lattice.FREQUENCIES[s.index]: s.step for s in lattice.steps(values, plant.nothing)}
    # Luminance steps of quality 75, row by row: first row 8 6 5 8, then 6 6 7.
    expected = {1: 6, 8: 6, 2: 5, 9: 6, 10: 7, 3: 8}
    told = {place: found[place] for place in expected if place in found}
    assert len(told) >= 4
    assert all(found[place] == step for place, step in expected.items() if place in told)


def test_a_picture_that_never_was_a_jpeg_has_no_steps():
    values = lattice.coefficients(lossless(plant.photograph()).luma, plant.nothing)
    assert lattice.steps(values, plant.nothing) == ()


def test_lattices_are_not_looked_for_in_a_jpeg():
    trace = lattice.find(plant.of_bytes(plant.jpeg(plant.photograph())), plant.nothing)
    assert trace.finding.status is Status.NOT_AVAILABLE


def test_scattered_cells_are_no_part():
    cells = np.zeros((40, 60), np.float32)
    cells[::4, ::4] = 1
    heatmap = HeatMap(
        cells=cells, valid=np.ones(cells.shape, bool), cell_px=(8.0, 8.0), method="test"
    )
    assert edited.largest(heatmap) is None


def a_finding(*regions: Region, status=Status.DERIVED) -> Finding:
    return Finding(
        id="T1", analyser="trace.edited", version="1", status=status, value=2.0,
        regions=regions, reason="why",
    )  # fmt: skip


def test_the_trace_decides_that_a_part_was_edited():
    own = Locality(extent=Extent.UNDECIDED, score=0.1, reason="")
    found = combined(own, [a_finding(PLACE)])
    assert found == Locality(extent=Extent.LOCAL, regions=(PLACE,), score=2.0, reason="why")


@pytest.mark.parametrize("findings", [[], [a_finding()], [a_finding(PLACE, status=Status.FAILED)]])
def test_without_a_place_the_model_s_own_answer_stays(findings):
    own = Locality(extent=Extent.UNDECIDED, score=0.1, reason="")
    assert combined(own, findings) is own
