"""Reading exhibits wherever they lie, and containers in one go."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from types import TracebackType
from typing import Self

from engine.errors import InputError
from engine.images.members import MARK, is_frame, split
from engine.images.reading import Exhibit, read_exhibit
from engine.images.unpacker import Container, Entry, Unpacker

KEPT = 16
"""Members that are kept after they passed by; no more threads ask at a time."""


class MemberReader:
    """Gives the members of containers in the order in which they were listed.

    Several threads may ask, each for another member; one container is open at a time. What
    passes by before it is asked for is kept for a while. A member that is asked for out of
    order costs another way through the container.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._unpacker = Unpacker()
        self._path: str | None = None
        self._container: Container | None = None
        self._entries: Iterator[Entry | int] = iter(())
        self._passed: dict[str, Entry] = {}
        self._broken: InputError | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        self.close()

    def read(self, path: str, container: str | None = None) -> Exhibit:
        """Read an exhibit: a file of its own, or a member.

        Args:
            path: its name.
            container: the file it lies in, where that is known; None finds it by the name.

        Raises:
            InputError: it cannot be read; ``kind`` says why.
        """
        inside = split(path) if container is None else (container, path[len(container + MARK) :])
        return read_exhibit(path) if inside is None else self.take(*inside)

    def take(self, container: str, label: str) -> Exhibit:
        """Return a member with its hashes.

        Args:
            container: the file it lies in.
            label: its name there.

        Raises:
            InputError: it cannot be read; ``kind`` says why.
        """
        with self._lock:
            find = self._alone if is_frame(label) else self._found
            entry = find(container, label)
        if entry.failure is not None:
            raise entry.failure
        if entry.exhibit is None:
            raise ValueError(f"The member {label!r} came without data.")
        return entry.exhibit

    def abort(self) -> None:
        """End the process that unpacks; callable from any thread."""
        self._unpacker.abort()

    def close(self) -> None:
        """End the process that unpacks and close the container."""
        self._unpacker.close()
        self._leave()

    def _found(self, container: str, label: str) -> Entry:
        entry = None
        if container == self._path and self._is_as_it_was():
            entry = self._passed.pop(label, None) or self._forward_to(label)
        if entry is None:
            self._open(container)
            entry = self._forward_to(label)
        return entry or Entry(name=label, failure=self._broken or _not_found())

    def _alone(self, container: str, label: str) -> Entry:
        """Return a frame: which of them are wanted only their names say."""
        self._leave()
        self._path, found = None, None
        with Container(container) as opened:
            for entry in self._unpacker.entries(opened, only=label):
                if not isinstance(entry, int) and entry.name in ("", label):
                    found = found or entry
        return found or Entry(name=label, failure=_not_found())

    def _is_as_it_was(self) -> bool:
        """Return whether the container that is open is still the one of that name."""
        return self._container is not None and self._container.is_as_it_was()

    def _open(self, path: str) -> None:
        self._leave()
        self._path = path
        self._passed, self._broken = {}, None
        try:
            self._container = Container(path)
            self._entries = self._unpacker.entries(self._container)
        except InputError as error:
            self._broken = error

    def _forward_to(self, label: str) -> Entry | None:
        for entry in self._entries:
            if isinstance(entry, int):
                break
            if entry.name == label:
                return entry
            if not entry.name:
                self._broken = entry.failure
                break
            self._passed[entry.name] = entry
            if len(self._passed) > KEPT:
                del self._passed[next(iter(self._passed))]
        return None

    def _leave(self) -> None:
        # Mostly the mark of the end is left; once it is read the process can go on.
        next(self._entries, None)
        self._entries = iter(())
        if self._container is not None:
            self._container.close()
            self._container = None


def _not_found() -> InputError:
    return InputError(
        "The container holds no such picture, or does not hold it any more: check the name, "
        "and whether the container was replaced.",
        kind="not_found",
    )
