"""The cloud bill in exact decimals: by billing period, by what divides it, and its baseline."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, localcontext
from fractions import Fraction
from statistics import median
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param
from executive_suite.dataset.rates import RATE, Rates
from executive_suite.dataset.reporting_currency import CLOUD_CURRENCY, reporting_currency
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.cut import Cut, cut, grouped
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, cut_off

COLUMNS = ("BilledCost", "BillingPeriodStart", "BillingPeriodEnd")
DIVISIONS = {"service": "ServiceName", "category": "ChargeCategory", "provider": "ProviderName"}
DIGITS = 200
"""More than any sum of bills has: no digit of a charge is rounded away."""
PERIODS = 6
"""Complete billing periods of a baseline (param cloud_baseline_periods overrides it)."""


@dataclass(frozen=True, slots=True)
class Period:
    """A billing period.

    Attributes:
        month: The month it begins in, UTC, as bills are cut.
        complete: Whether it ended at or before the cut-off.
    """

    month: Month
    complete: bool
    cost: Decimal
    charges: tuple[Any, ...]

    @property
    def resources(self) -> Mapping[str, Decimal]:
        """Billed cost of each resource that the bill names."""
        return {name: billed(own) for name, own in grouped(self.charges, lambda c: c.get("ResourceId")).items()}

    @property
    def entities(self) -> Mapping[str, tuple[Any, ...]]:
        """Charges by the entity that they are tagged with; under an empty id those without a tag."""
        return grouped(self.charges, lambda c: tagged(c.get("Tags")))


def billed(charges: Iterable[Any]) -> Decimal:
    """The exact sum of the billed cost of charges."""
    with localcontext() as unrounded:
        unrounded.prec = DIGITS
        return sum((charge.BilledCost for charge in charges), Decimal(0))


def plain(amount: Decimal) -> str:
    """The amount as decimal text without an exponent: every significant place, and at least two.

    The text is the same whether a bill comes as CSV or from a database whose type adds or drops zeros.

    >>> plain(Decimal("1E-7")), plain(Decimal("50")), plain(Decimal("12.1000"))
    ('0.0000001', '50.00', '12.10')
    """
    whole, _, places = format(amount, "f").partition(".")
    return f"{whole}.{places.rstrip('0').ljust(2, '0')}"


@per_context
def bill(context: Context) -> tuple[Any, ...]:
    """The charges in US dollars, with the columns that metrics ask for: a bill may have millions of wide rows."""
    frame = context.table("focus_cost", *COLUMNS)
    if "BillingCurrency" in frame.columns:
        frame = frame[frame["BillingCurrency"] == CLOUD_CURRENCY]
    wanted = (*COLUMNS, *DIVISIONS.values(), "ResourceId", "Tags")
    return context.rows_from(frame[[column for column in wanted if column in frame.columns]], "focus_cost")


def in_cents(context: Context, dollars: Decimal, day: date) -> Fraction:
    """An amount of the bill in cents of the reporting currency, exact.

    Raises:
        MissingInputError: the group reports in another currency than US dollars, whose rate on the day is not known.
    """
    base = reporting_currency(context.tables)
    rate = _rates(context).rate(CLOUD_CURRENCY, base, day)
    if rate is None:
        msg = f"no rate of {CLOUD_CURRENCY} to {base} on {day.isoformat()} (parameter {RATE}{CLOUD_CURRENCY})"
        raise MissingInputError(msg)
    return Fraction(dollars) * 100 * Fraction(rate)


@per_context
def _rates(context: Context) -> Rates:
    return replace(Rates.of(context.tables), base=reporting_currency(context.tables))


@per_context
def periods(context: Context) -> tuple[Period, ...]:
    """Every billing period of the bill, oldest first."""
    end = cut_off(context.report_date, context.zone)
    months = grouped(bill(context), lambda charge: f"{charge.BillingPeriodStart:%Y-%m}")
    return tuple(
        Period(Month.of(own[0].BillingPeriodStart), all(one.BillingPeriodEnd <= end for one in own), billed(own), own)
        for own in months.values()
    )


def complete_periods(context: Context) -> tuple[Period, ...]:
    """The billing periods that ended at or before the cut-off, oldest first."""
    return tuple(period for period in periods(context) if period.complete)


@functools.lru_cache(maxsize=4096)
def tagged(tags: str | float | None, key: str = "entity") -> str:
    """The value of a key in a charge's tags; empty if the key is absent or the tags are not a JSON object.

    >>> tagged('{"entity":"web"}'), tagged('{"client":"c1"}', "client"), tagged(None)
    ('web', 'c1', '')
    """
    if not isinstance(tags, str):
        return ""
    try:
        found = json.loads(tags)
    except json.JSONDecodeError:
        return ""
    value = found.get(key) if isinstance(found, dict) else None
    return value if isinstance(value, str) else ""


@metric("cloud_billed_cost", needs={"focus_cost": COLUMNS})
def _billed(context: Context) -> Iterator[Fact]:
    other = len(context.table("focus_cost")) - len(bill(context))
    foreign = f"{other} charges in other currencies left out" if other else ""
    known = {row.entity_id for row in context.rows("entity", "entity_id")} if context.has("entity") else set()

    def fact(own: Cut, *remarks: str) -> Fact:
        reason = "; ".join(filter(None, remarks))
        return own.fact("cloud_billed_cost", Measure(plain(billed(own.rows)), reason=reason), assumed=False)

    for period in periods(context):
        whole = replace(cut(context, "focus_cost", period.charges), period=str(period.month))
        partial = "" if period.complete else "month to date, billing period open"
        yield fact(whole, partial, foreign)
        for name, column in DIVISIONS.items():
            if column in context.table("focus_cost").columns:
                for own in whole.by(name, functools.partial(_word, column)):
                    yield fact(own, partial)
        for entity, charges in period.entities.items():
            if entity and entity != GROUP and (not known or entity in known):
                yield fact(replace(whole, rows=charges, entity_id=entity), partial, foreign)


def _word(column: str, charge: Any) -> str:
    return charge.text(column) or "unnamed"


@metric("cloud_baseline_low", "cloud_baseline_high", "cloud_baseline_median", needs={"focus_cost": COLUMNS})
def _baseline(context: Context) -> Iterator[Fact]:
    wanted = optional_param(context, "cloud_baseline_periods")
    count = wanted.whole if wanted else PERIODS
    chosen = complete_periods(context)[-count:]
    reason = f"only {len(chosen)} of {count} complete billing periods" if len(chosen) < count else ""
    assumed = wanted is not None and wanted.assumed
    inputs = {"focus_cost": [one for period in chosen for one in period.charges]}
    for name, statistic in (("low", min), ("high", max), ("median", median)):
        measure = not_applicable("no complete period yet")
        if chosen:
            with localcontext() as unrounded:
                unrounded.prec = DIGITS
                measure = Measure(plain(statistic(period.cost for period in chosen)), reason=reason)
        yield context.fact(f"cloud_baseline_{name}", measure, inputs=inputs, assumed=assumed)
