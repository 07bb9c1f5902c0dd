"""What a metric may see: the frozen tables of a run, its report date and the parameters valid on a day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Protocol
from zoneinfo import ZoneInfo

import pandas as pd

from executive_suite.facts import GROUP, Fact, Input, MissingInputError
from executive_suite.findings import Action, Finding
from executive_suite.metrics.definition import Measure, definition_of


class RulesInForce(Protocol):
    """What a metric may ask of the group's rules, which stand above the metrics that they read."""

    def shortfalls(self, context: Context, /) -> tuple[Finding, ...]:
        """What the rules of kind shortfall find; nothing when there are none."""

    def thirty_day(self, context: Context, /) -> tuple[tuple[Finding, ...], tuple[Action, ...]]:
        """Findings, and what to do within thirty days about them."""


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
        rules: The rules of the group in force, which shortfalls and agenda are counted by; without
            any, both are not evaluable.
    """

    tables: Mapping[str, pd.DataFrame]
    report_date: date
    zone: ZoneInfo
    rules: RulesInForce | None = None

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

    def current(self, name: str, *columns: str, on: date | None = None) -> pd.DataFrame:
        """The rows of an effective-dated table valid on a day (default: the report date); ``valid_to`` is the last."""
        frame = self.table(name, "valid_from", *columns)
        day = pd.Timestamp(on or self.report_date)
        start = frame["valid_from"]
        if isinstance(start.dtype, pd.DatetimeTZDtype):
            start = start.dt.tz_convert(self.zone).dt.tz_localize(None).dt.normalize()
        valid = start <= day
        if "valid_to" in frame.columns:
            valid &= frame["valid_to"].isna() | (frame["valid_to"] >= day)
        return frame[valid]

    def param(self, name: str, scope: str = GROUP, *, on: date | None = None) -> Decimal:
        """A parameter valid on a day (default: the report date).

        Raises:
            MissingInputError: no value of that name and scope is valid then; the message says what to add.
        """
        day = on or self.report_date
        valid = [value for first, last, value in self._params.get((name, scope), ()) if first <= day <= last]
        if not valid:
            msg = f"param {name} (scope {scope}) has no value on {day.isoformat()}"
            raise MissingInputError(msg)
        return Decimal(valid[-1])

    @cached_property
    def _params(self) -> Mapping[tuple[str, str], Sequence[tuple[date, date, str]]]:
        """First and last day and value of each parameter by name and scope, in order of the first day."""
        frame = self.table("param", "valid_from", "param", "scope", "value").sort_values("valid_from")
        until = frame["valid_to"] if "valid_to" in frame.columns else pd.Series(pd.NaT, index=frame.index)
        found: dict[tuple[str, str], list[tuple[date, date, str]]] = {}
        cells = zip(frame["param"], frame["scope"], frame["valid_from"], until, frame["value"], strict=True)
        for name, scope, first, last, value in cells:
            if not pd.isna(first):
                end = date.max if pd.isna(last) else last.date()
                found.setdefault((name, scope), []).append((first.date(), end, str(value)))
        return found

    @property
    def last_day(self) -> date:
        """The last business day that the run covers: the day before the report date."""
        return self.report_date - timedelta(days=1)

    def fact(  # noqa: PLR0913 - each is a column of the fact table
        self,
        metric_id: str,
        measure: Measure,
        *,
        inputs: Mapping[str, int],
        entity_id: str = GROUP,
        period: str = "",
        assumed: bool = False,
        **dimensions: str,
    ) -> Fact:
        """A fact of a registered metric; ``period`` defaults to the report date."""
        return Fact(
            metric_id=metric_id,
            entity_id=entity_id,
            period=period or self.report_date.isoformat(),
            value=measure.value,
            unit=definition_of(metric_id).unit,
            dimensions=dimensions,
            status=measure.status,
            reason=measure.reason,
            inputs=tuple(Input(table, rows) for table, rows in sorted(inputs.items())),
            assumed=assumed,
        )
