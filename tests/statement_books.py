"""Books for tests of the statements: transactions in a few words, and their cells by key."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.statements.cells import Cell
from executive_suite.statements.report import statements
from typed_tables import context, typed

Accounts = Mapping[str, tuple[str, str] | tuple[str, str, str]]
"""Account to name, type and perhaps subtype; subtype ``cash`` is cash."""
Posted = tuple[str, str, str, Mapping[str, int]]
"""Day, entity, activity, and cents by ``account``, ``account@counterparty`` or ``account/activity``; debit-positive."""
Cells = Mapping[tuple[str, str, str, str], int]

COLUMNS = (
    "txn_id",
    "line",
    "date",
    "entity_id",
    "account",
    "amount_cents",
    "currency",
    "activity",
    "counterparty_id",
)


def chart(accounts: Accounts) -> pd.DataFrame:
    rows = [
        {
            "account": account,
            "name": name,
            "type": kind,
            "subtype": (subtype or [None])[0],
            "is_cash": subtype[:1] == ["cash"],
        }
        for account, (name, kind, *subtype) in accounts.items()
    ]
    return typed("account", rows, ("account", "name", "type", "subtype", "is_cash"))


def ledger(transactions: Iterable[Posted]) -> pd.DataFrame:
    rows = []
    for number, (day, entity, activity, lines) in enumerate(transactions):
        for line, (key, cents) in enumerate(lines.items(), 1):
            rest, _, party = key.partition("@")
            account, _, own = rest.partition("/")
            rows.append(
                {
                    "txn_id": f"T{number:05d}",
                    "line": line,
                    "date": day,
                    "entity_id": entity,
                    "account": account,
                    "amount_cents": cents,
                    "currency": "USD",
                    "activity": own or activity or None,
                    "counterparty_id": party or None,
                }
            )
    return typed("ledger", rows, COLUMNS)


def entities(*ids: str, group: str = "group") -> pd.DataFrame:
    rows = [{"entity_id": one, "kind": "business"} for one in ids] + [{"entity_id": group, "kind": "group"}]
    return typed("entity", rows, ("entity_id", "kind"))


def fiscal_year(first_month: int, since: str = "2000-01-01") -> pd.DataFrame:
    row = {"param": "fiscal_year_first_month", "scope": "group", "valid_from": since, "value": first_month}
    return typed("param", [row], ("param", "scope", "valid_from", "valid_to", "value"))


def books(report_date: str, accounts: Accounts, transactions: Iterable[Posted], **tables: pd.DataFrame) -> Context:
    return context(report_date, account=chart(accounts), ledger=ledger(transactions), **tables)


def cells_of(made: Sequence[Cell] | Context) -> Cells:
    """Cents by statement, entity, period and line; differences are left out."""
    cells = statements(made).cells if isinstance(made, Context) else made
    found = {(c.statement.value, c.entity_id, c.period, c.line): c.amount_cents for c in cells if not c.reason}
    assert len(found) == sum(not c.reason for c in cells)
    return found


def differences(made: Context) -> dict[tuple[str, str, str], list[tuple[int, str]]]:
    """Amounts and reasons of what does not tie, by statement, entity and period."""
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = {}
    for cell in statements(made).cells:
        assert bool(cell.reason) == (cell.line == "difference")
        if cell.reason:
            key = (cell.statement.value, cell.entity_id, cell.period)
            found.setdefault(key, []).append((cell.amount_cents, cell.reason))
    return found


def of(cells: Cells, statement: str, entity: str, period: str) -> dict[str, int]:
    """The lines of one statement that are not zero."""
    return {
        line: cents for (s, e, p, line), cents in cells.items() if (s, e, p) == (statement, entity, period) and cents
    }


IDS = ("alpha", "beta", "gamma", "hq")
CHART: Accounts = {
    "1010": ("Checking", "asset", "cash"),
    "1020": ("Savings", "asset", "cash"),
    "1100": ("Receivables", "asset"),
    "1500": ("Plant", "asset"),
    "1590": ("Accumulated depreciation", "asset"),
    "1900": ("Due from affiliates", "asset"),
    "2000": ("Payables", "liability"),
    "2500": ("Loan", "liability"),
    "2900": ("Due to affiliates", "liability"),
    "3000": ("Capital", "equity"),
    "4000": ("Sales", "revenue"),
    "4900": ("Fees of affiliates", "revenue"),
    "4950": ("Gain on sale", "revenue"),
    "6000": ("Rent", "expense"),
    "6700": ("Depreciation", "expense"),
    "6900": ("Fees to affiliates", "expense"),
}


def transactions(seed: int, count: int) -> Iterator[Posted]:
    """Random business of the entities over two and a half years, of every kind that statements tell apart."""
    dice = random.Random(seed)
    for _ in range(count):
        day = (date(2023, 11, 1) + timedelta(dice.randrange(930))).isoformat()
        one, other = dice.sample(IDS, 2)
        cash, c = dice.choice(["1010", "1020"]), dice.randrange(1, 10**7)
        kinds: list[list[Posted]] = [
            [(day, one, "noncash", {"1100": c, "4000": -c})],
            [(day, one, "operating", {cash: c, "1100": -c})],
            [(day, one, "noncash", {"6000": c, "2000": -c})],
            [(day, one, "operating", {"2000": c, cash: -c})],
            [(day, one, "operating", {"6000": c // 3, cash: -c, "2500/financing": c - c // 3})],
            [(day, one, "investing", {"1500": c, cash: -c})],
            [(day, one, "investing", {cash: c, "1590": c // 2, "1500": -(c + c // 2 - 7), "4950": -7})],
            [(day, one, "noncash", {"6700": c, "1590": -c})],
            [(day, one, "noncash", {"1500": c, "2500": -c})],
            [(day, one, "financing", {cash: c, "3000": -c})],
            [(day, one, "operating", {"1010": c, "1020": -c})],
            [
                (day, one, "investing", {f"1900@{other}": c, f"{cash}@{other}": -c}),
                (day, other, "financing", {"1010": c, f"2900@{one}": -c}),
            ],
            [
                (day, one, "noncash", {f"1900@{other}": c, f"4900@{other}": -c}),
                (day, other, "noncash", {f"6900@{one}": c, f"2900@{one}": -c}),
            ],
        ]
        yield from dice.choice(kinds)
