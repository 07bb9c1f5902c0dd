"""The portfolio section on revenue recognized on contracts, by month, by tier and by billing model."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.rendering.blocks import Chart, Section, Table, section
from executive_suite.reports import months, phrases, pictures
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.lean import lean, shown
from executive_suite.wording import noted, say

_REVENUE = "revenue_by_tier"
_OBLIGATIONS = noted("Record the performance obligations of each contract.")


def revenue(s: Selection, who: str) -> Section:
    """The section on revenue recognized on contracts, by month, by tier and by billing model."""
    return section(
        "Revenue recognized by client tier",
        covered=s.fact(_REVENUE, who).value is not None,
        point=_earned(s, who),
        rows={"full": _by(s, who, "tier", say("Tier")), "models": _by(s, who, "billing_model", say("Billing model"))},
        **shown(chart=_recognized(s, who), tiers=lean(_by(s, who, "tier", say("Tier"), shares=False))),
    )


def _earned(s: Selection, who: str) -> str:
    """The revenue of a year against the year before, and the tier with most of it."""
    whole = s.fact(_REVENUE, who)
    if whole.value is None:
        return phrases.missing(whole, _OBLIGATIONS)
    compared = months.compared(cents(whole), months.total(s, _REVENUE, who, back=months.YEAR))
    said = say("{whole} was recognized in 12 months{compared}", whole=formats.of(whole), compared=compared)
    tiers = s.facts(_REVENUE, "tier", entity_id=who)
    if cents(whole) <= 0 or not tiers:
        return f"{said}."
    most = max(tiers, key=lambda f: (cents(f), f.dimensions["tier"]))
    part = formats.share(Decimal(cents(most)) / cents(whole))
    return say(
        "{said}; tier {tier} brought {part} of it.", said=said, tier=phrases.quoted(most.dimensions["tier"]), part=part
    )


def _recognized(s: Selection, who: str) -> Chart:
    known = [fact for fact in s.months(_REVENUE, months.YEAR, who) if fact.number is not None]
    whole, found = s.fact(_REVENUE, who), ""
    if whole.value is not None and known:
        before = months.year_before(s, known[-1])
        ago = say(", after {before} a year earlier", before=formats.of(before)) if before.value is not None else ""
        found = say(
            "{period} brought {known}{ago}.",
            period=formats.month(known[-1].period),
            known=formats.of(known[-1]),
            ago=ago,
        )
    return pictures.by_month(
        s,
        "recognized",
        "Revenue recognized on contracts",
        known,
        instead=say("Revenue by tier is {whole}", whole=phrases.of(whole)),
        finding=found,
        with_year_before=True,
    )


def _by(s: Selection, who: str, dimension: str, head: str, *, shares: bool = True) -> Table:
    whole = s.fact(_REVENUE, who)
    return months.by_part(
        s,
        whole,
        dimension,
        title=say(
            "Revenue recognized on client contracts by {lower}, latest 12 complete months and the 12 before, actual",
            lower=head.lower(),
        ),
        head=head,
        name=str.capitalize,
        total_name="All contracts",
        empty=phrases.missing(whole, _OBLIGATIONS),
        shares=shares,
    )
