"""Conditions over the rows of a table: a small language, and which rows meet it."""
