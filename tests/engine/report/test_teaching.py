from __future__ import annotations

import importlib
import pkgutil

import pytest

from engine import paths, traces
from engine.errors import StoreError
from engine.report.teaching import help_pages
from engine.traces.made import Method

MODEL = ("vrm.both", "vrm.semantic", "vrm.artifact", "vrm.residual", "vrm.probe", "vrm.heatmap")


def methods():
    """Every method of provenance and traces that there is."""
    for module in pkgutil.iter_modules(traces.__path__):
        found = importlib.import_module(f"engine.traces.{module.name}")
        for value in vars(found).values():
            if isinstance(value, Method):
                yield value.name


def test_every_analyser_has_a_page_that_explains_it():
    explained = {name for page in help_pages() for name in page.analysers}
    wanted = {*methods(), *MODEL} - {"provenance"}
    assert wanted - explained == set()


def test_no_analyser_is_explained_twice():
    names = [name for page in help_pages() for name in page.analysers]
    assert len(names) == len(set(names))


def test_every_page_has_its_five_sections():
    for page in help_pages():
        assert page.title
        assert page.text.count("\n## ") == 5
        assert "<!--" not in page.text


def test_a_language_without_pages_gets_english():
    assert {page.language for page in help_pages("xx_YY")} == {"en"}


@pytest.mark.parametrize("language", ["de", "fr"])
def test_translated_pages_are_of_the_same_methods(language):
    english = {page.name: page.analysers for page in help_pages()}
    translated = {page.name: page.analysers for page in help_pages(f"{language}_XX")}
    assert translated == english


def test_a_damaged_page_is_refused(tmp_path, monkeypatch):
    (tmp_path / "help" / "en").mkdir(parents=True)
    (tmp_path / "help" / "en" / "01.md").write_text("no heading")
    monkeypatch.setattr(paths, "resources_dir", lambda: tmp_path)
    with pytest.raises(StoreError, match=r"01\.md"):
        help_pages()
