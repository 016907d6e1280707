"""What the full path's squares and number format change: folds asked again on some pictures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict

import numpy as np
import torch

from engine.errors import InputError
from engine.images.decoder import Decoder
from engine.training.augment import Pixels
from engine.training.data import PoolImage, dice
from engine.training.descent import Log
from engine.training.evaluate import Row
from engine.training.folds import as_array
from engine.training.metrics import Bools, auc, bootstrap, difference
from engine.training.probing import Probe
from engine.vrm.mini import Mini, normalise
from engine.vrm.squares import cover_views
from engine.vrm.views import view_tensor

CONDITION = "as is"
PICTURES = 300
LOG_EVERY = 50


def compare_squares(
    model: Mini,
    rows: Sequence[Row],
    probes: Mapping[str, Probe],
    images: Sequence[PoolImage],
    log: Log,
    *,
    pictures: int = PICTURES,
) -> dict[str, object]:
    """Return the AUC of the probe on the full path's squares, beside the fast path's one.

    Args:
        model: gives states of views in its own number format.
        rows: of the fast path, from ``fold_rows``.
        probes: by the source that each was fitted without.
        images: the pictures of the rows.
        log: told how far it is.
        pictures: how many are drawn, by a hash of their content.

    Raises:
        InputError: the drawn pictures are of one class.
    """
    by_hash = {image.sha256: image for image in images}
    drawn = sorted(
        (r for r in rows if r.condition == CONDITION), key=lambda r: dice(by_hash[r.sha256])
    )[:pictures]
    ai: Bools = np.array([r.label == "ai" for r in drawn])
    if len(np.unique(ai)) < 2:
        raise InputError(f"{len(drawn)} pictures are all of one class: name a larger set.")
    full: list[float] = []
    with Decoder() as decoder:
        for n, row in enumerate(drawn, 1):
            pixels = decoder.decode_file(str(by_hash[row.sha256].path)).pixels
            full.append(_of_squares(model, probes[row.source], pixels))
            if n % LOG_EVERY == 0 or n == len(drawn):
                log(f"squares: {n}/{len(drawn)} pictures")
    fast, slow = as_array(drawn), np.array(full)
    return {
        "pictures": {"real": int((~ai).sum()), "ai": int(ai.sum())},
        "fast_path_auc": asdict(bootstrap(auc, fast, ai)),
        "full_path_auc": asdict(bootstrap(auc, slow, ai)),
        "difference": asdict(difference(fast, slow, ai)),
        "correlation": round(float(np.corrcoef(fast, slow)[0, 1]), 4),
    }


@torch.inference_mode()
def _of_squares(model: Mini, probe: Probe, pixels: Pixels) -> float:
    """Return the mean log-odds over a picture's squares."""
    boxes = cover_views(*pixels.shape[:2])
    views = normalise(torch.stack([view_tensor(pixels, box) for box in boxes]))
    with torch.autocast("cpu", dtype=torch.bfloat16):
        states = model.base_states(model.shared_states(views))
        features = model.probe_features(states).float().numpy()
    return float(probe.log_odds(features).mean())
