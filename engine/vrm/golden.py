"""Golden vectors: this engine against the published method's own implementation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path

import torch
from torch import Tensor
from torch.nn.functional import pad

from engine.errors import ModelError
from engine.vrm.agreement import logits_tolerance
from engine.vrm.checkpoint import listed, read_tensors
from engine.vrm.host_checkpoint import load_checkpoint
from engine.vrm.prefill import prefill
from engine.vrm.published_looking import on_device
from engine.vrm.wrapper import DeepVrm

GOLDEN_FILE = "golden.safetensors"
CPU = torch.device("cpu")
EXTRA = 3
"""Padding that a longer neighbour would add: at lengths of whole vectors sums often round alike."""
_INPUTS = ("input_ids", "pixel_values", "image_grid_thw")
_EXPECTED = ("low_level_image_embeds", "logits", "generated_ids")


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldenCase:
    """How one golden case came out."""

    case: int
    """Its number in the file."""
    max_abs_logits: float
    """Largest absolute difference of a logit, all positions."""
    max_abs_artifact: float
    """Largest absolute difference of V_a's output."""
    tokens_equal: bool
    """Whether greedy generation with a key-value cache gave the same tokens."""
    max_abs_batch: float | None
    """Largest difference of a logit of the answer between a batch and the case alone; None where
    no batch was asked for."""
    tolerance: float
    """Largest difference allowed."""
    within: bool
    """Whether all differences are within the tolerance and, in float32, the tokens are equal.

    In bfloat16 a path may turn where two tokens lie nearer to each other than the rounding."""


def run_golden(
    folder: Path,
    tol: float | None = None,
    *,
    device: torch.device = CPU,
    dtype: torch.dtype = torch.float32,
    inject: bool = True,
    batch: int = 1,
) -> Iterator[GoldenCase]:
    """Compare this engine with the golden vectors in a checkpoint's folder.

    Args:
        folder: a published-layout checkpoint with ``golden.safetensors`` beside its weights.
        tol: largest absolute difference allowed, >= 0; None takes what rounding explains in this
            dtype (`engine.vrm.agreement`).
        device: where the engine runs; the vectors were made on a processor, in float32.
        dtype: the engine's.
        inject: False switches the injection off, to show that the vectors notice it.
        batch: above 1, the cases are also run together, in turn, as so many prompts of one run.

    Yields:
        One result a case, in order of their numbers.

    Raises:
        ModelError: the checkpoint cannot be loaded, or the vectors are missing or malformed.
    """
    tensors = read_tensors(folder / GOLDEN_FILE)
    cases = _cases(folder, tensors)
    vrm = load_checkpoint(folder, device, dtype)
    allowed = logits_tolerance(dtype) if tol is None else tol
    apart = _apart_in_batch(vrm, cases, batch) if batch > 1 else {}
    for case, values in cases.items():
        yield _compare(vrm, case, values, _Terms(allowed, inject, apart.get(case)))


def _cases(folder: Path, tensors: dict[str, Tensor]) -> dict[int, dict[str, Tensor]]:
    """Sort ``"{i}.{name}"`` tensors by case."""
    cases: dict[int, dict[str, Tensor]] = {}
    for key, tensor in tensors.items():
        number, _, name = key.partition(".")
        if not number.isdecimal():
            raise ModelError(f"{folder / GOLDEN_FILE} holds {key!r}; keys are 'case.name'.")
        cases.setdefault(int(number), {})[name] = tensor
    if not cases:
        raise ModelError(f"{folder / GOLDEN_FILE} holds no case.")
    for case, values in cases.items():
        missing = [f"{case}.{n}" for n in (*_INPUTS, *_EXPECTED) if n not in values]
        if missing:
            raise ModelError(f"{folder / GOLDEN_FILE} lacks {listed(missing)}.")
    return dict(sorted(cases.items()))


def padded(rows: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    """Return prompts of unlike length as one batch, padded on the left.

    Args:
        rows: inputs of a prompt each.
    """
    length = EXTRA + max(row["input_ids"].shape[1] for row in rows)
    ids = [row["input_ids"][0] for row in rows]
    attention = [pad(torch.ones_like(each), (length - len(each), 0)) for each in ids]
    return {
        "input_ids": torch.stack([pad(each, (length - len(each), 0)) for each in ids]),
        "attention_mask": torch.stack(attention),
        "pixel_values": torch.cat([row["pixel_values"] for row in rows]),
        "image_grid_thw": torch.cat([row["image_grid_thw"] for row in rows]),
    }


def _apart_in_batch(
    vrm: DeepVrm, cases: Mapping[int, Mapping[str, Tensor]], batch: int
) -> dict[int, float]:
    """Return how far each case's answer in a batch lies from its answer alone."""
    inputs = {case: {name: values[name] for name in _INPUTS} for case, values in cases.items()}
    turns = list(islice(cycle(inputs), batch))
    together = prefill(vrm, on_device(padded([inputs[case] for case in turns]), vrm)).logits
    alone = {case: prefill(vrm, on_device(one, vrm)).logits[0] for case, one in inputs.items()}
    apart = dict.fromkeys(inputs, 0.0)
    for row, case in zip(together, turns, strict=True):
        apart[case] = max(apart[case], float((row.float() - alone[case].float()).abs().max()))
    return apart


@dataclass(frozen=True, slots=True)
class _Terms:
    """What a case is held to."""

    tol: float
    inject: bool
    apart: float | None


def _compare(vrm: DeepVrm, case: int, values: dict[str, Tensor], terms: _Terms) -> GoldenCase:
    tol, inject, apart = terms.tol, terms.inject, terms.apart
    inputs = on_device({name: values[name] for name in _INPUTS}, vrm)
    with torch.no_grad():
        artifact = vrm.artifact_tokens(inputs)
        logits = vrm(inputs, inject=inject)
    exact = next(vrm.parameters()).dtype is torch.float32
    off_logits = _max_abs(case, "logits", logits, values)
    off_artifact = _max_abs(case, "low_level_image_embeds", artifact, values)
    prompt, expected = values["input_ids"], values["generated_ids"]
    if not torch.equal(expected[:, : prompt.shape[1]], prompt):
        expected = torch.cat([prompt, expected], dim=1)  # stored without the prompt
    new = expected.shape[1] - prompt.shape[1]
    if new < 1:
        raise ModelError(f"Golden case {case} holds no generated token.")
    ids = vrm.generate(inputs, max_new_tokens=new, inject=inject).cpu()
    equal = torch.equal(ids, expected)
    return GoldenCase(
        case=case,
        max_abs_logits=off_logits,
        max_abs_artifact=off_artifact,
        tokens_equal=equal,
        max_abs_batch=apart,
        tolerance=tol,
        within=(
            (equal or not exact)
            and off_logits <= tol
            and off_artifact <= tol
            and (apart is None or apart <= tol)
        ),
    )


def _max_abs(case: int, name: str, ours: Tensor, values: dict[str, Tensor]) -> float:
    theirs = values[name]
    if ours.shape != theirs.shape:
        raise ModelError(
            f"Golden case {case}: {name} has shape {list(theirs.shape)}, this engine gives "
            f"{list(ours.shape)}."
        )
    return float((ours.float().cpu() - theirs).abs().max())
