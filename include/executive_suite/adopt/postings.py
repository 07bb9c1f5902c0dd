"""Entries as lines of our ledger: whole cents that balance, with the activity of their cash."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

from executive_suite.adopt.classify import UNCLASSIFIED, Kind
from executive_suite.adopt.parties import Parties, memo
from executive_suite.adopt.reading import Entry, Line, NotReadableError

Money = tuple[tuple[str, int, str], ...]
"""Account, cents and currency of each line."""
MOST_CENTS = 10**15
FINANCING = frozenset({"loan", "long_term_debt", "owner_loan"})
INVESTING = frozenset({"fixed_asset", "accumulated_depreciation", "investment", "loan_receivable"})
_WITHIN = Decimal("0.005")


@dataclass(frozen=True, slots=True)
class Posted:
    """One line as the ledger keeps it.

    Attributes:
        account: Key of the chart.
        cents: Debit positive.
        currency: ISO code.
        activity: Of the schema; blank for opening balances.
        counterparty_id: Blank if nobody is named.
        memo: As it is kept.
        file: Where it was read.
        row: There.
    """

    account: str
    cents: int
    currency: str
    activity: str
    counterparty_id: str
    memo: str
    file: str
    row: int

    @property
    def money(self) -> tuple[str, int, str]:
        """What it says of money."""
        return self.account, self.cents, self.currency


@dataclass(frozen=True, slots=True)
class Transaction:
    """One entry as the ledger keeps it; its lines sum to zero in each currency."""

    number: str
    day: date
    lines: tuple[Posted, ...]

    @property
    def money(self) -> tuple[date, Money]:
        """What it says of money, in whatever order its lines are."""
        return self.day, tuple(sorted(line.money for line in self.lines))


@dataclass(frozen=True, slots=True)
class Chart:
    """What entries are posted with.

    Attributes:
        key: From a file's name of an account to the key of the chart.
        kinds: By key.
        code: From a file's currency, as written, to its ISO code; blank is the books' own.
        parties: The register of customers and vendors.
    """

    key: Callable[[str], str]
    kinds: Mapping[str, Kind]
    code: Callable[[str], str]
    parties: Parties


def posted(entry: Entry, chart: Chart) -> Transaction:
    """An entry as the ledger keeps it; lines of zero are left out.

    Raises:
        NotReadableError: it does not sum to zero, or an amount is beyond any ledger.
    """
    codes = [chart.code(line.currency) for line in entry.lines]
    cents = _cents(entry, codes)
    kinds = [chart.kinds[chart.key(line.account)] for line in entry.lines]
    types = {kind.type for kind in kinds}
    spends = "expense" in types and "revenue" not in types
    return Transaction(
        entry.number.strip(),
        entry.day,
        tuple(
            Posted(
                chart.key(line.account),
                amount,
                code,
                activity,
                chart.parties.of(line.counterparty, entry, spends=spends),
                memo(line.memo),
                line.origin.file,
                line.origin.row,
            )
            for line, code, parts in zip(entry.lines, codes, _activities(kinds, cents, codes), strict=True)
            for activity, amount in parts
            if amount
        ),
    )


def _cents(entry: Entry, codes: Sequence[str]) -> list[int]:
    """Whole cents of each line; what rounding leaves goes to the largest line of its currency.

    Raises:
        NotReadableError: the lines do not sum to zero.
    """
    exact = [line.amount * 100 for line in entry.lines]
    cents = [int(amount.to_integral_value(ROUND_HALF_EVEN)) for amount in exact]
    for code in dict.fromkeys(codes):
        own = [place for place, other in enumerate(codes) if other == code]
        if left := sum(exact[place] for place in own):
            raise _unbalanced(entry, left, code)
        rounded = [place for place in own if cents[place] != exact[place]]
        if rounded:
            largest = max(rounded, key=lambda place: abs(cents[place]))
            cents[largest] -= sum(cents[place] for place in own)
    for line, amount in zip(entry.lines, cents, strict=True):
        if abs(amount) > MOST_CENTS:
            msg = f"{_place(line)}: {line.amount} is beyond any ledger"
            raise NotReadableError(msg)
    return cents


def _unbalanced(entry: Entry, left: Decimal, code: str) -> NotReadableError:
    number = f" {entry.number}" if entry.number else ""
    return NotReadableError(
        f"{_place(entry.lines[0])}: the entry{number} of {entry.day} does not sum to zero: {left / 100:f} {code}"
    )


def _place(line: Line) -> str:
    return f"{line.origin.file}, row {line.origin.row}"


Parts = list[tuple[str, int]]
"""Activity and cents."""


def _activities(kinds: Sequence[Kind], cents: Sequence[int], codes: Sequence[str]) -> list[Parts]:
    """The activity of each line; a line of cash that pays for several is divided among them.

    A loan's payment is principal, which is financing, and interest, which is operating (ASC 230-10-45-15, 45-17). Where
    parts do not all have the sign of the cash, they are one thing: an asset bought on credit, a loan paid out less
    its fee; so is what is sold with a gain.

    >>> cash = Kind("asset", "bank", is_cash=True)
    >>> _activities([Kind("liability", "loan"), Kind("expense"), cash], [400, 100, -500], ["USD"] * 3)
    [[('financing', 400)], [('operating', 100)], [('financing', -400), ('operating', -100)]]
    """
    whole = _activity(kinds)
    own = [_activity([kind]) for kind in kinds]
    one = [place for place, kind in enumerate(kinds) if kind.is_cash]
    others = [place for place, kind in enumerate(kinds) if not kind.is_cash]
    sums = {name: -sum(cents[place] for place in others if own[place] == name) for name in dict.fromkeys(own)}
    sums = {name: amount for name, amount in sums.items() if amount}
    gained = "investing" in sums and any(kinds[place].type == "revenue" for place in others)
    if len(one) != 1 or len(sums) < 2 or len(set(codes)) > 1 or gained:  # noqa: PLR2004 - several of them
        return [[(whole, amount)] for amount in cents]
    if any((amount > 0) != (cents[one[0]] > 0) for amount in sums.values()):
        return [[(whole, amount)] for amount in cents]
    return [sorted(sums.items()) if place == one[0] else [(own[place], amount)] for place, amount in enumerate(cents)]


def _activity(kinds: Sequence[Kind]) -> str:
    """The activity of an entry's cash, by the accounts that it touches: owners' money is never operating.

    >>> _activity([Kind("asset", "bank", is_cash=True), Kind("liability", "loan", is_cash=False)])
    'financing'
    """
    equity = any(kind.type == "equity" and kind.subtype != UNCLASSIFIED for kind in kinds)
    subtypes = {kind.subtype for kind in kinds}
    if equity or subtypes & FINANCING:
        return "financing"
    return "investing" if subtypes & INVESTING else "operating"
