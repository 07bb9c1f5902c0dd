"""Metrics of the field: delivery."""
