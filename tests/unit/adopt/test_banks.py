"""Statements of banks and cards as tables: whose money, which sign, which day; what cannot be known is refused.

The layouts are those of the banks' own downloads, as programs that read them write them down: Chase, Wells Fargo,
American Express and Discover in imports for beancount and hledger, Sparkasse and DKB in imports for German household
books, ING in its Dutch download, UBS in its Swiss one, Revolut, Monzo and BNP Paribas in theirs. The content is
invented.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import accumulate
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from executive_suite.adopt import recognize, upload
from executive_suite.adopt.readers import banks
from executive_suite.adopt.reading import NotReadableError, Reading

EXPORTS = Path(__file__).parents[2] / "exports"
CHASE = (EXPORTS / "chase-checking.csv").read_text(encoding="utf-8")
BANK_OF_AMERICA = (EXPORTS / "bank-of-america.csv").read_text(encoding="utf-8")
WELLS_FARGO = (EXPORTS / "wells-fargo.csv").read_text(encoding="utf-8")
CAPITAL_ONE = (EXPORTS / "capital-one-360.csv").read_text(encoding="utf-8")
SPARKASSE = (EXPORTS / "sparkasse-camt.csv").read_text(encoding="utf-8")
DKB = (EXPORTS / "dkb-girokonto.csv").read_text(encoding="utf-8")
ING = (EXPORTS / "ing-netherlands.csv").read_text(encoding="utf-8")
UBS = (EXPORTS / "ubs.csv").read_text(encoding="utf-8")
REVOLUT = (EXPORTS / "revolut.csv").read_text(encoding="utf-8")
MONZO = (EXPORTS / "monzo.csv").read_text(encoding="utf-8")
BNP = (EXPORTS / "bnp-paribas.csv").read_text(encoding="utf-8")
SANTANDER = (EXPORTS / "santander-spain.csv").read_text(encoding="utf-8")
INTESA = (EXPORTS / "intesa-sanpaolo.csv").read_text(encoding="utf-8")


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


AMEX = (EXPORTS / "american-express.csv").read_text(encoding="utf-8")
DISCOVER = (EXPORTS / "discover.csv").read_text(encoding="utf-8")
CHASE_CARD = (EXPORTS / "chase-card.csv").read_text(encoding="utf-8")
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


@pytest.mark.parametrize(
    "rows",
    [("Debit,40.00", "Credit,90.00"), ("Debit,-40.00", "Credit,90.00"), ("Debit,40.00", "Credit,-90.00")],
    ids=["unsigned", "signed", "turned"],
)
def test_a_column_of_sides_decides(tmp_path: Path, rows: tuple[str, str]) -> None:
    text = f"Date,Description,Type,Amount\n2025-02-14,A,{rows[0]}\n2025-02-15,B,{rows[1]}\n"
    assert [str(line.amount) for line in read(tmp_path, text).bank_lines] == ["-40.00", "90.00"]


def test_thanks_for_a_payment_do_not_make_a_card_of_a_bank(tmp_path: Path) -> None:
    text = "Date,Description,Amount\n2025-02-14,PHONE CO PAYMENT - THANK YOU,-40.00\n2025-02-15,DEPOSIT,90.00\n"
    found = read(tmp_path, text)
    assert [str(line.amount) for line in found.bank_lines] == ["-40.00", "90.00"]
    assert found.accounts[0].is_cash


def test_a_payment_to_a_credit_card_is_no_credit(tmp_path: Path) -> None:
    text = "Date,Description,Amount\n2025-02-14,CREDIT CARD PMT,-40.00\n2025-02-15,ACME LLC,90.00\n"
    assert [str(line.amount) for line in read(tmp_path, text).bank_lines] == ["-40.00", "90.00"]


def test_sides_that_contradict_the_signs_are_refused(tmp_path: Path) -> None:
    text = (
        "Date,Description,Type,Amount\n2025-02-14,A,Debit,-40.00\n2025-02-15,B,Debit,90.00\n2025-02-16,C,Credit,5.00\n"
    )
    with pytest.raises(NotReadableError, match="in some rows and not in others"):
        read(tmp_path, text)


def test_a_balance_that_may_be_owed_is_refused_if_nothing_says_that_it_is_a_card(tmp_path: Path) -> None:
    rows = ["2025-02-14,PURCHASE STAPLES,40.00,140.00", "2025-02-15,PURCHASE UBER,10.00,150.00"]
    rows += ["2025-02-16,REFUND UBER,-10.00,140.00"]
    with pytest.raises(NotReadableError, match="the words say the opposite"):
        read(tmp_path, "\n".join(["Date,Description,Amount,Balance", *rows]) + "\n")


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


@pytest.mark.parametrize(
    "text",
    [
        # Two columns of amounts of which neither follows from the other, and two sides without a balance.
        "02/14/2025,SHOP,10.00,7.00\n02/15/2025,CLIENT,50.00,9.00\n",
        "02/14/2025,SHOP,10.00,\n02/15/2025,CLIENT,,50.00\n",
    ],
)
def test_columns_without_names_are_read_only_if_they_prove_themselves(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bank.csv"
    path.write_text(text, encoding="utf-8")
    assert banks.read(upload.opened(path)) is None


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


@pytest.mark.parametrize(
    ("file", "account", "expected"),
    [
        ("abn-amro.tab", "Bank account", "02-03 -12.50, 02-04 100.00"),
        ("ally.csv", "Bank account", "02-13 50.00, 02-14 -10.00"),
        ("apple-card.csv", "Credit card", "02-14 -40.00, 02-20 90.00"),
        ("banque-postale.csv", "Checking 4567", "01-30 1000.00, 01-31 -45.20"),
        ("bbva.csv", "Bank account", "02-02 1000.00, 02-03 -45.20"),
        ("boursobank.csv", "Checking 5678", "02-02 1000.00, 02-03 -45.20"),
        ("bunq.csv", "Checking 6789", "02-03 -12.50, 02-04 1000.00"),
        ("capital-one-card.csv", "Credit card", "02-14 -40.00, 02-20 90.00"),
        ("citi-card.csv", "Credit card", "02-14 -40.00, 02-20 90.00"),
        ("comdirect.csv", "Bank account", "02-03 1200.00, 02-04 -80.10"),
        ("commerzbank.csv", "Checking 3000", "02-03 1200.00, 02-04 -80.10"),
        ("commonwealth-bank.csv", "Bank account", "02-13 50.00, 02-14 -10.00"),
        ("credit-agricole.csv", "Checking 8901", "01-30 1000.00, 01-31 -45.20"),
        ("deutsche-bank.csv", "Checking 9000", "01-03 -80.10, 01-04 1200.00"),
        ("fineco.csv", "Bank account", "02-03 1000.00, 02-05 -2.50"),
        ("ing-germany.csv", "Checking 3000", "01-30 1200.00, 01-31 -80.10"),
        ("lloyds.csv", "Checking 5678", "02-02 50.00, 02-03 -10.00"),
        ("mercury.csv", "Checking 1234", "02-12 -700.00, 02-14 1500.00"),
        ("n26.csv", "Bank account", "02-03 -12.50, 02-04 100.00"),
        ("natwest.csv", "Checking 5678", "02-13 50.00, 02-14 -10.00"),
        ("pnc.csv", "Bank account", "02-13 1000.00, 02-14 -25.00"),
        ("postfinance.csv", "Checking 2957", "01-10 50.00, 01-20 -150.00"),
        ("qonto.csv", "Bank account", "02-03 -45.20, 02-13 1000.00"),
        ("rabobank.csv", "Checking 6789", "02-03 -12.50"),
        ("rbc.csv", "Checking 4567", "02-13 50.00, 02-14 -10.00"),
        ("relay.csv", "Checking 1234", "02-13 50.00, 02-14 -10.00"),
        ("starling.csv", "Bank account", "02-01 250.00, 02-02 -10.00"),
        ("td-canada.csv", "Bank account", "02-13 50.00, 02-14 -10.00"),
        ("us-bank.csv", "Bank account", "02-14 -250.00, 02-15 900.00"),
        ("westpac.csv", "Checking 3456", "02-02 50.00, 02-03 -10.00"),
        ("wise.csv", "Bank account", "02-13 1000.00, 02-14 -100.50"),
        ("zkb.csv", "Bank account", "01-10 50.00, 01-20 -150.00"),
    ],
)
def test_lines_of_many_banks(file: str, account: str, expected: str) -> None:
    # What each file says, month and day and the amount as its customer sees it, written down by hand.
    found = recognize.read(upload.opened(EXPORTS / file))
    assert found.kind == "bank"
    assert {line.account for line in found.bank_lines} == {account}
    assert ", ".join(f"{line.day:%m-%d} {line.amount}" for line in found.bank_lines) == expected


def test_a_purchase_is_no_total_and_no_opening_balance(tmp_path: Path) -> None:
    text = (
        "Date,Description,Amount,Balance\n2025-02-14,TOTAL WINE,-40.00,60.00\n2025-02-15,OPENING NIGHT,-10.00,50.00\n"
    )
    assert [str(line.amount) for line in read(tmp_path, text).bank_lines] == ["-40.00", "-10.00"]


def test_a_ledger_with_an_account_above_its_lines_is_no_statement(tmp_path: Path) -> None:
    path = tmp_path / "ledger.csv"
    rows = ["Date,Description,Debit,Credit,Balance", "Checking,,,,", "2025-02-14,A,10.00,,10.00", "Rent,,,,"]
    path.write_text("\n".join([*rows, "2025-02-15,B,5.00,,5.00"]) + "\n", encoding="utf-8")
    assert banks.read(upload.opened(path)) is None


TWO_ACCOUNTS = """Account Number,Post Date,Description,Debit,Credit,Balance
111122223333,01/13/2025,Deposit,,100.00,100.00
999988887777,01/14/2025,Deposit,,50.00,50.00
"""
OTHER_SIDES = """Account number,Post date,Description,Debit,Credit,Balance
111122223333,01/13/2025,Ann,,100.00,100.00
999988887777,01/14/2025,Bea,,50.00,150.00
"""


def test_the_balances_of_two_accounts_prove_no_sign_between_them(tmp_path: Path) -> None:
    found = read(tmp_path, TWO_ACCOUNTS)
    assert lines(found) == [("Checking 3333", "2025-01-13", "100.00"), ("Checking 7777", "2025-01-14", "50.00")]
    assert [account.opening for account in found.accounts] == [0, 0]


def test_numbers_of_the_other_side_make_no_accounts(tmp_path: Path) -> None:
    found = read(tmp_path, OTHER_SIDES)
    assert {line.account for line in found.bank_lines} == {"Bank account"}
    assert sum(line.amount for line in found.bank_lines) == 150


@pytest.mark.parametrize(
    ("last", "count", "whole"), [("01/14/2025,Total,70.00,", 2, "70"), ("01/14/2025,Total,-20.00,50.00", 3, "50")]
)
def test_a_total_under_a_day_is_no_line_and_a_purchase_at_total_is_one(
    tmp_path: Path, last: str, count: int, whole: str
) -> None:
    head = "Date,Description,Amount,Balance\n01/13/2025,Deposit,100.00,100.00\n01/14/2025,Fee,-30.00,70.00\n"
    found = read(tmp_path, head + last + "\n")
    assert len(found.bank_lines) == count
    assert sum(line.amount for line in found.bank_lines) == Decimal(whole)
