"""What the books owe by a day: taxes held, loans and planned capital."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from fractions import Fraction
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.accounting.tax_calendar import TAXES, due_on
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.book.book import book, chart, sums_of
from executive_suite.metrics.book.chosen import lines_since
from executive_suite.metrics.cut import months_between
from executive_suite.metrics.finance.variance import budget_rows
from executive_suite.metrics.finance.window import window
from executive_suite.metrics.forecast.flows import answering, classes, operating, over
from executive_suite.metrics.forecast.path import Item, horizon
from executive_suite.period import Month


def taxes(context: Context) -> Iterator[Item]:
    """Taxes held for the state, on the day of the next return; at the end of the month where that is not known."""
    sums = book(context)
    for entity in (*sums.entities[1:], GROUP):
        if entity in ends(context):
            continue
        for account, held in sums.by("account", sums.on(classes(context).tax) & _only(context, entity), entity):
            if held.cents < 0:
                yield Item(_filed(context, account, entity), held.cents, "tax", entity, account)


def _filed(context: Context, account: str, entity: str) -> date:
    month_end = (Month.of(context.report_date) + 1).first - timedelta(days=1)
    charted = (chart(context)[account],)
    kind = next((kind for kind, tax in TAXES.items() if of_class(charted, ("liability",), tax.subtypes, tax.terms)), "")
    try:
        return due_on(context, kind, entity) if kind else month_end
    except MissingInputError:
        return month_end


def _only(context: Context, entity: str) -> Any:
    """Cells of the entity itself: for the group, postings of its own."""
    return book(context).entity.among((entity,))


def loans(context: Context) -> Iterator[Item]:
    """What loans were paid back in a mean recent month, on the first of each month ahead, until they are paid."""
    months, debt = window(context).months, classes(context).debt
    if not months or not debt:
        return
    sums, gone = book(context), ends(context)
    paid: dict[tuple[str, str], int] = defaultdict(int)
    for (entity, account, month), total in sums_of(
        context, answering(context, "financing"), "entity_id", "account", "month"
    ).items():
        if account in debt and month in months and total.cents > 0 and entity not in gone:
            paid[entity, account] += total.cents
    for (entity, account), cents in sorted({**_debt_in_operations(context), **paid}.items()):
        here = sums.on((account,)) & _only(context, entity)
        owed = max(0, -int(sums.cents[here].sum()))
        for month in months_between(context.report_date, Month.of(horizon(context.report_date))):
            if month.first >= context.report_date:
                part = min(owed, whole_cents(Fraction(cents, len(months))))
                owed -= part
                yield Item(month.first, -part, "debt", entity, account)


def _debt_in_operations(context: Context) -> Mapping[tuple[str, str], int]:
    """Loans paid back in transactions marked as operating, recent months."""
    months, debt = window(context).months, classes(context).debt
    return {
        key: cents
        for key, series in operating(context).items()
        if key[1] in debt and (cents := over(series, months)) > 0
    }


def capital(context: Context) -> Iterator[Item]:
    """Budgeted additions to assets, on the first of their month, less what the month has brought already."""
    if not context.has("budget"):
        return
    assets = {row.account for row in chart(context).values() if row.type == "asset" and not row.is_cash}
    rows = [row for row in budget_rows(context) if row.account in assets - classes(context).sales]
    if not rows:
        return
    month = Month.of(context.report_date)
    begun = sums_of(context, lines_since(context, month.first), "entity_id", "account")
    for row in rows:
        bought = begun.get((row.entity_id, row.account))
        done = bought.cents if bought is not None and Month.of(row.month) == month else 0
        day = max(context.report_date, Month.of(row.month).first)
        if Month.of(row.month) >= month:
            yield Item(day, -max(0, row.amount_cents - done), "capital", row.entity_id, row.account)
