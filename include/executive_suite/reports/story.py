"""Page one's story: what the reader must know, and what the reader has to decide, in the one order of all reports."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision, Page
from executive_suite.rendering.reading import MOST_ON_PAGE_ONE, on_page_one
from executive_suite.reports import lists, phrases, sharing
from executive_suite.reports.selection import Selection

MOST_DECISIONS = 5
_ASKED = 7
"""Of the one list: what page one has no room for comes right after it."""
_MOST_SENTENCES = 9
"""Of signals: more are a list that nobody reads."""


def composed(s: Selection, page: Page) -> Page:
    """Page one in at most 220 words: the headline, what else the reader must know, and what there is to decide.

    What a page must have comes first: three decisions and its share of the signals. Then, as long as there is room, up
    to five decisions, further signals, and what the report itself says.
    """
    report = page.report
    read = [one for one in s.figures.signals if report in one.readers]
    said = sharing.asked(read, lists.agenda(s, lists.EVERYTHING), report)
    order = {one.signal_id: one for one in read if one.signal_id not in said}
    shared = _shared(s)
    must = [name for name in shared.get(report, ()) if name in order]
    own = [line for line in page.message if line]
    made = _told(page, [order[name] for name in must], own, sharing.LEAST_DECISIONS, len(order) - len(must))
    while must and _long(made):
        guests = [name for name in must if sharing.home(order[name], shared) != report]
        must.remove((guests or must)[-1])
        made = _told(page, [order[name] for name in must], own, sharing.LEAST_DECISIONS, len(order) - len(must))
    shown, count = set(must), sharing.LEAST_DECISIONS
    for wider in (sharing.LEAST_DECISIONS + 1, MOST_DECISIONS):
        longer = _told(page, [one for name, one in order.items() if name in shown], own, wider, len(order) - len(shown))
        if not _long(longer):
            made, count = longer, wider
    for name in order:
        chosen = [one for other, one in order.items() if other in shown or other == name]
        longer = _told(page, chosen, own, count, len(order) - len(chosen))
        if not _long(longer) and len(longer.headlines) < _MOST_SENTENCES:
            made, shown = longer, {*shown, name}
    rest = [one for name, one in order.items() if name not in shown]
    unsaid = [line for line in own if line not in (*made.message, *made.headlines)]
    return replace(made, rest=(*sentences(rest), *unsaid), later=page.decisions[len(made.decisions) :])


def _shared(s: Selection) -> Mapping[str, tuple[str, ...]]:
    made = s.figures.reports or sorted({reader for one in s.figures.signals for reader in one.readers})
    return sharing.shares(s.figures.signals, made, lists.agenda(s, lists.EVERYTHING))


def _told(page: Page, shown: Sequence[Signal], own: Sequence[str], decisions: int, more: int) -> Page:
    """The page with some signals, and what the report says itself in place of a headline or after the others."""
    told = sentences(shown)
    lead, *others = told or own or ("",)
    made = replace(
        page,
        message=(lead,) if lead else (),
        headlines=tuple(others),
        decisions=page.decisions[:decisions],
        more=f"{formats.number(more)} more below." if more else "",
    )
    extra = replace(made, headlines=(*others, *own[:1])) if told else made
    return extra if told and own and not _long(extra) else made


def _long(page: Page) -> bool:
    return on_page_one(page) > MOST_ON_PAGE_ONE


def sentences(signals: Sequence[Signal]) -> tuple[str, ...]:
    """Signals in sentences, in their order.

    A signal follows its cause in the same sentence, where a declared link and the dates allow one.
    """
    by_id = {one.signal_id: one for one in signals}
    paths = {name: (*sharing.causes(one, by_id), name) for name, one in by_id.items()}
    chains: dict[str, list[str]] = {}
    for name in sorted(by_id, key=lambda one: len(paths[one])):
        chains.setdefault(paths[name][0], []).append(by_id[name].headline)
    heads = dict.fromkeys(path[0] for path in paths.values())
    return tuple(phrases.sentence(" \u2192 ".join(chains[head])) for head in heads)


def agenda(s: Selection, report: str) -> list[Action]:
    """The reader's share of the one list of what to do."""
    return [action for action in lists.agenda(s, lists.EVERYTHING) if report in action.readers]


def decisions(s: Selection, report: str, own: Iterable[Decision] = ()) -> tuple[Decision, ...]:
    """What the reader has to decide: the first of the one list, then what only this report asks."""
    again = {one.action_id: one for one in s.figures.signals if one.kind == "decision_open"}
    return (*(_asked(s, action, again) for action in agenda(s, report)[:_ASKED]), *own)


def _asked(s: Selection, action: Action, again: Mapping[str, Signal]) -> Decision:
    """An action as a decision, justified by its one row of evidence, else by the reason of its finding."""
    finding = next((f for f in s.figures.findings if f.finding_id == action.action_id), None)
    why = action.details.get("why", "")
    if finding is not None:
        why = lists.evidence_in_short(finding)
        # The reason of a control rule only counts exceptions, so the rule goes in front.
        why = f"{phrases.sentence(finding.title)} {why}" if finding.kind == "control_violation" else why
    times = int(action.details.get("asked") or 0)
    if times:
        why = f"{phrases.sentence(why)} Asked {times + 1} times since {formats.day(action.details['asked_since'])}."
    asked = again.get(action.action_id)
    return Decision(
        phrases.sentence(asked.headline if asked else action.title),
        phrases.sentence(why),
        action.owner,
        formats.near(action.due_on),
        _stake(action),
        action.action_id,
    )


def _stake(action: Action) -> str:
    """Money at stake in as few words as there are."""
    amount = formats.stake(action.at_stake_cents, action.at_stake_every)
    return f"{amount} (an estimate)" if amount and action.estimated else amount
