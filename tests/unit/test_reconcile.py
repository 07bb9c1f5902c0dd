"""The reconciliation gate: what must agree, and what it says when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite import metrics
from executive_suite.dataset import reconcile, snapshot
from executive_suite.dataset.reconcile import ReconciliationError
from executive_suite.dataset.snapshot import Snapshot
from executive_suite.facts.fact import Fact

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity
    T1,1,2026-03-01,acme,1010,10000,USD,operating
    T1,2,2026-03-01,acme,4010,-10000,USD,operating
    T2,1,2026-04-01,acme,6010,4000,USD,operating
    T2,2,2026-04-01,acme,1010,-4000,USD,operating
"""


@pytest.fixture
def books(tmp_path: Path) -> tuple[Snapshot, tuple[Fact, ...]]:
    dataset = snapshot.build(raw(tmp_path, entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER), MAY, PACIFIC)
    return dataset, metrics.compute(dataset.context, "finance") + metrics.compute(dataset.context, "accounting")


def test_true_figures_pass(books: tuple[Snapshot, tuple[Fact, ...]]) -> None:
    reconcile.check(*books)


def altered(facts: tuple[Fact, ...], metric_id: str, entity_id: str, period: str, by: int) -> tuple[Fact, ...]:
    chosen = [
        fact
        for fact in facts
        if (fact.metric_id, fact.entity_id, fact.period, fact.dimensions) == (metric_id, entity_id, period, {})
    ]
    assert len(chosen) == 1
    return tuple(replace(f, value=int(str(f.value)) + by) if f is chosen[0] else f for f in facts)


@pytest.mark.parametrize(
    ("metric_id", "entity_id", "period", "told"),
    [
        # cash: 10,000 in, 4,000 out
        ("cash_balance", "group", "2026-05-01", "cash of group: the facts say 6001 cents, the ledger 6000"),
        ("cash_balance", "acme", "2026-05-01", "cash of acme: the facts say 6001 cents, the ledger 6000"),
        ("net_cash_change", "acme", "2026-03", "cash of acme: its monthly changes add up to 6001 cents"),
        (
            "net_income",
            "acme",
            "2026-04",
            "net income of acme in 2026-04: -3999 cents, but revenue 0 less expenses 4000",
        ),
        ("revenue", "group", "2026-03", "revenue of the group in 2026-03: 10001 cents, its entities add up to 10000"),
        ("expenses", "acme", "2026-04", "expenses of the group in 2026-04: 4000 cents, its entities add up to 4001"),
    ],
)
def test_a_cent_off_stops_the_run(
    books: tuple[Snapshot, tuple[Fact, ...]], metric_id: str, entity_id: str, period: str, told: str
) -> None:
    dataset, facts = books
    with pytest.raises(ReconciliationError) as caught:
        reconcile.check(dataset, altered(facts, metric_id, entity_id, period, 1))
    assert any(told in difference for difference in caught.value.differences)
    assert told in str(caught.value)


def test_two_values_for_one_figure_stop_the_run(books: tuple[Snapshot, tuple[Fact, ...]]) -> None:
    dataset, facts = books
    at = ("cash_balance", "group", "2026-05-01")
    cash = next(fact for fact in facts if (fact.metric_id, fact.entity_id, fact.period) == at)
    with pytest.raises(ReconciliationError, match="two values, 6000 and 7000"):
        reconcile.check(dataset, (*facts, replace(cash, value=7000)))


def test_deferred_revenue_must_tie_to_the_ledger(books: tuple[Snapshot, tuple[Fact, ...]]) -> None:
    dataset, facts = books

    def fact(name: str, value: int) -> Fact:
        return Fact(f"deferred_revenue_{name}", "acme", "2026-05-01", value, "cents")

    # ASC 606-10-50-8: opening + received - refunded - recognised = closing; 100 + 50 - 10 - 40 = 100
    names = ("opening", "received", "refunded", "released", "closing", "difference")
    whole = [fact(*pair) for pair in zip(names, (100, 50, 10, 40, 100, 0), strict=True)]
    others = tuple(f for f in facts if not f.metric_id.startswith("deferred_revenue"))
    reconcile.check(dataset, (*others, *whole))
    with pytest.raises(ReconciliationError, match="do not make closing 101 cents"):
        reconcile.check(dataset, (*others, *whole[:4], fact("closing", 101), whole[5]))
    with pytest.raises(ReconciliationError, match="contract liabilities in the ledger by 7 cents"):
        reconcile.check(dataset, (*others, *whole[:5], fact("difference", 7)))


def test_an_entity_out_of_balance_stops_the_run(tmp_path: Path) -> None:
    # the transaction balances, but acme's books have gained what beta's have lost
    entities = ENTITIES + "    beta,business,Beta,USD,America/Los_Angeles\n"
    ledger = LEDGER.replace("2026-04-01,acme,6010", "2026-04-01,beta,6010")
    dataset = snapshot.build(raw(tmp_path, entity=entities, account=ACCOUNTS, ledger=ledger), MAY, PACIFIC)
    with pytest.raises(ReconciliationError) as caught:
        reconcile.check(dataset, ())
    assert caught.value.differences == (
        "trial balance of entity acme: credits exceed debits by 4000 cents, expected 0",
        "trial balance of entity beta: debits exceed credits by 4000 cents, expected 0",
        (
            "ledger.csv, row 5, amount_cents: '-4000': must sum to zero within acme over the lines of transaction T2 "
            "(row 5: -4000 cents). Book what one entity owes the other on accounts due to and due from it."
        ),
        (
            "ledger.csv, row 4, amount_cents: '4000': must sum to zero within beta over the lines of transaction T2 "
            "(row 4: 4000 cents). Book what one entity owes the other on accounts due to and due from it."
        ),
    )


SEPARATE = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity,counterparty_id
    T1,1,2026-03-01,acme,1010,10000,USD,operating,
    T1,2,2026-03-01,acme,4010,-10000,USD,operating,
    T2,1,2026-03-05,acme,1010,700,USD,operating,beta
    T2,2,2026-03-05,acme,4010,-700,USD,operating,beta
    T3,1,2026-03-06,beta,6010,700,USD,operating,acme
    T3,2,2026-03-06,beta,1010,-700,USD,operating,acme
    T4,1,2026-03-07,group,6010,90,USD,operating,
    T4,2,2026-03-07,group,1010,-90,USD,operating,
"""


def test_books_of_companies_that_charge_each_other_reconcile(tmp_path: Path) -> None:
    # The group's revenue is 10,000 and its expense 90, its own; what acme charged beta is in neither.
    entities = ENTITIES + "    beta,business,Beta,USD,America/Los_Angeles\n"
    tables = raw(tmp_path, entity=entities, account=ACCOUNTS, ledger=SEPARATE)
    dataset = snapshot.build(tables, MAY, PACIFIC)
    facts = metrics.compute(dataset.context, "finance") + metrics.compute(dataset.context, "accounting")
    reconcile.check(dataset, facts)
    found = {
        f.metric_id: f.value for f in facts if f.entity_id == "group" and f.period == "2026-03" and not f.dimensions
    }
    assert (found["revenue"], found["expenses"]) == (10_000, 90)
    wrong = altered(facts, "revenue", "group", "2026-03", 700)
    with pytest.raises(ReconciliationError, match="revenue of the group in 2026-03: 10700 cents"):
        reconcile.check(dataset, wrong)
