"""The ledger of a run, added up once: every ledger figure comes from this small table of sums."""

from __future__ import annotations

from collections.abc import Mapping

from executive_suite.dataset.context import Context
from executive_suite.dataset.group import ends
from executive_suite.dataset.memo import per_context
from executive_suite.facts.fact import MissingInputError
from executive_suite.metrics.book.added import added
from executive_suite.metrics.book.amounts import NOTHING, MonthlySums, Part, Sum
from executive_suite.metrics.book.begins import begun
from executive_suite.metrics.book.cells import Axis, Book, Mask
from executive_suite.metrics.book.chosen import sums_of
from executive_suite.metrics.book.kinds import ACCOUNT_COLUMNS, cash_accounts, cash_of_unknown_level, chart
from executive_suite.metrics.book.lines import LEDGER_COLUMNS, lines, lines_with
from executive_suite.metrics.book.sums import Flags

__all__ = [
    "LEDGER_COLUMNS",
    "NEEDS",
    "NEEDS_ACTIVITY",
    "NOTHING",
    "Book",
    "Flags",
    "Mask",
    "MonthlySums",
    "Part",
    "Sum",
    "book",
    "chart",
    "if_kept",
    "lines",
    "lines_with",
    "required",
    "sums_of",
]

NEEDS: Mapping[str, tuple[str, ...]] = {"ledger": LEDGER_COLUMNS, "account": ACCOUNT_COLUMNS}
NEEDS_ACTIVITY: Mapping[str, tuple[str, ...]] = {"ledger": (*LEDGER_COLUMNS, "activity"), "account": ACCOUNT_COLUMNS}

_ATTRIBUTES = ("type", "subtype", "function", "cost_behaviour")


def required(context: Context) -> Book:
    """The book of a run that has one.

    Raises:
        MissingInputError: a table or column that it needs is not in the dataset.
    """
    for table, columns in NEEDS.items():
        context.table(table, *columns)
    return book(context)


def if_kept(context: Context) -> Book | None:
    """The book of a run; None without books."""
    try:
        return required(context)
    except MissingInputError:
        return None


@per_context
def book(context: Context) -> Book:
    """The book of a run's ledger, computed on the first call for a context."""
    charted = chart(context)
    columns = context.table("account").columns
    posted, cells = lines(context), added(context)
    on = Axis(tuple(map(str, posted.accounts)), cells.account)
    return Book(
        Axis(tuple(map(str, posted.entities)), cells.entity),
        on,
        Axis(tuple(map(str, posted.activities)), cells.activity),
        cells.month,
        cells.cents,
        cells.lines,
        cells.eliminated,
        {
            name: tuple((getattr(charted[a], name) or "") if a in charted else "" for a in on.names)
            for name in _ATTRIBUTES
            if name in columns
        },
        cash_accounts(context),
        cash_of_unknown_level(context),
        len(posted.cents),
        begun(context),
        ends(context),
        frozenset(name for name in _ATTRIBUTES if charted and not any(row.get(name) for row in charted.values())),
    )
