"""No module is longer than 400 lines, and no function than 50 without its docstring."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("app", "engine", "installer", "tests")
MODULE_MOST, FUNCTION_MOST = 400, 50

STILL_LONG = {
    "tests/app/test_real_engine.py:test_a_whole_case_by_the_window",
    "tests/engine/test_cases_cli.py:test_a_whole_case_by_the_command_line",
}
"""What is to be split still; nothing is added here, and what was split is taken out."""


def too_long(name: str, text: str) -> Iterator[str]:
    """Give what is too long in a module, as ``name:function lines``."""
    lines = len(text.splitlines())
    if lines > MODULE_MOST:
        yield f"{name} {lines}"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0]
            said = ast.get_docstring(node, clean=False) is not None
            told = (first.end_lineno or 0) - first.lineno + 1 if said else 0
            count = (node.end_lineno or 0) - node.lineno + 1 - told
            if count > FUNCTION_MOST:
                yield f"{name}:{node.name} {count}"


def test_modules_and_functions_are_short():
    modules = [file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py")]
    assert len(modules) > 100
    found = [
        each
        for file in modules
        for each in too_long(file.relative_to(ROOT).as_posix(), file.read_text("utf-8"))
    ]
    assert {each.rpartition(" ")[0] for each in found} == STILL_LONG, found


def test_a_module_and_a_function_that_are_too_long_are_found():
    body = "\n".join(f"    {number}" for number in range(FUNCTION_MOST))
    text = f'def f():\n    """Say.\n\n    More.\n    """\n{body}\n'
    assert list(too_long("m", text)) == ["m:f 51"]
    assert list(too_long("m", text.replace("    49\n", ""))) == []
    assert list(too_long("m", "0\n" * 401)) == ["m 401"]
