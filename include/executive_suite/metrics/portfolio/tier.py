"""Revenue recognised on client contracts, by tier and billing model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.accounting.obligations import COLUMNS as SCHEDULE
from executive_suite.metrics.accounting.obligations import Earned, earned
from executive_suite.metrics.cut import for_group_too, months_between
from executive_suite.metrics.frames import any_assumed
from executive_suite.metrics.portfolio.contracts import COLUMNS
from executive_suite.metrics.registry import metric
from executive_suite.period import Month, complete_months, last_complete_month
from executive_suite.schema.typed import records

YEAR = 12
NOT_STATED = "none stated"

REVENUE_BY_TIER = Definition(
    "revenue_by_tier",
    "Revenue by client tier",
    "cents",
    "Revenue recognised on the performance obligations of client contracts, by the tier and the billing model that "
    "the contract had in the month of service. At the report date: the latest twelve complete months. "
    "Contracts without an obligation in the schedule recognise nothing here.",
    "ASC 606-10-50-5 (disaggregation), 606-10-25-27 to 31",
    "higher",
)


@metric(REVENUE_BY_TIER, needs={"rev_schedule": SCHEDULE, "client_contract": COLUMNS})
def revenue_by_tier(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    reason = "table rev_schedule has no obligation of a client contract"
    return for_group_too(context, _facts(context), ("revenue_by_tier",), reason)


def _facts(context: Context) -> Iterator[Fact]:
    contracts = context.tables["client_contract"].sort_values("valid_from")
    known = set(contracts["contract_id"])
    sales = [sale for sale in earned(context) if sale.contract in known]
    last = last_complete_month(context.report_date)
    if not sales:
        return
    terms: dict[str, list[_Version]] = {}
    for name, begun, tier, model in records(contracts, "contract_id", "valid_from", "tier", "billing_model"):
        terms.setdefault(str(name), []).append((Month.of(begun), _stated(tier), _stated(model)))
    assumed = any_assumed(contracts)
    year = set(complete_months(context.report_date, YEAR))
    for entity_id in (*sorted({sale.entity_id for sale in sales} - {GROUP}), GROUP):
        own = [sale for sale in sales if entity_id in (GROUP, sale.entity_id)]
        windows: list[tuple[str, list[Earned]]] = [
            (str(month), [sale for sale in own if sale.month == month])
            for month in months_between(min(sale.month for sale in own).first, last)
        ]
        windows.append(("", [sale for sale in own if sale.month in year]))
        for period, inside in windows:
            for dimensions, cents, rows in _cuts(inside, terms):
                yield context.fact(
                    "revenue_by_tier",
                    Measure(cents),
                    entity_id=entity_id,
                    period=period,
                    inputs={"client_contract": len(contracts), "rev_schedule": rows},
                    assumed=assumed,
                    **dimensions,
                )


_Version = tuple[Month, str, str]
"""The month in which a version of a contract begins, its tier and its billing model."""


def _cuts(sales: list[Earned], terms: dict[str, list[_Version]]) -> Iterator[tuple[dict[str, str], int, int]]:
    """Everything, then by tier, by billing model and by both."""
    yield {}, sum(sale.cents for sale in sales), len(sales)
    sums: dict[tuple[tuple[str, str], ...], tuple[int, int]] = {}
    cut: tuple[tuple[str, str], ...]
    for sale in sales:
        tier, model = _terms(terms[sale.contract], sale.month)
        both = (("billing_model", model), ("tier", tier))
        for cut in (both[1:], both[:1], both):
            cents, rows = sums.get(cut, (0, 0))
            sums[cut] = (cents + sale.cents, rows + 1)
    for cut, (cents, rows) in sorted(sums.items()):
        yield dict(cut), cents, rows


def _terms(versions: list[_Version], month: Month) -> tuple[str, str]:
    """Tier and billing model of a contract in a month: of the version in force at its end, or of the first."""
    _, tier, model = ([one for one in versions if one[0] <= month] or versions[:1])[-1]
    return tier, model


def _stated(word: object) -> str:
    return NOT_STATED if pd.isna(word) else str(word)  # type: ignore[call-overload]
