"""QIF: registers of Quicken and other programs, with categories and transfers, or a bank's own lines (Intuit's QIF)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from executive_suite.adopt.classify import kind_of
from executive_suite.adopt.qif_books import OPENING, Books, Piece, Posted
from executive_suite.adopt.qif_records import (
    ACCOUNT,
    CATEGORY,
    INVESTMENTS,
    KNOWN,
    REGISTERS,
    Record,
    records,
    whole_year,
)
from executive_suite.adopt.reading import Account, BankLine, LeftOut, Origin, Reading
from executive_suite.adopt.refusing import printable, refusal
from executive_suite.adopt.style import Style, StyleError, decided
from executive_suite.adopt.upload import Upload

KINDS: Mapping[str, Account] = {
    "bank": Account("Bank account", word="Bank", type="asset", subtype="bank", is_cash=True),
    "cash": Account("Cash", word="Cash", type="asset", subtype="cash", is_cash=True),
    "ccard": Account("Credit card", word="CCard", type="liability", subtype="credit_card", is_cash=False),
    "oth a": Account("Other asset", word="Oth A", type="asset", is_cash=False),
    "oth l": Account("Other liability", word="Oth L", type="liability", is_cash=False),
    "invst": Account("Investments", word="Invst", type="asset", subtype="investment", is_cash=False),
    "port": Account("Investments", word="Port", type="asset", subtype="investment", is_cash=False),
}
"""Types of accounts in lower case; the name is for a register that the file does not name."""
BALANCE_SHEET = frozenset({"asset", "liability", "equity"})


def read(upload: Upload) -> Reading | None:
    """A bank's lines if nothing is categorized, else books; investments are left out and counted."""
    if not KNOWN.match(upload.text):
        return None
    every = list(records(upload.text))
    registers = [one for one in every if one.section in REGISTERS]
    if not registers:
        raise refusal(upload.name, 0, "it has no transactions of a bank account, card or cash (!Type:Bank …)")
    style = _style(upload, registers)
    posted = [_posted(upload.name, style, one) for one in registers]
    accounts = _accounts(every, registers)
    left = (
        ("lines of investments", sum(one.section in INVESTMENTS for one in every)),
        ("transactions without an amount", sum(not any(piece.amount for piece in one.pieces) for one in posted)),
    )
    days = [one.day for one in posted]
    found = replace(
        upload.reading("QIF", "Register", "books"),
        begins=min(days),
        ends=max(days),
        whole=False,  # often a file is of one account
        accounts=tuple(accounts.values()),
        left_out=tuple(LeftOut(what, count) for what, count in left if count),
    )
    if any(piece.category and piece.category != f"[{one.register}]" for one in posted for piece in one.pieces):
        return _books(found, posted, every)
    return _statement(found, posted)


def _style(upload: Upload, registers: Iterable[Record]) -> Style:
    amounts, dated = [], []
    for one in registers:
        amounts += [(one.row, text) for text in (_total(one), *(part.amount for part in one.parts)) if text]
        dated.append((one.row, whole_year(one["D"])))
    try:
        return decided(amounts, dated, order=upload.day_order)
    except StyleError as wrong:
        raise refusal(upload.name, wrong.row, str(wrong)) from None


def _total(one: Record) -> str:
    return one["T"] or one["U"]


def _posted(file: str, style: Style, one: Record) -> Posted:
    """A transaction with its parts; what a split leaves of the whole has no category."""
    try:
        day = style.day(one.row, whole_year(one["D"]))
        total = style.amount(one.row, _total(one)) if _total(one) else Decimal(0)
        parts = [Piece(part.category, style.amount(one.row, part.amount or "0"), part.memo) for part in one.parts]
    except StyleError as wrong:
        raise refusal(file, wrong.row, str(wrong)) from None
    pieces = parts or [Piece(one["L"], total, one["M"])]
    if rest := total - sum(piece.amount for piece in pieces):
        pieces.append(Piece("", rest))
    if any(piece.amount * 100 % 1 for piece in pieces):
        raise refusal(file, one.row, f"the amount {_total(one)} must be in whole cents")
    return Posted(_register(one), day, printable(one["P"]), tuple(pieces), one.row)


def _register(one: Record) -> str:
    return one.account or KINDS[one.section].name


def _accounts(every: Iterable[Record], registers: Iterable[Record]) -> dict[str, Account]:
    """Every account that the file lists or has a register of."""
    found: dict[str, Account] = {}
    for one in every:
        if one.section == ACCOUNT and one["N"]:
            kind = KINDS.get(one["T"].lower(), Account("", word=one["T"]))
            found[one["N"]] = replace(kind, name=one["N"])
    for one in registers:
        name = _register(one)
        found.setdefault(name, replace(KINDS[one.section], name=name))
    return found


def _statement(found: Reading, posted: Iterable[Posted]) -> Reading:
    """A bank's lines; an opening balance is the account's, and no line."""
    lines, openings = [], dict[str, Decimal]()
    for one in posted:
        amount = sum((piece.amount for piece in one.pieces), Decimal(0))
        if one.pieces[0].category:
            openings[one.register] = openings.get(one.register, Decimal(0)) + amount
        elif amount:
            text = " ".join(dict.fromkeys(word for word in (one.payee, one.pieces[0].memo) if word))
            lines.append(BankLine(one.register, one.day, amount, printable(text), Origin(found.file, one.row)))
    accounts = tuple(replace(own, opening=openings.get(own.name)) for own in found.accounts)
    return replace(found, kind="bank", report="Statement", accounts=accounts, bank_lines=tuple(lines))


def _books(found: Reading, posted: list[Posted], every: Iterable[Record]) -> Reading:
    """Entries; a category is what the file's list says, else income or expense by what it comes to.

    Either way profit is the same: a category is one of the two, or else its name says that it is none (a loan, a draw).
    """
    books = Books(found.file, frozenset(one.register for one in posted))
    entries = tuple(books.entries(posted))
    listed = {one["N"]: "I" in one.fields for one in every if one.section == CATEGORY}
    accounts = [replace(own, opening=books.openings.get(own.name)) for own in found.accounts]
    for name, amounts in sorted(books.changes.items()):
        net = sum(amounts)
        if name not in listed and (net == 0 or kind_of(Account(name)).type in BALANCE_SHEET):
            accounts.append(Account(name))
        else:
            accounts.append(Account(name, type="revenue" if listed.get(name, net < 0) else "expense"))
    if any(line.account == OPENING for entry in entries for line in entry.lines):
        accounts.append(Account(OPENING, type="equity", subtype="opening_balance", is_cash=False))
    left = LeftOut("transfers that both registers have", books.repeated)
    left_out = (*found.left_out, left) if books.repeated else found.left_out
    return replace(found, accounts=tuple(accounts), entries=entries, left_out=left_out)
