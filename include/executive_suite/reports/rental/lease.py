"""The rental section on the lease, apart from stays: when it ends, with the licenses and taxes that fall due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import chain

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact, Why
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import phrases
from executive_suite.reports.absence import Proof, none
from executive_suite.reports.rental.upkeep import name_of
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import day, figures, itself, table, words
from executive_suite.reports.tables.lean import MOST_ROWS, shown
from executive_suite.wording import noted, say

_TAXES = {
    "lodging_tax_accrued": noted("Accrued on nights sold"),
    "lodging_tax_remitted": noted("Remitted"),
    "lodging_tax_liability": noted("Still owed"),
}
_AHEAD_DAYS = 366
"""Days ahead of which the body lists what falls due."""

_Due = tuple[str, str, Cell]
"""What falls due, on which ISO day, and its amount."""


def tenancy(s: Selection, who: str) -> Section:
    """The section on the lease, the licenses, and lodging tax."""
    due = _due(s, who)
    return section(
        "Lease, licenses and lodging tax",
        covered=bool(due) or s.fact("turnover_days", who).status != "not_evaluable",
        point=_point(s, who),
        rows={"terms": _terms(s, who), "tax": _tax(s, who)},
        **shown(due=_calendar(due)),
    )


def _point(s: Selection, who: str) -> str:
    """When leases end, what they brought, how long the house was without a tenant between two, and missing licenses."""
    ends, rent = _ends(s, who), s.fact("rent_billed", who, kind="long_term")
    said = [
        say(
            "The lease of {rent} a month ends on {day}.",
            rent=formats.money(-cents(fact)),
            day=formats.day(fact.dimensions["day"]),
        )
        for fact in ends[:2]
    ]
    if rent.value is not None:
        paid = s.fact("rent_collected", who, kind="long_term")
        said.append(
            say("Leases brought {paid} in 12 months, all that was billed.", paid=formats.of(paid))
            if paid.value == rent.value
            else say(
                "Leases brought {paid} in 12 months, of {billed} billed.",
                paid=formats.of(paid),
                billed=formats.of(rent),
            )
        )
    gap = s.fact("turnover_days", who)
    if gap.value is not None:
        said.append(
            say("Between two leases {gap} passed on average, nights with guests included.", gap=formats.of(gap))
        )
    said += [
        none(
            "No {kind} is on file.",
            Proof(holds=True, facts=(fact.fact_id,)),
            kind=_lower(name_of(fact.dimensions["kind"])),
        )
        for fact in s.facts("licence_days_left", "kind", entity_id=who)
        if fact.qualified(Why.NOT_ON_FILE)
    ]
    return " ".join(said) or phrases.missing(gap, "Record leases and licenses.")


def _lower(name: str) -> str:
    return f"{name[:1].lower()}{name[1:]}"


def _ends(s: Selection, who: str) -> list[Fact]:
    """The ends of leases within the twelve months ahead."""
    facts = s.facts("cash_event", "day", "key", event="lease_ends", entity_id=None if who == GROUP else who)
    return sorted(facts, key=lambda f: (f.dimensions["day"], f.sort_key))


def _due(s: Selection, who: str) -> list[_Due]:
    """Ends of leases, expiries of licenses, and lodging tax, by day."""
    today = s.figures.report_date
    leases = ((say("Lease ends"), f.dimensions["day"], _a_month(f)) for f in _ends(s, who))
    licenses = (
        (_expiry(f, name_of(f.dimensions["kind"])), _on(today, f), Cell(NOTHING))
        for f in s.facts("licence_days_left", "kind", entity_id=who)
        if f.number is not None and f.number <= _AHEAD_DAYS
    )
    taxes = (
        (
            say("Lodging tax is due"),
            f.dimensions["due"],
            Cell(f.value, "cents", metric_id=f.metric_id, fact_id=f.fact_id),
        )
        for f in s.facts("tax_due", "due", kind="lodging", entity_id=None if who == GROUP else who)
        if f.number
    )
    return sorted(chain(leases, licenses, taxes), key=lambda row: row[1])


def _expiry(fact: Fact, name: str) -> str:
    return say("{license} expires", license=name) if (fact.number or 0) >= 0 else say("{license} expired", license=name)


def _a_month(fact: Fact) -> Cell:
    cell = Cell(abs(cents(fact)), "cents", metric_id=fact.metric_id, assumed=fact.assumed, fact_id=fact.fact_id)
    return replace(cell, after=say("a month"))


def _on(today: date, fact: Fact) -> str:
    return (today + timedelta(days=int(fact.number or 0))).isoformat()


def _calendar(due: list[_Due]) -> Table:
    return table(
        "Ends and due dates within a year",
        due[:MOST_ROWS],
        (
            day("Date", lambda row: row[1]),
            words("What", lambda row: row[0]),
            figures("Amount", lambda row: row[2]),
        ),
    )


def _terms(s: Selection, who: str) -> Table:
    turnover = s.fact("turnover_days", who)
    facts = [turnover, *s.facts("licence_days_left", "kind", entity_id=who)]

    def note(fact: Fact) -> str:
        if fact.number is None or not fact.dimensions:
            return phrases.reason(fact) or say("mean, including gaps with nightly stays")
        expiry = formats.day(s.figures.report_date + timedelta(days=int(fact.number)))
        return say("expires {day}", day=expiry) if fact.number >= 0 else say("expired {day}", day=expiry)

    return table(
        "Days between tenants, and days until the licenses expire, at the report date",
        [fact for fact in facts if fact.value is not None or fact.dimensions],
        (
            words("What", lambda f: name_of(f.dimensions["kind"]) if f.dimensions else say("Between two leases")),
            itself("Days", notes="never"),
            words("Note", note),
        ),
        empty=phrases.missing(turnover, "Record leases and licenses."),
    )


def _tax(s: Selection, who: str) -> Table:
    facts = [s.fact(metric_id, who) for metric_id in _TAXES]
    return table(
        "Lodging tax on stays by the night, to date",
        [fact for fact in facts if fact.value is not None],
        (words("Tax", lambda f: say(_TAXES[f.metric_id])), itself("Amount")),
        empty=phrases.missing(facts[0], "Record the tax in the ledger."),
    )
