"""The CMO's decisions, and the order in which to list on travel agencies; from the agendas and the plan."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.fact import Why
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import ActionList, Decision, Section, Table, Tone, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import Proof, left, none
from executive_suite.reports.cmo import plan
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables import cells
from executive_suite.reports.tables.builder import figures, near, table, words
from executive_suite.reports.tables.lean import first
from executive_suite.wording import say

_NAMED = 3
"""KPIs without an input that a decision names; the others are counted."""
_MOST = 10


def sequence(s: Selection) -> list[Action]:
    """The travel agencies to list on, in order."""
    return lists.agenda(s, "ota_sequence")


def decisions(s: Selection) -> tuple[Decision, ...]:
    """What only the CMO decides: get what blocks listings, decide the mailing, measure missing KPIs."""
    found = [*_blocking(s), *_mailing(s)]
    missing = [fact.dimensions["name"] for fact in plan.missing_kpis(s)]
    if missing:
        more = len(missing) - _NAMED
        names = formats.series([*missing[:_NAMED], *([say("{more} more", more=more)] if more > 0 else [])])
        has = phrases.are(len(missing), "has", "have")
        what = none(
            "Start measuring {missing} of this report that {has} no input.",
            Proof(bool(missing), tuple(fact.fact_id for fact in plan.missing_kpis(s))),
            missing=formats.counted(len(missing), "KPI"),
            has=has,
        )
        found.append(Decision(what, f"{names}."))
    return tuple(found)


def _blocked(s: Selection, action: Action) -> bool:
    """Whether a document is missing for a listing."""
    return s.fact("ota_rank", channel=action.action_id).qualified(Why.BLOCKED)


def _blocking(s: Selection) -> Iterator[Decision]:
    """The document that blocks travel agencies."""
    blocked = [action for action in sequence(s) if _blocked(s, action)]
    if blocked:
        paper = blocked[0].details.get("requires", say("missing document"))
        yield Decision(
            say("Get the {paper}.", paper=paper),
            say("It blocks {blocked}.", blocked=_names(blocked)),
            stake=_worth(blocked),
        )


def _names(agencies: Sequence[Action]) -> str:
    return formats.series([action.title for action in agencies])


def _worth(agencies: Sequence[Action]) -> str:
    return say("{sum} net a month expected", sum=formats.money(sum(action.at_stake_cents or 0 for action in agencies)))


def _mailing(s: Selection) -> Iterator[Decision]:
    """Whether to send the mailing, and by when according to the plan."""
    low, high = (s.fact("campaign_bookings", scenario=name) for name in ("low", "high"))
    if s.fact("campaign_gross_value", scenario="high").value is None:
        return
    why = say("Sending costs {text}, labor not counted", text=s.text("campaign_send_cost"))
    if low.value is not None and high.value is not None:
        why += say("; {low} to {high} bookings are expected", low=formats.of(low), high=formats.of(high))
    due = next((f.dimensions["due_on"] for f in plan.pending(s) if plan.measure_of(f)[0] == plan.MAILED), "")
    day = formats.day(due) if due else ""
    yield Decision(
        say("Approve the mailing{value}, or drop it.", value=say(" by {day}", day=day) if day else ""),
        f"{why}.",
        due=day,
    )


def listings(s: Selection) -> ActionList:
    """The order of listing, each with the monthly net expected."""
    agencies = s.facts("channel_status", "channel", "name", "type", type="ota")
    unlisted = [fact for fact in agencies if fact.value != "live"]
    live = s.fact("channels_live")
    empty = (
        phrases.unless(live, "No travel agency is left to list on.", left(unlisted))
        if agencies
        else phrases.unless(live, "The records name no travel agency to list on.", left(agencies))
    )
    if unlisted:
        names = formats.series([fact.dimensions["name"] for fact in unlisted])
        empty = say("What listing on {names} would bring is not recorded.", names=names)
    agenda, items = _agenda_by_channel(s), []
    for action in sequence(s)[:_MOST]:
        item = lists.action_item(action)
        net = formats.stake(action.at_stake_cents)
        item = replace(item, at_stake=say("{net} net a month", net=net)) if net else item
        other = agenda.get(action.action_id)
        items.append(lists.lent(item, action, other) if other is not None and not _blocked(s, action) else item)
    return ActionList("Listings that can go live today first, then by expected net per set-up day", tuple(items), empty)


def sequenced(s: Selection) -> Section:
    """The order in which to list on travel agencies, and what the blocked ones wait for."""
    found = sequence(s)
    listed = listings(s)
    return section(
        "OTA sequence: the order to list travel agencies in",
        point=_point(s, found) or listed.empty,
        covered=s.fact("channels_live").value is not None,
        rows={"listings": listed},
        **({"order": _order(s, found)} if found else {}),
    )


def _point(s: Selection, found: Sequence[Action]) -> str:
    """Which agencies can be listed on today, and what each group is expected to bring."""
    ready = [action for action in found if not _blocked(s, action)]
    waiting = [action for action in found if _blocked(s, action)]
    parts = []
    if ready:
        parts.append(say("List on {ready} now: {ready_2}.", ready=_names(ready), ready_2=_worth(ready)))
    if waiting:
        paper = waiting[0].details.get("requires", say("missing document"))
        wait = phrases.are(len(waiting), "waits", "wait")
        parts.append(
            say(
                "{waiting} {wait} for the {paper}: {waiting_2}.",
                waiting=_names(waiting),
                wait=wait,
                paper=paper,
                waiting_2=_worth(waiting),
            )
        )
    return " ".join(parts)


def _order(s: Selection, found: Sequence[Action]) -> Table:
    agenda = _agenda_by_channel(s)

    def lent(action: Action) -> Action | None:
        return None if _blocked(s, action) else agenda.get(action.action_id)

    def owner(action: Action) -> str:
        other = lent(action)
        return action.owner or (other.owner if other else "") or say(lists.NOBODY)

    def due(action: Action) -> str:
        other = lent(action)
        return action.due_on or (other.due_on if other else "")

    return first(
        table(
            "Order of listing",
            found,
            (
                words("Agency", lambda a: f"{a.rank}. {a.title}"),
                figures("Net a month", lambda a: cells.money(a.at_stake_cents)),
                words("Ready", lambda a: "waits" if _blocked(s, a) else "yes", tone=lambda a: _tone(s, a)),
                words("Owner", owner),
                near("By", due, s.figures.report_date, lists.NO_DATE),
            ),
        ),
    )


def _tone(s: Selection, action: Action) -> Tone:
    return "watch" if _blocked(s, action) else "neutral"


def _agenda_by_channel(s: Selection) -> dict[str, Action]:
    """Channels in the evidence of findings on the thirty-day agenda, with the agenda's action."""
    agenda = lists.thirty_day(s)
    return {
        row.key["channel_id"]: agenda[finding.finding_id]
        for finding in s.figures.findings
        if finding.finding_id in agenda
        for row in finding.evidence
        if "channel_id" in row.key
    }
