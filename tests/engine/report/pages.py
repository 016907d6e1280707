"""Draws the pages of a made-up report for people to look at; not a test.

python -m tests.engine.report.pages FOLDER
"""

import sys
import tempfile
from dataclasses import replace
from functools import partial
from pathlib import Path

import pypdfium2

from engine.case_types import PROPOSITIONS, CaseInfo, ExhibitState, Held
from engine.case_types import Exhibit as TakenIn
from engine.evidence.custody import NO_HASH, entry_hash
from engine.evidence.heatmaps import read_heatmap, write_heatmap
from engine.job import Context
from engine.log_types import LogEntry, LogHead, LogObject
from engine.report.contents import CaseSheet
from engine.report.exhibits import Item
from engine.report.originals import Original, State
from engine.report.pdf import write_items
from engine.report.rates import ErrorRates, ModelCard, Rate
from engine.types import Outcome
from tests.engine.report.keys import make_key
from tests.engine.report.made import MODEL, examination, facts, failed, heatmap
from tests.engine.report.reports import CREATED, shown

SCALE = 1.35
SHOWN = {
    "cover": "Cover",
    "question": "1 ",
    "exhibits": "2 ",
    "custody": "3 ",
    "methods": "4 ",
    "exhibit": "Exhibit 1",
    "portrait": "Exhibit 3",
    "conclusion": "8 ",
    "reproducing": "9 ",
    "log": "11 ",
    "declaration": "12 ",
}
"""File -> beginning of the outline entry whose page it shows."""
NAMES = (
    "harbour.jpg",
    "архив/порт Ωmega.jpg",
    "証拠/港の写真 부산항 汉字.jpg",
    "very-long-folder-name-with-dates-2026-10-05/" * 4 + "IMG_20261005_140322_HDR.jpg",
    "ملف الميناء (3)/صورة.jpg",
    "missing चित्र.jpg",
    "caf\udce9 changed.jpg",
)
SIZES = ((420, 640), (420, 640), (640, 420), (300, 900))
OUTCOMES = (Outcome.AI, Outcome.REAL, Outcome.INCONCLUSIVE)
CARD = ModelCard(
    weights_sha256=MODEL.sha256,
    fitted_on="594 pictures of 14 sources (made up for this page)",
    real=330,
    ai=264,
    thresholds=(0.15, 0.9),
    validated=(("min_side_px", "100"), ("max_megapixels", "5"), ("min_jpeg_quality", "65")),
    rates=tuple(
        ErrorRates(
            condition=name,
            real_called_ai=Rate(value=real, low=real / 2, high=real * 1.6, n=165),
            ai_called_ai=Rate(value=ai, low=ai * 0.8, high=ai * 1.2, n=99),
            groups=(),
        )
        for name, real, ai in (("as is", 0.067, 0.465), ("JPEG 70", 0.055, 0.232))
    ),
    weighs=("probe",),
)
"""Made up: nothing on these pages is a measurement."""


def source(made, side_px):
    if "missing" in made.facts.path:
        return Original(state=State.MISSING, detail="The original cannot be read now: not found.")
    if "changed" in made.facts.path:
        return Original(state=State.CHANGED, detail="The original has changed since.")
    return shown(made, side_px)


def exhibits(out_dir, count):
    for index in range(count):
        name = f"/home/examiner/cases/2026-014/{NAMES[index % len(NAMES)]}"
        if index % 7 == 4:
            yield failed(name, index)
            continue
        height, width = SIZES[index % len(SIZES)]
        made = examination(name, OUTCOMES[index % 3], index)
        made = replace(made, facts=facts(name, index, height=height, width=width))
        grid = heatmap(index, height, width)
        write_heatmap(out_dir, made.facts.sha256, grid, height_px=height, width_px=width)
        yield made


def taken_in(made, number):
    known = made.facts
    return TakenIn(
        number=number, name=Path(known.path).name, path=known.path,
        source="memory card, sealed bag 7", bytes=known.bytes, sha256=known.sha256,
        sha1=known.sha1, md5=known.md5, modified_utc=None,
        held=Held.COPY, evidence_file=None, working_file=known.path,
        added_utc="2026-10-05T13:40:11Z", added_by="N. Operator", state=ExhibitState.PRESENT,
        state_detail="", found_sha256=known.sha256, checked_utc="2026-10-05T14:03:20Z", custody=(),
    )  # fmt: skip


def case_sheet(made):
    log = []
    for number, each in enumerate([None, *made, *made], 0):
        action = "exhibit.add" if number <= len(made) else "examination.add"
        about = LogObject(kind="exhibit", id=str((number - 1) % len(made) + 1), sha256=None)
        entry = LogEntry(
            seq=number + 1, previous=log[-1].hash if log else NO_HASH,
            utc=f"2026-10-05T13:4{number % 10}:{number:02}Z", operator="N. Operator",
            action=action if each else "case.new", objects=(about,) if each else (),
            details=(("held", "copy"),), tool_version="0.1.0", hash="",
        )  # fmt: skip
        log.append(replace(entry, hash=entry_hash(entry)))
    info = CaseInfo(
        id="00000000-0000-4000-8000-000000000000", number="2026-014",
        title="Pictures from the harbour", requester="District court, chamber 3",
        laboratory="Example Laboratory, 1 Quay Street", examiner="Dr. Ada Prüfer",
        reviewer="Noor Example", question="Were these pictures made by a generator?",
        propositions=PROPOSITIONS, created_utc="2026-10-05T13:40:00Z",
        created_local="2026-10-05T15:40:00+02:00", tool_version="0.1.0",
    )  # fmt: skip
    return CaseSheet(
        file_name="2026-014.residua", info=info, notes=(), bookmarks=(), log=tuple(log),
        head=LogHead(entries=len(log), hash=log[-1].hash), problems=(), timestamps=(),
    )  # fmt: skip


def main(folder, count=7):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        out_dir = Path(scratch)
        made = list(exhibits(out_dir, count))
        items = [
            Item(
                number=number,
                examination=each,
                heatmap=partial(read_heatmap, out_dir / each.heatmap_file) if each.ok else None,
                file=each.facts.path,
                taken_in=taken_in(each, number),
            )
            for number, each in enumerate(made, 1)
        ]
        file = out_dir / "report.pdf"
        write_items(
            items, case_sheet(made), out_file=file, ctx=Context(), source=source, created=CREATED,
            key=make_key(out_dir).load(), cards=(CARD,),
            command="residua report 2026-014.residua --out report.pdf",
        )  # fmt: skip
        with pypdfium2.PdfDocument(file) as document:
            entries = [
                (entry.get_title(), entry.get_dest().get_index()) for entry in document.get_toc()
            ]
            for name, title in SHOWN.items():
                index = next(page for text, page in entries if text.startswith(title))
                page = document[index].render(scale=SCALE).to_pil()
                page.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
