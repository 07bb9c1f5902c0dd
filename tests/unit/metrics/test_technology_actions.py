"""Engineering actions and delivery performance."""

from __future__ import annotations

from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.metrics.technology.actions import weighted_shortest_job
from group_data import changed, fact, facts_of, put, sample, without
from typed_tables import context, typed

SIXTH, FOURTH = Decimal("0.6"), Decimal("0.4")


def _order() -> dict[int, str]:
    return {f.value: f.dimensions["action"] for f in facts_of(sample(), "technology", "engineering_action_rank")}


def test_twelve_actions_are_ranked_by_the_stated_rule() -> None:
    # (0.6 * security + 0.4 * user) / effort by hand: E1 8.4, E5 6.2, E2 3.8, E3 3.2, E4 2.4, E6 2.0, E10 and E8 1.9
    # (tie by id), E11 1.2, E9 1.1, E7 0.72, E12 0.13.
    order = _order()
    assert [order[place] for place in range(1, 13)] == [
        *("E1", "E5", "E2", "E3", "E4", "E6", "E10", "E8", "E11", "E9", "E7", "E12")
    ]
    assert fact(sample(), "technology", "engineering_action_score", action="E1").value == Decimal("8.4")


def test_an_action_that_is_done_leaves_the_ranking() -> None:
    run = changed(sample(), eng_action=put("status", "done", action_id="E1"))
    ranks = {f.dimensions["action"]: f.value for f in facts_of(run, "technology", "engineering_action_rank")}
    assert "E1" not in ranks
    assert ranks["E5"] == 1


def test_no_effort_counts_as_half_a_day() -> None:
    assert weighted_shortest_job(5, 5, Decimal(0), SIXTH, FOURTH) == Decimal(10)


def test_without_weights_nothing_is_scored() -> None:
    assert fact(without(sample(), "param"), "technology", "engineering_action_score").status == "not_evaluable"


@given(st.integers(0, 10), st.integers(0, 10), st.decimals("0.5", 20, places=1))
def test_more_value_never_lowers_a_score_and_more_effort_never_raises_it(
    impact: int, value: int, effort: Decimal
) -> None:
    score = weighted_shortest_job(impact, value, effort, SIXTH, FOURTH)
    assert weighted_shortest_job(impact + 1, value, effort, SIXTH, FOURTH) >= score
    assert weighted_shortest_job(impact, value, effort + 1, SIXTH, FOURTH) <= score


def _deployment(deploy_id: str, committed: str, deployed: str, **more: object) -> dict[str, object]:
    return {
        "deploy_id": deploy_id,
        "stack": "web",
        "commit_at": committed,
        "deployed_at": deployed,
        "failed": False,
        "recovered_at": None,
        "is_unplanned_rework": False,
        **more,
    }


def test_the_five_measures_over_twelve_weeks() -> None:
    # dora.dev, software delivery metrics; twelve weeks before 2026-05-01 begin on 2026-02-06.
    run = context(
        "2026-05-01",
        deployment=typed(
            "deployment",
            [
                _deployment("old", "2026-01-01T00:00Z", "2026-02-05T20:00Z"),
                _deployment("a", "2026-03-01T00:00Z", "2026-03-01T02:00Z"),
                _deployment("b", "2026-03-02T00:00Z", "2026-03-02T04:00Z", is_unplanned_rework=True),
                _deployment(
                    "c", "2026-03-03T00:00Z", "2026-03-03T10:00Z", failed=True, recovered_at="2026-03-03T13:00Z"
                ),
                _deployment("d", "2026-03-04T00:00Z", "2026-03-04T20:00Z", failed=True),
                # On May 1 it was not known that this would be recovered on May 2.
                _deployment(
                    "e", "2026-04-30T00:00Z", "2026-04-30T04:00Z", failed=True, recovered_at="2026-05-02T20:00Z"
                ),
            ],
        ),
    )
    assert fact(run, "technology", "deployment_frequency").value == Decimal("0.42")  # 5 / 12
    assert fact(run, "technology", "change_lead_time_hours").value == Decimal(4)  # median of 2, 4, 4, 10, 20
    assert fact(run, "technology", "change_fail_rate").value == Decimal("0.6")
    recovery = fact(run, "technology", "failed_deployment_recovery_hours")
    assert (recovery.value, recovery.reason) == (Decimal(3), "2 not recovered yet")
    assert fact(run, "technology", "rework_rate").value == Decimal("0.2")


def test_without_deployments_the_frequency_is_zero_and_the_rates_are_not_applicable() -> None:
    columns = ("deploy_id", "stack", "commit_at", "deployed_at", "failed", "recovered_at", "is_unplanned_rework")
    past = {"deploy_id": "D", "stack": "QOS", "commit_at": "2025-12-01T10:00Z", "deployed_at": "2025-12-02T10:00Z"}
    run = context("2026-05-01", deployment=typed("deployment", [past], columns))
    assert fact(run, "technology", "deployment_frequency").value == 0
    begun = {**past, "commit_at": "2026-04-20T10:00Z", "deployed_at": "2026-04-21T10:00Z"}
    short = fact(
        context("2026-05-01", deployment=typed("deployment", [begun], columns)), "technology", "deployment_frequency"
    )
    assert short.reason == "the first deployment on record is of 2026-04-21"
    never = context("2026-05-01", deployment=typed("deployment", [], columns))
    assert fact(never, "technology", "deployment_frequency").status == "not_evaluable"
    for metric_id in ("change_lead_time_hours", "change_fail_rate", "failed_deployment_recovery_hours", "rework_rate"):
        assert fact(run, "technology", metric_id).status == "not_applicable"


def test_readiness_counts_days_since_rotation_and_restore() -> None:
    run = changed(
        sample(),
        system=lambda frame: pd.concat(
            [
                frame,
                typed(
                    "system",
                    [
                        {"system_id": "K1", "category": "secret", "status": "deployed", "since": "2026-04-01"},
                        {"system_id": "K2", "category": "credential", "status": "deployed", "since": "2026-01-01"},
                        {"system_id": "T1", "category": "restore_test", "status": "deployed", "since": "2026-04-21"},
                        {"system_id": "T0", "category": "restore_test", "status": "deployed", "since": "2025-04-21"},
                    ],
                ),
            ],
            ignore_index=True,
        ),
    )
    assert fact(run, "technology", "secret_age_days", system="K1").value == 30
    assert fact(run, "technology", "secret_age_days").value >= 120, "the oldest: 31 + 28 + 31 + 30 days"
    assert fact(run, "technology", "restore_test_age_days").value <= 10, "the latest test"
