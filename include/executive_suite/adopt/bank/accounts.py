"""Whose account a statement is of: by a column, the title above the rows, or the file's name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from executive_suite.adopt import profile
from executive_suite.adopt.sheet import Row, Sheet

OWN = frozenset(
    {
        *("auftragskonto", "iban auftragskonto", "iban kontoinhaber", "iban/bban", "rekening", "rekeningnummer"),
        *("account #", "bank account", "source account", "accountnum", "numéro de compte"),
    }
)
"""Headers that are never the other side's account."""
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_NUMBER = re.compile(
    r"(?:account|acct|konto|cuenta|compte|rekening|conto|card|karte)\b[^\d]{0,30}?((?:[x*\u2022. -]*\d){4,})",
    re.IGNORECASE,
)
_FILE = re.compile(r"chase(\d{4})_|[x*]{2,}(\d{4})(?!\d)", re.IGNORECASE)
_SAVINGS = re.compile(r"saving|tagesgeld|sparkonto|ahorro|épargne|epargne|livret|risparmio|spaar", re.IGNORECASE)
_DIGITS = 4


def column(sheet: Sheet, rows: Sequence[Row]) -> int | None:
    """The column with the account that each row is of; None if there is none.

    A column that may also be the other side's counts if it says the same in every row.
    """
    for at in sheet.columns.get("account", ()):
        cells = [row.cells[at] if at < len(row.cells) else "" for row in rows]
        own = profile.plain(sheet.header[at]) in OWN
        if rows and all(cells) and (own or len(set(cells)) == 1):
            return at
    return None


def undecided(sheet: Sheet, rows: Sequence[Row]) -> int | None:
    """The column with accounts that may be the rows' own or the other side's; None if there is none."""
    for at in sheet.columns.get("account", ()):
        cells = [row.cells[at] if at < len(row.cells) else "" for row in rows]
        if rows and all(cells) and len(set(cells)) > 1 and profile.plain(sheet.header[at]) not in OWN:
            return at
    return None


def names_accounts(sheet: Sheet, rows: Sequence[Row]) -> bool:
    """Whether a column names accounts of books ("Rent"), so that the table is a journal and no statement."""
    for at in sheet.columns.get("account", ()):
        cells = {row.cells[at] for row in rows if at < len(row.cells) and row.cells[at]}
        if len(cells) > 1 and any(not any(letter.isdigit() for letter in cell) for cell in cells):
            return profile.plain(sheet.header[at]) in {"account", "konto", "cuenta", "compte", "conto"}
    return False


def stated(texts: Iterable[str], file: str) -> str:
    """The number that the title or the file's name states; empty if they state none.

    >>> stated(["Girokonto DE89370400440532013000", "Kontostand vom 31.01.2025: 5,00 EUR"], "x.csv")
    'DE89370400440532013000'
    >>> stated([], "Chase4321_Activity20250131.CSV")
    '4321'
    """
    for text in texts:
        if found := _IBAN.search(text) or _NUMBER.search(text):
            return found[1] if found.re is _NUMBER else found[0]
    named = _FILE.search(file)
    return next(filter(None, named.groups()), "") if named else ""


def name(number: str, *, card: bool, about: Iterable[str] = ()) -> str:
    """The account as books may name it: its kind and the last four digits, the same in every file of one account.

    >>> name("DE89 3704 0044 0532 0130 00", card=False), name("", card=True), name("Reserve", card=False)
    ('Checking 3000', 'Credit card', 'Reserve')
    """
    digits = "".join(letter for letter in number if letter.isdigit())
    if number and len(digits) < _DIGITS:
        return number.strip()
    savings = any(_SAVINGS.search(text) for text in (number, *about))
    kind = "Credit card" if card else "Savings" if savings else "Checking" if digits else "Bank account"
    return f"{kind} {digits[-_DIGITS:]}".strip()


def distinct(names: Sequence[str]) -> bool:
    """Whether no two accounts would be called the same."""
    return max(Counter(names).values(), default=0) <= 1
