"""The CFO's report: cash and runway, burn, break-even, targets, capital allocation, control rules, and the budget."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.cash_path import WEEKS
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import cash_picture, frame, news, phrases, runway, story
from executive_suite.reports.cash_kpis import mean_burn, past_runway
from executive_suite.reports.cfo import break_even, budget, burn, capital, cash, controls, levers, targets, weeks
from executive_suite.reports.cfo.break_even import counted_units, unit_of_sale
from executive_suite.reports.cfo.decisions import asked
from executive_suite.reports.kpis import kpi, monthly
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_CHANGES = ("cash_runway_months", "cash_forecast_low")
_LATER_CHANGES = ("gross_margin", "budget_variance", "control_rule_violations")


def view(s: Selection, base: Page) -> View:
    """The CFO's report from the figures of a run."""
    units = counted_units(s, s.fact("break_even_units"))
    net_burn = "net_burn" if runway.burns(s) else (say("Net burn (below zero: cash grows)"), s.fact("net_burn"))
    changes = ("cash_balance", net_burn, *_CHANGES, ("Break-even", units), *_LATER_CHANGES)
    page = replace(
        base,
        message=_message(s),
        picture=cash_picture.picture(s, base.report),
        kpis=_kpis(s),
        changes=frame.changes(s, *changes),
        decisions=story.decisions(s, base.report, asked(s), officer=say("CFO")),
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
        return () if s.foretold else (first,)
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
        mean_burn(s),
        past_runway(s),
        kpi(s, "break_even_units", "Break-even a month", unit=f"{name}s"),
        _sales(s),
        _income(s),
        kpi(s, "control_rule_violations"),
        replace(lowest, note=weeks.lowest_week(s) or lowest.note),
        monthly(s, "revenue", "Revenue"),
        monthly(s, "expenses", "Expenses"),
    )


def _income(s: Selection) -> Kpi:
    """Net income of the year's complete months next to its budget."""
    sums = budget.year_to_date(s, "net_income")
    if sums is None:
        return kpi(s, "operating_income", say("Operating income, {window}", window=phrases.window(s)))
    actual, planned = sums
    tone = news.against("budget_variance", actual - planned, missed="watch")
    label, against = (
        say("Net income, {year_label}", year_label=s.year_label),
        say("budget {planned}", planned=formats.money(planned)),
    )
    months = (s.fact("net_income", period=month) for month in budget.months(s))
    return Kpi(label, actual, "cents", against, tone, "budget_variance", parts=tuple(fact.fact_id for fact in months))


def _sales(s: Selection) -> Kpi:
    """Sales of the latest complete month next to their target."""
    sold, target = _latest_sales(s)
    shown = monthly(s, "unit_revenue", say("{capitalize} revenue", capitalize=unit_of_sale(s).capitalize()))
    if sold.number is None or target.number is None:
        return shown
    return replace(
        shown,
        comparison=say("target {target}", target=formats.within_period(target)),
        tone="watch" if sold.number < target.number else "fine",
        assumed=target.assumed,
        aim=target.number,
    )
