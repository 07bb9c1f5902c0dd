"""Net operating income of rented property, its expense ratio, and its yield on value."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, NOTHING, Book, Mask, MonthlySums, Sum, book
from executive_suite.metrics.book.kinds import property_tax_accounts
from executive_suite.metrics.cut import YEAR, Cut
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import NEEDS_ASSET, held, units
from executive_suite.period import Month, complete_months

NO_PROPERTY = "table asset has no property with postings in the ledger"
NO_TAX = "no property tax is in the books"

# Below net operating income are financing, depreciation and taxes on income, by the subtype of the account or its
# function ``nonop``; an account that mixes both kinds counts as it is classed.
NON_CASH = ("depreciation", "amortisation", "amortization")
BELOW_THE_LINE = ("interest", "interest_expense", "debt", "income_tax", *NON_CASH)
NEEDS_PROPERTY: Mapping[str, tuple[str, ...]] = {**NEEDS, "asset": NEEDS_ASSET}


@dataclass(frozen=True, slots=True)
class Income:
    """Income and expense of a period, cents.

    Attributes:
        gross: Effective gross income.
        operating: Operating expenses.
        below: Expenses below the line.
        non_cash: The part of them that is not paid for: depreciation and amortization.
        posted: The ledger lines behind them.
    """

    gross: int
    operating: int
    below: int
    non_cash: int
    posted: Sum = field(default=NOTHING, compare=False, repr=False)

    @property
    def net(self) -> int:
        """Net operating income."""
        return self.gross - self.operating

    def expense_ratio(self) -> Measure:
        """Operating expense ratio.

        >>> Income(gross=240_000, operating=96_000, below=0, non_cash=0).expense_ratio().value
        Decimal('0.4000000000')
        """
        return ratio(self.operating, self.gross, otherwise="no income")


@per_context
def _sums(context: Context) -> Mapping[str, MonthlySums]:
    """The parts of an ``Income`` by entity and month, and all lines of income and expense."""
    return _parts(book(context), np.ones(len(book(context).cents), dtype=bool))


@per_context
def _outside(context: Context) -> Mapping[str, MonthlySums]:
    """The same without dealings between entities of the group."""
    return _parts(book(context), ~book(context).eliminated)


def _parts(ledger: Book, counted: Mask) -> Mapping[str, MonthlySums]:
    non_cash = ledger.where("subtype", lambda subtype: subtype.lower() in NON_CASH)
    below = ledger.where("subtype", lambda subtype: subtype.lower() in BELOW_THE_LINE)
    below |= ledger.having("function", "nonop")
    revenue, expense = ledger.of_type("revenue") & counted, ledger.of_type("expense") & counted
    return {
        "gross": -ledger.monthly(revenue & ~below),
        "operating": ledger.monthly(expense & ~below),
        "below": ledger.monthly(expense & below),
        "non_cash": ledger.monthly(expense & non_cash),
        "all": ledger.monthly(revenue | expense),
    }


@per_context
def _property_tax(context: Context) -> MonthlySums:
    """The tax on property among operating expenses; without any, the income is overstated by it."""
    ledger = book(context)
    below = ledger.where("subtype", lambda subtype: subtype.lower() in BELOW_THE_LINE) | ledger.having(
        "function", "nonop"
    )
    return ledger.monthly(ledger.account.among(property_tax_accounts(context)) & ~below)


def income(context: Context, entities: Iterable[str], months: Collection[Month], *, of_group: bool = False) -> Income:
    """Income and expense of some entities in some months: of each on its own, or of the group.

    Raises:
        MissingInputError: ledger, account or one of their columns is absent.
    """
    found = {
        part: sum((sums.over(entity_id, months) for entity_id in entities), NOTHING)
        for part, sums in (_outside if of_group else _sums)(context).items()
    }
    posted = found.pop("all")
    return Income(**{part: total.cents for part, total in found.items()}, posted=posted)


def windows(context: Context, entities: Iterable[str]) -> Iterator[tuple[str, tuple[Month, ...]]]:
    """Each complete month since the first posting of some entities, by period, then the latest twelve together."""
    months = max((book(context).complete(entity_id, context) for entity_id in entities), key=len, default=())
    yield from ((str(month), (month,)) for month in months)
    if months:
        yield "", months[-YEAR:]


def trailing_income(context: Context, entity_id: str, *, of_group: bool = False) -> Measure:
    """Net operating income of the latest twelve complete months of one property entity, cents; or the group's part.

    Returns:
        Not applicable when the property has been held for less than that.

    Raises:
        MissingInputError: ledger, account or asset is absent.
    """
    months = complete_months(context.report_date, YEAR)
    since = _held_since(context, entity_id)
    if since is None:
        return not_evaluable("no postings and no date of acquisition")
    if since > months[0]:
        return not_applicable(f"postings of the property since {since}: fewer than {YEAR} complete months")
    return Measure(income(context, (entity_id,), months, of_group=of_group).net)


def _held_since(context: Context, entity_id: str) -> Month | None:
    """The month from which the postings of a property are complete.

    That of its acquisition or of its first posting, whichever is earlier, but not before the ledger itself begins.
    """
    acquired = (row.get("acquired_on") for row in held(context) if row.entity_id == entity_id)
    posted, begun = book(context).first_month(entity_id), book(context).first_month()
    known = [Month.of(day) for day in acquired if day is not None] + ([] if posted is None else [posted])
    return max(min(known), begun) if known and begun is not None else None


@metric("net_operating_income", "operating_expense_ratio", needs=NEEDS_PROPERTY, otherwise=NO_PROPERTY)
def _incomes(context: Context) -> Iterator[Fact]:
    for entity_id, entities in units(context):
        for period, months in windows(context, entities):
            found = income(context, entities, months, of_group=entity_id == GROUP)
            short = "" if period or len(months) == YEAR else f"{len(months)} of {YEAR} months have postings"
            here, inputs = Cut(context, "ledger", (), entity_id, period), {"ledger": found.posted}
            yield here.fact("net_operating_income", qualified(Measure(found.net), short), inputs=inputs)
            yield here.fact("operating_expense_ratio", qualified(found.expense_ratio(), short), inputs=inputs)
            for part, cents in (
                ("effective_gross_income", found.gross),
                ("operating_expense", found.operating),
                ("below_the_line", found.below),
                ("below_the_line_non_cash", found.non_cash),
            ):
                yield here.fact("net_operating_income", qualified(Measure(cents), short), inputs=inputs, part=part)
            if not period:
                tax = sum((_property_tax(context).over(one, months) for one in entities), NOTHING)
                paid = qualified(Measure(tax.cents), short) if tax.lines else not_applicable(NO_TAX)
                yield here.fact("net_operating_income", paid, inputs={"ledger": tax}, part="property_tax")


@metric("cap_rate", needs={**NEEDS_PROPERTY, "asset": (*NEEDS_ASSET, "market_value_cents")}, otherwise=NO_PROPERTY)
def _cap_rates(context: Context) -> Iterator[Fact]:
    for entity_id, entities in units(context):
        assets = tuple(row for row in held(context) if row.entity_id in entities)
        incomes = [trailing_income(context, entity, of_group=entity_id == GROUP) for entity in entities]
        unknown = next((one for one in incomes if one.value is None), None)
        worth = _worth(assets)
        if unknown is not None or not isinstance(worth.value, int):
            measure = unknown or worth
        else:
            earned = sum(one.value for one in incomes if isinstance(one.value, int))
            measure = qualified(ratio(earned, worth.value, otherwise="the property's value is 0"), worth.reason)
        here = Cut(context, "asset", assets, entity_id)
        yield here.fact("cap_rate", measure, inputs={"asset": assets, "ledger": context.table("ledger")})


def _worth(assets: Iterable[Any]) -> Measure:
    """What properties are worth together, cents, and on which basis."""
    found = [(row.market_value_cents, row.get("cost_cents")) for row in assets]
    if all(market is not None for market, _ in found):
        return Measure(sum(market for market, _ in found), reason="on market value")
    values = [cost if market is None else market for market, cost in found]
    if None in values:
        return not_evaluable("a property has neither market value nor cost")
    return Measure(sum(values), reason="on cost where no market value is on record")
