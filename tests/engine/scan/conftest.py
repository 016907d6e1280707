"""Three photographs to be scanned."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.engine.scan.scans import BLUE, GREY, RED


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    photos = tmp_path / "photos"
    photos.mkdir()
    for name, colour in (("a.png", RED), ("b.png", BLUE), ("c.png", GREY)):
        Image.new("RGB", (96, 64), colour).save(photos / name)
    return photos
