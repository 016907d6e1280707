"""The fast path: the tower in 8 bits and a linear head, run by ONNX Runtime without torch.

It looks at one square in the picture's middle. The head reads the class token and the mean
patch at some depths of the unadapted tower; another one, which only sees how patches differ from
their mean, makes the heat map.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors import SafetensorError, safe_open

from engine import paths
from engine.errors import InputError, ModelError
from engine.rest_types import Occlusion
from engine.types import Condition, Elapsed, HeatMap, Image, ModelInfo, Region
from engine.vrm import heat
from engine.vrm.contrast import ContrastHead, map_values, read_contrast
from engine.vrm.examiner import Reading
from engine.vrm.findings import findings
from engine.vrm.heat import CELL_PX, Floats
from engine.vrm.int8_tower import PACK, TOWER, Int8Tower
from engine.vrm.mini_config import CALIBRATION_FILE, MINI, TRAINED_FILE, MiniConfig
from engine.vrm.occlusion import MEAN, Asked, Tell, Views, occlude
from engine.vrm.packs import find_pack, require_sound, verify_trained
from engine.vrm.readouts import Readings, decide, load_readings, require_size
from engine.vrm.squares import middle_square, view_pixels

MAX_AT_ONCE = 8
"""Pictures at the same time at most: one decoding process feeds no more."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinearHead:
    """A linear probe on several depths of the tower."""

    depths: tuple[int, ...]
    """Depths it reads, counted from 1 (after the first block)."""
    class_weights: Floats
    """[depths, width], of the class token."""
    patch_weights: Floats
    """[depths, width], of the mean patch."""
    bias: float

    def log_odds(self, states: Mapping[int, Floats]) -> float:
        """Return the view's log-odds.

        Args:
            states: [1 + patches, width] of each depth, class token first.
        """
        of_class = zip(self.depths, self.class_weights, strict=True)
        of_patches = zip(self.depths, self.patch_weights, strict=True)
        return (
            self.bias
            + sum(float(states[d][0] @ w) for d, w in of_class)
            + sum(float(states[d][1:].mean(0) @ w) for d, w in of_patches)
        )


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Looked:
    """What the fast path saw."""

    box: Region
    """The square that was looked at; outside it there is no evidence."""
    log_odds: float
    """The linear probe's, before calibration."""
    contrast: Floats
    """[side, side]: log-odds of each patch beyond the square's own."""


def read_head(file: Path, depths: tuple[int, ...], width: int) -> LinearHead:
    """Read the probe out of the mini's trained weights.

    Args:
        file: the trained weights.
        depths: what the probe reads, in the order of its weights (`MiniConfig.probe_depths`).
        width: of the tower's states.

    Raises:
        ModelError: the file is broken, or its probe reads another number of values.
    """
    try:
        with safe_open(file, framework="numpy") as stored:
            weight = stored.get_tensor("probe.weight").astype(np.float32)
            bias = stored.get_tensor("probe.bias").astype(np.float32)
    except (OSError, SafetensorError) as error:
        raise ModelError(
            f"The trained weights {file} cannot be read ({error}): reinstall."
        ) from error
    if weight.shape != (1, len(depths) * 2 * width) or bias.shape != (1,):
        raise ModelError(
            f"The probe in {file} has weights {weight.shape}, {len(depths)} depths of a tower "
            f"{width} wide need {(1, len(depths) * 2 * width)}: install the weights again."
        )
    parts = weight.reshape(len(depths), 2, width)
    return LinearHead(
        depths=depths, class_weights=parts[:, 0], patch_weights=parts[:, 1], bias=float(bias[0])
    )


class TriageExaminer:
    """The embedded model's fast path. Threads may share it.

    Args:
        tower: gives states at the head's depths.
        head: the linear probe.
        contrast: tells patches apart for the map.
        readings: calibration; its ``triage`` part is used.
        info: which weights these are.
    """

    def __init__(
        self,
        tower: Int8Tower,
        head: LinearHead,
        contrast: ContrastHead,
        readings: Readings,
        info: ModelInfo,
    ) -> None:
        self._tower = tower
        self._head, self._contrast = head, contrast
        self._readings = readings
        self._info = info

    @property
    def info(self) -> ModelInfo:
        """Which model this is."""
        return self._info

    @property
    def at_once(self) -> int:
        """How many pictures may be examined at the same time: one a core."""
        affinity = getattr(os, "sched_getaffinity", None)
        cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
        return min(MAX_AT_ONCE, cores)

    def examine(
        self,
        image: Image,
        *,
        explain: bool,  # noqa: ARG002 - there is no language model to ask
        on_text: Callable[[str], None],  # noqa: ARG002
        check: Callable[[], None],
    ) -> Reading:
        """Examine one picture; see `engine.vrm.examiner.Examiner`. No explanation is written."""
        require_size(image)
        height, width = image.pixels.shape[:2]
        check()
        began = time.perf_counter()
        looked = self.look(image)
        probe = {"probe": looked.log_odds}
        condition = Condition(jpeg_quality=image.jpeg_quality, megapixels=height * width / 1e6)
        # The probe stands for the artifact path, which it is the fast form of.
        verdict = decide(
            self._readings,
            {**probe, "artifact": probe["probe"]},
            condition,
            min(height, width),
            triage=True,
        )
        heatmap = heat_map(image, looked, verdict.p_ai)
        regions = heat.hot_regions(heatmap, height, width)
        return Reading(
            verdict=verdict,
            condition=condition,
            heatmap=heatmap,
            explanation=(),
            dropped_sentences=0,
            findings=findings(probe, heatmap, regions, self._readings.triage.weights),
            elapsed=Elapsed(artifact=1000 * (time.perf_counter() - began)),
        )

    def log_odds(self, image: Image) -> dict[str, float]:
        """Return the log-odds of a picture by name, before calibration."""
        return {"probe": self.look(image).log_odds}

    def occlude(self, image: Image, tell: Tell, fill: str = MEAN) -> Occlusion:
        """Return what the verdict rests on; see `engine.vrm.occlusion.Occludable`."""
        require_size(image)
        box = middle_square(*image.pixels.shape[:2])
        asked = Asked(
            boxes=(box,),
            views=view_pixels(image.pixels, box, self._tower.side_px)[None],
            log_odds=self._asked,
        )
        return occlude(
            asked,
            image,
            self._readings.triage,
            model=self._info,
            triage=True,
            tell=tell,
            fill=fill,
        )

    def _asked(self, views: Views) -> NDArray[np.float64]:
        """Return the probe's log-odds [N] of views [N, side, side, 3]."""
        depths = self._tower.depths
        each = (dict(zip(depths, self._tower.states(view), strict=True)) for view in views)
        return np.array([self._head.log_odds(states) for states in each])

    def look(self, image: Image) -> Looked:
        """Look at the square in the picture's middle."""
        box = middle_square(*image.pixels.shape[:2])
        view = view_pixels(image.pixels, box, self._tower.side_px)
        states = dict(zip(self._tower.depths, self._tower.states(view), strict=True))
        return Looked(
            box=box,
            log_odds=self._head.log_odds(states),
            contrast=self._contrast.log_odds(states),
        )


def heat_map(image: Image, looked: Looked, p_ai: float) -> HeatMap:
    """Return the picture's map: what sets each patch apart, about the picture's own level.

    Args:
        image: the picture.
        looked: what was seen in its square.
        p_ai: its calibrated probability.
    """
    height, width = image.pixels.shape[:2]
    rows, cols = height // CELL_PX, width // CELL_PX
    boxes = (looked.box,)
    values = map_values(p_ai, [looked.contrast], boxes, rows, cols)
    valid = heat.evidence_mask(image.pixels) & heat.covered(boxes, rows, cols)
    covers = looked.box.h / len(looked.contrast)
    method = f"patch contrast; one patch covers {covers:.0f} px"
    return heat.build(values, valid, height, width, method)


def load_triage(model: str, device: str) -> TriageExaminer:
    """Return the fast path of the embedded model.

    Args:
        model: ``"mini"``; a published checkpoint has no fast path.
        device: ``"auto"``, ``"cpu"`` or ``"cuda"``; see `Int8Tower`.

    Raises:
        InputError: the device is unknown.
        ModelError: the model has no fast path, the pack or the trained weights are missing or
            broken, or the device cannot run it.
    """
    if model != MINI:
        raise ModelError(
            f"{model!r} has no triage path, only 'mini' has one: leave --triage or --model out."
        )
    if device not in ("auto", "cpu", "cuda"):
        raise InputError(f"Unknown device {device!r}: use auto, cpu or cuda.")
    pack = find_pack(PACK)
    require_sound(pack)
    weights = paths.resources_dir() / "weights" / MINI
    manifest = verify_trained(weights)
    config, trained = MiniConfig(), weights / TRAINED_FILE
    depths = tuple(sorted({*config.probe_depths, *config.contrast_depths}))
    tower = Int8Tower(pack.part(TOWER).folder, depths, device)
    head = read_head(trained, config.probe_depths, tower.width)
    contrast = read_contrast(trained, config.contrast_depths, tower.width)
    info = ModelInfo(
        name=MINI,
        sha256=hashlib.sha256(f"{pack.identity}\n{manifest.sha256}".encode()).hexdigest(),
        injection_layer=None,
        fusion=None,
        device=tower.device,
        dtype="int8",
    )
    return TriageExaminer(tower, head, contrast, load_readings(weights / CALIBRATION_FILE), info)
