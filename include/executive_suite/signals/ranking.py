"""The one list of what to do: findings and signals with their actions, ranked once, for every reader the same order.

An action ranks by severity times (1 + thousands expected within six months) over working days, and more the nearer its
day (``rules.agendas.thirty_day.priority``). An action against a cause takes over what its effects put at stake.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.facts.findings import AGENDA_DAYS, Action, Finding
from executive_suite.facts.signals import UNDECIDED, Signal, Subject
from executive_suite.rules.agendas.thirty_day import HORIZON_MONTHS, expected_cents, priority, weight, working_day
from executive_suite.signals.declared import Declarations, Kind

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

AGENDA = "decisions"
MOST_OPEN = 2
"""Actions of which a headline says that they are open for long."""
EFFORT = Decimal(2)
"""Working days that an action takes where nothing says so."""
NOBODY = Kind(readers=())
_SEVERITY = {"act": "critical", "watch": "low"}


@dataclass
class _Entry:
    """An action while it is put together.

    Attributes:
        stake: What it is about in money: cents, and how often.
        expected: Cents within the horizon.
        day: The nearest day on which it comes or has to be decided.
    """

    action: Action
    effort: Decimal
    stake: tuple[int | None, str] = (None, "")
    expected: int | None = None
    day: str = ""
    readers: set[str] = field(default_factory=set)
    answers: list[str] = field(default_factory=list)


def ranked(
    context: Context,
    findings: Sequence[Finding],
    agenda: Iterable[Action],
    signals: Sequence[Signal],
    declared: Declarations,
) -> tuple[tuple[Action, ...], tuple[Signal, ...]]:
    """The list, and the signals with the actions that answer them.

    Args:
        context: The run.
        findings: What the rules found; those that fire and name an action are on the list.
        agenda: The thirty-day agenda, whose owners, days and engineering actions count.
        signals: What readers must know, with their causes.
        declared: Who reads of what.
    """
    settled = _settled(context)
    entries = {entry.action.action_id: entry for entry in _from_findings(context, findings, agenda, declared)}
    _ask_once(entries, declared.together)
    answered = []
    by_id = {signal.signal_id: signal for signal in signals}
    for signal in signals:
        root = _root(signal, by_id)
        name = root.action_id if root.action_id in entries else root.signal_id
        if name not in entries and root.action and root.severity == "act":
            entries[name] = _from_signal(root, name)
        if name in entries and (signal.severity == "act" or signal.action):
            _take(context, entries[name], signal)
        answered.append(replace(signal, action_id=name if name in entries else ""))
    listed = tuple(_in_order(context, [one for name, one in entries.items() if name not in settled]))
    places = {action.action_id: action.rank for action in listed}
    answered.sort(
        key=lambda signal: (places.get(signal.action_id, len(places) + 1), signal.signal_id != signal.action_id)
    )
    return listed, (*answered, *_open_for_long(context, listed, by_id, declared.owners))


def _ask_once(entries: dict[str, _Entry], together: Mapping[str, str]) -> None:
    """Leave out an action whose matter another settles; that one gets its readers and its history."""
    for name, other in together.items():
        if name in entries and other in entries:
            own = entries.pop(name)
            entries[other].readers |= own.readers
            entries[other].answers += own.answers


def _settled(context: Context) -> frozenset[str]:
    """Actions that were decided, which the list no longer asks for."""
    rows = context.rows("decision") if context.has("decision") else ()
    return frozenset(row.get("action_id") for row in rows if row.text("answer") not in UNDECIDED)


def _open_for_long(
    context: Context, listed: Iterable[Action], told: Mapping[str, Signal], owners: Mapping[str, str]
) -> Iterator[Signal]:
    """The first actions that every earlier report on record asked for already, and that no other headline is about.

    The report of who answers for it leads with it.
    """
    every = len(context.earlier.asked)
    old = [
        action
        for action in listed
        if every and action.details["asked"] == str(every) and not any(name in told for name in action.answers)
    ]
    for action in old[:MOST_OPEN]:
        since, own = action.details["asked_since"], owners.get(action.owner, "")
        yield Signal(
            signal_id=f"decision_open:{action.entity_id}:{action.action_id}",
            kind="decision_open",
            entity_id=action.entity_id,
            subject=Subject("decision", {"action_id": action.action_id}),
            headline=f"{action.title.rstrip('.')} (asked {every + 1} times since {formats.month(since)})",
            since=since,
            readers=tuple(sorted(action.readers, key=lambda reader: (reader != own, reader))),
            action_id=action.action_id,
            owner=action.owner,
            due_on=action.due_on,
            name="open",
        )


def _asked(context: Context, entry: _Entry) -> Mapping[str, str]:
    """How many earlier reports in succession asked for it, and since when."""
    names, since, count = {entry.action.action_id, *entry.answers}, "", 0
    for earlier in reversed(context.earlier.asked):
        if names.isdisjoint(earlier.action_ids):
            break
        since, count = earlier.made_on.isoformat(), count + 1
    return {"asked": str(count), "asked_since": since}


def _from_findings(
    context: Context, findings: Sequence[Finding], agenda: Iterable[Action], declared: Declarations
) -> Iterator[_Entry]:
    dated = {action.action_id: action for action in agenda}
    firing = {finding.finding_id: finding for finding in findings if finding.outcome == "fires" and finding.action}
    for action_id, action in dated.items():
        if action_id not in firing:
            readers = {"cto", *(("ceo",) if action.status == "critical" else ())}
            yield _Entry(action, Decimal(action.effort_days), readers=readers, answers=[action_id])
    for finding in firing.values():
        known, kind = dated.get(finding.finding_id), declared.findings.get(finding.kind, NOBODY)
        stake, every = finding.at_stake_cents, finding.at_stake_every
        action = known or Action(
            action_id=finding.finding_id,
            agenda=AGENDA,
            rank=0,
            title=finding.action.rstrip("."),
            score="",
            owner=finding.owner or kind.owner,
            due_on=finding.due_on,
            entity_id=finding.entity_id,
            status=finding.severity,
            at_stake_cents=stake,
            at_stake_every=every,
            assumed=finding.assumed,
            estimated=finding.estimated,
            details={"why": finding.title},
        )
        yield _Entry(
            action,
            Decimal(finding.effort_days or EFFORT),
            (stake, every),
            expected_cents(context, stake, every, finding.entity_id, estimated=finding.estimated),
            finding.due_on,
            {
                *kind.readers,
                *filter(None, (declared.owners.get(finding.owner),)),
                *(("ceo",) if finding.severity == "critical" else ()),
            },
            [finding.finding_id],
        )


def _root(signal: Signal, by_id: Mapping[str, Signal]) -> Signal:
    """The first cause of a signal, by the declared links; the signal itself without one."""
    seen = {signal.signal_id}
    while signal.because_of and (cause := by_id.get(signal.because_of[0])) and cause.signal_id not in seen:
        signal = cause
        seen.add(cause.signal_id)
    return signal


def _from_signal(signal: Signal, name: str) -> _Entry:
    action = Action(
        action_id=name,
        agenda=AGENDA,
        rank=0,
        title=signal.action,
        score="",
        owner=signal.owner,
        due_on=signal.due_on,
        entity_id=signal.entity_id,
        status=_SEVERITY[signal.severity],
        details={"why": signal.headline},
        assumed=any(row.assumed for row in signal.evidence),
    )
    return _Entry(action, EFFORT)


def _take(context: Context, entry: _Entry, signal: Signal) -> None:
    """Let an entry answer a signal: its readers, its day, and its money if that is more."""
    entry.answers.append(signal.signal_id)
    entry.readers |= set(signal.readers)
    if signal.kind == "conflict":
        return  # what two records differ by is not at stake
    every = "month" if signal.per == "month" else ""
    expected = expected_cents(context, signal.amount_cents, every, signal.entity_id, estimated=False)
    if (expected or 0) > (entry.expected or 0):
        entry.stake, entry.expected = (signal.amount_cents, every), expected
    due = "" if signal.kind == "lapse" else signal.due_on  # what lapsed is late already; what it stops has its day
    days = [day for day in (entry.day, signal.on, due) if day]
    entry.day = min(days, default="")


def _in_order(context: Context, entries: Sequence[_Entry]) -> Iterator[Action]:
    """The actions by priority; each is due when its owner can be done with it, never after what it is about comes."""
    scored = []
    for entry in entries:
        left = (date.fromisoformat(entry.day) - context.report_date).days if entry.day else None
        severity = weight(context, entry.action.status)
        score = priority(severity, entry.expected, entry.effort, left)
        parts = {
            "severity": f"{entry.action.status} ({severity.normalize():f})",
            "expected_cents": "" if entry.expected is None else str(entry.expected),
            "horizon_months": str(HORIZON_MONTHS),
            "effort_days": f"{entry.effort.normalize():f}",
            "days_left": "" if left is None else str(left),
            **_asked(context, entry),
        }
        cents, every = entry.stake
        scored.append(
            replace(
                entry.action,
                agenda=AGENDA,
                score=f"{score}",
                details={**entry.action.details, **parts},
                at_stake_cents=cents,
                at_stake_every=every,
                expected_cents=entry.expected,
                effort_days=parts["effort_days"],
                readers=tuple(sorted(entry.readers)),
                answers=tuple(dict.fromkeys(entry.answers)),
            )
        )
    scored.sort(key=lambda action: (-Decimal(action.score), action.action_id))
    today, spent = context.report_date, dict[str, Decimal]()
    nearest = {entry.action.action_id: date.fromisoformat(entry.day) for entry in entries if entry.day}
    for place, action in enumerate(scored, start=1):
        spent[action.owner] = spent.get(action.owner, Decimal(0)) + Decimal(action.effort_days)
        turn = min(working_day(today, ceil(spent[action.owner])), today + timedelta(days=AGENDA_DAYS))
        day = date.fromisoformat(action.due_on) if action.due_on else turn
        yield replace(action, rank=place, due_on=max(today, min(day, nearest.get(action.action_id, day))).isoformat())
