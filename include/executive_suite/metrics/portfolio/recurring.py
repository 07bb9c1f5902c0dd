"""Monthly and annual recurring revenue, its waterfall, retention and churn."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from executive_suite.facts import GROUP, Fact
from executive_suite.metrics.context import Context
from executive_suite.metrics.portfolio.contracts import COLUMNS, active, standing, versions
from executive_suite.metrics.portfolio.retention import Movements, movements
from executive_suite.metrics.rates import qualified, ratio
from executive_suite.metrics.registry import Definition, Measure, metric, not_evaluable
from executive_suite.metrics.scope import any_assumed, by_entity, complete_months_since, or_said_why

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


def _by_client(rows: pd.DataFrame) -> dict[str, int]:
    """Recurring cents by client, those above zero."""
    sums = rows.groupby("client_id")["recurring_cents"].sum()
    return {str(client): int(cents) for client, cents in sums.items() if cents > 0}


def _of(rows: pd.DataFrame, entity_id: str) -> pd.DataFrame:
    return rows if entity_id == GROUP else rows[rows["entity_id"] == entity_id]


def waterfall(contracts: pd.DataFrame, before: pd.DataFrame, after: pd.DataFrame, start: date) -> Movements:
    """The movements of recurring revenue between two states of the contracts."""
    past = contracts[(contracts["valid_from"] < pd.Timestamp(start)) & (contracts["mrr_cents"].fillna(0) > 0)]
    return movements(_by_client(before), _by_client(after), known=set(past["client_id"]), paused=_paused(after))


def _paused(rows: pd.DataFrame) -> set[str]:
    return set(rows.loc[rows["status"] == "paused", "client_id"]) - set(active(rows)["client_id"])


@metric(MRR, ARR, NRR, GRR, REVENUE_CHURN, LOGO_CHURN, needs=NEEDS)
def recurring_revenue(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("mrr", "arr", "nrr", "grr", "revenue_churn", "logo_churn")
    return or_said_why(context, _facts(context), ids, NO_CONTRACTS)


def _facts(context: Context) -> Iterator[Fact]:
    contracts = versions(context)
    periods = tuple(spans(context))
    states = {day: standing(contracts, day) for span in periods for day in (span.start, span.end)}
    for entity_id, now in by_entity(states[context.report_date]):
        for span in periods:
            before, after = _of(states[span.start], entity_id), _of(states[span.end], entity_id)
            moved = waterfall(contracts, before, after, span.start)
            for metric_id, measure, dimensions in _measures(before, after, moved):
                yield context.fact(
                    metric_id,
                    measure,
                    entity_id=entity_id,
                    period=span.period,
                    inputs={"client_contract": len(before) + len(after)},
                    assumed=any_assumed(before, after),
                    **dimensions,
                )
        for by in ("tier", "client_id", "contract_id"):
            for name, part in active(now).groupby(by, sort=True):
                yield context.fact(
                    "mrr",
                    _total(part),
                    entity_id=entity_id,
                    inputs={"client_contract": len(part)},
                    assumed=any_assumed(part),
                    **{by.removesuffix("_id"): str(name)},
                )


def _measures(
    before: pd.DataFrame, after: pd.DataFrame, moved: Movements
) -> Iterator[tuple[str, Measure, dict[str, str]]]:
    had = set(active(before)["client_id"])
    lost = had - set(active(after)["client_id"]) - _paused(after)
    yield "mrr", _total(after), {}
    yield "arr", _total(after, 12), {}
    yield "nrr", moved.net_retention(), {}
    yield "grr", moved.gross_retention(), {}
    yield "revenue_churn", moved.revenue_churn(), {}
    yield "logo_churn", ratio(len(lost), len(had), otherwise="no clients at the start"), {}
    for part in ("new", "reactivation", "expansion", "contraction", "paused", "churn"):
        yield "mrr", Measure(getattr(moved, part)), {"movement": part}


def _total(rows: pd.DataFrame, times: int = 1) -> Measure:
    """Recurring cents of the active contracts; what they do not state is said."""
    contracts = active(rows)
    unsaid = int(contracts["recurring_cents"].isna().sum())
    if unsaid and unsaid == len(contracts):
        return not_evaluable(f"none of {unsaid} active contracts states a monthly fee (client_contract.mrr_cents)")
    measure = Measure(int(contracts["recurring_cents"].sum()) * times)
    return qualified(measure, f"{unsaid} of {len(contracts)} active contracts state no monthly fee" if unsaid else "")
