"""Indicators with known answers and their scorecard, for all tests that judge, print or draw."""

from __future__ import annotations

import pytest

from tests.unit import synthetic
from ykforecast.assess.evaluation import evaluate


@pytest.fixture(scope="session")
def indicators():
    """Sixteen indicators made by hand, 400 draws of two scenarios."""
    return synthetic.indicators()


@pytest.fixture(scope="session")
def card(indicators, model):
    return evaluate(indicators, model)
