"""The CTO's sections on UX and release gaps, each with its fix, and on delivery performance."""

from __future__ import annotations

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import Fact, Why
from executive_suite.facts.findings import Finding
from executive_suite.rendering.blocks import NOTHING, Cell, Section, Table, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import none, zero
from executive_suite.reports.cto import remedies
from executive_suite.reports.cto.security import open_findings
from executive_suite.reports.selection import Selection, cents
from executive_suite.reports.tables.builder import Col, figures, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_CAPABILITIES = "delivery_capability_gaps_open"
_DORA = (
    "deployment_frequency",
    "change_lead_time_hours",
    "change_fail_rate",
    "failed_deployment_recovery_hours",
    "rework_rate",
)


def users(s: Selection) -> Section:
    """The section on UX gaps."""
    empty = phrases.unless(s.fact("ux_gaps_open"), "No UX shortfall is open.")
    title = say("UX shortfalls, oldest first, at the report date")
    count = s.fact("ux_gaps_open")
    return section(
        "UX shortfalls",
        point=_point(s, count, say("UX shortfall"), empty),
        covered=count.value is not None,
        rows={"gaps": _table(s, title, "ux_gap", empty)},
        **_brief(s, say("Open UX shortfalls, in the order of their actions"), "ux_gap"),
    )


def release(s: Selection) -> Section:
    """The section on releases."""
    empty = phrases.unless(s.fact(_CAPABILITIES), "Every required capability is deployed.")
    title = say("Missing release capabilities, at the report date")
    gaps = _table(s, title, "delivery_gap", empty)
    point = _point(s, s.fact(_CAPABILITIES), say("release capability"), empty, "missing")
    return section(
        "Release gaps and delivery performance",
        point=" ".join(filter(None, (point, _performance(s)))),
        covered=any(s.fact(name).value is not None for name in (_CAPABILITIES, _DORA[0])),
        rows={"gaps": gaps, "dora": _dora(s)},
        **_brief(s, say("Missing release capabilities, in the order of their actions"), "delivery_gap"),
    )


def _point(s: Selection, count: Fact, noun: str, empty: str, state: str = "open") -> str:
    """How many gaps of a kind are open, and how many somebody accepted."""
    accepted = remedies.accepted(s.fact(count.metric_id, state="accepted"))
    if not count.value:
        return " ".join(filter(None, (empty, accepted)))
    summary = f"{formats.counted(count.value, noun)} {phrases.are(count.value)} {state}"
    before = s.prior(count)
    if before is not None and before.value is not None:
        summary += (
            say(", the same as in the previous report")
            if before.value == count.value
            else say(", after {before}", before=formats.of(before))
        )
    return " ".join(filter(None, (f"{summary}.", accepted)))


def _performance(s: Selection) -> str:
    """How often is released, and how often that fails."""
    often, failed = s.fact("deployment_frequency"), s.fact("change_fail_rate")
    if often.value is None:
        return ""
    if not often.value:
        return none("Nothing was released in 12 weeks.", zero(often))
    fails = say("; {failed} of releases failed", failed=formats.of(failed)) if failed.value is not None else ""
    return say(
        "{number} releases a week over 12 weeks{fails}.", number=formats.number(often.number or 0, 2), fails=fails
    )


def _brief(s: Selection, title: str, kind: str) -> dict[str, Table]:
    """The gaps of a kind with their actions, for the body; nothing if none is open."""
    ages = {fact.dimensions["finding"]: fact for fact in open_findings(s)}
    found = [(finding, _registered_as(s, finding)) for finding in lists.of_kind(s, kind)]
    found.sort(key=lambda pair: (remedies.place(s, pair[1]), pair[0].finding_id))
    made = first(
        table(
            title,
            found,
            (
                words("Gap", lambda pair: Cell(phrases.capital(pair[0].title), assumed=pair[0].assumed)),
                words("Where", lambda pair: s.entity(pair[0].entity_id)),
                figures("Open", lambda pair: ages.get(pair[1], Cell(NOTHING))),
                words("Action", lambda pair: remedies.brief(s, pair[1])),
            ),
        ),
    )
    return {"short": made} if found else {}


def _registered_as(s: Selection, finding: Finding) -> str:
    """The id of the registered finding behind a gap: the gap's own, or the one about a missing capability."""
    capability = s.fact(_CAPABILITIES, capability=finding.finding_id)
    if capability.qualifier is not None and capability.qualified(Why.REGISTERED):
        return capability.qualifier.subject
    return finding.finding_id


def _table(s: Selection, title: str, kind: str, empty: str) -> Table:
    """Findings of a kind: age, value to users, fix and evidence of each."""
    ages = {fact.dimensions["finding"]: fact for fact in open_findings(s)}
    found = [(finding, _registered_as(s, finding)) for finding in lists.of_kind(s, kind)]
    found.sort(key=lambda pair: (-cents(ages[pair[1]]) if pair[1] in ages else 0, pair[0].finding_id))

    def value(pair: tuple[Finding, str]) -> str:
        action = remedies.against(s, pair[1])
        worth = action.details.get("user_value", "") if action is not None else ""
        return say("{worth} of 10", worth=worth) if worth else NOTHING

    return table(
        title,
        found,
        (
            words("Gap", lambda pair: Cell(phrases.capital(pair[0].title), assumed=pair[0].assumed)),
            words("Where", lambda pair: s.entity(pair[0].entity_id)),
            figures("Open", lambda pair: ages.get(pair[1], Cell(NOTHING))),
            figures("User value", lambda pair: Cell(value(pair))),
            words("Fix", lambda pair: remedies.closing(s, pair[1], pair[0].finding_id)),
        ),
        empty=empty,
    )


def _dora(s: Selection) -> Table:
    """Delivery performance, over all stacks and, if there are several, by stack."""
    stacks = sorted({fact.dimensions["stack"] for fact in s.facts("deployment_frequency", "stack")})

    def column(stack: str) -> Col[str]:
        return figures(stack, lambda metric_id: s.fact(metric_id, stack=stack))

    return table(
        "Delivery performance (DORA), 12 weeks to the report date, actual",
        _DORA,
        (
            words("Measure", lambda metric_id: Cell(say(definition_of(metric_id).name), metric_id=metric_id)),
            figures("All stacks", s.fact),
            *(map(column, stacks) if len(stacks) > 1 else ()),
        ),
        note=say("All releases are on {stacks}.", stacks=stacks[0]) if len(stacks) == 1 else "",
        fixed=True,
    )
