from __future__ import annotations

import pytest

from engine.errors import ModelError
from engine.vrm.memory import Plan, Size, Weights, measure, plan
from tests.engine.vrm.tiny_published import reference, write_folder

GB = 10**9
SEVEN_B = Size(decoder_bytes=13 * GB, other_bytes=4 * GB, parameters=8 * 10**9)


@pytest.mark.parametrize(
    ("free", "weights"),
    [
        (80 * GB, Weights.STORED),
        (16 * GB, Weights.INT8),
        (11 * GB, Weights.INT4),
        (6 * GB, Weights.OFFLOAD),
    ],
)
def test_the_first_form_that_fits_is_taken(free, weights):
    found = plan(SEVEN_B, free, Weights.AUTO, cuda=True)
    assert found.weights is weights


def test_a_slow_way_says_that_it_is_slow():
    assert "tenth of the speed" in plan(SEVEN_B, 6 * GB, Weights.AUTO, cuda=True).reason
    assert "tenth of the speed" in plan(SEVEN_B, 80 * GB, Weights.OFFLOAD, cuda=True).reason


def test_fewer_bits_say_that_answers_change():
    assert "log-odds" in plan(SEVEN_B, 16 * GB, Weights.AUTO, cuda=True).reason


def test_on_a_processor_weights_are_as_stored():
    assert plan(SEVEN_B, 0, Weights.AUTO, cuda=False) == Plan(
        weights=Weights.STORED, reason="On a processor, as stored."
    )


def test_four_bits_on_a_processor_are_refused():
    with pytest.raises(ModelError, match="CUDA"):
        plan(SEVEN_B, 0, Weights.INT4, cuda=False)


def test_what_was_asked_for_is_done():
    assert plan(SEVEN_B, 80 * GB, Weights.INT8, cuda=True).weights is Weights.INT8


def test_a_checkpoint_is_measured_by_its_headers(tmp_path):
    ref = reference()
    size = measure(write_folder(tmp_path, ref.weights("old")))
    decoder = [m.weight for layer in layers(ref) for m in layer.modules() if hasattr(m, "weight")]
    linears = sum(w.numel() for w in decoder if w.ndim == 2)
    everything = sum(t.numel() for t in ref.weights("old").values())
    assert size == Size(
        decoder_bytes=4 * linears,
        other_bytes=4 * (everything - linears),
        parameters=everything,
    )


def layers(ref):
    return ref.model.model.language_model.layers


def test_a_damaged_file_is_named(tmp_path):
    folder = write_folder(tmp_path, reference().weights("old"))
    (folder / "model.safetensors").write_bytes(b"\xff" * 40)
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        measure(folder)
