from __future__ import annotations

import importlib
import pkgutil
import re
from pathlib import Path

import pytest

from engine import paths, traces, vrm
from engine.errors import StoreError
from engine.report.teaching import help_pages
from engine.traces.made import Method


def of_models():
    """Every analyser that a model's findings name in the source."""
    texts = [file.read_text() for file in Path(vrm.__file__).parent.glob("*.py")]
    return {name for text in texts for name in re.findall(r'"(vrm\.[a-z]+)"', text)}


def methods():
    """Every method of provenance and traces that there is."""
    for module in pkgutil.iter_modules(traces.__path__):
        found = importlib.import_module(f"engine.traces.{module.name}")
        for value in vars(found).values():
            if isinstance(value, Method):
                yield value.name


def test_every_analyser_has_a_page_that_explains_it():
    explained = {name for page in help_pages() for name in page.analysers}
    wanted = {*methods(), *of_models()} - {"provenance"}
    assert "vrm.standout" in wanted
    assert wanted - explained == set()


def test_no_page_explains_an_analyser_that_does_not_exist():
    told = {"vrm.verdict", "vrm.explanation"}  # parts of the window, not findings
    explained = {name for page in help_pages() for name in page.analysers}
    # Credentials and ExifTool's file are methods, too, and found as such.
    assert explained - {*methods(), *of_models()} - told == set()


def test_no_analyser_is_explained_twice():
    names = [name for page in help_pages() for name in page.analysers]
    assert len(names) == len(set(names))


def test_every_page_has_its_five_sections():
    for page in help_pages():
        assert page.title
        assert page.text.count("\n## ") == 5 or not page.analysers
        assert "<!--" not in page.text


def test_guides_for_three_kinds_of_people_come_last():
    guides = [page.name for page in help_pages() if not page.analysers]
    assert guides == ["90-journalist", "91-examiner", "92-administrator"]
    assert guides == [page.name for page in help_pages()][-3:]


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
