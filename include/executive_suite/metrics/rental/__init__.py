"""Metrics of the field: rental."""
