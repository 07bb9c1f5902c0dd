"""Two books that use the same transaction numbers: T1 of the café is not T1 of the deli."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, raw
from executive_suite.dataset import snapshot
from executive_suite.schema.quality import QualityError

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

ENTITIES = """
    entity_id,kind,name,base_currency,timezone
    grp,group,Group,USD,America/Los_Angeles
    cafe,business,Cafe,USD,America/Los_Angeles
    deli,business,Deli,USD,America/Los_Angeles
"""
HEAD = "txn_id,line,date,entity_id,account,amount_cents,recorded_at\n"
CAFE = "T1,1,2026-01-05,cafe,1010,10000,{0}\nT1,2,2026-01-05,cafe,4010,-10000,{0}\n"
DELI = "T1,1,2026-01-09,deli,1010,700,{0}\nT1,2,2026-01-09,deli,4010,-700,{0}\n"


def read(path: Path, **tables: str) -> snapshot.Typed:
    return snapshot.read(raw(path, entity=ENTITIES, account=ACCOUNTS, **tables))


def used(given: snapshot.Typed) -> dict[str, dict[str, int]]:
    """By transaction, the cash of each entity."""
    assert not given.faults
    ledger = snapshot.build(given, MAY, PACIFIC).tables["ledger"]
    cash = ledger[ledger["account"] == "1010"]
    return {
        txn: dict(zip(rows["entity_id"], rows["amount_cents"], strict=True)) for txn, rows in cash.groupby("txn_id")
    }


APART = {"cafe:T1": {"cafe": 10_000}, "deli:T1": {"deli": 700}}


@pytest.mark.parametrize("recorded", [("", ""), ("2026-01-05T20:00Z", "2026-01-09T20:00Z"), ("2026-02-01T20:00Z",) * 2])
@pytest.mark.parametrize("files", ["one", "two"])
def test_two_books_with_one_number(tmp_path: Path, recorded: tuple[str, str], files: str) -> None:
    cafe, deli = HEAD + CAFE.format(recorded[0]), DELI.format(recorded[1])
    if files == "one":
        given = read(tmp_path, ledger=cafe + deli)
    else:
        (tmp_path / "ledger").mkdir(parents=True)
        (tmp_path / "ledger" / "cafe.csv").write_text(cafe)
        (tmp_path / "ledger" / "deli.csv").write_text(HEAD + deli)
        given = read(tmp_path)
    assert used(given) == APART


def test_a_transaction_between_two_entities_stays_one(tmp_path: Path) -> None:
    loan = "T1,1,2026-01-05,cafe,1010,10000,\nT1,2,2026-01-05,deli,1010,-10000,\n"
    assert used(read(tmp_path, ledger=HEAD + loan)) == {"T1": {"cafe": 10_000, "deli": -10_000}}
    paired = CAFE.format("") + "T1,3,2026-01-05,deli,1010,700,\nT1,4,2026-01-05,deli,4010,-700,\n"
    assert used(read(tmp_path / "b", ledger=HEAD + paired)) == {"T1": {"cafe": 10_000, "deli": 700}}


def test_a_later_version_replaces_a_line_also_of_another_entity(tmp_path: Path) -> None:
    was, now = "2026-01-05T20:00Z", "2026-02-01T20:00Z"
    moved = CAFE.format(now).replace("cafe", "deli")
    assert used(read(tmp_path / "whole", ledger=HEAD + CAFE.format(was) + moved)) == {"T1": {"deli": 10_000}}
    line = moved.splitlines(keepends=True)[1]
    given = read(tmp_path / "line", ledger=HEAD + CAFE.format(was) + line)
    assert used(given) == {"T1": {"cafe": 10_000}}
    corrected = CAFE.format(now).replace("10000", "9000")
    assert used(read(tmp_path / "amount", ledger=HEAD + CAFE.format(was) + corrected)) == {"T1": {"cafe": 9_000}}


def test_versions_of_both_books_are_kept_apart(tmp_path: Path) -> None:
    was, now = "2026-01-10T20:00Z", "2026-02-01T20:00Z"
    corrected = CAFE.format(now).replace("10000", "9000")
    given = read(tmp_path, ledger=HEAD + CAFE.format(was) + DELI.format(was) + corrected)
    assert used(given) == {"cafe:T1": {"cafe": 9_000}, "deli:T1": {"deli": 700}}


def test_a_reversal_stays_in_its_book(tmp_path: Path) -> None:
    head = HEAD.replace("recorded_at", "reverses_txn_id")
    back = "T2,1,2026-02-01,cafe,1010,-10000,T1\nT2,2,2026-02-01,cafe,4010,10000,T1\n"
    given = read(tmp_path, ledger=head + CAFE.format("") + DELI.format("") + back)
    assert not given.faults
    assert given.frames["ledger"]["reverses_txn_id"].dropna().unique().tolist() == ["cafe:T1"]


def test_another_table_must_say_whose_transaction_it_means(tmp_path: Path) -> None:
    ledger = HEAD + CAFE.format("") + DELI.format("")
    (fault,) = read(tmp_path, ledger=ledger, expense_doc="txn_id,approver\nT1,Ann\n").faults
    assert (fault.file, fault.row, fault.value) == ("expense_doc.csv", 2, "T1")
    assert "write cafe:T1 or deli:T1" in fault.advice
    assert not read(tmp_path / "b", ledger=ledger, expense_doc="txn_id,approver\ndeli:T1,Ann\n").faults


def test_books_that_do_not_balance_alone_are_a_fault(tmp_path: Path) -> None:
    one_off = DELI.format("").replace("-700", "-600")
    with pytest.raises(QualityError, match="unique key"):
        snapshot.build(read(tmp_path, ledger=HEAD + CAFE.format("") + one_off), MAY, PACIFIC)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.sampled_from(["cafe", "deli"]), st.integers(1, 9), st.integers(1, 10**6)), max_size=12))
def test_nothing_is_lost_however_numbers_overlap(tmp_path_factory: pytest.TempPathFactory, books: object) -> None:
    """The cash of each entity is the sum of its own lines, whatever numbers the other uses."""
    distinct = {(entity, number): cents for entity, number, cents in books}  # type: ignore[attr-defined]
    rows = [
        f"T{number},{line},2026-01-05,{entity},{account},{sign * cents}\n"
        for (entity, number), cents in distinct.items()
        for line, account, sign in ((1, 1010, 1), (2, 4010, -1))
    ]
    given = read(
        tmp_path_factory.mktemp("books"), ledger="txn_id,line,date,entity_id,account,amount_cents\n" + "".join(rows)
    )
    assert not given.faults
    ledger = snapshot.build(given, MAY, PACIFIC).tables["ledger"]
    for entity in ("cafe", "deli"):
        own = ledger[(ledger["entity_id"] == entity) & (ledger["account"] == "1010")]["amount_cents"].sum()
        assert own == sum(cents for (owner, _), cents in distinct.items() if owner == entity)
