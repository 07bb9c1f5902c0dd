"""Receivables and payables by age: each open document of a day, or only the sums, which verify."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Literal

from executive_suite.adopt import labels
from executive_suite.adopt.layouts.postings import CENT, reading
from executive_suite.adopt.layouts.sections import ZERO
from executive_suite.adopt.parties import party_id
from executive_suite.adopt.reading import Measure, NotReadableError, Reading, Record, Total
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.identity import name_hash

Direction = Literal["ar", "ap"]
"""Owed to the company, or by it."""
UNNAMED = "unnamed"
"""Who owes, or is owed, where a document names nobody."""
_AGE = re.compile(r"[<>]?\s*\d|current|not (?:yet )?due|older", re.IGNORECASE)
"""How headings begin that are ages and no parties."""
_MEASURES: Mapping[Direction, Measure] = {"ar": "receivables", "ap": "payables"}
_KINDS: Mapping[Direction, str] = {"ar": "customer", "ap": "vendor"}


@dataclass(frozen=True, slots=True)
class _Document:
    """One open document: its row, its day, its party as written and its open balance; a credit is below zero."""

    row: Row
    day: date
    party: str
    open: Decimal


def details(sheet: Sheet, direction: Direction) -> Reading:
    """Every open document as a row of the table of invoices, at its open balance; their sum as a total.

    What a document came to at first, and when parts of it were paid, is not in such a report: the table says what is
    open on its day, and is known from then on.

    Raises:
        NotReadableError: the title has no day, or the report's own totals
            are not the sums of its rows.
    """
    ends = _day(sheet)
    documents = list(_documents(sheet))
    whole = sum((one.open for one in documents), ZERO)
    late = sum(1 for one in documents if one.open > 0 and sheet.day(one.row, "due") is None)
    remarks = [f"It is of {ends}: reports from the day after on have it."]
    remarks += [f"{late} documents without a due date are due on their own day."] * bool(late)
    last = documents[-1].row if documents else sheet.rows[-1]
    return replace(
        reading(
            sheet,
            records=tuple(_records(sheet, direction, documents, ends)),
            totals=(Total(_MEASURES[direction], whole, ends, sheet.origin(last)),),
            remarks=tuple(remarks),
        ),
        begins=None,
        ends=None,
        exported_on=ends,
    )


def summary(sheet: Sheet, direction: Direction) -> Reading:
    """What is owed in all, as the last row states it.

    Raises:
        NotReadableError: the title has no day, or no row is the total.
    """
    ends = _day(sheet)
    row = next((row for row in reversed(sheet.rows) if _whole(row)), None)
    amount = sheet.amount(row, "balance") if row else None
    if row is None or amount is None:
        msg = f"{sheet.upload.name}: {sheet.profile.report} without the row of its total"
        raise NotReadableError(msg)
    total = Total(_MEASURES[direction], amount, ends, sheet.origin(row))
    remark = "It has no documents: the report in detail brings receivables and payables by age."
    return replace(reading(sheet, totals=(total,), remarks=(remark,)), begins=None, ends=None, exported_on=ends)


def _day(sheet: Sheet) -> date:
    """The day of the report: as its title says; else the one to which the days past due count.

    Raises:
        NotReadableError: neither tells.
    """
    if sheet.title.period is not None:
        return sheet.title.period[1]
    aged = ((sheet.day(row, "due"), row.text("aged")) for row in sheet.rows if row.text("balance"))
    told = {due + timedelta(days=int(days)) for due, days in aged if due is not None and days.isdecimal() and int(days)}
    if len(told) != 1:
        looked_for = "a title like 'As of March 31, 2025' was looked for"
        msg = f"{sheet.upload.name}: {sheet.profile.report} without its day; {looked_for}"
        raise NotReadableError(msg)
    return told.pop()


def _whole(row: Row) -> bool:
    """Whether a row is the report's own sum ("TOTAL", "Total A/R")."""
    return labels.total_of(row.label) is not None


def _documents(sheet: Sheet) -> Iterator[_Document]:
    """The documents; each total on the way must be the sum of those since the heading that it closes, or of all.

    Raises:
        NotReadableError: a total is not.
    """
    heading, found = "", list[_Document]()
    begins: dict[str, int] = {}
    for row in sheet.rows:
        of = labels.total_of(row.label)
        if not row.text("balance"):
            if any(map(str.isalpha, row.label)):  # below a vendor's name its telephone number may be
                heading = "" if "counterparty" in sheet.columns or _AGE.match(row.label) else row.label
            begins[row.label.casefold()] = len(found)
        elif of is not None:
            summed = sum((one.open for one in found[begins.get(of.casefold(), 0) :]), ZERO)
            if sheet.amount(row, "balance") not in {summed, sum((one.open for one in found), ZERO)}:
                stated = row.text("balance")
                raise sheet.refused(row.number, f"{row.label!r} states {stated}; its documents sum to {summed}")
        elif not row.text("balance").endswith("%"):
            found.append(_document(sheet, row, heading))
    yield from (one for one in found if one.open)


def _document(sheet: Sheet, row: Row, heading: str) -> _Document:
    """One row of a document.

    Raises:
        NotReadableError: it has no day, or its balance is not in whole cents.
    """
    day, amount = sheet.day(row), sheet.amount(row, "balance") or ZERO
    if day is None or amount != amount.quantize(CENT):
        raise sheet.refused(row.number, f"an open document with a day and whole cents was looked for; got {amount}")
    return _Document(row, day, row.text("counterparty") or heading, amount)


def _records(sheet: Sheet, direction: Direction, documents: Sequence[_Document], ends: date) -> Iterator[Record]:
    """The parties, and the documents under keys that the next report has as well."""
    names = [_key(one) for one in documents]
    often, seen = Counter(names), Counter[str]()
    for one, name in zip(documents, names, strict=True):
        seen[name] += 1
        party = one.party or UNNAMED
        origin = sheet.origin(one.row)
        yield Record(
            "counterparty",
            {"counterparty_id": party_id(party), "kind": _KINDS[direction], "name_hash": name_hash(party)},
            origin,
        )
        yield Record(
            "invoice",
            {
                "invoice_id": f"{direction}:{name}" + (f".{seen[name]}" if often[name] > 1 else ""),
                "direction": direction,
                "counterparty_id": party_id(party),
                "issued_on": one.day.isoformat(),
                "due_on": (sheet.day(one.row, "due") or one.day).isoformat(),
                "total_cents": str(int(one.open * 100)),
                "tax_cents": "0",
                "status": "open",
                "open_on": ends.isoformat(),
            },
            origin,
        )


def _key(one: _Document) -> str:
    """What a document is known by: kind, number, day and party; a number alone may be another vendor's."""
    number = one.row.text("number")
    return " ".join(filter(None, (one.row.text("kind"), number, one.day.isoformat(), party_id(one.party))))
