"""A case, and a file that is taken into it."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.evidence.case_new import new_case


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "Fall Čović.residua"
    new_case(file, operator="Ana", number="K 12/26", title="Two towers", requester="Court of X")
    return file


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    photo = tmp_path / "photo.png"
    photo.write_bytes(b"the bytes of a photograph")
    return photo
