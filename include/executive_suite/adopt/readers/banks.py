"""Statements of any bank or card as tables: signs are proven by balance, columns or words, else refused."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cache

from executive_suite.adopt import days, labels, profile, sheet, style
from executive_suite.adopt.bank import accounts, amounts, evidence, headers
from executive_suite.adopt.bank.amounts import Item
from executive_suite.adopt.profile import PROFILES, Profile
from executive_suite.adopt.reading import Account, BankLine, LeftOut, NotReadableError, Origin, Reading, Total
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload

BANKS = PROFILES / "banks"
_MONEY_ROLES = ("amount", "debit", "credit")
_BALANCE = re.compile(r"balance|kontostand|saldo|solde", re.IGNORECASE)
_OPENS = re.compile(r"beginning|opening|start|anfang|alt|inicial|anterior|initial|iniziale|begin", re.IGNORECASE)
_DAY = re.compile(r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}")
_AMOUNT = re.compile(r"[-\u2212]?(?:\d[\d.,' \u2019]*[.,]\d\d)(?!\d)-?")
_NO_SIGN = 3
_BROUGHT = re.compile(
    r"^(beginning|opening|starting|closing|ending|previous) (ledger )?balance\b|^balance (brought|carried) forward|"
    r"^saldo (inicial|anterior|final)\b|^(anfangs|end|schluss)saldo\b|^solde (initial|final|précédent)\b",
    re.IGNORECASE,
)
"""A balance among the lines; "Opening night" is a purchase."""


@dataclass(frozen=True, slots=True)
class _Statement:
    """One account of a table."""

    account: Account
    lines: tuple[BankLine, ...]
    totals: tuple[Total, ...]
    remarks: tuple[str, ...]


def read(upload: Upload) -> Reading | None:
    """The accounts of a statement; rows that are pending, failed or without an amount are left out and counted.

    Raises:
        NotReadableError: nothing in the file says which sign is money received, or a row cannot be read.
    """
    particular, general = _known()
    prepared = headers.with_headers(upload, (*particular, general))
    order = headers.order_of_days(prepared, (*particular, general)) or upload.day_order
    prepared = replace(prepared, day_order=order)
    found = _tables(prepared, particular) or _tables(prepared, (general,))
    if not found or any(accounts.names_accounts(one, one.rows) or _has_sections(one) for one in found):
        return None
    if headers.is_headless(upload, prepared):
        found = tuple(
            replace(one, rows=tuple(replace(row, number=row.number - 1) for row in one.rows)) for one in found
        )
    left: Counter[str] = Counter()
    made = [statement for one in found for statement in _statements(upload, one, left)]
    if not made:
        return None
    first = found[0]
    lines = tuple(line for one in made for line in one.lines)
    currencies = {line.currency for line in lines}
    whole = not any("does not follow" in remark for one in made for remark in one.remarks)
    begins, ends = first.title.period or (None, None)
    days = [line.day for line in lines]
    program = first.profile.program if first.profile.words.get("card") else "Bank"
    return replace(
        upload.reading(program, first.profile.report, "bank"),
        currency=currencies.pop() if len(currencies) == 1 else "",
        begins=min(filter(None, (begins, min(days)))),
        ends=max(filter(None, (ends, max(days)))),
        whole=whole,
        accounts=tuple(one.account for one in made),
        bank_lines=lines,
        totals=tuple(total for one in made for total in one.totals),
        left_out=tuple(LeftOut(what, count) for what, count in sorted(left.items())),
        remarks=tuple(remark for one in made for remark in one.remarks),
    )


def _tables(upload: Upload, known: tuple[Profile, ...]) -> tuple[Sheet, ...]:
    """The tables of a bank; where balances are written in another way than amounts, without them."""
    try:
        return sheet.found(upload, known)
    except NotReadableError:
        without = [one.model_copy(update={"columns": _but_balance(one)}) for one in known if "balance" not in one.needs]
        try:
            return sheet.found(upload, without)
        except NotReadableError:
            pass
        raise


def _but_balance(one: Profile) -> dict[str, tuple[str, ...]]:
    return {role: headers_ for role, headers_ in one.columns.items() if role != "balance"}


def _has_sections(one: Sheet) -> bool:
    """Whether there is a heading among the lines, as each account has one in a ledger."""
    dated = [row.number for row in one.rows if row.text("day") and any(row.text(role) for role in _MONEY_ROLES)]
    headings = [row for row in one.rows if sum(map(bool, row.cells)) == 1 and days.read(row.label) is None]
    return bool(dated) and any(row.number < dated[-1] for row in headings)


@cache
def _known() -> tuple[tuple[Profile, ...], Profile]:
    """The layouts of particular banks, with the words that all know, and that of any bank."""
    every = profile.profiles(BANKS)
    general = next(one for one in every if one.program == "Bank" and not one.order)
    own = tuple(one.model_copy(update={"words": {**general.words, **one.words}}) for one in every if one is not general)
    return own, general


def _statements(upload: Upload, one: Sheet, left: Counter[str]) -> Iterator[_Statement]:
    """Each account of a table, by its number and currency."""
    booked = _without_totals(one, list(_booked(one, left)))
    side = _account_column(one, booked)
    numbers = [row.cells[side] if side is not None else "" for row in booked]
    aside = {side, evidence.direction(one.profile, booked)}
    texts = [_text(one, row, aside) for row in booked]
    card = evidence.is_card(one.profile, upload.name, texts)
    groups: dict[tuple[str, str], list[int]] = {}
    for at, row in enumerate(booked):
        groups.setdefault((numbers[at], _currency(one, row)), []).append(at)
    titled = accounts.stated(one.title.notes, upload.name)
    for (number, currency), places in groups.items():
        rows = [booked[at] for at in places]
        name = accounts.name(number or titled, card=card, about=(*one.title.notes, upload.name))
        if len({code for own, code in groups if own == number}) > 1:
            name = f"{name} {currency}".strip()
        readings = [
            [
                Item(row, _day(one, row), amount, one.amount(row, "balance"), texts[at])
                for row, at, amount in zip(rows, places, by_row, strict=True)
            ]
            for by_row in amounts.written(one, rows)
        ]
        yield _statement(one, _account(name, currency, card=card), readings, alone=len(groups) == 1)


def _account_column(one: Sheet, booked: Sequence[Row]) -> int | None:
    """The column with the account that each row is of; None if all are of one.

    Where it may be the other side's account, balances tell: those of several accounts follow only account by account.
    """
    if (side := accounts.column(one, booked)) is not None:
        return side
    side = accounts.undecided(one, booked)
    if side is None or _runs(one, booked) is not False:
        return None
    groups: dict[str, list[Row]] = {}
    for row in booked:
        groups.setdefault(row.cells[side], []).append(row)
    return None if any(_runs(one, own) is False for own in groups.values()) else side


def _runs(one: Sheet, rows: Sequence[Row]) -> bool | None:
    return amounts.runs(one, rows, [_day(one, row) for row in rows])


def _account(name: str, currency: str, *, card: bool) -> Account:
    if card:
        return Account(
            name, word="Credit card", type="liability", subtype="credit_card", is_cash=False, currency=currency
        )
    return Account(name, word="Bank", type="asset", subtype="bank", is_cash=True, currency=currency)


def _statement(one: Sheet, account: Account, readings: Sequence[Sequence[Item]], *, alone: bool) -> _Statement:
    found = amounts.signed(one, readings, card=account.subtype == "credit_card")
    first, last = found.items[0], found.items[-1]
    lines = tuple(
        BankLine(
            account.name,
            item.day,
            item.amount,
            item.text,
            one.origin(item.row),
            item.row.text("number"),
            item.balance,
            account.currency,
        )
        for item in found.items
        if item.amount
    )
    totals = list(_stated(one, account, last.day)) if alone else []
    if first.balance is not None:
        account = replace(account, opening=first.balance - first.amount)
    elif alone and (opening := _opening(one)) is not None:
        account = replace(account, opening=opening)
    if last.balance is not None:
        totals.append(Total("statement", last.balance, last.day, one.origin(last.row), account.name))
    remarks = tuple(
        f"{account.name}: the balance in row {row} does not follow from the row before it; lines may be missing."
        for row in found.breaks
    )
    return _Statement(account, lines, tuple(totals), remarks)


def _booked(one: Sheet, left: Counter[str]) -> Iterator[Row]:
    """The rows with a day and an amount.

    Raises:
        NotReadableError: a row has an amount and no day, and is no total or balance brought forward.
    """
    for row in one.rows:
        if evidence.is_pending(one.profile, row):
            left["pending and failed lines"] += 1
            continue
        amounts_ = [row.text(role) for role in _MONEY_ROLES if row.text(role)]
        if days.read(row.text("day")) is None:
            if any(map(sheet.is_amount, amounts_)) and not _is_label(row.label):
                what = "no day" if row.text("day") else "a line without a day"
                raise one.refused(row.number, f"{row.text('day')!r} is {what}" if row.text("day") else what)
        elif any(one.amount(row, role) is not None for role in _MONEY_ROLES):
            if not _is_balance(one, row):
                yield row
        elif not _BROUGHT.search(row.text("text")):
            left["rows without an amount"] += 1


def _without_totals(one: Sheet, rows: list[Row]) -> list[Row]:
    """The lines without a row that sums them up under a day of its own; a purchase at "Total" sums up nothing."""
    named = [row for row in rows if labels.total_of(row.text("text")) == ""]
    lines = [row for row in rows if row not in named]
    sums = [sum((one.amount(row, role) or Decimal(0) for row in lines), Decimal(0)) for role in _MONEY_ROLES]
    totals = [row for row in named if lines and [one.amount(row, role) or Decimal(0) for role in _MONEY_ROLES] == sums]
    return [row for row in rows if row not in totals]


def _is_balance(one: Sheet, row: Row) -> bool:
    """Whether a row with a day is no line, but the balance before the first or after the last one."""
    if not _BROUGHT.search(row.text("text")):
        return False
    balance = one.amount(row, "balance")
    return balance is None or balance in {one.amount(row, role) for role in _MONEY_ROLES}


def _is_label(text: str) -> bool:
    """Whether a row without a day states a balance or a total."""
    return labels.total_of(text) is not None or _BALANCE.search(text) is not None


def _day(one: Sheet, row: Row) -> date:
    found = one.day(row)
    if found is None:
        raise one.refused(row.number, "a line without a day")
    return found


def _text(one: Sheet, row: Row, aside: Container[int | None]) -> str:
    """What the bank writes: the other side, then every text, none twice; without some columns."""
    places = [*one.columns.get("counterparty", ()), *one.columns.get("text", ()), *one.columns.get("sort", ())]
    cells = [row.cells[at] for at in places if at < len(row.cells) and at not in aside]
    return " ".join(dict.fromkeys(filter(None, cells)))


def _currency(one: Sheet, row: Row) -> str:
    if text := row.text("currency"):
        return style.CODES.get(text, text.upper())
    for role in (*_MONEY_ROLES, "balance"):
        for at in one.columns.get(role, ()):
            if code := profile.code(one.header[at]):
                return code
    signs = {style.currency_of(row.text(role)) for role in (*_MONEY_ROLES, "balance")} - {"", "CR", "DR"}
    found = signs.pop() if len(signs) == 1 else ""
    return found if len(found) == _NO_SIGN and found.isalpha() else ""


def _dated(one: Sheet) -> Iterator[tuple[str, date | None, Decimal]]:
    """Balances that the title states: its words, the day if it names one, and the amount."""
    for note in one.title.notes:
        if not _BALANCE.search(note):
            continue
        day = _DAY.search(note)
        rest = note.replace(day[0], " ") if day else note
        if found := _AMOUNT.findall(rest):
            try:
                on = one.style.day(1, day[0]) if day else None
                yield note, on, one.style.amount(1, found[-1])
            except style.StyleError:
                continue


def _stated(one: Sheet, account: Account, last: date) -> Iterator[Total]:
    """Balances of the title, as the bank's statement has them."""
    for note, day, amount in _dated(one):
        if day is not None and not _OPENS.search(note) and day >= last:
            yield Total("statement", amount, day, Origin(one.upload.name, 1), account.name)


def _opening(one: Sheet) -> Decimal | None:
    return next((amount for note, _, amount in _dated(one) if _OPENS.search(note)), None)
