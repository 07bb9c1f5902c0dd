"""How much a signal weighs: what is too little money to act on, who reads what was asked, and by when it is due."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from executive_suite.facts.earlier import Asked, Earlier
from executive_suite.facts.fact import Fact
from executive_suite.facts.findings import Action
from executive_suite.facts.measure import Measure
from executive_suite.facts.signals import Signal, Subject
from executive_suite.rules.agendas.thirty_day import HORIZON_MONTHS
from executive_suite.signals import declared, foretold, materiality, ranking
from group_data import sample
from planted import rows, unplanted
from typed_tables import context, typed

DAY = "2026-05-01"
FINDINGS = {finding.finding_id: finding for finding in unplanted(DAY).findings}


def docket(day: str) -> list[Action]:
    return [action for action in unplanted(day).actions if action.agenda == ranking.AGENDA]


def rise(cents: int) -> Signal:
    return Signal("break:group:x", "break", "group", Subject(), "Up", amount_cents=cents, per="month", severity="act")


# ISA 320, A8: one percent of total revenue or total expenses. The sample's year, added up from its ledger by hand.
def test_a_percent_of_the_year_is_too_little_to_act_on() -> None:
    kinds = {row["account"]: row["type"] for row in rows("account")}
    year = [row for row in rows("ledger") if "2025-05-01" <= row["date"] < DAY]
    sums = {
        kind: abs(sum(int(row["amount_cents"]) for row in year if kinds[row["account"]] == kind))
        for kind in ("revenue", "expense")
    }
    floor = max(sums.values()) // 100
    wanted = declared.shipped()
    name = next(one.series for one in wanted.series if one.unit == "cents")
    little, enough = (replace(rise(floor // HORIZON_MONTHS + more), name=name) for more in (-1, 1))
    told = materiality.weighed(sample(), (little, enough), wanted)
    assert [one.severity for one in told] == ["watch", "act"]
    none = wanted.model_copy(update={"materiality": 0.0})
    assert [one.severity for one in materiality.weighed(sample(), (little, enough), none)] == ["act", "act"]


# A license that expires costs little money and is no question of money; neither is a thing without an amount.
def test_what_is_not_about_money_alone_is_never_too_little() -> None:
    document = replace(rise(100), name="document_lapsed", kind="lapse")
    unsized = replace(rise(0), name="bookings", amount_cents=None)
    told = materiality.weighed(sample(), (document, unsized), declared.shipped())
    assert [one.severity for one in told] == ["act", "act"]


# $16.50 more a month for one cloud service, in a group that spends six figures a year.
def test_a_small_cloud_rise_is_to_watch_and_the_four_facts_are_on_the_list() -> None:
    found = {signal.signal_id: signal for signal in unplanted(DAY).signals}
    (cloud,) = (one for one in found.values() if one.name == "cloud_cost")
    assert (cloud.severity, cloud.action_id) == ("watch", "")
    listed = [name for action in docket(DAY) for name in action.answers]
    income = "cliff:group:income:2026-05-31"
    lapse = "lapse:jada:document_lapsed:COI-24"
    for name in (income, lapse, "break:jada:revenue", "break:qdn:funnel:quote_submitted"):
        assert found[name].severity == "act"
        assert name in listed


# What was asked three times before and is still open is read first by who has to answer.
@pytest.mark.parametrize(
    ("owner", "first"), [("Marketing", "cmo"), ("Engineering", "cto"), ("Accounting", "accounting"), ("CFO", "cfo")]
)
def test_an_open_decision_goes_to_who_answers_for_it(owner: str, first: str) -> None:
    asked = tuple(Asked(date(2026, month, 1), ("gap",)) for month in (2, 3, 4))
    run = replace(context(DAY, entity=typed("entity", [{"entity_id": "a"}])), earlier=Earlier((), asked))
    finding = replace(FINDINGS["no_ota_listing"], finding_id="gap", owner=owner, kind="control_violation")
    _, told = ranking.ranked(run, [finding], (), (), declared.shipped())
    (one,) = told
    assert one.kind == "decision_open"
    assert one.readers[0] == first
    assert {"ceo", "cfo"} <= set(one.readers)


# Nothing is due after what it is about has come, nor before the report.
@pytest.mark.parametrize("day", ["2025-09-01", "2025-12-01", DAY])
def test_nothing_is_due_after_what_it_is_about(day: str) -> None:
    found = {signal.signal_id: signal for signal in unplanted(day).signals}
    assert docket(day)
    for action in docket(day):
        ahead = [found[name].on for name in action.answers if name in found and found[name].on >= day]
        assert day <= action.due_on <= min(ahead, default=action.due_on)


def miss(made_on: str, cents: int) -> Fact:
    dimensions = {"of": "cash", "horizon": "month_3", "made_on": made_on}
    return sample().fact("forecast_error", Measure(cents), inputs={}, **dimensions)


# Forecasts of three months made month by month share two months: one bad month is no three misses. Three that do not
# overlap are.
def test_forecasts_that_overlap_are_one_miss() -> None:
    monthly = [miss(f"2025-{month:02d}-01", -500_000) for month in range(1, 7)]
    assert [one for one in foretold.found(sample(), monthly) if one.kind == "forecast_miss"] == []
    yearly = [miss(f"{made}-01", -500_000) for made in ("2025-01", "2025-04", "2025-07", "2025-08", "2025-10")]
    (told,) = (one for one in foretold.found(sample(), yearly) if one.kind == "forecast_miss")
    assert (told.amount_cents, told.since) == (500_000, "2025-01-01")
    assert told.action == "Plan with $5,000 less cash than we forecast"


# Nobody plans with $0 less: a headline prints whole units of the currency.
def test_a_miss_of_cents_is_none() -> None:
    cents = [miss(f"{made}-01", -60) for made in ("2025-01", "2025-04", "2025-07", "2025-10")]
    assert [one for one in foretold.found(sample(), cents) if one.kind == "forecast_miss"] == []


# Clients a and b have no billing model, and so no fee: one matter, by the owner's words "said once".
def test_a_matter_that_two_rules_find_is_asked_for_once_and_of_the_readers_of_both() -> None:
    about = [one for one in docket(DAY) if one.action_id in {"billing_model_absent", "contracts_without_fee"}]
    (asked,) = about
    assert set(asked.readers) >= {"ceo", "portfolio"}
    assert set(asked.answers) >= {"billing_model_absent", "contracts_without_fee"}


def test_contracts_that_end_are_one_decision_which_answers_what_is_told_of_each() -> None:
    ends = {row["contract_id"] for row in rows("client_contract") if row["end_on"] == "2026-05-31"}
    told = {f"cliff:dc:contract:{name}" for name in ends}
    (asked,) = (one for one in docket(DAY) if told & set(one.answers))
    assert asked.action_id == "contracts_ending"
    assert told <= set(asked.answers)


def test_what_is_asked_together_are_rules_that_exist() -> None:
    named = declared.shipped().together
    assert {*named, *named.values()} <= {*FINDINGS}
