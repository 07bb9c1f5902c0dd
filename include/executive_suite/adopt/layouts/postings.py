"""Lines on accounts as a table gives them, and the entries that they make."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite.adopt import classify, profile, style
from executive_suite.adopt.reading import Account, Entry, LeftOut, Line, NotReadableError, Reading
from executive_suite.adopt.sheet import AMOUNTS, Row, Sheet

CENT = Decimal("0.01")
NOT_POSTED = "not_posted"
"""In a profile's words: kinds of documents that are never entries."""
NO_OPENINGS = "It has no opening balances: what was there before it must come from another file."
VOID = "void"
"""In a profile's words: a status of what is no longer, or not yet, booked."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One row's amount on one account, debit positive once its sign is known.

    Attributes:
        row: Where it is.
        day: Of its transaction.
        account: As written.
        amount: As ``Line`` has it, or as the file writes it until the layout has found the sign.
        id: The program's own number of the transaction, on all its lines; empty if it gives none.
        number: Of the document; several may share one.
        kind: The file's word.
        split: The account on the other side, as written.
    """

    row: Row
    day: date
    account: str
    amount: Decimal
    id: str = ""
    number: str = ""
    kind: str = ""
    split: str = ""


def posting(row: Row, day: date, account: str, amount: Decimal) -> Posting:
    """A row's line, with what identifies its transaction."""
    words = {name: row.text(name) for name in ("id", "number", "kind", "split")}
    return Posting(row, day, account, amount, **words)


def line(sheet: Sheet, one: Posting) -> Line:
    """A line of an entry."""
    texts = {name: one.row.text(name) for name in ("currency", "memo", "counterparty", "segment")}
    return Line(one.account, one.amount, sheet.origin(one.row), **texts)


def entry(sheet: Sheet, postings: Sequence[Posting], lines: Sequence[Line] = ()) -> Entry | None:
    """One transaction; None if all its amounts are zero, as a voided one has them.

    What rounding leaves, where amounts have more than two decimals, goes to the largest line.

    Args:
        sheet: The table.
        postings: Its rows, in the file's order.
        lines: Where they are not just the postings'.

    Raises:
        NotReadableError: it does not balance.
    """
    first = postings[0]
    kept = [one for one in lines or [line(sheet, one) for one in postings] if one.amount]
    if not kept:
        return None
    currencies = dict.fromkeys(one.currency for one in kept)
    balanced = [line for currency in currencies for line in _balanced(sheet, first, kept, currency)]
    return Entry(first.id or first.number, first.day, tuple(balanced), first.kind)


def _balanced(sheet: Sheet, first: Posting, lines: Sequence[Line], currency: str) -> list[Line]:
    """The lines of one currency, whole cents, summing to zero."""
    kept = [one for one in lines if one.currency == currency]
    if any(one.amount != one.amount.quantize(CENT) for one in kept):
        rounded = [replace(one, amount=one.amount.quantize(CENT)) for one in kept]
        left = sum((one.amount for one in rounded), Decimal(0))
        if abs(left) <= CENT / 2 * len(rounded):
            at = max(range(len(rounded)), key=lambda place: abs(rounded[place].amount))
            rounded[at] = replace(rounded[at], amount=rounded[at].amount - left)
        kept = rounded
    left = sum((one.amount for one in kept), Decimal(0))
    if left:
        name = " ".join(filter(None, (first.kind, first.id or first.number)))
        what = f"the transaction {f'{name} ' if name else ''}of {first.day} does not balance"
        side = "credit" if left > 0 else "debit"
        raise sheet.refused(
            first.row.number, f"{what}: {abs(left)} {currency} is missing on the {side} side".replace("  ", " ")
        )
    return kept


def numbered(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Entries in order of their days; a number that several of one kind share is no number."""
    ordered = sorted(entries, key=lambda one: (one.day, one.lines[0].origin.row))
    seen = Counter((one.kind, one.number) for one in ordered)
    return tuple(replace(one, number="") if seen[one.kind, one.number] > 1 else one for one in ordered)


def is_left_out(sheet: Sheet, row: Row) -> str:
    """Why a row is never an entry ("estimates and other documents that are not booked"); empty if it may be one."""
    words = sheet.profile.words
    posting_flag = row.text("posting").casefold()
    if posting_flag in {"no", "n", "false", "nein", "non"} or among(row.text("kind"), words.get(NOT_POSTED, ())):
        return "estimates, orders and other documents that are not booked"
    if among(row.text("status"), words.get(VOID, ())):
        return "voided, deleted and draft transactions"
    return ""


def among(text: str, words: Iterable[str]) -> bool:
    """Whether a text is one of a profile's words."""
    return bool(text) and any(profile.plain(text) == profile.plain(word) for word in words)


def accounts_of(rows: Iterable[Row]) -> tuple[Account, ...]:
    """What the rows of entries say of their accounts: a number, and the program's word for a type."""
    found: dict[str, Account] = {}
    for row in rows:
        name, code = row.text("account"), row.text("code")
        words = [word for word in (*row.texts("type"), *row.texts("group")) if classify.is_word(word)]
        if name and name not in found and (words or code):
            found[name] = Account(name, code="" if code == name else code, word=words[0] if words else row.text("type"))
    return tuple(found.values())


def counted(reasons: Iterable[str]) -> tuple[LeftOut, ...]:
    """What was left out, by reason."""
    return tuple(LeftOut(what, count) for what, count in sorted(Counter(filter(None, reasons)).items()))


def reading(sheet: Sheet, **parts: Any) -> Reading:
    """A reading with what the table's title says.

    Raises:
        NotReadableError: amounts have several currency signs and no column says which currency they are in.
    """
    title, one = sheet.title, sheet.profile
    entries: Sequence[Entry] = parts.get("entries", ())
    begins, ends = title.period or (None, None)
    if entries:
        begins = begins or min(entry.day for entry in entries)
        ends = ends or max(entry.day for entry in entries)
    remarks = [*parts.pop("remarks", ())]
    if sheet.style.presumed:
        remarks.append("Days are read month first because the company is an LLC; nothing else in the file says so.")
    if one.part:
        remarks.append("It has only some of the company's transactions; a journal or general ledger has them all.")
        parts["whole"] = False
    if title.cash_basis:
        remarks.append("It is on a cash basis: what is invoiced counts when it is paid.")
    return replace(
        sheet.reading(one.kind),
        company=title.company,
        currency=currency(sheet),
        begins=begins,
        ends=ends,
        exported_on=title.exported_on,
        remarks=tuple(remarks),
        **parts,
    )


def currency(sheet: Sheet) -> str:
    """The code of the currency in which amounts are written; empty if nothing says.

    Raises:
        NotReadableError: amounts have several currency signs and no column says which currency they are in.
    """
    headers = {
        found for role in AMOUNTS for at in sheet.columns.get(role, ()) if (found := profile.code(sheet.header[at]))
    }
    signs: dict[str, Row] = {}
    for row in sheet.rows:
        if "currency" in sheet.columns:
            if text := row.text("currency"):
                signs.setdefault(text, row)
        else:
            for role in AMOUNTS:
                if (found := style.currency_of(row.text(role))) and found not in {"CR", "DR"}:
                    signs.setdefault(found, row)
    if len(signs) > 1 and "currency" not in sheet.columns:
        first, (second, row) = next(iter(signs)), list(signs.items())[1]
        msg = f"amounts in {first} and in {second} in one column: one currency was looked for, or a column that says it"
        raise sheet.refused(row.number, msg)
    stated = headers or set(signs)
    code = next(iter(stated)) if len(stated) == 1 else ""
    return code if len(code) == 3 and code.isascii() and code.isupper() else ""  # noqa: PLR2004 - ISO 4217


def last_day(sheet: Sheet, entries: Sequence[Entry]) -> date:
    """The last day that a report covers.

    Raises:
        NotReadableError: it states none, and has no entries.
    """
    if sheet.title.period:
        return sheet.title.period[1]
    if not entries:
        msg = f"{sheet.upload.name}: no transactions, and no period in its title"
        raise NotReadableError(msg)
    return max(entry.day for entry in entries)
