"""Monthly and annual recurring revenue, its waterfall, retention and churn."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from itertools import pairwise
from operator import attrgetter

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import YEAR, Cut, complete_months_since, cut
from executive_suite.metrics.portfolio.contracts import COLUMNS, NO_CONTRACTS, Contract, fees, standing, versions
from executive_suite.metrics.portfolio.retention import PARTS, Movements, movements
from executive_suite.metrics.registry import metric
from executive_suite.period import year_before

BASIS = "mrr_movement_basis"
CONVENTIONS = ("month to month: each client at the start against the end", "within the month: each change on its day")
"""How movements are counted, by the value of the parameter; without it the first."""


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
    def unstated(self) -> frozenset[str]:
        """Clients with an active contract that recurs and states no fee."""
        return frozenset(one.client_id for one in self.active if one.recurring is None)

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
        return noted if noted.value is None else replace(noted, value=int(str(noted.value)) * times)


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
    basis = optional_param(context, BASIS)
    for unit in cut(context, "client_contract", contracts).by_entity():
        register = _Register(unit.rows, _since(unit.rows), daily=basis is not None and basis.whole == 1)
        left = ends(context).get(unit.entity_id, date.max)
        for span in spans(context):
            if span.end <= left:
                rows = register.on(span.start).contracts + register.on(span.end).contracts
                here = Cut(context, unit.table, rows, unit.entity_id, span.period)
                yield from _measured(here, register, span, assumed=basis is not None and basis.assumed)
        now = Cut(context, unit.table, register.on(context.report_date).active, unit.entity_id)
        for dimension, column in (("tier", "tier"), ("client", "client_id"), ("contract", "contract_id")):
            for part in now.by(dimension, attrgetter(column)):
                yield part.fact("mrr", State(part.rows).total())


def _since(contracts: Sequence[Contract]) -> Mapping[str, date]:
    """When each client first paid a recurring fee: a client who returns later is not new."""
    paid = [(one.client_id, max(one.valid_from, one.begins)) for one in contracts if (one.recurring or 0) > 0]
    return dict(sorted(paid, key=lambda one: one[1], reverse=True))


class _Register:
    """The contracts of one entity, or of the group, with the state of each day that was asked for."""

    def __init__(self, contracts: Sequence[Contract], since: Mapping[str, date], *, daily: bool) -> None:
        self.contracts, self.since, self.daily = contracts, since, daily
        self._states: dict[date, State] = {}

    def on(self, day: date) -> State:
        """The state on a day."""
        if day not in self._states:
            self._states[day] = State(standing(self.contracts, day))
        return self._states[day]

    def kept(self, span: _Span) -> State:
        """The state at the start of a span without the contracts of entities that left in it: no client left them."""
        contracts = self.on(span.start).contracts
        return State(tuple(one for one in contracts if one.left is None or one.left >= span.end))

    def moved(self, span: _Span) -> Movements:
        """The movements of a span by the state at its two ends."""
        before, after = self.kept(span), self.on(span.end)
        known = {client for client, day in self.since.items() if day < span.start}
        return movements(before.recurring, after.recurring, known=known, paused=after.paused, unstated=after.unstated)

    def waterfall(self, span: _Span) -> Movements:
        """The movements of a span as the group counts them: by its two ends, or change by change."""
        if not self.daily:
            return self.moved(span)
        held = [one for one in self.contracts if one.left is None or one.left >= span.end]
        after_last = (one.get("valid_to") + timedelta(days=1) for one in held if one.get("valid_to") is not None)
        changes = {*(one.valid_from for one in held), *(one.begins for one in held), *after_last, span.end}
        days = [span.start, *sorted(day for day in changes if span.start < day <= span.end)]
        own = _Register(held, self.since, daily=False)
        # Who paid on the day before a change is known by then.
        parts = [own.moved(_Span(one, other)) for one, other in pairwise(days)]
        return sum(parts[1:], parts[0])


def _measured(here: Cut, register: _Register, span: _Span, *, assumed: bool) -> Iterator[Fact]:
    before, after, moved = register.kept(span), register.on(span.end), register.moved(span)
    lost = before.clients - after.clients - after.paused
    lapsed = (before.recurring.keys() & after.unstated) - after.recurring.keys()
    kept = None
    if lapsed:
        kept = not_evaluable(f"clients of the start whose monthly fee is no longer stated: {len(lapsed)}")
    yield here.fact("mrr", after.total())
    yield here.fact("arr", after.total(YEAR))
    yield here.fact("nrr", kept or moved.net_retention())
    yield here.fact("grr", kept or moved.gross_retention())
    yield here.fact("revenue_churn", kept or moved.revenue_churn())
    yield here.fact("logo_churn", ratio(len(lost), len(before.clients), otherwise="no clients at the start"))
    counted, convention = register.waterfall(span), CONVENTIONS[register.daily]
    sold = sum(register.on(span.start).recurring.values()) - sum(before.recurring.values())
    for part, cents in (*((part, getattr(counted, part)) for part in PARTS), *((("disposal", sold),) if sold else ())):
        any_assumed = assumed or any(one.assumed for one in here.rows)
        yield here.fact("mrr", Measure(cents, reason=convention), assumed=any_assumed, movement=part)
