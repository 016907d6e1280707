"""The kinds of models that a frozen program keeps are all that its own kinds import."""

from __future__ import annotations

import ast
import importlib.util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def kept() -> set[str]:
    """Return ``MODELS`` of the freezer's recipe."""
    tree = ast.parse((ROOT / "installer" / "app.spec").read_text(encoding="utf-8"))
    (value,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "MODELS"
    )
    return set(ast.literal_eval(value))


def families() -> set[str]:
    """Return the families of hosts, without importing torch."""
    tree = ast.parse((ROOT / "engine" / "vrm" / "host_views.py").read_text(encoding="utf-8"))
    (table,) = (
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "FAMILIES"
    )
    assert isinstance(table, ast.Dict)
    return {str(ast.literal_eval(key)) for key in table.keys if key is not None}


def models() -> Path:
    """Return the folder of all kinds, without importing any."""
    spec = importlib.util.find_spec("transformers")
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent / "models"


def imported_by(family: str) -> set[str]:
    """Return the kinds whose modules those of a kind import, types alone left out."""
    found = set()
    for file in (models() / family).rglob("*.py"):
        if file.name.startswith(("convert_", "modular_")):
            continue  # tools of transformers' authors, which nothing imports
        tree = ast.parse(file.read_text(encoding="utf-8"))
        types = {
            id(inner)
            for node in ast.walk(tree)
            if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)
            for inner in ast.walk(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.level == 2 and id(node) not in types:
                names = [node.module] if node.module else [alias.name for alias in node.names]
                found |= {name.partition(".")[0] for name in names}
    return {name for name in found if (models() / name).is_dir()}


def test_the_programs_own_kinds_are_kept() -> None:
    assert {*families(), "llama", "clip", "auto"} <= kept()
    assert all((models() / family).is_dir() for family in kept())


def test_whatever_a_kept_kind_imports_is_kept() -> None:
    needed = set().union(*(imported_by(family) for family in kept()))
    assert needed <= kept()
