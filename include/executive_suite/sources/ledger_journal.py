"""Journals of ledger-cli, by the program's own register of real postings at cost."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from executive_suite.schema.quality import Fault
from executive_suite.sources import confined, included
from executive_suite.sources.postings import Account, Journal, Posting, Price, Transaction, bounded, refused

PROGRAM = "ledger"
FIELDS = (
    *(
        'format_date(xact.date,"%Y-%m-%d")',
        'format_date(date,"%Y-%m-%d")',
        "xact.filename",
        "xact.beg_line",
        "beg_line",
    ),
    *("account", "quantity(cost)", "commodity(cost)", "commodity(amount)", "payee"),
)
PRICES = ('format_date(date,"%Y-%m-%d")', "display_account", "quantity(display_amount)", "commodity(display_amount)")
NOBODYS = ["--args-only", "--init-file", "/dev/null", "--price-db", "/dev/null"]
"""No settings of the machine's user."""

_MARK = "\x1f"
_LINE = "\x1e"
_PLACE = re.compile(r'"([^"\n]+)", lines? (\d+)')


def loaded(path: Path) -> Journal:
    """A journal as ledger, which is installed, reads it: without types of accounts, and its complaint as a fault."""
    if unsafe := included.ledger(path):
        return Journal((), (), tuple(unsafe))
    program = [shutil.which(PROGRAM) or PROGRAM, *NOBODYS, "-f", str(path)]
    done = confined.run([*program, "register", "--format", _shown(FIELDS), "--real"], {}, reads=path)
    if done.complaint:
        return Journal((), (), (_refused(path, done.complaint),))
    every = confined.run([*program, "register", "--format", _LINE], {}, reads=path).printed
    priced = confined.run([*program, "pricedb", "--pricedb-format", _shown(PRICES)], {}, reads=path).printed
    rows = _rows(done.printed)
    entries = [list(own) for _, own in groupby(rows, key=lambda row: (row[2], row[3]))]
    held: dict[str, set[str]] = {}
    for row in rows:
        held.setdefault(row[5], set()).add(_commodity(row[8]))
    files = (Path(row[2]) for row in rows if row[2])
    return bounded(
        Journal(
            transactions=tuple(map(_transaction, entries)),
            accounts=tuple(Account(name, "", held=tuple(sorted(units))) for name, units in sorted(held.items())),
            faults=tuple(_dated_apart(rows)),
            files=tuple(dict.fromkeys((path.resolve(), *files))),
            left_out=every.count(_LINE) - len(rows),
            prices=tuple(
                Price(date.fromisoformat(day), _commodity(commodity), Decimal(rate), _commodity(currency))
                for day, commodity, rate, currency in _rows(priced)
            ),
        )
    )


def _shown(fields: Sequence[str]) -> str:
    """A format that prints fields so that nothing in them can be taken for their end."""
    return _MARK.join(f"%({field})" for field in fields) + _LINE


def _rows(printed: str) -> list[list[str]]:
    return [row.split(_MARK) for row in printed.split(_LINE)[:-1]]


def _transaction(rows: list[list[str]]) -> Transaction:
    postings = tuple(Posting(row[5], Decimal(row[6]), _commodity(row[7]), int(row[4])) for row in rows)
    day, _, file, *_ = rows[0]
    return Transaction(date.fromisoformat(day), rows[0][9].strip(), Path(file).name, postings)


def _commodity(name: str) -> str:
    """A commodity without quotes and without the lot that it is of."""
    return name.partition(" {")[0].strip('"')


def _dated_apart(rows: list[list[str]]) -> Iterator[Fault]:
    """Postings with a date of their own: the transaction would balance on neither day."""
    for row in rows:
        if row[0] != row[1]:
            rule = f"must have the date of its transaction ({row[0]})"
            advice = "give it a transaction of its own, against an account for cash in transit"
            yield Fault(Path(row[2]).name, rule, advice, int(row[4]), value=row[1])


def _refused(path: Path, complaint: str) -> Fault:
    """A complaint with the file and line that it names, which may be those of an included file."""
    places = ((Path(name), int(row)) for name, row in _PLACE.findall(complaint))
    file, row = next(((file, row) for file, row in places if file.is_file()), (path, 0))
    words = complaint.replace(str(path), path.name).replace(str(file), file.name)
    return refused(file.name, row, words, PROGRAM, "ledger balance")
