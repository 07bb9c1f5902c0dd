"""Metrics of the field: accounting."""
