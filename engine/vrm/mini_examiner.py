"""The mini as an examiner: views, both paths, calibration, heat map, findings, explanation."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from engine.rest_types import Occlusion
from engine.types import (
    Condition,
    Elapsed,
    Image,
    ModelInfo,
    Region,
    Sentence,
)
from engine.vrm import heat
from engine.vrm.artifact import CELL_PX, see_cells
from engine.vrm.contrast import ContrastHead
from engine.vrm.examiner import Reading
from engine.vrm.explain import explain
from engine.vrm.findings import findings
from engine.vrm.ground import Ground
from engine.vrm.mini import GRID, QUESTION, Mini, normalise
from engine.vrm.mini_seen import Seen, heat_map, locality, pointing
from engine.vrm.occlusion import MEAN, Asked, Tell, Views, occlude
from engine.vrm.readouts import Readings, decide, require_size
from engine.vrm.squares import view_pixels
from engine.vrm.standout import (
    DEPTHS,
    SIDE,
    StandoutHead,
    filter_energies,
    frequencies_of_picture,
)
from engine.vrm.views import cover_views, pixel_tensor, view_tensor


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class MiniWriter:
    """Explains one picture that was seen; an `engine.vrm.examiner.Writer`."""

    model: Mini
    semantic: Tensor
    """V_o's tokens of one view, [1, 49, d]."""
    artifact: Tensor
    """V_a + R's tokens of it, [1, 49, d]."""
    precision: Callable[[], torch.autocast]

    def __call__(
        self, ground: Ground, *, on_text: Callable[[str], None], check: Callable[[], None]
    ) -> tuple[Sentence, ...]:
        """Return the sentences that the model chose."""
        with self.precision():
            return explain(
                self.model, self.semantic, self.artifact, ground, on_text=on_text, check=check
            )


class MiniExaminer:
    """The embedded model.

    Args:
        model: with trained weights, in evaluation mode.
        readings: its calibration.
        info: which weights these are.
        standout: says which place differs most; None leaves that out.
    """

    def __init__(
        self,
        model: Mini,
        readings: Readings,
        info: ModelInfo,
        standout: StandoutHead | None = None,
    ) -> None:
        self._model = model
        self._readings = readings
        self._info = info
        self._standout = standout

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
        require_size(image)
        height, width = image.pixels.shape[:2]
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
        heatmap = heat_map(seen, image, verdict.p_ai)
        regions = heat.hot_regions(heatmap, height, width)
        watch.lap()
        return Reading(
            verdict=verdict,
            condition=condition,
            heatmap=heatmap,
            explanation=(),
            dropped_sentences=0,
            findings=(
                *findings(seen.log_odds, heatmap, regions, self._readings.full.weights),
                *pointing(seen, image),
            ),
            locality=locality(seen, image),
            elapsed=Elapsed(
                artifact=artifact_ms,
                semantic=semantic_ms,
            ),
            writer=self._writer(seen) if explain else None,
        )

    def occlude(self, image: Image, tell: Tell, fill: str = MEAN) -> Occlusion:
        """Return what the verdict rests on; see `engine.vrm.occlusion.Occludable`."""
        require_size(image)
        boxes = cover_views(*image.pixels.shape[:2])
        asked = Asked(
            boxes=boxes,
            views=np.stack([view_pixels(image.pixels, box) for box in boxes]),
            log_odds=self._asked,
        )
        return occlude(
            asked,
            image,
            self._readings.full,
            model=self._info,
            triage=False,
            tell=tell,
            fill=fill,
        )

    @torch.inference_mode()
    def _asked(self, views: Views) -> heat.Floats:
        """Return the probe's log-odds [N] of views [N, 224, 224, 3], computed as by `look`."""
        model = self._model
        with self.precision():
            shown = torch.stack([pixel_tensor(view) for view in views])
            base = model.base_states(model.shared_states(normalise(shown)))
            return np.asarray(model.probe_logits(base).float().numpy(), np.float32)

    def log_odds(self, image: Image) -> dict[str, float]:
        """Return every log-odds of a picture by name, before calibration."""
        seen = self.look(image)
        self._ask(seen, lambda: None)
        return seen.log_odds

    @torch.inference_mode()
    def together(self, images: Sequence[Image]) -> list[dict[str, float]]:
        """Return log-odds of the middle view of each picture, all seen in one run.

        Pictures are examined one by one; this is for measuring that a batch changes nothing.

        Args:
            images: the decoded pictures.
        """
        model = self._model
        with self.precision():
            views, parts = [], []
            for image in images:
                boxes = cover_views(*image.pixels.shape[:2])
                box = boxes[len(boxes) // 2]
                cells, _, _ = see_cells(model.residual, image.pixels)
                views.append(view_tensor(image.pixels, box))
                parts.append(cells_under(cells, box))
            shared = model.shared_states(normalise(torch.stack(views)))
            artifact = model.artifact_tokens(shared, torch.cat(parts))
            base = model.base_states(shared)
            ids = model.prompt_ids(QUESTION).expand(len(images), -1)
            hidden = model.answer(model.semantic_tokens(base), artifact, ids)
            found = {
                "both": model.log_odds(model.logits(hidden[:, -1])),
                "artifact": model.heads(artifact)[1],
                "probe": model.probe_logits(base),
            }
        each = {name: values.float().reshape(-1).tolist() for name, values in found.items()}
        return [{name: each[name][i] for name in each} for i in range(len(images))]

    @torch.inference_mode()
    def look(self, image: Image) -> Seen:
        """Run R on native pixels and the towers on square views."""
        model = self._model
        height, width = image.pixels.shape[:2]
        boxes = cover_views(height, width)
        with self.precision():
            cells, filters, looked_at = see_cells(model.residual, image.pixels)
            views = torch.stack([view_tensor(image.pixels, b) for b in boxes])
            shared = model.shared_states(normalise(views))
            parts = torch.cat([cells_under(cells, box) for box in boxes])
            artifact = model.artifact_tokens(shared, parts)
            token_logits, picture_logits = model.heads(artifact)
            # Only cells that were looked at: the others would narrow the spread R's head reads.
            base = model.base_states(shared)
            probe = model.probe_logits(base)
            residual = model.residual.logit(cells[:, looked_at][None, :, :, None])
            cell_logits = model.residual.cell_logits(cells[None])[0]
            semantic = model.semantic_tokens(base)
        relative = None
        if self._standout is not None:
            features = patch_features(image, boxes, base, filters)
            maps = [self._standout.map(of_view) for of_view in features]
            relative = heat.spread_tokens(maps, boxes, *looked_at.shape)
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
            relative=relative,
            contrasts=[self._contrast(shared, view) for view in range(len(boxes))],
        )

    def _contrast(self, shared: dict[int, Tensor], view: int) -> heat.Floats:
        """Return the contrast of one view's patches [14, 14]."""
        model = self._model
        depths = model.config.contrast_depths
        weights = model.contrast.weight.float().reshape(len(depths), -1).numpy()
        head = ContrastHead(depths=depths, weights=weights)
        return head.log_odds({depth: shared[depth][view].float().numpy() for depth in depths})

    @torch.inference_mode()
    def unevenness(self, image: Image) -> float | None:
        """Return how unevenly a picture's places lie; None without the head or any evidence."""
        found = locality(self.look(image), image)
        return found.score if found is not None else None

    @torch.inference_mode()
    def patches(self, image: Image) -> list[tuple[Region, heat.Floats]]:
        """Return what the head of places reads: each view's box and patches [196, F]."""
        model, boxes = self._model, cover_views(*image.pixels.shape[:2])
        with self.precision():
            _, filters, _ = see_cells(model.residual, image.pixels)
            views = torch.stack([view_tensor(image.pixels, b) for b in boxes])
            base = model.base_states(model.shared_states(normalise(views)))
        return list(zip(boxes, patch_features(image, boxes, base, filters), strict=True))

    @torch.inference_mode()
    def _ask(self, seen: Seen, check: Callable[[], None]) -> None:
        """Ask the language model with and without the injection; adds to ``seen.log_odds``."""
        model = self._model
        ids = model.prompt_ids(QUESTION).expand(len(seen.boxes), -1)
        for name, artifact in (("both", seen.artifact), ("semantic", None)):
            check()
            with self.precision():
                hidden = model.answer(seen.semantic, artifact, ids)
                seen.log_odds[name] = float(model.log_odds(model.logits(hidden[:, -1])).mean())

    def _writer(self, seen: Seen) -> MiniWriter:
        """Return what explains a picture that was seen, from the view in its middle."""
        middle = len(seen.boxes) // 2
        return MiniWriter(
            model=self._model,
            semantic=seen.semantic[middle : middle + 1].clone(),
            artifact=seen.artifact[middle : middle + 1].clone(),
            precision=self.precision,
        )

    def precision(self) -> torch.autocast:
        """Return the arithmetic in which this model runs, as a context."""
        return torch.autocast("cpu", dtype=torch.bfloat16, enabled=self._info.dtype == "bfloat16")


def cells_under(cells: Tensor, box: Region, grid: int = GRID) -> Tensor:
    """Return the residual cells that a view's box covers: [1, C, grid, grid]."""
    top, left = round(box.y / CELL_PX), round(box.x / CELL_PX)
    bottom = max(top + 1, round((box.y + box.h) / CELL_PX))
    right = max(left + 1, round((box.x + box.w) / CELL_PX))
    return torch.nn.functional.adaptive_avg_pool2d(
        cells[None, :, top:bottom, left:right], (grid, grid)
    )


def patch_features(
    image: Image, boxes: tuple[Region, ...], base: dict[int, Tensor], filters: Tensor
) -> list[heat.Floats]:
    """Return what the head of places reads of each view's patches: [196, F] each.

    Args:
        image: the picture.
        boxes: its square views.
        base: states of the unadapted tower by depth, [views, 197, width].
        filters: mean absolute residuals of R's fixed filters, [FRONT_CHANNELS, H // 16, W // 16].
    """
    frequencies = torch.from_numpy(frequencies_of_picture(image.pixels))
    energies = torch.cat([frequencies, torch.from_numpy(filter_energies(filters.numpy()))])
    made = []
    for view, box in enumerate(boxes):
        states = [base[depth][view, 1:].float() for depth in DEPTHS]
        pooled = cells_under(energies, box, SIDE)[0].flatten(1).T
        made.append(torch.cat([*states, pooled], dim=-1).numpy())
    return made


class _Watch:
    """Wall time between laps, ms."""

    def __init__(self) -> None:
        self._last = time.perf_counter()

    def lap(self) -> float:
        now = time.perf_counter()
        passed = 1000 * (now - self._last)
        self._last = now
        return passed
