"""Metrics of the field: organisation."""
