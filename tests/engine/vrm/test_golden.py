from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from engine.errors import ModelError
from engine.vrm.agreement import BFLOAT16_LOGITS, FLOAT32_LOGITS
from engine.vrm.golden import GOLDEN_FILE, run_golden
from tests.engine.vrm.tiny_published import golden_tensors, reference, write_folder

TOL = 1e-4
SHARED = Path(__file__).resolve().parents[3] / "../shared/data/golden"


@pytest.fixture(scope="module")
def ref():
    return reference()


@pytest.fixture(scope="module")
def vectors(ref):
    return golden_tensors(ref)


@pytest.fixture
def folder(ref, tmp_path):
    return write_folder(tmp_path, ref.weights("old"))


def write(folder, vectors):
    save_file({k: v.contiguous() for k, v in vectors.items()}, folder / GOLDEN_FILE)
    return folder


def test_vectors_of_the_published_method_are_met(folder, vectors):
    found = list(run_golden(write(folder, vectors), TOL))
    assert [c.case for c in found] == [0, 1]
    for case in found:
        assert case.within
        assert case.tokens_equal
        assert case.max_abs_logits <= TOL
        assert case.max_abs_artifact == 0


def test_the_vectors_notice_a_missing_injection(folder, vectors):
    for case in run_golden(write(folder, vectors), TOL, inject=False):
        assert not case.within
        assert case.max_abs_logits > 0.1


def test_tokens_may_be_stored_without_the_prompt(folder, vectors):
    bare = dict(vectors)
    for case in "01":
        start = vectors[f"{case}.input_ids"].shape[1]
        bare[f"{case}.generated_ids"] = vectors[f"{case}.generated_ids"][:, start:]
    assert all(c.within for c in run_golden(write(folder, bare), TOL))


@pytest.mark.parametrize("name", ["logits", "low_level_image_embeds", "generated_ids"])
def test_each_kind_of_difference_fails_its_case_alone(name, folder, vectors):
    changed = dict(vectors)
    wrong = vectors[f"1.{name}"].clone()
    wrong[..., -1] += 1 if name == "generated_ids" else 2 * TOL
    changed[f"1.{name}"] = wrong
    good, bad = run_golden(write(folder, changed), TOL)
    assert good.within
    assert not bad.within
    assert bad.tokens_equal == (name != "generated_ids")
    assert (bad.max_abs_logits > TOL) == (name == "logits")
    assert (bad.max_abs_artifact > TOL) == (name == "low_level_image_embeds")


def test_a_difference_that_is_not_a_number_fails(folder, vectors):
    wrong = vectors["0.logits"].clone()
    wrong[0, 0, 0] = torch.nan
    first, _ = run_golden(write(folder, {**vectors, "0.logits": wrong}), TOL)
    assert not first.within


def test_missing_and_malformed_vectors_are_named(folder, vectors):
    cases = {
        r"lacks 1\.logits": {"1.logits": None},
        "holds 'logits'": {"logits": torch.zeros(1)},
        r"low_level_image_embeds has shape \[3\]": {"0.low_level_image_embeds": torch.zeros(3)},
        "no generated token": {"0.generated_ids": vectors["0.input_ids"].clone()},
    }
    for message, change in cases.items():
        changed = {k: v for k, v in {**vectors, **change}.items() if v is not None}
        with pytest.raises(ModelError, match=message):
            list(run_golden(write(folder, changed), TOL))


def test_a_folder_without_vectors_is_refused(folder):
    with pytest.raises(ModelError, match=r"golden\.safetensors is missing"):
        list(run_golden(folder, TOL))


def test_bfloat16_is_held_to_what_its_rounding_explains(folder, vectors):
    plain = list(run_golden(write(folder, vectors)))
    assert [case.tolerance for case in plain] == [FLOAT32_LOGITS] * 2
    assert all(case.within for case in plain)
    for case in run_golden(folder, dtype=torch.bfloat16):
        # These random logits spread more than those the tolerance was set for.
        assert FLOAT32_LOGITS < case.max_abs_logits < 10 * BFLOAT16_LOGITS
        assert case.tolerance == BFLOAT16_LOGITS


def test_cases_that_run_together_answer_as_each_alone(folder, vectors):
    found = list(run_golden(write(folder, vectors), batch=5))
    assert all(case.within for case in found)
    assert 0 < max(case.max_abs_batch for case in found) < FLOAT32_LOGITS
    assert [case.max_abs_batch for case in run_golden(folder)] == [None, None]


@pytest.fixture
def shared():
    if not SHARED.is_dir():
        pytest.skip(f"the development data is not there: {SHARED}")
    return SHARED


@pytest.mark.shared
def test_reference_implementation_is_met(shared):
    found = list(run_golden(shared, TOL))
    assert [c.case for c in found] == [0, 1]
    for case in found:
        assert case.within
        assert case.tokens_equal
        assert case.max_abs_artifact == 0


@pytest.mark.shared
def test_bfloat16_answers_as_the_reference_up_to_rounding(shared):
    for case in run_golden(shared, dtype=torch.bfloat16):
        assert case.within
        assert case.max_abs_logits > FLOAT32_LOGITS  # it is bfloat16 indeed


@pytest.mark.shared
@pytest.mark.parametrize(
    ("dtype", "allowed"), [(torch.float32, FLOAT32_LOGITS), (torch.bfloat16, BFLOAT16_LOGITS)]
)
def test_a_batch_of_32_answers_as_each_alone(dtype, allowed, shared):
    for case in run_golden(shared, dtype=dtype, batch=32):
        assert case.within
        assert 0 < case.max_abs_batch < allowed


@pytest.mark.shared
def test_reference_vectors_notice_a_missing_injection(shared):
    for case in run_golden(shared, TOL, inject=False):
        assert not case.within
        assert case.max_abs_logits > 0.1
