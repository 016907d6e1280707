"""Which models are installed, what this machine is, and whether it can run them."""

from __future__ import annotations

import json
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

import psutil
import torch

from engine import paths
from engine.addon import look
from engine.errors import ModelError
from engine.images.decoder import Decoder
from engine.images.offline import state as network
from engine.report.rates import parse_card
from engine.report.surroundings import NVIDIA_DRIVER, surroundings
from engine.vrm.checkpoint_packs import PART
from engine.vrm.mini_config import CALIBRATION_FILE, MINI
from engine.vrm.packs import Pack, PackSpec, find_pack, open_pack, read_catalogue
from engine.vrm.packs.manifest import MANIFEST_NAME

OWN_WEIGHTS = "mini"
"""Folder of the project's own trained weights; the fast path's head lies there too."""

OWN_PACKS = ("mini", "triage")
"""Packs that those weights are made for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gpu:
    """One graphics card that CUDA sees."""

    name: str
    memory_bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """What examinations run on."""

    system: str
    """Operating system with version and architecture."""
    processor: str
    """Its name, as far as the system tells."""
    cores: int
    """That do work of their own; logical ones where the system does not tell them apart."""
    memory_bytes: int
    memory_free_bytes: int
    disk_free_bytes: int
    """Where packs and unnamed cases lie."""
    gpus: tuple[Gpu, ...]
    """That can be used; empty when none can."""
    gpu_reason: str
    """Why no card is used, or what one is used for; a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledPart:
    """One part of a model and where it comes from."""

    role: str
    """What it does, in words."""
    source: str
    """Distribution and version."""
    licence: str
    """SPDX identifier."""
    note: str
    """Whose weights they are, and where the licence is stated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelState:
    """One model, installed or known."""

    name: str
    """Short name, such as ``"mini"``."""
    title: str
    """Name for a person."""
    ready: bool
    """Whether it is installed and its files have the sizes of the manifest."""
    examines: bool
    """Whether scans take it by its name; the fast path's pack comes with the path."""
    problem: str
    """Why it is not ready, and what to do; empty when it is."""
    licence: str
    """SPDX expression over all parts."""
    size_bytes: int
    """On disk; what it will take when it is not installed."""
    memory_bytes: int
    """That loading takes."""
    sha256: str
    """Over the hashes of its files; empty when it is not installed."""
    folder: str
    """Where it lies; empty when it is not installed."""
    parts: tuple[InstalledPart, ...]
    validated: tuple[tuple[str, float], ...]
    """(name, bound) of the range in which error rates were measured; empty for other weights."""
    calibrated_on: tuple[int, int] | None
    """(real, generated) pictures behind the calibration; None when not recorded."""
    fits: bool
    """Whether the machine's memory is enough."""


def installed() -> tuple[ModelState, ...]:
    """Return the models of the catalogue, then what else was imported.

    Raises:
        ModelError: the catalogue or the figures that ship with the weights are broken.
    """
    memory = psutil.virtual_memory().total
    states = []
    known = read_catalogue()
    for spec in known.values():
        try:
            states.append(_state(find_pack(spec.name), memory))
        except ModelError as error:
            states.append(_missing(spec, str(error), memory))
    for file in sorted(paths.packs_dir().glob(f"*/{MANIFEST_NAME}")):
        folder = file.parent
        if folder.name in known or folder.name.startswith("."):
            continue
        try:
            states.append(_state(open_pack(folder), memory))
        except ModelError as error:
            states.append(_broken(folder, str(error)))
    return tuple(states)


def machine() -> Machine:
    """Return what this machine has; asks the graphics library, which takes a second."""
    memory = psutil.virtual_memory()
    gpus, reason = _gpus()
    return Machine(
        system=f"{platform.system()} {platform.release()}, {platform.machine()}",
        processor=_processor(),
        cores=psutil.cpu_count(logical=False) or psutil.cpu_count() or 1,
        memory_bytes=memory.total,
        memory_free_bytes=memory.available,
        disk_free_bytes=shutil.disk_usage(_existing(paths.data_dir())).free,
        gpus=gpus,
        gpu_reason=reason,
    )


def diagnostics() -> str:
    """Return what a maintainer needs to know of this installation; no name of any exhibit.

    A decoding process is started to hear how it is confined here.
    """
    here = machine()
    lines = [f"{name}: {value}" for name, value in surroundings() if name != "Seed"]
    lines += [
        f"Processor: {here.processor}, {here.cores} cores",
        f"Memory: {here.memory_bytes / 1e9:.1f} GB, {here.memory_free_bytes / 1e9:.1f} GB free",
        f"Disk: {here.disk_free_bytes / 1e9:.1f} GB free",
        *(f"Graphics card: {gpu.name}, {gpu.memory_bytes / 1e9:.1f} GB" for gpu in here.gpus),
        f"Graphics: {here.gpu_reason}",
    ]
    lines.append(f"Network: {network().detail}")
    with Decoder() as decoder:
        for each in decoder.safeguards():
            state = "in force" if each.in_force else "NOT in force"
            lines.append(f"Decoding process, {each.name}: {state}; {each.detail}")
    for model in installed():
        said = f"ready, SHA-256 {model.sha256}" if model.ready else model.problem
        lines.append(f"Model {model.name}: {said}")
    return "\n".join(lines)


def _state(pack: Pack, memory_bytes: int) -> ModelState:
    validated, counts = _range(pack.name)
    return ModelState(
        name=pack.name,
        title=pack.title,
        ready=True,
        examines=pack.name == MINI or any(part.name == PART for part in pack.parts),
        problem="",
        licence=pack.licence,
        size_bytes=pack.size_bytes,
        memory_bytes=pack.memory_bytes,
        sha256=pack.sha256,
        folder=str(pack.folder),
        parts=tuple(
            InstalledPart(
                role=part.role, source=part.source, licence=part.licence, note=part.licence_note
            )
            for part in pack.parts
        ),
        validated=validated,
        calibrated_on=counts,
        fits=pack.memory_bytes < memory_bytes,
    )


def _missing(spec: PackSpec, problem: str, memory_bytes: int) -> ModelState:
    validated, counts = _range(spec.name)
    return ModelState(
        name=spec.name,
        title=spec.title,
        ready=False,
        examines=spec.name == MINI,
        problem=problem,
        licence=" AND ".join(sorted({part.licence for part in spec.parts})),
        size_bytes=spec.installed_bytes,
        memory_bytes=spec.memory_bytes,
        sha256="",
        folder="",
        parts=tuple(
            InstalledPart(
                role=part.role,
                source=f"{part.source} {part.version}",
                licence=part.licence,
                note=part.licence_note,
            )
            for part in spec.parts
        ),
        validated=validated,
        calibrated_on=counts,
        fits=spec.memory_bytes < memory_bytes,
    )


def _broken(folder: Path, problem: str) -> ModelState:
    return ModelState(
        name=folder.name,
        title=folder.name,
        ready=False,
        examines=False,
        problem=problem,
        licence="",
        size_bytes=0,
        memory_bytes=0,
        sha256="",
        folder=str(folder),
        parts=(),
        validated=(),
        calibrated_on=None,
        fits=False,
    )


def _range(name: str) -> tuple[tuple[tuple[str, float], ...], tuple[int, int] | None]:
    """Return the validated range of the weights that a pack carries, and what is behind it."""
    if name not in OWN_PACKS:
        return (), None
    file = paths.resources_dir() / "weights" / OWN_WEIGHTS / CALIBRATION_FILE
    try:
        card = parse_card(json.loads(file.read_text(encoding="utf-8")), "")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"The calibration {file} cannot be used ({error}): install the program again."
        ) from error
    counts = None if card.real is None or card.ai is None else (card.real, card.ai)
    return tuple((name, float(value)) for name, value in card.validated), counts


def _gpus() -> tuple[tuple[Gpu, ...], str]:
    if torch.cuda.is_available():
        found = tuple(
            Gpu(
                name=torch.cuda.get_device_name(index),
                memory_bytes=torch.cuda.get_device_properties(index).total_memory,
            )
            for index in range(torch.cuda.device_count())
        )
        return found, (
            "Checkpoints of hosts run on the graphics card; the mini runs on the "
            "processor in this version."
        )
    if not NVIDIA_DRIVER.exists() and platform.system() == "Linux":
        return (), "No NVIDIA driver was found: examinations run on the processor."
    addon = look()
    if addon is not None and addon.problem:
        return (), f"{addon.problem} Examinations run on the processor."
    if torch.version.cuda is None and getattr(sys, "frozen", False):
        return (), (
            "The program was installed without its GPU add-on (residua-gpu): examinations run on "
            "the processor."
        )
    if torch.version.cuda is None:
        return (), (
            f"PyTorch {torch.__version__} was installed without CUDA: examinations run on the "
            "processor. Install a build with CUDA to use a graphics card."
        )
    return (), (
        f"CUDA {torch.version.cuda} finds no card that answers: check the driver. Examinations "
        "run on the processor."
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def _existing(folder: Path) -> Path:
    while not folder.exists():
        folder = folder.parent
    return folder
