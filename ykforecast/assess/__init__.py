"""Indicators, attainment, scores, rivals and checks of the results."""
