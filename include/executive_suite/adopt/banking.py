"""Statements of banks and cards: as a ledger of their own where there are no books, else matched with the books."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from executive_suite.adopt.classify import Kind
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.merging import Held
from executive_suite.adopt.parties import memo
from executive_suite.adopt.reading import Account, BankLine, Entry, Line, NotReadableError, Origin, Reading, Total

CARD = "credit_card"
_BEFORE, _AFTER = timedelta(days=30), timedelta(days=7)
"""How much earlier and later than the bank the books may have a payment: a check is booked when it is written."""
_DIGITS = re.compile(r"\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A line of a statement that no transaction of the books answers."""

    account: str
    day: date
    text: str
    amount: Decimal


def entries(reading: Reading) -> tuple[Entry, ...]:
    """The lines of a statement as entries, whose other side nobody has told yet."""
    return tuple(
        Entry(
            line.number and f"{line.account} {line.number}",
            line.day,
            (
                Line(line.account, line.amount, line.origin, line.currency, line.text),
                Line("", -line.amount, line.origin, line.currency, line.text),
            ),
        )
        for line in reading.bank_lines
        if line.amount
    )


def accounts(reading: Reading) -> list[Account]:
    """The accounts of a statement; one that it does not describe is money in a bank."""
    told = {account.name: account for account in reading.accounts}
    used = dict.fromkeys(line.account for line in reading.bank_lines)
    return [told.get(name) or Account(name, type="asset", subtype="bank", is_cash=True) for name in {**told, **used}]


def openings(reading: Reading) -> dict[str, Decimal]:
    """What each account had before the first line, where the file says it: a balance, less all that led to it."""
    found = {}
    for name in dict.fromkeys(line.account for line in reading.bank_lines):
        lines = in_order([line for line in reading.bank_lines if line.account == name])
        closing = {
            one.amount - sum((line.amount for line in lines if line.day <= one.ends), Decimal())
            for one in reading.totals
            if one.measure == "statement" and one.account in {name, ""}
        }
        start = _start(lines)
        if start is not None:
            found[name] = start
        elif len(closing) == 1:
            found[name] = closing.pop()
    return found


def _start(lines: Sequence[BankLine]) -> Decimal | None:
    """The balance before the first line if every balance follows from it in this order; None if one does not."""
    start, summed = None, Decimal()
    for line in lines:
        summed += line.amount
        if line.balance is not None:
            if start is not None and line.balance - summed != start:
                return None
            start = line.balance - summed
    return start


def account_of(
    account: Account, name: str, kinds: Mapping[str, Kind], held: Sequence[Held], lines: Sequence[BankLine]
) -> str:
    """The books' account of a statement: of its name or last digits, the only one there is, or that with most matches.

    Args:
        account: As the bank has it.
        name: Its key, if the chart has it.
        kinds: The chart.
        held: The books.
        lines: Of the statement.

    Returns:
        A key of the chart; empty if the books have no account that it could be.
    """
    used = {account for one in held for account, _, _ in one.money[1]}
    there = [
        key
        for key in sorted(used)
        if (kinds[key].subtype == CARD if account.type == "liability" else kinds[key].is_cash)
    ]
    if name in there:
        return name
    digits = _DIGITS.findall(name)[-1:]
    named = [key for key in there if digits and digits[0] in key]
    if len(named) == 1 or len(there) <= 1:
        return (named or there or [""])[0]
    often = {key: len(_paired(lines, _booked(held, key))) for key in there}
    best = max(often.values())
    first = [key for key in there if often[key] == best]
    return first[0] if best and len(first) == 1 else ""


def _booked(held: Iterable[Held], account: str) -> list[tuple[str, date, int]]:
    """The transactions on an account, with what each moves there."""
    found = []
    for one in held:
        day, lines = one.money
        if cents := sum(amount for key, amount, _ in lines if key == account):
            found.append((one.key, day, cents))
    return found


def _paired(lines: Sequence[BankLine], booked: Sequence[tuple[str, date, int]]) -> dict[int, str]:
    """By place of a line, the transaction of the same amount that is nearest in time; each answers one line."""
    by_amount: dict[int, list[tuple[str, date]]] = defaultdict(list)
    for key, day, cents in booked:
        by_amount[cents].append((key, day))
    candidates = []
    for place, line in enumerate(lines):
        for key, day in by_amount.get(int(line.amount * 100), ()):
            if line.day - _BEFORE <= day <= line.day + _AFTER:
                candidates.append((abs((line.day - day).days), line.day, place, key))
    found: dict[int, str] = {}
    taken: set[str] = set()
    for _, _, place, key in sorted(candidates):
        if place not in found and key not in taken:
            found[place] = key
            taken.add(key)
    return found


def keep(kept: Kept, entity: str, account: str, lines: Sequence[BankLine], known_at: str) -> int:
    """Keep the lines of a statement that are new; returns how many.

    Args:
        kept: Receives them, and takes back those that the statement of their days no longer has.
        entity: Whose account.
        account: Key of the chart.
        lines: What one statement says of one account, the first line first.
        known_at: When a line that is no more counts from; empty if a newer statement was read before.

    Raises:
        NotReadableError: nothing in it agrees with what is kept of its days: it is of another account.
    """
    table = kept.rows("bank_line")
    own = _last_known(table, entity, account)
    new, gone = _unlike(lines, own)
    if gone and len(new) == len(lines):
        msg = (
            f"{lines[0].origin.file}: no line of {account} is among those that {gone[0].get('source_file', '')} has of "
            "the same days; if it is another account, put the last four digits of its number into the file's name"
        )
        raise NotReadableError(msg)
    for row in gone if known_at else ():
        table.append({**row, "amount_cents": "0", "recorded_at": known_at})
    counted = Counter(row["date"] for row in own)
    for line in new:
        counted[line.day.isoformat()] += 1
        table.append(_row(line, entity, account, counted[line.day.isoformat()]))
    return len(new)


def match(kept: Kept, entity: str, held: Sequence[Held]) -> list[Unmatched]:
    """Match every statement line of an entity with its ledger anew: what came later may answer an earlier line.

    Returns:
        The lines that no transaction answers.
    """
    table = kept.rows("bank_line")
    open_ = []
    for account in dict.fromkeys(row["account"] for row in table if row.get("entity_id") == entity):
        own = _last_known(table, entity, account)
        stated = [_line(row) for row in own]
        found = _paired(stated, _booked(held, account))
        for place, (row, line) in enumerate(zip(own, stated, strict=True)):
            row["matched_txn_id"] = found.get(place, "")
            if place not in found and line.amount:
                open_.append(Unmatched(account, line.day, line.text, line.amount))
    return open_


def moved(kept: Kept, entity: str, before: str, account: str) -> None:
    """Let the statement lines of one account be those of another: the books' own name of it."""
    table = kept.rows("bank_line")
    taken = {row["bank_line_id"] for row in table}
    keys: dict[str, str] = {}
    for row in table:
        if row["account"] == before and row.get("entity_id") == entity:
            old, day = row["bank_line_id"], row["date"]
            if old not in keys:
                own = (f"{entity}:{account}:{day}.{number:04}" for number in range(1, len(taken) + 2))
                keys[old] = next(key for key in own if key not in taken)
                taken.add(keys[old])
            row["bank_line_id"], row["account"] = keys[old], account


def of_account(kept: Kept, entity: str, account: str) -> list[BankLine]:
    """The statement lines that are kept of an account."""
    return [_line(row) for row in _last_known(kept.rows("bank_line"), entity, account)]


def _last_known(table: Iterable[Row], entity: str, account: str) -> list[Row]:
    """The lines of an account, each as last known."""
    found: dict[str, Row] = {}
    for row in table:
        if row["account"] == account and row.get("entity_id") == entity:
            found[row["bank_line_id"]] = row
    return list(found.values())


def in_order(lines: Sequence[BankLine]) -> list[BankLine]:
    """Lines from the first to the last; a file that begins with the latest is read from its end."""
    backwards = len(lines) > 1 and (
        lines[0].day > lines[-1].day or (_start(lines) is None and _start(lines[::-1]) is not None)
    )
    return sorted(lines[::-1] if backwards else lines, key=lambda line: line.day)


def _unlike(lines: Sequence[BankLine], own: Sequence[Row]) -> tuple[list[BankLine], list[Row]]:
    """The lines that are not kept yet, and those kept that the statement of their days no longer has.

    The same day, amount and text are the same line; then the same day and amount are, because banks write a text anew.
    """
    rest, left = list(lines), [row for row in own if row["amount_cents"] != "0"]
    for whole in (True, False):
        there: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        for row in left:
            there[row["date"], row["amount_cents"], row.get("description", "") if whole else ""].append(row)
        kept, rest = rest, []
        for line in kept:
            equals = there[line.day.isoformat(), _cents(line.amount), memo(line.text) if whole else ""]
            if equals:
                equals.pop(0)
            else:
                rest.append(line)
        left = [row for equals in there.values() for row in equals]
    days = [line.day.isoformat() for line in lines]
    return rest, [row for row in left if days and min(days) <= row["date"] <= max(days)]


def _cents(amount: Decimal) -> str:
    return str(int(amount * 100))


def _row(line: BankLine, entity: str, account: str, number: int) -> Row:
    return {
        "bank_line_id": f"{entity}:{account}:{line.day.isoformat()}.{number:04}",
        "account": account,
        "date": line.day.isoformat(),
        "amount_cents": _cents(line.amount),
        "description": memo(line.text),
        "statement_balance_cents": "" if line.balance is None else _cents(line.balance),
        "entity_id": entity,
        "currency": line.currency,
        "source_file": line.origin.file,
        "source_row": str(line.origin.row),
    }


def _line(row: Row) -> BankLine:
    amount = Decimal(row["amount_cents"]) / 100
    origin = Origin(row.get("source_file", ""), int(row.get("source_row") or 0))
    return BankLine(row["account"], date.fromisoformat(row["date"]), amount, row.get("description", ""), origin)


def state_balances(kept: Kept, entity: str, account: str, totals: Iterable[Total]) -> None:
    """Write each balance that a statement states for a day on the account's last line up to it."""
    own = _last_known(kept.rows("bank_line"), entity, account)
    for total in totals:
        before = [row for row in own if row["date"] <= total.ends.isoformat()]
        if before:
            last = max(before, key=lambda row: (row["date"], row["bank_line_id"]))
            last["statement_balance_cents"] = _cents(total.amount)
