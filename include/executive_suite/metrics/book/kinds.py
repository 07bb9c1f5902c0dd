"""What the chart of accounts says of an account beyond its type: cash, between entities, in transit, financial."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context

ACCOUNT_COLUMNS = ("account", "type", "is_cash")

UNCLASSIFIED = "unclassified"
"""The subtype of an account whose lines wait to be classified; see ``unclassified``."""

INTERCOMPANY = re.compile(r"inter_?company|affiliate|^due_(from|to)(_|$)")
"""Subtypes of accounts between entities: intercompany, intercompany_loan, due_from_affiliate, due_to, affiliates."""

_BETWEEN = re.compile(
    r"inter-?company|affiliate|^due (to|from)$|due (to|from) (related|group|parent|subsidiar|sister)", re.IGNORECASE
)
_TRANSIT = re.compile(r"clearing|in[ _-]transit|^(bank|cash|account)?[ _]?transfers?$", re.IGNORECASE)
_GOODS = re.compile(r"goods|inventory|stock|material", re.IGNORECASE)

_FIXED_SUBTYPE = re.compile(r"fixed|property|plant|equipment|vehicle|vessel|building|land|intangible|software|progress")
_FINANCIAL_SUBTYPE = re.compile(r"receivable|loan|note|securit|invest|treasur|bond|deposit|certificate|money_market")
_LENT = re.compile(
    r"receivable|\b(loans?|notes?|lent|advances?|securities|treasur\w*|t-?bills?|bonds?|certificates?|money market"
    r"|(mutual |index |exchange-traded )funds?|shares|stocks|stake|etfs?|brokerage|commercial paper|joint ventures?"
    r"|crypto\w*|bitcoin)\b|\binvestments?\b(?! propert)",
    re.IGNORECASE,
)
_PROPERTY_TAX = re.compile(r"(property|real[ _-]estate|land|council)[ _-]tax|business rates", re.IGNORECASE)
_DEPOSIT = re.compile(r"\bdeposits?\b", re.IGNORECASE)
_THING = re.compile(r"equipment|vessel|boat|vehicle|truck|building|plant|machine|furniture|construction", re.IGNORECASE)


@per_context
def chart(context: Context) -> Mapping[str, Any]:
    """The row of each account in the chart of accounts."""
    return {row.account: row for row in reversed(context.rows("account", *ACCOUNT_COLUMNS))}


@per_context
def cash_accounts(context: Context) -> frozenset[str]:
    """The accounts that are cash, with and without postings; none if the chart marks none."""
    return frozenset(row.account for row in _charted(context) if row.get("is_cash"))


@per_context
def cash_of_unknown_level(context: Context) -> frozenset[str]:
    """The cash accounts of which nobody says what they held before their first line."""
    return frozenset(row.account for row in _charted(context) if row.get("is_cash") and row.get("opening_unknown"))


def _charted(context: Context) -> tuple[Any, ...]:
    """The chart of accounts; sums that need none of it do without."""
    return context.rows("account", "account") if context.has("account") else ()


@per_context
def intercompany_accounts(context: Context) -> frozenset[str]:
    """The accounts whose subtype, or without one whose name, says that they are between entities of the group."""
    rows = _charted(context)
    found = {row.account for row in rows if INTERCOMPANY.search(row.text("subtype").lower())}
    found |= {row.account for row in rows if not row.text("subtype") and _BETWEEN.search(row.text("name"))}
    return frozenset(found - cash_accounts(context))


@per_context
def property_tax_accounts(context: Context) -> frozenset[str]:
    """The expense accounts whose subtype or name says that they hold the tax on property."""
    return frozenset(
        row.account
        for row in chart(context).values()
        if row.type == "expense" and any(_PROPERTY_TAX.search(row.text(column)) for column in ("subtype", "name"))
    )


@per_context
def transit_accounts(context: Context) -> frozenset[str]:
    """The balance-sheet accounts whose subtype or name says that money passes through on its way to another account."""
    return frozenset(
        row.account
        for row in chart(context).values()
        if not row.is_cash
        and row.type not in {"revenue", "expense"}
        and any(_TRANSIT.search(text) for text in (row.text("subtype"), row.text("name")))
        and not _GOODS.search(row.text("name"))
    )


@per_context
def financial_accounts(context: Context) -> frozenset[str]:
    """The asset accounts that hold claims and securities: money put there is lent or invested, not spent on assets.

    By subtype; where the chart states none, by name. Any other asset is taken for one that is used.
    """
    return frozenset(row.account for row in chart(context).values() if row.type == "asset" and _is_financial(row))


def _is_financial(row: Any) -> bool:
    subtype, name = row.text("subtype").lower(), row.text("name")
    if _FIXED_SUBTYPE.search(subtype):
        return False
    if _FINANCIAL_SUBTYPE.search(subtype) or INTERCOMPANY.search(subtype) or _LENT.search(name):
        return True
    return bool(_DEPOSIT.search(name)) and not _THING.search(name)
