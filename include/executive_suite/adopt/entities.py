"""Whose a file is: the company in its title, the entity that the user names, or the only one that there is."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from executive_suite.adopt.kept import ACCOUNTS, Kept
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.identity import plain

GROUP = "group"
RESERVED = frozenset({GROUP, "parent", "elimination"})
"""Words that figures and statements use for something else than an entity."""
_LONGEST = 24
_LEGAL = frozenset(
    {"llc", "inc", "ltd", "corp", "co", "company", "gmbh", "sl", "sa", "sarl", "sas", "ug", "ag", "lp", "llp"}
)


@dataclass(frozen=True, slots=True)
class Entity:
    """A company of the group.

    Attributes:
        entity_id: Its key.
        name: As a title has it; else as the user calls it.
        currency: Of its books; empty if no file says it.
        titled: The file whose title names it; empty if none does.
    """

    entity_id: str
    name: str
    currency: str = ""
    titled: str = ""


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
        Entity(row["entity_id"], row["name"], row["base_currency"], row.get("source_file", ""))
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
    there = {one.entity_id: one for one in known(kept)}
    titles = dict.fromkeys(_bare(one.company) for one in readings if one.company)
    for reading in readings:
        if reading.company and not any(_is(one, reading.company) for one in there.values()):
            one = _titled(reading, there, chosen if len(titles) == 1 else "")
            there[one.entity_id] = one
    found = []
    for reading in readings:
        if reading.company:
            found.append(next(one for one in there.values() if _is(one, reading.company)))
            continue
        key = _untitled(reading, there, kept, chosen) or slug(name)
        if key not in there:
            there[key] = Entity(key, chosen or name)
        found.append(there[key])
    return found


def _is(one: Entity, company: str) -> bool:
    return bool(one.titled) and _bare(one.name) == _bare(company)


def _bare(name: str) -> str:
    return "".join(re.findall(r"[a-z0-9]+", plain(name)))


def _titled(reading: Reading, there: Mapping[str, Entity], chosen: str) -> Entity:
    """The entity of a title that comes first: the chosen one, else the one that had no title yet, else a new one."""
    wanted = chosen or slug(reading.company)
    untitled = [key for key, one in there.items() if not one.titled]
    if not chosen and len(there) == 1 and untitled:
        wanted = untitled[0]
    if wanted in there and wanted not in untitled:
        if chosen:
            msg = (
                f"{reading.file}: is of {reading.company}, but --entity {chosen} is {there[chosen].name}; "
                "leave --entity out, or choose another"
            )
            raise NotReadableError(msg)
        wanted = next(key for number in range(2, len(there) + 3) if (key := f"{wanted}-{number}") not in there)
    currency = there[wanted].currency if wanted in there else reading.currency
    return Entity(wanted, reading.company, currency, reading.file)


def _untitled(reading: Reading, there: Mapping[str, Entity], kept: Kept, chosen: str) -> str:
    """The key of the entity of a file that names no company; there may be none of it yet."""
    if chosen:
        return chosen
    accounts = {line.account for line in reading.bank_lines}
    earlier = {one.entity_id for one in kept.files if accounts & {*one.account.split(ACCOUNTS)}} & there.keys()
    if len(earlier) == 1:
        return earlier.pop()
    if len(there) > 1:
        names = " or ".join(f"--entity {one.entity_id} ({one.name})" for one in there.values())
        msg = f"{reading.file}: names no company; say whose it is: {names}"
        raise NotReadableError(msg)
    return next(iter(there), "")


def keep(entities: Iterable[Entity], kept: Kept, name: str, currency: str, zone: str) -> None:
    """Keep the entities that came first or have a title now, and the group itself."""
    table = kept.rows("entity")
    if GROUP not in {row["kind"] for row in table}:
        table.insert(0, {"entity_id": GROUP, "kind": GROUP, "name": name, "base_currency": currency, "timezone": zone})
    group = next(row for row in table if row["kind"] == GROUP)
    there = {row["entity_id"]: row for row in table}
    for one in entities:
        if one.entity_id not in there:
            there[one.entity_id] = {
                "entity_id": one.entity_id,
                "kind": "business",
                "parent_entity_id": group["entity_id"],
                "base_currency": one.currency or group["base_currency"],
                "timezone": group["timezone"],
            }
            table.append(there[one.entity_id])
        there[one.entity_id].update(name=one.name, source_file=one.titled)
