"""Options of ``case``; apart from its commands, so that parsing loads nothing."""

from __future__ import annotations

import argparse
from typing import get_args

from engine.cli.scan_options import add_containers
from engine.mark_words import STARS_MOST, Retractable, Shape

FORMATS = ("json", "csv", "html", "case-uco")
"""What a case can be exported as."""

INFO = {
    "number": "the laboratory's number of the case",
    "title": "what it is about, a line",
    "requester": "who asked for the examination",
    "laboratory": "who examines, with address",
    "examiner": "who signs",
    "reviewer": "who reviews",
    "question": "what was asked, in the requester's words",
}
"""What an operator says of a case."""

_Commands = argparse._SubParsersAction


def add_case(commands: _Commands[argparse.ArgumentParser], quiet: argparse.ArgumentParser) -> None:
    """Add ``case`` and its actions."""
    case = commands.add_parser("case", help="case files: evidence, custody log, notes")
    actions = case.add_subparsers(dest="action", metavar="ACTION", required=True)
    common = argparse.ArgumentParser(add_help=False, parents=[quiet])
    common.add_argument("file", metavar="CASE", help="the case file")
    common.add_argument("--operator", metavar="NAME", help="who does it; the system's user else")
    _add_info(actions.add_parser("new", parents=[common], help="make a case"))
    change = actions.add_parser("change", parents=[common], help="say anew what it is about")
    _add_info(change)
    add = actions.add_parser("add", parents=[common], help="take files in as exhibits")
    add.add_argument("paths", nargs="+", metavar="PATH", help="file, or folder (recursively)")
    add.add_argument("--copy", action="store_true", help="keep copies beside the case")
    add_containers(add)
    add.add_argument("--source", default="", metavar="TEXT", help="where they come from")
    shown = actions.add_parser("list", parents=[common], help="what a case holds, checked now")
    shown.add_argument("--no-check", action="store_true", help="do not read the exhibits again")
    log = actions.add_parser("log", parents=[common], help="the custody log")
    log.add_argument("--json", action="store_true", help="one JSON object an entry")
    note = actions.add_parser("note", parents=[common], help="keep a note of the examiner")
    note.add_argument("text", metavar="TEXT")
    note.add_argument("--exhibit", type=int, metavar="N")
    note.add_argument("--examination", type=int, metavar="N")
    note.add_argument("--replaces", type=int, metavar="N", help="the note whose place it takes")
    _add_marks(actions, common)
    _add_handing_on(actions, common, quiet)


def _add_marks(
    actions: _Commands[argparse.ArgumentParser], common: argparse.ArgumentParser
) -> None:
    rate = actions.add_parser("rate", parents=[common], help="rate an exhibit")
    rate.add_argument("exhibit", type=int, metavar="EXHIBIT")
    rate.add_argument("stars", type=int, choices=range(STARS_MOST + 1), help="0 for no rating")
    tag = actions.add_parser("tag", parents=[common], help="tag an exhibit")
    tag.add_argument("exhibit", type=int, metavar="EXHIBIT")
    tag.add_argument("name", metavar="TAG")
    tag.add_argument("--remove", action="store_true", help="take the tag away")
    draw = actions.add_parser("annotate", parents=[common], help="draw over an exhibit's picture")
    draw.add_argument("exhibit", type=int, metavar="EXHIBIT")
    draw.add_argument("shape", choices=[str(shape) for shape in Shape])
    draw.add_argument(
        "points", nargs="+", type=int, metavar="N", help="X Y, or X0 Y0 X1 Y1; px of the original"
    )
    draw.add_argument("--text", default="", help="what is said of it")
    draw.add_argument("--replaces", type=int, metavar="N", help="the drawing whose place it takes")
    retract = actions.add_parser("retract", parents=[common], help="take back a mark; it is kept")
    retract.add_argument("kind", choices=get_args(Retractable))
    retract.add_argument("number", type=int, metavar="N")
    retract.add_argument("--reason", default="", metavar="TEXT")


def _add_handing_on(
    actions: _Commands[argparse.ArgumentParser],
    common: argparse.ArgumentParser,
    quiet: argparse.ArgumentParser,
) -> None:
    recheck = actions.add_parser(
        "recheck", parents=[common], help="run examinations again and compare"
    )
    recheck.add_argument(
        "numbers", nargs="*", type=int, metavar="N", help="examinations; else the newest of each"
    )
    recheck.add_argument("--device", choices=("cpu", "cuda"), help="else the one of then")
    verify = actions.add_parser("verify", parents=[common], help="check file, log and exhibits")
    verify.add_argument("--head", metavar="HASH", help="the log's head as a report printed it")
    verify.add_argument("--ca", metavar="FILE", help="the time-stamping authority's root, PEM")
    copy = actions.add_parser("copy", parents=[common], help="keep a case under another name")
    copy.add_argument("--out", required=True, metavar="CASE")
    export = actions.add_parser("export", parents=[common], help="hand a case on")
    export.add_argument("--out", required=True, metavar="FILE")
    export.add_argument("--format", choices=FORMATS, help="else by the ending of FILE")
    bring = actions.add_parser("import", parents=[quiet], help="make a case of a JSON export")
    bring.add_argument("source", metavar="FILE.json")
    bring.add_argument("--out", required=True, dest="file", metavar="CASE")
    stamp = actions.add_parser("timestamp", parents=[common], help="RFC 3161 time stamp of the log")
    way = stamp.add_mutually_exclusive_group(required=True)
    way.add_argument("--request", metavar="FILE.tsq", help="write a request, offline")
    way.add_argument("--answer", metavar="FILE.tsr", help="attach the authority's answer")


def _add_info(parser: argparse.ArgumentParser) -> None:
    for name, says in INFO.items():
        parser.add_argument(f"--{name}", metavar="TEXT", help=says)
    parser.add_argument(
        "--propositions", nargs=2, metavar=("FIRST", "SECOND"), help="the question as two"
    )
