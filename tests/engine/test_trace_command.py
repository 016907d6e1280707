"""``trace`` and ``bench --traces`` as a person uses them, and traces within a scan."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest
from PIL import Image

from engine import api
from engine.__main__ import main
from engine.evidence.heatmaps import read_heatmap
from engine.exports.traces import to_svg, write_traces
from engine.job import Context
from engine.scan_types import ScanRequest
from engine.traces import derived
from engine.traces.tracing import curve
from engine.types import Status
from tests.engine.traces import planting as plant
from tests.engine.traces.test_derived import METHOD, tracing
from tests.fakes import fake_factory


@pytest.fixture
def photograph(tmp_path):
    file = tmp_path / "photo.jpg"
    file.write_bytes(plant.jpeg(plant.photograph(192, 256)))
    return file


def test_a_line_a_method_is_printed_and_maps_are_written(photograph, tmp_path, capsys):
    assert main(["trace", str(photograph), "--out", str(tmp_path / "maps"), "--quiet"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [f"T{n + 1}" for n in range(len(lines))]
    assert len(lines) == len(api.tracers())
    heatmap = read_heatmap(tmp_path / "maps" / "ela.map.png")
    (trace,) = api.trace(str(photograph), ("ela",), Context())
    assert np.abs(heatmap.cells - trace.heatmap.cells)[heatmap.valid].max() <= 0.5 / 255 + 1e-6
    with Image.open(tmp_path / "maps" / "ela.view.png") as view:
        assert view.size == (256, 192)


def test_json_carries_findings_parameters_and_sizes(photograph, capsys):
    assert main(["trace", str(photograph), "--method", "ela", "--json", "--quiet"]) == 0
    (record,) = json.loads(capsys.readouterr().out)
    assert record["analyser"] == "trace.ela"
    assert record["status"] == "derived"
    assert record["parameters"]["quality of the new compression"] == "75"
    assert record["heatmap"]["rows"] == 12


def test_methods_are_listed_without_a_picture(capsys):
    assert main(["trace", "--list"]) == 0
    told = capsys.readouterr().out
    for each in api.tracers():
        assert each.title in told


def test_an_unknown_method_cannot_run(photograph, capsys):
    assert main(["trace", str(photograph), "--method", "tarot"]) == 2
    assert "no method 'tarot'" in capsys.readouterr().err


def test_a_failed_method_shows_in_the_exit_code(photograph, monkeypatch, capsys):
    def fail(_subject, _check):
        raise ValueError("planted")

    monkeypatch.setattr(derived, "TRACERS", (tracing(fail),))
    assert main(["trace", str(photograph), "--quiet"]) == 1
    assert "planted" in capsys.readouterr().out


def test_a_curve_is_written_as_table_and_drawing(tmp_path):
    drawn = curve([1, 2, 3], [0.5, float("nan"), 0.25], "quality", "error <grey levels>", (2.0,))
    (trace,) = derived.run(
        plant.of_bytes(plant.jpeg(plant.photograph(64, 64))), plant.nothing, derived.named(["ela"])
    )
    write_traces([replace(trace, curve=drawn, heatmap=None, picture=None)], tmp_path)
    rows = list(csv.reader((tmp_path / "ela.csv").read_text().splitlines()))
    assert rows[0] == ["quality", "error <grey levels>"]
    assert [row[0] for row in rows[1:]] == ["1", "2", "3"]
    texts = [each.text for each in ElementTree.fromstring(to_svg(drawn, "trace.ela")).iter()]
    assert "error <grey levels>" in texts


def scanned(photograph, out, **how):
    request = ScanRequest(paths=(str(photograph),), out_dir=str(out), **how)
    api.scan(request, Context(), factory=fake_factory)
    (examination,) = api.results(out)
    return examination


def test_a_scan_adds_derived_findings_and_no_verdict_moves(photograph, tmp_path):
    traced = scanned(photograph, tmp_path / "a")
    plain = scanned(photograph, tmp_path / "b", traces=False)
    added = [f for f in traced.findings if f.id.startswith("T")]
    assert [f.analyser for f in added] == [each.name for each in api.tracers()]
    assert traced.verdict == plain.verdict
    assert [f for f in traced.findings if f not in added] == list(plain.findings)
    assert (traced.settings.traces, plain.settings.traces) == (True, False)


def test_triage_computes_no_traces_unless_asked(photograph, tmp_path):
    quick = scanned(photograph, tmp_path / "a", triage=True)
    asked = scanned(photograph, tmp_path / "b", triage=True, traces=True)
    assert not any(f.id.startswith("T") for f in quick.findings)
    assert any(f.id.startswith("T") for f in asked.findings)


def test_a_method_that_fails_in_a_scan_fails_no_picture(photograph, tmp_path, monkeypatch):
    def fail(_subject, _check):
        raise ValueError("planted")

    monkeypatch.setattr(derived, "TRACERS", (tracing(fail),))
    examination = scanned(photograph, tmp_path / "a")
    assert examination.ok
    (failed,) = [f for f in examination.findings if f.analyser == METHOD.name]
    assert failed.status is Status.FAILED


def test_the_bench_measures_every_method_and_all_together(capsys, monkeypatch):
    # Each is measured in a process of its own: two methods show what eighteen would.
    monkeypatch.setattr(derived, "TRACERS", derived.TRACERS[:2])
    assert main(["bench", "--traces", "--megapixels", "0.2", "--quiet"]) == 0
    measured = json.loads(capsys.readouterr().out)
    names = [each["method"] for each in measured["methods"]]
    assert names == [*(each.method.name for each in derived.TRACERS), "all"]
    assert len(names) == 3
    assert not any(each["failed"] for each in measured["methods"])
    # A method with nothing to look at in a JPEG takes less than the figure's last digit.
    assert measured["methods"][-1]["seconds"] > 0


def test_a_bench_of_no_size_cannot_run(capsys):
    assert main(["bench", "--traces", "--megapixels", "0"]) == 2
    assert "0 megapixels" in capsys.readouterr().err
