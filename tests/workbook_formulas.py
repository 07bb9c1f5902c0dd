"""A small calculator of workbooks: the formulas of a file, worked out from its values and not from what it shows.

It reads each formula as Excel does (openpyxl's tokens), and knows the functions that our sheets use.
"""

from __future__ import annotations

import copy
import functools
import io
import math
import operator
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
from openpyxl.formula import Tokenizer
from openpyxl.utils import range_boundaries

EPOCH = date(1899, 12, 30)
Grid = list[list[Any]]
_CELLS = re.compile(r"(?:'[^']+'!)?\$?[A-Z]{1,2}\$?\d+(?::\$?[A-Z]{1,2}\$?\d+)?(?![\w(])")


class Unknown:
    """``#N/A``."""


class Words(str):
    """A text operand, which ``&`` joins to a value."""

    __slots__ = ()

    def __matmul__(self, other: Any) -> Words:
        """The text, and the value after it."""
        return Words(f"{self}{other}")


class Calculator:
    """The values of a workbook's cells, worked out."""

    def __init__(self, body: bytes) -> None:
        """The bytes of the file."""
        self.book = openpyxl.load_workbook(io.BytesIO(body))
        self._known: dict[tuple[str, int, int], Any] = {}
        self._names = {name: found.attr_text for name, found in self.book.defined_names.items()}

    def given(self, cells: Mapping[tuple[str, int, int], Any]) -> Calculator:
        """The same workbook in which some cells, by sheet, row and column from 1, hold something else."""
        made = copy.copy(self)
        made._known = dict(cells)  # noqa: SLF001 - a copy of its own kind
        return made

    def value(self, sheet: str, row: int, column: int) -> Any:
        """A cell: a number, words, or None; a day as Excel counts it."""
        key = sheet, row, column
        if key not in self._known:
            cell = self.book[sheet].cell(row, column)
            held = cell.value
            if cell.data_type == "f":
                held = self._worked_out(str(held), sheet)
            elif isinstance(held, datetime):
                held = (held.date() - EPOCH).days
            self._known[key] = held
        return self._known[key]

    def _worked_out(self, formula: str, sheet: str) -> Any:
        given = [functools.partial(self._ref, found.group(), sheet) for found in _CELLS.finditer(formula)]
        known = {**_FUNCTIONS, "Words": Words, "given": given, "named": lambda name: self._ref(name, sheet)}
        return eval(_code(_CELLS.sub("CELLS", formula)), known)  # noqa: S307 - made from tokens that we know

    def _ref(self, text: str, sheet: str) -> Any:
        text = self._names.get(text, text)
        where, _, cells = text.rpartition("!")
        sheet = where.strip("'") or sheet
        left, top, right, bottom = _bounds(cells)
        if (left, top) == (right, bottom):
            return _number(self.value(sheet, top, left))
        return [[self.value(sheet, row, column) for column in range(left, right + 1)] for row in range(top, bottom + 1)]


@functools.cache
def _bounds(cells: str) -> tuple[int, ...]:
    return tuple(int(side or 0) for side in range_boundaries(cells.replace("$", "")))


@functools.cache
def _code(shape: str) -> Any:
    """A formula, its cells left open, as Python; what an ``IF`` chooses between is worked out only when chosen."""
    parts: list[str] = []
    lazy: list[bool] = []
    cells = 0
    for token in Tokenizer(shape).items:
        kind, text = token.type, token.value
        if kind == "OPERAND" and text == "CELLS":
            parts.append(f"given[{cells}]()")
            cells += 1
        elif kind == "OPERAND":
            parts.append({"RANGE": f"named({text!r})", "TEXT": f"Words({text[1:-1]!r})"}.get(token.subtype, text))
        elif kind == "FUNC" and token.subtype == "OPEN":
            lazy.append(text == "IF(")
            parts.append(f"{text}lambda: (" if lazy[-1] else text)
        elif kind == "FUNC":
            parts.append("))" if lazy.pop() else ")")
        elif kind == "SEP":
            parts.append("), lambda: (" if lazy[-1] else text)
        elif kind == "OPERATOR-INFIX":
            parts.append({"=": "==", "<>": "!=", "&": "@"}.get(text, text))
        else:
            parts.append(text)
    return compile("".join(parts), "<formula>", "eval")


def _number(value: Any) -> Any:
    return 0 if value is None else value


def _flat(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        found += _flat(value) if isinstance(value, list) else [value]
    return [value for value in found if isinstance(value, int | float) and not isinstance(value, bool)]


def _match(wanted: Any, among: Grid, _: int) -> Any:
    values = [value for row in among for value in row]
    return values.index(wanted) + 1 if wanted in values else Unknown()


def _index(among: Grid, row: Any, column: Any = 1) -> Any:
    return Unknown() if isinstance(row, Unknown) else _number(among[int(row) - 1][int(column) - 1])


def _each(change: Callable[[float], float], value: Any) -> Any:
    return [[change(cell or 0) for cell in row] for row in value] if isinstance(value, list) else change(value)


def _product(*columns: Grid) -> float:
    return sum(math.prod(cell or 0 for cell in cells) for cells in zip(*map(_flat_blank, columns), strict=True))


def _flat_blank(grid: Grid) -> list[Any]:
    return [cell for row in grid for cell in row]


def _sum_ifs(values: Grid, *conditions: Any) -> float:
    kept = _flat_blank(values)
    fits = [True] * len(kept)
    for among, said in zip(conditions[::2], conditions[1::2], strict=True):
        compare = {"<=": operator.le, ">=": operator.ge}[said[:2]]
        fits = [fit and compare(cell, float(said[2:])) for fit, cell in zip(fits, _flat_blank(among), strict=True)]
    return sum(cell or 0 for cell, fit in zip(kept, fits, strict=True) if fit)


def _rounded_up(value: float, places: int) -> float:
    return math.copysign(math.ceil(abs(value) * 10**places - 1e-9) / 10**places, value)


_FUNCTIONS: Mapping[str, Any] = {
    "ABS": lambda value: _each(abs, value),
    "AVERAGE": lambda *values: sum(_flat(values)) / len(_flat(values)),
    "DATE": lambda year, month, day: (date(year, month, day) - EPOCH).days,
    "IF": lambda test, yes, no: yes() if test() else no(),
    "IFERROR": lambda value, instead: instead if isinstance(value, Unknown) else value,
    "INDEX": _index,
    "ISNUMBER": lambda value: isinstance(value, int | float),
    "MATCH": _match,
    "MAX": lambda *values: max(_flat(values)),
    "MIN": lambda *values: min(_flat(values)),
    "ROUND": round,
    "ROUNDUP": _rounded_up,
    "SUM": lambda *values: sum(_flat(values)),
    "SUMIFS": _sum_ifs,
    "SUMPRODUCT": _product,
}
