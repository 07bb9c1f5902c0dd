"""The CFO's report on burn: what operations cost in cash, by month and by entity."""

from __future__ import annotations

from dataclasses import dataclass

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level
from executive_suite.reports import frame, phrases
from executive_suite.reports.cfo.cash import MOST_ROWS, amount, decimal_of, is_number, points_of, short
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection

BURN_MONTHS = 6


@dataclass(frozen=True, slots=True)
class Burn:
    """What operations cost in cash."""

    chart: Chart
    months: Table
    entities: Table


def burn(s: Selection) -> Burn:
    """The section on burn."""
    months = s.months("net_burn", BURN_MONTHS)
    mean = s.fact("net_burn")
    levels = [Level(decimal_of(mean), f"mean {short(mean.value)}")] if is_number(mean.value) else []
    points = points_of(months)
    words = ", ".join(f"{formats.month(f.period)} {amount(f)}" for f in months)
    chart = frame.chart(
        "burn",
        f"Net burn a month, thousand {formats.currency()}, {phrases.latest(len(points))}, actual",
        charts.columns(points, levels=levels),
        f"Net burn by month: {words}. Mean of {window(s)}: {amount(mean)}."
        if words
        else f"Not evaluable: {mean.reason}.",
        finding=_found(s, months, mean),
    )
    return Burn(chart, _burn_months(s), _burn_entities(s))


def _found(s: Selection, months: tuple[Fact, ...], mean: Fact) -> str:
    """The latest month beside the mean, and between which months the rest lies."""
    told = [fact for fact in months if is_number(fact.value)]
    if not told:
        return ""
    last, low, high = told[-1], min(told, key=decimal_of), max(told, key=decimal_of)
    beside = ""
    if is_number(mean.value):
        away = decimal_of(last) - decimal_of(mean)
        beside = f", {formats.money(abs(away))} {'above' if away > 0 else 'below'}" if away else ", as"
        beside += f" the mean of {window(s)}"
    return (
        f"{formats.month(last.period)} burned {amount(last)}{beside}; the months lay between "
        f"{amount(low)} ({formats.month(low.period)}) and {amount(high)} ({formats.month(high.period)})."
    )


def _burn_months(s: Selection) -> Table:
    heads = ("Month", "Received", "Gross burn", "Net burn", "Capex", "With capex")
    rows = []
    for net in s.months("net_burn", BURN_MONTHS):
        gross, free = s.fact("gross_burn", period=net.period), s.fact("free_cash_flow_burn", period=net.period)
        rows.append(
            (
                Cell(formats.month(net.period)),
                _difference(gross, net),
                s.cell(gross),
                s.cell(net),
                _difference(free, net),
                s.cell(free),
            )
        )
    mean = [s.fact(metric_id) for metric_id in ("gross_burn", "net_burn", "free_cash_flow_burn")]
    total = (
        Cell(f"Mean of {window(s)}"),
        _difference(mean[0], mean[1]),
        s.cell(mean[0]),
        s.cell(mean[1]),
        _difference(mean[2], mean[1]),
        s.cell(mean[2]),
    )
    return Table(
        f"Operating cash by complete month, {formats.currency()}, actual",
        tuple(Column(head, "right" if number else "left") for number, head in enumerate(heads)),
        tuple(rows),
        total if rows else (),
        empty="Not evaluable: the ledger has no complete month.",
    )


def _burn_entities(s: Selection) -> Table:
    facts = [f for f in s.facts("net_burn") if f.entity_id != GROUP]
    facts.sort(key=lambda f: (f.value is None, -decimal_of(f) if is_number(f.value) else 0, f.entity_id))
    more = len(facts) - MOST_ROWS
    rows = tuple(
        (
            Cell(s.entity(f.entity_id)),
            s.cell(f),
            s.cell(s.fact("gross_burn", f.entity_id)),
            s.cell(s.fact("cash_balance", f.entity_id)),
        )
        for f in facts[:MOST_ROWS]
    )
    group = (
        Cell(s.entity(GROUP)),
        s.cell(s.fact("net_burn")),
        s.cell(s.fact("gross_burn")),
        s.cell(s.fact("cash_balance")),
    )
    columns = (
        Column("Entity"),
        Column("Net burn a month", "right"),
        Column("Gross burn a month", "right"),
        Column("Cash", "right"),
    )
    return Table(
        f"Mean burn of {window(s)} by entity, highest first, {formats.currency()}, actual",
        columns,
        rows,
        group if rows else (),
        note="Cash lies where the group keeps it; advances between entities are not burn."
        + (f" {more} more entities are in the fact table." if more > 0 else ""),
        empty="Not evaluable: no entity has postings.",
    )


def _difference(one: Fact, other: Fact) -> Cell:
    """What remains of one amount without another."""
    if not (is_number(one.value) and is_number(other.value)):
        return Cell(formats.NOT_AVAILABLE)
    cents = decimal_of(one) - decimal_of(other)
    return Cell(formats.money(cents), cents, "money")
