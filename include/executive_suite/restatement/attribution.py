"""Which changes moved a figure: each is tried alone on what was known at the cut-off."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

import pandas as pd

from executive_suite import metrics
from executive_suite.dataset import asof, currency, frozen, unapplied
from executive_suite.dataset.context import Context
from executive_suite.dataset.foreign_rules import RULES
from executive_suite.dataset.rates import RATE, Rates
from executive_suite.dataset.snapshot import Typed
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.metrics.registry import Calculation
from executive_suite.restatement import late
from executive_suite.restatement.concern import register
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.view import View
from executive_suite.rules.judgement import Judgement
from executive_suite.schema.quality import Fault
from executive_suite.schema.tables import schema

MOST_UNITS = 24
"""Late transactions and rows that are tried one by one, those of tables with few first; the rest table by table."""

Key = tuple[str, str, str, tuple[tuple[str, str], ...]]
Facts = Mapping[Key, Fact]


@dataclass(frozen=True, slots=True)
class Attribution:
    """What moved one figure.

    Attributes:
        causes: The late transactions and rows, or tables of late rows, that each move it alone; if none does, the
            tables with late rows that it rests on.
        explained_by: Those that alone take it to what is known later.
        alone: Whether the causes each move it alone.
    """

    causes: tuple[str, ...]
    explained_by: tuple[str, ...] = ()
    alone: bool = True


def facts_of(context: Context, calculations: Iterable[Calculation] | None = None) -> dict[Key, Fact]:
    """The facts of some calculations, or of all."""
    wanted = every_calculation() if calculations is None else calculations
    return {fact.sort_key: fact for calculation in wanted for fact in calculation.run(context)}


def every_calculation() -> list[Calculation]:
    """The calculations of every metric."""
    return [calculation for field in metrics.FIELDS for calculation in metrics.load(field)]


def differs(then: Fact | None, now: Fact | None) -> bool:
    """Whether a figure changed; the same value, or none, in other words has not."""
    if then is None or now is None:
        return then is not now
    if then.value is not None and now.value is not None:
        return then.value != now.value
    return (then.value, then.status, then.qualifier) != (now.value, now.status, now.qualifier)


@dataclass(frozen=True)
class Trials:
    """What is needed to try changes one by one.

    Attributes:
        concerned: The rows that concern the period.
        view: The report date, its cut-off, and the later instant.
        rules: The group's rules, as metrics see them.
        tables: The dataset as known at the cut-off.
        then: Its figures.
        now: The figures as known later.
    """

    concerned: Typed
    view: View
    rules: Judgement
    tables: Mapping[str, pd.DataFrame]
    then: Facts
    now: Facts

    def attribution(self, changed: Iterable[Key], rows: tuple[LateRow, ...]) -> dict[Key, Attribution]:
        """By figure, what moved it.

        The rows of a table are first added together: none of them is tried for a figure that all of them leave alone.
        """
        figures = list(changed)
        moved: dict[Key, list[str]] = {key: [] for key in figures}
        explained: dict[Key, list[str]] = {key: [] for key in figures}
        left = MOST_UNITS
        units: dict[str, set[str]] = {}
        for row in rows:
            units.setdefault(row.table, set()).add(row.unit)
        found: dict[str, list[tuple[str, dict[Key, bool]]]] = {}
        for table, own in sorted(units.items(), key=lambda entry: (len(entry[1]), entry[0])):
            near = self._near(table, rows)
            together = self._try(near, _only(table, ""), figures)
            if len(own) == 1:
                found[table] = [(min(own), together)]
            elif len(own) > left:
                found[table] = [("", together)]
            else:
                left -= len(own)
                found[table] = [(unit, self._try(near, _only(table, unit), list(together))) for unit in sorted(own)]
        for table, trials in sorted(found.items()):
            for unit, effects in trials:
                for key, whole in effects.items():
                    name = unit or _counted(table, rows, key[1])
                    moved[key].append(name)
                    explained[key] += [name] * whole
        return {
            key: Attribution(tuple(moved[key]), tuple(explained[key])) if moved[key] else self._together(key, rows)
            for key in figures
        }

    def _try(self, near: set[str], wanted: Callable[[str, str], bool], figures: list[Key]) -> dict[Key, bool]:
        """The figures that the wanted late rows of one table move, and whether they explain the whole change."""
        if not figures:
            return {}
        frames = {name: frame for name, frame in self.concerned.frames.items() if name in near}
        part = late.with_only(replace(self.concerned, frames=frames), self.view, wanted)
        raw = self.view.selected(part)
        raw |= unapplied.payments(raw, self.concerned.frames)[0]
        faults: list[Fault] = []
        zone, entities = self.view.zone_now(part), part.frames.get("entity")
        then = asof.then(entities, self.view.report_date, self.view.end, zone)
        raw |= currency.converted(raw, Rates.of({**self.tables, **raw}), then, faults)
        if faults:
            return {}
        rising = self.concerned.rising
        again = {name: frozen.in_key_order(frame, schema()[name], rising=name in rising) for name, frame in raw.items()}
        ids = {key[0] for key in figures}
        calculations = [one for one in every_calculation() if ids & set(one.metric_ids)]
        context = Context({**self.tables, **again}, self.view.report_date, self.view.zone_now(part), self.rules)
        try:
            facts = facts_of(context, calculations)
        except ValueError:
            return {}  # a row that is only valid together with another changes nothing alone
        return {
            key: not differs(facts.get(key), self.now.get(key))
            for key in figures
            if differs(self.then.get(key), facts.get(key))
        }

    def _near(self, table: str, rows: tuple[LateRow, ...]) -> set[str]:
        """The tables whose selection or amounts depend on one table's late rows, and those that its rows refer to."""
        if table == "entity":
            return set(self.concerned.frames)  # its time zone says on which day something happened
        pairs = [{name, other.happens_with[0]} for name, other in schema().items() if other.happens_with]
        referred = {row.table for row in rows if register(schema()[row.table])}
        rates = {row.key["param"] for row in rows if row.table == table == "param"}
        near = {table, "entity"}.union(referred, *(pair for pair in pairs if table in pair))
        if any(name.startswith(RATE) for name in rates):
            near |= {"ledger", "focus_cost", *RULES}
        # A row without a currency has that of the row it belongs to.
        near |= {name for name, rule in RULES.items() if rule.related & near}
        return near.union(*(rule.related for name, rule in RULES.items() if name in near))

    def _together(self, key: Key, rows: tuple[LateRow, ...]) -> Attribution:
        """The late tables that the figure rests on, without those whose rows are all about other entities."""
        facts = (self.then.get(key), self.now.get(key))
        inputs = {given.table for fact in facts if fact for given in fact.inputs}
        inputs.update(*(one.needs for one in every_calculation() if key[0] in one.metric_ids))
        tables = sorted({row.table for row in _of_entity(rows, key[1])})
        named = [table for table in tables if table in inputs] or tables
        return Attribution(tuple(_counted(table, rows, key[1]) for table in named), alone=False)


def _only(table: str, unit: str) -> Callable[[str, str], bool]:
    return lambda name, other: name == table and unit in {"", other}


def _of_entity(rows: Iterable[LateRow], entity_id: str) -> list[LateRow]:
    """The rows that an entity's figure can rest on: its own and those of none; all rows if there are none of these."""
    given = list(rows)
    return [row for row in given if entity_id == GROUP or row.entity_id in {"", entity_id}] or given


def _counted(table: str, rows: Iterable[LateRow], entity_id: str) -> str:
    """A table with the number of its late rows that a figure can rest on, in words."""
    own = _of_entity((row for row in rows if row.table == table), entity_id)
    whose = f" of {entity_id}" if {row.entity_id for row in own} == {entity_id} else ""
    return f"{table} ({len(own)} late row{'s'[: len(own) != 1]}{whose})"
