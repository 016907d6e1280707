"""What every model of this program answers when it is shown a picture."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from engine.errors import InputError
from engine.types import (
    Condition,
    Elapsed,
    ExplanationKind,
    Finding,
    HeatMap,
    Image,
    Locality,
    ModelInfo,
    Sentence,
    Verdict,
)
from engine.vrm.ground import Ground

if TYPE_CHECKING:
    # Triage loads no torch, and is an examiner as well.
    from torch import Tensor


class Writer(Protocol):
    """A language model that has seen the picture and can explain the findings."""

    def __call__(
        self, ground: Ground, *, on_text: Callable[[str], None], check: Callable[[], None]
    ) -> tuple[Sentence, ...]:
        """Return an explanation.

        Args:
            ground: what may be said.
            on_text: called with each new piece of text.
            check: called between steps; raises Cancelled.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Reading:
    """A model's answer for one picture."""

    verdict: Verdict
    condition: Condition
    heatmap: HeatMap
    explanation: tuple[Sentence, ...]
    """Empty when no explanation was asked for."""
    dropped_sentences: int
    """Generated sentences that the checks refused."""
    findings: tuple[Finding, ...]
    """The model's own findings; ids start with ``"M"``."""
    elapsed: Elapsed
    """``artifact``, ``semantic`` and ``language`` are set, the others are zero."""
    locality: Locality | None = None
    """Whether traces stand out in places; None where the model does not measure it."""
    explanation_kind: ExplanationKind = ExplanationKind.GENERATED
    """Who worded the explanation."""
    writer: Writer | None = None
    """Words an explanation once all findings are known; None where none was asked for, where
    there is no language model, and where ``explanation`` holds it already."""


class Examiner(Protocol):
    """A loaded model. One thread owns it, unless it says that it can be shared."""

    @property
    def info(self) -> ModelInfo:
        """Which model this is, on which device."""
        ...

    @property
    def at_once(self) -> int:
        """How many pictures may be examined at the same time, each on a thread of its own.

        1 for a model that belongs to one thread.
        """
        ...

    def examine(
        self,
        image: Image,
        *,
        explain: bool,
        on_text: Callable[[str], None],
        check: Callable[[], None],
    ) -> Reading:
        """Examine one picture.

        Args:
            image: the decoded picture, at least 32 px a side.
            explain: whether to write an explanation.
            on_text: called with each new piece of generated text.
            check: called between steps and at every generated token; it raises
                Cancelled when the operator stops the work.

        Returns:
            The reading.

        Raises:
            InputError: the picture is too small to examine.
            Cancelled: raised by ``check``.
        """
        ...


Shown = Mapping[str, "Tensor"]
"""A picture as a model's towers take it, made ready ahead of its turn."""


@runtime_checkable
class BatchExaminer(Examiner, Protocol):
    """A loaded model that takes several pictures in one run."""

    @property
    def batch(self) -> int:
        """How many pictures it had best be given at a time, as far as it knows now."""
        ...

    def show(self, image: Image) -> Shown | None:
        """Make a picture ready for the device; may be called on any thread, while others run.

        Args:
            image: the decoded picture.

        Returns:
            What `examine_many` takes in its place; None where it cannot be examined.
        """
        ...

    def examine_many(
        self,
        images: Sequence[Image],
        shown: Sequence[Shown | None] = (),
        *,
        explain: bool,
        on_text: Callable[[int, str], None],
        check: Callable[[], None],
    ) -> tuple[Reading | InputError, ...]:
        """Examine several pictures.

        Args:
            images: the decoded pictures.
            shown: what `show` made of each, None where that is still to be done; empty for none.
            explain: whether to write an explanation of each.
            on_text: called with a picture's index and each new piece of its text.
            check: called between steps and at every generated token; raises Cancelled.

        Returns:
            One a picture: its reading, or why it cannot be examined.

        Raises:
            ModelError: not even one picture fits into memory.
            Cancelled: raised by ``check``.
        """
        ...
