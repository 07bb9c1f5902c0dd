"""Agings of receivables and payables: what is open on a day, next to the books.

Layouts of the programs, invented content. Expected balances are those of the programs' own summaries of the same
documents, as the files' totals state them.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from adopted import read
from adoption import Group, journal
from executive_suite.adopt.parties import party_id
from executive_suite.adopt.reading import NotReadableError

BOOKS = journal(
    "Cafe LLC",
    "January - March, 2025",
    ("01/02/2025", "Deposit", "", "", [("Checking", "50,000.00"), ("Owner's Contribution", "-50,000.00")]),
    ("01/15/2025", "Invoice", "1001", "Ann", [("Accounts Receivable (A/R)", "1,250.00"), ("Sales", "-1,250.00")]),
    ("02/10/2025", "Expense", "", "Store", [("Office Supplies", "3,000.00"), ("Checking", "-3,000.00")]),
    ("02/20/2025", "Invoice", "1002", "Bea", [("Accounts Receivable (A/R)", "2,400.00"), ("Sales", "-2,400.00")]),
    ("03/10/2025", "Payment", "1001", "Ann", [("Checking", "1,000.00"), ("Accounts Receivable (A/R)", "-1,000.00")]),
    ("03/12/2025", "Payment", "", "Cy", [("Checking", "100.00"), ("Accounts Receivable (A/R)", "-100.00")]),
    ("03/20/2025", "Bill", "77", "Store", [("Rent", "900.00"), ("Accounts Payable (A/P)", "-900.00")]),
)
HEAD = 'A/R Aging Detail\nCafe LLC\n"As of {day}"\n\n'
QBO = (
    HEAD.format(day="March 31, 2025")
    + """Date,Transaction type,Num,Customer full name,Location full name,Due date,Amount,Open balance
31 - 60 days past due,,,,,,,
01/15/2025,Invoice,1001,Ann,,02/14/2025,"1,250.00",250.00
Total for 31 - 60 days past due,,,,,,"$1,250.00",$250.00
Current,,,,,,,
02/20/2025,Invoice,1002,Bea,,04/20/2025,"2,400.00","2,400.00"
03/12/2025,Payment,,Cy,,,-100.00,-100.00
Total for Current,,,,,,"$2,300.00","$2,300.00"
TOTAL,,,,,,"$3,550.00","$2,550.00"
"""
)
APRIL = (
    HEAD.format(day="April 30, 2025")
    + """Date,Transaction type,Num,Customer full name,Location full name,Due date,Amount,Open balance
1 - 30 days past due,,,,,,,
02/20/2025,Invoice,1002,Bea,,04/20/2025,"2,400.00",400.00
TOTAL,,,,,,"$2,400.00",$400.00
"""
)
PAYABLES = """Cafe LLC
A/P Aging Detail
"As of March 31, 2025"

,Date,Transaction Type,Num,Vendor,Due Date,Past Due,Amount,Open Balance
1 - 30 days past due,,,,,,,,
,03/20/2025,Bill,77,Store,03/27/2025,4,900.00,900.00
Total for 1 - 30 days past due,,,,,,,$900.00,$900.00
TOTAL,,,,,,,$900.00,$900.00
"""
XERO = """Aged Receivables Detail
Cafe LLC
As at 31 March 2025
Ageing by due date

Invoice Date,Due Date,Invoice Number,Invoice Reference,Current,< 1 Month,1 Month,2 Months,3 Months,Older,Total
Ann,,,,,,,,,,
15 Jan 2025,14 Feb 2025,INV-1001,,,,250.00,,,,250.00
Total Ann,,,,,,250.00,,,,250.00
Bea,,,,,,,,,,
20 Feb 2025,20 Apr 2025,INV-1002,,"2,400.00",,,,,,"2,400.00"
Total Bea,,,,"2,400.00",,,,,,"2,400.00"
Cy,,,,,,,,,,
12 Mar 2025,,,,-100.00,,,,,,-100.00
Total Cy,,,,-100.00,,,,,,-100.00
Total,,,,"2,300.00",0.00,250.00,0.00,0.00,0.00,"2,550.00"
Percentage of total,,,,90.20%,0.00%,9.80%,0.00%,0.00%,0.00%,100.00%
"""
DESKTOP = """,Type,,Date,,Num,,P. O. #,,Name,,Terms,,Due Date,,Class,,Aging,,Open Balance
Current,,,,,,,,,,,,,,,,,,,
,Invoice,,02/20/2025,,1002,,,,Bea,,Net 60,,04/20/2025,,,,,,2400.00
,Payment,,03/12/2025,,,,,,Cy,,,,,,,,,,-100.00
Total Current,,,,,,,,,,,,,,,,,,,2300.00
31 - 60,,,,,,,,,,,,,,,,,,,
,Invoice,,01/15/2025,,1001,,,,Ann,,Net 30,,02/14/2025,,,,45,,250.00
Total 31 - 60,,,,,,,,,,,,,,,,,,,250.00
TOTAL,,,,,,,,,,,,,,,,,,,2550.00
"""
BUCKETS = {"current": 240_000, "31-60": 25_000, "unapplied_credit": -10_000}
"""Of March 31, as all four files have them."""


def aged(group: Group, as_of: str, metric_id: str = "ar_ageing") -> dict[str, int]:
    """Cents by age, of the group."""
    assert group.call("metrics", "--group", str(group.folder), "--as-of", as_of) == 0, group.error
    found = [one for one in json.loads(group.out) if (one["metric_id"], one["entity_id"]) == (metric_id, "group")]
    return {one["dimensions"].get("bucket", "all"): one["value"] for one in found if one["value"]}


@pytest.mark.parametrize("aging", [QBO, XERO, DESKTOP], ids=["quickbooks", "xero", "desktop"])
def test_journal_and_aging_tell_receivables_by_age(group: Group, aging: str) -> None:
    assert group.adopt("--yes", "--timezone", "America/New_York", journal__csv=BOOKS, aging__csv=aging) == 0, (
        group.error
    )
    assert "receivables at 2025-03-31: 2,550.00 by aging.csv, 2,550.00 by the books" in group.out
    assert "DIFFERS" not in group.out
    assert aged(group, "2025-04-01") == {"all": 255_000, **BUCKETS}


def test_bills_are_payables(group: Group) -> None:
    assert group.adopt(journal__csv=BOOKS, bills__csv=PAYABLES) == 0, group.error
    assert aged(group, "2025-04-01", "ap_ageing") == {"all": 90_000, "1-30": 90_000}


def test_a_telephone_number_below_a_vendor_is_nobody(tmp_path: Path) -> None:
    """Unpaid Bills of QuickBooks Online prints one there."""
    found = read(
        tmp_path,
        'Cafe LLC\nUnpaid Bills\n"As of March 31, 2025"\n\n'
        ",Date,Transaction type,Num,Due date,Past due,Amount,Open balance\n"
        "Store,,,,,,,\n(555) 123-4567,,,,,,,\n,03/20/2025,Bill,77,03/27/2025,4,900.00,900.00\n"
        "Total for Store,,,,,,$900.00,$900.00\nTOTAL,,,,,,$900.00,$900.00\n",
    )
    parties = {one.values["counterparty_id"] for one in found.records if one.table == "invoice"}
    assert parties == {party_id("Store")}


def test_what_is_open_adds_nothing_to_the_books(group: Group) -> None:
    assert group.adopt(journal__csv=BOOKS) == 0, group.error
    metrics = ("cash_balance", "revenue", "expenses", "net_income", "net_burn")
    before = group.figures("2025-04-01", *metrics)
    assert group.adopt(aging__csv=QBO, bills__csv=PAYABLES) == 0, group.error
    assert group.figures("2025-04-01", *metrics) == before


def test_days_sales_outstanding_are_not_told_from_open_invoices_alone(group: Group) -> None:
    assert group.adopt(journal__csv=BOOKS, aging__csv=QBO) == 0, group.error
    assert group.figures("2025-04-01", "dso_days")["dso_days", "group", "2025-04-01"] is None


@pytest.mark.parametrize("order", [(QBO, APRIL), (APRIL, QBO)], ids=["in order", "backwards"])
def test_the_next_aging_settles_what_it_no_longer_has(group: Group, order: tuple[str, str]) -> None:
    assert group.adopt(journal__csv=BOOKS) == 0, group.error
    for aging in order:
        assert group.adopt(aging__csv=aging) == 0, group.error
    assert aged(group, "2025-04-01") == {"all": 255_000, **BUCKETS}
    assert aged(group, "2025-05-01") == {"all": 40_000, "1-30": 40_000}
    assert aged(group, "2025-03-31") == {}  # before any aging nobody knows
    assert group.adopt(aging__csv=order[0]) == 0
    assert "nothing is new" in group.out


def test_an_aging_older_than_the_books_says_so(group: Group) -> None:
    stale = QBO.replace("March 31, 2025", "March 15, 2025")
    assert group.adopt(journal__csv=BOOKS, aging__csv=stale) == 0, group.error
    assert "is of 2025-03-15, and the books go on to 2025-03-31" in group.out
    # In the books the bill came on March 20; receivables are the same on both days.
    assert "receivables at 2025-03-15: 2,550.00 by aging.csv, 2,550.00 by the books" in group.out


def test_an_aging_that_differs_from_the_books_is_named(group: Group) -> None:
    other = (
        QBO.replace('"2,400.00"', '"2,000.00"').replace('"$2,300.00"\n', '"$1,900.00"\n').replace("$2,550", "$2,150")
    )
    assert group.adopt(journal__csv=BOOKS, aging__csv=other) == 0, group.error
    assert "receivables at 2025-03-31 is 2,150.00; what was read comes to 2,550.00" in group.out


def test_an_aging_whose_documents_do_not_come_to_its_total_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 8: 'TOTAL' states \$400.00; its documents sum to 300"):
        read(tmp_path, APRIL.replace(",400.00\n", ",300.00\n"))


def test_a_forecast_goes_on_with_an_aging(group: Group) -> None:
    """Sales go on as the books show; an open invoice is part of them, not more and not instead."""
    entries = [("01/02/2024", "Deposit", "", "", [("Checking", "9,000.00"), ("Owner's Contribution", "-9,000.00")])]
    for month in range(1, 13):
        receivable = "Accounts Receivable (A/R)"
        sale = [(receivable, "3,000.00"), ("Sales", "-3,000.00")]
        entries.append((f"{month:02}/05/2024", "Invoice", f"{month}", "Ann", sale))
        if month > 1:
            paid = [("Checking", "3,000.00"), (receivable, "-3,000.00")]
            entries.append((f"{month:02}/04/2024", "Payment", f"{month - 1}", "Ann", paid))
    assert group.adopt(journal__csv=journal("Cafe LLC", "January - December, 2024", *entries)) == 0, group.error
    before = monthly_closings(group)
    aging = HEAD.format(day="December 31, 2024") + (
        "Date,Transaction type,Num,Customer,Due date,Open balance\n"
        '12/05/2024,Invoice,12,Ann,01/04/2025,"3,000.00"\nTOTAL,,,,,"3,000.00"\n'
    )
    assert group.adopt(aging__csv=aging) == 0, group.error
    assert len(before) > 6
    assert monthly_closings(group) == before


def monthly_closings(group: Group) -> dict[str, int]:
    """Cash at the end of the months ahead, by the forecast of January 1, 2025."""
    assert group.call("metrics", "--group", str(group.folder), "--as-of", "2025-01-01") == 0, group.error
    found = [one for one in json.loads(group.out) if one["metric_id"] == "cash_path" and "month" in one["dimensions"]]
    return {one["dimensions"]["month"]: one["value"] for one in found if one["dimensions"]["line"] == "closing"}


def test_profit_by_class_is_compared_and_never_posted(group: Group) -> None:
    by_class = """Cafe LLC
Profit and Loss by Class
"January - March, 2025"

,Boats,Not specified,TOTAL
Income,,,
Sales,"1,250.00","2,400.00","3,650.00"
Total Income,"1,250.00","2,400.00","$3,650.00"
Expenses,,,
Office Supplies,,"3,000.00","3,000.00"
Rent,,900.00,900.00
Total Expenses,$0.00,"3,900.00","$3,900.00"
Net Income,"1,250.00","-1,500.00",$-250.00
"""
    assert group.adopt(journal__csv=BOOKS, classes__csv=by_class) == 0, group.error
    assert "5 of 5 totals" in group.out  # with the two of the journal itself
    lines = len(group.rows("ledger"))
    wrong = by_class.replace("$-250.00", "$-150.00")
    assert group.adopt(classes__csv=wrong) == 0, group.error
    assert "profit, 2025-01-01 to 2025-03-31 is -150.00; what was read comes to -250.00" in group.out
    assert len(group.rows("ledger")) == lines
