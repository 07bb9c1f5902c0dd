"""Metrics of the field: marketing."""
