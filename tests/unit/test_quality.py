"""The gate: what stops a run, told with file, row, column, value, rule and advice, all at once."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from csv_tables import ACCOUNTS, ENTITIES, raw
from executive_suite.dataset import quality_rules, snapshot
from executive_suite.dataset.snapshot import Snapshot
from executive_suite.schema.quality import Fault, QualityError

PACIFIC = ZoneInfo("America/Los_Angeles")
MAY = date(2026, 5, 1)

LEDGER = """
    txn_id,line,date,entity_id,account,amount_cents,currency,posted_at
    T1,1,2026-04-01,acme,1010,"1,000",USD,2026-04-01T20:00:00Z
    T1,2,2026-04-01,acme,4010,-1000,USD,2026-04-01T20:00:00Z
    T2,1,2026-04-02,acme,6010,300,USD,2026-04-02T20:00:00Z
    T2,2,2026-04-02,acme,1010,-300,USD,2026-04-02T20:00:00Z
"""


def build(path: Path, **tables: str | bytes) -> Snapshot:
    given = {"entity": ENTITIES, "account": ACCOUNTS, "ledger": LEDGER, **tables}
    return snapshot.build(raw(path, **given), MAY, PACIFIC)


def faults(path: Path, **tables: str | bytes) -> list[Fault]:
    with pytest.raises(QualityError) as caught:
        build(path, **tables)
    return list(caught.value.faults)


def places(path: Path, **tables: str | bytes) -> list[tuple[str, int, str, str]]:
    return [(fault.file, fault.row, fault.column, fault.value) for fault in faults(path, **tables)]


def test_sound_data_passes(tmp_path: Path) -> None:
    assert list(build(tmp_path).tables["ledger"]["amount_cents"]) == [1000, -1000, 300, -300]


@pytest.mark.parametrize(
    ("old", "new", "place", "rule"),
    [
        ('"1,000"', '"1,001"', (2, "amount_cents", "1"), "must sum to zero over the lines of transaction T1"),
        ("300,USD", "3.005,USD", (4, "amount_cents", "3.005"), "whole number of cents"),
        ("2026-04-02,acme,6010", "2026-04-31,acme,6010", (4, "date", "2026-04-31"), "day of the calendar"),
        ("T2,1,2026-04-02,acme", "T2,1,2026-04-02,acne", (4, "entity_id", "acne"), "entity has"),
        ("6010", "6011", (4, "account", "6011"), "account has"),
        ("300,USD", "300,EUR", (4, "currency", "EUR"), "rate to USD on 2026-04-02"),
        ("T2,1", "T1,1", (4, "txn_id, line", "txn_id=T1, line=1"), "must be a unique key (first used in row 2)"),
        ("T2,1,2026-04-02,acme", "T2,1,2026-04-02,", (4, "entity_id", ""), "must not be blank"),
        ("2026-04-02T20:00:00Z", "yesterday", (4, "posted_at", "yesterday"), "must be an instant"),
    ],
)
def test_a_broken_ledger_is_named(tmp_path: Path, old: str, new: str, place: tuple[int, str, str], rule: str) -> None:
    found = faults(tmp_path, ledger=LEDGER.replace(old, new, 1))
    assert ("ledger.csv", *place) in [(f.file, f.row, f.column, f.value) for f in found]
    assert any(rule in fault.rule and fault.row == place[0] for fault in found)
    assert all(fault.advice for fault in found)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    entities = ENTITIES.replace("business", "shop").replace("America/Los_Angeles", "America/Elsewhere", 1)
    holders = """
        entity_id,person_id,valid_from,pct_bp,agreement_signed
        acme,one,2026-01-01,6000,true
        acme,two,2026-01-01,3900,yes
        group,one,2026-01-01,9900,true
    """
    ledger = LEDGER.replace('"1,000"', '"1,001"').replace("T2,1,2026-04-02", "T2,1,02.04.2026")
    assert places(tmp_path, entity=entities, equity_holder=holders, ledger=ledger, system=b"a\n\xff\n") == [
        ("entity.csv", 2, "kind", "shop"),
        ("entity.csv", 2, "timezone", "America/Elsewhere"),
        ("equity_holder.csv", 3, "agreement_signed", "yes"),
        ("equity_holder.csv", 4, "pct_bp", "9900"),
        ("ledger.csv", 2, "amount_cents", "1"),
        ("ledger.csv", 4, "date", "02.04.2026"),
        ("system.csv", 2, "", ""),
    ]


def test_ten_faults_of_one_file_are_told_at_once(tmp_path: Path) -> None:
    lines = [
        "txn_id,line,date,entity_id,account,amount_cents,currency,activity,posted_at",
        *(
            f"T{number},{line},2026-04-01,acme,{account},{sign}500,USD,operating,2026-04-01T20:00:00Z"
            for number in range(1, 12)
            for line, account, sign in ((1, "1010", ""), (2, "4010", "-"))
        ),
    ]

    def broken(row: int, old: str, new: str) -> None:
        assert old in lines[row - 1]
        lines[row - 1] = lines[row - 1].replace(old, new, 1)

    broken(2, ",500,", ",5.01,")
    broken(4, "2026-04-01,", "2026-02-30,")
    broken(6, "acme", "nobody")
    broken(8, "1010", "1011")
    broken(10, "USD", "JPY")
    broken(12, "operating", "fun")
    broken(14, ",operating", "")
    broken(16, "2026-04-01T20:00:00Z", "noon")
    broken(18, ",1,", ",one,")
    broken(20, ",500,", ",501,")
    lines.append(lines[22])
    assert places(tmp_path, ledger="\n".join(lines) + "\n") == [
        ("ledger.csv", 2, "amount_cents", "5.01"),
        ("ledger.csv", 4, "date", "2026-02-30"),
        ("ledger.csv", 6, "entity_id", "nobody"),
        ("ledger.csv", 8, "account", "1011"),
        ("ledger.csv", 10, "currency", "JPY"),
        ("ledger.csv", 12, "activity", "fun"),
        ("ledger.csv", 14, "", "T7,1,2026-04-01,acme,1010,500,USD,2026-04-01T20:00:00Z"),
        ("ledger.csv", 16, "posted_at", "noon"),
        ("ledger.csv", 18, "line", "one"),
        ("ledger.csv", 20, "amount_cents", "1"),
        ("ledger.csv", 22, "amount_cents", "-500"),  # what the repeated line does to its transaction
        ("ledger.csv", 24, "txn_id, line", "txn_id=T11, line=2"),
    ]


@pytest.mark.parametrize(
    ("table", "old", "new", "row"),
    [
        # a row without all its cells: whatever refers to it, or belongs to it, is not told as well
        ("entity", "acme,business,Acme,USD,", "acme,business,Acme,", 2),
        ("account", "1010,Cash,asset", "1010,Cash,at the bank,asset", 2),
        ("ledger", "T1,2,2026-04-01,acme,", "T1,2,2026-04-01,acme,,", 3),
        ("ledger", "300,USD,", "30,000,00,USD,", 4),
    ],
)
def test_a_row_that_has_not_the_headers_cells_is_one_fault(
    tmp_path: Path, table: str, old: str, new: str, row: int
) -> None:
    given = {"entity": ENTITIES, "account": ACCOUNTS, "ledger": LEDGER}
    found = faults(tmp_path, **{**given, table: given[table].replace(old, new, 1)})
    assert [(fault.file, fault.row, "as the header has" in fault.rule) for fault in found] == [
        (f"{table}.csv", row, True)
    ]


SHARES = "entity_id,person_id,valid_from,valid_to,pct_bp,agreement_signed\n"


@pytest.mark.parametrize(
    ("tables", "place", "rule"),
    [
        # a share below nothing and one above the whole add up to the whole
        ({"equity_holder": f"{SHARES}acme,a,2026-01-01,,12000,true\nacme,b,2026-01-01,,-2000,true\n"}, 2, "0 to 10000"),
        ({"equity_holder": f"{SHARES}acme,a,2026-03-01,2026-02-28,10000,true\n"}, 2, "not be before valid_from"),
        ({"review": "review_id,rating\nR1,5\nR2,5.1\n"}, 3, "from 1 to 5"),
        ({"review": "review_id,rating\nR1,0\n"}, 2, "from 1 to 5"),
        ({"param": "param,scope,valid_from,valid_to\nx,group,2026-03-01,2026-01-01\n"}, 2, "valid_from"),
        (
            {"booking": "booking_id,service_start,service_end\nB1,2026-03-02T00:00:00Z,2026-03-01T00:00:00Z\n"},
            2,
            "must not be before service_start",
        ),
        ({"entity": ENTITIES + "    other,group,Other,EUR,Europe/Berlin\n"}, 3, "one entity of kind group, not 2"),
    ],
)
def test_rows_that_cannot_be_are_named(tmp_path: Path, tables: dict[str, str], place: int, rule: str) -> None:
    found = faults(tmp_path, **tables)
    assert [fault.rule for fault in found if fault.row == place and rule in fault.rule], found


def test_a_key_with_a_day_is_told_as_the_file_writes_it(tmp_path: Path) -> None:
    rows = "campaign_id,date,spend_cents,labour_cents\nC1,2026-04-01,5,0\nC1,2026-04-01,6,0\n"
    assert places(tmp_path, campaign_spend=rows) == [
        ("campaign_spend.csv", 3, "campaign_id, date", "campaign_id=C1, date=2026-04-01")
    ]


def test_a_span_of_one_day_is_one(tmp_path: Path) -> None:
    holders = f"{SHARES}acme,a,2026-03-01,2026-03-01,10000,true\nacme,a,2026-03-02,9999-12-31,10000,true\n"
    assert len(build(tmp_path, equity_holder=holders).tables["equity_holder"]) == 2


@pytest.mark.parametrize(
    ("old", "new", "column"),
    [
        ("amount_cents", "Amount_Cents", "Amount_Cents"),
        ("amount_cents", "amount cents", "amount cents"),
        ("amount_cents", "amout_cents", "amout_cents"),
        ("account,", "account_id,", "account_id"),
    ],
)
def test_a_misspelled_header_is_told(tmp_path: Path, old: str, new: str, column: str) -> None:
    found = faults(tmp_path, ledger=LEDGER.replace(old, new, 1))
    assert [(f.file, f.row, f.column) for f in found] == [("ledger.csv", 1, column)]


def test_a_misspelled_header_is_told_whatever_the_case_of_the_column(tmp_path: Path) -> None:
    bill = "BilledCos_,BillingPeriodStart,ServiceName\n1.50,2026-03-01T00:00:00Z,S3\n"
    (fault,) = faults(tmp_path, focus_cost=bill)
    assert (fault.row, fault.column, fault.rule) == (
        1,
        "BilledCos_",
        "must be spelled BilledCost to be read as that column",
    )


def test_a_reference_that_is_nearly_right_is_asked_about(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, ledger=LEDGER.replace("T2,1,2026-04-02,acme", "T2,1,2026-04-02,Acme"))
    assert "(perhaps acme)" in found.advice


def test_very_many_faults_are_counted_and_not_listed(tmp_path: Path) -> None:
    rows = "".join(f"    T{n},x,31.04.2026,nobody,9999,0.5,EUR,soon\n" for n in range(3, 5003))
    with pytest.raises(QualityError) as caught:
        build(tmp_path, ledger=LEDGER + rows)
    # six cells of each of 5,000 rows: line, date, entity, account, amount, posted_at
    assert str(caught.value).startswith("30,000 faults in the data\n")
    assert len(str(caught.value).splitlines()) == 1 + 6 * 11
    assert "4,990 more of this kind" in str(caught.value)
    # the first of each kind are kept one by one, for whoever reads them as JSON
    assert len(caught.value.faults) == 6 * 1001


def test_lines_across_the_report_date_are_told_as_such(tmp_path: Path) -> None:
    ledger = LEDGER.replace("T2,2,2026-04-02", "T2,2,2026-05-01")
    found = faults(tmp_path, ledger=ledger)
    assert [(fault.row, fault.value) for fault in found] == [(4, "300")]
    assert "one date" in found[0].advice


def test_rows_dated_later_are_left_out_and_counted(tmp_path: Path) -> None:
    # unbalanced and unknown, but of the future: they are no business of this report
    ledger = LEDGER + "    T3,1,2026-05-01,nobody,9999,77,XXX,2026-05-01T20:00:00Z\n"
    found = build(tmp_path, ledger=ledger)
    assert len(found.tables["ledger"]) == 4
    assert [(note.table, note.rows) for note in found.notes] == [("ledger", 1)]


def test_a_reference_recorded_only_later_says_so(tmp_path: Path) -> None:
    entities = """
        entity_id,kind,name,base_currency,timezone,recorded_at
        group,group,Group,USD,America/Los_Angeles,2026-01-01T00:00:00Z
        acme,business,Acme,USD,America/Los_Angeles,2026-05-02T00:00:00Z
    """
    found = faults(tmp_path, entity=entities)
    assert [fault.row for fault in found] == [2, 3, 4, 5]
    assert "recorded only after the cut-off" in found[0].advice


@pytest.mark.parametrize(
    ("rows", "places"),
    [
        # the project's worked answer "equity_sum": 6000 + 3900 = 9900, a data error
        (["acme,one,2026-01-01,,6000", "acme,two,2026-01-01,,3900"], [(2, "9900")]),
        (["acme,one,2026-01-01,,6000", "acme,two,2026-01-01,,4000"], []),
        # hand-over on a day: valid_to is the last day, so 31 March and 1 April leave no gap and no overlap
        (["acme,one,2026-01-01,2026-03-31,10000", "acme,two,2026-04-01,,10000"], []),
        (["acme,one,2026-01-01,2026-04-01,10000", "acme,two,2026-04-01,,10000"], [(2, "20000")]),
        # a holder who leaves without a successor
        (["acme,one,2026-01-01,2026-02-28,4000", "acme,two,2026-01-01,,6000"], [(3, "6000")]),
        # each entity by itself
        (["acme,one,2026-01-01,,5000", "group,two,2026-01-01,,5000"], [(2, "5000"), (3, "5000")]),
        # nobody at all for a while is no fault
        (["acme,one,2026-01-01,2026-01-31,10000", "acme,one,2026-03-01,,10000"], []),
    ],
)
def test_equity_is_whole_on_every_day(tmp_path: Path, rows: list[str], places: list[tuple[int, str]]) -> None:
    head = "entity_id,person_id,valid_from,valid_to,pct_bp\n"
    table = head + "\n".join(rows) + "\n"
    given = snapshot.read(raw(tmp_path, entity=ENTITIES, equity_holder=table))
    found = quality_rules.equity_not_whole(given.frames["equity_holder"])
    assert [(fault.row, fault.value) for fault in found] == places


@pytest.mark.parametrize("recorded", ["", ",recorded_at"])
def test_identical_rows_are_duplicates(tmp_path: Path, recorded: str) -> None:
    at = ",2026-01-01T00:00:00Z" if recorded else ""
    systems = f"system_id,category,status{recorded}\nS1,crm,none{at}\nS2,crm,none{at}\nS1,crm,none{at}\n"
    assert places(tmp_path, system=systems) == [("system.csv", 4, "system_id", "system_id=S1")]


@pytest.mark.parametrize("blank", ["", "NULL", "\\N", "  "])
def test_what_stands_for_a_blank(tmp_path: Path, blank: str) -> None:
    # MySQL and PostgreSQL write a missing value into text exports as \\N, many programs as NULL
    bill = f"""
        BilledCost,ServiceName,ListCost,ResourceId,BillingCurrency,ChargePeriodStart
        1.00,S3,{blank},{blank},USD,2026-03-01T00:00:00Z
    """
    row = build(tmp_path, focus_cost=bill).tables["focus_cost"].iloc[0]
    assert row[["ListCost", "ResourceId"]].isna().all()
    assert places(tmp_path, focus_cost=bill.replace("1.00", blank)) == [("focus_cost.csv", 2, "BilledCost", "")]


def test_lines_of_a_bill_may_be_alike(tmp_path: Path) -> None:
    bill = """
        BilledCost,ServiceName,BillingCurrency,ChargePeriodStart
        1.00,S3,USD,2026-03-01T00:00:00Z
        1.00,S3,USD,2026-03-01T00:00:00Z
    """
    assert len(build(tmp_path, focus_cost=bill).tables["focus_cost"]) == 2


def test_what_is_absent_is_no_fault(tmp_path: Path) -> None:
    found = snapshot.build(raw(tmp_path, ledger="txn_id,memo\nT1,x\n", system="system_id\n"), MAY, PACIFIC)
    assert found.coverage == {"ledger": 1, "system": 0}


def test_unknown_columns_and_files_are_noted(tmp_path: Path) -> None:
    found = build(tmp_path, system="system_id,colour\nS1,red\n", legder="a\n1\n")
    assert {(note.table, note.text.split()[-1]) for note in found.notes} == {("system", "colour"), ("legder", "read")}
    assert "colour" not in found.tables["system"].columns


def test_a_fault_reads_as_one_sentence_after_another() -> None:
    fault = Fault("ledger.csv", "must be a day of the calendar", "correct the day", 4, "date", "2026-04-31")
    assert str(fault) == "ledger.csv, row 4, date: '2026-04-31': must be a day of the calendar. Correct the day."


@given(st.lists(st.lists(st.integers(-(10**12), 10**12), min_size=1, max_size=4), min_size=1, max_size=10), st.data())
def test_any_balanced_ledger_passes_and_any_cent_off_is_found(amounts: list[list[int]], data: st.DataObject) -> None:
    import pandas as pd

    lines = [(f"T{t}", line, amount) for t, txn in enumerate(amounts) for line, amount in enumerate([*txn, -sum(txn)])]
    frame = pd.DataFrame(lines, columns=["txn_id", "line", "amount_cents"]).assign(source_file="x", source_row=2)
    assert list(quality_rules.unbalanced(frame, frame, frame)) == []
    at = data.draw(st.integers(0, len(lines) - 1))
    cents = data.draw(st.integers(-1000, 1000).filter(bool))
    frame.loc[at, "amount_cents"] += cents
    (found,) = quality_rules.unbalanced(frame, frame, frame)
    assert lines[at][0] in found.rule
    assert found.value == str(cents)
