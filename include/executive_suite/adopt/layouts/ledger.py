"""General ledgers: sections by account make transactions, openings and balances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite.adopt.layouts import pairing, sides
from executive_suite.adopt.layouts.postings import (
    NO_OPENINGS,
    Posting,
    counted,
    is_left_out,
    last_day,
    numbered,
    reading,
)
from executive_suite.adopt.layouts.sections import ZERO, Section, sections
from executive_suite.adopt.reading import Account, Reading, Total
from executive_suite.adopt.sheet import Sheet


def read(sheet: Sheet) -> Reading:
    """The transactions of a general ledger, with the balances before and after them.

    Raises:
        NotReadableError: totals or balances do not agree with the lines, or nothing tells the side of an account.
    """
    found = sections(sheet)
    left_out = [why for one in found for posting in one.postings if (why := is_left_out(sheet, posting.row))]
    if left_out:
        for one in found:
            one.postings = [posting for posting in one.postings if not is_left_out(sheet, posting.row)]
    postings = [posting for one in found for posting in one.postings]
    if "amount" in sheet.columns and "debit" not in sheet.columns and not _debit_positive(sheet, postings):
        grown = sides.of(sheet, pairing.groups(postings), sheet.upload.types)
        postings = [replace(one, amount=one.amount * grown[one.account]) for one in postings]
        signs: Mapping[str, int] = _sides(sheet, found, grown)
    else:
        signs = _signs(sheet, found)
    made, whole = pairing.entries(sheet, pairing.groups(postings))
    entries = numbered(made)
    ends = last_day(sheet, entries)
    openings = {one.name: _opening(sheet, one, signs[one.name]) for one in found}
    _refuse_hidden(sheet, found, openings)
    accounts = tuple(Account(one.name, opening=openings[one.name]) for one in found)
    known = any(account.opening is not None for account in accounts)
    begins = sheet.title.period[0] if sheet.title.period else min((one.day for one in postings), default=None)
    totals = tuple(
        Total(
            "balance" if known else "change",
            one.closing * signs[one.name],
            ends,
            sheet.origin(one.closed_at),
            one.name,
            None if known else begins,
        )
        for one in found
        if one.closing is not None and one.closed_at is not None
    )
    return reading(
        sheet,
        entries=entries,
        accounts=accounts,
        totals=totals,
        whole=whole,
        left_out=counted(left_out),
        remarks=() if known else (NO_OPENINGS,),
    )


def _debit_positive(sheet: Sheet, postings: Sequence[Posting]) -> bool:
    """Whether amounts in one column are debits or minus credits.

    They are if every transaction balances so, and one of them is between an account that grows by debits and one that
    grows by credits; or no account is of the latter.
    """
    if sheet.profile.natural:
        return False
    groups = pairing.groups(postings)
    named = [{sides.named(one.account) for one in group} for group in groups]
    told = any({1, -1} <= found for found in named) or not any(-1 in found for found in named)
    return told and all(sum((one.amount for one in group), ZERO) == 0 for group in groups)


def _sides(sheet: Sheet, found: Sequence[Section], grown: Mapping[str, int]) -> Mapping[str, int]:
    """The side of each section's account, also of those without lines.

    Of one account of which nothing else tells it, the opening balances do, because all of them sum to zero.

    Raises:
        NotReadableError: nothing tells the side of an account that has a balance.
    """
    known = {
        one.name: grown.get(one.name) or sides.of_type(sheet.upload.types.get(one.name, "")) or sides.named(one.name)
        for one in found
    }
    open_ = [one for one in found if not known[one.name] and one.opening]
    rest = sum((one.opening * known[one.name] for one in found if one.opening), ZERO)
    if len(open_) == 1 and open_[0].opening in {rest, -rest}:
        known[open_[0].name] = 1 if open_[0].opening == -rest else -1
    elif open_:
        msg = f"whether the balance of {open_[0].name!r} is a debit or a credit is not in the file"
        raise sheet.refused(open_[0].head.number, f"{msg}; bring the chart of accounts as well")
    return {name: side or 1 for name, side in known.items()}


def _signs(sheet: Sheet, found: Sequence[Section]) -> Mapping[str, int]:
    """Account to the sign that makes its balance debit positive, where lines have debits and credits.

    Some programs write every balance debit positive, some write what adds to the account as positive. The lines of an
    account tell it: its opening balance and they make its last one with one sign only.
    """
    told = {one.name: fitting for one in found if len(fitting := _fitting(one)) == 1}
    natural = any(-1 in signs for signs in told.values())
    positive = any(1 in signs and sides.named(name) < 0 for name, signs in told.items())
    signs: dict[str, int] = {}
    for one in found:
        if one.name in told:
            signs[one.name] = next(iter(told[one.name]))
            continue
        side = sides.of_type(sheet.upload.types.get(one.name, "")) or sides.named(one.name)
        if positive or side > 0 or not one.opening:
            signs[one.name] = 1 if positive or not natural else side or 1
        elif natural or (side and one.opening > 0):
            signs[one.name] = side
        else:
            signs[one.name] = 1
        if not signs[one.name]:
            msg = f"whether the balance of {one.name!r} is a debit or a credit is not in the file"
            raise sheet.refused(one.head.number, f"{msg}; bring the chart of accounts as well")
    return signs


def _fitting(section: Section) -> set[int]:
    """The signs with which a section's opening balance and lines make its last balance; both if it states none."""
    if section.closing is None:
        return {1, -1}
    begins = section.opening or ZERO
    return {sign for sign in (1, -1) if begins + sign * section.change == section.closing}


def _opening(sheet: Sheet, section: Section, sign: int) -> Decimal | None:
    """A section's opening balance, debit positive; what its balances leave, if it states none.

    Raises:
        NotReadableError: it and the lines do not make the balances that their rows state.
    """
    factor = sign if "debit" in sheet.columns else 1
    stated = [
        (one.row, balance) for one in section.postings if (balance := sheet.amount(one.row, "balance")) is not None
    ]
    if section.closing is not None and section.closed_at is not None:
        stated.append((section.closed_at, section.closing))
    if not stated:
        return None if section.opening is None else section.opening * sign + ZERO
    after = dict(zip((one.row.number for one in section.postings), _running(section, factor), strict=True))
    row, balance = stated[0]
    opening = balance - after.get(row.number, section.change * factor) if section.opening is None else section.opening
    for row, balance in stated:
        found = opening + after.get(row.number, section.change * factor)
        if balance != found:
            msg = f"the balance of {section.name!r} is {balance}; {opening} and the lines above make {found}"
            raise sheet.refused(row.number, msg)
    return opening * sign + ZERO if opening or section.opening is not None else None


def _refuse_hidden(sheet: Sheet, found: Sequence[Section], openings: Mapping[str, Decimal | None]) -> None:
    """Refuse opening balances that only follow from the balances of lines, unless no account states one and all agree.

    Raises:
        NotReadableError: where some accounts state an opening balance, one that does not begins elsewhere than at zero;
            or none does, and what all begin at does not sum to zero.
    """
    hidden = [one for one in found if one.opening is None and openings[one.name]]
    stated = any(one.opening is not None for one in found)
    if hidden and (stated or sum((openings[one.name] or ZERO for one in hidden), ZERO)):
        one = hidden[0]
        msg = f"the balances of {one.name!r} begin at {openings[one.name]}, and no row states that opening balance"
        raise sheet.refused(one.head.number, msg)


def _running(section: Section, factor: int) -> Iterator[Decimal]:
    """What a section's lines change, up to each."""
    changed = ZERO
    for one in section.postings:
        changed += one.amount * factor
        yield changed
