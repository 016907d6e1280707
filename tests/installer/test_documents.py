"""Documents for users say what the help window says."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "installer"))

import documents  # noqa: E402


@pytest.mark.parametrize("name", sorted(documents.documents()))
def test_documents_are_what_the_pages_make(name: str) -> None:
    kept = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert kept == documents.documents()[name], "run: python installer/documents.py"


@pytest.mark.parametrize("name", documents.GUIDES)
def test_every_picture_of_a_guide_is_there(name: str) -> None:
    text = documents.guide(documents.page_of(name).read_text(encoding="utf-8"))
    pictures = re.findall(r"\]\((screenshots/[^)]+)\)", text)
    assert all((ROOT / "docs" / picture).is_file() for picture in pictures)
    assert pictures or name == "administrator"


def test_every_method_page_is_in_the_collection() -> None:
    text = documents.methods()
    assert text.count("\n### Principle\n") == len(list(documents.PAGES.glob("[0-8]*.md")))
