"""The text of a report's pages, as anybody's extractor finds it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from engine.report.page import HASH_PT, RECORD_PT, RESULT_PT, SEAL_PT, VERDICT_PT

FAILURES = (
    PyPdfError, ArithmeticError, AssertionError, AttributeError, LookupError, OSError,
    RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What the text extractor raises for damaged pages, which is nearly anything."""

_SIZES = (HASH_PT, RECORD_PT, RESULT_PT, SEAL_PT, VERDICT_PT)

Page = Mapping[float, str]
"""Size in pt -> the text of that size on one page, without spaces; 0 -> all text."""


def page_texts(data: bytes) -> list[Page]:
    """Return the text of each page, by size.

    Args:
        data: a PDF.
    """
    pages: list[Page] = []
    for page in PdfReader(BytesIO(data)).pages:
        found: dict[float, list[str]] = defaultdict(list)

        def visit(
            text: str, _cm: Any, _tm: Any, _font: Any, size: float, found: Any = found
        ) -> None:
            found[round(float(size), 2)].append(text)
            found[0].append(text)

        page.extract_text(visitor_text=visit)
        pages.append({size: spaceless("".join(found[size])) for size in (0, *_SIZES)})
    return pages


def spaceless(text: str) -> str:
    """Return text without white space, which extractors place as they like."""
    return re.sub(r"\s", "", text)
