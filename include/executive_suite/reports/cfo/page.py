"""The CFO's report: cash and runway, burn, break-even, targets, capital allocation, control rules, and the budget."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.metrics.forecast.path import WEEKS
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import frame, news, phrases, runway, story
from executive_suite.reports.cfo import break_even, budget, burn, capital, cash, controls, levers, targets, weeks
from executive_suite.reports.cfo.break_even import counted_units, unit_of_sale
from executive_suite.reports.cfo.decisions import asked
from executive_suite.reports.kpis import NOTHING_SET, kpi, past_runway
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_CHANGES = ("cash_balance", "net_burn", "cash_runway_months", "cash_forecast_low")
_LATER_CHANGES = ("gross_margin", "budget_variance", "control_rule_violations")


def view(s: Selection, base: Page) -> View:
    """The CFO's report from the figures of a run."""
    units = counted_units(s, s.fact("break_even_units"))
    changes = (*_CHANGES, ("Break-even", units), *_LATER_CHANGES)
    page = replace(
        base,
        message=_message(s),
        kpis=_kpis(s),
        changes=frame.changes(s, *changes),
        decisions=story.decisions(s, base.report, asked(s)),
    )
    return View(
        page,
        {
            "cash": cash.cash(s),
            "levers": levers.levers(s),
            "burn": burn.burn(s),
            "break_even": break_even.break_even(s),
            "targets": targets.targets(s),
            "capital": capital.capital(s),
            "controls": controls.controls(s),
            "budget": budget.budget(s),
        },
    )


def _message(s: Selection) -> tuple[str, ...]:
    """When the cash runs out; then break-even against the latest sales."""
    cash_now, units = s.fact("cash_balance"), s.fact("break_even_units")
    if cash_now.value is None:
        return (
            say(
                "Cash is {cash_now}. {figures}.",
                cash_now=phrases.of(cash_now),
                figures=phrases.capital(frame.calculated(s.figures)),
            ),
        )
    first = f"{runway.sentence(s)}."
    if units.value is None:
        return (first,)
    sold, target = _latest_sales(s)
    brought = ""
    if sold.value is not None:
        aimed = (
            say(" against a target of {target}", target=formats.within_period(target))
            if target.value is not None
            else ""
        )
        name = unit_of_sale(s)
        brought = say(
            "; {period} brought {sold} of {name} revenue{aimed}",
            period=formats.month(sold.period),
            sold=formats.of(sold),
            name=name,
            aimed=aimed,
        )
    second = say(
        "We break even at {counted_units} a month{brought}.",
        counted_units=formats.of(counted_units(s, units)),
        brought=brought,
    )
    return (second,) if s.foretold else (first, second)


def _latest_sales(s: Selection) -> tuple[Fact, Fact]:
    return s.month("unit_revenue"), s.month("revenue_target")


def _kpis(s: Selection) -> tuple[Kpi, ...]:
    name = unit_of_sale(s)
    lowest = kpi(s, "cash_forecast_low", say("Lowest cash in {weeks} weeks", weeks=formats.number(WEEKS)))
    return (
        kpi(s, "cash_balance"),
        kpi(s, "net_burn", say("Net burn, mean of {window}", window=phrases.window(s))),
        past_runway(s),
        replace(lowest, note=weeks.lowest_week(s) or lowest.note),
        kpi(s, "break_even_units", say("Break-even {name}s per month", name=name), unit=f"{name}s"),
        _sales(s),
        _income(s),
        kpi(s, "control_rule_violations"),
    )


def _income(s: Selection) -> Kpi:
    """Net income of the year's complete months next to its budget."""
    sums = budget.year_to_date(s, "net_income")
    if sums is None:
        return kpi(s, "operating_income", say("Operating income, {window}", window=phrases.window(s)))
    actual, planned = sums
    moved = formats.difference(Decimal(actual - planned), "cents")
    tone = news.against("budget_variance", actual - planned, missed="watch")
    against = say("budget {planned}, {moved}", planned=formats.money(planned), moved=moved)
    return Kpi(
        say("Net income, {year_label} to date", year_label=s.year_label),
        actual,
        "cents",
        against,
        tone,
        "budget_variance",
    )


def _sales(s: Selection) -> Kpi:
    """Sales of the latest complete month next to their target."""
    sold, target = _latest_sales(s)
    label = say(
        "{capitalize} revenue, {period}", capitalize=unit_of_sale(s).capitalize(), period=formats.month(sold.period)
    )
    shown = Kpi(label, sold.value, sold.unit, NOTHING_SET, "neutral", sold.metric_id, sold.reason, sold.assumed)
    if sold.number is None or target.number is None:
        return replace(shown, comparison=say("target {target}", target=phrases.of(target))) if target.reason else shown
    short = sold.number - target.number
    part = formats.amount(Decimal(short) / target.number, "ratio", signed=True) if target.number else "unchanged"
    return replace(
        shown,
        comparison=say("target {target}, {part}", target=formats.within_period(target), part=part),
        tone="watch" if short < 0 else "fine",
        note="",
        assumed=target.assumed,
    )
