"""The summary of a scan as one HTML page that carries everything in itself.

The page follows from the results alone: the same results give the same page.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape

from engine import __version__
from engine.exports import summary_data as data
from engine.exports.page import MARKS, POLICY
from engine.exports.style import STYLE
from engine.exports.summary_data import Bar, Line, Scanned
from engine.images.colour import band_style
from engine.report.wording import printable, probability
from engine.scan_types import NearGroup
from engine.types import Outcome

BANDS = (Outcome.AI, Outcome.INCONCLUSIVE, Outcome.REAL)
TITLES = {
    Outcome.AI: "likely AI",
    Outcome.INCONCLUSIVE: "inconclusive",
    Outcome.REAL: "no sign found",
}

SHOWN = 40
"""Files of one list; the results hold all of them."""

GROUPS_SHOWN = 20
MEMBERS_SHOWN = 6

CHART_PX = (560, 190)
"""Width and height of a chart's drawing area with its labels."""

STYLE_MORE = """
.tiles { display: flex; flex-wrap: wrap; gap: .8rem 2.2rem; margin: 1.4rem 0 .4rem; }
.tile b { display: block; font-size: 1.7rem; line-height: 1.2; font-weight: 600;
  font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .84rem; }
.charts { display: grid; gap: 1.6rem 2rem;
  grid-template-columns: repeat(auto-fit, minmax(26rem, 1fr)); }
.chart svg { position: static; width: 100%; height: auto; filter: none; stroke: none; }
.chart svg text { fill: var(--soft); stroke: none; font-weight: 400; font-size: 11px; }
.chart figcaption { margin: 0 0 .3rem; color: var(--ink); font-size: .9rem; font-weight: 600; }
.chart { max-width: none; flex: 1; }
.key { display: flex; gap: 1.4rem; margin: .2rem 0 1rem; font-size: .84rem; color: var(--soft); }
.key svg { width: 14px; height: 14px; vertical-align: -2px; margin-right: .4em; }
td.why { white-space: normal; color: var(--soft); }
.bar { display: inline-block; width: 6rem; height: 2px; background: var(--line);
  vertical-align: middle; position: relative; }
.bar i { position: absolute; top: -3px; width: 8px; height: 8px; margin-left: -4px;
  border-radius: 50%; }
""".strip()


def to_summary(
    lines: Sequence[Line], scanned: Sequence[Scanned], groups: Sequence[NearGroup]
) -> str:
    """Return the summary of a scan as an HTML page.

    Args:
        lines: one a file.
        scanned: what made the results.
        groups: near-duplicates among them.
    """
    body = [
        *_head(lines, scanned),
        *_charts(lines),
        *_first(lines),
        *_alike(groups),
        *_failed(lines),
        "<footer>A verdict is a statistical indication, never proof, and “no sign found” is not "
        "“authentic”. Error rates hold for the sources and conditions they were measured on. "
        f"Facts of metadata never change a verdict. Made by Residua {escape(__version__)} from "
        "results.jsonl, which is the record.</footer>",
    ]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Summary of a scan</title>\n<style>\n{STYLE}\n{STYLE_MORE}\n</style>\n"
        "</head>\n<body>\n<main>\n" + "\n".join(body) + "\n</main>\n</body>\n</html>\n"
    )


def _head(lines: Sequence[Line], scanned: Sequence[Scanned]) -> Iterator[str]:
    counts = data.bands(lines)
    failed = sum(line.failure is not None for line in lines)
    yield "<header><p class='kind'>Residua</p><h1>Summary of a scan</h1>"
    yield "<div class='tiles'>"
    yield _tile(len(lines), "files")
    for band in BANDS:
        style = band_style(band)
        mark = f"<span style='color:{style.on_light}'>{MARKS[style.shape]}</span> {TITLES[band]}"
        yield _tile(counts[band], mark)
    yield _tile(failed, "not examined")
    yield _tile(data.copies(lines), "copies of another file")
    yield "</div>"
    for each in scanned:
        yield (
            f"<p class='small'>Model {_text(each.model)}, {each.mode}, on {_text(each.device)}. "
            f"Weights SHA-256 <code>{_text(each.sha256)}</code></p>"
        )
    yield "</header>"


def _tile(count: int, words: str) -> str:
    return f"<div class='tile'><b>{count:,}</b><span>{words}</span></div>"


def _charts(lines: Sequence[Line]) -> Iterator[str]:
    if not any(line.outcome is not None for line in lines):
        return
    examined = [line for line in lines if line.outcome is not None]
    yield "<h2>How the results lie</h2>"
    yield _key()
    yield "<div class='charts'>"
    yield _chart("Probability of “AI-generated”", data.by_probability(examined), every=4)
    yield _chart("JPEG quality", data.by_quality(examined))
    yield _chart("Size, megapixels", data.by_size(examined))
    yield "</div>"
    yield "<table><tr><th>Condition</th>"
    yield "".join(f"<th class='number'>{TITLES[band]}</th>" for band in BANDS) + "</tr>"
    for bar in data.by_range(examined):
        cells = "".join(f"<td class='number'>{bar.counts[band]:,}</td>" for band in BANDS)
        yield f"<tr><td>{bar.label}</td>{cells}</tr>"
    yield "</table>"


def _key() -> str:
    parts = [
        f"<span><svg viewBox='0 0 14 14'>{_patterns('k')}{_box('k', band, (1, 1, 12, 12))}</svg>"
        f"{TITLES[band]}</span>"
        for band in BANDS
    ]
    return f"<div class='key'>{''.join(parts)}</div>"


def _chart(title: str, bars: Sequence[Bar], every: int = 1) -> str:
    """Return bars of stacked bands; each band has a pattern as well as a colour."""
    width, height = CHART_PX
    left, top, bottom = 44, 8, 22
    most = max(1, *(sum(bar.counts.values()) for bar in bars))
    unit = (height - top - bottom) / _round_up(most)
    step = (width - left) / len(bars)
    name = title.split(maxsplit=1)[0].lower().strip("“”,")
    parts = [_patterns(name)]
    for value in (0, _round_up(most) // 2, _round_up(most)):
        y = height - bottom - value * unit
        parts.append(
            f"<line x1='{left}' x2='{width}' y1='{y:.1f}' y2='{y:.1f}' stroke='#d4d4d4'/>"
            f"<text x='{left - 6}' y='{y + 4:.1f}' text-anchor='end'>{value:,}</text>"
        )
    for index, bar in enumerate(bars):
        x, y = left + index * step, float(height - bottom)
        for band in reversed(BANDS):
            tall = bar.counts[band] * unit
            y -= tall
            if tall:
                parts.append(_box(name, band, (x + step * 0.12, y, step * 0.76, tall)))
        if index % every == 0:
            at = x if every > 1 else x + step / 2
            anchor = "start" if every > 1 else "middle"
            parts.append(
                f"<text x='{at:.1f}' y='{height - 6}' text-anchor='{anchor}'>{bar.label}</text>"
            )
    said = "; ".join(f"{bar.label}: {sum(bar.counts.values())}" for bar in bars)
    return (
        f"<figure class='chart'><figcaption>{title}</figcaption>"
        f"<svg viewBox='0 0 {width} {height}' role='img' aria-label='{escape(said, quote=True)}'>"
        f"{''.join(parts)}</svg></figure>"
    )


def _patterns(name: str) -> str:
    """Return the patterns that tell bands apart without colour."""
    colour = band_style(Outcome.INCONCLUSIVE).on_light
    return (
        f"<defs><pattern id='{name}-hatch' width='6' height='6' patternUnits='userSpaceOnUse'>"
        f"<rect width='6' height='6' fill='#fff'/><path d='M-1.5 1.5l3-3M0 6l6-6M4.5 7.5l3-3' "
        f"stroke='{colour}' stroke-width='2'/></pattern></defs>"
    )


def _box(name: str, band: Outcome, place: tuple[float, float, float, float]) -> str:
    x, y, w, h = place
    colour = band_style(band).on_light
    fill = {
        Outcome.AI: colour,
        Outcome.INCONCLUSIVE: f"url(#{name}-hatch)",
        Outcome.REAL: "#fff",
    }[band]
    return (
        f"<rect x='{x:.1f}' y='{y:.1f}' width='{w:.1f}' height='{h:.1f}' fill='{fill}' "
        f"stroke='{colour}' stroke-width='1'/>"
    )


def _round_up(most: int) -> int:
    """Return a round number that is at least this, for the end of an axis."""
    magnitude = int(10 ** (len(str(most)) - 1))
    for factor in (1, 2, 3, 4, 5, 6, 8, 10):
        if factor * magnitude >= most:
            return max(2, factor * magnitude)
    return most


def _first(lines: Sequence[Line]) -> Iterator[str]:
    yield "<h2>What to look at first</h2>"
    lists = (
        ("Likely AI, the highest probability first", data.likely_ai(lines)),
        ("Metadata name a generator, or contradict each other", data.told_by_metadata(lines)),
        ("Edited in part", data.edited_in_part(lines)),
        ("Inconclusive, the highest probability first", data.inconclusive(lines)),
    )
    if not any(found for _title, found in lists):
        yield "<p>Nothing stands out.</p>"
    for title, found in lists:
        if found:
            yield f"<h4>{title} ({len(found):,})</h4>"
            yield _table(found)


def _table(found: Sequence[Line]) -> str:
    rows = ["<tr><th>p</th><th></th><th>File</th><th>Why</th></tr>"]
    for line in found[:SHOWN]:
        band = band_style(line.outcome)
        scale = ""
        p = "–"
        if line.outcome is not None:
            p = probability(line.p_ai).removeprefix("p ").removeprefix("= ")
            scale = (
                f"<span class='bar'><i style='left:{line.p_ai * 100:.0f}%;"
                f"background:{band.on_light}'></i></span>"
            )
        rows.append(
            f"<tr><td class='number'>{escape(p)}</td><td>{scale}</td>"
            f"<td class='name'>{_text(line.path)}</td><td class='why'>{_why(line)}</td></tr>"
        )
    more = len(found) - SHOWN
    tail = f"<p class='small'>and {more:,} more, all in results.jsonl</p>" if more > 0 else ""
    return f"<table>{''.join(rows)}</table>{tail}"


def _why(line: Line) -> str:
    band = band_style(line.outcome)
    parts = [f"<span style='color:{band.on_light}'>{MARKS[band.shape]}</span> {escape(band.name)}"]
    if line.outcome is not None and not line.in_range:
        parts.append("outside the measured range")
    if line.edited:
        parts.append("a part differs from the rest")
    if line.generator:
        parts.append(f"metadata name {_text(line.generator)}")
    if line.conflicts:
        facts = "fact contradicts" if line.conflicts == 1 else "facts contradict"
        parts.append(f"{line.conflicts} {facts} others")
    return ", ".join(parts)


def _alike(groups: Sequence[NearGroup]) -> Iterator[str]:
    if not groups:
        return
    largest = sorted(groups, key=lambda group: (-len(group.members), group.number))
    yield f"<h2>Near-duplicates ({len(groups):,} groups)</h2>"
    yield "<p class='small'>Copies, other sizes and compressions, light crops; portraits in the "
    yield "same pose may be taken for one. The largest groups:</p><table>"
    yield "<tr><th class='number'>Pictures</th><th>Files</th></tr>"
    for group in largest[:GROUPS_SHOWN]:
        names = [_text(member.path) for member in group.members[:MEMBERS_SHOWN]]
        more = len(group.members) - MEMBERS_SHOWN
        if more > 0:
            names.append(f"and {more:,} more")
        yield (
            f"<tr><td class='number'>{len(group.members):,}</td>"
            f"<td class='name'>{'<br>'.join(names)}</td></tr>"
        )
    yield "</table>"


def _failed(lines: Sequence[Line]) -> Iterator[str]:
    kinds = data.failures(lines)
    if not kinds:
        return
    yield "<h2>Not examined</h2><table>"
    yield "<tr><th>Reason</th><th class='number'>Files</th></tr>"
    for kind, count in kinds:
        yield f"<tr><td>{_text(kind)}</td><td class='number'>{count:,}</td></tr>"
    yield "</table>"
    failed = [(line.path, line.failure[1]) for line in lines if line.failure is not None]
    yield "<h4>Files</h4><table>"
    yield from _rows(failed[:SHOWN])
    yield "</table>"
    if len(failed) > SHOWN:
        yield f"<p class='small'>and {len(failed) - SHOWN:,} more, all in results.jsonl</p>"


def _rows(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, words in pairs:
        yield f"<tr><td class='name'>{_text(name)}</td><td class='why'>{_text(words)}</td></tr>"


def _text(words: str) -> str:
    return escape(printable(words))
