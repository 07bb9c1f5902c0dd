"""The group's figures against its statements, account by account: the tie says by how much they differ."""

from __future__ import annotations

import pytest
from finance_rows import fact_of, facts_of
from group_books import ACCOUNTS, Entry, books, both, loan
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.statements.report import statements
from typed_tables import typed

BALANCES = {row.account for row in ACCOUNTS.itertuples() if row.type in {"asset", "liability"} and not row.is_cash}
SIGNS = {row.account: 1 if row.type == "asset" else -1 for row in ACCOUNTS.itertuples()}


def stated(data: Context) -> dict[str, int]:
    """Balances of the group's balance sheet at the end of April, debits positive."""
    return {
        cell.line: SIGNS[cell.line] * cell.amount_cents
        for cell in statements(data).cells
        if (cell.statement, cell.entity_id, cell.period) == ("balance_sheet", "group", "2026-04")
        and cell.line in BALANCES
    }


def figures(data: Context, metric_id: str) -> dict[str, int]:
    return {
        f.dimensions["account"]: int(str(f.value))
        for f in facts_of(data, "accounting", metric_id)
        if f.dimensions.get("account") in BALANCES
    }


def tied(data: Context) -> dict[str, int]:
    """What is on the balance sheet and neither in the figures nor in the tie."""
    sheet, own, tie = stated(data), figures(data, "account_balance"), figures(data, "statements_difference")
    return {
        account: rest
        for account in sorted(BALANCES)
        if (rest := sheet.get(account, 0) - own.get(account, 0) - tie.get(account, 0))
    }


def test_lines_that_name_their_counterparty_are_in_neither() -> None:
    data = books([*both("2026-04-11", 70_000), *loan("2026-04-12", 90_000)])
    whole = fact_of(data, "accounting", "statements_difference")
    assert (whole.value, whole.reason) == (0, "")
    assert statements(data).untied == ""
    assert tied(data) == {}


def test_lines_that_name_nobody_are_stated_with_their_amounts() -> None:
    unnamed = [
        Entry("2026-04-10", "a", "financing", {"1900": 70_000, "1010": -70_000}),
        Entry("2026-04-10", "b", "financing", {"1010": 70_000, "2900": -70_000}),
    ]
    data = books(unnamed)
    whole = fact_of(data, "accounting", "statements_difference")
    assert whole.value == 140_000
    assert whole.reason == (
        "the statements count what the figures of the group leave out: 1900 700.00 USD debit, 2900 700.00 USD credit"
    )
    assert statements(data).untied == (
        "group statements keep what the figures of the reports leave out: "
        "1900 Due from affiliates $700.00 debit and 2900 Due to affiliates $700.00 credit"
    )
    # The contract of the statements: only a counterparty is eliminated, and nothing else is a difference.
    assert stated(data)["1900"] == 70_000
    assert not any(cell.reason for cell in statements(data).cells)
    assert tied(data) == {}


def test_an_entity_that_left_stays_in_the_statements() -> None:
    left = typed("entity", [{"entity_id": e, "ended_on": "2026-03-31" if e == "b" else None} for e in "abc"])
    bought = [Entry(day, "b", "noncash", {"1500": 1_000, "2500": -1_000}) for day in ("2026-03-30", "2026-04-02")]
    data = books(bought, entity=left)
    assert figures(data, "statements_difference") == {"1500": 1_000, "2500": -1_000}
    assert tied(data) == {}


lines = st.builds(
    lambda day, pair, cents, names: [
        Entry(f"2026-04-{day:02d}", pair[0], "operating", {"1900": cents, "1010": -cents}, pair[1], names[0]),
        Entry(f"2026-04-{day:02d}", pair[1], "operating", {"1010": cents, "2900": -cents}, pair[0], names[1]),
    ],
    st.integers(1, 28),
    st.sampled_from([("a", "b"), ("b", "c"), ("c", "a")]),
    st.integers(1, 10**6),
    st.tuples(*[st.sampled_from([(), ("1900", "2900"), ("1010",), ("-",)])] * 2),
)


@settings(max_examples=5)
@given(st.lists(lines, min_size=1, max_size=4), st.sampled_from([None, "2026-04-15"]))
def test_figures_and_tie_come_to_the_statements(dealt: list[list[Entry]], left: str | None) -> None:
    entity = typed("entity", [{"entity_id": e, "ended_on": left if e == "c" else None} for e in "abc"])
    assert tied(books([entry for pair in dealt for entry in pair], entity=entity)) == {}


@pytest.mark.parametrize("table", ["ledger", "account"])
def test_without_books_nothing_is_tied(table: str) -> None:
    data = books([], **{table: books([]).table(table).iloc[:0]})
    assert fact_of(data, "accounting", "statements_difference").status == "not_evaluable"
