"""Thumbnails on disk: found by hash, checked, bounded, made again when damaged."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.images.thumbnail_cache import SIDE_PX, ThumbnailCache, shrunk


def sha(seed: int) -> str:
    return hashlib.sha256(str(seed).encode()).hexdigest()


def grey(level: int, side: int = 64) -> np.ndarray:
    return np.full((side, side * 2, 3), level, dtype=np.uint8)


def entries(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if file.is_file())


def test_what_is_kept_is_found(tmp_path):
    cache = ThumbnailCache(tmp_path)
    assert cache.get(sha(1)) is None
    cache.put(sha(1), grey(90))
    found = ThumbnailCache(tmp_path).get(sha(1))
    assert found.shape == (64, 128, 3)
    assert (np.abs(found.astype(int) - 90) <= 1).all()
    assert cache.get(sha(2)) is None


@pytest.mark.parametrize("damage", [b"", b"short", None])
def test_a_damaged_entry_is_removed(tmp_path, damage):
    cache = ThumbnailCache(tmp_path)
    cache.put(sha(1), grey(90))
    (file,) = entries(tmp_path)
    data = bytearray(file.read_bytes())
    data[-5] ^= 1
    file.write_bytes(bytes(data) if damage is None else damage)
    assert cache.get(sha(1)) is None
    assert entries(tmp_path) == []
    cache.put(sha(1), grey(90))
    assert cache.get(sha(1)) is not None


def test_the_size_is_bounded_and_what_was_used_last_stays(tmp_path):
    cache = ThumbnailCache(tmp_path)
    cache.put(sha(0), grey(0))
    size = entries(tmp_path)[0].stat().st_size
    bounded = ThumbnailCache(tmp_path, most_bytes=size * 10)
    for number in range(1, 10):
        bounded.put(sha(number), grey(0))
    for age, number in enumerate(range(10)):
        (file,) = tmp_path.rglob(f"{sha(number)}*")
        os.utime(file, ns=(age * 10**9, age * 10**9))
    assert bounded.get(sha(0)) is not None
    bounded.put(sha(10), grey(0))
    assert sum(file.stat().st_size for file in entries(tmp_path)) <= size * 8
    assert bounded.get(sha(0)) is not None
    assert bounded.get(sha(10)) is not None
    assert bounded.get(sha(1)) is None


def test_a_folder_that_cannot_be_written_costs_nothing_but_speed(tmp_path, caplog):
    blocked = tmp_path / "file"
    blocked.write_text("no folder")
    cache = ThumbnailCache(blocked)
    cache.put(sha(1), grey(90))
    assert "cannot be kept" in caplog.text
    assert cache.get(sha(1)) is None


def test_only_hashes_name_entries(tmp_path):
    with pytest.raises(ValueError, match="SHA-256"):
        ThumbnailCache(tmp_path).get("../../etc/passwd")


def test_nothing_is_enlarged():
    assert shrunk(grey(5), 500).shape == (64, 128, 3)
    assert shrunk(grey(5), 32).shape == (16, 32, 3)


def test_a_known_file_is_shown_without_being_read(tmp_path):
    photo = tmp_path / "photo.png"
    Image.new("RGB", (800, 400), (200, 40, 30)).save(photo)
    known = hashlib.sha256(photo.read_bytes()).hexdigest()
    with api.Pictures(tmp_path / "cache") as pictures:
        first = pictures.thumbnail(str(photo), 112)
        photo.unlink()
        second = pictures.thumbnail(str(photo), SIDE_PX, sha256=known)
    assert first.shape == (56, 112, 3)
    assert second.shape == (192, 384, 3)


def test_a_file_whose_bytes_are_others_is_shown_as_it_is(tmp_path):
    photo = tmp_path / "photo.png"
    Image.new("RGB", (80, 40), (200, 40, 30)).save(photo)
    with api.Pictures(tmp_path / "cache") as pictures:
        pictures.thumbnail(str(photo), 80)
        Image.new("RGB", (80, 40), (20, 40, 230)).save(photo)
        now = pictures.thumbnail(str(photo), 80)
    assert now[20, 40, 2] > 200
