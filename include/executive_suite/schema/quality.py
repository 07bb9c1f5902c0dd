"""The gate: what may not pass, each fault in the reader's words, all of them at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace

MOST = 1000
"""Faults of one kind in one column that are kept one by one; the rest is one fault that counts them."""

TOLD = 10
"""Faults of one kind in one column that a message tells one by one."""

SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    Attributes:
        file: The file, or the query, that holds it.
        row: The file's row number, the header being row 1; 0 when the fault is the file's.
        column: Column name; empty when the row or the file is at fault.
        value: The value found, shortened.
        rule: What it should have been.
        advice: What to do about it.
        times: How many faults of its kind it stands for: more than one where too many are alike to keep each.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    advice: str
    times: int = 1

    def __str__(self) -> str:
        """One line: where, what, which rule, what to do."""
        where = self.file + (f", row {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        value = f": {self.value!r}" if self.value else ""
        return f"{where}{value}: {self.rule}. {self.advice[:1].upper()}{self.advice[1:]}."

    def more(self, times: int) -> Fault:
        """The fault that stands for so many others like this one."""
        return replace(self, row=0, value="", times=times)

    def as_json(self) -> dict[str, str | int]:
        """The fault as plain JSON types."""
        return asdict(self)


class QualityError(ValueError):
    """The input has faults; the message lists all of them.

    Attributes:
        faults: Every fault, by file, row and column.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Order the faults and join their texts; of a row that has not the header's cells only that is told."""
        found = set(faults)
        misshapen = {(fault.file, fault.row) for fault in found if fault.row and not fault.column}
        kept = (fault for fault in found if not fault.column or (fault.file, fault.row) not in misshapen)
        self.faults = tuple(sorted(kept, key=lambda f: (f.file, f.row, f.column, f.rule, f.value)))
        super().__init__(f"{counted(self.faults)} in the data\n" + "\n".join(told(self.faults)))


def counted(faults: Iterable[Fault]) -> str:
    """How many faults there are, in words.

    >>> counted([Fault("a.csv", 2, "", "", "must be text", "save it again", times=1200)])
    '1,200 faults'
    """
    count = sum(fault.times for fault in faults)
    return f"{count:,} fault{'s'[: count != 1]}"


def told(faults: Iterable[Fault]) -> Iterator[str]:
    """The faults as text, a line each; of many of one kind in one column the first ten, then how many more."""
    seen: Counter[tuple[str, str, str]] = Counter()
    more: Counter[tuple[str, str, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.column, fault.advice)
        if fault.times == 1 and seen[kind] < TOLD:
            seen[kind] += 1
            yield str(fault)
        else:
            more[kind] += fault.times
    for (file, column, advice), count in more.items():
        yield f"{file}{f', {column}' if column else ''}: {count:,} more of this kind. {advice[:1].upper()}{advice[1:]}."


def capped(faults: Sequence[Fault]) -> list[Fault]:
    """The first of many faults of one column, the rest counted by kind."""
    rest: dict[str, list[Fault]] = {}
    for fault in faults[MOST:]:
        rest.setdefault(fault.advice, []).append(fault)
    return [*faults[:MOST], *(alike[0].more(len(alike)) for alike in rest.values())]


def shown(value: object) -> str:
    """A cell as a fault shows it: without the spaces around it, at most 80 characters."""
    text = "" if value is None else str(value).strip()
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
