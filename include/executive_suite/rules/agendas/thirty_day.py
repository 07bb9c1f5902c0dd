"""What to do within thirty days about firing shortfalls, broken controls and open security gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import SEVERITIES, Action, Finding, Severity
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient
from executive_suite.metrics.technology import actions, gaps

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

DAYS = 30
_CENTS_IN_THOUSAND = 100_000
_SATURDAY = 5


def priority(weight: Decimal | int, at_stake_cents: int | None, effort_days: Decimal) -> Decimal:
    """Severity weight times (1 + thousands at stake, in the reporting currency) over working days, to two places.

    An unknown amount counts as nothing at stake, so that severity alone still ranks the action; a saving below zero
    counts as nothing too.

    Source: RICE and weighted shortest job first (value over effort), with money as reach and severity as impact.

    >>> priority(4, 200_000, Decimal(1)), priority(4, None, Decimal(2))
    (Decimal('12.00'), Decimal('2.00'))
    """
    stake = Decimal(max(at_stake_cents or 0, 0)) / _CENTS_IN_THOUSAND
    return quotient(weight * (1 + stake), effort_days, CENT_HUNDREDTH)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """Something that could be on the agenda."""

    action_id: str
    title: str
    why: str
    severity: Severity
    at_stake_cents: int | None
    effort_days: Decimal
    owner: str
    due_on: date | None
    entity_id: str
    assumed: bool
    at_stake_every: str = ""


def thirty_day(
    context: Context, findings: Sequence[Finding], money: Callable[[int], str] = formats.money
) -> tuple[Action, ...]:
    """The agenda of the next thirty days, highest priority first.

    Args:
        context: The run.
        findings: What the rules found; those that fire and name an action with its effort are on the agenda.
        money: How a score writes what is at stake, from cents.
    """
    last = context.report_date + timedelta(days=DAYS)
    scored = []
    for candidate in (*_from_findings(findings), *_from_backlog(context, last)):
        weight = _weight(context, candidate.severity)
        scored.append((priority(weight, candidate.at_stake_cents, candidate.effort_days), weight, candidate))
    scored.sort(key=lambda item: (-item[0], item[2].action_id))
    days = _taken_in_turn([candidate for _, _, candidate in scored], context.report_date, last)
    return tuple(
        Action(
            action_id=candidate.action_id,
            agenda="thirty_day",
            rank=place,
            title=candidate.title,
            score=_words(score, candidate, weight, money),
            owner=candidate.owner,
            due_on=day.isoformat(),
            entity_id=candidate.entity_id,
            status=candidate.severity,
            at_stake_cents=candidate.at_stake_cents,
            at_stake_every=candidate.at_stake_every,
            effort_days=f"{candidate.effort_days.normalize():f}",
            assumed=candidate.assumed,
            details={"why": candidate.why},
        )
        for place, ((score, weight, candidate), day) in enumerate(zip(scored, days, strict=True), start=1)
    )


def _taken_in_turn(ordered: list[_Candidate], begin: date, last: date) -> list[date]:
    """When each entry is due: its own day where it has one, else when its owner can be done with it.

    Owners take their entries one after the other in this order, on working days (Monday to Friday) after the report
    date; nothing is due after the last day of the agenda.
    """
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    found = []
    for candidate in ordered:
        spent[candidate.owner] += candidate.effort_days
        found.append(candidate.due_on or min(last, _working_day(begin, ceil(spent[candidate.owner]))))
    return found


def _working_day(begin: date, count: int) -> date:
    """The day on which so many working days after ``begin`` are over.

    >>> _working_day(date(2026, 5, 1), 1), _working_day(date(2026, 5, 1), 6)
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 11))
    """
    day = begin
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _words(score: Decimal, candidate: _Candidate, weight: Decimal, money: Callable[[int], str]) -> str:
    stake = candidate.at_stake_cents
    every = f" a {candidate.at_stake_every}" if candidate.at_stake_every else ""
    amount = "no amount known" if stake is None else f"{money(max(stake, 0))}{every} at stake"
    days = f"{candidate.effort_days.normalize():f}"
    return (
        f"{score} ({candidate.severity} = {weight.normalize():f}, {amount}, {days} {'day' if days == '1' else 'days'})"
    )


def _weight(context: Context, severity: Severity) -> Decimal:
    stated = optional_param(context, "agenda_severity_weight", severity)
    return stated.value if stated else Decimal(len(SEVERITIES) - SEVERITIES.index(severity))


def _from_findings(findings: Sequence[Finding]) -> Iterator[_Candidate]:
    for finding in findings:
        if finding.outcome == "fires" and finding.action and finding.effort_days:
            yield _Candidate(
                action_id=finding.finding_id,
                title=finding.action,
                why=finding.title,
                severity=finding.severity,
                at_stake_cents=finding.at_stake_cents,
                effort_days=Decimal(finding.effort_days),
                owner=finding.owner,
                due_on=None,
                entity_id=finding.entity_id,
                assumed=finding.assumed,
                at_stake_every=finding.at_stake_every,
            )


def _from_backlog(context: Context, last: date) -> Iterator[_Candidate]:
    """Open engineering actions that close an open security gap and are not due later."""
    try:
        backlog = actions.ranked(context)
        open_gaps = {gap.finding_id: gap for gap in gaps.open_gaps(context, "security")}
    except MissingInputError:
        return
    for action in backlog:
        gap = open_gaps.get(action.finding_id)
        due = date.fromisoformat(action.due_on) if action.due_on else None
        if gap is not None and (due or last) <= last:
            yield _Candidate(
                action_id=action.action_id,
                title=action.title,
                why=gap.title,
                severity=gap.severity,
                at_stake_cents=None,
                effort_days=max(action.effort_days, actions.LEAST_EFFORT_DAYS),
                owner=action.owner or "Engineering",
                due_on=due,
                entity_id=gaps.stacks(context)[gap.stack],
                assumed=action.assumed or gap.assumed,
            )
