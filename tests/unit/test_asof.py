"""As known then: which rows, and which versions, a report date sees."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from csv_tables import ENTITIES, raw
from executive_suite.dataset import asof, snapshot
from executive_suite.period import cut_off
from executive_suite.schema.tables import schema

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)


def seen(tmp_path: Path, report_date: date, known_at: datetime | None = None, **tables: str) -> snapshot.Snapshot:
    return snapshot.build(raw(tmp_path, entity=ENTITIES, **tables), report_date, PACIFIC, known_at=known_at)


REVIEWS = """
    review_id,entity_id,posted_on,rating,recorded_at
    R1,acme,2026-04-30,4,2026-05-01T06:59:59Z
    R2,acme,2026-04-30,5,2026-05-01T07:00:00Z
    R3,acme,2026-05-01,3,2026-04-30T20:00:00Z
    R4,acme,2026-04-30,2,
    R5,acme,2026-05-01,2,
"""


def test_the_cut_off_is_the_start_of_the_report_date_for_both_times(tmp_path: Path) -> None:
    # midnight of 1 May in Los Angeles (UTC-7 in summer) is 07:00 UTC: R1 was recorded before it, R2 at it
    found = seen(tmp_path, MAY, review=REVIEWS)
    assert list(found.tables["review"]["review_id"]) == ["R1", "R4"]
    assert [(note.table, note.rows) for note in found.notes] == [("review", 2)]


def test_a_table_without_recorded_at_is_known_on_its_own_day(tmp_path: Path) -> None:
    rows = "\n".join(line.rsplit(",", 1)[0] for line in REVIEWS.strip().splitlines())
    assert list(seen(tmp_path, MAY, review=rows).tables["review"]["review_id"]) == ["R1", "R2", "R4"]


@pytest.mark.parametrize(
    ("report_date", "hour"),
    # United States, Energy Policy Act of 2005: clocks go forward on the second Sunday of March (2026-03-08) and back
    # on the first of November (2026-11-01), at 02:00; midnight is UTC-8 before and UTC-7 after, and the other way round
    [(date(2026, 3, 8), 8), (date(2026, 3, 9), 7), (date(2026, 11, 1), 7), (date(2026, 11, 2), 8)],
)
def test_days_on_which_clocks_change(tmp_path: Path, report_date: date, hour: int) -> None:
    at = f"{report_date.isoformat()}T{hour:02d}:00:00Z"
    before = pd.Timestamp(at) - pd.Timedelta(seconds=1)
    events = f"""
        message_id,event,at,recipient_hash
        M1,send,{before.isoformat()},x
        M2,send,{at},x
    """
    assert list(seen(tmp_path, report_date, email_event=events).tables["email_event"]["message_id"]) == ["M1"]


def test_business_days_of_instants_follow_the_entity(tmp_path: Path) -> None:
    # 2026-05-01 starts at 04:00 UTC in New York and at 07:00 UTC in Los Angeles
    entities = """
        entity_id,kind,name,base_currency,timezone
        east,business,East,USD,America/New_York
        west,business,West,USD,America/Los_Angeles
    """
    bookings = """
        booking_id,entity_id,booked_at
        B1,east,2026-05-01T03:59:59Z
        B2,east,2026-05-01T04:00:00Z
        B3,west,2026-05-01T06:59:59Z
        B4,west,2026-05-01T07:00:00Z
    """
    data = raw(tmp_path, entity=entities, booking=bookings)
    assert list(snapshot.build(data, MAY, PACIFIC).tables["booking"]["booking_id"]) == ["B1", "B3"]


VERSIONS = """
    system_id,category,status,recorded_at
    S1,accounting,none,2026-01-05T20:00:00Z
    S1,accounting,planned,2026-04-01T20:00:00Z
    S1,accounting,deployed,2026-06-01T20:00:00Z
    S2,crm,none,
    S2,crm,deployed,2026-02-01T20:00:00Z
"""


@pytest.mark.parametrize(
    ("report_date", "statuses"),
    [
        (date(2026, 1, 5), {"S2": "none"}),
        (date(2026, 2, 1), {"S1": "none", "S2": "none"}),
        (MAY, {"S1": "planned", "S2": "deployed"}),
        (date(2026, 7, 1), {"S1": "deployed", "S2": "deployed"}),
    ],
)
def test_the_latest_version_known_then(tmp_path: Path, report_date: date, statuses: dict[str, str]) -> None:
    table = seen(tmp_path, report_date, system=VERSIONS).tables["system"]
    assert dict(zip(table["system_id"], table["status"], strict=True)) == statuses


def test_a_correction_that_moves_a_row_out_of_the_period_takes_it_out(tmp_path: Path) -> None:
    reviews = """
        review_id,entity_id,posted_on,rating,recorded_at
        R1,acme,2026-04-10,4,2026-04-10T20:00:00Z
        R1,acme,2026-05-10,4,2026-04-20T20:00:00Z
    """
    assert seen(tmp_path, MAY, review=reviews).tables["review"].empty


BILL = """
    BilledCost,BillingAccountId,ProviderName,BillingPeriodStart,ChargePeriodStart,ServiceName,recorded_at
    10.00,A,AWS,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,S3,2026-04-01T00:00:00Z
    20.00,A,AWS,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,S3,2026-04-01T00:00:00Z
    11.00,A,AWS,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,S3,2026-04-20T00:00:00Z
    7.00,B,AWS,2026-03-01T00:00:00Z,2026-03-01T00:00:00Z,S3,2026-04-01T00:00:00Z
    5.00,A,AWS,2026-05-01T00:00:00Z,2026-05-01T00:00:00Z,S3,2026-05-01T01:00:00Z
"""


def test_a_bill_is_restated_as_a_whole(tmp_path: Path) -> None:
    # the load of 20 April replaces both rows of account A's March; account B's March stays
    assert list(seen(tmp_path, date(2026, 4, 15), focus_cost=BILL).tables["focus_cost"]["BilledCost"]) == [
        "10.00",
        "20.00",
        "7.00",
    ]
    # bills run on UTC days: what is charged for 1 May UTC belongs to May, though it is still April in Los Angeles
    assert list(seen(tmp_path, MAY, focus_cost=BILL).tables["focus_cost"]["BilledCost"]) == ["11.00", "7.00"]


def test_receipts_happen_with_their_transaction(tmp_path: Path) -> None:
    ledger = """
        txn_id,line,date,entity_id,amount_cents
        T1,1,2026-04-30,acme,100
        T1,2,2026-04-30,acme,-100
        T2,1,2026-05-02,acme,100
        T2,2,2026-05-02,acme,-100
    """
    receipts = """
        txn_id,approver
        T1,cfo
        T2,cfo
        T9,cfo
    """
    found = seen(tmp_path, MAY, ledger=ledger, expense_doc=receipts)
    assert list(found.tables["expense_doc"]["txn_id"]) == ["T1", "T9"]


def test_tables_that_look_ahead_keep_their_future(tmp_path: Path) -> None:
    budget = """
        entity_id,month,account,amount_cents,version
        acme,2026-12-01,4010,100,v1
    """
    milestones = """
        milestone_id,report,title,due_on,target_metric,target_value
        M1,accounting,live,2027-03-31,x,0
    """
    found = seen(tmp_path, MAY, budget=budget, milestone=milestones)
    assert (len(found.tables["budget"]), len(found.tables["milestone"])) == (1, 1)
    assert found.notes == ()


def test_the_groups_zone_is_the_one_known_at_the_cut_off(tmp_path: Path) -> None:
    entities = """
        entity_id,kind,name,base_currency,timezone,recorded_at
        group,group,Group,USD,America/New_York,2026-01-01T00:00:00Z
        group,group,Group,USD,Europe/Berlin,2026-05-01T00:00:00Z
    """
    frame = snapshot.read(raw(tmp_path, entity=entities)).frames["entity"]
    fallback = ZoneInfo("UTC")
    assert asof.group_zone(frame, date(2026, 4, 1), fallback).key == "America/New_York"
    # midnight of 1 May in Berlin is 22:00 UTC of 30 April, before that version was recorded
    assert asof.group_zone(frame, MAY, fallback).key == "America/New_York"
    assert asof.group_zone(frame, date(2026, 5, 2), fallback).key == "Europe/Berlin"
    assert asof.group_zone(frame, date(2025, 1, 1), fallback) == fallback
    assert asof.group_zone(None, MAY, fallback) == fallback


@given(
    st.lists(st.tuples(st.integers(1, 5), st.integers(0, 40), st.one_of(st.none(), st.integers(0, 60))), max_size=30),
    st.integers(0, 45),
)
def test_any_history_shows_one_version_a_key_and_nothing_from_later(
    rows: list[tuple[int, int, int | None]], day: int
) -> None:
    start = pd.Timestamp("2026-01-01")
    report_date = (start + pd.Timedelta(days=day)).date()
    frame = pd.DataFrame(
        {
            "review_id": pd.Series([f"R{key}" for key, _, _ in rows], dtype="str"),
            "posted_on": pd.Series([start + pd.Timedelta(days=d) for _, d, _ in rows], dtype="datetime64[us]"),
            "recorded_at": pd.Series(
                [pd.NaT if h is None else start.tz_localize("UTC") + pd.Timedelta(hours=h * 24) for _, _, h in rows],
                dtype="datetime64[us, UTC]",
            ),
        }
    )
    table = schema()["review"]
    then = asof.Then(report_date, cut_off(report_date, PACIFIC), PACIFIC, {})
    rows_known = asof.latest(frame, table, then)
    used = rows_known[asof.happened_before(rows_known, table, then)]
    assert used["review_id"].is_unique
    assert (used["posted_on"] < pd.Timestamp(report_date)).all()
    recorded = used["recorded_at"].dropna()
    assert (recorded < pd.Timestamp(cut_off(report_date, PACIFIC))).all()
    # nothing newer of the same key was known
    for _, row in rows_known.iterrows():
        others = frame[(frame["review_id"] == row["review_id"]) & (frame["recorded_at"] < pd.Timestamp(then.known_at))]
        assert pd.isna(row["recorded_at"]) == others.empty
        if not others.empty:
            assert row["recorded_at"] == others["recorded_at"].max()
