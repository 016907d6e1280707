"""The report as a reader, and as a machine, finds it."""

import hashlib
import json
import re
from dataclasses import replace
from io import BytesIO

import numpy as np
import pikepdf
import pypdfium2
import pytest
from PIL import Image

from engine.errors import Cancelled, StoreError
from engine.evidence.heatmaps import write_heatmap
from engine.evidence.records import from_line
from engine.job import Context
from engine.report.decisions import table
from engine.report.exhibits import figure_side_px
from engine.report.originals import Original, State
from engine.report.pdf import write_pdf
from engine.types import Outcome, Region, Sentence, Statement
from tests.engine.report.made import FINDINGS, examination, facts, failed, heatmap, picture
from tests.engine.report.reports import CREATED, pages, shown, small, words, write


def three():
    return [
        small(examination("harbour.jpg", Outcome.AI, 1)),
        small(examination("port.jpg", Outcome.REAL, 2)),
        small(examination("night.jpg", Outcome.INCONCLUSIVE, 3)),
        failed("broken.jpg", 4),
    ]


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    return write(tmp_path_factory.mktemp("report"), three())


def test_every_page_is_numbered(report):
    texts = pages(report)
    for number, text in enumerate(texts, 1):
        assert re.search(rf"page {number} of\s+{len(texts)}\b", text)


def test_each_exhibit_has_its_words_hash_and_number(report):
    said = words(report)
    for number, made in enumerate(three(), 1):
        assert f"record {number} sha256 {made.facts.sha256}" in said
    for part in (
        "Likely AI-generated",
        "p = .97",
        "No sign of AI generation found",
        "p = .04",
        "Inconclusive",
        "p = .48",
        "Above .90, where at most 3 in 100 real photographs fall.",
        "Band: likely AI (triangle)",
        "Inside the range of sizes and compressions",
        "Both paths: +3.52, towards AI-generated",
    ):
        assert part in said


def test_the_running_head_names_the_exhibit(report):
    with_head = [text for text in pages(report) if "record 2 sha256" in text.replace("\n", " ")]
    assert with_head and "Exhibit 2" in with_head[0]


def test_hashes_are_printed_whole(report):
    bare = re.sub(r"\s", "", "".join(pages(report)))
    for made in three():
        for digest in (made.facts.sha256, made.facts.sha1, made.facts.md5):
            assert digest in bare


def test_findings_stand_under_their_status(report):
    said = words(report)
    for title in ("Observed: the bytes", "Derived: computed", "Inferred: a model", "Failed: the"):
        assert title in said
    assert said.index("Observed: the") < said.index("Derived: comp") < said.index("Inferred: a m")
    for finding in FINDINGS:
        assert finding.reason in said


def test_the_explanation_is_marked_as_generated(report):
    said = words(report)
    assert "MACHINE-GENERATED TEXT" in said
    assert "The brickwork of the harbour wall repeats with small changes. [A] [M1]" in said
    assert "A: x 96, y 64, 160 × 128 px · B: x 300, y 240, 220 × 120 px" in said
    assert "2 sentences were dropped" in said
    assert "9e" * 32 in said


def stated(row, **changes):
    """An exhibit with the statement of a row of the table."""
    chosen = next(each for each in table().rows if each.id == row)
    statement = Statement(
        row=chosen.id,
        table=table().version,
        headline=chosen.headline,
        explanation=chosen.explanation.format(fact="made by a model"),
        conflict=chosen.conflict,
        first=chosen.first,
        cites=("F1", "M1"),
    )
    return small(examination("signed.jpg", Outcome.REAL, 5, statement=statement, **changes))


def test_a_conflict_is_printed_above_the_verdict_and_in_the_conclusion(tmp_path):
    said = words(write(tmp_path, [stated("signed-ai-low-score")]))
    headline = "Signed as AI-generated, but the pixels show no sign."
    assert f"CONFLICT {headline}" in said
    assert said.index(f"CONFLICT {headline}") < said.index("Band: no sign found")
    assert "Rests on: F1, M1; row signed-ai-low-score" in said
    assert f"Conflict: {headline}" in said


def test_cover_table_and_conclusion_say_what_stands_beside_an_outcome(tmp_path):
    said = words(write(tmp_path, [stated("pixels-edited"), stated("pixels-real")]))
    beside = "Locally edited: a part differs from the rest"
    assert f"Stated beside these results: – {beside}: exhibit 1." in said
    assert said.count(beside) >= 4  # cover, table of exhibits, pages of the exhibit, conclusion


def test_a_statement_that_adds_little_stands_below_the_verdict(tmp_path):
    said = words(write(tmp_path, [stated("pixels-real")]))
    below = "STATEMENT No sign of AI generation; the file itself says nothing."
    assert said.index("Band: no sign found") < said.index(below)


def test_the_appendix_prints_every_row_and_names_the_exhibits(tmp_path):
    said = words(write(tmp_path, [stated("pixels-real")]))
    assert f"version {table().version}" in said
    for row in table().rows:
        assert row.headline in said
    assert "pixels-real exhibit 1" in said


def test_failures_are_listed_with_reason_and_have_no_pages(report):
    said = words(report)
    assert "truncated The JPEG data end after 1,024 bytes: get the complete file." in said
    assert "Exhibit 4 broken.jpg" not in said


def test_times_are_given_in_utc_and_local(report):
    said = words(report)
    assert "2026-10-05 14:03:22" in said
    assert "2026-10-05 16:03:22 +0200" in said


def test_methods_name_model_weights_layer_and_licences(report):
    said = words(report)
    for part in ("5c" * 32, "Injection before layer 17", "Fusion gated", "Apache-2.0", "MIT"):
        assert part in said


def test_the_report_says_how_it_was_made(report):
    said = words(report)
    for part in ("CPython", "reportlab 5", "residua scan FILES --out RESULTS --model mini"):
        assert part in said


def test_all_fonts_are_embedded(report):
    with pikepdf.open(report) as pdf:
        fonts = [o for o in pdf.objects if isinstance(o, pikepdf.Dictionary)]
        fonts = [o for o in fonts if o.get("/Type") == pikepdf.Name.Font]
        assert len(fonts) >= 4
        for font in fonts:
            assert "/FontFile2" in font.FontDescriptor, str(font.BaseFont)


def test_pictures_are_plain_jpegs(report):
    with pikepdf.open(report) as pdf:
        pictures = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        pictures = [o for o in pictures if o.get("/Filter") == pikepdf.Name.DCTDecode]
        # Two figures for each examined exhibit; pictures this small are their own thumbnails.
        assert len(pictures) == 6
        for jpeg in pictures:
            Image.open(BytesIO(jpeg.read_raw_bytes())).verify()


def test_the_records_are_attached_and_their_hash_is_printed(report):
    with pikepdf.open(report) as pdf:
        attached = pdf.attachments["residua-records.json"].get_file().read_bytes()
        (linked,) = pdf.Root.AF
        assert linked.AFRelationship == pikepdf.Name.Data
    records = json.loads(attached)
    back = [from_line(json.dumps(sheet["examination"])) for sheet in records["sheets"]]
    assert [b.facts for b in back] == [made.facts for made in three()]
    assert [b.verdict for b in back] == [made.verdict for made in three()]
    digest = hashlib.sha256(attached).hexdigest()
    assert all(digest in re.sub(r"\s", "", text) for text in pages(report))


def test_metadata_tell_title_tool_and_language(report):
    with pikepdf.open(report) as pdf:
        with pdf.open_metadata() as meta:
            assert (
                meta["dc:title"] == "Report on the examination of pictures, 4 exhibits, 2026-10-05"
            )
            assert meta["xmp:CreatorTool"].startswith("Residua ")
            assert meta["xmp:CreateDate"] == CREATED.isoformat()
        assert str(pdf.Root.Lang) == "en"
        titles = [item.title for item in pdf.open_outline().root]
    assert "3  Methods" in titles and "10  Declaration, review and signature" in titles


def test_the_same_results_give_the_same_file(report, tmp_path):
    assert write(tmp_path, three()).read_bytes() == report.read_bytes()


def test_names_in_many_scripts_can_be_read(tmp_path):
    file = write(
        tmp_path,
        [
            small(examination("архив/порт Ωmega.jpg", seed=1)),
            small(examination("証拠/港の写真 부산항 汉字.jpg", seed=2)),
            failed("naïve – “quoted” ≥ → ½.jpg", 3),
        ],
    )
    said = words(file)
    for name in ("порт Ωmega.jpg", "港の写真 부산항 汉字.jpg", "naïve – “quoted” ≥ → ½.jpg"):
        assert name in said


def test_what_has_no_glyph_is_written_as_code_points(tmp_path):
    name = "ܡܠܦ 😀\nline\u202egpj\udce9.exe"
    said = words(write(tmp_path, [small(examination(name, seed=1))]))
    assert r"\u0721\u0720\u0726 \U0001f600\nline\u202egpj\xe9.exe" in said


def test_a_name_is_text_not_markup(tmp_path):
    name = '<b>x</b> & <font size="40">y</font>.jpg'
    assert name in words(write(tmp_path, [small(examination(name, seed=1)), failed(name, 2)]))


def test_nothing_is_too_long_for_the_pages(tmp_path):
    endless = "Zitronensaft" * 4000
    finding = replace(FINDINGS[0], value=endless, reason=endless, source=endless, id="F" * 500)
    boxes = tuple(Region(x=i, y=i, w=9, h=9) for i in range(60))
    made = examination(
        "/very/long/" + "folder-with-a-name/" * 200 + "x" * 250 + ".jpg",
        findings=(finding,) * 30,
        explanation=tuple(Sentence(text=endless, cites=("F1",), regions=boxes) for _ in range(20)),
        notes=(endless,),
    )
    verdict = replace(made.verdict, band_reason=endless)
    long = [small(replace(made, verdict=verdict)), failed("x" * 255, 2, message=endless)]
    said = words(write(tmp_path, long))
    assert "characters…]" in said
    assert "Exhibit 1" in said


def test_forty_exhibits_break_over_pages_with_the_head_repeated(tmp_path):
    made = [small(examination(f"photo-{i:03}.jpg", seed=i)) for i in range(1, 36)]
    made += [failed(f"bad-{i:03}.jpg", i) for i in range(40, 45)]
    texts = [" ".join(text.split()) for text in pages(write(tmp_path, made))]
    tables = [text for text in texts if "No. Picture File Hashes Result" in text]
    assert len(tables) > 2
    for i in range(1, 36):
        assert any(f"photo-{i:03}.jpg" in text for text in tables)


def test_an_original_that_changed_is_named_and_not_shown(tmp_path):
    def source(made, side_px):
        if made.facts.path == "changed.jpg":
            return Original(state=State.CHANGED, detail="The original has changed since.")
        return shown(made, side_px)

    made = [small(examination("same.jpg", seed=1)), small(examination("changed.jpg", seed=2))]
    file = write(tmp_path, made, source=source)
    assert words(file).count("The original has changed since.") == 2
    with pikepdf.open(file) as pdf:
        pictures = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        pictures = [o for o in pictures if o.get("/Filter") == pikepdf.Name.DCTDecode]
    assert len(pictures) == 3  # two of the first exhibit, the map on grey of the second


def test_originals_are_read_again_from_the_files(tmp_path):
    made = []
    for name in ("same", "changed", "gone"):
        path = tmp_path / f"{name}.png"
        Image.fromarray(picture(3, 64, 80)).save(path)
        data = path.read_bytes()
        known = facts(
            str(path), sha256=hashlib.sha256(data).hexdigest(), bytes=len(data), height=64, width=80
        )
        made.append(replace(examination(), facts=known, heatmap_file=None, explanation=()))
    (tmp_path / "gone.png").unlink()
    Image.fromarray(picture(4, 64, 80)).save(tmp_path / "changed.png")
    before = {f.name: (f.read_bytes(), f.stat().st_mtime_ns) for f in tmp_path.glob("*.png")}
    out = tmp_path / "out"
    out.mkdir()
    write_pdf(made, out_dir=out, out_file=out / "r.pdf", ctx=Context(), created=CREATED)
    said = words(out / "r.pdf")
    assert said.count("The original has changed since it was examined") == 2
    assert said.count("The original cannot be read now") == 2
    with pikepdf.open(out / "r.pdf") as pdf:
        pictures = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        pictures = [o for o in pictures if o.get("/Filter") == pikepdf.Name.DCTDecode]
    assert len(pictures) == 1  # of the one that is the same; it is its own thumbnail
    after = {f.name: (f.read_bytes(), f.stat().st_mtime_ns) for f in tmp_path.glob("*.png")}
    assert after == before
    assert [f.name for f in out.iterdir()] == ["r.pdf"]


def test_stored_heat_maps_are_shown_and_a_missing_one_is_named(tmp_path):
    stored = examination("stored.jpg", seed=1)
    write_heatmap(tmp_path, stored.facts.sha256, heatmap(1), height_px=420, width_px=640)
    said = words(write(tmp_path, [stored, examination("lost.jpg", seed=2)]))
    assert said.count("artifact evidence, fixed scale · one cell is 45.71 × 30 px") == 1
    assert said.count("The stored heat map cannot be shown") == 1


def test_the_heat_map_is_drawn_in_its_colours(tmp_path):
    """The hottest cell of a map on a grey picture comes out pale yellow, the rest dark."""
    cells = np.zeros((4, 4), dtype=np.float32)
    cells[0, 0] = 1.0
    hot = replace(heatmap(1, 400, 400, 4, 4), cells=cells, valid=np.ones((4, 4), dtype=bool))
    made = replace(examination(explanation=()), heatmap=hot)
    made = replace(made, facts=replace(made.facts, height=400, width=400))

    def grey(_made, side_px):
        pixels = np.full((400, 400, 3), 128, dtype=np.uint8)
        return Original(state=State.SAME, detail="", pixels=pixels)

    file = write(tmp_path, [made], source=grey)
    with pikepdf.open(file) as pdf:
        jpegs = [o for o in pdf.objects if isinstance(o, pikepdf.Stream)]
        jpegs = [o for o in jpegs if o.get("/Filter") == pikepdf.Name.DCTDecode]
        pictures = [np.asarray(Image.open(BytesIO(o.read_raw_bytes())), dtype=int) for o in jpegs]
    (overlaid,) = [p for p in pictures if p.shape == (400, 400, 3) and np.ptp(p) > 50]
    # Opacity .78 of (251, 246, 193) over grey 128, and .12 of (30, 6, 89) over it.
    assert np.abs(overlaid[50, 50] - [224, 220, 179]).max() < 8
    assert np.abs(overlaid[350, 350] - [116, 113, 123]).max() < 8


def test_pages_look_like_pages(report):
    """Ink within the margins on every page, none outside."""
    with pypdfium2.PdfDocument(report) as document:
        for page in document:
            grey = np.asarray(page.render(scale=0.5, grayscale=True).to_pil())
            assert (grey < 128).sum() > 100
            assert grey[:, :20].min() > 250 and grey[:, -20:].min() > 250
            assert grey[:12].min() > 250 and grey[-12:].min() > 250


def test_an_existing_report_is_replaced_whole(tmp_path):
    file = tmp_path / "report.pdf"
    file.write_bytes(b"old")
    write(tmp_path, [small(examination())])
    assert file.read_bytes().startswith(b"%PDF")
    assert [f.name for f in tmp_path.iterdir()] == ["report.pdf"]


@pytest.mark.parametrize("after", [0, 1, 3, 6])
def test_cancelling_leaves_no_file(tmp_path, after):
    seen = []
    ctx = Context(lambda event: seen.append(event) or (len(seen) > after and ctx.cancel()))
    with pytest.raises(Cancelled):
        write(tmp_path, three(), ctx=ctx)
    assert list(tmp_path.iterdir()) == []


def test_a_report_of_nothing_is_refused(tmp_path):
    with pytest.raises(StoreError, match="no results"):
        write(tmp_path, [])


def test_a_folder_that_does_not_exist_is_refused_before_any_work(tmp_path):
    def never(_made, _side_px):
        raise AssertionError("an original was read")

    with pytest.raises(StoreError, match="does not exist"):
        write(tmp_path / "nowhere", [examination()], source=never)
    with pytest.raises(StoreError, match="is a folder"):
        write(tmp_path.parent, [examination()], name=tmp_path.name, source=never)


def test_pictures_shrink_as_reports_grow():
    sides = [figure_side_px(count) for count in (1, 60, 61, 200, 201, 500, 501, 20_000)]
    assert sides == [720, 720, 540, 540, 400, 400, 260, 260]
