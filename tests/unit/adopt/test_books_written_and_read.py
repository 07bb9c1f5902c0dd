"""Whatever a company books comes back from every layout: the same company, written as each program would, read again.

What is right is the company itself, drawn here; the layouts are those of the other tests of books.
"""

from __future__ import annotations

import csv
import io
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from adopted import balances, read

CHART = {
    "Checking": ("Bank", 1),
    "Savings": ("Bank", 1),
    "Accounts Receivable (A/R)": ("Accounts receivable (A/R)", 1),
    "Accumulated Depreciation": ("Fixed Assets", 1),
    "Visa 4321": ("Credit Card", -1),
    "Accounts Payable (A/P)": ("Accounts payable (A/P)", -1),
    "Payroll Liabilities": ("Other Current Liabilities", -1),
    "Owner's Investment": ("Equity", -1),
    "Charters": ("Income", -1),
    "Discounts given": ("Income", -1),
    "Dock": ("Expenses", 1),
    "Dock:Fuel": ("Expenses", 1),
    "Dock:Berth": ("Expenses", 1),
    "Wages": ("Expenses", 1),
    "Depreciation Expense": ("Other Expense", 1),
}
Booked = tuple[date, str, str, str, dict[str, Decimal]]
"""Day, kind, number, name, and account to amount, debit positive; the first account is that which the form is of."""
SHAPES: tuple[tuple[str, str, tuple[tuple[str, int], ...]], ...] = (
    ("Invoice", "numbered", (("Accounts Receivable (A/R)", 1), ("Charters", -1))),
    ("Invoice", "numbered", (("Accounts Receivable (A/R)", 1), ("Charters", -1), ("Discounts given", 1))),
    ("Payment", "", (("Checking", 1), ("Accounts Receivable (A/R)", -1))),
    ("Expense", "", (("Visa 4321", -1), ("Dock:Fuel", 1))),
    ("Expense", "", (("Checking", -1), ("Dock:Berth", 1), ("Dock:Fuel", 1))),
    ("Check", "numbered", (("Checking", -1), ("Dock", 1))),
    ("Bill", "", (("Accounts Payable (A/P)", -1), ("Dock:Berth", 1))),
    ("Bill Payment (Check)", "", (("Checking", -1), ("Accounts Payable (A/P)", 1))),
    ("Credit Card Payment", "", (("Checking", -1), ("Visa 4321", 1))),
    ("Transfer", "", (("Savings", 1), ("Checking", -1))),
    ("Deposit", "", (("Checking", 1), ("Owner's Investment", -1))),
    ("Payroll Check", "numbered", (("Checking", -1), ("Wages", 1), ("Payroll Liabilities", -1))),
    ("Journal Entry", "numbered", (("Depreciation Expense", 1), ("Accumulated Depreciation", -1))),
    ("Vendor Credit", "", (("Accounts Payable (A/P)", 1), ("Dock:Berth", -1))),
)


def company(seed: int) -> list[Booked]:
    """A hundred and twenty transactions of a quarter, several of them equal."""
    draw = random.Random(seed)
    booked: list[Booked] = []
    for number in range(120):
        kind, numbered, shape = draw.choice(SHAPES)
        day = date(2025, 1, 1) + timedelta(days=draw.randrange(90))
        lines: dict[str, Decimal] = {}
        for account, sign in shape[1:]:
            cents = draw.choice([2500, 10_000, 123_456, draw.randrange(1, 500_000)])
            lines[account] = Decimal(sign * cents) / 100
        whole = -sum(lines.values(), Decimal(0))
        if whole:
            booked.append(
                (
                    day,
                    kind,
                    str(number) if numbered else "",
                    draw.choice(["Ann", "Bo", ""]),
                    {shape[0][0]: whole, **lines},
                )
            )
    return sorted(booked, key=lambda one: one[:4])


def text(rows: list[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def us(day: date) -> str:
    return f"{day:%m/%d/%Y}"


def signed(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def sides(amount: Decimal) -> list[str]:
    return [f"{amount:,.2f}" if amount > 0 else "", f"{-amount:,.2f}" if amount < 0 else ""]


def online_journal(booked: list[Booked]) -> str:
    rows = [["Journal"], ["Harbor Lights LLC"], ["January 1 - March 31, 2025"], []]
    rows.append(["Date", "Transaction Type", "Num", "Name", "Memo/Description", "Account", "Debit", "Credit"])
    for day, kind, number, name, lines in booked:
        for place, (account, amount) in enumerate(lines.items()):
            first = [us(day), kind, number] if place == 0 else ["", "", ""]
            rows.append([*first, name, "", account, *sides(amount)])
        total = sum(amount for amount in lines.values() if amount > 0)
        rows += [["", "", "", "", "", "", f"${total:,.2f}", f"${total:,.2f}"], []]
    return text(rows)


def by_account(booked: list[Booked]) -> dict[str, list[tuple[Booked, Decimal]]]:
    found: dict[str, list[tuple[Booked, Decimal]]] = {account: [] for account in CHART}
    for one in booked:
        for account, amount in one[4].items():
            found[account].append((one, amount))
    return found


def split(one: Booked, account: str) -> str:
    first, *others = one[4]
    if account != first:
        return first
    return others[0] if len(others) == 1 else "-Split-"


def online_ledger(booked: list[Booked]) -> str:
    rows = [["Harbor Lights LLC"], ["General Ledger"], ["January 1 - March 31, 2025"], []]
    rows.append(["", "Date", "Transaction Type", "Num", "Name", "Memo/Description", "Split", "Amount", "Balance"])
    parents = 0
    for account, postings in by_account(booked).items():
        title = account.rpartition(":")[2]
        rows.append([title])
        balance = Decimal(0)
        for one, amount in postings:
            natural = amount * CHART[account][1]
            balance += natural
            day, kind, number, name, _ = one
            rows.append(["", us(day), kind, number, name, "", split(one, account), signed(natural), signed(balance)])
        rows.append([f"Total for {title}", "", "", "", "", "", "", f"${balance:,.2f}"])
        parents += sum(amount for _, amount in postings) if account.startswith("Dock") else 0
        if account == "Dock:Berth":
            rows.append(["Total for Dock with sub-accounts", "", "", "", "", "", "", f"${parents:,.2f}"])
    return text(rows)


def desktop_ledger(booked: list[Booked]) -> str:
    rows = [["", "Type", "Date", "Num", "Name", "Memo", "Split", "Debit", "Credit", "Balance"]]
    whole = [Decimal(0), Decimal(0)]
    for account, postings in by_account(booked).items():
        title = account if account != "Dock" else "Dock"
        rows.append([title.rpartition(":")[2], *[""] * 8, "0.00"])
        if account == "Dock":
            rows.append(["Dock - Other", *[""] * 8, "0.00"])
        sums, balance = [Decimal(0), Decimal(0)], Decimal(0)
        for one, amount in postings:
            balance += amount
            sums[amount < 0] += abs(amount)
            whole[amount < 0] += abs(amount)
            day, kind, number, name, _ = one
            rows.append(
                ["", kind, us(day), number, name, "", split(one, account).upper(), *sides(amount), signed(balance)]
            )
        name = "Dock - Other" if account == "Dock" else account.rpartition(":")[2]
        rows.append([f"Total {name}", *[""] * 6, signed(sums[0]), signed(sums[1]), signed(balance)])
        if account == "Dock:Berth":
            rows.append(["Total Dock", *[""] * 8, ""])
    rows.append(["TOTAL", *[""] * 6, signed(whole[0]), signed(whole[1]), "0.00"])
    return text(rows)


def desktop_detail(booked: list[Booked]) -> str:
    rows = [["", "Trans #", "Type", "Date", "Num", "Name", "Memo", "Account", "Clr", "Split", "Debit", "Credit"]]
    for place, one in enumerate(booked):
        day, kind, number, name, lines = one
        rows += [
            ["", str(place), kind, us(day), number, name, "", account, "", split(one, account), *sides(amount)]
            for account, amount in lines.items()
        ]
    return text(rows)


def xero_transactions(booked: list[Booked]) -> str:
    rows = [["Account Transactions"], ["Harbor Lights"], ["For the period 1 January 2025 to 31 March 2025"], []]
    rows.append(["Date", "Source", "Description", "Reference", "Debit", "Credit", "Running Balance", "Gross", "Tax"])
    for account, postings in by_account(booked).items():
        rows += [[account]]
        balance = Decimal(0)
        for (day, kind, number, name, _), amount in postings:
            balance += amount
            shown = f"({-balance:,.2f})" if balance < 0 else signed(balance)
            rows.append([f"{day.day} {day:%b %Y}", kind, name, number, *sides(amount), shown, "1.00", "2.00"])
        rows += [[f"Total {account}"], []]
    return text(rows)


def wave_ledger(booked: list[Booked]) -> str:
    rows = [["Account Transactions"], ["Harbor Lights"], ["Date Range: 2025-01-01 to 2025-03-31"]]
    money = "(In Business Currency)"
    rows.append(["ACCOUNT NUMBER", "DATE", "DESCRIPTION", f"DEBIT {money}", f"CREDIT {money}", f"BALANCE {money}"])
    for place, (account, postings) in enumerate(by_account(booked).items()):
        rows += [["", account] if place else [account], ["Starting Balance", "", "", "", "", "$0.00"]]
        balance = Decimal(0)
        for (day, kind, number, name, _), amount in postings:
            balance += amount * CHART[account][1]
            rows.append(["", day.isoformat(), f"{kind} {number} {name}", *sides(amount), f"${balance:,.2f}"])
        rows += [["Totals and Ending Balance", "", "", "", "", f"${balance:,.2f}"], ["Balance Change"], []]
    return text(rows)


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize(
    "written", [online_journal, online_ledger, desktop_ledger, desktop_detail, xero_transactions, wave_ledger]
)
def test_a_company_comes_back(tmp_path: Path, written: Callable[[list[Booked]], str], seed: int) -> None:
    booked = company(seed)
    right: dict[str, Decimal] = defaultdict(Decimal)
    by_day: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for day, _, _, _, lines in booked:
        for account, amount in lines.items():
            right[account] += amount
            by_day[day, account] += amount
    reading = read(tmp_path, written(booked))
    assert balances(reading) == {account: amount for account, amount in right.items() if amount}
    found: dict[tuple[date, str], Decimal] = defaultdict(Decimal)
    for entry in reading.entries:
        for line in entry.lines:
            found[entry.day, line.account] += line.amount
    assert {key: amount for key, amount in found.items() if amount} == {
        key: amount for key, amount in by_day.items() if amount
    }
    assert reading.whole
    assert all(total.amount == right[total.account] for total in reading.totals if total.measure == "balance")
