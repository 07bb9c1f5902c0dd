"""GnuCash's own files: SQLite, XML, and compressed XML."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from executive_suite.adopt import rates
from executive_suite.adopt.classify import kind_of
from executive_suite.adopt.gnucash import markup, sqlite
from executive_suite.adopt.gnucash.book import CURRENCIES, Book, BookAccount, BookError, BookTransaction, Split, decimal
from executive_suite.adopt.reading import Account, Entry, LeftOut, Line, Origin, Reading
from executive_suite.adopt.refusing import printable, refusal
from executive_suite.adopt.upload import Upload
from executive_suite.sources.journal import in_cents
from executive_suite.sources.postings import Posting, Price

KINDS: Mapping[str, Account] = {
    "BANK": Account("", type="asset", subtype="bank", is_cash=True),
    "CASH": Account("", type="asset", subtype="cash", is_cash=True),
    "CHECKING": Account("", type="asset", subtype="bank", is_cash=True),
    "SAVINGS": Account("", type="asset", subtype="bank", is_cash=True),
    "MONEYMRKT": Account("", type="asset", subtype="bank", is_cash=True),
    "ASSET": Account("", type="asset"),
    "RECEIVABLE": Account("", type="asset", subtype="receivable", is_cash=False),
    "STOCK": Account("", type="asset", subtype="investment", is_cash=False),
    "MUTUAL": Account("", type="asset", subtype="investment", is_cash=False),
    "CURRENCY": Account("", type="asset", is_cash=None),
    "CREDIT": Account("", type="liability", subtype="credit_card", is_cash=False),
    "CREDITLINE": Account("", type="liability", subtype="debt", is_cash=False),
    "LIABILITY": Account("", type="liability", is_cash=False),
    "PAYABLE": Account("", type="liability", subtype="payable", is_cash=False),
    "EQUITY": Account("", type="equity", is_cash=False),
    "INCOME": Account("", type="revenue", is_cash=False),
    "EXPENSE": Account("", type="expense", is_cash=False),
}
ASSET = "ASSET"
MONEY = frozenset({"BANK", "CASH", "CHECKING", "SAVINGS", "MONEYMRKT"})
TRADING = "TRADING"
VOIDED = "v"
LACKING = ("imbalance-", "orphan-", "ausgleichskonto-", "descuadre-", "déséquilibre-", "sbilancio-", "desequilíbrio-")
"""How GnuCash names the account, of the kind of a bank's, where it books the other side that a transaction lacks."""
CENTS = 100


def read(upload: Upload) -> Reading | None:
    """A book's entries at their value; trading accounts, templates and voided transactions are left out and counted."""
    try:
        book = _book(upload.body)
        return None if book is None else _reading(upload, book)
    except BookError as wrong:
        raise refusal(upload.name, wrong.row, str(wrong)) from None


def _book(body: bytes) -> Book | None:
    if body.startswith(sqlite.MAGIC):
        return sqlite.book(body)
    return markup.book(body) if markup.known(body) else None


def _reading(upload: Upload, book: Book) -> Reading:
    left: Counter[str] = Counter({"templates of scheduled transactions": book.templates})
    names = {account: book.name(account) for account, own in book.accounts.items() if own.kind != "ROOT"}
    entries = [entry for one in book.transactions if (entry := _entry(upload.name, book, names, one, left)) is not None]
    lines = [line for entry in entries for line in entry.lines]
    used = {line.account for line in lines}
    typed = any(own.kind in MONEY and names[own.id] in used for own in book.accounts.values() if own.id in names)
    currencies = Counter(line.currency for line in lines)
    main = currencies.most_common(1)[0][0] if currencies else ""
    days = [entry.day for entry in entries]
    lacking = sum(not line.account for line in lines)
    return replace(
        upload.reading("GnuCash", "book", "books"),
        company=printable(book.company),
        currency=main,
        begins=min(days, default=None),
        ends=max(days, default=None),
        accounts=tuple(
            _account(own, names[own.id], typed)
            for own in book.accounts.values()
            if own.id in names and own.kind != TRADING and (names[own.id] in used or not own.placeholder)
            if not _lacks(own)
        ),
        entries=tuple(entries),
        records=rates.records(upload.name, (*_paid(book), *book.prices), main, currencies),
        left_out=tuple(LeftOut(what, count) for what, count in left.items() if count),
        remarks=(f"{lacking} lines whose other side GnuCash does not know are unclassified.",) if lacking else (),
    )


def _account(own: BookAccount, name: str, typed: bool) -> Account:  # noqa: FBT001 - one fact of the book
    """An account by its type.

    People keep money in accounts of the type asset, too: one that is called as money is left to its name, and any if
    the book has no account of a type that is money.
    """
    kind = KINDS.get(own.kind)
    if kind is None:
        raise BookError(0, f"the account {own.name} is of the unknown type {own.kind}")
    if own.kind == ASSET and typed and not kind_of(Account(name, type="asset")).is_cash:
        kind = replace(kind, is_cash=False)
    currency = own.commodity if own.space in CURRENCIES else ""
    return Account(name, own.code, own.kind, kind.type, kind.subtype, kind.is_cash, currency=currency)


def _lacks(own: BookAccount) -> bool:
    return own.kind == "BANK" and own.name.casefold().startswith(LACKING)


def _entry(file: str, book: Book, names: Mapping[str, str], one: BookTransaction, left: Counter[str]) -> Entry | None:
    """A transaction at the value of its splits; None if nothing remains."""
    if one.splits and all(split.state == VOIDED for split in one.splits):
        left["voided transactions"] += 1
        return None
    if one.currency and one.space not in CURRENCIES:
        left["transactions in commodities that are not money"] += 1
        return None
    for split in one.splits:
        if split.account not in names:
            raise BookError(one.row, "a split is of an account that is not in the book")
    kept = [split for split in one.splits if book.accounts[split.account].kind != TRADING]
    rest = sum((split.value for split in kept), Fraction(0))
    if abs(rest) * CENTS >= 1:
        raise BookError(one.row, f"the transaction of {one.day} does not sum to zero, but to {decimal(rest):.2f}")
    left["lines of trading accounts"] += len(one.splits) - len(kept)
    left["changes in shares without a value"] += sum(not split.value and bool(split.quantity) for split in kept)
    postings = [Posting(names[split.account], decimal(split.value), one.currency, one.row) for split in kept]
    lines = tuple(
        Line(
            account="" if _lacks(book.accounts[split.account]) else posting.account,
            amount=Decimal(cents).scaleb(-2),
            origin=Origin(file, one.row),
            currency=one.currency,
            memo=_memo(one, split),
        )
        for split, posting, cents in zip(kept, postings, in_cents(postings), strict=True)
        if cents
    )
    return Entry(number=one.id, day=one.day, lines=lines) if lines else None


def _paid(book: Book) -> Iterator[Price]:
    """What somebody paid for a currency: a split of an account that is kept in another than the transaction's."""
    for one in book.transactions:
        for split in one.splits:
            own = book.accounts.get(split.account)
            if own and own.space in CURRENCIES and own.commodity != one.currency and split.quantity and split.value:
                yield Price(one.day, own.commodity, abs(decimal(split.value / split.quantity)), one.currency)


def _memo(one: BookTransaction, split: Split) -> str:
    words = (one.description, split.memo if split.memo != one.description else "")
    return printable(" ".join(word for word in words if word))
