"""Which files of folders and containers are examined: by patterns, by date, inside or not."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatchcase


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """What an operator narrows a search to; files that were named themselves are never left out.

    A pattern without ``/`` is compared with the last step of a name, one with it with all steps
    below the folder that was named; ``*`` also passes over ``/``. Case does not matter.
    """

    include: tuple[str, ...] = ()
    """Patterns of which one must fit; empty means that everything fits."""
    exclude: tuple[str, ...] = ()
    """Patterns of which none may fit; a folder that fits is not entered."""
    since: float | None = None
    """Seconds since 1970; files last changed before are left out. None takes all."""
    containers: bool = True
    """Whether archives, documents and files of several pictures are opened."""
    frames: int = 0
    """Frames of each animation that are examined besides the first, evenly spaced."""

    def takes(self, below: str, modified: float | None) -> bool:
        """Return whether a file is to be examined.

        Args:
            below: its name below the folder that was named, or below its container.
            modified: when it was last changed, seconds since 1970; None when unknown.
        """
        if self.since is not None and modified is not None and modified < self.since:
            return False
        included = not self.include or _fits(below, self.include)
        return included and not _fits(below, self.exclude)

    def enters(self, below: str) -> bool:
        """Return whether a folder is to be searched."""
        return not _fits(below, self.exclude)


EVERYTHING = Selection()
"""No file is left out."""


def _fits(below: str, patterns: Iterable[str]) -> bool:
    steps = below.replace(os.sep, "/").casefold()
    last = steps.rpartition("/")[2]
    return any(
        fnmatchcase(steps if "/" in pattern else last, pattern.casefold().removeprefix("./"))
        for pattern in patterns
    )
