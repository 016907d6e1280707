"""Reading a set of pictures to measure on: a manifest, or a published set as it lies in folders."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from engine.errors import InputError
from engine.images.formats import has_image_extension
from engine.training import layouts
from engine.training.data import PoolImage, read_pool
from engine.training.layouts import TITLES, Layout, Placed, recognise

MANIFEST = "manifest.csv"


def read_set(
    place: Path, *, layout: str | None = None, real: Path | None = None
) -> list[PoolImage]:
    """Return the pictures of a manifest, of a folder with one, or of a published set.

    Args:
        place: a CSV file or a folder.
        layout: one of ``Layout``; None to recognise it.
        real: a folder of real photographs that belong to the set but lie elsewhere.

    Raises:
        InputError: there is nothing there, the layout is not known or fits nothing there, or
            the set holds no picture.
    """
    if layout is not None and layout not in list(Layout):
        raise InputError(f"Unknown layout {layout!r}: use {', '.join(Layout)}.")
    if not place.is_dir():
        images = read_pool(place)
        title = place.stem
    elif layout is None and (place / MANIFEST).is_file():
        images = read_pool(place / MANIFEST)
        title = place.name
    else:
        root = layouts.without_wrapper(place)
        kind = Layout(layout) if layout is not None else recognise(root)
        title = TITLES[kind]
        images = [i for placed in layouts.place(kind, root) for i in _images(title, root, placed)]
    if real is not None:
        images = [*images, *_real_folder(title, real)]
    if not images:
        raise InputError(f"{place} holds no picture: is it unpacked?")
    return images


def thin(images: Iterable[PoolImage], per_group: int) -> list[PoolImage]:
    """Return at most so many pictures of each source, generator and label.

    Chosen by a hash of their names, so that the same ones are chosen every time.

    Args:
        images: of a set.
        per_group: at least 1.

    Raises:
        InputError: ``per_group`` is below 1.
    """
    if per_group < 1:
        raise InputError(f"{per_group} pictures a group were asked for: use at least 1.")
    groups: dict[tuple[str, str, str], list[PoolImage]] = {}
    for image in images:
        groups.setdefault((image.source, image.generator, image.label), []).append(image)
    return [
        image
        for group in groups.values()
        for image in sorted(group, key=lambda i: _digest(i.sha256))[:per_group]
    ]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest()


def _images(title: str, root: Path, placed: Placed) -> Iterator[PoolImage]:
    source = f"{title}/{placed.part}" if placed.part else title
    for path in _image_files(placed.folder):
        yield PoolImage(
            path=path,
            # Names are unique within a set; hashing a million files to begin with is not needed.
            sha256=f"{title}/{path.relative_to(root).as_posix()}",
            label=placed.label,
            generator=placed.generator,
            source=source,
            captions=(),
            jpeg_history=path.suffix.lower() in (".jpg", ".jpeg"),
            tile_grid=False,
            real_class=placed.real_class,
        )


def _real_folder(title: str, folder: Path) -> Iterator[PoolImage]:
    """Yield real photographs that lie apart from their set.

    Raises:
        InputError: there is no such folder.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder} of real photographs: check --real.")
    placed = Placed(
        folder=folder, label="real", part=folder.name, generator="", real_class=folder.name
    )
    yield from _images(title, folder.parent, placed)


def _image_files(folder: Path) -> Iterator[Path]:
    for at, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            if has_image_extension(name) and not name.startswith("."):
                yield Path(at) / name
