"""What a checkpoint sees of a batch of pictures, in as few runs as can be."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.types import HeatMap, ReadOuts
from engine.vrm.examiner import Shown
from engine.vrm.host_inputs import HostInputs
from engine.vrm.host_views import Layout
from engine.vrm.hosts import Encoded
from engine.vrm.prefill import Prefill, prefill
from engine.vrm.published_reading import heat_of
from engine.vrm.wrapper import DeepVrm

Pixels = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What the paths answered for one picture."""

    read_outs: ReadOuts
    """``both`` is the mean of ``orders``; the others are of the published order."""
    orders: tuple[float, float]
    """Log-odds of both paths when "real" is named first, as published, and when "fake" is."""
    heatmap: HeatMap


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Look:
    """A batch that was looked at."""

    seen: tuple[Seen, ...]
    """One a picture."""
    opened: Prefill
    """The run over the published question, for what is asked next."""
    towers_ms: float
    """Time of V_o and V_a, which run side by side, for the whole batch."""
    decoder_ms: float
    """Time of the decoder's runs."""


class Eyes:
    """Looks at pictures with one model.

    One run over a prompt answers a question, for a whole batch. V_o and V_a see each picture
    once: their tokens serve both orders of the answers, and the run without content.

    Args:
        vrm: the loaded model.
        inputs: its preparation of pictures.
        questions: the published question, and the one that names the answers the other way round.
    """

    def __init__(self, vrm: DeepVrm, inputs: HostInputs, questions: tuple[str, str]) -> None:
        self._vrm, self._inputs, self._questions = vrm, inputs, questions
        self._blank: dict[tuple[int, ...], Encoded] = {}
        """V_o's output for plain mid-grey, by the size of the picture."""

    def show(self, pixels: Pixels) -> Shown:
        """Make a picture ready for the device, on whatever thread decoded it.

        Args:
            pixels: [H, W, 3], sRGB.

        Raises:
            InputError: the picture is too long for its width.
        """
        return ready(self._inputs.views.show(pixels), self._vrm)

    def verdicts(self, pictures: Sequence[Pixels]) -> tuple[tuple[float, float], ...]:
        """Return the log-odds of both paths, for both orders; nothing else is computed.

        Args:
            pictures: each [H, W, 3], sRGB.
        """
        batch, layouts = self._batch([self.show(pixels) for pixels in pictures])
        encoded, tokens = self._encode(batch)
        first = self._odds(prefill(self._vrm, batch, tokens=tokens, encoded=encoded).logits)
        swapped = self._swapped(batch, layouts, encoded, tokens)
        return tuple(zip(first, swapped, strict=True))

    def look(
        self,
        pictures: Sequence[Pixels],
        check: Callable[[], None],
        shown: Sequence[Shown | None] = (),
    ) -> Look:
        """Look at a batch of pictures.

        Args:
            pictures: each [H, W, 3], sRGB.
            check: raises Cancelled.
            shown: what `show` made of each ahead of time, None where it did not; empty for none.

        Raises:
            InputError: a picture is too long for its width.
            Cancelled: raised by ``check``.
        """
        started = time.perf_counter()
        given = shown or [None] * len(pictures)
        batch, layouts = self._batch(
            [
                self.show(pixels) if one is None else one
                for pixels, one in zip(pictures, given, strict=True)
            ]
        )
        encoded, tokens = self._encode(batch)
        self._wait()
        towers_ms = _ms_since(started)
        started = time.perf_counter()
        check()
        opened = prefill(self._vrm, batch, tokens=tokens, encoded=encoded)
        check()
        swapped = self._swapped(batch, layouts, encoded, tokens)
        check()
        with torch.no_grad():
            semantic = self._odds(opened.answer(None))
        check()
        blank = self._blanks(batch, len(pictures))
        artifact = self._odds(prefill(self._vrm, batch, tokens=tokens, encoded=blank).logits)
        check()
        shares = torch.split(self._shares(opened), [len(layout.cells) for layout in layouts])
        first = self._odds(opened.logits)
        seen = []
        for i, (layout, pixels) in enumerate(zip(layouts, pictures, strict=True)):
            orders = (first[i], swapped[i])
            seen.append(
                Seen(
                    read_outs=ReadOuts(
                        both=sum(orders) / 2, semantic=semantic[i], artifact=artifact[i]
                    ),
                    orders=orders,
                    heatmap=heat_of(layout.on_cells(shares[i]), layout.grid, pixels),
                )
            )
        return Look(
            seen=tuple(seen),
            opened=opened,
            towers_ms=towers_ms,
            decoder_ms=_ms_since(started),
        )

    def _batch(self, shown: Sequence[Shown]) -> tuple[dict[str, Tensor], list[Layout]]:
        """Return the inputs of the published question on the device, and where tokens lie.

        Each picture is copied by itself, from the pinned memory it was made ready in, and joined
        with the others on the device.
        """
        views = self._inputs.views
        layouts = [views.layouts(one)[0] for one in shown]
        words = self._to_device(self._inputs.texts(layouts, self._questions[0]))
        return {**words, **views.join([self._to_device(one) for one in shown])}, layouts

    @torch.no_grad()
    def _encode(self, batch: dict[str, Tensor]) -> tuple[Any, Tensor]:
        return self._vrm.encode(batch)

    def _swapped(
        self, batch: dict[str, Tensor], layouts: Sequence[Layout], encoded: Any, tokens: Tensor
    ) -> tuple[float, ...]:
        """Return the log-odds of the other order: other words about the same pictures."""
        words = self._to_device(self._inputs.texts(layouts, self._questions[1]))
        asked = {**batch, **words}
        return self._odds(prefill(self._vrm, asked, tokens=tokens, encoded=encoded).logits)

    def _shares(self, opened: Prefill) -> Tensor:
        """Return each token's share, by first order, in what the injection did to the answers."""
        with torch.enable_grad():
            fused = opened.fused().detach().requires_grad_()
            z = self._inputs.words.log_odds(opened.answer(fused)).sum()
            (slope,) = torch.autograd.grad(z, fused)
        delta = fused.detach() - opened.states[opened.image_mask]
        return (slope.float() * delta.float()).sum(-1).cpu()

    @torch.no_grad()
    def _blanks(self, batch: dict[str, Tensor], count: int) -> Encoded:
        """Return V_o's output for pictures of plain mid-grey, as large as those of the batch."""
        found = []
        for row in range(count):
            size, grey = self._inputs.views.blank(batch, row)
            if size not in self._blank:
                self._blank[size] = self._vrm.host.single(self._vrm.semantic(grey))
            found.append(self._blank[size])
        return self._vrm.host.encoded(found)

    def _wait(self) -> None:
        """Wait for the device, so that a time means what it says."""
        if self._vrm.model.device.type == "cuda":
            torch.cuda.synchronize(self._vrm.model.device)

    def _odds(self, logits: Tensor) -> tuple[float, ...]:
        return tuple(self._inputs.words.log_odds(logits).tolist())

    def _to_device(self, inputs: Mapping[str, Tensor]) -> dict[str, Tensor]:
        return on_device(inputs, self._vrm)


def ready(inputs: Mapping[str, Tensor], vrm: DeepVrm) -> dict[str, Tensor]:
    """Return inputs as a model's device takes them, still in main memory.

    Pixels are in the dtype of the towers. For a GPU the memory is pinned, which lets the copy go on
    beside the device's work.

    Args:
        inputs: on the CPU.
        vrm: the model.
    """
    device, dtype = vrm.model.device, next(vrm.artifact.parameters()).dtype
    cast = {k: v.to(dtype) if v.is_floating_point() else v for k, v in inputs.items()}
    if device.type != "cuda":
        return cast
    return {k: v if v.is_pinned() else v.pin_memory() for k, v in cast.items()}


def on_device(inputs: Mapping[str, Tensor], vrm: DeepVrm) -> dict[str, Tensor]:
    """Return inputs where a model takes them, pixels in the dtype of its towers.

    Args:
        inputs: on the CPU.
        vrm: the model.
    """
    device = vrm.model.device
    if device.type != "cuda":
        return ready(inputs, vrm)
    return {k: v.to(device, non_blocking=True) for k, v in ready(inputs, vrm).items()}


def _ms_since(started: float) -> float:
    return 1e3 * (time.perf_counter() - started)
