"""What cannot be read without guessing is refused, with its row; what two readings agree on is read."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adopted import balances, read
from executive_suite.adopt.reading import NotReadableError

HEADER = "Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit"


def journal(*rows: str, title: str = "") -> str:
    """A journal of QuickBooks Online."""
    return "\n".join([*filter(None, (title,)), HEADER, *rows, ""])


def pair(day: str, amount: str = "100.00") -> tuple[str, str]:
    """A transaction of two lines."""
    return f'{day},Expense,,,,Supplies,"{amount}",', f',,,,,Checking,,"{amount}"'


def test_a_day_that_may_be_two_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 2: '02/03/2025' may be a day and a month or a month and a day"):
        read(tmp_path, journal(*pair("02/03/2025")))


@pytest.mark.parametrize(
    ("title", "rows", "first"),
    [
        ("", [*pair("02/03/2025"), *pair("13/03/2025")], date(2025, 3, 2)),
        ("", [*pair("02/03/2025"), *pair("03/13/2025")], date(2025, 2, 3)),
        ('"January 1 - February 28, 2025"', [*pair("02/03/2025")], date(2025, 2, 3)),
        ("1 March - 31 March 2025", [*pair("02/03/2025")], date(2025, 3, 2)),
        ("1 January - 31 December 2025", [*pair("02/03/2025")], date(2025, 3, 2)),
        ('"January 1 - December 31, 2025"', [*pair("02/03/2025")], date(2025, 2, 3)),
        ("Harbor Lights Cafe LLC", [*pair("02/03/2025")], date(2025, 2, 3)),
        ("", [*pair("03/03/2025")], date(2025, 3, 3)),
    ],
)
def test_the_whole_file_tells_the_order_of_days(tmp_path: Path, title: str, rows: list[str], first: date) -> None:
    """A day after the 12th, a period that only one order fits, a day that the title writes out, or none is needed."""
    assert read(tmp_path, journal(*rows, title=title)).entries[0].day == first


def test_whoever_brings_a_file_may_tell_the_order(tmp_path: Path) -> None:
    text = journal(*pair("02/03/2025"))
    assert read(tmp_path, text, day_order="dmy").entries[0].day == date(2025, 3, 2)


def test_days_in_two_orders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 4: '03/13/2025' is a day in another order than the rest"):
        read(tmp_path, journal(*pair("13/02/2025"), *pair("03/13/2025")))


@pytest.mark.parametrize("day", ["31/31/2025", "02/30/2025"])
def test_no_day_is_refused(tmp_path: Path, day: str) -> None:
    with pytest.raises(NotReadableError, match=f"row 2: '{day}' is no day"):
        read(tmp_path, journal(*pair(day)))


@pytest.mark.parametrize("word", ["yesterday", "1.5.", "2025-13-01"])
def test_a_line_without_a_day_is_refused(tmp_path: Path, word: str) -> None:
    with pytest.raises(NotReadableError, match=f"row 2: '{word}' is no day"):
        read(tmp_path, journal(*pair(word), *pair("13/02/2025")))


@pytest.mark.parametrize(
    ("written", "amount"),
    [
        ("$1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1'234.50", "1234.50"),
        ("1 234,50 €", "1234.50"),
        ("12,34,567.00", "1234567.00"),
        ("1234.5", "1234.5"),
    ],
)
def test_amounts_as_people_write_them(tmp_path: Path, written: str, amount: str) -> None:
    assert balances(read(tmp_path, journal(*pair("2025-01-13", written))))["Supplies"] == Decimal(amount)


def test_a_credit_note_in_brackets_or_with_a_trailing_minus(tmp_path: Path) -> None:
    rows = (
        "1,2025-01-10,Bank,$(12.34)",
        "1,2025-01-10,Costs,12.34",
        "2,2025-01-10,Bank,7.00-",
        "2,2025-01-10,Costs,7.00",
    )
    text = "\n".join(["Id,Date,Account,Amount", *rows, ""])
    assert balances(read(tmp_path, text)) == {"Bank": Decimal("-19.34"), "Costs": Decimal("19.34")}


@pytest.mark.parametrize("written", ["1,234", "1.234"])
def test_an_amount_that_may_be_thousands_or_decimals_is_refused(tmp_path: Path, written: str) -> None:
    with pytest.raises(NotReadableError, match=f"row 2: '{written}' may be thousands or three decimals"):
        read(tmp_path, journal(*pair("2025-01-13", written)))


def test_smaller_amounts_show_that_a_mark_parts_thousands(tmp_path: Path) -> None:
    found = balances(read(tmp_path, journal(*pair("2025-01-13", "1,234"), *pair("2025-01-13", "500"))))
    assert found["Supplies"] == Decimal(1734)


def test_two_decimal_marks_are_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 4: amounts in two styles, '1.234,50' and '1,234.50'"):
        read(tmp_path, journal(*pair("2025-01-13", "1.234,50"), *pair("2025-01-14", "1,234.50")))


def test_two_currency_signs_in_one_column_are_refused(tmp_path: Path) -> None:
    """A known importer lost the currency of such a column; "CA$" is no "$"."""
    with pytest.raises(NotReadableError, match=r"row 4: amounts in \$ and in CAD in one column"):
        read(tmp_path, journal(*pair("2025-01-13", "$5.00"), *pair("2025-01-14", "CA$5.00")))


def test_two_columns_of_one_name_are_refused_if_they_differ(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 2: two columns 'Amount' differ; one was looked for"):
        read(tmp_path, "Id,Date,Account,Amount,Amount\n1,2025-01-10,Bank,5.00,6.00\n1,2025-01-10,Costs,-5.00,-6.00\n")


def test_amounts_in_foreign_money_beside_those_in_the_books_own(tmp_path: Path) -> None:
    """QuickBooks Online: the books' own amounts count, whatever the invoice was in."""
    text = """\
Date,Transaction Type,Num,Name,Currency,Exchange Rate,Foreign Debit,Foreign Credit,Account,Debit,Credit
01/15/2025,Invoice,1,Ann,EUR,1.1,100.00,,Accounts Receivable (A/R) - EUR,110.00,
,,,Ann,EUR,1.1,,100.00,Sales,,110.00
"""
    assert balances(read(tmp_path, text)) == {"Accounts Receivable (A/R) - EUR": Decimal(110), "Sales": Decimal(-110)}


def test_a_transaction_in_two_currencies_balances_in_each(tmp_path: Path) -> None:
    rows = "1,2025-01-10,Bank,-110.00,USD\n1,2025-01-10,Costs,100.00,EUR\n1,2025-01-10,Fees,10.00,USD\n"
    with pytest.raises(NotReadableError, match=r"row 2: the transaction 1 of 2025-01-10 does not balance: 100\.00 USD"):
        read(tmp_path, f"Id,Date,Account,Amount,Currency\n{rows}")


def test_a_journal_without_transactions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"export.csv: a journal without transactions"):
        read(tmp_path, journal("Accrual Basis,,,,,,,"))


def test_a_ledgers_line_whose_other_side_is_missing_is_refused(tmp_path: Path) -> None:
    """Both accounts are in the file, and only one of them has the line."""
    text = """\
General Ledger
"January 1 - January 31, 2025"
,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
Checking,,,,,,,,
,01/20/2025,Deposit,,Ann,,Sales,100.00,100.00
,01/21/2025,Deposit,,Bo,,Sales,50.00,150.00
Sales,,,,,,,,
,01/20/2025,Deposit,,Ann,,Checking,100.00,100.00
"""
    with pytest.raises(
        NotReadableError, match=r"row 6: its other side is 'Sales', and the section of that account does not"
    ):
        read(tmp_path, text)


def test_a_trial_balance_that_does_not_balance_is_refused(tmp_path: Path) -> None:
    text = 'Trial Balance\n"As of March 31, 2025"\n,Debit,Credit\nChecking,100.00,\nSales,,99.00\n'
    with pytest.raises(NotReadableError, match=r"debits of 100.00 and credits of 99.00 do not agree"):
        read(tmp_path, text)


def test_a_trial_balance_without_its_day_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match="a trial balance without its day"):
        read(tmp_path, "Trial Balance\n,Debit,Credit\nChecking,100.00,\nSales,,100.00\n")


def test_sheets_of_different_reports_are_refused(tmp_path: Path) -> None:
    import xlsxwriter

    path = tmp_path / "two.xlsx"
    with xlsxwriter.Workbook(path) as book:
        one, other = book.add_worksheet("Journal"), book.add_worksheet("Accounts")
        for at, row in enumerate(
            [HEADER.split(","), ["2025-01-10", "", "", "", "", "Costs", 5, ""], ["", "", "", "", "", "Bank", "", 5]]
        ):
            one.write_row(at, 0, row)
        for at, row in enumerate(
            [["Account #", "Full name", "Type", "Detail type"], ["1", "Bank", "Bank", "Checking"]]
        ):
            other.write_row(at, 0, row)
    from executive_suite.adopt import upload
    from executive_suite.adopt.readers import grids

    with pytest.raises(
        NotReadableError, match="sheets Journal and Accounts are different reports; bring each as a file"
    ):
        grids.read(upload.opened(path))


WAVE = """\
Account Transactions
Harbor Lights
Date Range: 2025-01-01 to 2025-03-31
ACCOUNT NUMBER,DATE,DESCRIPTION,DEBIT (In Business Currency),CREDIT (In Business Currency),\
BALANCE (In Business Currency)
Cash on Hand,,,,,
,2025-01-04,Lunch,$100.00,,$100.00
,2025-01-05,Dinner,$70.00,,$170.00
,2025-02-04,Rent,,$50.00,$120.00
,Sales,,,,
,2025-01-04,Lunch,,$100.00,$100.00
,2025-01-05,Dinner,,$70.00,$170.00
,Rent Expense,,,,
,2025-02-04,Rent,$50.00,,$50.00
"""


def test_a_line_that_is_missing_from_a_whole_ledger_is_refused(tmp_path: Path) -> None:
    """No total and no name of another side would show it; all other transactions do."""
    assert balances(read(tmp_path, WAVE)) == {
        "Cash on Hand": Decimal(120),
        "Sales": Decimal(-170),
        "Rent Expense": Decimal(50),
    }
    with pytest.raises(NotReadableError, match="row 8: nothing on 2025-02-04 balances this line"):
        read(tmp_path, WAVE.replace(",2025-02-04,Rent,$50.00,,$50.00\n", ""))


def test_balances_that_begin_at_no_stated_opening_are_refused(tmp_path: Path) -> None:
    """A deleted line or a wrong figure would make an opening balance out of nothing."""
    text = WAVE.replace("$100.00\n,2025-01-05,Dinner,$70.00,,$170.00", "$105.00\n,2025-01-05,Dinner,$70.00,,$175.00")
    with pytest.raises(NotReadableError, match=r"row 5: the balances of 'Cash on Hand' begin at 5\.00, and no row"):
        read(tmp_path, text.replace("$50.00,$120.00", "$50.00,$125.00"))


def test_an_order_that_only_the_companys_form_tells_is_said(tmp_path: Path) -> None:
    reading = read(tmp_path, journal(*pair("02/03/2025"), title="Harbor Lights Cafe LLC"))
    assert (
        "Days are read month first because the company is an LLC; nothing else in the file says so." in reading.remarks
    )
    proved = read(tmp_path, journal(*pair("02/13/2025"), title="Harbor Lights Cafe LLC"))
    assert not any("LLC" in remark for remark in proved.remarks)


def test_a_table_of_what_adds_to_each_account(tmp_path: Path) -> None:
    """An income of 100 into the till is 100 on both accounts: what balances all transactions is right."""
    text = (
        "Id,Date,Account,Amount\n1,2025-01-10,Cash,100\n1,2025-01-10,Sales,100\n"
        "2,2025-01-11,Cash,-40\n2,2025-01-11,Zebra,40\n"
    )
    assert balances(read(tmp_path, text)) == {"Cash": Decimal(60), "Sales": Decimal(-100), "Zebra": Decimal(40)}


def test_credits_with_a_minus_are_credits(tmp_path: Path) -> None:
    text = "Date,Entry No,Account,Debit,Credit\n2025-01-13,1,Bank,100.00,\n2025-01-13,1,Sales,,-100.00\n"
    assert balances(read(tmp_path, text)) == {"Bank": Decimal(100), "Sales": Decimal(-100)}
