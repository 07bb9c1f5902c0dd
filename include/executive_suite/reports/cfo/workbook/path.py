"""The cash path by formulas: by day, by week and by month, with the levers that are switched on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from executive_suite import formats
from executive_suite.facts.cash_path import CashPath
from executive_suite.facts.fact import Fact
from executive_suite.rendering.workbook.draft import Draft, at, fixed, serial
from executive_suite.rendering.workbook.sheets import NativeChart, Series, Sheet
from executive_suite.reports.cfo.workbook import levers
from executive_suite.reports.selection import Selection, cents

BY_DAY, STEPS = "Cash by day", "Cash path"
_BASE, _WITH = 2, 3
"""The columns of what comes of the base case, and of it with the levers that are switched on."""
_SAID = (
    "Cash today",
    "Floor under cash",
    "Cash runs out on",
    "Cash falls below its floor on",
    "Days gained, at least",
    "Lowest cash in 12 months",
)
_FIRST_LEVER = 7
"""The column of the first lever on the sheet by day."""


@dataclass(frozen=True)
class _Days:
    """Where the sheet by day has what others need: its days, and by day the net of the base case and of levers."""

    sheet: Draft
    first: int
    last: int

    def column(self, place: int) -> str:
        return self.sheet.span((self.first, place), (self.last, place))


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """Levers, the path by week and month, and by day; none without a path."""
    path = s.figures.path
    if not path.first or not path.moves:
        return ()
    switches, rows = levers.sheet(s, above=11)
    days = _by_day(path, switches, rows)
    steps = _steps(s, path, days)
    _result(switches, path, days)
    return switches.finish(), steps.finish(), days.sheet.finish(across=3)


def _by_day(path: CashPath, switches: Draft, rows: Sequence[int]) -> _Days:
    """Each day on which cash moves: the base case, each lever's change, and cash at the end of the day both ways."""
    draft = Draft(BY_DAY, "Cash by day: the base case, and with the levers that are switched on")
    switch, head = draft.next, draft.next + 1
    titles = ("Day", "Base case", "Levers", "Cash, base case", "Cash, with levers", "Below zero", "Below floor")
    draft.heads(head, titles, words=0)
    draft.put(switch, 0, "Counts", look="soft")
    draft.heights[head] = 4
    days = sorted({path.first, *path.moves, *(day for lever in path.levers for day in lever.changes)})
    days = [day for day in days if path.first <= day <= path.last]
    first, end = head + 1, _FIRST_LEVER + len(path.levers) - 1
    for column, (lever, row) in enumerate(zip(path.levers, rows, strict=True), start=_FIRST_LEVER):
        draft.put(switch, column, 0, "whole", "soft", formula=levers.counted(switches, row))
        draft.put(head, column, switches.entries[row, 1].value, "whole", "head")
        for place, day in enumerate(days, start=first):
            if day in lever.changes:
                draft.put(place, column, lever.changes[day], "money")
        draft.widths[column] = 22
    cash = path.cash_cents
    for row, day in enumerate(days, start=first):
        moved = path.moves.get(day, 0)
        cash += moved
        before = [at(row - 1, column) if row > first else "cash_today" for column in (3, 4)]
        draft.put(row, 0, serial(day), "date")
        draft.put(row, 1, moved, "money")
        chosen = (
            f"SUMPRODUCT({fixed(switch, _FIRST_LEVER)}:{fixed(switch, end)},{at(row, _FIRST_LEVER)}:{at(row, end)})"
        )
        draft.put(row, 2, 0, "money", formula=chosen if path.levers else "0")
        draft.put(row, 3, cash, "money", formula=f"{before[0]}+{at(row, 1)}")
        draft.put(row, 4, cash, "money", formula=f"{before[1]}+{at(row, 1)}+{at(row, 2)}")
        draft.put(row, 5, int(cash < 0), "whole", formula=f"IF(ROUND({at(row, 4)},2)<0,1,0)")
        below = int(path.floor_cents is not None and cash < path.floor_cents)
        floor = f"IF(ROUND({at(row, 4)}-cash_floor,2)<0,1,0)" if path.floor_cents is not None else "0"
        draft.put(row, 6, below, "whole", formula=floor)
    draft.frozen = first, 1
    last = first + len(days) - 1
    draft.filtered = (head, 0), (last, max(6, end))
    draft.widths |= {0: 12, **dict.fromkeys(range(1, 7), 18)}
    return _Days(draft, first, last)


def _result(switches: Draft, path: CashPath, days: _Days) -> None:
    """Above the switches: cash now, and when it runs out and falls below its floor, before and after."""
    last = f"beyond {formats.day(path.last)}"
    closing = [
        (days.sheet.entries[row, 0].value, days.sheet.amount(row, 3)) for row in range(days.first, days.last + 1)
    ]
    row = switches.next - 9
    for column, words in ((1, ""), (_BASE, "Base case"), (_WITH, "With levers")):
        switches.put(row, column, words, "text" if column == 1 else "whole", "head")
    for place, words in enumerate(_SAID, start=1):
        switches.put(row + place, 1, words)
    switches.put(row + 1, _BASE, path.cash_cents, "money")
    floor = path.floor_cents
    switches.put(row + 2, _BASE, "none" if floor is None else floor, "money")
    for place, flag, level in ((3, 5, 0), (4, 6, floor)):
        day = next((day for day, held in closing if level is not None and held < level), None)
        found = f"INDEX({days.column(0)},MATCH(1,{days.column(flag)},0))"
        switches.put(row + place, _BASE, day or last, "date")
        switches.put(row + place, _WITH, day or last, "date", "total", formula=f'IFERROR({found},"{last}")')
    switches.names |= {
        "cash_today": (row + 1, _BASE),
        "cash_floor": (row + 2, _BASE),
        "cash_out_date": (row + 3, _WITH),
        "cash_floor_date": (row + 4, _WITH),
    }
    runs_out = isinstance(switches.entries[row + 3, _BASE].value, date)
    end = f"DATE({','.join(str(int(part)) for part in path.last.split('-'))})"
    gained = f"IF(ISNUMBER(cash_out_date),cash_out_date,{end})-{at(row + 3, _BASE)}"
    switches.put(row + 5, _WITH, 0, "whole", "total", formula=gained if runs_out else "0")
    lowest = min(held for _, held in closing)
    switches.put(row + 6, _BASE, lowest, "money", formula=f"MIN({days.column(3)})")
    switches.put(row + 6, _WITH, lowest, "money", "total", formula=f"MIN({days.column(4)})")


def _steps(s: Selection, path: CashPath, days: _Days) -> Draft:
    """Thirteen weeks and the months after them: what comes and goes, levers, and cash at the end, with its range."""
    draft = Draft(STEPS, f"Cash path, 13 weeks and then months to {formats.day(path.last)}, in {formats.currency()}")
    head = draft.next
    titles = (
        "Step",
        "From",
        "To",
        "Opening",
        "Received",
        "Paid",
        "Levers",
        "Closing",
        "Base case",
        "Floor",
        "Low",
        "High",
    )
    draft.heads(head, titles, words=1)
    found = sorted(
        (fact for by in ("week", "month") for fact in s.facts("cash_path", by, "ends", line="closing")),
        key=lambda fact: fact.dimensions["ends"],
    )
    starts, first = date.fromisoformat(path.first), head + 1
    for row, closing in enumerate(found, start=first):
        ends = date.fromisoformat(closing.dimensions["ends"])
        name = (
            formats.month(closing.dimensions["month"]) if "month" in closing.dimensions else formats.day_of_year(ends)
        )
        draft.put(row, 0, name)
        draft.put(row, 1, starts, "date")
        draft.put(row, 2, ends, "date")
        opening = path.cash_cents if row == first else int(draft.amount(row - 1, 7))
        draft.put(row, 3, opening, "money", formula="cash_today" if row == first else at(row - 1, 7))
        draft.put(row, 4, cents(_line(s, closing, "receipts")), "money")
        draft.put(row, 5, cents(_line(s, closing, "payments")), "money")
        within = f'{days.column(0)},">="&{at(row, 1)},{days.column(0)},"<="&{at(row, 2)}'
        draft.put(row, 6, 0, "money", formula=f"SUMIFS({days.column(2)},{within})")
        held = opening + int(draft.amount(row, 4)) - int(draft.amount(row, 5))
        draft.put(row, 7, held, "money", formula=f"{at(row, 3)}+{at(row, 4)}-{at(row, 5)}+{at(row, 6)}")
        before = "cash_today" if row == first else at(row - 1, 8)
        draft.put(row, 8, held, "money", formula=f"{before}+{at(row, 4)}-{at(row, 5)}")
        if path.floor_cents is not None:
            draft.put(row, 9, path.floor_cents, "money", formula="cash_floor")
        for column, side in ((10, "low"), (11, "high")):
            reach = s.fact(f"cash_path_{side}", **{k: v for k, v in closing.dimensions.items() if k != "line"}).number
            if reach is not None:
                draft.put(row, column, reach, "money")
        starts = ends + timedelta(days=1)
    last = first + len(found) - 1
    _checked(draft, days, last)
    _drawn(draft, first, last, floor=path.floor_cents is not None)
    draft.frozen = head + 1, 1
    draft.widths |= {0: 22, 1: 12, 2: 12, **dict.fromkeys(range(3, 12), 14)}
    return draft


def _line(s: Selection, closing: Fact, name: str) -> Fact:
    return s.fact("cash_path", **{**closing.dimensions, "line": name})


def _checked(draft: Draft, days: _Days, last: int) -> None:
    """The steps end with the cash of the last day, with levers and without."""
    draft.put(last + 1, 0, "Check: less cash by day", look="check")
    for column, by_day in ((7, 4), (8, 3)):
        away = int(draft.amount(last, column)) - int(days.sheet.amount(days.last, by_day))
        formula = f"ROUND({at(last, column)}-{days.sheet.ref(days.last, by_day)},2)"
        draft.put(last + 1, column, away, "money", "check", formula=formula)
    draft.next = last + 3


def _drawn(draft: Draft, first: int, last: int, *, floor: bool) -> None:
    shown = [(7, "With levers"), (8, "Base case"), *([(9, "Floor")] if floor else [])]
    series = tuple(Series(words, draft.span((first, column), (last, column))) for column, words in shown)
    labels = draft.span((first, 0), (last, 0))
    title = f"Cash at the end of each week, then month, {formats.currency()}"
    draft.charts.append(NativeChart("line", title, labels, series, (draft.next, 0)))
