"""The rows that a figure names add up to it: summed here from the sample's files alone, by file and row number."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cache

import pytest

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.facts.sources import LISTED, Sources, Used
from executive_suite.metrics import tracing
from group_data import INCLUDE, sample

DAY = "2026-05-01"


@cache
def facts() -> dict[str, Fact]:
    return {fact.fact_id: fact for fact in metrics.compute_all(sample())}


@cache
def sources() -> Sources:
    """Of every figure at the date and of the latest months: far more than reports show."""
    return tracing.traced(sample(), [name for name, f in facts().items() if f.period >= "2025-01"])[1]


@cache
def lines_of(file: str) -> list[dict[str, str]]:
    """The rows of a file of the sample; row 2 is the first after the heading, as in a spreadsheet."""
    with (INCLUDE / "data" / file).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def used(fact_id: str, table: str) -> Used:
    (found,) = [one for one in sources().facts[fact_id] if one.table == table]
    return found


def rows(fact_id: str, table: str) -> list[dict[str, str]]:
    """The rows that a figure names, as its file has them."""
    known = sources().tables[table].rows
    found = [known[place][:2] for place in used(fact_id, table).listed]
    assert {file for file, _ in found} <= {f"{table}.csv"}
    return [lines_of(f"{table}.csv")[int(row) - 2] for _, row in found]


def cents(chosen: Sequence[dict[str, str]], column: str = "amount_cents") -> int:
    return sum(int(row[column]) for row in chosen)


@pytest.mark.parametrize("entity", ["jada", "qdn", "rental", "dc"])
def test_revenue_of_a_month_is_the_sum_of_its_ledger_lines(entity: str) -> None:
    for month in ("2025-06", "2025-09", "2026-04"):
        name = f"revenue/{entity}/{month}"
        if name in sources().facts:
            own = rows(name, "ledger") if used(name, "ledger").listed else []
            assert -cents(own) == facts()[name].value
            assert {row["date"][:7] for row in own} <= {month}


def test_cash_is_the_sum_of_all_lines_on_cash_accounts() -> None:
    name = f"cash_balance/group/{DAY}"
    posted = used(name, "ledger").posted
    cash = {row["account"] for row in lines_of("account.csv") if row["is_cash"].lower() == "true"}
    # Known at the cut-off, the start of the day in Los Angeles; of each line the version recorded last.
    known = [row for row in lines_of("ledger.csv") if row["recorded_at"] < f"{DAY}T07" and row["date"] < DAY]
    latest = {(row["txn_id"], row["line"]): row for row in sorted(known, key=lambda row: row["recorded_at"])}
    before = [row for row in latest.values() if row["account"] in cash]
    # 38,800 USD: the headline of the product statement.
    assert facts()[name].value == sum(one.cents for one in posted) == cents(before) == 3_880_000
    assert sum(one.lines for one in posted) == used(name, "ledger").named == len(before)
    # Of more lines than can be listed, those with the largest amounts are.
    largest = sorted((abs(int(row["amount_cents"])) for row in before), reverse=True)[:LISTED]
    assert sorted((abs(int(row["amount_cents"])) for row in rows(name, "ledger")), reverse=True) == largest


def test_net_burn_is_the_sum_of_its_operating_cash_lines() -> None:
    # 8,200 / 9,000 / 8,600 / 7,000 / 7,400 / 7,800 USD: the product statement.
    stated = {"2025-11": 82, "2025-12": 90, "2026-01": 86, "2026-02": 70, "2026-03": 74, "2026-04": 78}
    for month, hundreds in stated.items():
        assert -cents(rows(f"net_burn/group/{month}", "ledger")) == hundreds * 10_000


def test_receivables_are_their_invoices_less_the_payments_on_them() -> None:
    name = f"ar_ageing/group/{DAY}"
    invoices = rows(name, "invoice")
    paid: dict[str, int] = {}
    for row in lines_of("payment.csv"):
        if row["paid_on"] < DAY:
            paid[row["invoice_id"]] = paid.get(row["invoice_id"], 0) + int(row["amount_cents"])
    open_cents = sum(int(row["total_cents"]) - paid.get(row["invoice_id"], 0) for row in invoices)
    assert open_cents == facts()[name].value
    assert {row["direction"] for row in invoices} == {"ar"}


def test_occupancy_is_the_share_of_booked_nights() -> None:
    told = [name for name in sources().facts if name.startswith("occupancy/") and facts()[name].monthly]
    let = [name for name in told if facts()[name].value is not None]
    assert let
    for name in let:
        nights = rows(name, "availability")
        assert {row["date"][:7] for row in nights} == {facts()[name].period}
        booked = sum(row["status"] == "booked" for row in nights)
        assert facts()[name].value == round(Decimal(booked) / len(nights), 10)


def test_the_cloud_bill_is_the_sum_of_its_charges() -> None:
    for month in ("2025-11", "2026-03", "2026-04"):
        name = f"cloud_billed_cost/group/{month}"
        charged = sum(Decimal(row["BilledCost"]) for row in rows(name, "focus_cost"))
        assert Decimal(str(facts()[name].value)) == charged


def test_every_sum_of_the_ledger_is_that_of_its_accounts_and_months() -> None:
    single = [
        (name, one)
        for name, parts in sources().facts.items()
        for one in parts
        if one.table == "ledger" and one.posted and len(one.amounts) == 1
    ]
    assert len(single) > 1_000
    differ = [name for name, one in single if sum(p.cents for p in one.posted) != one.amounts[0][0]]
    assert differ == []


def test_a_figure_names_as_many_rows_as_it_counts() -> None:
    """Nearly all: a row that counts twice is named once, and a day on which two captains are free has two rows."""
    parts = [one for used in sources().facts.values() for one in used if one.rows]
    unnamed = [one for one in parts if not one.named]
    assert len(unnamed) < 0.1 * len(parts)


def test_a_context_of_another_order_of_rows_names_the_same_ones() -> None:
    """Places are those of the frozen tables, which have one order, so nothing depends on how a metric reads them."""
    again = Context(sample().tables, sample().report_date, sample().zone, sample().rules, sample().earlier)
    wanted = [name for name in sources().facts if facts()[name].period == date.fromisoformat(DAY).isoformat()]
    traced = tracing.traced(again, wanted)[1]
    assert {name: sources().facts[name] for name in wanted} == dict(traced.facts)
