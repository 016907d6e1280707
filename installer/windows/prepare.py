r"""Writes what `residua.iss` includes: the version, from its one place, and the icon.

python installer\windows\prepare.py --program dist\residua
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402

from engine import __version__  # noqa: E402

SIDES = (16, 32, 48, 64, 128, 256)
EXPECTED = ("residua.exe", "Residua-window.exe", "_internal")


def main(arguments: list[str] | None = None) -> int:
    """Check the frozen folder and write both files; return the exit code."""
    parser = argparse.ArgumentParser(description="Prepare the Windows installer.")
    parser.add_argument("--program", type=Path, default=ROOT / "dist" / "residua")
    asked = parser.parse_args(arguments)
    missing = [name for name in EXPECTED if not (asked.program / name).exists()]
    if missing:
        sys.stderr.write(
            f"prepare: {asked.program} lacks {', '.join(missing)}: run installer\\build.py.\n"
        )
        return 2
    write(HERE)
    return 0


def write(folder: Path) -> None:
    """Write version and icon into a folder."""
    text = f'#define Version "{__version__}"\n'
    (folder / "version.iss").write_text(text, encoding="ascii")
    icons = ROOT / "resources" / "icons"
    sides = [Image.open(icons / f"residua-{side}.png") for side in SIDES]
    sides[-1].save(folder / "residua.ico", sizes=[(s, s) for s in SIDES], append_images=sides[:-1])


if __name__ == "__main__":
    sys.exit(main())
