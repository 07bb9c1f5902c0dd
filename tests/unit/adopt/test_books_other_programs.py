"""QuickBooks Desktop, Xero, Wave, FreshBooks, Zoho Books, Sage 50, and tables of nobody in particular.

Layouts as public importers of these exports and their test data show them; names and amounts are invented, balances
added by hand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adopted import balances, read, stated
from executive_suite.adopt import upload
from executive_suite.adopt.readers import grids
from executive_suite.adopt.reading import LeftOut, NotReadableError

QBD_LEDGER = """\
,Type,Date,Num,Adj,Name,Memo,Split,Debit,Credit,Balance
1000 · Checking,,,,,,,,,,"5,000.00"
,Deposit,01/10/2025,,,Ann,Lunch,4000 · Sales,"1,200.00",,"6,200.00"
,Check,02/14/2025,101,,Landlord,Rent,6000 · Rent,,800.00,"5,400.00"
Total 1000 · Checking,,,,,,,,"1,200.00",800.00,"5,400.00"
2000 · Accounts Payable,,,,,,,,,,-250.00
,Bill,02/15/2025,B-1,,Dock,Fuel,-SPLIT-,,120.00,-370.00
Total 2000 · Accounts Payable,,,,,,,,0.00,120.00,-370.00
3000 · Opening Balance Equity,,,,,,,,,,"-4,750.00"
Total 3000 · Opening Balance Equity,,,,,,,,,,"-4,750.00"
4000 · Sales,,,,,,,,,,0.00
,Deposit,01/10/2025,,,Ann,Lunch,1000 · Checking,,"1,200.00","-1,200.00"
Total 4000 · Sales,,,,,,,,0.00,"1,200.00","-1,200.00"
6000 · Rent,,,,,,,,,,0.00
,Check,02/14/2025,101,,Landlord,Rent,1000 · Checking,800.00,,800.00
Total 6000 · Rent,,,,,,,,800.00,0.00,800.00
6100 · Vehicles,,,,,,,,,,0.00
6110 · Fuel,,,,,,,,,,0.00
,Bill,02/15/2025,B-1,,Dock,Fuel,2000 · Accounts Payable,100.00,,100.00
Total 6110 · Fuel,,,,,,,,100.00,0.00,100.00
6100 · Vehicles - Other,,,,,,,,,,0.00
,Bill,02/15/2025,B-1,,Dock,Wash,2000 · Accounts Payable,20.00,,20.00
Total 6100 · Vehicles - Other,,,,,,,,20.00,0.00,20.00
Total 6100 · Vehicles,,,,,,,,120.00,0.00,120.00
No accnt,,,,,,,,,,0.00
Total no accnt,,,,,,,,,,0.00
TOTAL,,,,,,,,"2,120.00","2,120.00",0.00
"""


def test_a_desktop_ledger_with_subaccounts(tmp_path: Path) -> None:
    """Opening balances stand on the accounts' own rows; a parent's own lines stand under "… - Other"."""
    reading = read(tmp_path, QBD_LEDGER)
    assert reading.program == "QuickBooks Desktop"
    assert balances(reading) == {
        "1000 · Checking": Decimal(5400),
        "2000 · Accounts Payable": Decimal(-370),
        "3000 · Opening Balance Equity": Decimal(-4750),
        "4000 · Sales": Decimal(-1200),
        "6000 · Rent": Decimal(800),
        "6100 · Vehicles:6110 · Fuel": Decimal(100),
        "6100 · Vehicles": Decimal(20),
    }
    assert stated(reading, "balance")["2000 · Accounts Payable"] == -370


def test_a_desktop_ledgers_total_that_does_not_agree_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"row 27: 'TOTAL' states debits of 2121\.00; the lines sum to 2120\.00"):
        read(tmp_path, QBD_LEDGER.replace('TOTAL,,,,,,,,"2,120.00"', 'TOTAL,,,,,,,,"2,121.00"'))


def test_a_desktop_journal(tmp_path: Path) -> None:
    """The program's number is on a transaction's first line only; the report begins with the time of printing."""
    reading = read(
        tmp_path,
        """\
10:05 AM,,,,,,,,,
04/14/25,,,,,,,,,
Accrual Basis,,,,,,,,,
Blue Heron Landscaping LLC,,,,,,,,,
Journal,,,,,,,,,
January through March 2025,,,,,,,,,
,Trans #,Type,Date,Num,Name,Memo,Account,Debit,Credit
,2,Check,01/05/2025,101,Landlord,Rent,Checking,,800.00
,,,,,Landlord,Rent,Rent Expense,800.00,
,,,,,,,,800.00,800.00
,3,Deposit,01/05/2025,,,Sales,Checking,500.00,
,,,,,Total Wine & More,Sales,Sales,,500.00
,,,,,,,,500.00,500.00
TOTAL,,,,,,,,"1,300.00","1,300.00"
""",
    )
    assert (reading.company, reading.begins) == ("Blue Heron Landscaping LLC", date(2025, 1, 1))
    assert [entry.number for entry in reading.entries] == ["2", "3"]
    assert balances(reading) == {"Checking": Decimal(-300), "Rent Expense": Decimal(800), "Sales": Decimal(-500)}


def test_a_desktop_transaction_detail_has_a_number_on_each_line(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Blue Heron Landscaping LLC
Custom Transaction Detail Report
January 2025
,Trans #,Type,Date,Num,Name,Memo,Account,Clr,Split,Debit,Credit
,7,Invoice,01/15/2025,1001,Ann,Work,Accounts Receivable,,-SPLIT-,150.00,
,8,Check,01/15/2025,9,Shop,Paper,Checking,,Supplies,,30.00
,7,Invoice,01/15/2025,1001,Ann,Work,Consulting Income,,Accounts Receivable,,140.00
,7,Invoice,01/15/2025,1001,Ann,Tax,Sales Tax Payable,,Accounts Receivable,,10.00
,8,Check,01/15/2025,9,Shop,Paper,Supplies,,Checking,30.00,
,,,,,,,,,Total,180.00,180.00
""",
    )
    assert {entry.number: len(entry.lines) for entry in reading.entries} == {"7": 3, "8": 2}
    assert balances(reading)["Checking"] == -30


def test_xero_account_transactions(tmp_path: Path) -> None:
    """Balances of liabilities are in brackets; gross and tax columns are none of the amounts."""
    reading = read(
        tmp_path,
        """\
Account Transactions
Harbor Lights Pty Ltd
For the period 1 January 2025 to 31 March 2025

Date,Source,Description,Reference,Debit,Credit,Running Balance,Gross,Tax
Business Bank Account
Opening Balance,,,,"5,000.00",,"5,000.00",,
03 Jan 2025,Receive Money,Ann,INV-1,"1,100.00",,"6,100.00","1,100.00",
10 Feb 2025,Spend Money,Landlord,R-1,,550.00,"5,550.00",550.00,
Total Business Bank Account,,,,"1,100.00",550.00,550.00,,
Closing Balance,,,,"5,550.00",,"5,550.00",,

GST
Opening Balance,,,,,200.00,(200.00),,
03 Jan 2025,Receive Money,Ann,INV-1,,100.00,(300.00),,
10 Feb 2025,Spend Money,Landlord,R-1,50.00,,(250.00),,
Total GST,,,,50.00,100.00,(50.00),,
Closing Balance,,,,,250.00,(250.00),,

Owner A Funds Introduced
Opening Balance,,,,,"4,800.00","(4,800.00)",,
Total Owner A Funds Introduced,,,,0.00,0.00,0.00,,
Closing Balance,,,,,"4,800.00","(4,800.00)",,

Rent
10 Feb 2025,Spend Money,Landlord,R-1,500.00,,500.00,550.00,50.00
Total Rent,,,,500.00,0.00,500.00,550.00,50.00

Sales
03 Jan 2025,Receive Money,Ann,INV-1,,"1,000.00","(1,000.00)","1,100.00",100.00
Total Sales,,,,0.00,"1,000.00","(1,000.00)","1,100.00",100.00

Total,,,,"1,650.00","1,650.00",0.00,,
""",
    )
    assert (reading.program, reading.company) == ("Xero", "Harbor Lights Pty Ltd")
    assert balances(reading) == {
        "Business Bank Account": Decimal(5550),
        "GST": Decimal(-250),
        "Owner A Funds Introduced": Decimal(-4800),
        "Rent": Decimal(500),
        "Sales": Decimal(-1000),
    }
    assert [len(entry.lines) for entry in reading.entries] == [3, 3]


def test_xero_transactions_of_the_bank_alone_hide_the_other_side(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Account Transactions
Harbor Lights Ltd
For the period 1 September 2025 to 30 September 2025

Date,Source,Description,Reference,Debit,Credit,Running Balance
Business Bank Account,,,,,,
Opening Balance,,,,"50,000.00",,"50,000.00"
02 Sep 2025,Payable Payment,Ashby,ASH-6100,,1960.17,48039.83
10 Sep 2025,Receive Money,Customer,INV-9001,4000.00,,52039.83
Total Business Bank Account,,,,4000.00,1960.17,
Closing Balance,,,,52039.83,,52039.83
""",
    )
    assert balances(reading) == {"Business Bank Account": Decimal("52039.83"), "": Decimal("-2039.83")}
    assert not reading.whole


def test_xero_journals(tmp_path: Path) -> None:
    """The line of a bank account has no code; a draft is not booked."""
    reading = read(
        tmp_path,
        """\
Journal Report
Harbor Lights Ltd
For the period 1 January 2025 to 31 January 2025

Date,Journal ID,Source,Description,Reference,Account Code,Account,Debit (GBP),Credit (GBP),Posted Date,Status
2 Jan 2025,101,Receivable Invoice,Ann,INV-1,610,Accounts Receivable,120.00,,3 Jan 2025,Posted
2 Jan 2025,101,Receivable Invoice,Ann,INV-1,200,Sales,,100.00,3 Jan 2025,Posted
2 Jan 2025,101,Receivable Invoice,Ann,INV-1,820,VAT,,20.00,3 Jan 2025,Posted
5 Jan 2025,102,Receivable Payment,Ann,INV-1,,Business Bank Account,120.00,,5 Jan 2025,Posted
5 Jan 2025,102,Receivable Payment,Ann,INV-1,610,Accounts Receivable,,120.00,5 Jan 2025,Posted
6 Jan 2025,103,Manual Journal,Guess,,200,Sales,,999.00,6 Jan 2025,Draft
6 Jan 2025,103,Manual Journal,Guess,,610,Accounts Receivable,999.00,,6 Jan 2025,Draft
""",
    )
    assert reading.currency == "GBP"
    assert balances(reading) == {"Sales": Decimal(-100), "VAT": Decimal(-20), "Business Bank Account": Decimal(120)}
    assert reading.left_out == (LeftOut("voided, deleted and draft transactions", 1),)
    assert {account.name: account.code for account in reading.accounts}["Sales"] == "200"


def test_xeros_chart_and_trial_balance(tmp_path: Path) -> None:
    chart = read(
        tmp_path,
        "*Code,*Name,*Type,*Tax Code,Description\n"
        "200,Sales,Revenue,GST on Income,\n310,Beans,Direct Costs,GST on Expenses,\n",
    )
    assert [(one.code, one.name, one.word) for one in chart.accounts] == [
        ("200", "Sales", "Revenue"),
        ("310", "Beans", "Direct Costs"),
    ]
    trial = read(
        tmp_path,
        """\
Trial Balance
Harbor Lights Pty Ltd
As at 31 March 2025

Account Code,Account,Account Type,Debit - Year to date,Credit - Year to date,31 Mar 2024
090,Business Bank Account,Bank,"5,550.00",,"1.00"
820,GST,Current Liability,,250.00,
970,Owner A Funds Introduced,Equity,,"5,300.00",
Total,,,"5,550.00","5,550.00",
""",
    )
    assert stated(trial, "balance") == {
        "Business Bank Account": Decimal(5550),
        "GST": Decimal(-250),
        "Owner A Funds Introduced": Decimal(-5300),
    }
    assert trial.ends == date(2025, 3, 31)


WAVE = """\
Account Transactions
Harbor Lights
Date Range: 2025-01-01 to 2025-03-31
Report Type: Accrual (Paid & Unpaid)
ACCOUNT NUMBER,DATE,DESCRIPTION,DEBIT (In Business Currency),CREDIT (In Business Currency),\
BALANCE (In Business Currency)
Cash on Hand,,,,,
Starting Balance,,,,,$123.45
,2025-01-04,Lunch sale,$100.00,,$223.45
,2025-02-04,Rent,,$50.00,$173.45
Totals and Ending Balance,,,$100.00,$50.00,$173.45
Balance Change,,,$50.00,,
,,,,,
,Owner Investment / Drawings,,,,
Starting Balance,,,,,$123.45
Totals and Ending Balance,,,$0.00,$0.00,$123.45
Balance Change,,,$0.00,,
,,,,,
,Sales,,,,
Starting Balance,,,,,$0.00
,2025-01-04,Lunch sale,,$100.00,$100.00
Totals and Ending Balance,,,$0.00,$100.00,$100.00
Balance Change,,,$100.00,,
,,,,,
,Zebra,,,,
Starting Balance,,,,,$0.00
Zebra,2025-02-04,Rent,$50.00,,$50.00
Totals and Ending Balance,,,$50.00,$0.00,$50.00
Balance Change,,,$50.00,,
"""


def test_waves_ledger_names_its_first_account_elsewhere_than_the_others(tmp_path: Path) -> None:
    """Its balances are positive where they are usual: the lines of Sales show it; the owner's is a credit."""
    reading = read(tmp_path, WAVE)
    assert (reading.program, reading.company) == ("Wave", "Harbor Lights")
    assert balances(reading) == {
        "Cash on Hand": Decimal("173.45"),
        "Owner Investment / Drawings": Decimal("-123.45"),
        "Sales": Decimal(-100),
        "Zebra": Decimal(50),
    }


def test_waves_accounting_transactions_tell_types(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Transaction ID,Transaction Date,Account Name,Transaction Description,Transaction Line Description,\
Amount (One column), ,\
Debit Amount (Two Column Approach),Credit Amount (Two Column Approach),Other Accounts for this Transaction,\
Customer,Vendor,\
Invoice Number,Bill Number,Notes / Memo,Transaction Date Added,Transaction Date Last Modified,Account Group,\
Account Type,\
Account ID
178,2025-01-04,Till,Lunch sale,,113.00,,113.00,,"Sales, HST",Ann,,12,,,2025-01-04,2025-01-04,Asset,Cash and Bank,
178,2025-01-04,Sales,Lunch sale,,100.00,,,100.00,Till,Ann,,12,,,2025-01-04,2025-01-04,Income,Income,
178,2025-01-04,HST,Lunch sale,,13.00,,,13.00,Till,Ann,,12,,,2025-01-04,2025-01-04,Liability,Sales Taxes,
179,2025-02-04,Berth,Rent,,50.00,,50.00,,Till,,Landlord,,,,2025-02-04,2025-02-04,Expense,Operating Expense,
179,2025-02-04,Till,Rent,,-50.00,,,50.00,Berth,,Landlord,,,,2025-02-04,2025-02-04,Asset,Cash and Bank,
""",
    )
    assert balances(reading) == {"Till": Decimal(63), "Sales": Decimal(-100), "HST": Decimal(-13), "Berth": Decimal(50)}
    assert {one.name: one.word for one in reading.accounts} == {
        "Till": "Cash and Bank",
        "Sales": "Income",
        "HST": "Sales Taxes",
        "Berth": "Operating Expense",
    }


def test_freshbooks_ledger_has_its_openings_among_the_lines(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Account Number,Account Type,Account Sub Type,Parent Account: Sub Account,Related Account,Date,Transaction Type,\
Transaction Identifier,Client,Vendor,Project,Note,Amount,Debit,Credit,Running Balance,Currency,Matched
1000-1,Asset,Cash & Bank,Cash: Petty Cash,,2024-12-31,initial_balance,,,,,,300.00,300.00,0.00,300.00,USD,
1000-1,Asset,Cash & Bank,Cash: Petty Cash,Sales: Sales,2025-01-04,payment,PMT-1,Ann,,,Lunch,100.00,100.00,0.00,\
400.00,USD,
3000-1,Equity,Business Owner Contribution,Equity: Owner Equity,,2024-12-31,initial_balance,,,,,,300.00,0.00,300.00,\
300.00,USD,
4000-1,Income,Income,Sales: Sales,Cash: Petty Cash,2025-01-04,payment,PMT-1,Ann,,,Lunch,100.00,0.00,100.00,100.00,USD,
""",
    )
    assert balances(reading) == {
        "Cash:Petty Cash": Decimal(400),
        "Equity:Owner Equity": Decimal(-300),
        "Sales:Sales": Decimal(-100),
    }
    assert len(reading.entries) == 1
    assert reading.currency == "USD"


def test_sage_50_ledger(tmp_path: Path) -> None:
    """Only the first row of an account names it; a line sums up the others of its month."""
    reading = read(
        tmp_path,
        """\
Harbor Lights Inc
General Ledger
For the Period From Jan 1 2025 to Jan 31 2025
Account ID,Account Description,Date,Reference,Jrnl,Trans Description,Debit Amt,Credit Amt,Balance
1020,Checking Account,1/1/25,,,Beginning Balance,,,"5,000.00"
,,1/14/25,101,CDJ,Landlord,,800.00,
,,,,,Current Period Change,,800.00,-800.00
,,1/31/25,,,Ending Balance,,,"4,200.00"
3910,Retained Earnings,1/1/25,,,Beginning Balance,,,"-5,000.00"
,,1/31/25,,,Ending Balance,,,"-5,000.00"
6000,Rent Expense,1/14/25,101,CDJ,Landlord,800.00,,
,,,,,Current Period Change,800.00,,800.00
,,1/31/25,,,Ending Balance,,,800.00
""",
    )
    assert balances(reading) == {
        "Checking Account": Decimal(4200),
        "Retained Earnings": Decimal(-5000),
        "Rent Expense": Decimal(800),
    }


def test_zoho_account_transactions(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Account Transactions
Harbor Lights
From 01/01/2025 To 31/03/2025
Date,Account,Transaction Details,Transaction Type,Transaction#,Reference#,Debit,Credit,Amount
03/02/2025,Accounts Receivable,Ann,Invoice,INV-1,,"1,100.00",,"1,100.00 Dr"
03/02/2025,Sales,Ann,Invoice,INV-1,,,"1,000.00","1,000.00 Cr"
03/02/2025,Tax Payable,Ann,Invoice,INV-1,,,100.00,100.00 Cr
13/02/2025,Rent Expense,Landlord,Expense,7,,500.00,,500.00 Dr
13/02/2025,Petty Cash,Landlord,Expense,7,,,500.00,500.00 Cr
""",
    )
    assert [entry.day for entry in reading.entries] == [date(2025, 2, 3), date(2025, 2, 13)]
    assert balances(reading)["Petty Cash"] == -500
    assert [len(entry.lines) for entry in reading.entries] == [3, 2]


def test_manual_journals_are_only_some_of_the_books(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Journal Date,Reference Number,Journal Number Prefix,Journal Number Suffix,Notes,Currency,Account,Description,Debit,\
Credit,Status
2025-01-31,,JE-,1,Wear,USD,Depreciation Expense,,100.00,,published
2025-01-31,,JE-,1,Wear,USD,Accumulated Depreciation,,,100.00,published
2025-02-28,,JE-,2,Wear,USD,Depreciation Expense,,100.00,,draft
2025-02-28,,JE-,2,Wear,USD,Accumulated Depreciation,,,100.00,draft
""",
    )
    assert balances(reading) == {"Depreciation Expense": Decimal(100), "Accumulated Depreciation": Decimal(-100)}
    assert not reading.whole
    assert reading.left_out == (LeftOut("voided, deleted and draft transactions", 1),)


def test_a_table_of_nobody_in_particular(tmp_path: Path) -> None:
    """Two equal lines of one transaction are two, and what thirds of a cent leave goes to the largest line."""
    reading = read(
        tmp_path,
        "Id,Date,Account,Amount\n"
        "1,2025-01-10,Costs,5.00\n1,2025-01-10,Costs,5.00\n1,2025-01-10,Bank,-10.00\n"
        "2,2025-01-11,Broker,479.97117\n2,2025-01-11,Bank,-479.97\n",
    )
    assert balances(reading) == {"Costs": Decimal(10), "Bank": Decimal("-489.97"), "Broker": Decimal("479.97")}


def test_lines_sorted_by_account_come_together_again(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Date,Account,Reference,Description,Debit,Credit
2025-01-13,Bank,1,Coffee,,5.00
2025-01-14,Bank,2,Sale,100.00,
2025-01-13,Costs,1,Coffee,5.00,
2025-01-14,Sales,2,Sale,,100.00
""",
    )
    assert [{line.account for line in entry.lines} for entry in reading.entries] == [
        {"Bank", "Costs"},
        {"Bank", "Sales"},
    ]


def test_the_french_file_of_entries(tmp_path: Path) -> None:
    """Columns and days as article A47 A-1 of the livre des procédures fiscales prescribes them."""
    header = (
        "JournalCode\tJournalLib\tEcritureNum\tEcritureDate\tCompteNum\tCompteLib\tCompAuxNum\tCompAuxLib\t"
        "PieceRef\tPieceDate\tEcritureLib\tDebit\tCredit\tEcritureLet\tDateLet\tValidDate\tMontantdevise\tIdevise"
    )
    rows = [
        "VE\tVentes\tVE1\t20250115\t411000\tClients\t\tAnne\tF1\t20250115\tFacture\t1200,00\t0,00\t\t\t\t\t",
        "VE\tVentes\tVE1\t20250115\t706000\tPrestations\t\t\tF1\t20250115\tFacture\t0,00\t1000,00\t\t\t\t\t",
        "VE\tVentes\tVE1\t20250115\t445710\tTVA collectée\t\t\tF1\t20250115\tFacture\t0,00\t200,00\t\t\t\t\t",
    ]
    reading = read(tmp_path, "\n".join([header, *rows, ""]), "fec.txt")
    assert reading.entries[0].day == date(2025, 1, 15)
    assert balances(reading) == {
        "Clients": Decimal(1200),
        "Prestations": Decimal(-1000),
        "TVA collectée": Decimal(-200),
    }


@pytest.mark.parametrize(
    ("header", "row"),
    [
        ("Account,Date,Description,Debit,Credit,Balance", "1234,2025-01-13,Coffee,5.00,,95.00"),
        ("Account Number,Date,Description,Debit,Credit,Balance", "1234,2025-01-13,Coffee,5.00,,95.00"),
        ("Date,Counter Party,Reference,Type,Amount (GBP),Balance (GBP)", "13/01/2025,Cafe,Lunch,CARD,-5.00,95.00"),
        ("Date,Account,Description,Debit,Credit", "2025-01-13,Checking,Coffee,5.00,"),
        ("Date,Type,Description,Debit,Credit,Balance", "13/01/2025,POS,Coffee,5.00,,95.00"),
        ("Transaction ID,Date,Account,Amount,Description", "77,2025-01-13,Checking,-5.00,Coffee"),
        ("Date,Account,Transaction Type,Description,Debit,Credit", "2025-01-13,Checking,POS,Coffee,5.00,"),
        ("Details,Posting Date,Description,Amount,Type,Balance", "DEBIT,01/13/2025,Coffee,-5.00,ACH,95.00"),
    ],
)
def test_a_banks_list_is_no_book(tmp_path: Path, header: str, row: str) -> None:
    """Its columns may be those of books, and none of its rows has another side: the bank's reader is asked."""
    path = tmp_path / "bank.csv"
    path.write_text(f"{header}\n{row}\n{row.replace('13', '14')}\n", encoding="utf-8")
    assert grids.read(upload.opened(path)) is None


def test_profit_and_loss_of_desktop_and_xero(tmp_path: Path) -> None:
    """QuickBooks Desktop prints titles on paper only; Xero's column is the period."""
    desktop = read(
        tmp_path,
        ",Jan - Mar 25\nOrdinary Income/Expense,\nIncome,\n4000 · Sales,1200.00\nTotal Income,1200.00\nExpense,\n"
        "6000 · Rent,800.00\nTotal Expense,800.00\nNet Ordinary Income,400.00\nNet Income,400.00\n",
    )
    xero = read(
        tmp_path,
        "Profit and Loss\nHarbor Lights Pty Ltd\nFor the 3 months ended 31 March 2025\n\nAccount,Jan-Mar 2025\n"
        "Trading Income,\nSales,1200.00\nTotal Trading Income,1200.00\nGross Profit,1200.00\nOperating Expenses,\n"
        "Rent,800.00\nTotal Operating Expenses,800.00\nNet Profit,400.00\n",
    )
    assert (desktop.program, xero.program) == ("QuickBooks Desktop", "Xero")
    for reading in (desktop, xero):
        assert {total.measure: total.amount for total in reading.totals} == {
            "revenue": 1200,
            "expenses": 800,
            "profit": 400,
        }
        assert {(total.begins, total.ends) for total in reading.totals} == {(date(2025, 1, 1), date(2025, 3, 31))}


def test_columns_that_compare_departments_are_no_periods(tmp_path: Path) -> None:
    """A public importer's case: the first department's column was read as the whole."""
    path = tmp_path / "export.csv"
    path.write_text(
        "Profit and Loss,,\nHarbor Lights,,\nFor the year ended 30 June 2025,,\n\nAccount,East,North\nSales,120,80\n"
        "Total Trading Income,120,80\nNet Profit,80,60\n",
        encoding="utf-8",
    )
    assert grids.read(upload.opened(path)) is None


def test_a_section_that_goes_on_under_its_name_again(tmp_path: Path) -> None:
    """A page break repeats the account's name."""
    again = QBD_LEDGER.replace(
        ",Check,02/14/2025,101,,Landlord,Rent,6000",
        "1000 · Checking,,,,,,,,,,\n,Check,02/14/2025,101,,Landlord,Rent,6000",
        1,
    )
    assert balances(read(tmp_path, again)) == balances(read(tmp_path, QBD_LEDGER))


def test_xeros_manual_journals_are_only_some_of_the_books(tmp_path: Path) -> None:
    """The columns of Xero's own form for manual journals; debits are positive there."""
    reading = read(
        tmp_path,
        "*Narration,*Date,Description,*AccountCode,*TaxRate,*Amount,TrackingName1\n"
        "Wear,2025-01-31,Jan,416,BAS Excluded,100.00,\nWear,2025-01-31,Jan,711,BAS Excluded,-100.00,\n",
    )
    assert (reading.program, reading.whole) == ("Xero", False)
    assert balances(reading) == {"416": Decimal(100), "711": Decimal(-100)}


def test_transactions_of_one_day_without_numbers_stay_apart(tmp_path: Path) -> None:
    """An owner's money and a sale of the same day are two: one of both would be financing, and the sale no burn."""
    reading = read(
        tmp_path,
        """\
Account Transactions
Harbor Lights Ltd
For the period 1 January 2025 to 31 January 2025

Date,Source,Description,Reference,Debit,Credit,Running Balance
Business Bank Account
3 Jan 2025,Receive Money,Ann,,100.00,,100.00
3 Jan 2025,Receive Money,Owner,,500.00,,600.00
3 Jan 2025,Receive Money,,,70.00,,670.00
3 Jan 2025,Receive Money,,,30.00,,700.00
Funds Introduced
3 Jan 2025,Receive Money,Owner,,,500.00,(500.00)
3 Jan 2025,Receive Money,,,,70.00,(570.00)
Sales
3 Jan 2025,Receive Money,Ann,,,100.00,(100.00)
3 Jan 2025,Receive Money,,,,30.00,(130.00)
""",
    )
    found = sorted(sorted((line.account, int(line.amount)) for line in entry.lines) for entry in reading.entries)
    assert found == [
        [("Business Bank Account", 30), ("Sales", -30)],
        [("Business Bank Account", 70), ("Funds Introduced", -70)],
        [("Business Bank Account", 100), ("Sales", -100)],
        [("Business Bank Account", 500), ("Funds Introduced", -500)],
    ]
