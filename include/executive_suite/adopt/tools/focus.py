"""Bills of clouds in FOCUS, of any version: columns of the table by their names, other columns left out."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from executive_suite.adopt.reading import LeftOut, NotReadableError, Origin, Reading, Record
from executive_suite.adopt.upload import Upload
from executive_suite.schema.tables import schema

TABLE = "focus_cost"
_NEEDED = frozenset({"BilledCost", "BillingPeriodStart", "ChargePeriodStart", "ChargeCategory", "ServiceName"})
_NOTHING = frozenset({"", "null", "nan", "none"})


def read(upload: Upload) -> Reading | None:
    """The lines of a bill.

    Raises:
        NotReadableError: a period is no instant, or the bill lacks a column that the table needs.
    """
    grid = next((one for one in upload.grids if one.rows and set(one.rows[0]) >= _NEEDED), None)
    if grid is None:
        return None
    header, known = grid.rows[0], schema()[TABLE]
    columns = {name: at for at, name in enumerate(header) if name in known.columns}
    lacking = [one.name for one in known.columns.values() if one.required and one.name not in columns]
    if lacking:
        msg = f"{upload.name}: the bill lacks {', '.join(lacking)}; FOCUS 1.0 to 1.2 was looked for"
        raise NotReadableError(msg)
    records = []
    for number, row in enumerate(grid.rows[1:], 2):
        if not any(row):
            continue
        cells = {name: row[at] if at < len(row) else "" for name, at in columns.items()}
        values = {name: _cell(upload, number, name, text, known.kind(name)) for name, text in cells.items()}
        records.append(Record(TABLE, values, Origin(upload.name, number)))
    if not records:
        msg = f"{upload.name}: a bill without a line"
        raise NotReadableError(msg)
    periods = sorted(date.fromisoformat(one.values["ChargePeriodStart"][:10]) for one in records)
    currencies = {one.values["BillingCurrency"] for one in records}
    others = sorted(set(header) - set(columns) - {""})
    return replace(
        upload.reading("FOCUS", "Cloud bill", "register"),
        currency=currencies.pop() if len(currencies) == 1 else "",
        begins=periods[0],
        ends=periods[-1],
        records=tuple(records),
        left_out=(LeftOut("columns that no report reads", len(others)),) if others else (),
    )


def _cell(upload: Upload, row: int, name: str, text: str, kind: str) -> str:
    if text.casefold() in _NOTHING:
        return ""
    if kind != "datetime":
        return text
    try:
        at = datetime.fromisoformat(text.removesuffix(" UTC"))
    except ValueError:
        msg = f"{upload.name}: row {row}: {name} {text!r} is no instant"
        raise NotReadableError(msg) from None
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
