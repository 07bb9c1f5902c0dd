"""Ledgers for tests of the financial metrics, built from a few plain statements."""

import functools
from collections.abc import Iterable, Mapping
from decimal import Decimal

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact, Value
from typed_tables import facts_of, typed

__all__ = ["CHART", "Transaction", "fact_of", "facts_of", "ledger", "params", "value_of"]

CHART = typed(
    "account",
    [
        {
            "account": account,
            "name": name,
            "type": kind,
            "subtype": subtype,
            "normal_side": "credit" if kind in {"liability", "equity", "revenue"} else "debit",
            "cost_behaviour": behaviour,
            "function": function,
            "is_cash": account in {"1010", "1020"},
        }
        for account, name, kind, subtype, behaviour, function in (
            ("1010", "Checking", "asset", "cash", "na", "na"),
            ("1020", "Savings", "asset", "cash", "na", "na"),
            ("1200", "Receivables", "asset", "receivable", "na", "na"),
            ("1500", "Equipment", "asset", None, "na", "na"),
            ("2300", "Customer deposits (contract liability)", "liability", None, "na", "na"),
            ("2500", "Loan", "liability", "loan", "na", "na"),
            ("3010", "Owner contributions", "equity", None, "na", "na"),
            ("4100", "Sales", "revenue", None, "na", "na"),
            ("5100", "Crew and fuel", "expense", "cogs", "variable", "cogs"),
            ("6100", "Rent", "expense", None, "fixed", "opex_ga"),
            ("6400", "Advertising", "expense", None, "fixed", "opex_sales"),
            ("7100", "Interest", "expense", "interest", "fixed", "nonop"),
        )
    ],
)

Transaction = tuple[str, str, str, Mapping[str, int]]
"""Date, entity, activity, and cents by account, debits positive."""


def ledger(transactions: Iterable[Transaction], contracts: Mapping[int, str] | None = None) -> pd.DataFrame:
    rows = [
        {
            "txn_id": f"T{number:04d}",
            "line": line,
            "date": day,
            "entity_id": entity,
            "account": account,
            "amount_cents": cents,
            "currency": "USD",
            "activity": activity,
            "counterparty_id": None,
            "contract_id": (contracts or {}).get(number),
        }
        for number, (day, entity, activity, lines) in enumerate(transactions)
        for line, (account, cents) in enumerate(lines.items())
    ]
    columns = ["txn_id", "line", "date", "entity_id", "account", "amount_cents", "currency", "activity"]
    columns += ["counterparty_id", "contract_id"]
    return typed("ledger", rows, columns)


def params(values: Mapping[str, object], since: str = "2020-01-01") -> pd.DataFrame:
    """Parameters from ``name`` or ``name@scope`` to value."""
    return _params(tuple(values.items()), since)


@functools.cache
def _params(values: tuple[tuple[str, object], ...], since: str) -> pd.DataFrame:
    rows = [
        {
            "param": key.partition("@")[0],
            "scope": key.partition("@")[2] or "group",
            "valid_from": since,
            "valid_to": None,
            "value": value,
            "assumed": False,
        }
        for key, value in values
    ]
    return typed("param", rows)


def fact_of(
    context: Context, field: str, metric_id: str, *, entity: str = "group", period: str = "", **dimensions: str
) -> Fact:
    wanted = (entity, period or context.report_date.isoformat(), dimensions)
    found = [
        fact
        for fact in facts_of(context, field, metric_id)
        if (fact.entity_id, fact.period, dict(fact.dimensions)) == wanted
    ]
    assert len(found) == 1, f"{metric_id} {wanted}: {len(found)} facts"
    return found[0]


def value_of(context: Context, field: str, metric_id: str, **which: str) -> Value | None:
    value = fact_of(context, field, metric_id, **which).value
    return value.normalize() if isinstance(value, Decimal) else value
