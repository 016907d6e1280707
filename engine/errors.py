"""The errors the engine tells its callers about; anything else that is raised is a bug."""

from __future__ import annotations


class EngineError(Exception):
    """A known failure. The message says what failed, the value, and what to do.

    Attributes:
        kind: short machine-readable name of the failure, such as ``"truncated"``;
            it is what ``results.jsonl`` carries in ``error.kind``.
    """

    default_kind = "engine"

    def __init__(self, message: str, *, kind: str | None = None) -> None:
        super().__init__(message)
        self.kind = kind or self.default_kind

    def __reduce__(self) -> tuple[object, ...]:
        """Keep ``kind`` when the error travels between processes."""
        return (_rebuild, (type(self), str(self), self.kind))


def _rebuild(cls: type[EngineError], message: str, kind: str) -> EngineError:
    return cls(message, kind=kind)


class InputError(EngineError):
    """What the caller handed over (a file, an option, a value) cannot be used."""

    default_kind = "input"


class ModelError(EngineError):
    """A model pack is missing, broken or does not fit the program."""

    default_kind = "model"


class StoreError(EngineError):
    """Results, a case or a report cannot be read or written."""

    default_kind = "store"


class Cancelled(EngineError):
    """The operator stopped the work; what was done is kept."""

    default_kind = "cancelled"
