"""Net operating income of rented property, the share that costs take of it, and what it yields on value."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from executive_suite.dataset.context import Context
from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure, not_applicable, not_evaluable, qualified
from executive_suite.metrics.arithmetic import ratio
from executive_suite.metrics.book.book import NEEDS, Book, as_month, book
from executive_suite.metrics.cut import for_group_too
from executive_suite.metrics.frames import any_assumed
from executive_suite.metrics.registry import metric
from executive_suite.metrics.rental.properties import held, property_entities
from executive_suite.period import Month, complete_months

YEAR = 12
NO_PROPERTY = "table asset has no property with postings in the ledger"

# What stands below net operating income: financing, wear that is not paid for, and taxes on income. The chart of
# accounts says it by subtype or by the function ``nonop``; an account that mixes both kinds counts as it is classed.
NON_CASH = ("depreciation", "amortisation", "amortization")
BELOW_THE_LINE = ("interest", "interest_expense", "debt", "income_tax", *NON_CASH)
NEEDS_PROPERTY: Mapping[str, tuple[str, ...]] = {**NEEDS, "asset": ("asset_id", "entity_id", "asset_class")}

SOURCE = "National Apartment Association and IREM, income and expense standards"

NET_OPERATING_INCOME = Definition(
    "net_operating_income",
    "Net operating income (NOI)",
    "cents",
    "Effective gross income (revenue of the property's entity) less operating expenses; before debt service, "
    "depreciation and income tax, which are accounts of function nonop or of such a subtype. Per complete month; "
    "at the report date for the latest twelve of them.",
    SOURCE,
    "higher",
)
OPERATING_EXPENSE_RATIO = Definition(
    "operating_expense_ratio",
    "Operating expense ratio",
    "ratio",
    "Operating expenses / effective gross income. No income: n/a.",
    SOURCE,
    "lower",
)
CAP_RATE = Definition(
    "cap_rate",
    "Capitalisation rate",
    "ratio",
    "Net operating income of the latest twelve complete months / market value of the property (cost when there is no "
    "market value). A property with postings for less than twelve complete months, or a value of 0: n/a.",
    SOURCE,
    "higher",
)


@dataclass(frozen=True, slots=True)
class Income:
    """Income and expense of a period, cents.

    Attributes:
        gross: Effective gross income.
        operating: Operating expenses.
        below: Expenses below the line.
        non_cash: The part of them that is not paid for: depreciation and amortisation.
        lines: Ledger lines behind them.
    """

    gross: int
    operating: int
    below: int
    non_cash: int
    lines: int

    @property
    def net(self) -> int:
        """Net operating income."""
        return self.gross - self.operating

    def expense_ratio(self) -> Measure:
        """Operating expense ratio.

        >>> Income(gross=240_000, operating=96_000, below=0, non_cash=0, lines=4).expense_ratio().value
        Decimal('0.4000000000')
        """
        return ratio(self.operating, self.gross, otherwise="no income")

    def __add__(self, other: Income) -> Income:
        return Income(
            self.gross + other.gross,
            self.operating + other.operating,
            self.below + other.below,
            self.non_cash + other.non_cash,
            self.lines + other.lines,
        )


NONE = Income(gross=0, operating=0, below=0, non_cash=0, lines=0)


def incomes(ledger: Book, entities: Iterable[str]) -> dict[Month, Income]:
    """Income and expense of these entities, by month; a month without a posting is missing."""
    cells = ledger.cells
    here = cells[cells["entity_id"].isin(list(entities)) & cells["type"].isin(["revenue", "expense"])]
    subtype, revenue = ledger.attribute("subtype")[here.index].str.lower(), here["type"] == "revenue"
    below = (ledger.attribute("function")[here.index] == "nonop") | subtype.isin(BELOW_THE_LINE)
    cents = here["cents"]
    sums = pd.DataFrame(
        {
            "gross": -cents.where(revenue & ~below, 0),
            "operating": cents.where(~revenue & ~below, 0),
            "below": cents.where(~revenue & below, 0),
            "non_cash": cents.where(~revenue & subtype.isin(NON_CASH), 0),
            "lines": here["lines"],
        }
    ).groupby(here["month"])
    return {as_month(int(index)): Income(*map(int, row)) for index, *row in sums.sum().itertuples()}


def income(ledger: Book, entities: Iterable[str], months: Sequence[Month]) -> Income:
    """Income and expense of these entities in these months."""
    by_month = incomes(ledger, entities)
    return sum((by_month.get(month, NONE) for month in months), NONE)


def trailing_income(context: Context, entity_id: str) -> Measure:
    """Net operating income of the latest twelve complete months of one property entity, cents.

    Returns:
        Not applicable when the property has been held for less than that.

    Raises:
        MissingInputError: ledger, account or asset is absent.
    """
    months = complete_months(context.report_date, YEAR)
    since = _held_since(context, entity_id)
    if since is None:
        return not_evaluable("no postings and no date of acquisition")
    if since > months[0]:
        return not_applicable(f"postings of the property since {since}: fewer than {YEAR} complete months")
    return Measure(income(book(context), (entity_id,), months).net)


def _held_since(context: Context, entity_id: str) -> Month | None:
    """The month from which the postings of a property are whole.

    That of its acquisition or of its first posting, whichever is earlier, but not before the ledger itself begins.
    """
    assets = held(context)
    acquired = pd.Series(dtype="datetime64[us]")
    if "acquired_on" in assets.columns:
        acquired = assets.loc[assets["entity_id"] == entity_id, "acquired_on"].dropna()
    posted = book(context).first_month(entity_id)
    known = [Month.of(day.date()) for day in acquired] + ([] if posted is None else [posted])
    begun = book(context).first_month()
    return max(min(known), begun) if known and begun is not None else None


@metric(NET_OPERATING_INCOME, OPERATING_EXPENSE_RATIO, needs=NEEDS_PROPERTY)
def net_operating_income(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    ids = ("net_operating_income", "operating_expense_ratio")
    return for_group_too(context, _income_facts(context), ids, NO_PROPERTY)


def _income_facts(context: Context) -> Iterable[Fact]:
    ledger = book(context)
    owners = property_entities(context)
    for entity_id in owners if len(owners) == 1 else (*owners, GROUP):
        entities = owners if entity_id == GROUP else (entity_id,)
        first = min((m for e in entities for m in ledger.complete(e, context)), default=None)
        months = () if first is None else tuple(m for m in ledger.complete(GROUP, context) if m >= first)
        latest = [month for month in complete_months(context.report_date, YEAR) if month in months]
        by_month = incomes(ledger, entities)
        for month in months:
            yield from _of_period(context, by_month.get(month, NONE), entity_id, _Window(str(month)))
        if latest:
            short = "" if len(latest) == YEAR else f"{len(latest)} of {YEAR} months have postings"
            window = _Window("", short)
            yield from _of_period(context, income(ledger, entities, latest), entity_id, window)


@dataclass(frozen=True, slots=True)
class _Window:
    """A month, or the latest twelve with what there is to say about their coverage."""

    period: str
    short: str = ""


def _of_period(context: Context, found: Income, entity_id: str, window: _Window) -> Iterable[Fact]:
    parts: dict[str, int] = {
        "effective_gross_income": found.gross,
        "operating_expense": found.operating,
        "below_the_line": found.below,
        "below_the_line_non_cash": found.non_cash,
    }
    figures = [
        ("net_operating_income", Measure(found.net), {}),
        ("operating_expense_ratio", found.expense_ratio(), {}),
        *(("net_operating_income", Measure(cents), {"part": part}) for part, cents in parts.items()),
    ]
    for metric_id, measure, more in figures:
        yield context.fact(
            metric_id,
            qualified(measure, window.short),
            entity_id=entity_id,
            period=window.period,
            inputs={"ledger": found.lines},
            assumed=False,
            **more,
        )


@metric(CAP_RATE, needs={**NEEDS_PROPERTY, "asset": ("asset_id", "entity_id", "asset_class", "market_value_cents")})
def cap_rate(context: Context) -> Iterable[Fact]:  # noqa: D103 - the registry writes it
    return for_group_too(context, _cap_rates(context), ("cap_rate",), NO_PROPERTY)


def _cap_rates(context: Context) -> Iterable[Fact]:
    owners = property_entities(context)
    for entity_id in owners if len(owners) < 2 else (*owners, GROUP):  # noqa: PLR2004 - two make a sum
        entities = owners if entity_id == GROUP else (entity_id,)
        assets = held(context)
        assets = assets[assets["entity_id"].isin(entities)]
        incomes = [trailing_income(context, entity) for entity in entities]
        missing = next((i for i in incomes if i.value is None), None)
        value, basis = _worth(assets)
        if missing is not None:
            measure = missing
        elif value is None:
            measure = not_evaluable(basis)
        else:
            earned = sum(i.value for i in incomes if isinstance(i.value, int))
            measure = qualified(ratio(earned, value, otherwise="the property's value is 0"), basis)
        yield context.fact(
            "cap_rate",
            measure,
            entity_id=entity_id,
            inputs={"asset": len(assets), "ledger": book(context).rows},
            assumed=any_assumed(assets),
        )


def _worth(assets: pd.DataFrame) -> tuple[int | None, str]:
    """What the properties are worth together, and on which basis; None with a reason when one has neither."""
    market = assets["market_value_cents"]
    if market.notna().all():
        return int(market.sum()), "on market value"
    cost = assets["cost_cents"] if "cost_cents" in assets.columns else market
    if market.fillna(cost).notna().all():
        return int(market.fillna(cost).sum()), "on cost where no market value is on record"
    return None, "a property has neither market value nor cost"
