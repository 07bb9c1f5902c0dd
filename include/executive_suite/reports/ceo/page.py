"""The CEO's report: what is missing, what it puts at stake, and what to decide within thirty days."""

from __future__ import annotations

from dataclasses import dataclass, replace

from executive_suite.findings import Action
from executive_suite.rendering.blocks import ActionList, Decision, FindingList, Kpi, Page
from executive_suite.reports import frame, monthly, phrases, wording
from executive_suite.reports.ceo import business, register
from executive_suite.reports.selection import Selection

_MAIN = ("cash_balance", "cash_runway_months", "shortfalls_open", "pipeline_gap", "kpis_missing")
_OTHERS = 3


@dataclass(frozen=True, slots=True)
class CeoView:
    """What the CEO's template relies on."""

    page: Page
    shortfalls: FindingList
    agenda: ActionList
    units: business.Units
    pipeline: business.Pipeline
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
            monthly.kpi(s, "segment_contribution", "Contribution of the group"),
            s.kpi("pipeline_gap"),
            _shortfalls(s),
            _missing_kpis(s),
            s.kpi("equity_uncommitted_pct"),
            s.kpi("succession_coverage"),
        ),
        changes=frame.changes(
            s,
            "cash_balance",
            "pipeline_gap",
            "win_rate",
            "shortfalls_open",
            "kpis_missing",
            "equity_uncommitted_pct",
            "asset_equity",
        ),
        decisions=tuple(map(Decision, _decisions(s, base.reader))),
    )
    return CeoView(
        page=page,
        shortfalls=s.findings("What fires or cannot be told, worst first, with the evidence", "shortfall"),
        agenda=phrases.scored(
            s.actions(
                "Ranked by severity and money at stake over effort",
                "thirty_day",
                most=20,
                empty=phrases.untold(s, "shortfall") or "Nothing is open.",
            )
        ),
        units=business.units(s),
        pipeline=business.pipeline(s),
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
    return replace(shown, note=f"{missing} of {wording.counted(len(rules), 'rule')} cannot be told")


def _missing_kpis(s: Selection) -> Kpi:
    """How many KPIs cannot be told; none of none is no good news."""
    shown = s.kpi("kpis_missing")
    return replace(shown, tone="neutral", note="none is defined") if s.fact("kpis_defined").value == 0 else shown


def _message(s: Selection) -> tuple[str, ...]:
    """How long the cash lasts and how many shortfalls are open; then what is left to sell, against what is in hand."""
    cash, runway, fired = s.fact("cash_balance"), s.fact("cash_runway_months"), s.fact("shortfalls_open")
    floor = s.fact("runway_floor")
    length = f"lasts {wording.of(runway)}" if runway.value is not None else phrases.no_runway(s)
    if runway.value is not None and floor.value is not None:
        length += f", against a floor of {wording.of(floor)}"
    count = f"{wording.of(fired)} {fired.reason} for critical shortfalls fire"
    if fired.value is None:
        count = f"critical shortfalls cannot be told: {_shortfalls(s).note or fired.reason}"
    first = f"Cash of {wording.of(cash)} {length}; {count}."
    if cash.value is None:
        first = phrases.told(s, *_MAIN)
    gap, weighted = s.fact("pipeline_gap"), s.fact("pipeline_weighted")
    if gap.value is not None:
        rest = f"is neither earned nor covered by a pipeline of {wording.of(weighted)}"
        return (first, f"{wording.of(gap)} of this year's revenue target {rest}.")
    if weighted.value is not None:
        worth = f"The weighted pipeline is worth {wording.of(weighted)}"
        return (first, f"{worth}; the gap to target is {wording.NOT_AVAILABLE}: {gap.reason}.")
    return (first,)


def _decisions(s: Selection, reader: str) -> tuple[str, ...]:
    """What the agenda gives to the reader, then the three entries at its head that others own."""
    agenda = sorted((a for a in s.figures.actions if a.agenda == "thirty_day"), key=lambda a: a.rank)
    own = [a for a in agenda if a.owner == reader]
    others = [a for a in agenda if a.owner != reader][:_OTHERS]
    return tuple(_asked(s, action, reader) for action in (*own, *others))


def _asked(s: Selection, action: Action, reader: str) -> str:
    """An action as a decision: what, by when, whose, and the figure behind it."""
    due = f"by {wording.day(action.due_on)}"
    when = due if action.owner == reader else f"{action.owner}, {due}"
    reason = next((f.reason for f in s.figures.findings if f.finding_id == action.action_id), "")
    why = (reason or phrases.capital(action.details.get("why", ""))).rstrip(".")
    stake = "" if action.at_stake_cents is None else f", {wording.money(action.at_stake_cents)} at stake"
    return f"{phrases.capital(action.title)} ({when}). {why}{stake}."
