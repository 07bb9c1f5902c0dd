"""Restatement: a past period as known then and as known later; what was recorded since, and which figures it moved."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from executive_suite.dataset import snapshot
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.fact import Fact
from executive_suite.period import cut_off
from executive_suite.restatement import late
from executive_suite.restatement.attribution import Attribution, Trials, differs, facts_of
from executive_suite.restatement.concern import concerning
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.view import View
from executive_suite.rules import rulebook
from executive_suite.rules.judgement import Judgement
from executive_suite.rules.rulebook import Rules
from executive_suite.schema.tables import RECORDED_AT

EVERYTHING = datetime(2999, 1, 1, tzinfo=UTC)
""""As known now": later than any record, so that no clock is needed."""


@dataclass(frozen=True, slots=True)
class Change:
    """A changed figure.

    Attributes:
        then: The fact as known then; None if there was none.
        now: The fact as known later; None if there no longer is one.
        difference: Now minus then, for numbers; else None.
        causes: The late transactions and rows, or tables of late rows, that each move it alone; if none does, the
            tables with late rows that it rests on.
        explained_by: Those that alone take it to what is known later.
        alone: Whether the causes each move it alone.
    """

    then: Fact | None
    now: Fact | None
    difference: int | Decimal | None
    causes: tuple[str, ...]
    explained_by: tuple[str, ...]
    alone: bool


@dataclass(frozen=True, slots=True)
class Restatement:
    """What became known too late for a report date.

    Attributes:
        report_date: The report date restated.
        cut_off: First instant not known then, ISO 8601 UTC.
        known_at: First instant not known now, ISO 8601 UTC; empty if everything recorded is known.
        hash_then: Dataset hash as known then.
        hash_now: Dataset hash as known now.
        changes: In the order of the fact table.
        late_rows: In order of table and key.
        went_on: Cells of registers that changed since and restate nothing, because they are about later days.
        undated: Tables that do not say when their rows were recorded: a change in them cannot be seen.
    """

    report_date: date
    cut_off: str
    known_at: str
    hash_then: str
    hash_now: str
    changes: tuple[Change, ...]
    late_rows: tuple[LateRow, ...]
    went_on: tuple[LateRow, ...] = ()
    undated: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Plain JSON types; facts as the ``metrics`` command prints them."""
        return {
            **asdict(self),
            "report_date": self.report_date.isoformat(),
            "changes": [
                {
                    "then": change.then.as_json() if change.then else None,
                    "now": change.now.as_json() if change.now else None,
                    "difference": None if change.difference is None else str(change.difference),
                    "causes": list(change.causes),
                    "explained_by": list(change.explained_by),
                    "alone": change.alone,
                }
                for change in self.changes
            ],
        }


def compare(
    given: Typed, report_date: date, zone: ZoneInfo, *, known_at: datetime | None = None, rules: Rules | None = None
) -> Restatement:
    """A report date as known at its cut-off and as known later.

    Args:
        given: The rows of the sources.
        report_date: The period's report date; rows of business days before it count in both.
        zone: The group's time zone as known then.
        known_at: Rows recorded before this instant count now; by default everything.
        rules: The group's rules; by default the shipped ones.

    Raises:
        QualityError: the data has faults in one of the two views.
        ValueError: ``known_at`` is before the cut-off.
    """
    view = View(report_date, zone, cut_off(report_date, zone), known_at or EVERYTHING)
    if view.end < view.start:
        msg = f"known at {view.end.isoformat()} is before the cut-off {view.start.isoformat()}"
        raise ValueError(msg)
    then = snapshot.build(given, report_date, zone)
    concerned = concerning(given, view)
    now = snapshot.build(concerned, report_date, view.zone_now(concerned), known_at=view.end)
    found = late.rows(concerned, snapshot.select(given, report_date, zone, view.start), view.selected(concerned), view)
    rows = _in_order(found)
    in_force = Judgement(rules or rulebook.shipped())
    before, after = (facts_of(replace(dataset.context, rules=in_force)) for dataset in (then, now))
    changed = [key for key in sorted(before.keys() | after.keys()) if differs(before.get(key), after.get(key))]
    causes = Trials(concerned, view, in_force, then.tables, before, after).attribution(changed, rows)
    return Restatement(
        report_date=report_date,
        cut_off=view.start.isoformat(),
        known_at="" if known_at is None else view.end.isoformat(),
        hash_then=then.hash,
        hash_now=now.hash,
        changes=tuple(_change(before.get(key), after.get(key), causes[key]) for key in changed),
        late_rows=rows,
        went_on=_in_order(late.went_on(given, concerned, view)),
        undated=tuple(sorted(name for name, frame in given.frames.items() if RECORDED_AT not in frame.columns)),
    )


def _in_order(rows: Iterable[LateRow]) -> tuple[LateRow, ...]:
    return tuple(sorted(rows, key=lambda row: (row.table, row.unit, tuple(row.key.values()), row.recorded_at)))


def _change(then: Fact | None, now: Fact | None, why: Attribution) -> Change:
    return Change(then, now, _difference(then, now), why.causes, why.explained_by, why.alone)


def _difference(then: Fact | None, now: Fact | None) -> int | Decimal | None:
    one, other = then.number if then else None, now.number if now else None
    return other - one if one is not None and other is not None else None
