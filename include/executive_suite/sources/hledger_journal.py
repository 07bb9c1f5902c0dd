"""hledger journals, by the program's own JSON export."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from executive_suite.config import ConfigError
from executive_suite.schema.quality import Fault
from executive_suite.sources import confined, included
from executive_suite.sources.postings import Account, Journal, Posting, Price, Transaction, bounded, refused

PROGRAM = "hledger"
REAL = "RegularPosting"
BALANCE = ("balance", "--flat", "--no-total", "--real", "--empty", "--output-format=json")

_PLACE = re.compile(r"\"?(/[^\"\n:]+)\"?(?: \(lines? |:)(\d+)")
"""Where a complaint names file and line: ``"…" (lines 49-51)`` in older versions, ``….journal:49`` in newer ones."""

_PRICED = re.compile(
    r"P (?P<day>\d{4}-\d\d-\d\d) (?P<commodity>\"[^\"]+\"|\S+) "
    r"(?P<left>\"[^\"]+\"|[^\d\s.,+-]*) ?(?P<rate>\d[\d.,' ]*?) ?(?P<right>\"[^\"]+\"|[^\d\s]*)"
)

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
    done = confined.run([*journal, "print", "--explicit", "--cost", "--output-format=json"], {}, reads=path)
    if done.complaint:
        return Journal((), (), (_refused(path, done.complaint),))
    listed = confined.run([*journal, "accounts", "--types", "--flat"], {}, reads=path).printed
    accounts = [account(line) for line in listed.splitlines() if line.strip()]
    entries = json.loads(done.printed)
    own = confined.run([*journal, "print", "--explicit", "--output-format=json"], {}, reads=path).printed
    posted = [one for entry in json.loads(own or "[]") for one in _posted(entry)]
    held: dict[str, set[str]] = {}
    for _, name, amount in posted:
        held.setdefault(name, set()).add(amount["acommodity"])
    stated = confined.run([*journal, "prices"], {}, reads=path).printed
    marks = {amount["acommodity"]: _mark(amount.get("astyle", {})) for *_, amount in posted}
    files = confined.run([*journal, "files"], {}, reads=path).printed
    return bounded(
        Journal(
            transactions=tuple(map(transaction, entries)),
            accounts=tuple(
                Account(name, *(kind or ("", False)), held=tuple(sorted(held.get(name, ()))))
                for name, kind in sorted(accounts, key=lambda one: one[0])
            ),
            faults=tuple(fault for entry in entries for fault in _dated_apart(entry)),
            files=tuple(map(Path, files.splitlines())),
            balances=_balances(confined.run([*journal, *BALANCE], {}, reads=path).printed),
            left_out=sum(posting["ptype"] != REAL for entry in entries for posting in entry["tpostings"]),
            prices=(
                *(price for day, _, amount in posted for price in _paid(day, amount)),
                *(price for line in stated.splitlines() for price in _stated(line, marks)),
            ),
        )
    )


def _mark(style: Mapping[str, Any]) -> str | None:
    """The decimal mark of a commodity; newer versions give it another name."""
    return style.get("asdecimalpoint") or style.get("asdecimalmark")


def _posted(entry: dict[str, Any]) -> Iterator[tuple[date, str, dict[str, Any]]]:
    """Each amount of an entry of the JSON export, with its day and account."""
    for posting in entry["tpostings"]:
        for amount in posting["pamount"]:
            yield date.fromisoformat(entry["tdate"]), posting["paccount"], amount


def _balances(printed: str) -> dict[str, Decimal]:
    """Account to its balance, where that is of one commodity; what sums to zero is of none."""
    rows, _ = json.loads(printed or "[[], []]")
    return {
        name: _amount(amounts[0])[0] if amounts else Decimal(0) for name, _, _, amounts in rows if len(amounts) <= 1
    }


def _paid(day: date, amount: dict[str, Any]) -> Iterator[Price]:
    """What was paid for one unit of an amount, if its cost is stated."""
    paid = amount.get("aprice") or amount.get("acost")  # its name in newer versions
    if not paid:
        return
    (units, commodity), (cost, currency) = _amount(amount), _amount(paid["contents"])
    if paid["tag"] in {"UnitPrice", "UnitCost"}:
        yield Price(day, commodity, cost, currency)
    elif units:
        yield Price(day, commodity, abs(cost / units), currency)


def _stated(line: str, marks: Mapping[str, str | None]) -> Iterator[Price]:
    """A line of ``hledger prices``, which writes each amount in the style of its commodity.

    >>> [str(one.rate) for one in _stated("P 2025-01-31 EUR $1.085", {"$": "."})]
    ['1.085']
    >>> [str(one.rate) for one in _stated("P 2025-01-31 USD 1.234,5 RUB", {"RUB": ","})]
    ['1234.5']
    """
    if found := _PRICED.fullmatch(line.strip()):
        currency = (found["left"] or found["right"]).strip('"')
        mark = marks.get(currency) or "."
        figures = "".join("." if one == mark else one for one in found["rate"] if one.isdecimal() or one == mark)
        day, commodity = date.fromisoformat(found["day"]), found["commodity"].strip('"')
        yield Price(day, commodity, Decimal(figures), currency)


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
