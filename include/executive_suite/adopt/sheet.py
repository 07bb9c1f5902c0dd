"""A table in which a profile found its columns: its title, its rows by what they mean, and how it writes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from executive_suite.adopt import days, labels, profile, style
from executive_suite.adopt.profile import Profile
from executive_suite.adopt.reading import Kind, NotReadableError, Origin, Reading
from executive_suite.adopt.style import Style, StyleError
from executive_suite.adopt.upload import Grid, Upload

MOST_ROWS_ABOVE = 40
"""Rows of title and notes that may come before the columns' names."""
DAYS = ("day", "due", "begins", "ends", "booked", "deposited")
AMOUNTS = (
    "amount",
    "debit",
    "credit",
    "balance",
    "opening",
    "received",
    "paid",
    "fee",
    "net",
    "gross",
    "tax",
    "tip",
    "discount",
    "total",
    "position",
)
"""Roles with amounts; each takes one column."""
_AMOUNT = re.compile(
    r"[-+(\u2212\u2013]*(?:[A-Za-z]{0,3}[^\w\s.,'()+\-]|[A-Z]{3})?[-+(\u2212\u2013\s]*[\d.,'\u2019\s]*\d[\d.,'\u2019\s]*"
    r"[-+)\u2212\u2013\s]*(?:[A-Za-z]{0,3}[^\w\s.,'()+\-]|[A-Z]{3}|[CD]R\.?|kr\.?)?\s*\)?"
)
_SHORT_YEAR = re.compile(r"([^\W\d_]{3,}\.?|,)[ -](\d\d)$")
_BASIS = re.compile(
    r"\b(accrual|cash) basis\b|base de (?:acumulaci|efectivo|devengo|caja)|comptabilit|grundlage", re.IGNORECASE
)
_ACCOUNTS = frozenset({"account", "split"})
_PARENT = re.compile(r"\s*:\s*")
_OPTIONS = frozenset({"all dates", "all transactions", "todas las fechas", "alle daten", "toutes les dates"})
_LEAD = re.compile(r"^(?:company|business|organi[sz]ation)\s*:\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Title:
    """What is above and below the columns.

    Attributes:
        company: Whose books.
        report: As the file names it; empty if it does not.
        period: First day (None in "As of …") and last day.
        exported_on: When it was made.
        notes: All of it, for evidence of how days are written.
        cash_basis: Whether it says that it is on a cash basis.
    """

    company: str = ""
    report: str = ""
    period: tuple[date | None, date] | None = None
    exported_on: date | None = None
    notes: tuple[str, ...] = ()
    cash_basis: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row below the columns' names.

    Attributes:
        number: As a spreadsheet counts.
        cells: All of it.
        columns: Role to columns.
    """

    number: int
    cells: tuple[str, ...]
    columns: Mapping[str, tuple[int, ...]]

    def text(self, role: str) -> str:
        """The first cell of a role that is not blank; empty if all are, or if the table does not have it.

        An account's name has no blanks around what parts it from its parents: "Cash: Till" is "Cash:Till".
        """
        for at in self.columns.get(role, ()):
            if at < len(self.cells) and (found := self.cells[at]):
                return _PARENT.sub(":", found) if role in _ACCOUNTS else found
        return ""

    def texts(self, role: str) -> tuple[str, ...]:
        """All cells of a role that are not blank."""
        return tuple(self.cells[at] for at in self.columns.get(role, ()) if at < len(self.cells) and self.cells[at])

    @property
    def label(self) -> str:
        """The first cell that is not blank."""
        return next((cell for cell in self.cells if cell), "")


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table in which a profile found its columns.

    Attributes:
        upload: The file.
        sheet: The sheet's name; empty for CSV.
        profile: Whose columns it has.
        columns: Role to columns.
        header: The columns' names as written.
        title: What is around it.
        rows: Below the columns' names, without blank rows and repeated headers.
        style: How it writes.
        minus_credits: Whether it writes credits with a minus, all of them.
    """

    upload: Upload
    sheet: str
    profile: Profile
    columns: Mapping[str, tuple[int, ...]]
    header: tuple[str, ...]
    title: Title
    rows: tuple[Row, ...]
    style: Style
    minus_credits: bool = False

    def reading(self, kind: Kind) -> Reading:
        """The reading of this table, before it says anything."""
        return self.upload.reading(self.profile.program, self.profile.report, kind)

    def origin(self, row: Row) -> Origin:
        """Where a row is."""
        return Origin(self.upload.name, row.number)

    def day(self, row: Row, role: str = "day") -> date | None:
        """A row's day; None if the cell is blank.

        Raises:
            NotReadableError: it is no day.
        """
        text = row.text(role)
        try:
            return self.style.day(row.number, text) if text else None
        except StyleError as error:
            raise self.refused(error.row, str(error)) from None

    def amount(self, row: Row, role: str) -> Decimal | None:
        """A row's amount; None if the cell is blank or a dash.

        Raises:
            NotReadableError: it is no amount.
        """
        text = row.text(role)
        try:
            found = self.style.amount(row.number, text) if text.strip("-\u2013\u2014 ") else None
        except StyleError as error:
            raise self.refused(error.row, str(error)) from None
        return -found if found is not None and self.minus_credits and role == "credit" else found

    def refused(self, row: int, message: str) -> NotReadableError:
        """The error of a row."""
        sheet = f", sheet {self.sheet}" if self.sheet else ""
        return NotReadableError(f"{self.upload.name}{sheet}: row {row}: {message}")


def found(upload: Upload, profiles: Sequence[Profile]) -> tuple[Sheet, ...]:
    """The tables of a file that have the columns of a profile, each with the one that fits best; none if none fits.

    The best is one whose title is above the columns, then the one that knows most columns, then the first.

    Raises:
        NotReadableError: a table of a known report cannot be read, or only by guessing.
    """
    return tuple(sheet for grid in upload.grids if (sheet := _of(upload, grid, profiles)))


def _of(upload: Upload, grid: Grid, profiles: Sequence[Profile]) -> Sheet | None:
    best: tuple[tuple[bool, int, int, int], int, Profile, Mapping[str, tuple[int, ...]]] | None = None
    for at, header in enumerate(grid.rows[:MOST_ROWS_ABOVE]):
        if not any(header[1:]):
            continue
        above = [profile.plain(cell) for row in grid.rows[:at] for cell in row if cell]
        for place, one in enumerate(profiles):
            columns = _by_part(one, header) if one.periods or one.segments else profile.columns(one, header)
            if columns is None:
                continue
            titled = any(_names(word, text) for word in one.titles for text in above) or _marked(one, grid.rows[at:])
            if (one.titled or one.periods or one.segments) and not titled:
                continue
            rank = (titled, len({column for places in columns.values() for column in places}), -place, -at)
            if best is None or rank > best[0]:
                best = (rank, at, one, columns)
    if best is None:
        return None
    _, at, one, columns = best
    return _sheet(upload, grid, at, one, _one_each(upload, grid, at, columns))


def _marked(one: Profile, rows: Sequence[Sequence[str]]) -> bool:
    marks = {profile.plain(word) for word in one.marks}
    return bool(marks) and any(profile.plain(cell) in marks for row in rows for cell in row if cell)


def _by_part(one: Profile, header: Sequence[str]) -> Mapping[str, tuple[int, ...]] | None:
    """The columns of a report by period or by class: the account's name and amounts; None if it is another report."""
    if (profile.plain(header[0]) or profile.FIRST) not in {profile.plain(name) for name in one.columns["account"]}:
        return None
    places = [place for place, cell in enumerate(header) if place and cell]
    if one.segments:
        summed = bool(places) and labels.total_of(header[places[-1]]) == ""
        return {"account": (0,), "amounts": tuple(places)} if summed and len(places) > 1 else None
    if not all(labels.total_of(header[place]) == "" or stated_period(header[place]) for place in places):
        return None
    return {"account": (0,), "amounts": tuple(places)} if places else None


def stated_period(header: str) -> tuple[date | None, date] | None:
    """The period of a column, also with a year of two figures.

    >>> stated_period("Jan 25") == stated_period("January 2025"), stated_period("Total")
    (True, None)
    """
    return days.period(_SHORT_YEAR.sub(r"\1 20\2", header)) if header else None


def _names(word: str, text: str) -> bool:
    """Whether a title is a report's, whatever company or period comes with it."""
    wanted = profile.plain(word)
    return (
        text == wanted or text.startswith((f"{wanted} ", f"{wanted}:")) or text.endswith((f" {wanted}", f"- {wanted}"))
    )


def _one_each(
    upload: Upload, grid: Grid, at: int, columns: Mapping[str, tuple[int, ...]]
) -> Mapping[str, tuple[int, ...]]:
    """The columns, of amounts one each.

    Raises:
        NotReadableError: two columns have the same name, and different content.
    """
    header = grid.rows[at]
    kept: dict[str, tuple[int, ...]] = {}
    for role, places in columns.items():
        same = [place for place in places if profile.plain(header[place]) == profile.plain(header[places[0]])]
        for other in same[1:] if role in (*AMOUNTS, *DAYS, "account", "id") else ():
            for number, row in enumerate(grid.rows[at + 1 :], at + 2):
                pair = [row[place] if place < len(row) else "" for place in (same[0], other)]
                if pair[0] != pair[1]:
                    where = f"{upload.name}: row {number}"
                    msg = (
                        f"{where}: two columns {header[other]!r} differ; one was looked for: remove or rename the other"
                    )
                    raise NotReadableError(msg)
        kept[role] = places[:1] if role in AMOUNTS or role in DAYS else places
    return kept


def _sheet(upload: Upload, grid: Grid, at: int, one: Profile, columns: Mapping[str, tuple[int, ...]]) -> Sheet:
    header = grid.rows[at]
    repeated = {tuple(filter(None, map(profile.plain, header)))}
    rows = tuple(
        Row(number, cells, columns)
        for number, cells in enumerate(grid.rows[at + 1 :], at + 2)
        if any(cells) and tuple(filter(None, map(profile.plain, cells))) not in repeated
    )
    title = _title(one, grid.rows[:at], rows)
    try:
        chosen = Style() if grid.typed else _style(upload, one, title, rows)
        minus = _credits_are_minus(one, chosen, rows)
    except StyleError as error:
        sheet = f", sheet {grid.sheet}" if grid.sheet else ""
        msg = f"{upload.name}{sheet}: row {error.row}: {error}"
        raise NotReadableError(msg) from None
    return Sheet(upload, grid.sheet, one, columns, header, title, rows, chosen, minus_credits=minus)


def _credits_are_minus(one: Profile, chosen: Style, rows: Sequence[Row]) -> bool:
    """Whether books write every credit as a negative amount in a column of its own."""
    if one.kind not in {"books", "totals"}:
        return False
    cells = [(row.number, text) for row in rows if is_amount(text := row.text("credit"))]
    found = [chosen.amount(*cell) for cell in cells]
    return any(amount < 0 for amount in found) and all(amount <= 0 for amount in found)


def _style(upload: Upload, one: Profile, title: Title, rows: Sequence[Row]) -> Style:
    """How the rows write."""
    amounts = [cell for row in rows for role in AMOUNTS if (cell := (row.number, row.text(role)))[1]]
    amounts += [(row.number, text) for row in rows for text in row.texts("amounts")]
    dated = [(row.number, text) for row in rows for role in DAYS if (text := row.text(role))]
    return style.decided(
        [cell for cell in amounts if is_amount(cell[1])],
        [cell for cell in dated if days.read(cell[1]) is not None],
        within=title.period,
        order=one.order or upload.day_order,
        shown=title.notes,
        credit=1 if one.kind == "bank" else -1,
    )


def is_amount(text: str) -> bool:
    """Whether a text looks like an amount, of whatever style."""
    return _AMOUNT.fullmatch(text) is not None and any(letter.isdigit() for letter in text)


def _title(one: Profile, above: Sequence[Sequence[str]], rows: Sequence[Row]) -> Title:
    """What the rows above the columns say, and those below in which only one cell is filled."""
    company = report = ""
    period: tuple[date | None, date] | None = None
    texts = [" ".join(filter(None, row)) for row in above if any(row)]
    for text in texts:
        if any(_names(word, profile.plain(text)) for word in one.titles):
            report = report or text
        elif days.is_moment(text) or _BASIS.search(text):
            continue
        elif (stated := days.period(text)) is not None:
            period = period or stated
        elif not company and not _note(text):
            company = _LEAD.sub("", text)
    below = list(_alone(rows))
    notes = (*texts, *below)
    made = next((day for text in below for day in _written_out(text)), None)
    cash = any((found := _BASIS.search(text)) and found[0].casefold() == "cash basis" for text in notes)
    return Title(company, report, period, made, notes, cash)


def _note(text: str) -> bool:
    """Whether a line above the columns is an option of the report, not a name ("All Dates", "Accounts: All")."""
    return (":" in text and not _LEAD.match(text)) or text.casefold() in _OPTIONS


def _alone(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows[-5:]:
        filled = [cell for cell in row.cells if cell]
        if len(filled) == 1 and (_BASIS.search(filled[0]) or days.order_of(filled[0])):
            yield filled[0]


def _written_out(text: str) -> Iterator[date]:
    """The day that a footer writes out after its words."""
    words = re.split(r"\s+", _BASIS.sub(" ", text))
    for length in (5, 4, 3):
        for start in range(len(words) - length + 1):
            day = days.read(" ".join(words[start : start + length]))
            if isinstance(day, date):
                yield day
