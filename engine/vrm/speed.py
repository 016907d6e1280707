"""Speed of a large checkpoint against the machine's own ceiling, and against the plain loop.

The ceiling is a measured product of square matrices; the operations of a verdict are counted by
torch as they run. Their ratio is how much of the machine is used (a roofline with one roof: at
these sizes the matrices, not the memory, bound a prefill).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.utils.flop_counter import FlopCounterMode

from engine.errors import ModelError
from engine.vrm.memory import Weights
from engine.vrm.prefill import prefill
from engine.vrm.random_host import random_inputs, random_vrm
from engine.vrm.roofline import Operations, operations
from engine.vrm.wrapper import DeepVrm

MATRIX_SIDE = {"7b": 8192, "tiny": 256}
BATCHES = {"7b": (1, 2, 4, 8, 16, 32, 64), "tiny": (1, 2, 4)}
WARM_UP, ROUNDS = 2, 5
NEW_TOKENS = 64
"""What the plain loop generates a picture (the reference implementation's limit)."""

Holder = Callable[[DeepVrm, Weights, torch.device], DeepVrm]


@dataclass(frozen=True, slots=True, kw_only=True)
class Batched:
    """Verdicts of one size of batch: V_o, V_a and one run over the prompts."""

    batch: int
    images_per_s: float
    """One order of the answers; asked in both orders the decoder runs twice."""
    tflops: float
    """Operations of a verdict that were counted, a second, 1e12."""
    of_ceiling: float
    """Share of the measured ceiling."""
    peak_memory_gb: float | None
    """Of the device, 1e9 bytes; None on a processor."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What holding the decoder's weights in fewer bits does."""

    weights: str
    images_per_s: float
    largest_change: float
    """Largest difference of a logit of the answer, over its spread (standard deviation)."""
    peak_memory_gb: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """How far two ways to the same answer differ, over the spread of the logits."""

    what: str
    largest: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SpeedReport:
    """All figures of one measurement; weights are random, answers mean nothing."""

    shape: str
    device: str
    """Name of the device."""
    dtype: str
    versions: str
    """Of torch, and of CUDA where it is used."""
    attention: str
    """Which implementation of attention the host uses."""
    parameters: int
    ceiling_tflops: float
    """Measured product of square matrices in the same dtype, in the same run."""
    verdict_gflop: float
    """Operations of one verdict, counted as they run, 1e9. On a processor torch does not count the
    products of attention."""
    reckoned: Operations
    """The same from the model's sizes, part by part."""
    batches: tuple[Batched, ...]
    loop_images_per_s: float
    """The plain loop: one picture, generated up to `NEW_TOKENS` tokens."""
    best_over_loop: float
    """Best batch over the plain loop, images a second."""
    both_orders_images_per_s: float
    """At the best batch, the answers asked for in both orders: the towers run once."""
    compiled_images_per_s: float | None
    """Best batch with the decoder's layers compiled, the injection outside; None: not measured."""
    compiled_over_best: float | None
    """What compiling gains; it pays above 1."""
    held: tuple[Held, ...]
    agreements: tuple[Agreement, ...]
    not_measured: tuple[str, ...]
    """What this machine could not tell."""


def measure_speed(
    shape: str,
    device: torch.device,
    check: Callable[[], None],
    *,
    holder: Holder | None = None,
    compiled: bool = False,
) -> SpeedReport:
    """Measure a randomly initialised model of a published shape.

    Args:
        shape: ``"7b"`` or ``"tiny"``.
        device: where; ``"7b"`` needs a CUDA device with 40 GB free.
        check: raises Cancelled.
        holder: `engine.vrm.held.hold`; without it fewer bits are not measured.
        compiled: whether to measure compiled layers as well.

    Raises:
        InputError: an unknown shape.
        ModelError: the device cannot hold the model.
    """
    cuda = device.type == "cuda"
    if shape == "7b" and not cuda:
        raise ModelError(
            "bench --gpu measures the 7B shape on a CUDA device, and none is available here: "
            "use --shape tiny to try the command itself."
        )
    dtype = torch.bfloat16 if cuda else torch.float32
    vrm = random_vrm(shape, device, dtype)
    ceiling = _ceiling(MATRIX_SIDE[shape], device, dtype)
    flop = _flop(vrm, shape, device)
    batches = _all_batches(vrm, shape, device, check, flop=flop, ceiling=ceiling)
    check()
    loop = _loop(vrm, shape, device)
    best = max(batches, key=lambda each: each.images_per_s)
    agreements = tuple(_agreements(vrm, shape, device))
    fast = _compiled(vrm, shape, best.batch, device) if compiled else None
    check()
    held, missing = _held(vrm, shape, best.batch, device, holder)
    return SpeedReport(
        shape=shape,
        device=torch.cuda.get_device_name(device) if cuda else "cpu",
        dtype=str(dtype).removeprefix("torch."),
        versions=f"torch {torch.__version__}" + (f", CUDA {torch.version.cuda}" if cuda else ""),
        attention=str(vrm.model.config._attn_implementation),  # it has no public name
        parameters=sum(p.numel() for p in vrm.parameters()),
        ceiling_tflops=round(ceiling / 1e12, 3),
        verdict_gflop=round(flop / 1e9, 4),
        reckoned=operations(shape),
        batches=tuple(batches),
        loop_images_per_s=round(loop, 4),
        best_over_loop=round(best.images_per_s / loop, 3),
        both_orders_images_per_s=_both_orders(vrm, shape, best.batch, device),
        compiled_images_per_s=fast,
        compiled_over_best=None if fast is None else round(fast / best.images_per_s, 3),
        held=held,
        agreements=agreements,
        not_measured=(*missing, *_left_out(compiled=compiled, cuda=cuda)),
    )


@torch.no_grad()
def verdict_logits(vrm: DeepVrm, inputs: dict[str, Tensor]) -> Tensor:
    """Return the logits a verdict is read from, [batch, vocabulary]; the work that is timed."""
    encoded, tokens = vrm.encode(inputs)
    return prefill(vrm, inputs, tokens=tokens, encoded=encoded).logits


@torch.no_grad()
def both_orders(vrm: DeepVrm, inputs: dict[str, Tensor], other: Tensor) -> tuple[Tensor, Tensor]:
    """Return the logits of both orders of the answers; the towers run once.

    Args:
        vrm: the model.
        inputs: the question in its first order.
        other: ids of the question in the other order, [batch, length].
    """
    encoded, tokens = vrm.encode(inputs)
    first = prefill(vrm, inputs, tokens=tokens, encoded=encoded).logits
    asked = {**inputs, "input_ids": other}
    return first, prefill(vrm, asked, tokens=tokens, encoded=encoded).logits


def _left_out(*, compiled: bool, cuda: bool) -> tuple[str, ...]:
    said = [] if compiled else ["compiled layers: not asked for (--compiled)"]
    said.append("CUDA graphs: the engine does not use them, see docs/gpu.md")
    if not cuda:
        said.append("peak memory of a device, and all figures of a GPU: no CUDA device is here")
    return tuple(said)


def _seconds(work: Callable[[], object], device: torch.device) -> float:
    """Return the median time of a piece of work."""
    times = []
    for turn in range(WARM_UP + ROUNDS):
        _wait(device)
        started = time.perf_counter()
        work()
        _wait(device)
        if turn >= WARM_UP:
            times.append(time.perf_counter() - started)
    return sorted(times)[len(times) // 2]


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def _ceiling(side: int, device: torch.device, dtype: torch.dtype) -> float:
    """Return operations a second of a product of square matrices."""
    a = torch.randn(side, side, device=device, dtype=dtype)
    b = torch.randn(side, side, device=device, dtype=dtype)
    return 2 * side**3 / _seconds(lambda: a @ b, device)


def _flop(vrm: DeepVrm, shape: str, device: torch.device) -> float:
    with FlopCounterMode(display=False) as counter:
        verdict_logits(vrm, random_inputs(shape, 1, device))
    return float(counter.get_total_flops())


def _batched(
    vrm: DeepVrm, shape: str, size: int, device: torch.device, *, flop: float, ceiling: float
) -> Batched:
    inputs = random_inputs(shape, size, device)
    _forget_peak(device)
    seconds = _seconds(lambda: verdict_logits(vrm, inputs), device)
    return Batched(
        batch=size,
        images_per_s=round(size / seconds, 3),
        tflops=round(flop * size / seconds / 1e12, 4),
        of_ceiling=round(flop * size / seconds / ceiling, 4),
        peak_memory_gb=_peak_gb(device),
    )


def _all_batches(
    vrm: DeepVrm,
    shape: str,
    device: torch.device,
    check: Callable[[], None],
    *,
    flop: float,
    ceiling: float,
) -> list[Batched]:
    """Measure batches of growing size, until one does not fit."""
    found = []
    for size in BATCHES[shape]:
        check()
        try:
            found.append(_batched(vrm, shape, size, device, flop=flop, ceiling=ceiling))
        except torch.OutOfMemoryError:
            break
    return found


def _loop(vrm: DeepVrm, shape: str, device: torch.device) -> float:
    inputs = random_inputs(shape, 1, device)
    return 1 / _seconds(lambda: vrm.generate(inputs, max_new_tokens=NEW_TOKENS), device)


def _agreements(vrm: DeepVrm, shape: str, device: torch.device) -> Iterator[Agreement]:
    size = BATCHES[shape][-1] if shape == "tiny" else 8
    inputs = random_inputs(shape, size, device)
    together = verdict_logits(vrm, inputs)
    patches = inputs["pixel_values"].shape[0] // size
    alone = {
        "input_ids": inputs["input_ids"][-1:],
        "pixel_values": inputs["pixel_values"][-patches:],
        "image_grid_thw": inputs["image_grid_thw"][-1:],
    }
    single = verdict_logits(vrm, alone)
    yield Agreement(what=f"batch 1 and batch {size}", largest=_apart(together[-1:], single))
    plain = vrm.run(alone, keep=1).logits[:, -1]
    yield Agreement(what="kept open and plain run", largest=_apart(single, plain))


def _both_orders(vrm: DeepVrm, shape: str, size: int, device: torch.device) -> float:
    inputs = random_inputs(shape, size, device)
    other = random_inputs(shape, size, device, seed=1)["input_ids"]
    return round(size / _seconds(lambda: both_orders(vrm, inputs, other), device), 3)


def _compiled(vrm: DeepVrm, shape: str, size: int, device: torch.device) -> float:
    inputs = random_inputs(shape, size, device)
    with vrm.compiled():
        return round(size / _seconds(lambda: verdict_logits(vrm, inputs), device), 3)


def _held(
    vrm: DeepVrm, shape: str, size: int, device: torch.device, holder: Holder | None
) -> tuple[tuple[Held, ...], tuple[str, ...]]:
    if holder is None:
        return (), ("8- and 4-bit weights: torchao is not installed (extra 'gpu')",)
    inputs = random_inputs(shape, size, device)
    stored = verdict_logits(vrm, inputs)
    forms = [Weights.INT8, Weights.INT4] if device.type == "cuda" else [Weights.INT8]
    found = []
    for form in forms:
        fresh = random_vrm(shape, torch.device("cpu"), next(vrm.parameters()).dtype)
        fresh.load_state_dict(vrm.state_dict())
        fresh = holder(fresh, form, device)
        _forget_peak(device)
        change = _apart(verdict_logits(fresh, inputs), stored)
        seconds = _seconds(lambda fresh=fresh: verdict_logits(fresh, inputs), device)  # type: ignore[misc]
        found.append(
            Held(
                weights=str(form),
                images_per_s=round(size / seconds, 3),
                largest_change=change,
                peak_memory_gb=_peak_gb(device),
            )
        )
        del fresh
    missing = () if len(forms) == 2 else ("4-bit weights: they need a CUDA device",)
    return tuple(found), missing


def _apart(first: Tensor, second: Tensor) -> float:
    difference = (first.float() - second.float()).abs().max()
    return round(float(difference / second.float().std()), 6)


def _forget_peak(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)


def _peak_gb(device: torch.device) -> float | None:
    if device.type != "cuda":
        return None
    return round(torch.cuda.max_memory_allocated(device) / 1e9, 3)
