"""Revenue recognized on client contracts, by tier and billing model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta

from executive_suite.dataset.context import Context
from executive_suite.dataset.rows import any_assumed
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting.obligations import COLUMNS as SCHEDULE
from executive_suite.metrics.accounting.obligations import Earned, earned
from executive_suite.metrics.cut import YEAR, Cut, cut, months_between
from executive_suite.metrics.portfolio.contracts import COLUMNS, Contract, by_contract, on_day, versions
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months, last_complete_month


@metric(
    "revenue_by_tier",
    needs={"rev_schedule": SCHEDULE, "client_contract": COLUMNS},
    otherwise="table rev_schedule has no obligation of a client contract",
)
def _facts(context: Context) -> Iterator[Fact]:
    contracts, year = by_contract(context), complete_months(context.report_date, YEAR)
    assumed = any_assumed(versions(context))
    sales = (sale for sale in earned(context) if sale.contract in contracts)
    for unit in cut(context, "rev_schedule", sales).by_entity():
        months = months_between(min(sale.month for sale in unit.rows).first, last_complete_month(context.report_date))
        latest = unit.where(lambda sale: sale.month in year)
        for window in (*unit.by_month(lambda sale: sale.month.first, months), latest):
            for part in _parts(window, contracts):
                inputs = {"client_contract": versions(context), "rev_schedule": part}
                cents = sum(sale.cents for sale in part.rows)
                yield part.fact("revenue_by_tier", Measure(cents), inputs=inputs, assumed=assumed)


def _parts(sales: Cut, contracts: Mapping[str, Sequence[Contract]]) -> Iterator[Cut]:
    """Everything, then by tier, by billing model and by both."""

    def terms(sale: Earned) -> Contract:
        return on_day(contracts[sale.contract], (sale.month + 1).first - timedelta(days=1))

    def tier(sale: Earned) -> str:
        return str(terms(sale).tier)

    yield sales
    yield from sales.by("tier", tier)
    for part in sales.by("billing_model", lambda sale: terms(sale).model):
        yield part
        yield from part.by("tier", tier)
