"""The classes of accounts that accrual books of a group like this one need."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Needed:
    """A class of accounts that accrual books need, as ``account_classes.csv`` lists them.

    Attributes:
        number: Its usual account number.
        subtypes: Subtypes by which the chart may show it.
        terms: Regular expression by which a name shows it.
    """

    number: str
    name: str
    type: str
    subtypes: tuple[str, ...]
    terms: str
    purpose: str


def _structure() -> tuple[Needed, ...]:
    text = resources.files(__package__).joinpath("account_classes.csv").read_text(encoding="utf-8")
    _, *rows = csv.reader(text.splitlines())
    return tuple(Needed(number, name, kind, tuple(subs.split()), *rest) for number, name, kind, subs, *rest in rows)


STRUCTURE = _structure()
