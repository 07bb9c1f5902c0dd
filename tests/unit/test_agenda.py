"""The four agendas: order, scores, ties, and what moves them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from executive_suite import metrics
from executive_suite.dataset.context import Context
from executive_suite.facts.findings import Action
from executive_suite.rules import agenda, judgement, rulebook
from executive_suite.rules.agendas import thirty_day
from group_data import changed, put, sample, without


def _agenda(run: Context, name: str) -> list[Action]:
    findings = judgement.evaluate(run, (), rulebook.shipped())
    facts = metrics.compute(run, "finance") if name == "capital" else ()
    return [action for action in agenda.rank(run, facts, findings) if action.agenda == name]


@given(st.integers(1, 4), st.integers(0, 10**9), st.decimals("0.5", 30, places=1))
def test_a_priority_grows_with_severity_and_stake_and_falls_with_effort(weight: int, cents: int, days: Decimal) -> None:
    score = thirty_day.priority(weight, cents, days)
    assert thirty_day.priority(weight + 1, cents, days) >= score
    assert thirty_day.priority(weight, cents + 100_000, days) >= score
    assert thirty_day.priority(weight, cents, days + 1) <= score
    assert thirty_day.priority(weight, None, days) == thirty_day.priority(weight, 0, days)


def test_ten_engineering_actions_of_twelve() -> None:
    # "Ten engineering actions"; the order by hand from (0.6 * security + 0.4 * user) / effort.
    ranked = _agenda(sample(), "engineering")
    assert [a.action_id for a in ranked] == ["E1", "E5", "E2", "E3", "E4", "E6", "E10", "E8", "E11", "E9"]
    assert [a.rank for a in ranked] == list(range(1, 11))
    assert ranked[0].score.startswith("8.40")


def test_fewer_actions_than_ten_are_all_shown() -> None:
    run = changed(sample(), eng_action=lambda frame: frame.head(3))
    assert len(_agenda(run, "engineering")) == 3


# A number of actions below one would cut the list from its end; the first is shown in any case.
def test_a_senseless_number_of_actions_still_shows_the_first() -> None:
    for stated, shown in (("-3", 1), ("0", 1), ("2.5", 2)):
        run = changed(sample(), param=put("value", stated, param="eng_actions_top"))
        assert [a.rank for a in _agenda(run, "engineering")] == list(range(1, shown + 1))


def test_the_listing_sequence_says_what_blocks() -> None:
    ranked = _agenda(sample(), "ota_sequence")
    assert [(a.action_id, a.status.split(":")[0]) for a in ranked] == [
        ("sailo", "eligible"),
        ("getmyboat", "eligible"),
        ("viator", "blocked"),
        ("gyg", "blocked"),
    ]


def test_every_firing_shortfall_stands_on_the_thirty_day_agenda() -> None:
    ranked = _agenda(sample(), "thirty_day")
    firing = {f.finding_id for f in judgement.evaluate(sample(), (), rulebook.shipped()) if f.kind == "shortfall"}
    assert firing <= {a.action_id for a in ranked}
    assert all(a.owner and a.score for a in ranked)
    assert all(date.fromisoformat(a.due_on) <= date(2026, 5, 31) for a in ranked)
    scores = [Decimal(a.score.split(" ")[0]) for a in ranked]
    assert scores == sorted(scores, reverse=True)


# 1 May 2026 is a Friday: two working days later is the 5th, two more the 7th, seven the 12th, eleven the 18th.
def test_an_entry_is_due_when_its_owner_can_be_done_with_it() -> None:
    ranked = _agenda(sample(), "thirty_day")
    days = {a.action_id: a.due_on for a in ranked}
    assert days["no_ota_listing"] == "2026-05-12"  # Marketing, 7 days
    assert [a.due_on for a in ranked if a.owner == "CFO"] == ["2026-05-05", "2026-05-07"]  # 2 days each
    assert days["no_accounting_system"] == "2026-05-18"  # Accounting, 10 days after the 1 of the tracking gap
    own = changed(sample(), eng_action=put("due_on", pd.Timestamp("2026-05-20"), action_id="E1"))
    assert {a.action_id: a.due_on for a in _agenda(own, "thirty_day")}["E1"] == "2026-05-20"


# The listing brings an amount a month, a booking that nobody posted is lost once.
def test_what_is_at_stake_says_how_often() -> None:
    often = {a.action_id: a.at_stake_every for a in _agenda(sample(), "thirty_day")}
    assert (often["no_ota_listing"], often["revenue_tracking_gap"]) == ("month", "")


def test_equal_scores_stand_in_the_order_of_their_ids() -> None:
    ranked = _agenda(sample(), "thirty_day")
    pairs = [(-Decimal(a.score.split(" ")[0]), a.action_id) for a in ranked]
    assert pairs == sorted(pairs)


def test_a_fixed_shortfall_leaves_the_agenda_and_a_later_due_date_too() -> None:
    fixed = changed(sample(), key_role=put("successor_id", "someone", role_id="operations"))
    assert "key_person_transition" not in {a.action_id for a in _agenda(fixed, "thirty_day")}
    later = changed(sample(), eng_action=put("due_on", pd.Timestamp("2026-06-01"), action_id="E1"))
    assert "E1" not in {a.action_id for a in _agenda(later, "thirty_day")}
    in_time = changed(sample(), eng_action=put("due_on", pd.Timestamp("2026-05-31"), action_id="E1"))
    assert "E1" in {a.action_id for a in _agenda(in_time, "thirty_day")}


def test_capital_is_ordered_by_tier() -> None:
    # "Capital deployment tiers (zero-cost, low-cost infrastructure, revenue-producing, no-deploy guardrails)".
    ranked = _agenda(sample(), "capital")
    assert [(a.action_id, a.status) for a in ranked] == [
        ("P2", "zero-cost"),
        ("P1", "zero-cost"),
        ("P3", "low-cost"),
        ("P4", "revenue-producing"),
        ("P5", "no-deploy"),
    ]


def test_an_agenda_without_its_table_is_empty_and_holds_up_no_other() -> None:
    run = without(sample(), "eng_action", "deployment_option", "channel")
    findings = judgement.evaluate(run, (), rulebook.shipped())
    assert {a.agenda for a in agenda.rank(run, (), findings)} == {"thirty_day"}
