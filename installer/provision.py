"""Makes ``.venv`` and the model packs on first use; the standard library is enough.

Everything is said on stderr; stdout belongs to the command's results. The state is two
small files in ``.venv``: ``ready`` (hash of the requirements installed for running) and
``ready-dev`` (the same with the test tools). An interrupted set-up leaves none of them and
is continued: the big packages are installed one by one, so that what is installed is not
fetched again, and a package whose installation was cut short is known by its missing
INSTALLER file and installed again.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

FREE_BYTES = {"cpu": 4_000_000_000, "cuda": 9_000_000_000}
"""Free space asked for, by build of torch."""
SIZES = {
    "cpu": "about 0.7 GB to download, 2 GB on disk",
    "cuda": "about 3.3 GB to download, 7 GB on disk",
}
"""What pip fetched for the pinned requirements on Linux x86-64; elsewhere the first holds."""
BIG = ("torch", "onnxruntime", "pyside6")
"""Starts of the names of the big packages; each is installed in a step of its own."""
LOCK_POLL_S = 0.5
EXIT_CANNOT_RUN = 2
EXIT_INTERRUPTED = 130


class SetupError(Exception):
    """Set-up cannot go on; the message says what, the value, what to do."""


def set_up_environment(root: Path, fingerprint: str, *, dev: bool) -> int:
    """Make ``.venv`` under ``root`` and install the pinned requirements.

    Args:
        root: the checkout.
        fingerprint: what is written into the marker once everything is installed.
        dev: whether the test tools are needed too.

    Returns:
        0, or the exit code to end with; the reason was written to stderr.
    """
    venv = root / ".venv"
    marker = venv / ("ready-dev" if dev else "ready")
    try:
        with _locked(root):
            # Another start may have finished while this one waited.
            if not marker.is_file() or marker.read_text(encoding="ascii") != fingerprint:
                _install(root, venv, dev=dev)
                (venv / "ready").write_text(fingerprint, encoding="ascii")
                marker.write_text(fingerprint, encoding="ascii")
                say("The environment is ready.")
    except (SetupError, OSError) as error:
        say(f"residua: {error}")
        return EXIT_CANNOT_RUN
    except KeyboardInterrupt:
        say("\nSet-up was interrupted. Run the same command again to continue.")
        return EXIT_INTERRUPTED
    return 0


def assemble_packs(root: Path, names: list[str], environment: dict[str, str]) -> int:
    """Have the program assemble model packs in the user's data folder.

    Args:
        root: the checkout.
        names: the packs.
        environment: the program's environment.

    Returns:
        0, or the exit code to end with; the reason was written to stderr.
    """
    said = " and ".join(repr(name) for name in names)
    say(f"Assembling the model packs that are missing ({said}); this happens once.")
    command = [str(_python(root / ".venv")), "-m", "engine.vrm.packs", *names]
    try:
        code = _run(command, environment)
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    if code not in (0, EXIT_INTERRUPTED):
        say(
            f"residua: model packs were not assembled ({said}; the reason is above). Run the "
            "same command again, or 'residua models import FOLDER' with a pack or its wheels "
            "from another machine."
        )
        return EXIT_CANNOT_RUN
    return code


def say(text: str) -> None:
    """Write a line to stderr."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def read_requirements(pyproject: Path, *, dev: bool) -> list[str]:
    """Return the requirements of the project, with the test tools if asked for."""
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    requirements: list[str] = list(project["dependencies"])
    if dev:
        requirements += project["optional-dependencies"]["dev"]
    return requirements


def heal(venv: Path) -> None:
    """Drop the records of half-installed packages, so that pip installs them again."""
    for record in venv.rglob("*.dist-info"):
        if record.parent.name == "site-packages" and not (record / "INSTALLER").is_file():
            say(f"{record.name.removesuffix('.dist-info')} was half installed: doing it again.")
            shutil.rmtree(record)


def _install(root: Path, venv: Path, *, dev: bool) -> None:
    if os.pathsep in str(root):
        raise SetupError(
            f"The folder {root} has {os.pathsep!r} in its name, which Python's search path "
            "cannot hold: move it."
        )
    say(f"Setting Residua up in {venv}; this happens once.")
    for name in ("ready", "ready-dev"):
        (venv / name).unlink(missing_ok=True)
    if not _has_pip(venv):
        _refuse_full_disk(root, "cpu")
        _make_venv(venv)
    heal(venv)
    constraints = str(root / "constraints.txt")
    requirements = read_requirements(root / "pyproject.toml", dev=dev)
    if not _is_installed(venv, "torch"):
        requirements += _choose_torch(root, venv, constraints)
    for step in in_steps(requirements):
        say(f"Installing {', '.join(step)}; pip names each download and its size.")
        _pip_install(venv, ["--constraint", constraints, *step])


def in_steps(requirements: list[str]) -> list[list[str]]:
    """Group requirements into steps: each big package with what belongs to it, then the rest."""
    steps: dict[str, list[str]] = {name: [] for name in (*BIG, "")}
    for requirement in requirements:
        name = next((big for big in BIG if requirement.lower().startswith(big)), "")
        steps[name].append(requirement)
    return [step for step in steps.values() if step]


def _pip_install(venv: Path, arguments: list[str]) -> None:
    # Byte code is written at first import instead: that spares compiling what is never used.
    command = [str(_python(venv)), "-m", "pip", "install", "--no-compile"]
    command += [] if sys.stderr.isatty() else ["--progress-bar", "off"]
    code = _run([*command, *arguments], _pip_environment())
    if code != 0:
        raise SetupError(
            f"pip stopped with exit code {code} (its messages are above). Check the network and "
            "the package index that pip is configured for, then run the same command again; "
            "what is installed already is kept."
        )


def _python(venv: Path) -> Path:
    return venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def _has_pip(venv: Path) -> bool:
    if not _python(venv).exists():
        return False
    command = [str(_python(venv)), "-m", "pip", "--version"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _is_installed(venv: Path, name: str) -> bool:
    return any(record.is_dir() for record in venv.rglob(f"site-packages/{name}-*.dist-info"))


def _make_venv(venv: Path) -> None:
    # When a broken environment's own Python runs this, ask the one it was made from.
    base = getattr(sys, "_base_executable", None) or sys.executable
    say(f"Making the environment with {base}.")
    code = _run([base, "-m", "venv", "--clear", str(venv)], dict(os.environ))
    if code != 0:
        raise SetupError(
            f"{base} could not make {venv} (exit code {code}): check that the folder is writable "
            "and that Python's venv module is installed."
        )


def _choose_torch(root: Path, venv: Path, constraints: str) -> list[str]:
    """Decide between the CPU and the CUDA build of torch; say which, and how big it gets."""
    offered = _offered_torch(venv, constraints, "torch")
    gpu = _has_nvidia_gpu()
    ruled_out = f"torch!={offered}"
    if gpu and offered.endswith("+cpu") and _offered_torch(venv, constraints, ruled_out):
        # pip ranks a local version above the plain one, so the CPU build has to be ruled out.
        say(f"An NVIDIA GPU was found, so torch comes with CUDA: {SIZES['cuda']}.")
        _refuse_full_disk(root, "cuda")
        return [ruled_out]
    if offered.endswith("+cpu") or platform.system() != "Linux":
        why = " (there is an NVIDIA GPU, but pip's index has no other)" if gpu else ""
        say(f"torch comes as its CPU build{why}: {SIZES['cpu']}.")
        _refuse_full_disk(root, "cpu")
        return []
    if not gpu:
        say(
            "No NVIDIA GPU was found, but pip's index offers only the build of torch with CUDA. "
            "It runs without a GPU too and is merely larger. For the CPU build stop here, point "
            "PIP_EXTRA_INDEX_URL to an index that has it, and start again."
        )
    say(f"torch comes with CUDA: {SIZES['cuda']}.")
    _refuse_full_disk(root, "cuda")
    return []


def _has_nvidia_gpu() -> bool:
    tool = shutil.which("nvidia-smi")
    if tool is None:
        return False
    listed = subprocess.run([tool, "-L"], capture_output=True, text=True, check=False)
    return listed.returncode == 0 and "GPU" in listed.stdout


def _offered_torch(venv: Path, constraints: str, requirement: str) -> str:
    """Return the version of torch that pip would take; empty when it finds none."""
    command = [str(_python(venv)), "-m", "pip", "install", "--quiet", "--dry-run", "--no-deps"]
    command += ["--ignore-installed", "--report", "-", "--constraint", constraints, requirement]
    asked = subprocess.run(
        command, capture_output=True, env=_pip_environment(), encoding="utf-8", check=False
    )
    if asked.returncode != 0:
        return ""
    return str(json.loads(asked.stdout)["install"][0]["metadata"]["version"])


def _pip_environment() -> dict[str, str]:
    return {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1"}


def _run(command: list[str], environment: dict[str, str]) -> int:
    """Run a command, both its outputs on stderr; return its exit code."""
    return subprocess.run(
        command, stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment, check=False
    ).returncode


def _refuse_full_disk(root: Path, build: str) -> None:
    free, needed = shutil.disk_usage(root).free, FREE_BYTES[build]
    if free < needed:
        raise SetupError(
            f"{root} has {free / 1e9:.1f} GB free, set-up needs {needed / 1e9:.0f} GB: free some "
            "space or move the folder."
        )


@contextmanager
def _locked(root: Path) -> Iterator[None]:
    """Hold ``.venv.lock``; the operating system drops it when the process ends."""
    try:
        stream = (root / ".venv.lock").open("a+b")
    except OSError as error:
        raise SetupError(
            f"{root} cannot be written to ({error.strerror}): put Residua in a folder of your own."
        ) from error
    with stream:
        if not _try_lock(stream):
            say("Another start is setting Residua up; waiting for it.")
            while not _try_lock(stream):
                time.sleep(LOCK_POLL_S)
        yield


def _try_lock(stream: IO[bytes]) -> bool:
    try:
        if sys.platform == "win32":
            stream.seek(0)
            msvcrt.locking(stream.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
