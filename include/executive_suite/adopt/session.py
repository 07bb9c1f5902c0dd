"""Adoption from beginning to end: files are read, told apart, asked about where nothing tells, and kept, or refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from executive_suite.adopt import banking, charting, entities, kept, merging, openings, upload
from executive_suite.adopt.charting import Charted, Proposed
from executive_suite.adopt.classify import Kind
from executive_suite.adopt.entities import Entity
from executive_suite.adopt.kept import File, Kept
from executive_suite.adopt.merging import Changes
from executive_suite.adopt.parties import Parties
from executive_suite.adopt.postings import Chart, posted
from executive_suite.adopt.reading import NotReadableError, Reading
from executive_suite.adopt.recognize import read

Ask = Callable[[Proposed], Kind]
"""Asks a person what an account is that nothing tells."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the user says.

    Attributes:
        name: Of the group; the folder's if empty.
        entity: Of files that name no company.
        currency: ISO code; empty for what the files say.
        timezone: IANA name; empty for the usual one of the currency.
        fiscal_start: First month of the fiscal year, 1 to 12; 0 for January.
    """

    name: str = ""
    entity: str = ""
    currency: str = ""
    timezone: str = ""
    fiscal_start: int = 0


@dataclass(slots=True)
class Session:
    """What an adoption read and did, for the lines that tell of it.

    Attributes:
        readings: What was read, each with its entity; files that were read before are left out.
        again: Names of the files that were read before.
        chart: The accounts, and what was proposed.
        changes: By file, what it brought.
        unmatched: Lines of statements that no transaction answers.
        notes: What a person must know, one sentence each.
        settings: What was proposed for the group: word to value and ground.
        kept: The folder as it shall be.
    """

    readings: list[tuple[Entity, Reading]] = field(default_factory=list)
    again: list[str] = field(default_factory=list)
    chart: Charted = field(default_factory=Charted)
    changes: list[tuple[str, Changes]] = field(default_factory=list)
    unmatched: list[tuple[str, banking.Unmatched]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    settings: list[tuple[str, str, str]] = field(default_factory=list)
    kept: Kept = field(default_factory=Kept)


ZONES = {
    "USD": "America/New_York",
    "CAD": "America/Toronto",
    "MXN": "America/Mexico_City",
    "GBP": "Europe/London",
    "EUR": "Europe/Berlin",
    "CHF": "Europe/Zurich",
    "AUD": "Australia/Sydney",
    "NZD": "Pacific/Auckland",
    "JPY": "Asia/Tokyo",
    "INR": "Asia/Kolkata",
}
"""Where books in a currency are usually kept; a zone decides on which day a late evening falls, and no amount."""
LOCALES = {
    "CAD": "en_CA",
    "GBP": "en_GB",
    "EUR": "en_IE",
    "CHF": "de_CH",
    "AUD": "en_AU",
    "NZD": "en_NZ",
    "INR": "en_IN",
}


def adopted(
    paths: Sequence[Path],
    into: Path,
    wanted: Wanted,
    ask: Ask | None,
    fallback_zone: str = "",
    each: Callable[[Iterable[Path]], Iterable[Path]] = iter,
) -> Session:
    """Everything that the files say, laid over what the folder has; nothing is written yet.

    Args:
        paths: The files.
        into: The group's folder.
        wanted: What the user says.
        ask: Asks a person; None refuses what would have to be asked.
        fallback_zone: Of the deployment, if it states one.
        each: Shows progress over the files.

    Raises:
        NotReadableError: a file cannot be read, or what it says could only be guessed.
    """
    session = Session(kept=kept.opened(into))
    given = session.kept
    known = {one.sha256: one for one in given.files}
    readings: list[Reading] = []
    kept_zone = next((row["timezone"] for row in given.rows("entity") if row["kind"] == entities.GROUP), "")
    zone = wanted.timezone or kept_zone or fallback_zone
    for path in each(paths):
        opened = upload.opened(path)
        if opened.sha256 in known or any(one.sha256 == opened.sha256 for one in readings):
            session.again.append(opened.name)
        else:
            own = replace(opened, name=_own_name(opened.name, given, readings), zone=zone)
            readings.append(read(own))
    if not readings:
        return session
    readings.sort(key=lambda one: (_ORDER[one.kind], one.ends or date.min))
    name = wanted.name or _title(into)
    owners = entities.assigned(readings, given, wanted.entity, name)
    _settle(session, readings, owners, wanted, name, fallback_zone)
    session.readings = list(zip(_with_currency(owners, readings, session), readings, strict=True))
    _post(session, ask)
    for owner, reading in session.readings:
        given.files.append(_file(owner, reading))
    return session


_ORDER = {"books": 0, "sales": 1, "bank": 2, "register": 3, "totals": 4}


def _own_name(name: str, given: Kept, readings: Iterable[Reading]) -> str:
    """A file's name that no other file has: months of one export are often called alike."""
    taken = {one.file for one in given.files} | {one.file for one in readings}
    stem, dot, suffix = name.rpartition(".")
    number, own = 1, name
    while own in taken:
        number += 1
        own = f"{stem} ({number}){dot}{suffix}" if dot else f"{name} ({number})"
    return own


def _title(into: Path) -> str:
    words = into.resolve().name.replace("_", " ").replace("-", " ").split()
    return " ".join(word.capitalize() if word.islower() else word for word in words) or "My group"


def _settle(
    session: Session,
    readings: Sequence[Reading],
    owners: Sequence[Entity],
    wanted: Wanted,
    name: str,
    fallback_zone: str,
) -> None:
    """Currency, zone and fiscal year of the group: as the user says, as it has them, as the files say, as usual."""
    group = next((row for row in session.kept.rows("entity") if row["kind"] == entities.GROUP), {})
    told = next((one.currency for one in readings if one.currency), "")
    currency = _chosen(
        session,
        "currency",
        ((wanted.currency, "--currency"), (group.get("base_currency", ""), ""), (told, "the files"), ("USD", "usual")),
    )
    zone = _chosen(
        session,
        "time zone",
        (
            (wanted.timezone, "--timezone"),
            (group.get("timezone", ""), ""),
            (fallback_zone, "EXECUTIVE_SUITE_TIMEZONE"),
            (ZONES.get(currency, "UTC"), f"usual for {currency}"),
        ),
    )
    entities.rows(owners, session.kept, name, currency, zone)
    _parameters(session, wanted.fiscal_start)


def _chosen(session: Session, word: str, from_: Sequence[tuple[str, str]]) -> str:
    value, ground = next((value, ground) for value, ground in from_ if value)
    if ground:
        session.settings.append((word, value, ground))
    return value


START = {
    "burn_window_months": ("6", "months"),
    "runway_floor_months": ("3", "months"),
    "monte_carlo_seed": ("20240101", "seed"),
    "monte_carlo_runs": ("10000", "runs"),
    "monte_carlo_horizon_months": ("36", "months"),
    "tier_zero_cost_max_cents": ("100", "cents"),
    "tier_infra_max_cents": ("10000", "cents"),
    "tier_payback_max_months": ("6", "months"),
    "eng_weight_security": ("0.6", "weight"),
    "eng_weight_user": ("0.4", "weight"),
}
"""The parameters of ``docs/parameters.md`` that any group starts with: value and unit."""
FISCAL = "fiscal_year_first_month"
_SINCE = "2000-01-01"


def _parameters(session: Session, fiscal_start: int) -> None:
    table = session.kept.rows("param")
    if not table:
        table += (
            {"param": name, "scope": "group", "valid_from": _SINCE, "value": value, "unit": unit, "source": "usual"}
            for name, (value, unit) in START.items()
        )
    year = next((row for row in table if row["param"] == FISCAL), None)
    if year is None:
        year = {
            "param": FISCAL,
            "scope": "group",
            "valid_from": _SINCE,
            "value": "1",
            "unit": "month",
            "source": "usual",
        }
        table.append(year)
        session.settings.append(
            ("fiscal year begins in month", str(fiscal_start or 1), "--fiscal-start" if fiscal_start else "usual")
        )
    if fiscal_start:
        year.update(value=str(fiscal_start), source="--fiscal-start")


def _with_currency(owners: Sequence[Entity], readings: Sequence[Reading], session: Session) -> list[Entity]:
    """The entities with the currency that the folder now has for them."""
    rows = {row["entity_id"]: row for row in session.kept.rows("entity")}
    return [replace(owner, currency=rows[owner.entity_id]["base_currency"]) for owner in owners]


def _known_at(reading: Reading, zone: ZoneInfo) -> str:
    """When a file counts from: the end of the day on which it was made, else of its period."""
    days = [line.day for line in reading.bank_lines] + [entry.day for entry in reading.entries]
    day = reading.exported_on or reading.ends or max(days, default=date(1900, 1, 1))
    return (
        datetime.combine(day, time(23, 59, 59), tzinfo=zone).astimezone(ZoneInfo("UTC")).strftime("%Y-%m-%dT%H:%M:%SZ")
    )


def _file(owner: Entity, reading: Reading) -> File:
    begins, ends = period(reading)
    names = sorted({line.account for line in reading.bank_lines})
    return File(
        reading.sha256,
        reading.file,
        reading.program,
        reading.report,
        reading.kind,
        owner.entity_id,
        ", ".join(names),
        begins.isoformat() if begins else "",
        ends.isoformat() if ends else "",
        (reading.exported_on or ends or date.min).isoformat() if reading.exported_on or ends else "",
    )


def period(reading: Reading) -> tuple[date | None, date | None]:
    """The first and last day that a file covers: as stated, else of its rows."""
    days = [line.day for line in reading.bank_lines] + [entry.day for entry in reading.entries]
    ends = [total.ends for total in reading.totals]
    return reading.begins or min(days, default=None), reading.ends or max(days or ends, default=None)


def _post(session: Session, ask: Ask | None) -> None:
    """Lay every reading over the folder: charts first, then books, sales, banks and registers."""
    given = session.kept
    zone = ZoneInfo(next(row["timezone"] for row in given.rows("entity") if row["kind"] == entities.GROUP))
    known_at = {reading.file: _known_at(reading, zone) for _, reading in session.readings}
    alone = [
        (owner, _as_entries(reading) if reading.kind == "bank" and not _keeps_books(session, owner) else reading)
        for owner, reading in session.readings
    ]
    session.chart = charting.charted(given, ((owner.entity_id, reading) for owner, reading in alone), known_at)
    _decide(session, ask)
    parties = Parties(given)
    for owner, reading in alone:
        if reading.entries:
            chart = _chart(session, owner, parties)
            told = [posted(entry, chart) for entry in reading.entries]
            begins, ends = period(reading)
            whole = (begins, ends) if reading.whole and begins and ends else None
            rows = [row for row in given.rows("ledger") if row["entity_id"] == owner.entity_id]
            before = merging.held(row for row in rows if not openings.is_one(row))
            changes = merging.merged(given, owner.entity_id, told, before, whole, known_at[reading.file])
            session.changes.append((reading.file, changes))
        openings.opened(session, owner, reading)
    for owner, reading in session.readings:
        if reading.kind == "bank":
            _match(session, owner, reading, known_at[reading.file])


def _chart(session: Session, owner: Entity, parties: Parties) -> Chart:
    return Chart(
        lambda name: session.chart.key(owner.entity_id, name),
        session.chart.kinds,
        lambda code: _code(code, owner),
        parties,
    )


_SIGNS = {"€": "EUR", "£": "GBP", "$": "", "¥": "", "US$": "USD", "CA$": "CAD", "C$": "CAD", "A$": "AUD", "MX$": "MXN"}


def _code(written: str, owner: Entity) -> str:
    """The ISO code of a currency as a file writes it; a dollar sign is the books' own dollar."""
    code = _SIGNS.get(written.strip(), written.strip().upper())
    return code or owner.currency


def _keeps_books(session: Session, owner: Entity) -> bool:
    """Whether an entity has books: then a statement of its bank is no ledger."""
    now = any(one.entity_id == owner.entity_id and reading.kind == "books" for one, reading in session.readings)
    return now or any(one.entity_id == owner.entity_id and one.kind == "books" for one in session.kept.files)


def _as_entries(reading: Reading) -> Reading:
    opening = banking.openings(reading)
    accounts = tuple(replace(one, opening=opening.get(one.name)) for one in banking.accounts(reading))
    return replace(reading, entries=banking.entries(reading), accounts=accounts)


def _decide(session: Session, ask: Ask | None) -> None:
    """Ask what nothing tells.

    Raises:
        NotReadableError: nobody can be asked.
    """
    for one in session.chart.open:
        if ask is None:
            what = "whether it is money" if one.kind.type == "asset" else "what it is"
            row = f", row {one.origin.row}" if one.origin.row else ""
            more = len(session.chart.open) - 1
            others = f" (and {more} more account{'s'[: more != 1]})" if more else ""
            msg = (
                f"{one.origin.file}{row}: nothing tells of the account {one.account} {what}{others}; bring the chart of "
                "accounts of the program too, write it into data/account.csv, or leave --yes out to be asked"
            )
            raise NotReadableError(msg)
        charting.decided(session.kept, session.chart, one, ask(one))


def _match(session: Session, owner: Entity, reading: Reading, known_at: str) -> None:
    """Keep a statement's lines, matched with the ledger."""
    ledger = (row for row in session.kept.rows("ledger") if row["entity_id"] == owner.entity_id)
    held = merging.held(row for row in ledger if not openings.is_one(row))
    kinds: Mapping[str, Kind] = session.chart.kinds
    for account in banking.accounts(reading):
        lines = banking.in_order([line for line in reading.bank_lines if line.account == account.name])
        card = account.type == "liability"
        key = banking.account_of(session.chart.key(owner.entity_id, account.name), card, kinds, held, lines)
        if not key:
            session.notes.append(
                f"{reading.file}: the books of {owner.name} have no account that {account.name} could be; "
                "its lines were not kept"
            )
            continue
        new, open_ = banking.matched(session.kept, owner.entity_id, key, lines, held, known_at)
        session.notes.append(f"{reading.file}: {new} new of {len(lines)} lines of {key}")
        session.unmatched += ((owner.entity_id, one) for one in open_)
        stated = [one for one in reading.totals if one.measure == "statement" and one.account in {account.name, ""}]
        banking.state_balances(session.kept, owner.entity_id, key, stated)


def cents(amount: Decimal) -> int:
    """An amount in whole cents."""
    return int(amount * 100)
