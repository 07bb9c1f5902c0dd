"""Cuts of rows by entity and month: every row once, nothing invented, the group with everything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from executive_suite.facts.fact import GROUP, MissingInputError
from executive_suite.metrics.cut import Owned, cut
from executive_suite.period import Month
from group_data import facts_of
from typed_tables import context, typed

NOTHING_KNOWN = context("2026-05-01")


@dataclass(frozen=True)
class Line:
    entity_id: str | None
    day: date | None = None
    assumed: bool = False


entities = st.lists(st.sampled_from([None, "boats", "homes", GROUP]), max_size=12)
days = st.lists(st.one_of(st.none(), st.dates(date(2024, 11, 20), date(2026, 5, 10))), max_size=40)


@given(entities)
def test_each_entity_has_its_rows_and_the_group_has_all(owners: list[str | None]) -> None:
    rows = [Line(name) for name in owners]
    units = list(cut(NOTHING_KNOWN, "booking", rows).by_entity())
    names = [unit.entity_id for unit in units]
    assert len(names) == len(set(names))
    assert [len(unit) for unit in units] == [len(rows) if n == GROUP else owners.count(n) for n in names]
    assert bool(units) == bool(rows)
    if set(owners) != {"boats"} and set(owners) != {"homes"} and rows:
        assert names[-1] == GROUP


@given(days)
def test_windows_are_the_complete_months_and_their_latest_twelve(found: list[date | None]) -> None:
    rows = [Line("homes", day) for day in found]
    windows = list(cut(NOTHING_KNOWN, "booking", rows).windows(lambda row: row.day))
    known = [day for day in found if day is not None and day < date(2026, 5, 1)]
    if not known:
        assert windows == []
        return
    *months, (year, latest) = windows
    first = Month.of(min(known))
    expected = [first + n for n in range((2026 - first.year) * 12 + 5 - first.month)]  # to April 2026
    assert [month for _, (month,) in months] == expected
    assert sum(len(part) for part, _ in months) == len(known)
    assert latest == tuple(month for _, (month,) in months[-12:])
    assert len(year) == sum(len(part) for part, _ in months[-12:])
    assert (year.period, [part.period for part, _ in months]) == ("", [str(month) for _, (month,) in months])


def test_an_owned_row_reads_as_the_row_and_names_an_absent_column() -> None:
    rows = context("2026-05-01", lease=typed("lease", [{"lease_id": "L", "rent_cents": 5}])).rows("lease")
    owned = Owned(rows[0], "homes")
    assert (owned.lease_id, owned.rent_cents, owned.entity_id, owned.assumed) == ("L", 5, "homes", False)
    with pytest.raises(MissingInputError, match=r"column lease\.end_on is absent"):
        _ = owned.end_on


# A holding and its subsidiary own a house each: three figures, none of them twice.
def test_property_of_the_group_itself_counts_for_the_group_alone() -> None:
    house = {"asset_class": "property", "market_value_cents": 100, "status": "in_use", "name": "House"}
    assets = [
        {"asset_id": "H1", "entity_id": "homes", **house},
        {"asset_id": "H2", "entity_id": GROUP, **house},
    ]
    data = context("2026-05-01", asset=typed("asset", assets))
    found = [fact for fact in facts_of(data, "rental", "property_value") if fact.dimensions == {}]
    assert {fact.entity_id: fact.value for fact in found} == {"homes": 100, GROUP: 200}
