"""What to do within thirty days about firing shortfalls, broken controls and open security gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import SEVERITIES, Action, Finding
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
    for action in (*_from_findings(findings), *_from_backlog(context, last)):
        weight = _weight(context, action.status)
        score = priority(weight, action.at_stake_cents, Decimal(action.effort_days))
        scored.append((score, replace(action, score=_words(score, action, weight, money))))
    scored.sort(key=lambda item: (-item[0], item[1].action_id))
    return tuple(_taken_in_turn((action for _, action in scored), context.report_date, last))


def _taken_in_turn(ordered: Iterable[Action], begin: date, last: date) -> Iterator[Action]:
    """The entries with place and due day: a day of their own, else when their owner can be done with them.

    Owners take their entries one after the other in this order, on working days (Monday to Friday) after the report
    date; nothing is due after the last day of the agenda.
    """
    spent: defaultdict[str, Decimal] = defaultdict(Decimal)
    for place, action in enumerate(ordered, start=1):
        spent[action.owner] += Decimal(action.effort_days)
        day = min(last, _working_day(begin, ceil(spent[action.owner])))
        yield replace(action, rank=place, due_on=action.due_on or day.isoformat())


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


def _words(score: Decimal, action: Action, weight: Decimal, money: Callable[[int], str]) -> str:
    stake = action.at_stake_cents
    every = f" a {action.at_stake_every}" if action.at_stake_every else ""
    amount = "no amount known" if stake is None else f"{money(max(stake, 0))}{every} at stake"
    days = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'}"
    return f"{score} ({action.status} = {weight.normalize():f}, {amount}, {days})"


def _weight(context: Context, severity: str) -> Decimal:
    stated = optional_param(context, "agenda_severity_weight", severity)
    return stated.value if stated else Decimal(len(SEVERITIES) - [*map(str, SEVERITIES)].index(severity))


def _from_findings(findings: Sequence[Finding]) -> Iterator[Action]:
    for finding in findings:
        if finding.outcome == "fires" and finding.action and finding.effort_days:
            yield Action(
                action_id=finding.finding_id,
                agenda="thirty_day",
                rank=0,
                title=finding.action,
                score="",
                owner=finding.owner,
                entity_id=finding.entity_id,
                status=finding.severity,
                at_stake_cents=finding.at_stake_cents,
                at_stake_every=finding.at_stake_every,
                effort_days=f"{Decimal(finding.effort_days).normalize():f}",
                assumed=finding.assumed,
                details={"why": finding.title},
            )


def _from_backlog(context: Context, last: date) -> Iterator[Action]:
    """Open engineering actions that close an open security gap and are not due later."""
    try:
        backlog = actions.ranked(context)
        open_gaps = {gap.finding_id: gap for gap in gaps.open_gaps(context, "security")}
    except MissingInputError:
        return
    for action in backlog:
        gap = open_gaps.get(action.finding_id)
        if gap is not None and (action.due_on or last.isoformat()) <= last.isoformat():
            yield Action(
                action_id=action.action_id,
                agenda="thirty_day",
                rank=0,
                title=action.title,
                score="",
                owner=action.owner or "Engineering",
                due_on=action.due_on or "",
                entity_id=gaps.stacks(context)[gap.stack],
                status=gap.severity,
                effort_days=f"{max(action.effort_days, actions.LEAST_EFFORT_DAYS).normalize():f}",
                assumed=action.assumed or gap.assumed,
                details={"why": gap.title},
            )
