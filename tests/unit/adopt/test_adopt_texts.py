"""Journals, IIF and QIF, the whole way: the metrics say what the programs say; a second reading adds what is new."""

from __future__ import annotations

import shutil

import pytest

from adoption import BANK, Group

JOURNAL = """\
2025-01-02 Opening
    assets:bank:checking    $1000.00
    equity:opening balances

2025-01-05 Euros
    assets:bank:euro    100 EUR @ $1.10
    assets:bank:checking

2025-01-31 Slip abroad
    expenses:slip    12 EUR
    assets:bank:euro

2025-01-31 Fuel
    expenses:fuel    $40.00
    assets:bank:checking
    (budget:fuel)    $-40.00

2025-01-31 Fuel
    expenses:fuel    $40.00
    assets:bank:checking
"""
LATER = """
2025-02-28 Sale
    assets:bank:checking    $50.00
    income:sales
"""
IIF = "\r\n".join(
    "\t".join(row.split(","))
    for row in (
        "!ACCNT,NAME,ACCNTTYPE,OBAMOUNT",
        "ACCNT,Checking,BANK,2000.00",
        "ACCNT,Visa,CCARD,250.00",
        "ACCNT,Fuel,EXP,",
        "!TRNS,TRNSID,TRNSTYPE,DATE,ACCNT,AMOUNT",
        "!SPL,SPLID,TRNSTYPE,DATE,ACCNT,AMOUNT",
        "!ENDTRNS",
        "TRNS,1,CHECK,1/15/25,Checking,-1050.00",
        "SPL,2,CHECK,1/15/25,Fuel,1050.00",
        "ENDTRNS",
        "TRNS,3,ESTIMATE,2/28/25,Checking,900.00",
        "SPL,4,ESTIMATE,2/28/25,Fuel,-900.00",
        "ENDTRNS",
    )
)
QIF = (
    "!Account\nNChecking\nTBank\n^\n!Type:Bank\nD1/1'25\nT2,000.00\nPOpening Balance\nL[Checking]\n^\n"
    "D1/15'25\nT-40.10\nPVisa\nL[Visa]\n^\n!Account\nNVisa\nTCCard\n^\n!Type:CCard\n"
    "D1/15'25\nT40.10\nPVisa\nL[Checking]\n^\nD1/16'25\nT-40.10\nPDiesel\nLFuel\n^\n"
)
FIGURES = ("cash_balance", "net_income", "trial_balance_difference")

hledger = pytest.mark.skipif(not shutil.which("hledger"), reason="hledger is not installed")


def told(group: Group, as_of: str) -> tuple[int, int]:
    """Cash at a day, and profit of January 2025."""
    found = group.figures(as_of, *FIGURES)
    return found["cash_balance", "group", as_of], found["net_income", "group", "2025-01"]


@hledger
def test_a_journal_at_the_rates_that_it_states(group: Group) -> None:
    assert group.adopt("--yes", "--currency", "USD", books__journal=JOURNAL) == 0, group.error
    assert "1 virtual postings" in group.out
    # hledger -f books.journal balance assets -X '$' --infer-market-prices: 810.00, and 88 EUR at 1.10
    assert told(group, "2025-02-01") == (90680, -9320)
    assert group.adopt("--yes", books__journal=JOURNAL + LATER) == 0, group.error
    assert "1 new" in group.out
    assert told(group, "2025-03-01") == (95680, -9320)


@hledger
def test_what_is_included_is_known_again(group: Group) -> None:
    years = {"2025__journal": JOURNAL, "main__journal": "include 2025.journal\n"}
    assert group.adopt("--yes", "--currency", "USD", **years) == 0, group.error
    assert (group.folder / "data" / "ledger.csv").read_text(encoding="utf-8").count("Slip abroad") == 2
    assert group.adopt("--yes", **{**years, "2025__journal": JOURNAL + LATER}) == 0, group.error
    assert "1 new, 5 known" in group.out
    assert told(group, "2025-03-01") == (95680, -9320)


@hledger
def test_two_journals_are_parts_of_the_books(group: Group) -> None:
    one = "2025-01-02 Opening\n    assets:bank    $100.00\n    equity:opening\n\n"
    fuel = "2025-02-02 Fuel\n    expenses:fuel    $10.00\n    assets:bank\n"
    other = "2025-01-03 Sale\n    assets:bank    $7.00\n    income:sales\n\n" + fuel.replace("$10.00", "$12.00")
    assert group.adopt("--yes", "--currency", "USD", one__journal=one + fuel, other__journal=other) == 0, group.error
    assert "2 of 2 totals" in group.out  # each program's balance, of its own part
    assert group.figures("2025-03-01", "cash_balance")["cash_balance", "group", "2025-03-01"] == 8500
    assert group.adopt(one__journal=one, other__journal=other) == 0, group.error  # one of them lacks its fuel now
    assert "1 gone" in group.out
    assert group.figures("2025-03-01", "cash_balance")["cash_balance", "group", "2025-03-01"] == 9500


@hledger
def test_a_dollar_is_no_euro(group: Group) -> None:
    assert group.adopt("--yes", "--currency", "EUR", books__journal=JOURNAL) == 1
    assert "amounts in $" in group.error
    assert not group.folder.exists()


def test_iif_with_opening_balances_and_an_estimate(group: Group) -> None:
    assert group.adopt(books__iif=IIF) == 0, group.error
    assert told(group, "2025-02-01") == (95000, -105000)
    assert group.adopt(books__iif=IIF) == 0, group.error
    assert told(group, "2025-02-01") == (95000, -105000)


def test_qif_with_a_transfer_in_both_registers(group: Group) -> None:
    assert group.adopt("--yes", "--timezone", "America/Chicago", books__qif=QIF) == 0, group.error
    assert told(group, "2025-02-01") == (195990, -4010)


def test_a_second_account_in_which_nothing_moved(group: Group) -> None:
    statement = BANK.partition("<BANKMSGSRSV1>")[2].partition("</BANKMSGSRSV1>")[0]
    quiet = statement.partition("<STMTTRN>")[0] + "</BANKTRANLIST>" + statement.partition("</BANKTRANLIST>")[2]
    quiet = quiet.replace("9994321", "9998888").replace("48235.00", "500.00")
    assert group.adopt(both__ofx=BANK.replace("</BANKMSGSRSV1>", f"{quiet}</BANKMSGSRSV1>")) == 0, group.error
    assert "2 of 2 totals" in group.out
    assert group.figures("2025-04-01", "cash_balance")["cash_balance", "group", "2025-04-01"] == 48_735_00
