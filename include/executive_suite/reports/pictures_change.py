"""Waterfalls: cash from one month end to another by cause, and from what is earned to the year's revenue target."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import Month, complete_months
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Chart
from executive_suite.rendering.charts import Step
from executive_suite.reports import phrases, pictures
from executive_suite.reports.absence import none, zero
from executive_suite.reports.selection import Selection, cents
from executive_suite.wording import say

_MOST_UNITS = 6
_CASH, _PAID, _NET, _MOVED = "cash_balance", "gross_burn", "net_burn", "net_cash_change"


def cash_change(s: Selection, chart_id: str = "cash-change") -> Chart:
    """Cash from the month end before the previous report to the last one: receipts, payments by unit, and all else."""
    count = _since_last(s)
    first, last = s.month(_CASH, back=count), s.month(_CASH)
    span = say("{period} to {period_2}", period=formats.month(first.period), period_2=formats.month(last.period))
    title = say("Cash from {span}, month ends, {currency}, actual", span=span, currency=formats.currency())
    if first.number is None or last.number is None:
        lacking = first if first.number is None else last
        return pictures.chart(chart_id, title, "", phrases.unless(lacking, "cash is not available by month"))
    changes = causes(s, count)
    steps = [
        Step(
            say("Cash, end of {period}", period=formats.month(first.period)),
            cents(first),
            formats.within_period(first),
            "total",
        ),
        *(Step(name, amount, formats.difference(Decimal(amount), "cents")) for name, amount, _ in changes if amount),
        Step(
            say("Cash, end of {period}", period=formats.month(last.period)),
            cents(last),
            formats.within_period(last),
            "total",
        ),
    ]
    return pictures.chart(
        chart_id,
        title,
        charts.waterfall(steps),
        ", ".join(f"{step.label} {step.text}" for step in steps),
        finding=_moved_by(cents(last) - cents(first), [amount for _, amount, _ in changes]),
        facts=[first, *(fact for _, amount, facts in changes if amount for fact in facts), last],
    )


def causes(s: Selection, count: int) -> list[tuple[str, int, Sequence[Fact]]]:
    """What moved cash in the latest ``count`` complete months, with its facts: together, exactly the change in cash.

    Receipts first, then payments by unit from the largest on, then what is neither: loans, owners' money and equipment,
    and at last what is left, as payments between units or corrections of earlier months leave it.
    """
    spans = [str(month) for month in complete_months(s.figures.report_date, count)]

    def over(metric_id: str, entity_id: str = GROUP) -> list[Fact]:
        return [s.fact(metric_id, entity_id, month) for month in spans]

    paid, net, moved = over(_PAID), over(_NET), over(_MOVED)
    units = [(s.entity(unit), -sum(map(cents, over(_PAID, unit))), over(_PAID, unit)) for unit in s.entities(_PAID)]
    units.sort(key=lambda unit: unit[1])
    shown, rest = units[:_MOST_UNITS], units[_MOST_UNITS:]
    found: list[tuple[str, int, Sequence[Fact]]] = [
        (say("Received"), sum(map(cents, paid)) - sum(map(cents, net)), [*paid, *net]),
        *((say("Paid by {name}", name=name), amount, facts) for name, amount, facts in shown),
        (
            say("Paid by other units"),
            sum(amount for _, amount, _ in rest),
            [fact for *_, facts in rest for fact in facts],
        ),
        (say("Loans, owners, equipment"), sum(map(cents, moved)) + sum(map(cents, net)), [*moved, *net]),
    ]
    change = cents(s.month(_CASH)) - cents(s.month(_CASH, back=count))
    left = change - sum(amount for _, amount, _ in found)
    return [*found, (say("Between units, corrections"), left, [])]


def _since_last(s: Selection) -> int:
    """Complete months since the previous report, at least one, at most twelve."""
    if not s.figures.previous_date:
        return 1
    since = Month.of(date.fromisoformat(s.figures.previous_date))
    return max(1, sum(month >= since for month in complete_months(s.figures.report_date, 12)))


def _moved_by(change: int, amounts: Sequence[int]) -> str:
    """By how much cash changed: receipts, payments, and what is neither, which comes last."""
    received, *paid, other, corrected = amounts
    came, paid_out = formats.money(received), formats.money(-sum(paid))
    course = (
        say(
            "Cash {value} by {change}",
            value=say("rose") if change > 0 else say("fell"),
            change=formats.money(abs(change)),
        )
        if change
        else say("Cash is as before")
    )
    rest = other + corrected
    moved = (
        say(", and {rest} is from loans, owners or equipment", rest=formats.difference(Decimal(rest), "cents"))
        if rest
        else ""
    )
    return say(
        "{course}: {came} came in, {paid_out} was paid{moved}.",
        course=course,
        came=came,
        paid_out=paid_out,
        moved=moved,
    )


def worth(s: Selection, weighted: Fact) -> str:
    """How full the pipeline is; of a pipeline that is not recorded, that."""
    if weighted.value is None or not s.recorded("opportunity"):
        return say("the pipeline is not recorded")
    if not weighted.value:
        return none("the pipeline is empty", zero(weighted))
    return say("the pipeline is worth {weighted}", weighted=formats.of(weighted))


def to_target(s: Selection, entity_id: str = GROUP, chart_id: str = "to-target") -> Chart:
    """From what is earned by the weighted pipeline to the year's revenue target, with the unsold rest outlined."""
    gap, weighted, target = (
        s.fact("pipeline_gap", entity_id),
        s.fact("pipeline_weighted", entity_id),
        year_target(s, entity_id),
    )
    whose = "" if entity_id == GROUP else f"{s.entity(entity_id)}: "
    title = say(
        "{whose}{capital} of {year_label} against its target, {currency}",
        whose=whose,
        capital=phrases.capital("revenue"),
        year_label=s.year_label,
        currency=formats.currency(),
    )
    if target is None or gap.number is None:
        return pictures.chart(chart_id, title, "", phrases.unless(gap, "no target is set"))
    pipeline = cents(weighted)
    earned = target - cents(gap) - pipeline if gap.number else _earned(s, entity_id)
    forecast = earned + pipeline
    steps = [Step(say("Earned"), earned, formats.money(earned), "total")]
    steps.append(
        Step(say("Pipeline, weighted"), pipeline, formats.difference(Decimal(pipeline), "cents"), style="forecast")
    )
    if pipeline:
        steps.append(Step(say("Forecast"), forecast, formats.money(forecast), "total", "forecast"))
    if gap.number:
        steps.append(Step(say("Unsold"), cents(gap), formats.of(gap), style="plan"))
    steps.append(
        Step(say("Target {year_label}", year_label=s.year_label), target, formats.money(target), "total", "plan")
    )
    return pictures.chart(
        chart_id,
        title,
        charts.waterfall(steps),
        ", ".join(f"{step.label} {step.text}" for step in steps),
        finding=_unsold(s, gap, target, weighted),
        facts=[gap, weighted],
    )


def year_target(s: Selection, entity_id: str) -> int | None:
    """The revenue budgeted for the fiscal year of the report, cents; None without a budget."""
    found = [
        cents(fact)
        for fact in s.every("budget_amount")
        if fact.entity_id == entity_id
        and fact.dimensions == {"line": "revenue"}
        and s.in_year(fact.period)
        and fact.number is not None
    ]
    return sum(found) if found else None


def _earned(s: Selection, entity_id: str) -> int:
    """Revenue of the complete months of the fiscal year, for a year whose target is met."""
    return sum(cents(fact) for fact in s.months("revenue", 12, entity_id) if s.in_year(fact.period))


def _unsold(s: Selection, gap: Fact, target: int, weighted: Fact) -> str:
    if not gap.number:
        return say(
            "The {year_label} target of {target} is sold.", year_label=s.year_label, target=formats.money(target)
        )
    rest = say("the pipeline adds {pipeline}", pipeline=formats.of(weighted)) if cents(weighted) else worth(s, weighted)
    return say(
        "{gap} of the {year_label} target of {target} is unsold; {rest}.",
        gap=formats.of(gap),
        year_label=s.year_label,
        target=formats.money(target),
        rest=rest,
    )
