"""What a metric may see: the frozen tables of a run, its report date and the parameters valid on a day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import starmap
from typing import Any, Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite.dataset import behind
from executive_suite.dataset.rows import rows_of
from executive_suite.facts.definition import definition_of
from executive_suite.facts.earlier import NOTHING, Earlier
from executive_suite.facts.fact import GROUP, Fact, Input, MissingInputError
from executive_suite.facts.findings import Action, Finding
from executive_suite.facts.measure import Measure


class RulesInForce(Protocol):
    """What a metric may ask of the group's rules, whose package imports the metrics."""

    def shortfalls(self, context: Context, /) -> tuple[Finding, ...]:
        """The findings of rules of kind shortfall."""

    def thirty_day(self, context: Context, /) -> tuple[tuple[Finding, ...], tuple[Action, ...]]:
        """Findings, and the actions due within thirty days."""


NO_RULES = "the rules of the group are not given"


@dataclass(frozen=True)
class Context:
    """The frozen dataset of a run.

    Column types: ``date`` columns are ``datetime64[us]`` at midnight, ``datetime`` columns ``datetime64[us, UTC]``,
    integers ``int64`` or ``Int64`` where a blank is allowed, booleans ``boolean``, text ``str``, and ``number``
    columns exact decimal text (``str``), because fractions never become binary floats.

    Attributes:
        tables: The rows known at the cut-off: the latest version of each key, business days before the report date.
        report_date: The date that the run reports at.
        zone: The group's time zone.
        rules: The group's rules in force; without them, shortfalls and agenda are not evaluable.
        earlier: What earlier report dates said, as known then; without it there is no track record.
    """

    tables: Mapping[str, pd.DataFrame]
    report_date: date
    zone: ZoneInfo
    rules: RulesInForce | None = None
    earlier: Earlier = NOTHING

    def has(self, name: str) -> bool:
        """Whether the table is in the dataset (it may be empty)."""
        return name in self.tables

    def table(self, name: str, *columns: str) -> pd.DataFrame:
        """The rows of a table, all columns.

        Raises:
            MissingInputError: the table, or one of ``columns``, is absent.
        """
        if name not in self.tables:
            msg = f"table {name} is absent"
            raise MissingInputError(msg)
        frame = self.tables[name]
        absent = [column for column in columns if column not in frame.columns]
        if absent:
            msg = f"column {', '.join(f'{name}.{column}' for column in absent)} is absent"
            raise MissingInputError(msg)
        return frame

    def rows(self, name: str, *columns: str) -> tuple[Any, ...]:
        """The rows of a table as plain values (``dataset.rows.Row``), made once per run.

        Not for ``ledger``, which may have millions of lines: its sums are in ``metrics.book.book``.

        Raises:
            MissingInputError: the table, or one of ``columns``, is absent.
        """
        frame = self.table(name, *columns)
        if name not in self._rows:
            self._rows[name] = rows_of(frame, name)
        return self._rows[name]

    @cached_property
    def _rows(self) -> dict[str, tuple[Any, ...]]:
        return {}

    def rows_from(self, frame: pd.DataFrame, name: str) -> tuple[Any, ...]:
        """Some rows of a table that is too large for ``rows``: a part of its frame, index kept, as plain values."""
        made = rows_of(frame, name)
        self.made_from.setdefault(name, []).append((made, frame.index))
        return made

    @cached_property
    def made_from(self) -> dict[str, list[tuple[tuple[Any, ...], pd.Index[Any]]]]:
        """What ``rows_from`` gave, with the places of the rows in their table."""
        return {}

    def rows_in_force(self, name: str, *columns: str, on: date | None = None) -> tuple[Any, ...]:
        """The rows of an effective-dated table valid on a day (default: the report date); ``valid_to`` is the last.

        Raises:
            MissingInputError: the table, ``valid_from`` or one of ``columns`` is absent.
        """
        day = on or self.report_date
        return tuple(row for row in self.rows(name, "valid_from", *columns) if self._in_force(row, day))

    def _in_force(self, row: Any, day: date) -> bool:
        start, end = row.valid_from, row.get("valid_to")
        if isinstance(start, datetime):
            start = start.astimezone(self.zone).date()
        return start is not None and start <= day and (end is None or end >= day)

    def local_day(self, at: datetime, entity_id: str | None = None) -> date:
        """The calendar day of an instant in the entity's time zone, or the group's if it has none."""
        return at.astimezone(self._zones.get(entity_id, self.zone)).date()

    @cached_property
    def _zones(self) -> Mapping[str | None, ZoneInfo]:
        entities = self.rows("entity") if self.has("entity") else ()
        return {row.entity_id: ZoneInfo(row.timezone) for row in entities if row.get("timezone")}

    @property
    def last_day(self) -> date:
        """The last business day that the run covers: the day before the report date."""
        return self.report_date - timedelta(days=1)

    def fact(
        self,
        metric_id: str,
        measure: Measure,
        *,
        inputs: Mapping[str, behind.Behind],
        entity_id: str = GROUP,
        period: str = "",
        assumed: bool = False,
        **dimensions: str,
    ) -> Fact:
        """A fact of a registered metric; ``period`` defaults to the report date.

        ``inputs`` has what the figure was computed from, by table: its rows, or a sum of the ledger's lines. Where a
        metric knows no rows it has their number.
        """
        counts = {table: behind.count(rows) for table, rows in inputs.items()}
        fact = Fact(
            metric_id=metric_id,
            entity_id=entity_id,
            period=period or self.report_date.isoformat(),
            value=measure.value,
            unit=definition_of(metric_id).unit,
            dimensions=dimensions,
            status=measure.status,
            reason=measure.reason,
            inputs=tuple(starmap(Input, sorted(counts.items()))),
            assumed=assumed,
            qualifier=measure.qualifier,
        )
        return behind.keep(fact, inputs)

    def facts(self, measures: Mapping[str, Measure], **about: Any) -> tuple[Fact, ...]:
        """One fact per metric, equal in everything but the measure; ``about`` as in ``fact``."""
        return tuple([self.fact(metric_id, measure, **about) for metric_id, measure in measures.items()])
