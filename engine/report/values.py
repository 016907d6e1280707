"""Frozen values as JSON and back, by the types their fields are declared with.

What is read back is checked: a wrong type, a missing or an unknown key is named. Examinations
keep the form of ``results.jsonl``.
"""

from __future__ import annotations

import json
import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.errors import StoreError
from engine.evidence.records import from_line, to_line
from engine.types import Examination

T = TypeVar("T")

_PLAIN = (str, int, float, bool, type(None))


def to_json(value: Any) -> Any:
    """Return a value as what `json.dumps` takes.

    Args:
        value: a dataclass, tuple, enumeration member, or plain value.

    Raises:
        TypeError: it is something else, which is a bug of the caller.
    """
    if isinstance(value, Examination):
        return json.loads(to_line(value))
    if is_dataclass(value) and not isinstance(value, type):
        return {each.name: to_json(getattr(value, each.name)) for each in fields(value)}
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, tuple):
        return [to_json(item) for item in value]
    if isinstance(value, _PLAIN):
        return value
    raise TypeError(f"{type(value).__name__} has no form in JSON.")


def from_json(kind: type[T], raw: Any) -> T:
    """Return the value that `to_json` made this of.

    Args:
        kind: its type.
        raw: as `json.loads` gave it.

    Raises:
        StoreError: it is not of that type.
    """
    try:
        value: T = _read(kind, raw)
    except (TypeError, ValueError, KeyError) as error:
        raise StoreError(f"No {kind.__name__} ({error}).") from error
    return value


def _read(kind: Any, raw: Any) -> Any:
    origin = get_origin(kind)
    if kind is Examination:
        return from_line(json.dumps(raw))
    if origin in (Union, types.UnionType):
        return _read_optional(get_args(kind), raw)
    if origin is Literal:
        if raw not in get_args(kind):
            raise ValueError(f"{raw!r} is none of {get_args(kind)}")
        return raw
    if origin is tuple:
        return _read_tuple(get_args(kind), raw)
    if is_dataclass(kind):
        return _read_fields(kind, raw)
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return kind(raw)
    if kind is float and isinstance(raw, int) and not isinstance(raw, bool):
        return float(raw)
    if not isinstance(raw, kind) or (isinstance(raw, bool) and kind is not bool):
        raise TypeError(f"{raw!r} is no {kind.__name__}")
    return raw


def _read_optional(kinds: tuple[Any, ...], raw: Any) -> Any:
    if raw is None and type(None) in kinds:
        return None
    (kind,) = (each for each in kinds if each is not type(None))
    return _read(kind, raw)


def _read_tuple(kinds: tuple[Any, ...], raw: Any) -> Any:
    if not isinstance(raw, list):
        raise TypeError(f"{raw!r} is no list")
    if kinds[-1] is Ellipsis:
        return tuple(_read(kinds[0], item) for item in raw)
    if len(raw) != len(kinds):
        raise ValueError(f"{len(raw)} items where {len(kinds)} belong")
    return tuple(_read(kind, item) for kind, item in zip(kinds, raw, strict=True))


def _read_fields(kind: Any, raw: Any) -> Any:
    if not isinstance(raw, Mapping):
        raise TypeError(f"{raw!r} is no object")
    hints = _hints(kind)
    if unknown := raw.keys() - hints.keys():
        raise KeyError(f"{kind.__name__} knows no {', '.join(sorted(unknown))}")
    return kind(**{name: _read(hint, raw[name]) for name, hint in hints.items()})


@cache
def _hints(kind: Any) -> dict[str, Any]:
    hints = get_type_hints(kind)
    return {each.name: hints[each.name] for each in fields(kind)}
