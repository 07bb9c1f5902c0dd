"""The accounting report on the close: its checklist, and the roll-forward of fixed assets."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.rendering.blocks import Cell, Table, Tone
from executive_suite.reports.accounting.statement import cents, columns
from executive_suite.reports.phrases import plain
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

CLOSE: tuple[tuple[str, dict[str, str], str], ...] = (
    ("trial_balance_difference", {}, "Debits equal credits"),
    ("trial_balance_difference", {"check": "transactions"}, "Every transaction balances"),
    ("bank_reconciliation_difference", {}, "Bank statement explained"),
    ("bank_unreconciled_count", {}, "Statement lines without a posting"),
    ("bank_unreconciled_count", {"side": "book"}, "Postings not on the statement"),
    ("bank_unreconciled_oldest_days", {}, "Oldest unreconciled line"),
    ("deferred_revenue_difference", {}, "Deferred revenue ties to the ledger"),
    ("revenue_recognition_difference", {}, "Ledger revenue less scheduled revenue"),
    ("intercompany_difference", {}, "Balances between entities agree"),
    ("accounts_undefined", {}, "No account outside the chart"),
)


def close(s: Selection) -> Table:
    """The checklist of the close: every check with its figure; the target of each is nothing."""
    rows = []
    for metric_id, dimensions, words in CLOSE:
        fact = s.fact(metric_id, **dimensions)
        nothing = fact.value == 0 or (fact.status == "not_applicable")
        verdict = Cell("not evaluable") if fact.status == "not_evaluable" else Cell("done" if nothing else "open")
        tone: Tone = "neutral" if fact.status == "not_evaluable" else "good" if nothing else "bad"
        rows.append((Cell(words), Cell(verdict.text, tone=tone), s.cell(fact)))
    return without_figures(
        Table(
            "Checklist of the close at the report date, target 0 for every check",
            columns("Check", "State", "Figure", text=(0, 1)),
            tuple(rows),
            note=f"{sum(row[1].text == 'done' for row in rows)} of {len(rows)} checks are done.",
        )
    )


def fixed_assets(s: Selection) -> Table:
    """The roll-forward of fixed assets over the calendar year."""
    closing = s.fact("fixed_asset_closing")
    lines = (
        ("opening", "Book value on 1 January", 1),
        ("additions", "Additions", 1),
        ("depreciation", "Depreciation", -1),
        ("disposals", "Disposals", -1),
    )
    rows = []
    for line, words, sign in lines:
        fact = s.fact("fixed_asset_closing", line=line)
        amount = sign * cents(fact)
        rows.append((Cell(words), Cell(formats.money(amount), amount, "money", metric_id=fact.metric_id)))
    return Table(
        f"Fixed assets, {formats.currency()}, {s.figures.report_date.year} to date",
        columns("Line", formats.currency()),
        tuple(rows) if closing.value is not None else (),
        (Cell("Book value at the report date"), plain(s.cell(closing))) if closing.value is not None else (),
        note=f"Coverage: {closing.reason}." if closing.value is not None and closing.reason else "",
        empty=f"Not evaluable: {closing.reason}.",
    )
