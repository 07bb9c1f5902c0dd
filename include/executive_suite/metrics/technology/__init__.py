"""Metrics of the field: technology."""
