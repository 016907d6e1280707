"""An examiner on a published checkpoint: the host answers "real" or "fake" in one word.

The published checkpoint was trained for that word alone. It has no calibration on this
program's data, so its bands are cautious, and every result says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.errors import InputError, ModelError
from engine.types import Condition, Elapsed, HeatMap, Image, ModelInfo, ReadOuts, Region
from engine.vrm.checkpoint import read_json, weight_files
from engine.vrm.examiner import Reading
from engine.vrm.packs.manifest import FileEntry, combined_hash, hash_file
from engine.vrm.published import PUBLISHED_PROMPT, load_published
from engine.vrm.published_inputs import PublishedInputs
from engine.vrm.published_reading import (
    checked_sentences,
    findings_of,
    heat_of,
    strongest_cells,
    verdict_of,
)
from engine.vrm.readouts import MIN_SIDE_PX
from engine.vrm.wrapper import DeepVrm

EXPLAIN_PROMPT = (
    "Is this image real or fake? Say in at most three short sentences why, and name the part "
    "of the image (such as upper left or centre) that shows it."
)
MAX_NEW_TOKENS = 96


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class _Seen:
    """What the paths answered for one picture."""

    both: float
    read_outs: ReadOuts
    heatmap: HeatMap
    strongest: tuple[Region, ...]
    elapsed: Elapsed


class PublishedExaminer:
    """A checkpoint in the published layout, answering as every model of this program does.

    Read-outs: *both* is the published model; *semantic* has the injection switched off;
    *artifact* has V_a see the picture while the host is shown plain mid-grey of the same size.

    Args:
        vrm: the loaded model.
        inputs: its preparation of pictures.
        info: which model this is.
    """

    def __init__(self, vrm: DeepVrm, inputs: PublishedInputs, info: ModelInfo) -> None:
        self._vrm = vrm
        self._inputs = inputs
        self._info = info

    @property
    def info(self) -> ModelInfo:
        """Which model this is, on which device."""
        return self._info

    @property
    def at_once(self) -> int:
        """One picture at a time: a thread owns the model."""
        return 1

    def examine(
        self,
        image: Image,
        *,
        explain: bool,
        on_text: Callable[[str], None],
        check: Callable[[], None],
    ) -> Reading:
        """Examine one picture; see `engine.vrm.examiner.Examiner`.

        Raises:
            InputError: a side is under 32 px, or one is 200 times the other.
            Cancelled: raised by ``check``.
        """
        height, width, _ = image.pixels.shape
        if min(height, width) < MIN_SIDE_PX:
            raise InputError(
                f"The picture is {width} x {height} px; at least {MIN_SIDE_PX} px a side are "
                "needed.",
                kind="too_small",
            )
        check()
        seen = self._look(image.pixels, check)
        started = time.perf_counter()
        text = self._explain(image.pixels, on_text, check) if explain else ""
        sentences, dropped = checked_sentences(text, seen.both, seen.strongest, (height, width))
        return Reading(
            verdict=verdict_of(seen.read_outs),
            condition=Condition(jpeg_quality=image.jpeg_quality, megapixels=height * width / 1e6),
            heatmap=seen.heatmap,
            explanation=sentences,
            dropped_sentences=dropped,
            findings=findings_of(seen.read_outs, seen.strongest, (height, width)),
            elapsed=Elapsed(
                artifact=seen.elapsed.artifact,
                semantic=seen.elapsed.semantic,
                language=_ms_since(started) if explain else 0.0,
            ),
        )

    def _look(self, pixels: NDArray[np.uint8], check: Callable[[], None]) -> _Seen:
        inputs = self._to_device(self._inputs.prepare(pixels, PUBLISHED_PROMPT))
        started = time.perf_counter()
        with torch.no_grad():
            tokens = self._vrm.artifact_tokens(inputs)
        artifact_ms = _ms_since(started)
        check()
        started = time.perf_counter()
        both, shares = self._both(inputs, tokens)
        check()
        with torch.no_grad():
            off = self._vrm.run(inputs, inject=False, last_only=True).logits
            check()
            grey = {**inputs, "pixel_values": torch.zeros_like(inputs["pixel_values"])}
            alone = self._vrm.run(grey, tokens=tokens, last_only=True).logits
        read_outs = ReadOuts(
            both=both,
            semantic=float(self._inputs.log_odds(off[0, -1])),
            artifact=float(self._inputs.log_odds(alone[0, -1])),
        )
        heatmap = heat_of(shares, self._inputs.grid(inputs), pixels)
        return _Seen(
            both=both,
            read_outs=read_outs,
            heatmap=heatmap,
            strongest=strongest_cells(heatmap, (pixels.shape[0], pixels.shape[1])),
            elapsed=Elapsed(artifact=artifact_ms, semantic=_ms_since(started)),
        )

    def _both(self, inputs: dict[str, Tensor], tokens: Tensor) -> tuple[float, Tensor]:
        """Return the log-odds, and each token's share in what the injection did to them."""
        with torch.enable_grad():
            run = self._vrm.run(inputs, tokens=tokens.clone().requires_grad_(), last_only=True)
            z = self._inputs.log_odds(run.logits[0, -1])
            assert run.fused is not None
            assert run.delta is not None
            (slope,) = torch.autograd.grad(z, run.fused)
        shares = (slope.float() * run.delta.detach().float()).sum(-1)
        return float(z.detach()), shares.cpu()

    def _explain(
        self, pixels: NDArray[np.uint8], on_text: Callable[[str], None], check: Callable[[], None]
    ) -> str:
        inputs = self._to_device(self._inputs.prepare(pixels, EXPLAIN_PROMPT))
        ids: list[int] = []
        told = ""

        def hear(token: int) -> None:
            nonlocal told
            check()
            ids.append(token)
            text = self._inputs.decode(ids)
            if not text.endswith("\ufffd"):  # half of a character that takes several tokens
                on_text(text[len(told) :])
                told = text

        self._vrm.generate(inputs, max_new_tokens=MAX_NEW_TOKENS, on_token=hear)
        return told

    def _to_device(self, inputs: dict[str, Tensor]) -> dict[str, Tensor]:
        device = self._vrm.model.device
        return {name: tensor.to(device) for name, tensor in inputs.items()}


def load_examiner(folder: Path, device: torch.device) -> PublishedExaminer:
    """Load a checkpoint folder as an examiner, in the dtype its config.json states.

    Args:
        folder: a published-layout checkpoint with the host's tokenizer files.
        device: where the model goes.

    Raises:
        ModelError: see `engine.vrm.published.load_published` and `PublishedInputs`.
    """
    dtype = _stored_dtype(read_json(folder / "config.json"))
    entries = [
        FileEntry(name=file.name, sha256=hash_file(file), bytes=file.stat().st_size)
        for file in weight_files(folder)
    ]
    vrm = load_published(folder, device, dtype)
    inputs = PublishedInputs(folder, vrm.model.config)
    prompts = f"{PUBLISHED_PROMPT}\n{EXPLAIN_PROMPT}".encode()
    info = ModelInfo(
        name=folder.resolve().name,
        sha256=combined_hash(entries),
        injection_layer=vrm.layer,
        fusion=vrm.fusion.mode,
        device=str(device),
        dtype=str(dtype).removeprefix("torch."),
        prompt_sha256=hashlib.sha256(prompts).hexdigest(),
    )
    return PublishedExaminer(vrm, inputs, info)


def _stored_dtype(config: dict[str, Any]) -> torch.dtype:
    text = config.get("text_config")
    nested = text if isinstance(text, dict) else {}
    name = config.get("dtype") or config.get("torch_dtype") or nested.get("dtype") or "bfloat16"
    known = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
    if name not in known:
        raise ModelError(f"config.json states dtype {name!r}; known: {', '.join(known)}.")
    return known[name]


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)
