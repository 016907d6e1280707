"""Batches as large as memory allows: one that does not fit is halved, and the work goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

import torch

from engine.errors import ModelError

T = TypeVar("T")
R = TypeVar("R")


class Halving:
    """Runs work in batches and remembers how large a batch may be.

    Args:
        size: largest batch, >= 1.
    """

    def __init__(self, size: int) -> None:
        self.size = size
        """Largest batch that has not failed yet."""

    def run(self, items: Sequence[T], work: Callable[[Sequence[T]], Sequence[R]]) -> Iterator[R]:
        """Yield what the work makes of each item, in order.

        Args:
            items: what is worked on.
            work: makes one result an item; may run out of the device's memory.

        Raises:
            ModelError: a single item does not fit.
        """
        at = 0
        while at < len(items):
            batch = items[at : at + self.size]
            try:
                results = work(batch)
            except torch.OutOfMemoryError as error:
                if len(batch) == 1:
                    raise ModelError(
                        "The device's memory does not hold the model with one picture: close other "
                        "programs that use it, or choose --weights int8, int4 or offload."
                    ) from error
                results = None
                self.size = len(batch) // 2
            if results is None:
                # Only here is the failed batch's memory let go of.
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()
                continue
            yield from results
            at += len(batch)
