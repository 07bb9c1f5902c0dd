"""Facts for a report, looked up by metric, entity, period and dimensions, now or at the previous report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from executive_suite import formats
from executive_suite.dataset.group import FiscalYear
from executive_suite.facts.definition import definition_of
from executive_suite.facts.fact import GROUP, Fact, Qualifier, Why
from executive_suite.facts.figures import Figures
from executive_suite.facts.signals import CASH_OUT
from executive_suite.period import Month, complete_months
from executive_suite.reports.absence import none, unknown
from executive_suite.wording import say
from executive_suite.written import named

_ABSENT = Qualifier(Why.ABSENT)


@dataclass(frozen=True)
class Selection:
    """The figures of a run, as reports ask for them."""

    figures: Figures

    @cached_property
    def _now(self) -> _Index:
        return _Index(self.figures.facts)

    @cached_property
    def _then(self) -> _Index:
        return _Index(self.figures.previous)

    @cached_property
    def _date(self) -> str:
        return self.figures.report_date.isoformat()

    @cached_property
    def year(self) -> FiscalYear:
        """The fiscal year that holds the report date; the calendar year where the figures do not say."""
        first = self._now.find("fiscal_year", GROUP, self._date, {}).value
        day = self.figures.report_date.replace(month=1) if first is None else date.fromisoformat(str(first))
        return FiscalYear(Month.of(day))

    @property
    def year_label(self) -> str:
        """As readers call that year: ``2026``, or ``fiscal 2026`` if it does not begin in January."""
        if self.year.first.month == 1:
            return str(self.year.name)
        return say("fiscal {year}", year=self.year.name)

    def in_year(self, period: str) -> bool:
        """Whether a period is a month of that year."""
        return period in map(str, self.year.months)

    def fact(self, metric_id: str, entity_id: str = GROUP, period: str = "", **dimensions: str) -> Fact:
        """One fact at ``period`` (default: the report date).

        Returns:
            The fact; if the run has none, a ``not_evaluable`` one, qualified as absent, whose reason says why.
        """
        found = self._now.find(metric_id, entity_id, period or self._date, dimensions)
        if not found.qualified(Why.ABSENT):
            return found
        whole = self._now.find(metric_id, GROUP, self._date, {})
        if whole.status == "not_evaluable" and not whole.qualified(Why.ABSENT):
            return replace(found, reason=whole.reason)
        return (
            replace(found, reason=none("no data for {period}", unknown(found), period=formats.month(period)))
            if found.monthly
            else found
        )

    def facts(self, metric_id: str, *by: str, entity_id: str | None = None, **fixed: str) -> tuple[Fact, ...]:
        """The facts at the report date with exactly the dimensions ``by`` and ``fixed``, the latter of those values.

        ``entity_id`` None takes every entity, the group included.
        """
        names = set(by) | set(fixed)
        return tuple(
            fact
            for fact in self._now.of(metric_id)
            if fact.period == self._date
            and fact.dimensions.keys() == names
            and all(fact.dimensions[name] == value for name, value in fixed.items())
            and (entity_id is None or fact.entity_id == entity_id)
        )

    def facts_before(self, metric_id: str, *by: str, entity_id: str | None = None) -> tuple[Fact, ...]:
        """As ``facts``, at the previous report date as known then; empty if there is no previous report."""
        return tuple(
            fact
            for fact in self._then.of(metric_id)
            if fact.period == self.figures.previous_date
            and fact.dimensions.keys() == set(by)
            and (entity_id is None or fact.entity_id == entity_id)
        )

    def every(self, metric_id: str) -> Sequence[Fact]:
        """All facts of a metric, in table order."""
        return self._now.of(metric_id)

    def divisions(self, metric_id: str) -> tuple[tuple[str, ...], ...]:
        """The sets of dimensions that divide a metric now or divided it before, in alphabetical order."""
        facts = (*self._now.of(metric_id), *self._then.of(metric_id))
        return tuple(sorted({tuple(sorted(fact.dimensions)) for fact in facts if fact.dimensions}))

    def months(self, metric_id: str, count: int, entity_id: str = GROUP, **dimensions: str) -> tuple[Fact, ...]:
        """The monthly facts that the run has of the latest ``count`` complete months, oldest first."""
        months = complete_months(self.figures.report_date, count)
        found = (self._now.find(metric_id, entity_id, str(month), dimensions) for month in months)
        return tuple(fact for fact in found if not fact.qualified(Why.ABSENT))

    def month(self, metric_id: str, entity_id: str = GROUP, *, back: int = 0, **dimensions: str) -> Fact:
        """The fact of the last complete month, or of one ``back`` months earlier."""
        month = complete_months(self.figures.report_date, back + 1)[0]
        return self.fact(metric_id, entity_id, str(month), **dimensions)

    def prior(self, fact: Fact) -> Fact | None:
        """The same fact at the previous report date, as known then; None if there is none."""
        period = self.figures.previous_date if fact.period == self._date else fact.period
        found = self._then.find(fact.metric_id, fact.entity_id, period, fact.dimensions)
        return None if found.qualified(Why.ABSENT) else found

    def recorded(self, *tables: str) -> bool:
        """Whether each of some tables has a row: of one without, nothing is known to be nothing."""
        return all(self.figures.coverage.get(table) for table in tables)

    @property
    def foretold(self) -> bool:
        """Whether a signal says when cash runs out, so that no other sentence has to."""
        return any(signal.signal_id == CASH_OUT for signal in self.figures.signals)

    def entities(self, metric_id: str) -> list[str]:
        """The entities that have figures of a metric, in order of their ids, without the group."""
        return sorted({fact.entity_id for fact in self._now.of(metric_id)} - {GROUP})

    def entity(self, entity_id: str) -> str:
        """The name a reader knows an entity by."""
        name = self.figures.entities.get(entity_id, say("Group") if entity_id == GROUP else entity_id)
        return named(name, f"entity {entity_id}")

    def label(self, kind: str, key: str) -> str:
        """The name a reader knows a row by: ``label("account", "6100")``; the key itself if it has no name."""
        return named(self.figures.labels.get(kind, {}).get(key, key), f"{kind} {key}")

    def text(self, metric_id: str, entity_id: str = GROUP, period: str = "", **dimensions: str) -> str:
        """A fact's value with its unit."""
        return formats.of(self.fact(metric_id, entity_id, period, **dimensions))


def cents(fact: Fact) -> int:
    """A fact's number as an integer, for sums and for order; 0 if it has none."""
    return int(fact.number or 0)


class _Index:
    """Facts by metric, in table order, and by all that identifies them: the latter for metrics that are looked up."""

    def __init__(self, facts: Sequence[Fact]) -> None:
        self._by_metric: dict[str, list[Fact]] = {}
        self._by_key: dict[str, dict[tuple[str, str, frozenset[tuple[str, str]]], Fact]] = {}
        for fact in facts:
            self._by_metric.setdefault(fact.metric_id, []).append(fact)

    def of(self, metric_id: str) -> Sequence[Fact]:
        return self._by_metric.get(metric_id, ())

    def find(self, metric_id: str, entity_id: str, period: str, dimensions: Mapping[str, str]) -> Fact:
        if metric_id not in self._by_key:
            self._by_key[metric_id] = {
                (f.entity_id, f.period, frozenset(f.dimensions.items())): f for f in self.of(metric_id)
            }
        found = self._by_key[metric_id].get((entity_id, period, frozenset(dimensions.items())))
        if found is not None:
            return found
        unit = definition_of(metric_id).unit
        reason = say("this figure was not calculated")
        return Fact(metric_id, entity_id, period, None, unit, dimensions, "not_evaluable", reason, qualifier=_ABSENT)
