"""By which rules the figures of rented property call for attention."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.reports import audit, months
from executive_suite.reports.audit import Concern
from executive_suite.reports.selection import Selection, cents

LICENCES = {"str_licence": "short-term rental licence", "tot_registration": "occupancy tax registration"}
WITHOUT = {
    "str_licence": "without it no stay by the night may be sold",
    "tot_registration": "without it the tax on stays cannot be remitted",
}

# The least debt service cover that lenders on rented property usually accept.
COVER_ASKED = Decimal("1.2")

EMPTY = "Occupancy below target"
THIN = "Operating income barely covers the financing"
SHORT = "Operating income does not cover the financing"

# From which fall of a night's revenue against the same month a year earlier an owner asks why.
RATE_FALL = Decimal("0.1")
NEEDS = (
    "net_operating_income",
    "property_debt_service_cover",
    "rent_billed",
    "occupancy",
    "occupancy_target",
    "maintenance_cost",
    "economic_occupancy",
    "licence_days_left",
)


def concerns(s: Selection, who: str) -> tuple[Concern, ...]:
    """Everything that the rules find, worst first."""
    licences = (_licence(s, who, kind) for kind in LICENCES)
    rules = (_coverage, _uninvoiced, _occupancy, _rate, _arrears, _unbooked, _vacancy)
    return audit.ordered((*licences, *(rule(s, who) for rule in rules)))


def _licence(s: Selection, who: str, kind: str) -> Concern | None:
    """A licence that has expired is critical; one that expires within the quarter, or is not on file, is high."""
    fact, name = s.fact("licence_days_left", who, kind=kind), LICENCES[kind]
    if fact.status == "not_applicable":
        return Concern(
            f"No {name} on file",
            "high",
            f"0 documents of the {name} are on file; {WITHOUT[kind]}.",
            f"Obtain the {name}, or put it on file.",
        )
    if fact.value is None or int(fact.value) > audit.LOOK_AHEAD_DAYS:
        return None
    days = int(fact.value)
    if days < 0:
        return Concern(
            f"The {name} has expired",
            "critical",
            f"It {fact.reason}, {formats.counted(-days, 'day')} ago; {WITHOUT[kind]}.",
            f"Stop letting, or renew the {name}: it {fact.reason}.",
            due=s.figures.report_date,
        )
    return Concern(
        f"The {name} expires in {formats.counted(days, 'day')}",
        "high",
        f"The {name} {fact.reason}, in {formats.counted(days, 'day')}; {WITHOUT[kind]}.",
        f"Renew the {name}, which {fact.reason}.",
        due=s.figures.report_date + timedelta(days=days),
    )


def _coverage(s: Selection, who: str) -> Concern | None:
    """Fires when operating income covers the financing less than 1.2 times, critical below 1: what lenders ask for."""
    cover, earned = s.fact("property_debt_service_cover", who), s.fact("net_operating_income", who)
    if cover.value is None or Decimal(str(cover.value)) >= COVER_ASKED:
        return None
    paid = cents(s.fact("net_operating_income", who, part="below_the_line")) - cents(
        s.fact("net_operating_income", who, part="below_the_line_non_cash")
    )
    left = cents(earned) - paid
    figures = (
        f"Net operating income of {formats.of(earned)} in twelve months, against {formats.money(paid)} of financing "
        "and other costs paid"
    )
    if Decimal(str(cover.value)) >= 1:
        return Concern(
            THIN,
            "high",
            f"{figures}: a cover of {formats.of(cover)}, where lenders ask for {formats.amount(COVER_ASKED, 'x')}.",
            f"Raise income or lower the financing by {formats.money(round(COVER_ASKED * paid) - cents(earned))} "
            f"a year, to reach a cover of {formats.amount(COVER_ASKED, 'x')}: {formats.money(left)} is left now.",
            assumed=earned.assumed,
        )
    return Concern(
        SHORT,
        "critical",
        f"{figures}: {formats.money(-left)} short.",
        f"Raise income, refinance or accept {formats.money(-left)} a year of owner's money.",
        at_stake=-left,
        assumed=earned.assumed,
    )


def _uninvoiced(s: Selection, who: str) -> Concern | None:
    """Fires when income stands in the ledger that no invoice supports."""
    gross, billed = s.fact("net_operating_income", who, part="effective_gross_income"), s.fact("rent_billed", who)
    without = cents(gross) - cents(billed)
    if gross.value is None or billed.value is None or without <= 0:
        return None
    part = formats.share(Decimal(without) / cents(gross))
    return Concern(
        "Income without an invoice",
        "medium",
        f"{formats.money(without)} of {formats.of(gross)} ({part}) of twelve months has no invoice behind it.",
        f"Invoice every stay, or tie payouts to bookings each month: {formats.money(without)} has no document.",
        at_stake=without,
    )


def _occupancy(s: Selection, who: str) -> Concern | None:
    """Fires when occupancy is below its target: over the twelve months, or in a month of the latest three."""
    year, target = s.fact("occupancy", who), s.fact("occupancy_target", who)
    if year.value is None or target.value is None:
        return None
    goal = Decimal(str(target.value))
    low = [f for f in s.months("occupancy", 3, who) if f.value is not None and Decimal(str(f.value)) < goal]
    if Decimal(str(year.value)) < goal:
        return Concern(
            EMPTY,
            "high",
            f"{formats.of(year)} over twelve months against a target of {formats.of(target)}.",
            f"Review prices and minimum stays: {formats.of(year)} against {formats.of(target)}.",
        )
    if low:
        months = ", ".join(f"{formats.month(f.period)} {formats.of(f)}" for f in low)
        return Concern("A recent month below the occupancy target", "low", f"{months} against {formats.of(target)}.")
    return None


def _rate(s: Selection, who: str) -> Concern | None:
    """Fires when the latest month sold as many nights as a year earlier or more, and a night earned a tenth less."""
    sold, earned = ((f[-1] if (f := s.months(m, 1, who)) else None) for m in ("occupancy", "revpar"))
    if sold is None or earned is None:
        return None
    before, rate = months.year_before(s, sold), months.year_before(s, earned)
    if any(fact.value is None for fact in (sold, earned, before, rate)):
        return None
    now, then = Decimal(str(earned.value)), Decimal(str(rate.value))
    if Decimal(str(sold.value)) < Decimal(str(before.value)) or now >= then * (1 - RATE_FALL):
        return None
    share, month = formats.share(1 - now / then), formats.month(earned.period)
    return Concern(
        "As many nights at a lower price",
        "medium",
        f"{month} sold {formats.of(sold)} of its nights, after {formats.of(before)} a year earlier, but a night "
        f"in the inventory earned {formats.of(earned)} instead of {formats.of(rate)} ({share} less).",
        f"Review the price of {month} for next year: a night earned {formats.of(earned)} instead of "
        f"{formats.of(rate)}.",
        assumed=earned.assumed or rate.assumed,
    )


def _arrears(s: Selection, who: str) -> Concern | None:
    """Fires when rent is due and not paid."""
    owed = s.fact("rent_billed", who, part="arrears")
    if cents(owed) <= 0:
        return None
    return Concern(
        "Rent in arrears",
        "high",
        f"{formats.of(owed)} of the rent billed in twelve months is due and not paid.",
        f"Collect {formats.of(owed)} of rent in arrears.",
        at_stake=cents(owed),
    )


def _unbooked(s: Selection, who: str) -> Concern | None:
    """Fires when work orders have no entry in the ledger."""
    cost = s.fact("maintenance_cost", who, state="not_in_ledger")
    if cents(cost) <= 0:
        return None
    return Concern(
        "Upkeep that is not in the books",
        "medium",
        f"Work orders of {formats.of(cost)} in twelve months have no entry in the ledger.",
        f"Book {formats.of(cost)} of work orders.",
        at_stake=cents(cost),
    )


def _vacancy(s: Selection, who: str) -> Concern | None:
    """Fires when less than nine tenths of the possible rent came in: one month in ten is lost."""
    share = s.fact("economic_occupancy", who)
    if share.value is None or Decimal(str(share.value)) >= Decimal("0.9"):
        return None
    return Concern(
        "More than a tenth of the possible rent did not come in",
        "medium",
        f"{formats.of(share)} of the possible rent came in over twelve months (economic occupancy).",
    )
