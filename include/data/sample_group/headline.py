"""The group's own rows of the window, taken over unchanged, with what was known of the same keys before.

Only accounts, entities and client contracts are dated back, to when the books knew them, and channels are named.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path

from sample_group.days import at
from sample_group.tables import text
from sample_group.world import Obligation, World

FOLDER = Path(__file__).parent / "window"

# In the rows of the window the owner brings in the opening cash; in the whole history it comes from the books.
OPENING_TXN = "T0001"
WITH_THE_BOOKS = ("account", "entity")
PRICES = ("unit_price_cents", "unit_variable_cost_cents")

# The window's rows of channels have no column for the name that a reader knows.
DIRECT = "direct"
NAMES = {DIRECT: "JADA site", "sailo": "Sailo", "getmyboat": "GetMyBoat", "viator": "Viator", "gyg": "GYG"}

Rows = Sequence[Mapping[str, str]]

# What the group found out later about rows of the window, and when: table and key, day, cells.
READ_ON, TRIAGED_ON = date(2026, 2, 10), date(2026, 3, 2)
SSVC = ("exploitation", "automatable", "technical_impact", "mission_wellbeing", "publicly_exposed")
LEARNT: Mapping[tuple[str, str], tuple[date, Mapping[str, str]]] = {
    # the contracts were read for their notice periods, and the founder's agreement for what is vested
    ("client_contract", "C1"): (READ_ON, {"notice_days": "30"}),
    ("client_contract", "C2"): (READ_ON, {"notice_days": "60"}),
    ("client_contract", "C3"): (READ_ON, {"notice_days": "30"}),
    ("equity_holder", "founder"): (READ_ON, {"vested_bp": "10000"}),
} | {
    # the security gaps were triaged
    ("finding", finding): (TRIAGED_ON, dict(zip(SSVC, answers, strict=True)))
    for finding, answers in {
        "F1": ("poc", "yes", "total", "high", "true"),
        "F2": ("poc", "no", "total", "medium", "false"),
        "F3": ("none", "yes", "partial", "high", "true"),
        "F4": ("none", "yes", "partial", "medium", "true"),
        "F5": ("poc", "yes", "total", "medium", "true"),
        "F6": ("none", "no", "total", "medium", "false"),
    }.items()
}
NAMED_BY = {"client_contract": "contract_id", "equity_holder": "person_id", "finding": "finding_id"}


def read(table: str) -> Rows:
    """The rows of one table."""
    with (FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ledger() -> Rows:
    """The ledger lines of the window, without the opening cash."""
    return [row for row in read("ledger") if row["txn_id"] != OPENING_TXN]


def add_registers(world: World) -> None:
    """Add all tables but the ledger, and the earlier versions that make the history readable."""
    first = text(at(world.assumptions.first_day - timedelta(days=1)))
    for path in sorted(FOLDER.glob("*.csv")):
        table = path.stem
        if table == "ledger":
            continue
        rows = read(table)
        if table in WITH_THE_BOOKS:
            rows = [{**row, "recorded_at": first} for row in rows]
        if table == "client_contract":
            rows = [{**row, "recorded_at": text(at(_day(row, "start_on")))} for row in rows]
        if table == "channel":
            rows = [{**row, "name": NAMES[row["channel_id"]]} for row in rows]
        world.tables.adopt(table, rows)
        world.tables.adopt(
            table, [_completed(row, *LEARNT[key]) for row in rows if (key := _key(table, row)) in LEARNT]
        )
        if table == "param":
            _earlier_parameters(world, rows)
        if table == "booking":
            earlier = [
                {**row, "status": "confirmed", "recorded_at": row["confirmed_at"]}
                for row in rows
                if row["status"] != "confirmed"
            ]
            world.tables.adopt(table, earlier)


def add_obligations(world: World) -> None:
    """A charter that is sold and not yet sailed is still owed; nobody wrote down the one that was sailed."""
    for row in read("booking"):
        if row["status"] == "confirmed":
            day, sold = (date.fromisoformat(row[c][:10]) for c in ("service_start", "confirmed_at"))
            price = int(row["gross_cents"]) - int(row["discount_cents"])
            contract, entity = row["booking_id"], row["entity_id"]
            world.owe(Obligation(entity, contract, price, (day, day), "charter", sold_on=sold, satisfied=False))


def _key(table: str, row: Mapping[str, str]) -> tuple[str, str]:
    return table, row.get(NAMED_BY.get(table, ""), "")


def _completed(row: Mapping[str, str], known: date, cells: Mapping[str, str]) -> Mapping[str, str]:
    """The row once more, as it was known from that day on."""
    return {**row, **cells, "recorded_at": text(at(known))}


def _day(row: Mapping[str, str], column: str) -> date:
    return date.fromisoformat(row[column])


def _earlier_parameters(world: World, rows: Rows) -> None:
    """The same values held since the books opened; each was open-ended until the row of the window replaced it."""
    first = world.assumptions.first_day
    for row in rows:
        if row["param"] in PRICES:
            continue
        older = {**row, "valid_from": first.isoformat(), "recorded_at": text(at(first - timedelta(days=1)))}
        closed = {**older, "valid_to": (_day(row, "valid_from") - timedelta(days=1)).isoformat()}
        world.tables.adopt("param", [older, {**closed, "recorded_at": row["recorded_at"]}])
