"""Scans into a case, taking in, checking and running again, with the fake model."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.case_types import ExhibitState, Held
from engine.errors import Cancelled, InputError, StoreError
from engine.job import Context, Examined
from engine.scan_types import ScanRequest
from tests.fakes import FakeExaminer, fake_factory

RED, BLUE = (230, 20, 20), (20, 20, 230)


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), RED).save(folder / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    return folder


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "case.residua"
    api.new_case(file, operator="Ana")
    return file


def scan(case, *paths: Path, out: Path | None = None, factory=fake_factory, listener=None, **how):
    request = ScanRequest(
        paths=tuple(map(str, paths)), out_dir=None if out is None else str(out), **how
    )
    return api.scan(request, Context(listener), case=case, factory=factory)


def test_a_scan_takes_its_files_in_and_keeps_results_and_heat_maps(file, photos):
    with api.open_case(file, operator="Ana") as case:
        summary = scan(case, photos)
        contents = case.contents()
        assert (summary.done, summary.failed) == (2, 0)
        assert [each.name for each in contents.exhibits] == ["a.png", "b.png"]
        assert [each.examination.verdict.outcome for each in contents.newest()] == ["ai", "real"]
        assert all(case.heatmap(each) is not None for each in contents.examinations)
        assert contents.log_check.ok
    actions = [entry.action for entry in contents.log]
    assert actions == [
        "case.new", "scan.begin", "exhibit.add", "examination.add", "exhibit.add",
        "examination.add", "scan.end",
    ]  # fmt: skip
    recipe = contents.examinations[0].recipe
    assert recipe is not None
    assert recipe.parameters == (
        ("explain", "true"),
        ("traces", "true"),
        ("triage", "false"),
    )
    assert recipe.weights_sha256 == FakeExaminer().info.sha256
    assert dict(recipe.libraries)["numpy"]


def test_a_scan_goes_on_where_it_was_stopped(file, photos):
    ctx = Context()

    def stop_after_one(event: object) -> None:
        if isinstance(event, Examined):
            ctx.cancel()

    ctx._listener = stop_after_one
    with api.open_case(file, operator="Ana") as case:
        with pytest.raises(Cancelled):
            api.scan(
                ScanRequest(paths=(str(photos),), out_dir=None), ctx, case=case,
                factory=fake_factory,
            )  # fmt: skip
        assert len(case.examinations()) == 1
        assert case.log()[-1].action == "scan.stopped"
    with api.open_case(file, operator="Ana") as case:
        summary = scan(case, photos)
        assert (summary.done, summary.skipped) == (1, 1)
        assert len(case.examinations()) == 2


def test_results_go_into_a_folder_as_well_when_one_is_named(file, photos, tmp_path):
    out = tmp_path / "out"
    with api.open_case(file, operator="Ana") as case:
        scan(case, photos, out=out)
        kept = [each.examination for each in case.examinations()]
    assert [each.verdict for each in api.results(out)] == [each.verdict for each in kept]
    assert all(api.heatmap(out, each) is not None for each in api.results(out))


def test_a_failed_file_is_kept_once_however_often_it_is_scanned(file, photos):
    (photos / "c.jpg").write_text("no picture")
    with api.open_case(file, operator="Ana") as case:
        for _ in range(2):
            assert scan(case, photos).failed == 1
        assert len(case.examinations()) == 3
        failed = case.examinations()[2]
        assert failed.exhibit == 3
        assert failed.recipe is None


def test_without_paths_the_exhibits_are_examined_from_their_working_copies(file, photos):
    with api.open_case(file, operator="Ana") as case:
        with pytest.raises(InputError, match="no exhibits"):
            scan(case)
        api.add_to_case(case, (str(photos),), Context(), copy=True, source="a stick")
        shutil.rmtree(photos)
        assert scan(case).done == 2
        contents = case.contents()
        assert [each.exhibit for each in contents.examinations] == [1, 2]
        assert len(contents.exhibits) == 2
        assert scan(case).skipped == 2


def test_a_changed_exhibit_is_refused_instead_of_examined_as_if_it_were_the_same(file, photos):
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos / "a.png"),), Context())
        Image.new("RGB", (96, 64), BLUE).save(photos / "a.png")
        assert scan(case).failed == 1
        (failed,) = case.examinations()
        assert failed.exhibit == 1
        assert failed.examination.failure.kind == "changed"
        assert failed.examination.verdict is None
        # Named by its path it is another exhibit, and the first one stays as it was taken in.
        assert scan(case, photos / "a.png").done == 1
        assert [each.number for each in case.exhibits()] == [1, 2]
        states = [each.state for each in api.check_case_exhibits(case, Context())]
        assert states == [ExhibitState.CHANGED, ExhibitState.PRESENT]


def test_taking_in_tells_of_each_file_and_goes_on_after_a_failure(file, photos):
    with api.open_case(file, operator="Ana") as case:
        taken = api.add_to_case(
            case, (str(photos / "none.png"), str(photos)), Context(), source="a stick"
        )
        assert [each.exhibit is not None for each in taken] == [False, True, True]
        assert taken[0].failure.kind == "not_found"
        again = api.add_to_case(case, (str(photos),), Context())
        assert [each.new for each in again] == [False, False]
        assert [each.source for each in case.exhibits()] == ["a stick", "a stick"]


def test_copies_of_the_case_are_not_taken_in_again(file, photos):
    with api.open_case(file, operator="Ana") as case:
        api.add_to_case(case, (str(photos),), Context(), copy=True)
        api.add_to_case(case, (str(file.parent),), Context(), copy=True)
        assert [each.held for each in case.exhibits()] == [Held.COPY, Held.COPY]


def test_a_case_that_can_only_be_read_is_refused_before_a_model_is_loaded(file, photos):
    def factory(*_key: object) -> FakeExaminer:
        pytest.fail("The model was loaded.")

    with api.open_case(file, writable=False) as case:
        with pytest.raises(StoreError, match="can only be read"):
            scan(case, photos, factory=factory)
        with pytest.raises(StoreError, match="can only be read"):
            api.add_to_case(case, (str(photos),), Context())


def rechecked(file: Path, *numbers: int, factory=fake_factory):
    with (
        api.open_case(file, operator="Ana") as case,
        api.Engine(factory=factory) as engine,
    ):
        return engine.recheck(case, numbers, Context())


def test_an_examination_run_again_agrees_and_that_is_logged(file, photos):
    with api.open_case(file, operator="Ana") as case:
        scan(case, photos)
    done = rechecked(file)
    assert [(each.examination, each.agrees, each.failure) for each in done] == [
        (1, True, ""), (2, True, ""),
    ]  # fmt: skip
    names = {each.name for each in done[0].differences}
    assert {"verdict", "p_ai", "read_outs.both", "heat map", "explanation"} <= names
    with api.open_case(file) as case:
        contents = case.contents()
    assert contents.examinations[0].rechecks == (done[0],)
    assert contents.log[-1].action == "examination.recheck"
    assert contents.log_check.ok


class Biased(FakeExaminer):
    """The fake, with another probability."""

    def examine(self, image, **how):
        from dataclasses import replace

        reading = super().examine(image, **how)
        verdict = replace(reading.verdict, p_ai=reading.verdict.p_ai - 0.01)
        return replace(reading, verdict=verdict)


def test_an_examination_that_comes_out_otherwise_is_told_of(file, photos):
    with api.open_case(file, operator="Ana") as case:
        scan(case, photos / "a.png")
    (done,) = rechecked(file, factory=lambda *_key: Biased())
    assert not done.agrees
    assert [each.name for each in done.differences if not each.within] == ["p_ai"]
    (apart,) = [each for each in done.differences if each.name == "p_ai"]
    assert apart.difference == pytest.approx(0.01)


def test_other_weights_a_changed_exhibit_and_a_failure_cannot_be_run_again(file, photos):
    (photos / "c.jpg").write_text("no picture")
    with api.open_case(file, operator="Ana") as case:
        scan(case, photos)
    other = rechecked(file, 1, factory=lambda *_key: FakeExaminer(sha256="0" * 64))
    assert "other weights" in other[0].failure
    Image.new("RGB", (96, 64), BLUE).save(photos / "a.png")
    assert "was changed" in rechecked(file, 1)[0].failure
    assert "Nothing was computed" in rechecked(file, 3)[0].failure
    with pytest.raises(InputError, match="no examination 9"):
        rechecked(file, 9)


def test_a_case_is_verified_line_by_line(file, photos):
    with api.open_case(file, operator="Ana") as case:
        scan(case, photos)
        printed = case.check_log().head.hash
        case.add_note("later")
    (photos / "b.png").unlink()
    with api.open_case(file, writable=False) as case:
        checks = {
            each.name: each.outcome for each in api.verify_case(case, Context(), head=printed)
        }
        entries = len(case.log())
    assert checks["case file"] == checks["custody log"] == checks["records"] == "pass"
    assert checks["head from outside"] == "pass"
    assert checks["exhibit 1, a.png"] == "pass"
    assert checks["exhibit 2, b.png"] == "fail"
    with api.open_case(file, writable=False) as case:
        other = {
            each.name: each.outcome for each in api.verify_case(case, Context(), head="0" * 64)
        }
        assert len(case.log()) == entries
    assert other["head from outside"] == "fail"


def test_a_case_is_told_from_other_files(file, photos, tmp_path):
    assert api.is_case(file)
    assert not api.is_case(photos / "a.png")
    assert not api.is_case(photos)
    assert not api.is_case(tmp_path / "none")
