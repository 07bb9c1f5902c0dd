"""Every cell of random books is what the contract says, added up line by line, and every tie holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from executive_suite.statements.cells import Statement
from statement_books import (
    CHART,
    IDS,
    Posted,
    books,
    cells_of,
    differences,
    entities,
    fiscal_year,
    ledger,
    transactions,
)

SIGNS = {"asset": 1, "liability": -1, "equity": -1, "revenue": -1, "expense": 1}


Key = tuple[str, str, str, str]


def by_hand(posted: list[Posted], spans: dict[str, tuple[date, date, date]]) -> dict[Key, int]:
    """Every line of the contract's statements, one ledger line after another; of subtotals, some that others need.

    ``spans`` has first day, last day and first day of the fiscal year of each period.
    """
    found: dict[Key, int] = defaultdict(int)
    for day_, entity, activity, lines in posted:
        day, name = date.fromisoformat(day_), "parent" if entity == "hq" else entity
        paid = any(is_cash(key.partition("@")[0].partition("/")[0]) for key in lines)
        for key, cents in lines.items():
            rest, _, party = key.partition("@")
            account, _, own = rest.partition("/")
            columns = {name: 1, "elimination": -1} if party and not is_cash(account) else {name: 1, "group": 1}
            section = (own or activity) if paid and not is_cash(account) else ""
            for period, (first, last, fiscal) in spans.items():
                lines_ = balances(account, cents, earlier=day < fiscal) if day <= last else []
                lines_ += moves(account, cents, section) if first <= day <= last else []
                for statement, line, amount in lines_:
                    for column, sign in columns.items():
                        found[statement, column, period, line] += sign * amount
    return found


def is_cash(account: str) -> bool:
    return CHART[account][2:] == ("cash",)


def balances(account: str, cents: int, *, earlier: bool) -> list[tuple[str, str, int]]:
    kind = CHART[account][1]
    result = kind in {"revenue", "expense"}
    found = [
        ("balance_sheet", "retained_earnings" if result else account, -cents if result else SIGNS[kind] * cents),
        ("trial_balance", "retained_earnings" if result and earlier else account, cents),
    ]
    found += [("equity", "equity_closing", -cents)] * (result or kind == "equity")
    found += [("cash_flow_direct", "cash_closing", cents)] * is_cash(account)
    return found


def moves(account: str, cents: int, section: str) -> list[tuple[str, str, int]]:
    kind, found = CHART[account][1], []
    if kind in {"revenue", "expense"}:
        found += [("income_statement", account, SIGNS[kind] * cents), ("cash_flow_indirect", "net_income", -cents)]
    found += [("equity", account, -cents)] * (kind == "equity")
    found += [("cash_flow_direct", f"{section}:{account}", -cents)] * bool(section)
    return found


def months(first: date, count: int) -> Iterator[tuple[date, date]]:
    for index in range(count):
        year, month = divmod(first.month - 1 + index, 12)
        after, month_after = divmod(first.month + index, 12)
        yield (
            date(first.year + year, month + 1, 1),
            date(first.year + after, month_after + 1, 1) - timedelta(days=1),
        )


# Report date, first month of the fiscal year; the first of thirteen complete months; year to date and a year earlier.
CASES = [
    ("2026-05-01", 1, date(2025, 4, 1), ("2026", "2026-01-01", "2026-04-30", "2025-01-01", "2025-04-30")),
    ("2026-05-16", 1, date(2025, 4, 1), ("2026", "2026-01-01", "2026-05-15", "2025-01-01", "2025-05-15")),
    ("2026-04-16", 7, date(2025, 3, 1), ("2026", "2025-07-01", "2026-04-15", "2024-07-01", "2025-04-15")),
    ("2025-07-01", 7, date(2024, 6, 1), ("2025", "2024-07-01", "2025-06-30", "2023-07-01", "2024-06-30")),
    ("2025-07-02", 7, date(2024, 6, 1), ("2026", "2025-07-01", "2025-07-01", "2024-07-01", "2024-07-01")),
    ("2024-03-01", 2, date(2023, 2, 1), ("2025", "2024-02-01", "2024-02-29", "2023-02-01", "2023-02-28")),
]


@pytest.mark.parametrize(("report_date", "first_month", "first", "to_date"), CASES)
def test_every_cell(report_date: str, first_month: int, first: date, to_date: tuple[str, ...]) -> None:
    posted = list(transactions(first_month + len(report_date), 400))
    known = [one for one in posted if one[0] < report_date]
    made = books(report_date, CHART, known, entity=entities(*IDS[:3], group="hq"), param=fiscal_year(first_month))
    cells = cells_of(made)

    def fiscal(last: date) -> date:
        return date(last.year if last.month >= first_month else last.year - 1, first_month, 1)

    year, *days = to_date
    start, stop, start_before, stop_before = map(date.fromisoformat, days)
    spans = {f"{since:%Y-%m}": (since, last, fiscal(last)) for since, last in months(first, 13)}
    spans[f"{year}-YTD"] = (start, stop, fiscal(stop))
    spans[f"{year}-YTD-1"] = (start_before, stop_before, fiscal(stop_before))
    assert {period for _, _, period, _ in cells} <= spans.keys()
    expected = by_hand(known, spans)
    assert {key: cents for key, cents in expected.items() if cells.get(key, 0) != cents} == {}
    lines = {"balance_sheet", "income_statement", "trial_balance"}
    unexpected = {
        key: cents
        for key, cents in cells.items()
        if cents and key not in expected and key[0] in lines and not key[3].startswith(("total_", "net_income"))
    }
    assert unexpected == {}
    assert differences(made) == {}
    ties(cells)


def ties(cells: dict[tuple[str, str, str, str], int]) -> None:
    def cell(*key: str) -> int:
        return cells.get(key, 0)  # type: ignore[arg-type]

    sums: dict[tuple[str, str, str], int] = defaultdict(int)
    for (statement, entity, period, line), cents in cells.items():
        if entity != "group":
            sums[statement, period, line] += cents
        assert statement in set(Statement)
    assert sums == {(s, p, line): cell(s, "group", p, line) for s, p, line in sums}
    for entity, period in {(entity, period) for _, entity, period, _ in cells}:
        claims = cell("balance_sheet", entity, period, "total_liabilities")
        claims += cell("balance_sheet", entity, period, "total_equity")
        assert cell("balance_sheet", entity, period, "total_assets") == claims
        assert claims - cell("balance_sheet", entity, period, "total_liabilities") == cell(
            "equity", entity, period, "equity_closing"
        )
        assert not sum(c for (s, e, p, _), c in cells.items() if (s, e, p) == ("trial_balance", entity, period))
        income = cell("income_statement", entity, period, "net_income")
        assert income == cell("equity", entity, period, "net_income")
        assert income == cell("income_statement", entity, period, "total_revenue") - cell(
            "income_statement", entity, period, "total_expenses"
        )
        for section in ("operating", "investing", "financing"):
            assert cell("cash_flow_direct", entity, period, f"net_cash_{section}") == cell(
                "cash_flow_indirect", entity, period, f"net_cash_{section}"
            )
        for statement in ("cash_flow_direct", "cash_flow_indirect"):
            closing = cell(statement, entity, period, "cash_opening") + cell(
                statement, entity, period, "net_cash_change"
            )
            assert closing == cell(statement, entity, period, "cash_closing")


def test_year_to_date_is_the_sum_of_its_months() -> None:
    posted = [one for one in transactions(5, 300) if one[0] < "2026-05-01"]
    cells = cells_of(books("2026-05-01", CHART, posted, entity=entities(*IDS[:3], group="hq")))
    for statement in ("income_statement", "cash_flow_direct", "cash_flow_indirect"):
        for (own, entity, period, line), cents in cells.items():
            if (own, period) == (statement, "2026-YTD") and not line.startswith("cash_"):
                assert cents == sum(cells.get((own, entity, f"2026-0{month}", line), 0) for month in range(1, 5))


def test_the_order_of_lines_does_not_matter() -> None:
    posted = [one for one in transactions(6, 100) if one[0] < "2026-05-01"]
    made = books("2026-05-01", CHART, posted, entity=entities(*IDS[:3], group="hq"))
    shuffled = ledger(posted).sample(frac=1, random_state=1).reset_index(drop=True)
    other = type(made)({**made.tables, "ledger": shuffled}, made.report_date, made.zone)
    assert cells_of(other) == cells_of(made)
