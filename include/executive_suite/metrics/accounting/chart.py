"""The chart of accounts: what is used, idle or on the wrong side, and what a group like this one would need."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.account_classes import STRUCTURE, Needed
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import NEEDS, book, chart, lines, sums_of
from executive_suite.metrics.book.chosen import lines_since
from executive_suite.metrics.cut import YEAR, cut
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, months_later

SIDES = {"debit": 1, "credit": -1}


def of_class(charted: Iterable[Any], types: Collection[str], subtypes: Collection[str], terms: str) -> set[str]:
    """The accounts of these types whose subtype, or whose name, shows that they belong to a class.

    Args:
        charted: Rows of the chart of accounts.
        types: asset, liability, equity, revenue, expense.
        subtypes: Subtypes of the class.
        terms: Regular expression that its names match, in any case.
    """
    named = re.compile(terms, re.IGNORECASE)
    return {
        row.account
        for row in charted
        if row.type in types and (row.get("subtype") in subtypes or named.search(row.name or ""))
    }


def missing(charted: Collection[Any]) -> tuple[Needed, ...]:
    """Recommended classes without an account in the chart."""
    return tuple(want for want in STRUCTURE if not of_class(charted, (want.type,), want.subtypes, want.terms))


@dataclass(frozen=True, slots=True)
class Audit:
    """The chart of accounts against the ledger.

    Attributes:
        undefined: Accounts with postings that the chart does not define.
        unused: Accounts of the chart without a posting in the twelve months before the report date.
        wrong_side: Accounts of the chart whose balance is not on their side, with that balance, debits positive.
        wrong_in: How many accounts are on the wrong side in the books of each entity.
    """

    undefined: frozenset[str]
    unused: frozenset[str]
    wrong_side: Mapping[str, int]
    wrong_in: Mapping[str, int]


@per_context
def audit(context: Context) -> Audit:
    """The chart of accounts against the ledger."""
    sums = book(context)
    side = {row.account: SIDES.get(row.normal_side, 0) for row in context.rows("account", "normal_side")}

    def wrong(entity: str) -> dict[str, int]:
        balances = sums.by("account", sums.owned_by(entity), entity)
        return {account: total.cents for account, total in balances if total.cents * side.get(account, 0) < 0}

    return Audit(
        undefined=frozenset(sums.accounts) - side.keys(),
        unused=frozenset(side.keys() - _used_of_late(context)),
        wrong_side=wrong(GROUP),
        wrong_in={entity: len(wrong(entity)) for entity in sums.entities if entity != GROUP},
    )


def _used_of_late(context: Context) -> set[str]:
    """Accounts with a line in the twelve months before the report date, to the day; also with lines eliminated."""
    sums = book(context).booked
    since = months_later(context.report_date, -YEAR)
    first = Month.of(since)
    used = {account for account, _ in sums.by("account", sums.since(first + 1))}
    # Sums are by month: only accounts last used in the month in which the year began are looked at day by day.
    doubtful = {account for account, _ in sums.by("account", sums.within([first]))} - used
    if doubtful and since.day > 1:
        recent = lines(context).on(doubtful) & lines_since(context, since)
        doubtful = {account for account, _ in sums_of(context, recent, "account", "entity_id")}
    return used | doubtful


@metric(
    "accounts_undefined",
    "accounts_unused",
    "accounts_wrong_side",
    needs={**NEEDS, "account": (*NEEDS["account"], "normal_side")},
    classified="nothing",
)
def _audit(context: Context) -> Iterator[Fact]:
    found = audit(context)
    inputs = {"account": chart(context), "ledger": context.table("ledger")}
    waits = unclassified.why_any(context)
    for metric_id, names in (
        ("accounts_undefined", found.undefined),
        ("accounts_unused", found.unused),
        ("accounts_wrong_side", found.wrong_side),
    ):
        unknown = waits if metric_id == "accounts_wrong_side" else ""
        yield context.fact(metric_id, not_evaluable(unknown) if unknown else Measure(len(names)), inputs=inputs)
        for name in () if unknown else names:
            yield context.fact(metric_id, Measure(1), inputs={"account": (name,)}, account=name)
    for entity, count in () if waits else found.wrong_in.items():
        yield context.fact("accounts_wrong_side", Measure(count), inputs=inputs, entity_id=entity)


@metric("accounts_recommended_missing", needs={"account": ("account", "type", "name")})
def _missing(context: Context) -> Iterator[Fact]:
    charted = cut(context, "account", context.rows("account"))
    found = missing(charted.rows)
    yield charted.fact("accounts_recommended_missing", Measure(len(found)))
    for want in found:
        own = charted.divided(number=want.number, name=want.name, type=want.type, purpose=want.purpose)
        yield own.fact("accounts_recommended_missing", Measure(1))
