"""The audit of rented property: page one; ``value``, ``letting`` and ``upkeep`` make its sections."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.rendering.blocks import ActionList, FindingList, Kpi, Page
from executive_suite.reports import audit, frame
from executive_suite.reports.rental.letting import Occupancy, Season, occupancy, season
from executive_suite.reports.rental.upkeep import Rent, Tenancy, Upkeep, rent, tenancy, upkeep
from executive_suite.reports.rental.value import Income, Value, income, value
from executive_suite.reports.selection import Selection

KIND = "rental_concern"
EMPTY, SHORT, THIN = "occupancy_below_target", "financing_not_covered", "financing_barely_covered"


@dataclass(frozen=True, slots=True)
class RentalView:
    """What the template relies on; each field is the section that it is named after."""

    page: Page
    attention: FindingList
    agenda: ActionList
    value: Value
    income: Income
    rent: Rent
    upkeep: Upkeep
    season: Season
    occupancy: Occupancy
    tenancy: Tenancy


def view(s: Selection, base: Page) -> RentalView:
    """The audit from the figures of a run."""
    who = audit.whose(s, "net_operating_income")
    if who == "group":
        who = audit.whose(s, "occupancy")
    page = replace(
        base,
        message=_message(s, who),
        kpis=_kpis(s, who),
        changes=frame.changes(
            s, "occupancy", "adr", "revpar", "net_operating_income", "maintenance_cost", "cap_rate", entity_id=who
        ),
        decisions=audit.decisions(s, KIND),
    )
    return RentalView(
        page=page,
        attention=audit.listed(s, KIND, base.reader),
        agenda=audit.agenda(s, KIND, base.reader),
        value=value(s, who),
        income=income(s, who),
        rent=rent(s, who),
        upkeep=upkeep(s, who),
        season=season(s, who),
        occupancy=occupancy(s, who),
        tenancy=tenancy(s, who),
    )


def _message(s: Selection, who: str) -> tuple[str, ...]:
    """How full the house is and whether that pays for its financing; then the worst concern of another kind."""
    sold, target = s.fact("occupancy", who), s.fact("occupancy_target", who)
    if sold.value is None:
        first = audit.told(_kpis(s, who), f"occupancy: {audit.note(sold)}")
        return (first, audit.lead(s, KIND, EMPTY, SHORT, THIN))
    goal = f"against a target of {formats.of(target)}" if target.value is not None else "with no target set"
    first = f"Occupancy of {formats.of(sold)} over twelve months, {goal}; {_pays(s, who)}."
    return (first, audit.lead(s, KIND, EMPTY, SHORT, THIN))


def _pays(s: Selection, who: str) -> str:
    """Whether income pays for the financing; where that cannot be told, what a night costs the guest."""
    cover, asked = s.fact("property_debt_service_cover", who), _asked(s, who)
    if cover.value is None:
        return f"average daily rate {formats.of(s.fact('adr', who))}"
    return f"operating income covers the financing {formats.of(cover)}, where lenders ask for {formats.of(asked)}"


def _asked(s: Selection, who: str) -> Fact:
    """The cover that lenders ask for, as a fact that the cover on record is compared with."""
    cover = s.fact("property_debt_service_cover", who)
    return replace(cover, value=audit.judged_by(s, THIN, "asked"), reason="")


def _kpis(s: Selection, who: str) -> tuple[Kpi, ...]:
    return (
        s.kpi("occupancy", entity_id=who, target=s.fact("occupancy_target", who)),
        s.kpi("adr", entity_id=who),
        s.kpi("revpar", entity_id=who),
        s.kpi("net_operating_income", entity_id=who),
        s.kpi(
            "property_debt_service_cover",
            "Debt service cover",
            entity_id=who,
            target=_asked(s, who),
            target_is="lenders ask",
        ),
        s.kpi("cap_rate", entity_id=who),
        s.kpi("property_value", entity_id=who),
        s.kpi("rent_collection_rate", entity_id=who),
    )
