"""Makes documents of the pages that the help window shows, so that both always say the same.

    python installer/documents.py

writes ``docs/journalist.md``, ``docs/examiner.md``, ``docs/administrator.md`` (with the screenshots
that the pages name) and ``docs/methods.md``, all method pages in one.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ROOT / "resources" / "help" / "en"
GUIDES = ("journalist", "examiner", "administrator")
GUIDE = "<!-- guide -->\n\n"
PICTURE = re.compile(r"<!-- picture: ([\w.-]+) \| ([^>]*?) -->")
ANALYSERS = re.compile(r"<!-- analysers: ([^>]*?) -->\n*")


def main() -> int:
    """Write every document; return 0."""
    for name, text in documents().items():
        (ROOT / "docs" / name).write_text(text, encoding="utf-8", newline="\n")
    return 0


def documents() -> dict[str, str]:
    """Return the text of every document by its name."""
    made = {f"{name}.md": guide(page_of(name).read_text(encoding="utf-8")) for name in GUIDES}
    return {**made, "methods.md": methods()}


def page_of(name: str) -> Path:
    """Return the help page of a guide."""
    (page,) = PAGES.glob(f"*-{name}.md")
    return page


def guide(page: str) -> str:
    """Return a guide as a document: with its pictures."""
    return PICTURE.sub(r"![\2](screenshots/\1)", page.replace(GUIDE, ""))


def methods() -> str:
    """Return all method pages in one, with a list of them on top."""
    pages = [page.read_text(encoding="utf-8") for page in sorted(PAGES.glob("*.md"))]
    pages = [ANALYSERS.sub("", page) for page in pages if GUIDE not in page]
    titles = [page.partition("\n")[0].removeprefix("# ") for page in pages]
    contents = "\n".join(f"* [{title}](#{anchor(title)})" for title in titles)
    head = (
        "# How each method works\n\nThe pages of the help window, in its order: principle, what to "
        f"look for, what to ignore, known failures, source.\n\n{contents}\n"
    )
    # Headings go one step down, below the one of the whole.
    lower = [re.sub(r"^#", "##", page.strip(), flags=re.MULTILINE) for page in pages]
    return head + "\n" + "\n\n".join(lower) + "\n"


def anchor(title: str) -> str:
    """Return the name of a heading as web pages of documents make it."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


if __name__ == "__main__":
    sys.exit(main())
