"""The CFO's report on cash: how long it lasts, whose it is, and what operations burn of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import last_complete_month
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import Cell, Chart, Column, Table
from executive_suite.rendering.charts import Level, Point
from executive_suite.reports import frame
from executive_suite.reports.phrases import plain, window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.length import without_figures

CASH_MONTHS = 7
AHEAD_MONTHS = 8
CERTAIN = Decimal(1)
_DAYS_A_MONTH = Decimal("30.4375")
PATHS = (
    (10, "Simulated: one path in ten is shorter"),
    (50, "Simulated: half are shorter"),
    (90, "Simulated: nine in ten are shorter"),
)
MOST_ROWS = 12
"""Entities named one by one; a mail has no room for more."""


@dataclass(frozen=True, slots=True)
class Cash:
    """Cash, how long it lasts, and whose it is."""

    reading: str
    path: Chart
    runway: Table
    held: Table
    odds: Table


def amount(fact: Fact) -> str:
    """A monthly amount in words, for a place that says "a month" itself."""
    return formats.of(fact).removesuffix(" a month").removesuffix("/month")


def points_of(facts: Sequence[Fact]) -> list[Point]:
    """A chart's points from monthly facts that have a number."""
    return [Point(formats.month(f.period)[:3], decimal_of(f), short(f.value)) for f in facts if is_number(f.value)]


def cash(s: Selection) -> Cash:
    """The section on cash and runway."""
    return Cash(_reading(s), _path(s), _runway(s), _held(s), _odds(s))


def _reading(s: Selection) -> str:
    """Whether receipts catch up with payments before cash is gone, in plain words."""
    alive = s.fact("default_alive")
    month = s.fact("default_alive_month")
    if alive.value is None or not isinstance(month.value, str):
        return f"Whether receipts catch up with payments is {formats.NOT_AVAILABLE}: {alive.reason}."
    growth = s.fact("receipts_growth")
    pace = f"growing {formats.of(growth)} a month" if is_number(growth.value) else "without growth that can be told"
    when = formats.month(month.value[:7])
    if s.fact("net_burn").value is not None and not _positive(s.fact("net_burn")):
        return f"Over {window(s)} receipts have covered payments (\u201cdefault alive\u201d)."
    course = f"On the present course, with payments as now and receipts {pace},"
    if alive.value:
        return f"{course} receipts reach payments by {when} (\u201cdefault alive\u201d)."
    return f"{course} cash is gone in {when}, before receipts reach payments (\u201cdefault dead\u201d)."


def floor_day(s: Selection) -> date | None:
    """The day on which cash falls below its floor at the mean burn.

    Returns:
        The day, reckoned with months of 30.4375 days; None without burn or floor, or when cash is below it already.
    """
    runway, floor = s.fact("cash_runway_months"), s.fact("runway_floor")
    if not is_number(runway.value) or not is_number(floor.value) or decimal_of(runway) <= decimal_of(floor):
        return None
    return s.figures.report_date + timedelta(days=int((decimal_of(runway) - decimal_of(floor)) * _DAYS_A_MONTH))


def _falls(s: Selection) -> str:
    """When cash falls below its floor, and when it is gone."""
    day, floor, runway = floor_day(s), s.fact("runway_floor"), s.fact("cash_runway_months")
    if not is_number(runway.value) or not is_number(floor.value):
        return _went(s)
    gone = s.figures.report_date + timedelta(days=int(decimal_of(runway) * _DAYS_A_MONTH))
    below = "is below its floor already"
    if day:
        below = f"falls below its floor of {formats.of(floor)} in {_month_of(day)}"
    return f"At the mean burn cash {below} and is gone in {_month_of(gone)}."


def _month_of(day: date) -> str:
    return formats.month(f"{day:%Y-%m}")


def _went(s: Selection) -> str:
    """From where to where cash went over the months that are shown."""
    told = [fact for fact in s.months("cash_balance", CASH_MONTHS) if is_number(fact.value)]
    if not told:
        return ""
    first, last = told[0], told[-1]
    if decimal_of(first) == decimal_of(last):
        return f"Cash stands at {formats.of(last)} at the end of {formats.month(last.period)}."
    verb = "rose" if decimal_of(last) > decimal_of(first) else "fell"
    return (
        f"Cash {verb} from {formats.of(first)} at the end of {formats.month(first.period)} to {formats.of(last)} at "
        f"the end of {formats.month(last.period)}."
    )


def _path(s: Selection) -> Chart:
    """Month-end cash and, dashed, where the mean burn takes it; the band lies between the best and the worst month."""
    actual = points_of(s.months("cash_balance", CASH_MONTHS))
    now, mean = s.fact("cash_balance"), s.fact("net_burn")
    best, worst = s.fact("net_burn", statistic="min"), s.fact("net_burn", statistic="max")
    points, band, words = list(actual), [], ""
    levels = []
    if actual and is_number(mean.value) and is_number(best.value) and is_number(worst.value) and _positive(mean):
        last = last_complete_month(s.figures.report_date)
        for ahead in range(1, AHEAD_MONTHS + 1):
            left = max(Decimal(0), decimal_of(now) - ahead * decimal_of(mean))
            points.append(Point(f"{(last + ahead).first:%b}", left, short(left), "forecast"))
            band.append(
                (
                    max(Decimal(0), decimal_of(now) - ahead * decimal_of(worst)),
                    max(Decimal(0), decimal_of(now) - ahead * decimal_of(best)),
                )
            )
            if left == 0:
                break
        floor = s.fact("runway_floor")
        levels.append(Level(decimal_of(now), f"now {short(now.value)}"))
        if is_number(floor.value):
            needed = decimal_of(floor) * decimal_of(mean)
            levels.append(Level(needed, f"floor {short(needed)}"))
            words = f" The floor of {formats.of(floor)} is {formats.money(needed)}."
        words = (
            f" At the mean burn of {amount(mean)} it is gone after {s.text('cash_runway_months')}; "
            f"the band runs from the worst month ({amount(worst)}) to the best ({amount(best)}).{words}"
        )
    months = ", ".join(f"{p.label} {p.text}" for p in actual) or f"{formats.NOT_AVAILABLE}, {now.reason}"
    alt = f"Month-end cash: {months}.{words}"
    title = (
        f"Cash at month end, thousand {formats.currency()}: actual, then at the mean burn (dashed) "
        "between best and worst month"
    )
    return frame.chart("cash", title, charts.lines([("", points)], levels=levels, band=band), alt, finding=_falls(s))


def _runway(s: Selection) -> Table:
    rows = [
        _basis(s, f"Mean of {window(s)}", s.fact("net_burn"), s.fact("cash_runway_months")),
        _basis(
            s,
            "Mean of 3 months",
            s.fact("net_burn", window_months="3"),
            s.fact("cash_runway_months", window_months="3"),
        ),
        _basis(
            s,
            f"Worst of {window(s)}",
            s.fact("net_burn", statistic="max"),
            s.fact("cash_runway_months", basis="worst_month"),
        ),
    ]
    exact = []
    for level, words in PATHS:
        exact.append(_exact(s, level))
        rows.append((Cell(words), Cell("\u2013", kind="money"), s.cell(s.fact(f"runway_p{level}_months"))))
    note = s.fact("runway_p50_months").reason
    said = f"Floor for spending decisions: {s.text('runway_floor')}."
    if set(exact) != {formats.NOT_AVAILABLE}:
        said += f" Simulated as Normal months, in closed form: {', '.join(exact)} months."
    said += f" Simulation: {note}." if note else ""
    columns = (Column("Burn as in"), Column("Net burn a month", "right"), Column("Cash lasts", "right"))
    table = Table("Runway by burn scenario, months", columns, tuple(tuple(row) for row in rows), note=said)
    shown = (row if row[2].raw is None else (row[0], row[1], plain(row[2])) for row in rows)
    simulated = {words for _, words in PATHS}
    told = tuple(row for row in shown if row[0].text not in simulated or row[2].raw is not None)
    return without_figures(replace(table, rows=told))


def _exact(s: Selection, level: int) -> str:
    """A quantile of the runway in closed form, in months."""
    fact = s.fact(f"runway_p{level}_months", method="normal_closed_form")
    return formats.number(decimal_of(fact), 2) if is_number(fact.value) else formats.NOT_AVAILABLE


def _basis(s: Selection, words: str, burned: Fact, lasts: Fact) -> tuple[Cell, Cell, Cell]:
    return Cell(words), s.cell(burned), s.cell(lasts)


def _held(s: Selection) -> Table:
    rows = [
        (Cell("Cash balance"), s.cell(s.fact("cash_balance"))),
        (Cell("of it customer deposits, not yet earned"), s.cell(s.fact("customer_deposits_held"))),
        (Cell("of it tenants' security deposits, refundable"), s.cell(s.fact("security_deposits_held"))),
    ]
    table = Table(
        f"Cash, {formats.currency()}, and what of it is other people's",
        (Column("Cash"), Column(formats.currency(), "right")),
        tuple(rows),
        note="Deposits are shown beside the runway, not deducted from it.",
    )
    return without_figures(table)


def _odds(s: Selection) -> Table:
    facts = [f for f in s.facts("cash_out_probability", "month", entity_id=GROUP) if f.value]
    rows = []
    for fact in sorted(facts, key=lambda f: f.dimensions["month"]):
        rows.append((Cell(formats.month(fact.dimensions["month"])), plain(s.cell(fact))))
        if fact.value == CERTAIN:
            break
    reason = s.fact("cash_out_probability").reason
    return Table(
        f"Probability that cash is gone by the end of the month, simulated from the burn of {window(s)}",
        (Column("End of"), Column("Probability", "right")),
        tuple(rows),
        empty=f"Not simulated: {reason}.",
    )


def short(cents: object) -> str:
    """Thousands, for the narrow labels of a chart."""
    thousands = Decimal(str(cents)) / 100_000
    return formats.number(thousands, 1)


def decimal_of(fact: Fact) -> Decimal:
    """The value of a fact that has a number."""
    return Decimal(str(fact.value))


def _positive(fact: Fact) -> bool:
    return is_number(fact.value) and decimal_of(fact) > 0


def is_number(value: object) -> bool:
    """Whether a fact's value is a number."""
    return isinstance(value, int | Decimal) and not isinstance(value, bool)
