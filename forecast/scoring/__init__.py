"""Scores of forecasts: proper scores, calibration, and a log of forecasts scored by the outcomes."""
