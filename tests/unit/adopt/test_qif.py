"""QIF as Quicken and banks write it (Intuit's description of the format; dates with apostrophes since 2000)."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite.adopt.readers import qif
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import Upload

LIST = "!Option:AutoSwitch\n!Account\nNChecking\nTBank\n^\nNVisa\nTCCard\n^\nNTruck\nTOth A\n^\n!Clear:AutoSwitch\n"
CHECKING = "!Account\nNChecking\nTBank\n^\n!Type:Bank\n"
VISA = "!Account\nNVisa\nTCCard\n^\n!Type:CCard\n"
OPENING = "D1/1'25\nT2,000.00\nCX\nPOpening Balance\nL[{}]\n^\n"
SALE = "D1/15'25\nT1,200.00\nPHarbor\nMdeposit\nLCharters/Boats\n^\n"
FUEL = "D1/16'25\nT-40.10\nPDiesel\nLAuto:Fuel\n^\n"
PAID = "D1/17'25\nT-40.10\nPVisa\nL[Visa]\n^\n"
RECEIVED = "D1/17'25\nT40.10\nPVisa\nL[Checking]\n^\n"
SPLIT = "D1/18'25\nT-100.00\nPStore\nL--Split--\nSOffice\nEpaper\n$-70.00\nS[Visa]\n$-20.00\n^\n"


def read(text: str, day_order: str = "") -> Reading:
    order = "mdy" if day_order == "mdy" else "dmy" if day_order else ""
    found = qif.read(Upload(Path("books.qif"), "books.qif", text.encode(), "0" * 64, (), text, order))
    assert found is not None
    return found


def balances(found: Reading) -> dict[str, Decimal]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for entry in found.entries:
        assert sum(line.amount for line in entry.lines) == 0
        for line in entry.lines:
            sums[line.account] += line.amount
    return dict(sums)


def test_registers_with_categories_are_books() -> None:
    found = read(LIST + CHECKING + OPENING.format("Checking") + SALE + PAID + VISA + FUEL + RECEIVED)
    assert balances(found) == {
        "Checking": Decimal("1159.90"),
        "Visa": Decimal(0),
        "Charters": Decimal(-1200),
        "Auto:Fuel": Decimal("40.10"),
    }
    assert {one.name: (one.type, one.is_cash, one.opening) for one in found.accounts} == {
        "Checking": ("asset", True, Decimal(2000)),
        "Visa": ("liability", False, None),
        "Truck": ("asset", False, None),
        "Charters": ("revenue", None, None),
        "Auto:Fuel": ("expense", None, None),
    }
    assert [(one.what, one.count) for one in found.left_out] == [("transfers that both registers have", 1)]
    line = found.entries[0].lines[1]
    assert (line.memo, line.counterparty, line.segment) == ("Harbor deposit", "Harbor", "Boats")
    assert found.entries[0].day == date(2025, 1, 15)


def test_two_transfers_of_one_day_and_amount_are_two() -> None:
    found = read(CHECKING + SALE + PAID * 2 + VISA + RECEIVED * 2)
    assert balances(found)["Visa"] == Decimal("80.20")


def test_a_transfer_to_a_register_that_the_file_has_not_counts() -> None:
    assert balances(read(CHECKING + SALE + PAID))["Visa"] == Decimal("40.10")


def test_a_split_with_a_transfer_and_a_rest() -> None:
    mirror = "D1/18'25\nT20.00\nPStore\nL[Checking]\n^\n"
    found = read(CHECKING + SPLIT + VISA + mirror)
    assert balances(found) == {
        "Checking": Decimal(-100),
        "Office": Decimal(70),
        "Visa": Decimal(20),
        "": Decimal(10),  # what the split leaves of 100 has no category
    }
    assert found.entries[0].lines[0].memo == "Store paper"


def test_categories_are_what_their_list_says() -> None:
    listed = "!Type:Cat\nNAuto:Fuel\nDDiesel\nE\n^\nNRebates\nI\n^\n"
    refund = "D1/20'25\nT-5.00\nLRebates\n^\n"
    draw = "D1/21'25\nT-500.00\nLOwner's draw\n^\n"
    found = read(listed + CHECKING + refund + FUEL + draw)
    types = {one.name: one.type for one in found.accounts}
    assert types == {"Checking": "asset", "Rebates": "revenue", "Auto:Fuel": "expense", "Owner's draw": ""}


def test_a_register_that_opens_later_is_opened_then() -> None:
    later = OPENING.format("Visa").replace("1/1'25", "3/31'25").replace("2,000", "-300")
    found = read(CHECKING + OPENING.format("Checking") + SALE + VISA + later + FUEL)
    opened = [entry for entry in found.entries if entry.day == date(2025, 3, 31)]
    assert {line.account: line.amount for line in opened[0].lines} == {
        "Visa": Decimal(-300),
        "Opening balances": Decimal(300),
    }


def test_a_banks_lines_without_categories_are_a_statement() -> None:
    text = "!Type:Bank \nD31/01/2025\nT-1.234,50\nN101\nPHarbor\nMslip\n^\nD01/02/2025\nT5,00\nPInterest\n^\n"
    found = read(text)
    assert (found.kind, found.begins, found.ends) == ("bank", date(2025, 1, 31), date(2025, 2, 1))
    assert [(one.account, one.amount, one.text, one.origin.row) for one in found.bank_lines] == [
        ("Bank account", Decimal("-1234.50"), "Harbor slip", 2),
        ("Bank account", Decimal("5.00"), "Interest", 8),
    ]


def test_an_opening_balance_alone_makes_no_books() -> None:
    found = read(CHECKING + OPENING.format("Checking") + "D1/15'25\nT-5.00\nPHarbor\n^\n")
    assert (found.kind, len(found.bank_lines)) == ("bank", 1)
    assert found.accounts[0].opening == Decimal(2000)


@pytest.mark.parametrize(
    ("day", "order", "meant"),
    [
        ("1/ 2' 5", "mdy", date(2005, 1, 2)),
        ("2/1'25", "dmy", date(2025, 1, 2)),
        ("01.02.25", "dmy", date(2025, 2, 1)),
        ("1/2/98", "mdy", date(1998, 1, 2)),
        ("2025-01-02", "", date(2025, 1, 2)),
        ("13/2'25", "mdy", date(2025, 2, 13)),  # the file itself comes before what its zone suggests
    ],
)
def test_days(day: str, order: str, meant: date) -> None:
    assert read(f"!Type:Bank\nD{day}\nT5.00\n^\n", order).bank_lines[0].day == meant


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("!Type:Bank\nD1/2/25\nT5.00\n^\n", "line 2: '1/2/2025' may be a day and a month"),
        ("!Type:Bank\nD13/2/25\nT5.00\n^\nD2/13/25\nT5.00\n^\n", "line 5: '2/13/2025' is a day in another order"),
        ("!Type:Bank\nT5.00\n^\n", "line 2: '' is no day"),
        ("!Type:Bank\nD13/2/25\nTx\n^\n", "line 2: 'x' is no amount"),
        ("!Type:Bank\nD13/2/25\nT5.001\n^\nD13/2/25\nT5.00\n^\n", "whole cents"),
        ("!Type:Invst\nD13/2/25\nNBuy\nT5\n^\n", "no transactions of a bank account"),
    ],
)
def test_what_is_not_plain_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(NotReadableError) as refused:
        read(text)
    assert said in str(refused.value)
    assert str(refused.value).isprintable()


def test_investments_are_left_out_and_counted() -> None:
    found = read(CHECKING + SALE + "!Account\nNBroker\nTInvst\n^\n!Type:Invst\nD1/20'25\nNBuy\nYXYZ\nT70.00\n^\n")
    assert {one.what: one.count for one in found.left_out} == {"lines of investments": 1}


def test_other_files_are_another_readers() -> None:
    assert qif.read(Upload(Path("a"), "a", b"", "", (), "!TRNS\tDATE\n")) is None
