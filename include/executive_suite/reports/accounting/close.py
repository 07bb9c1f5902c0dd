"""The accounting tables on the close: its checklist, and the roll-forward of fixed assets."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Cell, Table, Tone
from executive_suite.reports import phrases
from executive_suite.reports.absence import OURS, none
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, table, words
from executive_suite.wording import noted, say

_CHECKS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("trial_balance_difference", {}, noted("Debits equal credits")),
    ("trial_balance_difference", {"check": "transactions"}, noted("Every transaction balances")),
    ("bank_reconciliation_difference", {}, noted("Bank statement reconciled")),
    ("bank_unreconciled_count", {}, noted("Statement lines without a posting")),
    ("bank_unreconciled_count", {"side": "book"}, noted("Postings not on the statement")),
    ("bank_unreconciled_oldest_days", {}, noted("Oldest unreconciled line")),
    ("deferred_revenue_difference", {}, noted("Deferred revenue ties to the ledger")),
    ("revenue_recognition_difference", {}, noted("Ledger revenue less scheduled revenue")),
    ("intercompany_difference", {}, noted("Balances between entities agree")),
    ("accounts_undefined", {}, noted("No account outside the chart")),
)
_ASSETS = (
    ("opening", "Book value on January 1", 1),
    ("additions", "Additions", 1),
    ("depreciation", "Depreciation", -1),
    ("disposals", "Disposals", -1),
)
_CLOSING = ("", "Book value at the report date", 1)


def checks(s: Selection) -> Table:
    """The checklist of the close: every check and its figure; each target is 0."""
    rows = [(name, s.fact(metric_id, **dimensions)) for metric_id, dimensions, name in _CHECKS]
    done = sum(_done(fact) for _, fact in rows)

    def state(row: tuple[str, Fact]) -> str:
        return say("not evaluated") if row[1].status == "not_evaluable" else "done" if _done(row[1]) else "open"

    def tone(row: tuple[str, Fact]) -> Tone:
        return "neutral" if row[1].status == "not_evaluable" else "fine" if _done(row[1]) else "act"

    return table(
        "Checklist of the close at the report date, target 0 for every check",
        rows,
        (
            words("Check", lambda row: _named(row[0])),
            words("State", state, tone=tone),
            figures("Figure", lambda row: row[1]),
        ),
        note=say("{done} of {rows} checks are done.", done=done, rows=len(rows)),
        fixed=True,
    )


def _named(check: str) -> str:
    """What a check looks at, which is no claim that it is so."""
    return none(check, OURS)


def summary(s: Selection) -> str:
    """How many checks of the close are done, and which are open with their figure."""
    rows = [(name, s.fact(metric_id, **dimensions)) for metric_id, dimensions, name in _CHECKS]
    if all(fact.status == "not_evaluable" for _, fact in rows):
        return say("Not available: {reason}.", reason=rows[0][1].reason)
    done = sum(_done(fact) for _, fact in rows)
    undone = [(name, fact) for name, fact in rows if fact.status != "not_evaluable" and not _done(fact)]
    unjudged = len(rows) - done - len(undone)
    told = say(
        "{done} of {rows} of the close {done_2} done.",
        done=formats.number(done),
        rows=formats.counted(len(rows), "check"),
        done_2=phrases.are(done),
    )
    if undone:
        told += say(
            " Open: {listed}.",
            listed="; ".join((f"{_named(name).lower()} ({formats.of(fact)})" for name, fact in undone)),
        )
    if unjudged:
        told += say(" {unjudged} lack records.", unjudged=formats.number(unjudged))
    book = s.fact("fixed_asset_closing")
    return (
        say("{told} Fixed assets have a book value of {book}.", told=told, book=formats.of(book))
        if book.value is not None
        else told
    )


def _done(fact: Fact) -> bool:
    return fact.value == 0 or fact.status == "not_applicable"


def fixed_assets(s: Selection) -> Table:
    """The roll-forward of fixed assets over the calendar year."""
    closing = s.fact("fixed_asset_closing")
    known = closing.value is not None

    def amount(row: tuple[str, str, int]) -> Fact | Cell:
        if row is _CLOSING:
            return closing
        fact = s.fact("fixed_asset_closing", line=row[0])
        return Cell(row[2] * cents(fact), "cents", metric_id=fact.metric_id)

    return table(
        say("Fixed assets, {year} to date", year=s.figures.report_date.year),
        _ASSETS if known else (),
        (words("Line", lambda row: row[1]), figures("Amount", amount)),
        total=_CLOSING,
        note=say("Coverage: {reason}.", reason=closing.reason) if known and closing.reason else "",
        empty=say("Not available: {reason}.", reason=closing.reason),
    )
