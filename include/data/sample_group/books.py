"""The books of the sample group: balanced postings, with the receipt and the bank line that belong to each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sample_group.days import EVENING, at
from sample_group.tables import Tables

CASH = "1010"
RECEIVABLE = "1100"
UNBILLED = "1150"
AFFILIATES_DUE_FROM = "1900"
PAYABLE = "2000"
TENANT_DEPOSITS = "2100"
LODGING_TAX = "2200"
CUSTOMER_DEPOSITS = "2300"
MORTGAGE = "2400"
AFFILIATES_DUE_TO = "2900"
CONTRIBUTIONS = "3010"
DRAWS = "3020"
OPENING_EQUITY = "3030"
CARD_FEES = "6800"

Lines = Sequence[tuple[str, int]]


@dataclass(frozen=True)
class Memo:
    """What a posting is about.

    Attributes:
        text: For a reader of the ledger.
        activity: Kind of cash flow; ``noncash`` when no cash moves.
        counterparty: Customer, vendor or affiliate.
        contract: Booking or contract that earns or pays.
        project: Job whose costs are collected.
        recorded_at: When the books knew it; by default the evening of its day.
        method: How the money moves, ``card`` or ``ach``; by default customers pay by card and vendors are paid by ach.
    """

    text: str
    activity: str = "operating"
    counterparty: str | None = None
    contract: str | None = None
    project: str | None = None
    recorded_at: datetime | None = None
    method: str | None = None


@dataclass
class Books:
    """Postings of all entities, and the current cash of each."""

    tables: Tables
    _numbers: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    _lines: dict[tuple[str, str], list[tuple[date, int]]] = field(default_factory=lambda: defaultdict(list))
    _bank: list[tuple[date, str, int, str, datetime]] = field(default_factory=list)

    def post(self, entity: str, day: date, lines: Lines, memo: Memo) -> str:
        """Post one transaction and return its id.

        Raises:
            ValueError: the lines do not sum to zero.
        """
        if sum(cents for _, cents in lines):
            msg = f"{entity} {day} {memo.text}: lines {lines} do not sum to zero"
            raise ValueError(msg)
        month = f"{day:%Y-%m}"
        self._numbers[entity, month] += 1
        txn = f"{entity}-{month}-{self._numbers[entity, month]:03d}"
        self._write(txn, [(entity, account, cents) for account, cents in lines if cents], day, memo)
        return txn

    def transfer(self, giver: str, taker: str, day: date, sides: tuple[str, str], cents: int) -> str:
        """Move cash between affiliates; ``sides`` are the balance accounts of giver and taker."""
        txn = f"group-{day:%Y-%m}-{giver}-{taker}"
        memo = Memo("advance between affiliates", "financing")
        for first, entity, other, account, sign in ((1, giver, taker, sides[0], 1), (3, taker, giver, sides[1], -1)):
            lines = [(entity, account, sign * cents), (entity, CASH, -sign * cents)]
            about = Memo(memo.text, memo.activity, counterparty=other)
            self._write(txn, lines, day, about, first_line=first)
        return txn

    def _write(
        self, txn: str, lines: Sequence[tuple[str, str, int]], day: date, memo: Memo, *, first_line: int = 1
    ) -> None:
        recorded = memo.recorded_at or at(day, EVENING)
        for number, (entity, account, cents) in enumerate(lines, first_line):
            self.tables.add(
                "ledger",
                recorded,
                txn_id=txn,
                line=number,
                date=day,
                entity_id=entity,
                account=account,
                amount_cents=cents,
                currency="USD",
                activity=memo.activity,
                counterparty_id=memo.counterparty,
                contract_id=memo.contract,
                project_id=memo.project,
                memo=memo.text,
                posted_at=recorded,
            )
            self._lines[entity, account].append((day, cents))
            if account == CASH:
                self._bank.append((day, txn, cents, memo.text, recorded))
        if any(account[0] in "56" for _, account, _ in lines):
            self.document(txn, recorded)

    def document(self, txn: str, recorded: datetime) -> None:
        """File the receipt and the approval of an expense."""
        self.tables.add(
            "expense_doc",
            recorded,
            txn_id=txn,
            receipt_uri=f"s3://receipts/{txn}",
            approver="founder",
            approved_at=recorded,
        )

    def adopt(self, rows: Sequence[Mapping[str, str]]) -> None:
        """Take over ledger rows that exist already, unchanged, with their cash and bank lines."""
        self.tables.adopt("ledger", rows)
        for row in rows:
            day, cents = date.fromisoformat(row["date"]), int(row["amount_cents"])
            self._lines[row["entity_id"], row["account"]].append((day, cents))
            if row["account"] == CASH:
                self._bank.append((day, row["txn_id"], cents, row["memo"], at(day)))

    def balance(self, entity: str, account: str, until: date) -> int:
        """The balance of an entity's account at the end of a day, cents, debit-positive."""
        return sum(cents for day, cents in self._lines[entity, account] if day <= until)

    def lowest_cash(self, entity: str) -> tuple[int, date]:
        """The lowest cash of an entity at the end of any day, and that day."""
        totals: dict[date, int] = defaultdict(int)
        for day, cents in self._lines[entity, CASH]:
            totals[day] += cents
        balance, lowest = 0, (0, date.max)
        for day in sorted(totals):
            balance += totals[day]
            lowest = min(lowest, (balance, day)) if lowest[1] != date.max else (balance, day)
        return lowest

    def statement(self, *, outstanding: Sequence[str], unbooked: Sequence[tuple[date, int, str]]) -> None:
        """Write the bank statement: every cash line but the outstanding ones, and what the bank alone knows."""
        known = [(day, txn, cents, memo) for day, txn, cents, memo, _ in self._bank if txn not in outstanding]
        alone = [(day, "", cents, memo) for day, cents, memo in unbooked]
        balance = 0
        for number, (day, txn, cents, memo) in enumerate(sorted(known + alone), 1):
            balance += cents
            self.tables.add(
                "bank_line",
                at(day + timedelta(days=1)) - timedelta(hours=6),  # the statement is read next morning
                bank_line_id=f"BL{number:05d}",
                account=CASH,
                date=day,
                amount_cents=cents,
                description=memo,
                matched_txn_id=txn or None,
                statement_balance_cents=balance,
            )
