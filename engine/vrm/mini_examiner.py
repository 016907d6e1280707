"""The mini as an examiner: views, both paths, calibration, heat map, findings, explanation."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.errors import InputError
from engine.types import (
    Condition,
    Elapsed,
    HeatMap,
    Image,
    ModelInfo,
    Region,
    Sentence,
)
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX, cells_of_picture
from engine.vrm.claims import Ground
from engine.vrm.examiner import Reading, Writer
from engine.vrm.explain import explain
from engine.vrm.findings import findings
from engine.vrm.mini import GRID, QUESTION, Mini, normalise
from engine.vrm.readouts import MIN_SIDE_PX, Readings, decide
from engine.vrm.views import cover_views, view_tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Seen:
    """What the artifact path and the semantic path saw in one picture."""

    boxes: tuple[Region, ...]
    semantic: Tensor
    """V_o's tokens [V, 49, d]."""
    artifact: Tensor
    """V_a + R's tokens [V, 49, d]."""
    log_odds: dict[str, float]
    """``artifact``, ``residual`` and ``probe``; later also ``both`` and ``semantic``."""
    token_logits: list[heat.Floats]
    """[7, 7] each view."""
    cell_logits: heat.Floats
    """[H // 16, W // 16]."""
    looked_at: np.ndarray[tuple[int, int], np.dtype[np.bool_]]
    """[H // 16, W // 16]."""


class MiniExaminer:
    """The embedded model.

    Args:
        model: with trained weights, in evaluation mode.
        readings: its calibration.
        info: which weights these are.
    """

    def __init__(self, model: Mini, readings: Readings, info: ModelInfo) -> None:
        self._model = model
        self._readings = readings
        self._info = info

    @property
    def info(self) -> ModelInfo:
        """Which model this is, on which device."""
        return self._info

    @property
    def at_once(self) -> int:
        """One picture at a time: a thread owns the model."""
        return 1

    @property
    def model(self) -> Mini:
        """The model itself, for measuring it."""
        return self._model

    def examine(
        self,
        image: Image,
        *,
        explain: bool,
        on_text: Callable[[str], None],  # noqa: ARG002 - its writer tells, later
        check: Callable[[], None],
    ) -> Reading:
        """Examine one picture; see `engine.vrm.examiner.Examiner`."""
        height, width = image.pixels.shape[:2]
        if min(height, width) < MIN_SIDE_PX:
            raise InputError(
                f"The picture is {width} x {height} px; at least {MIN_SIDE_PX} px a side are "
                "needed to see traces.",
                kind="too_small",
            )
        watch = _Watch()
        seen = self.look(image)
        artifact_ms = watch.lap()
        check()
        self._ask(seen, check)
        semantic_ms = watch.lap()
        condition = Condition(jpeg_quality=image.jpeg_quality, megapixels=height * width / 1e6)
        verdict = decide(
            self._readings,
            seen.log_odds,
            condition,
            min(height, width),
            triage=False,
        )
        heatmap = heat_map(seen, image)
        regions = heat.hot_regions(heatmap, height, width)
        watch.lap()
        return Reading(
            verdict=verdict,
            condition=condition,
            heatmap=heatmap,
            explanation=(),
            dropped_sentences=0,
            findings=findings(seen.log_odds, heatmap, regions),
            elapsed=Elapsed(
                artifact=artifact_ms,
                semantic=semantic_ms,
            ),
            writer=self._writer(seen) if explain else None,
        )

    def log_odds(self, image: Image) -> dict[str, float]:
        """Return every log-odds of a picture by name, before calibration."""
        seen = self.look(image)
        self._ask(seen, lambda: None)
        return seen.log_odds

    @torch.inference_mode()
    def look(self, image: Image) -> Seen:
        """Run R on native pixels and the towers on square views."""
        model = self._model
        height, width = image.pixels.shape[:2]
        boxes = cover_views(height, width)
        with self._precision():
            cells, looked_at = cells_of_picture(model.residual, image.pixels)
            views = torch.stack([view_tensor(image.pixels, b) for b in boxes])
            shared = model.shared_states(normalise(views))
            parts = torch.cat([_cells_under(cells, box) for box in boxes])
            artifact = model.artifact_tokens(shared, parts)
            token_logits, picture_logits = model.heads(artifact)
            # Only cells that were looked at: the others would narrow the spread R's head reads.
            base = model.base_states(shared)
            probe = model.probe_logits(base)
            residual = model.residual.logit(cells[:, looked_at][None, :, :, None])
            cell_logits = model.residual.cell_logits(cells[None])[0]
            semantic = model.semantic_tokens(base)
        return Seen(
            boxes=boxes,
            semantic=semantic,
            artifact=artifact,
            log_odds={
                "artifact": float(picture_logits.mean()),
                "residual": float(residual),
                "probe": float(probe.mean()),
            },
            token_logits=[t.float().reshape(GRID, GRID).numpy() for t in token_logits],
            cell_logits=cell_logits.float().numpy(),
            looked_at=looked_at.numpy(),
        )

    @torch.inference_mode()
    def _ask(self, seen: Seen, check: Callable[[], None]) -> None:
        """Ask the language model with and without the injection; adds to ``seen.log_odds``."""
        model = self._model
        ids = model.prompt_ids(QUESTION).expand(len(seen.boxes), -1)
        for name, artifact in (("both", seen.artifact), ("semantic", None)):
            check()
            with self._precision():
                hidden = model.answer(seen.semantic, artifact, ids)
                seen.log_odds[name] = float(model.log_odds(model.logits(hidden[:, -1])).mean())

    def _writer(self, seen: Seen) -> Writer:
        """Return what explains a picture that was seen, from the view in its middle."""
        middle = len(seen.boxes) // 2
        semantic = seen.semantic[middle : middle + 1].clone()
        artifact = seen.artifact[middle : middle + 1].clone()

        def write(
            ground: Ground, *, on_text: Callable[[str], None], check: Callable[[], None]
        ) -> tuple[Sentence, ...]:
            with self._precision():
                return explain(
                    self._model, semantic, artifact, ground, on_text=on_text, check=check
                )

        return write

    def _precision(self) -> torch.autocast:
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._info.dtype == "bfloat16")


def _cells_under(cells: Tensor, box: Region) -> Tensor:
    """Return the residual cells that a view's box covers: [1, C, h, w]."""
    top, left = round(box.y / CELL_PX), round(box.x / CELL_PX)
    bottom = max(top + 1, round((box.y + box.h) / CELL_PX))
    right = max(left + 1, round((box.x + box.w) / CELL_PX))
    return torch.nn.functional.adaptive_avg_pool2d(
        cells[None, :, top:bottom, left:right], (GRID, GRID)
    )


def heat_map(seen: Seen, image: Image) -> HeatMap:
    """Return the picture's map: how strongly each artifact token speaks of a generator.

    The residual network's cells are left out: on composites of calibration sources the tokens
    alone point better (docs/log.md).
    """
    rows, cols = seen.cell_logits.shape
    values = heat.sigmoid(heat.spread_tokens(seen.token_logits, seen.boxes, rows, cols))
    valid = heat.evidence_mask(image.pixels) & seen.looked_at
    height, width = image.pixels.shape[:2]
    method = f"token head; one token covers {seen.boxes[0].h / GRID:.0f} px"
    return heat.build(values, valid, height, width, method)


class _Watch:
    """Wall time between laps, ms."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        passed = 1000 * (now - self._last)
        self._last = now
        return passed
