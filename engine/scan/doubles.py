"""Files with the same bytes: examined once, with a line of results for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import engine
from engine.scan.destinations import Destination
from engine.scan.examining import Prepared
from engine.types import Elapsed, Examination, FileFacts, Settings

MayShare = Callable[[FileFacts], bool]
"""Whether a file may have the result of others with its bytes."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Settled:
    """A result that needed no examination."""

    examination: Examination
    stored: bool
    """Read back as an earlier run left it; a duplicate otherwise."""


class Doubles:
    """Tells which files of a scan need no examination, and gives their results.

    Args:
        results: where results are.
        weights: SHA-256 of the model.
        settings: what is asked.
        again: whether what an earlier run has done is examined anew.
        share: whether a file may have the result of others with its bytes.
    """

    def __init__(
        self,
        results: Destination,
        weights: str,
        settings: Settings,
        *,
        again: bool,
        share: MayShare,
    ) -> None:
        self._results, self._weights, self._settings = results, weights, settings
        self._again, self._share = again, share
        # What this run has handed on, by hash: results come in the same order, so that the
        # first of two files has its result when the second one's is due.
        self._met: dict[str, str] = {}

    def needless(self, facts: FileFacts) -> bool:
        """Return whether a file with these hashes need not be decoded; on any thread."""
        sha256 = facts.sha256
        if sha256 is None:
            return False
        shares = self._share(facts)
        if shares and sha256 in self._met:
            return True
        if self._again:
            return False
        return self._is_done(facts, sha256) or (shares and self._results.knows(*self._key(sha256)))

    def parted(self, prepared: Iterator[Prepared]) -> Iterator[Prepared]:
        """Yield files in order; one whose bytes came before has its picture taken away."""
        for item in prepared:
            sha256 = item.facts.sha256
            if not item.is_due or sha256 is None or not self._share(item.facts):
                yield item
            elif sha256 in self._met:
                yield replace(item, image=None, elsewhere=False, findings=())
            else:
                self._met[sha256] = item.facts.path
                yield item

    def settled(self, item: Prepared) -> Settled:
        """Return the result of a file that was not examined in this run.

        Args:
            item: a file without picture and failure; what came before it has its result.

        Raises:
            StoreError: what is stored cannot be read.
        """
        facts = item.facts
        sha256 = str(facts.sha256)
        if not self._again and self._is_done(facts, sha256):
            return Settled(examination=self._results.stored(facts.path), stored=True)
        if self._results.knows(*self._key(sha256)):
            known = self._results.known(*self._key(sha256))
        else:
            # The first of them failed in front of the model, and so would this one.
            known = self._results.stored(self._met[sha256])
        return Settled(examination=_renamed(known, item), stored=False)

    def _is_done(self, facts: FileFacts, sha256: str) -> bool:
        return self._results.is_done(facts.path, sha256, self._weights, self._settings)

    def _key(self, sha256: str) -> tuple[str, str, Settings]:
        return sha256, self._weights, self._settings


def _renamed(known: Examination, item: Prepared) -> Examination:
    """Return what is known of the bytes under another file's name."""
    return replace(
        known,
        facts=replace(
            known.facts, path=item.facts.path, container_sha256=item.facts.container_sha256
        ),
        duplicate_of=known.duplicate_of or known.facts.path,
        heatmap_file=None,
        elapsed=Elapsed(decode=item.decode_ms, total=item.decode_ms),
        examined_utc=datetime.now(UTC).isoformat(timespec="milliseconds"),
        tool_version=engine.__version__,
    )
