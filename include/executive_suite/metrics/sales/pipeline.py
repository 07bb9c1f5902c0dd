"""The pipeline of open opportunities against what is left of the year's revenue target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, MissingInputError
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable
from executive_suite.metrics.accounting.obligations import earned
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.finance.variance import latest_budget
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import rows

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

COLUMNS = ("opp_id", "stage", "amount_cents", "probability_bp")
CLOSED = ("won", "lost")
BASIS_POINTS = 10_000


@dataclass(frozen=True, slots=True)
class Opportunity:
    """An opportunity in the stage that it had reached at the cut-off.

    Attributes:
        opp_id: Its id.
        entity_id: Who would serve it.
        stage: lead, qualified, quoted, negotiation, won or lost.
        amount_cents: Its value, unweighted.
        probability_bp: Chance of winning it, basis points.
        expected_close: None when nobody said.
    """

    opp_id: str
    entity_id: str
    stage: str
    amount_cents: int
    probability_bp: int
    expected_close: date | None

    @property
    def open(self) -> bool:
        """Neither won nor lost."""
        return self.stage not in CLOSED


def latest(context: Context) -> pd.DataFrame:
    """The last known stage of every opportunity, one row each.

    Raises:
        MissingInputError: the table or its ``stage`` is absent.
    """
    frame = context.current("opportunity", "opp_id", "stage")
    return frame.sort_values(["opp_id", "valid_from"]).drop_duplicates("opp_id", keep="last")


def opportunities(context: Context) -> tuple[Opportunity, ...]:
    """Every opportunity in its latest stage, by id."""
    return tuple(
        Opportunity(
            row.text("opp_id"),
            row.text("entity_id"),
            row.text("stage"),
            row.whole("amount_cents"),
            row.whole("probability_bp"),
            row.day("expected_close"),
        )
        for row in rows(latest(context))
    )


def weighted(deals: list[Opportunity]) -> int:
    """Sum of amount times probability, cents, rounded half up once.

    >>> weighted([Opportunity("a", "x", "lead", 100_000, 2_500, None), Opportunity("b", "x", "quoted", 1, 5_000, None)])
    25001
    """
    exact = Decimal(sum(d.amount_cents * d.probability_bp for d in deals)) / BASIS_POINTS
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))


def gap(target: int, recognised: int, weighted_cents: int) -> Measure:
    """What neither recognised revenue nor the weighted pipeline covers of a target, cents; never below zero.

    Source: sales-operations convention.

    >>> gap(500_000, 600_000, 0).value
    0
    """
    if target <= 0:
        return not_applicable("no revenue target is set")
    return Measure(max(0, target - recognised - weighted_cents))


def coverage(target: int, recognised: int, open_cents: int) -> Measure:
    """Open unweighted pipeline over what is left of a target, times.

    >>> coverage(500_000, 600_000, 0).reason
    'target already met'
    >>> coverage(500_000, 200_000, 900_000).value
    Decimal('3.00')
    """
    if target <= 0:
        return not_applicable("no revenue target is set")
    if recognised >= target:
        return not_applicable("target already met")
    return Measure(quotient(open_cents, target - recognised, CENT_HUNDREDTH))


@dataclass(frozen=True, slots=True)
class Target:
    """Revenue target and recognised revenue of the calendar year of the report date, cents.

    Attributes:
        target: Revenue accounts of the budget, latest version.
        recognised: Revenue recognised before the report date.
        inputs: Tables and the rows of them that took part.
    """

    target: int
    recognised: int
    inputs: Mapping[str, int]


def year_target(context: Context, entity_id: str = GROUP) -> Target:
    """The year's revenue target and what of it is recognised.

    Raises:
        MissingInputError: the budget, the accounts, or both the schedule of obligations and the ledger are absent.
    """
    budget = latest_budget(context)
    accounts = context.table("account", "account", "type")
    revenue = set(accounts.loc[accounts["type"] == "revenue", "account"])
    first, after = _year(context)
    budget = budget[budget["account"].isin(revenue) & (budget["month"] >= first) & (budget["month"] < after)]
    if entity_id != GROUP:
        budget = budget[budget["entity_id"] == entity_id]
    recognised, used = _recognised(context, entity_id, revenue)
    return Target(abs(int(budget["amount_cents"].sum())), recognised, {"budget": len(budget), **used})


def _year(context: Context) -> tuple[pd.Timestamp, pd.Timestamp]:
    return pd.Timestamp(context.report_date.year, 1, 1), pd.Timestamp(context.report_date.year + 1, 1, 1)


def _recognised(context: Context, entity_id: str, revenue: set[str]) -> tuple[int, dict[str, int]]:
    """Revenue of the year so far: by the schedule of obligations, of entities that have none in it by the ledger."""
    found, used = 0, {}
    scheduled: set[str] = set()
    if context.has("rev_schedule"):
        scheduled = {str(entity) for entity in context.table("rev_schedule", "entity_id")["entity_id"].dropna()}
    if scheduled:
        year = context.report_date.year
        sales = [s for s in earned(context) if s.month.year == year and entity_id in (GROUP, s.entity_id)]
        found, used = sum(s.cents for s in sales), {"rev_schedule": len(sales)}
    if (scheduled and not context.has("ledger")) or (entity_id != GROUP and entity_id in scheduled):
        return found, used
    ledger = context.table("ledger", "date", "entity_id", "account", "amount_cents")
    first, after = _year(context)
    lines = ledger[(ledger["date"] >= first) & (ledger["date"] < after) & ledger["account"].isin(revenue)]
    lines = lines[~lines["entity_id"].isin(scheduled)]
    if entity_id != GROUP:
        lines = lines[lines["entity_id"] == entity_id]
    return found - int(lines["amount_cents"].sum()), used | ({"ledger": len(lines)} if len(lines) else {})


def in_window(context: Context, deals: tuple[Opportunity, ...]) -> list[Opportunity]:
    """Open deals expected to close from the report date to the end of its calendar year."""
    first, last = context.report_date, date(context.report_date.year, 12, 31)
    return [d for d in deals if d.open and d.expected_close is not None and first <= d.expected_close <= last]


_WINDOW = "The window runs from the report date to the end of its calendar year."


@metric(
    Definition(
        "pipeline_weighted",
        "Weighted pipeline",
        "cents",
        "Sum of amount times probability of open opportunities expected to close in the window. Those whose expected "
        f"close has passed or is blank are left out and counted. An empty pipeline is 0. {_WINDOW}",
        "Sales-operations convention",
        "higher",
    ),
    needs={"opportunity": (*COLUMNS, "valid_from", "expected_close")},
)
def _weighted(context: Context) -> Iterator[Fact]:
    deals = opportunities(context)
    entities = sorted({d.entity_id for d in deals if d.entity_id} - {GROUP})
    for entity in (GROUP, *entities):
        own = tuple(d for d in deals if entity in (GROUP, d.entity_id))
        chosen = in_window(context, own)
        still_open = [d for d in own if d.open]
        stale = [d for d in still_open if d.expected_close is not None and d.expected_close < context.report_date]
        undated = [d for d in still_open if d.expected_close is None]
        parts = [f"{len(stale)} stale left out"] if stale else []
        parts += [f"{len(undated)} without expected close left out"] if undated else []
        yield context.fact(
            "pipeline_weighted",
            Measure(weighted(chosen), reason="; ".join(parts)),
            inputs={"opportunity": len(own)},
            entity_id=entity,
        )
        if entity == GROUP:
            for state, those in (("open", still_open), ("stale", stale)):
                yield context.fact(
                    "pipeline_weighted", Measure(weighted(those)), inputs={"opportunity": len(those)}, state=state
                )


@metric(
    Definition(
        "pipeline_gap",
        "Revenue pipeline gap",
        "cents",
        "The year's revenue target less revenue recognised so far less the weighted pipeline, never below 0. "
        "Target: revenue accounts of the budget, latest version. Recognised: by the schedule of obligations, of "
        f"entities without one by the ledger. {_WINDOW}",
        "Sales-operations convention",
        "zero",
    ),
    Definition(
        "pipeline_coverage",
        "Pipeline coverage",
        "x",
        "Open unweighted pipeline over what is left of the year's revenue target; three times is a rule of thumb. Not "
        f"applicable when the target is met or not set. {_WINDOW}",
        "Sales-operations convention",
        "higher",
    ),
    needs={"opportunity": (*COLUMNS, "valid_from", "expected_close")},
)
def _against_target(context: Context) -> Iterator[Fact]:
    deals = opportunities(context)
    entities = sorted(set(context.table("budget", "entity_id")["entity_id"]) - {GROUP})
    for entity in (GROUP, *entities):
        own = in_window(context, tuple(d for d in deals if entity in (GROUP, d.entity_id)))
        try:
            year = year_target(context, entity)
        except MissingInputError as missing:
            measures, inputs = (not_evaluable(str(missing)),) * 2, {"opportunity": len(own)}
        else:
            cents = sum(d.amount_cents for d in own)
            measures = (
                gap(year.target, year.recognised, weighted(own)),
                coverage(year.target, year.recognised, cents),
            )
            inputs = {"opportunity": len(own), **year.inputs}
        for metric_id, measure in zip(("pipeline_gap", "pipeline_coverage"), measures, strict=True):
            yield context.fact(metric_id, measure, inputs=inputs, entity_id=entity)
