"""The CFO's report: cash and runway, burn, break-even, targets, where capital may go, and the control rules."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.period import last_complete_month
from executive_suite.rendering.blocks import Kpi, Page, Table, Tone
from executive_suite.reports import frame, phrases
from executive_suite.reports.cfo import break_even as cfo_break_even
from executive_suite.reports.cfo import burn as cfo_burn
from executive_suite.reports.cfo import cash as cfo_cash
from executive_suite.reports.cfo import plan
from executive_suite.reports.cfo import targets as cfo_targets
from executive_suite.reports.cfo import weeks as cfo_weeks
from executive_suite.reports.cfo.break_even import unit_of_sale, units_in_words
from executive_suite.reports.cfo.decisions import asked
from executive_suite.reports.selection import Selection

CHANGES = (
    "cash_balance",
    "net_burn",
    "cash_runway_months",
    "cash_forecast_low",
    "break_even_units",
    "gross_margin",
    "budget_variance",
    "control_rule_violations",
)


@dataclass(frozen=True, slots=True)
class CfoView:
    """What the CFO's template relies on."""

    page: Page
    cash: cfo_cash.Cash
    burn: cfo_burn.Burn
    weeks: cfo_weeks.Weeks
    break_even: cfo_break_even.BreakEven
    targets: cfo_targets.Targets
    capital: plan.Capital
    controls: plan.Controls
    budget: plan.Budget


def view(s: Selection, base: Page) -> CfoView:
    """The CFO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=_kpis(s),
        changes=_in_units(s, frame.changes(s, *CHANGES)),
        decisions=asked(s),
    )
    return CfoView(
        page=page,
        cash=cfo_cash.cash(s),
        burn=cfo_burn.burn(s),
        weeks=cfo_weeks.weeks(s),
        break_even=cfo_break_even.break_even(s),
        targets=cfo_targets.targets(s),
        capital=plan.capital(s),
        controls=plan.controls(s),
        budget=plan.budget(s),
    )


def _message(s: Selection) -> tuple[str, ...]:
    """First how long the cash lasts against the floor, then what sales cover against what they must."""
    cash, runway, floor = s.fact("cash_balance"), s.fact("cash_runway_months"), s.fact("runway_floor")
    if cash.value is None:
        return (f"Cash cannot be told: {cash.reason}. {phrases.coverage(s)}.",)
    against = f", against a floor of {formats.of(floor)}" if floor.value is not None else ""
    if runway.value is None:
        first = f"Cash of {s.text('cash_balance')} {phrases.no_runway(s)}."
    else:
        pace = f"{formats.of(runway)} at a net burn of {cfo_cash.amount(s.fact('net_burn'))} a month"
        first = f"Cash of {s.text('cash_balance')} lasts {pace}{against}."
    units = s.fact("break_even_units")
    if units.value is None:
        return (first,)
    sold, target = _latest_sales(s)
    ran = f"; {formats.month(sold.period)} brought {formats.of(sold)} of {unit_of_sale(s)} revenue"
    if target.value is not None:
        ran += f" against a target of {cfo_cash.amount(target)}"
    return (first, f"Break-even takes {units_in_words(s, units)} a month{ran if sold.value is not None else ''}.")


def _latest_sales(s: Selection) -> tuple[Fact, Fact]:
    month = str(last_complete_month(s.figures.report_date))
    return s.fact("unit_revenue", period=month), s.fact("revenue_target", period=month)


def _kpis(s: Selection) -> tuple[Kpi, ...]:
    sold, target = _latest_sales(s)
    return (
        s.kpi("cash_balance"),
        _burn(s),
        s.kpi("cash_runway_months", target=s.fact("runway_floor"), target_is="floor"),
        replace(s.kpi("cash_forecast_low", "Lowest cash in 13 weeks"), note=_low_note(s)),
        _break_even(s),
        _sales(s, sold, target),
        _income(s),
        s.kpi("control_rule_violations"),
    )


def _burn(s: Selection) -> Kpi:
    shown = s.kpi("net_burn", f"Net burn a month, mean of {phrases.window(s)}")
    return replace(shown, value=cfo_cash.amount(s.fact("net_burn")), comparison=shown.comparison.replace("/month", ""))


def _low_note(s: Selection) -> str:
    return cfo_weeks.lowest_week(s) or s.fact("cash_forecast_low").reason


def _break_even(s: Selection) -> Kpi:
    """Units to break even, in their own name, beside the previous report's."""
    units = s.fact("break_even_units")
    shown = s.kpi("break_even_units", f"Break-even {unit_of_sale(s)}s a month")
    if units.value is None:
        return shown
    named = _named(s, shown.comparison)
    return replace(shown, value=units_in_words(s, units), comparison=named)


def _in_units(s: Selection, changes: Table) -> Table:
    """What changed, with what is sold in its own name there too."""
    rows = tuple(
        tuple(replace(cell, text=_named(s, cell.text)) for cell in row)
        if row[0].metric_id == "break_even_units"
        else row
        for row in changes.rows
    )
    return replace(changes, rows=rows, note=_named(s, changes.note))


def _named(s: Selection, words: str) -> str:
    return re.sub(r"\bunit(s?)\b", rf"{unit_of_sale(s)}\1", words)


def _income(s: Selection) -> Kpi:
    """Net income of the year's complete months beside its budget."""
    label = f"Net income, {s.figures.report_date.year} so far"
    sums = plan.year_to_date(s, "net_income")
    if sums is None:
        return s.kpi("operating_income", f"Operating income, {phrases.window(s)}")
    actual, budgeted = sums
    change = f", {formats.money(actual - budgeted)}" if actual < budgeted else f", +{formats.money(actual - budgeted)}"
    tone: Tone = "bad" if actual < budgeted else "good"
    against = f"budget {formats.money(budgeted)}{change}"
    return Kpi(label, formats.money(actual), against, tone, "budget_variance", raw=actual, kind="money")


def _sales(s: Selection, sold: Fact, target: Fact) -> Kpi:
    """Sales of the latest complete month beside their target."""
    label = f"{unit_of_sale(s).capitalize()} revenue, {formats.month(sold.period)}"
    if sold.value is None or not isinstance(target.value, int):
        against = (
            f"target {formats.NOT_AVAILABLE}: {target.reason}" if target.reason else "no target or prior: none set"
        )
        return Kpi(label, formats.of(sold), against, metric_id=sold.metric_id, note=sold.reason, assumed=sold.assumed)
    short = Decimal(str(sold.value)) < target.value
    change = formats.share(Decimal(int(str(sold.value)) - target.value) / target.value) if target.value else ""
    sign = "" if short or not change else "+"
    return Kpi(
        label,
        formats.of(sold),
        f"target {cfo_cash.amount(target)}{f', {sign}{change}' if change else ''}",
        "bad" if short else "good",
        sold.metric_id,
        assumed=target.assumed,
        raw=sold.value,
        kind="money",
    )
