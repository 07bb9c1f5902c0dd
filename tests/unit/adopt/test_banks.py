"""Statements of banks and cards as tables: whose money, which sign, which day; what cannot be known is refused.

The layouts are those of the banks' own downloads, as programs that read them write them down: Chase, Wells Fargo, American
Express and Discover in imports for beancount and hledger, Sparkasse and DKB in imports for German household books, ING in
its Dutch download, UBS in its Swiss one, Revolut, Monzo and BNP Paribas in theirs. The content is invented.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.adopt import upload
from executive_suite.adopt.readers import banks
from executive_suite.adopt.reading import NotReadableError, Reading

CHASE = """Details,Posting Date,Description,Amount,Type,Balance,Check or Slip #
DEBIT,02/05/2025,"SHOP RENT",-500.00,ACH_DEBIT,900.00,,
CREDIT,02/03/2025,"STRIPE TRANSFER",400.00,ACH_CREDIT,1400.00,,
DEBIT,02/02/2025,"FUEL",-50.00,DEBIT_CARD,1000.00,,
"""
BANK_OF_AMERICA = """Description,,Summary Amt.
Beginning balance as of 01/01/2025,,"1,000.00"
Total credits,,"200.00"
Total debits,,"-50.00"
Ending balance as of 01/31/2025,,"1,150.00"

Date,Description,Amount,Running Bal.
01/01/2025,Beginning balance as of 01/01/2025,,"1,000.00"
01/05/2025,"Zelle from Ann","200.00","1,200.00"
01/20/2025,"CHECKCARD","-50.00","1,150.00"
"""
WELLS_FARGO = """"01/31/2025","-12.34","*","","COFFEE SHOP"
"01/30/2025","500.00","*","","DEPOSIT"
"""
CAPITAL_ONE = """Account Number,Transaction Description,Transaction Date,Transaction Type,Transaction Amount,Balance
1234,Deposit,02/03/25,Credit,200.00,1200.00
1234,Withdrawal,02/04/25,Debit,50.00,1150.00
"""
SPARKASSE = (
    '"Auftragskonto";"Buchungstag";"Valutadatum";"Buchungstext";"Verwendungszweck";"Glaeubiger ID";"Mandatsreferenz";'
    '"Kundenreferenz (End-to-End)";"Sammlerreferenz";"Lastschrift Ursprungsbetrag";"Auslagenersatz Ruecklastschrift";'
    '"Beguenstigter/Zahlungspflichtiger";"Kontonummer/IBAN";"BIC (SWIFT-Code)";"Betrag";"Waehrung";"Info"\n'
    '"DE89370400440532013000";"03.02.25";"03.02.25";"GUTSCHR. UEBERW.";"RE 1";"";"";"";"";"";"";"Kunde AG";"DE11";"X";'
    '"1.200,50";"EUR";"Umsatz gebucht"\n'
    '"DE89370400440532013000";"02.02.25";"02.02.25";"FOLGELASTSCHRIFT";"Strom";"";"";"";"";"";"";"Werke";"DE12";"X";'
    '"-80,10";"EUR";"Umsatz gebucht"\n'
    '"DE89370400440532013000";"04.02.25";"04.02.25";"KARTE";"x";"";"";"";"";"";"";"Y";"DE13";"X";"-9,00";"EUR";'
    '"Umsatz vorgemerkt"\n'
)
DKB = """"Girokonto";"DE89370400440532013000"
"Kontostand vom 31.01.2025:";"1.234,56 EUR"
""
"Buchungsdatum";"Wertstellung";"Status";"Zahlungspflichtige*r";"Zahlungsempfänger*in";"Verwendungszweck";"Umsatztyp";"IBAN";"Betrag (€)"
"30.01.25";"30.01.25";"Gebucht";"Kunde";"Ich";"RE 1";"Eingang";"DE11";"1.000,00"
"15.01.25";"15.01.25";"Gebucht";"Ich";"Vermieter";"Miete";"Ausgang";"DE12";"-700"
"""
ING = """"Datum";"Naam / Omschrijving";"Rekening";"Tegenrekening";"Code";"Af Bij";"Bedrag (EUR)";"Mutatiesoort";"Mededelingen";"Saldo na mutatie";"Tag"
"20250205";"Winkel";"NL69INGB0123456789";"";"BA";"Af";"12,50";"Betaalautomaat";"x";"987,50";""
"20250204";"Klant";"NL69INGB0123456789";"NL1";"OV";"Bij";"100,00";"Overschrijving";"y";"1000,00";""
"""
UBS = """Kontonummer:;0123 00123456.01
IBAN:;CH93 0076 2011 6238 5295 7
Von:;2025-01-01
Bis:;2025-01-31
Bewertet in:;CHF

Abschlussdatum;Abschlusszeit;Buchungsdatum;Valutadatum;Währung;Belastung;Gutschrift;Einzelbetrag;Saldo;Transaktions-Nr.;Beschreibung1
2025-01-20;;2025-01-20;2025-01-20;CHF;-150.00;;;900.00;A1;Miete
2025-01-10;;2025-01-10;2025-01-10;CHF;;50.00;;1050.00;A2;Kunde
"""
REVOLUT = """Type,Product,Started Date,Completed Date,Description,Amount,Fee,Currency,State,Balance
CARD_PAYMENT,Current,2025-01-02 10:00:00,2025-01-03 11:00:00,Shop,-20.00,0.50,EUR,COMPLETED,79.50
TOPUP,Current,2025-01-05 10:00:00,2025-01-05 11:00:00,Top,50.00,0.00,EUR,COMPLETED,129.50
CARD_PAYMENT,Current,2025-01-06 10:00:00,,Shop,-5.00,0.00,EUR,PENDING,
CARD_PAYMENT,Current,2025-01-07 10:00:00,,Shop,-6.00,0.00,EUR,REVERTED,
"""
MONZO = """Transaction ID,Date,Time,Type,Name,Emoji,Category,Amount,Currency,Local amount,Local currency,Notes and #tags,Address,Receipt,Description,Category split,Money Out,Money In
tx_1,01/02/2025,09:00:00,Card payment,Cafe,,Eating out,-3.50,GBP,-3.50,GBP,,,,CAFE,,-3.50,
tx_2,02/02/2025,09:00:00,Faster payment,Client,,Income,250.00,GBP,250.00,GBP,,,,INV 1,,,250.00
"""
BNP = """Date operation;Libelle court;Type operation;Libelle operation;Montant operation en euro
03/02/2025;PRLV;PRELEVEMENT;PRLV SEPA EDF;-45,20
05/02/2025;VIR;VIREMENT RECU;VIR SEPA RECU CLIENT;1 200,00
"""
SANTANDER = """FECHA OPERACIÓN;FECHA VALOR;CONCEPTO;IMPORTE EUR;SALDO
05/02/2025;05/02/2025;Recibo luz;-45,20;1.154,80
03/02/2025;03/02/2025;Transferencia recibida;200,00;1.200,00
"""
INTESA = """Data contabile;Data valuta;Descrizione;Accrediti;Addebiti
03/02/2025;03/02/2025;Bonifico a vostro favore;1.000,00;
05/02/2025;05/02/2025;Commissione;;-2,50
"""


def read(tmp_path: Path, text: str, name: str = "bank.csv", encoding: str = "utf-8") -> Reading:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    found = banks.read(upload.opened(path))
    assert found is not None
    return found


def lines(found: Reading) -> list[tuple[str, str, str]]:
    return [(line.account, line.day.isoformat(), str(line.amount)) for line in found.bank_lines]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            CHASE,
            [
                ("Bank account", "2025-02-02", "-50.00"),
                ("Bank account", "2025-02-03", "400.00"),
                ("Bank account", "2025-02-05", "-500.00"),
            ],
        ),
        (BANK_OF_AMERICA, [("Bank account", "2025-01-05", "200.00"), ("Bank account", "2025-01-20", "-50.00")]),
        (WELLS_FARGO, [("Bank account", "2025-01-30", "500.00"), ("Bank account", "2025-01-31", "-12.34")]),
        (CAPITAL_ONE, [("Checking 1234", "2025-02-03", "200.00"), ("Checking 1234", "2025-02-04", "-50.00")]),
        (SPARKASSE, [("Checking 3000", "2025-02-02", "-80.10"), ("Checking 3000", "2025-02-03", "1200.50")]),
        (DKB, [("Checking 3000", "2025-01-15", "-700"), ("Checking 3000", "2025-01-30", "1000.00")]),
        (ING, [("Checking 6789", "2025-02-04", "100.00"), ("Checking 6789", "2025-02-05", "-12.50")]),
        (UBS, [("Checking 2957", "2025-01-10", "50.00"), ("Checking 2957", "2025-01-20", "-150.00")]),
        # The fee is taken besides the amount: 100.00 before, less 20.00 and 0.50, are 79.50.
        (REVOLUT, [("Bank account", "2025-01-03", "-20.50"), ("Bank account", "2025-01-05", "50.00")]),
        (MONZO, [("Bank account", "2025-02-01", "-3.50"), ("Bank account", "2025-02-02", "250.00")]),
        (BNP, [("Bank account", "2025-02-03", "-45.20"), ("Bank account", "2025-02-05", "1200.00")]),
        (SANTANDER, [("Bank account", "2025-02-03", "200.00"), ("Bank account", "2025-02-05", "-45.20")]),
        (INTESA, [("Bank account", "2025-02-03", "1000.00"), ("Bank account", "2025-02-05", "-2.50")]),
    ],
    ids=[
        "chase",
        "boa",
        "wells",
        "capital_one",
        "sparkasse",
        "dkb",
        "ing",
        "ubs",
        "revolut",
        "monzo",
        "bnp",
        "santander",
        "intesa",
    ],
)
def test_lines_of_a_banks_own_download(tmp_path: Path, text: str, expected: list[tuple[str, str, str]]) -> None:
    assert lines(read(tmp_path, text)) == expected


def test_the_same_in_the_encoding_of_windows(tmp_path: Path) -> None:
    assert lines(read(tmp_path, UBS, encoding="cp1252")) == lines(read(tmp_path, UBS))


def test_balances_of_the_statement_prove_what_was_read(tmp_path: Path) -> None:
    # As the bank states them: 1,000.00 before and 1,150.00 at the end of January.
    found = read(tmp_path, BANK_OF_AMERICA)
    assert found.accounts[0].opening == Decimal("1000.00")
    assert {(one.ends, one.amount) for one in found.totals} == {
        (date(2025, 1, 31), Decimal("1150.00")),
        (date(2025, 1, 20), Decimal("1150.00")),
    }
    assert [(one.ends, one.amount) for one in read(tmp_path, DKB).totals] == [(date(2025, 1, 31), Decimal("1234.56"))]


def test_pending_and_failed_lines_are_left_out_and_counted(tmp_path: Path) -> None:
    assert [(one.what, one.count) for one in read(tmp_path, REVOLUT).left_out] == [("pending and failed lines", 2)]
    assert [(one.what, one.count) for one in read(tmp_path, SPARKASSE).left_out] == [("pending and failed lines", 1)]


def test_the_number_in_the_files_name_makes_the_account_the_same_in_every_file(tmp_path: Path) -> None:
    found = read(tmp_path, CHASE, "Chase4321_Activity20250205.CSV")
    assert found.accounts[0].name == "Checking 4321"
    assert (found.accounts[0].type, found.accounts[0].is_cash) == ("asset", True)


AMEX = """Date,Description,Card Member,Account #,Amount,Extended Details,Appears On Your Statement As,Address
02/14/2025,STAPLES,ANN A,-11001,40.00,,STAPLES,
02/20/2025,AUTOPAY PAYMENT - THANK YOU,ANN A,-11001,-90.00,,AUTOPAY PAYMENT - THANK YOU,
"""
DISCOVER = """Trans. Date,Post Date,Description,Amount,Category
02/13/2025,02/14/2025,STAPLES,40.00,Merchandise
02/20/2025,02/20/2025,INTERNET PAYMENT - THANK YOU,-90.00,Payments and Credits
"""
CHASE_CARD = """Transaction Date,Post Date,Description,Category,Type,Amount,Memo
02/13/2025,02/14/2025,STAPLES,Shopping,Sale,-40.00,
02/19/2025,02/20/2025,Payment Thank You-Mobile,,Payment,90.00,
"""
SIMPLE_CARD = """Date,Description,Amount
02/14/2025,STAPLES,40.00
02/20/2025,AUTOPAY PAYMENT - THANK YOU,-90.00
"""
OWED = """Date,Description,Amount,Balance
02/20/2025,PAYMENT - THANK YOU,-90.00,10.00
02/14/2025,STAPLES,40.00,100.00
"""


@pytest.mark.parametrize("text", [AMEX, DISCOVER, CHASE_CARD, SIMPLE_CARD, OWED])
def test_a_charge_is_money_paid_whatever_sign_the_card_writes(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, text)
    assert [str(line.amount) for line in found.bank_lines] == ["-40.00", "90.00"]
    assert (found.accounts[0].type, found.accounts[0].subtype) == ("liability", "credit_card")


def test_what_is_owed_on_a_card_is_a_negative_balance(tmp_path: Path) -> None:
    assert [line.balance for line in read(tmp_path, OWED).bank_lines] == [Decimal("-100.00"), Decimal("-10.00")]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        # All are positive, and nothing says which side they are on.
        ("Date,Description,Amount\n02/14/2025,STAPLES,40.00\n02/15/2025,UBER,12.00\n", "may be money in or out"),
        # A refund is negative: so charges are positive, and nobody said that it is a card.
        (
            "Date,Description,Amount\n02/14/2025,STAPLES,40.00\n02/15/2025,REFUND UBER,-12.00\n",
            "may be money in or out",
        ),
        ("Date,Description,Amount\n02/03/2025,DEPOSIT,40.00\n02/04/2025,FEE,-12.00\n", "a day and a month"),
        ("Date,Description,Amount\n02/14/2025,DEPOSIT,40.00\n,FEE,-12.00\n", "a line without a day"),
        ("Date,Description,Amount\n02/14/2025,DEPOSIT,40.00\n02/15/2025,FEE,$12.00 or so\n", "row 3"),
    ],
)
def test_what_would_have_to_be_guessed_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(NotReadableError, match=says):
        read(tmp_path, text)


def test_other_tables_are_no_statements(tmp_path: Path) -> None:
    path = tmp_path / "invoices.csv"
    path.write_text("Date,Invoice number,Customer,Amount\n2025-02-14,1,Ann,40.00\n", encoding="utf-8")
    assert banks.read(upload.opened(path)) is None


def test_a_balance_that_does_not_follow_is_named(tmp_path: Path) -> None:
    rows = ["2025-02-01,A,-10.00,90.00", "2025-02-02,B,-10.00,80.00", "2025-02-03,C,-10.00,70.00"]
    rows += ["2025-02-05,E,-10.00,50.00", "2025-02-06,F,-10.00,40.00", "2025-02-07,G,-10.00,30.00"]
    found = read(tmp_path, "\n".join(["Date,Description,Amount,Balance", *rows]) + "\n")
    assert not found.whole
    assert found.remarks == (
        "Bank account: the balance in row 5 does not follow from the row before it; lines may be missing.",
    )


@settings(max_examples=40)
@given(
    amounts=st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=2, max_size=12),
    start=st.integers(-(10**6), 10**6),
    turned=st.booleans(),
    latest_first=st.booleans(),
)
def test_the_balance_proves_sign_and_order_in_whatever_way_a_bank_writes(
    tmp_path_factory: pytest.TempPathFactory, amounts: list[int], start: int, *, turned: bool, latest_first: bool
) -> None:
    # Invariant: the balance before and all amounts are the balance after, as the bank states it.
    balances = list(accumulate(amounts, initial=start))[1:]
    rows = [
        f"2025-03-{number:02d},Line {number},{(-amount if turned else amount) / 100:.2f},{balance / 100:.2f}"
        for number, (amount, balance) in enumerate(zip(amounts, balances, strict=True), 1)
    ]
    text = "\n".join(["Date,Description,Amount,Balance", *(reversed(rows) if latest_first else rows)]) + "\n"
    found = read(tmp_path_factory.mktemp("bank"), text)
    assert [int(line.amount * 100) for line in found.bank_lines] == amounts
