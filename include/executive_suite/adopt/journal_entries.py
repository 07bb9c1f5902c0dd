"""What a journal's transactions are as entries, whichever program read it: money at cost, in whole cents."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

from executive_suite.adopt import rates
from executive_suite.adopt.money import money
from executive_suite.adopt.reading import (
    Account,
    AccountType,
    Entry,
    LeftOut,
    Line,
    NotReadableError,
    Origin,
    Reading,
    Total,
)
from executive_suite.adopt.refusing import printable, refusal
from executive_suite.adopt.upload import Upload
from executive_suite.schema.quality import Fault
from executive_suite.sources.journal import in_cents
from executive_suite.sources.postings import Account as JournalAccount
from executive_suite.sources.postings import Journal, Transaction

TYPES: Mapping[str, AccountType | Literal[""]] = {one: one for one in get_args(AccountType)} | {"": ""}


def reading(upload: Upload, program: str, journal: Journal, with_files: Sequence[Path] = ()) -> Reading:
    """What a journal says, as a program read it.

    Args:
        upload: The file that was brought.
        program: Which read it.
        journal: What it read.
        with_files: Other files on which that depends, besides those that the journal includes.

    Raises:
        NotReadableError: the program refused it, or nothing in it is money.
    """
    for fault in journal.faults:
        raise _refused(fault)
    left: Counter[str] = Counter()
    entries = tuple(entry for one in journal.transactions if (entry := _entry(one, left)) is not None)
    if not entries:
        raise refusal(upload.name, 0, f"no transaction with an amount in a currency was found, as {program} reads it")
    currencies = Counter(line.currency for entry in entries for line in entry.lines)
    main = journal.currency or currencies.most_common(1)[0][0]
    left_out = [
        LeftOut("virtual postings", journal.left_out),
        LeftOut(f"postings in commodities that are not money ({', '.join(sorted(left)[:5])})", left.total()),
    ]
    days = [entry.day for entry in entries]
    return replace(
        upload.reading(program, "journal", "books"),
        sha256=_sha256(upload, (*journal.files, *with_files)),
        company=printable(journal.title),
        currency=main if main.isalpha() else "",
        begins=min(days),
        ends=max(days),
        named=True,
        accounts=tuple(
            Account(one.name, type=TYPES[one.kind], subtype=one.tags.get("subtype", ""), is_cash=_is_cash(one))
            for one in journal.accounts
        ),
        entries=entries,
        totals=tuple(_totals(upload.name, journal, main, max(days))),
        records=rates.records(upload.name, journal.prices, main, currencies),
        left_out=tuple(one for one in left_out if one.count),
    )


def _totals(file: str, journal: Journal, main: str, ends: date) -> Iterator[Total]:
    """What the program itself says is on each account at the end: on those that are kept in the books' own currency.

    Of the balance sheet only, and without accounts below: those are what a program carries on and sums alike.
    """
    above = {one.name.rpartition(":")[0] for one in journal.accounts}
    for one in journal.accounts:
        own = {money(commodity) for commodity in one.held} == {main} and one.name not in above
        if own and one.kind in {"asset", "liability"} and one.name in journal.balances:
            yield Total("balance", journal.balances[one.name], ends, Origin(file, one.row), one.name)


def _is_cash(one: JournalAccount) -> bool | None:
    """What a journal says of an account: what only ever holds shares is no money, whatever it is called."""
    if one.cash:
        return True
    return False if one.held and all(money(commodity) is None for commodity in one.held) else None


def _entry(one: Transaction, left: Counter[str]) -> Entry | None:
    """A transaction in whole cents of currencies; None if nothing in it is money."""
    postings = []
    for posting in one.postings:
        currency = money(posting.currency)
        if currency is not None:
            postings.append(replace(posting, currency=currency))
        elif posting.amount:
            left[printable(posting.currency, 20)] += 1
    kept = [(posting, cents) for posting, cents in zip(postings, in_cents(postings), strict=True) if cents]
    rests: Counter[str] = Counter()
    for posting, cents in kept:
        rests[posting.currency] += cents
    if any(rests.values()):
        raise refusal(one.file, one.postings[0].row, f"its amounts do not sum to zero, but to {rests}")
    if not kept:
        return None
    payee, parted, note = (part.strip() for part in one.memo.partition("|"))
    lines = tuple(
        Line(
            account=posting.account,
            amount=Decimal(cents).scaleb(-2),
            origin=Origin(one.file, posting.row),
            currency=posting.currency,
            memo=printable(f"{payee} {note}"),
            counterparty=printable(payee) if parted else "",
        )
        for posting, cents in kept
    )
    return Entry(number=one.tags.get("txn_id", ""), day=one.day, lines=lines)


def _refused(fault: Fault) -> NotReadableError:
    value = f" and is {fault.value}" if fault.value else ""
    return refusal(fault.file, fault.row or 0, f"{fault.rule}{value}; {fault.advice}")


def _sha256(upload: Upload, files: Sequence[Path]) -> str:
    """Of the file, with those on which its content depends: a change in any of them is a change."""
    others = [file for file in files if file.resolve() != upload.path.resolve()]
    if not others:
        return upload.sha256
    whole = hashlib.sha256(upload.body)
    for file in others:
        whole.update(file.read_bytes())
    return whole.hexdigest()
