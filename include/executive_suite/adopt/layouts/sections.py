"""General ledgers: one section per account with its lines, its opening balance and its total, in any nesting."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from executive_suite.adopt import days, labels
from executive_suite.adopt.layouts.postings import Posting, posting
from executive_suite.adopt.reading import NotReadableError
from executive_suite.adopt.sheet import Row, Sheet, is_amount

ZERO = Decimal(0)
SIDES = ("debit", "credit", "amount")
_OTHER = " - other"
"""QuickBooks Desktop shows an account's own lines, next to those of the accounts below it, under "Fuel - Other"."""


@dataclass(slots=True)
class Section:
    """One account's part of a ledger; amounts as the file writes them, debit positive where it has two columns.

    Attributes:
        name: With its parents ("Vehicles:Fuel").
        head: Its first row.
        opening: Its balance before its lines; None if the file does not say.
        closing: Its balance after its lines; None if the file does not say.
        closed_at: The row that says so.
        postings: Its lines, without those of accounts below it.
    """

    name: str
    head: Row
    opening: Decimal | None = None
    closing: Decimal | None = None
    closed_at: Row | None = None
    postings: list[Posting] = field(default_factory=list)

    @property
    def change(self) -> Decimal:
        """The sum of its lines."""
        return sum((one.amount for one in self.postings), ZERO)


@dataclass(slots=True)
class _Open:
    """A section that may still get lines, or accounts below it; flat if only its lines name it."""

    title: str
    section: Section
    done: bool = False
    flat: bool = False


def amount_of(sheet: Sheet, row: Row) -> Decimal:
    """A row's amount as written; debit positive where it has two columns; zero where it has none."""
    debit, credit, amount = (sheet.amount(row, role) for role in SIDES)
    if debit is None and credit is None:
        return amount or ZERO
    return (debit or ZERO) - (credit or ZERO)


class Ledger:
    """The sections of a table, found row by row."""

    def __init__(self, sheet: Sheet) -> None:
        """Reads all rows.

        Raises:
            NotReadableError: a total or balance does not agree with the lines above it, or a row is none of these.
        """
        self._sheet = sheet
        self._above: list[_Open] = []
        self._totals = {at: of for at, row in enumerate(sheet.rows) if (of := _total(row)) is not None}
        self._ends: dict[str, list[int]] = defaultdict(list)
        self._starts: dict[str, list[int]] = defaultdict(list)
        for at, row in enumerate(sheet.rows):
            if at in self._totals:
                self._ends[self._totals[at].casefold()].append(at)
            elif not _is_line(row):
                self._starts[_titled(row).casefold()].append(at)
        self._by_name: dict[str, Section] = {}
        self._last: date | None = None
        for at, row in enumerate(sheet.rows):
            self._read(at, row)

    @property
    def found(self) -> list[Section]:
        """In the file's order."""
        return list(self._by_name.values())

    def _read(self, at: int, row: Row) -> None:
        if not _is_line(row) and any(labels.is_change(cell) for cell in row.cells):
            return
        if _is_line(row) or self._continues(row, at):
            self._post(row)
        elif at in self._totals:
            self._close(at, row, self._totals[at])
        elif any(labels.is_closing(cell) for cell in row.cells):
            self._end(row)
        elif any(labels.is_opening(cell) for cell in row.cells) and row.label.casefold() not in self._ends:
            self._begin(row)
        elif any(row.text(role) for role in SIDES):
            msg = (
                f"an amount without a day in the row {row.label!r}: a day, a total or an opening balance was looked for"
            )
            raise self._sheet.refused(row.number, msg)
        elif not (row.label in self._sheet.title.notes and sum(map(bool, row.cells)) == 1):
            self._open(at, row)

    def _continues(self, row: Row, at: int) -> bool:
        """Whether a line has the day of the one above it, which is not repeated."""
        if row.text("day") or at in self._totals or not any(row.text(role) for role in SIDES) or self._last is None:
            return False
        marked = any(labels.is_opening(cell) or labels.is_closing(cell) for cell in row.cells)
        return not marked and bool(row.text("kind") or row.text("memo") or row.text("split"))

    def _open(self, at: int, row: Row) -> None:
        """A row that names the account of those below it; a balance on it is the opening one."""
        title = _titled(row)
        if is_amount(title):
            msg = f"{title!r} is no account, and its row has no day, total or opening balance"
            raise self._sheet.refused(row.number, msg)
        while self._above and (self._above[-1].done or not self._ends_later(at, self._above[-1].title)):
            self._above.pop()
        if self._above and title == self._above[-1].title:
            return  # repeated, as at the top of a page
        if self._above and title.casefold() == self._above[-1].title.casefold() + _OTHER:
            self._above.append(_Open(title, self._above[-1].section))
            return
        section = self._section(":".join((*(one.title for one in self._above), title)), row)
        section.opening = self._sheet.amount(row, "balance") if row.text("balance") else section.opening
        self._above.append(_Open(title, section))
        self._last = None

    def _ends_later(self, at: int, title: str) -> bool:
        """Whether a total of a title comes at or after a row, before the title itself comes again."""
        ends, starts = self._ends[title.casefold()], self._starts[title.casefold()]
        end, start = bisect_left(ends, at), bisect_right(starts, at)
        return end < len(ends) and (start == len(starts) or ends[end] < starts[start])

    def _section(self, name: str, row: Row) -> Section:
        return self._by_name.setdefault(name, Section(name, row))

    def _post(self, row: Row) -> None:
        """A line; on the account of its own cell if it has one, else on the section's."""
        sheet = self._sheet
        day = self._last = sheet.day(row) or self._last
        own = row.text("account")
        if day is None or not (own or self._above):
            raise sheet.refused(row.number, "a line under no account")
        if own and not self._above[1:] and (not self._above or self._above[0].flat):
            self._above = [_Open(own, self._section(own, row), flat=True)]
        section = self._above[-1].section
        balance = sheet.amount(row, "balance")
        if labels.is_opening(row.text("kind")) or not any(row.text(role) for role in SIDES):
            if any(labels.is_opening(cell) for cell in row.cells):
                section.opening = amount_of(sheet, row) if balance is None else balance
            elif balance is not None and any(labels.is_closing(cell) for cell in row.cells):
                section.closing, section.closed_at = balance, row
            return
        if own and section.name.endswith(own.rpartition(":")[2]):
            section.name = own
        section.postings.append(posting(row, day, own or section.name, amount_of(sheet, row)))
        if balance is not None:
            section.closing, section.closed_at = balance, row

    def _begin(self, row: Row) -> None:
        """A balance brought forward."""
        if (own := row.text("account")) and not (self._above and not self._above[0].flat):
            self._above = [_Open(own, self._section(own, row), flat=True)]
        if not self._above:
            raise self._sheet.refused(row.number, f"{row.label!r} is under no account")
        balance = self._sheet.amount(row, "balance")
        self._above[-1].section.opening = amount_of(self._sheet, row) if balance is None else balance

    def _end(self, row: Row) -> None:
        """A section's last balance."""
        if not self._above:
            return
        section = self._above[-1].section
        if (balance := self._sheet.amount(row, "balance")) is not None:
            section.closing, section.closed_at = balance, row
        if row.text("debit") and row.text("credit"):
            self._check(row, section.postings, section.opening)
        self._above[-1].done = True

    def _close(self, at: int, row: Row, of: str) -> None:
        """A total: of a section, of it and the accounts below it, or of all."""
        place = next((place for place, one in reversed([*enumerate(self._above)]) if _same(one.title, of)), None)
        if place is None:
            if not of:
                self._check_all(row)
            return
        del self._above[place + 1 :]
        section = self._above[place].section
        below = [one for each in self.found if each.name.startswith(f"{section.name}:") for one in each.postings]
        self._check(row, section.postings, section.opening, below)
        if (balance := self._sheet.amount(row, "balance")) is not None and not below:
            section.closing, section.closed_at = balance, row
        self._above[place].done = not self._ends_later(at + 1, self._above[place].title)

    def _check(self, row: Row, own: Sequence[Posting], opening: Decimal | None, below: Sequence[Posting] = ()) -> None:
        """Whether a total is that of a section's lines, alone or with those below it."""
        for role in SIDES:
            if (stated := self._sheet.amount(row, role)) is None:
                continue
            alone = self._sum(role, own)
            sums = {alone, alone + self._sum(role, below), alone + (opening or ZERO)}
            if stated not in sums and not (role == "credit" and -stated in sums):
                msg = f"{row.label!r} is {stated}; the lines of the account sum to {max(sums, key=abs)}"
                raise self._sheet.refused(row.number, msg)

    def _check_all(self, row: Row) -> None:
        if not (row.text("debit") and row.text("credit")):
            return
        lines = [one for section in self.found for one in section.postings]
        for role in ("debit", "credit"):
            stated, found = self._sheet.amount(row, role), self._sum(role, lines)
            if stated != found:
                msg = f"{row.label!r} states {role}s of {stated}; the lines sum to {found}"
                raise self._sheet.refused(row.number, msg)

    def _sum(self, role: str, lines: Iterable[Posting]) -> Decimal:
        return sum((self._sheet.amount(one.row, role) or ZERO for one in lines), ZERO)


def sections(sheet: Sheet) -> list[Section]:
    """The accounts of a ledger that have lines or a balance.

    Raises:
        NotReadableError: a total does not agree with the lines above it, or a row is none that a ledger has.
    """
    found = [one for one in Ledger(sheet).found if one.postings or one.opening]
    if not found:
        msg = f"{sheet.upload.name}: a ledger without lines"
        raise NotReadableError(msg)
    return found


def _is_line(row: Row) -> bool:
    text = row.text("day")
    return bool(text) and days.read(text) is not None


def _total(row: Row) -> str | None:
    return None if _is_line(row) or labels.is_closing(row.label) else labels.total_of(row.label)


def _same(title: str, of: str) -> bool:
    return bool(of) and title.casefold() == of.casefold()


def _titled(row: Row) -> str:
    """An account's name on its section's row, with its number where that has a cell of its own ("1000", "Checking")."""
    texts = [cell for cell in row.cells if cell and cell != row.text("balance")]
    return " ".join(texts[:2]) if len(texts) > 1 and texts[0].isdigit() else row.label
