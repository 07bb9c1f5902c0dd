"""What the CMO is asked to decide, and the order to list travel agencies in; from the agendas and the plan."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import ActionList, Decision
from executive_suite.reports import phrases
from executive_suite.reports.cmo import plan
from executive_suite.reports.selection import Selection

_NAMED = 3
"""KPIs without an input that a decision names; of the rest it gives the number."""


def sequence(s: Selection) -> list[Action]:
    """The travel agencies to list with, in order."""
    return sorted((a for a in s.figures.actions if a.agenda == "ota_sequence"), key=lambda a: (a.rank, a.action_id))


def decisions(s: Selection) -> tuple[Decision, ...]:
    """List what is eligible, clear what blocks the rest, mail or not, mend the funnel, close gaps of measurement."""
    found = [*_listing(s), *_mailing(s), *_mending(s)]
    missing = [f.dimensions["name"] for f in plan.missing_kpis(s)]
    if missing:
        more = len(missing) - _NAMED
        names = phrases.series([*missing[:_NAMED], *([f"{more} more"] if more > 0 else [])])
        has = "has" if len(missing) == 1 else "have"
        what = f"Start to measure: {formats.counted(len(missing), 'KPI')} of this report {has} no input."
        found.append(Decision(what, f"{names}."))
    return tuple(found)


def _listing(s: Selection) -> Iterator[Decision]:
    """Travel agencies: those that can be listed now, then what the others wait for."""
    ready = [a for a in sequence(s) if a.status == "eligible"]
    blocked = [a for a in sequence(s) if a.status != "eligible"]
    if ready:
        agreed = _agenda_by_channel(s).get(ready[0].action_id)
        yield Decision(
            f"List now: {phrases.series([a.title for a in ready])}.",
            "They need no further document." if len(ready) > 1 else "It needs no further document.",
            agreed.owner if agreed else "",
            formats.day(agreed.due_on) if agreed else "",
            _worth(ready),
        )
    if blocked:
        paper = blocked[0].status.removeprefix("blocked: ").removesuffix(" missing")
        why = f"It blocks {phrases.series([a.title for a in blocked])}."
        yield Decision(f"Get the {paper}.", why, stake=_worth(blocked))


def _worth(agencies: list[Action]) -> str:
    return f"{formats.money(sum(a.at_stake_cents or 0 for a in agencies))} net a month expected"


def _mailing(s: Selection) -> Iterator[Decision]:
    """Whether to send the mailing, by when the plan has it, for how much."""
    low, high = (s.fact("campaign_bookings", scenario=name) for name in ("low", "high"))
    if s.fact("campaign_gross_value", scenario="high").value is None:
        return
    why = f"Sending costs {s.text('campaign_send_cost')}, labour not counted"
    if low.value is not None and high.value is not None:
        why += f"; {formats.of(low)} to {formats.of(high)} bookings are to be expected"
    due = next((f.dimensions["due_on"] for f in plan.pending(s) if f.dimensions["target"].startswith("emails")), "")
    yield Decision("Send the mailing or drop it.", f"{why}.", due=formats.day(due) if due else "")


def _mending(s: Selection) -> Iterator[Decision]:
    """What the thirty-day agenda has against a broken funnel."""
    for finding in s.figures.findings:
        action = phrases.agreed(s).get(finding.finding_id)
        if action is not None and any(row.table == "funnel_event" for row in finding.evidence):
            what = phrases.sentence(action.title)
            yield Decision(what, phrases.sentence(finding.evidence[0].text), action.owner, formats.day(action.due_on))


def listings(s: Selection) -> ActionList:
    """The order of listing; what each is worth is worth that every month."""
    empty = phrases.nothing(s.fact("channels_live"), "No travel agency is left to list with.")
    title = "What can go live today first, then expected net per set-up day"
    ranked = s.actions(title, "ota_sequence", empty=empty)
    agenda = _agenda_by_channel(s)
    items = []
    for item, action in zip(ranked.items, sequence(s), strict=False):
        net = formats.stake(action.at_stake_cents)
        worth = replace(item, at_stake=f"{net} net a month") if net else item
        other = agenda.get(action.action_id)
        ready = other is not None and action.status == "eligible"
        items.append(phrases.taken(worth, action, other) if ready and other is not None else worth)
    return replace(ranked, items=tuple(items))


def _agenda_by_channel(s: Selection) -> dict[str, Action]:
    """Channels that a finding of the thirty-day agenda rests on, with what the agenda says of them."""
    agenda = phrases.agreed(s)
    return {
        row.key["channel_id"]: agenda[finding.finding_id]
        for finding in s.figures.findings
        if finding.finding_id in agenda
        for row in finding.evidence
        if "channel_id" in row.key
    }
