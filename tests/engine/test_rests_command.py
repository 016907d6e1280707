"""``rests`` as a person uses it."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.errors import Cancelled, InputError
from engine.job import Context, Progress
from tests.fakes import FakeExaminer, fake_factory


@pytest.fixture
def file(tmp_path):
    """Grey, with one red place in the left upper corner."""
    pixels = np.full((140, 140, 3), 120, np.uint8)
    pixels[:20, :20] = (250, 20, 20)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    return tmp_path / "a.png"


def run(*arguments, factory=fake_factory):
    return main([str(each) for each in ("rests", *arguments, "--quiet")], factory=factory)


def test_one_line_of_json_says_what_the_probability_rests_on(file, capsys):
    assert run(file) == 0
    (line,) = capsys.readouterr().out.splitlines()
    record = json.loads(line)
    changes = np.array(record["changes"])
    assert changes.argmax() == 0
    assert changes[0, 0] > 0
    assert record["area"] == [0, 0, 140, 140]
    assert record["block_px"] == [20.0, 20.0]
    assert "Zeiler" in record["source"]
    assert not record["triage"]


def test_the_probability_is_that_of_an_examination(file, capsys):
    run(file, "--triage")
    record = json.loads(capsys.readouterr().out)
    examined = api.examine(str(file), triage=True, ctx=Context(), factory=fake_factory)
    assert record["p_ai"] == pytest.approx(examined.verdict.p_ai, abs=0.02)
    assert record["triage"]


def test_a_picture_with_a_legend_and_the_numbers_are_written(file, tmp_path, capsys):
    assert run(file, "--out", tmp_path / "out") == 0
    printed = json.loads(capsys.readouterr().out)
    written = json.loads((tmp_path / "out" / "rests.json").read_text("ascii"))
    assert written["changes"] == printed["changes"]
    with Image.open(tmp_path / "out" / "rests.png") as sheet:
        pixels = np.asarray(sheet).astype(int)
    assert pixels.shape[1] >= 640
    assert pixels.shape[0] > pixels.shape[1]
    warmth = pixels[..., 0] - pixels[..., 2]
    assert warmth[20:60, 20:60].min() > 60
    assert warmth[320:340, 320:340].max() < 30


def test_a_file_that_is_no_picture_is_refused(tmp_path, capsys):
    (tmp_path / "a.png").write_bytes(b"no picture")
    assert run(tmp_path / "a.png") == 2
    told = capsys.readouterr()
    assert "not a picture" in told.err
    assert not told.out


def test_a_picture_that_is_too_small_is_refused(tmp_path, capsys):
    Image.new("RGB", (20, 20)).save(tmp_path / "a.png")
    assert run(tmp_path / "a.png") == 2
    assert "20 x 20 px" in capsys.readouterr().err


def test_a_model_whose_verdict_cannot_be_asked_is_named(file, capsys):
    class Writer:
        info = FakeExaminer().info

    assert run(file, factory=lambda *_: Writer()) == 2
    assert "'fake'" in capsys.readouterr().err


def test_the_result_says_whether_it_is_of_the_examination_it_explains(file):
    examined = api.examine(str(file), triage=True, ctx=Context(), factory=fake_factory)
    with api.Engine(factory=fake_factory) as engine:
        same = engine.rests(str(file), examined=examined, ctx=Context())
        other = replace(examined, verdict=replace(examined.verdict, p_ai=0.9))
        apart = engine.rests(str(file), examined=other, ctx=Context())
    assert same.agrees
    assert same.triage
    assert apart.agrees is False
    assert apart.p_examined == 0.9


def test_a_file_that_was_changed_since_its_examination_is_refused(file):
    examined = api.examine(str(file), triage=True, ctx=Context(), factory=fake_factory)
    Image.new("RGB", (90, 90)).save(file)
    with api.Engine(factory=fake_factory) as engine, pytest.raises(InputError) as refused:
        engine.rests(str(file), examined=examined, ctx=Context())
    assert refused.value.kind == "changed"


def test_it_can_be_stopped_while_it_asks(file):
    def listen(event):
        if isinstance(event, Progress) and event.done >= 7:
            ctx.cancel()

    ctx = Context(listen)
    with pytest.raises(Cancelled):
        api.rests(str(file), ctx=ctx, factory=fake_factory)
