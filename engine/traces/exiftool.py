"""ExifTool as a child process, where it is installed: it knows thousands of tags more."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

from engine.traces.made import Method, listed, quoted
from engine.types import Finding

METHOD = Method(name="metadata.exiftool", version="1", source="ExifTool (exiftool.org)")

PROGRAM = "exiftool"
LIMIT_S = 20.0
"""Longest time one file may take."""

MAX_OUTPUT_BYTES = 8 << 20
OLDEST = (12, 24)
"""Older versions run code hidden in a picture (CVE-2021-22204)."""

ARGUMENTS = ("-config", "", "-json", "-G1", "-a", "-fast", "-charset", "utf8", "-")
"""No configuration of the user, every group named, the file from standard input."""

_OWN_GROUPS = ("ExifTool", "System", "File", "Composite", "SourceFile")
_STANDARD = ("IFD0", "IFD1", "ExifIFD", "GPS", "InteropIFD", "JFIF", "PNG", "RIFF", "MPF0", "Adobe")
_WANTED = ("Serial", "Owner", "Firmware", "Lens", "ShutterCount", "ImageUniqueID", "ImageNumber")
NOT_INSTALLED = (
    "ExifTool is not installed: EXIF, XMP, IPTC and ICC were read by Residua's own readers, maker "
    "notes by ExifRead, which knows fewer of them."
)


def find(data: bytes) -> tuple[Finding, ...]:
    """Let ExifTool read a file.

    Args:
        data: the bytes that were hashed; they are handed over, no file is opened.
    """
    program = shutil.which(PROGRAM)
    if program is None:
        return (METHOD.not_available(NOT_INSTALLED),)
    try:
        # The path is what the system finds, the arguments are ours.
        done = subprocess.run(
            [program, *ARGUMENTS], input=data, capture_output=True, timeout=LIMIT_S, check=False
        )
    except subprocess.TimeoutExpired:
        return (METHOD.failed(f"ExifTool took longer than {LIMIT_S:g} s and was ended."),)
    except OSError as error:
        return (METHOD.failed(f"ExifTool cannot be started ({error.strerror})."),)
    return parse(done.stdout)


def parse(answer: bytes) -> tuple[Finding, ...]:
    """Turn ExifTool's answer into findings.

    Args:
        answer: its JSON.
    """
    if len(answer) > MAX_OUTPUT_BYTES:
        return (METHOD.failed(f"ExifTool answered {len(answer):,} bytes; that was not read."),)
    try:
        tags: dict[str, Any] = json.loads(answer)[0]
        number = str(tags["ExifTool:ExifToolVersion"])
        version = tuple(int(part) for part in number.split("."))
    except (ValueError, LookupError, TypeError) as error:
        return (METHOD.failed(f"ExifTool's answer cannot be read ({error!r})."),)
    if version < OLDEST:
        return (
            METHOD.failed(
                f"ExifTool {number} is too old to be given untrusted files: install "
                f"{OLDEST[0]}.{OLDEST[1]} or later. {NOT_INSTALLED.partition(': ')[2]}"
            ),
        )
    told = {
        name: value for name, value in tags.items() if name.partition(":")[0] not in _OWN_GROUPS
    }
    groups = list(dict.fromkeys(name.partition(":")[0] for name in told))
    makers = [g for g in groups if g not in _STANDARD and not g.startswith(("XMP", "ICC", "IPTC"))]
    details = [
        f"{name.partition(':')[2]} {quoted(str(value), 40)}"
        for name, value in told.items()
        if name.partition(":")[0] in makers and any(part in name for part in _WANTED)
    ]
    warnings = [
        quoted(str(value), 80)
        for name, value in tags.items()
        if name in ("ExifTool:Warning", "ExifTool:Error")
    ]
    reason = (
        f"ExifTool {number} read {len(told)} values in {len(groups)} groups: {listed(groups, 10)}."
    )
    if details:
        reason += f" Of the maker: {listed(details, 5)}."
    if warnings:
        reason += f" It warns: {listed(warnings, 3)}."
    return (METHOD.observed(f"{len(told)} values", reason, source=f"ExifTool {number}"),)
