"""How a CSV file is written, and the faults that are found while it is read."""

from __future__ import annotations

import mmap
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from executive_suite.schema.quality import Fault, shown

Body = bytes | mmap.mmap

UTF8 = "utf-8"


@dataclass(frozen=True, slots=True)
class Layout:
    """How a CSV file is written.

    Attributes:
        delimiter: What separates cells.
        encoding: Name of a codec.
        header: The row of the header; 0 is the first that is not blank.
        nameless: Whether columns without a name are passed over, whatever they hold.
    """

    delimiter: str = ","
    encoding: str = UTF8
    header: int = 0
    nameless: bool = False


PLAIN = Layout()


@dataclass(slots=True)
class Reader:
    """One file while it is read: its name, how it is written, what its header may hold, and its faults so far."""

    file: str
    layout: Layout
    known: AbstractSet[str]
    faults: list[Fault] = field(default_factory=list)

    def fault(self, rule: str, advice: str, *, row: int = 0, column: str = "", value: object = "") -> None:
        """Add a fault of the file, or of one of its rows."""
        self.faults.append(Fault(self.file, row, column, shown(value), rule, advice))
