"""When cash runs out and when it falls below its floor: the dates of the one base case, the same in every report."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact, Why
from executive_suite.period import months_later
from executive_suite.reports import phrases
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

_PATH_MONTHS = 12


def cash_out_day(s: Selection) -> date | None:
    """The day on which cash is gone in the base case; None if it lasts beyond the path or the path is unknown."""
    return _day(s.fact("cash_out_date"))


def floor_day(s: Selection) -> date | None:
    """The day on which cash falls below its floor in the base case; None if it does not, or is below it already."""
    fact = s.fact("cash_floor_date")
    return None if fact.qualified(Why.PASSED) else _day(fact)


def _day(fact: Fact) -> date | None:
    return date.fromisoformat(fact.value) if isinstance(fact.value, str) else None


def floor_cents(s: Selection) -> Decimal | None:
    """The floor as cash at the mean burn, cents; None without burn or floor."""
    months, burn = s.fact("runway_floor").number, s.fact("net_burn").number
    return Decimal(months) * burn if months is not None and burn is not None and burn > 0 else None


def burns(s: Selection) -> bool:
    """Whether operations take cash at present."""
    mean = s.fact("net_burn").number
    return mean is not None and mean > 0


def course(s: Selection) -> str:
    """What becomes of cash in the base case: "runs out in Aug 2026"; empty if the path is unknown."""
    out = s.fact("cash_out_date")
    if out.qualified(Why.PASSED):
        return say("has run out")
    gone = _day(out)
    if gone is not None:
        return say("runs out in {gone}", gone=formats.month(gone))
    last = months_later(s.figures.report_date, _PATH_MONTHS) - timedelta(days=1)
    return say("lasts beyond {last}", last=formats.month(last)) if out.status == "not_applicable" else ""


def falls_below(s: Selection) -> str:
    """When cash falls below its floor: "falls below the 3-month floor on Jun 5, 2026"; empty if it does not."""
    fact, floor = s.fact("cash_floor_date"), s.fact("runway_floor")
    if fact.value is None or floor.number is None:
        return ""
    limit = say("the {number}-month floor", number=formats.number(floor.number))
    below = floor_day(s)
    return (
        say("falls below {limit} on {below}", limit=limit, below=formats.day(below))
        if below
        else say("is already below {limit}", limit=limit)
    )


def unposted(s: Selection) -> str:
    """That cash is the balance of the last month's end, because nothing was posted since; empty if something was.

    The path begins at the report date whatever is posted, so its dates then come too late.
    """
    now, month = s.fact("cash_balance"), s.month("cash_balance")
    same = Proof(now.inputs == month.inputs, (now.fact_id, month.fact_id))
    if s.figures.report_date.day == 1 or now.number is None or not same.holds:
        return ""
    end = formats.near(s.figures.report_date.replace(day=1) - timedelta(days=1))
    return none("No cash movement after {end} is recorded yet: dates may be too late.", same, end=end)


def sentence(s: Selection) -> str:
    """Cash, when it runs out, and when it falls below its floor; without a full stop."""
    cash, end, mean = formats.of(s.fact("cash_balance")), course(s), s.fact("net_burn").number
    if mean is not None and mean <= 0:
        ahead = say("; without new sales it {end}", end=end) if end else ""
        return say("Cash of {cash} {mean}{ahead}", cash=cash, mean=phrases.grows(mean), ahead=ahead)
    if not end:
        return say("Cash of {cash} cannot be projected ({reason})", cash=cash, reason=s.fact("cash_out_date").reason)
    if s.fact("cash_path_unsold").number:
        end += say(" without new sales")
    below = falls_below(s)
    return (
        say("Cash of {cash} {end}; it {below}", cash=cash, end=end, below=below)
        if below
        else say("Cash of {cash} {end}", cash=cash, end=end)
    )
