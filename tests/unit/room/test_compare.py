"""Two dates of a report: what moved, by how much and why; and what became known since."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.testclient import TestClient

from executive_suite import formats
from executive_suite.facts.fact import Fact, Input
from executive_suite.facts.figures import Figures
from executive_suite.facts.findings import Action
from executive_suite.facts.signals import Signal, Subject
from executive_suite.rendering.blocks import Kpi
from executive_suite.restatement.late import LateRow
from executive_suite.restatement.restate import Change, Restatement
from executive_suite.room import compare, texts, turnover
from executive_suite.room.compare import Moved, Side
from executive_suite.room.figures import Shown
from executive_suite.room.known import known
from executive_suite.room.report import Told
from executive_suite.room.routes import compare as route
from executive_suite.schema.quality import QualityError
from faults.desk import document
from report_figures import figures
from room_door import RoomDoor, archived, at, browser_at, in_memory

THEN, NOW = "2026-04-01", "2026-05-01"
AT = f"/groups/-/compare?report=cfo&from={THEN}&to={NOW}"


def fact(metric_id: str, value: int | Decimal | None, period: str = NOW, entity: str = "group", **parts: str) -> Fact:
    unit = {"cash_runway_months": "months", "gross_margin": "ratio", "open_tasks": "count"}.get(metric_id, "cents")
    status = "ok" if value is not None else "not_evaluable"
    return Fact(metric_id, entity, period, value, unit, parts, status)


def side(*facts: Fact, kpis: tuple[Kpi, ...] = (), day: str = NOW, told: Told | None = None) -> Side:
    """A report that shows all of these facts."""
    own = Figures(
        date.fromisoformat(day), "", "UTC", "", tuple(facts), entities={"jada": "JADA", "qos": "QueenofSanDiego"}
    )
    return Side(own, Shown(kpis, frozenset(one.fact_id for one in facts)), told or Told((), ()))


def moved(then: Side, now: Side) -> list[tuple[str, str, str, str, str]]:
    with formats.speaking("USD"):
        return [(one.label, one.entity, one.then, one.now, one.change) for one in compare.moved(then, now)]


def kpi(label: str, shown: Fact) -> Kpi:
    return Kpi(label, shown.value, shown.unit, "", metric_id=shown.metric_id, fact_id=shown.fact_id)


def test_page_one_comes_first_then_money_by_size_then_the_other_units() -> None:
    then_cash, cash = fact("cash_balance", 4_660_000, THEN), fact("cash_balance", 3_880_000)
    then = side(
        then_cash,
        fact("gross_margin", Decimal("0.5"), THEN),
        fact("net_income", -100_000, THEN, "jada"),
        fact("net_income", 0, THEN, "qos"),
        fact("cash_runway_months", Decimal("6.3"), THEN),
        kpis=(kpi("Cash in the bank", then_cash),),
        day=THEN,
    )
    now = side(
        cash,
        fact("gross_margin", Decimal("0.433")),
        fact("net_income", -350_000, NOW, "jada"),
        fact("net_income", -900_000, NOW, "qos"),
        fact("cash_runway_months", Decimal("6.3")),
        kpis=(kpi("Cash in the bank", cash),),
    )
    assert moved(then, now) == [
        ("Cash in the bank", "Group", "$46,600", "$38,800", "−$7,800"),
        ("Net income", "QueenofSanDiego", "$0", "−$9,000", "−$9,000"),
        ("Net income", "JADA", "−$1,000", "−$3,500", "−$2,500"),
        ("Gross margin", "Group", "50%", "43.3%", "−6.7 points"),
    ]


def test_a_month_is_compared_with_the_month_that_was_the_last_then_and_an_older_one_with_itself() -> None:
    then = side(
        fact("segment_revenue", 100_000, "2026-03", "jada"), fact("segment_revenue", 500, "2026-02", "jada"), day=THEN
    )
    now = side(
        fact("segment_revenue", 300_000, "2026-04", "jada"),
        fact("segment_revenue", 100_000, "2026-03", "jada"),
        fact("segment_revenue", 700, "2026-02", "jada"),
    )
    with formats.speaking("USD"):
        found = [(one.period, one.then, one.now) for one in compare.moved(then, now)]
    assert found == [("Mar 2026 → Apr 2026", "$1,000", "$3,000"), ("Feb 2026, restated", "$5", "$7")]


def test_the_reason_names_the_part_that_moved_most_in_the_direction_of_the_whole() -> None:
    def parts(day: str, month: str, jada: int, qos: int) -> list[Fact]:
        whole = jada + qos
        return [
            fact("cash_balance", jada, day, "jada"),
            fact("cash_balance", qos, day, "qos"),
            fact("cash_balance", whole, day),
            fact("segment_revenue", jada, month, "jada"),
            fact("segment_revenue", qos, month, "qos"),
            fact("segment_revenue", whole, month),
        ]

    then, now = (
        side(*parts(THEN, "2026-03", 900_000, 100_000), day=THEN),
        side(*parts(NOW, "2026-04", 200_000, 300_000)),
    )
    with formats.speaking("USD"):
        why = {one.label: one.why for one in compare.moved(then, now) if one.entity_id == "group"}
    assert why == {"Cash balance": "JADA (−$7,000)", "Segment revenue": "JADA (−$7,000)"}


def test_what_only_one_date_has_comes_last() -> None:
    then = side(fact("cash_balance", 100, THEN, bucket="old"), fact("net_income", 100, THEN), day=THEN)
    now = side(fact("cash_balance", 100, bucket="new_one"), fact("net_income", 300))
    assert moved(then, now) == [
        ("Net income", "Group", "$1", "$3", "+$2"),
        ("Cash balance, old", "Group", "$1", "n/a", "no longer"),
        ("Cash balance, new one", "Group", "n/a", "$1", "new"),
    ]


VALUES = st.one_of(st.none(), st.integers(-(10**9), 10**9))
IDS = st.tuples(st.sampled_from(["cash_balance", "net_income", "gross_burn"]), st.sampled_from(["group", "jada"]))
TABLES = st.dictionaries(IDS, VALUES, max_size=6)


@given(TABLES, TABLES)
def test_looked_at_from_the_other_end_the_same_figures_moved_by_as_much_the_other_way(
    one: dict[tuple[str, str], int | None], other: dict[tuple[str, str], int | None]
) -> None:
    first = side(*(fact(name, value, THEN, entity) for (name, entity), value in one.items()), day=THEN)
    last = side(*(fact(name, value, NOW, entity) for (name, entity), value in other.items()))
    there = {(label, entity): (was, is_) for label, entity, was, is_, _ in moved(first, last)}
    back = {(label, entity): (is_, was) for label, entity, was, is_, _ in moved(last, first)}
    assert there == back
    assert all(was != is_ for was, is_ in there.values())


def test_signals_and_decisions_come_go_and_change() -> None:
    def told(*pairs: tuple[str, str]) -> Told:
        signals = tuple(Signal(name, "break", "jada", Subject(), said, readers=("cfo",)) for name, said in pairs)
        return Told(signals, tuple(Action(name, "everything", 1, said, "") for name, said in pairs))

    then, now = (
        side(day=THEN, told=told(("a", "A"), ("b", "B"), ("c", "C"))),
        side(told=told(("b", "B"), ("c", "D"), ("e", "E"))),
    )
    for found in (turnover.signals(then.told, now.told), turnover.decisions(then.told, now.told)):
        assert (found.came, found.went, found.changed) == (("E",), ("A",), (("C", "D"),))


LINES = st.lists(st.sampled_from(["cash is low", "cash is high", "rent $5", "rent $9", "end"]), max_size=12)


@given(LINES, LINES)
def test_no_line_that_differs_is_lost_and_none_is_invented(left: list[str], right: list[str]) -> None:
    found = [line for hunk in texts.hunks("\n".join(left), "\n".join(right)) for line in hunk]
    for own, other, pieces in ((left, right, "left"), (right, left, "right")):
        shown = ["".join(words for _, words in getattr(line, pieces)) for line in found if getattr(line, pieces)]
        for text in {*own}:
            assert shown.count(text) <= own.count(text)
            if own.count(text) > other.count(text):
                assert text in shown
    for line in found:
        if line.kind == "changed":
            kept = ["".join(words for differs, words in part if not differs) for part in (line.left, line.right)]
            assert kept[0] == kept[1]
        assert (line.kind == "same") == (line.left == line.right)
    if left == right:
        assert not found


# ---- the pages


@pytest.fixture
def door() -> RoomDoor:
    opened = in_memory()
    now = replace(figures(), entities={"jada": "JADA"})
    then = replace(at(figures(burn=700_000), THEN), entities={"jada": "JADA"})
    mails = "<html><body>x</body></html>"
    for made in (then, now):
        text = f"Cash at {made.report_date}.\nThe same.\n<b>bold</b>\n"
        day = made.report_date
        archived(opened, document(text=text, mail_html=mails, subject=str(day), report_date=day), made)
    archived(opened, document(report="cmo", file_name="cmo-report", subject="Secret of the CMO"), now)
    return RoomDoor(opened)


@pytest.fixture
def browser(door: RoomDoor) -> Iterator[TestClient]:
    with browser_at(door) as made:
        yield made


def test_figures_signals_and_text_of_two_dates(browser: TestClient) -> None:
    page = browser.get(AT).text
    row = re.search(r"Net burn, mean.*?</tr>", page, re.DOTALL)
    assert row is not None
    assert re.findall(r'<td class="number">(.*?)</td>', row[0]) == ["$7,000 a month", "$8,000 a month", "+$1,000"]
    assert "page one" in row[0]
    assert "No figure that moved matches." in browser.get(f"{AT}&figure=nonsense").text
    assert "Net burn" in browser.get(f"{AT}&figure=net%20BURN&entity=group").text
    text = browser.get(f"{AT}&view=text").text
    assert "<del>2026-04-01.</del>" in text
    assert "<ins>2026-05-01.</ins>" in text
    assert "&lt;b&gt;bold" in text
    assert browser.get(f"{AT}&view=signals").status_code == 200
    assert browser.get("/groups/-/compare?report=cfo").text == browser.get(AT).text, "the latest two by default"
    assert browser.get(f"/groups/-/compare?report=cfo&from={NOW}&to={THEN}").text == browser.get(AT).text


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (f"report=cfo&from={NOW}&to={NOW}", "Choose two dates."),
        (f"report=cfo&from=2026-03-01&to={NOW}", "Nothing is archived of CFO report of Mar 1, 2026."),
        (f"report=cmo&from={THEN}&to={NOW}", "Nothing is archived of CMO report"),
    ],
)
def test_what_cannot_be_compared_says_why(browser: TestClient, query: str, words: str) -> None:
    answer = browser.get(f"/groups/-/compare?{query}")
    assert answer.status_code == 200
    assert words in answer.text


# ---- then and now


def restated() -> Restatement:
    """A cash balance that a late booking moved, and a figure that the report does not show."""
    then, now = fact("cash_balance", 3_880_000), fact("cash_balance", 3_800_000)
    bank = replace(fact("bank_unreconciled_count", 0), inputs=(Input("bank_line", 5),))
    row = LateRow(
        "ledger", {"txn_id": "T1", "line": "1"}, "2026-05-03T10:00:00+00:00", "ledger.csv, row 7", "ledger T1"
    )
    fixed = replace(row, unit="ledger T2", change="changed", was={"amount_cents": "500"}, now={"amount_cents": ""})
    other = replace(row, table="bank_line", unit="bank_line B1", source="bank.csv, row 2")
    return Restatement(
        date(2026, 5, 1),
        "2026-05-01T07:00:00+00:00",
        "",
        "ab" * 32,
        "cd" * 32,
        (
            Change(then, now, -80_000, ("ledger T1", "ledger T2"), ("ledger T1",), alone=True),
            Change(bank, replace(bank, value=1), 1, ("bank_line B1",), ("bank_line B1",), alone=True),
        ),
        (other, row, fixed),
        undated=("account", "ledger"),
    )


def test_what_became_known_is_told_as_far_as_the_report_rests_on_it() -> None:
    cash = replace(fact("cash_balance", 3_880_000), inputs=(Input("ledger", 3),))
    own = replace(figures(), facts=(cash,))
    with formats.speaking("USD"):
        found = known(restated().as_json(), own, Shown((), frozenset({cash.fact_id})))
    assert found.moved == (
        Moved("Cash balance", "group", "Group", "", "$38,800", "$38,000", "−$800", "ledger T1 alone; ledger T2"),
    )
    assert (found.others, found.undated, found.same_then) == (1, ("ledger",), True)
    assert list(found.late) == ["ledger"]
    assert [(one.key, one.source, one.what) for one in found.late["ledger"]] == [
        ("T1, 1", "ledger.csv, row 7", "New"),
        ("T1, 1", "ledger.csv, row 7", "Changed"),
    ]
    assert found.late["ledger"][1].cells == (("amount", "$5", ""),)


def test_then_and_now_is_a_step_that_a_page_asks_for(browser: TestClient, door: RoomDoor) -> None:
    assert f'value="{NOW}" selected' in browser.get(f"/groups/-/compare?report=cfo&date={NOW}&known=now").text
    door.answers["restate"] = restated().as_json()
    asked = {"report": "cfo", "date": NOW}
    answer = browser.post("/groups/-/compare/known-now", json=asked)
    assert answer.status_code == 200
    assert door.asked == [("restate", {"report_date": NOW})]
    assert "$38,000" in answer.text
    assert "ledger T1 alone" in answer.text


def test_only_the_rooms_own_page_may_ask(browser: TestClient, door: RoomDoor) -> None:
    path, asked = "/groups/-/compare/known-now", {"report": "cfo", "date": NOW}
    assert browser.post(path, data=asked).status_code == 415
    assert browser.post(path, json=asked, headers={"Origin": "https://elsewhere.example"}).status_code == 403
    assert browser.post(path, json=asked, headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert browser.post(path, json={**asked, "more": 1}).status_code == 422
    assert browser.post(path, json={"report": "cfo", "date": "2026-03-01"}).status_code == 404
    assert not door.asked


def test_one_comparison_runs_at_a_time_and_faulty_sources_say_so(browser: TestClient, door: RoomDoor) -> None:
    path, asked = "/groups/-/compare/known-now", {"report": "cfo", "date": NOW}
    with route.TURN:
        assert browser.post(path, json=asked).status_code == 429
    door.answers["restate"] = QualityError(())
    refused = browser.post(path, json=asked)
    assert refused.status_code == 409
    assert refused.json()["detail"].startswith("The sources cannot be read:")
    door.answers["restate"] = restated().as_json()
    assert browser.post(path, json=asked).status_code == 200, "the turn was given back"
