"""Journals: the lines of each transaction follow one another, each with its account."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from executive_suite.adopt import labels
from executive_suite.adopt.layouts import pairing, sides
from executive_suite.adopt.layouts.postings import (
    NO_OPENINGS,
    Posting,
    accounts_of,
    counted,
    entry,
    is_left_out,
    last_day,
    numbered,
    posting,
    reading,
)
from executive_suite.adopt.layouts.sections import SIDES, amount_of
from executive_suite.adopt.reading import Account, Entry, NotReadableError, Reading, Total
from executive_suite.adopt.sheet import Row, Sheet

_ZERO = Decimal(0)


def read(sheet: Sheet) -> Reading | None:
    """The transactions of a journal.

    A day, kind and number may stand on the first line of a transaction only, or on a row above its lines. Rows with
    amounts and no account are totals: of the transaction above, or of all.

    Returns:
        None if the profile is only tentative, no title names it and no transaction balances: it may be a bank's list.

    Raises:
        NotReadableError: a transaction does not balance, a line has no day, or a total does not agree.
    """
    blocks = _blocks(sheet)
    lines = [row for block in blocks for row in block.lines]
    if not lines:
        msg = f"{sheet.upload.name}: a journal without transactions"
        raise NotReadableError(msg)
    on_each = all(row.text("day") for row in lines)
    by_id = on_each and all(row.text("id") for row in lines)
    groups = list(_by_id(sheet, lines) if by_id else _in_order(sheet, blocks, on_each=on_each))
    forms: tuple[Account, ...] = ()
    if sheet.profile.natural and "debit" not in sheet.columns:
        forms = sides.by_forms(sheet, [group[0] for group in groups])
        grown = sides.of(sheet, groups, {**{one.name: one.type for one in forms}, **sheet.upload.types})
        groups = _signed(groups, grown)
    if on_each and not all(map(_balances, groups)):
        groups = _anywhere(groups) or groups
    if "debit" not in sheet.columns and not all(map(_balances, groups)):
        groups = _as_grown(sheet, groups)
    if sheet.profile.tentative and not sheet.title.report and not any(map(_balances, groups)):
        return None
    whole = _checked(sheet, blocks)
    made: list[Entry] = []
    left_out = []
    for group in groups:
        why = is_left_out(sheet, group[0].row)
        found = None if why else entry(sheet, group)
        left_out.append(why or ("" if found else "transactions without an amount"))
        made += [found] if found else []
    entries = numbered(made)
    totals = _totals(sheet, whole, lines, last_day(sheet, entries)) if whole else ()
    accounts = (*forms, *accounts_of(lines))
    remarks = (NO_OPENINGS,)
    return reading(
        sheet, remarks=remarks, accounts=accounts, entries=entries, totals=totals, left_out=counted(left_out)
    )


@dataclass(slots=True)
class _Block:
    """Lines up to a total or the next row that only dates the lines below it."""

    head: Row | None = None
    lines: list[Row] = field(default_factory=list)
    total: Row | None = None


def _blocks(sheet: Sheet) -> list[_Block]:
    blocks = [_Block()]
    for row in sheet.rows:
        if row.text("account") and not _is_total(row):
            if blocks[-1].total is not None:
                blocks.append(_Block())
            blocks[-1].lines.append(row)
        elif any(row.text(role) for role in SIDES):
            if blocks[-1].total is not None:
                blocks.append(_Block())
            blocks[-1].total = row
        elif row.text("day") and len([cell for cell in row.cells if cell]) > 1:
            blocks.append(_Block(row))
    return blocks


def _is_total(row: Row) -> bool:
    """Whether a row with a text in the account's column is a total: some programs write "Total" there."""
    return not row.text("day") and row.label == row.text("account") and labels.total_of(row.label) is not None


def _checked(sheet: Sheet, blocks: Sequence[_Block]) -> tuple[Row, Decimal, Decimal] | None:
    """The total of the whole, if the journal states one; every other total is that of the lines above it."""
    whole = (_ZERO, _ZERO)
    found: tuple[Row, Decimal, Decimal] | None = None
    for block in blocks:
        own = tuple(
            sum((sheet.amount(row, role) or _ZERO for row in block.lines), _ZERO) for role in ("debit", "credit")
        )
        whole = (whole[0] + own[0], whole[1] + own[1])
        if block.total is None or block.total.text("amount"):
            continue
        stated = tuple(sheet.amount(block.total, role) or _ZERO for role in ("debit", "credit"))
        if stated == whole:
            found = (block.total, *whole)
        elif stated != own:
            lines = "the lines above it" if block.lines else "all lines"
            sums = own if block.lines else whole
            msg = f"states debits of {stated[0]} and credits of {stated[1]}; {lines} sum to {sums[0]} and {sums[1]}"
            raise sheet.refused(block.total.number, msg)
    # The total of the first transaction is that of all lines so far; of a journal it is one only at its end.
    return found if found is not None and found[1:] == whole else None


def _by_id(sheet: Sheet, lines: Sequence[Row]) -> list[list[Posting]]:
    """Transactions by the program's own number, wherever their lines stand."""
    groups: dict[tuple[str, date], list[Posting]] = {}
    for row in lines:
        day = _day(sheet, row, None)
        one = posting(row, day, row.text("account"), amount_of(sheet, row))
        groups.setdefault((one.id, day), []).append(one)
    return list(groups.values())


def _anywhere(groups: Sequence[Sequence[Posting]]) -> list[list[Posting]]:
    """Lines of one transaction that do not follow one another, as where they are sorted by account; none if unclear."""
    found = pairing.groups([one for group in groups for one in group])
    return found if all(map(_balances, found)) else []


def _as_grown(sheet: Sheet, groups: list[list[Posting]]) -> list[list[Posting]]:
    """Transactions whose amounts are positive where they add to their account, if all balance so; else as they are."""
    try:
        found = _signed(groups, sides.of(sheet, groups, sheet.upload.types))
    except NotReadableError:
        return groups
    return found if all(map(_balances, found)) else groups


def _signed(groups: Sequence[Sequence[Posting]], grown: Mapping[str, int]) -> list[list[Posting]]:
    return [[replace(one, amount=one.amount * grown[one.account]) for one in group] for group in groups]


def _balances(group: Sequence[Posting]) -> bool:
    return not sum((one.amount for one in group), _ZERO)


def _in_order(sheet: Sheet, blocks: Sequence[_Block], *, on_each: bool) -> Iterator[list[Posting]]:
    """Transactions as they follow one another."""
    for block in blocks:
        group: list[Posting] = []
        for row in block.lines:
            if group and _begins(row, group, on_each=on_each):
                yield group
                group = []
            first = group[0] if group else None
            head = first.row if first else block.head
            day = first.day if first and not row.text("day") else _day(sheet, row, head)
            one = posting(row, day, row.text("account"), amount_of(sheet, row))
            if (named := first or (posting(head, day, "", _ZERO) if head else None)) is not None:
                own = {name: getattr(one, name) or getattr(named, name) for name in ("id", "number", "kind")}
                one = replace(one, **own)
            group.append(one)
        if group:
            yield group


def _begins(row: Row, group: Sequence[Posting], *, on_each: bool) -> bool:
    """Whether a line is the first of the next transaction."""
    first = group[0].row
    if row.text("id"):
        return row.text("id") != group[0].id
    if not on_each:
        return bool(row.text("day"))
    if any(row.text(role) != first.text(role) for role in ("day", "kind", "number")):
        return True
    return not row.text("number") and sum(one.amount for one in group) == 0 and len(group) > 1


def _day(sheet: Sheet, row: Row, head: Row | None) -> date:
    found = sheet.day(row) or (sheet.day(head) if head else None)
    if found is None:
        msg = "a line without a day: one was looked for on it or on the first line of its transaction"
        raise sheet.refused(row.number, msg)
    return found


def _totals(sheet: Sheet, whole: tuple[Row, Decimal, Decimal], lines: Sequence[Row], ends: date) -> tuple[Total, ...]:
    """What the journal sums, by side: a debit below zero, as some programs write a refund, is a credit."""
    cells = [sheet.amount(row, role) or _ZERO for row in lines for role in ("debit", "credit")]
    turned = -sum((amount for amount in cells if amount < 0), _ZERO)
    row, debits, credits_ = whole
    begins = sheet.title.period[0] if sheet.title.period else None
    return (
        Total("debits", debits + turned, ends, sheet.origin(row), begins=begins),
        Total("credits", credits_ + turned, ends, sheet.origin(row), begins=begins),
    )
