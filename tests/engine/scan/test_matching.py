"""Many pictures compared with one camera: the right ones accepted, the log kept, the rest told."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.errors import Cancelled, InputError, StoreError
from engine.evidence.camera_records import COMPARED
from engine.evidence.case_store import Case
from engine.job import Context, Progress
from engine.log_types import LISTED, LogObject
from engine.scan import case_matching, matching
from engine.trace_types import CameraAnswer, Comparison
from engine.traces import prnu
from engine.traces.fingerprints import Fingerprint
from tests.engine.traces import planting as plant
from tests.engine.traces.test_prnu import HEIGHT, WIDTH, shot

MADE_OF = 6
RIGHT = ("right 0.jpg", "right 1.jpg")
WRONG = ("wrong 0.jpg", "wrong 1.jpg", "wrong 2.jpg")


@pytest.fixture(scope="module")
def behind(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("camera")
    for number in range(MADE_OF):
        (folder / f"{number}.jpg").write_bytes(plant.jpeg(shot(0, number), 95))
    return folder


@pytest.fixture(scope="module")
def exhibits(tmp_path_factory: pytest.TempPathFactory, behind: Path) -> Path:
    """Pictures of the camera and of another one, a cut, and what cannot be told."""
    folder = tmp_path_factory.mktemp("exhibits")
    for number, name in enumerate(RIGHT):
        (folder / name).write_bytes(plant.jpeg(shot(0, 950 + number), 95))
    for number, name in enumerate(WRONG):
        (folder / name).write_bytes(plant.jpeg(shot(2, 960 + number), 95))
    (folder / "cut.jpg").write_bytes(plant.jpeg(shot(0, 970)[64:, 40:], 95))
    half = Image.fromarray(shot(0, 971)).resize((WIDTH // 2, HEIGHT // 2))
    half.save(folder / "scaled.png")
    Image.new("RGB", (64, 64)).save(folder / "small.png")
    (folder / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    (folder / "behind.jpg").write_bytes((behind / "0.jpg").read_bytes())
    return folder


@pytest.fixture(scope="module")
def fingerprint(tmp_path_factory: pytest.TempPathFactory, behind: Path) -> Path:
    file = tmp_path_factory.mktemp("fingerprint") / "camera.safetensors"
    api.make_fingerprint([str(behind)], file, Context())
    return file


@pytest.fixture
def case(tmp_path: Path, behind: Path, exhibits: Path):
    api.new_case(tmp_path / "case.residua", operator="tester")
    with api.open_case(tmp_path / "case.residua", operator="tester") as opened:
        api.add_to_case(opened, [str(exhibits)], Context())
        api.make_case_fingerprint(opened, [str(behind)], "Camera 7", Context())
        yield opened


def camera(case: Case) -> str:
    return api.case_fingerprints(case)[0].sha256


def answers(comparisons: list[Comparison]) -> dict[str, str]:
    return {Path(each.path).name: str(each.answer) for each in comparisons}


EXPECTED = {
    **dict.fromkeys((*RIGHT, "cut.jpg"), "shown"),
    **dict.fromkeys(WRONG, "not_shown"),
    **dict.fromkeys(("scaled.png", "small.png"), "undecided"),
    "broken.jpg": "failed",
    "behind.jpg": "behind",
}


def test_the_right_pictures_of_a_folder_are_accepted_and_no_others(
    exhibits: Path, fingerprint: Path
) -> None:
    told: list[Comparison] = []
    summary = api.compare_with_fingerprint([str(exhibits)], fingerprint, Context(), told.append)
    assert answers(told) == EXPECTED
    assert (summary.shown, summary.not_shown, summary.total) == (3, 3, len(EXPECTED))
    (cut,) = (each for each in told if each.path.endswith("cut.jpg"))
    assert (cut.shift, cut.is_cut) == ((64, 40), True)
    whole = next(each for each in told if each.path.endswith(RIGHT[0]))
    assert (whole.shift, whole.is_cut) == ((0, 0), False)


def test_what_cannot_be_told_says_why(exhibits: Path, fingerprint: Path) -> None:
    told: list[Comparison] = []
    api.compare_with_fingerprint([str(exhibits)], fingerprint, Context(), told.append)
    reasons = {Path(each.path).name: each.reason for each in told}
    assert "scaled" in reasons["scaled.png"]
    assert "shorter than 128 px" in reasons["small.png"]
    assert "made of this picture" in reasons["behind.jpg"]
    assert reasons["broken.jpg"]


def test_many_pictures_find_what_one_picture_does(exhibits: Path, fingerprint: Path) -> None:
    told: list[Comparison] = []
    names = [str(exhibits / name) for name in (RIGHT[0], WRONG[0])]
    api.compare_with_fingerprint(names, fingerprint, Context(), told.append)
    singly = [api.try_fingerprint(name, fingerprint, Context()).finding.value for name in names]
    assert [each.pce for each in told] == singly


def test_pictures_in_a_container_are_compared(
    tmp_path: Path, exhibits: Path, fingerprint: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "phone.zip", "w") as archive:
        archive.write(exhibits / RIGHT[0], RIGHT[0])
    told: list[Comparison] = []
    api.compare_with_fingerprint([str(tmp_path / "phone.zip")], fingerprint, Context(), told.append)
    (only,) = told
    assert (Path(only.path).name, only.answer) == (RIGHT[0], CameraAnswer.SHOWN)


def test_a_case_keeps_every_answer_in_one_entry_of_its_log(case: Case) -> None:
    before = len(case.log())
    summary = api.compare_with_case_fingerprint(case, camera(case), Context(), lambda _: None)
    (entry,) = case.log()[before:]
    told = dict(entry.details)
    assert (entry.action, entry.objects[0].sha256) == (COMPARED, camera(case))
    assert (told["camera"], told["compared"], told["shown"]) == ("Camera 7", "10", "3")
    assert len(json.loads(told[LISTED])) == summary.total == 10
    assert case.check_log().ok
    (known,) = api.case_fingerprints(case)
    assert (known.compared, known.shown) == (8, 3)
    assert answers(list(known.comparisons)) == EXPECTED


def test_a_long_list_is_logged_in_parts(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_matching, "ENTRY_PICTURES", 4)
    before = len(case.log())
    api.compare_with_case_fingerprint(case, camera(case), Context(), lambda _: None)
    counts = [dict(entry.details)["compared"] for entry in case.log()[before:]]
    assert counts == ["4", "4", "2"]


def test_what_was_compared_is_not_computed_again_unless_asked(case: Case) -> None:
    sha256, told = camera(case), []
    api.compare_with_case_fingerprint(case, sha256, Context(), lambda _: None, exhibits=[1, 2])
    entries = len(case.log())
    summary = api.compare_with_case_fingerprint(case, sha256, Context(), told.append)
    # The broken file failed and is tried again.
    early = {each.exhibit for each in told if each.earlier}
    assert early == {n for n in (1, 2) if told[n - 1].answer is not CameraAnswer.FAILED}
    assert summary.earlier == len(early)
    assert dict(case.log()[entries].details)["compared"] == str(summary.total - len(early))
    again = api.compare_with_case_fingerprint(case, sha256, Context(), lambda _: None, again=True)
    assert (again.earlier, again.shown) == (0, summary.shown)


def test_answers_of_another_threshold_are_not_used_again(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    api.compare_with_case_fingerprint(case, camera(case), Context(), lambda _: None, exhibits=[5])
    monkeypatch.setattr("engine.evidence.camera_records.METHOD", "trace.prnu 1, threshold PCE 50")
    again = api.compare_with_case_fingerprint(
        case, camera(case), Context(), lambda _: None, exhibits=[5]
    )
    assert again.earlier == 0


def test_a_picture_that_was_tested_by_itself_is_not_compared_again(case: Case) -> None:
    held = next(each for each in case.exhibits() if each.name == RIGHT[0])
    trace = api.try_case_fingerprint(case, held.working_file, camera(case), Context())
    told: list[Comparison] = []
    api.compare_with_case_fingerprint(
        case, camera(case), Context(), told.append, exhibits=[held.number]
    )
    assert (told[0].earlier, told[0].pce) == (True, trace.finding.value)
    (known,) = api.case_fingerprints(case)
    assert (known.compared, known.shown) == (1, 1)


def test_a_comparison_that_is_stopped_keeps_what_was_done_and_goes_on_later(case: Case) -> None:
    ctx, told = Context(), []

    def stop(comparison: Comparison) -> None:
        told.append(comparison)
        if len(told) == 3:
            ctx.cancel()

    with pytest.raises(Cancelled):
        api.compare_with_case_fingerprint(case, camera(case), ctx, stop)
    entry = case.log()[-1]
    assert (entry.action, dict(entry.details)["compared"]) == (COMPARED, "3")
    rest: list[Comparison] = []
    api.compare_with_case_fingerprint(case, camera(case), Context(), rest.append)
    kept = sum(each.answer is not CameraAnswer.FAILED for each in told)
    assert sum(each.earlier for each in rest) == kept
    assert answers(rest) == EXPECTED


def test_an_exhibit_whose_file_was_changed_is_told_and_not_compared(
    tmp_path: Path, case: Case
) -> None:
    file = tmp_path / "new.jpg"
    file.write_bytes(plant.jpeg(shot(0, 980), 95))
    api.add_to_case(case, [str(file)], Context())
    file.write_bytes(plant.jpeg(shot(0, 981), 95))
    told: list[Comparison] = []
    api.compare_with_case_fingerprint(case, camera(case), Context(), told.append, exhibits=[11])
    assert told[0].answer is CameraAnswer.FAILED
    assert "was changed" in told[0].reason


def test_a_case_that_is_only_read_logs_nothing(case: Case) -> None:
    sha256, entries = camera(case), len(case.log())
    with api.open_case(case.file, writable=False) as reading:
        summary = api.compare_with_case_fingerprint(
            reading, sha256, Context(), lambda _: None, exhibits=[5]
        )
    assert summary.total == 1
    assert len(case.log()) == entries


def test_an_exhibit_or_a_camera_that_is_not_there_is_refused(case: Case) -> None:
    with pytest.raises(InputError, match="no exhibit 99"):
        api.compare_with_case_fingerprint(
            case, camera(case), Context(), lambda _: None, exhibits=[99]
        )
    with pytest.raises(StoreError, match="no fingerprint"):
        api.compare_with_case_fingerprint(case, "ab" * 32, Context(), lambda _: None)


def test_the_command_tells_a_line_a_picture_and_what_they_come_to(
    exhibits: Path, fingerprint: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["prnu", "test", str(exhibits), "--fingerprint", str(fingerprint)]) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(EXPECTED) + 2
    (cut,) = (line for line in lines if "cut.jpg" in line)
    assert cut.startswith("shown") and "40 px from the left, 64 px from the top" in cut
    assert "10 pictures: the camera's pattern is in 3, was not found in 3, 2 cannot" in lines[-2]
    assert "at most 0.0047 at 95 % confidence" in lines[-1]


def test_the_command_compares_the_exhibits_of_a_case_as_json(
    case: Case, capsys: pytest.CaptureFixture[str]
) -> None:
    sha256, file = camera(case), str(case.file)
    case.close()
    assert main(["prnu", "test", "--case", file, "--json"]) == 1
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [row["exhibit"] for row in rows[:-1]] == list(range(1, 11))
    assert rows[-1]["summary"]["shown"] == 3
    assert main(["prnu", "test", "--case", file, "--camera", sha256[:8], "--json"]) == 1
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["summary"]["earlier"] == 9
    assert main(["prnu", "test", "--case", file, "--camera", "Camera 8"]) == 2
    assert "Camera 8" in capsys.readouterr().err
    assert main(["prnu", "test", "--case", file, "--fingerprint", "x"]) == 2


def test_the_limit_of_false_acceptances_is_the_one_that_was_measured() -> None:
    figures = json.loads(Path("docs/figures/prnu.json").read_text(encoding="utf-8"))
    assert figures["threshold"] == prnu.THRESHOLD
    for each in figures["figures"]:
        measured = each["wrongly_accepted"]
        assert (measured["hits"], measured["trials"]) == (
            prnu.MEASURED_FALSE,
            prnu.MEASURED_TRIALS,
        )
        assert round(measured["high"], 6) == prnu.FALSE_MOST


def test_a_family_that_is_too_large_for_what_was_measured_has_no_limit() -> None:
    assert prnu.family_most(500) == pytest.approx(0.334)
    assert prnu.family_most(1500) is None


def test_pictures_side_by_side_are_as_many_as_memory_and_cores_allow(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(matching.os, "sched_getaffinity", lambda _: range(4), raising=False)
    pattern = np.broadcast_to(np.float32(0), (5000, 6000))
    camera = Fingerprint(pattern=pattern, sources=(), sha256="a" * 64)
    picture = pattern.size * matching.PICTURE_BYTES
    free = [int(count * picture / matching.MEMORY_SHARE) for count in (0, 1, 3, 9)]
    assert [matching.at_once(camera, free_bytes=each) for each in free] == [1, 1, 3, 4]
    small = Fingerprint(pattern=pattern[:100, :100], sources=(), sha256="a" * 64)
    # A file may be large although its picture cannot be correlated.
    assert matching.at_once(small, free_bytes=int(2.5 * matching.DECODED_BYTES)) == 1


def test_tests_of_older_versions_count_as_comparisons(case: Case) -> None:
    sha256 = camera(case)
    held = {each.name: each for each in case.exhibits()}
    for name, status, pce in (
        (RIGHT[0], "derived", "812.5"),
        (WRONG[0], "derived", "1.5"),
        ("small.png", "not_available", ""),
    ):
        case.add_entry(
            "fingerprint.test",
            objects=[LogObject(kind="file", id=f"{sha256}.safetensors", sha256=sha256)],
            details={
                "camera": "Camera 7",
                "picture": held[name].working_file,
                "status": status,
                "pce": pce,
                "places": "0",
            },
        )
    (known,) = api.case_fingerprints(case)
    assert (known.compared, known.shown) == (3, 1)
    assert {each.exhibit for each in known.comparisons} == {
        held[name].number for name in (RIGHT[0], WRONG[0], "small.png")
    }
    # They do not say which method made them: nothing is taken from them.
    wanted = [held[RIGHT[0]].number]
    again = api.compare_with_case_fingerprint(
        case, sha256, Context(), lambda _: None, exhibits=wanted
    )
    assert again.earlier == 0
    assert api.case_fingerprints(case)[0].compared == 3


def test_pages_of_a_file_are_compared_each(tmp_path: Path, fingerprint: Path) -> None:
    first, second = (Image.fromarray(shot(camera, 985)) for camera in (2, 0))
    first.save(tmp_path / "scan.tif", save_all=True, append_images=[second])
    told: list[Comparison] = []
    api.compare_with_fingerprint([str(tmp_path)], fingerprint, Context(), told.append)
    assert [each.answer for each in told] == [CameraAnswer.NOT_SHOWN, CameraAnswer.SHOWN]


def test_progress_tells_how_long_it_still_takes(exhibits: Path, fingerprint: Path) -> None:
    events: list[Progress] = []
    ctx = Context(lambda event: events.append(event) if isinstance(event, Progress) else None)
    api.compare_with_fingerprint([str(exhibits)], fingerprint, ctx, lambda _: None)
    told = [each for each in events if each.phase == matching.PHASE]
    assert [each.done for each in told] == list(range(len(EXPECTED) + 1))
    assert told[-1].failed == 1
    assert told[-1].left_s == 0
    assert told[-2].left_s == pytest.approx(1 / told[-2].per_s)
