"""Books: what the figures of the folder say, against another program's sums of the same export."""

from __future__ import annotations

from pathlib import Path

import duckdb

from adoption import CAFE, Group, journal

DELI = CAFE.replace("Cafe LLC", "Deli LLC").replace("50,000.00", "20,000.00").replace("55,500.00", "25,500.00")


def sums(path: Path, accounts: str, *, upto: bool = False) -> dict[str, int]:
    """Cents on some accounts by month, by DuckDB from the export itself: a row without an account is a subtotal."""
    sql = f"""
        with lines as (
          select last_value(nullif(column0, '') ignore nulls) over (order by n) as day, column5 as account,
            coalesce(try_cast(replace(column6, ',', '') as decimal(18,2)), 0)
            - coalesce(try_cast(replace(column7, ',', '') as decimal(18,2)), 0) as amount
          from (select row_number() over () as n, * from read_csv('{path}', header=false, all_varchar=true, skip=5,
            null_padding=true, names=['column0','column1','column2','column3','column4','column5','column6','column7']))
        ), kept as (select strftime(strptime(day, '%m/%d/%Y'), '%Y-%m') as month, amount from lines
          where account in ({accounts}))
        select month, sum(amount) * 100 from kept group by month order by month"""
    found = {month: int(cents) for month, cents in duckdb.sql(sql).fetchall()}
    if not upto:
        return found
    months = ["2025-01", "2025-02", "2025-03"]
    return {month: sum(cents for other, cents in found.items() if other <= month) for month in months}


def test_cash_and_profit_of_each_month_are_those_that_duckdb_finds_in_the_export(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0, group.error
    found = group.figures("2025-04-01", "cash_balance", "revenue", "expenses")
    path = group.uploads / "journal.csv"
    for month, cents in sums(path, "'Checking'", upto=True).items():
        assert found["cash_balance", "group", month] == found["cash_balance", "cafe", month] == cents
    for month in ("2025-01", "2025-02", "2025-03"):
        assert found["revenue", "cafe", month] == -sums(path, "'Sales'").get(month, 0)
        assert found["expenses", "cafe", month] == sums(path, "'Office Supplies'").get(month, 0)


def test_two_companies_are_two_entities_though_their_numbers_repeat(group: Group) -> None:
    assert group.adopt("--yes", "--name", "Harbor Group", cafe__csv=CAFE, deli__csv=DELI) == 0, group.error
    names = {row["entity_id"]: (row["kind"], row["name"]) for row in group.rows("entity")}
    assert names == {
        "group": ("group", "Harbor Group"),
        "cafe": ("business", "Cafe LLC"),
        "deli": ("business", "Deli LLC"),
    }
    found = group.figures("2025-04-01", "cash_balance")
    cash = {entity: found["cash_balance", entity, "2025-03"] for entity in names}
    # By hand: 50,000 or 20,000 - 3,000 + 1,250.
    assert cash == {"cafe": 4_825_000, "deli": 1_825_000, "group": 6_650_000}


def test_owners_money_is_no_operating_receipt(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    found = group.figures("2025-04-01", "net_burn")
    # What the owner put in in January is financing (ASC 230-10-45-14); February's 3,000 of supplies are burnt.
    assert (found["net_burn", "cafe", "2025-01"], found["net_burn", "cafe", "2025-02"]) == (0, 300_000)


def test_a_row_of_the_ledger_shows_the_export_and_its_row(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE) == 0
    # Rows 1 to 5 are title and header, each entry has a subtotal and a blank row: the invoice begins in row 10.
    said = [(row["account"], row["source_file"], row["source_row"]) for row in group.rows("ledger")]
    assert said[2:4] == [("Accounts Receivable (A/R)", "journal.csv", "10"), ("Sales", "journal.csv", "11")]


def test_customers_are_kept_by_a_hash_and_addresses_not_at_all(group: Group) -> None:
    text = journal(
        "Cafe LLC",
        "January 2025",
        ("01/15/2025", "Sales Receipt", "7", "Ann Lee ann@example.com", [("Checking", "10.00"), ("Sales", "-10.00")]),
    ).replace(",,Checking", ",for ann@example.com,Checking")
    assert group.adopt(journal__csv=text) == 0, group.error
    kept = "".join(path.read_text() for path in group.folder.rglob("*.csv"))
    assert "Ann" not in kept
    assert "ann@" not in kept
    assert [row["kind"] for row in group.rows("counterparty")] == ["customer"]


def test_an_entry_that_does_not_balance_is_refused_with_its_row(group: Group) -> None:
    assert group.adopt(journal__csv=CAFE.replace('"3,000.00",\n', '"3,000.01",\n', 1)) == 1
    assert group.error.startswith("journal.csv: row 16: ")
    assert not group.folder.exists()


LIST = """\
Cafe LLC,,,,,,,,
Transaction List by Date,,,,,,,,
"January - March, 2025",,,,,,,,
,,,,,,,,
,Date,Transaction Type,Num,Posting,Name,Memo/Description,Account,Split,Amount
,01/02/2025,Deposit,,Yes,,,Checking,Owner's Contribution,"50,000.00"
,01/15/2025,Invoice,1001,Yes,Ann,,Accounts Receivable (A/R),Sales,"1,250.00"
,02/10/2025,Expense,,Yes,Store,,Checking,-Split-,"-3,000.00"
,03/10/2025,Payment,1001,Yes,Ann,,Checking,Accounts Receivable (A/R),"1,250.00"
"""


def test_what_a_list_hides_is_withheld_and_the_journal_shows_it(group: Group) -> None:
    assert group.adopt(list__csv=LIST) == 0, group.error
    assert "1 lines wait for their account, the first on 2025-02-10 (list.csv, row 8)" in group.out
    found = group.figures("2025-04-01", "cash_balance", "expenses", "revenue")
    assert found["cash_balance", "group", "2025-02"] == 4_700_000
    assert (found["expenses", "group", "2025-02"], found["revenue", "group", "2025-02"]) == (None, None)
    assert found["revenue", "group", "2025-01"] == 125_000
    assert group.adopt(journal__csv=CAFE) == 0, group.error
    assert "0 new, 3 known, 1 changed" in group.out
    assert group.figures("2025-04-01", "expenses")["expenses", "group", "2025-02"] == 300_000
    # The list once more hides nothing of what is known by now.
    assert group.adopt(again__csv=LIST + ",,,,,,,,\n") == 0, group.error
    assert "0 new, 4 known\n" in group.out
    assert group.figures("2025-04-01", "expenses")["expenses", "group", "2025-02"] == 300_000


def test_an_account_that_two_charts_know_as_different_things_is_two_accounts(group: Group) -> None:
    chart = (
        "{company}\nAccount List\n\nAccount,Type,Detail type,Balance\nChecking,Bank,Checking,0\nDeposits,{type},,0\n"
    )
    entry = [("Checking", "70.00"), ("Deposits", "-70.00")]
    files = {}
    for company, kind in (("Cafe LLC", "Income"), ("Deli LLC", "Other Current Liabilities")):
        files[f"{company[:4]}_chart__csv"] = chart.format(company=company, type=kind)
        files[f"{company[:4]}__csv"] = journal(company, "January 2025", ("01/15/2025", "Deposit", "1", "", entry))
    assert group.adopt(**files) == 0, group.error
    found = group.figures("2025-02-01", "revenue")
    assert (found["revenue", "cafe", "2025-01"], found["revenue", "deli", "2025-01"]) == (7_000, 0)
