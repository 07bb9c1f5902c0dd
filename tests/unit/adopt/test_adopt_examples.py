"""The examples that ship: adopted, they are proven by their own totals, by DuckDB, and end in a CFO report."""

from __future__ import annotations

from pathlib import Path

import duckdb

from adoption import Group

EXAMPLES = Path(__file__).parents[3] / "include" / "examples"
FILES = [str(path) for path in sorted(EXAMPLES.iterdir()) if path.suffix in {".csv", ".qfx"}]
SQL = """
with lines as (
  select last_value(nullif(c0, '') ignore nulls) over (order by n) as day, c5 as account,
    cast(replace(coalesce(nullif(c6, ''), '0'), ',', '') as decimal(18,2))
    - cast(replace(coalesce(nullif(c7, ''), '0'), ',', '') as decimal(18,2)) as amount
  from (select row_number() over () as n, * from read_csv('{journal}', header=false, all_varchar=true, skip=5,
    null_padding=true, names=['c0','c1','c2','c3','c4','c5','c6','c7']))
), chart as (select account, type from read_csv('{accounts}', header=true, skip=3, all_varchar=true))
select strftime(strptime(day, '%m/%d/%Y'), '%Y-%m') as month,
  sum(case when type = 'Bank' then amount else 0 end) * 100 as cash,
  -sum(case when type like '%Income%' then amount else 0 end) * 100 as revenue,
  sum(case when type like '%Expense%' or type = 'Cost of Goods Sold' then amount else 0 end) * 100 as expenses
from lines join chart using (account) group by month order by month
"""
"""Cents by month from the journal and the chart as they are, in another program: subtotals have no account."""


def test_every_month_is_what_duckdb_finds_in_the_same_files_and_a_report_is_made(group: Group) -> None:
    out = group.folder.parent / "out"
    code = group.call("adopt", *FILES, "--into", str(group.folder), "--out", str(out), "--yes")
    assert code == 0, group.error
    said = group.out
    assert "proof: 24 of 24 totals" in said
    assert "DIFFERS" not in said
    # The fee of March 27 is in the bank's file and in no entry of the journal.
    assert "bank lines that the books of harbor-cafe do not have: 1\n  Checking  2026-03-27  -12.00" in said
    assert "bank: Checking on 2026-04-30: 31,099.76 by the statement, 31,111.76 by the books" in said
    assert (out / "2026-05-01" / "cfo-report.pdf").read_bytes().startswith(b"%PDF")
    assert f"make run GROUP={group.folder}" in said
    found = group.figures("2026-05-01", "cash_balance", "revenue", "expenses", "net_income")
    sql = SQL.format(journal=EXAMPLES / "quickbooks-journal.csv", accounts=EXAMPLES / "quickbooks-accounts.csv")
    months = duckdb.sql(sql).fetchall()
    assert len(months) == 12
    cash = 0
    for month, change, revenue, expenses in months:
        cash += int(change)
        assert found["cash_balance", "group", month] == cash
        assert found["revenue", "group", month] == int(revenue)
        assert found["expenses", "group", month] == int(expenses)
        assert found["net_income", "group", month] == int(revenue) - int(expenses)
    assert group.call("check", "--group", str(group.folder), "--as-of", "2026-05-01") == 0, group.out


def test_a_loans_payment_is_principal_and_interest(group: Group) -> None:
    assert group.call("adopt", *FILES, "--into", str(group.folder), "--yes") == 0, group.error
    lines = [row for row in group.rows("ledger") if row["memo"] == "Loan payment" and row["date"] == "2025-05-15"]
    # 594.04 a month; 7% a year on 30,000 is 175.00 in the first month, and the rest is principal.
    assert [(row["account"], row["activity"], row["amount_cents"]) for row in lines] == [
        ("Equipment Loan", "financing", "41904"),
        ("Interest Expense", "operating", "17500"),
        ("Checking", "financing", "-41904"),
        ("Checking", "operating", "-17500"),
    ]
