"""Pipeline, coverage and gap; win rate and cycle."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from types import SimpleNamespace

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.dataset.context import Context
from executive_suite.metrics.sales import conversion, pipeline
from group_data import changed, fact, sample, without
from typed_tables import context, typed


def _stage(opp_id: str, since: str, stage: str, amount: int = 0, **more: object) -> dict[str, object]:
    return {
        "opp_id": opp_id,
        "valid_from": since,
        "entity_id": "x",
        "stage": stage,
        "amount_cents": amount,
        "probability_bp": 5000,
        "expected_close": "2026-06-01",
        "created_at": "2026-01-01T20:00Z",
        **more,
    }


def _budget(cents: int) -> pd.DataFrame:
    rows = [
        {"entity_id": "x", "month": f"2026-{m:02d}-01", "account": "4", "amount_cents": cents, "version": v}
        for m in range(1, 13)
        for v in ("v1", "v2")
    ]
    return typed("budget", [*rows, {**rows[0], "month": "2025-12-01"}, {**rows[0], "account": "5", "version": "v3"}])


def _books(recognised: int) -> dict[str, pd.DataFrame]:
    line = {
        "txn_id": "t",
        "line": 1,
        "date": "2026-02-01",
        "entity_id": "x",
        "account": "4",
        "amount_cents": -recognised,
    }
    accounts = [{"account": a, "type": t, "is_cash": False} for a, t in (("4", "revenue"), ("5", "expense"))]
    return {"ledger": typed("ledger", [line]), "account": typed("account", accounts)}


def _run(*rows: dict[str, object], target: int = 100, recognised: int = 0) -> Context:
    return context("2026-05-01", opportunity=typed("opportunity", rows), budget=_budget(target), **_books(recognised))


def test_an_empty_pipeline_weighs_nothing() -> None:
    found = fact(sample(), "sales", "pipeline_weighted")
    assert (found.value, found.status) == (0, "ok")


def test_only_the_latest_stage_counts_and_stale_or_undated_deals_are_said() -> None:
    run = _run(
        _stage("won", "2026-01-01T20:00Z", "lead", 900),
        _stage("won", "2026-02-01T20:00Z", "won", 900),
        _stage("open", "2026-01-01T20:00Z", "lead", 100),
        _stage("open", "2026-02-01T20:00Z", "quoted", 300),
        _stage("stale", "2026-01-01T20:00Z", "lead", 700, expected_close="2026-04-30"),
        _stage("blank", "2026-01-01T20:00Z", "lead", 700, expected_close=None),
        _stage("next", "2026-01-01T20:00Z", "lead", 700, expected_close="2027-01-01"),
    )
    found = fact(run, "sales", "pipeline_weighted")
    assert found.value == 150
    assert found.reason == "1 stale left out; 1 without expected close left out"


def test_gap_and_coverage_of_a_worked_year() -> None:
    # Target 12 * 100 = 1,200 (the latest version only); recognised 200; weighted 150 of 300 open.
    run = _run(_stage("open", "2026-01-01T20:00Z", "quoted", 300), recognised=200)
    assert fact(run, "sales", "pipeline_gap").value == 1200 - 200 - 150
    assert fact(run, "sales", "pipeline_coverage").value == Decimal("0.3")  # 300 / 1,000
    assert fact(run, "sales", "pipeline_gap", "x").value == 850


def test_recognised_revenue_is_that_of_the_schedule_where_there_is_one() -> None:
    obligation = {
        "obligation_id": "o",
        "contract_or_booking_id": "b",
        "entity_id": "x",
        "description": "charter",
        "allocated_cents": 500,
        "pattern": "point_in_time",
        "start_on": "2026-03-01",
        "end_on": "2026-03-01",
        "satisfied_on": "2026-03-01",
        "is_principal": True,
    }
    later = {**obligation, "obligation_id": "p", "satisfied_on": None}
    before = {**obligation, "obligation_id": "q", "satisfied_on": "2025-12-31"}
    books = _run(_stage("open", "2026-01-01T20:00Z", "quoted", 300), recognised=200)
    tables = {**books.tables, "rev_schedule": typed("rev_schedule", [obligation, later, before])}
    scheduled = replace(books, tables=tables)
    assert fact(scheduled, "sales", "pipeline_gap").value == 1200 - 500 - 150
    assert {i.table for i in fact(scheduled, "sales", "pipeline_gap").inputs} == {
        "budget",
        "opportunity",
        "rev_schedule",
    }
    # Another entity schedules nothing: what its ledger says is recognised all the same.
    own = {"txn_id": "u", "line": 1, "date": "2026-02-01", "entity_id": "y", "account": "4", "amount_cents": -70}
    lines = pd.concat([tables["ledger"], typed("ledger", [own])], ignore_index=True)
    both = replace(books, tables={**tables, "ledger": lines})
    assert fact(both, "sales", "pipeline_gap").value == 1200 - 500 - 70 - 150


def test_a_target_that_is_met_leaves_no_gap_and_no_coverage() -> None:
    # Worked answer pipeline_target_met: recognised 600,000, target 500,000: gap 0, coverage n/a.
    assert pipeline.gap(500_000, 600_000, 0).value == 0
    assert pipeline.coverage(500_000, 600_000, 0).value is None
    assert pipeline.coverage(500_000, 600_000, 0).reason == "target already met"


def test_without_a_budget_the_gap_is_not_evaluable_and_the_pipeline_still_is() -> None:
    run = without(_run(_stage("open", "2026-01-01T20:00Z", "quoted", 300)), "budget")
    assert fact(run, "sales", "pipeline_gap").status == "not_evaluable"
    assert "budget" in fact(run, "sales", "pipeline_gap").reason
    assert fact(run, "sales", "pipeline_weighted").value == 150
    assert (
        fact(_run(_stage("a", "2026-01-01T20:00Z", "lead"), target=0), "sales", "pipeline_gap").status
        == "not_applicable"
    )


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_gap_is_never_negative_and_closes_as_the_pipeline_fills(
    target: int, recognised: int, weighted: int, more: int
) -> None:
    before = pipeline.gap(target, recognised, weighted).value
    after = pipeline.gap(target, recognised, weighted + more).value
    assert isinstance(before, int)
    assert isinstance(after, int)
    assert 0 <= after <= before <= target


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10_000)), max_size=20))
def test_the_weighted_pipeline_lies_between_nothing_and_the_open_amounts(made: list[tuple[int, int]]) -> None:
    deals = [SimpleNamespace(amount_cents=amount, probability_bp=chance) for amount, chance in made]
    assert 0 <= pipeline.weighted(deals) <= sum(a for a, _ in made)


def _closed(count: int, won: int, day: str = "2026-03-01") -> list[dict[str, object]]:
    return [
        _stage(f"o{i}", f"{day}T20:00Z", "won" if i < won else "lost", created_at="2026-02-01T20:00Z")
        for i in range(count)
    ]


def test_a_rate_needs_five_closed_deals() -> None:
    few = _run(*_closed(4, 3))
    assert fact(few, "sales", "win_rate").reason == "3 won of 4 closed: fewer than 5"
    enough = _run(*_closed(5, 2))
    assert fact(enough, "sales", "win_rate").value == Decimal("0.4")
    assert fact(enough, "sales", "sales_cycle_days").value == 28  # February 2026 has 28 days
    assert fact(enough, "sales", "win_rate").inputs[0].rows == 5


def test_deals_closed_more_than_a_year_ago_are_another_cohort() -> None:
    old = _run(*_closed(5, 5, "2025-04-30"))
    assert fact(old, "sales", "win_rate").status == "not_applicable"
    assert fact(_run(*_closed(5, 5, "2025-05-01")), "sales", "win_rate").value == 1


@given(st.integers(0, 50), st.integers(0, 50))
def test_a_win_rate_is_a_fraction_of_the_closed(won: int, lost: int) -> None:
    measure = conversion.win_rate(won, lost)
    if won + lost >= 5:
        assert isinstance(measure.value, Decimal)
        assert 0 <= measure.value <= 1
    else:
        assert measure.value is None


def test_an_opportunity_that_is_won_moves_the_rate() -> None:
    frame = sample().tables["opportunity"]
    before = fact(sample(), "sales", "win_rate").value
    lost = frame[(frame["stage"] == "lost") & (frame["valid_from"] >= pd.Timestamp("2025-06-01", tz="UTC"))].index[0]

    def win(table: pd.DataFrame) -> pd.DataFrame:
        table.loc[lost, "stage"] = "won"
        return table

    assert fact(changed(sample(), opportunity=win), "sales", "win_rate").value > before
