"""Names of files inside containers: ``archive.zip!/folder/a.jpg``.

Such a name is a label. It is made so that it never leads anywhere on a disk, and so that two
members of one container never share it.
"""

from __future__ import annotations

import os
import re

MARK = "!/"
"""Between a container and its member."""

MAX_NAME_CHARS = 1024

_PLACE = re.compile(r"(?:^|!/)(?:page|view|item|frame)-[0-9]+$")
"""How pictures of a picture file are called, behind the first."""

_FRAME = re.compile(r"(?:^|!/)frame-[0-9]+$")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f]")


def member_path(container: str, member: str) -> str:
    """Return the name of a member."""
    return container + MARK + member


def split(path: str) -> tuple[str, str] | None:
    """Return (container, member) of a name; None when it names no member of a file that exists.

    Args:
        path: a name; what exists as a file itself is that file, whatever it is called.
    """
    at = path.find(MARK)
    if at < 0 or _exists(path):
        return None
    while at >= 0:
        if os.path.isfile(path[:at]):  # noqa: PTH113 - names with a zero byte are only false here
            return path[:at], path[at + len(MARK) :]
        at = path.find(MARK, at + 1)
    return None


def is_frame(label: str) -> bool:
    """Return whether a label is that of an animation's frame."""
    return _FRAME.search(label) is not None


def without_place(label: str) -> str:
    """Return the label of the picture file that a page or view lies in; others as they are.

    Args:
        label: such as ``"in/scan.tif!/page-2"``; ``"page-2"`` alone gives nothing.
    """
    return _PLACE.sub("", label)


def safe_name(raw: str, taken: set[str]) -> str:
    """Return the label of an entry: no way up, no empty step, no control character, no twin.

    Args:
        raw: as the container has it.
        taken: labels that are given already; the new one is added.
    """
    steps = [_step(step) for step in raw[:MAX_NAME_CHARS].replace("\\", "/").split("/")]
    name = "/".join(step for step in steps if step) or "unnamed"
    label, number = name, 1
    stem, dot, ending = name.rpartition(".") if "." in name.rpartition("/")[2] else (name, "", "")
    while label in taken:
        number += 1
        label = f"{stem}#{number}{dot}{ending}"
    taken.add(label)
    return label


def _step(step: str) -> str:
    if step == ".":
        return ""
    if step and not step.strip("."):
        return step.replace(".", "%2E")
    if step.endswith("!"):
        step = step[:-1] + "%21"
    return _UNSAFE.sub(lambda found: f"%{ord(found.group()):02X}", step)


def _exists(path: str) -> bool:
    try:
        return os.path.lexists(path)
    except ValueError:
        return False
