"""IIF as QuickBooks Desktop and programs for it write it (Intuit's IIF reference: ACCNT, TRNS, SPL, ENDTRNS)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite.adopt.readers import iif
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import Upload

HDR = (
    "!HDR PROD VER REL IIFVER DATE TIME ACCNTNT ACCNTNTSPLITTIME",
    "HDR QuickBooks~Pro Version~30.0D Release~R7P 1 2025-02-03 1738600000 N 0",
)
CHART = "!ACCNT NAME REFNUM TIMESTAMP ACCNTTYPE OBAMOUNT DESC ACCNUM SCD BANKNUM EXTRA HIDDEN DELCOUNT USEID"
TRNS = (
    "!TRNS TRNSID TRNSTYPE DATE ACCNT NAME CLASS AMOUNT DOCNUM MEMO CLEAR TOPRINT",
    "!SPL SPLID TRNSTYPE DATE ACCNT NAME CLASS AMOUNT DOCNUM MEMO CLEAR QNTY PRICE INVITEM",
    "!ENDTRNS",
)
CHECK = (
    'TRNS 1 CHECK 1/15/25 Checking "Harbor,~Inc." Boats "-1,050.00" 101 Slip',
    "SPL 2 CHECK 1/14/25 Expenses:Slip - - 1000.00 - Slip",
    'SPL 3 CHECK 1/15/25 Expenses:Fuel - - 50 - 6"~hose',
    "ENDTRNS",
)


def upload(*lines: str) -> Upload:
    """Cells are parted by blanks here: a tilde is a blank, a minus alone an empty cell."""
    cells = [["" if cell == "-" else cell.replace("~", " ") for cell in line.split(" ")] for line in lines]
    text = "\r\n".join("\t".join(line) for line in cells)
    return Upload(Path("books.iif"), "books.iif", text.encode(), "0" * 64, (), text)


def read(*lines: str) -> Reading:
    found = iif.read(upload(*lines))
    assert found is not None
    return found


def account(name: str, kind: str, balance: str = "-", extra: str = "-") -> str:
    return f"ACCNT {name} 1 1 {kind} {balance} - - 0 - {extra} N 0 N"


def balances(found: Reading) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in found.entries:
        for line in entry.lines:
            sums[line.account] += line.amount
    return dict(sums)


def test_a_check_of_two_splits() -> None:
    found = read(*HDR, *TRNS, *CHECK)
    (entry,) = found.entries
    assert (entry.number, entry.day, entry.kind) == ("1", date(2025, 1, 15), "Check")  # the day of the first row
    assert balances(found) == {
        "Checking": Decimal(-1050),
        "Expenses:Slip": Decimal(1000),
        "Expenses:Fuel": Decimal(50),
    }
    assert [(line.memo, line.counterparty, line.segment, line.origin.row) for line in entry.lines] == [
        ("Slip", "Harbor, Inc.", "Boats", 6),
        ("Slip", "Harbor, Inc.", "Boats", 7),
        ('6" hose', "Harbor, Inc.", "Boats", 8),
    ]
    assert found.exported_on == date(2025, 2, 3)


def test_documents_that_are_not_posted_and_voided_checks_are_left_out_and_counted() -> None:
    chart = (CHART, account("Checking", "BANK"), account("Quotes", "NONPOSTING"))
    estimate = ("TRNS 4 ESTIMATE 1/16/25 Estimates - - 500", "SPL 5 ESTIMATE 1/16/25 Sales - - -500", "ENDTRNS")
    order = ("TRNS 6 PURCHORD 1/16/25 Quotes - - -70", "SPL 7 PURCHORD 1/16/25 Parts - - 70", "ENDTRNS")
    void = ("TRNS 8 CHECK 1/17/25 Checking - - 0.00 - VOID:", "SPL 9 CHECK 1/17/25 Parts - - 0.00", "ENDTRNS")
    found = read(*HDR, *chart, *TRNS, *CHECK, *estimate, *order, *void)
    assert len(found.entries) == 1
    assert [(one.what, one.count) for one in found.left_out] == [
        ("estimates, orders and other documents that are not posted", 2),
        ("transactions without an amount", 1),
    ]
    assert [(one.name, one.word) for one in found.accounts] == [("Checking", "BANK")]


@pytest.mark.parametrize(
    ("card", "equity"),
    [("250.00", '"1,750.00"'), ("-250.00", '"-1,750.00"')],  # as people enter it, and with debits positive
)
def test_opening_balances_of_the_chart(card: str, equity: str) -> None:
    chart = (CHART, account("Checking", "BANK", '"2,000.00"'), account("Visa", "CCARD", card))
    found = read(*HDR, *chart, account("Owner", "EQUITY", equity), *TRNS, *CHECK)
    assert {one.name: one.opening for one in found.accounts} == {
        "Checking": Decimal(2000),
        "Visa": Decimal(-250),
        "Owner": Decimal(-1750),
    }


def test_an_opening_balance_that_is_a_transaction_too_counts_once() -> None:
    chart = (CHART, account("Checking", "BANK", "2000.00"), account("OBE", "EQUITY", "-", "OPENBAL"))
    opening = ("TRNS 1 DEPOSIT 1/1/25 Checking - - 2000", "SPL 2 DEPOSIT 1/1/25 OBE - - -2000", "ENDTRNS")
    assert {one.opening for one in read(*HDR, *chart, *TRNS, *opening).accounts} == {None}


def test_a_chart_alone_states_balances_and_opens_nothing() -> None:
    found = read(*HDR, CHART, account("Checking", "BANK", "2000.00"), account("Old", "EXP"))
    assert [one.opening for one in found.accounts] == [None, None]
    assert [(one.measure, one.amount, one.ends) for one in found.totals] == [
        ("balance", Decimal(2000), date(2025, 2, 3))
    ]


def test_an_account_may_be_that_of_the_item() -> None:
    item = ("!INVITEM NAME INVITEMTYPE ACCNT", "INVITEM Tow SERV Towing~income")
    sale = ("TRNS 1 INVOICE 1/16/25 Receivable - - 70", "SPL 2 INVOICE 1/16/25 - - - -70 - - N -1 70 Tow", "ENDTRNS")
    assert balances(read(*item, *TRNS, *sale)) == {"Receivable": Decimal(70), "Towing income": Decimal(-70)}


def test_commas_part_cells_where_there_are_no_tabs() -> None:
    lines = ("!TRNS,DATE,ACCNT,AMOUNT,MEMO", "!SPL,DATE,ACCNT,AMOUNT,MEMO", "!ENDTRNS")
    body = ('TRNS,13/1/2025,Checking,-5,"a, b"', "SPL,13/1/2025,Fuel,5,", "ENDTRNS")
    (entry,) = read(*(line.replace(" ", "~") for line in (*lines, *body))).entries
    assert (entry.day, entry.lines[0].memo) == (date(2025, 1, 13), "a, b")  # a day after the 12th says the order


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((*TRNS, *CHECK[:-1]), "line 4: the transaction has no ENDTRNS"),
        ((*TRNS, *CHECK[:2], *CHECK), "line 6: the transaction of line 4 has no ENDTRNS"),
        ((*TRNS, *CHECK[:2], CHECK[-1]), "line 4: the transaction's amounts do not sum to zero, but to -50.00"),
        ((*TRNS, CHECK[1]), "line 4: a line SPL belongs to no transaction"),
        ((*TRNS, CHECK[0].replace("1/15/25", "31/31/25"), *CHECK[1:]), "'31/31/2025' is no day"),
        ((*TRNS, CHECK[0].replace('"-1,050.00"', "x"), *CHECK[1:]), "'x' is no amount"),
        ((*TRNS, CHECK[0].replace("1/15/25", "-"), *CHECK[1:]), "line 4: '' is no day"),
        (("!CUST NAME", "CUST Somebody"), "neither accounts"),
    ],
)
def test_what_is_incomplete_is_refused_with_its_line(lines: tuple[str, ...], said: str) -> None:
    with pytest.raises(NotReadableError) as refused:
        read(*lines)
    assert said in str(refused.value)
    assert str(refused.value).isprintable()


def test_other_files_are_another_readers() -> None:
    assert iif.read(upload("!Type:Bank", "D1/15/25")) is None
