"""The input schema: the tables, columns, keys and references that the product reads; all are optional."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal

Kind = Literal["string", "integer", "number", "date", "datetime", "boolean"]

RECORDED_AT = "recorded_at"
SOURCE_FILE = "source_file"
SOURCE_ROW = "source_row"
ORIGIN = frozenset({SOURCE_FILE, SOURCE_ROW})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes:
        name: As the header of a file spells it.
        kind: What a cell holds; ``number`` is an exact decimal, ``datetime`` an instant.
        required: Whether a blank is a fault (if the column is present).
        allowed: The values that it may take; empty for any.
        least: The smallest number allowed.
        most: The greatest number allowed.
    """

    name: str
    kind: Kind
    required: bool = False
    allowed: tuple[str, ...] = ()
    least: int | None = None
    most: int | None = None

    @property
    def money(self) -> bool:
        """Whether it holds integer cents."""
        return self.name.endswith("_cents")


@dataclass(frozen=True, slots=True)
class Reference:
    """A column whose values must be keys of another table, among the rows known at the cut-off."""

    column: str
    table: str
    target: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table of the input schema.

    Attributes:
        name: ``<name>.csv`` or ``<name>.parquet`` in a folder.
        columns: Every column it may have, by name.
        key: The columns that identify a row across its versions; empty for ``focus_cost``.
        references: Columns that refer to other tables.
        business_date: The column with a row's business day; empty for registers and for tables that look ahead
            (budget, availability …).
        concerns: For a table that looks ahead, the column with the first day that a row is about.
        business_zone: The time zone of its business days if it is not the entity's: cloud bills use UTC days.
        happens_with: The table whose business day its rows share, and the column that links both.
        load_key: The columns that identify a bill, which is restated as a whole; empty for all other tables.
        concerns_with: The table whose rows say which days a row is about, and the column that links both.
        state: The columns of a register that tell how things are when the row is recorded: a later value changes
            nothing in an earlier period.
        state_since: The column with the day since when they are so, if the register has one.
        spans: Pairs of columns, first and last day (or instant) of a period.
    """

    name: str
    columns: Mapping[str, Column]
    key: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    business_date: str = ""
    concerns: str = ""
    business_zone: str = ""
    happens_with: tuple[str, str] | None = None
    load_key: tuple[str, ...] = ()
    concerns_with: tuple[str, str] | None = None
    state: tuple[str, ...] = ()
    state_since: str = ""
    spans: tuple[tuple[str, str], ...] = ()

    def kind(self, column: str) -> Kind:
        """The kind of one column."""
        return self.columns[column].kind


def _table(resource: Mapping[str, Any]) -> Table:
    content = resource["schema"]
    state = content.get("x-state", {})
    columns = {}
    for field in content["fields"]:
        limits = field.get("constraints", {})
        columns[field["name"]] = Column(
            field["name"],
            field["type"],
            bool(limits.get("required")),
            tuple(limits.get("enum", ())),
            limits.get("minimum"),
            limits.get("maximum"),
        )
    return Table(
        name=resource["name"],
        columns=columns,
        key=tuple(content.get("primaryKey", ())),
        references=tuple(
            Reference(key["fields"][0], key["reference"]["resource"], key["reference"]["fields"][0])
            for key in content.get("x-asof-foreignKeys", ())
        ),
        business_date=content.get("x-businessDate", ""),
        concerns=content.get("x-concerns", ""),
        business_zone=content.get("x-businessZone", ""),
        happens_with=_link(content.get("x-happensWith")),
        load_key=tuple(content.get("x-loadKey", ())),
        concerns_with=_link(content.get("x-concernsWith")),
        state=tuple(state.get("columns", ())),
        state_since=state.get("since", ""),
        spans=tuple((first, last) for first, last in content.get("x-spans", ())),
    )


def _link(given: Mapping[str, str] | None) -> tuple[str, str] | None:
    return (given["table"], given["column"]) if given else None


def bare(header: str) -> str:
    """A header without case, spaces and punctuation: headers equal then mean the same column.

    >>> bare("Amount, Cents") == bare("amount_cents")
    True
    """
    return re.sub(r"\W|_", "", header.casefold())


@functools.cache
def schema() -> Mapping[str, Table]:
    """Every table by name, in the order of ``schema.json``.

    >>> schema()["ledger"].key
    ('txn_id', 'line')
    """
    package = json.loads(resources.files("executive_suite").joinpath("schema.json").read_text(encoding="utf-8"))
    return {resource["name"]: _table(resource) for resource in package["resources"]}
