"""Two photographs to be scanned, and where results go."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from tests.engine.cli.commands import BLUE, RED


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    folder.mkdir()
    Image.new("RGB", (96, 64), RED).save(folder / "a.png")
    Image.new("RGB", (96, 64), BLUE).save(folder / "b.png")
    return folder


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "out"
