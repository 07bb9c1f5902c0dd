"""Metrics of the field: finance."""
