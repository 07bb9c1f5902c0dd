"""Client margins: invoices less direct expenses in the ledger and less the cloud cost tagged with the client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from operator import attrgetter
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.between import of_group
from executive_suite.metrics.book.book import NOTHING, Sum
from executive_suite.metrics.cut import YEAR, Cut, cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, by_contract, posted
from executive_suite.metrics.portfolio.invoices import NEEDS_INVOICE, invoices, net
from executive_suite.metrics.registry import metric
from executive_suite.metrics.technology.cloud import in_cents, tagged
from executive_suite.period import Month, complete_months

UNTAGGED = "no cloud cost is tagged with a contract or client"
NO_COST = "no expense in the ledger names the contract"
NO_CONTRACT = "table client_contract has no contract"


@per_context
def _direct_costs(context: Context) -> Mapping[str, Sum]:
    """Expenses of the latest twelve complete months by the contract that they name."""
    expenses = {row.account for row in context.rows("account", "account", "type") if row.type == "expense"}
    months = complete_months(context.report_date, YEAR)
    found: dict[str, Sum] = defaultdict(Sum)
    for (contract, month, _, account), total in posted(context).items():
        if month in months and account in expenses:
            found[contract] += total
    return found


@per_context
def _cloud_costs(context: Context) -> Mapping[str, Fraction]:
    """Cloud cost of the latest twelve complete months by the contract, else the client, that its tags name; cents."""
    if not context.has("focus_cost") or "Tags" not in context.tables["focus_cost"].columns:
        return {}
    months = set(complete_months(context.report_date, YEAR))
    found: dict[str, Fraction] = {}
    for row in context.rows("focus_cost", "BilledCost", "BillingPeriodStart"):
        name = tagged(row.Tags, "contract") or tagged(row.Tags, "client")
        if name and Month.of(row.BillingPeriodStart) in months:
            cents = in_cents(context, Decimal(row.BilledCost), row.BillingPeriodStart.date())
            found[name] = found.get(name, Fraction(0)) + cents
    return found


def _latest(context: Context) -> Cut:
    """Every contract in its latest version."""
    return cut(context, "client_contract", (contract[-1] for contract in by_contract(context).values()))


def _bills(part: Cut) -> tuple[Any, ...]:
    """The invoices of some contracts of the latest twelve complete months; for the group, those to outsiders."""
    months = complete_months(part.context.report_date, YEAR)
    bills = invoices(part.context, (one.contract_id for one in part.rows), months)
    return tuple(of_group(part.context, bills)) if part.entity_id == GROUP else bills


def _hosting(part: Cut) -> Fraction | None:
    """Cloud cost tagged with one of the contracts or its client, cents; None if there is none."""
    names = {name for one in part.rows for name in (one.contract_id, one.client_id)}
    costs = [cents for name, cents in _cloud_costs(part.context).items() if name in names]
    return sum(costs, Fraction(0)) if costs else None


@metric(
    "client_margin",
    needs={
        "client_contract": COLUMNS,
        "invoice": NEEDS_INVOICE,
        "ledger": ("date", "entity_id", "account", "amount_cents", "contract_id"),
        "account": ("account", "type"),
    },
    otherwise=NO_CONTRACT,
)
def _margins(context: Context) -> Iterator[Fact]:
    costs = _direct_costs(context)
    for unit in _latest(context).by_entity():
        for part in (unit, *unit.by("client", attrgetter("client_id"))):
            bills = _bills(part)
            direct = sum((costs[one.contract_id] for one in part.rows if one.contract_id in costs), NOTHING)
            lacking = ("" if direct.lines else NO_COST, "" if _cloud_costs(context) else UNTAGGED)
            margin = Measure(
                net(bills) - direct.cents - whole_cents(_hosting(part) or 0), reason="; ".join(filter(None, lacking))
            )
            if not bills and not direct.lines:
                margin = not_applicable("nothing invoiced and no direct cost in twelve months")
            inputs = {"client_contract": part, "invoice": bills, "ledger": direct}
            yield part.fact("client_margin", margin, inputs=inputs)


@metric(
    "hosting_cost_above_billed",
    needs={
        "client_contract": COLUMNS,
        "invoice": NEEDS_INVOICE,
        "focus_cost": ("BilledCost", "BillingPeriodStart", "Tags"),
    },
    otherwise=NO_CONTRACT,
)
def _above_billed(context: Context) -> Iterator[Fact]:
    charges = context.rows("focus_cost")
    for unit in _latest(context).by_entity():
        total = 0
        invoiced: list[Any] = []
        for part in unit.by("client", attrgetter("client_id")):
            bills, hosting = _bills(part), _hosting(part)
            invoiced += bills
            if hosting is not None:
                above = max(0, whole_cents(hosting) - net(bills))
                total += above
                inputs = {"client_contract": part, "invoice": bills, "focus_cost": charges}
                yield part.fact("hosting_cost_above_billed", Measure(above), inputs=inputs)
        whole = Measure(total) if _cloud_costs(context) else not_applicable(UNTAGGED)
        inputs = {"client_contract": unit, "invoice": invoiced, "focus_cost": charges}
        yield unit.fact("hosting_cost_above_billed", whole, inputs=inputs)
