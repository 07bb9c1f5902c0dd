"""What an export says, laid over what is kept: new, unchanged, changed or gone, each version with when it was known."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from executive_suite.adopt.charting import HIDDEN
from executive_suite.adopt.kept import Kept, Row
from executive_suite.adopt.postings import Money, Posted, Transaction

OWNER, AGAIN = ":", "~"
"""``cafe:1001`` is number 1001 of the café, ``cafe:1001~2`` the second that has it, ``cafe:~2025-01-15.1`` has none."""

_COPY = re.compile(r" \(\d+\)(?=(?:\.[^.]*)?$)")

Key = Callable[["Held | Transaction"], Hashable]


@dataclass(frozen=True, slots=True)
class Held:
    """A transaction as it is kept: its key, its day, and its lines as last known, by line number."""

    key: str
    day: date
    rows: dict[int, Row]

    @property
    def number(self) -> str:
        """As its program numbers it; empty if it does not."""
        return self.key.partition(OWNER)[2].partition(AGAIN)[0]

    @property
    def money(self) -> tuple[date, Money]:
        """What it says of money; lines that were taken back say nothing."""
        lines = ((row["account"], int(row["amount_cents"]), row["currency"]) for row in self.rows.values())
        return self.day, tuple(sorted(line for line in lines if line[1]))


@dataclass(slots=True)
class Changes:
    """What an export brought.

    Attributes:
        new: How many transactions came first with it.
        same: How many it repeats.
        changed: Those it tells otherwise: as kept, and as told now.
        gone: Those of its period that it no longer has.
    """

    new: int = 0
    same: int = 0
    changed: list[tuple[Held, Transaction]] = field(default_factory=list)
    gone: list[Held] = field(default_factory=list)


def held(rows: Iterable[Row]) -> list[Held]:
    """Lines of a ledger as transactions, each as last known, in the order in which they came."""
    lines: dict[str, dict[int, Row]] = defaultdict(dict)
    for row in rows:
        number, own = int(row["line"]), lines[row["txn_id"]]
        if number not in own or row.get("recorded_at", "") >= own[number].get("recorded_at", ""):
            own[number] = row
    return [Held(key, date.fromisoformat(own[min(own)]["date"]), own) for key, own in lines.items()]


def merged(
    kept: Kept,
    entity: str,
    told: Sequence[Transaction],
    before: Sequence[Held],
    period: tuple[date, date] | None,
    export: tuple[str, str],
    files: frozenset[str] | None = None,
) -> Changes:
    """Lay the transactions of an export over those that are kept.

    The same day and lines are the same transaction. So is one whose other side the export hides, if the rest is; and
    where what is kept is hidden, the export that shows it classifies it. Of the rest, two are one if only they have
    the same number and day, then number alone, then day and accounts, then lines. All that only within the
    export's period: elsewhere the same number is another check.

    Args:
        kept: Receives what is new and changed.
        entity: Whose books.
        told: What the export says.
        before: What is kept of the same books.
        period: In which a transaction that is kept and not told is gone; None if the export is no whole.
        export: When it was made and its name, for the versions that it changes.
        files: Whose transactions alone the export can change or lack, by their names; None if those of all.
    """
    new, left = _unlike(told, before)
    if files is not None:
        left = [one for one in left if any(base(row.get("source_file", "")) in files for row in one.rows.values())]
    new, left = _without_hidden(new, left)
    changes = Changes(same=len(told) - len(new))
    new, left, changes.changed = _shown(new, left)
    days = period or (
        min((one.day for one in told), default=date.max),
        max((one.day for one in told), default=date.min),
    )
    inside = [one for one in left if days[0] <= one.day <= days[1]]
    for key in (_number_and_day, _number, _day_and_accounts, _lines):
        taken = {old.key for old, _ in changes.changed}
        pairs = _pairs([one for one in inside if one.key not in taken and one.money[1]], new, key)
        changes.changed += pairs
        now = {id(transaction) for _, transaction in pairs}
        new = [one for one in new if id(one) not in now]
    taken = {old.key for old, _ in changes.changed}
    changes.gone = [one for one in inside if one.key not in taken and one.money[1]] if period else []
    for old, transaction in changes.changed:
        _change(kept, old, transaction.day, transaction.lines, export)
    for old in changes.gone:
        _change(kept, old, old.day, (), export)
    _add(kept, entity, new)
    changes.new = len(new)
    return changes


def base(file: str) -> str:
    """A file's name as it was brought: another content under the same name is kept with a number.

    >>> base("books (2).journal"), base("books.journal")
    ('books.journal', 'books.journal')
    """
    return _COPY.sub("", file)


def _number(one: Held | Transaction) -> Hashable:
    return one.number or None


def _number_and_day(one: Held | Transaction) -> Hashable:
    return (one.number, one.day) if one.number else None


def _day_and_accounts(one: Held | Transaction) -> Hashable:
    return one.day, frozenset(account for account, _, _ in one.money[1])


def _lines(one: Held | Transaction) -> Hashable:
    return one.money[1]


def _unlike(told: Sequence[Transaction], before: Sequence[Held]) -> tuple[list[Transaction], list[Held]]:
    """Those of each side that have no equal on the other; equals are taken off one for one."""
    there: dict[Hashable, list[Held]] = defaultdict(list)
    for old in before:
        there[old.money].append(old)
    rest = []
    for one in told:
        equals = there[one.money]
        if equals:
            equals.pop(next((place for place, old in enumerate(equals) if old.number == one.number), 0))
        else:
            rest.append(one)
    return rest, [one for own in there.values() for one in own]


def _visible(one: Held | Transaction) -> Counter[tuple[str, int, str]]:
    return Counter(line for line in one.money[1] if line[0] != HIDDEN)


def _hides(one: Held | Transaction) -> bool:
    return any(account == HIDDEN for account, _, _ in one.money[1])


def _without_hidden(told: list[Transaction], before: list[Held]) -> tuple[list[Transaction], list[Held]]:
    """The rest of each side once what the export hides is found among what is kept in full."""
    if not any(map(_hides, told)):
        return told, before
    by_day: dict[date, list[Held]] = defaultdict(list)
    for old in before:
        by_day[old.day].append(old)
    rest = []
    for one in told:
        own = by_day[one.day] if _hides(one) else []
        equal = next((old for old in own if _visible(one) <= _visible(old)), None)
        if equal is None:
            rest.append(one)
        else:
            own.remove(equal)
    return rest, [old for own in by_day.values() for old in own]


def _shown(
    told: list[Transaction], before: list[Held]
) -> tuple[list[Transaction], list[Held], list[tuple[Held, Transaction]]]:
    """Pairs in which what is kept hid the other side, and the export shows it; and the rest of each side."""
    if not any(map(_hides, before)):
        return told, before, []
    by_day: dict[date, list[Transaction]] = defaultdict(list)
    for one in told:
        by_day[one.day].append(one)
    left, pairs = [], []
    for old in before:
        own = by_day[old.day] if _hides(old) else []
        shown = next((one for one in own if not _hides(one) and _visible(old) <= _visible(one)), None)
        if shown is None:
            left.append(old)
        else:
            own.remove(shown)
            pairs.append((old, shown))
    return [one for own in by_day.values() for one in own], left, pairs


def _pairs(before: Sequence[Held], told: Sequence[Transaction], key: Key) -> list[tuple[Held, Transaction]]:
    """Those that one key pairs, where only one on each side has it."""
    often, often_before = Counter(map(key, told)), Counter(map(key, before))
    there = {key(old): old for old in before}
    return [
        (there[name], one) for one in told if (name := key(one)) is not None and often[name] == often_before[name] == 1
    ]


def _change(kept: Kept, old: Held, day: date, lines: Sequence[Posted], export: tuple[str, str]) -> None:
    """New versions of the lines of a transaction; a line that is no more comes to nothing."""
    known_at, file = export
    for number in range(1, max(len(lines), *old.rows) + 1):
        was = old.rows.get(number)
        if number <= len(lines):
            now = _row(old.key, number, day, lines[number - 1], _entity(old))
        elif was is not None:
            now = {**was, "amount_cents": "0", "date": day.isoformat(), "source_file": file, "source_row": ""}
        else:
            continue
        if was is not None and all(was.get(name, "") == now.get(name, "") for name in _COMPARED):
            continue
        now["recorded_at"] = known_at
        if was is not None and was.get("recorded_at", "") == known_at:
            was.update(now)  # two exports of one day: the later one counts
        else:
            kept.rows("ledger").append(now)


_COMPARED = ("date", "account", "amount_cents", "currency", "activity", "counterparty_id", "memo")


def _entity(old: Held) -> str:
    return next(iter(old.rows.values()))["entity_id"]


def _add(kept: Kept, entity: str, new: Iterable[Transaction]) -> None:
    """Transactions that come first, under keys that no other has; known from their own day."""
    ledger = kept.rows("ledger")
    taken = {row["txn_id"] for row in ledger}
    counted: Counter[str] = Counter()
    for one in new:
        key = stem = f"{entity}{OWNER}{one.number}" if one.number else ""
        while not key or key in taken:
            name = stem or f"{entity}{OWNER}{AGAIN}{one.day.isoformat()}"
            counted[name] += 1
            key = f"{stem}{AGAIN}{counted[name] + 1}" if stem else f"{name}.{counted[name]}"
        taken.add(key)
        ledger += (_row(key, number, one.day, line, entity) for number, line in enumerate(one.lines, 1))


def _row(key: str, number: int, day: date, line: Posted, entity: str) -> Row:
    return {
        "txn_id": key,
        "line": str(number),
        "date": day.isoformat(),
        "entity_id": entity,
        "account": line.account,
        "amount_cents": str(line.cents),
        "currency": line.currency,
        "activity": line.activity,
        "counterparty_id": line.counterparty_id,
        "memo": line.memo,
        "recorded_at": "",
        "source_file": line.file,
        "source_row": str(line.row),
    }
