"""A case as one HTML page that carries everything in itself: no script, no request, no font."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from html import escape

from engine import __version__
from engine.case_types import CaseContents, CaseExamination, Exhibit, ExhibitState
from engine.exports.marks import drawings, marks
from engine.exports.pictures import Views
from engine.exports.style import STYLE
from engine.images.colour import band_style, palette
from engine.log_types import LogEntry
from engine.mark_types import Note, SentenceEdit, Standing
from engine.report.wording import byte_size, phrases, printable

MARKS = {"triangle": "▲", "diamond": "◆", "ring": "○", "cross": "✕"}
"""How the mark of a band is drawn as a character."""

LEGEND_STEPS = 12

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
"""The page may load nothing, whatever a name in it tries."""


def to_html(contents: CaseContents, views: Mapping[int, Views]) -> str:
    """Return a case as an HTML page.

    Args:
        contents: of the case.
        views: pictures of the exhibits by their numbers.
    """
    newest = {each.exhibit: each for each in contents.newest()}
    holds = contents.standing()
    edits = {(each.examination, each.sentence): each for each in holds.edits}
    body = [
        *_head(contents),
        "<h2>Exhibits</h2>",
        *_table(contents, newest),
        *(
            part
            for exhibit in contents.exhibits
            for part in _exhibit(
                holds, exhibit, newest.get(exhibit.number), views.get(exhibit.number), edits
            )
        ),
        *_lost(contents),
        *_notes(holds.notes),
        *_log(contents),
        f"<footer>Made by Residua {escape(__version__)}. A verdict is a statistical indication, "
        "never proof. This page is a view; the case file and its JSON export are the record."
        "</footer>",
    ]
    title = _text(f"{contents.info.number} {contents.info.title}".strip())
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>{title}</title>\n<style>\n{STYLE}\n</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _head(contents: CaseContents) -> Iterator[str]:
    info = contents.info
    facts = [
        ("Case", info.number),
        ("Requested by", info.requester),
        ("Laboratory", info.laboratory),
        ("Examiner", info.examiner),
        ("Reviewer", info.reviewer),
        ("Made", f"{info.created_utc} (local {info.created_local})"),
    ]
    yield f"<header><p class='kind'>Examination of photographs</p><h1>{_text(info.title)}</h1>"
    yield _facts((name, value) for name, value in facts if value)
    yield "</header>"
    if info.question:
        yield f"<h2>Question</h2><p>{_text(info.question)}</p>"
    first, second = info.propositions
    yield f"<ol class='propositions'><li>{_text(first)}</li><li>{_text(second)}</li></ol>"
    check = contents.log_check
    if check.ok:
        yield (
            f"<p class='sound'>Custody log: {check.entries} entries, every link and every record "
            f"holds. Head <code>{escape(check.head.hash)}</code></p>"
        )
        return
    yield "<div class='broken'><strong>The custody log or a record was changed.</strong><ul>"
    yield from (f"<li>Entry {p.seq}: {_text(p.message)}</li>" for p in check.problems)
    yield "</ul></div>"


def _table(contents: CaseContents, newest: Mapping[int | None, CaseExamination]) -> Iterator[str]:
    yield "<table class='exhibits'><thead><tr><th>No.<th>File<th>Size<th>State<th>Verdict"
    yield "<th class='number'>p (AI)</tr></thead><tbody>"
    for exhibit in contents.exhibits:
        kept = newest.get(exhibit.number)
        p = phrases(kept.examination).probability if kept is not None else None
        yield (
            f"<tr><td><a href='#exhibit-{exhibit.number}'>{exhibit.number}</a>"
            f"<td class='name'>{_text(exhibit.name)}<td>{escape(byte_size(exhibit.bytes))}"
            f"<td>{_state(exhibit)}<td>{_band(kept)}"
            f"<td class='number'>{escape(p.removeprefix('p = ') if p else '–')}</tr>"
        )
    yield "</tbody></table>"


def _exhibit(
    holds: Standing,
    exhibit: Exhibit,
    kept: CaseExamination | None,
    seen: Views | None,
    edits: Mapping[tuple[int, int], SentenceEdit],
) -> Iterator[str]:
    yield f"<section class='exhibit' id='exhibit-{exhibit.number}'>"
    yield f"<h3><span>Exhibit {exhibit.number}</span> {_text(exhibit.name)}</h3>"
    facts = None if kept is None else kept.examination.facts
    yield from _figures(seen, drawings(exhibit.number, holds, facts))
    if kept is None:
        yield "<p>Not examined.</p>"
    else:
        yield from _result(kept, edits)
    yield from marks(exhibit.number, holds)
    yield from _facts_of(exhibit, kept)
    yield "</section>"


def _facts_of(exhibit: Exhibit, kept: CaseExamination | None) -> Iterator[str]:
    facts = [
        ("Path", exhibit.path),
        ("Source", exhibit.source),
        ("SHA-256", exhibit.sha256),
        ("SHA-1", exhibit.sha1),
        ("MD5", exhibit.md5),
        ("Held", f"by {exhibit.held}, taken in {exhibit.added_utc} by {exhibit.added_by}"),
        ("State", " ".join([str(exhibit.state).replace("_", " "), exhibit.state_detail]).strip()),
    ]
    yield _facts((name, value) for name, value in facts if value)
    if kept is not None and kept.recipe is not None:
        recipe = kept.recipe
        yield _facts(
            [
                ("Method", f"{recipe.method}, Residua {recipe.version}"),
                ("Model", f"{recipe.model}, weights {recipe.weights_sha256}"),
                ("Computed on", f"{recipe.device}, {recipe.dtype}, {recipe.threads} threads"),
            ]
        )


def _figures(seen: Views | None, drawn: str) -> Iterator[str]:
    if seen is None:
        return
    yield "<div class='figures'>"
    if seen.picture is not None:
        yield f"<figure><img alt='The picture' src='{seen.picture}'>{drawn}</figure>"
    if seen.overlaid is not None:
        yield f"<figure><img alt='Heat map over the picture' src='{seen.overlaid}'>"
        yield f"<figcaption>{_legend()}</figcaption></figure>"
    if seen.why:
        yield f"<p>{_text(seen.why)}</p>"
    yield "</div>"


def _legend() -> str:
    colours = ", ".join(
        f"rgb({red} {green} {blue})" for red, green, blue in palette(LEGEND_STEPS).tolist()
    )
    return (
        f"<span class='legend'>0 <i style='background: linear-gradient(90deg, {colours})'></i> 1"
        "</span> what sets each place apart from the rest of its picture, fixed scale; hatched: no "
        "evidence to judge"
    )


def _result(kept: CaseExamination, edits: Mapping[tuple[int, int], SentenceEdit]) -> Iterator[str]:
    examination = kept.examination
    words = phrases(examination)
    p = f", {escape(words.probability)}" if words.probability else ""
    yield f"<p class='headline'>{_band(kept)} <strong>{escape(words.headline)}</strong>{p}</p>"
    yield f"<p>{_text(words.reason)}</p><p>{_text(words.statement)}</p>"
    if words.stated is not None:
        said = f"{words.stated.label}: {words.stated.headline}. {words.stated.explanation}"
        yield f"<p>{_text(said)}</p>"
    if examination.explanation:
        label = words.written_by[:1].upper() + words.written_by[1:]
        yield f"<p class='generated'>{escape(label)}:</p><ul class='generated'>"
        for index, sentence in enumerate(examination.explanation):
            edit = edits.get((kept.id, index))
            if edit is None:
                yield f"<li>{_text(sentence.text)}</li>"
            else:
                yield f"<li><del>{_text(edit.before)}</del> <ins>{_text(edit.after)}</ins> "
                yield f"<small>changed by {_text(edit.author)}, {_text(edit.reason)}</small></li>"
        yield "</ul>"
    for group in words.findings:
        yield f"<h4>{escape(group.title)} <small>{escape(group.meaning)}</small></h4><ul>"
        for each in group.findings:
            yield f"<li><b>{_text(each.name)}</b> {_text(each.value)}. {_text(each.meaning)} "
            yield f"<small>{_text(each.where)}</small></li>"
        yield "</ul>"
    yield f"<p class='small'>{_text(' · '.join(words.read_outs))}</p>"
    yield f"<p class='small'>{_text(words.condition)} {_text(words.coverage)}</p>"


def _lost(contents: CaseContents) -> Iterator[str]:
    lost = [each.examination for each in contents.newest() if each.exhibit is None]
    if lost:
        yield "<h2>Files that were not taken in</h2><ul>"
        for examination in lost:
            why = examination.failure.message if examination.failure else ""
            yield f"<li><code>{_text(examination.facts.path)}</code>: {_text(why)}</li>"
        yield "</ul>"


def _notes(notes: Iterable[Note]) -> Iterator[str]:
    general = [each for each in notes if each.exhibit is None]
    if general:
        yield "<h2>Notes</h2>"
    for note in general:
        instead = f", in place of note {note.replaces}" if note.replaces else ""
        yield f"<p class='note'>{_text(note.text)} <small>{_text(note.author)}, "
        yield f"{escape(note.written_utc)}{instead}</small></p>"


def _log(contents: CaseContents) -> Iterator[str]:
    yield "<h2>Custody log</h2><table class='log'><thead><tr><th class='number'>No.<th>UTC"
    yield "<th>Operator<th>Action<th>Hash</tr></thead><tbody>"
    for entry in contents.log:
        yield (
            f"<tr><td class='number'>{entry.seq}<td>{escape(entry.utc)}<td>{_text(entry.operator)}"
            f"<td>{_text(_action(entry))}<td><code>{escape(entry.hash[:16])}</code></tr>"
        )
    yield "</tbody></table>"


def _action(entry: LogEntry) -> str:
    about = ", ".join(f"{each.kind} {each.id}" for each in entry.objects)
    return f"{entry.action}{f' ({about})' if about else ''}"


def _facts(facts: Iterable[tuple[str, str]]) -> str:
    rows = "".join(f"<dt>{escape(name)}<dd>{_text(value)}" for name, value in facts)
    return f"<dl>{rows}</dl>"


def _band(kept: CaseExamination | None) -> str:
    verdict = None if kept is None else kept.examination.verdict
    style = band_style(None if verdict is None else verdict.outcome)
    mark = MARKS[style.shape]
    return f"<span class='band' style='color: {style.on_light}'>{mark} {escape(style.name)}</span>"


def _state(exhibit: Exhibit) -> str:
    state = str(exhibit.state).replace("_", " ")
    good = exhibit.state in (ExhibitState.PRESENT, ExhibitState.NOT_CHECKED)
    return state if good else f"<strong class='amiss'>{state}</strong>"


def _text(text: str) -> str:
    return escape(printable(text))
