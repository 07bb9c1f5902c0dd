"""The CFO's section on revenue targets for the units of sale, by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import pictures
from executive_suite.reports.cfo.break_even import unit_of_sale
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import figures, itself, table, words
from executive_suite.reports.tables.lean import shown
from executive_suite.wording import say

_WIDEST = 12
"""Most columns of a chart that have room for their values."""
_AHEAD = "ahead"


def targets(s: Selection) -> Section:
    """The section on revenue targets."""
    year = s.year_label
    wanted = [f for f in s.every("revenue_target") if f.period >= str(s.year.first) and f.monthly]
    wanted.sort(key=lambda f: f.period)
    over = [fact for fact in wanted if _sold(s, fact).number is not None]
    ahead = [fact for fact in wanted if fact not in over]
    return section(
        "Monthly revenue targets",
        covered=any(fact.number is not None for fact in wanted),
        point=_point(s, over, ahead),
        rows={"table": _table(s, year, wanted, over)},
        **shown(chart=_chart(s, year, over, ahead)),
    )


def _sold(s: Selection, target: Fact) -> Fact:
    return s.fact("unit_revenue", period=target.period)


def _table(s: Selection, year: str, wanted: Sequence[Fact], over: Sequence[Fact]) -> Table:
    def together(facts: Sequence[Fact]) -> int:
        return sum(map(cents, facts))

    sold_in_all = together([_sold(s, fact) for fact in over])
    whole = Fact("revenue_target", "", "", together(wanted), "cents")

    def sold(target: Fact) -> Fact | Cell:
        if target is whole:
            return Cell(sold_in_all, "cents")
        return _sold(s, target) if target in over else Cell(_AHEAD)

    def missed(target: Fact) -> Cell:
        if target is not whole and target not in over:
            return Cell(_AHEAD)
        away = sold_in_all - together(over) if target is whole else cents(_sold(s, target)) - cents(target)
        return Cell(away, "cents", "fine" if away >= 0 else "watch", signed=True)

    def season(target: Fact) -> Fact | Cell:
        if target is whole:
            return Cell()
        return replace(s.fact("revenue_seasonal_index", period=target.period), unit="index")

    return table(
        say("Revenue target by month, {year}: cost to cover and target profit over margin, by season", year=year),
        wanted,
        (
            words("Month", lambda f: Cell(f.period, "month")),
            figures("Season", season, notes="never"),
            itself("Target"),
            figures("Actual", sold),
            figures("Actual less target", missed),
        ),
        total=whole,
        total_name="Year",
        note="Targets are fixed at the start of each month. Season: 1 is an average month.",
        empty=say("Not available: {reason}.", reason=s.fact("revenue_target").reason),
    )


def _point(s: Selection, over: Sequence[Fact], ahead: Sequence[Fact]) -> str:
    """The past months against their targets, and what is still to come."""
    known = [fact for fact in ahead if fact.number is not None]
    if not over and not known:
        return say("Not available: {reason}.", reason=s.fact("revenue_target").reason)
    return _found(s, over, ahead)


def _next(s: Selection, over: Sequence[Fact], ahead: Sequence[Fact]) -> str:
    """What the next month has to bring, and the most that any has to; without a month ahead, what the year brought."""
    known = [fact for fact in ahead if fact.number is not None]
    if not known:
        return _found(s, over, ahead)
    most, least = (pick(known, key=lambda f: (cents(f), f.period)) for pick in (max, min))
    if not cents(most):
        return (
            say("{over} brought {sold}.", over=_span(over[-1:]), sold=formats.within_period(_sold(s, over[-1])))
            if over
            else ""
        )
    if cents(most) == cents(least):
        return say("Each month ahead has to bring {most}.", most=formats.within_period(most))
    coming = say(
        "{period} has to bring {known}", period=formats.month(known[0].period), known=formats.within_period(known[0])
    )
    if most is known[0]:
        return say("{coming}, the most of any month ahead.", coming=coming)
    return say(
        "{coming}; {period} needs the most, {most}.",
        coming=coming,
        period=formats.month(most.period),
        most=formats.within_period(most),
    )


def _found(s: Selection, over: Sequence[Fact], ahead: Sequence[Fact]) -> str:
    """Sales of the past months against their targets, and the target for the rest of the year."""
    more = sum(map(cents, ahead))
    left = formats.money(more)
    if not over:
        return say("{ahead} have to bring {left}.", ahead=_span(ahead), left=left) if ahead else ""
    wanted, sold = (formats.money(sum(map(cents, facts))) for facts in (over, [_sold(s, f) for f in over]))
    rest = (
        say("; {left} is still to come by {period}", left=left, period=formats.month(ahead[-1].period)) if more else ""
    )
    if ahead and not more:
        rest = say("; other income covers the rest of the year")
    return say(
        "{over} brought {sold}, against a target of {wanted}{rest}.",
        over=_span(over),
        sold=sold,
        wanted=wanted,
        rest=rest,
    )


def _span(facts: Sequence[Fact]) -> str:
    first, last = (formats.month(facts[place].period) for place in (0, -1))
    return first if len(facts) == 1 else say("{first} to {last}", first=first, last=last)


def _chart(s: Selection, year: str, over: Sequence[Fact], ahead: Sequence[Fact]) -> Chart:
    """Targets outlined; inside those of the latest months, as far as there is room, the actual sales."""
    shown = over[-max(1, (_WIDEST - len(ahead)) // 2) :] if over else []
    points, listed = [], []
    for target in (*shown, *ahead):
        pairs = [("target", target)] if target.number is not None else []
        pairs += [("actual", _sold(s, target))] if target in shown else []
        for kind, fact in pairs:
            label, text = formats.month_name(target.period), pictures.in_thousands(fact)
            points.append(Point(label, cents(fact), text, "plan" if kind == "target" else "actual"))
            listed.append(f"{label} {kind} {text}")
    measure = say(
        "Revenue of {unit_of_sale}s by month, thousand {currency}, {year}",
        unit_of_sale=unit_of_sale(s),
        currency=formats.currency(),
        year=year,
    )
    title = say("{measure}: target (outlined), actual (filled)", measure=measure)
    alt = ", ".join(listed) or say("Not available: {reason}", reason=s.fact("revenue_target").reason)
    return pictures.chart("targets", title, charts.columns(points), alt, finding=_next(s, over, ahead))
