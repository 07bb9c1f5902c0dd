"""Exports as people bring them, read, and what their accounts hold then."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from executive_suite.adopt import upload
from executive_suite.adopt.readers import grids
from executive_suite.adopt.reading import Reading


def read(folder: Path, text: str, name: str = "export.csv", **known: Any) -> Reading:
    """What a table of text says.

    Args:
        folder: To write it into.
        text: Of the file.
        name: Of the file.
        known: What else is known: fields of an upload.
    """
    path = folder / name
    path.write_text(text, encoding="utf-8")
    found = grids.read(replace(upload.opened(path), **known))
    assert found is not None, "no profile knows it"
    return found


def workbook(folder: Path, rows: list[list[Any]], name: str = "export.xlsx") -> Path:
    """A workbook with typed cells."""
    path = folder / name
    with xlsxwriter.Workbook(path, {"default_date_format": "yyyy-mm-dd"}) as book:
        sheet = book.add_worksheet("Sheet1")
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    return path


def balances(reading: Reading) -> dict[str, Decimal]:
    """Account to its balance after all entries and openings, debit positive; without accounts that hold nothing."""
    found: defaultdict[str, Decimal] = defaultdict(Decimal)
    for account in reading.accounts:
        found[account.name] += account.opening or 0
    for entry in reading.entries:
        for line in entry.lines:
            found[line.account] += line.amount
    return {account: amount for account, amount in found.items() if amount}


def money(**amounts: str) -> dict[str, Decimal]:
    """Balances as a test states them."""
    return {name: Decimal(amount) for name, amount in amounts.items()}


def stated(reading: Reading, measure: str) -> dict[str, Decimal]:
    """What the file itself says, by account."""
    return {total.account: total.amount for total in reading.totals if total.measure == measure}
