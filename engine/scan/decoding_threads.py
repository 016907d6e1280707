"""Threads that each have a decoding process while they need one, and waiting for what they do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

from engine.images.decoder import Decoder
from engine.images.member_reader import MemberReader
from engine.job import Context

LISTEN_S = 0.1
"""Longest time between two looks at whether the operator wants to stop."""

Result = TypeVar("Result")


class DecodingThreads:
    """As many threads as decoding processes, and what reads members of containers for all.

    Args:
        make: makes a decoder; its process starts with the first file.
        count: threads, at least 1.
        name: of the threads.

    Attributes:
        threads: run what is submitted.
        members: goes through a container once, not once a member.
    """

    def __init__(self, make: Callable[[], Decoder], count: int, name: str) -> None:
        self.count = count
        self._closing = Event()
        self._decoders = [make() for _ in range(count)]
        self._free: SimpleQueue[Decoder] = SimpleQueue()
        for decoder in self._decoders:
            self._free.put(decoder)
        self.members = MemberReader()
        self.threads = ThreadPoolExecutor(count, thread_name_prefix=name)

    @property
    def is_closing(self) -> bool:
        """Whether the work is to end."""
        return self._closing.is_set()

    @contextmanager
    def decoder(self) -> Iterator[Decoder]:
        """Lend a decoder; waits until one is free."""
        lent = self._free.get()
        try:
            yield lent
        finally:
            self._free.put(lent)

    def close(self) -> None:
        """End the decoding processes, also in the middle of a file, and then the threads."""
        self._closing.set()
        for decoder in self._decoders:
            decoder.abort()
        self.members.abort()
        self.threads.shutdown(wait=True, cancel_futures=True)
        for decoder in self._decoders:
            decoder.close()
        self.members.close()


def result_of(future: Future[Result], ctx: Context) -> Result:
    """Return what a thread makes; listens to the operator while it is in work.

    Raises:
        Cancelled: the operator stopped the work.
    """
    while True:
        ctx.check()
        if wait([future], timeout=LISTEN_S).done:
            return future.result()
