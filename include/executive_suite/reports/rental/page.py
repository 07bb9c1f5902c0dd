"""The audit of rented property: page one; its sections are in modules by topic."""

from __future__ import annotations

from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.rendering.blocks import Kpi, Page, View
from executive_suite.reports import audit, frame, page_picture, phrases, story
from executive_suite.reports.absence import none, unknown
from executive_suite.reports.kpis import kpi, monthly
from executive_suite.reports.rental import income, lease, letting, season, upkeep, value
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

KIND = "rental_concern"
EMPTY, SHORT, THIN = "occupancy_below_target", "financing_not_covered", income.BARELY_COVERED
_CHANGES = ("occupancy", "adr", "revpar", "net_operating_income", "maintenance_cost", "cap_rate")


def view(s: Selection, base: Page) -> View:
    """The audit from the figures of a run."""
    who = audit.whose(s, "net_operating_income")
    if who == GROUP:
        who = audit.whose(s, "occupancy")
    page = replace(
        base,
        message=_message(s, who),
        picture=page_picture.by_month(s, "revenue", who),
        kpis=_kpis(s, who),
        changes=frame.changes(s, *_CHANGES, entity_id=who),
        decisions=story.decisions(s, base.report),
    )
    return View(
        page,
        {
            "attention": audit.findings(s, KIND, base.reader),
            "value": value.value(s, who),
            "income": income.income(s, who),
            "occupancy": letting.occupancy(s, who),
            "season": season.season(s, who),
            "rent": upkeep.rent(s, who),
            "upkeep": upkeep.upkeep(s, who),
            "tenancy": lease.tenancy(s, who),
        },
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """How full the house is and whether that pays for its financing; then the worst concern of another kind."""
    sold, target = s.fact("occupancy", who), s.fact("occupancy_target", who)
    if sold.value is None:
        first = phrases.available_on_page(_kpis(s, who), say("occupancy is {sold}", sold=phrases.of(sold)))
    else:
        goal = (
            say("against a target of {target}", target=formats.of(target))
            if target.value is not None
            else none("with no target set", unknown(target))
        )
        first = say(
            "Occupancy was {sold} over 12 months, {goal}; {pays}.", sold=formats.of(sold), goal=goal, pays=_pays(s, who)
        )
    return (first, audit.lead(s, KIND, EMPTY, SHORT, THIN))


def _pays(s: Selection, who: str) -> str:
    """Whether income pays for the financing; if that is unknown, what a night costs the guest."""
    cover, asked = s.fact("property_debt_service_cover", who), _asked(s, who)
    if cover.value is None:
        return say("the average daily rate is {fact}", fact=phrases.of(s.fact("adr", who)))
    return say(
        "operating income covers the financing {cover}; lenders ask for {asked}",
        cover=formats.of(cover),
        asked=formats.of(asked),
    )


def _asked(s: Selection, who: str) -> Fact:
    """The cover that lenders ask for, as a fact to compare the cover on record with."""
    cover = s.fact("property_debt_service_cover", who)
    return replace(cover, value=audit.judged_by(s, THIN, "asked"), reason="")


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    cover, name = "property_debt_service_cover", say("Debt service cover")
    return (
        kpi(s, "occupancy", entity_id=who, target=s.fact("occupancy_target", who)),
        kpi(s, "adr", entity_id=who),
        monthly(s, "revenue", "Revenue", entity_id=who),
        kpi(s, "net_operating_income", "Operating income, 12 months", entity_id=who),
        kpi(s, cover, name, entity_id=who, target=_asked(s, who), target_is="lenders ask"),
        kpi(s, "property_value", entity_id=who),
        kpi(s, "cap_rate", entity_id=who),
        kpi(s, "rent_collection_rate", entity_id=who),
    )
