"""Exports of tools that are no books, as rows of the tables that reports read."""
