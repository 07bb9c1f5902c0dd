"""Sums of chosen lines of the ledger by what any of its columns say, where the book's own cells are too coarse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from executive_suite.metrics.book.cells import Sum
from executive_suite.metrics.book.lines import Flags, codes, lines
from executive_suite.metrics.book.months import as_month
from executive_suite.metrics.book.sums import totals

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

MONTH = "month"


def sums_of(context: Context, chosen: Flags, *columns: str) -> dict[tuple[Any, ...], Sum]:
    """The sums of chosen lines by what columns say.

    Args:
        context: The dataset.
        chosen: Which lines of the ledger.
        columns: Text columns of the ledger, or ``month``.

    Returns:
        The combinations that occur, in order of the columns: ``Month`` for months, ``""`` for blank text.

    Raises:
        MissingInputError: ledger or a column is absent.
    """
    posted, here = lines(context), np.flatnonzero(chosen)
    if not len(here):
        return {}
    known = {
        "entity_id": (posted.entity, posted.entities),
        "account": (posted.account, posted.accounts),
        "activity": (posted.activity, posted.activities),
    }
    places, names = [], []
    for column in columns:
        if column == MONTH:
            month = posted.month[here]
            first = int(month.min())
            place, values = month - first, [as_month(index) for index in range(first, int(month.max()) + 1)]
        elif column in known:
            place, values = known[column][0][here], known[column][1].tolist()
        else:
            place, found = codes(context.table("ledger", column)[column].iloc[here])
            values = found.tolist()
        places.append(place)
        names.append(values)
    combined, cents, counts = totals(places, [len(values) for values in names], posted.cents[here])
    keys = zip(*([values[at] for at in place] for place, values in zip(combined, names, strict=True)), strict=True)
    return dict(zip(keys, map(Sum, cents.tolist(), counts.tolist()), strict=True))
