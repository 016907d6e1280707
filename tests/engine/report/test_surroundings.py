from __future__ import annotations

import sys
from pathlib import Path

import pytest

from engine.report.surroundings import surroundings


def test_of_two_packages_of_a_name_the_one_that_is_imported_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    record = tmp_path / "numpy-0.0.1.dist-info"
    record.mkdir()
    (record / "METADATA").write_text("Metadata-Version: 2.1\nName: numpy\nVersion: 0.0.1\n")
    before = dict(surroundings())
    monkeypatch.syspath_prepend(str(tmp_path))
    first = dict(surroundings())
    assert "numpy 0.0.1" in first["Libraries"]
    assert first["Installed packages"].split(";")[0] == before["Installed packages"].split(";")[0]
    sys.path.remove(str(tmp_path))
    sys.path.append(str(tmp_path))
    assert dict(surroundings())["Libraries"] == before["Libraries"]
