"""Counts with their nouns, and names as a sentence lists them."""

from __future__ import annotations

from collections.abc import Sequence

from executive_suite.facts.fact import Value, number_of
from executive_suite.formats.units import amount
from executive_suite.wording import say, say_many

_SEVERAL = 2


def counted(count: Value | None, noun: str) -> str:
    """A count with its noun.

    >>> counted(1, "job"), counted(2, "bank line"), counted(3, "entity"), counted(2, "day")
    ('1 job', '2 bank lines', '3 entities', '2 days')
    """
    number = number_of(count, "count") if count is not None else None
    return say_many(*both(noun), 0 if number is None else number, count=amount(count, "count"))


def both(noun: str) -> tuple[str, str]:
    """A noun with the field of its count, for one and for many.

    >>> both("entity")
    ('{count} entity', '{count} entities')
    """
    many = f"{noun[:-1]}ies" if noun.endswith("y") and noun[-2] not in "aeo" else f"{noun}s"
    return f"{{count}} {noun}", f"{{count}} {many}"


def series(names: Sequence[str]) -> str:
    """Names as a sentence lists them.

    >>> series(["Sailo"]), series(["Sailo", "GetMyBoat"]), series(["a", "b", "c"])
    ('Sailo', 'Sailo and GetMyBoat', 'a, b and c')
    """
    if len(names) < _SEVERAL:
        return "".join(names)
    return say("{first} and {last}", first=", ".join(names[:-1]), last=names[-1])
