"""The installed program's console executable: the same commands as ``./residua``."""

from __future__ import annotations

import multiprocessing
import os
import sys

if __name__ == "__main__":
    # First of all, so that a child process never gets to the command line.
    multiprocessing.freeze_support()
    os.environ["HF_HUB_OFFLINE"] = os.environ["TRANSFORMERS_OFFLINE"] = "1"
    from engine.__main__ import program

    sys.exit(program())
