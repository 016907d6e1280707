"""Keeps the window alive where the binding of Qt eats references.

PySide6 6.12.0 is compiled for interpreters whose None, True and False are immortal, and says
that it also runs on Python 3.10 and 3.11, where they are counted. There each call that returns
one of them takes a reference that nobody gave: after some 7,000 calls of ``setEnabled`` the
interpreter stops with "deallocating None" (measured on 3.10.13 and 3.11.7; 3.12 and later and
PySide6 6.11.3 are not touched).
"""

from __future__ import annotations

import ctypes
import sys

from PySide6.QtCore import QObject

PROBES = 64
"""Calls of a function that returns None, to see whether each one takes a reference."""

IMMORTAL = 1 << 40
"""References added: at a million calls a second they last twelve days of uninterrupted calls."""


def eats_references() -> bool:
    """Return whether the binding takes references to None that nobody gave."""
    probe = QObject()
    before = sys.getrefcount(None)
    for _ in range(PROBES):
        probe.setObjectName("")
    return before - sys.getrefcount(None) > PROBES // 2


def protect() -> bool:
    """Make None, True, False and NotImplemented outlive the program if the binding eats them.

    Returns:
        Whether that was necessary.
    """
    if not eats_references():
        return False
    for constant in (None, True, False, NotImplemented):
        # The count is the first field of every object in the interpreters concerned.
        ctypes.c_ssize_t.from_address(id(constant)).value += IMMORTAL
    return True
