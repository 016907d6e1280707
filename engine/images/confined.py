"""Starting processes that confine themselves before they see a byte of evidence."""

from __future__ import annotations

import json
import multiprocessing
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any

from engine import paths
from engine.errors import EngineError
from engine.images.confinement import begin
from engine.types import Safeguard

START_LIMIT_S = 300.0
"""Longest time a child may take to start: of low priority on a busy machine it can be minutes. One
that breaks down is noticed at once."""


def confined(server: str, *looks: str | None) -> tuple[SpawnProcess, Connection]:
    """Start a process; its first message is for `account`.

    Args:
        server: ``module:function`` that answers requests.
        looks: ``module:function`` of what it does besides.

    Returns:
        The process and our end of its connection.
    """
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    process = spawn.Process(
        target=begin,
        args=(theirs, _readable(), server, *looks),
        name="residua-decoder",
        daemon=True,
    )
    process.start()
    theirs.close()
    return process, ours


def account(connection: Connection) -> tuple[Safeguard, ...]:
    """Return a new process's account of its confinement; empty when it does not start."""
    try:
        return _told(connection.recv_bytes()) if connection.poll(START_LIMIT_S) else ()
    except (EOFError, OSError):
        return ()


def did_not_start() -> EngineError:
    """Return the failure of a process that gave no account."""
    return EngineError(
        f"The decoding process did not start within {START_LIMIT_S:g} s: "
        "run 'residua selftest' to see what is wrong with the installation.",
        kind="decoder_start",
    )


def name_of(look: Callable[..., Any] | None) -> str | None:
    """Return where a process that has confined itself finds a function."""
    return None if look is None else f"{look.__module__}:{look.__qualname__}"


def _readable() -> tuple[str, ...]:
    """Return what a decoding process reads beside libraries: rules, profiles, a trust list."""
    return str(paths.resources_dir()), str(paths.data_dir())


def _told(message: bytes) -> tuple[Safeguard, ...]:
    try:
        return tuple(
            Safeguard(name=str(name), in_force=in_force is True, detail=str(detail))
            for name, in_force, detail in json.loads(message)
        )
    except (ValueError, TypeError):
        return ()
