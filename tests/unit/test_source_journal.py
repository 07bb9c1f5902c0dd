"""Plain-text journals: what beancount and hledger keep becomes the ledger, to the cent."""

from __future__ import annotations

import textwrap
from datetime import date
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from beancount import loader
from beancount.core import data, inventory

from csv_tables import folder
from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.schema.quality import QualityError
from executive_suite.sources import hledger_journal, reading
from executive_suite.sources.config import Sources

MAY = date(2026, 5, 1)
ZONE = ZoneInfo("America/Los_Angeles")

BEANCOUNT = """
option "operating_currency" "USD"
1990-01-01 open Assets:Acme:Checking USD
1990-01-01 open Assets:Acme:Shares
1990-01-01 open Liabilities:Acme:Card
1990-01-01 open Equity:Acme:Capital
1990-01-01 open Income:Acme:Charters
1990-01-01 open Expenses:Acme:Fuel
  function: "cogs"
  cost_behaviour: "variable"

2026-01-02 * "Owner" "capital"
  Assets:Acme:Checking   10,000.00 USD
  Equity:Acme:Capital

2026-01-05 * "half day"
  contract_id: "B1"
  Assets:Acme:Checking    2,000.00 USD
  Income:Acme:Charters   -2,000.00 USD

2026-01-05 * "fuel"
  Expenses:Acme:Fuel        120.55 USD
    project_id: "P1"
  Liabilities:Acme:Card

2026-02-01 * "shares, at cost"
  Assets:Acme:Shares        10 XYZ {12.34 USD}
  Assets:Acme:Checking
"""


def sources(*extra: dict[str, object], **fields: object) -> Sources:
    journal = {
        "name": "acme",
        "kind": "journal",
        "program": "beancount",
        "location": "acme.beancount",
        "entity_id": "acme",
        "cash": ["Assets:Acme:Checking"],
        "activity": {"Equity:Acme:Capital": "financing", "Assets:Acme:Shares": "investing"},
        **fields,
    }
    return Sources.model_validate({"sources": [journal, *extra]})


def read(path: Path, text: str = BEANCOUNT, *extra: dict[str, object], **fields: object) -> snapshot.Typed:
    (path / "acme.beancount").write_text(text)
    given = sources(*extra, **fields)
    return snapshot.read(reading.read(given.model_copy(update={"folder": path})))


def test_a_beancount_journal_becomes_the_ledger(tmp_path: Path) -> None:
    given = read(tmp_path)
    assert not given.faults
    rows = given.frames["ledger"][
        ["txn_id", "date", "account", "amount_cents", "activity", "contract_id", "project_id"]
    ]
    assert [
        (row[0], str(row[1].date()), *row[2:5], *("" if cell is None or cell != cell else cell for cell in row[5:]))  # noqa: PLR0124 - NaN
        for row in rows.itertuples(index=False)
    ] == [
        ("acme-2026-01-02-0001", "2026-01-02", "Assets:Acme:Checking", 1_000_000, "financing", "", ""),
        ("acme-2026-01-02-0001", "2026-01-02", "Equity:Acme:Capital", -1_000_000, "financing", "", ""),
        ("acme-2026-01-05-0001", "2026-01-05", "Assets:Acme:Checking", 200_000, "operating", "B1", ""),
        ("acme-2026-01-05-0001", "2026-01-05", "Income:Acme:Charters", -200_000, "operating", "B1", ""),
        ("acme-2026-01-05-0002", "2026-01-05", "Expenses:Acme:Fuel", 12_055, "operating", "", "P1"),
        ("acme-2026-01-05-0002", "2026-01-05", "Liabilities:Acme:Card", -12_055, "operating", "", ""),
        ("acme-2026-02-01-0001", "2026-02-01", "Assets:Acme:Shares", 12_340, "investing", "", ""),
        ("acme-2026-02-01-0001", "2026-02-01", "Assets:Acme:Checking", -12_340, "investing", "", ""),
    ]
    accounts = given.frames["account"].set_index("account")
    assert dict(accounts["type"]) == {
        "Assets:Acme:Checking": "asset",
        "Assets:Acme:Shares": "asset",
        "Equity:Acme:Capital": "equity",
        "Expenses:Acme:Fuel": "expense",
        "Income:Acme:Charters": "revenue",
        "Liabilities:Acme:Card": "liability",
    }
    assert list(accounts.index[accounts["is_cash"]]) == ["Assets:Acme:Checking"]
    assert tuple(accounts.loc["Expenses:Acme:Fuel", ["function", "cost_behaviour"]]) == ("cogs", "variable")
    assert snapshot.build(given, MAY, ZONE).coverage == {"account": 6, "ledger": 8}


def test_balances_are_those_that_beancount_computes(tmp_path: Path) -> None:
    """The other program's own realisation of the same journal, account by account."""
    entries, errors, _ = loader.load_string(textwrap.dedent(BEANCOUNT))
    assert not errors
    expected: dict[str, inventory.Inventory] = {}
    for entry in entries:
        for posting in entry.postings if isinstance(entry, data.Transaction) else ():
            expected.setdefault(posting.account, inventory.Inventory()).add_position(posting)
    ledger = read(tmp_path).frames["ledger"]
    found = ledger.groupby("account")["amount_cents"].sum()
    for account, positions in expected.items():
        cost = sum(
            (position.units.number * (position.cost.number if position.cost else 1) for position in positions),
            Decimal(0),
        )
        assert found[account] == cost * 100


def test_what_beancount_refuses_is_told_with_its_line(tmp_path: Path) -> None:
    given = read(tmp_path, BEANCOUNT.replace("-2,000.00 USD", "-1,999.99 USD"))
    assert [(fault.file, fault.row) for fault in given.faults] == [("acme.beancount", 16)]
    assert "does not balance" in given.faults[0].rule


INCLUDING = f"""{BEANCOUNT}
include "more.beancount"
2026-02-02 balance Assets:Acme:Checking  11,876.60 USD
"""


def test_files_that_a_journal_includes_are_on_record(tmp_path: Path) -> None:
    # 10,000 + 2,000 - 123.40 of shares: what beancount's own assertion says
    (tmp_path / "more.beancount").write_text("2026-01-03 open Expenses:Acme:Café\n")
    (tmp_path / "acme.beancount").write_text(INCLUDING)
    given = read(tmp_path, INCLUDING)
    assert not given.faults
    assert [(file.table, file.name) for file in given.files] == [
        ("ledger", "acme.beancount"),
        ("ledger", "more.beancount"),
        ("account", "acme.beancount"),
    ]


@pytest.mark.parametrize(
    ("change", "row", "words"),
    [
        ((" 11,876.60", " 11,876.70"), INCLUDING.count("\n"), "Balance failed"),
        (('include "more.beancount"', 'plugin "no.such.plugin"'), 30, "must not run code: the plugin no.such.plugin"),
        (('include "more.beancount"', 'include "nowhere.beancount"'), 0, "nowhere.beancount"),
    ],
)
def test_what_concerns_the_whole_journal_is_told(tmp_path: Path, change: tuple[str, str], row: int, words: str) -> None:
    (tmp_path / "more.beancount").write_text("")
    faults = read(tmp_path, INCLUDING.replace(*change)).faults
    assert [fault for fault in faults if words in fault.rule and (not row or fault.row == row)], faults
    assert all(fault.file == "acme.beancount" for fault in faults)


OPEN = """
2026-01-01 open Assets:Bank USD
2026-01-01 open Assets:Broker
2026-01-01 open Equity:Opening
"""


# units at a price: beancount issues 49 and 230, hledger's examples/bcexample.journal. bean-check says nothing to any.
@pytest.mark.parametrize(
    ("postings", "bank", "lots"),
    [
        # 6.811 x 70.47 = 479.97117
        (["Assets:Broker 6.811 FUND {70.47 USD}", "Assets:Bank -479.97 USD"], -47_997, [47_997]),
        # 18.572 x 30.96 = 574.98912
        (["Assets:Broker 18.572 FUND @ 30.96 USD", "Assets:Bank -574.99 USD"], -57_499, [57_499]),
        # 3 x 333.335 = 1,000.005, of which 0.005 is within the tolerance: the payment stays what the bank says
        (["Assets:Broker 1 FUND {333.335 USD}"] * 3 + ["Assets:Bank -1000.00 USD"], -100_000, [33_332, 33_334, 33_334]),
        # 7 x 10.004 = 70.028, tolerated because 70.0 has one decimal
        (["Assets:Broker 7 FUND {10.004 USD}", "Assets:Bank -70.0 USD"], -7_000, [7_000]),
    ],
)
def test_units_at_a_price_are_rounded_within_the_programs_tolerance(
    tmp_path: Path, postings: list[str], bank: int, lots: list[int]
) -> None:
    text = OPEN + '2026-01-09 * "Plan"\n' + "".join(f"  {posting}\n" for posting in postings)
    entries, errors, _ = loader.load_string(text)
    assert entries
    assert not errors
    given = read(tmp_path, text, cash=["Assets:Bank"], activity={})
    assert not given.faults
    ledger = given.frames["ledger"]
    assert ledger["amount_cents"].sum() == 0
    assert ledger.loc[ledger["account"] == "Assets:Bank", "amount_cents"].tolist() == [bank]
    assert sorted(ledger.loc[ledger["account"] == "Assets:Broker", "amount_cents"]) == lots
    assert [note.rows for note in given.notes if "rounded to the cent" in note.text] == [len(lots)]


@pytest.mark.parametrize(
    ("name", "meant"), [("Assets:Acme:Chequing", "Checking"), ("Assets:Acme:checking", "Checking")]
)
def test_a_misspelled_cash_account_is_told(tmp_path: Path, name: str, meant: str) -> None:
    (fault,) = read(tmp_path, cash=[name]).faults
    assert (fault.file, fault.value) == ("acme", name)
    assert f"write Assets:Acme:{meant}" in fault.advice
    assert not read(tmp_path, cash=["Assets:Acme"]).faults


def test_a_cash_account_like_no_other_is_told_too(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, cash=["Kasse"]).faults
    assert "correct the name" in fault.advice


def test_a_misspelled_activity_is_told(tmp_path: Path) -> None:
    (fault,) = read(tmp_path, activity={"Equity:Acme:Capitol": "financing", "Assets:Plant": "investing"}).faults
    assert (fault.file, fault.value) == ("acme", "Equity:Acme:Capitol")


def test_entities_may_stand_in_account_names(tmp_path: Path) -> None:
    given = read(tmp_path, entity_id="", entity_component=1)
    assert set(given.frames["ledger"]["entity_id"]) == {"acme"}


def test_several_journals_make_one_ledger(tmp_path: Path) -> None:
    (tmp_path / "beta.beancount").write_text(BEANCOUNT)
    folder(tmp_path / "files", system="system_id\nS1\n")
    other = {
        "name": "beta",
        "kind": "journal",
        "program": "beancount",
        "location": "beta.beancount",
        "entity_id": "beta",
    }
    files = {"name": "files", "kind": "folder", "location": "files"}
    given = read(tmp_path, BEANCOUNT, other, files)
    assert not given.faults
    assert given.frames["ledger"].groupby("entity_id").size().to_dict() == {"acme": 8, "beta": 8}
    assert (len(given.frames["account"]), len(given.frames["system"])) == (6, 1)


def test_a_foreign_commodity_needs_a_rate(tmp_path: Path) -> None:
    text = BEANCOUNT.replace("120.55 USD", "120.55 EUR")
    with pytest.raises(QualityError, match="base_currency"):
        snapshot.build(read(tmp_path, text), MAY, ZONE)


BOOKS = """\
include rent.journal

account assets:bank  ; type: C
commodity $1,000.00

2026-01-01 opening
    assets:bank     $10,000.00 = $10,000.00
    equity:opening

2026-01-06 café, in euros
    assets:euro     EUR 100.00 @ $1.10
    (budget:food)   $5.00
    assets:bank
"""
RENT = """\
2026-01-02 rent  ; contract_id: L1
    expenses:rent   $900.00
    liabilities:card
"""
# what hledger 1.25 says of these: `print --explicit --cost --output-format=json` (the fields that are read), and
# `accounts --types`
PRINTED = """
[{"tdate": "2026-01-01", "tdescription": "opening", "ttags": [],
  "tsourcepos": [{"sourceLine": 6, "sourceName": "@/books.journal"}], "tpostings": [
   {"paccount": "assets:bank", "ptags": [["type", "C"]], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": 1000000, "decimalPlaces": 2}}]},
   {"paccount": "equity:opening", "ptags": [], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": -1000000, "decimalPlaces": 2}}]}]},
 {"tdate": "2026-01-02", "tdescription": "rent", "ttags": [["contract_id", "L1"]],
  "tsourcepos": [{"sourceLine": 1, "sourceName": "@/rent.journal"}], "tpostings": [
   {"paccount": "expenses:rent", "ptags": [], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": 90000, "decimalPlaces": 2}}]},
   {"paccount": "liabilities:card", "ptags": [], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": -90000, "decimalPlaces": 2}}]}]},
 {"tdate": "2026-01-06", "tdescription": "café, in euros", "ttags": [],
  "tsourcepos": [{"sourceLine": 10, "sourceName": "@/books.journal"}], "tpostings": [
   {"paccount": "assets:euro", "ptags": [], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": 110, "decimalPlaces": 0}}]},
   {"paccount": "budget:food", "ptags": [], "pdate": null, "ptype": "VirtualPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": 500, "decimalPlaces": 2}}]},
   {"paccount": "assets:bank", "ptags": [["type", "C"]], "pdate": null, "ptype": "RegularPosting",
    "pamount": [{"acommodity": "$", "astyle": {"asdecimalpoint": "."}, "aprice": null,
     "aquantity": {"decimalMantissa": -110, "decimalPlaces": 0}}]}]}]
"""
TYPES = """\
assets:bank         ; type: C
assets:euro         ; type: A
budget:food         ; type:
equity:opening      ; type: E
expenses:rent       ; type: X
liabilities:card    ; type: L
"""
# what it says when the assertion is a cent off, in 1.25 and in 1.40
REFUSED = (
    'hledger: balance assertion: "@/books.journal" (line 7, column 32)\ncalculated: 10000.00\nasserted: 10000.01\n',
    "hledger: Error: @/books.journal:7:21:\n  | 2026-01-01 opening\n7 |  assets:bank  $10,000.00 = $10,000.01\n",
)
PLAYED = """#!/bin/sh
test "$LC_ALL" = C.UTF-8 || exit 3
case "$*" in
  *print*) cat "{folder}/printed" ;;
  *accounts*) cat "{folder}/types" ;;
  *files*) printf '%s\\n' "{folder}/books.journal" "{folder}/rent.journal" ;;
esac
test ! -e "{folder}/refused" || {{ cat "{folder}/refused" >&2; exit 1; }}
"""


def hledger(
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    printed: str = PRINTED,
    refused: str = "",
    extra: tuple[dict[str, object], ...] = (),
    **fields: object,
) -> snapshot.Typed:
    """A journal read through a program that plays back what hledger said."""
    for name, text in (("printed", printed), ("types", TYPES), ("books.journal", BOOKS), ("rent.journal", RENT)):
        (path / name).write_text(text.replace("@", str(path)))
    if refused:
        (path / "refused").write_text(refused.replace("@", str(path)))
    (path / "bin").mkdir()
    (path / "bin" / "hledger").write_text(PLAYED.format(folder=path))
    (path / "bin" / "hledger").chmod(0o755)
    monkeypatch.setenv("PATH", f"{path / 'bin'}:/usr/bin:/bin")
    given = sources(*extra, program="hledger", location="books.journal", cash=[], activity={}, **fields)
    return snapshot.read(reading.read(given.model_copy(update={"folder": path})))


def test_what_hledger_says_becomes_the_ledger(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    given = hledger(tmp_path, monkeypatch)
    assert not given.faults
    ledger = given.frames["ledger"]
    # `hledger balance --flat --cost --real` of the same journal
    assert ledger.groupby("account")["amount_cents"].sum().to_dict() == {
        "assets:bank": 989_000,
        "assets:euro": 11_000,
        "equity:opening": -1_000_000,
        "expenses:rent": 90_000,
        "liabilities:card": -90_000,
    }
    assert set(ledger["currency"]) == {"$"}, "which dollar, the group's base currency says"
    assert set(snapshot.build(given, MAY, ZONE).tables["ledger"]["currency"]) == {"USD"}, "none is stated"
    assert list(zip(ledger["source_file"], ledger["source_row"], strict=True)) == [
        ("books.journal", 6),
        ("books.journal", 6),
        ("rent.journal", 1),
        ("rent.journal", 1),
        ("books.journal", 10),
        ("books.journal", 10),
    ]
    assert ledger["contract_id"].fillna("").tolist() == ["", "", "L1", "L1", "", ""]
    accounts = given.frames["account"].set_index("account")
    assert accounts.index[accounts["is_cash"]].tolist() == ["assets:bank"]
    assert [(note.table, note.rows) for note in given.notes] == [("ledger", 1)], "the envelope is told, not booked"
    assert [(file.table, file.name, file.rows) for file in given.files] == [
        ("ledger", "books.journal", 4),
        ("ledger", "rent.journal", 2),
        ("account", "books.journal", 5),
    ]


@pytest.mark.parametrize("complaint", REFUSED)
def test_what_hledger_refuses_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, complaint: str
) -> None:
    (fault,) = hledger(tmp_path, monkeypatch, refused=complaint).faults
    assert (fault.file, fault.row) == ("books.journal", 7)
    assert "10000.01" in fault.rule or "10,000.01" in fault.rule
    assert str(tmp_path) not in fault.rule


def test_a_posting_with_a_day_of_its_own_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # `; date: 2026-02-01` behind a posting: hledger then counts it on that day
    apart = PRINTED.replace('"pdate": null', '"pdate": "2026-02-01"', 1)
    (fault,) = hledger(tmp_path, monkeypatch, printed=apart).faults
    assert (fault.file, fault.row, fault.value) == ("books.journal", 6, "2026-02-01")


@pytest.mark.parametrize(
    ("base", "symbols", "code"),
    [("CAD", {}, "CAD"), ("USD", {}, "USD"), ("EUR", {"$": "USD"}, "USD"), ("CAD", {"$": "AUD"}, "AUD")],
)
def test_a_dollar_is_the_groups_unless_the_source_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, base: str, symbols: dict[str, str], code: str
) -> None:
    # ledger-autosync issue 52, hledger issue 1795: $ is the sign of some thirty currencies
    entity = f"entity_id,kind,name,base_currency,timezone\nacme,group,Acme,{base},America/Toronto\n"
    param = (
        "param,scope,valid_from,value,unit,source\nfx_USD,group,2020-01-01,0.5,r,b\nfx_AUD,group,2020-01-01,0.25,r,b\n"
    )
    folder(tmp_path / "files", entity=entity, param=param)
    files = {"name": "files", "kind": "folder", "location": "files"}
    given = hledger(tmp_path, monkeypatch, extra=(files,), symbols=symbols)
    built = snapshot.build(given, MAY, ZONE).tables["ledger"]
    rate = {"CAD": Decimal(1), base: Decimal(1), "USD": Decimal("0.5"), "AUD": Decimal("0.25")}[code]
    rate = Decimal(1) if code == base else rate
    assert set(built["currency"]) == {base}
    assert built.loc[built["account"] == "expenses:rent", "amount_cents"].sum() == 90_000 * rate


def test_a_dollar_in_a_group_without_dollars_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entity = "entity_id,kind,name,base_currency,timezone\nacme,group,Acme,EUR,Europe/Berlin\n"
    folder(tmp_path / "files", entity=entity)
    given = hledger(tmp_path, monkeypatch, extra=({"name": "files", "kind": "folder", "location": "files"},))
    with pytest.raises(QualityError, match=r"symbols: \{\$: …\}"):
        snapshot.build(given, MAY, ZONE)


def test_a_complaint_about_an_included_file_names_that_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    complaint = "hledger: Error: @/rent.journal:2:21:\n  |\n2 | expenses:rent $900.00 = $1\n"
    (fault,) = hledger(tmp_path, monkeypatch, refused=complaint).faults
    assert (fault.file, fault.row) == ("rent.journal", 2)
    assert str(tmp_path) not in fault.rule


def test_a_time_in_a_complaint_is_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # hledger 1.25 about a CSV file with the text "TRANSFER 21:28 X" and the amount "abc"
    complaint = (
        'hledger: error: could not parse "abc" as an amount\nrecord values: "2025-01-05","TRANSFER 21:28 X","abc"\n'
        "the amount rule is: %3\nthe parse error is: 1:5:\n  |\n"
    )
    (fault,) = hledger(tmp_path, monkeypatch, refused=complaint).faults
    assert (fault.file, fault.row) == ("books.journal", 0)


def test_an_account_whose_type_nobody_states_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    odd = PRINTED.replace('"paccount": "expenses:rent"', '"paccount": "budget:food"')
    faults = hledger(tmp_path, monkeypatch, printed=odd).faults
    assert [(fault.column, fault.rule) for fault in faults] == [("budget:food", "must have a type that hledger knows")]


@pytest.mark.parametrize(
    ("line", "account"),
    # `hledger accounts --types`: C is cash, X expense, R revenue (hledger manual, "Account types")
    [
        ("assets:acme:checking    ; type: C", ("assets:acme:checking", ("asset", True))),
        ("expenses:acme:fuel      ; type: X", ("expenses:acme:fuel", ("expense", False))),
        ("income:acme:charters    ; type: R", ("income:acme:charters", ("revenue", False))),
        ("mystery", ("mystery", None)),
        ("assets:acme ; type:C    ; type: A", ("assets:acme ; type:C", ("asset", False))),
    ],
)
def test_account_types_of_hledger(line: str, account: tuple[str, tuple[str, bool] | None]) -> None:
    assert hledger_journal.account(line) == account


def test_a_program_that_is_not_installed_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ConfigError, match="hledger is not installed"):
        read(tmp_path, program="hledger")


def test_a_journal_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"nowhere\.beancount"):
        read(tmp_path, location="nowhere.beancount")
