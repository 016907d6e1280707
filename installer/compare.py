"""Compares two builds file by file, and the modules inside their executables one by one.

python installer/compare.py dist-a/residua dist-b/residua
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "installer"))

import supply  # noqa: E402


def main(arguments: list[str] | None = None) -> int:
    """Print what differs; return 0 when nothing does, 1 otherwise."""
    given = sys.argv[1:] if arguments is None else arguments
    if len(given) != 2:
        sys.stderr.write("usage: python installer/compare.py FOLDER FOLDER\n")
        return 2
    one, other = map(Path, given)
    files, differing = compare(one, other)
    for name, why in sorted(differing.items()):
        print(f"{why:<12} {name}")
    for name in ("residua", "residua.exe"):
        if differing.get(name) == "other bytes":
            for module in modules_that_differ(one / name, other / name):
                print(f"{'module':<12} {module}")
    print(f"{files} files, {len(differing)} differ")
    return 1 if differing else 0


def compare(one: Path, other: Path) -> tuple[int, dict[str, str]]:
    """Compare two folders.

    Returns:
        How many different names there are, and for each that differs in what.
    """
    names = {
        path.relative_to(folder).as_posix(): None
        for folder in (one, other)
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }
    differing = {}
    for name in names:
        first, second = one / name, other / name
        if not (first.exists() or first.is_symlink()):
            differing[name] = "only second"
        elif not (second.exists() or second.is_symlink()):
            differing[name] = "only first"
        elif first.is_symlink() or second.is_symlink():
            same = first.is_symlink() == second.is_symlink()
            if not same or first.readlink() != second.readlink():
                differing[name] = "other link"
        elif first.stat().st_size != second.stat().st_size or (
            supply.hash_of(first) != supply.hash_of(second)
        ):
            differing[name] = "other bytes"
    return len(names), differing


def modules_that_differ(one: Path, other: Path) -> list[str]:
    """Return the names of modules in two executables that are not the same bytes."""
    first, second = modules_of(one), modules_of(other)
    return sorted(
        name for name in {*first, *second} if first.get(name, b"") != second.get(name, b"")
    )


def modules_of(executable: Path) -> dict[str, bytes]:
    """Return every module of an executable by name, as it is stored."""
    from PyInstaller.archive.readers import CArchiveReader  # noqa: PLC0415 - only at a build

    outer = CArchiveReader(str(executable))
    found: dict[str, bytes] = {}
    for name in outer.toc:
        if name.endswith(".pyz"):
            inner = outer.open_embedded_archive(name)
            found |= {module: inner.extract(module, raw=True) or b"" for module in inner.toc}
        else:
            found[f"({name})"] = outer.extract(name)
    return found


if __name__ == "__main__":
    sys.exit(main())
