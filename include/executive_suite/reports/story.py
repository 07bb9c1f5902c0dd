"""Page one's story: what the reader must know, and what the reader has to decide, in the one order of all reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace

from executive_suite import formats
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal
from executive_suite.rendering.blocks import Decision, Page
from executive_suite.rendering.reading import most_on_page_one, on_page_one
from executive_suite.reports import lists, phrases, sharing
from executive_suite.reports.selection import Selection
from executive_suite.wording import say

MOST_DECISIONS = 5
_ASKED = 9
"""Of the one list: what page one has no room for comes right after it."""
_MOST_SENTENCES = 9
"""Of signals: more are a list that nobody reads."""


def composed(s: Selection, page: Page) -> Page:
    """Page one in at most 220 words: the headline, what else the reader must know, and what there is to decide.

    What a page must have comes first: three decisions and its share of the signals. As long as there is room, what
    happens is written into the picture, too; further signals that call for an act follow, then up to five decisions,
    other signals, and what the report itself says.
    """
    draft = _Draft(s, page)
    while draft.long and draft.give_up():
        pass
    draft.illustrate()
    draft.add(one for one in draft.read.values() if one.severity == "act")
    draft.decide()
    draft.add(draft.read.values())
    return draft.finished()


class _Draft:
    """A page one while it is composed."""

    def __init__(self, s: Selection, page: Page) -> None:
        actions = lists.agenda(s, lists.EVERYTHING)
        signals = [one for one in s.figures.signals if page.report in one.readers]
        said = sharing.asked(signals, actions, page.report)
        self._drawn = page.picture and replace(page.picture, sparing=None)
        self._page = replace(page, picture=(page.picture and page.picture.sparing) or self._drawn)
        self._shared = _shared(s)
        self._decisions = sharing.LEAST_DECISIONS
        self.read = {one.signal_id: one for one in signals if one.signal_id not in said}
        own = [name for name in self._shared.get(page.report, ()) if name in self.read]
        self._shown = own or list(self.read)[:1]

    def made(self, shown: Collection[str] | None = None, decisions: int = 0) -> Page:
        """The page with some signals and decisions; by default with those chosen so far."""
        names = self._shown if shown is None else shown
        asked = self._page.decisions[: decisions or self._decisions]
        told = sentences([one for one in self._unsaid(asked) if one.signal_id in names])
        own, more = self._page.message, sum(one.signal_id not in names for one in self._unsaid(asked))
        lead, *others = told or own or ("",)
        made = replace(
            self._page,
            message=(lead,) if lead else (),
            headlines=tuple(others),
            decisions=asked,
            more=say("{more} more below.", more=formats.number(more)) if more else "",
        )
        extra = replace(made, headlines=(*others, *own[:1]))
        return extra if told and own and _fits(extra) else made

    def _unsaid(self, asked: Iterable[Decision]) -> list[Signal]:
        """The reader's signals but those that a decision repeats."""
        said = {one.item_id for one in asked if one.item_id}
        return [one for one in self.read.values() if one.kind != "decision_open" or one.action_id not in said]

    @property
    def long(self) -> bool:
        """Whether it has too many words."""
        return not _fits(self.made())

    def give_up(self) -> bool:
        """Leave out the last signal, first of those that another page one has as well, never the only one."""
        guests = [name for name in self._shown if sharing.home(self.read[name], self._shared) != self._page.report]
        if len(self._shown) > 1:
            self._shown.remove((guests or self._shown)[-1])
        return len(self._shown) > 1

    def illustrate(self) -> None:
        """Take the picture with its words if there is room for them."""
        if _fits(replace(self.made(), picture=self._drawn)):
            self._page = replace(self._page, picture=self._drawn)

    def add(self, signals: Iterable[Signal]) -> None:
        """Take the signals for which there is room."""
        for one in signals:
            longer = self.made({*self._shown, one.signal_id})
            if one.signal_id not in self._shown and _fits(longer) and len(longer.headlines) < _MOST_SENTENCES:
                self._shown.append(one.signal_id)

    def decide(self) -> None:
        """Take as many decisions as there is room for."""
        for count in range(sharing.LEAST_DECISIONS + 1, MOST_DECISIONS + 1):
            if _fits(self.made(decisions=count)):
                self._decisions = count

    def finished(self) -> Page:
        """The page, with what it had no room for."""
        made = self.made()
        rest = sentences([one for one in self._unsaid(self._page.decisions) if one.signal_id not in self._shown])
        unsaid = [line for line in self._page.message if line not in (*made.message, *made.headlines)]
        return replace(made, rest=(*rest, *unsaid), later=self._page.decisions[len(made.decisions) :])


def _fits(page: Page) -> bool:
    return on_page_one(page) <= most_on_page_one()


def _shared(s: Selection) -> Mapping[str, tuple[str, ...]]:
    made = s.figures.reports or sorted({reader for one in s.figures.signals for reader in one.readers})
    return sharing.shares(s.figures.signals, made, lists.agenda(s, lists.EVERYTHING))


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


def decisions(s: Selection, report: str, own: Iterable[Decision] = (), *, officer: str = "") -> tuple[Decision, ...]:
    """What the reader has to decide: the first of the one list, then what only this report asks of its ``officer``."""
    return (*asked(s, agenda(s, report)), *(replace(one, owner=officer) for one in own))


def asked(s: Selection, actions: Sequence[Action]) -> tuple[Decision, ...]:
    """The first of some actions as decisions."""
    again = {one.action_id: one for one in s.figures.signals if one.kind == "decision_open"}
    return tuple(_asked(s, action, again) for action in actions[:_ASKED])


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
        why = say(
            "{why} Asked {count} times since {day}.",
            why=phrases.sentence(why),
            count=times + 1,
            day=formats.day(action.details["asked_since"]),
        )
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
    return say("{amount} (an estimate)", amount=amount) if amount and action.estimated else amount
