"""Streaks: the same bad result, month after month, as signals."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from executive_suite.conditions.matching import matching
from executive_suite.conditions.rows import Rows
from executive_suite.dataset.group import ends
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.signals import Signal, Subject
from executive_suite.metrics.arithmetic import mean, whole_cents
from executive_suite.period import last_complete_month
from executive_suite.signals import words
from executive_suite.signals.declared import Streak

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context


def found(context: Context, facts: Iterable[Fact], declared: Iterable[Streak]) -> Iterator[Signal]:
    """The streaks that last to the last complete month."""
    wanted = {one.metric for one in declared}
    monthly: dict[tuple[str, str], dict[str, Fact]] = {}
    for fact in facts:
        if fact.metric_id in wanted and fact.monthly and not fact.dimensions:
            monthly.setdefault((fact.metric_id, fact.entity_id), {})[fact.period] = fact
    for one in declared:
        runs = {
            entity: run
            for (metric_id, entity), own in sorted(monthly.items())
            if metric_id == one.metric and entity not in ends(context)
            if len(run := _lasting(context, own, one.bad)) >= one.least
        }
        # Where the whole group is in it, its entities are no news of their own.
        told = {GROUP: runs[GROUP]} if GROUP in runs else runs
        yield from (_signal(context, one, entity, run) for entity, run in told.items())


def _lasting(context: Context, own: dict[str, Fact], bad: str) -> list[Fact]:
    """The latest months in succession that meet the condition, oldest first."""
    month, run = last_complete_month(context.report_date), list[Fact]()
    while (fact := own.get(str(month))) is not None and fact.number is not None:
        row = {"value": fact.number, "period": fact.period}
        if not len(matching(bad, Rows(tuple(row), [row]), context)):
            break
        run.insert(0, fact)
        month += -1
    return run


def _signal(context: Context, one: Streak, entity: str, run: Sequence[Fact]) -> Signal:
    cents = abs(whole_cents(mean([int(fact.number or 0) for fact in run])))
    cells = {"count": len(run), "amount": cents, "since": run[0].period}
    return Signal(
        signal_id=f"streak:{entity}:{one.streak}",
        kind="streak",
        entity_id=entity,
        subject=Subject(metric_id=one.metric),
        headline=words.sentence(context, one.headline, cells, entity),
        since=f"{run[0].period}-01",
        amount_cents=cents,
        per="month",
        readers=one.readers,
        facts=tuple(fact.fact_id for fact in run),
        action=words.sentence(context, one.action, cells, entity),
        owner=one.owner,
        action_id=one.rule,
        name=one.streak,
    )
