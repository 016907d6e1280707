"""Keeps the window's translations: ``update`` gathers texts, ``release`` compiles them.

``python installer/translations.py update`` reads every text of the window into
``resources/i18n/residua_*.ts``; what is new there is marked unfinished. After it was translated,
``release`` makes the ``.qm`` files that the program loads.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "resources" / "i18n"
LANGUAGES = ("de", "fr")


def main(arguments: list[str]) -> int:
    """Run one step; return 0 when it went well."""
    steps = {"update": update, "release": release}
    if len(arguments) != 1 or arguments[0] not in steps:
        print("usage: python installer/translations.py update|release", file=sys.stderr)
        return 2
    steps[arguments[0]](FOLDER)
    return 0


def update(folder: Path) -> None:
    """Gather the window's texts into the .ts files of a folder, keeping what is translated."""
    folder.mkdir(parents=True, exist_ok=True)
    sources = [str(file) for file in sorted((ROOT / "app").rglob("*.py"))]
    for language in LANGUAGES:
        file = folder / f"residua_{language}.ts"
        options = ["-no-obsolete", "-locations", "none", "-source-language", "en"]
        options += ["-target-language", language]
        _run("lupdate", [*options, *sources, "-ts", str(file)])


def release(folder: Path) -> None:
    """Compile the .ts files of a folder."""
    for language in LANGUAGES:
        file = folder / f"residua_{language}.ts"
        _run("lrelease", ["-silent", str(file), "-qm", str(file.with_suffix(".qm"))])


def _run(tool: str, arguments: list[str]) -> None:
    name = f"pyside6-{tool}"
    command = Path(sys.executable).with_name(name)
    subprocess.run([str(command), *arguments], check=True, cwd=ROOT)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
