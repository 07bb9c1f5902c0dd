"""Faults: what is wrong with the input, in the reader's words, all reported at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from itertools import islice

MOST = 1000
"""Faults of one kind in one column that are kept; one more fault counts the rest."""

LISTED = 10
"""Faults of one kind in one column that a message lists."""

SHOWN = 80


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    Attributes:
        file: The file or query.
        rule: What it should have been.
        advice: What to do about it.
        row: Row number in the file, the header being row 1; 0 for a fault of the whole file.
        column: Column name; empty for a fault of the row or the file.
        value: The cell, shortened.
        times: How many faults this one represents.
    """

    file: str
    rule: str
    advice: str
    row: int = 0
    column: str = ""
    value: str = ""
    times: int = 1

    def __str__(self) -> str:
        """One line: where, what, which rule, what to do."""
        where = self.file + (f", row {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        value = f": {self.value!r}" if self.value else ""
        return f"{where}{value}: {self.rule}. {self.advice[:1].upper()}{self.advice[1:]}."

    def more(self, times: int) -> Fault:
        """The fault that represents so many others like this one."""
        return replace(self, row=0, value="", times=times)

    def as_json(self) -> dict[str, str | int]:
        """The fault as plain JSON types."""
        return asdict(self)


class QualityError(ValueError):
    """The input has faults; the message lists them.

    Attributes:
        faults: Every fault, by file, row and column. A row with the wrong number of cells has that fault only.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        found = set(faults)
        misshapen = {(fault.file, fault.row) for fault in found if fault.row and not fault.column}
        kept = (fault for fault in found if not fault.column or (fault.file, fault.row) not in misshapen)
        self.faults = tuple(sorted(kept, key=lambda f: (f.file, f.row, f.column, f.rule, f.value)))
        super().__init__(f"{counted(self.faults)} in the data\n" + "\n".join(lines(self.faults)))


def counted(faults: Iterable[Fault]) -> str:
    """How many faults there are, in words.

    >>> counted([Fault("a.csv", "must be text", "save it again", row=2, times=1200)])
    '1,200 faults'
    """
    count = sum(fault.times for fault in faults)
    return f"{count:,} fault{'s'[: count != 1]}"


def lines(faults: Iterable[Fault]) -> Iterator[str]:
    """The faults as text, one per line; of each kind in a column the first ten, then how many more."""
    seen: Counter[tuple[str, str, str]] = Counter()
    more: Counter[tuple[str, str, str]] = Counter()
    for fault in faults:
        kind = (fault.file, fault.column, fault.advice)
        if fault.times == 1 and seen[kind] < LISTED:
            seen[kind] += 1
            yield str(fault)
        else:
            more[kind] += fault.times
    for (file, column, advice), count in more.items():
        yield f"{file}{f', {column}' if column else ''}: {count:,} more of this kind. {advice[:1].upper()}{advice[1:]}."


def first(faults: Iterable[Fault], count: int) -> Iterator[Fault]:
    """The first thousand of ``count`` faults of one kind, and one more fault that represents the rest."""
    for fault in islice(faults, MOST):
        yield fault
    if count > MOST:
        yield fault.more(count - MOST)


def capped(advice: Sequence[str], fault_at: Callable[[int], Fault]) -> list[Fault]:
    """The first thousand faults of one column, and one more per kind that represents the rest.

    Args:
        advice: What to do about each fault, which is its kind.
        fault_at: The fault at a position of ``advice``; it is only asked for those that are kept.
    """
    rest = Counter(advice[MOST:])
    kept = [fault_at(position) for position in range(min(len(advice), MOST))]
    return [*kept, *(fault_at(advice.index(kind, MOST)).more(times) for kind, times in rest.items())]


def shown(value: object) -> str:
    """A cell as a fault shows it: trimmed, at most 80 characters."""
    text = "" if value is None else str(value).strip()
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
