"""Censored and truncated durations, and the curves fitted to them."""
