"""The installed program's console executable: the same commands as ``./residua``."""

from __future__ import annotations

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # First of all, so that a child process never gets to the command line.
    multiprocessing.freeze_support()
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    from engine.addon import activate

    addon = activate()
    if addon is not None and addon.problem and sys.stderr is not None:
        sys.stderr.write(f"residua: {addon.problem}\n")
    if sys.argv[0].rpartition("/")[2] in ("Residua", "residua-window"):
        # On Linux the window's name is a link to this program.
        from app.__main__ import main
        from engine.api import forbid_network

        forbid_network()
        sys.exit(main())
    from engine.__main__ import program

    sys.exit(program())
