"""Lines of a ledger put together again to the transactions that they are of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from executive_suite.adopt.layouts.postings import Posting, entry, line
from executive_suite.adopt.reading import Entry
from executive_suite.adopt.sheet import Sheet

SEVERAL = frozenset(
    {"-split-", "split", "- split -", "-multiple-", "multiple", "-varios-", "varios", "-dividir-", "-división-"}
    | {"-aufteilung-", "-aufgeteilt-", "-répartition-", "-ventilation-", "-divers-"}
)
"""What programs write for the other side where it is several accounts."""

_ZERO = Decimal(0)


def names_of(accounts: Iterable[str]) -> Mapping[str, str]:
    """How a split may name an account, with or without its parents, to the account; in lower case."""
    found: dict[str, str] = {}
    twice: set[str] = set()
    for account in dict.fromkeys(accounts):
        leaf = account.rpartition(":")[2].casefold()
        if leaf in found and leaf != account.casefold():
            twice.add(leaf)
        found.setdefault(leaf, account)
    for leaf in twice:
        del found[leaf]
    return {**found, **{account.casefold(): account for account in accounts}}


def groups(postings: Sequence[Posting]) -> list[list[Posting]]:
    """Lines that belong together, before anybody knows their signs.

    By the program's number of the transaction if every line has it; else those of one day, kind and document, of which
    two that name each other as the other side are a transaction of their own.
    """
    buckets: dict[tuple[object, ...], list[Posting]] = defaultdict(list)
    by_id = all(one.id for one in postings)
    for one in postings:
        buckets[(one.day, one.id) if by_id else (one.day, one.kind, one.number, *_told(one))].append(one)
    if by_id:
        return list(buckets.values())
    names = names_of(one.account for one in postings)
    return [group for bucket in buckets.values() for group in _pairs(bucket, names)]


def _told(one: Posting) -> tuple[str, ...]:
    """What else tells lines of one day apart, where neither kind nor document does."""
    return () if one.kind or one.number else (one.row.text("memo"),)


def _pairs(bucket: Sequence[Posting], names: Mapping[str, str]) -> Iterator[list[Posting]]:
    """The pairs that name each other, then the rest."""
    left = list(bucket)
    for one in bucket:
        if one not in left:
            continue
        other = next((each for each in left if each is not one and _name_each_other(one, each, names)), None)
        if other is not None:
            left.remove(one)
            left.remove(other)
            yield [one, other]
    if left:
        yield left


def _name_each_other(one: Posting, other: Posting, names: Mapping[str, str]) -> bool:
    return (
        abs(one.amount) == abs(other.amount)
        and names.get(one.split.casefold()) == other.account
        and names.get(other.split.casefold()) == one.account
        and one.row.text("counterparty") == other.row.text("counterparty")
    )


def entries(sheet: Sheet, found: Sequence[Sequence[Posting]]) -> tuple[list[Entry], bool]:
    """Transactions of groups whose amounts are debit positive, and whether all their lines are in the file.

    What does not balance in its group may balance with the others of its day. What does not then has its other side
    on an account that the file does not show: the one that it names, else a hidden one.

    Raises:
        NotReadableError: the other side is an account that the file shows, without that line; or the file names no
            other sides and most of it balances, so that it has all accounts and lacks a line.
    """
    made: list[Entry | None] = []
    open_: list[Posting] = []
    for group in found:
        if sum((one.amount for one in group), _ZERO):
            open_ += group
        else:
            made += [entry(sheet, part) for part in _parted(group)]
    by_day: dict[object, list[Posting]] = defaultdict(list)
    for one in open_:
        by_day[one.day].append(one)
    odd = [one for day in by_day.values() if sum((one.amount for one in day), _ZERO) for one in day]
    if odd and "split" not in sheet.columns and len(made) > len(odd):
        msg = f"nothing on {odd[0].day} balances this line, while most transactions balance: a line is missing"
        raise sheet.refused(odd[0].row.number, msg)
    names = names_of(one.account for group in found for one in group)
    for day in by_day.values():
        if sum((one.amount for one in day), _ZERO):
            made += [_shown(sheet, one, names) for one in day]
        else:
            made += [entry(sheet, part) for part in _parted(day)]
    return [one for one in made if one], not odd


def _parted(group: Sequence[Posting]) -> Iterator[list[Posting]]:
    """A group that balances, in the smallest parts that do.

    Without a document's number, what has the same text and customer, the same customer, or the same text, is a part if
    it balances; of the rest, two lines of opposite amounts are one if no third has that amount.
    """
    left = list(group)
    numbered = all(one.number for one in group)
    for key in (_party,) if numbered else (_text_and_party, _party, _text):
        parts: dict[object, list[Posting]] = defaultdict(list)
        for one in left:
            parts[key(one)].append(one)
        if len(parts) == 1:
            continue
        left = []
        for part in parts.values():
            if sum((one.amount for one in part), _ZERO):
                left += part
            else:
                yield from [part] if numbered else _opposites(part)
    if left:
        yield from [left] if numbered else _opposites(left)


def _party(one: Posting) -> str:
    return one.row.text("counterparty")


def _text(one: Posting) -> str:
    return one.row.text("memo")


def _text_and_party(one: Posting) -> tuple[str, str]:
    return _text(one), _party(one)


def _opposites(part: Sequence[Posting]) -> Iterator[list[Posting]]:
    """Two lines each, as long as only two have an amount, with opposite signs and on two accounts; then the rest."""
    alike: dict[Decimal, list[Posting]] = defaultdict(list)
    for one in part:
        alike[abs(one.amount)].append(one)
    rest = []
    for found in alike.values():
        pair = len(found) == 2 and found[0].amount == -found[1].amount and found[0].account != found[1].account  # noqa: PLR2004 - two lines
        if pair:
            yield found
        else:
            rest += found
    if rest:
        yield sorted(rest, key=lambda one: one.row.number)


def with_other(sheet: Sheet, one: Posting) -> Entry | None:
    """A line with its other side as it names it; on no account if that is hidden."""
    split = one.split if one.split.casefold() not in SEVERAL else ""
    own = line(sheet, one)
    return entry(sheet, [one], [own, replace(own, account=split, amount=-one.amount)])


def _shown(sheet: Sheet, one: Posting, names: Mapping[str, str]) -> Entry | None:
    """A line with its other side, which the file does not show.

    Raises:
        NotReadableError: the file shows that account, without the line.
    """
    named = names.get(one.split.casefold(), one.account)
    if named != one.account:
        msg = f"its other side is {one.split!r}, and the section of that account does not have it"
        raise sheet.refused(one.row.number, msg)
    return with_other(sheet, one)
