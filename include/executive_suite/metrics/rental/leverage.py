"""Whether a property carries its financing, and what it returns on the owner's cash."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import YEAR, Cut
from executive_suite.metrics.finance.margins import principal_repaid
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.income import NEEDS_PROPERTY, NO_PROPERTY, income, trailing_income
from executive_suite.metrics.rental.properties import owners
from executive_suite.period import complete_months


@dataclass(frozen=True, slots=True)
class Financing:
    """Net operating income and debt service of twelve months, cents."""

    net: int
    service: int

    def cover(self) -> Measure:
        """Debt service cover.

        >>> Financing(net=120_000, service=100_000).cover().value
        Decimal('1.2000000000')
        """
        return ratio(self.net, self.service, otherwise="no debt service")

    def cash_return(self, invested: Fraction) -> Measure:
        """Cash-on-cash return.

        >>> Financing(net=120_000, service=100_000).cash_return(Fraction(400_000)).value
        Decimal('0.0500000000')
        """
        return ratio(self.net - self.service, invested, otherwise="no cash invested")


@metric("property_debt_service_cover", "cash_on_cash_return", needs=NEEDS_PROPERTY, otherwise=NO_PROPERTY)
def _facts(context: Context) -> Iterator[Fact]:
    months, repayments = complete_months(context.report_date, YEAR), principal_repaid(context)
    for entity_id in owners(context):
        found = income(context, (entity_id,), months)
        own = Financing(found.net, found.below - found.non_cash + repayments.over(entity_id, months).cents)
        whole = trailing_income(context, entity_id)
        cover, returned = (whole, whole) if whole.value is None else (own.cover(), _returned(context, own, entity_id))
        here, inputs = Cut(context, "ledger", (), entity_id), {"ledger": found.posted}
        yield here.fact("property_debt_service_cover", cover, inputs=inputs)
        yield here.fact("cash_on_cash_return", returned, inputs=inputs)


def _returned(context: Context, own: Financing, entity_id: str) -> Measure:
    try:
        return own.cash_return(Fraction(param(context, "cash_invested_cents", entity_id).value))
    except MissingInputError as missing:
        return not_evaluable(str(missing))
