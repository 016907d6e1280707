"""The framework of derived traces: what methods are given, and what becomes of their results."""

from __future__ import annotations

import os
from io import BytesIO

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.errors import Cancelled, InputError
from engine.images.decoder import Decoder
from engine.images.reading import read_exhibit
from engine.job import Context, Progress
from engine.traces import derived
from engine.traces.coefficients import measure, parse
from engine.traces.dct import coefficients
from engine.traces.made import Method
from engine.traces.subject import Subject
from engine.traces.tracing import Tracing, heat, traced
from engine.traces.turning import stored, upright, upright_region
from engine.types import Region, Status
from tests.engine.traces import planting as plant

METHOD = Method(name="trace.test", version="1", source="nowhere")


def tracing(find) -> Tracing:
    return Tracing(
        method=METHOD,
        title="Test",
        principle="",
        limits="",
        parameters=(("side", "1"),),
        find=find,
    )


def with_orientation(pixels, orientation: int) -> bytes:
    out, exif = BytesIO(), Image.Exif()
    exif[0x0112] = orientation
    Image.fromarray(pixels).save(out, "JPEG", quality=90, exif=exif)
    return out.getvalue()


def crash(_data, _decoded):
    os._exit(3)


def test_the_luma_of_a_jpeg_is_what_its_decoder_shows():
    data = plant.jpeg(plant.photograph(117, 203))
    picture = Image.open(BytesIO(data))
    picture.draft("YCbCr", picture.size)
    shown = np.asarray(picture)[..., 0].astype(int)
    luma = plant.of_bytes(data).luma
    assert luma.shape == shown.shape
    assert np.abs(luma - shown).max() <= 1
    assert (luma == shown).mean() > 0.97


def test_coefficients_times_table_are_the_transform_of_the_luma():
    picture = plant.of_bytes(plant.jpeg(plant.photograph(128, 160), 60))
    again = coefficients(picture.luma) / picture.jpeg.table
    assert np.array_equal(np.rint(again), picture.jpeg.luma)


@pytest.mark.parametrize("options", [{"progressive": True}, {"subsampling": 0}, {"optimize": True}])
def test_every_kind_of_huffman_jpeg_gives_the_same_luminance_coefficients(options):
    pixels = plant.photograph(120, 136)
    plain = plant.of_bytes(plant.jpeg(pixels))
    assert np.array_equal(plant.of_bytes(plant.jpeg(pixels, **options)).jpeg.luma, plain.jpeg.luma)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_regions_and_maps_are_told_upright_whatever_the_orientation(tmp_path, orientation):
    height, width = 96, 160
    pixels = np.full((height, width, 3), 90, dtype=np.uint8)
    pixels[8:24, 16:56] = 230
    file = tmp_path / "turned.jpg"
    file.write_bytes(with_orientation(pixels, orientation))

    def bright(subject, _check):
        cells = subject.luma.reshape(12, 8, 20, 8).mean(axis=(1, 3)) / 255
        found = METHOD.derived(1.0, "", regions=(Region(x=16, y=8, w=40, h=16),))
        return traced(found, heatmap=heat(cells, cells > 0, subject, "brightness"))

    with Decoder(measure=measure) as decoder:
        inspected = decoder.inspected(read_exhibit(str(file)))
    subject = derived.subject(inspected)
    assert subject.pixels.shape == pixels.shape
    (trace,) = derived.run(subject, plant.nothing, [tracing(bright)])
    (box,) = trace.finding.regions
    shown = inspected.image.pixels[box.y : box.y + box.h, box.x : box.x + box.w]
    assert (box.w, box.h) == ((16, 40) if orientation >= 5 else (40, 16))
    assert shown.min() > 200
    assert inspected.image.pixels[..., 0].astype(int).sum() - shown[..., 0].astype(int).sum() < (
        (height * width - 640) * 95
    )
    hot = np.argwhere(trace.heatmap.cells > 0.7)
    (top, left), cell = hot.min(axis=0), trace.heatmap.cell_px
    assert (top * cell[0], left * cell[1]) == (box.y, box.x)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_turning_back_undoes_turning(orientation):
    array = np.arange(24).reshape(4, 6)
    assert np.array_equal(stored(upright(array, orientation), orientation), array)
    box = upright_region(Region(x=1, y=2, w=3, h=1), orientation, 4, 6)
    turned = upright(array, orientation)[box.y : box.y + box.h, box.x : box.x + box.w]
    assert set(turned.ravel()) == set(array[2:3, 1:4].ravel())


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda data: data[: len(data) // 2], None),
        (lambda data: data.replace(b"\xff\xc0", b"\xff\xc9", 1), "arithmetic"),
        (lambda data: data.replace(b"\xff\xda", b"\xff\xd9", 1), "no scan"),
        (lambda data: b"\xff\xd8\xff\xd9", "no frame"),
        (lambda data: b"GIF89a", "start-of-image"),
    ],
)
def test_a_damaged_jpeg_gives_coefficients_or_the_reason_why_not(damage, said):
    data = plant.jpeg(plant.photograph(96, 96))

    class Shown:
        format = "JPEG"

    found = parse(measure(damage(data), Shown()), (96, 96))
    assert (found.luma.any() and said is None) if said is None else said in found


def test_a_second_frame_cannot_make_the_reader_write_beyond_its_arrays(tmp_path):
    data = plant.jpeg(plant.photograph(96, 96))
    at = data.index(b"\xff\xc0")
    larger = data[at : at + 5] + b"\x40\x00\x40\x00" + data[at + 9 : at + 19]
    file = tmp_path / "two.jpg"
    file.write_bytes(data[: len(data) // 2] + larger + data[len(data) // 2 :])
    with Decoder(measure=measure) as decoder:
        try:
            subject = derived.subject(decoder.inspected(read_exhibit(str(file))))
        except InputError:
            return
    assert subject.jpeg is None or subject.jpeg.luma.shape == (12, 12, 8, 8)


@pytest.mark.parametrize(
    "report",
    [b"", b"[]\n", b"{}\n", b'{"why": 3}\n', b"\xff\xfe\n", b'{"height": 8, "width": 8}\n'],
)
def test_an_answer_of_the_child_that_makes_no_sense_is_a_reason(report):
    assert isinstance(parse(report, (8, 8)), str)


def test_coefficients_of_another_size_are_refused():
    data = plant.jpeg(plant.photograph(96, 96))

    class Shown:
        format = "JPEG"

    assert "do not fit" in parse(measure(data, Shown()), (96, 104))


def test_a_measurement_that_breaks_down_costs_only_the_coefficients(tmp_path):
    from engine.traces.inspection import findings, inspect

    file = tmp_path / "photo.jpg"
    file.write_bytes(plant.jpeg(plant.photograph(96, 96)))
    with Decoder(inspect=inspect, measure=crash) as decoder:
        inspected = decoder.inspected(read_exhibit(str(file)))
        assert findings(inspected, file.read_bytes())[0].status is Status.OBSERVED
        assert "broke down" in derived.subject(inspected).no_jpeg
        assert decoder.inspected(read_exhibit(str(file))).image.pixels.shape == (96, 96, 3)


def test_a_method_that_fails_is_a_failed_finding_and_the_others_go_on():
    def fail(_subject, _check):
        raise ValueError("no such thing")

    def work(_subject, _check):
        return traced(METHOD.derived(3.0, "seen"))

    subject = Subject(plant.photograph(64, 64))
    bad, good = derived.run(subject, plant.nothing, [tracing(fail), tracing(work)])
    assert (bad.finding.status, bad.finding.id) == (Status.FAILED, "T1")
    assert "no such thing" in bad.finding.reason
    assert (good.finding.value, good.finding.id) == (3.0, "T2")
    assert good.parameters == (("side", "1"),)


def test_a_method_that_takes_too_long_is_a_failed_finding():
    def forever(_subject, check):
        while True:
            check()

    (trace,) = derived.run(
        Subject(plant.photograph(64, 64)), plant.nothing, [tracing(forever)], limit_s=0.01
    )
    assert trace.finding.status is Status.FAILED
    assert "longer than 0.01 s" in trace.finding.reason


def test_a_picture_too_large_to_trace_is_not_available(monkeypatch):
    monkeypatch.setattr(derived, "MAX_PIXELS", 1000)
    (trace,) = derived.run(Subject(plant.photograph(64, 64)), plant.nothing, [tracing(None)])
    assert trace.finding.status is Status.NOT_AVAILABLE


def test_masks_tell_saturated_and_flat_cells():
    pixels = plant.photograph(64, 96)
    pixels[:32, :32], pixels[32:, :32] = 255, 128
    subject = Subject(pixels)
    assert subject.saturated(16)[:2, :2].all() and not subject.saturated(16)[:, 2:].any()
    assert subject.flat(16)[:, :2].all() and not subject.flat(16)[:, 2:].any()
    assert not subject.judgeable(16)[:, :2].any()


def test_the_same_file_gives_the_same_traces_through_the_door(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(plant.jpeg(plant.photograph()))
    events = []
    first = api.trace(str(file), None, Context(events.append))
    second = api.trace(str(file), None, Context())
    assert [t.finding for t in first] == [t.finding for t in second]
    assert [t.finding.analyser for t in first] == [t.name for t in api.tracers()]
    assert sum(isinstance(event, Progress) for event in events) == len(first) + 1
    for a, b in zip(first, second, strict=True):
        assert (a.heatmap is None) == (b.heatmap is None)
        if a.heatmap is not None:
            assert np.array_equal(a.heatmap.cells, b.heatmap.cells)


def test_methods_are_asked_for_by_name(tmp_path):
    file = tmp_path / "photo.png"
    Image.fromarray(plant.photograph(96, 96)).save(file)
    (trace,) = api.trace(str(file), ("ela",), Context())
    assert trace.finding.analyser == "trace.ela"
    with pytest.raises(InputError, match="no method 'tea leaves'"):
        api.trace(str(file), ("tea leaves",), Context())


def test_tracing_stops_when_the_operator_says_so(tmp_path):
    file = tmp_path / "photo.png"
    Image.fromarray(plant.photograph(96, 96)).save(file)
    ctx = Context()
    ctx.cancel()
    with pytest.raises(Cancelled):
        api.trace(str(file), None, ctx)


@pytest.mark.parametrize("described", api.tracers(), ids=lambda each: each.name)
def test_every_method_tells_its_paper_its_parameters_and_its_limits(described):
    assert described.name.startswith("trace.")
    for text in (described.title, described.version, described.principle, described.limits):
        assert text
    assert any(character.isdigit() for character in described.source), "a paper has a year"
    assert described.parameters
