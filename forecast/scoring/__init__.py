"""How good forecasts are: proper scores, calibration, and a log of forecasts scored by what happened."""
