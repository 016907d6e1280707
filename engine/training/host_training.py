"""Stages 1 and 2 on any host: the published recipe, restartable, on a GPU or, tiny, anywhere.

Stage 1 adapts the whole decoder to the question without artifact tokens and is merged; stage 2
adapts V_a and the decoder from layer K on, with the injection open.

Source: arXiv 2606.15880, training details (ranks, strengths, rates, schedule).
"""

from __future__ import annotations

import math
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from engine.vrm.host_checkpoint import write_injection
from engine.vrm.host_inputs import HostInputs
from engine.vrm.host_views import Pixels
from engine.vrm.host_words import FAKE, REAL
from engine.vrm.lora import add_lora, merge_lora
from engine.vrm.published import FUSION, PUBLISHED_PROMPT, SWAPPED_PROMPT, V_A, key_of
from engine.vrm.published_looking import on_device
from engine.vrm.wrapper import DeepVrm

KEPT = ("*.json", "*.txt", "*.jinja", "LICENSE*", "README*")
"""Files of a host's folder that its trained checkpoint needs as well."""
MERGER_RATE = 0.01
"""Rate of the mergers over that of the rest (1e-6 over 1e-4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One picture to learn from; it is loaded when its turn comes."""

    load: Callable[[], Pixels]
    fake: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HostPlan:
    """The schedule; defaults are the published ones."""

    epochs: int = 2
    batch: int = 512
    """Pictures a step, gathered over single runs."""
    rate: float = 1e-4
    decay: float = 1e-3
    warm_up: float = 0.05
    """Share of the steps."""
    ranks: tuple[int, int] = (128, 64)
    """Of stages 1 and 2; the strength is twice the rank."""
    save_every: int = 20
    """Steps between snapshots."""
    seed: int = 0


Log = Callable[[str], None]


class HostRun:
    """One training run in a folder; started again it goes on from its last snapshot.

    Args:
        vrm: the host with V_a as a copy of V_o, without adapters.
        inputs: prepares its pictures.
        plan: the schedule.
        work: folder of the run.
        log: told how far it is.
    """

    def __init__(
        self, vrm: DeepVrm, inputs: HostInputs, plan: HostPlan, *, work: Path, log: Log
    ) -> None:
        self._vrm, self._inputs, self._plan, self._work, self._log = vrm, inputs, plan, work, log
        work.mkdir(parents=True, exist_ok=True)
        # What is kept of a run's layers is computed again on the way back: memory for time.
        vrm.model.activation_checkpointing_enable()

    def run(self, semantic: Sequence[Sample], paired: Sequence[Sample]) -> None:
        """Run both stages; afterwards the model's adapters are merged.

        Args:
            semantic: D1, real and generated photographs.
            paired: D2, photographs and their own reconstructions.
        """
        whole = self._vrm.host.decoder_pattern(self._vrm.model, 0)
        self.stage("stage1", rf"model\.{whole}", list(semantic), inject=False)
        both = rf"{self._vrm.encoder_pattern}|{self._vrm.decoder_pattern}"
        self.stage("stage2", both, [*semantic, *paired], inject=True)

    def stage(self, name: str, pattern: str, samples: list[Sample], *, inject: bool) -> None:
        """Train one stage from where its snapshot is, and merge what it learnt.

        Args:
            name: of its snapshot.
            pattern: of the layers that get adapters.
            samples: what it learns from.
            inject: whether artifact tokens are injected.
        """
        plan = self._plan
        rank = plan.ranks[0] if name == "stage1" else plan.ranks[1]
        add_lora(self._vrm, pattern=pattern, r=rank, alpha=2 * rank, seed=plan.seed)
        trained = {n: p for n, p in self._vrm.named_parameters() if p.requires_grad}
        optimiser = torch.optim.AdamW(self._groups(trained), weight_decay=plan.decay)
        steps = max(1, math.ceil(len(samples) * plan.epochs / plan.batch))
        first = self._resume(name, trained, optimiser)
        self._vrm.train()
        began = time.monotonic()
        for step in range(first, steps):
            self._set_rate(optimiser, step, steps)
            loss = self._step(samples, step, inject=inject)
            nn.utils.clip_grad_norm_(trained.values(), 1.0)
            optimiser.step()
            optimiser.zero_grad()
            each = (time.monotonic() - began) / (step + 1 - first)
            left = each * (steps - step - 1) / 60
            self._log(f"{name} step {step + 1}/{steps} loss {loss:.4f}, {left:.1f} min left")
            if (step + 1) % plan.save_every == 0 or step + 1 == steps:
                self._save(name, step + 1, trained, optimiser)
        self._vrm.eval()
        merge_lora(self._vrm)

    def _step(self, samples: list[Sample], step: int, *, inject: bool) -> float:
        """Gather the gradients of one batch; return its mean loss."""
        total = 0.0
        chosen = list(self._chosen(samples, step))
        for sample, question in chosen:
            loss = self._loss(sample, question, inject=inject) / len(chosen)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _chosen(self, samples: list[Sample], step: int) -> Iterator[tuple[Sample, str]]:
        """Yield a step's samples: the same whether the run was broken off before or not."""
        plan = self._plan
        for i in range(step * plan.batch, (step + 1) * plan.batch):
            epoch, place = divmod(i, len(samples))
            if epoch >= plan.epochs:
                return
            order = np.random.default_rng((plan.seed, epoch)).permutation(len(samples))
            turn = np.random.default_rng((plan.seed, i)).integers(2)
            yield samples[order[place]], (PUBLISHED_PROMPT, SWAPPED_PROMPT)[turn]

    def _loss(self, sample: Sample, question: str, *, inject: bool) -> Tensor:
        answer = FAKE if sample.fake else REAL
        made = self._inputs.prepare(sample.load(), question, answer)
        inputs = on_device(made, self._vrm)
        count = len(self._inputs.words.answer(question, answer))
        device = self._vrm.model.device
        with torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
            logits = self._vrm.run(inputs, inject=inject, keep=count + 1).logits
        wanted = inputs["input_ids"][0, -count:]
        return functional.cross_entropy(logits[0, -count - 1 : -1].float(), wanted)

    def _groups(self, trained: dict[str, nn.Parameter]) -> list[dict[str, object]]:
        """Return the optimiser's groups: mergers learn a hundredth as fast."""
        mergers = [p for n, p in trained.items() if "merger" in n or "projector" in n]
        known = {id(p) for p in mergers}
        rest = [p for p in trained.values() if id(p) not in known]
        rate = self._plan.rate
        groups: list[dict[str, object]] = [{"params": rest, "peak": rate, "lr": rate}]
        if mergers:
            slow = rate * MERGER_RATE
            groups.append({"params": mergers, "peak": slow, "lr": slow})
        return groups

    def _set_rate(self, optimiser: torch.optim.Optimizer, step: int, steps: int) -> None:
        """Warm up, then fall along a half cosine."""
        warm = max(1, round(self._plan.warm_up * steps))
        rise = min(1.0, (step + 1) / warm)
        fall = 0.5 * (1 + math.cos(math.pi * step / steps))
        for group in optimiser.param_groups:
            group["lr"] = group["peak"] * rise * fall

    def _save(
        self,
        name: str,
        step: int,
        trained: dict[str, nn.Parameter],
        optimiser: torch.optim.Optimizer,
    ) -> None:
        """Replace the snapshot at once: a run that is ended at any moment goes on from it."""
        state = {
            "step": step,
            "weights": {n: p.detach() for n, p in trained.items()},
            "optimiser": optimiser.state_dict(),
        }
        partial = self._work / f"{name}.partial"
        torch.save(state, partial)
        partial.replace(self._work / f"{name}.pt")

    def _resume(
        self, name: str, trained: dict[str, nn.Parameter], optimiser: torch.optim.Optimizer
    ) -> int:
        file = self._work / f"{name}.pt"
        if not file.is_file():
            return 0
        saved = torch.load(file, weights_only=True, map_location=self._vrm.model.device)
        with torch.no_grad():
            for key, parameter in trained.items():
                parameter.copy_(saved["weights"][key])
        optimiser.load_state_dict(saved["optimiser"])
        self._log(f"{name}: goes on at step {saved['step']}")
        return int(saved["step"])


def save_checkpoint(vrm: DeepVrm, host: Path, out: Path) -> None:
    """Write a merged model as a checkpoint that `engine.vrm.host_checkpoint` loads.

    Args:
        vrm: without adapters.
        host: folder of the host it was made of; its configuration and tokenizer are copied.
        out: folder of the checkpoint; of a Qwen2.5-VL it is the published layout.
    """
    out.mkdir(parents=True, exist_ok=True)
    for pattern in KEPT:
        for file in host.glob(pattern):
            if not file.name.endswith("index.json"):
                shutil.copyfile(file, out / file.name)
    write_injection(vrm, out)
    save_weights(vrm, out)


def save_weights(vrm: DeepVrm, folder: Path) -> None:
    """Write a merged model's weights: the host's under their own names, V_a's beside them.

    Args:
        vrm: without adapters.
        folder: where ``model.safetensors`` goes; of a Qwen2.5-VL it is the published layout.
    """
    state = {name: t.contiguous().clone() for name, t in vrm.model.state_dict().items()}
    if vrm.model.get_output_embeddings().weight is vrm.model.get_input_embeddings().weight:
        state.pop("lm_head.weight", None)  # tied: it is the embeddings' own
    for part, module in ((V_A, vrm.artifact.parts), (FUSION, vrm.fusion)):
        for name, tensor in module.state_dict().items():
            state[key_of(part, name)] = tensor.contiguous().clone()
    partial = folder / "model.partial"
    save_file(state, partial, metadata={"format": "pt"})
    partial.replace(folder / "model.safetensors")
