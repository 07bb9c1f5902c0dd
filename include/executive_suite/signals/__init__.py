"""Signals: what happened, what is coming, what is not as it should be; typed, dated, sized, bound to evidence."""
