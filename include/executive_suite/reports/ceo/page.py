"""The CEO's report: what is missing, what it puts at stake, and what to decide within thirty days."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action
from executive_suite.period import Month
from executive_suite.rendering.blocks import ActionList, Decision, FindingList, Kpi, Page
from executive_suite.reports import frame, monthly, phrases
from executive_suite.reports.ceo import register, sales
from executive_suite.reports.ceo.units import Units, units
from executive_suite.reports.selection import Selection

_MAIN = ("cash_balance", "cash_runway_months", "shortfalls_open", "pipeline_gap", "kpis_missing")
_OTHERS = 3
_CONTROL = "control_violation"
"""Findings whose reason needs the rule that is broken before it."""
_FORESEEN = 24
"""Months of runway of which the end is named: nobody believes a date further off."""
_DAYS_A_MONTH = Decimal("30.4375")


@dataclass(frozen=True, slots=True)
class CeoView:
    """What the CEO's template relies on."""

    page: Page
    shortfalls: FindingList
    agenda: ActionList
    units: Units
    pipeline: sales.Pipeline
    people: register.People
    kpis: register.Kpis
    assets: register.Assets


def view(s: Selection, base: Page) -> CeoView:
    """The CEO's report from the figures of a run."""
    page = replace(
        base,
        message=_message(s),
        kpis=(
            s.kpi("cash_balance"),
            s.kpi("cash_runway_months", target=s.fact("runway_floor"), target_is="floor"),
            monthly.against_budget(s, "segment_revenue", "Revenue", line="revenue"),
            monthly.kpi(s, "segment_contribution", "Contribution of the group"),
            s.kpi("pipeline_gap"),
            _shortfalls(s),
            _missing_kpis(s),
            s.kpi("equity_uncommitted_pct"),
        ),
        changes=frame.changes(
            s,
            "cash_balance",
            "pipeline_gap",
            "win_rate",
            "shortfalls_open",
            "kpis_missing",
            "equity_uncommitted_pct",
            "succession_coverage",
            "asset_equity",
        ),
        decisions=_decisions(s, base.reader),
    )
    return CeoView(
        page=page,
        shortfalls=s.findings(
            "Open shortfalls and those that cannot be told, worst first, with the evidence",
            "shortfall",
            empty="No critical shortfall is open.",
        ),
        agenda=phrases.scored(
            s.actions(
                "Ranked by severity and money at stake over effort",
                "thirty_day",
                most=20,
                empty=phrases.untold(s, "shortfall") or "Nothing is open.",
            )
        ),
        units=units(s),
        pipeline=sales.pipeline(s),
        people=register.people(s),
        kpis=register.kpis(s),
        assets=register.assets(s),
    )


def _shortfalls(s: Selection) -> Kpi:
    """How many rules fire; where some cannot be told, how many."""
    shown = s.kpi("shortfalls_open")
    rules = [f for f in s.figures.findings if f.kind == "shortfall"]
    missing = sum(f.outcome == "not_evaluable" for f in rules)
    if not missing:
        return shown
    return replace(shown, note=f"{missing} of {formats.counted(len(rules), 'rule')} cannot be told")


def _missing_kpis(s: Selection) -> Kpi:
    """How many KPIs cannot be told; none of none is no good news."""
    shown = s.kpi("kpis_missing")
    return replace(shown, tone="neutral", note="none is defined") if s.fact("kpis_defined").value == 0 else shown


def _message(s: Selection) -> tuple[str, ...]:
    """How long the cash lasts, against its floor; then what is broken, and what is left to sell."""
    cash, runway, floor = s.fact("cash_balance"), s.fact("cash_runway_months"), s.fact("runway_floor")
    length = f"lasts {_lasting(s, runway)}" if runway.value is not None else phrases.no_runway(s)
    if runway.value is not None and floor.value is not None:
        length += f", against a floor of {formats.of(floor)}"
    first = f"Cash of {formats.of(cash)} {length}." if cash.value is not None else phrases.told(s, *_MAIN)
    gap, weighted = s.fact("pipeline_gap"), s.fact("pipeline_weighted")
    if gap.value is not None:
        rest = f"is neither earned nor in the pipeline ({formats.of(weighted)})"
        return first, f"{_fired(s)}; {formats.of(gap)} of this year's revenue target {rest}."
    if weighted.value is not None:
        worth = f"the weighted pipeline is worth {formats.of(weighted)}"
        return first, f"{_fired(s)}; {worth}, the gap to target is {formats.NOT_AVAILABLE}: {gap.reason}."
    return first, f"{_fired(s)}; {phrases.coverage(s)}."


def _lasting(s: Selection, runway: Fact) -> str:
    """The runway with the month in which it ends, and the burn that it is reckoned with."""
    burn, months = s.fact("net_burn"), Decimal(str(runway.value))
    pace = f" at {formats.of_table(burn)} of burn a month" if burn.value is not None else ""
    if months > _FORESEEN:
        return f"{formats.of(runway)}{pace}"
    end = Month.of(s.figures.report_date + timedelta(days=int(months * _DAYS_A_MONTH)))
    return f"{formats.of(runway)}{pace}, into {formats.month(str(end))}"


def _fired(s: Selection) -> str:
    """How many of the rules for critical shortfalls fire."""
    fired = s.fact("shortfalls_open")
    if fired.value is None:
        return f"Critical shortfalls cannot be told: {_shortfalls(s).note or fired.reason}"
    every = sum(f.kind == "shortfall" for f in s.figures.findings)
    if fired.value == every:
        return f"All {formats.counted(every, 'critical shortfall')} are open"
    are = "is" if fired.value == 1 else "are"
    return f"{formats.of(fired)} of {formats.counted(every, 'critical shortfall')} {are} open"


def _decisions(s: Selection, reader: str) -> tuple[Decision, ...]:
    """What the agenda gives to the reader, then the three entries at its head that others own."""
    agenda = sorted((a for a in s.figures.actions if a.agenda == "thirty_day"), key=lambda a: a.rank)
    own = [a for a in agenda if a.owner == reader]
    others = [a for a in agenda if a.owner != reader][:_OTHERS]
    return tuple(_asked(s, action) for action in (*own, *others))


def _asked(s: Selection, action: Action) -> Decision:
    """An action as a decision: what, whose, by when, for how much; why is its one row of evidence, else the count."""
    finding = next((f for f in s.figures.findings if f.finding_id == action.action_id), None)
    why = action.details.get("why", "")
    if finding is not None:
        why = finding.evidence[0].text if len(finding.evidence) == 1 else finding.reason
        why = f"{phrases.sentence(finding.title)} {why}" if finding.kind == _CONTROL else why
    stake = formats.stake(action.at_stake_cents, action.at_stake_every)
    return Decision(
        phrases.sentence(action.title),
        phrases.sentence(why),
        action.owner,
        formats.day(action.due_on),
        f"{stake} at stake" if stake else "",
    )
