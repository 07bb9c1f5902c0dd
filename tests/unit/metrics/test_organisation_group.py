"""Assets, equity, roles, segments, concentration and what changed."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.rows import rows_of
from executive_suite.metrics.organisation import assets, concentration
from executive_suite.metrics.organisation.equity import unvested
from executive_suite.metrics.organisation.segments import relative_change
from group_data import changed, fact, facts_of, put, sample, without
from typed_tables import context, typed


def _asset(name: str, book: int | None, market: int | None, lien: int = 0, insured: int | None = None) -> object:
    amounts = {"book_value_cents": book, "market_value_cents": market, "lien_cents": lien, "insured_cents": insured}
    return rows_of(typed("asset", [{"asset_id": name, **amounts}]), "asset")[0]


def test_unvalued_assets_are_left_out_and_said() -> None:
    register = [_asset("a", 100, 200, 50, 150), _asset("b", 40, None, 10), _asset("c", None, 100, 130)]
    today = context("2026-05-01")
    assert assets.book_value(today, register).value == 140
    assert assets.book_value(today, register).reason == "1 of 3 assets without book value"
    assert assets.market_value(register).value == 300
    assert assets.equity(register).value == (200 - 50) + (100 - 130)
    covered = assets.insured_ratio(register)
    assert covered.value == Decimal("0.5")  # 150 insured of 300 valued
    assert covered.reason == "1 of 2 valued assets have no insured sum on record"


def test_more_owed_than_worth_is_shown_below_zero() -> None:
    assert assets.equity([_asset("a", None, 100, 130)]).value == -30


def test_nothing_valued_is_not_applicable() -> None:
    assert assets.market_value([_asset("a", 1, None)]).status == "not_applicable"
    assert assets.insured_ratio([_asset("a", 1, None)]).status == "not_applicable"
    assert fact(without(sample(), "asset"), "organisation", "asset_count").status == "not_evaluable"


def test_an_asset_that_is_sold_leaves_the_register() -> None:
    before = fact(sample(), "organisation", "asset_count").value
    some = sample().tables["asset"]["asset_id"].iloc[0]
    run = changed(sample(), asset=put("status", "sold", asset_id=some))
    assert fact(run, "organisation", "asset_count").value == before - 1


@pytest.mark.parametrize("metric_id", ["asset_count", "asset_book_value", "asset_market_value", "asset_equity"])
def test_entities_and_classes_add_up_to_the_group(metric_id: str) -> None:
    found = facts_of(sample(), "organisation", metric_id)
    total = next(f.value for f in found if f.entity_id == "group" and not f.dimensions)
    entities = sum(f.value or 0 for f in found if f.entity_id != "group" and not f.dimensions)
    classes = sum(f.value or 0 for f in found if f.entity_id == "group" and "class" in f.dimensions)
    assert total == entities == classes


def test_forty_percent_of_one_company_are_uncommitted() -> None:
    # The product statement: a 40 % holder without signed agreement or vesting.
    assert fact(sample(), "organisation", "equity_uncommitted_pct").value == 4000


def test_shares_that_do_not_add_up_are_a_fault_of_the_data() -> None:
    # Worked answer equity_sum: 6,000 and 3,900 bp are 9,900, not 10,000.
    run = changed(sample(), equity_holder=put("pct_bp", 3900, person_id="Sergio"))
    found = fact(run, "organisation", "equity_uncommitted_pct")
    assert (found.value, found.status) == (None, "not_evaluable")
    assert "9900 bp, not 10000" in found.reason


def test_a_holding_counts_as_its_valid_row_says() -> None:
    def ended(frame: object) -> object:
        table = frame.copy()  # type: ignore[attr-defined]
        table["valid_to"] = table["valid_to"].mask(table["person_id"] == "Sergio", "2026-04-30")
        return table

    run = changed(sample(), equity_holder=ended)  # type: ignore[arg-type]
    assert "6000 bp" in fact(run, "organisation", "equity_uncommitted_pct").reason


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_the_unvested_part_never_exceeds_the_share(pct: int, vested: int) -> None:
    assert 0 <= unvested(pct, vested) <= pct
    assert unvested(pct, 10_000) == 0


def test_one_of_two_roles_is_bare() -> None:
    assert fact(sample(), "organisation", "succession_coverage").value == Decimal("0.5")
    covered = changed(sample(), key_role=put("runbook_uri", "on file", role_id="operations"))
    assert fact(covered, "organisation", "succession_coverage").value == 0
    empty = changed(sample(), key_role=lambda frame: frame.iloc[:0])
    assert fact(empty, "organisation", "succession_coverage").status == "not_applicable"


def test_concentration_of_the_worked_example() -> None:
    # Worked answers hhi and hhi_zero; U.S. DOJ/FTC Merger Guidelines 2.1: four firms of 30, 30, 20 and 20 % give 2,600.
    assert concentration.herfindahl_hirschman([40, 30, 20, 10]).value == 3000
    assert concentration.herfindahl_hirschman([30, 30, 20, 20]).value == 2600
    assert concentration.herfindahl_hirschman([0, 0]).value is None
    assert concentration.herfindahl_hirschman([7]).value == 10_000


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=30))
def test_concentration_lies_between_equal_shares_and_one_customer(revenue: list[int]) -> None:
    value = concentration.herfindahl_hirschman(revenue).value
    assert isinstance(value, int | Decimal)
    assert Decimal(10_000) / len(revenue) - Decimal("0.01") <= value <= 10_000


def test_net_refunds_are_left_out_and_said() -> None:
    measure = concentration.herfindahl_hirschman([50, 50, -10])
    assert (measure.value, measure.reason) == (5000, "1 with net refunds left out")


def _line(txn: str, day: str, entity: str, account: str, cents: int, **more: object) -> dict[str, object]:
    return {
        "txn_id": txn,
        "line": 1,
        "date": day,
        "entity_id": entity,
        "account": account,
        "amount_cents": cents,
        "counterparty_id": None,
        **more,
    }


ACCOUNTS = typed(
    "account",
    [
        {"account": "1", "type": "asset", "is_cash": True},
        {"account": "4", "type": "revenue", "is_cash": False},
        {"account": "6", "type": "expense", "is_cash": False},
    ],
)
ENTITIES = typed("entity", [{"entity_id": e, "kind": "business", "name": e} for e in ("x", "y")])


def test_charges_between_entities_leave_the_group() -> None:
    # ASC 810-10-45-1: intra-entity transactions are eliminated. x sells 300 outside and 100 to y; shared cost is 40.
    ledger = [
        _line("a", "2026-03-05", "x", "4", -300),
        _line("b", "2026-04-05", "x", "4", -300),
        _line("c", "2026-04-06", "x", "4", -100, counterparty_id="y"),
        _line("d", "2026-04-06", "y", "6", 100, counterparty_id="x"),
        _line("e", "2026-04-07", "y", "6", 50),
        _line("f", "2026-04-08", "group", "6", 40),
    ]
    run = context("2026-05-01", ledger=typed("ledger", ledger), account=ACCOUNTS, entity=ENTITIES)
    assert fact(run, "organisation", "segment_revenue", "x").value == 400
    assert fact(run, "organisation", "segment_revenue").value == 300
    assert fact(run, "organisation", "segment_direct_cost", "y").value == 150
    assert fact(run, "organisation", "segment_direct_cost").value == 50 + 40
    assert fact(run, "organisation", "segment_direct_cost", part="shared").value == 40
    assert fact(run, "organisation", "segment_contribution").value == 300 - 90
    changes = fact(run, "organisation", "metric_change")
    assert changes.value == 210 - 300
    assert changes.reason.startswith("largest driver: ")


def test_segments_add_up_to_the_group_before_shared_cost() -> None:
    # No intercompany charge is in the sample, so the group is the sum of its segments.
    found = facts_of(sample(), "organisation", "segment_contribution")
    april = [f for f in found if f.period == "2026-04"]
    total = next(f.value for f in april if f.entity_id == "group")
    assert total == sum(f.value for f in april if f.entity_id != "group")


def test_a_change_from_nothing_has_no_percentage() -> None:
    assert relative_change(5, 0).status == "not_applicable"
    assert relative_change(-50, -100).value == Decimal("0.5")


def test_a_change_against_the_budget_uses_its_latest_version() -> None:
    budget = [
        {"entity_id": "x", "month": "2026-04-01", "account": "4", "amount_cents": cents, "version": version}
        for version, cents in (("v1", 999), ("v2", 250))
    ]
    ledger = typed("ledger", [_line("a", "2026-03-05", "x", "4", -100), _line("b", "2026-04-05", "x", "4", -300)])
    run = context("2026-05-01", ledger=ledger, account=ACCOUNTS, entity=ENTITIES, budget=typed("budget", budget))
    against = {"metric": "segment_revenue", "against": "budget"}
    assert fact(run, "organisation", "metric_change", "x", **against).value == 50
    assert fact(run, "organisation", "metric_change_ratio", "x", **against).value == Decimal("0.2")


def test_concentration_knows_no_customer_inside_of_the_group_and_no_running_month() -> None:
    # ASC 810-10-45-1: balances and charges between entities of a group are no business with anybody. Two customers of
    # equal size give 2 x 50^2 = 5,000, whatever one entity charges the other.
    customers = [("T1", "c1", -100), ("T2", "c2", -100), ("T3", "y", -900)]
    rows = [_line(txn, "2026-03-01", "x", "4", cents, counterparty_id=who) for txn, who, cents in customers]
    # Services of May are not in the twelve complete months before 15 May, on whichever channel they were sold.
    sold = {"entity_id": "x", "status": "completed", "gross_cents": 100, "discount_cents": 0}
    days = [("web", "2026-04-30T20:00Z"), ("mail", "2026-04-29T20:00Z"), ("ota", "2026-05-02T20:00Z")]
    bookings = [{"channel_id": name, "service_end": end, **sold} for name, end in days]
    run = context(
        "2026-05-15",
        ledger=typed("ledger", rows),
        account=ACCOUNTS,
        entity=ENTITIES,
        booking=typed("booking", bookings),
    )
    assert fact(run, "organisation", "revenue_concentration_hhi").value == 5000
    assert fact(run, "organisation", "revenue_concentration_hhi", by="channel").value == 5000


def test_without_customers_on_record_concentration_is_not_evaluable() -> None:
    bare = typed("ledger", [_line("T1", "2026-03-01", "x", "4", -100)]).drop(columns="counterparty_id")
    found = fact(context("2026-05-01", ledger=bare, account=ACCOUNTS), "organisation", "revenue_concentration_hhi")
    assert (found.status, found.reason) == ("not_evaluable", "column ledger.counterparty_id is absent")


def test_two_holdings_of_one_person_stand_apart_by_their_first_day() -> None:
    # Founders' and advisers' shares are granted in tranches: 60 % that vests, 10 % without an agreement.
    rows = [("a", "2024-01-01", 6_000, True), ("a", "2025-01-01", 1_000, False), ("b", "2024-01-01", 3_000, True)]
    holders = [
        {"entity_id": "x", "person_id": who, "valid_from": since, "pct_bp": share, "agreement_signed": signed,
         "vesting_schedule": "four years", "vested_bp": 5_000}
        for who, since, share, signed in rows
    ]  # fmt: skip
    run = context("2026-05-01", equity_holder=typed("equity_holder", holders))
    assert fact(run, "organisation", "equity_uncommitted_pct").value == 1_000
    tranche = {"person": "a", "since": "2025-01-01"}
    assert fact(run, "organisation", "equity_uncommitted_pct", "x", **tranche).value == 1_000
    assert fact(run, "organisation", "equity_unvested_pct", "x", **tranche).value == 500
    assert fact(run, "organisation", "equity_unvested_pct", "x", person="b").value == 1_500


def test_roles_and_shares_of_an_entity_that_left_are_no_risk_of_the_group() -> None:
    entities = [
        {"entity_id": "kept", "kind": "business", "name": "Kept", "ended_on": None},
        {"entity_id": "sold", "kind": "business", "name": "Sold", "ended_on": "2026-03-31"},
    ]
    roles = [
        {"role_id": entity, "entity_id": entity, "person_id": "p", "successor_id": heir, "runbook_uri": None}
        for entity, heir in (("kept", "q"), ("sold", None))
    ]
    shares = [
        {"entity_id": entity, "person_id": "p", "valid_from": "2024-01-01", "pct_bp": 10_000,
         "agreement_signed": entity == "kept", "vesting_schedule": "done"}
        for entity in ("kept", "sold")
    ]  # fmt: skip
    tables = {"key_role": typed("key_role", roles), "equity_holder": typed("equity_holder", shares)}
    run = context("2026-05-01", entity=typed("entity", entities), **tables)
    assert fact(run, "organisation", "succession_coverage").value == 0
    assert fact(run, "organisation", "equity_uncommitted_pct").value == 0
    before = context("2026-03-31", entity=typed("entity", entities), **tables)
    assert fact(before, "organisation", "succession_coverage").value == Decimal("0.5")
    assert fact(before, "organisation", "equity_uncommitted_pct").value == 10_000
