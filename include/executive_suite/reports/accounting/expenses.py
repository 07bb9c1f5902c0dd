"""The accounting report on expenses: by function, by account, and whose they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Table, Tone
from executive_suite.rendering.charts import Point
from executive_suite.reports import frame
from executive_suite.reports.accounting.statement import cents, columns
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection

MOST_ACCOUNTS = 15
UNCATEGORISED_MOST = Decimal("0.01")
"""The catalogue's target for expense without a function."""


@dataclass(frozen=True, slots=True)
class Expenses:
    """Expenses by function and by account."""

    chart: Chart
    functions: Table
    accounts: Table


def expenses(s: Selection) -> Expenses:
    """The section on expenses by function."""
    facts = sorted(
        s.facts("expense_by_function", "function", entity_id=GROUP),
        key=lambda f: (f.dimensions["function"] == "uncategorised", -cents(f), f.dimensions["function"]),
    )
    points = [Point(_function(f), cents(f), formats.of(f)) for f in facts if f.value is not None]
    words = ", ".join(f"{p.label} {p.text}" for p in points)
    title = f"Expenses by function, {formats.currency()}, latest {window(s)}, actual"
    alt = f"{words or s.fact('expense_by_function').reason}."
    chart = frame.chart("functions", title, charts.bars(points), alt, finding=_most(s, facts))
    entities = [f.entity_id for f in s.facts("expense_by_function") if f.entity_id != GROUP]
    largest = {f.dimensions["function"]: _largest(s, f, entities) for f in facts}
    rows = []
    for fact in facts:
        share = s.fact("expense_share_of_revenue", **fact.dimensions)
        tone: Tone = "neutral"
        if fact.dimensions["function"] == "uncategorised":
            every = cents(s.fact("expense_by_function"))
            tone = "good" if cents(fact) < UNCATEGORISED_MOST * every or not every else "bad"
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
        f"Expenses by function, {formats.currency()} and share of revenue, latest {window(s)}, actual",
        columns("Function", "Expenses", "Of revenue", "Mostly", text=(0, 3)),
        tuple(rows),
        whole if rows else (),
        note="Uncategorised expense should stay below 1 % of all.",
        empty=f"Not evaluable: {s.fact('expense_by_function').reason}.",
    )
    return Expenses(chart, functions, _by_account(s))


def _most(s: Selection, facts: Sequence[Fact]) -> str:
    """The function that takes most of all expenses."""
    whole = cents(s.fact("expense_by_function"))
    first = max(facts, key=cents, default=None)
    if first is None or whole <= 0:
        return "Nothing was spent, or more came back than was spent."
    part = formats.share(Decimal(cents(first)) / whole)
    return f"{_function(first)} takes most: {formats.of(first)} of {formats.money(whole)}, {part}."


def _largest(s: Selection, fact: Fact, entities: Sequence[str]) -> str:
    """The entity with the largest part of a function's expense."""
    parts = [(cents(s.fact("expense_by_function", entity, **fact.dimensions)), entity) for entity in entities]
    most = max(parts, default=(0, ""))
    return f"{s.entity(most[1])} ({formats.money(most[0])})" if most[0] > 0 else ""


def _by_account(s: Selection) -> Table:
    facts = sorted(
        s.facts("expense_by_nature", "account", entity_id=GROUP), key=lambda f: (-cents(f), f.dimensions["account"])
    )
    rows = tuple(
        (Cell(f.dimensions["account"]), Cell(s.label("account", f.dimensions["account"])), s.cell(f))
        for f in facts[:MOST_ACCOUNTS]
        if f.value
    )
    return Table(
        f"Expenses by account, {formats.currency()}, latest {window(s)}, actual",
        columns("Account", "Name", "Expenses", text=(0, 1)),
        rows,
        (Cell(""), Cell("All accounts"), s.cell(s.fact("expense_by_nature"))) if rows else (),
        note=_rest(len(facts) - len(rows)),
        empty=f"Not evaluable: {s.fact('expense_by_nature').reason}.",
    )


def _rest(count: int) -> str:
    """What a table of the largest accounts leaves out."""
    if count < 1:
        return ""
    one = count == 1
    return f"{count} smaller {'account has' if one else 'accounts have'} no row; the sum has {'it' if one else 'them'}."


def _function(fact: Fact) -> str:
    return formats.function(fact.dimensions["function"])
