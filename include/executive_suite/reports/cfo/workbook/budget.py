"""Budget against actual by month of the year: revenue, expenses and net income, of the group and of each unit."""

from __future__ import annotations

from decimal import Decimal

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.rendering.workbook.draft import Draft, at
from executive_suite.rendering.workbook.sheets import Look, NativeChart, Series, Sheet
from executive_suite.reports.selection import Selection, cents

NAME = "Budget"
_PARTS = (("revenue", "Revenue"), ("expenses", "Expenses"))
_SIDES = ("Actual", "Budget", "Difference")


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """Actual, budget and difference by complete month with a budget, and the year to date."""
    months = sorted(
        {
            fact.period
            for fact in s.every("budget_variance")
            if s.in_year(fact.period) and fact.number is not None and fact.dimensions.get("line") == "revenue"
        }
    )
    if not months:
        return ()
    draft = Draft(NAME, f"Actual against budget, complete months of {s.year_label}, in {formats.currency()}")
    head, last = draft.next, 2 + len(months)
    titles = ("Unit", "Line", *map(formats.month, months), "Year to date", "Of budget")
    draft.heads(head, titles, words=2)
    draft.next = head + 1
    units = [entity for entity in s.entities("budget_variance") if entity != GROUP and _moves(s, entity, months)]
    where = {entity: _unit(s, draft, entity, months) for entity in (GROUP, *units)}
    draft.filtered = (head, 0), (draft.next - 1, last + 1)
    draft.frozen = head + 1, 2
    draft.widths |= {0: 30, 1: 22, **dict.fromkeys(range(2, last), 14), last: 16, last + 1: 12}
    net = where[GROUP]["net_income"]
    labels = draft.span((head, 2), (head, last - 1))
    series = tuple(
        Series(side, draft.span((net + place, 2), (net + place, last - 1))) for place, side in enumerate(_SIDES[:2])
    )
    title = f"Net income, actual against budget, {formats.currency()}"
    draft.charts.append(NativeChart("column", title, labels, series, (draft.next + 1, 0)))
    return (draft.finish(),)


def _moves(s: Selection, entity: str, months: list[str]) -> bool:
    """Whether a unit has a budget, or anything that a budget should have foreseen."""
    named = (
        (name, month, line) for name in ("budget_amount", "budget_variance") for month in months for line, _ in _PARTS
    )
    return any(cents(s.fact(name, entity, month, line=line)) for name, month, line in named)


def _unit(s: Selection, draft: Draft, entity: str, months: list[str]) -> dict[str, int]:
    """Nine rows of a unit; where each line's first row is."""
    found: dict[str, int] = {}
    for line, words in (*_PARTS, ("net_income", "Net income")):
        found[line] = first = draft.next
        for place, side in enumerate(_SIDES):
            row = first + place
            look: Look = "total" if line == "net_income" else "plain"
            draft.put(row, 0, s.entity(entity), look=look)
            draft.put(row, 1, f"{words}, {side.lower()}", look=look)
            for column, month in enumerate(months, start=2):
                if side == "Difference":
                    away = draft.amount(first, column) - draft.amount(first + 1, column)
                    draft.put(row, column, away, "money", look, formula=f"{at(first, column)}-{at(first + 1, column)}")
                elif line == "net_income":
                    one, other = found["revenue"] + place, found["expenses"] + place
                    left = draft.amount(one, column) - draft.amount(other, column)
                    draft.put(row, column, left, "money", look, formula=f"{at(one, column)}-{at(other, column)}")
                else:
                    planned = cents(s.fact("budget_amount", entity, month, line=line))
                    moved = cents(s.fact("budget_variance", entity, month, line=line)) if side == "Actual" else 0
                    draft.put(row, column, planned + moved, "money", look)
            _year(draft, row, len(months), look)
        _share(draft, first, 3 + len(months))
        draft.next = first + len(_SIDES)
    return found


def _year(draft: Draft, row: int, count: int, look: Look) -> None:
    whole = sum((draft.amount(row, column) for column in range(2, 2 + count)), 0)
    draft.put(row, 2 + count, whole, "money", look, formula=f"SUM({at(row, 2)}:{at(row, 1 + count)})")


def _share(draft: Draft, first: int, column: int) -> None:
    """The difference as a part of the budget; blank without one."""
    away, planned = (draft.amount(first + place, column - 1) for place in (2, 1))
    cells = at(first + 2, column - 1), at(first + 1, column - 1)
    share = Decimal(away) / abs(Decimal(planned)) if planned else ""
    draft.put(first + 2, column, share, "ratio", formula=f'IF({cells[1]}=0,"",{cells[0]}/ABS({cells[1]}))')
