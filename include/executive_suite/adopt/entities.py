"""Whose a file is: the company in its title, the entity that the user names, or the only one that there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from executive_suite.adopt.classify import plain
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import NotReadableError, Reading

GROUP = "group"
RESERVED = frozenset({GROUP, "parent", "elimination"})
"""Words that figures and statements use for something else than an entity."""
_LONGEST = 24
_LEGAL = frozenset(
    {"llc", "inc", "ltd", "corp", "co", "company", "gmbh", "sl", "sa", "sarl", "sas", "ug", "ag", "lp", "llp"}
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A company of the group: its key, its name, and the currency of its books (empty if no file says it)."""

    entity_id: str
    name: str
    currency: str = ""


def slug(name: str) -> str:
    """A name as a key: its first words, without what every company has.

    >>> slug("Cafe Umlaut GmbH"), slug("3028 51st St Rental, LLC"), slug("Group")
    ('cafe-umlaut', 'e-3028-51st-st-rental', 'e-group')
    """
    words = re.findall(r"[a-z0-9]+", plain(name))
    kept = [word for word in words if word not in _LEGAL] or words
    key = ""
    for word in kept:
        if key and len(key) + len(word) >= _LONGEST:
            break
        key = f"{key}-{word}" if key else word[:_LONGEST]
    return key if key[:1].isalpha() and key not in RESERVED else f"e-{key}".rstrip("-")


def known(kept: Kept) -> list[Entity]:
    """The companies that the folder has; the whole group is none of them."""
    return [
        Entity(row["entity_id"], row["name"], row["base_currency"])
        for row in kept.rows("entity")
        if row["kind"] != GROUP
    ]


def assigned(readings: Sequence[Reading], kept: Kept, chosen: str, name: str) -> list[Entity]:
    """The entity of each file.

    A title names it. A file without a title is of the entity that the user chose, else of the only one that there is,
    in the folder or among the files brought with it; without any, the group's name is the company's.

    Args:
        readings: What was read.
        kept: The folder.
        chosen: ``--entity``; empty if not given.
        name: ``--name``, or the folder's.

    Raises:
        NotReadableError: a file could be of several entities, or of another than the chosen one.
    """
    there = known(kept)
    for reading in readings:
        if reading.company and _by_name(there, reading.company) is None:
            there.append(_new(reading, there, chosen, readings))
    found = []
    for reading in readings:
        one = _by_name(there, reading.company) if reading.company else _untitled(reading, there, kept, chosen)
        if one is None:
            one = Entity(chosen or slug(name), name, "")
            there.append(one)
        found.append(one)
    return found


def _by_name(there: Iterable[Entity], company: str) -> Entity | None:
    return next((one for one in there if _bare(one.name) == _bare(company)), None)


def _bare(name: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", plain(name)))


def _new(reading: Reading, there: Sequence[Entity], chosen: str, readings: Sequence[Reading]) -> Entity:
    titles = {_bare(one.company) for one in readings if one.company}
    taken = {one.entity_id: one for one in there}
    if chosen and len(titles) == 1:
        if chosen in taken:
            msg = (
                f"{reading.file}: is of {reading.company}, but --entity {chosen} is {taken[chosen].name}; "
                "leave --entity out, or choose another"
            )
            raise NotReadableError(msg)
        return Entity(chosen, reading.company, reading.currency)
    key, number = slug(reading.company), 1
    while key in taken:
        number += 1
        key = f"{slug(reading.company)}-{number}"
    return Entity(key, reading.company, reading.currency)


def _untitled(reading: Reading, there: Sequence[Entity], kept: Kept, chosen: str) -> Entity | None:
    """The entity of a file that names no company; None if there is none yet."""
    by_key = {one.entity_id: one for one in there}
    if chosen:
        return by_key.get(chosen)
    accounts = {line.account for line in reading.bank_lines}
    earlier = {one.entity_id for one in kept.files if one.account and one.account in accounts}
    if len(earlier) == 1 and earlier <= by_key.keys():
        return by_key[earlier.pop()]
    if len(there) > 1:
        names = " or ".join(f"--entity {one.entity_id} ({one.name})" for one in there)
        msg = f"{reading.file}: names no company; say whose it is: {names}"
        raise NotReadableError(msg)
    return there[0] if there else None


def rows(entities: Iterable[Entity], kept: Kept, name: str, currency: str, zone: str) -> list[Row]:
    """The table of entities: those that it has, those that came, and the group itself."""
    table = kept.rows("entity")
    there = {row["entity_id"] for row in table}
    if GROUP not in {row["kind"] for row in table}:
        table.insert(0, {"entity_id": GROUP, "kind": GROUP, "name": name, "base_currency": currency, "timezone": zone})
    group = next(row for row in table if row["kind"] == GROUP)
    for one in entities:
        if one.entity_id not in there:
            there.add(one.entity_id)
            table.append(
                {
                    "entity_id": one.entity_id,
                    "kind": "business",
                    "name": one.name,
                    "parent_entity_id": group["entity_id"],
                    "base_currency": one.currency or group["base_currency"],
                    "timezone": group["timezone"],
                }
            )
    return table
