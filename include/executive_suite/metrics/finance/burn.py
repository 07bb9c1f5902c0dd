"""Burn: what operations cost in cash, month by month, and the mean of the recent complete months."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.dataset.parameters import optional_param, param
from executive_suite.facts.fact import Fact
from executive_suite.facts.measure import Measure, not_evaluable
from executive_suite.metrics.arithmetic import mean
from executive_suite.metrics.book.amounts import stated
from executive_suite.metrics.book.book import NEEDS_ACTIVITY, MonthlySums, book
from executive_suite.metrics.book.inside import inside, inside_or_lent
from executive_suite.metrics.book.lines import require_activity
from executive_suite.metrics.book.payments import paid_out
from executive_suite.metrics.finance.window import SIZE, Window, latest
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

SHORT_WINDOW_MONTHS = 3
"""The window of the figures next to the main ones; part of their definition, not a threshold."""

SHORT = {"window_months": str(SHORT_WINDOW_MONTHS)}


@per_context
def burn(context: Context) -> Mapping[str, MonthlySums]:
    """The sums of each burn by entity and month: net, gross, and net with capital expenditure; consumption is positive.

    Cash paid counts transactions whose cash lines of one activity come to less than zero. What stays inside, between
    own accounts or for the group between its entities, is no flow (``book.inside``).
    """
    return _burns_of(context, frozenset())


@per_context
def run_rate(context: Context) -> Mapping[str, MonthlySums]:
    """As ``burn``, but the group's without the entities that have left it: what goes on."""
    leavers = frozenset(book(context).ended)
    return _burns_of(context, leavers) if leavers else burn(context)


def _burns_of(context: Context, leavers: frozenset[str]) -> Mapping[str, MonthlySums]:
    context.table("ledger", *NEEDS_ACTIVITY["ledger"], "txn_id")
    require_activity(context)
    net, cash = -_flow(context, "operating", leavers), book(context).cash_accounts
    gross = paid_out(context, cash, "operating", inside=inside(context), leavers=leavers)
    capital = paid_out(context, cash, "investing", inside=inside_or_lent(context), leavers=leavers)
    return {"net_burn": net, "gross_burn": gross, "free_cash_flow_burn": net + capital}


def _flow(context: Context, activity: str, leavers: frozenset[str] = frozenset()) -> MonthlySums:
    """Cash received less cash paid in one activity, by entity and month; of cash lines without one, if it is blank."""
    sums, kept = book(context), inside(context)
    chosen = sums.cash & sums.in_activity(activity)
    booked = sums.monthly(chosen)
    if leavers:
        booked = booked.with_group(sums.monthly(chosen & sums.going_on))
    still = kept.own.monthly(context, activity).with_group(kept.group.monthly(context, activity, leavers))
    return booked + -still


@metric("net_burn", "gross_burn", "free_cash_flow_burn", needs=NEEDS_ACTIVITY, classified="window")
def _burns(context: Context) -> Iterator[Fact]:
    for metric_id, series in burn(context).items():
        for entity in book(context).entities:
            for month in book(context).complete(entity, context):
                cell = series[entity, month]
                measure = unstated(context, entity, (month,)) or Measure(
                    cell.cents, reason=limits(context, entity, (month,))
                )
                inputs = {"ledger": cell}
                yield context.fact(metric_id, measure, inputs=inputs, entity_id=entity, period=str(month))
            yield from _means(context, metric_id, entity, run_rate(context)[metric_id])


@per_context
def _unstated(context: Context) -> MonthlySums:
    """Cash lines that state no activity, which no burn counts."""
    return _flow(context, "")


@per_context
def _stated(context: Context) -> MonthlySums:
    """Cash lines that state their activity."""
    sums = book(context)
    return sums.monthly(sums.cash & ~sums.in_activity(""))


def unstated(context: Context, entity: str, months: Sequence[Month]) -> Measure | None:
    """Why an entity has no burn of some months: in one of them cash moved, and no line states its activity."""
    silent = [m for m in months if _unstated(context)[entity, m].cents and not _stated(context)[entity, m].lines]
    return not_evaluable(f"no cash line states its activity in {silent[0]}") if silent else None


def limits(context: Context, entity: str, months: Sequence[Month]) -> str:
    """What an entity's burn of some months leaves out, and whether the ledger ends before the last, in words."""
    left_out = sum(abs(_unstated(context)[entity, month].cents) for month in months)
    words = [f"leaves out {stated(context, left_out)} of cash lines without an activity"] if left_out else []
    last = book(context).last_month
    words += [f"no posting since {last}"] if months and last and last < months[-1] else []
    return "; ".join(words)


def _means(context: Context, metric_id: str, entity: str, series: MonthlySums) -> Iterator[Fact]:
    """Mean and extremes of the window, and the mean of the short one."""
    size, short = optional_param(context, SIZE), latest(context, entity, SHORT_WINDOW_MONTHS)
    whole = Window(context, entity, missing=not_evaluable(f"param {SIZE} has no value"))
    if size is not None:
        whole = latest(context, entity, size.whole, assumed=size.assumed)
    statistics: tuple[tuple[Window, Callable[[list[int]], int | Decimal], dict[str, str]], ...] = (
        (whole, mean, {}),
        (whole, min, {"statistic": "min"}),
        (whole, max, {"statistic": "max"}),
        (short, mean, SHORT),
    )
    for months, statistic, dimensions in statistics:
        cells = months.of(series)
        measure = months.missing or unstated(context, entity, months.months)
        if measure is None:
            left_out = limits(context, entity, months.months)
            measure = Measure(statistic([cell.cents for cell in cells]), reason=left_out)
        yield months.fact(metric_id, measure, *cells, **dimensions)


@metric("burn_window", needs={"param": ("param", "value")})
def _window_size(context: Context) -> Iterator[Fact]:
    size = param(context, SIZE)
    yield context.fact("burn_window", Measure(size.whole), inputs={"param": (size,)}, assumed=size.assumed)
