"""Whatever is in a cell, the gate passes it or names it: never a traceback, never a fault without a place."""

from __future__ import annotations

import csv
import io
from datetime import date
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, ENTITIES
from executive_suite.dataset import snapshot
from executive_suite.schema.cells import BLANKS, CellError, parse
from executive_suite.schema.quality import Fault, QualityError
from executive_suite.schema.tables import schema
from executive_suite.sources import csv_text, mapping
from executive_suite.sources.config import UNMAPPED
from executive_suite.sources.raw import RawTables

TABLES = {
    "entity": ENTITIES,
    "account": ACCOUNTS,
    "ledger": """
        txn_id,line,date,entity_id,account,amount_cents,currency,activity,posted_at,recorded_at
        T1,1,2026-04-01,acme,1010,1000,USD,operating,2026-04-01T20:00:00Z,2026-04-01T20:00:00Z
        T1,2,2026-04-01,acme,4010,-1000,USD,operating,2026-04-01T20:00:00Z,2026-04-01T20:00:00Z
    """,
    "equity_holder": """
        entity_id,person_id,valid_from,valid_to,pct_bp,agreement_signed
        acme,one,2026-01-01,,6000,true
        acme,two,2026-01-01,,4000,false
    """,
    "param": """
        param,scope,valid_from,valid_to,value,unit,source
        fx_EUR,group,2026-01-01,,1.1,USD,test
    """,
    "focus_cost": """
        BilledCost,BillingAccountId,BillingCurrency,BillingPeriodStart,ChargePeriodStart,ServiceName,recorded_at
        1.5,A,USD,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,S3,2026-04-01T00:00:00Z
    """,
}
ROWS = {name: [line.strip().split(",") for line in text.strip().splitlines()] for name, text in TABLES.items()}
CELLS = [(n, r, c) for n, rows in ROWS.items() for r in range(1, len(rows)) for c in range(len(rows[0]))]
TEXT = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["NaN", "inf", "-0", "1e3", "9" * 25, "0001-01-01", "9999-12-31", "2026-02-30", "EUR", "group", "\ufeff"]
    ),
    st.integers().map(str),
    st.dates().map(str),
    st.datetimes().map(str),
)


def read(tables: dict[str, list[list[str]]]) -> RawTables:
    cells, faults = {}, []
    for name, rows in tables.items():
        buffer = io.StringIO()
        csv.writer(buffer).writerows(rows)
        data, found = csv_text.read(buffer.getvalue().encode("utf-8", "surrogatepass"), f"{name}.csv")
        faults += found
        if data is not None:
            cells[name] = mapping.apply(data, schema()[name], UNMAPPED, name)[0]
    return RawTables(cells, (), tuple(faults))


def found_in(tables: dict[str, list[list[str]]]) -> tuple[Fault, ...]:
    try:
        dataset = snapshot.build(read(tables), date(2026, 5, 1), ZoneInfo("America/Los_Angeles"))
    except QualityError as error:
        return error.faults
    assert len(dataset.hash) == 64
    return ()


def test_the_tables_are_sound() -> None:
    assert found_in(ROWS) == ()


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(CELLS), TEXT)
def test_any_cell_passes_or_is_named(place: tuple[str, int, int], text: str) -> None:
    name, row, column = place
    rows = [list(cells) for cells in ROWS[name]]
    rows[row][column] = text
    faults = found_in({**ROWS, name: rows})
    for fault in faults:
        assert fault.file.endswith(".csv")
        assert fault.rule
        assert fault.advice
    rule = schema()[name].columns[rows[0][column]]
    if "\0" in text or not faults:
        return
    try:
        unreadable = text.strip() not in BLANKS and parse(text.strip(), rule) is None
    except CellError:
        unreadable = True
    if unreadable:
        assert (f"{name}.csv", row + 1, rule.name) in {(fault.file, fault.row, fault.column) for fault in faults}


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(CELLS), TEXT)
def test_an_unreadable_cell_never_passes(place: tuple[str, int, int], text: str) -> None:
    name, row, column = place
    rule = schema()[name].columns[ROWS[name][0][column]]
    try:
        parse(text.strip() or "x", rule)
    except CellError:
        rows = [list(cells) for cells in ROWS[name]]
        rows[row][column] = text.strip() or "x"
        assert found_in({**ROWS, name: rows})
