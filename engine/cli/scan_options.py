"""Options of ``scan`` that say which files are examined."""

from __future__ import annotations

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import datetime
from typing import Any

MOST_FRAMES = 1000
"""Of one animation."""

WATCH_S = 5.0
"""Seconds between two looks at watched folders, unless another number is asked for."""


def add_selection(scan: ArgumentParser) -> None:
    """Add the options to a parser."""
    scan.add_argument(
        "--include", action="append", default=[], metavar="GLOB",
        help="in folders, examine only what fits (may be given again)",
    )  # fmt: skip
    scan.add_argument(
        "--exclude", action="append", default=[], metavar="GLOB",
        help="in folders, leave out what fits, folders too (may be given again)",
    )  # fmt: skip
    scan.add_argument(
        "--since", type=_moment, metavar="DATE", help="in folders, only files changed since then"
    )
    add_containers(scan)
    scan.add_argument(
        "--frames", type=_frames, default=0, metavar="N",
        help="of animations, examine N frames besides the first, evenly spaced",
    )  # fmt: skip
    scan.add_argument(
        "--watch", type=float, nargs="?", const=WATCH_S, metavar="SECONDS",
        help=f"look again for new files (every {WATCH_S:g} s) until Ctrl-C",
    )  # fmt: skip


def add_containers(parser: ArgumentParser) -> None:
    """Add the option that leaves archives, documents and further pages alone."""
    parser.add_argument(
        "--no-containers",
        action="store_true",
        help="leave archives, documents and further pages alone",
    )


def selection(options: Namespace) -> dict[str, Any]:
    """Return the fields of a `ScanRequest` that these options set."""
    return {
        "include": tuple(options.include),
        "exclude": tuple(options.exclude),
        "since": options.since,
        "containers": not options.no_containers,
        "frames": options.frames,
        "watch_s": options.watch,
    }


def _frames(text: str) -> int:
    """Return how many frames are asked for."""
    if not text.isascii() or not text.isdigit() or int(text) > MOST_FRAMES:
        raise ArgumentTypeError(f"{text!r} is no number of frames: use 0 to {MOST_FRAMES}")
    return int(text)


def _moment(text: str) -> float:
    """Return seconds since 1970 of a date or time; without a zone it is local time."""
    try:
        return datetime.fromisoformat(text).timestamp()
    except (ValueError, OverflowError, OSError) as error:
        raise ArgumentTypeError(
            f"{text!r} is no date: write it as 2026-01-31 or 2026-01-31T18:00"
        ) from error
