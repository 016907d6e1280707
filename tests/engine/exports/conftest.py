"""A case with one of everything, for exports."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PIL import Image

from engine import api
from engine.job import Context
from engine.mark_words import Shape
from engine.scan_types import ScanRequest
from engine.types import Region
from tests.fakes import fake_factory


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a case that tests copy: hostile names, and files that failed."""
    tmp_path = tmp_path_factory.mktemp("made")
    photos = tmp_path / "photos"
    photos.mkdir()
    Image.new("RGB", (96, 64), (230, 20, 20)).save(photos / "=cmd|calc'!A1.png")
    script = "<script>alert(1)<∕script>.png"
    Image.new("RGB", (96, 64), (20, 20, 230)).save(photos / script)
    (photos / "broken.jpg").write_text("no picture")
    file = tmp_path / "case.residua"
    api.new_case(
        file, operator="Ana Čović", number="K 12/26", title="Two <b>towers</b>",
        requester="=HYPERLINK(\"http://x\")", question="Is it real?",
    )  # fmt: skip
    with api.open_case(file, operator="Ana Čović") as case:
        api.add_to_case(case, (str(photos),), Context(), source="@a stick")
        request = ScanRequest(paths=(str(photos), str(photos / "gone.png")), out_dir=None)
        api.scan(request, Context(), case=case, factory=fake_factory)
        case.add_note("-2+3", exhibit=1)
        case.add_note("About all of it.")
        case.add_bookmark(1, "Corner", region=Region(x=1, y=2, w=3, h=4))
        case.annotate(1, Shape.BOX, (4, 5), (40, 30), text="=a <seam>")
        case.annotate(1, Shape.ARROW, (60, 50), (20, 20))
        case.retract("annotation", case.annotate(1, Shape.TEXT, (1, 1), text="a slip").id)
        case.rate(1, 4)
        case.tag(1, "+harbour")
        case.edit_sentence(2, 0, "The picture is red.", reason="plainer")
        case.set_setting("model", "mini")
        with api.Engine(factory=fake_factory) as engine:
            engine.recheck(case, (2,), Context())
        api.request_timestamp(case, tmp_path / "log.tsq")
    return file


@pytest.fixture
def file(made: Path, tmp_path: Path) -> Path:
    """Return a copy of the case; its exhibits are the same files."""
    return Path(shutil.copy(made, tmp_path / "case.residua"))
