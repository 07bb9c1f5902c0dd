"""What files say, laid over a group's folder: charts first, then books, sales, statements of banks, and registers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from executive_suite.adopt import banking, charting, closing, merging, money, open_items, openings, payouts, recording
from executive_suite.adopt.banking import Unmatched
from executive_suite.adopt.charting import Charted, Proposed
from executive_suite.adopt.classify import Kind
from executive_suite.adopt.entities import GROUP, Entity
from executive_suite.adopt.kept import ACCOUNTS, File, Kept, Row
from executive_suite.adopt.merging import Changes, Held
from executive_suite.adopt.parties import Parties
from executive_suite.adopt.periods import period
from executive_suite.adopt.postings import Chart, posted
from executive_suite.adopt.reading import Account, NotReadableError, Reading, Total
from executive_suite.adopt.recording import Count

Ask = Callable[[Proposed], Kind]
"""Asks a person what an account is that nothing tells."""
Pairs = Sequence[tuple[Entity, Reading]]

RATES = "param"
"""Where exchange rates are kept."""
FIRST_DAY = date(1900, 1, 1)
"""Of what states no day."""
_LAST_SECOND = time(23, 59, 59)


@dataclass(slots=True)
class Laid:
    """What files brought.

    Attributes:
        chart: The accounts, and what was proposed.
        changes: By file, what became of its transactions.
        lines: By file and account, how many lines of a statement are new, and how many it has.
        records: By file and table, what became of its records.
        stated: Balances that statements of banks state next to books: entity, account of the books, balance.
        unmatched: By entity, the lines of statements that no transaction answers.
        notes: What a person must know, one sentence each.
    """

    chart: Charted = field(default_factory=Charted)
    changes: dict[str, Changes] = field(default_factory=dict)
    lines: dict[tuple[str, str], tuple[int, int]] = field(default_factory=dict)
    records: dict[tuple[str, str], Count] = field(default_factory=dict)
    stated: list[tuple[str, str, Total]] = field(default_factory=list)
    unmatched: dict[str, list[Unmatched]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def laid(kept: Kept, pairs: Pairs, zone: str, ask: Ask | None) -> Laid:
    """Lay readings over a folder.

    Args:
        kept: The folder; receives everything.
        pairs: Each reading with its entity, in order.
        zone: Of the group, in which an export's day ends.
        ask: Asks a person; None refuses what would have to be asked.

    Raises:
        NotReadableError: what a file says could only be guessed, or contradicts what is kept.
    """
    found = Laid()
    for _, reading in pairs:
        _refuse_empty(reading)
    known_at = {reading.file: _known_at(reading, ZoneInfo(zone)) for _, reading in pairs}
    books = {owner.entity_id for owner, reading in pairs if reading.kind == "books" and reading.entries}
    books |= {one.entity_id for one in kept.files if one.kind == "books" and one.begins}
    stood = {file for entity in sorted(books) for file in _give_way(kept, entity, found)}
    usable = [
        (owner, _for_ledger(reading, keeps_books=owner.entity_id in books, found=found)) for owner, reading in pairs
    ]
    found.chart = charting.charted(kept, ((owner.entity_id, reading) for owner, reading in usable), known_at)
    _decide(kept, found.chart, ask)
    parties = Parties(kept)
    for owner, reading in usable:
        _refuse_two_books(kept, owner, reading)
        told = openings.told_before(kept, owner)
        if reading.entries:
            found.changes[reading.file] = _entries(kept, found, owner, reading, parties, known_at[reading.file])
        found.notes += openings.opened(kept, found.chart, owner, reading, told)
        for table, count in _registered(kept, owner, reading, known_at[reading.file], zone).items():
            found.records[reading.file, table] = count
        kept.files.append(_file(owner, reading))
    _matched(kept, found, pairs, books, known_at)
    charting.forget_unused(kept, stood)
    return found


def _registered(kept: Kept, owner: Entity, reading: Reading, known_at: str, zone: str) -> dict[str, Count]:
    """Keep the records of a file; what became of them, by table."""
    own = open_items.directions(reading)
    records = [one for one in reading.records if one.table != RATES or _rates_hold(kept, reading)]
    if not own:
        return recording.merged(kept, owner.entity_id, records, known_at)
    parties = {row["counterparty_id"] for row in kept.rows("counterparty")}
    new = [one for one in records if one.table == "counterparty" and one.values["counterparty_id"] not in parties]
    recording.merged(kept, owner.entity_id, new, known_at)
    before = [
        one for one in kept.files if (one.entity_id, one.report) == (owner.entity_id, reading.report) and one.known_on
    ]
    stamps = {_end_of(date.fromisoformat(one.known_on), ZoneInfo(zone)): one.known_on for one in before}
    return {open_items.TABLE: open_items.laid(kept, owner.entity_id, reading, known_at, stamps)}


def _matched(kept: Kept, found: Laid, pairs: Pairs, books: Collection[str], known_at: Mapping[str, str]) -> None:
    """Keep the statements of banks, and match every line with the ledger as it is now."""
    for owner, reading in pairs:
        if reading.kind == "bank":
            _statement(kept, found, owner, reading, known_at[reading.file])
    for owner in dict.fromkeys(owner for owner, _ in pairs):
        if booked := payouts.answered(kept, owner.entity_id, found.chart.kinds):
            found.notes.append(f"{owner.name}: {booked} lines of the bank are payouts of processors, and no sales")
    for entity in sorted(books):
        _at_home(kept, found.chart, entity)
    for entity in dict.fromkeys(row.get("entity_id", "") for row in kept.rows("bank_line")):
        if open_ := banking.match(kept, entity, _held(kept, entity)):
            found.unmatched[entity] = open_


def _refuse_empty(reading: Reading) -> None:
    """Refuse a file of which nothing is kept and that proves nothing.

    Raises:
        NotReadableError: it is one.
    """
    if not any((reading.accounts, reading.entries, reading.bank_lines, reading.records, reading.totals)):
        left = ", ".join(f"{one.count} {one.what}" for one in reading.left_out)
        msg = f"{reading.file}: {reading.program}, {reading.report}: no row with an amount ({left or 'it has none'})"
        raise NotReadableError(msg)


def _rates_hold(kept: Kept, reading: Reading) -> bool:
    """Whether the rates that books state are those of the group: they are in units of the books' main currency."""
    group = next((row["base_currency"] for row in kept.rows("entity") if row["kind"] == GROUP), "")
    return reading.currency in {"", group}


def _known_at(reading: Reading, zone: ZoneInfo) -> str:
    """When a file counts from: the end of the day on which it was made, else of its period, as an instant."""
    covers = period(reading)
    day = reading.exported_on or (covers[1] if covers else max((one.ends for one in reading.totals), default=FIRST_DAY))
    if day == date.min:
        return ""
    return _end_of(day, zone)


def _end_of(day: date, zone: ZoneInfo) -> str:
    return datetime.combine(day, _LAST_SECOND, tzinfo=zone).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _file(owner: Entity, reading: Reading) -> File:
    covers = period(reading) if reading.entries or reading.bank_lines else None
    begins, ends = (day.isoformat() for day in covers) if covers else ("", "")
    return File(
        reading.sha256,
        reading.file,
        reading.program,
        reading.report,
        reading.kind,
        owner.entity_id,
        ACCOUNTS.join(sorted({line.account for line in reading.bank_lines})),
        begins,
        ends,
        reading.exported_on.isoformat() if reading.exported_on else ends,
    )


def _for_ledger(reading: Reading, *, keeps_books: bool, found: Laid) -> Reading:
    """A reading as it counts for the ledger: next to books, a bank's lines and a shop's sales are in them already."""
    if keeps_books and reading.kind == "sales" and reading.entries:
        found.notes.append(
            f"{reading.file}: {len(reading.entries)} transactions are not added: the books have these sales already"
        )
    if keeps_books and reading.kind in {"bank", "sales"}:
        return replace(reading, entries=(), accounts=())
    if reading.kind != "bank":
        return reading
    opening = banking.openings(reading)
    accounts = [replace(one, opening=opening.get(one.name, one.opening)) for one in banking.accounts(reading)]
    found.notes += (
        f"{reading.file}: states no balance of {one.name}; what is owed counts from 0 before the first line"
        for one in accounts
        if one.opening is None and one.type == "liability"
    )
    return replace(reading, entries=banking.entries(reading), accounts=tuple(accounts))


def _give_way(kept: Kept, entity: str, found: Laid) -> set[str]:
    """Where books come after statements or sales that stood for them: those are no ledger any more; which they are."""
    stood = {one.file for one in kept.files if one.entity_id == entity and one.kind in {"bank", "sales"}}
    ledger = kept.rows("ledger")
    left = [row for row in ledger if row["entity_id"] != entity or row.get("source_file", "") not in stood]
    if len(left) == len(ledger):
        return set()
    found.notes.append(f"{entity}: the books replace what {', '.join(sorted(stood))} stood for until now")
    ledger[:] = left
    for row in kept.rows("account"):
        row[openings.UNKNOWN] = ""
    return stood


def _at_home(kept: Kept, chart: Charted, entity: str) -> None:
    """Statement lines that were kept under the bank's own name of an account go to the books' account."""
    held = _held(kept, entity)
    used = {account for one in held for account, _, _ in one.money[1]}
    for name in dict.fromkeys(row["account"] for row in kept.rows("bank_line") if row.get("entity_id") == entity):
        if name in used:
            continue
        account = Account(name, type=chart.kinds[name].type)
        if key := banking.account_of(account, name, chart.kinds, held, banking.of_account(kept, entity, name)):
            banking.moved(kept, entity, name, key)


def _decide(kept: Kept, chart: Charted, ask: Ask | None) -> None:
    """Ask what nothing tells.

    Raises:
        NotReadableError: nobody can be asked.
    """
    for one in chart.open:
        if ask is None:
            what = "whether it is money" if one.kind.type == "asset" else "what it is"
            row = f", row {one.origin.row}" if one.origin.row else ""
            names = ", ".join(other.account for other in chart.open)
            msg = (
                f"{one.origin.file}{row}: of the account {one.account} nothing tells {what} (open: {names}); bring the "
                "program's chart of accounts as well, write data/account.csv in the folder, or answer without --yes"
            )
            raise NotReadableError(msg)
        charting.decided(kept, chart, one, ask(one))


def _refuse_two_books(kept: Kept, owner: Entity, reading: Reading) -> None:
    """Refuse books of days that another program's books cover already: everything would count twice.

    Raises:
        NotReadableError: they do.
    """
    covers = period(reading) if reading.kind == "books" and reading.entries else None
    for one in kept.files if covers else ():
        other = (
            one.entity_id == owner.entity_id and one.kind == "books" and one.begins and one.program != reading.program
        )
        if other and covers and one.begins <= covers[1].isoformat() and covers[0].isoformat() <= one.ends:
            msg = (
                f"{reading.file}: {reading.program} has {covers[0]} to {covers[1]} of {owner.name}, and {one.file} of "
                f"{one.program} {one.begins} to {one.ends}; both would count twice"
            )
            raise NotReadableError(msg)


def _entries(kept: Kept, found: Laid, owner: Entity, reading: Reading, parties: Parties, known_at: str) -> Changes:
    chart = Chart(
        lambda name: found.chart.key(owner.entity_id, name),
        found.chart.kinds,
        lambda written: _code(written, owner, reading),
        parties,
    )
    told = [posted(entry, chart) for entry in reading.entries]
    if closed := closing.closings(told, found.chart.kinds):
        told = [one for one in told if not any(one is other for other in closed)]
        days = ", ".join(sorted({one.day.isoformat() for one in closed}))
        found.notes.append(
            f"{reading.file}: {len(closed)} entries that close the books ({days}) are left out: they carry profit to "
            "equity, or close balances and open them again, and are no activity"
        )
    family = _family(kept, owner, reading)
    own = {line.origin.file for entry in reading.entries for line in entry.lines} if reading.kind == "books" else set()
    names = {*(one.file for one in family), *own}  # a journal includes others
    before = _held(kept, owner.entity_id, lambda row: row.get("source_file", "") in names)
    newer = _newer(family, reading) if reading.whole and not reading.named else []
    if newer:  # what an older export says of days that a newer one covers is history
        count = len(told)
        told = [one for one in told if not _is_within(newer, one.day)]
        before = [one for one in before if not _is_within(newer, one.day)]
        if left := count - len(told):
            names_of_newer = ", ".join(one.file for one in newer)
            found.notes.append(f"{reading.file}: {left} transactions are left as the newer {names_of_newer} has them")
    covers = (date.min, date.max) if reading.named else period(reading) if reading.whole else None
    files = frozenset(map(merging.base, {reading.file, *own})) if reading.named else None
    return merging.merged(kept, owner.entity_id, told, before, covers, (known_at, reading.file), files)


def _newer(family: Sequence[File], reading: Reading) -> list[File]:
    """The files that were exported after another one."""
    covers = period(reading)
    made = (reading.exported_on or (covers[1] if covers else FIRST_DAY)).isoformat()
    return [one for one in family if one.begins and one.known_on > made]


def _is_within(files: Sequence[File], day: date) -> bool:
    return any(one.begins <= day.isoformat() <= one.ends for one in files)


def _code(written: str, owner: Entity, reading: Reading) -> str:
    """A currency's code: the sign that several currencies have is the books' own, or nobody's."""
    found = money.code(written, owner.currency)
    if found is None:
        kept_in = f"the books of {owner.name} are kept in {owner.currency}"
        msg = f"{reading.file}: amounts in {written}, and {kept_in}; say with --currency which currency {written} is"
        raise NotReadableError(msg)
    return found


def _family(kept: Kept, owner: Entity, reading: Reading) -> list[File]:
    """The files whose transactions an export may repeat: of the same program, and of a bank of the same account."""
    accounts = {line.account for line in reading.bank_lines}
    return [
        one
        for one in kept.files
        if one.entity_id == owner.entity_id
        and (one.kind, one.sha256 == reading.sha256) == (reading.kind, False)
        and (accounts & {*one.account.split(ACCOUNTS)} if accounts else one.program == reading.program)
    ]


def _held(kept: Kept, entity: str, counts: Callable[[Row], bool] = lambda _: True) -> list[Held]:
    return merging.held(
        row for row in kept.rows("ledger") if row["entity_id"] == entity and counts(row) and not openings.is_one(row)
    )


def _statement(kept: Kept, found: Laid, owner: Entity, reading: Reading, known_at: str) -> None:
    """Keep the lines of a statement under the ledger's account."""
    entity, held, kinds = owner.entity_id, _held(kept, owner.entity_id), found.chart.kinds
    for account in banking.accounts(reading):
        lines = banking.in_order([line for line in reading.bank_lines if line.account == account.name])
        name = found.chart.key(entity, account.name)
        # Without lines nothing shows which account of the books it is: never the only one that there is.
        key = banking.account_of(account, name, kinds, held, lines) if lines or name not in kinds else name
        if not key:
            found.notes.append(
                f"{reading.file}: the books of {owner.name} have no account that {account.name} could be, so its "
                f"{len(lines)} lines are not kept"
            )
            continue
        if name != key:
            banking.moved(kept, entity, name, key)
        newer = _newer(_family(kept, owner, reading), reading)
        found.lines[reading.file, key] = banking.keep(kept, entity, key, lines, "" if newer else known_at), len(lines)
        stated = [one for one in reading.totals if one.measure == "statement" and one.account in {account.name, ""}]
        banking.state_balances(kept, entity, key, stated)
        if name != key:
            found.stated += ((entity, key, one) for one in stated)
