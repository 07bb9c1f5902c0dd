"""What an adoption tells: what was read, what was taken for granted, what is new, and the proof."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from executive_suite.adopt import proof
from executive_suite.adopt.charting import HIDDEN, Proposed
from executive_suite.adopt.kept import Row
from executive_suite.adopt.merging import Held
from executive_suite.adopt.postings import Transaction
from executive_suite.adopt.reading import Reading
from executive_suite.adopt.session import Session
from executive_suite.facts.fact import Fact

AGINGS = frozenset({"A/R aging", "A/P aging"})
"""Reports of what is open on a day, as profiles call them."""
MOST = 20
"""Lines of one kind that are printed; the rest is counted."""
GROUNDS = {"place": "by its place", "name": "by its name"}


def told(session: Session, facts: tuple[Fact, ...]) -> Iterator[str]:
    """An adoption in lines.

    Args:
        session: What was read and kept.
        facts: The figures of the folder as it is now.
    """
    for file in session.again:
        yield f"{file}: read before, nothing is new"
    for owner, reading in session.readings:
        yield f"{reading.file}: {reading.program}, {reading.report}, of {owner.name} (entity {owner.entity_id})"
        yield from _brought(session, reading)
    yield from _proposals(session)
    yield from session.laid.notes
    yield from _changes(session)
    yield from _proof(session, facts)


def _brought(session: Session, reading: Reading) -> Iterator[str]:
    laid = session.laid
    if changes := laid.changes.get(reading.file):
        parts = [f"{changes.new} new", f"{changes.same} known"]
        parts += [f"{len(changes.changed)} changed"] * bool(changes.changed)
        parts += [f"{len(changes.gone)} gone"] * bool(changes.gone)
        yield f"  transactions: {', '.join(parts)}"
    for (file, account), (new, count) in laid.lines.items():
        if file == reading.file:
            yield f"  bank lines of {account}: {new} new of {count}"
    for (file, table), kept in laid.records.items():
        if file == reading.file:
            yield f"  {table}: {kept.new} new, {kept.same} known, {kept.changed} changed"
    if reading.accounts:
        yield f"  accounts: {len(reading.accounts)}"
    for left in reading.left_out:
        yield f"  left out: {left.count} {left.what}"
    for remark in reading.remarks:
        yield f"  {remark}"


def _proposals(session: Session) -> Iterator[str]:
    for one in session.settings:
        yield f"taken: {one.what} {one.value} ({one.ground})"
    for account in session.laid.chart.proposed:
        yield f"taken: account {account.account} is {kind(account)} ({GROUNDS[account.kind.ground]})"


def kind(one: Proposed) -> str:
    """What an account is taken for, in a word or two."""
    if one.kind.is_cash:
        return "cash"
    return f"{one.kind.type} ({one.kind.subtype})" if one.kind.subtype else one.kind.type


def _changes(session: Session) -> Iterator[str]:
    for text in session.laid.chart.changed:
        yield f"changed: account {text}"
    changed = [
        f"changed in {file}: {_shown(old)} is now {_shown(now)}"
        for file, changes in session.laid.changes.items()
        for old, now in changes.changed
    ]
    gone = [f"gone in {file}: {_shown(old)}" for file, changes in session.laid.changes.items() for old in changes.gone]
    for lines in (changed, gone):
        yield from lines[:MOST]
        if len(lines) > MOST:
            yield f"and {len(lines) - MOST} more"


def _shown(one: Held | Transaction) -> str:
    day, lines = one.money
    number = f"{one.number} " if one.number else ""
    amount = Decimal(sum(cents for _, cents, _ in lines if cents > 0)) / 100
    return f"{number}{day} {amount:,.2f} on {', '.join(dict.fromkeys(account for account, _, _ in lines))}"


def _reconciled(session: Session) -> Iterator[str]:
    """Each balance that a bank states next to the books', and the part of the difference that lines explain."""
    for entity, account, total in session.laid.stated:
        books = Decimal(proof.balances_at(session.kept, entity, total.ends).get(account, 0)) / 100
        lines = [one for one in session.laid.unmatched.get(entity, []) if one.account == account]
        known = sum((one.amount for one in lines if one.day <= total.ends), Decimal())
        yield (
            f"bank: {account} on {total.ends}: {total.amount:,.2f} by the statement, {books:,.2f} by the books; lines "
            f"that the books do not have come to {known:,.2f}"
        )


def _owed(session: Session, found: Sequence[proof.Check]) -> Iterator[str]:
    """What agings state next to the books, and where the books go on after the last aging."""
    for one in found:
        if one.measure in proof.OWED:
            yield f"aging: {one.what}: {one.told:,.2f} by {one.file}, {one.ours:,.2f} by the books"
    names = {row["entity_id"]: row["name"] for row in session.kept.rows("entity")}
    last: dict[tuple[str, str], str] = {}
    for file in session.kept.files:
        if file.report in AGINGS:
            last[file.entity_id, file.report] = max(file.known_on, last.get((file.entity_id, file.report), ""))
    for (entity, report), day in last.items():
        ends = max(
            (one.ends for one in session.kept.files if one.entity_id == entity and one.kind == "books"), default=""
        )
        if day < ends:
            yield (
                f"{names[entity]}: the {report} is of {day}, and the books go on to {ends}: what was paid since counts "
                "as open until a newer one is brought"
            )


def _waiting(session: Session) -> Iterator[str]:
    """Lines of which nobody has said what they were for: what they withhold, and where the first is."""
    names = {row["entity_id"]: row["name"] for row in session.kept.rows("entity")}
    open_: dict[str, list[Row]] = {}
    for row in proof.latest(session.kept):
        if row["account"] == HIDDEN and row["amount_cents"] != "0":
            open_.setdefault(row["entity_id"], []).append(row)
    for entity, rows in open_.items():
        first = min(rows, key=lambda row: row["date"])
        yield (
            f"{names[entity]}: {len(rows)} lines wait for their account, the first on {first['date']} "
            f"({first.get('source_file', '')}, row {first.get('source_row', '')}): cash counts them; revenue, expenses "
            "and burn of their months are n/a"
        )


def _uneven(session: Session) -> Iterator[str]:
    """Companies whose files end before those of another: the group's later months are not whole."""
    ends: dict[str, str] = {}
    for one in session.kept.files:
        if one.kind in {"books", "bank", "sales"} and one.ends:
            ends[one.entity_id] = max(one.ends, ends.get(one.entity_id, ""))
    names = {row["entity_id"]: row["name"] for row in session.kept.rows("entity")}
    for entity, day in ends.items():
        if day < max(ends.values()):
            yield f"{names[entity]}: its files end on {day}; the group's figures after that are not whole"


def _proof(session: Session, facts: tuple[Fact, ...]) -> Iterator[str]:
    yield from proof.months(facts, {row["entity_id"]: row["name"] for row in session.kept.rows("entity")})
    yield from _waiting(session)
    yield from _uneven(session)
    found = proof.checks(session.kept, session.laid.chart, session.readings)
    wrong = [one for one in found if not one.agrees]
    if found:
        yield f"proof: {len(found) - len(wrong)} of {len(found)} totals that the files state agree with what was read"
    for one in wrong[:MOST]:
        row = f", row {one.row}" if one.row else ""
        yield f"DIFFERS: {one.file}{row}: {one.what} is {one.told:,.2f}; what was read comes to {one.ours:,.2f}"
    if len(wrong) > MOST:
        yield f"and {len(wrong) - MOST} more that differ"
    yield from _reconciled(session)
    yield from _owed(session, found)
    for entity, lines in session.laid.unmatched.items():
        yield f"bank lines that the books of {entity} do not have: {len(lines)}"
        for line in lines:
            yield f"  {line.account}  {line.day}  {line.amount:,.2f}  {line.text}"
