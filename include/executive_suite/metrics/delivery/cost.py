"""What each job cost, and what it left."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.arithmetic import exact, per_unit, ratio, whole_cents
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.delivery.jobs import COLUMNS, COMPLETED, NO_JOBS, UNDER_WAY, jobs, miles, spread
from executive_suite.metrics.frames import any_assumed, by_entity
from executive_suite.metrics.registry import metric

OVERHEAD = "delivery_overhead_cents_per_crew_day"
WAGES = ("wages", "payroll", "crew")
# More kinds of cost than this is no breakdown: then the accounts are the kinds.
MOST_KINDS = 8

NEEDS_COST: Mapping[str, tuple[str, ...]] = {
    "delivery": (*COLUMNS, "nautical_miles", "invoiced_cents"),
    "delivery_crew": ("delivery_id", "person_id", "days", "day_rate_cents"),
    "ledger": ("txn_id", "entity_id", "account", "amount_cents", "project_id"),
    "account": ("account", "type"),
}
SOURCE = "OpenStax, Principles of Accounting vol. 2, ch. 4 (job order costing)"

COST_PER_DELIVERY = Definition(
    "cost_per_delivery",
    "Cost per delivery",
    "cents",
    "Mean cost of the completed jobs: crew-days at their day rates, plus expenses in the ledger that name the job as "
    "their project (fuel, travel, provisions, insurance), plus overhead at a rate per crew-day (parameter "
    "delivery_overhead_cents_per_crew_day; none set: no overhead). Crew pay in the ledger (a wages account, or exactly "
    "the crew's days at their rates) is not counted twice. Jobs under way are work in progress, shown apart.",
    SOURCE,
    "lower",
)
COST_PER_MILE = Definition(
    "cost_per_nautical_mile",
    "Cost per nautical mile",
    "cents/nm",
    "Cost of the completed jobs / their nautical miles. No miles: n/a.",
    SOURCE,
    "lower",
)
DELIVERY_MARGIN = Definition(
    "delivery_margin",
    "Delivery margin",
    "ratio",
    "(Invoiced - cost) / invoiced, over the completed jobs, and per job. Nothing invoiced: n/a.",
    SOURCE,
    "higher",
)


@dataclass(frozen=True, slots=True)
class JobCost:
    """What one job cost, cents.

    Attributes:
        crew: Crew-days at their rates.
        others: Expenses of the ledger by kind.
        overhead: Applied overhead; None when no rate is set.
        lines: Ledger lines behind it.
    """

    crew: int
    others: Mapping[str, int]
    overhead: int | None
    lines: int

    @property
    def total(self) -> int:
        """All of it."""
        return self.crew + sum(self.others.values()) + (self.overhead or 0)


def job_margin(invoiced: int, cost: int) -> Measure:
    """Margin of one job or of many.

    >>> job_margin(1_000_000, 750_000).value
    Decimal('0.2500000000')
    """
    return ratio(invoiced - cost, invoiced, otherwise="nothing invoiced")


def costs(context: Context, register: pd.DataFrame) -> dict[str, JobCost]:
    """What each job of the register cost so far."""
    crew = context.table("delivery_crew", *NEEDS_COST["delivery_crew"])
    pay: dict[str, Fraction] = {}
    days: dict[str, Fraction] = {}
    for job, number, rate in zip(crew["delivery_id"], crew["days"], crew["day_rate_cents"], strict=True):
        pay[job] = pay.get(job, Fraction(0)) + exact(number) * int(rate)
        days[job] = days.get(job, Fraction(0)) + exact(number)
    try:
        rate_of_overhead = Fraction(param(context, OVERHEAD).value)
    except MissingInputError:
        rate_of_overhead = None
    lines = _expenses(context, register["delivery_id"])
    found = {}
    posted = dict(iter(lines[["project_id", "txn_id", "amount_cents", "kind", "wages"]].groupby("project_id")))
    none = lines[:0]
    for job in register["delivery_id"]:
        own = posted.get(job, none)
        earned = whole_cents(pay.get(job, Fraction(0)))
        others = own[~own["wages"]]
        booked = others.groupby("txn_id")["amount_cents"].transform("sum")
        # Pay that was booked as one transaction of exactly the crew's earnings: those days are counted already.
        same = booked == earned
        if earned and same.any():
            others = others[others["txn_id"] != others.loc[same, "txn_id"].iloc[0]]
        kinds = others.groupby("kind", sort=True)["amount_cents"].sum()
        found[str(job)] = JobCost(
            crew=earned,
            others={str(kind): int(cents) for kind, cents in kinds.items()},
            overhead=None if rate_of_overhead is None else whole_cents(days.get(job, Fraction(0)) * rate_of_overhead),
            lines=len(own),
        )
    return found


def _expenses(context: Context, job_ids: pd.Series) -> pd.DataFrame:
    """Expense lines of these jobs with their ``kind`` and whether they are on a ``wages`` account."""
    ledger = context.table("ledger", *NEEDS_COST["ledger"])
    accounts = context.table("account", *NEEDS_COST["account"])
    accounts = accounts[accounts["type"] == "expense"]
    lines = ledger[ledger["project_id"].isin(job_ids) & ledger["account"].isin(accounts["account"])]
    names = dict(zip(accounts["account"], accounts["name"], strict=True)) if "name" in accounts.columns else {}
    subtypes = dict(zip(accounts["account"], accounts["subtype"], strict=True)) if "subtype" in accounts.columns else {}
    account = lines["account"].astype("str")
    kind = account.map(names).astype("str").fillna(account)
    if "memo" in lines.columns and 0 < lines["memo"].nunique() <= MOST_KINDS:
        kind = lines["memo"].astype("str").fillna(kind)
    wages = account.map(subtypes).astype("str").str.lower().isin(WAGES)
    return lines.assign(kind=kind, wages=wages)


@metric(COST_PER_DELIVERY, COST_PER_MILE, DELIVERY_MARGIN, needs=NEEDS_COST)
def job_costs(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("cost_per_delivery", "cost_per_nautical_mile", "delivery_margin")
    return for_group_too(context, _facts(context), ids, NO_JOBS)


def _facts(context: Context) -> Iterator[Fact]:
    register = jobs(context)
    spent = costs(context, register)
    for entity_id, rows in by_entity(register):
        done = rows[rows["state"] == COMPLETED]
        cuts = [(dimensions, part) for dimensions, part in spread(context, done)]
        cuts += [({"delivery": str(job)}, part) for job, part in done.groupby("delivery_id", sort=True)]
        under_way = rows[rows["state"] == UNDER_WAY]
        for dimensions, part in cuts:
            for metric_id, measure, more in _measures(part, spent, alone="delivery" in dimensions):
                yield _fact(context, metric_id, measure, entity_id, (part, spent), {**dimensions, **more})
        begun = sum(spent[job].total for job in under_way["delivery_id"])
        yield _fact(
            context, "cost_per_delivery", Measure(begun), entity_id, (under_way, spent), {"state": "work_in_progress"}
        )


def _fact(  # noqa: PLR0913 - each is part of one fact
    context: Context,
    metric_id: str,
    measure: Measure,
    entity_id: str,
    basis: tuple[pd.DataFrame, Mapping[str, JobCost]],
    dimensions: Mapping[str, str],
) -> Fact:
    rows, spent = basis
    lines = sum(spent[job].lines for job in rows["delivery_id"])
    return context.fact(
        metric_id,
        measure,
        entity_id=entity_id,
        inputs={"delivery": len(rows), "ledger": lines},
        assumed=any_assumed(rows),
        **dimensions,
    )


def _measures(
    rows: pd.DataFrame, spent: Mapping[str, JobCost], *, alone: bool
) -> Iterator[tuple[str, Measure, dict[str, str]]]:
    own = [spent[job] for job in rows["delivery_id"]]
    total = sum(cost.total for cost in own)
    none = "no job completed"
    yield "cost_per_delivery", per_unit(total, len(own), otherwise=none), {}
    if rows["nautical_miles"].isna().any():
        yield "cost_per_nautical_mile", not_evaluable("a completed job has no nautical miles"), {}
    else:
        yield "cost_per_nautical_mile", per_unit(total, miles(rows), otherwise="no nautical miles"), {}
    margin = job_margin(int(rows["invoiced_cents"].sum()), total)
    yield "delivery_margin", margin if own else not_applicable(none), {}
    if not alone:
        parts = {"crew": sum(cost.crew for cost in own)}
        if any(cost.overhead is None for cost in own):
            yield (
                "cost_per_delivery",
                not_applicable(f"no overhead rate is set (param {OVERHEAD})"),
                {"component": "overhead"},
            )
        else:
            parts["overhead"] = sum(cost.overhead or 0 for cost in own)
        for cost in own:
            for kind, cents in cost.others.items():
                parts[kind] = parts.get(kind, 0) + cents
        for kind, cents in parts.items():
            yield "cost_per_delivery", per_unit(cents, len(own), otherwise=none), {"component": kind}
