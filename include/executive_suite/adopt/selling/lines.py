"""The reading of a platform's table: entries, its accounts, and what a person should know."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from executive_suite.adopt.layouts.postings import numbered
from executive_suite.adopt.reading import Entry, LeftOut, NotReadableError, Reading, Record
from executive_suite.adopt.selling.desk import Desk
from executive_suite.adopt.sheet import Sheet


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
    shown = (
        f"Cash includes what {desk.program} held; what it paid out is on the account {desk.name('payouts')}, because "
        "this file does not show the bank account."
    )
    return Reading(
        file=one.upload.name,
        sha256=one.upload.sha256,
        program=one.profile.program,
        report=one.profile.report,
        kind="sales",
        currency=codes.pop() if len(codes) == 1 else "",
        begins=begins or made[0].day,
        ends=ends or made[-1].day,
        whole=whole,
        accounts=desk.accounts(made),
        entries=made,
        records=tuple(records),
        left_out=tuple(LeftOut(what, count) for what, count in sorted(left.items())),
        remarks=(shown, *remarks),
    )
