"""Monthly and annual recurring revenue, its waterfall, retention and churn."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed, by_entity, complete_months_since
from executive_suite.metrics.portfolio.contracts import COLUMNS, active, standings, versions
from executive_suite.metrics.portfolio.retention import Movements, movements
from executive_suite.metrics.registry import metric

NO_CONTRACTS = "table client_contract has no contract in force by the report date"
SMSB = "SaaS Metrics Standards Board"
WINDOW = "Per complete month; undivided at the report date over the twelve months before it."

MRR = Definition(
    "mrr",
    "Monthly recurring revenue (MRR)",
    "cents",
    "Sum of the monthly fees of active contracts that recur; projects and hourly work are not in it, paused contracts "
    "neither. With its waterfall: new, reactivation, expansion, contraction, paused, churn. Contracts that state no "
    "fee are counted in the note.",
    SMSB,
    "higher",
)
ARR = Definition("arr", "Annual recurring revenue (ARR)", "cents", "Twelve times MRR.", SMSB, "higher")
NRR = Definition(
    "nrr",
    "Net revenue retention (NRR)",
    "ratio",
    "(Start + expansion - contraction - churn) / start, over the clients of the start; new clients and those who came "
    f"back are out, a pause counts as contraction. {WINDOW} Start 0: n/a.",
    SMSB,
    "higher",
)
GRR = Definition(
    "grr",
    "Gross revenue retention (GRR)",
    "ratio",
    f"(Start - contraction - churn) / start, over the clients of the start; at most 1. {WINDOW} Start 0: n/a.",
    SMSB,
    "higher",
)
LOGO_CHURN = Definition(
    "logo_churn",
    "Logo churn",
    "ratio",
    f"Clients lost / clients at the start; one who only paused is not lost. {WINDOW} No clients at the start: n/a.",
    SMSB,
    "lower",
)
REVENUE_CHURN = Definition(
    "revenue_churn",
    "Revenue churn",
    "ratio",
    f"Recurring revenue of the clients lost / recurring revenue at the start. {WINDOW} Start 0: n/a.",
    SMSB,
    "lower",
)
NEEDS = {"client_contract": COLUMNS}


@dataclass(frozen=True, slots=True)
class _Span:
    """A month, or the twelve months before the report date: from the state on ``start`` to the state on ``end``."""

    start: date
    end: date
    period: str


def spans(context: Context) -> Iterator[_Span]:
    """Every complete month since the first contract, then the year before the report date."""
    for month in complete_months_since(context, context.tables["client_contract"]["valid_from"]):
        yield _Span(month.first - timedelta(days=1), (month + 1).first - timedelta(days=1), str(month))
    today = context.report_date
    last_year = calendar.monthrange(today.year - 1, today.month)[1]
    yield _Span(date(today.year - 1, today.month, min(today.day, last_year)), today, "")


@dataclass(frozen=True, slots=True)
class State:
    """The contracts of one entity on a day.

    Attributes:
        recurring: Recurring cents by client, those above zero.
        clients: Clients with an active contract.
        paused: Clients with a paused contract and no active one.
        active: Number of active contracts.
        unsaid: Active contracts that state no monthly fee.
        contracts: Number of contracts in any status.
        assumed: Whether one of them is marked ``assumed``.
    """

    recurring: Mapping[str, int]
    clients: frozenset[str]
    paused: frozenset[str]
    active: int
    unsaid: int
    contracts: int
    assumed: bool

    @classmethod
    def of(cls, rows: pd.DataFrame) -> State:
        """The state of the contracts that ``standing`` gives."""
        recurring: dict[str, int] = {}
        clients, paused, running, unsaid = set(), set(), 0, 0
        columns = (rows[name].tolist() for name in ("client_id", "status", "recurring_cents"))
        for client, status, cents in zip(*columns, strict=True):
            if status == "paused":
                paused.add(client)
            if status != "active":
                continue
            clients.add(client)
            running += 1
            if pd.isna(cents):
                unsaid += 1
            elif cents > 0:
                recurring[client] = recurring.get(client, 0) + int(cents)
        marked = any_assumed(rows)
        return cls(recurring, frozenset(clients), frozenset(paused - clients), running, unsaid, len(rows), marked)

    def total(self, times: int = 1) -> Measure:
        """Recurring cents of the active contracts; what they do not state is said."""
        if self.unsaid and self.unsaid == self.active:
            why = f"none of {self.unsaid} active contracts states a monthly fee (client_contract.mrr_cents)"
            return not_evaluable(why, self._unstated)
        verb = "states" if self.unsaid == 1 else "state"
        said = f"{self.unsaid} of {self.active} active contracts {verb} no monthly fee" if self.unsaid else ""
        return Measure(sum(self.recurring.values()) * times, reason=said, qualifier=self._unstated)

    @property
    def _unstated(self) -> Qualifier | None:
        return Qualifier(Why.INPUT_BLANK, self.unsaid, self.active) if self.unsaid else None


def _of(rows: pd.DataFrame, entity_id: str) -> pd.DataFrame:
    return rows if entity_id == GROUP else rows[rows["entity_id"] == entity_id]


@metric(MRR, ARR, NRR, GRR, REVENUE_CHURN, LOGO_CHURN, needs=NEEDS)
def recurring_revenue(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("mrr", "arr", "nrr", "grr", "revenue_churn", "logo_churn")
    return for_group_too(context, _facts(context), ids, NO_CONTRACTS)


def _facts(context: Context) -> Iterator[Fact]:
    contracts = versions(context)
    if contracts.empty or (contracts["start_on"] > pd.Timestamp(context.report_date)).all():
        return
    periods = tuple(spans(context))
    stood = standings(context, [day for span in periods for day in (span.start, span.end)])
    earned = contracts[contracts["recurring_cents"].fillna(0) > 0]
    # When each client first paid a recurring fee: one who comes again later is not new.
    since = {str(client): day.date() for client, day in earned.groupby("client_id")["valid_from"].min().items()}
    for entity_id, _ in by_entity(contracts):
        states = {day: State.of(_of(rows, entity_id)) for day, rows in stood.items()}
        for span in periods:
            before, after = states[span.start], states[span.end]
            known = {client for client, day in since.items() if day < span.start}
            moved = movements(before.recurring, after.recurring, known=known, paused=after.paused)
            for metric_id, measure, dimensions in _measures(before, after, moved):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=span.period,
                    inputs={"client_contract": before.contracts + after.contracts},
                    assumed=before.assumed or after.assumed,
                    **dimensions,
                )
        now = active(_of(stood[context.report_date], entity_id))
        for by in ("tier", "client_id", "contract_id"):
            for name, part in now.groupby(by, sort=True):
                own = State.of(part)
                yield context.fact(
                    "mrr",
                    own.total(),
                    entity_id=entity_id,
                    inputs={"client_contract": own.contracts},
                    assumed=own.assumed,
                    **{by.removesuffix("_id"): str(name)},
                )


def _measures(before: State, after: State, moved: Movements) -> Iterator[tuple[str, Measure, dict[str, str]]]:
    lost = before.clients - after.clients - after.paused
    yield "mrr", after.total(), {}
    yield "arr", after.total(12), {}
    yield "nrr", moved.net_retention(), {}
    yield "grr", moved.gross_retention(), {}
    yield "revenue_churn", moved.revenue_churn(), {}
    yield "logo_churn", ratio(len(lost), len(before.clients), otherwise="no clients at the start"), {}
    for part in ("new", "reactivation", "expansion", "contraction", "paused", "churn"):
        yield "mrr", Measure(getattr(moved, part)), {"movement": part}
