"""Bank statements in the reporting currency: as the ledger has what they answer, at their own day's rate, refused."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import ACCOUNTS, raw
from csv_tables import IN_TWO_CURRENCIES as GROUP
from executive_suite.dataset import snapshot
from executive_suite.schema.quality import Fault, QualityError
from typed_tables import facts_of

RATES = """
    param,scope,valid_from,valid_to,value,unit,source
    fx_GBP,group,2026-02-01,2026-02-28,1.75,rate,bank
    fx_GBP,group,2026-03-01,,1.80,rate,bank
"""
UK = """
    txn_id,line,date,entity_id,account,amount_cents
    T,1,2026-02-03,uk,1010,10000
    T,2,2026-02-03,uk,4010,-10000
"""
BOTH = f"""{UK.rstrip()}
    U,1,2026-02-04,me,1010,5000
    U,2,2026-02-04,me,4010,-5000
"""
HEADER = "bank_line_id,account,date,amount_cents,matched_txn_id,statement_balance_cents"


def build(path: Path, **tables: str) -> snapshot.Snapshot:
    given = {"entity": GROUP, "account": ACCOUNTS, "param": RATES} | tables
    return snapshot.build(raw(path, **given), date(2026, 5, 1), ZoneInfo("America/Toronto"))


def refused(path: Path, **tables: str) -> tuple[Fault, ...]:
    with pytest.raises(QualityError) as caught:
        build(path, **tables)
    return caught.value.faults


def unreconciled(built: snapshot.Snapshot) -> object:
    found = facts_of(built.context, "accounting", "bank_unreconciled_count")
    return next(f.value for f in found if not f.dimensions)


def bank(path: Path, ledger: str, *rows: str, more: str = "") -> snapshot.Snapshot:
    lines = "\n".join([HEADER + more, *rows]) + "\n"
    return build(path, ledger=ledger, bank_line=lines)


def cents(built: snapshot.Snapshot) -> list[int]:
    return [int(value) for value in built.tables["bank_line"]["amount_cents"]]


def test_a_line_has_the_currency_of_what_it_answers_at_its_rate(tmp_path: Path) -> None:
    # Booked on February 3, on the statement of March 1: what answers it in full is reconciled.
    built = bank(tmp_path, UK, "L1,1010,2026-03-01,10000,T,")
    assert cents(built) == [17_500]
    assert unreconciled(built) == 0


def test_a_line_without_a_transaction_has_the_currency_of_its_account(tmp_path: Path) -> None:
    assert cents(bank(tmp_path, UK, "L1,1010,2026-03-01,100,,")) == [180]


def test_an_account_in_two_currencies_must_say_whose_it_is(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, ledger=BOTH, bank_line=f"{HEADER}\nL1,1010,2026-03-01,100,,\n")
    assert (fault.file, fault.row, fault.column) == ("bank_line.csv", 2, "currency")
    assert "CAD and GBP" in fault.rule


@pytest.mark.parametrize(
    ("column", "cell", "amount"),
    [("entity_id", "uk", 180), ("entity_id", "me", 100), ("currency", "GBP", 180), ("currency", "CAD", 100)],
)
def test_entity_or_currency_says_so(tmp_path: Path, column: str, cell: str, amount: int) -> None:
    built = bank(tmp_path, BOTH, f"L1,1010,2026-03-01,100,,,{cell}", more=f",{column}")
    assert cents(built) == [amount]


def test_an_account_without_postings_in_books_of_several_currencies_is_refused(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, ledger=UK, bank_line=f"{HEADER}\nL1,6010,2026-03-01,100,,\n")
    assert fault.column == "currency"
    assert "no currency that the ledger tells" in fault.rule


def test_a_currency_without_a_rate_is_refused(tmp_path: Path) -> None:
    (fault,) = refused(tmp_path, ledger=UK, bank_line=f"{HEADER},currency\nL1,1010,2026-03-01,100,,,EUR\n")
    assert "fx_EUR" in fault.advice


def test_several_lines_that_answer_one_transaction_come_to_its_cents(tmp_path: Path) -> None:
    # 10.01 at 1.75 are 17.5175, booked as 17.52 (half to even); 3.33 and 6.68 alone would be 5.83 and 11.69.
    ledger = UK.replace("10000", "1001")
    built = bank(tmp_path, ledger, "L1,1010,2026-03-01,333,T,", "L2,1010,2026-03-02,668,T,")
    assert sum(cents(built)) == abs(int(built.tables["ledger"]["amount_cents"].iloc[0]))
    assert unreconciled(built) == 0


def test_a_balance_in_another_currency_is_not_compared_with_books_at_many_rates(tmp_path: Path) -> None:
    built = bank(tmp_path, UK, "L1,1010,2026-03-01,10000,T,10000")
    (fact,) = (f for f in facts_of(built.context, "accounting", "bank_reconciliation_difference") if not f.dimensions)
    assert (fact.status, fact.reason) == ("not_evaluable", "no statement balance in CAD for 1010")


def test_every_entity_has_its_own_account_of_a_number(tmp_path: Path) -> None:
    # Two banks, one number in the chart: me's balance is 50.00, and the pounds are not part of it.
    built = bank(
        tmp_path, BOTH, "L1,1010,2026-03-01,5000,U,5000,me", "L2,1010,2026-03-01,10000,T,,uk", more=",entity_id"
    )
    found = {
        (f.entity_id, f.dimensions.get("account")): f.value
        for f in facts_of(built.context, "accounting", "bank_reconciliation_difference")
    }
    assert found == {("me", "1010"): 0, ("uk", "1010"): None, ("group", None): None}
    assert unreconciled(built) == 0


def test_lines_of_books_in_one_currency_stay_as_they_are(tmp_path: Path) -> None:
    one = "entity_id,kind,name,base_currency,timezone\nme,business,Me,CAD,America/Toronto\n"
    ledger = BOTH.replace("uk", "me")
    built = build(tmp_path, entity=one, ledger=ledger, bank_line=f"{HEADER}\nL1,1010,2026-03-01,100,,700\n")
    assert cents(built) == [100]
    assert built.tables["bank_line"]["statement_balance_cents"].tolist() == [700]
