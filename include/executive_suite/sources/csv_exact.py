"""A CSV file read record by record: every row with its number, and every fault of its shape."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyarrow as pa

from executive_suite.schema.quality import MOST, Fault
from executive_suite.schema.tables import bare
from executive_suite.sources.csv_file import Reader
from executive_suite.sources.raw import with_origin

FIELD_LIMIT = 1_000_000
BATCH = 50_000


def read(text: Iterator[str], reader: Reader) -> pa.Table | None:
    """The cells of a text, trimmed; None, with a fault, if it is not CSV or has no usable header.

    Args:
        text: Its lines, with their line ends.
        reader: Its layout; collects the faults.
    """
    csv.field_size_limit(FIELD_LIMIT)
    rows: _Rows | None = None
    number = 0
    try:
        for number, record in enumerate(csv.reader(text, delimiter=reader.layout.delimiter, strict=True), 1):
            if number < reader.layout.header or not any(cell.strip() for cell in record):
                continue
            if rows is not None:
                rows.add(record, number)
            elif _is_header(names := [name.strip() for name in record], number, reader):
                rows = _Rows(reader, names, number)
            else:
                return None
    except csv.Error as error:
        advice = "close every quote, and double a quote inside a quoted cell"
        reader.fault(f"must be CSV ({error})", advice, row=number + 1)
        return None
    if rows is None:
        rule = f"must have its header in row {reader.layout.header}, as sources.yaml says; the file ends before it"
        reader.fault(rule, "correct `header` in sources.yaml")
        return None
    return rows.table()


@dataclass(slots=True)
class _Rows:
    """The rows below a header, collected in batches.

    Attributes:
        reader: Collects the faults.
        names: One per column; a column may be without a name as long as its cells are blank.
        header: Row number of the header.
        cells: The rows of the current batch.
        numbers: Their row numbers.
        batches: The earlier batches.
        used: Positions of columns without a name that have a cell, from 1.
        ragged: Rows with more or fewer cells than the header.
        unlisted: Those beyond the first thousand, by advice.
    """

    reader: Reader
    names: list[str]
    header: int
    cells: list[list[str]] = field(default_factory=list)
    numbers: list[int] = field(default_factory=list)
    batches: list[pa.Table] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    ragged: int = 0
    unlisted: Counter[str] = field(default_factory=Counter)

    def add(self, record: list[str], number: int) -> None:
        """Add a row; a fault if it has more or fewer cells than the header.

        Such a row is kept so that references to it are not faults as well, unless there are very many.
        """
        wanted = len(self.names)
        if len(record) != wanted:
            advice = _SHORT if len(record) < wanted else _EXTRA
            if not self.reader.known:
                advice = f"{advice}; if the header is in a lower row, state its row as `header` in sources.yaml"
            self.ragged += 1
            if self.ragged > MOST:
                self.unlisted[advice] += 1
                return
            rule = f"must have {wanted} cells as the header has, not {len(record)}"
            self.reader.fault(rule, advice, row=number, value=self.reader.layout.delimiter.join(record))
            record = [*record, *[""] * (wanted - len(record))][:wanted]
        self.cells.append(record)
        self.numbers.append(number)
        if len(self.cells) == BATCH:
            self._end_batch()

    def _end_batch(self) -> None:
        arrays = {}
        columns = zip(*self.cells, strict=True) if self.cells else ([] for _ in self.names)
        for position, (name, column) in enumerate(zip(self.names, columns, strict=True), 1):
            if name:
                arrays[name] = pa.array([cell.strip() for cell in column], pa.string())
            elif any(cell.strip() for cell in column):
                self.used.add(position)
        self.batches.append(with_origin(pa.table(arrays), self.reader.file, pa.array(self.numbers, pa.int64())))
        self.cells, self.numbers = [], []

    def table(self) -> pa.Table:
        """All rows, with the faults that are only known after the last one."""
        self._end_batch()
        rule = f"must have {len(self.names)} cells as the header has"
        self.reader.faults += (Fault(self.reader.file, rule, text, times=n) for text, n in self.unlisted.items())
        if self.used and not self.reader.layout.nameless:
            rule = f"must have a name for every column (missing at position {', '.join(map(str, sorted(self.used)))})"
            self.reader.fault(rule, "name the column or remove it", row=self.header)
        return pa.concat_tables(self.batches).unify_dictionaries()


_EXTRA = "quote the cells that hold the separator (a comma in a text or an amount)"
_SHORT = "complete the row, the file may have been cut short"


def _is_header(names: list[str], number: int, reader: Reader) -> bool:
    """Whether a row is a usable header; adds the faults if not."""
    before = len(reader.faults)
    delimiter = reader.layout.delimiter
    other = next((mark for mark in ",;\t|" if mark != delimiter and mark in names[0]), "")
    if len(names) == 1 and other:
        expected = {",": "commas", "\t": "tabs"}.get(delimiter, repr(delimiter))
        rule = f"must have columns separated by {expected}; these seem to be separated by {other!r}"
        reader.fault(rule, "export with commas, or state the delimiter in sources.yaml", row=number, value=names[0])
    elif reader.known and not {bare(name) for name in names} & {bare(name) for name in reader.known}:
        rule = f"must be the header row; none of its {len(names)} cells is a column of the table"
        advice = "remove the rows above the header, or state its row as `header` in sources.yaml"
        reader.fault(rule, advice, row=number, value=delimiter.join(names))
    else:
        read = reader.known or frozenset(names)
        for name in sorted({name for name in names if names.count(name) > 1 and name in read and name}):
            advice = "rename or remove one: which of them is meant cannot be known"
            reader.fault("must be unique in the header", advice, row=number, column=name, value=name)
    return len(reader.faults) == before
