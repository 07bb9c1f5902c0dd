"""Books of a group whose companies each keep their own: transactions line by line, with counterparties."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from finance_rows import CHART, params

from executive_suite.dataset.context import Context
from typed_tables import context, typed

ENTITIES = ("group", "a", "b", "c")

MORE = typed(
    "account",
    [
        {
            "account": account,
            "name": name,
            "type": kind,
            "subtype": subtype,
            "normal_side": "debit" if kind in {"asset", "expense"} else "credit",
            "cost_behaviour": "fixed" if kind == "expense" else "na",
            "function": "opex_ga" if kind == "expense" else "na",
            "is_cash": False,
        }
        for account, name, kind, subtype in (
            ("1090", "Cash in transit", "asset", "clearing"),
            ("1095", "Card processor clearing", "asset", "clearing"),
            ("1600", "Loan to Thomas Company", "asset", None),
            ("1610", "Treasury bills", "asset", "securities"),
            ("1900", "Due from affiliates", "asset", "due_from_affiliate"),
            ("2000", "Payables", "liability", "payable"),
            ("2900", "Due to affiliates", "liability", "due_to_affiliate"),
            ("3030", "Opening balance equity", "equity", None),
            ("4900", "Management fees", "revenue", None),
            ("6900", "Management fees paid", "expense", None),
        )
    ],
)
ACCOUNTS = pd.concat([CHART, MORE], ignore_index=True)


@dataclass(frozen=True)
class Entry:
    """One transaction in the books of one entity: cents by account, and the counterparty of its lines."""

    day: str
    entity: str
    activity: str | None
    lines: Mapping[str, int]
    party: str | None = None
    named: Sequence[str] = ()
    """The accounts whose lines name the counterparty; all if none is given."""


def books(entries: Sequence[Entry], report_date: str = "2026-05-01", **more: object) -> Context:
    """The group's dataset with these transactions; ``more`` are tables, or parameters."""
    rows = [
        {
            "txn_id": f"T{number:04d}",
            "line": line,
            "date": entry.day,
            "entity_id": entry.entity,
            "account": account,
            "amount_cents": cents,
            "currency": "USD",
            "activity": entry.activity,
            "counterparty_id": entry.party if not entry.named or account in entry.named else None,
        }
        for number, entry in enumerate(entries)
        for line, (account, cents) in enumerate(entry.lines.items())
    ]
    columns = ["txn_id", "line", "date", "entity_id", "account", "amount_cents", "currency", "activity"]
    tables = {name: table for name, table in more.items() if isinstance(table, pd.DataFrame)}
    values = {name: value for name, value in more.items() if name not in tables}
    group = typed("entity", [{"entity_id": name, "kind": "business"} for name in ENTITIES])
    given = {
        "ledger": typed("ledger", rows, [*columns, "counterparty_id"]),
        "account": ACCOUNTS,
        "entity": group,
        "param": params({"burn_window_months": 6} | values),
    }
    return context(report_date, **(given | tables))


def both(day: str, amount: int, *, later: str = "") -> list[Entry]:
    """What a charges b for a service, on both books, paid at once; b may book it later."""
    return [
        Entry(day, "a", "operating", {"1010": amount, "4900": -amount}, "b"),
        Entry(later or day, "b", "operating", {"6900": amount, "1010": -amount}, "a"),
    ]


def loan(day: str, amount: int, *, later: str = "") -> list[Entry]:
    """What a lends b, on both books: investing for the lender, financing for the borrower."""
    return [
        Entry(day, "a", "investing", {"1900": amount, "1010": -amount}, "b"),
        Entry(later or day, "b", "financing", {"1010": amount, "2900": -amount}, "a"),
    ]
