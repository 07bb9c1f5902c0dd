"""Looking facts up for a view: by metric, entity, period and dimensions, with the previous report's value beside it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property

from executive_suite import formats
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact, Status
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import SEVERITIES, Action, Finding
from executive_suite.period import complete_months
from executive_suite.rendering.blocks import (
    ActionItem,
    ActionList,
    Cell,
    Column,
    FindingItem,
    FindingList,
    Kind,
    Kpi,
    Raw,
    Table,
    Tone,
)
from executive_suite.reports import news

_KINDS: Mapping[str, Kind] = {
    "cents": "money",
    "cents/month": "money",
    "cents/h": "money",
    "cents/nm": "money",
    "ratio": "ratio",
    "date": "date",
}


@dataclass(frozen=True)
class Selection:
    """The figures of a run, as view functions ask for them."""

    figures: Figures

    @cached_property
    def _now(self) -> _Index:
        return _index(self.figures.facts)

    @cached_property
    def _then(self) -> _Index:
        return _index(self.figures.previous)

    def fact(self, metric_id: str, entity_id: str = GROUP, period: str = "", **dimensions: str) -> Fact:
        """One fact; where the run has none, a ``not_evaluable`` one that says so. ``period`` defaults to the date."""
        date = self.figures.report_date.isoformat()
        found = _find(self._now, metric_id, entity_id, period or date, dimensions)
        if found.reason != _ABSENT:
            return found
        whole = _find(self._now, metric_id, GROUP, date, {})
        if whole.status == "not_evaluable":
            return replace(found, reason=whole.reason)
        return replace(found, reason=f"nothing is on record for {formats.month(period)}") if _monthly(period) else found

    def facts(self, metric_id: str, *by: str, entity_id: str | None = None, **fixed: str) -> tuple[Fact, ...]:
        """The facts at the report date whose dimensions are exactly ``by`` and ``fixed``, the latter with those values.

        ``entity_id`` None takes every entity, the group included.
        """
        names = set(by) | set(fixed)
        date = self.figures.report_date.isoformat()
        return tuple(
            fact
            for fact in self._now.get(metric_id, ())
            if fact.period == date
            and set(fact.dimensions) == names
            and all(fact.dimensions[name] == value for name, value in fixed.items())
            and (entity_id is None or fact.entity_id == entity_id)
        )

    def facts_before(self, metric_id: str, *by: str, entity_id: str | None = None) -> tuple[Fact, ...]:
        """As ``facts``, at the previous report date as known then; empty when there is no previous report."""
        return tuple(
            fact
            for fact in self._then.get(metric_id, ())
            if fact.period == self.figures.previous_date
            and set(fact.dimensions) == set(by)
            and (entity_id is None or fact.entity_id == entity_id)
        )

    def divisions(self, metric_id: str) -> tuple[tuple[str, ...], ...]:
        """The sets of dimensions that divide a metric now or divided it before, each and all in alphabetical order."""
        facts = (*self._now.get(metric_id, ()), *self._then.get(metric_id, ()))
        return tuple(sorted({tuple(sorted(fact.dimensions)) for fact in facts if fact.dimensions}))

    def months(self, metric_id: str, count: int, entity_id: str = GROUP, **dimensions: str) -> tuple[Fact, ...]:
        """The monthly facts of the latest ``count`` complete months that the run has, oldest first."""
        return tuple(
            found
            for month in complete_months(self.figures.report_date, count)
            if (found := _find(self._now, metric_id, entity_id, str(month), dimensions)).reason != _ABSENT
        )

    def prior(self, fact: Fact) -> Fact | None:
        """The same fact at the previous report date, as known then; None when there is none."""
        period = self.figures.previous_date if fact.period == self.figures.report_date.isoformat() else fact.period
        found = _find(self._then, fact.metric_id, fact.entity_id, period, fact.dimensions)
        return None if found.reason == _ABSENT else found

    def entity(self, entity_id: str) -> str:
        """The name a reader knows an entity by."""
        return self.figures.entities.get(entity_id, "Group" if entity_id == GROUP else entity_id)

    def label(self, kind: str, key: str) -> str:
        """The name a reader knows a row by: ``label("account", "6100")``; the key itself when it has no name."""
        return self.figures.labels.get(kind, {}).get(key, key)

    def text(self, metric_id: str, entity_id: str = GROUP, period: str = "", **dimensions: str) -> str:
        """A fact's value in a reader's words."""
        return formats.of(self.fact(metric_id, entity_id, period, **dimensions))

    def cell(self, fact: Fact, tone: Tone = "neutral") -> Cell:
        """A fact as a table cell."""
        raw, kind = _raw(fact)
        return Cell(formats.of_table(fact), raw, kind, tone, fact.metric_id, fact.assumed, fact.reason)

    def kpi(
        self,
        metric_id: str,
        label: str = "",
        *,
        entity_id: str = GROUP,
        target: Fact | None = None,
        target_is: str = "target",
        **dimensions: str,
    ) -> Kpi:
        """A figure of page one beside its target, else its prior value, else the words "none set".

        A count of things to mend has the target 0 by its nature, and is judged by that: one gap fewer than last time is
        no good news while seven are open.
        """
        fact = self.fact(metric_id, entity_id, **dimensions)
        other = target if target is not None and target.value is not None else self.prior(fact)
        name = target_is if other is target and target is not None else "prior"
        tone: Tone = "neutral"
        comparison = ""
        if other is not None and other.value is not None:
            comparison, tone = self._compared(fact, other, name)
        if definition_of(metric_id).better == "zero" and target is None and _numeric(fact):
            comparison = f"target 0; {comparison}" if comparison else "target 0"
            tone = "bad" if Decimal(str(fact.value)) > 0 else "good"
        return Kpi(
            label or definition_of(metric_id).name,
            formats.of(fact),
            comparison or "no target or prior: none set",
            tone,
            metric_id,
            fact.reason,
            fact.assumed,
            *_raw(fact),
        )

    def _compared(self, fact: Fact, other: Fact, name: str) -> tuple[str, Tone]:
        text = f"{name} {formats.of(other)}"
        if not _numeric(fact) or not _numeric(other):
            return text, "neutral"
        value, base = Decimal(str(fact.value)), Decimal(str(other.value))
        difference = value - base
        if difference == 0 or formats.of(fact) == formats.of(other):
            return f"{text}, unchanged", "neutral"
        absolute = fact.unit in {"ratio", "bp", "count", "rank", "index", "score", "days", "months"} or not base
        change = (
            formats.difference(difference, fact.unit)
            if absolute
            else f"{'+' if difference > 0 else ''}{formats.share(difference / abs(base))}"
        )
        return f"{text}, {change}", news.tone(fact.metric_id, difference)

    def findings(
        self, title: str, *kinds: str, entity_id: str = "", empty: str = "No rule of this kind fires.", most: int = 40
    ) -> FindingList:
        """The findings of some kinds that fire or cannot be told, worst first; the rest is counted."""
        chosen = [
            f
            for f in self.figures.findings
            if f.kind in kinds and f.outcome != "clear" and (not entity_id or f.entity_id == entity_id)
        ]
        items = tuple(self._finding(f) for f in sorted(chosen, key=_urgency)[:most])
        more = f"{len(chosen) - most} more are in the fact table." if len(chosen) > most else ""
        return FindingList(title, items, empty, more)

    def _finding(self, finding: Finding) -> FindingItem:
        return FindingItem(
            finding.title,
            finding.severity,
            finding.reason,
            finding.outcome,
            formats.stake(finding.at_stake_cents, finding.at_stake_every),
            finding.owner,
            finding.score,
            self.entity(finding.entity_id),
            tuple(
                " ".join(
                    part
                    for part in (e.text, f"({e.source})" if e.source else "", "[assumed]" if e.assumed else "")
                    if part
                )
                for e in finding.evidence[:8]
            )
            + ((f"and {len(finding.evidence) - 8} more rows",) if len(finding.evidence) > 8 else ()),  # noqa: PLR2004
            finding.assumed,
        )

    def actions(self, title: str, agenda: str, *, most: int = 10, empty: str = "Nothing is open.") -> ActionList:
        """A ranked agenda, at most ``most`` of it."""
        chosen = sorted((a for a in self.figures.actions if a.agenda == agenda), key=lambda a: (a.rank, a.action_id))
        return ActionList(title, tuple(_action(a) for a in chosen[:most]), empty)

    def table(  # noqa: PLR0913 - a table is its title, its rows, and what stands in each column
        self,
        title: str,
        facts: tuple[Fact, ...],
        heads: tuple[tuple[str, Callable[[Fact], Cell]], ...],
        *,
        total: tuple[Cell, ...] = (),
        note: str = "",
        empty: str = "Nothing to show.",
    ) -> Table:
        """A table with a row a fact; a column is right-aligned when its first cell shows a number."""
        rows = tuple(tuple(make(fact) for _, make in heads) for fact in facts)
        first = rows[0] if rows else tuple(Cell("") for _ in heads)
        columns = tuple(
            Column(name, "left" if cell.kind in {"text", "date"} and cell.text != formats.NOT_AVAILABLE else "right")
            for (name, _), cell in zip(heads, first, strict=True)
        )
        return Table(title, columns, rows, total, note, empty)


def _raw(fact: Fact) -> tuple[Raw, Kind]:
    """The number behind a fact, and what it is."""
    raw = None if isinstance(fact.value, bool) else fact.value
    return raw, _KINDS.get(fact.unit, "text" if isinstance(raw, str) else "number")


_ABSENT = "the run has no such figure"


def _monthly(period: str) -> bool:
    return len(period) == len("2026-04")


_Index = Mapping[str, Sequence[Fact]]


def _index(facts: tuple[Fact, ...]) -> _Index:
    """Facts by metric, in table order."""
    found: dict[str, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.metric_id, []).append(fact)
    return found


def _find(index: _Index, metric_id: str, entity_id: str, period: str, dimensions: Mapping[str, str]) -> Fact:
    for fact in index.get(metric_id, ()):
        if fact.period == period and fact.entity_id == entity_id and fact.dimensions == dimensions:
            return fact
    unit = definition_of(metric_id).unit
    return Fact(metric_id, entity_id, period, None, unit, dimensions, "not_evaluable", _ABSENT)


def _numeric(fact: Fact) -> bool:
    if isinstance(fact.value, bool) or fact.value is None or fact.unit == "date":
        return False
    return not isinstance(fact.value, str) or fact.unit.startswith("USD")


def _urgency(finding: Finding) -> tuple[int, int, int, str]:
    stake = finding.at_stake_cents or 0
    return (0 if finding.outcome == "fires" else 1, SEVERITIES.index(finding.severity), -stake, finding.finding_id)


def _action(action: Action) -> ActionItem:
    return ActionItem(
        action.rank,
        action.title,
        action.score,
        action.owner or "nobody named",
        formats.day(action.due_on) if action.due_on else "no date",
        action.status,
        formats.stake(action.at_stake_cents, action.at_stake_every),
        action.assumed,
    )


def missing_text(status: Status, reason: str) -> str:
    """What stands where a value is missing: why, in one phrase."""
    word = "not evaluable" if status == "not_evaluable" else "not applicable"
    return f"{word}: {reason}" if reason else word
