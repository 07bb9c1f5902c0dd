"""The portfolio section on revenue recognized on contracts, by month, by tier and by billing model."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.rendering.blocks import Chart, Section, Table, section
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.lean import lean, shown

_REVENUE = "revenue_by_tier"
_OBLIGATIONS = "Record the performance obligations of each contract."


def revenue(s: Selection, who: str) -> Section:
    """The section on revenue recognized on contracts, by month, by tier and by billing model."""
    return section(
        "Revenue recognized by client tier",
        covered=s.fact(_REVENUE, who).value is not None,
        point=_earned(s, who),
        rows={"full": _by(s, who, "tier", "Tier"), "models": _by(s, who, "billing_model", "Billing model")},
        **shown(chart=_recognized(s, who), tiers=lean(_by(s, who, "tier", "Tier", shares=False))),
    )


def _earned(s: Selection, who: str) -> str:
    """The revenue of a year against the year before, and the tier with most of it."""
    whole = s.fact(_REVENUE, who)
    if whole.value is None:
        return phrases.missing(whole, _OBLIGATIONS)
    compared = months.compared(cents(whole), months.total(s, _REVENUE, who, back=months.YEAR))
    said = f"{formats.of(whole)} was recognized in 12 months{compared}"
    tiers = s.facts(_REVENUE, "tier", entity_id=who)
    if cents(whole) <= 0 or not tiers:
        return f"{said}."
    most = max(tiers, key=lambda f: (cents(f), f.dimensions["tier"]))
    part = formats.share(Decimal(cents(most)) / cents(whole))
    return f"{said}; tier {phrases.quoted(most.dimensions['tier'])} brought {part} of it."


def _recognized(s: Selection, who: str) -> Chart:
    known = [fact for fact in s.months(_REVENUE, months.YEAR, who) if fact.number is not None]
    whole, found = s.fact(_REVENUE, who), ""
    if whole.value is not None and known:
        before = months.year_before(s, known[-1])
        ago = f", after {formats.of(before)} a year earlier" if before.value is not None else ""
        found = f"{formats.month(known[-1].period)} brought {formats.of(known[-1])}{ago}."
    return pictures.by_month(
        s,
        "recognized",
        "Revenue recognized on contracts",
        known,
        instead=f"Revenue by tier is {phrases.of(whole)}",
        finding=found,
        with_year_before=True,
    )


def _by(s: Selection, who: str, dimension: str, head: str, *, shares: bool = True) -> Table:
    whole = s.fact(_REVENUE, who)
    return months.by_part(
        s,
        whole,
        dimension,
        title=f"Revenue recognized on client contracts by {head.lower()}, latest 12 complete months and the 12 before, "
        "actual",
        head=head,
        name=str.capitalize,
        total_name="All contracts",
        empty=phrases.missing(whole, _OBLIGATIONS),
        shares=shares,
    )
