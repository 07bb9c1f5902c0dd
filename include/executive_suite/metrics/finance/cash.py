"""Cash in hand, how long it lasts, and the deposits that the group holds for others."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.accounting.documents import agreed
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.book.amounts import stated
from executive_suite.metrics.book.book import NEEDS, NEEDS_ACTIVITY, NOTHING, book, chart
from executive_suite.metrics.cut import cut
from executive_suite.metrics.finance.burn import SHORT, SHORT_WINDOW_MONTHS, limits, run_rate, unstated
from executive_suite.metrics.finance.window import latest, window
from executive_suite.metrics.registry import metric
from executive_suite.period import last_complete_month

CONTRACT_LIABILITY_SUBTYPES = ("contract_liability", "deferred_revenue", "customer_deposits", "unearned_revenue")
CONTRACT_LIABILITY_TERMS = re.compile(
    r"contract liabilit|deferred (revenue|income)|unearned|(customer|client|guest)s?'? (deposit|advance|prepayment)"
    r"|(deposit|advance|prepayment)s? from (customer|client|guest)|gift (card|certificate)",
    re.IGNORECASE,
)
OTHER_LIABILITY_TERMS = re.compile(
    r"payable|payroll|wage|accru|credit card|visa|mastercard|amex|tax|loan|mortgage|debt|\bnotes?\b|line of credit"
    r"|due to|inter-?company|affiliate|security deposit|lease",
    re.IGNORECASE,
)
"""Names of liabilities that hold no deposits of customers."""


def cash_runway(cash: int, net_burn: Sequence[int], *, months: int = 6) -> Measure:
    """Months until cash runs out if recent net burn continues.

    Args:
        cash: Cash at the report date, cents.
        net_burn: Net burn per complete calendar month, cents, latest last.
        months: How many of the latest months to average.

    Returns:
        Months, to two places; 0 if there is no cash; not applicable ("cash generative") if mean burn is zero or
        negative.

    Raises:
        ValueError: fewer than ``months`` complete months.

    Source: docs/definitions.md#cash_runway_months

    >>> cash_runway(3_880_000, [820_000, 900_000, 860_000, 700_000, 740_000, 780_000]).value
    Decimal('4.85')
    >>> cash_runway(5_000_000, [-120_000], months=1).reason
    'cash generative'
    """
    if months < 1 or len(net_burn) < months:
        msg = f"expected at least {months} complete months (one or more), got {len(net_burn)}"
        raise ValueError(msg)
    burned = sum(net_burn[-months:])
    if burned <= 0:
        return not_applicable("cash generative")
    if cash <= 0:
        return Measure(Decimal(0), reason="no cash left")
    return Measure(quotient(cash * months, burned, CENT_HUNDREDTH))


def contract_liability_accounts(context: Context) -> frozenset[str]:
    """The accounts that hold money received for services not yet rendered.

    A liability account is one by its subtype; if the chart states no subtype, by its name.
    """
    owed = [row for row in chart(context).values() if row.type == "liability"]
    named = {row.account for row in owed if not row.text("subtype") and CONTRACT_LIABILITY_TERMS.search(row.name or "")}
    return frozenset(
        named | {row.account for row in owed if row.text("subtype").lower() in CONTRACT_LIABILITY_SUBTYPES}
    )


def deposit_accounts(context: Context) -> frozenset[str]:
    """As ``contract_liability_accounts``, where deposits that cannot be found would be taken for none.

    Raises:
        MissingInputError: there is none, but a liability with postings has neither a subtype nor a name that says what
            it holds.
    """
    found, posted = contract_liability_accounts(context), book(context).accounts
    silent = {
        row.account
        for row in chart(context).values()
        if row.type == "liability" and not row.text("subtype") and not OTHER_LIABILITY_TERMS.search(row.name or "")
    }
    unknown = sorted(silent.intersection(posted) - found)
    if unknown and not found.intersection(posted):
        msg = f"no subtype says whether account {', '.join(unknown)} holds customer deposits"
        raise MissingInputError(msg)
    return found


@metric("cash_balance", needs=NEEDS, classified="nothing")
def _balances(context: Context) -> Iterator[Fact]:
    sums = book(context)
    if not sums.rows:
        return
    movement = sums.monthly(sums.cash)
    for entity in sums.entities:
        left = _held_by_leavers(context) if entity == GROUP else _left(context, entity)
        yield sums.held(entity).fact(context, "cash_balance", reason=left, entity_id=entity)
        held = NOTHING
        for month in sums.months(entity, sums.last_of(entity, last_complete_month(context.report_date))):
            held += movement[entity, month]
            yield held.fact(context, "cash_balance", entity_id=entity, period=str(month))


def _left(context: Context, entity: str) -> str:
    """When an entity left the group, in words; empty while it belongs to it."""
    on = book(context).ended.get(entity)
    return f"left the group on {on.isoformat()}" if on else ""


def _held_by_leavers(context: Context) -> str:
    """What the books of entities that left the group still hold, in words; runways leave it out."""
    sums = book(context)
    held = {entity: sums.held(entity).cents for entity in sums.ended}
    money = " and ".join(f"{stated(context, cents)} of {entity}" for entity, cents in sorted(held.items()) if cents)
    return f"includes {money}, no longer in the group" if money else ""


@metric("cash_runway_months", needs={**NEEDS_ACTIVITY, "param": ("param", "value")}, classified="window")
def _runways(context: Context) -> Iterator[Fact]:
    sums, net = book(context), run_rate(context)["net_burn"]
    for entity in sums.entities:
        cash, whole = sums.at_hand(entity), window(context, entity)
        for months, worst, dimensions in (
            (whole, False, {}),
            (whole, True, {"basis": "worst_month"}),
            (latest(context, entity, SHORT_WINDOW_MONTHS), False, SHORT),
        ):
            cells = months.of(net)
            burned = [max(cell.cents for cell in cells)] if worst and cells else [cell.cents for cell in cells]
            runway = months.missing or unstated(context, entity, months.months)
            if runway is None:
                runway = cash_runway(cash.cents, burned, months=len(burned))
                runway = qualified(runway, limits(context, entity, months.months))
            yield months.fact("cash_runway_months", runway, cash, *cells, **dimensions)


@metric("customer_deposits_held", needs=NEEDS)
def _deposits(context: Context) -> Iterator[Fact]:
    sums = book(context)
    if not sums.rows:
        return
    deposits = sums.on(deposit_accounts(context))
    for entity in sums.entities:
        yield (-sums.total(deposits, entity)).fact(context, "customer_deposits_held", entity_id=entity)


@metric("security_deposits_held", needs={"lease": ("start_on", "end_on", "security_deposit_cents")})
def _security_deposits(context: Context) -> Iterator[Fact]:
    day = context.report_date
    running = cut(context, "lease", context.rows("lease")).where(
        lambda lease: agreed(lease) and lease.start_on < day and (lease.end_on is None or lease.end_on >= day)
    )
    yield running.fact("security_deposits_held", Measure(running.sum("security_deposit_cents")))
