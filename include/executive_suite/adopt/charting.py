"""The chart of accounts: what files say of their accounts, what is proposed for the rest, and what must be asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from executive_suite.adopt.classify import UNCLASSIFIED, Kind, kind_of
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.reading import Account, Origin, Reading
from executive_suite.identity import plain

HIDDEN = "Unclassified"
OPENING = "Opening balances"
_DEBIT = frozenset({"asset", "expense"})


@dataclass(frozen=True, slots=True)
class Proposed:
    """An account that no chart explains: what it is taken for, and its first row."""

    account: str
    kind: Kind
    origin: Origin


@dataclass(slots=True)
class Charted:
    """The chart while files are read.

    Attributes:
        kinds: By account.
        proposed: What was taken from place or name.
        open: What nothing tells.
        changed: Accounts that a chart now says are something else: as kept, and as said.
    """

    kinds: dict[str, Kind] = field(default_factory=dict)
    proposed: list[Proposed] = field(default_factory=list)
    open: list[Proposed] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    names: dict[tuple[str, str], str] = field(default_factory=dict)

    def key(self, entity: str, name: str) -> str:
        """The key of an account as a file of an entity names it; what a file hides is unclassified."""
        return self.names.get((entity, name), name) or HIDDEN


def charted(kept: Kept, readings: Iterable[tuple[str, Reading]], known_at: Mapping[str, str]) -> Charted:
    """The chart of everything that was read; the table of accounts receives what is new.

    Args:
        kept: The folder.
        readings: Each with its entity.
        known_at: By file, when a chart counts from if it says otherwise than what is kept.
    """
    found = Charted()
    for row in kept.rows("account"):
        found.kinds[row["account"]] = _kind_of_row(row)
    pairs = [(entity, reading) for entity, reading in readings if reading.kind in {"books", "bank", "sales"}]
    stated = {(entity, account.name): (account, reading) for entity, reading in pairs for account in reading.accounts}
    for (entity, _), (account, reading) in stated.items():
        kind = kind_of(account)
        if kind.ground in {"said", "word"} and kind.known:
            _state(kept, found, entity, account, kind, reading, known_at[reading.file])
    for (entity, name), (account, _) in stated.items():
        key = found.key(entity, name)
        found.names |= {(entity, other): key for other in account.also if other not in found.kinds}
    for entity, reading in pairs:
        for name, origin in _used(reading):
            if (key := found.key(entity, name)) not in found.kinds:
                account = stated.get((entity, name), (Account(name), reading))[0]
                _propose(kept, found, key, account, origin)
    return found


def _state(
    kept: Kept, found: Charted, entity: str, account: Account, kind: Kind, reading: Reading, known_at: str
) -> None:
    """An account as its chart states it; under a name of its own where another company's is something else."""
    key, origin = account.name, Origin(reading.file, 0)
    before = found.kinds.get(key)
    if before is None:
        _keep(kept, found, key, account, kind, origin)
        return
    if before.type == kind.type and before.is_cash == kind.is_cash:
        return
    others = {row["entity_id"] for row in kept.rows("ledger") if row["account"] == key} - {entity}
    row = next(row for row in kept.rows("account") if row["account"] == key)
    mine = {row["entity_id"] for row in kept.rows("ledger") if row["account"] == key} & {entity}
    if others or not mine:
        found.names[entity, account.name] = key = f"{account.name} ({entity})"
        if key not in found.kinds:
            _keep(kept, found, key, account, kind, origin)
        return
    found.changed.append(f"{key}: was {_shown(before)}, {reading.file} says {_shown(kind)}")
    found.kinds[key] = kind
    kept.rows("account").append({**row, **_cells(key, account, kind, origin), "recorded_at": known_at})


def _shown(kind: Kind) -> str:
    return "cash" if kind.is_cash else kind.type or "unknown"


def _used(reading: Reading) -> Iterator[tuple[str, Origin]]:
    for entry in reading.entries:
        for line in entry.lines:
            yield line.account, line.origin
    for account in reading.accounts:
        if account.opening:
            yield account.name, Origin(reading.file, 0)


def _propose(kept: Kept, found: Charted, key: str, account: Account, origin: Origin) -> None:
    """What an account is taken for; kept only if nothing is left open that would move profit or cash."""
    if key == HIDDEN:
        kind = Kind("equity", UNCLASSIFIED, is_cash=False)
        _keep(kept, found, key, Account(HIDDEN), kind, origin)
        return
    kind = kind_of(account)
    if not kind.known:
        found.kinds[key] = kind
        found.open.append(Proposed(key, kind, origin))
        return
    _keep(kept, found, key, account, kind, origin)
    if kind.ground in {"place", "name"}:
        found.proposed.append(Proposed(key, kind, origin))


def decided(kept: Kept, found: Charted, one: Proposed, kind: Kind) -> None:
    """Keep an account as a person says it is."""
    _keep(kept, found, one.account, Account(one.account), kind, one.origin)


def forget_unused(kept: Kept, files: Collection[str]) -> None:
    """Take accounts that only some files named, and that nothing uses any more, off the chart."""
    used = {row["account"] for table in ("ledger", "bank_line") for row in kept.rows(table)}
    table = kept.rows("account")
    table[:] = [row for row in table if row["account"] in used or row.get("source_file", "") not in files]


def opening_account(kept: Kept, found: Charted, file: str) -> str:
    """The account of opening balances; it is made if there is none."""
    if OPENING not in found.kinds:
        _keep(kept, found, OPENING, Account(OPENING), Kind("equity", "opening", is_cash=False), Origin(file, 0))
    return OPENING


def _keep(kept: Kept, found: Charted, key: str, account: Account, kind: Kind, origin: Origin) -> None:
    found.kinds[key] = kind
    kept.rows("account").append(_cells(key, account, kind, origin))


def _cells(key: str, account: Account, kind: Kind, origin: Origin) -> Row:
    contra = kind.subtype in {"accumulated_depreciation", "draw"} or plain(account.word) == "discount"
    debit = (kind.type in _DEBIT) != contra
    return {
        "account": key,
        "name": f"{account.code} {account.name}" if account.code and account.code not in account.name else account.name,
        "type": kind.type,
        "subtype": kind.subtype,
        "normal_side": "debit" if debit else "credit",
        "function": kind.function,
        "is_cash": "true" if kind.is_cash else "false",
        "source_file": origin.file,
        "source_row": str(origin.row) if origin.row else "",
    }


def _kind_of_row(row: Row) -> Kind:
    """What an account is as the table has it; the last row of a key counts."""
    return replace(
        Kind(),
        type=row["type"],  # type: ignore[arg-type] # the gate checks the table's words
        subtype=row.get("subtype", ""),
        is_cash=row.get("is_cash", "").casefold() in {"true", "t", "1"},
        function=row.get("function", ""),
    )
