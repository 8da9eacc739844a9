"""The product that a forecast is: one factor a file, their parameters, and the posterior they make together."""
