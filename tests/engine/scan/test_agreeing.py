"""Whether a model answers the same in every precision and size of batch."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from PIL import Image

from engine.__main__ import main
from engine.errors import InputError
from engine.job import Context
from engine.scan.agreeing import BATCH, measure_agreement
from engine.types import ReadOuts
from engine.vrm.agreement import (
    BFLOAT16_LOG_ODDS,
    BFLOAT16_P,
    FLOAT32_LOG_ODDS,
    FLOAT32_P,
    Tolerance,
    compared,
    odds_compared,
    tolerance,
)
from engine.vrm.loader import dtype_of, load
from engine.vrm.published_examiner import load_examiner
from engine.vrm.published_reading import verdict_of
from tests.engine.vrm.test_published_examiner import examine, picture
from tests.engine.vrm.tiny_published import reference, write_folder, write_tokenizer

EXACT = Tolerance(log_odds=FLOAT32_LOG_ODDS, p_ai=FLOAT32_P)
ROUNDED = Tolerance(log_odds=BFLOAT16_LOG_ODDS, p_ai=BFLOAT16_P)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("checkpoint"), reference().weights("old"))
    write_tokenizer(folder)
    return folder


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    photos = tmp_path_factory.mktemp("photos")
    for i, (height, width) in enumerate(((64, 80), (96, 48))):
        Image.fromarray(picture(height, width, seed=i).pixels).save(photos / f"{i}.png")
    return photos


def readings(folder, dtype):
    return [examine(load_examiner(folder, torch.device("cpu"), dtype=dtype))]


def test_precisions_and_batches_are_compared_and_cuda_is_named_as_not_measured(
    folder, photos, capsys
):
    command = ["bench", "--agreement", "--model", str(folder), "--images", str(photos), "--quiet"]
    assert main(command) in (0, 1)  # random logits may spread more than the tolerance is for
    found = json.loads(capsys.readouterr().out)
    assert found["pictures"] == 2
    by_name = {each["what"]: each for each in found["differences"]}
    assert list(by_name)[:3] == [
        "batch 1 and batch 32, float32 on cpu",
        "float32 on cpu and bfloat16 on cpu",
        "batch 1 and batch 32, bfloat16 on cpu",
    ]
    batch = by_name["batch 1 and batch 32, float32 on cpu"]
    assert batch["within"]
    assert max(batch["log_odds"].values()) <= FLOAT32_LOG_ODDS
    rounded = by_name["float32 on cpu and bfloat16 on cpu"]
    assert max(rounded["log_odds"].values()) > FLOAT32_LOG_ODDS
    assert rounded["p_ai"] > 0
    if not torch.cuda.is_available():
        assert found["not_measured"] == ["CUDA: no device is available here"]


def test_the_report_names_device_and_dtype(folder):
    info = load_examiner(folder, torch.device("cpu"), dtype=torch.bfloat16).info
    assert (info.device, info.dtype) == ("cpu", "bfloat16")


def test_a_difference_beyond_rounding_is_not_within(folder):
    (plain,) = readings(folder, torch.float32)
    assert compared("itself", [plain], [plain], EXACT).within
    z = plain.verdict.read_outs
    far = ReadOuts(both=z.both, semantic=z.semantic + 0.01, artifact=z.artifact)
    other = replace(plain, verdict=verdict_of(far, (z.both, z.both)))
    found = compared("another", [plain], [other], EXACT)
    assert not found.within
    assert found.log_odds["semantic"] == pytest.approx(0.01, abs=1e-6)


def test_one_read_out_out_of_several_pictures_is_enough():
    near, far = {"both": 1.0}, {"both": 2.6}
    assert not odds_compared("x", [near, near], [near, far], ROUNDED).within


def test_a_probability_beyond_rounding_is_not_within(folder):
    (plain,) = readings(folder, torch.float32)
    other = replace(plain, verdict=replace(plain.verdict, p_ai=plain.verdict.p_ai - 0.2))
    assert not compared("another", [plain], [other], ROUNDED).within


def test_only_float32_on_both_sides_is_held_to_float32():
    assert tolerance("float32") == tolerance("float32", "float32") == EXACT
    assert tolerance("float32", "bfloat16") == tolerance("bfloat16") == ROUNDED
    with pytest.raises(InputError, match="float16"):
        dtype_of("float16")


def test_without_pictures_nothing_is_compared(folder, tmp_path):
    with pytest.raises(InputError, match="--images"):
        measure_agreement(tmp_path, 1, lambda *_: load_examiner(folder, "cpu"), Context())


@pytest.fixture(scope="module")
def quick_mini():
    """The mini as it runs on processors that multiply bfloat16."""
    return load("mini", "cpu", dtype=torch.bfloat16)


@pytest.mark.weights
def test_the_mini_answers_the_same_in_both_precisions(quick_mini):
    plain = load("mini", "cpu", dtype=torch.float32)
    sides = [[examine(model)] for model in (plain, quick_mini)]
    found = compared("precisions", *sides, tolerance("float32", "bfloat16"))
    assert found.within
    assert found.outcomes_changed == 0
    assert max(found.log_odds.values()) > 0  # they are two precisions indeed


@pytest.mark.weights
def test_the_mini_answers_a_batch_of_32_as_each_alone(quick_mini):
    several = [picture(64, 80, seed=i % 2) for i in range(BATCH)]
    together = quick_mini.together(several)
    alone = [quick_mini.together([image])[0] for image in several[:2]]
    assert odds_compared("batches", alone, together[:2], tolerance("bfloat16")).within
    assert odds_compared("batches", alone, together[30:], tolerance("bfloat16")).within
