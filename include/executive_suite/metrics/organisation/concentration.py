"""How much of the revenue hangs on few customers, entities or channels."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import chain

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.accounting.refunds import price_cents
from executive_suite.metrics.arithmetic import amount
from executive_suite.metrics.between import of_group
from executive_suite.metrics.book.book import NOTHING, lines, sums_of
from executive_suite.metrics.book.elimination import counted
from executive_suite.metrics.bookings import sales
from executive_suite.metrics.cut import YEAR, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months

NEEDS: Mapping[str, tuple[str, ...]] = {
    "ledger": ("date", "entity_id", "account", "amount_cents"),
    "account": ("account", "type"),
}


def herfindahl_hirschman(revenue: list[int]) -> Measure:
    """Sum of the squared percentage shares, 0 to 10,000; net refunds (below zero) are left out and noted.

    Source: U.S. DOJ and FTC, Merger Guidelines (2023), 2.1: above 1,800 is highly concentrated.

    >>> herfindahl_hirschman([40, 30, 20, 10]).value
    3000
    >>> herfindahl_hirschman([0, 0]).reason
    'no revenue'
    """
    positive = [amount for amount in revenue if amount > 0]
    negative = sum(amount < 0 for amount in revenue)
    total = sum(positive)
    if not total:
        return not_applicable("no revenue")
    index = sum((Fraction(100 * amount, total) ** 2 for amount in positive), Fraction(0))
    note = f"{negative} with net refunds left out" if negative else ""
    return Measure(amount(index), reason=note)


@metric("revenue_concentration_hhi", needs=NEEDS)
def _concentration(context: Context) -> Iterator[Fact]:
    months = complete_months(context.report_date, YEAR)
    posted = lines(context)
    chosen = posted.on({row.account for row in context.rows("account", *NEEDS["account"]) if row.type == "revenue"})
    chosen &= posted.within(months) & counted(context)
    entities = sums_of(context, chosen, "entity_id")
    used = sum(entities.values(), NOTHING)
    if "counterparty_id" in context.table("ledger").columns:
        customers = sums_of(context, chosen, "counterparty_id")
        unnamed = customers.pop(("",), NOTHING).lines
        named = sum(customers.values(), NOTHING)
        words = f"{unnamed} revenue lines without a customer left out" if unnamed else ""
        measure = qualified(herfindahl_hirschman([-total.cents for total in customers.values()]), words)
        yield context.fact("revenue_concentration_hhi", measure, inputs={"ledger": named})
    else:
        unknown = not_evaluable("column ledger.counterparty_id is absent")
        yield context.fact("revenue_concentration_hhi", unknown, inputs={"ledger": used})
    measure = herfindahl_hirschman([-total.cents for total in entities.values()])
    yield context.fact("revenue_concentration_hhi", measure, inputs={"ledger": used}, by="entity")
    yield from _by_channel(context, months)


def _by_channel(context: Context, months: Sequence[Month]) -> Iterator[Fact]:
    """The net value of completed bookings by channel, of services in the months; nothing without the columns."""
    wanted = {"channel_id", "status", "service_end", "gross_cents", "discount_cents"}
    if not context.has("booking") or not wanted <= set(context.table("booking").columns):
        return
    sold = [
        row for row in of_group(context, sales(context)) if row.status == "completed" and row.service_end is not None
    ]
    served = [(row, Month.of(context.local_day(row.service_end, row.get("entity_id")))) for row in sold]
    inside = [row for row, month in served if months[0] <= month <= months[-1]]
    channels = grouped(inside, lambda row: row.channel_id)
    net = [sum(price_cents(context, row) for row in rows) for rows in channels.values()]
    inputs = {"booking": tuple(chain(*channels.values()))}
    yield context.fact("revenue_concentration_hhi", herfindahl_hirschman(net), inputs=inputs, by="channel")
