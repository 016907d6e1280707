from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, InputError
from engine.scan.explaining import explained
from engine.types import Outcome, Region, Status
from engine.vrm import artifact
from engine.vrm.mini_examiner import MiniExaminer, cells_under
from engine.vrm.readouts import MIN_SIDE_PX
from tests.engine.vrm.tiny_mini import as_picture, info, picture, readings, trained_mini

pytestmark = pytest.mark.usefixtures("one_thread")

IDS = ["M1", "M2", "M3", "M4", "M5", "M6"]


@pytest.fixture(scope="module")
def mini(tiny_base):
    """The mini with every own weight moved; never changed by a test."""
    return trained_mini(tiny_base)


def examiner(mini):
    return MiniExaminer(mini, readings(), info())


def examined(mini, image, *, explain=False, on_text=lambda _: None, check=lambda: None):
    reading = examiner(mini).examine(image, explain=explain, on_text=on_text, check=check)
    if not explain:
        return reading
    size = image.pixels.shape[:2]
    return explained(reading, (), size, on_text=on_text, check=check)


def test_each_log_odds_says_whether_p_is_calculated_from_it(mini):
    reading = examined(mini, picture(64, 64))
    ground = {
        each.analyser.removeprefix("vrm.")
        for each in reading.findings
        if each.reason.endswith("p is calculated from it.")
    }
    assert ground == set(readings().full.weights)


@pytest.mark.parametrize(("height", "width"), [(40, 40), (600, 90), (97, 333)])
def test_a_reading_is_complete_whatever_the_size(mini, height, width):
    text = []
    reading = examined(mini, picture(height, width), explain=True, on_text=text.append)
    verdict, heatmap = reading.verdict, reading.heatmap
    assert 0 <= verdict.p_ai <= 1
    assert verdict.in_validated_range
    outs = verdict.read_outs
    assert all(np.isfinite([outs.both, outs.semantic, outs.artifact]))
    assert reading.condition.megapixels == pytest.approx(height * width / 1e6)
    rows, cols = heatmap.cells.shape
    assert heatmap.valid.shape == (rows, cols) == (round(height / 16), round(width / 16))
    assert heatmap.cell_px == (height / rows, width / cols)
    assert heatmap.valid.all()
    assert np.all((heatmap.cells >= 0) & (heatmap.cells <= 1))
    assert [f.id for f in reading.findings] == IDS
    assert all(f.status is Status.INFERRED and f.reason and f.source for f in reading.findings)
    boxes = [r for f in reading.findings for r in f.regions]
    boxes += [r for s in reading.explanation for r in s.regions]
    for box in boxes:
        assert box.x >= 0
        assert box.y >= 0
        assert box.x + box.w <= width
        assert box.y + box.h <= height
    assert all(set(s.cites) <= set(IDS) for s in reading.explanation)
    assert len(reading.explanation) >= 2
    assert reading.dropped_sentences == 0
    assert "".join(text).strip()
    elapsed = reading.elapsed
    assert min(elapsed.artifact, elapsed.semantic, elapsed.language) > 0


@pytest.mark.parametrize(("height", "width"), [(33, 5000), (5000, 33)])
def test_a_strip_is_examined(mini, height, width):
    reading = examined(mini, picture(height, width))
    assert reading.heatmap.cells.shape == ((1, 62) if width > height else (62, 1))
    assert reading.verdict.in_validated_range


@pytest.mark.parametrize(("height", "width"), [(31, 500), (500, 31), (1, 1)])
def test_a_picture_below_the_least_size_is_refused(mini, height, width):
    with pytest.raises(InputError, match=f"{width} x {height} px") as caught:
        examined(mini, picture(height, width))
    assert caught.value.kind == "too_small"


def test_the_least_size_is_examined(mini):
    assert examined(mini, picture(32, 32)).heatmap.cells.shape == (2, 2)


def test_findings_and_probability_follow_from_the_read_outs(mini):
    reading = examined(mini, picture(64, 64))
    values = {f.analyser: f.value for f in reading.findings}
    outs = reading.verdict.read_outs
    assert values["vrm.both"] == pytest.approx(outs.both, abs=1e-4)
    assert values["vrm.semantic"] == pytest.approx(outs.semantic, abs=1e-4)
    assert values["vrm.artifact"] == pytest.approx(outs.artifact, abs=1e-4)
    z = 0.1 + 0.5 * outs.both + 0.3 * outs.artifact + 0.2 * values["vrm.residual"]
    assert reading.verdict.p_ai == pytest.approx(1 / (1 + np.exp(-z)), abs=1e-4)
    assert values["vrm.heatmap"] == pytest.approx(float(reading.heatmap.cells.max()), abs=1e-4)


def test_the_injection_is_what_parts_both_from_semantic(mini):
    outs = examined(mini, picture(64, 64)).verdict.read_outs
    assert abs(outs.both - outs.semantic) > 1e-4


def test_the_same_picture_gets_the_same_reading(mini):
    first, again = (examined(mini, picture(64, 100), explain=True) for _ in range(2))
    assert first.verdict == again.verdict
    assert first.findings == again.findings
    assert first.explanation == again.explanation


def test_without_explanation_nothing_is_written(mini):
    text = []
    reading = examined(mini, picture(64, 64), on_text=text.append)
    assert reading.explanation == ()
    assert reading.writer is None
    assert text == []
    assert reading.elapsed.language == 0


def test_a_flat_picture_has_no_evidence_and_no_places(mini):
    image = as_picture(np.full((96, 128, 3), 120, np.uint8))
    reading = examined(mini, image, explain=True)
    assert not reading.heatmap.valid.any()
    of_map = reading.findings[4]
    assert (of_map.id, of_map.status, of_map.value, of_map.regions) == (
        "M5",
        Status.NOT_AVAILABLE,
        None,
        (),
    )
    assert all("M5" not in s.cites for s in reading.explanation)
    assert np.isfinite(reading.verdict.p_ai)


def test_outside_the_validated_range_nothing_is_concluded(mini):
    reading = examined(mini, picture(64, 64, quality=20))
    assert reading.verdict.outcome is Outcome.INCONCLUSIVE
    assert not reading.verdict.in_validated_range
    assert reading.condition.jpeg_quality == 20


def test_of_a_large_picture_unseen_cells_are_not_judged(mini, monkeypatch):
    monkeypatch.setattr(artifact, "MAX_COVERED_MEGAPIXELS", 0.08)
    monkeypatch.setattr(artifact, "SPREAD_WINDOW_PX", 96)
    image = picture(400, 640)
    seen = examiner(mini).look(image)
    reading = examined(mini, image)
    assert 0.1 < seen.looked_at.mean() < 0.6
    assert np.array_equal(reading.heatmap.valid, seen.looked_at)
    with torch.inference_mode():
        cells, looked_at = artifact.cells_of_picture(mini.residual, image.pixels)
        expected = mini.residual.logit(cells[None, :, looked_at][..., None])
    assert seen.log_odds["residual"] == pytest.approx(float(expected), rel=1e-5)


def testcells_under_a_view_are_those_of_its_pixels():
    cells = torch.zeros(1, 14, 28)
    cells[0, 4, 20] = 1.0
    under = cells_under(cells, Region(x=224, y=0, w=224, h=224))
    assert under.shape == (1, 1, 7, 7)
    assert int(under.argmax()) == 2 * 7 + 3
    assert float(cells_under(cells, Region(x=0, y=0, w=224, h=224)).abs().max()) == 0


@pytest.mark.parametrize(
    ("height", "width", "box"),
    [(33, 5000, Region(x=4967, y=0, w=33, h=33)), (32, 47, Region(x=15, y=0, w=32, h=32))],
)
def test_the_last_view_hascells_under_it(height, width, box):
    cells = torch.ones(2, height // 16, width // 16)
    assert torch.equal(cells_under(cells, box), torch.ones(1, 2, 7, 7))


def test_a_planted_hot_place_is_where_the_map_is_hot(mini, monkeypatch):
    look = MiniExaminer.look

    def planted(self, image):
        seen = look(self, image)
        (contrast,) = seen.contrasts
        contrast[:] = -9.0
        contrast[4:10, 6:12] = 9.0  # 192 px in 14 patches: x 82 to 165, y 55 to 137
        return seen

    monkeypatch.setattr(MiniExaminer, "look", planted)
    reading = examined(mini, picture(192, 192))
    (region,) = reading.findings[4].regions
    assert abs(region.x - 82) <= 8
    assert abs(region.x + region.w - 165) <= 8
    assert abs(region.y - 55) <= 8
    assert abs(region.y + region.h - 137) <= 8


@pytest.mark.parametrize("stop_at", [1, 2, 3, 6])
def test_cancelling_leaves_the_model_as_it_was(mini, stop_at):
    image = picture(48, 48)
    before = examined(mini, image).verdict
    calls = []

    def check():
        calls.append(None)
        if len(calls) == stop_at:
            raise Cancelled("stopped")

    with pytest.raises(Cancelled):
        examined(mini, image, explain=True, check=check)
    assert len(calls) == stop_at
    assert not mini.injection.is_open
    assert examined(mini, image).verdict == before


def test_log_odds_are_those_the_reading_is_made_of(mini):
    image = picture(64, 100)
    log_odds = examiner(mini).log_odds(image)
    outs = examined(mini, image).verdict.read_outs
    assert sorted(log_odds) == ["artifact", "both", "probe", "residual", "semantic"]
    assert log_odds["both"] == outs.both
    assert log_odds["artifact"] == outs.artifact


def test_the_examiner_says_which_weights_it_has(mini):
    assert examiner(mini).info == info()
    assert MIN_SIDE_PX == 32
