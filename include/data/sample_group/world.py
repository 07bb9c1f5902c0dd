"""What every part of the generator works with, and the steps that sales of all kinds share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from executive_suite.period import Month
from executive_suite.schema.tables import RECORDED_AT
from sample_group.assumptions import Assumptions
from sample_group.books import CARD_FEES, CASH, CUSTOMER_DEPOSITS, RECEIVABLE, Books, Memo
from sample_group.days import EVENING, at
from sample_group.dice import WHOLE_BP, Dice
from sample_group.tables import Cell, Tables, text

ACH = "ach"


@dataclass(frozen=True)
class Invoice:
    """A document that asks for money: ``ar`` of a customer, ``ap`` of the group; ``cents`` are with the tax."""

    invoice_id: str
    direction: str
    entity: str
    party: str
    cents: int
    issued: date
    due: date
    booking: str | None = None
    contract: str | None = None
    tax: int = 0


@dataclass(frozen=True)
class Obligation:
    """What a contract promises and when it is done.

    Attributes:
        span: First and last day of the service; it is satisfied on the last.
        suffix: Distinguishes it from other obligations of the contract.
        sold_on: When it became known; None when only the satisfied one was ever written down.
        satisfied: False while it is still owed.
    """

    entity: str
    contract: str
    cents: int
    span: tuple[date, date]
    what: str
    suffix: str = ""
    sold_on: date | None = None
    satisfied: bool = True


def share(cents: int, bp: int) -> int:
    """A share of an amount in basis points, rounded to the cent.

    >>> share(200_000, 290)
    5800
    """
    return (cents * bp + WHOLE_BP // 2) // WHOLE_BP


@dataclass(frozen=True)
class World:
    """The assumptions, the tables and the books."""

    assumptions: Assumptions
    tables: Tables
    books: Books

    def dice(self, topic: str) -> Dice:
        """The stream of chance of one topic."""
        return Dice(self.assumptions.seed, topic)

    @property
    def last_day(self) -> date:
        """The last day of the history: the day before the window opens."""
        return self.assumptions.window_opens - timedelta(days=1)

    def years_since(self, month: Month) -> float:
        """Years from the first day of the books to a month."""
        first = Month.of(self.assumptions.first_day)
        return ((month.year - first.year) * 12 + month.month - first.month) / 12

    def receive(self, entity: str, day: date, cents: int, against: str, memo: Memo) -> None:
        """Receive money against an account; by card the processor keeps its fee."""
        fee = self.assumptions.card_fee
        kept = 0 if memo.method == ACH else share(cents, fee.bp) + fee.fixed_cents
        self.books.post(entity, day, [(CASH, cents - kept), (CARD_FEES, kept), (against, -cents)], memo)

    def owe(self, obligation: Obligation) -> None:
        """Write an obligation as it is known when sold, and once more when it is satisfied."""
        row: dict[str, Cell] = {
            "obligation_id": f"{obligation.contract}{obligation.suffix}",
            "contract_or_booking_id": obligation.contract,
            "entity_id": obligation.entity,
            "description": obligation.what,
            "allocated_cents": obligation.cents,
            "pattern": "point_in_time",
            "start_on": obligation.span[0],
            "end_on": obligation.span[1],
            "is_principal": True,
        }
        if obligation.sold_on:
            self.tables.add("rev_schedule", at(obligation.sold_on, EVENING), **row)
        if obligation.satisfied:
            done = obligation.span[1]
            self.tables.add("rev_schedule", at(done, EVENING), **row, satisfied_on=done)

    def invoice(self, invoice: Invoice) -> None:
        """Write an open invoice."""
        self.tables.add(
            "invoice",
            at(invoice.issued, EVENING),
            invoice_id=invoice.invoice_id,
            direction=invoice.direction,
            entity_id=invoice.entity,
            counterparty_id=invoice.party,
            issued_on=invoice.issued,
            due_on=invoice.due,
            total_cents=invoice.cents,
            tax_cents=invoice.tax,
            status="open",
            booking_id=invoice.booking,
            contract_id=invoice.contract,
        )

    def settle(self, invoice: str, day: date, cents: int, method: str) -> None:
        """Write the payment of an invoice, and the invoice once more as paid."""
        self.tables.add(
            "payment",
            at(day, EVENING),
            payment_id=f"PAY-{invoice}",
            invoice_id=invoice,
            paid_on=day,
            amount_cents=cents,
            method=method,
            processor_fee_cents=0,
            is_refund=False,
        )
        issued = next(row for row in self.tables.rows("invoice") if row["invoice_id"] == invoice)
        self.tables.adopt("invoice", [{**issued, "status": "paid", RECORDED_AT: text(at(day, EVENING))}])

    def pay_vendor(self, entity: str, day: date, account: str, cents: int, memo: Memo) -> str:
        """Pay a vendor's bill on the day when it comes, and return the transaction's id."""
        txn = self.books.post(entity, day, [(account, cents), (CASH, -cents)], memo)
        self.vendor_bill(entity, day, cents, memo, txn)
        return txn

    def vendor_bill(self, entity: str, day: date, cents: int, memo: Memo, txn: str) -> None:
        """Write the bill and the payment of an expense that is in the books already."""
        bill = Invoice(f"BILL-{txn}", "ap", entity, memo.counterparty or "", cents, day, day)
        self.invoice(bill)
        self.settle(bill.invoice_id, day, cents, memo.method or ACH)

    def paid_on(self, dice: Dice, issued: date, after_days: tuple[int, int]) -> date:
        """The day on which a customer pays an invoice."""
        rule, wait = self.assumptions.collections, dice.whole(*after_days)
        return issued + timedelta(days=wait * (1 if issued <= rule.reminded_until else rule.then_times))

    def collect(self, entity: str, due: tuple[str, date, int], memo: Memo) -> None:
        """Receive what an invoice asks for on a day, unless that day is after the history: then it stays open."""
        invoice, day, cents = due
        if day > self.last_day:
            return
        self.receive(entity, day, cents, RECEIVABLE, replace(memo, method=ACH))
        self.settle(invoice, day, cents, ACH)

    def earn(self, entity: str, day: date, parts: Mapping[str, int], revenue: str, memo: Memo) -> None:
        """Recognise revenue at the day of service from the accounts that hold it (deposits, receivables)."""
        lines: Sequence[tuple[str, int]] = [*parts.items(), (revenue, -sum(parts.values()))]
        noncash = Memo(memo.text, "noncash", memo.counterparty, memo.contract, memo.project)
        self.books.post(entity, day, lines, noncash)

    def take_deposit(self, entity: str, day: date, cents: int, memo: Memo) -> None:
        """Receive a deposit by card: a liability until the service."""
        self.receive(entity, day, cents, CUSTOMER_DEPOSITS, memo)
