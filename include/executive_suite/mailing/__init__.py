"""Sending a report to its reader, at most once without a person's decision."""
