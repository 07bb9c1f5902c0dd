"""Work that is not billed yet, and contracts without an invoice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact, Qualifier, Why
from executive_suite.facts.measure import Measure
from executive_suite.metrics.arithmetic import whole_cents
from executive_suite.metrics.cut import complete_months_since, cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, active_on, versions
from executive_suite.metrics.portfolio.invoices import sent
from executive_suite.metrics.portfolio.work import MINUTES, NEEDS_WORK, Work, billable, value_of, work
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

AGES = {"0-30": 30, "31-60": 60, "61-90": 90}
OLDEST = "91+"


@metric(
    "unbilled_revenue",
    needs={**NEEDS_WORK, "work_log": (*NEEDS_WORK["work_log"], "invoice_id")},
    otherwise="table work_log has no billable work",
)
def _unbilled(context: Context) -> Iterator[Fact]:
    # What an entity had not billed when it was sold or closed left the group with it.
    done = [one for one in billable(work(context)) if one.entity_id not in ends(context)]
    unbilled = _unbilled_cents(context, done)
    for unit in cut(context, "work_log", done).by_entity():
        gap = unit.where(lambda one: not one.early)
        for part in (
            gap,
            *gap.by("age_days", lambda one: _age((context.report_date - one.date).days), (*AGES, OLDEST)),
            *gap.by("contract", attrgetter("contract_id")),
            *gap.by("billing_model", attrgetter("model")),
        ):
            total = sum((unbilled[one.work_id] for one in part.rows), Fraction(0))
            yield part.fact("unbilled_revenue", Measure(whole_cents(total)))
        early = unit.where(lambda one: one.early and not one.billed)
        yield early.fact("unbilled_revenue", Measure(whole_cents(value_of(early.rows))), state="before_contract_start")


def _age(days: int) -> str:
    return next((age for age, most in AGES.items() if days <= most), OLDEST)


def _unbilled_cents(context: Context, done: Iterable[Work]) -> Mapping[str, Fraction]:
    """What each row of work leaves unbilled, cents: nothing if billed or within a retainer's monthly allowance."""
    used: dict[tuple[str, Month], int] = {}
    found = {}
    for one in done:
        minutes = one.minutes
        if one.model == "retainer":
            month = one.contract_id, Month.of(one.date)
            before = used.get(month, 0)
            used[month] = before + minutes
            allowance = optional_param(context, "retainer_allowance_minutes", one.contract_id, on=one.date)
            minutes = 0 if allowance is None else max(used[month] - max(int(allowance.value), before), 0)
        found[one.work_id] = Fraction(0 if one.billed else minutes * one.rate_cents, MINUTES)
    return found


@metric(
    "contracts_uninvoiced",
    needs={
        "client_contract": COLUMNS,
        "invoice": ("invoice_id", "direction", "issued_on", "status", "contract_id"),
    },
    otherwise=NO_CONTRACTS,
)
def _uninvoiced(context: Context) -> Iterator[Fact]:
    months = complete_months_since(context, (one.valid_from for one in versions(context)))
    invoices = cut(context, "invoice", sent(context))
    for issued, month in zip(invoices.by_month(attrgetter("issued_on"), months), months, strict=True):
        billed = {row.contract_id for row in issued.rows}
        active_then = active_on(context, (month + 1).first - timedelta(days=1))
        for unit in cut(context, "client_contract", active_then).by_entity():
            without = [one for one in unit.rows if one.contract_id not in billed]
            inputs = {"client_contract": unit, "invoice": issued}
            of = Qualifier(Why.COUNTED, of=len(unit))
            count = Measure(
                len(without), reason=f"of {len(unit)} active contract{'s' * (len(unit) != 1)}", qualifier=of
            )
            here = replace(unit, period=str(month))
            yield here.fact("contracts_uninvoiced", count, inputs=inputs)
            if month == months[-1]:
                latest = replace(count, reason=f"{count.reason} in {month.first:%b %Y}")
                yield unit.fact("contracts_uninvoiced", latest, inputs=inputs)
            for one in without:
                own = replace(here, rows=(one,), dimensions={"contract": one.contract_id})
                yield own.fact("contracts_uninvoiced", Measure(1), inputs=inputs)
