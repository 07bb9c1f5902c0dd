"""Business units as management sees them: revenue, direct cost, contribution, and what changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.measure import Measure, not_applicable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import ACCOUNT_COLUMNS, NEEDS, Sum, book
from executive_suite.metrics.cut import grouped
from executive_suite.metrics.finance.variance import budget_rows
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rows import entity_names
from executive_suite.period import Month, last_complete_month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


@dataclass(frozen=True, slots=True)
class Segment:
    """One business unit in one month, cents."""

    entity_id: str
    month: Month
    revenue: Sum
    direct_cost: Sum

    @property
    def contribution_cents(self) -> int:
        """Revenue less direct cost."""
        return self.revenue.cents - self.direct_cost.cents


def segments(context: Context) -> tuple[Segment, ...]:
    """Every entity and the group, by complete month since its first posting.

    Returns:
        The group's own postings are shared cost: they belong to no segment, and to the group's totals.

    Raises:
        MissingInputError: ledger, account or a column of them is absent.
    """
    sums = book(context)
    revenue, cost = sums.monthly(sums.of_type("revenue")), sums.monthly(sums.of_type("expense"))
    between = _intercompany(context)
    found = []
    for entity in sums.entities:
        for month in sums.complete(entity, context):
            key = (entity, month)
            takings, costs = -revenue.get(key, Sum()), cost.get(key, Sum())
            if entity == GROUP:
                takings += between.get(("revenue", month), Sum())
                costs += between.get(("expense", month), Sum())
            found.append(Segment(entity, month, takings, costs))
    return tuple(found)


def _intercompany(context: Context) -> dict[tuple[str, Month], Sum]:
    """What one entity charged another, by type and month, with the sign that takes it out of the group's totals."""
    ledger = context.table("ledger")
    if "counterparty_id" not in ledger.columns or not context.has("entity"):
        return {}
    own = ledger["counterparty_id"].isin(context.table("entity", "entity_id")["entity_id"])
    if not own.any():
        return {}
    lines = ledger.loc[own, ["date", "account", "amount_cents"]]
    accounts = context.table("account", *ACCOUNT_COLUMNS).drop_duplicates("account").set_index("account")["type"]
    lines = lines.assign(type=lines["account"].map(accounts), month=lines["date"].dt.strftime("%Y-%m"))
    found = {}
    for (kind, label), those in lines.groupby(["type", "month"], observed=True):
        sign = 1 if kind == "revenue" else -1
        month = Month(int(str(label)[:4]), int(str(label)[5:]))
        found[str(kind), month] = Sum(sign * int(those["amount_cents"].sum()), 0)
    return found


_SOURCE = "ASC 280 (management approach; mandatory for public companies only)"


@metric(
    Definition(
        "segment_revenue",
        "Segment revenue",
        "cents",
        "Revenue accounts of the entity in a complete month; in the group's figure charges between entities are taken "
        "out.",
        _SOURCE,
        "higher",
    ),
    Definition(
        "segment_direct_cost",
        "Segment direct cost",
        "cents",
        "Expense accounts of the entity in a complete month. Cost posted to the group itself is shared: it is shown "
        "unallocated and belongs to no segment.",
        _SOURCE,
        "lower",
    ),
    Definition(
        "segment_contribution",
        "Segment contribution",
        "cents",
        "Segment revenue less segment direct cost in a complete month. The group's figure is after shared cost.",
        _SOURCE,
        "higher",
    ),
    needs=NEEDS,
)
def _segments(context: Context) -> Iterator[Fact]:
    for segment in segments(context):
        for metric_id, cents, lines in (
            ("segment_revenue", segment.revenue.cents, segment.revenue.lines),
            ("segment_direct_cost", segment.direct_cost.cents, segment.direct_cost.lines),
            ("segment_contribution", segment.contribution_cents, segment.revenue.lines + segment.direct_cost.lines),
        ):
            yield context.fact(
                metric_id,
                Measure(cents),
                inputs={"ledger": lines},
                entity_id=segment.entity_id,
                period=str(segment.month),
            )
    yield from _shared(context)


def _shared(context: Context) -> Iterator[Fact]:
    """Cost posted to the group itself, by complete month."""
    sums = book(context)
    own = (sums.cells["entity_id"] == GROUP) & sums.of_type("expense")
    posted = sums.cells[own].groupby("month")[["cents", "lines"]].sum()
    last = last_complete_month(context.report_date)
    for index, row in posted.iterrows():
        month = Month(1970, 1) + int(str(index))
        if month <= last:
            yield context.fact(
                "segment_direct_cost",
                Measure(int(row["cents"])),
                inputs={"ledger": int(row["lines"])},
                period=str(month),
                part="shared",
            )


def relative_change(now: int, before: int) -> Measure:
    """Change over the prior value's size; not applicable when the prior value is zero.

    >>> relative_change(150, 100).value, relative_change(5, 0).reason
    (Decimal('0.5000000000'), 'the prior value is 0: only the change in money is shown')
    """
    return ratio(now - before, abs(before), "the prior value is 0: only the change in money is shown")


_CHANGE_SOURCE = "Management reporting practice (IBCS: actual against prior period and plan)"


@metric(
    Definition(
        "metric_change",
        "Change against the month before and the budget",
        "cents",
        "Value of the last complete month less the value of the month before, or less the budget, of revenue, direct "
        "cost and contribution by segment. The undivided figure is the change of the group's contribution; its reason "
        "names the driver.",
        _CHANGE_SOURCE,
        "higher",
    ),
    Definition(
        "metric_change_ratio",
        "Relative change against the month before and the budget",
        "ratio",
        "The change over the size of the value it is compared with; n/a when that is 0.",
        _CHANGE_SOURCE,
        "higher",
    ),
    needs=NEEDS,
)
def _changes(context: Context) -> Iterator[Fact]:
    last = last_complete_month(context.report_date)
    table = {(s.entity_id, s.month): s for s in segments(context)}
    driver: tuple[int, str] = (0, "")
    group_change: Measure = not_applicable("no complete month before the last one")
    entities = [GROUP, *sorted({entity for entity, _ in table} - {GROUP})]
    for entity in entities:
        now, before = table.get((entity, last)), table.get((entity, last + -1))
        if now is None or before is None:
            continue
        lines = now.revenue.lines + now.direct_cost.lines + before.revenue.lines + before.direct_cost.lines
        for name, value, prior in (
            ("segment_revenue", now.revenue.cents, before.revenue.cents),
            ("segment_direct_cost", now.direct_cost.cents, before.direct_cost.cents),
            ("segment_contribution", now.contribution_cents, before.contribution_cents),
        ):
            yield from _Comparison(entity, name, "prior_month", value, prior, {"ledger": lines}).facts(context)
        change = now.contribution_cents - before.contribution_cents
        if entity == GROUP:
            group_change = Measure(change)
        elif abs(change) > abs(driver[0]):
            driver = (change, entity)
    if driver[1] and group_change.value is not None:
        sign = "+" if driver[0] > 0 else "\u2212"
        name = entity_names(context).get(driver[1], driver[1])
        reason = f"largest driver: {name} {sign}{abs(driver[0]) // 100:,} {reporting_currency(context.tables)}"
        group_change = qualified(
            group_change, reason, Qualifier(Why.LARGEST_DRIVER, count=driver[0], subject=driver[1])
        )
    yield context.fact("metric_change", group_change, inputs={"ledger": len(context.table("ledger"))}, period=str(last))
    yield from _against_budget(context, table, last)


def _against_budget(context: Context, table: dict[tuple[str, Month], Segment], last: Month) -> Iterator[Fact]:
    """Revenue of the last complete month against the budget's latest version."""
    columns = ("entity_id", "month", "account", "amount_cents", "version")
    if not context.has("budget") or not set(columns) <= set(context.table("budget").columns):
        return
    revenue = {row.account for row in context.rows("account", "account", "type") if row.type == "revenue"}
    budget = [row for row in budget_rows(context) if row.account in revenue and row.month == last.first]
    parts = grouped(budget, lambda row: row.entity_id if row.entity_id != GROUP else None)
    planned = {entity: abs(sum(row.amount_cents for row in rows)) for entity, rows in parts.items()}
    for entity, cents in ({GROUP: sum(planned.values())} | planned).items():
        segment = table.get((entity, last))
        if segment is not None and planned:
            inputs = {"ledger": segment.revenue.lines, "budget": len(budget)}
            actual = segment.revenue.cents
            yield from _Comparison(entity, "segment_revenue", "budget", actual, cents, inputs).facts(context)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A figure beside the one that it is compared with."""

    entity_id: str
    metric_id: str
    against: str
    value: int
    prior: int
    inputs: dict[str, int]

    def facts(self, context: Context) -> Iterator[Fact]:
        """The change in money and as a fraction."""
        for metric_id, measure in (
            ("metric_change", Measure(self.value - self.prior)),
            ("metric_change_ratio", relative_change(self.value, self.prior)),
        ):
            yield context.fact(
                metric_id,
                measure,
                inputs=self.inputs,
                entity_id=self.entity_id,
                period=str(last_complete_month(context.report_date)),
                metric=self.metric_id,
                against=self.against,
            )
