"""The rows above a bank's lines: headers with their currency apart, and tables that have no header at all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise, permutations

from executive_suite import identity
from executive_suite.adopt import days, profile
from executive_suite.adopt.days import Figures, Order
from executive_suite.adopt.profile import Profile
from executive_suite.adopt.sheet import MOST_ROWS_ABOVE, is_amount
from executive_suite.adopt.style import Style, StyleError, decimal_mark
from executive_suite.adopt.upload import Grid, Upload

_CODES = {"€": "EUR", "£": "GBP"}
_MONEY = re.compile(
    r"(?P<of>.*?[^\W\d_].*?)[\s_]*(?:\bin |\()?\s*"
    r"(?P<code>EUR|USD|GBP|CHF|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|MXN|JPY|€|£)\)?",
    re.IGNORECASE,
)
_TABLE = 3
_LOOKED_AT = 60
_AMERICAN = frozenset({"PST", "PDT", "MST", "MDT", "CST", "CDT", "EST", "EDT"})
_EUROPEAN = frozenset({"GMT", "BST", "CET", "CEST", "AEST", "AEDT"})
"""Zones next to a time, and with them the order in which a country writes days."""
_POINTS = re.compile(r"\d{1,2}\.\d{1,2}\.")
_DAY_FIRST = frozenset({"EUR", "GBP", "CHF", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "MXN"})
_FOREIGN = frozenset(
    {
        *("buchungstag", "buchungsdatum", "buchung", "datum", "valutadatum", "fecha", "fecha operacion", "fecha valor"),
        *("fecha de operacion", "f. valor", "f.valor", "date d'operation", "date operation", "date de l'operation"),
        *("libelle", "montant", "dateop", "data contabile", "data operazione", "data registrazione", "data valuta"),
        *(
            "data",
            "descrizione",
            "concepto",
            "importe",
            "betrag",
            "bedrag",
            "importo",
            "boekdatum",
            "money in",
            "paid in",
        ),
        *("sort code", "narrative", "counter party", "bsb"),
    }
)
"""Headers of countries where the day comes before the month: "sort code" is British, "narrative" Australian."""


def with_headers(upload: Upload, known: Sequence[Profile]) -> Upload:
    """The file with headers as profiles have them: the currency in brackets, and a header where there is none.

    A header that is put in takes the place of a blank row above, so that rows keep their numbers; with none, it is
    ``headless``.
    """
    return replace(upload, grids=tuple(_grid(grid, known) for grid in upload.grids))


def _grid(grid: Grid, known: Sequence[Profile]) -> Grid:
    rows = [
        tuple(map(_money, row)) if at < MOST_ROWS_ABOVE and _is_header(row) else row for at, row in enumerate(grid.rows)
    ]
    named = any(profile.columns(one, row) for row in rows[:MOST_ROWS_ABOVE] if any(row) for one in known)
    if named or not rows:
        return replace(grid, rows=tuple(rows))
    header = _headless(rows)
    return replace(grid, rows=(header, *rows)) if header else grid


def is_headless(before: Upload, after: Upload) -> bool:
    """Whether a header was put above the rows, which are numbered from it."""
    return any(len(one.rows) != len(other.rows) for one, other in zip(before.grids, after.grids, strict=True))


def _is_header(row: Sequence[str]) -> bool:
    filled = [cell for cell in row if cell]
    return len(filled) >= _TABLE and not any(is_amount(cell) or days.read(cell) for cell in filled)


def _money(cell: str) -> str:
    """A header with the code of its currency in brackets: "Saldo in CHF", "Importe EUR", "Bedrag (EUR)".

    >>> _money("Saldo in CHF"), _money("IMPORTE (€)"), _money("Paid in")
    ('Saldo (CHF)', 'IMPORTE (EUR)', 'Paid in')
    """
    found = _MONEY.fullmatch(cell.strip())
    if not found or not (found["code"].isupper() or found["code"] in _CODES):
        return cell
    return f"{found['of'].strip()} ({_CODES.get(found['code'], found['code'])})"


def _headless(rows: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """Headers for rows without: the days, the amounts with a balance or without, the texts.

    None where that is not plain. Of two columns of amounts, one is the balance if it follows from the other throughout;
    of three, the amount is what one has more than another. Two that are never both filled are the sides of an account.
    """
    filled = [row for row in rows if any(row)]
    width = max(map(len, filled))
    if len({len(row) for row in filled}) != 1 or width < _TABLE:
        return ()
    columns = [[row[at] for row in filled] for at in range(width)]
    dated = [at for at, cells in enumerate(columns) if all(days.read(cell) is not None for cell in cells)]
    money = [
        at
        for at, cells in enumerate(columns)
        if at not in dated and any(cells) and all(is_amount(cell) for cell in cells if cell) and not _is_number(cells)
    ]
    texts = [
        at
        for at, cells in enumerate(columns)
        if at not in {*dated, *money} and any(any(letter.isalpha() for letter in cell) for cell in cells)
    ]
    roles = _roles(columns, money)
    if not dated or not texts or not roles:
        return ()
    header = ["" for _ in range(width)]
    header[dated[0]] = "Date"
    for at, role in roles.items():
        header[at] = role
    for number, at in enumerate(reversed(texts[-2:])):
        header[at] = ("Description 1", "Description 2")[number]
    return tuple(header)


def _is_number(cells: Sequence[str]) -> bool:
    """Whether a column without decimals says the same in every row: the account's number."""
    return len(set(cells)) == 1 and cells[0].isdigit() and len(cells) > 1


def _roles(columns: Sequence[Sequence[str]], money: Sequence[int]) -> dict[int, str]:
    """What each column of amounts is; none if that is not plain."""
    try:
        known = Style(decimal_mark([(1, cell) for at in money for cell in columns[at] if cell]))
        values = {at: [known.amount(1, cell) if cell else None for cell in columns[at]] for at in money}
    except StyleError:
        return {}
    whole = {at: [one for one in own if one is not None] for at, own in values.items() if None not in own}
    partly = {at: own for at, own in values.items() if at not in whole}
    if partly:
        return _sides(partly, whole)
    return dict.fromkeys(whole, "Amount") if len(whole) == 1 else _with_balance(whole)


def _sides(partly: Mapping[int, Sequence[Decimal | None]], whole: Mapping[int, Sequence[Decimal]]) -> dict[int, str]:
    """Two columns of which each row fills one, and the balance that proves them; which is which, it proves later."""
    if len(partly) != 2 or len(whole) != 1:  # noqa: PLR2004 - two sides
        return {}
    ((out, debits), (into, credits_)), ((at, balances),) = partly.items(), whole.items()
    rows = list(zip(debits, credits_, strict=True))
    amounts = [(credit or Decimal(0)) - (debit or Decimal(0)) for debit, credit in rows]
    if any((debit is None) == (credit is None) for debit, credit in rows) or not _follows(amounts, balances):
        return {}
    return {out: "Debit", into: "Credit", at: "Balance"}


def _with_balance(whole: Mapping[int, Sequence[Decimal]]) -> dict[int, str]:
    """Which column is the amount, and which the balance that follows from it."""
    if len(whole) == 2:  # noqa: PLR2004 - an amount and a balance
        pairs = ((one, other) for one, other in permutations(whole) if _follows(whole[one], whole[other]))
        return next(({one: "Amount", other: "Balance"} for one, other in pairs), {})
    for amount, before, after in permutations(whole, 3):
        rows = zip(whole[amount], whole[before], whole[after], strict=True)
        if before < after and all(a and a == later - earlier for a, earlier, later in rows):
            return {amount: "Amount", after: "Balance"}
    return {}


def _follows(amounts: Sequence[Decimal], balances: Sequence[Decimal]) -> bool:
    """Whether the balances follow from the amounts, the oldest or the latest first."""
    return _runs(amounts, balances) or _runs(amounts[::-1], balances[::-1])


def _runs(amounts: Sequence[Decimal], balances: Sequence[Decimal]) -> bool:
    """Whether each balance is the one before it and the amount, of one sign throughout."""
    steps = list(zip(amounts[1:], pairwise(balances), strict=True))
    return any(steps and all(a and after - before == sign * a for a, (before, after) in steps) for sign in (1, -1))


def order_of_days(upload: Upload, known: Sequence[Profile]) -> Order:
    """Which of two figures of a day is the month, as a bank's table shows it; empty if it does not.

    Days between points begin with the day. Rows are in order of time: the order of figures under which days rise or
    fall throughout is theirs. Where headers are not English, or money is euros, pounds or francs, the day comes first.
    """
    found: set[Order] = set()
    foreign = False
    for header, cells in _tables(upload, known):
        if cells and all(_POINTS.match(cell) for cell in cells):
            return "dmy"
        found |= _running(cells)
        if len(found) != 1 and (
            zones := {cell for row in upload.grids[0].rows[:_LOOKED_AT] for cell in row} & (_AMERICAN | _EUROPEAN)
        ):
            return "mdy" if zones <= _AMERICAN else "dmy"
        foreign |= any(
            identity.plain(profile.plain(cell)) in _FOREIGN or profile.code(cell) in _DAY_FIRST for cell in header
        )
    if len(found) == 1:
        return found.pop()
    return "dmy" if foreign else ""


def _running(cells: Sequence[str]) -> set[Order]:
    """The orders under which the days rise or fall throughout."""
    read = [found for cell in cells if (found := days.read(cell)) is not None]
    fitting: set[Order] = set()
    orders: tuple[Order, ...] = ("mdy", "dmy")
    for order in orders:
        on = [one.on(order) if isinstance(one, Figures) else one for one in read]
        known = [one for one in on if one is not None]
        if len(known) == len(on) and len(set(known)) > 2:  # noqa: PLR2004 - two days rise or fall anyway
            rises = all(after >= before for before, after in pairwise(known))
            falls = all(after <= before for before, after in pairwise(known))
            fitting |= {order} if rises or falls else set()
    return fitting


def _tables(upload: Upload, known: Sequence[Profile]) -> Iterator[tuple[Sequence[str], list[str]]]:
    """The header and the days of each table."""
    for grid in upload.grids:
        for at, row in enumerate(grid.rows[:MOST_ROWS_ABOVE]):
            places = next((found for one in known if any(row) and (found := profile.columns(one, row))), None)
            if places:
                day = places["day"][0]
                yield row, [cells[day] for cells in grid.rows[at + 1 :] if day < len(cells) and days.read(cells[day])]
                break
