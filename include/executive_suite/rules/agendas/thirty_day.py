"""What to do within thirty days about firing shortfalls, broken controls and open security gaps."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING

from executive_suite import formats
from executive_suite.dataset.parameters import optional_param
from executive_suite.facts.fact import MissingInputError
from executive_suite.facts.findings import AGENDA_DAYS, SEVERITIES, Action, Finding
from executive_suite.metrics.arithmetic import CENT_HUNDREDTH, quotient, whole_cents
from executive_suite.metrics.book import unclassified
from executive_suite.metrics.book.book import if_kept
from executive_suite.metrics.technology import actions, gaps

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

HORIZON_MONTHS = 6
"""Months over which what is at stake every month is added up."""
CERTAINTY_OF_ESTIMATES = Decimal("0.5")
"""How much of an estimate counts, after it was cut to the best month on record."""
_CENTS_IN_THOUSAND = 100_000
_SATURDAY = 5


def priority(
    weight: Decimal | int, at_stake_cents: int | None, effort_days: Decimal, days_left: int | None = None
) -> Decimal:
    """Severity weight times (1 + thousands at stake, in the reporting currency) over working days, to two places.

    An unknown amount counts as nothing at stake, so that severity alone still ranks the action; a saving below zero
    counts as nothing too. What happens within thirty days counts up to twice: lead time is short.

    Source: RICE and weighted shortest job first (value over effort), with money as reach and severity as impact.

    >>> priority(4, 200_000, Decimal(1)), priority(4, None, Decimal(2))
    (Decimal('12.00'), Decimal('2.00'))
    """
    stake = Decimal(max(at_stake_cents or 0, 0)) / _CENTS_IN_THOUSAND
    lead = Fraction(0) if days_left is None else Fraction(max(AGENDA_DAYS - max(days_left, 0), 0), AGENDA_DAYS)
    return quotient(Fraction(weight) * Fraction(1 + stake) * (1 + lead), effort_days, CENT_HUNDREDTH)


def expected_cents(context: Context, stake: int | None, every: str, entity_id: str, *, estimated: bool) -> int | None:
    """Money at stake within the horizon; of an estimate at most the best month on record, and half of that.

    Args:
        context: The run.
        stake: Cents, once or every month; None when unknown.
        every: ``month`` for an amount that recurs.
        entity_id: Whose record limits the estimate.
        estimated: Whether the amount is an estimate.
    """
    if stake is None:
        return None
    if estimated and every and (best := best_month(context, entity_id)) is not None:
        stake = min(stake, best)
    cents = Decimal(stake * (HORIZON_MONTHS if every else 1)) * (CERTAINTY_OF_ESTIMATES if estimated else 1)
    return whole_cents(cents)


def best_month(context: Context, entity_id: str) -> int | None:
    """The most revenue that an entity had in a complete month whose lines are classified; None without books."""
    sums = if_kept(context)
    if sums is None:
        return None
    revenue = sums.monthly(sums.of_type("revenue"))
    waits = unclassified.months(context, entity_id)
    known = (month for month in sums.complete(entity_id, context) if month not in waits)
    return max((-revenue[entity_id, month].cents for month in known), default=None)


def thirty_day(
    context: Context, findings: Sequence[Finding], money: Callable[[int], str] = formats.money
) -> tuple[Action, ...]:
    """The agenda of the next thirty days, highest priority first.

    Args:
        context: The run.
        findings: What the rules found; those that fire and name an action with its effort are on the agenda.
        money: How a score writes what is at stake, from cents.
    """
    last = context.report_date + timedelta(days=AGENDA_DAYS)
    scored = []
    for action in (*_from_findings(findings), *_from_backlog(context, last)):
        weighs = weight(context, action.status)
        stake = expected_cents(
            context,
            action.at_stake_cents,
            action.at_stake_every,
            action.entity_id,
            estimated=action.estimated,
        )
        score = priority(weighs, stake, Decimal(action.effort_days))
        action = replace(action, expected_cents=stake)  # noqa: PLW2901 - with what ranks it
        scored.append((score, replace(action, score=_words(score, action, weighs, money))))
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
        day = min(last, working_day(begin, ceil(spent[action.owner])))
        yield replace(action, rank=place, due_on=action.due_on or day.isoformat())


def working_day(begin: date, count: int) -> date:
    """The day on which so many working days after ``begin`` are over.

    >>> working_day(date(2026, 5, 1), 1), working_day(date(2026, 5, 1), 6)
    (datetime.date(2026, 5, 4), datetime.date(2026, 5, 11))
    """
    day = begin
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def _words(score: Decimal, action: Action, weight: Decimal, money: Callable[[int], str]) -> str:
    stake = action.expected_cents
    over = f" over {HORIZON_MONTHS} months" if action.at_stake_every else ""
    marked = ", half of an estimate" if action.estimated else ""
    amount = "no amount known" if stake is None else f"{money(max(stake, 0))} at stake{over}{marked}"
    days = f"{action.effort_days} {'day' if action.effort_days == '1' else 'days'}"
    return f"{score} ({action.status} = {weight.normalize():f}, {amount}, {days})"


def weight(context: Context, severity: str) -> Decimal:
    """How much a severity weighs: param agenda_severity_weight, else 4 for critical down to 1 for low."""
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
                estimated=finding.estimated,
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
