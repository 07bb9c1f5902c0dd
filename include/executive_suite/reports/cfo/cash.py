"""The CFO's section on cash: how long it lasts, whose it is, and where the present course leads."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering import charts
from executive_suite.rendering.blocks import NOTHING, Cell, Chart, Section, Table, section
from executive_suite.rendering.charts import Point
from executive_suite.reports import months, phrases, pictures, runway
from executive_suite.reports.cfo import levers
from executive_suite.reports.phrases import window
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import figures, table, words

_SHOWN = 7
_AHEAD = 8
_PATHS = ((10, "Worst 10% of simulations"), (50, "Median simulation"), (90, "Best 10% of simulations"))


def cash(s: Selection) -> Section:
    """The section on cash and runway."""
    return section(
        "Cash and runway",
        reading=_reading(s),
        path=_path(s),
        unsold=_unsold(s),
        levers=levers.levers(s),
        bundles=levers.bundles(s),
        runway=_runway(s),
        held=_held(s),
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
    if alive.value:
        return f"{course} receipts reach payments by {formats.month(due.value)} (\u201cdefault alive\u201d)."
    return f"{course} receipts do not reach payments before cash is gone (\u201cdefault dead\u201d)."


def _unsold(s: Selection) -> str:
    """What sales not made yet would add to the path."""
    fact = s.fact("cash_path_unsold")
    if not fact.number:
        return f"Sales not made yet are not in the base case: {fact.reason}." if fact.value is not None else ""
    return (
        f"Sales not made yet are not in the base case. If they come as in the same months of last year, they add "
        f"{formats.of(fact)} over 12 months, after what they cost."
    )


def _falls(s: Selection) -> str:
    """When cash falls below its floor, and when it is gone."""
    end, below = runway.course(s), runway.falls_below(s)
    if not end or not runway.burns(s):
        return _went(s)
    return f"In the base case cash {f'{below} and ' if below else ''}{end}."


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
    """Month-end cash and, dashed, the base case; the band is the range of our past forecasts."""
    facts = [fact for fact in s.months("cash_balance", _SHOWN) if fact.number is not None]
    points, band, levels = pictures.month_points(facts), [], []
    alt = f"Month-end cash: {months.in_words(facts)}." if facts else f"Cash is {phrases.of(s.fact('cash_balance'))}."
    ahead = sorted(s.facts("cash_path", "month_end", line="closing"), key=lambda fact: fact.dimensions["month_end"])
    for fact in ahead[:_AHEAD] if points else ():
        month_end = fact.dimensions["month_end"]
        left = max(Decimal(0), Decimal(fact.number or 0))
        points.append(Point(formats.month_name(month_end), left, formats.thousands(left), "forecast"))
        ends = [s.fact(f"cash_path_{side}", month_end=month_end).number for side in ("low", "high")]
        if None not in ends:
            band.append((max(Decimal(0), Decimal(ends[0] or 0)), max(Decimal(0), Decimal(ends[1] or 0))))
        if not left:
            break
    foreseen = [point for point in points if point.style == "forecast"]
    if foreseen:
        levels.append(pictures.level(s.fact("cash_balance").number or 0, "now"))
        alt += f" Base case: {', '.join(f'{point.label} {point.text}' for point in foreseen)}."
        if len(band) != len(foreseen):
            band = []
        floor = runway.floor_cents(s)
        if floor is not None:
            levels.append(pictures.level(floor, "floor"))
            alt += f" The floor of {s.text('runway_floor')} is {formats.money(floor)}."
    title = f"Cash at month end, thousand {formats.currency()}: actual, then base case (dashed)"
    if band:
        title += " with the range of our past forecasts"
    svg = charts.lines([("", points)], levels=levels, band=band)
    return pictures.chart("cash", title, svg, alt, finding=_falls(s))


def _runway(s: Selection) -> Table:
    """How many months cash covers at past burn by scenario, then simulations; the date is the base case's."""
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
    note = (
        f"Cash over past burn, whatever is known of the months ahead. Floor for spending decisions: "
        f"{s.text('runway_floor')}."
    )
    if any(fact.number is not None for fact in exact):
        note += f" With Normal months, in closed form: {', '.join(map(formats.of, exact))}."
    basis = s.fact("runway_p50_months").reason
    return table(
        "Runway at past burn, by scenario",
        [*burns, *(row for row in simulated if row[2].value is not None)],
        (
            words("Scenario", lambda row: row[0]),
            figures("Net burn per month", lambda row: row[1] if row[1] is not None else Cell(NOTHING)),
            figures("Runway", lambda row: row[2]),
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
