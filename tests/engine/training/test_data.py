from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from engine import paths
from engine.errors import InputError
from engine.training.data import SIDES, load_rgb, named_sources, read_pool, read_pools, split
from tests.engine.training.tiny_pool import noise, pool_image, write_manifest


def written_splits(folder, **sides):
    file = folder / "splits.toml"
    lists = {side: sides.get(side, []) for side in SIDES}
    file.write_text("\n".join(f"{side} = {sources!r}" for side, sources in lists.items()))
    return file


def test_rows_of_a_manifest_are_read_in_order(tmp_path):
    file = write_manifest(
        tmp_path,
        [
            {
                "path": "img/a.jpg",
                "sha256": "ab",
                "label": "real",
                "source_repo": "s/one",
                "caption": "a dog | an animal |  ",
                "format": "JPEG",
            },
            {
                "path": "b.webp",
                "label": "ai",
                "generator": "G",
                "format": "WEBP",
                "notes": "layout=grid2x2 of 512 px tiles",
            },
        ],
    )
    first, second = read_pool(file)
    assert first.path == tmp_path / "img" / "a.jpg"
    assert first.captions == ("a dog", "an animal")
    assert first.jpeg_history
    assert not first.tile_grid
    assert second.sha256 == "b.webp"
    assert (second.generator, second.source, second.captions) == ("G", "", ())
    assert second.tile_grid
    assert not second.jpeg_history


def test_a_spreadsheets_manifest_with_short_rows_is_read(tmp_path):
    file = tmp_path / "manifest.csv"
    file.write_bytes("\ufeffpath,label,caption,notes\r\na.png,ai\r\n".encode())
    (row,) = read_pool(file)
    assert (row.label, row.captions, row.tile_grid) == ("ai", (), False)


def test_a_picture_of_two_manifests_is_read_once(tmp_path):
    files = []
    for name, hashes in (("one", ("a", "b")), ("two", ("b", "c"))):
        (tmp_path / name).mkdir()
        rows = [{"path": f"{h}.png", "sha256": h, "label": "ai"} for h in hashes]
        files.append(write_manifest(tmp_path / name, rows))
    images = read_pools(files[0], files[1:])
    assert [i.path.relative_to(tmp_path).as_posix() for i in images] == [
        "one/a.png",
        "one/b.png",
        "two/c.png",
    ]


def test_sources_of_the_probe_alone_count_as_seen(tmp_path):
    file = written_splits(tmp_path, train=["s/1"])
    assert named_sources(file) == {"s/1"}
    file.write_text(f'{file.read_text()}\nprobe = ["debian:sea"]\n')
    assert named_sources(file) == {"s/1", "debian:sea"}
    (image,) = split([pool_image(tmp_path / "a", source="debian:sea")], file)["test"]
    assert image.source == "debian:sea"


def test_a_manifest_that_cannot_be_used_is_refused(tmp_path):
    file = tmp_path / "manifest.csv"
    with pytest.raises(InputError, match="No manifest"):
        read_pool(file)
    file.write_text("path,source_repo\na.png,s\n")
    with pytest.raises(InputError, match="lacks the column label"):
        read_pool(file)
    file.write_text("path,label\na.png,real\nb.png,fake\n")
    with pytest.raises(InputError, match=r"labels b\.png 'fake': use real, ai, tampered"):
        read_pool(file)
    file.write_bytes(b"path,label\n\xff.png,real\n")
    with pytest.raises(InputError, match="not UTF-8"):
        read_pool(file)


def test_a_source_lies_on_one_side_and_face_swaps_on_none(tmp_path):
    file = written_splits(tmp_path, train=["s/1", "s/2"], calibration=["s/3"], test=["s/4"])
    labels = ("real", "ai", "tampered")
    pool = [
        pool_image(tmp_path / f"{source}{label}", label, source=f"s/{source}")
        for source in range(1, 6)
        for label in labels
    ]
    sides = split(pool, file)
    sources = {side: {i.source for i in images} for side, images in sides.items()}
    assert sources["train"] == {"s/1", "s/2"}
    assert sources["calibration"] == {"s/3"}
    assert sources["test"] == {"s/4", "s/5"}  # what is on no list was never trained on
    assert sum(len(images) for images in sides.values()) == 10
    assert all(i.label != "tampered" for images in sides.values() for i in images)


def test_a_source_on_two_sides_is_refused(tmp_path):
    file = written_splits(tmp_path, train=["s/1"], test=["s/1"])
    with pytest.raises(InputError, match="s/1 is named twice"):
        split([], file)


@pytest.mark.parametrize("text", ["train = []\ntest = []", "train = [", "train = 3"])
def test_a_broken_split_is_refused(tmp_path, text):
    file = tmp_path / "splits.toml"
    file.write_text(text)
    with pytest.raises(InputError, match="train, calibration, test"):
        split([], file)
    with pytest.raises(InputError, match="cannot be used"):
        split([], tmp_path / "none.toml")


def test_the_projects_own_split_is_by_source():
    assert split([], paths.resources_dir() / "splits.toml") == {side: [] for side in SIDES}


@pytest.mark.shared
def test_the_pool_is_divided_with_both_classes_on_every_side(shared_data):
    pool = read_pool(shared_data / "pool" / "manifest.csv")
    sides = split(pool, paths.resources_dir() / "splits.toml")
    seen = set()
    for images in sides.values():
        sources = {i.source for i in images}
        assert not sources & seen
        seen |= sources
        assert {i.label for i in images} == {"real", "ai"}


def test_a_large_picture_is_cut_to_its_middle_on_the_block_grid(tmp_path):
    pixels = noise(70, 155, 0)
    Image.fromarray(pixels).save(tmp_path / "a.png")
    cut = load_rgb(tmp_path / "a.png", max_side_px=96)
    assert cut.shape == (70, 96, 3)
    assert np.array_equal(cut, pixels[:, 24 : 24 + 96])
    assert np.array_equal(load_rgb(tmp_path / "a.png"), pixels)


def test_a_turned_picture_is_set_upright(tmp_path):
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.fromarray(noise(20, 40, 0)).save(tmp_path / "a.png", exif=exif)
    assert load_rgb(tmp_path / "a.png").shape == (40, 20, 3)


def test_a_grey_picture_has_three_channels(tmp_path):
    Image.fromarray(noise(20, 40, 0)[..., 0]).save(tmp_path / "a.png")
    assert load_rgb(tmp_path / "a.png").shape == (20, 40, 3)


def test_a_picture_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(InputError, match=r"a\.png cannot be read"):
        load_rgb(tmp_path / "a.png")
    (tmp_path / "a.png").write_bytes(b"no picture")
    with pytest.raises(InputError, match=r"a\.png cannot be read"):
        load_rgb(tmp_path / "a.png")
