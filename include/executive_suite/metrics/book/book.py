"""The ledger of a run, added up once: every ledger figure comes from this small table of sums."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from executive_suite.dataset.context import Context
from executive_suite.dataset.memo import per_context
from executive_suite.metrics.book.amounts import NOTHING, MonthlySums, Sum
from executive_suite.metrics.book.cells import Axis, Book, Mask
from executive_suite.metrics.book.chosen import lines_with, sums_of
from executive_suite.metrics.book.lines import LEDGER_COLUMNS, Flags, lines
from executive_suite.metrics.book.sums import totals

__all__ = [
    "LEDGER_COLUMNS",
    "NEEDS",
    "NEEDS_ACTIVITY",
    "NOTHING",
    "Book",
    "Flags",
    "Mask",
    "MonthlySums",
    "Sum",
    "book",
    "chart",
    "lines",
    "lines_with",
    "sums_of",
]

ACCOUNT_COLUMNS = ("account", "type", "is_cash")
NEEDS: Mapping[str, tuple[str, ...]] = {"ledger": LEDGER_COLUMNS, "account": ACCOUNT_COLUMNS}
NEEDS_ACTIVITY: Mapping[str, tuple[str, ...]] = {"ledger": (*LEDGER_COLUMNS, "activity"), "account": ACCOUNT_COLUMNS}

_ATTRIBUTES = ("type", "subtype", "function", "cost_behaviour")


@per_context
def book(context: Context) -> Book:
    """The book of a run's ledger, computed on the first call for a context."""
    charted = chart(context)
    columns = context.table("account").columns
    posted = lines(context)
    first = int(posted.month.min()) if len(posted.month) else 0
    months = int(posted.month.max()) - first + 1 if len(posted.month) else 1
    shape = (len(posted.entities), months, len(posted.accounts), len(posted.activities))
    by = (posted.entity, posted.month - np.int32(first), posted.account, posted.activity)
    (entity, month, account, activity), cents, counts = totals(by, shape, posted.cents)
    on = Axis(tuple(map(str, posted.accounts)), account)
    return Book(
        Axis(tuple(map(str, posted.entities)), entity),
        on,
        Axis(tuple(map(str, posted.activities)), activity),
        month + first,
        cents,
        counts,
        {
            name: tuple((getattr(charted[a], name) or "") if a in charted else "" for a in on.names)
            for name in _ATTRIBUTES
            if name in columns
        },
        frozenset(row.account for row in context.rows("account") if row.is_cash),
        len(posted.cents),
    )


@per_context
def chart(context: Context) -> Mapping[str, Any]:
    """The row of each account in the chart of accounts."""
    return {row.account: row for row in reversed(context.rows("account", *ACCOUNT_COLUMNS))}
