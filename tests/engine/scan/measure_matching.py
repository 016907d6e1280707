"""``python -m tests.engine.scan.measure_matching``: seconds and memory of comparing pictures.

Made pictures of 12 megapixels (JPEG 95) with a planted pattern, compared with one fingerprint: one
after the other as by hand, and as a folder. Wall time of this machine, decoding included.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import resource
import sys
import tempfile
import time
from pathlib import Path

import cv2
import numpy as np

from engine import api
from engine.job import Context
from engine.scan.matching import at_once
from engine.traces.fingerprints import load, packed
from tests.engine.traces import planting as plant

STRENGTH, NOISE = 0.008, 2.0


def main(arguments: list[str]) -> int:
    """Print seconds a picture and the process's peak of memory, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--width", type=int, default=4032)
    parser.add_argument("--height", type=int, default=3024)
    parser.add_argument("--pictures", type=int, default=8)
    asked = parser.parse_args(arguments)
    size = asked.height, asked.width
    pattern = np.random.default_rng(1).normal(0, STRENGTH, size).astype(np.float32)
    with tempfile.TemporaryDirectory() as name:
        folder, file = Path(name) / "pictures", Path(name) / "camera.safetensors"
        folder.mkdir()
        file.write_bytes(packed(pattern, ("0" * 64,), "1", "now"))
        for number in range(asked.pictures):
            (folder / f"{number}.jpg").write_bytes(_shot(pattern, number))
        began = time.perf_counter()
        trace = api.try_fingerprint(str(folder / "0.jpg"), file, Context())
        single_s = time.perf_counter() - began
        found = []
        began = time.perf_counter()
        summary = api.compare_with_fingerprint([str(folder)], file, Context(), found.append)
        folder_s = time.perf_counter() - began
        side_by_side = at_once(load(file))
    told = {
        "size": f"{asked.width} x {asked.height}",
        "pictures": asked.pictures,
        "side_by_side": side_by_side,
        "one_by_hand_s": round(single_s, 2),
        "folder_s_a_picture": round(folder_s / asked.pictures, 2),
        "shown": summary.shown,
        "pce_as_by_hand": found[0].pce == trace.finding.value,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
        "sha256": hashlib.sha256(json.dumps([each.pce for each in found]).encode()).hexdigest()[:8],
    }
    print(json.dumps(told))  # noqa: T201
    return 0


def _shot(pattern: np.ndarray, seed: int) -> bytes:
    height, width = pattern.shape
    random = np.random.default_rng(100 + seed)
    coarse = random.integers(40, 216, (height // 32, width // 32), dtype=np.uint8)
    scene = cv2.resize(coarse, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.float32)
    scene = scene * (1 + pattern) + random.normal(0, NOISE, (height, width)).astype(np.float32)
    grey = np.clip(np.rint(scene), 0, 255).astype(np.uint8)
    return plant.jpeg(np.repeat(grey[..., None], 3, axis=2), 95)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
