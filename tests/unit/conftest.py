"""Indicators with known answers and their scorecard, for all tests that judge, print or draw."""

from __future__ import annotations

import pytest

from tests.unit import documents_made, synthetic
from ykforecast.assess.evaluation import evaluate
from ykforecast.documents.html import write_html


@pytest.fixture(scope="session")
def indicators():
    """Sixteen indicators made by hand, 400 draws of two scenarios."""
    return synthetic.indicators()


@pytest.fixture(scope="session")
def card(indicators, model):
    return evaluate(indicators, model)


@pytest.fixture(scope="session")
def made_results(cohort_runs, model):
    """Scorecard and paths of a small run, one scenario of which bears a hostile name."""
    return documents_made.made_dossier(cohort_runs, model)


@pytest.fixture(scope="session")
def documents(made_results, cohort_runs):
    """A report in both languages on these results."""
    return documents_made.made_documents(made_results, cohort_runs["cohorts"]["stocks"].sel(scenario="plan"))


@pytest.fixture(scope="session")
def html_report(documents, tmp_path_factory):
    """The same as one HTML file."""
    return write_html(documents, tmp_path_factory.mktemp("report") / "report.html")
