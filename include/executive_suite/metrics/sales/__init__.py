"""Metrics of the field: sales."""
