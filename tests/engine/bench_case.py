"""Measures how long a large case takes to read: ``python -m tests.engine.bench_case [N]``."""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from engine import api
from engine.types import FileFacts
from tests.fakes import fake_examination


def main(count: int) -> None:
    """Fill a case with synthetic exhibits that have results, and print seconds of computing."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "large.residua"
        api.new_case(file)
        with api.open_case(file) as case:
            for number in range(1, count + 1):
                facts = FileFacts(
                    path=f"/made/{number}.png", sha256=f"{number:064x}", sha1="0" * 40,
                    md5="0" * 32, bytes=5,
                )  # fmt: skip
                exhibit = case.add_exhibit(facts)
                made = fake_examination(facts.path)
                made = replace(made, facts=replace(made.facts, sha256=facts.sha256))
                case.add_examination(made, None, exhibit.number)
            sys.stdout.write(f"{count} exhibits, {file.stat().st_size / 1e6:.1f} MB\n")
            for name, read in (
                ("contents", case.contents),
                ("check of the log", case.check_log),
                ("one exhibit", lambda: case.dossier(count // 2)),
            ):
                began = time.process_time()
                read()
                sys.stdout.write(f"{name}: {time.process_time() - began:.3f} s\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
