"""What entities of the group invoice, sell and owe each other is in each one's figures and in none of the group's."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd
import pytest
from finance_rows import CHART, fact_of, facts_of, ledger, params, value_of

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.facts.fact import Fact
from executive_suite.schema.tables import schema
from group_data import changed, sample
from typed_tables import context, typed

ENTITIES = typed("entity", [{"entity_id": e, "kind": "business"} for e in ("a", "b")])


def invoices(*rows: tuple[str, str, str, str, int]) -> pd.DataFrame:
    """Number, direction, entity, party and cents of invoices issued on April 1 and due on April 11."""
    return typed(
        "invoice",
        [
            {
                "invoice_id": number,
                "direction": direction,
                "entity_id": entity,
                "counterparty_id": party,
                "issued_on": "2026-04-01",
                "due_on": "2026-04-11",
                "total_cents": cents,
                "tax_cents": 0,
                "status": "open",
                "contract_id": None,
                "booking_id": None,
            }
            for number, direction, entity, party, cents in rows
        ],
        list(schema()["invoice"].columns),
    )


NO_PAYMENT = typed("payment", [], ["payment_id", "invoice_id", "paid_on", "amount_cents", "is_refund"])
BETWEEN = (("2", "ar", "a", "b", 70_000), ("3", "ap", "b", "a", 70_000))


def owed(*rows: tuple[str, str, str, str, int], **tables: pd.DataFrame) -> Context:
    given = {"entity": ENTITIES, "payment": NO_PAYMENT, "param": params({"burn_window_months": 6})}
    return context("2026-05-01", **(given | {"invoice": invoices(*rows)} | tables))


# ASC 810-10-45-1: intra-entity balances are eliminated. a is owed 1,000 by a customer and 700 by b.
def test_receivables_of_the_group_are_those_from_outside() -> None:
    data = owed(("1", "ar", "a", "C", 100_000), *BETWEEN)
    aging = {(f.entity_id, f.dimensions.get("bucket", "")): f.value for f in facts_of(data, "accounting", "ar_ageing")}
    assert (aging["group", ""], aging["group", "1-30"]) == (100_000, 100_000)
    assert (aging["a", ""], aging["a", "1-30"]) == (170_000, 170_000)
    payables = {f.entity_id: f.value for f in facts_of(data, "accounting", "ap_ageing") if not f.dimensions}
    assert payables == {"b": 70_000, "group": 0}
    # 181 days of November to April: 1,000 owed of 1,000 invoiced, 1,700 of 1,700.
    assert value_of(data, "accounting", "dso_days") == value_of(data, "accounting", "dso_days", entity="a") == 181


def test_a_company_that_was_sold_is_a_customer_like_any_other() -> None:
    sold = typed("entity", [{"entity_id": "a", "ended_on": None}, {"entity_id": "b", "ended_on": "2026-03-31"}])
    assert value_of(owed(*BETWEEN, entity=sold), "accounting", "ar_ageing") == 70_000


def contract(number: str, client: str, cents: int) -> dict[str, object]:
    return {
        "contract_id": number,
        "valid_from": "2025-01-01",
        "client_id": client,
        "tier": "gold",
        "billing_model": "retainer",
        "mrr_cents": cents,
        "start_on": "2025-01-01",
        "end_on": None,
        "auto_renew": True,
        "notice_days": None,
        "status": "active",
    }


def schedule(*rows: tuple[str, int]) -> pd.DataFrame:
    return typed(
        "rev_schedule",
        [
            {
                "obligation_id": f"O{number}",
                "contract_or_booking_id": name,
                "entity_id": "a",
                "description": "retainer, April",
                "allocated_cents": cents,
                "pattern": "point_in_time",
                "start_on": "2026-04-01",
                "end_on": "2026-04-30",
                "satisfied_on": "2026-04-30",
                "is_principal": True,
            }
            for number, (name, cents) in enumerate(rows)
        ],
    )


def test_contracts_with_a_sister_recur_for_the_entity_alone() -> None:
    data = owed(
        client_contract=typed("client_contract", [contract("K1", "C", 50_000), contract("K2", "b", 20_000)]),
        rev_schedule=schedule(("K1", 50_000), ("K2", 20_000)),
    )
    for field, metric_id, period in (
        ("portfolio", "mrr", ""),
        ("accounting", "revenue_recognised", "2026-04"),
        ("portfolio", "revenue_by_tier", "2026-04"),
    ):
        assert value_of(data, field, metric_id, period=period) == 50_000
        assert value_of(data, field, metric_id, entity="a", period=period) == 70_000


SOLD = typed("entity", [{"entity_id": "a", "ended_on": None}, {"entity_id": "b", "ended_on": "2026-02-14"}])


# A sister is inside while it belongs to the group, and a customer like any other from the day after (ASC 810-10-40-4: a
# subsidiary is deconsolidated when control ends).
@pytest.mark.parametrize("movement_basis", [0, 1])
def test_contracts_with_a_sister_that_was_sold_count_for_the_group_since_then(movement_basis: int) -> None:
    data = owed(
        ("1", "ar", "a", "C", 100_000),
        client_contract=typed("client_contract", [contract("K1", "C", 50_000), contract("K2", "b", 20_000)]),
        rev_schedule=schedule(("K1", 50_000), ("K2", 20_000)),
        entity=SOLD,
        param=params({"burn_window_months": 6, "mrr_movement_basis": movement_basis}),
    )
    months = ("2025-12", "2026-01", "2026-02", "2026-03", "")
    assert [value_of(data, "portfolio", "mrr", period=month) for month in months] == [50_000, 50_000, *[70_000] * 3]
    assert [value_of(data, "portfolio", "mrr", entity="a", period=month) for month in months] == [70_000] * 5
    february = {part: value_of(data, "portfolio", "mrr", period="2026-02", movement=part) for part in ("new", "churn")}
    assert february == {"new": 20_000, "churn": 0}
    assert value_of(data, "portfolio", "nrr", period="2026-02") == 1
    assert value_of(data, "portfolio", "mrr", client="b") == 20_000
    invoiced = [value_of(data, "portfolio", "contracts_uninvoiced", period=month) for month in months[:-1]]
    assert invoiced == [1, 1, 2, 2]


def test_what_is_earned_over_the_sale_of_a_sister_is_divided_by_its_last_day() -> None:
    # 59,000 for the 59 days of January and February, 1,000 a day: the 14 of February after its 14th are outside.
    term = schedule(("K2", 59_000)).assign(pattern="over_time_straight", satisfied_on=None)
    for column, day in (("start_on", "2026-01-01"), ("end_on", "2026-02-28")):
        term[column] = pd.Series([day], dtype=term[column].dtype)
    data = owed(client_contract=typed("client_contract", [contract("K2", "b", 20_000)]), rev_schedule=term, entity=SOLD)
    for entity, months in (("a", [31_000, 28_000]), ("group", [None, 14_000])):
        earned = {
            f.period: f.value for f in facts_of(data, "accounting", "revenue_recognised") if f.entity_id == entity
        }
        assert [earned.get(month) for month in ("2026-01", "2026-02")] == months, entity


def test_the_margin_of_a_sister_that_was_sold_is_what_it_was_invoiced_since() -> None:
    # 700 in January, inside; 300 in April, outside.
    bills = invoices(("1", "ar", "a", "b", 70_000), ("2", "ar", "a", "b", 30_000)).assign(contract_id="K2")
    bills.loc[0, "issued_on"] = pd.Timestamp("2026-01-10")
    rent = [("2026-04-03", "a", "operating", {"6100": 100, "1010": -100})]
    data = owed(
        client_contract=typed("client_contract", [contract("K2", "b", 20_000)]),
        invoice=bills,
        entity=SOLD,
        account=CHART,
        ledger=ledger(rent).assign(contract_id=None),
    )
    assert value_of(data, "portfolio", "client_margin", entity="a", client="b") == 100_000
    assert value_of(data, "portfolio", "client_margin", client="b") == 30_000


def test_a_group_that_only_deals_with_itself_has_nothing_and_no_concentration() -> None:
    data = owed(*BETWEEN, client_contract=typed("client_contract", [contract("K2", "b", 20_000)]))
    assert value_of(data, "accounting", "ar_ageing") == 0
    assert fact_of(data, "accounting", "dso_days").status == "not_applicable"
    assert fact_of(data, "portfolio", "nrr").status == "not_applicable"
    assert value_of(data, "portfolio", "mrr") == 0


def _sister(entity: str) -> str:
    return "jada" if entity == "dc" else "dc"


def _added(frame: pd.DataFrame, rows: pd.DataFrame, table: str, **named: object) -> pd.DataFrame:
    """A table with copies of some of its rows: under keys of their own, the parties as given."""
    copies = rows.copy()
    for column in {*schema()[table].key, "contract_id", "booking_id", "invoice_id", "contract_or_booking_id"}:
        if column in copies.columns and schema()[table].kind(column) == "string":
            copies[column] = ("X" + copies[column].astype("object")).where(copies[column].notna(), None)
    for column, value in named.items():
        copies[column] = copies["entity_id"].map(_sister) if value == "sister" else value
    return pd.concat([frame, copies.astype(frame.dtypes.to_dict())], ignore_index=True)


def with_dealings() -> Context:
    """The sample, whose businesses also sold to each other what they sold to others of late."""
    tables = sample().tables
    sold = tables["booking"].tail(150)
    billed = tables["invoice"].tail(80)
    earned = tables["rev_schedule"]
    earned = earned[
        earned["contract_or_booking_id"].isin({*sold["booking_id"], *tables["client_contract"]["contract_id"]})
    ]
    return changed(
        sample(),
        booking=lambda f: _added(f, sold, "booking", customer_id="sister", asset_id=None),
        invoice=lambda f: _added(f, billed, "invoice", counterparty_id="sister"),
        payment=lambda f: _added(f, f[f["invoice_id"].isin(billed["invoice_id"])], "payment"),
        rev_schedule=lambda f: _added(f, earned, "rev_schedule"),
        client_contract=lambda f: _added(f, f, "client_contract", client_id="jada"),
        work_log=lambda f: _added(f, f.tail(200), "work_log"),
        delivery=lambda f: _added(f, f.tail(9), "delivery", client_id="jada"),
    )


TAX_OF_OTHERS = ("lodging_tax_accrued", "lodging_tax_liability")
"""The city taxes a stay, whoever stays."""


def of_group(facts: Iterable[Fact]) -> dict[tuple[Any, ...], Any]:
    return {
        (f.metric_id, f.period, *sorted(f.dimensions.items())): (f.value, f.status)
        for f in facts
        if f.entity_id == "group" and f.metric_id not in TAX_OF_OTHERS
    }


@pytest.fixture(scope="module")
def dealt() -> Context:
    return with_dealings()


@pytest.mark.parametrize("field", ["accounting", "portfolio", "sales", "marketing", "rental", "delivery", "forecast"])
def test_every_figure_of_the_group_is_as_if_its_entities_had_not_dealt(dealt: Context, field: str) -> None:
    plain, whole = (of_group(metrics.compute(data, field)) for data in (sample(), dealt))
    assert {key: (plain.get(key), whole.get(key)) for key in plain | whole if plain.get(key) != whole.get(key)} == {}


def test_the_dealings_are_in_the_entities_own_figures(dealt: Context) -> None:
    for field, metric_id in (("portfolio", "mrr"), ("accounting", "revenue_recognised")):
        plain, whole = (value_of(data, field, metric_id, entity="dc") for data in (sample(), dealt))
        assert whole > plain  # type: ignore[operator]
