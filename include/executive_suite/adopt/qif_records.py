"""The records of a QIF file: fields of one letter each, ended by ``^``, under headers that say of what they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

KNOWN = re.compile(r"\s*!(?:Type|Account|Option|Clear)\b", re.IGNORECASE)
REGISTERS = {
    "bank": "Bank",
    "cash": "Cash",
    "ccard": "CCard",
    "oth a": "Oth A",
    "oth l": "Oth L",
}
"""Sections with transactions of an account, in lower case, to the type that they state."""
ACCOUNT = "account"
CATEGORY = "cat"
INVESTMENTS = frozenset({"invst", "port", "401(k)/403(b)"})

_APOSTROPHE = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*['’]\s*(\d{1,4})")
_YEARS_OF_TWO_FIGURES = re.compile(r"(\d{1,2})\s*([/.-])\s*(\d{1,2})\s*\2\s*(\d\d)")
_PIVOT = 70


@dataclass(slots=True)
class Part:
    """One line of a split: its category, amount and memo."""

    category: str
    amount: str = ""
    memo: str = ""


@dataclass(slots=True)
class Record:
    """One record.

    Attributes:
        row: Its first line.
        section: Of which it is: a type of register, ``account``, ``cat`` …, in lower case.
        account: The account whose register it is in; empty if the file names none.
        fields: First letter of a line to the rest of it; of several the first.
        parts: The lines of a split.
    """

    row: int
    section: str
    account: str
    fields: dict[str, str] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)

    def __getitem__(self, letter: str) -> str:
        """A field; empty if the record has none."""
        return self.fields.get(letter, "")


def records(text: str) -> Iterator[Record]:
    """Every record, of any section; an account's record also names the register that follows."""
    section, account = "", ""
    record: Record | None = None
    for row, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if line.startswith("!"):
            section = _section(line, section)
            record = None
        elif line.startswith("^"):
            if record is not None:
                if section == ACCOUNT:
                    account = record["N"]
                yield record
            record = None
        elif line:
            record = record or Record(row, section, account)
            _add(record, line[0], line[1:].strip())
    if record is not None:
        yield record


def whole_year(text: str) -> str:
    """A day with all figures of its year: after an apostrophe it is of this century.

    >>> whole_year("1/31' 5"), whole_year("1/31'25"), whole_year("7/18/98"), whole_year("31.01.2025")
    ('1/31/2005', '1/31/2025', '7/18/1998', '31.01.2025')
    """
    if found := _APOSTROPHE.fullmatch(text):
        first, second, year = found.groups()
        return f"{first}/{second}/{year if len(year) == len('2025') else 2000 + int(year)}"
    if found := _YEARS_OF_TWO_FIGURES.fullmatch(text):
        first, mark, second, year = found.groups()
        return f"{first}{mark}{second}{mark}{19 if int(year) >= _PIVOT else 20}{year}"
    return text


def _section(line: str, before: str) -> str:
    """The section that a header begins; options begin none."""
    word, _, kind = line[1:].partition(":")
    if word.lower() in {"option", "clear"}:
        return before
    return ACCOUNT if word.lower() == ACCOUNT else kind.strip().lower()


def _add(record: Record, letter: str, value: str) -> None:
    if letter == "S":
        record.parts.append(Part(value))
    elif letter == "$" and record.parts:
        record.parts[-1].amount = value
    elif letter == "E" and record.parts:
        record.parts[-1].memo = value
    else:
        record.fields.setdefault(letter, value)
