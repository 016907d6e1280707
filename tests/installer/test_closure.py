"""The tools of a build stay out of what they build."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "installer"))

import closure  # noqa: E402


def install(folder: Path, name: str, *requires: str) -> None:
    """Put a package with one module of its own name into a folder."""
    info = folder / f"{name}-1.dist-info"
    info.mkdir()
    needs = "".join(f"Requires-Dist: {text}\n" for text in requires)
    extra = "Provides-Extra: more\n"
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {name}\nVersion: 1\n{extra}{needs}"
    )
    (info / "RECORD").write_text(f"{name}.py,,\n")
    (folder / f"{name}.py").write_text("")


@pytest.fixture
def pyproject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    site = tmp_path / "site"
    site.mkdir()
    monkeypatch.syspath_prepend(str(site))
    install(site, "kept_reader", "kept_below", "only_with_more; extra == 'more'")
    install(site, "kept_below")
    install(site, "packing_tool", "kept_reader[more]", "below_the_tool", "kept_below")
    install(site, "below_the_tool", "packing_tool")
    install(site, "only_with_more")
    file = tmp_path / "pyproject.toml"
    file.write_text(
        '[project]\ndependencies = ["kept-reader>=1"]\n[project.optional-dependencies]\n'
        'freeze = ["packing-tool"]\nrelease = ["not-installed>=7"]\n'
    )
    return file


def test_modules_of_the_tools_alone_are_named(pyproject: Path) -> None:
    assert closure.tool_modules(pyproject) == ["below_the_tool", "only_with_more", "packing_tool"]


def test_extras_are_followed_only_where_they_are_asked_for(pyproject: Path) -> None:
    assert "only-with-more" not in closure.required_by(["kept-reader"])
    assert "only-with-more" in closure.required_by(["kept-reader[more]"])
