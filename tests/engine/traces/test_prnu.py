"""Sensor pattern noise: the right camera is recognised, others are not, foreign parts are found."""

from __future__ import annotations

import hashlib
import json
from functools import cache

import numpy as np
import pytest
from PIL import Image
from safetensors.numpy import save_file

from engine import api
from engine.__main__ import main
from engine.errors import Cancelled, InputError, StoreError
from engine.job import Context
from engine.traces import fingerprints, prnu
from engine.traces.wavelets import noise_residual
from engine.types import Region, Status
from tests.engine.traces import planting as plant
from tests.engine.traces import sensors

HEIGHT, WIDTH = 320, 448
STRENGTH = 0.008
"""Relative deviation of a pixel's sensitivity."""
QUALITY = 90
PICTURES = 12


@cache
def sensitivity(camera: int):
    return np.random.default_rng(10_000 + camera).normal(0, STRENGTH, (HEIGHT, WIDTH, 1))


def shot(camera: int, seed: int):
    """Return a compressed photograph, [h, w, 3], with a camera's pattern."""
    scene = plant.photograph(HEIGHT, WIDTH, seed, noise=0) * (1 + sensitivity(camera))
    noisy = scene + np.random.default_rng(seed).normal(0, 2, scene.shape)
    return plant.reread(np.clip(np.rint(noisy), 0, 255).astype(np.uint8), QUALITY)


@cache
def fingerprint(camera: int) -> fingerprints.Fingerprint:
    estimator = fingerprints.Estimator(HEIGHT, WIDTH)
    for n in range(PICTURES):
        estimator.add(sensors.seen(shot(camera, 100 * camera + n)).luma, plant.nothing)
    pattern = estimator.pattern(plant.nothing)
    return fingerprints.Fingerprint(pattern=pattern, sources=("a" * 64,), sha256="b" * 64)


def looked_at(pixels, camera: int):
    return prnu.find(sensors.seen(pixels), plant.nothing, fingerprint=fingerprint(camera))


@pytest.mark.parametrize("camera", [0, 1])
@pytest.mark.parametrize("seed", [900, 901])
def test_the_camera_that_took_a_picture_is_recognised(camera, seed):
    trace = looked_at(shot(camera, seed), camera)
    assert trace.finding.value > 3 * prnu.THRESHOLD
    assert trace.finding.regions == ()


@pytest.mark.parametrize("seed", range(910, 918))
def test_other_cameras_are_not_recognised(seed):
    trace = looked_at(shot(2, seed), seed % 2)
    assert abs(trace.finding.value) < prnu.THRESHOLD / 2
    assert trace.heatmap is None
    assert "not found" in trace.finding.reason


def test_a_cut_is_recognised_with_its_place():
    trace = looked_at(shot(0, 920)[64:, 40:], 0)
    assert trace.finding.value > prnu.THRESHOLD
    assert trace.parameters == (("shift", "64, 40 px"),)


@pytest.mark.parametrize("seed", [930, 931])
def test_a_foreign_part_is_found_in_a_picture_of_the_camera(seed):
    place = Region(x=128, y=64, w=256, h=224)
    trace = looked_at(plant.pasted(shot(0, seed), shot(2, seed + 50), place), 0)
    assert trace.finding.value > prnu.THRESHOLD
    assert plant.overlap(trace.finding.regions, place) > 0.3


def test_saturated_parts_are_not_judged():
    white = shot(0, 940).copy()
    white[:, :160] = 255
    trace = looked_at(white, 0)
    assert not trace.heatmap.valid[:, :5].any()
    assert trace.heatmap.valid[:, 9:].any()


def test_a_larger_picture_is_declined():
    trace = looked_at(plant.photograph(HEIGHT, WIDTH + 64), 0)
    assert trace.finding.status is Status.NOT_AVAILABLE


def test_the_pattern_of_the_sensor_is_estimated():
    truth = sensitivity(0)[..., 0]
    estimated = fingerprint(0).pattern
    assert np.corrcoef(truth.ravel(), estimated.ravel())[0, 1] > 0.3
    assert abs(estimated.mean()) < 1e-6


def test_lines_that_all_cameras_share_are_cleaned_away():
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 1, (128, 192)).astype(np.float32)
    striped = noise + 5 * (np.arange(192) % 8 == 0).astype(np.float32)
    left = fingerprints.cleaned(striped, plant.nothing)
    columns = left.mean(axis=0)
    assert np.abs(columns).max() < 0.05
    assert np.corrcoef(left.ravel(), noise.ravel())[0, 1] > 0.9


def test_the_residual_of_a_smooth_scene_is_its_noise():
    rng = np.random.default_rng(0)
    ramp = np.linspace(40, 200, 256, dtype=np.float32)[None] * np.ones((192, 1), np.float32)
    noise = rng.normal(0, 3, ramp.shape).astype(np.float32)
    residual = noise_residual(ramp + noise, plant.nothing)
    assert np.corrcoef(residual.ravel(), noise.ravel())[0, 1] > 0.9


def test_a_method_with_a_fingerprint_can_be_stopped():
    def stop():
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        prnu.find(sensors.seen(shot(0, 900)), stop, fingerprint=fingerprint(0))


@pytest.fixture
def folder(tmp_path):
    pictures = tmp_path / "camera"
    pictures.mkdir()
    for n in range(6):
        (pictures / f"{n}.jpg").write_bytes(plant.jpeg(shot(0, n), 95))
    (pictures / "again.jpg").write_bytes((pictures / "0.jpg").read_bytes())
    Image.new("RGB", (64, 64)).save(pictures / "small.png")
    (pictures / "broken.jpg").write_bytes(b"\xff\xd8\xff nothing")
    return pictures


def test_a_fingerprint_is_made_of_a_folder_and_tested_on_the_command_line(tmp_path, folder, capsys):
    file = tmp_path / "camera.safetensors"
    assert main(["prnu", "make", str(folder), "--out", str(file)]) == 1
    made = capsys.readouterr()
    assert f"{WIDTH} × {HEIGHT} px, 6 pictures" in made.out
    assert made.err.count("left out") == 3
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(plant.jpeg(shot(0, 950), 95))
    assert main(["prnu", "test", str(picture), "--fingerprint", str(file), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["value"] > prnu.THRESHOLD
    assert told["parameters"]["pictures behind it"] == "6"
    picture.write_bytes(plant.jpeg(shot(2, 951), 95))
    assert main(["prnu", "test", str(picture), "--fingerprint", str(file)]) == 0
    assert "was not found" in capsys.readouterr().out


def test_a_picture_behind_the_fingerprint_is_refused(tmp_path, folder, capsys):
    file = tmp_path / "camera.safetensors"
    main(["prnu", "make", str(folder), "--out", str(file)])
    assert main(["prnu", "test", str(folder / "3.jpg"), "--fingerprint", str(file)]) == 2
    assert "one of the pictures" in capsys.readouterr().err


def test_a_fingerprint_of_a_case_lies_beside_it_and_its_hash_is_logged(tmp_path, folder):
    api.new_case(tmp_path / "case.residua", operator="tester")
    case = api.open_case(tmp_path / "case.residua", operator="tester")
    try:
        made, file = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
        entry = case.log()[-1]
        assert case.check_log().ok
    finally:
        case.close()
    assert file.parent == tmp_path / "case.residua.fingerprints"
    assert entry.action == "fingerprint.make"
    assert entry.objects[0].sha256 == made.sha256 == fingerprints.load(file).sha256
    assert ("camera", "Camera 7") in entry.details


@pytest.fixture
def case(tmp_path):
    api.new_case(tmp_path / "case.residua", operator="tester")
    opened = api.open_case(tmp_path / "case.residua", operator="tester")
    yield opened
    opened.close()


def test_a_case_names_its_cameras_and_keeps_what_a_test_said(tmp_path, folder, case):
    made, _ = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
    (camera,) = api.camera_tracers(case)
    assert (camera.name, camera.title) == (f"{api.CAMERA}{made.sha256}", "Camera: Camera 7")
    picture = tmp_path / "picture.jpg"
    picture.write_bytes(plant.jpeg(shot(0, 950), 95))
    trace = api.try_case_fingerprint(case, str(picture), made.sha256, Context())
    assert trace.finding.value > prnu.THRESHOLD
    told = dict(case.log()[-1].details)
    assert (told["camera"], told["pce"]) == ("Camera 7", str(trace.finding.value))
    assert case.check_log().ok


def test_a_fingerprint_that_was_changed_or_is_gone_is_not_used(tmp_path, folder, case):
    made, file = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
    other = fingerprints.packed(np.zeros((HEIGHT, WIDTH), np.float32), (), "1", "now")
    file.write_bytes(other)
    with pytest.raises(StoreError, match="was changed"):
        api.try_case_fingerprint(case, str(folder / "1.jpg"), made.sha256, Context())
    file.unlink()
    assert api.camera_tracers(case) == ()
    assert api.case_fingerprints(case)[0].state == "missing"
    with pytest.raises(StoreError, match="no fingerprint"):
        api.try_case_fingerprint(case, str(folder / "1.jpg"), "ab" * 32, Context())


def test_a_list_of_cameras_says_what_is_behind_them_and_what_was_compared(tmp_path, folder, case):
    made, file = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
    for camera in (0, 1):
        picture = tmp_path / f"{camera}.jpg"
        picture.write_bytes(plant.jpeg(shot(camera, 950), 95))
        api.try_case_fingerprint(case, str(picture), made.sha256, Context())
    (known,) = api.case_fingerprints(case, read=True)
    behind = {hashlib.sha256(each.read_bytes()).hexdigest() for each in folder.glob("*.jpg")}
    assert (known.camera, known.operator, known.state) == ("Camera 7", case.operator, "present")
    assert (known.pictures, known.size) == (made.pictures, f"{WIDTH} x {HEIGHT}")
    assert set(known.sources) <= behind and len(known.sources) == made.pictures
    assert (known.compared, known.shown) == (2, 1)
    file.write_bytes(b"another")
    (known,) = api.case_fingerprints(case, read=True)
    assert (known.state, known.sources) == ("changed", ())


def test_cameras_go_where_the_case_goes(tmp_path, folder, case):
    made, file = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
    with api.open_case(api.copy_case(case, tmp_path / "other.residua")) as other:
        (known,) = api.case_fingerprints(other, read=True)
        assert (known.sha256, known.state) == (made.sha256, "present")
    case.close()
    api.remove_case(case.file)
    assert not file.parent.exists()


def test_a_camera_that_is_removed_leaves_its_log_and_no_file(tmp_path, folder, case, capsys):
    made, file = api.make_case_fingerprint(case, [str(folder)], "Camera 7", Context())
    case.close()
    asked = ["--case", str(case.file)]
    assert main(["prnu", "list", *asked]) == 0
    assert f"{made.sha256[:12]}  Camera 7: {made.pictures} pictures" in capsys.readouterr().out
    assert main(["prnu", "remove", "no", *asked]) == 2
    assert main(["prnu", "remove", made.sha256[:8], *asked]) == 0
    assert not file.exists()
    with api.open_case(case.file) as opened:
        assert api.case_fingerprints(opened) == ()
        entry = opened.log()[-1]
        assert (entry.action, entry.objects[0].sha256) == ("fingerprint.remove", made.sha256)
        with pytest.raises(StoreError, match="no fingerprint"):
            api.remove_case_fingerprint(opened, made.sha256)


def test_too_few_pictures_make_no_fingerprint(tmp_path, folder):
    file = tmp_path / "camera.safetensors"
    with pytest.raises(InputError, match="2 usable pictures"):
        api.make_fingerprint([str(folder / "0.jpg"), str(folder / "1.jpg")], file, Context())
    assert not file.exists()


@pytest.mark.parametrize("damage", ["cut", "foreign", "shape", "nan", "gone"])
def test_a_file_that_is_no_fingerprint_is_refused(tmp_path, damage):
    file = tmp_path / "camera.safetensors"
    whole = fingerprints.packed(np.zeros((64, 64), np.float32), (), "1", "now")
    facts = {"format": fingerprints.FORMAT, "sources": "[]"}
    if damage == "cut":
        file.write_bytes(whole[:-100])
    elif damage == "foreign":
        save_file({"weights": np.zeros(4, np.float32)}, file)
    elif damage == "shape":
        save_file({fingerprints.PATTERN: np.zeros(4, np.float16)}, file, metadata=facts)
    elif damage == "nan":
        bad = np.full((64, 64), np.nan, np.float16)
        save_file({fingerprints.PATTERN: bad}, file, metadata=facts)
    with pytest.raises(InputError, match="fingerprint"):
        fingerprints.load(file)


def test_a_fingerprint_survives_its_file(tmp_path):
    pattern = np.random.default_rng(0).normal(0, 0.01, (64, 80)).astype(np.float32)
    file = tmp_path / "camera.safetensors"
    file.write_bytes(fingerprints.packed(pattern, ("c" * 64,), "1", "now"))
    loaded = fingerprints.load(file)
    assert np.allclose(loaded.pattern, pattern - pattern.mean(), atol=2e-5)
    assert loaded.sources == ("c" * 64,)
