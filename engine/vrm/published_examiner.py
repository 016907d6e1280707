"""An examiner on a checkpoint of any host: it answers "real" or "fake" in one word.

Checkpoints are trained for that word alone. They have no calibration on this program's data, so
their bands are cautious, and every result says so.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch

from engine.errors import InputError, ModelError
from engine.types import Condition, Elapsed, Image, ModelInfo
from engine.vrm.checkpoint import read_json, weight_files
from engine.vrm.examiner import Reading, Shown
from engine.vrm.halving import Halving
from engine.vrm.host_checkpoint import load_checkpoint
from engine.vrm.host_inputs import HostInputs
from engine.vrm.host_views import MAX_ASPECT
from engine.vrm.memory import Plan, Weights, measure, plan
from engine.vrm.packs.manifest import FileEntry, combined_hash, hash_file
from engine.vrm.published import PUBLISHED_PROMPT, SWAPPED_PROMPT
from engine.vrm.published_looking import Eyes, Look, Seen
from engine.vrm.published_reading import (
    checked_sentences,
    findings_of,
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


CPU_BATCH, CUDA_BATCH = 1, 32
"""Most pictures a run. On a processor more give nothing; on a GPU memory decides, by halving."""


@dataclass(frozen=True, slots=True, eq=False)
class _Turn:
    """One picture of those that were given."""

    index: int
    image: Image
    shown: Shown | None


class PublishedExaminer:
    """A checkpoint with an artifact path, answering as every model of this program does.

    Read-outs: *both* is the published model, asked in both orders of the answers; *semantic* has
    the injection switched off; *artifact* has V_a see the picture while the host is shown plain
    mid-grey of the same size.

    Args:
        vrm: the loaded model.
        inputs: its preparation of pictures.
        info: which model this is.
        held: how its weights are held.
    """

    def __init__(self, vrm: DeepVrm, inputs: HostInputs, info: ModelInfo, held: Plan) -> None:
        self._vrm, self._inputs, self._info = vrm, inputs, info
        self.held = held
        """How its weights are held, and why."""
        self.eyes = Eyes(vrm, inputs, (PUBLISHED_PROMPT, SWAPPED_PROMPT))
        """Sees batches of pictures, without words about them."""
        on_gpu = vrm.model.device.type == "cuda"
        self._batches = Halving(CUDA_BATCH if on_gpu else CPU_BATCH)

    @property
    def info(self) -> ModelInfo:
        """Which model this is, on which device."""
        return self._info

    @property
    def at_once(self) -> int:
        """One picture at a time: a thread owns the model."""
        return 1

    @property
    def batch(self) -> int:
        """How many pictures `examine_many` had best be given."""
        return self._batches.size

    def verdicts(self, images: Sequence[Image]) -> list[dict[str, float]]:
        """Return the log-odds of both orders for pictures in one run, whatever their number.

        Args:
            images: the decoded pictures.
        """
        found = self.eyes.verdicts([image.pixels for image in images])
        return [{"first": first, "swapped": swapped} for first, swapped in found]

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
        (found,) = self.examine_many(
            (image,), explain=explain, on_text=lambda _, text: on_text(text), check=check
        )
        if isinstance(found, InputError):
            raise found
        return found

    def show(self, image: Image) -> Shown | None:
        """Make a picture ready for the device, on any thread; None where it cannot be examined."""
        return None if _refusal(image) else self.eyes.show(image.pixels)

    def examine_many(
        self,
        images: Sequence[Image],
        shown: Sequence[Shown | None] = (),
        *,
        explain: bool,
        on_text: Callable[[int, str], None],
        check: Callable[[], None],
    ) -> tuple[Reading | InputError, ...]:
        """Examine several pictures in as few runs as memory allows.

        Args:
            images: the decoded pictures.
            shown: what `show` made of each ahead of time; empty for none.
            explain: whether to write an explanation of each.
            on_text: called with a picture's index and each new piece of its text.
            check: raises Cancelled.

        Returns:
            One a picture: its reading, or why it cannot be examined.

        Raises:
            ModelError: not even one picture fits into the device's memory.
            Cancelled: raised by ``check``.
        """
        check()
        refused = {i: why for i, image in enumerate(images) if (why := _refusal(image)) is not None}
        given = shown or [None] * len(images)
        fit = [
            _Turn(i, image, one)
            for i, (image, one) in enumerate(zip(images, given, strict=True))
            if i not in refused
        ]
        readings: dict[int, Reading | InputError] = dict(refused)
        work = self._batches.run(fit, lambda batch: self._readings(batch, explain, on_text, check))
        for turn, reading in zip(fit, work, strict=True):
            readings[turn.index] = reading
        return tuple(readings[i] for i in range(len(images)))

    def _readings(
        self,
        batch: Sequence[_Turn],
        explain: bool,
        on_text: Callable[[int, str], None],
        check: Callable[[], None],
    ) -> list[Reading]:
        looked = self.eyes.look(
            [turn.image.pixels for turn in batch], check, [turn.shown for turn in batch]
        )
        readings = []
        for row, (turn, seen) in enumerate(zip(batch, looked.seen, strict=True)):
            started = time.perf_counter()
            tell = partial(on_text, turn.index)
            text = self._explain(looked, row, tell, check) if explain else ""
            elapsed = Elapsed(
                artifact=looked.towers_ms / len(batch),
                semantic=looked.decoder_ms / len(batch),
                language=_ms_since(started) if explain else 0.0,
            )
            readings.append(_reading(turn.image, seen, text, elapsed))
        return readings

    def _explain(
        self, looked: Look, row: int, on_text: Callable[[str], None], check: Callable[[], None]
    ) -> str:
        both = looked.seen[row].read_outs.both
        assert both is not None
        turn = self._inputs.words.next_turn(
            PUBLISHED_PROMPT, "fake" if both > 0 else "real", EXPLAIN_PROMPT
        )
        ids: list[int] = []
        told = ""
        words = looked.opened.go_on(
            turn, max_new_tokens=MAX_NEW_TOKENS, stop=self._vrm.end_ids(), row=row
        )
        for token in words:
            check()
            ids.append(token)
            text = self._inputs.words.decode(ids)
            if not text.endswith("\ufffd"):  # half of a character that takes several tokens
                on_text(text[len(told) :])
                told = text
        return told


def _refusal(image: Image) -> InputError | None:
    height, width, _ = image.pixels.shape
    if min(height, width) < MIN_SIDE_PX:
        return InputError(
            f"The picture is {width} x {height} px; at least {MIN_SIDE_PX} px a side are needed.",
            kind="too_small",
        )
    if max(height, width) > MAX_ASPECT * min(height, width):
        return InputError(
            f"The picture is {width} x {height} px; this model takes pictures up to "
            f"{MAX_ASPECT} times longer than wide.",
            kind="unsupported",
        )
    return None


def _reading(image: Image, seen: Seen, text: str, elapsed: Elapsed) -> Reading:
    height, width, _ = image.pixels.shape
    strongest = strongest_cells(seen.heatmap, (height, width))
    assert seen.read_outs.both is not None
    sentences, dropped = checked_sentences(text, seen.read_outs.both, strongest, (height, width))
    return Reading(
        verdict=verdict_of(seen.read_outs, seen.orders),
        condition=Condition(jpeg_quality=image.jpeg_quality, megapixels=height * width / 1e6),
        heatmap=seen.heatmap,
        explanation=sentences,
        dropped_sentences=dropped,
        findings=findings_of(seen.read_outs, seen.orders, strongest, (height, width)),
        elapsed=elapsed,
    )


Hold = Callable[[DeepVrm, Weights, torch.device], DeepVrm]
"""`engine.vrm.held.hold`."""


def _no_holder() -> Hold:
    raise ModelError("Weights in fewer bits or away from the device are not available here.")


def load_examiner(
    folder: Path,
    device: torch.device,
    weights: Weights = Weights.AUTO,
    holder: Callable[[], Hold] = _no_holder,
    *,
    dtype: torch.dtype | None = None,
) -> PublishedExaminer:
    """Load a checkpoint folder as an examiner.

    Args:
        folder: a checkpoint of any host, with the host's tokenizer files.
        device: where the model goes.
        weights: how its weights are held.
        holder: gives what holds them otherwise than stored; called when that is needed.
        dtype: to compute in; None takes the one that its config.json states.

    Raises:
        ModelError: see `load_checkpoint` and `HostInputs`; or the
            weights cannot be held as asked.
    """
    cuda = device.type == "cuda"
    free = torch.cuda.mem_get_info(device)[0] if cuda else 0
    held = plan(measure(folder), free, weights, cuda=cuda)
    hold = holder() if held.weights is not Weights.STORED else None
    dtype = dtype or _stored_dtype(read_json(folder / "config.json"))
    entries = [
        FileEntry(name=file.name, sha256=hash_file(file), bytes=file.stat().st_size)
        for file in weight_files(folder)
    ]
    vrm = load_checkpoint(folder, torch.device("cpu") if hold else device, dtype)
    if hold is not None:
        vrm = hold(vrm, held.weights, device)
    inputs = HostInputs(folder, vrm.model.config)
    prompts = "\n".join((PUBLISHED_PROMPT, SWAPPED_PROMPT, EXPLAIN_PROMPT)).encode()
    info = ModelInfo(
        name=folder.resolve().name,
        sha256=combined_hash(entries),
        injection_layer=vrm.layer,
        fusion=vrm.fusion.mode,
        device=str(device),
        dtype=_dtype_name(dtype, held.weights),
        prompt_sha256=hashlib.sha256(prompts).hexdigest(),
    )
    return PublishedExaminer(vrm, inputs, info, held)


def _dtype_name(dtype: torch.dtype, weights: Weights) -> str:
    name = str(dtype).removeprefix("torch.")
    return name if weights is Weights.STORED else f"{name}, decoder {weights}"


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
