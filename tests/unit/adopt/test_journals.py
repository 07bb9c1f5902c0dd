"""Journals of beancount, hledger and ledger: what is read has the balances that their own programs compute."""

from __future__ import annotations

import json
import shutil
import subprocess
import textwrap
from collections import defaultdict
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from executive_suite.adopt.journal_entries import TYPES
from executive_suite.adopt.readers import hledger_rules, journals
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.upload import opened

Balances = dict[tuple[str, str], Decimal]

hledger = pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")
ledger = pytest.mark.skipif(not shutil.which("ledger"), reason="ledger is not installed")

PLAIN = """
2025-01-02 * (1) Opening
    assets:bank        $1000.00
    equity:opening

2025-01-05=2025-01-09 Harbor | fuel
    expenses:fuel        $40.10
    assets:bank         $-40.10 = $959.90

2025-01-06 Envelopes
    (budget:fuel)       $-40.10
    [assets:saved]       $10.00
    [assets:free]       $-10.00
    expenses:fuel         $1.25
    assets:bank

2025-01-07 Trip at a price
    expenses:travel   100 EUR @ $1.10
    assets:bank

2025-01-08 Trip in euros
    expenses:travel    12 EUR
    liabilities:card

2025-01-09 Hours
    time:client         8.5 mi
    time:pool
"""
HLEDGER = """
account assets:bank  ; type: C
alias fuel = expenses:fuel

2025-01-10 * By another name
    fuel                 $3.00
    assets:bank
    assets:card          0.00 = $0.00
"""
LEDGER = """
account Expenses:Fuel
    alias fuel
bucket assets:bank

2025-01-10 By another name
    fuel                 $3.00

2025-01-11 A lot
    assets:broker     18.572 FUND @ $30.96
    assets:bank         $-574.99

2025-01-12 Some of it sold
    assets:broker     -5 FUND {$30.96} @ $40.00
    assets:bank          $200.00
    income:gain

2025-01-13 A third
    assets:broker      3 FUND @ ($10/3)
    assets:bank
"""
BEANCOUNT = """
option "title" "Harbor Charters"
option "operating_currency" "USD"
2025-01-01 open Assets:Bank USD
2025-01-01 open Assets:Broker FUND
2025-01-01 open Assets:Hours HOUR
2025-01-01 open Income:Gain
2025-01-01 open Income:Hours HOUR
2025-01-01 open Expenses:Fuel USD
2025-01-01 open Equity:Opening
2025-01-01 pad Assets:Bank Equity:Opening
2025-01-03 balance Assets:Bank 1000.00 USD
2025-01-04 * "Harbor" "fuel"
  Expenses:Fuel   40.10 USD
  Assets:Bank
2025-01-09 * "Monthly plan"
  Assets:Broker  6.811 FUND {70.47 USD}
  Assets:Bank  -479.97 USD
2025-01-10 * "Sold"
  Assets:Broker  -2 FUND {70.47 USD} @ 80 USD
  Assets:Bank  160 USD
  Income:Gain
2025-01-11 * "Worked"
  Assets:Hours  3 HOUR
  Income:Hours
"""


def read(folder: Path, name: str, text: str) -> Reading:
    (folder / name).write_text(textwrap.dedent(text), encoding="utf-8")
    found = journals.read(opened(folder / name))
    assert found is not None
    return found


def balances(found: Reading) -> Balances:
    sums: Balances = defaultdict(Decimal)
    for entry in found.entries:
        for line in entry.lines:
            sums[line.account, line.currency] += line.amount
    return {key: amount for key, amount in sums.items() if amount}


def of_hledger(path: Path) -> Balances:
    command = ["hledger", "-f", str(path), "balance", "--flat", "-B", "-N", "-R", "-O", "json"]
    rows, _ = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    found = {}
    for account, _, _, amounts in rows:
        for amount in amounts:
            quantity = amount["aquantity"]
            number = Decimal(quantity["decimalMantissa"]).scaleb(-quantity["decimalPlaces"])
            found[account, amount["acommodity"]] = number.quantize(Decimal("0.01"))
    return {key: amount for key, amount in found.items() if amount}


def of_ledger(path: Path) -> dict[str, str]:
    shown = ["--flat", "--no-total", "--balance-format", "%(account)\t%(scrub(display_total))\n"]
    command = ["ledger", "--args-only", "-f", str(path), "balance", "-B", "--real", *shown]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return dict(line.split("\t") for line in printed.splitlines() if "\t" in line)


@hledger
def test_hledger_computes_the_same_balances(tmp_path: Path) -> None:
    found = read(tmp_path, "books.journal", PLAIN + HLEDGER)
    theirs = of_hledger(tmp_path / "books.journal")
    assert balances(found) == {key: amount for key, amount in theirs.items() if key[1] != "mi"}
    assert balances(found)["assets:bank", "$"] == Decimal("845.65")
    assert {one.what: one.count for one in found.left_out} == {
        "virtual postings": 3,
        "postings in commodities that are not money (mi)": 2,
    }
    assert {one.name: one.is_cash for one in found.accounts}["assets:bank"]
    assert [entry.day for entry in found.entries][1] == date(2025, 1, 5)  # the primary of two dates
    assert [line.counterparty for line in found.entries[1].lines] == ["Harbor", "Harbor"]


@ledger
def test_ledger_computes_the_same_balances(tmp_path: Path) -> None:
    found = read(tmp_path, "books.dat", PLAIN + LEDGER)
    assert found.program == "ledger"
    theirs = of_ledger(tmp_path / "books.dat")
    mine = balances(found)
    for account in ("assets:bank", "assets:broker", "income:gain", "Expenses:Fuel", "equity:opening"):
        assert theirs[account].replace("$", "") == str(mine[account, "$"]), account
    assert "budget:fuel" not in {account for account, _ in mine}
    assert {one.what: one.count for one in found.left_out} == {
        "virtual postings": 3,
        "postings in commodities that are not money (mi)": 2,
    }
    assert sum(line.amount for entry in found.entries for line in entry.lines) == 0
    assert found.entries[0].lines[0].origin.row == 3


def test_beancount_pads_lots_and_gains(tmp_path: Path) -> None:
    found = read(tmp_path, "books.beancount", BEANCOUNT)
    # by hand: 1000 - 40.10 - 479.97 + 160; 6.811 at 70.47 is 479.97117, within the tolerance of beancount
    assert balances(found) == {
        ("Assets:Bank", "USD"): Decimal("639.93"),
        ("Assets:Broker", "USD"): Decimal("339.03"),
        ("Equity:Opening", "USD"): Decimal("-1000.00"),
        ("Expenses:Fuel", "USD"): Decimal("40.10"),
        ("Income:Gain", "USD"): Decimal("-19.06"),
    }
    assert (found.company, found.currency) == ("Harbor Charters", "USD")
    assert {one.type for one in found.accounts} <= set(TYPES)
    assert [(one.what, one.count) for one in found.left_out] == [
        ("postings in commodities that are not money (HOUR)", 2)
    ]


@hledger
def test_what_an_include_says_is_part_of_what_was_read(tmp_path: Path) -> None:
    year = tmp_path / "2025.journal"
    year.write_text("2025-01-02 a\n    assets:bank    $1.00\n    equity:opening\n", encoding="utf-8")
    first = read(tmp_path, "main.journal", "include 2025.journal\n")
    assert first.entries[0].lines[0].origin.file == "2025.journal"
    year.write_text(year.read_text(encoding="utf-8").replace("$1.00", "$2.00"), encoding="utf-8")
    assert read(tmp_path, "main.journal", "include 2025.journal\n").sha256 != first.sha256


RATES = {
    "books.journal": """
        P 2025-01-01 EUR $1.085

        2025-01-05 Exchange
            assets:euro    100 EUR @ $1.10
            assets:bank

        2025-01-31 Slip
            expenses:slip    12 EUR
            assets:euro

        2025-02-01 Shares
            assets:shares    2 XYZ @ $30
            assets:bank
        """,
    "books.beancount": """
        option "operating_currency" "USD"
        2025-01-01 open Assets:Bank
        2025-01-01 open Assets:Euro
        2025-01-01 open Expenses:Slip
        2025-01-01 price EUR 1.085 USD
        2025-01-05 * "Exchange"
          Assets:Euro   100 EUR @ 1.10 USD
          Assets:Bank
        2025-01-31 * "Slip"
          Expenses:Slip   12 EUR
          Assets:Euro
        """,
}
RATES["books.dat"] = RATES["books.journal"]


@hledger
@ledger
@pytest.mark.parametrize("name", RATES)
def test_prices_of_currencies_are_rates_and_those_of_shares_are_not(tmp_path: Path, name: str) -> None:
    found = read(tmp_path, name, RATES[name])
    assert [
        (one.table, one.values["param"], one.values["valid_from"], one.values["value"]) for one in found.records
    ] == [
        ("param", "fx_EUR", "2025-01-01", "1.085"),
        ("param", "fx_EUR", "2025-01-05", "1.1"),
    ]
    if name != "books.beancount":
        assert {one.name: one.is_cash for one in found.accounts}["assets:shares"] is False


REFUSED = [
    (
        *("books.journal", "2025-01-05 Beans\n    expenses:food    $40.00\n    assets:bank    $-40.00 = $100.00\n"),
        "books.journal, line 3: ",
    ),
    (
        *("books.ledger", "2025-01-05 Beans\n    expenses:food    $40.00\n    assets:bank    $-40.00 = $100.00\n"),
        "books.ledger, line 3: ",
    ),
    ("books.beancount", "2025-01-01 open Assets:Bank\n2025-01-02 balance Assets:Bank 1 USD\n", "line 2: "),
    ("books.journal", "include /etc/passwd\n", "line 1: must include journals of its own folder"),
    ("books.ledger", "!include /etc/passwd\n2025-01-05 x\n    a    $1\n    b\n", "line 1: must include journals"),
    ("books.dat", "python\n    import os\n2025-01-05 x\n    a    $1\n    b\n", "line 1: must not run code"),
    ("books.dat", "2025-01-05 x\n    a    $1\n    b\n--file /etc/passwd\n", "line 4: must not run code"),
    ("books.dat", "2025-01-05 x\n    a    $1  ; [2025-01-20]\n    b\n", "line 2: must have the date of its"),
    ("books.journal", "2025-01-05 x\n    a    $1\n    b    ; date: 2025-01-20\n", "must have the date of its"),
    ("books.journal", "2025-01-05 x\n    time    8 h\n    pool\n", "no transaction with an amount in a currency"),
    ("books.beancount", 'plugin "os"\n2025-01-01 open Assets:Bank\n', "line 1: must not run code"),
]


@hledger
@ledger
@pytest.mark.parametrize(("name", "text", "said"), REFUSED)
def test_what_its_program_refuses_or_nobody_should_run_is_refused_with_its_line(
    tmp_path: Path, name: str, text: str, said: str
) -> None:
    with pytest.raises(NotReadableError) as refused:
        read(tmp_path, name, text)
    message = str(refused.value)
    assert said in message
    assert message.isprintable()


@pytest.mark.parametrize(
    "text",
    [
        "2025-01-05\tFuel\t5.00\n\tHarbor\t5.00\n",
        "Date,Amount\n2025-01-01,1\n",
        "!Type:Bank\nD1/31/2025\nT5\n^\n",
        "2025-01-01 a report\nof something\n",
    ],
)
def test_other_texts_are_another_readers(tmp_path: Path, text: str) -> None:
    (tmp_path / "file.txt").write_text(text, encoding="utf-8")
    assert journals.read(opened(tmp_path / "file.txt")) is None


RULES = (
    "skip 1\nfields date, description, amount\ncurrency $\naccount1 assets:bank\nif Harbor\n account2 expenses:fuel\n"
)
TABLE = "Date,Text,Amount\n2025-01-07,Harbor fuel,-40.10\n\n2025-01-05,Somebody,-9.00\n"


@hledger
def test_rules_beside_a_table_make_its_entries(tmp_path: Path) -> None:
    (tmp_path / "bank.csv").write_text(TABLE, encoding="utf-8")
    assert hledger_rules.read(opened(tmp_path / "bank.csv")) is None
    (tmp_path / "bank.csv.rules").write_text(RULES, encoding="utf-8")
    found = hledger_rules.read(opened(tmp_path / "bank.csv"))
    assert found is not None
    assert balances(found) == {
        ("assets:bank", "$"): Decimal("-49.10"),
        ("expenses:fuel", "$"): Decimal("40.10"),
        ("", "$"): Decimal("9.00"),  # what no rule knows is no expense
    }
    assert sorted({line.origin.row for entry in found.entries for line in entry.lines}) == [2, 4]


@hledger
@pytest.mark.parametrize("line", ["source | id", "include /etc/passwd", "archive"])
def test_rules_that_take_other_files_are_refused(tmp_path: Path, line: str) -> None:
    (tmp_path / "bank.csv").write_text(TABLE, encoding="utf-8")
    (tmp_path / "bank.csv.rules").write_text(f"{RULES}{line}\n", encoding="utf-8")
    with pytest.raises(NotReadableError, match=r"bank\.csv\.rules, line 7: must"):
        hledger_rules.read(opened(tmp_path / "bank.csv"))


def test_an_entry_that_is_called_open_is_no_directive_of_beancount(tmp_path: Path) -> None:
    """``2025-01-02 open`` opens an account in beancount, and is an entry's text in hledger."""
    path = tmp_path / "books.journal"
    path.write_text("2025-01-02 open\n    assets:bank:checking   $1000\n    equity:opening\n", encoding="utf-8")
    found = journals.read(opened(path))
    assert found is not None
    assert found.program == "hledger"
