"""The chart of accounts: what is used, idle or on the wrong side, and what a group like this one would need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from executive_suite.facts.definition import Definition
from executive_suite.facts.fact import GROUP, Fact
from executive_suite.facts.measure import Measure
from executive_suite.metrics.book.book import NEEDS, as_index, book
from executive_suite.metrics.registry import metric
from executive_suite.period import Month

if TYPE_CHECKING:
    from executive_suite.dataset.context import Context

IDLE_MONTHS = 12

UNDEFINED = Definition(
    "accounts_undefined",
    "Accounts used but not in the chart",
    "count",
    "Accounts with ledger lines that the chart of accounts does not define.",
    "Chart-of-accounts completeness",
    "zero",
)
UNUSED = Definition(
    "accounts_unused",
    "Accounts unused for 12 months",
    "count",
    "Accounts of the chart without a ledger line in the 12 months before the report date.",
    "Chart-of-accounts completeness",
    "lower",
)
WRONG_SIDE = Definition(
    "accounts_wrong_side",
    "Accounts on the wrong side",
    "count",
    "Accounts whose balance has the opposite sign of their normal side; zero balances are on no side. By entity: in "
    "its own books, where what another entity holds on the account makes nothing good.",
    "Double-entry bookkeeping, normal balances",
    "zero",
)
MISSING = Definition(
    "accounts_recommended_missing",
    "Recommended accounts missing",
    "count",
    "Classes of accounts that accrual books of a small service and rental group need and the chart lacks, by subtype "
    "or by name. Number ranges are a convention; US GAAP prescribes none.",
    "ASC 606, 310, 360, 842 as far as each class serves them; number ranges by convention",
    "zero",
)


@dataclass(frozen=True, slots=True)
class Recommended:
    """A class of accounts that accrual books need.

    Attributes:
        number: Where it usually stands.
        name: What it is called.
        type: Account type.
        subtypes: Subtypes by which the chart may show it.
        terms: Regular expression by which a name shows it.
        purpose: What cannot be said without it.
    """

    number: str
    name: str
    type: str
    subtypes: tuple[str, ...]
    terms: str
    purpose: str


STRUCTURE: tuple[Recommended, ...] = (
    Recommended("1000", "Cash", "asset", ("cash", "bank"), r"cash|bank|checking", "cash and burn"),
    Recommended(
        "1200", "Accounts receivable", "asset", ("receivable",), r"receivable", "ageing and days sales outstanding"
    ),
    Recommended("1300", "Prepaid expenses", "asset", ("prepaid",), r"prepaid", "insurance spread over its term"),
    Recommended(
        "1500", "Fixed assets", "asset", ("fixed_asset",), r"equipment|vessel|vehicle|building", "capital expenditure"
    ),
    Recommended(
        "1590", "Accumulated depreciation", "asset", ("accumulated_depreciation",), r"accumulated dep", "book values"
    ),
    Recommended("2000", "Accounts payable", "liability", ("payable",), r"payable(?!.*tax)", "what is owed and when"),
    Recommended(
        "2200",
        "Sales and lodging tax payable",
        "liability",
        ("tax_payable", "lodging_tax", "sales_tax"),
        r"tax",
        "tax collected that is not the group's",
    ),
    Recommended(
        "2300",
        "Contract liabilities",
        "liability",
        ("contract_liability", "deferred_revenue", "customer_deposits"),
        r"contract liab|deferred revenue|unearned|customer deposit",
        "deposits kept apart from revenue",
    ),
    Recommended("2350", "Security deposits", "liability", ("security_deposit",), r"security deposit", "tenants' money"),
    Recommended("2500", "Loans and mortgages", "liability", ("loan", "mortgage", "debt"), r"loan|mortgage", "debt"),
    Recommended(
        "2900",
        "Intercompany balances",
        "liability",
        ("due_to", "due_from", "intercompany"),
        r"due to|due from|intercompany",
        "elimination between entities",
    ),
    Recommended(
        "3000", "Owners' equity", "equity", ("equity", "contributed"), r"owner|equity|capital", "owners' money"
    ),
    Recommended("4000", "Revenue by stream", "revenue", (), r".", "revenue recognition by stream"),
    Recommended("5000", "Cost of sales", "expense", ("cogs", "cost_of_sales"), r"cost of|crew|fuel", "gross margin"),
    Recommended("6000", "Operating expenses by function", "expense", (), r".", "expenses by function and break-even"),
    Recommended("6900", "Depreciation", "expense", ("depreciation",), r"depreciation", "income after wear"),
    Recommended("7000", "Interest", "expense", ("interest",), r"interest", "debt service cover"),
)


def missing(accounts: pd.DataFrame) -> tuple[Recommended, ...]:
    """The recommended classes that no account of the chart serves."""
    subtype = accounts["subtype"].fillna("") if "subtype" in accounts.columns else pd.Series("", index=accounts.index)
    name = accounts["name"].fillna("")
    found = []
    for wanted in STRUCTURE:
        served = subtype.isin(wanted.subtypes) | name.str.contains(wanted.terms, case=False, regex=True)
        if not ((accounts["type"] == wanted.type) & served).any():
            found.append(wanted)
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Audit:
    """What the ledger says of the chart.

    Attributes:
        undefined: Accounts with postings that the chart does not define.
        unused: Accounts of the chart without a posting in the twelve months before the report date.
        wrong_side: Accounts of the chart whose balance is not on their side, with that balance, debits positive.
        wrong_in: How many accounts stand on the wrong side in the books of each entity.
        accounts: Accounts of the chart.
        lines: Ledger lines.
    """

    undefined: frozenset[str]
    unused: frozenset[str]
    wrong_side: Mapping[str, int]
    wrong_in: Mapping[str, int]
    accounts: int
    lines: int


def audit(context: Context) -> Audit:
    """The chart of accounts against the ledger.

    Raises:
        MissingInputError: ledger, account or a column that is needed is absent.
    """
    sums = book(context)
    accounts = context.table("account", *NEEDS["account"], "normal_side").drop_duplicates("account")
    chart = {str(name) for name in accounts["account"]}
    side = accounts.set_index("account")["normal_side"].map({"debit": 1, "credit": -1})
    balance = sums.cells.groupby("account", observed=True)["cents"].sum()
    own = sums.cells.groupby(["entity_id", "account"], observed=True)["cents"].sum().reset_index()
    own["wrong"] = own["cents"] * own["account"].map(side).fillna(0).astype("int64") < 0
    return Audit(
        undefined=frozenset({str(name) for name in sums.cells["account"]} - chart),
        unused=frozenset(chart - _used_of_late(context)),
        wrong_side={str(n): int(cents) for n, cents in balance.items() if n in chart and cents * side.get(n, 0) < 0},
        wrong_in={str(n): int(count) for n, count in own.groupby("entity_id", observed=True)["wrong"].sum().items()},
        accounts=len(accounts),
        lines=sums.rows,
    )


def _used_of_late(context: Context) -> set[str]:
    """Accounts with a line in the twelve months before the report date, to the day."""
    cells = book(context).cells
    since = pd.Timestamp(context.report_date) - pd.DateOffset(months=IDLE_MONTHS)
    first = as_index(Month.of(since.date()))
    used = set(cells.loc[cells["month"] > first, "account"])
    # Sums go by month: only accounts last used in the month in which the year began are looked at day by day.
    doubtful = set(cells.loc[cells["month"] == first, "account"]) - used
    if doubtful and since.day > 1:
        ledger = context.table("ledger", "account", "date")
        rows = ledger[ledger["account"].isin(doubtful)]
        doubtful = set(rows.loc[rows["date"] >= since, "account"])
    return {str(name) for name in used | doubtful}


@metric(UNDEFINED, UNUSED, WRONG_SIDE, needs={**NEEDS, "account": (*NEEDS["account"], "normal_side")})
def chart_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    found = audit(context)
    inputs = {"account": found.accounts, "ledger": found.lines}
    for metric_id, names in (
        ("accounts_undefined", found.undefined),
        ("accounts_unused", found.unused),
        ("accounts_wrong_side", found.wrong_side),
    ):
        yield context.fact(metric_id, Measure(len(names)), inputs=inputs)
        for name in sorted(names):
            yield context.fact(metric_id, Measure(1), inputs={"account": 1}, account=name)
    for entity, count in found.wrong_in.items():
        if entity != GROUP:
            yield context.fact("accounts_wrong_side", Measure(count), inputs=inputs, entity_id=entity)


@metric(MISSING, needs={"account": ("account", "type", "name")})
def missing_facts(context: Context) -> Iterator[Fact]:  # noqa: D103 - the decorator writes the docstring
    accounts = context.table("account")
    found = missing(accounts)
    inputs = {"account": len(accounts)}
    yield context.fact("accounts_recommended_missing", Measure(len(found)), inputs=inputs)
    for wanted in found:
        yield context.fact(
            "accounts_recommended_missing",
            Measure(1),
            inputs=inputs,
            number=wanted.number,
            name=wanted.name,
            type=wanted.type,
            purpose=wanted.purpose,
        )
