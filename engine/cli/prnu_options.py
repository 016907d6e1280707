"""Options of ``prnu``; apart from its commands, so that parsing loads nothing."""

from __future__ import annotations

import argparse

_Commands = argparse._SubParsersAction


def add_prnu(commands: _Commands[argparse.ArgumentParser], quiet: argparse.ArgumentParser) -> None:
    """Add ``prnu`` and its actions."""
    prnu = commands.add_parser("prnu", help="sensor pattern noise: which camera took a picture")
    actions = prnu.add_subparsers(dest="action", metavar="ACTION", required=True)
    make = actions.add_parser(
        "make", parents=[quiet], help="a camera's fingerprint from its pictures"
    )
    make.add_argument("paths", nargs="+", metavar="PATH", help="picture, or folder (recursively)")
    make.add_argument("--out", metavar="FILE", help="where it goes; needed without --case")
    make.add_argument("--case", metavar="CASE", help="keep it beside this case and log it there")
    make.add_argument("--camera", default="", metavar="TEXT", help="which camera, for the log")
    make.add_argument("--operator", metavar="NAME", help="who does it; the system's user else")
    listed = actions.add_parser("list", help="the cameras of a case")
    listed.add_argument("--case", required=True, metavar="CASE")
    listed.set_defaults(operator=None)
    listed.add_argument("--json", action="store_true", help="one JSON array")
    remove = actions.add_parser("remove", help="take a camera off a case and delete its file")
    remove.add_argument(
        "sha256", metavar="SHA256", help="of the fingerprint; its beginning will do"
    )
    remove.add_argument("--case", required=True, metavar="CASE")
    remove.add_argument("--operator", metavar="NAME", help="who does it; the system's user else")
    test = actions.add_parser("test", parents=[quiet], help="which pictures are from that camera?")
    test.add_argument(
        "paths", nargs="*", metavar="PATH",
        help="pictures, folders (recursively); the exhibits of the case when left out",
    )  # fmt: skip
    test.add_argument("--fingerprint", metavar="FILE", help="the camera; or --case")
    test.add_argument("--case", metavar="CASE", help="a camera of this case; answers are logged")
    test.add_argument(
        "--camera", metavar="TEXT", help="its name or the beginning of its hash, of several"
    )
    test.add_argument("--again", action="store_true", help="compute also what the log has")
    test.add_argument("--operator", metavar="NAME", help="who does it; the system's user else")
    test.add_argument("--json", action="store_true", help="one JSON object a picture, a line each")
