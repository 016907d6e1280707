"""How a stage descends: what trains, how fast, what is said and what is kept on the way."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor

from engine.training.batches import Batch, Batches
from engine.vrm.mini import Mini

STAGE_FILES = (
    "stage1.safetensors",
    "residual.safetensors",
    "stage2.safetensors",
    "stage3.safetensors",
    "final.safetensors",
)
LOGGED_EVERY = 20
SAVED_EVERY = 60
WARMUP_STEPS = 60

RATES = {"lora": 4e-4, "merger.": 6e-4, "heads.": 6e-4, "residual.": 2e-3, "fusion.": 1e-2}
"""Peak learning rates by the part of a parameter's name."""

Log = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How long each stage is."""

    caption_steps: int = 500
    caption_batch: int = 16
    residual_steps: int = 500
    artifact_steps: int = 900
    language_steps: int = 300
    seed: int = 0


def save_trained(model: Mini, file: Path, dtype: torch.dtype = torch.float32) -> None:
    """Write the trained tensors as safetensors, replacing the file at once."""
    partial = file.with_suffix(".partial")
    state = {k: v.to(dtype).contiguous() for k, v in model.trained_state().items()}
    save_file(state, partial)
    partial.replace(file)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """One stage of the training."""

    name: str
    """Stem of its files."""
    steps: int
    """How long it is."""
    own: Callable[[str], bool]
    """Which of this project's parameters it trains."""


def descend(
    model: Mini,
    stage: Stage,
    losses_of: Callable[[Batch, int], dict[str, Tensor]],
    batches: Batches,
    *,
    work: Path,
    log: Log,
) -> None:
    """Run one stage's steps from where its snapshot is.

    The snapshot is one file that is replaced at once and holds everything the next step needs;
    a run that is ended at any moment goes on as if it had not been.
    """
    weights, snapshot = work / f"{stage.name}.safetensors", work / f"{stage.name}.pt"
    trained = train_only(model, stage.own)
    optimiser = torch.optim.AdamW(parameter_groups(model), weight_decay=1e-3)
    first = 0
    if snapshot.exists():
        saved = torch.load(snapshot, weights_only=True)
        first = int(saved["step"])
        optimiser.load_state_dict(saved["optimiser"])
        model.load_trained(saved["weights"])
        log(f"{stage.name}: continues at step {first} of {stage.steps}")
    clock = Clock(stage.steps, log)
    for step, batch in batches.run(first, stage.steps):
        set_rate(optimiser, step, stage.steps)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = losses_of(batch, step)
        optimiser.zero_grad()
        torch.stack(list(losses.values())).sum().backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimiser.step()
        clock.tick(step, **{k: float(v.detach()) for k, v in losses.items()})
        if (step + 1) % SAVED_EVERY == 0 or step + 1 == stage.steps:
            save_trained(model, weights)
            state = {"weights": model.trained_state(), "optimiser": optimiser.state_dict()}
            partial = snapshot.with_suffix(".partial.pt")
            torch.save({"step": step + 1, **state}, partial)
            partial.replace(snapshot)


def train_only(model: Mini, wanted: Callable[[str], bool]) -> list[torch.nn.Parameter]:
    """Let gradients reach this project's own parameters that are wanted, and no others."""
    ours = set(model.trained_state())
    chosen = []
    for name, parameter in model.named_parameters():
        parameter.requires_grad_(name in ours and wanted(name))
        if parameter.requires_grad:
            chosen.append(parameter)
    return chosen


def parameter_groups(model: Mini) -> list[dict[str, object]]:
    """Return optimiser groups of what is being trained, each with its peak rate."""
    groups: dict[str, list[torch.nn.Parameter]] = {}
    for name, parameter in model.named_parameters():
        if parameter.requires_grad:
            key = "lora" if "lora_" in name else name.split(".")[0] + "."
            groups.setdefault(key, []).append(parameter)
    return [{"params": p, "lr": RATES[k], "peak": RATES[k]} for k, p in groups.items()]


def set_rate(optimiser: torch.optim.Optimizer, step: int, steps: int) -> None:
    """Warm up, then fall along a half cosine to a twentieth."""
    warm = min(1.0, (step + 1) / WARMUP_STEPS)
    fall = 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * step / steps))
    for group in optimiser.param_groups:
        group["lr"] = group.setdefault("peak", group["lr"]) * warm * fall


class Clock:
    """Says every few steps how the losses stand and how long it will take."""

    def __init__(self, steps: int, log: Log) -> None:
        self._steps, self._log = steps, log
        self._begin, self._count = time.monotonic(), 0
        self._sums: dict[str, list[float]] = {}

    def tick(self, step: int, **losses: float) -> None:
        """Take note of a step's losses."""
        self._count += 1
        for name, value in losses.items():
            self._sums.setdefault(name, []).append(value)
        if (step + 1) % LOGGED_EVERY and step + 1 != self._steps:
            return
        each = (time.monotonic() - self._begin) / self._count
        means = " ".join(f"{k} {sum(v) / len(v):.3f}" for k, v in sorted(self._sums.items()))
        left = each * (self._steps - step - 1) / 60
        self._log(f"step {step + 1}/{self._steps} {means} ({each:.2f} s a step, {left:.1f} min)")
        self._sums.clear()
