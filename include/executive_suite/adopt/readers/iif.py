"""IIF, the interchange format of QuickBooks Desktop: its chart and its transactions (Intuit's IIF reference)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from executive_suite.adopt import days
from executive_suite.adopt.iif_rows import KNOWN, Row, rows
from executive_suite.adopt.reading import Account, Entry, LeftOut, Line, Origin, Reading, Total
from executive_suite.adopt.refusing import printable, refusal
from executive_suite.adopt.style import Style, StyleError, decided
from executive_suite.adopt.upload import Upload

NOT_POSTED = frozenset(
    {"ESTIMATE", "ESTIMATES", "PURCHORD", "PURCHASE ORDER", "SALESORD", "SALES ORDER", "PENDING SALE", "QUOTE"}
)
"""Documents that QuickBooks keeps apart from the books."""
NOT_POSTING = "NONPOSTING"
PIVOT = 70
CREDIT_SIDE = frozenset({"AP", "CCARD", "OCLIAB", "LTLIAB", "EQUITY", "INC", "EXINC"})
OPENING = ("OPENBAL", "opening bal")
"""How QuickBooks marks, and names, the account against which opening balances are entered."""

Block = list[Row]
"""A transaction: its row TRNS and its rows SPL."""


def read(upload: Upload) -> Reading | None:
    """The chart and the entries; estimates, orders and voided transactions are left out and counted."""
    text = upload.text
    if not KNOWN.match(text):
        return None
    every = list(rows(text))
    chart = [row for row in every if row.kind == "ACCNT" and row["NAME"]]
    blocks = _blocks(upload.name, every)
    if not chart and not blocks:
        raise refusal(upload.name, 0, "it has neither accounts (ACCNT) nor transactions (TRNS)")
    style = _style(upload, chart, blocks)
    apart = {row["NAME"] for row in chart if row["ACCNTTYPE"].upper() == NOT_POSTING}
    posted = [block for block in blocks if not _not_posted(block, apart)]
    items = {row["NAME"]: row["ACCNT"] for row in every if row.kind == "INVITEM"}
    numbers = Counter(block[0]["TRNSID"] for block in posted)
    found = [_entry(upload.name, block, style, items, numbers) for block in posted]
    entries = tuple(entry for entry in found if entry is not None)
    exported = next((day for row in every if row.kind == "HDR" and (day := _exported(row["DATE"]))), None)
    own = [row for row in chart if row["NAME"] not in apart]
    balances = _balances(upload.name, own, style)
    stated = {line.account for entry in entries for line in entry.lines if _opens(entry, chart)}
    left = (
        ("estimates, orders and other documents that are not posted", len(blocks) - len(posted)),
        ("transactions without an amount", len(posted) - len(entries)),
        ("time entries", sum(row.kind == "TIMEACT" for row in every)),
    )
    booked = [entry.day for entry in entries]
    return replace(
        upload.reading("QuickBooks Desktop", "IIF", "books"),
        begins=min(booked, default=None),
        ends=max(booked, default=None),
        exported_on=exported,
        whole=False,  # programs write one file of invoices, another of checks
        accounts=tuple(
            Account(
                row["NAME"],
                code=row["ACCNUM"],
                word=row["ACCNTTYPE"],
                opening=balances.get(row["NAME"]) if entries and row["NAME"] not in stated else None,
                currency=row["CURRENCY"],
            )
            for row in own
        ),
        entries=entries,
        totals=tuple(
            Total("balance", balances[row["NAME"]], exported, Origin(upload.name, row.number), row["NAME"])
            for row in own
            if not entries and exported and row["NAME"] in balances
        ),
        left_out=tuple(LeftOut(what, count) for what, count in left if count),
    )


def _blocks(file: str, every: Iterable[Row]) -> list[Block]:
    """The transactions, each from TRNS to ENDTRNS."""
    found: list[Block] = []
    block: Block = []
    for row in every:
        if row.kind == "TRNS":
            if block:
                raise refusal(file, row.number, f"the transaction of line {block[0].number} has no ENDTRNS")
            block = [row]
        elif row.kind == "SPL":
            if not block:
                raise refusal(file, row.number, "a line SPL belongs to no transaction")
            block.append(row)
        elif row.kind == "ENDTRNS":
            found += [block] if block else []
            block = []
    if block:
        raise refusal(file, block[0].number, "the transaction has no ENDTRNS; the file may be incomplete")
    return found


def _style(upload: Upload, chart: Iterable[Row], blocks: Iterable[Block]) -> Style:
    lines = [row for block in blocks for row in block]
    amounts = [(row.number, row["AMOUNT"]) for row in lines if row["AMOUNT"]]
    amounts += [(row.number, row["OBAMOUNT"]) for row in chart if row["OBAMOUNT"]]
    dated = [(row.number, _whole_year(row["DATE"])) for row in lines if row["DATE"]]
    try:
        return decided(amounts, dated, order=upload.day_order or "mdy")
    except StyleError as wrong:
        raise refusal(upload.name, wrong.row, str(wrong)) from None


def _not_posted(block: Block, apart: set[str]) -> bool:
    return block[0]["TRNSTYPE"].upper() in NOT_POSTED or any(row["ACCNT"] in apart for row in block)


def _entry(file: str, block: Block, style: Style, items: Mapping[str, str], numbers: Mapping[str, int]) -> Entry | None:
    """A transaction; None if it has no amount, as when it is void. QuickBooks takes the day of its first row."""
    first = block[0]
    lines = tuple(
        Line(
            account=row["ACCNT"] or items.get(row["INVITEM"], ""),
            amount=amount,
            origin=Origin(file, row.number),
            currency=row["CURRENCY"],
            memo=printable(row["MEMO"] or first["MEMO"]),
            counterparty=printable(row["NAME"] or first["NAME"]),
            segment=row["CLASS"] or first["CLASS"],
        )
        for row in block
        if (amount := _amount(file, style, row, row["AMOUNT"]))
    )
    if not lines:
        return None
    rest = sum(line.amount for line in lines)
    if rest:
        raise refusal(file, first.number, f"the transaction's amounts do not sum to zero, but to {rest}")
    number = first["TRNSID"]
    return Entry(
        number=number if numbers[number] == 1 else "",
        day=_day(file, style, first),
        lines=lines,
        kind=first["TRNSTYPE"].capitalize(),
    )


def _day(file: str, style: Style, row: Row) -> date:
    try:
        return style.day(row.number, _whole_year(row["DATE"]))
    except StyleError as wrong:
        raise refusal(file, row.number, str(wrong)) from None


def _exported(text: str) -> date | None:
    """The day of the header, in which QuickBooks writes ISO days and the American order."""
    found = days.read(_whole_year(text))
    return found.on("mdy") if isinstance(found, days.Figures) else found


def _whole_year(text: str) -> str:
    """A day with all four figures of its year: 7/18/98 is of the last century.

    >>> _whole_year("7/18/98"), _whole_year("1/31/25"), _whole_year("1/31/2025")
    ('7/18/1998', '1/31/2025', '1/31/2025')
    """
    before, mark, year = text.rpartition("/")
    if len(year) != len("25") or not year.isdecimal():
        return text
    return f"{before}{mark}{19 if int(year) >= PIVOT else 20}{year}"


def _amount(file: str, style: Style, row: Row, text: str) -> Decimal:
    """An amount in whole cents; 0 for a blank cell."""
    if not text:
        return Decimal(0)
    try:
        amount = style.amount(row.number, text)
    except StyleError as wrong:
        raise refusal(file, row.number, str(wrong)) from None
    if amount * 100 % 1:
        raise refusal(file, row.number, f"the amount {text} must be in whole cents")
    return amount


def _balances(file: str, chart: Iterable[Row], style: Style) -> dict[str, Decimal]:
    """What the chart says of each account's balance, debit positive.

    People enter what a card or loan owes as a positive amount. Programs that write debits positive are known by this:
    their balances sum to zero, and would not if they were meant so.
    """
    stated = [(row, amount) for row in chart if (amount := _amount(file, style, row, row["OBAMOUNT"]))]
    natural = [-amount if row["ACCNTTYPE"].upper() in CREDIT_SIDE else amount for row, amount in stated]
    plain = [amount for _, amount in stated]
    amounts = plain if sum(plain) == 0 != sum(natural) else natural
    return {row["NAME"]: amount for (row, _), amount in zip(stated, amounts, strict=True)}


def _opens(entry: Entry, chart: Iterable[Row]) -> bool:
    """Whether a transaction is an opening balance: then the chart's own is the same money."""
    equity = {row["NAME"] for row in chart if row["EXTRA"].upper() == OPENING[0]}
    return any(line.account in equity or OPENING[1] in line.account.casefold() for line in entry.lines)
