"""The CFO's section on cash: how long it lasts, whose it is, and where the present course leads."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.period import last_complete_month
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures, runway
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, month, table, words

_SHOWN = 7
_AHEAD = 8
_PATHS = ((10, "Worst 10% of simulations"), (50, "Median simulation"), (90, "Best 10% of simulations"))


def cash(s: Selection) -> Section:
    """The section on cash and runway."""
    return section(
        "Cash and runway", reading=_reading(s), path=_path(s), runway=_runway(s), odds=_odds(s), held=_held(s)
    )


def _reading(s: Selection) -> str:
    """Whether receipts catch up with payments before cash is gone."""
    alive, due, growth = s.fact("default_alive"), s.fact("default_alive_month"), s.fact("receipts_growth")
    if alive.value is None or not isinstance(due.value, str):
        return f"Whether receipts will catch up with payments is {phrases.of(alive)}."
    burn = s.fact("net_burn").number
    if burn is not None and burn <= 0:
        return f"Over {window(s)} receipts have covered payments (\u201cdefault alive\u201d)."
    pace = f"growing {formats.of(growth)} a month" if growth.number is not None else "at an unknown growth rate"
    course = f"With payments unchanged and receipts {pace},"
    when = formats.month(due.value)
    if alive.value:
        return f"{course} receipts reach payments by {when} (\u201cdefault alive\u201d)."
    return f"{course} cash runs out in {when}, before receipts reach payments (\u201cdefault dead\u201d)."


def _falls(s: Selection) -> str:
    """When cash falls below its floor, and when it is gone."""
    below, gone, floor = runway.floor_day(s), runway.cash_out_day(s), s.fact("runway_floor")
    if gone is None or floor.number is None:
        return _went(s)
    limit = f"its floor of {formats.of(floor)}"
    course = f"falls below {limit} in {formats.month(below)}" if below else f"is already below {limit}"
    return f"At the mean burn cash {course} and runs out in {formats.month(gone)}."


def _went(s: Selection) -> str:
    """The change in cash over the months shown."""
    known = [fact for fact in s.months("cash_balance", _SHOWN) if fact.number is not None]
    if not known:
        return ""
    first, last = known[0], known[-1]
    start, end = (f"{formats.of(fact)} at the end of {formats.month(fact.period)}" for fact in (first, last))
    if first.value == last.value:
        return f"Cash was {end}, as much as at the end of {formats.month(first.period)}."
    verb = "rose" if (last.number or 0) > (first.number or 0) else "fell"
    return f"Cash {verb} from {start} to {end}."


def _path(s: Selection) -> Chart:
    """Month-end cash and, dashed, its path at the mean burn; the band spans the best and the worst month."""
    facts = [fact for fact in s.months("cash_balance", _SHOWN) if fact.number is not None]
    now, mean = s.fact("cash_balance"), s.fact("net_burn")
    best, worst = s.fact("net_burn", statistic="min"), s.fact("net_burn", statistic="max")
    points, band, levels = pictures.month_points(facts), [], []
    alt = f"Month-end cash: {months.in_words(facts)}." if facts else f"Cash is {phrases.of(now)}"
    burns = [fact.number for fact in (mean, best, worst)]
    if points and now.number is not None and None not in burns and (mean.number or 0) > 0:
        usual, least, most = (Decimal(number or 0) for number in burns)
        last = last_complete_month(s.figures.report_date)
        for ahead in range(1, _AHEAD + 1):
            left, low, high = (max(Decimal(0), now.number - ahead * burned) for burned in (usual, most, least))
            name = formats.month_name((last + ahead).first)
            points.append(Point(name, left, formats.thousands(left), "forecast"))
            band.append((low, high))
            if not left:
                break
        levels.append(pictures.level(now.number, "now"))
        floor = runway.floor_cents(s)
        alt += (
            f" At the mean burn of {formats.of(mean)} it lasts {s.text('cash_runway_months')}; the band runs from the "
            f"worst month ({formats.within_period(worst)}) to the best ({formats.within_period(best)})."
        )
        if floor is not None:
            levels.append(pictures.level(floor, "floor"))
            alt += f" The floor of {s.text('runway_floor')} is {formats.money(floor)}."
    title = (
        f"Cash at month end, thousand {formats.currency()}: actual, then at the mean burn (dashed), best to worst month"
    )
    svg = charts.lines([("", points)], levels=levels, band=band)
    return pictures.chart("cash", title, svg, alt, finding=_falls(s))


def _runway(s: Selection) -> Table:
    """How long cash lasts by scenario: past burn, then simulations."""
    size = window(s)
    burns: list[tuple[str, Fact | None, Fact]] = [
        (f"Mean of {size}", s.fact("net_burn"), s.fact("cash_runway_months")),
        (
            "Mean of 3 months",
            s.fact("net_burn", window_months="3"),
            s.fact("cash_runway_months", window_months="3"),
        ),
        (
            f"Worst of {size}",
            s.fact("net_burn", statistic="max"),
            s.fact("cash_runway_months", basis="worst_month"),
        ),
    ]
    simulated = [(name, None, s.fact(f"runway_p{level}_months")) for level, name in _PATHS]
    exact = [s.fact(f"runway_p{level}_months", method="normal_closed_form") for level, _ in _PATHS]
    note = f"Floor for spending decisions: {s.text('runway_floor')}."
    if any(fact.number is not None for fact in exact):
        note += f" With Normal months, in closed form: {', '.join(map(formats.of, exact))}."
    basis = s.fact("runway_p50_months").reason
    return table(
        "Runway by burn scenario",
        [*burns, *(row for row in simulated if row[2].value is not None)],
        (
            words("Scenario", lambda row: row[0]),
            figures("Net burn per month", lambda row: row[1] if row[1] is not None else Cell(NOTHING)),
            figures("Cash lasts", lambda row: row[2]),
        ),
        note=f"{note} Simulation: {basis}." if basis else note,
        fixed=True,
    )


def _held(s: Selection) -> Table:
    return table(
        "Cash, including deposits we hold for others",
        (
            ("Cash balance", s.fact("cash_balance")),
            ("Including customer deposits, not yet earned", s.fact("customer_deposits_held")),
            ("Including tenants' security deposits, refundable", s.fact("security_deposits_held")),
        ),
        (words("Cash", lambda row: row[0]), figures("Amount", lambda row: row[1])),
        note="The runway counts these deposits as cash.",
        fixed=True,
    )


def _odds(s: Selection) -> Table:
    facts = [fact for fact in s.facts("cash_out_probability", "month", entity_id=GROUP) if fact.value]
    facts.sort(key=lambda fact: fact.dimensions["month"])
    certain = next((place for place, fact in enumerate(facts) if fact.value == 1), len(facts))
    return table(
        f"Probability that cash is gone by the end of the month, simulated from the burn of {window(s)}",
        facts[: certain + 1],
        (month(lambda f: f.dimensions["month"], "End of"), figures("Probability", cells.of)),
        empty=f"Not simulated: {s.fact('cash_out_probability').reason}.",
    )
