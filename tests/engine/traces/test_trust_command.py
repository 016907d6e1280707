"""``residua trust``: the list is dated, imported and shown."""

from __future__ import annotations

import pytest

from engine.__main__ import main
from tests.engine.traces.signing import authority


def test_a_list_is_imported_and_shown_with_its_date(tmp_path, capsys):
    file = tmp_path / "c2pa.pem"
    file.write_text(authority().root_pem)
    assert main(["trust", "show"]) == 0
    assert "No trust list is imported" in capsys.readouterr().out
    assert main(["trust", "import", str(file), "--dated", "2026-11-01"]) == 0
    assert capsys.readouterr().out == "c2pa.pem of 2026-11-01, 1 authorities\n"
    assert main(["trust", "show"]) == 0
    assert capsys.readouterr().out == "c2pa.pem of 2026-11-01, 1 authorities\n"


@pytest.mark.parametrize("dated", ["yesterday", "2026-13-01"])
def test_a_list_without_a_proper_date_is_refused(tmp_path, capsys, dated):
    file = tmp_path / "c2pa.pem"
    file.write_text(authority().root_pem)
    assert main(["trust", "import", str(file), "--dated", dated]) == 2
    assert "YYYY-MM-DD" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_named(tmp_path, capsys):
    assert main(["trust", "import", str(tmp_path / "gone.pem"), "--dated", "2026-11-01"]) == 2
    assert "gone.pem" in capsys.readouterr().err
