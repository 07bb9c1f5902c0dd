"""The statements of the group, each line the sum of its units' cells, and the sheets that go with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from executive_suite import formats
from executive_suite.facts.fact import GROUP
from executive_suite.facts.statements import FinancialStatements
from executive_suite.rendering.workbook.draft import Draft, at
from executive_suite.rendering.workbook.names import sheet_name
from executive_suite.rendering.workbook.sheets import NativeChart, Series, Sheet
from executive_suite.reports.accounting.workbook import aging, side_by_side, ties
from executive_suite.reports.accounting.workbook.statement import DOCUMENTS, FIRST, TITLES, Leaf, Placed, place
from executive_suite.reports.selection import Selection

_RESERVED = ("About", "Key figures", "Decisions", ties.CHECKS, side_by_side.NAME, *TITLES.values())
"""Names that sheets of units do not have."""
ELIMINATION = "elimination"
_UNITS: Mapping[str, str] = {"parent": "Parent", ELIMINATION: "Eliminations"}
_ACCOUNT, _LABEL, _AMOUNT = 12, 40, 14
"""Letters of the columns."""
_DRAWN: Mapping[str, Sequence[str]] = {
    "income_statement": ("total_revenue", "total_expenses", "net_income"),
    "cash_flow_direct": ("net_cash_operating", "cash_closing"),
    "balance_sheet": ("total_assets", "total_liabilities", "total_equity"),
}
"""The lines that a chart below a statement of the group draws by month."""
_NAMED: Mapping[str, Sequence[str]] = {
    "balance_sheet": ("total_assets", "total_liabilities", "total_equity"),
    "income_statement": ("total_revenue", "total_expenses", "net_income"),
    "cash_flow_direct": ("net_cash_operating", "net_cash_investing", "net_cash_financing", "cash_closing"),
    "equity": ("equity_closing",),
}
"""Lines whose year to date has a name in the workbook."""


def sheets(s: Selection) -> tuple[Sheet, ...]:
    """The sheets of an accountant, the consolidated statements first; none without books."""
    books = s.figures.statements
    if not books.rows:
        return ()
    names = _names(s, books)
    checks: list[ties.Check] = []
    units = {entity: _unit(s, books, entity, name, checks) for entity, name in names.items() if entity != GROUP}
    group, of_group = _group(s, books, units)
    found = [made.sheet for made in group.values()]
    found += aging.sheets(s, units, names)
    found.append(side_by_side.sheet(units, group, books, names, _about(s)))
    found.append(ties.gathered([*of_group, *checks], books, names))
    found += [next(iter(placed.values())).sheet for placed in units.values()]
    return tuple(_finished(draft) for draft in found)


def _names(s: Selection, books: FinancialStatements) -> dict[str, str]:
    """Units in order, each with the name of its sheet; the group last."""
    found: dict[str, str] = {}
    for entity in dict.fromkeys(row.entity_id for row in books.rows):
        title = _UNITS.get(entity) or s.entity(entity)
        found[entity] = title if entity == GROUP else sheet_name(title, (*_RESERVED, *found.values()))
    return {**{entity: name for entity, name in found.items() if entity != GROUP}, GROUP: found[GROUP]}


def _about(s: Selection) -> tuple[str, ...]:
    """What holds for every sheet."""
    year = s.figures.statements.year
    through = f"Through {formats.day(year.last)}" if year else ""
    return (f"{through}, in {formats.currency()}.{' Sample data.' if s.figures.sample else ''}",)


def _unit(
    s: Selection, books: FinancialStatements, entity: str, name: str, checks: list[ties.Check]
) -> dict[str, Placed]:
    """All statements of a unit on one sheet, one below the other."""
    sheet = Draft(name, f"Statements of {_UNITS.get(entity) or s.entity(entity)}", *_about(s))
    found: dict[str, Placed] = {}
    for statement in TITLES:
        if books.of(statement, entity):
            income = found.get("income_statement")
            made = place(sheet, books, statement, entity, lambda _line, _period: "", income=income)
            checks += ties.checked(made, found, books) if entity != ELIMINATION else ()
            sheet.next += entity == ELIMINATION
            found[statement] = made
    return found


def _group(
    s: Selection, books: FinancialStatements, units: Mapping[str, Mapping[str, Placed]]
) -> tuple[dict[str, Placed], list[ties.Check]]:
    """The consolidated statements, a sheet each: every line is the sum of its units'."""
    found: dict[str, Placed] = {}
    checks: list[ties.Check] = []
    for statement, title in TITLES.items():
        if not books.of(statement, GROUP) or statement in DOCUMENTS:
            continue
        sheet = Draft(title, f"{title}, consolidated", *_about(s))
        leaf = _consolidated(books, statement, [own[statement] for own in units.values() if statement in own])
        income = found.get("income_statement")
        made = place(sheet, books, statement, GROUP, leaf, income=income)
        checks += ties.checked(made, found, books)
        if statement == "trial_balance":
            _sides(made)
        sheet.names |= {line: (made.rows[line], made.where.first) for line in _NAMED.get(statement, ())}
        _drawn(made)
        found[statement] = made
    return found, checks


def _consolidated(books: FinancialStatements, statement: str, units: Sequence[Placed]) -> Leaf:
    """What a line of the group consists of: the cells of the units that have it, if they say the same."""
    stated = {row.line: row.amounts for row in books.of(statement, GROUP)}

    def leaf(line: str, period: str) -> str:
        terms = [one.term(line, period) for one in units if line in one.rows and period in one.known]
        whole = sum(cents for _, cents in terms)
        return "+".join(cell for cell, _ in terms) if whole == stated[line].get(period, 0) else ""

    return leaf


def _sides(made: Placed) -> None:
    """Debits and credits of the year to date, in two columns whose sums agree."""
    sheet, column = made.sheet, made.where.first
    debit = made.where.last + 1
    sheet.put(min(made.rows.values()) - 2, debit, "Debit", "whole", "head")
    sheet.put(min(made.rows.values()) - 2, debit + 1, "Credit", "whole", "head")
    for row in made.rows.values():
        cents = int(sheet.amount(row, column))
        sheet.put(row, debit, max(cents, 0), "money", formula=f"MAX({at(row, column)},0)")
        sheet.put(row, debit + 1, max(-cents, 0), "money", formula=f"MAX(-{at(row, column)},0)")
    last = max(made.rows.values()) + 1
    for side in (debit, debit + 1):
        sheet.total(last, side, made.rows.values())
        sheet.widths[side] = _AMOUNT


def _drawn(made: Placed) -> None:
    """A chart of the months below the statement."""
    lines = [line for line in _DRAWN.get(made.statement, ()) if line in made.rows]
    months = made.where.months
    if not lines:
        return
    sheet, head = made.sheet, made.head
    title = f"{TITLES[made.statement]} by month, thousand {formats.currency()}"
    sheet.charts.append(
        NativeChart(
            "column" if made.statement == "income_statement" else "line",
            title.replace(", thousand", ","),
            sheet.span((head, months[0]), (head, months[-1])),
            tuple(
                Series(
                    str(sheet.entries[made.rows[line], 1].value),
                    sheet.span((made.rows[line], months[0]), (made.rows[line], months[-1])),
                )
                for line in lines
            ),
            (sheet.next + 1, FIRST),
        )
    )


def _finished(draft: Draft) -> Sheet:
    """Widths, and how the sheet scrolls and prints."""
    if draft.name in {ties.CHECKS, *aging.NAMES, side_by_side.NAME}:
        return draft.finish()
    last = max(column for _, column in draft.entries)
    draft.widths |= {0: _ACCOUNT, 1: _LABEL, **dict.fromkeys(range(FIRST, last + 1), _AMOUNT)}
    draft.frozen = draft.frozen[0], FIRST
    return draft.finish(across=2)
