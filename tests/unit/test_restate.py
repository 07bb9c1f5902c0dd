"""Restatement: what changed since a report, by how much, and which late rows did it."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given as any_given
from hypothesis import settings
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite.cli import restate as cli_restate
from executive_suite.dataset import snapshot
from executive_suite.restatement import attribution, restate
from executive_suite.restatement.restate import Change, Restatement

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,activity,recorded_at
    T1,1,2026-03-01,acme,1010,10000,USD,operating,2026-03-01T20:00:00Z
    T1,2,2026-03-01,acme,4010,-10000,USD,operating,2026-03-01T20:00:00Z
    T1,1,2026-03-01,acme,1010,12000,USD,operating,2026-05-10T20:00:00Z
    T1,2,2026-03-01,acme,4010,-12000,USD,operating,2026-05-10T20:00:00Z
    T2,1,2026-04-10,acme,6010,4000,USD,operating,2026-06-01T20:00:00Z
    T2,2,2026-04-10,acme,1010,-4000,USD,operating,2026-06-01T20:00:00Z
    T3,1,2026-05-10,acme,6010,999,USD,operating,2026-05-10T20:00:00Z
    T3,2,2026-05-10,acme,1010,-999,USD,operating,2026-05-10T20:00:00Z
"""


def compared(path: Path, known_at: datetime | None = None, ledger: str = LEDGER) -> Restatement:
    given = snapshot.read(raw(path, entity=ENTITIES, account=ACCOUNTS, ledger=ledger))
    return restate.compare(given, MAY, PACIFIC, known_at=known_at)


def change(found: Restatement, metric_id: str, period: str, entity_id: str = "group") -> Change:
    for one in found.changes:
        fact = one.now or one.then
        assert fact is not None
        if (fact.metric_id, fact.period, fact.entity_id, dict(fact.dimensions)) == (metric_id, period, entity_id, {}):
            return one
    raise AssertionError(metric_id)


def test_figures_that_changed_and_the_rows_that_did_it(tmp_path: Path) -> None:
    found = compared(tmp_path)
    revenue = change(found, "revenue", "2026-03")
    assert (revenue.then and revenue.then.value, revenue.now and revenue.now.value) == (10000, 12000)
    assert (revenue.difference, revenue.causes) == (2000, ("ledger T1",))
    expenses = change(found, "expenses", "2026-04")
    assert (expenses.difference, expenses.causes) == (4000, ("ledger T2",))
    # cash: 10,000 then; 12,000 - 4,000 now
    cash = change(found, "cash_balance", "2026-05-01")
    assert (cash.difference, cash.causes) == (-2000, ("ledger T1", "ledger T2"))
    assert found.hash_then != found.hash_now


def test_late_rows_show_what_they_said_before(tmp_path: Path) -> None:
    rows = {(row.key["txn_id"], row.key["line"]): row for row in compared(tmp_path).late_rows}
    # T3 happened after the report date: it is no late row of this period
    assert sorted(rows) == [("T1", "1"), ("T1", "2"), ("T2", "1"), ("T2", "2")]
    assert (rows["T1", "1"].was, rows["T1", "1"].now) == ({"amount_cents": "10000"}, {"amount_cents": "12000"})
    assert (rows["T2", "1"].was, rows["T2", "1"].source) == ({}, "ledger.csv, row 6")


@pytest.mark.parametrize(
    ("tables", "late"),
    [
        # a register says how things stand when it is recorded; so does a row about days to come
        ({"system": ("system_id,category,status", "S1,crm,none", "S1,crm,deployed")}, []),
        ({"budget": ("entity_id,month,account,amount_cents,version", "", "acme,2026-06-01,4010,5,v1")}, []),
        # a budget for a month of the period, and a receipt for one of its transactions, are late
        ({"budget": ("entity_id,month,account,amount_cents,version", "", "acme,2026-04-01,4010,5,v1")}, ["budget"]),
        ({"expense_doc": ("txn_id,approver", "", "T1,cfo")}, ["expense_doc"]),
        (
            {"param": ("param,scope,valid_from,value,unit", "x,group,2026-01-01,1,x", "x,group,2026-01-01,2,x")},
            ["param"],
        ),
    ],
)
def test_what_only_went_on_is_not_late(
    tmp_path: Path, tables: dict[str, tuple[str, str, str]], late: list[str]
) -> None:
    written = {}
    for name, (head, then, now) in tables.items():
        early = f"{then},2026-01-01T00:00:00Z\n" if then else ""
        written[name] = f"{head},recorded_at\n{early}{now},2026-06-01T00:00:00Z\n"
    lines = [line for line in LEDGER.splitlines() if "T1" not in line or "2026-03-01T20" in line]
    ledger = "\n".join(line for line in lines if "T2," not in line)
    given = snapshot.read(raw(tmp_path, entity=ENTITIES, account=ACCOUNTS, ledger=ledger, **written))
    found = restate.compare(given, MAY, PACIFIC)
    assert [row.table for row in found.late_rows] == late


def test_many_late_rows_are_told_by_table(tmp_path: Path) -> None:
    late = "".join(
        f"    L{n},{line},2026-04-01,acme,{account},{amount},USD,operating,2026-06-01T00:00:00Z\n"
        for n in range(attribution.MOST_UNITS + 1)
        for line, account, amount in ((1, 1010, 1), (2, 4010, -1))
    )
    lines = [line for line in LEDGER.splitlines() if "T1" not in line or "2026-03-01T20" in line]
    found = compared(tmp_path, ledger="\n".join(line for line in lines if "T2," not in line) + "\n" + late)
    assert change(found, "cash_balance", "2026-05-01").causes == ("ledger (50 late rows)",)
    assert change(found, "cash_balance", "2026-05-01").difference == 25
    assert change(found, "revenue", "2026-04", "acme").causes == ("ledger (50 late rows of acme)",)


def test_as_known_at_a_later_day(tmp_path: Path) -> None:
    found = compared(tmp_path, datetime(2026, 5, 15, tzinfo=UTC))
    assert {row.unit for row in found.late_rows} == {"ledger T1"}
    assert change(found, "cash_balance", "2026-05-01").difference == 2000


def test_nothing_late_changes_nothing(tmp_path: Path) -> None:
    lines = [line for line in LEDGER.splitlines() if "T1" not in line or "2026-03-01T20" in line]
    found = compared(tmp_path, ledger="\n".join(line for line in lines if "T2," not in line))
    assert (found.changes, found.late_rows) == ((), ())


def test_looking_back_before_the_cut_off_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="before the cut-off"):
        compared(tmp_path, datetime(2026, 4, 1, tzinfo=UTC))


def test_in_words_and_as_json(tmp_path: Path) -> None:
    found = compared(tmp_path)
    text = "\n".join(cli_restate.as_text(found))
    assert "cash_balance [cents] group 2026-05-01: 10000 → 8000 (-2000)" in text
    assert "because of ledger T1, ledger T2" in text
    assert (
        "ledger txn_id T1, line 1, recorded 2026-05-10T20:00:00+00:00 (ledger.csv, row 4): amount_cents 10000 → 12000"
        in text
    )
    record = json.loads(json.dumps(found.as_json()))
    at = ("cash_balance", "group", "2026-05-01")
    cash = next(
        one
        for one in record["changes"]
        if one["now"] and (one["now"]["metric_id"], one["now"]["entity_id"], one["now"]["period"]) == at
    )
    assert (cash["then"]["value"], cash["now"]["value"], cash["difference"]) == (10000, 8000, "-2000")


def test_holdings_of_an_entity_come_late_together(tmp_path: Path) -> None:
    """A sale recorded late: one holder's row ends and two begin; each alone would be more or less than the whole."""
    holders = """
        entity_id,person_id,valid_from,valid_to,pct_bp,agreement_signed,vesting_schedule,recorded_at
        acme,founder,2025-01-01,,10000,true,on file,2025-01-01T00:00:00Z
        acme,founder,2025-01-01,2026-03-31,10000,true,on file,2026-06-01T00:00:00Z
        acme,founder,2026-04-01,,6000,true,on file,2026-06-01T00:00:00Z
        acme,partner,2026-04-01,,4000,false,,2026-06-01T00:00:00Z
    """
    given = snapshot.read(raw(tmp_path, entity=ENTITIES, account=ACCOUNTS, ledger=LEDGER, equity_holder=holders))
    found = restate.compare(given, MAY, PACIFIC)
    assert {row.unit for row in found.late_rows if row.table == "equity_holder"} == {"equity_holder acme"}
    shares = {
        (fact.dimensions["person"], fact.value): one.causes
        for one in found.changes
        for fact in [one.now]
        if fact is not None and fact.metric_id == "equity_share_pct" and "person" in fact.dimensions
    }
    assert shares["partner", 4000] == ("equity_holder acme",)
    # what is of another table is not its doing
    assert change(found, "revenue", "2026-03").causes == ("ledger T1",)


def test_the_same_figure_for_another_reason_is_no_change(tmp_path: Path) -> None:
    # the only gap was first and stays first; that it was triaged since moves the decision, not the rank
    finding = """
        finding_id,stack,kind,title,exploitation,automatable,technical_impact,mission_wellbeing,cvss_vector,opened_on,closed_on,accepted_until,recorded_at
        F1,SITE,security,open port,,,,,,2026-03-01,,,2026-03-01T20:00:00Z
        F1,SITE,security,open port,active,yes,total,high,,2026-03-01,,,2026-05-10T20:00:00Z
    """
    given = snapshot.read(raw(tmp_path, entity=ENTITIES, finding=finding))
    moved = {fact.metric_id for one in restate.compare(given, MAY, PACIFIC).changes if (fact := one.now or one.then)}
    assert "ssvc_decision" in moved
    assert "security_gap_rank" not in moved


CUT_OFF = datetime(2026, 5, 1, 7, tzinfo=UTC)  # midnight in California, seven hours behind UTC in May
DAYS = st.dates(date(2026, 3, 1), date(2026, 5, 3))
AMOUNTS = st.integers(-500, 500)
BEFORE = st.sampled_from([timedelta(seconds=-1), timedelta(hours=-7), timedelta(days=-20)])
AFTER = st.sampled_from([timedelta(0), timedelta(seconds=1), timedelta(days=20)])
VERSIONS = st.tuples(
    st.lists(st.tuples(BEFORE, DAYS, AMOUNTS), max_size=2, unique_by=lambda version: version[0]),
    st.lists(st.tuples(AFTER, DAYS, AMOUNTS), max_size=2, unique_by=lambda version: version[0]),
).map(lambda parts: sorted(parts[0] + parts[1]))


def lines_of(number: int, versions: list[tuple[timedelta, date, int]]) -> list[str]:
    return [
        f"V{number},{line},{day},acme,{account},{amount},USD,operating,{(CUT_OFF + recorded).isoformat()}"
        for recorded, day, signed in versions
        for line, account, amount in ((1, 1010, signed), (2, 4010, -signed))
    ]


def cash(versions: list[tuple[timedelta, date, int]]) -> int:
    """What the last version of a transaction adds to the cash of a report of May: nothing from May on."""
    return versions[-1][2] if versions and versions[-1][1] < MAY else 0


@settings(max_examples=10, deadline=None)
@any_given(st.lists(VERSIONS, min_size=1, max_size=6))
def test_any_late_history_is_told_to_the_cent(
    tmp_path_factory: pytest.TempPathFactory, histories: list[list[tuple[timedelta, date, int]]]
) -> None:
    """Against a count by hand: a version recorded at the cut-off itself was not known then."""
    head = LEDGER.strip().splitlines()[0]
    own = ["T1,1,2026-03-01,acme,1010,10000,USD,operating,2026-03-01T20:00:00Z"]
    own += ["T1,2,2026-03-01,acme,4010,-10000,USD,operating,2026-03-01T20:00:00Z"]
    lines = [line for number, versions in enumerate(histories) for line in lines_of(number, versions)]
    found = compared(tmp_path_factory.mktemp("books"), ledger="\n".join([head, *own, *lines]) + "\n")
    moved, late = {}, set()
    for number, versions in enumerate(histories):
        known = [version for version in versions if version[0] < timedelta(0)]
        if difference := cash(versions) - cash(known):
            moved[f"ledger V{number}"] = difference
        counted = any(version[1] < MAY for version in (*known[-1:], *versions[-1:]))
        if counted and versions[-1][1:] != (known[-1][1:] if known else None):
            late.add(f"ledger V{number}")
    assert {row.unit for row in found.late_rows} == late
    if total := sum(moved.values()):
        told = change(found, "cash_balance", "2026-05-01")
        assert (told.difference, told.causes) == (total, tuple(sorted(moved)))
    else:
        with pytest.raises(AssertionError, match="cash_balance"):
            change(found, "cash_balance", "2026-05-01")
    if not late:
        assert "No figure changed, and no row came late." in "\n".join(cli_restate.as_text(found))
