"""Books for tests of the statements: transactions in a few words, and their cells by key."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

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
