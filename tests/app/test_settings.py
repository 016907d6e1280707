"""What the window remembers."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import QByteArray

from app.settings import Depth, Place, Settings
from engine.errors import StoreError


def test_everything_is_read_back(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.ini"
    kept = Settings(file)
    kept.scan_on_open = False
    kept.depth = Depth.TRIAGE
    kept.scheme = "dark"
    kept.opacity_percent = 40
    kept.keep_state("columns", QByteArray(b"\x00\x01"))
    kept.keep_folder("pictures", "/some where")
    kept.recent_cases = ("/a/one.residua", "/a/two, three.residua")
    kept.copy_exhibits = True
    kept.place = Place.TRIAGE
    kept.save()
    read = Settings(file)
    assert not read.scan_on_open
    assert read.depth is Depth.TRIAGE
    assert read.scheme == "dark"
    assert read.opacity_percent == 40
    assert read.state("columns") == QByteArray(b"\x00\x01")
    assert read.folder("pictures") == "/some where"
    assert read.recent_cases == ("/a/one.residua", "/a/two, three.residua")
    assert read.copy_exhibits
    assert read.place is Place.TRIAGE


def test_first_start_scans_on_open_with_explanations(tmp_path: Path) -> None:
    first = Settings(tmp_path / "settings.ini")
    assert first.scan_on_open
    assert first.depth is Depth.FULL
    assert first.scheme == "system"
    assert first.state("columns").isEmpty()


def test_values_that_make_no_sense_are_the_first_ones_again(tmp_path: Path) -> None:
    file = tmp_path / "settings.ini"
    file.write_text("[scan]\ndepth=deepest\n[window]\nscheme=pink\n[picture]\nopacity_percent=x\n")
    read = Settings(file)
    assert (read.depth, read.scheme, read.opacity_percent) == (Depth.FULL, "system", 75)


def test_file_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file where the folder should be")
    kept = Settings(blocked / "settings.ini")
    kept.scheme = "dark"
    with pytest.raises(StoreError, match="cannot be written"):
        kept.save()


def test_settings_of_an_earlier_version_are_kept(tmp_path: Path) -> None:
    """Written by version 0.1.0; the file is never made again."""
    kept = Path(__file__).with_name("data") / "settings-0.1.0.ini"
    read = Settings(Path(shutil.copy(kept, tmp_path / "settings.ini")))
    assert (read.scheme, read.language, read.device, read.depth) == (
        "dark", "fr", "cpu", Depth.TRIAGE,
    )  # fmt: skip
    assert read.recent_cases == ("/a/one.residua", "/a/two, three.residua")
    assert read.folder("pictures") == "/some where"
    assert not read.scan_on_open
