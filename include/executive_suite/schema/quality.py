"""The gate: what may not pass, each fault in the reader's words, all of them at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with the input.

    Attributes:
        file: The file, or the query, that holds it.
        row: The file's row number, the header being row 1; 0 when the fault is the file's.
        column: Column name; empty when the row or the file is at fault.
        value: What stands there, shortened.
        rule: What it should have been.
        advice: What to do about it.
    """

    file: str
    row: int
    column: str
    value: str
    rule: str
    advice: str

    def __str__(self) -> str:
        """One line: where, what, which rule, what to do."""
        where = self.file + (f", row {self.row}" if self.row else "") + (f", {self.column}" if self.column else "")
        value = f": {self.value!r}" if self.value else ""
        return f"{where}{value}: {self.rule}. {self.advice[:1].upper()}{self.advice[1:]}."

    def as_json(self) -> dict[str, str | int]:
        """The fault as plain JSON types."""
        return asdict(self)


class QualityError(ValueError):
    """The input has faults; the message lists all of them.

    Attributes:
        faults: Every fault, by file, row and column.
    """

    def __init__(self, faults: Iterable[Fault]) -> None:
        """Order the faults and join their texts."""
        self.faults = tuple(sorted(set(faults), key=lambda f: (f.file, f.row, f.column, f.rule, f.value)))
        count = len(self.faults)
        super().__init__(f"{count} fault{'s'[: count != 1]} in the data\n" + "\n".join(map(str, self.faults)))


SHOWN = 80


def shown(value: object) -> str:
    """A cell as a fault shows it: one line, at most 80 characters."""
    text = "" if value is None else str(value)
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
