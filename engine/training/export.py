"""The shipped weights: half precision, calibration, manifest."""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file

from engine.errors import InputError
from engine.training.descent import STAGE_FILES
from engine.vrm.loader import CALIBRATION_FILE, TRAINED_FILE
from engine.vrm.mini import read_trained
from engine.vrm.packs import write_manifest

MAX_MEGABYTES = 40


def export(work: Path, out: Path) -> None:
    """Write the trained weights of a run as they are shipped.

    Args:
        work: a finished run with its calibration.
        out: folder to write; replaced.

    Raises:
        InputError: the run is not finished, or the weights are too large to ship.
    """
    source, calibration = work / STAGE_FILES[-1], work / CALIBRATION_FILE
    for needed in (source, calibration):
        if not needed.is_file():
            raise InputError(f"{needed} is missing: finish the run (train, then calibrate) first.")
    out.mkdir(parents=True, exist_ok=True)
    halves = {k: v.to(torch.float16).contiguous() for k, v in read_trained(source).items()}
    size = sum(v.numel() * 2 for v in halves.values()) / 1e6
    if size > MAX_MEGABYTES:
        raise InputError(f"The weights take {size:.0f} MB; at most {MAX_MEGABYTES} MB are shipped.")
    save_file(halves, out / TRAINED_FILE)
    body = json.loads(calibration.read_text(encoding="utf-8"))
    (out / CALIBRATION_FILE).write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")
    write_manifest(out, name="mini")
