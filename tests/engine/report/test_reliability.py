"""What may be said of a verdict beside its probability."""

from dataclasses import replace

import pytest

from engine.report.reliability import Reliabilities, interval_text
from tests.engine.report.made import examination, failed


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        (None, ""),
        ((0.42, 0.61), "between .42 and .61"),
        ((0.4249, 0.6151), "between .42 and .62"),
        ((0.0, 1.0), "between .00 and 1.00"),
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


def test_a_file_that_was_not_examined_has_no_reliability():
    assert Reliabilities().of(failed()) is None
