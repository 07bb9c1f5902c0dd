"""The reading of a platform's table: entries, its accounts, and what a person should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from executive_suite.adopt import profile, sheet
from executive_suite.adopt.bank import headers
from executive_suite.adopt.layouts.postings import numbered
from executive_suite.adopt.profile import PROFILES
from executive_suite.adopt.reading import Entry, LeftOut, NotReadableError, Reading, Record
from executive_suite.adopt.selling.desk import Desk
from executive_suite.adopt.sheet import Row, Sheet
from executive_suite.adopt.upload import Upload

SALES = PROFILES / "sales"


def tables(upload: Upload, *layouts: str) -> tuple[Sheet, ...]:
    """The tables of a file that have one of these layouts."""
    known = [one for one in profile.profiles(SALES) if one.layout in layouts]
    order = headers.order_of_days(upload, known) or upload.day_order
    return sheet.found(replace(upload, day_order=order), known)


def unknown(words: Mapping[str, Row]) -> Iterator[str]:
    """What a person should know of words that say what a row was for and are not known, by the first row of each."""
    for word, row in words.items():
        yield f"Row {row.number}: what {word!r} was for is not known; it is unclassified."


def reading(
    one: Sheet,
    desk: Desk,
    entries: Iterable[Entry],
    *,
    left: Counter[str],
    records: Sequence[Record] = (),
    remarks: Iterable[str] = (),
    whole: bool = True,
) -> Reading:
    """All that the table says.

    Raises:
        NotReadableError: it has no sale.
    """
    made = numbered(entries)
    if not made:
        msg = f"{one.upload.name}: no sale and no payout"
        raise NotReadableError(msg)
    begins, ends = one.title.period or (None, None)
    codes = {line.currency for entry in made for line in entry.lines}
    return replace(
        one.reading("sales"),
        currency=codes.pop() if len(codes) == 1 else "",
        begins=begins or made[0].day,
        ends=ends or made[-1].day,
        whole=whole,
        accounts=desk.accounts(made),
        entries=made,
        records=tuple(records),
        left_out=tuple(LeftOut(what, count) for what, count in sorted(left.items())),
        remarks=(desk.shown, *remarks),
    )
