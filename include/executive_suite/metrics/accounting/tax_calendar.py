"""The tax calendar: the next return of each kind of tax, with what the records show as owed on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import fiscal_year
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.accounting.chart import of_class
from executive_suite.metrics.accounting.information_returns import years
from executive_suite.metrics.accounting.legal_holidays import business_day
from executive_suite.metrics.accounting.lodging_tax import TAX_SUBTYPES, TAX_TERMS
from executive_suite.metrics.book.book import NEEDS, Sum, lines, sums_of
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

SALES_MONTHS, SALES_DAY = "sales_tax_filing_months", "sales_tax_due_day"
LODGING_MONTHS, LODGING_DAY = "lodging_tax_filing_months", "lodging_tax_due_day"
QUARTER, LAST_DAY = 3, 31
CORPORATION = ("1120", "c_corp", "c corp", "corporation")
YEAR = 12


@dataclass(frozen=True, slots=True)
class Tax:
    """A kind of tax, and the liability accounts that show what is owed, by subtype or by name."""

    subtypes: tuple[str, ...]
    terms: str


TAXES: Mapping[str, Tax] = {
    "sales": Tax(("sales_tax",), r"sales tax"),
    "lodging": Tax(TAX_SUBTYPES, TAX_TERMS),
    "payroll": Tax(("payroll_tax",), r"payroll tax|payroll liabilit|withholding"),
    "income": Tax(("income_tax",), r"income tax"),
}


def next_return(on: date, months: int, day: int, *, federal: bool = True) -> date:
    """When the next return is due, on or after a day.

    Args:
        on: That day.
        months: Months that a return covers, counted from January: 1, 2, 3, 4, 6 or 12.
        day: Day of the month after them; 31 for its last.
        federal: Whether it goes to the IRS, for which holidays of the District of Columbia count too.

    Form 941 (quarterly, last day of the month after): April 30, July 31, October 31, January 31.

    >>> next_return(date(2026, 5, 1), 3, 31).isoformat(), next_return(date(2026, 1, 15), 1, 20).isoformat()
    ('2026-07-31', '2026-01-20')
    """
    ends = (Month.of(on) + offset for offset in range(-2, 2 * months + 1))
    return min(due for end in ends if end.month % months == 0 and (due := _day_of(end + 1, day, federal=federal)) >= on)


def returns_due(context: Context, kind: str, entity: str) -> Iterator[tuple[Month, date]]:
    """An entity's returns of two years that were due before the report date, latest first: last month, and due day.

    None of a tax that is not collected or withheld, or where no parameter says when it is filed.
    """
    try:
        match kind:
            case "sales":
                every = param(context, SALES_MONTHS, entity).whole, param(context, SALES_DAY, entity).whole
            case "lodging":
                every = param(context, LODGING_MONTHS, entity).whole, param(context, LODGING_DAY, entity).whole
            case "payroll":
                every = QUARTER, LAST_DAY
            case _:
                return
    except MissingInputError:
        return
    (months, day), federal = every, kind == "payroll"
    for back in range(2 * YEAR + 1):
        month = Month.of(context.report_date) + -back
        if month.month % months == 0 and (due := _day_of(month + 1, day, federal=federal)) < context.report_date:
            yield month, due


def next_estimate(on: date, first: Month, *, corporation: bool) -> date:
    """When the next installment of estimated income tax is due, on or after a day.

    Args:
        on: That day.
        first: The first month of the tax year that holds it.
        corporation: Whether it is a C corporation, which pays by the 15th of months 4, 6, 9 and 12 (26 U.S.C. 6655).
            Others pay by the 15th of months 4, 6, 9 and of the month after the year (26 U.S.C. 6654).

    >>> [next_estimate(date(2026, 9, 16), Month(2026, 1), corporation=own).isoformat() for own in (True, False)]
    ['2026-12-15', '2027-01-15']
    """
    places = (-1, 3, 5, 8, 11, 15) if corporation else (0, 3, 5, 8, 12)
    return min(due for place in places if (due := _day_of(first + place, 15)) >= on)


def _day_of(month: Month, day: int, *, federal: bool = True) -> date:
    last = (month + 1).first - timedelta(days=1)
    return business_day(last.replace(day=min(day, last.day)), district=federal)


@metric("tax_due", needs=NEEDS)
def _calendar(context: Context) -> Iterator[Fact]:
    for kind, tax in TAXES.items():
        owed, unseen = _owed(context, tax), not_evaluable(f"the chart has no liability account for {kind} tax")
        for entity in sorted(owed) if owed else [GROUP]:
            own = owed.get(entity, Sum()) if owed is not None else None
            try:
                due, undated = due_on(context, kind, entity).isoformat(), ""
            except MissingInputError as missing:
                due, undated = "", f"due day not known: {missing}"
            measure = unseen if own is None else Measure(-own.cents, reason=undated)
            inputs = {"ledger": own or 0}
            yield context.fact("tax_due", measure, inputs=inputs, entity_id=entity, kind=kind, due=due)
    yield from _information_returns(context)


def _owed(context: Context, tax: Tax) -> Mapping[str, Sum] | None:
    """Balance of the accounts of a tax by entity that ever posted there, debits positive; None without an account."""
    charted = context.rows("account", "account", "type", "name")
    accounts = of_class(charted, ("liability",), tax.subtypes, tax.terms)
    if not accounts:
        return None
    return {entity: total for (entity,), total in sums_of(context, lines(context).on(accounts), "entity_id").items()}


def due_on(context: Context, kind: str, entity: str) -> date:
    """When an entity's next return of a kind of tax is due.

    Raises:
        MissingInputError: a parameter that states how often and when it is filed has no value.
    """
    on = context.report_date
    match kind:
        case "sales":
            months, day = param(context, SALES_MONTHS, entity), param(context, SALES_DAY, entity)
            return next_return(on, months.whole, day.whole, federal=False)
        case "lodging":
            months, day = param(context, LODGING_MONTHS, entity), param(context, LODGING_DAY, entity)
            return next_return(on, months.whole, day.whole, federal=False)
        case "payroll":
            return next_return(on, QUARTER, LAST_DAY)
        case _:
            return next_estimate(on, fiscal_year(context, on).first, corporation=_corporation(context, entity))


def _corporation(context: Context, entity: str) -> bool:
    rows = context.rows("entity", "entity_id") if context.has("entity") else ()
    forms = {row.entity_id: row.text("tax_form").lower() for row in rows}
    return forms.get(entity, "") in CORPORATION


def _information_returns(context: Context) -> Iterator[Fact]:
    """Form 1099-NEC, due January 31 (26 U.S.C. 6071(c)): what was paid to the vendors to report in the year before."""
    on = context.report_date
    due = min(one for year in (on.year, on.year + 1) if (one := business_day(date(year, 1, 31))) >= on)
    try:
        found = {one.year: one for one in years(context)}.get(due.year - 1)
        measure = Measure(sum(found.reached.values())) if found else not_evaluable("the threshold is not known")
        inputs = {"payment": found.payments if found else ()}
    except MissingInputError as missing:
        measure, inputs = not_evaluable(str(missing)), {}
    yield context.fact("tax_due", measure, inputs=inputs, kind="nec_1099", due=due.isoformat())
