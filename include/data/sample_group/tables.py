"""The tables of the sample group: rows in the schema's columns, written as CSV in a fixed order."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from executive_suite.schema.tables import RECORDED_AT, SOURCE_FILE, SOURCE_ROW, Table, schema

Row = Mapping[str, str]
Cell = str | int | float | bool | Decimal | date | datetime | None

HEADER_ONLY = ("campaign", "campaign_spend", "touchpoint", "review")
ONCE = ("ledger", "bank_line", "payment", "expense_doc", "work_log", "maintenance", "email_event")


def text(cell: Cell) -> str:
    """A cell as the files spell it.

    >>> text(True), text(None), text(Decimal("1.50"))
    ('true', '', '1.50')
    """
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell)


UNUSED: Mapping[str, tuple[str, ...]] = {
    "account": ("opening_unknown",),
    "asset": ("disposed_on",),
    "bank_line": ("entity_id",),
    "entity": ("ended_on",),
    "invoice": ("open_on",),
    "payment": ("entity_id", "counterparty_id"),
}
"""Columns that the group has no use for: no entity that left, every payment on an invoice, nothing half known."""
CURRENCY = "currency"
"""Stated in the ledger alone: the group has one currency."""


class Tables:
    """Rows by table; every column is one of the schema's.

    Two versions of a row that became known at the same instant are one: the one added last stays.
    """

    def __init__(self) -> None:
        """Start without rows."""
        self._rows: dict[str, dict[tuple[str, ...], Row]] = {name: {} for name in HEADER_ONLY}

    def add(self, table: str, recorded_at: datetime, **cells: Cell) -> None:
        """Add one row; a row that was made up says so where its table has a column for it.

        Raises:
            KeyError: a cell names a column that the table does not have.
            ValueError: a row that can be written only once is there already.
        """
        columns = schema()[table].columns
        unknown = sorted(set(cells) - set(columns))
        if unknown:
            msg = f"{table} has no column {', '.join(unknown)}"
            raise KeyError(msg)
        if "assumed" in columns:
            cells.setdefault("assumed", True)
        self.adopt(table, [{name: text(cell) for name, cell in cells.items()} | {RECORDED_AT: text(recorded_at)}])

    def adopt(self, table: str, rows: Sequence[Row]) -> None:
        """Add rows that exist already, unchanged.

        Raises:
            ValueError: a row that can be written only once is there already.
        """
        known = self._rows.setdefault(table, {})
        for row in rows:
            key = tuple(row.get(column, "") for column in (*schema()[table].key, RECORDED_AT))
            if not schema()[table].key:
                key = (*key, str(len(known)))
            if key in known and table in ONCE:
                msg = f"{table}: {key} is there already"
                raise ValueError(msg)
            known[key] = dict(row)

    def rows(self, table: str) -> Sequence[Row]:
        """The rows of one table so far, oldest addition first."""
        return list(self._rows.get(table, {}).values())

    def names(self) -> list[str]:
        """The tables that will be written."""
        return sorted(self._rows)

    def write(self, folder: Path) -> None:
        """Write one CSV a table, and the data package that describes them; the same rows give the same bytes."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in self.names():
            table = schema()[name]
            columns = _written(table)
            with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(sorted(self.rows(name), key=lambda row: _order(table, row)))
        (folder / "datapackage.json").write_text(_package(self.names()), encoding="utf-8")


def _written(table: Table) -> list[str]:
    """The columns of a table that the group keeps."""
    unused = {SOURCE_FILE, SOURCE_ROW, *UNUSED.get(table.name, ()), *([] if table.name == "ledger" else [CURRENCY])}
    return [column for column in table.columns if column not in unused]


def _order(table: Table, row: Row) -> tuple[tuple[int, str], ...]:
    """Tables of days by day, all by key; numbers in keys count as numbers."""
    lead = (table.business_date,) if table.name in ("ledger", "bank_line", "focus_cost") else ()
    cells = [row.get(column, "") for column in (*lead, *table.key, RECORDED_AT)]
    return tuple((int(cell), "") if cell.isdecimal() else (0, cell) for cell in cells)


def _package(names: Sequence[str]) -> str:
    """A data package (frictionless table schema) that describes the tables written."""
    resources = []
    for name in names:
        table = schema()[name]
        fields = [
            {"name": column.name, "type": column.kind}
            | ({"constraints": {"enum": list(column.allowed)}} if column.allowed else {})
            for column in map(table.columns.__getitem__, _written(table))
        ]
        content: dict[str, object] = {"fields": fields}
        if table.key:
            content["primaryKey"] = [*table.key, RECORDED_AT]
        resources.append(
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "encoding": "utf-8",
                "schema": content,
            }
        )
    package = {
        "name": "sample-group",
        "title": "The sample group: made-up records of a small set of businesses",
        "description": "Sample data. Made by sample_group from assumptions.yaml and the rows in sample_group/window.",
        "profile": "tabular-data-package",
        "sample": True,
        "resources": resources,
    }
    return json.dumps(package, indent=1, ensure_ascii=False) + "\n"
