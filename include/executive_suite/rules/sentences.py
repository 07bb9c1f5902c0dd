"""Sentences of rules: text with places that are filled from figures and rows; nothing else in it is interpreted.

``{name}`` shows a value as its unit asks for, ``{name:form}`` in a stated form, ``{name:form words}`` in a form that
takes words. A part in square brackets is left out where one of its places is blank or zero.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from executive_suite import formats

BLANK = "not recorded"
MOST_NAMED = 3
"""Names that a sentence lists; of more it gives the number."""

ALWAYS = ("count", "of", "others", "at_stake", "names", "items", "since", "as_of", "last_month", "entity")
"""Places that every rule may use: rows that match and those looked through, those that match
besides the first, money at stake, the rows' names, the rows
inside of a sentence, the month before a streak, the report date, the latest complete month, the entity's name."""

PLACE = re.compile(r"\{(?P<name>[a-z_A-Z]+)(?::(?P<form>[a-z_]+)(?: (?P<words>[^{}]*))?)?\}")
OPTIONAL = re.compile(r"\[([^\[\]]*)\]")
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def filled(sentence: str, cells: Mapping[str, Any], units: Mapping[str, str]) -> str:
    """The sentence with its places filled.

    Args:
        sentence: The sentence.
        cells: Values by name.
        units: The units of those that have one.

    >>> filled("{who} holds {pct_bp:percent_bp}[, {left} left]", {"who": "A", "pct_bp": 4000, "left": 0}, {})
    'A holds 40%'
    >>> filled("{month:month}", {"month": "2026-04"}, {}), filled("{month:month}", {"month": "x"}, {})
    ('Apr 2026', 'x')
    """

    def shown(found: re.Match[str]) -> str:
        value, form, unit = cells.get(found["name"]), found["form"], units.get(found["name"])
        if value is None or value == "":
            return BLANK
        if form:
            return FORMS[form](value, found["words"] or "")
        if unit is None:
            return str(value)
        return formats.amount(value.isoformat() if isinstance(value, date) else value, unit)

    def kept(found: re.Match[str]) -> str:
        return found[1] if all(cells.get(name) for name in places(found[1])) else ""

    return PLACE.sub(shown, OPTIONAL.sub(kept, sentence))


def places(sentence: str) -> Iterator[str]:
    """The names that a sentence is filled from."""
    return (found["name"] for found in PLACE.finditer(sentence))


def check(sentence: str) -> None:
    """Refuse a sentence with a form that is not known.

    Raises:
        ValueError: such a form, named.
    """
    unknown = sorted({found["form"] for found in PLACE.finditer(sentence)} - {None, *FORMS})
    if unknown:
        msg = f"form {unknown[0]!r} is not one of {', '.join(FORMS)}"
        raise ValueError(msg)


def _series(names: Sequence[str], noun: str) -> str:
    """Names as a sentence lists them; the number of them where there are many."""
    return formats.counted(len(names), noun) if len(names) > MOST_NAMED else formats.series(names)


def _choice(value: Any, words: str) -> str:
    one, _, many = words.partition("|")
    return one if value == 1 else many


def _month(value: Any, _words: str) -> str:
    """A month of the form ``YYYY-MM`` as readers write it; other words stay."""
    return formats.month(value) if _MONTH.fullmatch(str(value)) else str(value)


def _sentence(value: Any, _words: str) -> str:
    text = str(value)
    return f"{text[:1].upper()}{text[1:]}."


DOCUMENTS: Mapping[str, str] = {
    "coi": "insurance certificate",
    "uscg_coi": "Coast Guard certificate",
    "captain_licence": "captain's license",
    "business_licence": "business license",
    "tot_registration": "lodging tax registration",
    "str_licence": "short-term rental license",
    "w9": "W-9",
}
"""Documents as readers know them, by kind."""
FORMS: Mapping[str, Callable[[Any, str], str]] = {
    "money": lambda value, _: formats.money(value),
    "share": lambda value, _: formats.share(value),
    "percent_bp": lambda value, _: formats.share(Decimal(value) / 10_000),
    "times": lambda value, _: formats.amount(Decimal(value), "x"),
    "day": lambda value, _: formats.day(value),
    "near": lambda value, _: formats.near(value),
    "month": _month,
    "yes_no": lambda value, _: "yes" if value else "no",
    "words": lambda value, _: str(value).replace("_", " "),
    "document": lambda value, _: DOCUMENTS.get(str(value), str(value).replace("_", " ")),
    "sentence": _sentence,
    "counted": formats.counted,
    "choose": _choice,
    "series": _series,
}
"""How a place of a sentence shows its value."""
