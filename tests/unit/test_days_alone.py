"""A day alone in a column of instants is that business day, in the zone of the row's entity."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from csv_tables import ENTITIES, folder, raw
from executive_suite.dataset import snapshot
from executive_suite.sources import files, reading
from executive_suite.sources.config import Sources

NEW_YORK, PACIFIC = ZoneInfo("America/New_York"), ZoneInfo("America/Los_Angeles")

GROUP = """
    entity_id,kind,name,base_currency,timezone,recorded_at
    grp,group,Group,USD,America/Los_Angeles,
    loft,business,Loft,USD,America/New_York,
    reef,business,Reef,AUD,Australia/Brisbane,
    moved,business,Moved,USD,Europe/Berlin,2025-01-01
    moved,business,Moved,USD,America/Santiago,2025-06-01
"""
HEAD = "booking_id,entity_id,booked_at,service_start,service_end,status\n"


def starts(given: snapshot.Typed) -> list[datetime]:
    assert not given.faults
    return [value.to_pydatetime() for value in given.frames["booking"]["service_start"]]


# midnight of 2026-03-05: UTC-5 in New York, UTC+10 in Brisbane, UTC-8 in Los Angeles, UTC-3 in Santiago
@pytest.mark.parametrize(
    ("entity", "hour", "day"),
    [("loft", 5, 5), ("reef", 14, 4), ("moved", 3, 5), ("unknown", 8, 5), ("", 8, 5)],
)
def test_a_day_begins_where_its_entity_is(tmp_path: Path, entity: str, hour: int, day: int) -> None:
    stay = f"B1,{entity},2026-03-05T01:02:03Z,2026-03-05,2026-03-08T10:00:00,completed\n"
    given = snapshot.read(raw(tmp_path, entity=GROUP, booking=HEAD + stay), NEW_YORK)
    frame = given.frames["booking"]
    assert [value.to_pydatetime() for value in frame["service_start"]] == [datetime(2026, 3, day, hour, tzinfo=UTC)]
    # a time without an offset is UTC, and one with an offset is what it says
    assert [value.to_pydatetime() for value in frame["service_end"]] == [datetime(2026, 3, 8, 10, tzinfo=UTC)]
    assert str(frame["service_start"].dtype) == "datetime64[us, UTC]"


def test_three_nights_stay_three_nights(tmp_path: Path) -> None:
    stay = "B1,loft,2026-02-01,2026-03-05,2026-03-08,completed\n"
    built = snapshot.build(raw(tmp_path, entity=GROUP, booking=HEAD + stay), date(2026, 5, 1), PACIFIC)
    (row,) = built.context.rows("booking")
    days = [built.context.local_day(at, "loft") for at in (row.booked_at, row.service_start, row.service_end)]
    assert days == [date(2026, 2, 1), date(2026, 3, 5), date(2026, 3, 8)]


@pytest.mark.parametrize("entities", [GROUP.split("\n    loft", maxsplit=1)[0], "entity_id\nloft\n"])
def test_without_a_zone_of_its_own_it_is_the_groups(tmp_path: Path, entities: str) -> None:
    stated = "Los_Angeles" in entities
    given = snapshot.read(raw(tmp_path, entity=entities, booking=HEAD + "B,loft,,2026-07-04,,\n"), NEW_YORK)
    (start,) = given.frames["booking"]["service_start"]
    assert start == datetime(2026, 7, 4, 7 if stated else 4, tzinfo=UTC)


def test_a_midnight_that_clocks_skip_is_the_first_instant(tmp_path: Path) -> None:
    # Chile's clocks went from 24:00 of 2025-09-06 to 01:00 (-03) of the 7th: the day began at 04:00 UTC
    stay = "B1,moved,2025-09-01,2025-09-07,2025-09-08,completed\n"
    given = snapshot.read(raw(tmp_path, entity=GROUP, booking=HEAD + stay))
    assert starts(given) == [datetime(2025, 9, 7, 4, tzinfo=UTC)]


def test_what_is_recorded_on_the_report_date_is_not_known_then(tmp_path: Path) -> None:
    tables = {
        "entity": ENTITIES,
        "review": "review_id,entity_id,posted_on,rating,recorded_at\nR,acme,2026-04-01,5,{}\n",
    }
    for recorded, count in (("2026-04-30", 1), ("2026-05-01", 0)):
        text = {name: value.format(recorded) for name, value in tables.items()}
        built = snapshot.build(raw(tmp_path / recorded, **text), date(2026, 5, 1), PACIFIC)
        assert built.coverage["review"] == count, recorded


def test_a_bill_runs_on_utc_days(tmp_path: Path) -> None:
    bill = "ProviderName,BillingPeriodStart,BillingPeriodEnd,ChargePeriodStart,ChargePeriodEnd,BilledCost,recorded_at\n"
    row = "aws,2026-03-01,2026-04-01,2026-03-05,2026-03-06,1.5,2026-04-02\n"
    frame = snapshot.read(raw(tmp_path, entity=GROUP, focus_cost=bill + row)).frames["focus_cost"]
    assert frame["ChargePeriodStart"].iloc[0] == datetime(2026, 3, 5, tzinfo=UTC)
    assert frame["recorded_at"].iloc[0] == datetime(2026, 4, 2, 7, tzinfo=UTC)


def test_days_of_parquet_and_of_a_database(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = folder(tmp_path / "files", entity=GROUP)
    day = pa.array([date(2026, 3, 5)])
    stay = {
        "booking_id": ["B"],
        "entity_id": ["loft"],
        "service_start": day,
        "service_end": pa.array([date(2026, 3, 8)]),
    }
    pq.write_table(pa.table(stay), place / "booking.parquet")
    assert starts(snapshot.read(files.read_folder(place))) == [datetime(2026, 3, 5, 5, tzinfo=UTC)]

    engine = sa.create_engine(f"sqlite:///{tmp_path / 'books.db'}")
    with engine.begin() as connection:
        connection.execute(sa.text("create table booking (booking_id text, entity_id text, service_start date)"))
        connection.execute(sa.text("insert into booking values ('B', 'loft', '2026-03-05')"))
    monkeypatch.setenv("BOOKS_URL", f"sqlite:///{tmp_path / 'books.db'}")
    (place / "booking.parquet").unlink()
    both = [
        {"name": "books", "kind": "sql", "url_from": "BOOKS_URL"},
        {"name": "files", "kind": "folder", "location": str(place)},
    ]
    given = snapshot.read(reading.read(Sources.model_validate({"sources": both})))
    assert starts(given) == [datetime(2026, 3, 5, 5, tzinfo=UTC)]


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ('{from: Start, format: "%m/%d/%Y"}', datetime(2026, 3, 5, 5, tzinfo=UTC)),
        ('{from: Start, format: "%m/%d/%Y", zone: Europe/Berlin}', datetime(2026, 3, 4, 23, tzinfo=UTC)),
        ('{from: Start, format: "%m/%d/%Y", zone: UTC}', datetime(2026, 3, 5, tzinfo=UTC)),
    ],
)
def test_a_day_in_an_export(tmp_path: Path, written: str, utc: datetime) -> None:
    from executive_suite.sources import config

    folder(tmp_path / "files", entity=GROUP, stays="Id,Start\nB,03/05/2026\n")
    columns = f"{{booking_id: Id, service_start: {written}}}"
    table = f"{{booking: {{file: stays.csv, columns: {columns}, constants: {{entity_id: loft}}}}}}"
    (tmp_path / "sources.yaml").write_text(f"- {{name: x, kind: folder, location: files, tables: {table}}}\n")
    given = snapshot.read(reading.read(config.load(tmp_path / "sources.yaml")))
    assert starts(given) == [utc]
