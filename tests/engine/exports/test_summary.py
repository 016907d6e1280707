"""The summary page of a scan: it follows from the results, and says what to look at first."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.exports import summary_data as data
from engine.exports.summary_page import SHOWN, to_summary
from engine.scan_types import NearDuplicate, NearGroup
from engine.types import (
    Condition,
    Examination,
    Extent,
    Failure,
    FileFacts,
    Finding,
    Locality,
    Outcome,
    Status,
)
from tests.fakes import fake_examination, fake_factory

RED, GREY, BLUE = (250, 0, 0), (128, 128, 128), (0, 0, 250)


def found_in(name: str, colour: tuple[int, int, int], **verdict: object) -> Examination:
    one = fake_examination(f"/photos/{name}", colour=colour)
    return replace(one, verdict=replace(one.verdict, **verdict))


def named(one: Examination, analyser: str, value: str) -> Examination:
    finding = Finding(id="P1", analyser=analyser, version="1", status=Status.OBSERVED, value=value)
    return replace(one, findings=(finding,))


def failed(name: str, kind: str = "truncated") -> Examination:
    failure = Failure(kind=kind, message="It ends early: get <the> original again.")
    return Examination(facts=FileFacts(path=f"/photos/{name}"), failure=failure)


def page(*examinations: Examination, groups: tuple[NearGroup, ...] = ()) -> str:
    lines, scanned = data.lines(examinations)
    return to_summary(lines, scanned, groups)


def words(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def test_counts_of_bands_failures_and_copies():
    one = found_in("a.png", RED)
    lines, scanned = data.lines(
        [one, replace(one, facts=replace(one.facts, path="/photos/copy.png")), failed("c.png")]
    )
    assert data.bands(lines)[Outcome.AI] == 2
    assert data.copies(lines) == 1
    assert data.failures(lines) == [("truncated", 1)]
    assert [each.model for each in scanned] == ["fake"]


def test_the_newest_result_of_a_file_counts():
    lines, _ = data.lines([found_in("a.png", RED), failed("b.png"), found_in("a.png", BLUE)])
    assert [line.outcome for line in lines] == [Outcome.REAL, None]


def test_bars_count_every_examined_file_once():
    rows = [found_in(f"{i}.png", RED, p_ai=i / 40) for i in range(41)]
    lines, _ = data.lines(rows)
    for bars in (data.by_probability(lines), data.by_quality(lines), data.by_size(lines)):
        assert sum(sum(bar.counts.values()) for bar in bars) == 41
    assert sum(data.by_probability(lines)[-1].counts.values()) == 3


@pytest.mark.parametrize(
    ("quality", "megapixels", "expected"),
    [
        (64, 1.0, ("below 65", "0.5–2")),
        (65, 0.5, ("65–75", "0.5–2")),
        (100, 60.0, ("95 and up", "over 50")),
        (None, 0.1, ("no JPEG", "below 0.5")),
    ],
)
def test_conditions_fall_into_their_bars(quality, megapixels, expected):
    condition = Condition(jpeg_quality=quality, megapixels=megapixels)
    lines, _ = data.lines([replace(found_in("a.png", RED), condition=condition)])
    hit = [
        next(bar.label for bar in bars if sum(bar.counts.values()))
        for bars in (data.by_quality(lines), data.by_size(lines))
    ]
    assert tuple(hit) == expected


def test_what_to_look_at_first_is_in_order_and_says_why():
    html = page(
        found_in("sure.png", RED, p_ai=0.99),
        found_in("likely.png", RED, p_ai=0.81),
        named(found_in("named.png", BLUE), "generator.text", "Midjourney"),
        named(found_in("odd.png", GREY, in_validated_range=False), "conflict.size", "differs"),
        found_in("calm.png", BLUE),
    )
    text = words(html)
    assert text.index("sure.png") < text.index("likely.png") < text.index("named.png")
    assert "metadata name Midjourney" in text
    assert "outside the measured range, 1 fact contradicts others" in text
    assert "calm.png" not in text


def test_a_clean_verdict_does_not_hide_that_a_part_was_edited():
    local = Locality(extent=Extent.LOCAL, score=1.0, reason="It lacks a history.")
    html = page(replace(found_in("street.png", BLUE), locality=local), found_in("b.png", BLUE))
    assert "Edited in part (1)" in html
    assert "no sign found, a part differs from the rest" in words(html).lower()


def test_a_finding_that_names_none_is_no_reason():
    lines, _ = data.lines([named(found_in("a.png", BLUE), "generator.text", "none")])
    assert data.told_by_metadata(lines) == []


def test_long_lists_are_cut_and_say_so():
    html = page(*(found_in(f"{i}.png", RED) for i in range(SHOWN + 7)))
    assert "and 7 more, all in results.jsonl" in html


def test_names_cannot_break_the_page():
    html = page(found_in("<script>alert(1)</script>.png", RED), failed("b\n\udcff.png"))
    assert "<script" not in html
    assert "&lt;script&gt;" in html
    html.encode("utf-8")


def test_the_page_loads_nothing():
    html = page(found_in("a.png", RED), failed("b.png"))
    assert "default-src 'none'" in html
    assert not re.search(r"(?:src|href)=|url\((?!#)|@import", html)


def test_charts_are_sound_drawings_with_words():
    html = page(found_in("a.png", RED), found_in("b.png", GREY), found_in("c.png", BLUE))
    charts = re.findall(r"<svg viewBox='0 0 560.*?</svg>", html, flags=re.S)
    assert len(charts) == 3
    for chart in charts:
        drawn = ElementTree.fromstring(chart.replace("<svg ", "<svg xmlns='x' ", 1))
        assert drawn.get("aria-label")
        assert len(drawn.findall(".//{x}rect")) >= 3


def test_groups_that_look_alike_are_told_largest_first():
    def group(number: int, count: int) -> NearGroup:
        members = tuple(
            NearDuplicate(path=f"/g{number}/{i}.jpg", sha256="0", phash_bits=0, dhash_bits=0)
            for i in range(count)
        )
        return NearGroup(number=number, centre=members[0].path, members=members)

    text = words(page(found_in("a.png", RED), groups=(group(1, 2), group(2, 9))))
    assert text.index("/g2/0.jpg") < text.index("/g1/0.jpg")
    assert "and 3 more" in text


def test_of_nothing_examined_the_page_says_so():
    assert "Nothing stands out." in page(failed("a.png"))
    assert "0 files" in words(page())


def test_a_scan_writes_it_and_the_same_results_give_the_same_page(tmp_path: Path, capsys):
    photos, out = tmp_path / "photos", tmp_path / "out"
    photos.mkdir()
    Image.new("RGB", (96, 64), RED).save(photos / "a.png")
    (photos / "b.png").write_bytes(b"no picture")
    main(["scan", str(photos), "--out", str(out)], factory=fake_factory)
    assert f"Summary in {out / 'summary.html'}." in capsys.readouterr().err
    first = (out / "summary.html").read_bytes()
    assert b"a.png" in first
    main(["scan", str(photos), "--out", str(out), "--quiet"], factory=fake_factory)
    assert (out / "summary.html").read_bytes() == first
    assert api.write_summary(out).read_bytes() == first
