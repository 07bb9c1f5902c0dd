"""Burn by month: of the group, and of each unit, which add up to it."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.rendering.workbook.draft import Draft, at
from executive_suite.rendering.workbook.sheets import NativeChart, Series, Sheet
from executive_suite.reports.selection import Selection, cents

NAME = "Burn"
_MONTHS, _MEAN = 13, 6
_LINES = ("Gross burn", "Received", "Net burn", "Capital expenditure", "Net burn with capital expenditure")


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """Paid, received and burned by complete month, the mean of the latest six, and net burn by unit."""
    months = [fact.period for fact in s.months("net_burn", _MONTHS) if fact.number is not None]
    if not months:
        return ()
    draft = Draft(NAME, f"Burn by month, actual, in {formats.currency()}")
    head, mean = draft.next, 1 + len(months)
    size = min(_MEAN, len(months))
    draft.heads(head, ("", *map(formats.month, months), f"Mean of {size} months"))
    gross, received, net, capital, with_capital = range(head + 1, head + 1 + len(_LINES))
    for row, words in enumerate(_LINES, start=head + 1):
        draft.put(row, 0, words, look="total" if row in {net, with_capital} else "plain")
    for column, month in enumerate(months, start=1):
        paid, burned, free = (
            cents(s.fact(name, period=month)) for name in ("gross_burn", "net_burn", "free_cash_flow_burn")
        )
        draft.put(gross, column, paid, "money")
        draft.put(received, column, paid - burned, "money")
        draft.put(net, column, burned, "money", "total", formula=f"{at(gross, column)}-{at(received, column)}")
        draft.put(capital, column, free - burned, "money")
        draft.put(with_capital, column, free, "money", "total", formula=f"{at(net, column)}+{at(capital, column)}")
    for row in range(gross, with_capital + 1):
        _mean(draft, row, mean, size)
    draft.names["mean_net_burn"] = net, mean
    draft.next = with_capital + 2
    _units(s, draft, months, net, size)
    span = (net, 1), (net, len(months))
    labels = draft.span((head, 1), (head, len(months)))
    title = f"Net burn by month, {formats.currency()}"
    draft.charts.append(
        NativeChart("column", title, labels, (Series("Net burn", draft.span(*span)),), (draft.next + 1, 0))
    )
    draft.frozen = head + 1, 1
    draft.widths |= {0: 38, **dict.fromkeys(range(1, mean), 13), mean: 18}
    return (draft.finish(across=2),)


def _mean(draft: Draft, row: int, column: int, size: int) -> None:
    """The mean of the latest months."""
    values = [draft.amount(row, column - place) for place in range(1, size + 1)]
    formula = f"AVERAGE({at(row, column - size)}:{at(row, column - 1)})"
    look = draft.entries[row, 0].look
    draft.put(row, column, sum(values, 0) / Decimal(size), "money", look, formula=formula)


def _units(s: Selection, draft: Draft, months: list[str], net: int, size: int) -> None:
    """Net burn of each unit, their sum, and what is left to the group's."""
    draft.put(draft.next, 0, "Net burn by unit", look="group")
    first = draft.next + 1
    entities = [entity for entity in s.entities("net_burn") if entity != GROUP]
    entities = [entity for entity in entities if any(cents(s.fact("net_burn", entity, month)) for month in months)]
    rows = range(first, first + len(entities))
    for row, entity in zip(rows, entities, strict=True):
        draft.put(row, 0, s.entity(entity), indent=1)
        for column, month in enumerate(months, start=1):
            draft.put(row, column, cents(s.fact("net_burn", entity, month)), "money")
        _mean(draft, row, 1 + len(months), size)
    last = first + len(entities)
    draft.put(last, 0, "All units", look="total")
    draft.put(last + 1, 0, "Check: less the group's", look="check")
    for column in range(1, 2 + len(months)):
        draft.total(last, column, rows)
        if column <= len(months):
            away = draft.amount(last, column) - draft.amount(net, column)
            draft.put(
                last + 1, column, away, "money", "check", formula=f"ROUND({at(last, column)}-{at(net, column)},2)"
            )
    draft.next = last + 2
