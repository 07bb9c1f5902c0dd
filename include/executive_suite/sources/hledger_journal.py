"""hledger journals, by the program's own JSON export."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from executive_suite.config import ConfigError
from executive_suite.schema.quality import Fault
from executive_suite.sources import confined, included
from executive_suite.sources.postings import Account, Journal, Posting, Transaction, refused

PROGRAM = "hledger"
REAL = "RegularPosting"

_PLACE = re.compile(r"\"?(/[^\"\n:]+)\"?(?: \(lines? |:)(\d+)")
"""Where a complaint names file and line: ``"…" (lines 49-51)`` in older versions, ``….journal:49`` in newer ones."""

KINDS = {
    "A": ("asset", False),
    "C": ("asset", True),
    "L": ("liability", False),
    "E": ("equity", False),
    "V": ("equity", False),
    "R": ("revenue", False),
    "X": ("expense", False),
}


def read(path: Path, source: str) -> Journal:
    """A journal as hledger reads it, amounts at cost; its complaint, and accounts without a type, become faults.

    Raises:
        ConfigError: hledger is not installed.
    """
    if shutil.which(PROGRAM) is None:
        msg = f"{source}: the program {PROGRAM} is not installed; install it to read {path.name}"
        raise ConfigError(msg)
    found = loaded(path)
    used = {posting.account for entry in found.transactions for posting in entry.postings}
    untyped = [
        Fault(path.name, "must have a type that hledger knows", "declare it: account NAME  ; type: X", column=one.name)
        for one in found.accounts
        if not one.kind and one.name in used
    ]
    typed = tuple(one for one in found.accounts if one.kind)
    return replace(found, accounts=typed, faults=(*untyped, *found.faults))


def loaded(path: Path, *options: str) -> Journal:
    """A journal as hledger, which is installed, reads it: an account whose type it does not know has none.

    Args:
        path: Of the journal, or of a table with rules.
        options: Further arguments, such as the rules of a table.
    """
    if unsafe := included.hledger(path):
        return Journal((), (), tuple(unsafe))
    journal = [shutil.which(PROGRAM) or PROGRAM, "-f", str(path), *options]
    done = confined.run([*journal, "print", "--explicit", "--cost", "--output-format=json"], {})
    if done.complaint:
        return Journal((), (), (_refused(path, done.complaint),))
    listed = confined.run([*journal, "accounts", "--types", "--flat"], {}).printed
    accounts = [account(line) for line in listed.splitlines() if line.strip()]
    entries = json.loads(done.printed)
    held = _held(confined.run([*journal, "print", "--explicit", "--output-format=json"], {}).printed)
    files = confined.run([*journal, "files"], {}).printed
    return Journal(
        transactions=tuple(map(transaction, entries)),
        accounts=tuple(
            Account(name, *(kind or ("", False)), held=held.get(name, ()))
            for name, kind in sorted(accounts, key=lambda one: one[0])
        ),
        faults=tuple(fault for entry in entries for fault in _dated_apart(entry)),
        files=tuple(map(Path, files.splitlines())),
        left_out=sum(posting["ptype"] != REAL for entry in entries for posting in entry["tpostings"]),
    )


def _held(printed: str) -> dict[str, tuple[str, ...]]:
    """Account to the commodities in which it was posted."""
    found: dict[str, set[str]] = {}
    for entry in json.loads(printed or "[]"):
        for posting in entry["tpostings"]:
            own = found.setdefault(posting["paccount"], set())
            own.update(amount["acommodity"] for amount in posting["pamount"])
    return {name: tuple(sorted(units)) for name, units in found.items()}


def _refused(path: Path, complaint: str) -> Fault:
    """A complaint with the file and line that it names, which may be those of an included file."""
    places = ((Path(name), int(row)) for name, row in _PLACE.findall(complaint))
    file, row = next(((file, row) for file, row in places if file.is_file()), (path, 0))
    words = complaint.replace(str(path), path.name).replace(str(file), file.name)
    return refused(file.name, row, words, PROGRAM, "hledger check")


def _dated_apart(entry: dict[str, Any]) -> Iterator[Fault]:
    """Postings with a date of their own: the transaction would balance on neither day."""
    source = entry["tsourcepos"][0]
    for posting in entry["tpostings"]:
        if posting["pdate"] not in {None, entry["tdate"]}:
            rule = f"must have the date of its transaction ({entry['tdate']})"
            advice = "give it a transaction of its own, against an account for cash in transit"
            yield Fault(Path(source["sourceName"]).name, rule, advice, source["sourceLine"], value=posting["pdate"])


def account(line: str) -> tuple[str, tuple[str, bool] | None]:
    """An account's name, and its kind and whether it is cash (None if hledger does not know its type)."""
    # A name may hold a semicolon itself: one space before it begins no comment.
    name, mark, kind = line.rpartition("; type:")
    return (name if mark else line).strip(), KINDS.get(kind.strip()) if mark else None


def transaction(entry: dict[str, Any]) -> Transaction:
    """One transaction of the JSON export: its real postings, all at the transaction's line."""
    source = entry["tsourcepos"][0]
    postings = tuple(
        Posting(posting["paccount"], *_amount(amount), source["sourceLine"], dict(posting["ptags"]))
        for posting in entry["tpostings"]
        if posting["ptype"] == REAL
        for amount in posting["pamount"]
    )
    day, memo = date.fromisoformat(entry["tdate"]), entry["tdescription"].strip()
    return Transaction(day, memo, Path(source["sourceName"]).name, postings, dict(entry["ttags"]))


def _amount(amount: dict[str, Any]) -> tuple[Decimal, str]:
    quantity = amount["aquantity"]
    number = Decimal(quantity["decimalMantissa"]).scaleb(-quantity["decimalPlaces"])
    return number, amount["acommodity"]
