from __future__ import annotations

import dataclasses
import json
import math

import numpy as np
import pytest
import torch

from engine.errors import Cancelled, InputError, ModelError
from engine.types import FileFacts, Image, Outcome, ReadOuts, Region, Status
from engine.vrm.host_inputs import HostInputs
from engine.vrm.published import PUBLISHED_PROMPT, SWAPPED_PROMPT
from engine.vrm.published_examiner import load_examiner
from engine.vrm.published_reading import checked_sentences, verdict_of
from tests.engine.vrm.tiny_hosts import IMAGE, qwen25_config
from tests.engine.vrm.tiny_published import (
    LAYERS,
    TEMPLATE,
    reference,
    write_folder,
    write_tokenizer,
)

CPU = torch.device("cpu")
FAKE, REAL = [3, 4, 5], [6, 7, 8]


@pytest.fixture(scope="module")
def ref():
    return reference()


@pytest.fixture(scope="module")
def folder(ref, tmp_path_factory):
    folder = write_folder(tmp_path_factory.mktemp("published"), ref.weights("old"))
    write_tokenizer(folder)
    config = json.loads((folder / "config.json").read_text())
    (folder / "config.json").write_text(json.dumps({**config, "dtype": "float32"}))
    return folder


@pytest.fixture(scope="module")
def examiner(folder):
    return load_examiner(folder, CPU)


@pytest.fixture(scope="module")
def preparation(folder):
    return HostInputs(folder, qwen25_config(num_hidden_layers=LAYERS))


def picture(height=64, width=80, seed=0) -> Image:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    pixels[: height // 2, : width // 2] = 200  # nothing to judge there
    return Image(facts=FileFacts(path="a.png"), pixels=pixels, jpeg_quality=80)


def examine(examiner, image=None, *, explain=False, on_text=lambda _: None, check=lambda: None):
    image = image or picture()
    return examiner.examine(image, explain=explain, on_text=on_text, check=check)


def odds(logits):
    x = logits[0, -1]
    return float(torch.logsumexp(x[FAKE], 0) - torch.logsumexp(x[REAL], 0))


def test_the_picture_comes_last_in_the_published_question(preparation, folder):
    inputs = preparation.prepare(picture().pixels, PUBLISHED_PROMPT)
    ids = inputs["input_ids"][0].tolist()
    assert inputs["image_grid_thw"].tolist() == [[1, 16, 20]]
    assert preparation.layouts(inputs)[0].grid == (8, 10)
    assert ids.count(IMAGE) == 80
    # start of image, 80 tokens, end of image, end of turn, the assistant's turn
    assert ids[-84:] == [118, *[IMAGE] * 80, 119, 2, 1]
    assert ids[:2] == [1, 12]


def test_pictures_are_shown_within_the_published_budget(preparation):
    pixels = np.zeros((900, 1500, 3), np.uint8)
    rows, columns = preparation.layouts(preparation.prepare(pixels, "w1"))[0].grid
    assert rows * columns * 8 * 8 <= 512 * 512
    assert rows / columns == pytest.approx(0.6, abs=0.03)


def test_read_outs_are_those_of_the_published_method(examiner, preparation, ref):
    inputs = preparation.prepare(picture().pixels, PUBLISHED_PROMPT)
    grey = {**inputs, "pixel_values": torch.zeros_like(inputs["pixel_values"])}
    swapped = preparation.prepare(picture().pixels, SWAPPED_PROMPT)
    found = examine(examiner).verdict.read_outs
    orders = odds(ref.logits(inputs)), odds(ref.logits(swapped))
    assert found.both == pytest.approx(sum(orders) / 2, abs=1e-4)
    assert abs(orders[0] - orders[1]) > 1e-3
    assert found.semantic == pytest.approx(odds(ref.logits(inputs, inject=False)), abs=1e-4)
    alone = ref.logits(grey, tokens=ref.tokens(inputs))
    assert found.artifact == pytest.approx(odds(alone), abs=1e-4)
    assert len({round(z, 3) for z in (found.both, found.semantic, found.artifact)}) == 3


def test_heat_follows_what_the_injection_did_to_the_answer(examiner, preparation, ref):
    """A cell's share is the slope of the log-odds when its injection is taken back a little."""
    inputs = preparation.prepare(picture().pixels, PUBLISHED_PROMPT)
    cells = examine(examiner).heatmap.cells.reshape(-1).astype(np.float64)
    shares = np.log(cells / (1 - cells)) / cells.size
    tokens, step = ref.tokens(inputs), 0.02
    states = hidden_states(ref, inputs)
    for i in np.argsort(-np.abs(shares))[:3]:
        less, more = tokens.clone(), tokens.clone()
        less[i] -= step * (tokens[i] - states[i])
        more[i] += step * (tokens[i] - states[i])
        z_less, z_more = (odds(ref.logits(inputs, tokens=t)) for t in (less, more))
        assert (z_more - z_less) / (2 * step) == pytest.approx(shares[i], rel=0.1)


def hidden_states(ref, inputs):
    """Output of layer 15 at image positions, without injection."""
    seen = {}
    layer = ref.model.model.language_model.layers[15]
    handle = layer.register_forward_hook(lambda _m, _a, out: seen.update(h=out))
    ref.logits(inputs, inject=False)
    handle.remove()
    return seen["h"][inputs["input_ids"] == IMAGE]


def test_heat_map_is_laid_over_the_picture_and_hatched_where_it_is_flat(examiner):
    heat = examine(examiner).heatmap
    assert heat.cells.shape == heat.valid.shape == (8, 10)
    assert heat.cell_px == (8.0, 8.0)
    assert not heat.valid[:4, :5].any()
    assert heat.valid[4:].all()
    assert not heat.cells.flags.writeable
    assert 0 <= heat.cells.min() < heat.cells.max() <= 1


def test_findings_carry_the_read_outs_and_point_at_judgeable_cells(examiner):
    reading = examine(examiner)
    z = reading.verdict.read_outs
    assert [f.id for f in reading.findings] == ["M1", "M2", "M3", "M4"]
    assert [f.value for f in reading.findings[:3]] == [z.both, z.semantic, z.artifact]
    assert {f.status for f in reading.findings} == {Status.INFERRED}
    for box in reading.findings[2].regions:
        assert reading.heatmap.valid[box.y // 8, box.x // 8]
        assert reading.heatmap.cells[box.y // 8, box.x // 8] > 0.5


def test_the_condition_is_that_of_the_picture(examiner):
    condition = examine(examiner).condition
    assert condition.jpeg_quality == 80
    assert condition.megapixels == pytest.approx(64 * 80 / 1e6)


def test_the_same_picture_gives_the_same_reading(examiner):
    first, second = examine(examiner), examine(examiner)
    assert first.verdict == second.verdict
    assert np.array_equal(first.heatmap.cells, second.heatmap.cells)


def test_text_streams_as_it_is_generated_and_only_on_request(examiner):
    pieces = []
    reading = examine(examiner, explain=True, on_text=pieces.append)
    assert len(pieces) > 1
    assert "".join(pieces).strip()
    assert len(reading.explanation) + reading.dropped_sentences >= 1
    assert reading.elapsed.language > 0
    pieces.clear()
    reading = examine(examiner, on_text=pieces.append)
    assert pieces == []
    assert reading.explanation == ()
    assert reading.elapsed.language == 0


@pytest.mark.parametrize("calls", [1, 3, 6])
def test_the_operator_can_stop_at_any_step(calls, examiner):
    before, count = examine(examiner).verdict, 0

    def check():
        nonlocal count
        count += 1
        if count == calls:
            raise Cancelled("stop")

    with pytest.raises(Cancelled):
        examine(examiner, explain=True, check=check)
    assert examine(examiner).verdict == before


@pytest.mark.parametrize(("size", "kind"), [((31, 64), "too_small"), ((32, 6500), "unsupported")])
def test_pictures_that_cannot_be_examined_are_refused(size, kind, examiner):
    with pytest.raises(InputError) as caught:
        examine(examiner, picture(*size))
    assert caught.value.kind == kind


def test_the_model_says_who_it_is(examiner, folder, ref, tmp_path):
    info = examiner.info
    assert (info.name, info.injection_layer, info.fusion) == (folder.name, 16, "mean")
    assert (info.device, info.dtype) == ("cpu", "float32")
    weights = ref.weights("old")
    weights["model.norm.weight"] += 1
    write_tokenizer(write_folder(tmp_path, weights))
    assert load_examiner(tmp_path, CPU).info.sha256 != info.sha256


def test_a_folder_without_tokenizer_or_template_is_refused(ref, tmp_path):
    folder = write_folder(tmp_path, ref.weights("old"))
    with pytest.raises(ModelError, match=r"no tokenizer\.json"):
        load_examiner(folder, CPU)
    write_tokenizer(folder, template=None)
    with pytest.raises(ModelError, match="no chat template"):
        load_examiner(folder, CPU)
    (folder / "chat_template.json").write_text(json.dumps({"chat_template": TEMPLATE}))
    assert examine(load_examiner(folder, CPU)).heatmap.cells.shape == (8, 10)


@pytest.mark.parametrize(
    ("z", "outcome"),
    [(9.0, Outcome.AI), (1.0, Outcome.INCONCLUSIVE), (-9.0, Outcome.REAL), (1e4, Outcome.AI)],
)
def test_only_clear_answers_get_a_band_and_none_is_called_validated(z, outcome):
    found = verdict_of(ReadOuts(both=z, semantic=0.0, artifact=0.0), (z, z))
    assert found.outcome == outcome
    assert found.p_ai == pytest.approx(1 / (1 + math.exp(-min(z, 50))))
    assert not found.in_validated_range


def test_an_answer_that_turns_with_the_order_of_the_words_gets_no_band():
    found = verdict_of(ReadOuts(both=4.0, semantic=0.0, artifact=0.0), (9.0, -1.0))
    assert found.outcome is Outcome.INCONCLUSIVE
    assert "wording" in found.band_reason


def close(first, second):
    assert first.verdict.p_ai == pytest.approx(second.verdict.p_ai, abs=1e-4)
    outs = zip(
        dataclasses.astuple(first.verdict.read_outs),
        dataclasses.astuple(second.verdict.read_outs),
        strict=True,
    )
    assert all(a == pytest.approx(b, abs=1e-3) for a, b in outs)
    np.testing.assert_allclose(first.heatmap.cells, second.heatmap.cells, atol=1e-3)
    assert [s.text for s in first.explanation] == [s.text for s in second.explanation]
    assert first.dropped_sentences == second.dropped_sentences


PICTURES = (picture(64, 80), picture(96, 48, seed=1), picture(40, 64, seed=2))


def test_pictures_of_a_batch_are_read_as_each_alone(folder):
    examiner = load_examiner(folder, CPU)
    examiner._batches.size = 3
    told = {0: "", 1: "", 2: ""}

    def hear(index, text):
        told[index] += text

    together = examiner.examine_many(PICTURES, explain=True, on_text=hear, check=lambda: None)
    for found, image in zip(together, PICTURES, strict=True):
        close(found, examine(load_examiner(folder, CPU), image, explain=True))
    assert all(told.values())


def test_pictures_made_ready_ahead_are_read_as_those_that_were_not(examiner):
    shown = [examiner.show(PICTURES[0]), None, examiner.show(PICTURES[2])]
    found = examiner.examine_many(
        PICTURES, shown, explain=False, on_text=lambda *_: None, check=lambda: None
    )
    for reading, image in zip(found, PICTURES, strict=True):
        close(reading, examine(examiner, image))
    assert examiner.show(picture(20, 64)) is None


def test_a_picture_that_cannot_be_examined_does_not_spoil_its_batch(examiner):
    found = examiner.examine_many(
        (PICTURES[0], picture(20, 64), PICTURES[1]),
        explain=False,
        on_text=lambda *_: None,
        check=lambda: None,
    )
    assert isinstance(found[1], InputError)
    close(found[0], examine(examiner, PICTURES[0]))
    close(found[2], examine(examiner, PICTURES[1]))


def test_a_batch_that_does_not_fit_is_halved_and_nothing_is_lost(folder, monkeypatch):
    examiner = load_examiner(folder, CPU)
    examiner._batches.size = 3
    look, tried = examiner.eyes.look, []

    def hungry(pictures, check, shown):
        tried.append(len(pictures))
        if len(pictures) > 1:
            raise torch.OutOfMemoryError("full")
        return look(pictures, check, shown)

    monkeypatch.setattr(examiner.eyes, "look", hungry)
    found = examiner.examine_many(
        PICTURES, explain=False, on_text=lambda *_: None, check=lambda: None
    )
    assert tried == [3, 1, 1, 1]
    assert examiner.batch == 1
    close(found[2], examine(load_examiner(folder, CPU), PICTURES[2]))


def test_a_picture_that_does_not_fit_alone_is_refused_in_words(folder, monkeypatch):
    examiner = load_examiner(folder, CPU)

    def full(_pictures, _check, _shown):
        raise torch.OutOfMemoryError("full")

    monkeypatch.setattr(examiner.eyes, "look", full)
    with pytest.raises(ModelError, match="--weights int8"):
        examine(examiner)


def test_verdicts_alone_are_those_of_a_full_look(examiner):
    found = examiner.eyes.verdicts([image.pixels for image in PICTURES])
    for orders, image in zip(found, PICTURES, strict=True):
        both = examine(examiner, image).verdict.read_outs.both
        assert sum(orders) / 2 == pytest.approx(both, abs=1e-3)


BOX = Region(x=0, y=0, w=8, h=8)


@pytest.mark.parametrize(
    ("sentence", "z", "cites", "regions"),
    [
        ("This is fake.", 2.0, ("M1",), ()),
        ("It looks AI generated in the upper left.", 2.0, ("M1", "M3"), (BOX,)),
        ("The upper left is odd.", -2.0, ("M3",), (BOX,)),
        ("A genuine photograph.", -2.0, ("M1",), ()),
    ],
)
def test_supported_sentences_are_kept_with_what_they_rest_on(sentence, z, cites, regions):
    (kept,), dropped = checked_sentences(sentence, z, (BOX,), (64, 80))
    assert (kept.text, kept.cites, kept.regions) == (sentence, cites, regions)
    assert dropped == 0


@pytest.mark.parametrize(
    ("sentence", "z"),
    [
        ("This is fake.", -2.0),
        ("This is real.", 2.0),
        ("It does not look fake.", 2.0),
        ("Real or fake, who knows.", 2.0),
        ("The lower right is fake.", 2.0),
        ("A dog runs on the beach.", 2.0),
    ],
)
def test_unsupported_sentences_are_dropped_and_counted(sentence, z):
    assert checked_sentences(sentence, z, (BOX,), (64, 80)) == ((), 1)


def test_no_text_is_no_sentence():
    assert checked_sentences("", 1.0, (BOX,), (64, 80)) == ((), 0)
