"""Published benchmark sets: recognised by their folders, and what each folder of them holds.

Sources of the layouts: GenImage (arXiv 2306.08571), Chameleon (arXiv 2406.19435), Synthbuster
(doi 10.1109/OJSP.2023.3337714), ForenSynths (arXiv 1912.11035), WildRF (arXiv 2406.09398),
AIGCDetectBenchmark (arXiv 2311.12397), and the code that their authors publish.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import InputError

MAX_DEPTH = 5
"""How far below the named folder the folders of labels are looked for."""
SHOWN_FOLDERS = 6


class Layout(StrEnum):
    """Names for ``--layout``."""

    GENIMAGE = "genimage"
    CHAMELEON = "chameleon"
    SYNTHBUSTER = "synthbuster"
    FORENSYNTHS = "forensynths"
    WILDRF = "wildrf"
    AIGCDETECT = "aigcdetect"


TITLES = {
    Layout.GENIMAGE: "GenImage",
    Layout.CHAMELEON: "Chameleon",
    Layout.SYNTHBUSTER: "Synthbuster",
    Layout.FORENSYNTHS: "ForenSynths",
    Layout.WILDRF: "WildRF",
    Layout.AIGCDETECT: "AIGCDetectBenchmark",
}
SHAPES = {
    Layout.GENIMAGE: "GENERATOR/[imagenet_…/]val/{ai,nature}",
    Layout.CHAMELEON: "test/{0_real,1_fake}",
    Layout.SYNTHBUSTER: "GENERATOR/*.png, real ones in a folder named after RAISE or by --real",
    Layout.FORENSYNTHS: "GENERATOR/[CLASS/]{0_real,1_fake}",
    Layout.WILDRF: "test/{facebook,reddit,twitter}/{0_real,1_fake}",
    Layout.AIGCDETECT: "GENERATOR/[CLASS/]{0_real,1_fake}, diffusion models among them",
}

LABELS = {"0_real": "real", "1_fake": "ai", "nature": "real", "ai": "ai"}
"""Folder names that say what the pictures in them are."""
PLATFORMS = ("facebook", "reddit", "twitter")
GENIMAGE_ARCHIVES = {
    "imagenet_ai_0419_biggan": "BigGAN",
    "imagenet_ai_0419_sdv4": "stable_diffusion_v_1_4",
    "imagenet_ai_0419_vqdm": "VQDM",
    "imagenet_ai_0424_sdv5": "stable_diffusion_v_1_5",
    "imagenet_ai_0424_wukong": "wukong",
    "imagenet_ai_0508_adm": "ADM",
    "imagenet_glide": "glide",
    "imagenet_midjourney": "Midjourney",
}
"""What GenImage's archives unpack to, and which generator each holds."""
GANS = ("progan", "stylegan", "biggan", "cyclegan", "stargan", "gaugan", "stylegan2")
FORENSYNTHS_GENERATORS = frozenset(
    (*GANS, "crn", "imle", "seeingdark", "san", "deepfake", "whichfaceisreal")
)
DIFFUSION = frozenset(
    (
        "adm",
        "glide",
        "midjourney",
        "stable_diffusion_v_1_4",
        "stable_diffusion_v_1_5",
        "vqdm",
        "wukong",
        "dalle2",
        "sdxl",
        "sd_xl",
    )
)
AIGCDETECT_GENERATORS = frozenset((*GANS, "whichfaceisreal", *DIFFUSION))
SYNTHBUSTER_GENERATORS = frozenset(
    (
        "dalle2",
        "dalle3",
        "firefly",
        "glide",
        "midjourney-v5",
        "stable-diffusion-1-3",
        "stable-diffusion-1-4",
        "stable-diffusion-2",
        "stable-diffusion-xl",
    )
)
TEST_FOLDERS = ("test", "CNN_synth_testset")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A folder of pictures with one label, before a layout has placed it."""

    folder: Path
    label: str
    parts: tuple[str, ...]
    """Names of the folders between the set's root and this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A folder of pictures and what a set says of them."""

    folder: Path
    label: str
    part: str
    """The part of the set that both classes of it share; "" where a set has no parts."""
    generator: str
    real_class: str


def recognise(root: Path) -> Layout:
    """Return which set a folder holds, going by the names of its folders alone.

    Raises:
        InputError: it is none of them.
    """
    found = _label_folders(root)
    for layout, accepts in _RECOGNISERS.items():
        if accepts(root, found):
            return layout
    names = sorted(p.name for p in root.iterdir() if p.is_dir())
    shown = ", ".join(names[:SHOWN_FOLDERS]) + (", …" if len(names) > SHOWN_FOLDERS else "")
    known = "; ".join(f"{layout} ({SHAPES[layout]})" for layout in Layout)
    raise InputError(
        f"The layout of {root} is not known; its folders are: {shown or 'none'}. Known are: "
        f"{known}. Say which with --layout, or write a manifest.csv with path and label."
    )


def without_wrapper(root: Path) -> Path:
    """Step into the only folder of a folder, as archives make them."""
    for _ in range(MAX_DEPTH):
        folders = _folders(root)
        known = {*LABELS, *map(_plain, _KNOWN_NAMES)}
        if len(folders) != 1 or _plain(folders[0].name) in known:
            return root
        root = folders[0]
    return root


def _folders(root: Path) -> list[Path]:
    """Return the folders in a folder, hidden ones and what packers leave behind left out."""
    return sorted(
        p for p in root.iterdir() if p.is_dir() and not p.name.startswith((".", "__MACOSX"))
    )


def _plain(name: str) -> str:
    """Return a name without the differences between copies of a set."""
    return name.lower().replace(" ", "_")


def _label_folders(root: Path) -> list[_Found]:
    found: list[_Found] = []

    def walk(folder: Path, parts: tuple[str, ...]) -> None:
        for child in _folders(folder):
            label = LABELS.get(_plain(child.name))
            if label is not None:
                found.append(_Found(folder=child, label=label, parts=parts))
            elif len(parts) < MAX_DEPTH:
                walk(child, (*parts, child.name))

    walk(root, ())
    return found


def _is_genimage(_root: Path, found: list[_Found]) -> bool:
    return bool(found) and all(
        _plain(f.folder.name) in ("ai", "nature") and f.parts and f.parts[-1] in ("train", "val")
        for f in found
    )


def _is_wildrf(root: Path, found: list[_Found]) -> bool:
    rest = [f for f in found if _platform(root, f) is None]
    return len(rest) < len(found) and all(f.parts in (("train",), ("val",)) for f in rest)


def _platform(_root: Path, found: _Found) -> str | None:
    """Return the network that a folder of WildRF's test side comes from, None outside it."""
    tail = found.parts[1:] if found.parts[:1] == ("test",) else found.parts
    return tail[0] if len(tail) == 1 and tail[0] in PLATFORMS else None


def _is_chameleon(_root: Path, found: list[_Found]) -> bool:
    return any(f.parts == ("test",) for f in found) and all(
        f.parts in (("test",), ("train",), ("val",)) for f in found
    )


def _is_aigcdetect(_root: Path, found: list[_Found]) -> bool:
    names = _generators(found)
    return names <= AIGCDETECT_GENERATORS and bool(names & DIFFUSION)


def _is_forensynths(_root: Path, found: list[_Found]) -> bool:
    names = _generators(found)
    return bool(names) and names <= FORENSYNTHS_GENERATORS


def _generators(found: list[_Found]) -> set[str]:
    """Return the plain names of the generators of sets that are laid out as ForenSynths is."""
    tails = [_tail(f) for f in found if _plain(f.folder.name) in ("0_real", "1_fake")]
    return {_plain(tail[0]) if tail else "" for tail in tails if tail is not None}


def _tail(found: _Found) -> tuple[str, ...] | None:
    """Return generator and class of a folder, None for one of the training side."""
    parts = found.parts
    if parts[:1] and parts[0] in ("train", "val"):
        return None
    return parts[1:] if parts[:1] and parts[0] in TEST_FOLDERS else parts


def _is_synthbuster(root: Path, found: list[_Found]) -> bool:
    names = {p.name for p in _folders(root)}
    rest = {n for n in names - SYNTHBUSTER_GENERATORS if not _is_raise(n)}
    return not found and not rest and bool(names & SYNTHBUSTER_GENERATORS)


def _is_raise(name: str) -> bool:
    return "raise" in name.lower()


_RECOGNISERS: Mapping[Layout, Callable[[Path, list[_Found]], bool]] = {
    Layout.GENIMAGE: _is_genimage,
    Layout.WILDRF: _is_wildrf,
    Layout.CHAMELEON: _is_chameleon,
    Layout.AIGCDETECT: _is_aigcdetect,
    Layout.FORENSYNTHS: _is_forensynths,
    Layout.SYNTHBUSTER: _is_synthbuster,
}
_KNOWN_NAMES = (
    *PLATFORMS,
    *GENIMAGE_ARCHIVES,
    *FORENSYNTHS_GENERATORS,
    *AIGCDETECT_GENERATORS,
    *SYNTHBUSTER_GENERATORS,
    "test",
    "train",
    "val",
)


def place(layout: Layout, root: Path) -> list[Placed]:
    """Return the folders of a set's test side.

    Raises:
        InputError: nothing in the folder lies as that set does.
    """
    found = _label_folders(root)
    placed = {
        Layout.GENIMAGE: _place_genimage,
        Layout.CHAMELEON: _place_chameleon,
        Layout.SYNTHBUSTER: _place_synthbuster,
        Layout.FORENSYNTHS: _place_by_generator,
        Layout.WILDRF: _place_wildrf,
        Layout.AIGCDETECT: _place_by_generator,
    }[layout](root, found)
    if not placed:
        raise InputError(
            f"{root} does not lie as {TITLES[layout]} does ({SHAPES[layout]}): "
            "name the folder that holds these, or another --layout."
        )
    return placed


def _place_genimage(root: Path, found: list[_Found]) -> list[Placed]:
    placed = []
    for f in found:
        if not f.parts or f.parts[-1] != "val":
            continue  # others train on "train"
        generator = _genimage_generator(root, f.parts[:-1])
        placed.append(_placed(f, generator, real_class="ImageNet"))
    return placed


def _genimage_generator(root: Path, parts: tuple[str, ...]) -> str:
    for name in reversed(parts or (root.name,)):
        if name in GENIMAGE_ARCHIVES:
            return GENIMAGE_ARCHIVES[name]
    return parts[0] if parts else GENIMAGE_ARCHIVES.get(root.name, root.name)


def _place_chameleon(_root: Path, found: list[_Found]) -> list[Placed]:
    chosen = [f for f in found if f.parts == ("test",)] or [f for f in found if not f.parts]
    return [_placed(f, "", generator="not stated", real_class="online photographs") for f in chosen]


def _place_wildrf(root: Path, found: list[_Found]) -> list[Placed]:
    chosen = [(f, platform) for f in found if (platform := _platform(root, f)) is not None]
    return [_placed(f, p, generator="not stated", real_class=p) for f, p in chosen]


def _place_by_generator(root: Path, found: list[_Found]) -> list[Placed]:
    placed = []
    for f in found:
        tail = _tail(f)
        if tail is None:
            continue
        generator = tail[0] if tail else root.name
        kind = "/".join(tail[1:])
        real_class = f"{generator}: {kind}" if kind else f"{generator}: its real ones"
        placed.append(_placed(f, generator, real_class=real_class))
    return placed


def _place_synthbuster(root: Path, _found: list[_Found]) -> list[Placed]:
    placed = []
    for folder in _folders(root):
        if folder.name in SYNTHBUSTER_GENERATORS:
            f = _Found(folder=folder, label="ai", parts=())
            placed.append(_placed(f, folder.name))
        elif _is_raise(folder.name):
            f = _Found(folder=folder, label="real", parts=())
            placed.append(_placed(f, "RAISE", real_class="RAISE"))
    return placed


def _placed(
    found: _Found, part: str, *, generator: str | None = None, real_class: str = ""
) -> Placed:
    is_real = found.label == "real"
    return Placed(
        folder=found.folder,
        label=found.label,
        part=part,
        generator="" if is_real else (part if generator is None else generator),
        real_class=real_class if is_real else "",
    )
