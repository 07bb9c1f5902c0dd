"""QuickBooks Online's reports, in the layout that their CSV exports have.

Layouts as public importers of these exports and their test data show them (rows of titles, the section's name in the
column, "Total for …", the footer with the basis and the moment); names and amounts are invented,\
 balances added by hand.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from adopted import balances, read, stated, workbook
from executive_suite.adopt import upload
from executive_suite.adopt.readers import grids
from executive_suite.adopt.reading import LeftOut, NotReadableError

JOURNAL = """\
Harbor Lights Cafe LLC,,,,,,,
Journal,,,,,,,
"January 1 - March 31, 2025",,,,,,,

Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
01/15/2025,Invoice,1001,Ann Example,Catering,Accounts Receivable (A/R),"$1,337.50",
,,,Ann Example,Catering,Sales:Catering,,"$1,250.00"
,,,Ann Example,Sales tax,Sales Tax Payable,,$87.50
,,,,,,"$1,337.50","$1,337.50"

02/01/2025,Expense,,Paper Shop,Napkins,Supplies,$45.99,
,,,Paper Shop,Napkins,Visa,,$45.99
,,,,,,$45.99,$45.99

02/02/2025,Check,101,Total Wine & More,Wine,Supplies,$0.00,
,,,Total Wine & More,Voided - Wine,Checking,,$0.00
,,,,,,$0.00,$0.00

03/03/2025,Journal Entry,5,,Depreciation,Depreciation Expense,$100.00,
,,,,Depreciation,Accumulated Depreciation,,$100.00
,,,,,,$100.00,$100.00

TOTAL,,,,,,"$1,483.49","$1,483.49"

"Accrual Basis Monday, April 14, 2025 02:53 PM GMT-07:00",,,,,,,
"""


def test_a_journal(tmp_path: Path) -> None:
    reading = read(tmp_path, JOURNAL)
    assert (reading.program, reading.report, reading.kind) == ("QuickBooks Online", "Journal", "books")
    assert (reading.company, reading.exported_on) == ("Harbor Lights Cafe LLC", date(2025, 4, 14))
    assert (reading.begins, reading.ends) == (date(2025, 1, 1), date(2025, 3, 31))
    assert balances(reading) == {
        "Accounts Receivable (A/R)": Decimal("1337.50"),
        "Sales:Catering": Decimal(-1250),
        "Sales Tax Payable": Decimal("-87.50"),
        "Supplies": Decimal("45.99"),
        "Visa": Decimal("-45.99"),
        "Depreciation Expense": Decimal(100),
        "Accumulated Depreciation": Decimal(-100),
    }
    invoice = reading.entries[0]
    assert (invoice.number, invoice.day, invoice.kind) == ("1001", date(2025, 1, 15), "Invoice")
    assert [line.origin.row for line in invoice.lines] == [6, 7, 8]
    assert invoice.lines[1].counterparty == "Ann Example"
    assert reading.left_out == (LeftOut("transactions without an amount", 1),)
    assert stated(reading, "debits") == {"": Decimal("1483.49")}


def test_a_total_that_does_not_agree_is_refused_with_its_row(tmp_path: Path) -> None:
    with pytest.raises(NotReadableError, match=r"export.csv: row 23: states debits of 1484\.49 .*; .* sum to 1483\.49"):
        read(tmp_path, JOURNAL.replace('TOTAL,,,,,,"$1,483.49"', 'TOTAL,,,,,,"$1,484.49"'))


def test_a_transaction_that_does_not_balance_is_refused_with_its_row(tmp_path: Path) -> None:
    text = "\n".join(line for line in JOURNAL.splitlines() if not line.startswith((",,,,,,", "TOTAL")))
    with pytest.raises(
        NotReadableError, match=r"row 10: the transaction Expense of 2025-02-01 does not balance: 0\.01"
    ):
        read(tmp_path, text.replace("Visa,,$45.99", "Visa,,$45.98"))


def test_columns_and_titles_of_the_newer_reports_and_repeated_headers(tmp_path: Path) -> None:
    """The order of title and company changed, headers were renamed, and pages repeat them."""
    reading = read(
        tmp_path,
        """\
Journal
Harbor Lights Cafe LLC
"January, 2025-January, 2025"

Transaction date,Transaction type,Num,Name,Location full name,Class full name,Memo/Description,Account #,Full name,\
Debit,Credit
01/05/2025,Sales Receipt,1,Ann,Pier,Retail,Lunch,1000,Checking,100.00,
,,,Ann,Pier,Retail,Lunch,4000,Sales,,100.00
Transaction date,Transaction type,Num,Name,Location full name,Class full name,Memo/Description,Account #,Full name,\
Debit,Credit
01/06/2025,Check,2,Landlord,Pier,,Rent,6000,Rent,60.00,
,,,Landlord,Pier,,Rent,1000,Checking,,60.00
""",
    )
    assert reading.company == "Harbor Lights Cafe LLC"
    assert balances(reading) == {"Checking": Decimal(40), "Sales": Decimal(-100), "Rent": Decimal(60)}
    assert {line.segment for line in reading.entries[0].lines} == {"Retail"}
    assert {account.name: account.code for account in reading.accounts} == {
        "Checking": "1000",
        "Sales": "4000",
        "Rent": "6000",
    }


@pytest.mark.parametrize(
    ("header", "title", "rows", "company"),
    [
        (
            "Fecha;Tipo de transacción;N.º;Nombre;Nota/Descripción;Cuenta;Débito;Crédito",
            "1 de enero - 31 de marzo de 2025",
            ["03/02/2025;Gasto;7;Papelería;Papel;Suministros;1.250,50;", ";;;;Papel;Banco;;1.250,50"],
            "Café del Puerto SL",
        ),
        (
            "Datum;Transaktionstyp;Nr.;Name;Notiz/Beschreibung;Konto;Soll;Haben",
            "1. Januar - 31. März 2025",
            ["03.02.2025;Ausgabe;7;Laden;Papier;Bürobedarf;1.250,50 €;", ";;;;Papier;Girokonto;;1.250,50 €"],
            "Hafencafé GmbH",
        ),
        (
            "Date;Type de transaction;N°;Nom;Note/Description;Compte;Débit;Crédit",
            "1 janvier - 31 mars 2025",
            ["03/02/2025;Dépense;7;Papeterie;Papier;Fournitures;1 250,50;", ";;;;Papier;Banque;;1 250,50"],
            "Café du Port SARL",
        ),
    ],
)
def test_a_journal_in_other_languages(tmp_path: Path, header: str, title: str, rows: list[str], company: str) -> None:
    """Day before month and a decimal comma, told by the title's day and the amounts themselves."""
    reading = read(tmp_path, "\n".join([company, title, "", header, *rows, ""]))
    (entry,) = reading.entries
    assert (reading.company, entry.day) == (company, date(2025, 2, 3))
    assert [line.amount for line in entry.lines] == [Decimal("1250.50"), Decimal("-1250.50")]


LEDGER = """\
Harbor Lights Cafe LLC,,,,,,,,
General Ledger,,,,,,,,
"January 1 - March 31, 2025",,,,,,,,
,,,,,,,,
,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
Checking,,,,,,,,
,Beginning Balance,,,,,,,"5,000.00"
,01/10/2025,Deposit,,Ann,Lunch,Sales,"1,200.00","6,200.00"
,02/11/2025,Check,101,Landlord,Rent,Rent,-800.00,"5,400.00"
,03/03/2025,Bill Payment (Check),102,Acme,,Accounts Payable (A/P),-300.00,"5,100.00"
,03/05/2025,Check,103,Fuel Dock,,-Split-,-70.00,"5,030.00"
Total for Checking,,,,,,,$30.00,
Accounts Payable (A/P),,,,,,,,
,Beginning Balance,,,,,,,100.00
,02/20/2025,Bill,B-1,Acme,Beans,Supplies:Beans,300.00,400.00
,03/03/2025,Bill Payment (Check),102,Acme,,Checking,-300.00,100.00
Total for Accounts Payable (A/P),,,,,,,$0.00,
Opening Balance Equity,,,,,,,,
,Beginning Balance,,,,,,,"4,900.00"
Total for Opening Balance Equity,,,,,,,,
Sales,,,,,,,,
,01/10/2025,Deposit,,Ann,Lunch,Checking,"1,200.00","1,200.00"
Total for Sales,,,,,,,"$1,200.00",
Rent,,,,,,,,
,02/11/2025,Check,101,Landlord,Rent,Checking,800.00,800.00
,03/05/2025,Check,103,Fuel Dock,,Checking,50.00,850.00
Total for Rent,,,,,,,$850.00,
Supplies,,,,,,,,
Beans,,,,,,,,
,02/20/2025,Bill,B-1,Acme,Beans,Accounts Payable (A/P),300.00,300.00
,03/05/2025,Check,103,Fuel Dock,,Checking,20.00,320.00
Total for Beans,,,,,,,$320.00,
Total for Supplies with sub-accounts,,,,,,,$320.00,
TOTAL,,,,,,,,
,,,,,,,,
"Accrual Basis Monday, April 14, 2025 02:53 PM GMT-07:00",,,,,,,,
"""
TRIAL_BALANCE = """\
Harbor Lights Cafe LLC,,
Trial Balance,,
"As of March 31, 2025",,
,,
,Debit,Credit
Checking,"5,030.00",
Accounts Payable (A/P),,100.00
Opening Balance Equity,,"4,900.00"
Sales,,"1,200.00"
Rent,850.00,
Supplies:Beans,320.00,
TOTAL,"$6,200.00","$6,200.00"
"""


def test_a_general_ledger_agrees_with_the_trial_balance(tmp_path: Path) -> None:
    """Amounts are positive where they add to the account: which are credits, the transactions themselves tell."""
    ledger = read(tmp_path, LEDGER)
    verified = stated(read(tmp_path, TRIAL_BALANCE), "balance")
    assert balances(ledger) == verified
    assert sum(verified.values()) == 0
    openings = {account.name: account.opening for account in ledger.accounts if account.opening}
    assert openings == {"Checking": 5000, "Accounts Payable (A/P)": -100, "Opening Balance Equity": -4900}
    assert [len(entry.lines) for entry in ledger.entries] == [2, 2, 2, 2, 3]
    assert ledger.whole
    assert stated(ledger, "balance")["Accounts Payable (A/P)"] == -100


def test_a_ledger_whose_accounts_have_names_that_tell_nothing(tmp_path: Path) -> None:
    """One name that tells its side is enough: the transactions tie the others to it."""
    names = {"Accounts Payable (A/P)": "Quay", "Sales": "Zebra", "Rent": "Yonder", "Supplies": "Xylo", "Beans": "Wim"}
    text = LEDGER
    for name, other in names.items():
        text = text.replace(name, other)
    assert balances(read(tmp_path, text)) == {
        "Checking": Decimal(5030),
        "Quay": Decimal(-100),
        "Opening Balance Equity": Decimal(-4900),
        "Zebra": Decimal(-1200),
        "Yonder": Decimal(850),
        "Xylo:Wim": Decimal(320),
    }


def test_a_ledger_of_which_nothing_tells_the_sides_is_refused(tmp_path: Path) -> None:
    text = """\
General Ledger
"January 1 - March 31, 2025"
,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
Quay,,,,,,,,
,01/20/2025,Transfer,,,,Zebra,100.00,100.00
Total for Quay,,,,,,,100.00,
Zebra,,,,,,,,
,01/20/2025,Transfer,,,,Quay,100.00,100.00
Total for Zebra,,,,,,,100.00,
"""
    with pytest.raises(
        NotReadableError, match=r"row 5: whether 100 on 'Quay' is a debit or a credit is not in the file"
    ):
        read(tmp_path, text)
    reading = read(tmp_path, text, types={"Zebra": "revenue"})
    assert balances(reading) == {"Quay": Decimal(100), "Zebra": Decimal(-100)}


@pytest.mark.parametrize(
    ("was", "becomes", "message"),
    [
        (
            "Total for Rent,,,,,,,$850.00,",
            "Total for Rent,,,,,,,$849.00,",
            r"row 27: 'Total for Rent' is 849.00; .* 850.00",
        ),
        ('Sales,"1,200.00","6,200.00"', 'Sales,"1,200.00","6,200.00"\n,,,,,,,5.00,', r"row 9: an amount without a day"),
        ('-Split-,-70.00,"5,030.00"', '-Split-,-70.00,"5,031.00"', r"row 11: the balance of 'Checking' is 5031.00"),
        (
            ",02/20/2025,Bill,B-1,Acme,Beans,Accounts Payable (A/P),300.00,300.00\n",
            "",
            r"row 31: 'Total for Beans' is 320.00",
        ),
    ],
)
def test_a_ledger_that_does_not_agree_with_itself_is_refused(
    tmp_path: Path, was: str, becomes: str, message: str
) -> None:
    with pytest.raises(NotReadableError, match=message):
        read(tmp_path, LEDGER.replace(was, becomes))


def test_one_accounts_ledger_names_the_other_side_or_hides_it(tmp_path: Path) -> None:
    checking = "\n".join(LEDGER.splitlines()[:12])
    reading = read(tmp_path, checking)
    assert balances(reading) == {
        "Checking": Decimal(5030),
        "Sales": Decimal(-1200),
        "Rent": Decimal(800),
        "Accounts Payable (A/P)": Decimal(300),
        "": Decimal(70),
    }
    assert not reading.whole


def test_accounts_of_one_name_below_two_others_stay_apart(tmp_path: Path) -> None:
    """A public importer's issue: "Drive" below grants received and below grants spent was one account."""
    reading = read(
        tmp_path,
        """\
Harbor Fund,,,,,,,,
General Ledger,,,,,,,,
"January 1 - December 31, 2025",,,,,,,,
,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
1100 Accounts Receivable,,,,,,,,
,01/31/2025,Invoice,9092,Maker,Jan,3900 Grant Income:Drive,400.00,400.00
,03/26/2025,Bill,L-4,Engineers,Partner,Grant Expenses:Drive,0.00,400.00
Total for 1100 Accounts Receivable,,,,,,,400.00,
2000 Accounts Payable,,,,,,,,
,03/26/2025,Bill,L-5,Engineers,Partner,Grant Expenses:Drive,181.88,181.88
Total for 2000 Accounts Payable,,,,,,,181.88,
3900 Grant Income,,,,,,,,
Drive,,,,,,,,
,01/31/2025,Invoice,9092,Maker,Jan,1100 Accounts Receivable,400.00,400.00
Total for Drive,,,,,,,400.00,
Total for 3900 Grant Income with sub-accounts,,,,,,,400.00,
Grant Expenses,,,,,,,,
Drive,,,,,,,,
,03/26/2025,Bill,L-5,Engineers,Partner,2000 Accounts Payable,181.88,181.88
Total for Drive,,,,,,,181.88,
Total for Grant Expenses with sub-accounts,,,,,,,181.88,
""",
    )
    assert balances(reading) == {
        "1100 Accounts Receivable": Decimal(400),
        "2000 Accounts Payable": Decimal("-181.88"),
        "3900 Grant Income:Drive": Decimal(-400),
        "Grant Expenses:Drive": Decimal("181.88"),
    }


def test_a_ledger_with_the_account_on_each_line(tmp_path: Path) -> None:
    """The newer report: a column of its own for the account, the opening balance among the days."""
    reading = read(
        tmp_path,
        """\
General Ledger
Harbor Lights Cafe LLC
"January 1-31, 2025"

,Distribution account,Transaction date,Transaction type,Num,Name,Memo/Description,Split account,Amount,Balance
1000 Checking,,,,,,,,,
,Beginning Balance,,,,,,,,"90,124.79"
,1000 Checking,01/02/2025,Expense,,Lender,,6100 Interest,"-2,562.45","87,562.34"
Total for 1000 Checking,,,,,,,,"-$2,562.45",
6100 Interest,,,,,,,,,
,6100 Interest,01/02/2025,Expense,,Lender,,1000 Checking,"2,562.45","2,562.45"
Total for 6100 Interest,,,,,,,,"$2,562.45",
""",
    )
    assert balances(reading) == {"1000 Checking": Decimal("87562.34"), "6100 Interest": Decimal("2562.45")}


def test_a_list_of_transactions_leaves_out_what_is_not_booked(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Transaction List by Date
Harbor Lights Cafe LLC
"January 1 - February 28, 2025"

Date,Transaction type,Num,Posting,Name,Memo/Description,Account full name,Item split account,Amount
01/10/2025,Invoice,1001,Yes,Ann,Lunch,Accounts Receivable (A/R),Sales,"1,200.00"
01/11/2025,Estimate,7,No,Ann,Offer,Accounts Receivable (A/R),Sales,"9,999.00"
01/12/2025,Purchase Order,8,,Acme,Beans,Accounts Payable (A/P),Supplies,500.00
02/11/2025,Check,101,Yes,Landlord,Rent,Checking,Rent,-800.00
02/15/2025,Bill,B-1,Yes,Acme,Beans,Accounts Payable (A/P),-Split-,300.00
02/16/2025,Credit Card Expense,,Yes,Shop,Paper,Visa,Supplies,20.00
02/16/2025,Credit Card Credit,,Yes,Shop,Paper,Visa,Supplies,-20.00
""",
    )
    assert balances(reading) == {
        "Accounts Receivable (A/R)": Decimal(1200),
        "Sales": Decimal(-1200),
        "Checking": Decimal(-800),
        "Rent": Decimal(800),
        "Accounts Payable (A/P)": Decimal(-300),
        "": Decimal(300),
    }
    assert len(reading.entries) == 5
    assert reading.left_out == (LeftOut("estimates, orders and other documents that are not booked", 2),)


def test_a_chart_gives_the_programs_words_and_numbers(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Harbor Lights Cafe LLC
Account List
"As of May 31, 2025"

Account #,Full name,Type,Detail type,Description,Balance
1000,Checking,Bank,Checking,,"5,030.00"
2000,Accounts Payable (A/P),Accounts payable (A/P),Accounts Payable (A/P),,100.00
5000,Supplies,Expenses,Supplies,,
5010,Supplies:Beans,Expenses,Supplies,,
""",
    )
    assert [(account.name, account.code, account.word) for account in reading.accounts] == [
        ("Checking", "1000", "Bank"),
        ("Accounts Payable (A/P)", "2000", "Accounts payable (A/P)"),
        ("Supplies", "5000", "Expenses"),
        ("Supplies:Beans", "5010", "Expenses"),
    ]
    assert "1000 Checking" in reading.accounts[0].also
    assert "5000 Supplies:5010 Beans" in reading.accounts[3].also
    assert stated(reading, "balance") == {"Checking": Decimal(5030), "Accounts Payable (A/P)": Decimal(-100)}


def test_profit_and_loss_by_month_only_verifies(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Harbor Lights Cafe LLC
Profit and Loss
"January - February, 2025"

,Jan 2025,Feb 2025,Total
Income,,,
Sales,"1,200.00",800.00,"2,000.00"
Total for Income,"$1,200.00",$800.00,"$2,000.00"
Cost of Goods Sold,,,
Beans,100.00,50.00,150.00
Total for Cost of Goods Sold,$100.00,$50.00,$150.00
Gross Profit,"$1,100.00",$750.00,"$1,850.00"
Expenses,,,
Rent,500.00,900.00,"1,400.00"
Total for Expenses,$500.00,$900.00,"$1,400.00"
Net Operating Income,$600.00,-$150.00,$450.00
Other Income,,,
Interest,1.00,1.00,2.00
Total for Other Income,$1.00,$1.00,$2.00
Net Income,$601.00,-$149.00,$452.00
""",
    )
    found = {(total.measure, total.begins, total.ends): total.amount for total in reading.totals}
    january, february = (date(2025, 1, 1), date(2025, 1, 31)), (date(2025, 2, 1), date(2025, 2, 28))
    assert (reading.kind, reading.entries) == ("totals", ())
    assert found["revenue", *january] == 1201
    assert found["expenses", *january] == 600
    assert found["profit", *february] == -149
    assert found["profit", january[0], february[1]] == 452


def test_a_balance_sheet_only_verifies(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Harbor Lights Cafe LLC,
Balance Sheet,
"As of March 31, 2025",
,
,Total
ASSETS,
Current Assets,
Bank Accounts,
Checking,"5,030.00"
Total for Bank Accounts,"$5,030.00"
Total for Current Assets,"$5,030.00"
TOTAL ASSETS,"$5,030.00"
LIABILITIES AND EQUITY,
Liabilities,
Accounts Payable (A/P),100.00
Total for Liabilities,$100.00
Equity,
Opening Balance Equity,"4,900.00"
Net Income,30.00
Total for Equity,"$4,930.00"
TOTAL LIABILITIES AND EQUITY,"$5,030.00"
""",
    )
    assert stated(reading, "balance") == {
        "Checking": Decimal(5030),
        "Accounts Payable (A/P)": Decimal(-100),
        "Opening Balance Equity": Decimal(-4900),
    }


def test_a_workbook_with_typed_cells(tmp_path: Path) -> None:
    """Cells have types: 3 February is no text that could be 2 March."""
    path = workbook(
        tmp_path,
        [
            ["Harbor Lights Cafe LLC"],
            ["Journal"],
            [],
            ["Date", "Transaction Type", "Num", "Name", "Memo/Description", "Account", "Debit", "Credit"],
            [date(2025, 2, 3), "Expense", "", "Shop", "Paper", "Supplies", 1234.5, ""],
            ["", "", "", "Shop", "Paper", "Checking", "", 1234.5],
            ["", "", "", "", "", "", 1234.5, 1234.5],
        ],
    )
    reading = grids.read(upload.opened(path))
    assert reading is not None
    assert reading.entries[0].day == date(2025, 2, 3)
    assert balances(reading) == {"Supplies": Decimal("1234.5"), "Checking": Decimal("-1234.5")}


@pytest.mark.parametrize(
    ("text", "bank", "sales", "rent"),
    [
        (
            """\
Café del Puerto SL,,,,,,,,
Libro mayor,,,,,,,,
enero-marzo de 2025,,,,,,,,

,Fecha,Tipo de transacción,N.º,Nombre,Nota/Descripción,División,Importe,Saldo
Banco,,,,,,,,
,Saldo inicial,,,,,,,"5.000,00"
,10/01/2025,Depósito,,Ana,,Ventas,"1.200,00","6.200,00"
,14/02/2025,Cheque,101,Puerto,,Alquiler,"-800,00","5.400,00"
Total de Banco,,,,,,,"400,00 €",
Capital social,,,,,,,,
,Saldo inicial,,,,,,,"5.000,00"
Total de Capital social,,,,,,,,
Ventas,,,,,,,,
,10/01/2025,Depósito,,Ana,,Banco,"1.200,00","1.200,00"
Total de Ventas,,,,,,,"1.200,00 €",
Alquiler,,,,,,,,
,14/02/2025,Cheque,101,Puerto,,Banco,"800,00","800,00"
Total de Alquiler,,,,,,,"800,00 €",
TOTAL,,,,,,,,
"Base de acumulación lunes, 14 de abril de 2025 02:53 PM GMT+02:00"
""",
            "Banco",
            "Ventas",
            "Alquiler",
        ),
        (
            """\
Hafencafé GmbH
Hauptbuch
Januar - März 2025

;Datum;Transaktionstyp;Nr.;Name;Notiz/Beschreibung;Aufteilung;Betrag;Saldo
Girokonto
;Anfangsbestand;;;;;;;5.000,00
;10.01.2025;Einzahlung;;Anna;;Umsatzerlöse;1.200,00;6.200,00
;14.02.2025;Ausgabe;101;Hafen;;Miete;-800,00;5.400,00
Summe für Girokonto;;;;;;;400,00 €;
Eigenkapital
;Anfangsbestand;;;;;;;5.000,00
Summe für Eigenkapital;;;;;;;;
Umsatzerlöse
;10.01.2025;Einzahlung;;Anna;;Girokonto;1.200,00;1.200,00
Summe für Umsatzerlöse;;;;;;;1.200,00 €;
Miete
;14.02.2025;Ausgabe;101;Hafen;;Girokonto;800,00;800,00
Summe für Miete;;;;;;;800,00 €;
""",
            "Girokonto",
            "Umsatzerlöse",
            "Miete",
        ),
        (
            """\
Café du Port SARL;;;;;;;;
Grand livre;;;;;;;;
1 janvier - 31 mars 2025;;;;;;;;
;Date;Type de transaction;Nº;Nom;Note/Description;Répartition;Montant;Solde
Banque;;;;;;;;
;Solde d'ouverture;;;;;;;5 000,00
;10/01/2025;Dépôt;;Anne;;Ventes;1 200,00;6 200,00
;14/02/2025;Dépense;101;Port;;Loyer;-800,00;5 400,00
Total pour Banque;;;;;;;400,00 €;
Capitaux propres;;;;;;;;
;Solde d'ouverture;;;;;;;5 000,00
Total pour Capitaux propres;;;;;;;;
Ventes;;;;;;;;
;10/01/2025;Dépôt;;Anne;;Banque;1 200,00;1 200,00
Total pour Ventes;;;;;;;1 200,00 €;
Loyer;;;;;;;;
;14/02/2025;Dépense;101;Port;;Banque;800,00;800,00
Total pour Loyer;;;;;;;800,00 €;
""",
            "Banque",
            "Ventes",
            "Loyer",
        ),
    ],
)
def test_a_ledger_in_other_languages(tmp_path: Path, text: str, bank: str, sales: str, rent: str) -> None:
    reading = read(tmp_path, text)
    found = balances(reading)
    assert (found[bank], found[sales], found[rent]) == (5400, -1200, 800)
    assert sum(found.values()) == 0
    assert reading.currency == ("EUR" if "€" in text else "")
    assert [entry.day for entry in reading.entries] == [date(2025, 1, 10), date(2025, 2, 14)]


@pytest.mark.parametrize(
    "text",
    [
        (
            "Café du Port SARL\nProfits et pertes\njanvier - mars 2025\n\n;Total\nRevenus;\nVentes;1 200,00\n"
            "Total pour Revenus;1 200,00 €\nCharges;\nLoyer;800,00\nTotal pour Charges;800,00 €\n"
            "Bénéfice net;400,00 €\n"
        ),
        (
            "Hafencafé GmbH\nGewinn und Verlust\nJanuar - März 2025\n\n;Gesamt\nEinnahmen;\nUmsatzerlöse;1.200,00\n"
            "Summe für Einnahmen;1.200,00 €\nAusgaben;\nMiete;800,00\nSumme für Ausgaben;800,00 €\n"
            "Nettogewinn;400,00 €\n"
        ),
        (
            "Café del Puerto SL\nPérdidas y ganancias\nenero-marzo de 2025\n\n;Total\nIngresos;\nVentas;1.200,00\n"
            "Total de Ingresos;1.200,00 €\nGastos;\nAlquiler;800,00\nTotal de Gastos;800,00 €\nUtilidad neta;400,00 €\n"
        ),
    ],
)
def test_a_profit_and_loss_in_other_languages(tmp_path: Path, text: str) -> None:
    reading = read(tmp_path, text)
    assert {total.measure: total.amount for total in reading.totals} == {
        "revenue": 1200,
        "expenses": 800,
        "profit": 400,
    }
    assert {(total.begins, total.ends) for total in reading.totals} == {(date(2025, 1, 1), date(2025, 3, 31))}


def test_details_without_opening_balances_state_changes(tmp_path: Path) -> None:
    """The running balances of this report begin at zero, also those of the bank: they are no balances."""
    reading = read(
        tmp_path,
        """\
Harbor Lights Cafe LLC,,,,,,,,
Transaction Detail by Account,,,,,,,,
"January - March, 2025",,,,,,,,

,Date,Transaction Type,Num,Name,Memo/Description,Split,Amount,Balance
Checking,,,,,,,,
,01/10/2025,Deposit,,Ann,Lunch,Sales,"1,200.00","1,200.00"
,02/11/2025,Check,101,Landlord,Rent,Rent,-800.00,400.00
Total for Checking,,,,,,,$400.00,
Sales,,,,,,,,
,01/10/2025,Deposit,,Ann,Lunch,Checking,"1,200.00","1,200.00"
Total for Sales,,,,,,,"$1,200.00",
Rent,,,,,,,,
,02/11/2025,Check,101,Landlord,Rent,Checking,800.00,800.00
Total for Rent,,,,,,,$800.00,
""",
    )
    assert stated(reading, "balance") == {}
    assert stated(reading, "change") == {"Checking": Decimal(400), "Sales": Decimal(-1200), "Rent": Decimal(800)}
    assert reading.remarks == ("It has no opening balances: what was there before it must come from another file.",)


def test_opening_balances_tell_the_side_of_the_last_account(tmp_path: Path) -> None:
    """All of them sum to zero, so that of an account without lines and a telling name is what the others leave."""
    text = LEDGER.replace("Opening Balance Equity", "Yonder")
    openings = {account.name: account.opening for account in read(tmp_path, text).accounts if account.opening}
    assert openings["Yonder"] == -4900
    with pytest.raises(NotReadableError, match="whether the balance of 'Yonder' is a debit or a credit"):
        read(tmp_path, text.replace('"4,900.00"', '"4,800.00"'))


def test_a_list_tells_by_its_forms_whose_account_is_a_banks(tmp_path: Path) -> None:
    """A check is written on a bank's account, whatever its name; a card's expense adds to what is owed."""
    reading = read(
        tmp_path,
        """\
Transaction List by Date
Harbor Lights Cafe LLC
"January 1-31, 2025"

Date,Transaction type,Num,Posting,Name,Memo/Description,Account,Split,Amount
01/12/2025,Check,7,Yes,Shop,,Chase 4321,Supplies,-50.00
01/13/2025,Credit Card Expense,,Yes,Shop,,Sapphire,Supplies,20.00
01/14/2025,Transfer,,Yes,,,Chase 4321,Sapphire,-20.00
""",
    )
    assert balances(reading) == {"Chase 4321": Decimal(-70), "Supplies": Decimal(70)}
    assert [(one.name, one.type, one.is_cash) for one in reading.accounts] == [
        ("Chase 4321", "asset", True),
        ("Sapphire", "liability", None),
    ]


def test_a_list_with_splits(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Transaction List with Splits
Harbor Lights Cafe LLC
"January 1-31, 2025"

,Date,Transaction type,Num,Posting (Y/N),Name,Memo/Description,Account,Amount
,01/10/2025,Invoice,1001,Yes,Ann,,Accounts Receivable (A/R),110.00
,,,,,Ann,Lunch,Sales,100.00
,,,,,Ann,Tax,Sales Tax Payable,10.00
,,,,,,,,
,01/12/2025,Check,7,Yes,Shop,,Chase 4321,-50.00
,,,,,Shop,Paper,Supplies,30.00
,,,,,Shop,Fuel,Zebra,20.00
,01/13/2025,Estimate,8,No,Shop,,Accounts Receivable (A/R),500.00
,,,,,Shop,Fuel,Sales,500.00
""",
    )
    assert balances(reading) == {
        "Accounts Receivable (A/R)": Decimal(110),
        "Sales": Decimal(-100),
        "Sales Tax Payable": Decimal(-10),
        "Chase 4321": Decimal(-50),
        "Supplies": Decimal(30),
        "Zebra": Decimal(20),
    }
    assert reading.left_out == (LeftOut("estimates, orders and other documents that are not booked", 1),)


def test_an_account_named_sales_inside_income_counts_once(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        """\
Harbor Lights Cafe LLC,
Profit and Loss,
"January - March, 2025",
,
,Total
Income,
Sales,100.00
Charters,900.00
Total for Sales,"$1,000.00"
Total for Income,"$1,000.00"
Expenses,
Rent,850.00
Total for Expenses,$850.00
Net Operating Income,$150.00
Other Income,
Interest,5.00
Total for Other Income,$5.00
Net Income,$155.00
""",
    )
    assert {total.measure: total.amount for total in reading.totals} == {
        "revenue": 1005,
        "expenses": 850,
        "profit": 155,
    }


def test_a_journal_may_end_without_a_total(tmp_path: Path) -> None:
    text = """Cafe Ltd
Journal
"January - March, 2025"

Date,Transaction Type,No.,Name,Memo/Description,Account,Debit,Credit
05/02/2025,Expense,,Shop,Paper,Office Supplies,100.00,
,,,,Paper,Bank,,100.00
,,,,,,100.00,100.00
13/02/2025,Expense,,Shop,Pens,Office Supplies,10.00,
,,,,Pens,Bank,,10.00
,,,,,,10.00,10.00
"""
    found = read(tmp_path, text)
    assert balances(found) == {"Office Supplies": Decimal(110), "Bank": Decimal(-110)}
    assert found.totals == ()


def test_a_refund_may_be_written_below_zero_on_the_sides_of_the_sale(tmp_path: Path) -> None:
    text = """Cafe LLC
Journal
"January 2025"

Date,Transaction Type,Num,Name,Memo/Description,Account,Debit,Credit
01/02/2025,Sales Receipt,1,Ann,,Checking,100.00,
,,,Ann,,Sales,,100.00
01/03/2025,Refund,2,Ann,,Sales,,-40.00
,,,Ann,,Checking,-40.00,
TOTAL,,,,,,60.00,60.00
"""
    found = read(tmp_path, text)
    assert balances(found) == {"Checking": Decimal(60), "Sales": Decimal(-60)}
    # Lines by side: 100 and 40 on each; the file's 60 are the same, net.
    assert stated(found, "debits") == stated(found, "credits") == {"": Decimal(140)}
