"""Which modules belong to the tools of a build, and not to the program that is built.

A library may import others when they happen to be installed: beside the tools of a release it
would be frozen with parts of them that it does not have anywhere else.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

TOOLS = ("freeze", "release")
"""Extras of the project that only those who build it install."""


def tool_modules(pyproject: Path) -> list[str]:
    """Name the importable modules that only the tools of a build bring along.

    Args:
        pyproject: the project's ``pyproject.toml``.

    Returns:
        Top-level module names, sorted; packages that are not installed have none.
    """
    project = tomllib.loads(pyproject.read_text(encoding="utf-8"))["project"]
    own = required_by(project["dependencies"])
    tools = set[str]()
    for extra in TOOLS:
        tools |= required_by(project["optional-dependencies"][extra])
    return sorted(
        module
        for module, packages in metadata.packages_distributions().items()
        if {canonicalize_name(package) for package in packages} <= tools - own
    )


def required_by(requirements: Iterable[str]) -> set[str]:
    """Follow requirements through all that is installed.

    Args:
        requirements: requirement specifiers, such as ``jsonschema[format]>=4``.

    Returns:
        Normalised names (PEP 503) of the packages required, those not installed included.
    """
    waiting = [(Requirement(text), "") for text in requirements]
    seen = set[tuple[str, str]]()
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        for wanted in ("", *requirement.extras):
            if (name, wanted) in seen:
                continue
            seen.add((name, wanted))
            waiting += [(Requirement(text), wanted) for text in _requirements_of(name)]
    return {name for name, _ in seen}


def _requirements_of(name: str) -> list[str]:
    try:
        return metadata.distribution(name).requires or []
    except metadata.PackageNotFoundError:
        return []
