"""Hosting that costs more than it is billed: clients whose tagged cloud cost stands above their invoices."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_applicable
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.portfolio.contracts import COLUMNS, billers
from executive_suite.metrics.portfolio.practice import YEAR, cloud_by_name, sent, within
from executive_suite.metrics.registry import metric
from executive_suite.period import complete_months

METRIC = "hosting_cost_above_billed"
UNTAGGED = "no cloud cost is tagged with a contract or client"


def above(cost_cents: int, billed_cents: int) -> int:
    """By how much a cost stands above what was billed for it, cents; never below zero.

    >>> above(1_250, 1_000), above(1_250, 9_000)
    (250, 0)
    """
    return max(0, cost_cents - billed_cents)


@metric(
    Definition(
        METRIC,
        "Hosting cost above what was billed",
        "cents",
        "Cloud cost tagged with a client or one of its contracts, so far as it stands above what was invoiced to the "
        "client without tax, in the latest twelve complete months; the undivided figure is the sum over clients. n/a "
        "while no cloud cost is tagged so.",
        "Revenue leakage practice: cost to serve against billing; FinOps Framework, Allocation",
        "zero",
    ),
    needs={
        "client_contract": COLUMNS,
        "invoice": ("direction", "issued_on", "total_cents", "status", "contract_id"),
        "focus_cost": ("BilledCost", "BillingPeriodStart", "Tags"),
    },
)
def hosting_facts(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _hosting(context), (METRIC,), "table client_contract has no contract")


def _hosting(context: Context) -> Iterator[Fact]:
    contracts = context.tables["client_contract"].sort_values("valid_from").drop_duplicates("contract_id", keep="last")
    contracts = contracts.assign(entity_id=billers(context, contracts["contract_id"]))
    months = complete_months(context.report_date, YEAR)
    invoices = sent(context)
    invoices = invoices[within(invoices["issued_on"], months)]
    cloud = cloud_by_name(context, months)
    for entity_id, rows in by_entity(contracts):
        total, inputs = 0, {"client_contract": len(rows), "invoice": 0, "focus_cost": len(context.table("focus_cost"))}
        for client, part in rows.groupby("client_id", sort=True):
            bills = invoices[invoices["contract_id"].isin(part["contract_id"])]
            names = {str(client), *part["contract_id"]}
            tagged = [cents for name, cents in cloud.items() if name in names]
            inputs["invoice"] += len(bills)
            if tagged:
                cents = above(whole_cents(sum(tagged, Fraction(0))), int(bills["net_cents"].sum()))
                total += cents
                own = {"client_contract": len(part), "invoice": len(bills), "focus_cost": inputs["focus_cost"]}
                assumed = any_assumed(part)
                yield context.fact(
                    METRIC, Measure(cents), entity_id=entity_id, inputs=own, assumed=assumed, client=str(client)
                )
        whole = Measure(total) if cloud else not_applicable(UNTAGGED)
        yield context.fact(METRIC, whole, entity_id=entity_id, inputs=inputs, assumed=any_assumed(rows))
