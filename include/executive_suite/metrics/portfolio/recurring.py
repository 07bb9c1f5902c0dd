"""Monthly and annual recurring revenue, its waterfall, retention and churn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import YEAR, Cut, complete_months_since, cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, Contract, fees, standing, versions
from executive_suite.metrics.portfolio.retention import PARTS, Movements, movements
from executive_suite.metrics.registry import metric
from executive_suite.period import year_before


@dataclass(frozen=True, slots=True)
class _Span:
    """A month, or the twelve months before the report date: from the state on ``start`` to the state on ``end``."""

    start: date
    end: date
    period: str = ""


def spans(context: Context) -> Iterator[_Span]:
    """Every complete month since the first contract, then the year before the report date."""
    for month in complete_months_since(context, (one.valid_from for one in versions(context))):
        yield _Span(month.first - timedelta(days=1), (month + 1).first - timedelta(days=1), str(month))
    yield _Span(year_before(context.report_date), context.report_date)


@dataclass(frozen=True)
class State:
    """The contracts of one entity on a day, in any status."""

    contracts: tuple[Contract, ...]

    @cached_property
    def active(self) -> tuple[Contract, ...]:
        """The active contracts."""
        return tuple(one for one in self.contracts if one.status == "active")

    @cached_property
    def clients(self) -> frozenset[str]:
        """Clients with an active contract."""
        return frozenset(one.client_id for one in self.active)

    @cached_property
    def paused(self) -> frozenset[str]:
        """Clients with a paused contract and no active one."""
        return frozenset(one.client_id for one in self.contracts if one.status == "paused") - self.clients

    @cached_property
    def recurring(self) -> Mapping[str, int]:
        """Recurring cents by client, those above zero."""
        found: dict[str, int] = {}
        for one in self.active:
            if one.recurring is not None and one.recurring > 0:
                found[one.client_id] = found.get(one.client_id, 0) + one.recurring
        return found

    def total(self, times: int = 1) -> Measure:
        """Recurring cents of the active contracts, a number of times; not evaluable if none states a fee."""
        noted = fees(self.active, "active contracts")
        if self.active and all(one.recurring is None for one in self.active):
            why = f"none of {len(self.active)} active contracts states a monthly fee (client_contract.mrr_cents)"
            return not_evaluable(why, noted.qualifier)
        return Measure(sum(self.recurring.values()) * times, reason=noted.reason, qualifier=noted.qualifier)


@metric(
    "mrr",
    "arr",
    "nrr",
    "grr",
    "revenue_churn",
    "logo_churn",
    needs={"client_contract": COLUMNS},
    otherwise=NO_CONTRACTS,
)
def _facts(context: Context) -> Iterator[Fact]:
    contracts = versions(context)
    if all(one.start_on > context.report_date for one in contracts):
        return
    periods = tuple(spans(context))
    # When each client first paid a recurring fee: a client who returns later is not new.
    since = {one.client_id: one.valid_from for one in reversed(contracts) if (one.recurring or 0) > 0}
    for unit in cut(context, "client_contract", contracts).by_entity():
        days = {day for span in periods for day in (span.start, span.end)}
        states = {day: State(standing(unit.rows, day)) for day in days}
        for span in periods:
            before, after = states[span.start], states[span.end]
            known = {client for client, day in since.items() if day < span.start}
            moved = movements(before.recurring, after.recurring, known=known, paused=after.paused)
            here = Cut(context, unit.table, before.contracts + after.contracts, unit.entity_id, span.period)
            yield from _measured(here, before, after, moved)
        now = Cut(context, unit.table, states[context.report_date].active, unit.entity_id)
        for dimension, column in (("tier", "tier"), ("client", "client_id"), ("contract", "contract_id")):
            for part in now.by(dimension, attrgetter(column)):
                yield part.fact("mrr", State(part.rows).total())


def _measured(here: Cut, before: State, after: State, moved: Movements) -> Iterator[Fact]:
    lost = before.clients - after.clients - after.paused
    yield here.fact("mrr", after.total())
    yield here.fact("arr", after.total(YEAR))
    yield here.fact("nrr", moved.net_retention())
    yield here.fact("grr", moved.gross_retention())
    yield here.fact("revenue_churn", moved.revenue_churn())
    yield here.fact("logo_churn", ratio(len(lost), len(before.clients), otherwise="no clients at the start"))
    for part in PARTS:
        yield here.fact("mrr", Measure(getattr(moved, part)), movement=part)
