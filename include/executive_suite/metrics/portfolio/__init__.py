"""Metrics of the field: portfolio."""
