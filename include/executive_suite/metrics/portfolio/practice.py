"""The economics of client work: what was realized, how busy people were, and what an hour earned."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from fractions import Fraction
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.parameters import param
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import not_evaluable
from executive_suite.metrics.arithmetic import per_unit, ratio
from executive_suite.metrics.cut import cut
from executive_suite.metrics.portfolio.invoices import NEEDS_INVOICE, invoices, net
from executive_suite.metrics.portfolio.work import NEEDS_WORK, billable, hours, value_of, work
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

NO_WORK = "table work_log has no complete month of work"


@metric(
    "realisation_rate", needs={**NEEDS_WORK, "work_log": (*NEEDS_WORK["work_log"], "invoice_id")}, otherwise=NO_WORK
)
def _realized(context: Context) -> Iterator[Fact]:
    for unit in cut(context, "work_log", billable(work(context))).by_entity():
        for here, _ in unit.windows(attrgetter("date")):
            billed = value_of(one for one in here.rows if one.billed)
            yield here.fact("realisation_rate", ratio(billed, value_of(here.rows), otherwise="no billable work"))


@metric("billable_utilisation", needs=NEEDS_WORK, otherwise=NO_WORK)
def _utilized(context: Context) -> Iterator[Fact]:
    for unit in cut(context, "work_log", work(context)).by_entity():
        people = sorted({one.entity_id for one in unit.rows if one.entity_id})
        for here, months in unit.windows(attrgetter("date")):
            worked = hours(billable(here.rows))
            try:
                scopes = people if unit.entity_id == GROUP and people else [unit.entity_id]
                available = ratio(worked, _available_hours(context, scopes, months), otherwise="no hours available")
            except MissingInputError as missing:
                available = not_evaluable(str(missing))
            logged = ratio(worked, hours(here.rows), otherwise="no hours logged")
            yield here.fact("billable_utilisation", available)
            yield here.fact("billable_utilisation", logged, basis="logged")


def _available_hours(context: Context, scopes: Iterable[str], months: Iterable[Month]) -> Fraction:
    """Hours that the people of these entities had in these months."""
    name = "available_hours_per_month"
    return Fraction(sum(param(context, name, scope, on=month.first).value for scope in scopes for month in months))


@metric("effective_hourly_rate", needs={**NEEDS_WORK, "invoice": NEEDS_INVOICE}, otherwise=NO_WORK)
def _hourly(context: Context) -> Iterator[Fact]:
    for unit in cut(context, "work_log", work(context)).by_entity():
        contracts = sorted({one.contract_id for one in unit.rows})
        for here, months in unit.windows(attrgetter("date")):
            parts = [(here, invoices(context, contracts, months))]
            if not here.period:
                own = here.by("contract", attrgetter("contract_id"), contracts)
                parts += [(part, invoices(context, [name], months)) for name, part in zip(contracts, own, strict=True)]
            for part, bills in parts:
                yield part.fact(
                    "effective_hourly_rate",
                    per_unit(net(bills), hours(part.rows), otherwise="no hours worked"),
                    inputs={"invoice": bills, "work_log": part},
                )
