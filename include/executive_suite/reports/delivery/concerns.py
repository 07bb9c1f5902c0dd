"""By which rules the figures of the delivery business call for attention."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.reports import audit, phrases
from executive_suite.reports.audit import Concern
from executive_suite.reports.selection import Selection, cents

YEAR = {"window": "trailing_12_months"}
REGISTER = "Add table delivery: one row per job, with its dates, miles and amounts."

LOSS = "Jobs cost more than was invoiced"
NEVER = "Completed jobs that were never invoiced"
DRY = "No job has set out for months"

# Complete months without a job after which an owner asks where the work is: a quarter.
DRY_MONTHS = 3

# Jobs that a decision still names one by one.
MOST_NAMED = 3
HISTORY = 36
NEEDS = (
    "delivery_billing_gap",
    "delivery_margin",
    "crew_utilisation",
    "idle_captain_days",
    "charter_days_placeable",
    "on_time_rate",
)


def concerns(s: Selection, who: str) -> tuple[Concern, ...]:
    """Everything that the rules find, worst first."""
    rules = (_uninvoiced, _short, _uncollected, _disputed, _margin, _dry, _overtime, _idle, _late)
    return audit.ordered(rule(s, who) for rule in rules)


def _uninvoiced(s: Selection, who: str) -> Concern | None:
    """Fires when a completed job has no invoice."""
    gap = s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    if cents(gap) <= 0:
        return None
    age = s.fact("days_to_invoice", who, state="not_invoiced")
    one = gap.reason == "1 job"
    waited = f", {'' if one else 'on average '}{formats.of(age)} after completion" if age.value is not None else ""
    have = "1 completed job has" if one else f"{gap.reason.replace(' ', ' completed ', 1)} have"
    return Concern(
        NEVER,
        "critical",
        f"{have} no invoice{waited}: {formats.of(gap)} quoted.",
        f"Invoice {_named(s, who, gap.reason)}, quoted at {formats.of(gap)}.",
        at_stake=cents(gap),
        evidence=_jobs(s, who),
        assumed=gap.assumed,
    )


def _never(s: Selection, who: str) -> list[Fact]:
    """The completed jobs for which nothing was invoiced, largest first."""
    return [
        f
        for f in sorted(s.facts("delivery_billing_gap", "delivery", entity_id=who), key=lambda f: -cents(f))
        if s.fact("delivery_margin", who, delivery=f.dimensions["delivery"]).value is None
    ]


def _jobs(s: Selection, who: str) -> tuple[str, ...]:
    return tuple(f"{f.dimensions['delivery']}: {formats.of(f)} quoted and not invoiced" for f in _never(s, who)[:5])


def _named(s: Selection, who: str, counted: str) -> str:
    """Jobs by name where they are few enough to be named, else their number."""
    names = [f.dimensions["delivery"] for f in _never(s, who)]
    return phrases.series(names) if 0 < len(names) <= MOST_NAMED else counted


def _short(s: Selection, who: str) -> Concern | None:
    """Fires when jobs were invoiced below their quote."""
    gap, never = s.fact("delivery_billing_gap", who), s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    short = cents(gap) - cents(never)
    if short <= 0:
        return None
    return Concern(
        "Invoices below the quote",
        "medium",
        f"Completed jobs were invoiced {formats.money(short)} below their quotes.",
        f"Invoice the missing {formats.money(short)}, or release it.",
        at_stake=short,
    )


def _uncollected(s: Selection, who: str) -> Concern | None:
    """Fires when an invoice of a completed job is not collected."""
    gap = s.fact("delivery_billing_gap", who, gap="invoiced_not_collected")
    if cents(gap) <= 0:
        return None
    facts = s.facts("delivery_billing_gap", "delivery", "gap", entity_id=who)
    jobs = tuple(f"{f.dimensions['delivery']}: {formats.of(f)}" for f in facts if cents(f) > 0)
    names = [f.dimensions["delivery"] for f in facts if cents(f) > 0]
    return Concern(
        "Invoices not collected",
        "high",
        f"{formats.of(gap)} invoiced for {formats.counted(len(jobs), 'completed job')} has not been collected.",
        f"Collect {formats.of(gap)} on "
        f"{phrases.series(names) if len(names) <= MOST_NAMED else formats.counted(len(names), 'job')}.",
        at_stake=cents(gap),
        evidence=jobs[:5],
    )


def _disputed(s: Selection, who: str) -> Concern | None:
    """Fires when a job is in dispute."""
    gap = s.fact("delivery_billing_gap", who, gap="disputed")
    if cents(gap) <= 0:
        return None
    return Concern(
        "Invoices in dispute",
        "high",
        f"{formats.of(gap)} on {gap.reason} is disputed.",
        f"Settle {gap.reason} in dispute: {formats.of(gap)}.",
        at_stake=cents(gap),
    )


def _margin(s: Selection, who: str) -> Concern | None:
    """Fires when the jobs of twelve months cost more than was invoiced for them."""
    margin, ever = s.fact("delivery_margin", who, **YEAR), s.fact("delivery_margin", who)
    never = s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    if margin.value is None or Decimal(str(margin.value)) >= 0:
        return None
    part = f" Completed work of {formats.of(never)} without an invoice counts as cost only." if cents(never) else ""
    if (whole := margin_if_invoiced(s, who)) is not None:
        part += f" Invoiced at its quote, it would make the margin {formats.share(whole)}."
    return Concern(
        LOSS,
        "critical",
        f"The margin of twelve months is {formats.of(margin)}, against {formats.of(ever)} over all jobs.{part}",
        assumed=margin.assumed,
    )


def margin_if_invoiced(s: Selection, who: str) -> Decimal | None:
    """The margin of the twelve months with every completed job invoiced at its quote.

    Returns:
        A fraction; None when nothing is missing, when it cannot be told, or when a job not invoiced is older than that.
    """
    never = s.fact("delivery_billing_gap", who, gap="completed_not_invoiced")
    waits = [s.fact("days_to_invoice", who, state="not_invoiced", **window) for window in ({}, YEAR)]
    margin, each, jobs = (s.fact(m, who, **YEAR) for m in ("delivery_margin", "cost_per_delivery", "delivery_jobs"))
    told = all(fact.value is not None for fact in (margin, each, jobs, *waits))
    if not told or cents(never) <= 0 or waits[0].value != waits[1].value or margin.value == 1:
        return None
    cost = Decimal(str(each.value)) * Decimal(str(jobs.value))
    invoiced = cost / (1 - Decimal(str(margin.value)))
    return 1 - cost / (invoiced + cents(never))


def last_set_out(s: Selection, who: str) -> str:
    """The month in which a job last set out, when a quarter or more has gone by since; else empty."""
    months = [f for f in s.months("delivery_jobs", HISTORY, who) if f.value is not None]
    sailed = [place for place, fact in enumerate(months) if fact.value]
    return months[sailed[-1]].period if sailed and len(months) - 1 - sailed[-1] >= DRY_MONTHS else ""


def _dry(s: Selection, who: str) -> Concern | None:
    """Fires when no job has set out for a quarter; critical when none is planned either."""
    month = last_set_out(s, who)
    if not month:
        return None
    since = [f for f in s.months("delivery_jobs", HISTORY, who) if f.period > month]
    room_then = [s.fact("delivery_capacity_jobs", who, f.period) for f in since]
    could = formats.counted(sum(map(cents, room_then)), "job")
    carried = f" in which the crew could have carried {could}" if all(f.value is not None for f in room_then) else ""
    planned = s.fact("delivery_jobs", who, state="planned")
    ahead = s.fact("delivery_capacity_jobs", who, window="next_30_days")
    coming = f"{formats.counted(planned.value, 'job')} {'is' if planned.value == 1 else 'are'} planned"
    coming = coming if planned.value else "none is planned"
    room = f", and the crew has room for {formats.of(ahead)} in the next 30 days" if ahead.value else ""
    return Concern(
        DRY,
        "high" if cents(planned) else "critical",
        f"No job has set out since {formats.month(month)}, in {formats.counted(len(since), 'complete month')}"
        f"{carried}; {coming}.",
        f"Win work: {coming}{room}.",
    )


def _overtime(s: Selection, who: str) -> Concern | None:
    """Fires when a role was on jobs for more days than it was available."""
    facts = [f for f in s.facts("crew_utilisation", "role", entity_id=who) if f.reason == "overtime"]
    if not facts:
        return None
    roles = ", ".join(f"{f.dimensions['role']} {formats.of(f)}" for f in facts)
    return Concern(
        "Overtime", "high", f"Crew-days on jobs above those available: {roles}.", f"Hire or decline jobs: {roles}."
    )


def _idle(s: Selection, who: str) -> Concern | None:
    """Fires when captains were idle on days on which charters sailed."""
    days, worth = s.fact("charter_days_placeable", who), s.fact("charter_days_placeable_value", who)
    if cents(days) <= 0 or worth.value is None:
        return None
    idle = s.fact("idle_captain_days", who)
    return Concern(
        "Idle captains on charter days",
        "low",
        f"Of {formats.of(idle)} on which captains were idle in twelve months, {formats.of(days)} saw a charter sail; "
        f"such days contributed {formats.of(worth)}.",
        f"Roster idle captains on charters: {formats.of(days)} in twelve months.",
    )


def _late(s: Selection, who: str) -> Concern | None:
    """Fires when fewer than four of five jobs ended by their planned day."""
    rate = s.fact("on_time_rate", who, **YEAR)
    if rate.value is None or Decimal(str(rate.value)) >= Decimal("0.8"):
        return None
    return Concern(
        "Late jobs", "medium", f"{formats.of(rate)} of the jobs of twelve months were on time ({rate.reason})."
    )
