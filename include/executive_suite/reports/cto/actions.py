"""The CTO's section on engineering actions: the one order in which gaps are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.rendering.blocks import ActionList, Cell, Section, Table, section
from executive_suite.reports import lists, phrases
from executive_suite.reports.absence import Proof, left, none
from executive_suite.reports.cto import remedies
from executive_suite.reports.cto.security import open_findings
from executive_suite.reports.selection import Selection
from executive_suite.reports.tables.builder import near, table, words
from executive_suite.wording import say

MOST = 10


def actions(s: Selection) -> Section:
    """What to do, in order: each gap names its action by the number that it has here."""
    ranked = remedies.ranked(s)[:MOST]
    empty = phrases.unless(s.fact("engineering_action_score"), "Nothing is open.")
    return section(
        "Engineering actions, ranked",
        point=_point(s, ranked),
        covered=bool(ranked or open_findings(s)),
        rows={"actions": _listed(s, ranked, empty)},
        **({"order": _order(s, ranked)} if ranked else {}),
    )


def _point(s: Selection, ranked: Sequence[Action]) -> str:
    """What the order is, whom it lacks, and which gaps nobody plans to close."""
    bare = [gap for gap in open_findings(s) if remedies.against(s, gap.dimensions["finding"]) is None]
    names = phrases.some([phrases.capital(gap.dimensions["title"]) for gap in bare], 3)
    unplanned = (
        none(
            "No action yet: {names}. Plan one or accept the risk until a date.",
            Proof(bool(bare), tuple(gap.fact_id for gap in bare)),
            names=names,
        )
        if bare
        else ""
    )
    if not ranked:
        return " ".join(filter(None, (none("No open engineering action is on record.", left(ranked)), unplanned)))
    count = len(s.facts("engineering_action_rank", "action"))
    of = (
        say("{ranked} of {count}", ranked=formats.counted(len(ranked), "action"), count=formats.number(count))
        if count > len(ranked)
        else ""
    )
    summary = (
        say("The first {of}", of=of) if of else say("All {ranked}", ranked=formats.counted(len(ranked), "open action"))
    )
    summary += say(", most security and user value per day of work first.")
    unowned = [action for action in ranked if not all(remedies.terms(s, action))]
    if unowned:
        summary += none(
            " {unowned} {unowned_2} no owner or no date.",
            Proof(bool(unowned)),
            unowned=formats.number(len(unowned)),
            unowned_2=phrases.are(len(unowned), "has", "have"),
        )
    return f"{summary} {unplanned}".strip()


def _order(s: Selection, ranked: Sequence[Action]) -> Table:
    return table(
        "What to do, in order",
        ranked,
        (
            words("Action", lambda a: Cell(f"{a.rank}. {phrases.capital(a.title)}", assumed=a.assumed)),
            words("Work", remedies.effort),
            words("Owner", lambda a: remedies.terms(s, a)[0] or say(lists.NOBODY)),
            near("By", lambda a: remedies.due_on(s, a), s.figures.report_date, lists.NO_DATE),
        ),
    )


def _listed(s: Selection, ranked: Sequence[Action], empty: str) -> ActionList:
    """The first of the open actions with owner, date and score, and how many there are."""
    count = len(s.facts("engineering_action_rank", "action"))
    items = []
    for action in ranked:
        item, (owner, due) = lists.action_item(action), remedies.terms(s, action)
        items.append(replace(item, owner=owner or item.owner, due=due or item.due, status=remedies.effort(action)))
    order = say("open actions, by security impact and user value over effort")
    title = (
        say("The first {items} of {count} {order}", items=len(items), count=count, order=order)
        if items
        else phrases.capital(order)
    )
    return ActionList(title, tuple(items), empty)
