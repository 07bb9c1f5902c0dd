"""Plain-text journals of beancount, hledger and ledger, each as its own program reads it, amounts at cost."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Literal, get_args

from executive_suite.adopt.money import money
from executive_suite.adopt.reading import Account, AccountType, Entry, LeftOut, Line, NotReadableError, Origin, Reading
from executive_suite.adopt.refusing import printable, refusal
from executive_suite.adopt.upload import Upload
from executive_suite.schema.quality import Fault
from executive_suite.sources import hledger_journal, ledger_journal
from executive_suite.sources.journal import in_cents
from executive_suite.sources.postings import Journal, Transaction

TYPES: Mapping[str, AccountType | Literal[""]] = {one: one for one in get_args(AccountType)} | {"": ""}
MOST_BYTES = 64 << 20
SAMPLE = 200_000
"""Bytes of a file that show what it is."""

_BEANCOUNT = re.compile(
    r'^(?:\d{4}[-/]\d\d[-/]\d\d\s+(?:open|pad|balance|close)\s+[\w-]+:|option\s+"\w+"\s+")', re.MULTILINE
)
_ENTRY = re.compile(
    r"^(?:\d{4}[-/.])?\d{1,2}[-/.]\d{1,2}(?:=[\d/.-]+)?(?:[ \t]+\S.*)?\n(?:[ \t]+;.*\n)*[ \t]+[^\s;].*$", re.MULTILINE
)
_INCLUDE = re.compile(r"^[!@]?include[ \t]+\S+", re.MULTILINE)
_LEDGERS = re.compile(
    r"^(?:bucket|assert|check|define|A|fixed|capture)[ \t]|^(?:account|payee)[ \t].*\n[ \t]+(?:alias|default|note)\b"
    r"|^[ \t]+\S.*\d[ \t]*[A-Za-z]*[ \t]*\{",
    re.MULTILINE,
)
"""What ledger knows, and hledger refuses or passes over: among it aliases, and the lots of what is sold."""
_HLEDGERS = re.compile(r"^decimal-mark[ \t]|^account[ \t].*;.*\btype:|[ \t]==?\*|[ \t]==[ \t]", re.MULTILINE)
"""What hledger knows, and ledger does not."""
_SUFFIXES = {"ledger": frozenset({".ledger", ".ldg", ".dat"}), "beancount": frozenset({".beancount", ".bean"})}


def read(upload: Upload) -> Reading | None:
    """A journal's transactions; virtual postings and commodities that are no money are left out and counted."""
    program = _program(upload)
    if program is None:
        return None
    if len(upload.body) > MOST_BYTES:
        raise refusal(upload.name, 0, f"it is larger than {MOST_BYTES >> 20} MB; split it by years")
    return reading(upload, program, _journal(upload.path.resolve(), program))


def reading(upload: Upload, program: str, journal: Journal) -> Reading:
    """What a journal says, as a program read it.

    Raises:
        NotReadableError: the program refused it, or nothing in it is money.
    """
    for fault in journal.faults:
        raise _refused(fault)
    left: Counter[str] = Counter()
    entries = tuple(entry for one in journal.transactions if (entry := _entry(one, left)) is not None)
    if not entries:
        raise refusal(upload.name, 0, f"no transaction with an amount in a currency was found, as {program} reads it")
    currencies = {line.currency for entry in entries for line in entry.lines}
    stated = journal.currency or (currencies.pop() if len(currencies) == 1 else "")
    left_out = [
        LeftOut("virtual postings", journal.left_out),
        LeftOut(f"postings in commodities that are not money ({', '.join(sorted(left)[:5])})", left.total()),
    ]
    days = [entry.day for entry in entries]
    return Reading(
        file=upload.name,
        sha256=_sha256(upload, journal),
        program=program,
        report="journal",
        kind="books",
        company=printable(journal.title),
        currency=stated if stated.isalpha() else "",
        begins=min(days),
        ends=max(days),
        accounts=tuple(
            Account(one.name, type=TYPES[one.kind], subtype=one.tags.get("subtype", ""), is_cash=one.cash or None)
            for one in journal.accounts
        ),
        entries=entries,
        left_out=tuple(one for one in left_out if one.count),
    )


def _program(upload: Upload) -> str | None:
    """Which program a file is for: by what only one of them writes, else by its name, else hledger."""
    if b"\0" in upload.body[:SAMPLE]:
        return None
    text = upload.body[:SAMPLE].decode("utf-8", "replace").replace("\r\n", "\n")
    suffix = upload.path.suffix.lower()
    if suffix in _SUFFIXES["beancount"] or _BEANCOUNT.search(text):
        return "beancount"
    if not _ENTRY.search(text) and not (_INCLUDE.search(text) and suffix in {".journal", ".hledger", ".j", ".ledger"}):
        return None
    if _LEDGERS.search(text) or (suffix in _SUFFIXES["ledger"] and not _HLEDGERS.search(text)):
        wanted = ("ledger",) if _LEDGERS.search(text) else ("ledger", "hledger")
    else:
        wanted = ("hledger",)
    installed = next(filter(shutil.which, wanted), None)
    if installed is None:
        raise refusal(upload.name, 0, f"the program {wanted[0]} is needed to read it, and is not installed")
    return installed


def _journal(path: Path, program: str) -> Journal:
    if program == "beancount":
        from executive_suite.sources import beancount_journal  # slow to import

        return beancount_journal.read(path)
    return hledger_journal.loaded(path) if program == "hledger" else ledger_journal.loaded(path)


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


def _sha256(upload: Upload, journal: Journal) -> str:
    """Of the journal, with the journals that it includes: a change in any of them is a change."""
    others = [file for file in journal.files if file.resolve() != upload.path.resolve()]
    if not others:
        return upload.sha256
    whole = hashlib.sha256(upload.body)
    for file in others:
        whole.update(file.read_bytes())
    return whole.hexdigest()
