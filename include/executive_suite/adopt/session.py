"""Adoption from beginning to end: files are read, assigned to entities, asked about where nothing tells, and kept."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Literal

from executive_suite.adopt import entities, kept, laying, upload
from executive_suite.adopt import settings as group_settings
from executive_suite.adopt.classify import kind_of
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import Kept
from executive_suite.adopt.laying import Ask, Laid
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.recognize import read
from executive_suite.adopt.settings import Setting, Wanted
from executive_suite.adopt.upload import Upload

ORDER = {"books": 0, "sales": 1, "bank": 2, "register": 3, "totals": 4}
"""In which files are laid over the folder: a statement is matched with books that came before it."""

MONTH_FIRST = frozenset(
    f"America/{city}"
    for city in ("New_York", "Detroit", "Chicago", "Denver", "Boise", "Phoenix", "Los_Angeles", "Anchorage", "Juneau")
) | {"Pacific/Honolulu"}
DAY_FIRST = frozenset({"America/Mexico_City", "America/Bogota", "America/Lima", "Pacific/Auckland", "Asia/Kolkata"})


@dataclass(frozen=True, slots=True)
class Session:
    """What an adoption read and did, for the lines that tell of it.

    Attributes:
        readings: What was read, each with its entity; files that were read before are left out.
        again: Names of the files that were read before.
        settings: What was settled for the group.
        laid: What the files brought.
        kept: The folder as it shall be.
    """

    readings: tuple[tuple[Entity, Reading], ...]
    again: tuple[str, ...]
    settings: tuple[Setting, ...]
    laid: Laid
    kept: Kept = field(default_factory=Kept)


def adopted(
    paths: Sequence[Path],
    into: Path,
    wanted: Wanted,
    ask: Ask | None,
    *,
    deployment_zone: str = "",
    each: Callable[[Sequence[Path]], Iterable[Path]] = iter,
) -> Session:
    """Everything that files say, laid over what a folder has; nothing is written yet.

    Args:
        paths: The files.
        into: The group's folder.
        wanted: What the user says.
        ask: Asks a person; None refuses what would have to be asked.
        deployment_zone: Of ``EXECUTIVE_SUITE_TIMEZONE``; empty if it is not set.
        each: Shows progress over the files.

    Raises:
        NotReadableError: a file cannot be read, or what it says could only be guessed.
    """
    given = kept.opened(into)
    uploads, again = _new(each(paths), given)
    if not uploads:
        return Session((), tuple(again), (), Laid(), given)
    stated = group_settings.stated_zone(given, wanted, deployment_zone)
    usual = stated or group_settings.ZONES.get(wanted.currency or "USD", "")
    readings = _read(uploads, given, stated, usual)
    currency, zone, news = group_settings.settled(given, readings, wanted, deployment_zone)
    if zone != usual:
        readings = _read(uploads, given, stated, zone)
    titles = {reading.company for reading in readings if reading.company}
    name = wanted.name or (titles.pop() if len(titles) == 1 else _title(into))
    owners = entities.assigned(readings, given, wanted.entity, name)
    entities.keep(owners, given, name, currency, zone)
    currencies = {row["entity_id"]: row["base_currency"] for row in given.rows("entity")}
    pairs = [
        (replace(owner, currency=currencies[owner.entity_id]), reading)
        for owner, reading in zip(owners, readings, strict=True)
    ]
    laid = laying.laid(given, pairs, zone, ask)
    return Session(tuple(pairs), tuple(again), tuple(news), laid, given)


def _new(paths: Iterable[Path], given: Kept) -> tuple[list[Upload], list[str]]:
    """The files that were not read before, each under a name of its own; and the names of those that were."""
    known = {one.sha256 for one in given.files}
    taken = {one.file for one in given.files}
    uploads, again = [], []
    for path in paths:
        opened = upload.opened(path)
        if opened.sha256 in known:
            again.append(opened.name)
            continue
        known.add(opened.sha256)
        uploads.append(replace(opened, name=_own_name(opened.name, taken)))
        taken.add(uploads[-1].name)
    return uploads, again


def _read(uploads: Sequence[Upload], given: Kept, stated: str, zone: str) -> list[Reading]:
    """What files say, in the order in which they are laid.

    A chart that is among them tells the types of accounts to the others, in whatever order they come.

    Args:
        uploads: The files.
        given: The folder, whose accounts are known.
        stated: The zone that somebody stated, which tells the order of days as well; empty if nobody did.
        zone: The zone in which instants have their day.
    """
    order = _day_order(stated)
    uploads = [replace(one, day_order=order, zone=zone) for one in uploads]
    types = {row["account"]: row["type"] for row in given.rows("account")}
    found: list[Reading | NotReadableError] = []
    for one in uploads:
        try:
            found.append(read(replace(one, types=types)))
        except NotReadableError as error:
            found.append(error)
    charts = [one for one in found if isinstance(one, Reading) and one.accounts and not one.entries]
    told = {
        name: kind
        for chart in charts
        for account in chart.accounts
        if (kind := kind_of(account).type)
        for name in (account.name, *account.also)
    }
    readings = [
        one
        if isinstance(one, Reading) and (not one.entries or not told)
        else read(replace(uploaded, types={**types, **told}))
        for one, uploaded in zip(found, uploads, strict=True)
    ]
    return sorted(readings, key=lambda one: (ORDER[one.kind], one.exported_on or one.ends or date.min))


def _day_order(place: str) -> Literal["", "mdy", "dmy"]:
    """Which of two figures of a day is the month in a time zone; empty if people there write both."""
    if place in MONTH_FIRST or place.startswith(("US/", "America/Indiana/", "America/Kentucky/")):
        return "mdy"
    return "dmy" if place.startswith(("Europe/", "Australia/")) or place in DAY_FIRST else ""


def _own_name(name: str, taken: Collection[str]) -> str:
    """A file's name that no other file has: the months of an export are often called alike."""
    stem, dot, suffix = name.rpartition(".")
    number, own = 1, name
    while own in taken:
        number += 1
        own = f"{stem} ({number}){dot}{suffix}" if dot else f"{name} ({number})"
    return own


def _title(into: Path) -> str:
    words = into.resolve().name.replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() if word.islower() else word for word in words) or "My group"
