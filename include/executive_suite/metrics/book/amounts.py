"""Amounts of the ledger with the number of lines behind them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any, Literal

from executive_suite.dataset.behind import Amount
from executive_suite.dataset.context import Context
from executive_suite.dataset.reporting_currency import reporting_currency
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.period import Month


@dataclass(frozen=True, slots=True)
class Part:
    """What an amount adds up, looked up only when somebody asks.

    Attributes:
        of: Whether it is a book's cells, single lines of the ledger, or rows of another table.
        found: Gives the places of cells or lines, or the rows. It is handed the context and holds none, nor anything
            as long as the ledger: sums are remembered for as long as their context lives.
        sign: -1 if the amount has them with the opposite sign.
    """

    of: Literal["cells", "lines", "rows"]
    found: Callable[[Context], Any]
    sign: int = 1


@dataclass(frozen=True, slots=True)
class Sum(Amount):
    """An amount and the number of ledger lines behind it.

    Attributes:
        cents: Debit-positive.
        lines: Ledger lines added up.
        parts: Where in the ledger they are.
    """

    cents: int = 0
    lines: int = 0
    parts: tuple[Part, ...] = field(default=(), compare=False, repr=False)

    def __neg__(self) -> Sum:
        return Sum(-self.cents, self.lines, tuple([replace(part, sign=-part.sign) for part in self.parts]))

    def __add__(self, other: Sum) -> Sum:
        return Sum(self.cents + other.cents, self.lines + other.lines, self.parts + other.parts)

    def fact(self, context: Context, metric_id: str, *, reason: str = "", **about: Any) -> Fact:
        """The amount as a figure; ``about`` as in ``Context.fact``."""
        return context.fact(metric_id, Measure(self.cents, reason=reason), inputs={"ledger": self}, **about)


NOTHING = Sum()


def stated(context: Context, cents: int) -> str:
    """An amount as a reason states it: ``1,234.50 USD``."""
    return f"{Decimal(cents).scaleb(-2):,.2f} {reporting_currency(context.tables)}"


class MonthlySums(dict[tuple[str, Month], Sum]):
    """Sums by entity and month; a month without postings is zero."""

    def __missing__(self, key: tuple[str, Month]) -> Sum:
        return NOTHING

    def __neg__(self) -> MonthlySums:
        return MonthlySums({key: -value for key, value in self.items()})

    def __add__(self, other: MonthlySums) -> MonthlySums:
        return MonthlySums({key: self[key] + other[key] for key in self.keys() | other.keys()})

    def with_group(self, other: MonthlySums) -> MonthlySums:
        """These sums of the entities, and the group's of others."""
        own = {key: value for key, value in self.items() if key[0] != GROUP}
        return MonthlySums(own | {key: value for key, value in other.items() if key[0] == GROUP})

    def over(self, entity_id: str, months: Iterable[Month]) -> Sum:
        """The sum of some months of an entity."""
        return sum((self[entity_id, month] for month in months), NOTHING)

    def facts(self, context: Context, metric_id: str, entity_id: str, months: Iterable[Month]) -> Iterator[Fact]:
        """The sum of each of some months of an entity as a figure."""
        return (
            self[entity_id, month].fact(context, metric_id, entity_id=entity_id, period=str(month)) for month in months
        )
