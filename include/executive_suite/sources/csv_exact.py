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
    records = csv.reader(text, delimiter=reader.layout.delimiter, strict=True)
    header: _Header | None = None
    cells: list[list[str]] = []
    rows: list[int] = []
    batches: list[pa.Table] = []
    number = 0
    try:
        for number, record in enumerate(records, 1):
            if number < reader.layout.header or not any(cell.strip() for cell in record):
                continue
            if header is None:
                header = _header(record, number, reader)
                if header is None:
                    return None
            elif row := header.fitted(record, number, reader):
                header.watch(row)
                cells.append(row)
                rows.append(number)
                if len(rows) == BATCH:
                    batches.append(_batch(header, cells, rows, reader.file))
                    cells, rows = [], []
    except csv.Error as error:
        advice = "close every quote, and double a quote inside a quoted cell"
        reader.fault(f"must be CSV ({error})", advice, row=number + 1)
        return None
    if header is None:
        rule = f"must have its header in row {reader.layout.header}, as sources.yaml says; the file ends before it"
        reader.fault(rule, "correct `header` in sources.yaml")
        return None
    header.settle(reader)
    batches.append(_batch(header, cells, rows, reader.file))
    return pa.concat_tables(batches).unify_dictionaries()


def _batch(header: _Header, cells: list[list[str]], rows: list[int], file: str) -> pa.Table:
    columns = zip(*cells, strict=True) if cells else ([] for _ in header.names)
    named = [(name, column) for name, column in zip(header.names, columns, strict=True) if name]
    arrays = [pa.array([cell.strip() for cell in column], pa.string()) for _, column in named]
    return with_origin(pa.table(arrays, names=[name for name, _ in named]), file, pa.array(rows, pa.int64()))


@dataclass(slots=True)
class _Header:
    """The header row, and what the rows below it have shown so far.

    Attributes:
        names: One per column; a column may be without a name as long as its cells are blank.
        row: Row number of the header.
        nameless: Positions of the columns without a name, from 0.
        used: Positions without a name that have a cell.
        ragged_rows: Rows with more or fewer cells than the header.
        unlisted: Ragged rows beyond the first thousand, by advice.
    """

    names: list[str]
    row: int
    nameless: list[int]
    used: set[int] = field(default_factory=set)
    ragged_rows: int = 0
    unlisted: Counter[str] = field(default_factory=Counter)

    def watch(self, record: list[str]) -> None:
        """Notice cells in columns without a name."""
        if len(self.used) < len(self.nameless):
            self.used |= {position for position in self.nameless if record[position].strip()}

    def fitted(self, record: list[str], number: int, reader: Reader) -> list[str]:
        """The cells of a row, as many as the header has; adds a fault if the row has more or fewer.

        Such a row is kept so that references to it are not faults as well, unless there are very many.
        """
        wanted = len(self.names)
        if len(record) == wanted:
            return record
        advice = _SHORT if len(record) < wanted else _EXTRA
        if not reader.known:
            advice = f"{advice}; if the header is in a lower row, state its row as `header` in sources.yaml"
        self.ragged_rows += 1
        if self.ragged_rows > MOST:
            self.unlisted[advice] += 1
            return []
        rule = f"must have {wanted} cells as the header has, not {len(record)}"
        reader.fault(rule, advice, row=number, value=reader.layout.delimiter.join(record))
        return [*record, *[""] * (wanted - len(record))][:wanted]

    def settle(self, reader: Reader) -> None:
        """Add the faults that are only known after the last row."""
        rule = f"must have {len(self.names)} cells as the header has"
        reader.faults += (Fault(reader.file, rule, advice, times=times) for advice, times in self.unlisted.items())
        if self.used and not reader.layout.nameless:
            positions = ", ".join(str(position + 1) for position in sorted(self.used))
            rule = f"must have a name for every column (missing at position {positions})"
            reader.fault(rule, "name the column or remove it", row=self.row)


_EXTRA = "quote the cells that hold the separator (a comma in a text or an amount)"
_SHORT = "complete the row, the file may have been cut short"


def _header(record: list[str], number: int, reader: Reader) -> _Header | None:
    names = [name.strip() for name in record]
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
        for name in sorted({name for name in names if names.count(name) > 1 and name}):
            reader.fault("must be unique in the header", "rename or remove one", row=number, column=name, value=name)
    if len(reader.faults) > before:
        return None
    return _Header(names, number, [position for position, name in enumerate(names) if not name])
