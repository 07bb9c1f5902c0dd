"""The accounting report on the books: income, expenses, the chart of accounts and the close."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.accounting.chart import STRUCTURE
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame, phrases, wording
from executive_suite.reports.cfo.cash import MOST_ROWS
from executive_suite.reports.phrases import plain, window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

MONTHS = 6
MOST_ACCOUNTS = 15
STATEMENT = ("revenue", "expenses", "net_income", "net_cash_change")
UNCATEGORISED_MOST = Decimal("0.01")
"""The catalogue's target for expense without a function."""


@dataclass(frozen=True, slots=True)
class Income:
    """Income and change in cash."""

    chart: Chart
    months: Table
    entities: Table


@dataclass(frozen=True, slots=True)
class Expenses:
    """Expenses by function and by account."""

    chart: Chart
    functions: Table
    accounts: Table


@dataclass(frozen=True, slots=True)
class Accounts:
    """The audit of the chart of accounts."""

    audit: Table
    structure: Table


def columns(*heads: str, text: Sequence[int] = (0,)) -> tuple[Column, ...]:
    """Heads of a table; those whose place is in ``text`` stand left, the others right."""
    return tuple(Column(head, "left" if place in text else "right") for place, head in enumerate(heads))


def income(s: Selection) -> Income:
    """The section on income."""
    months, year = s.months("net_income", MONTHS), s.months("net_income", 12)
    points = [
        Point(wording.month(f.period)[:3], f.value, _thousand(f.value), tone="good" if f.value >= 0 else "bad")
        for f in year
        if isinstance(f.value, int)
    ]
    words = ", ".join(f"{wording.month(f.period)} {wording.of(f)}" for f in year)
    title = f"Net income a month, thousand {wording.currency()}, {phrases.latest(len(points))}, actual"
    chart = frame.chart("income", title, charts.columns(points), f"Net income by month: {words or 'none'}.")
    rows = tuple(
        (Cell(wording.month(f.period)), *(s.cell(s.fact(metric, period=f.period)) for metric in STATEMENT))
        for f in months
    )
    heads = ("Revenue", "Expenses", "Net income", "Change in cash")
    total = (Cell(f"{len(rows)} months" if len(rows) > 1 else "Together"), *(_sum(s, metric) for metric in STATEMENT))
    statement = Table(
        f"Income statement and change in cash by complete month, {wording.currency()}, group, actual",
        columns("Month", *heads),
        rows,
        total if rows else (),
        empty="Not evaluable: the ledger has no complete month.",
    )
    return Income(chart, statement, _entities(s, heads))


def _entities(s: Selection, heads: Sequence[str]) -> Table:
    last = [f.period for f in s.months("net_income", MONTHS)]
    names = sorted({f.entity_id for f in s.figures.facts if f.metric_id == "net_income" and f.period in last} - {GROUP})
    shown = names[:MOST_ROWS]
    rows = tuple((Cell(s.entity(name)), *(_sum(s, metric, name) for metric in STATEMENT)) for name in shown)
    total = (Cell(s.entity(GROUP)), *(_sum(s, metric) for metric in STATEMENT))
    return Table(
        f"Income and change in cash by entity, {wording.currency()}, {phrases.latest(len(last))} together, actual",
        columns("Entity", *heads),
        rows,
        total if rows else (),
        note=f"{len(names) - len(shown)} more entities are in the fact table." if len(names) > len(shown) else "",
        empty="Not evaluable: no entity has postings.",
    )


def _sum(s: Selection, metric_id: str, entity_id: str = GROUP) -> Cell:
    cents = sum(f.value for f in s.months(metric_id, MONTHS, entity_id) if isinstance(f.value, int))
    return Cell(wording.money(cents), cents, "money", metric_id=metric_id)


def expenses(s: Selection) -> Expenses:
    """The section on expenses by function."""
    facts = sorted(
        s.facts("expense_by_function", "function", entity_id=GROUP),
        key=lambda f: (f.dimensions["function"] == "uncategorised", -_cents(f), f.dimensions["function"]),
    )
    points = [Point(_function(f), _cents(f), wording.of(f)) for f in facts if f.value is not None]
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    title = f"Expenses by function, {wording.currency()}, latest {window(s)}, actual"
    chart = frame.chart("functions", title, charts.bars(points), f"{words or s.fact('expense_by_function').reason}.")
    entities = [f.entity_id for f in s.facts("expense_by_function") if f.entity_id != GROUP]
    largest = {f.dimensions["function"]: _largest(s, f, entities) for f in facts}
    rows = []
    for fact in facts:
        share = s.fact("expense_share_of_revenue", **fact.dimensions)
        tone: Tone = "neutral"
        if fact.dimensions["function"] == "uncategorised":
            every = _cents(s.fact("expense_by_function"))
            tone = "good" if _cents(fact) < UNCATEGORISED_MOST * every or not every else "bad"
        rows.append(
            (Cell(_function(fact)), s.cell(fact, tone), s.cell(share), Cell(largest[fact.dimensions["function"]]))
        )
    whole = (
        Cell("All functions"),
        s.cell(s.fact("expense_by_function")),
        s.cell(s.fact("expense_share_of_revenue")),
        Cell(""),
    )
    functions = Table(
        f"Expenses by function, {wording.currency()} and share of revenue, latest {window(s)}, actual",
        columns("Function", "Expenses", "Of revenue", "Mostly", text=(0, 3)),
        tuple(rows),
        whole if rows else (),
        note="Uncategorised expense should stay below 1 % of all.",
        empty=f"Not evaluable: {s.fact('expense_by_function').reason}.",
    )
    return Expenses(chart, functions, _by_account(s))


def _largest(s: Selection, fact: Fact, entities: Sequence[str]) -> str:
    """The entity with the largest part of a function's expense."""
    parts = [(_cents(s.fact("expense_by_function", entity, **fact.dimensions)), entity) for entity in entities]
    most = max(parts, default=(0, ""))
    return f"{s.entity(most[1])} ({wording.money(most[0])})" if most[0] > 0 else ""


def _by_account(s: Selection) -> Table:
    facts = sorted(
        s.facts("expense_by_nature", "account", entity_id=GROUP), key=lambda f: (-_cents(f), f.dimensions["account"])
    )
    rows = tuple(
        (Cell(f.dimensions["account"]), Cell(s.label("account", f.dimensions["account"])), s.cell(f))
        for f in facts[:MOST_ACCOUNTS]
    )
    return Table(
        f"Expenses by account, {wording.currency()}, latest {window(s)}, actual",
        columns("Account", "Name", "Expenses", text=(0, 1)),
        rows,
        (Cell(""), Cell("All accounts"), s.cell(s.fact("expense_by_nature"))) if rows else (),
        note=f"{len(facts) - len(rows)} smaller accounts are in the fact table." if len(facts) > len(rows) else "",
        empty=f"Not evaluable: {s.fact('expense_by_nature').reason}.",
    )


def accounts(s: Selection) -> Accounts:
    """The section on the chart of accounts."""
    rows = []
    for metric_id, words in (
        ("accounts_undefined", "Used in the ledger, not in the chart"),
        ("accounts_wrong_side", "Balance on the wrong side"),
        ("accounts_unused", "No posting in twelve months"),
        ("accounts_recommended_missing", "Recommended class missing"),
    ):
        whole = s.fact(metric_id)
        tone: Tone = (
            "neutral" if metric_id == "accounts_unused" or whole.value is None else "bad" if whole.value else "good"
        )
        if metric_id == "accounts_recommended_missing":
            names = [f.dimensions["name"] for f in s.facts(metric_id, "number", "name", "type", "purpose")]
        else:
            names = [_account(s, f) for f in s.facts(metric_id, "account")]
        rows.append((Cell(words), s.cell(whole, tone), Cell(phrases.some(sorted(names)) or "none")))
    audit = without_figures(
        Table(
            "Audit of the chart of accounts, number of accounts",
            columns("Check", "Accounts", "Which", text=(0, 2)),
            tuple(rows),
        )
    )
    return Accounts(audit, _structure(s))


def _structure(s: Selection) -> Table:
    absent = {
        f.dimensions["number"] for f in s.facts("accounts_recommended_missing", "number", "name", "type", "purpose")
    }
    known = s.fact("accounts_recommended_missing").value is not None
    rows = tuple(
        (
            Cell(wanted.number),
            Cell(wanted.name),
            Cell(wanted.type),
            Cell("missing", tone="bad") if wanted.number in absent else Cell("there", tone="good"),
            Cell(wanted.purpose),
        )
        for wanted in STRUCTURE
    )
    return Table(
        "Recommended structure: classes of accounts, by the usual number ranges",
        columns("From", "Class", "Type", "In the chart", "Needed for", text=(0, 1, 2, 3, 4)),
        rows if known else (),
        note="Number ranges are a convention; US GAAP prescribes none. Keep existing numbers, add what is missing.",
        empty=f"Not evaluable: {s.fact('accounts_recommended_missing').reason}.",
    )


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
        cents = sign * _cents(fact)
        rows.append((Cell(words), Cell(wording.money(cents), cents, "money", metric_id=fact.metric_id)))
    return Table(
        f"Fixed assets, {wording.currency()}, {s.figures.report_date.year} to date",
        columns("Line", wording.currency()),
        tuple(rows) if closing.value is not None else (),
        (Cell("Book value at the report date"), plain(s.cell(closing))) if closing.value is not None else (),
        note=f"Coverage: {closing.reason}." if closing.value is not None and closing.reason else "",
        empty=f"Not evaluable: {closing.reason}.",
    )


def _account(s: Selection, fact: Fact) -> str:
    number = fact.dimensions["account"]
    name = s.label("account", number)
    return number if name == number else f"{number} {name}"


def _function(fact: Fact) -> str:
    return wording.function(fact.dimensions["function"])


def _cents(fact: Fact) -> int:
    return fact.value if isinstance(fact.value, int) else 0


def _thousand(cents: int) -> str:
    return wording.number(Decimal(cents) / 100_000, 1)
