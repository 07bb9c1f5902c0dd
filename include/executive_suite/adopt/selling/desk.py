"""The accounts of a processor or a platform, and entries on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.adopt.reading import Account, AccountType, Entry, Line, Origin

ZERO = Decimal(0)
_KINDS: dict[str, tuple[AccountType, str]] = {
    "balance": ("asset", "bank"),
    "payouts": ("asset", "clearing"),
    "holds": ("asset", "clearing"),
    "currency conversion": ("asset", "clearing"),
    "other tender": ("asset", "other_asset"),
    "cash drawer": ("asset", "cash"),
    "sales tax": ("liability", "tax_payable"),
    "lodging tax": ("liability", "tax_payable"),
    "tips held for staff": ("liability", "current_liability"),
    "gift cards": ("liability", "deferred_revenue"),
    "sales": ("revenue", ""),
    "earnings": ("revenue", ""),
    "other income": ("revenue", ""),
    "refunds": ("revenue", ""),
    "discounts": ("revenue", ""),
    "disputes": ("revenue", ""),
    "fees": ("expense", "bank_fees"),
    "cohost payouts": ("expense", ""),
}
"""What each account is; refunds, discounts and disputes are taken off revenue."""
_CASH = frozenset({"balance", "cash drawer"})


@dataclass(frozen=True, slots=True)
class Desk:
    """One processor's accounts.

    Attributes:
        program: Its name, with which each account begins.
        currencies: In which it holds money; with several, each has a balance of its own.
    """

    program: str
    currencies: tuple[str, ...] = ()

    def name(self, what: str, currency: str = "") -> str:
        """An account's name.

        >>> Desk("PayPal").name("fees"), Desk("PayPal", ("EUR", "USD")).name("balance", "EUR")
        ('PayPal fees', 'PayPal balance EUR')
        """
        code = f" {currency}" if what == "balance" and len(self.currencies) > 1 else ""
        return f"{self.program} {what}{code}"

    @property
    def shown(self) -> str:
        """What a person should know of its cash."""
        return (
            f"Cash includes what {self.program} held; what it paid out is on the account {self.name('payouts')}, "
            "because this file does not show the bank account."
        )

    def accounts(self, entries: Iterable[Entry], openings: Mapping[str, Decimal] | None = None) -> tuple[Account, ...]:
        """The accounts that entries use, with what they had before where the file says it, by currency."""
        used = {line.account for entry in entries for line in entry.lines}
        found: list[Account] = []
        for what, (type_, subtype) in _KINDS.items():
            for code in self.currencies or ("",):
                name = self.name(what, code)
                if name in used and all(one.name != name for one in found):
                    opening = (openings or {}).get(name)
                    own = code if what == "balance" else ""
                    found.append(
                        Account(name, "", "", type_, subtype, is_cash=what in _CASH, opening=opening, currency=own)
                    )
        return tuple(found)

    def entry(
        self, number: str, day: date, kind: str, origin: Origin, about: tuple[str, str, str], **amounts: Decimal
    ) -> Entry | None:
        """An entry on some of these accounts; None if nothing moves.

        Args:
            number: As the file numbers it.
            day: The business day.
            kind: The file's word.
            origin: File and row.
            about: Currency, memo and counterparty.
            amounts: Debit positive by account, spaces as underscores; ``hidden`` is what the file does not tell.
        """
        currency, memo, party = about
        lines = tuple(
            Line(
                "" if what == "hidden" else self.name(what.replace("_", " "), currency),
                amount,
                origin,
                currency,
                memo,
                party,
            )
            for what, amount in amounts.items()
            if amount
        )
        return Entry(number, day, lines, kind) if lines else None
