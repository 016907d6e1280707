"""Draws the pages of a made-up report for people to look at; not a test.

python -m tests.engine.report.pages FOLDER
"""

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import pypdfium2

from engine.evidence.heatmaps import write_heatmap
from engine.report.originals import Original, State
from engine.types import Outcome
from tests.engine.report.made import examination, facts, failed, heatmap
from tests.engine.report.reports import shown, write

SCALE = 1.35
SHOWN = {1: "cover", 2: "how-to-read", 3: "exhibits", 4: "exhibit", 5: "findings", 8: "portrait"}
NAMES = (
    "harbour.jpg",
    "архив/порт Ωmega.jpg",
    "証拠/港の写真 부산항 汉字.jpg",
    "very-long-folder-name-with-dates-2026-10-05/" * 4 + "IMG_20261005_140322_HDR.jpg",
    "ملف\nbroken.jpg",
    "missing.jpg",
    "caf\udce9 changed.jpg",
)
SIZES = ((420, 640), (420, 640), (640, 420), (300, 900))
OUTCOMES = (Outcome.AI, Outcome.REAL, Outcome.INCONCLUSIVE)


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


def main(folder, count=7):
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        out_dir = Path(scratch)
        file = write(out_dir, list(exhibits(out_dir, count)), source=source)
        with pypdfium2.PdfDocument(file) as document:
            for number, name in SHOWN.items():
                page = document[number - 1].render(scale=SCALE).to_pil()
                page.save(folder / f"{name}.png", optimize=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
