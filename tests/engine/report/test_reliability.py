"""What may be said of a verdict beside its probability."""

import hashlib
from dataclasses import replace
from types import SimpleNamespace

import pytest

from engine import paths
from engine.report.detector import bars
from engine.report.rates import ModelCard, read_card
from engine.report.reliability import Reliabilities, basis_text, interval_text
from engine.types import Finding, Status
from engine.vrm.packs.catalogue import read_catalogue
from engine.vrm.packs.manifest import verify_trained
from tests.engine.report.made import examination, failed


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (None, ""),
        ((0.42, 0.61), "between .42 and .61"),
        ((0.4249, 0.6151), "between .42 and .62"),
        ((0.0, 1.0), "between < .01 and > .99"),
    ],
)
def test_an_interval_is_written_in_hundredths(interval, words):
    verdict = replace(examination().verdict, p_ai_interval=interval)
    assert interval_text(verdict) == words


def test_weights_without_figures_state_no_ratio_and_no_rates():
    said = Reliabilities().of(examination())
    assert said.likelihood_ratio == ""
    assert said.support.startswith("No likelihood ratio is stated")
    assert said.error_rates == "Not measured: no error rates ship with these weights."


CARD = ModelCard(
    weights_sha256="5c" * 32,
    fitted_on="a set",
    real=1,
    ai=1,
    thresholds=(0.2, 0.8),
    validated=(),
    rates=(),
    weighs=("probe",),
)


def test_the_shipped_figures_hold_for_the_weights_as_results_name_them():
    pack = read_catalogue()["mini"].identity
    trained = verify_trained(paths.resources_dir() / "weights" / "mini").sha256
    named = hashlib.sha256(f"{pack}\n{trained}".encode()).hexdigest()
    card = read_card(replace(examination().model, name="mini", sha256=named))
    assert card.rates
    assert card.weighs == ("probe",)


def test_it_is_said_what_p_is_calculated_from_and_what_does_not_move_it():
    probe = Finding(id="M6", analyser="vrm.probe", version="1", status=Status.INFERRED, value=-2.41)
    said = basis_text(CARD, replace(examination(), findings=(probe,)))
    assert said.startswith(
        "p is calculated from the linear probe on the unadapted tower (\u22122.41)."
    )
    assert "without any weight in p: both paths together, the semantic path" in said


def test_the_chart_begins_with_what_p_is_calculated_from():
    probe = Finding(id="M6", analyser="vrm.probe", version="1", status=Status.INFERRED, value=-2.41)
    made = replace(examination(), findings=(probe,))
    exhibit = SimpleNamespace(examination=made)
    assert bars(CARD, exhibit, made.verdict)[0] == ("linear probe", -2.41)
    names = [name for name, _ in bars(None, exhibit, made.verdict)]
    assert names == ["both paths", "semantic alone", "artifact alone"]


def test_nothing_is_said_of_what_p_rests_on_where_that_is_not_recorded():
    assert basis_text(replace(CARD, weighs=()), examination()) == ""
    assert basis_text(None, examination()) == ""


def test_a_file_that_was_not_examined_has_no_reliability():
    assert Reliabilities().of(failed()) is None
