"""Tables of the documents are made from kept figures, and the committed ones are up to date."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from engine.errors import InputError
from engine.training import card
from engine.training.cli import main
from engine.training.explaining import Explained, Named
from engine.training.explanation_figures import figures
from engine.training.figures import lines_as_json, table
from tests.engine.training.test_figures import judged, mixed

FIGURE = {"value": 0.5, "low": 0.25, "high": 0.75}


@pytest.fixture(scope="module")
def evaluated(tmp_path_factory) -> Path:
    """Return a root with made figures; tests change copies of it."""
    root = tmp_path_factory.mktemp("evaluated")
    write_figures(root)
    return root


@pytest.fixture
def figures_dir(evaluated, tmp_path) -> Path:
    """Return a folder of made figures, the test's own; its root is ``tmp_path``."""
    return Path(shutil.copytree(evaluated / card.FIGURES, tmp_path / card.FIGURES))


def write_figures(root: Path) -> None:
    folder = root / card.FIGURES
    folder.mkdir(parents=True)
    body = {
        "figures": lines_as_json(table([*mixed(), judged(0.4, "ai", generator="rare")])),
        "read_outs_auc": {"as is": {"both": FIGURE, "artifact": FIGURE}},
    }
    (folder / "evaluate.json").write_text(json.dumps(body))
    maps = {"tokens": {"test pixel AUC": FIGURE, "test IoU": FIGURE}, "centre": {}}
    counts = {"calibration": {"a": 3, "b": 4}, "test": {"c": 5}}
    (folder / "fidelity.json").write_text(
        json.dumps({"chosen": "tokens", "pictures": counts, "maps": maps})
    )
    rows = [explained(n, n < 3) for n in range(6)]
    (folder / "explanations.json").write_text(json.dumps(figures(rows, rows)))


def explained(number, edited):
    place = Named(analyser="vrm.standout", generated=0.75, centred=0.25, third=(0, 0))
    row = Explained(sha256=str(number), source="s", edited=edited, score=0.5)
    if not edited:
        return row
    return replace(
        row, outcome="real", written=4, dropped=1, stances=2, agreeing=2, language_ms=900.0,
        named=(place,), rendered=(place,), thirds=(1.0,) + 8 * (0.0,), followed=4, own=1,
    )  # fmt: skip


def mark(view, file="evaluate", inside="old\n"):
    return f"<!-- figures: {file} {view} -->\n{inside}<!-- end -->"


def test_a_table_replaces_what_stands_between_its_marks_and_nothing_else(figures_dir):
    text = f"before\n\n{mark('summary')}\n\nafter\n"
    made = card.filled(text, figures_dir)
    assert made == (
        "before\n\n<!-- figures: evaluate summary -->\n"
        "24 pictures (12 real, 12 AI) of 2 sources; 95 % bootstrap intervals.\n"
        "<!-- end -->\n\nafter\n"
    )
    assert card.filled(made, figures_dir) == made


@pytest.mark.parametrize(
    ("view", "line"),
    [
        ("conditions", "| as is | 0.583 ("),
        ("conditions-short", "| condition | AUC | real accuracy | AI accuracy |"),
        ("both-classes", "12 real and 7 AI pictures of 1 source."),
        ("sources", "| t | 0 | 5 |  |  | 0.000 (0.000-0.000) |"),
        ("generators", "| g2 | 12 | 5 | 0.000 (0.000-0.000) |"),
        ("generators", "Left out for fewer than 5 pictures: 1."),
        ("real-classes", "| night | 6 | 1.000 (1.000-1.000) | 0.000 (0.000-0.000) |"),
        ("read-outs", "| as is | 0.500 (0.250-0.750) | 0.500 (0.250-0.750) |"),
    ],
)
def test_each_view_of_an_evaluation_shows_its_figures(figures_dir, view, line):
    assert line in card.filled(mark(view), figures_dir)


def test_formats_are_shown_apart_where_a_set_has_several(figures_dir):
    rows = [*mixed(), *(judged(0.02 + n / 100, "real", jpeg_quality=90) for n in range(5))]
    body = {"figures": lines_as_json(table(rows))}
    (figures_dir / "mixed-formats.json").write_text(json.dumps(body))
    made = card.filled(mark("formats", "mixed-formats"), figures_dir)
    assert "| JPEG | 5 | 0 | as is |  |  | 0.000 (0.000-0.000) |  |" in made
    assert "| others | 12 | 11 | as is | 0.545 (" in made
    with pytest.raises(InputError, match="no view 'formats'"):
        card.filled(mark("formats"), figures_dir)


def test_the_heat_maps_show_which_was_chosen(figures_dir):
    made = card.filled(mark("heat-maps", "fidelity"), figures_dir)
    assert "| **tokens** |  | 0.500 (0.250-0.750) | 0.500 (0.250-0.750) |  |  |" in made
    assert "| centre |  |  |  |  |  |" in made
    words = card.filled(mark("heat-map-summary", "fidelity"), figures_dir)
    assert (
        "Chosen on 7 composites of 2 calibration sources: tokens. On 5 composites of 1 test source"
        in words
    )


def test_the_speed_of_each_stage_is_shown_under_its_name(figures_dir):
    stage = {"name": "scan triage", "images_per_s": 16.2292, "peak_memory_mb": 220}
    (figures_dir / "bench.json").write_text(json.dumps({"stages": [stage]}))
    assert "| `--triage` | 16.2 | 220 MB |" in card.filled(
        mark("bench-triage", "bench"), figures_dir
    )
    with pytest.raises(InputError, match="no view 'bench-full'"):
        card.filled(mark("bench-full", "bench"), figures_dir)


def test_marks_that_cannot_be_filled_are_refused(figures_dir):
    for text, words in (
        (mark("nothing"), "Unknown view 'nothing'"),
        (mark("summary", "missing"), "missing.json"),
        (mark("heat-maps"), "no view 'heat-maps'"),
        ("<!-- figures: evaluate summary -->\n", "no <!-- end -->"),
        ("<!-- figures: evaluate -->\n<!-- end -->", "misspelt"),
    ):
        with pytest.raises(InputError, match=words):
            card.filled(text, figures_dir)


def test_checking_tells_what_is_old_and_changes_nothing(figures_dir, tmp_path):
    for document in card.DOCUMENTS:
        file = tmp_path / document
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(mark("summary"))
    assert card.write(tmp_path, check=True) == list(card.DOCUMENTS)
    assert (tmp_path / card.DOCUMENTS[0]).read_text() == mark("summary")
    assert card.write(tmp_path) == list(card.DOCUMENTS)
    assert card.write(tmp_path, check=True) == []
    with pytest.raises(InputError, match="checkout"):
        card.write(tmp_path / "elsewhere")


def test_the_committed_documents_are_what_the_command_makes_of_the_committed_figures(capsys):
    assert main(["card", "--check"]) == 0
    assert capsys.readouterr().out == "all up to date\n"


def test_the_documents_have_marks_to_fill():
    root = Path(card.__file__).parents[2]
    for document in card.DOCUMENTS:
        assert card.MARKED.search((root / document).read_text(encoding="utf-8")), document


@pytest.mark.parametrize(
    "line",
    [
        "3 composites and 3 untouched photographs of 1 test source.",
        "| sentences dropped by the check | 0.250 (",
        "| place to look at first, language model | 1.000 (1.000-1.000) | 0.000 (0.000-0.000) |",
        "| 6 of 6 |",
    ],
)
def test_explanations_are_shown_beside_their_controls(figures_dir, line):
    made = card.filled(mark("explained", "explanations"), figures_dir)
    assert line in made
    assert "place of the heat map" not in made


def test_ablations_are_shown_with_differences_from_the_reference_alone():
    one = {"value": 0.5, "low": 0.4, "high": 0.6}
    keys = ("d1_auc", "d1_difference", "d2_auc", "d2_difference", "caption_loss")
    body = {"rows": [{"name": name, **dict.fromkeys(keys, one)} for name in ("reference", "K = 2")]}
    table = card.VIEWS["ablations"](body).splitlines()
    assert table[2].startswith("| reference | 0.500 (0.400-0.600) |  | 0.500")
    assert "| K = 2 | 0.500 (0.400-0.600) | +0.500 (+0.400 to +0.600) |" in table[3]


def test_choosers_are_shown_side_by_side():
    one = {"value": 0.5, "low": 0.4, "high": 0.6, "pictures": 4}
    chooser = {
        "processed": 4, "untouched": 1, "sources": ["a", "b"], "share dropped": 0.0,
        "verdict and text agree": 1.0, "names the part, any sentence": one,
        "first about traces right, of all": one,
        "first about traces right, where it could be either": {"value": None, "pictures": 0},
        "names what was done, in its place": one, "places told of traces that are wrong": one,
        "other findings: true of those": 1.0, "other findings: true of its own": 0.2,
    }  # fmt: skip
    shown = card.VIEWS["choices"](
        {"side": "test", "choosers": {"rule": chooser, "chance": chooser}}
    )
    lines = shown.splitlines()
    assert lines[0].startswith("4 processed and 1 untouched pictures of 2 test sources")
    assert lines[2] == "| what | rule | chance |"
    assert "| 0.500 (0.400-0.600) | 0.500 (0.400-0.600) |" in lines[4]
    assert "where that sentence could be right or wrong |  |  |" in shown
