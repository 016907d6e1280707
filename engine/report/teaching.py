"""Help pages, from ``resources/help``: one a method, then guides, in several languages."""

from __future__ import annotations

import re
from pathlib import Path

from engine import paths
from engine.errors import StoreError
from engine.types import HelpPage

ENGLISH = "en"
"""The language that every page is there in."""

SECTIONS = 5
"""Principle, what to look for, what to ignore, known failures, source."""

_GUIDE = "<!-- guide -->\n"
"""Marks a page that leads through a task and explains no analyser; it may have any sections."""

_PICTURES = re.compile(r"<!-- picture: [^>]*? -->\n*")
"""Pictures are for the documents that are made of guides."""

_ANALYSERS = re.compile(r"<!-- analysers: ([^>]*?) -->\n*")


def help_pages(language: str = ENGLISH) -> tuple[HelpPage, ...]:
    """Return all pages in order, each in a language where it is there, in English elsewhere.

    Args:
        language: ISO 639-1 code; what follows it, such as ``"_AT"``, is left out.

    Raises:
        StoreError: a page is missing or damaged.
    """
    folder = paths.resources_dir() / "help"
    wanted = language.replace("-", "_").partition("_")[0].lower()
    pages = []
    for english in sorted((folder / ENGLISH).glob("*.md")):
        translated = folder / wanted / english.name
        found = translated if wanted != ENGLISH and translated.is_file() else english
        pages.append(_page(found))
    if not pages:
        raise StoreError(f"There are no help pages in {folder}: install the program again.")
    return tuple(pages)


def _page(file: Path) -> HelpPage:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise StoreError(
            f"The help page {file} cannot be read: install the program again."
        ) from error
    title = text.partition("\n")[0]
    if title.startswith("# ") and _GUIDE in text:
        return HelpPage(
            name=file.stem,
            title=title.removeprefix("# "),
            analysers=(),
            text=_PICTURES.sub("", text.replace(_GUIDE, "")),
            language=file.parent.name,
        )
    match = _ANALYSERS.search(text)
    if not title.startswith("# ") or match is None or text.count("\n## ") != SECTIONS:
        raise StoreError(f"The help page {file} is damaged: install the program again.")
    return HelpPage(
        name=file.stem,
        title=title.removeprefix("# "),
        analysers=tuple(name.strip() for name in match[1].split(",")),
        text=_ANALYSERS.sub("", text),
        language=file.parent.name,
    )
