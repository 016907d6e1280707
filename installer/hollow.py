"""Puts empty libraries where OpenCV only asks for their names: FFmpeg's.

OpenCV's library will not load without them, and this program reads no film. Decoders that nobody
calls are 32 MB, a licence (LGPL) and a surface; an empty library has the same name and the same
functions, and each of them ends the program with a message. What only the replaced libraries
needed goes too. AVIF stays: OpenCV asks it about every picture that is decoded.

Source: ELF symbol versioning (GNU ld, version scripts).
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "installer"))

import debian  # noqa: E402

ASKS = "cv2/cv2*.so"
"""The library that asks for them, below the folder of libraries."""
BESIDE = "opencv_python_headless.libs"
"""The folder where they lie."""
REPLACED = re.compile(r"lib(avcodec|avformat|avutil|swscale)-")
TOOLS = ("gcc", "nm", "readelf")
FUNCTION = 'void {name}(void) {{ residua_absent("{name}"); }}\n'
ABSENT = "was called, which this program is shipped without"
EMPTY_BYTES = 1 << 16
HEAD = """\
#include <stdio.h>
#include <stdlib.h>
static void residua_absent(const char *name) {
    fprintf(stderr, "residua: %s was called, which this program is shipped without\\n", name);
    abort();
}
"""


class HollowError(Exception):
    """A library cannot be replaced; the message says what, the value, what to do."""


def hollow_out(inner: Path) -> int:
    """Replace what is replaced; return how many bytes smaller the folder is.

    Args:
        inner: the folder of libraries of a frozen program.

    Raises:
        HollowError: a tool is missing, or something other than functions is asked for.
    """
    folder = inner / BESIDE
    asking = next(iter(sorted(inner.glob(ASKS))), None)
    if asking is None or not folder.is_dir():
        return 0
    if missing := [tool for tool in TOOLS if shutil.which(tool) is None]:
        raise HollowError(f"{', '.join(missing)} is missing: install gcc and binutils.")
    before = sum(file.stat().st_size for file in folder.iterdir())
    wanted = undefined(asking)
    for library in sorted(folder.iterdir()):
        if REPLACED.match(library.name):
            _replace(library, wanted)
    drop_unneeded(inner, folder)
    return before - sum(file.stat().st_size for file in folder.iterdir())


def is_empty(library: Path) -> bool:
    """Return whether a library is one of those made here."""
    return library.stat().st_size < EMPTY_BYTES and ABSENT.encode() in library.read_bytes()


def undefined(library: Path) -> set[str]:
    """Return the symbols that a library takes from others, as ``NAME@VERSION`` or ``NAME``."""
    return set(_symbols(library, "--undefined-only"))


def functions_for(library: Path, wanted: set[str]) -> list[str]:
    """Return those symbols of a library that are wanted.

    Raises:
        HollowError: one of them is no function.
    """
    found = []
    for symbol, kind in _symbols(library, "--defined-only").items():
        name = symbol.replace("@@", "@")
        if name not in wanted:
            continue
        if kind not in ("T", "W"):
            raise HollowError(f"{library.name} gives {name}, which is no function ({kind}).")
        found.append(name)
    return sorted(found)


def write_empty(target: Path, functions: list[str]) -> None:
    """Compile a library with these functions under the name of the target.

    Raises:
        HollowError: the compiler refuses.
    """
    by_version: dict[str, list[str]] = defaultdict(list)
    for symbol in functions:
        name, _, version = symbol.partition("@")
        by_version[version].append(name)
    names = sorted(name for group in by_version.values() for name in group)
    with tempfile.TemporaryDirectory(prefix="residua-hollow-") as scratch:
        source, versions = Path(scratch) / "empty.c", Path(scratch) / "versions"
        source.write_text(
            HEAD.replace("@ABSENT@", ABSENT)
            + "".join(FUNCTION.format(name=name) for name in names),
            "ascii",
        )
        versions.write_text(_script(by_version), "ascii")
        made = Path(scratch) / target.name
        command = ["gcc", "-shared", "-fPIC", "-Os", "-s", f"-Wl,-soname,{target.name}"]
        if any(by_version):
            command.append(f"-Wl,--version-script={versions}")
        # Nothing of the machine's goes into it: two builds give the same bytes.
        command += ["-Wl,--build-id=none", "-o", str(made), str(source)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise HollowError(f"gcc cannot make {target.name}: {done.stderr[-400:]}")
        target.unlink(missing_ok=True)
        shutil.copy(made, target)


def drop_unneeded(inner: Path, folder: Path) -> None:
    """Delete libraries of a folder that no file of the program needs, until none is left."""
    while True:
        needed = debian.needed_by(debian.binaries_in(inner.parent))
        unneeded = [file for file in folder.iterdir() if file.name not in needed]
        if not unneeded:
            return
        for file in unneeded:
            file.unlink()


def _replace(library: Path, wanted: set[str]) -> None:
    write_empty(library, functions_for(library, wanted))


def _script(by_version: dict[str, list[str]]) -> str:
    return "".join(
        f"{version} {{ global: {'; '.join(sorted(names))}; }};\n"
        for version, names in sorted(by_version.items())
        if version
    )


def _symbols(library: Path, which: str) -> dict[str, str]:
    """Return symbol -> kind of a library's dynamic symbols."""
    command = ["nm", "-D", which, "--with-symbol-versions", str(library)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    if said.returncode != 0:
        raise HollowError(f"nm cannot read {library}: {said.stderr[-200:]}")
    lines = (line.split() for line in said.stdout.splitlines())
    return {parts[-1]: parts[-2] for parts in lines if len(parts) >= 2}
