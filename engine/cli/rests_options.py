"""Options of ``rests``; apart from its command, so that parsing loads nothing."""

from __future__ import annotations

import argparse

_Commands = argparse._SubParsersAction


def add_rests(
    commands: _Commands[argparse.ArgumentParser],
    quiet: argparse.ArgumentParser,
    model: argparse.ArgumentParser,
) -> None:
    """Add ``rests``."""
    rests = commands.add_parser(
        "rests",
        parents=[model, quiet],
        help="what the probability of one image rests on, place by place",
    )
    rests.add_argument("image", metavar="IMAGE")
    rests.add_argument(
        "--triage", action="store_true", help="of the fast path's verdict, which reads the middle"
    )
    rests.add_argument(
        "--blur", action="store_true", help="blur each place instead of painting it in one colour"
    )
    rests.add_argument("--out", metavar="DIR", help="write rests.png and rests.json")
