"""Several sources of one table: two companies with books of their own, and the activity of their transactions."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from csv_tables import folder
from executive_suite import metrics
from executive_suite.config import ConfigError
from executive_suite.dataset import snapshot
from executive_suite.sources import config, reading

MARCH = date(2025, 3, 1)
EAST = ZoneInfo("America/New_York")

ENTITIES = """
    entity_id,kind,name,base_currency,timezone
    grp,group,Group,USD,America/New_York
    cafe,business,Cafe,USD,America/New_York
    deli,business,Deli,USD,America/New_York
"""
ACCOUNTS = """
    account,name,type,normal_side,is_cash
    Checking,Checking,asset,debit,true
    Capital,Owner investment,equity,credit,false
    Sales,Sales,revenue,credit,false
    Supplies,Supplies,expense,debit,false
"""
BOOKS = """
    Date,Account,Debit,Credit
    01/05/2025,Checking,100.00,
    ,Sales,,100.00
    02/03/2025,Checking,500.00,
    ,Capital,,500.00
"""
MORE = """
    Date,Account,Debit,Credit
    02/10/2025,Supplies,30.00,
    ,Checking,,30.00
"""


def source(name: str, **changes: str) -> str:
    settings = {
        "numbered": "{txn_id: Date}",
        "constants": f"{{entity_id: {name}, currency: USD}}",
        "last": "",
    } | changes
    return f"""
- name: {name}
  kind: folder
  location: {name}
  tables:
    ledger:
      file: Journal*.csv
      fill: [Date]
      numbered: {settings["numbered"]}
      columns:
        date: {{from: Date, format: "%m/%d/%Y"}}
        account: Account
        amount_cents: {{debit: Debit, credit: Credit, unit: dollars}}
      constants: {settings["constants"]}
{settings["last"]}
"""


OWN = "- {name: own, kind: folder, location: own}\n"


def read(path: Path, sources: str, own: dict[str, str] | None = None, **books: dict[str, str]) -> snapshot.Typed:
    folder(path / "own", entity=ENTITIES, account=ACCOUNTS) if own is None else folder(path / "own", **own)
    for name, files in books.items():
        folder(path / name, **files)
    (path / "sources.yaml").write_text(sources)
    return snapshot.read(reading.read(config.load(path / "sources.yaml")))


def value(given: snapshot.Typed, metric_id: str, entity: str, period: str) -> object:
    facts = metrics.compute(snapshot.build(given, MARCH, EAST).context, "finance")
    found = [f for f in facts if (f.metric_id, f.entity_id, f.period, f.dimensions) == (metric_id, entity, period, {})]
    return found[0].value


def test_two_companies_with_the_same_numbers_and_file_names(tmp_path: Path) -> None:
    given = read(tmp_path, source("cafe") + source("deli") + OWN, cafe={"Journal": BOOKS}, deli={"Journal": BOOKS})
    assert not given.faults
    ledger = given.frames["ledger"]
    assert sorted(set(ledger["source_file"])) == ["cafe:Journal.csv", "deli:Journal.csv"]
    # each book numbers its transactions from 1; none of them may become part of the other's
    assert sorted(set(ledger["txn_id"])) == ["cafe:000001", "cafe:000002", "deli:000001", "deli:000002"]
    built = snapshot.build(given, MARCH, EAST).tables["ledger"]
    cash = built[built["account"] == "Checking"].groupby("entity_id")["amount_cents"].sum()
    assert cash.to_dict() == {"cafe": 60_000, "deli": 60_000}


def test_a_file_with_the_name_of_a_table_does_not_add_to_it_by_accident(tmp_path: Path) -> None:
    own = {"entity": ENTITIES, "account": ACCOUNTS, "ledger": "txn_id,date,entity_id,account,amount_cents\n"}
    given = read(tmp_path, source("cafe") + OWN, own, cafe={"Journal": BOOKS})
    (fault,) = [f for f in given.faults if "only source" in f.rule]
    assert fault.file == "own"
    assert "under `tables` of each" in fault.advice


@pytest.mark.parametrize("line", ["", "        line: Nr\n"])
def test_two_accounts_of_one_entity_number_independently(tmp_path: Path, line: str) -> None:
    own = """
- name: {0}
  kind: folder
  location: {0}
  tables:
    ledger:
      file: lines.csv
      columns:
        txn_id: Id
{1}        date: Date
        account: Account
        amount_cents: {{from: Amount, unit: dollars}}
      constants: {{entity_id: cafe, currency: USD}}
"""
    head = "Id,Nr,Date,Account,Amount\n"
    bank = "1,1,2025-01-10,Supplies,10.00\n1,2,2025-01-10,Checking,-10.00\n"
    card = "1,1,2025-01-12,Supplies,4.00\n1,2,2025-01-12,Capital,-4.00\n2,1,2025-01-13,Supplies,0\n"
    sources = own.format("bank", line) + own.format("card", line) + OWN
    given = read(tmp_path, sources, bank={"lines": head + bank}, card={"lines": head + card})
    assert not given.faults
    assert sorted(set(given.frames["ledger"]["txn_id"])) == ["2", "bank:1", "card:1"]
    again = read(tmp_path / "again", sources, bank={"lines": head + bank}, card={"lines": head + bank})
    told = [fault for fault in again.faults if "one source" in fault.rule]
    assert [(fault.file, fault.row, fault.value) for fault in told] == [("card:lines.csv", 2, "1")]


def test_numbers_go_on_through_the_files_of_a_source(tmp_path: Path) -> None:
    given = read(tmp_path, source("cafe") + OWN, cafe={"Journal-1": BOOKS, "Journal-2": MORE})
    assert not given.faults
    assert given.frames["ledger"]["txn_id"].tolist() == ["000001"] * 2 + ["000002"] * 2 + ["000003"] * 2


@pytest.mark.parametrize(
    ("last", "lines", "activity"),
    [
        # ASC 230-10-45-14 and -15: proceeds from owners and distributions to them are financing
        ("", "activity: operating", "financing"),
        ("  activity: {Capital: financing}", "", "financing"),
        ("  activity: {Equity: financing}", "", "financing"),
        ("  activity: {equity: operating}", "", "operating"),
        ("  activity: {Capital: investing, Equity: financing}", "", "investing"),
    ],
)
def test_owners_money_is_no_operating_receipt(tmp_path: Path, last: str, lines: str, activity: str) -> None:
    constants = "{entity_id: cafe, currency: USD" + (f", {lines}}}" if lines else "}")
    books = {"Journal-1": BOOKS, "Journal-2": MORE}
    given = read(tmp_path, source("cafe", last=last, constants=constants) + OWN, cafe=books)
    assert not given.faults
    assert given.frames["ledger"]["activity"].tolist() == ["operating"] * 2 + [activity] * 2 + ["operating"] * 2
    if activity == "financing":
        # February: 30 of supplies, and 500 from the owner, which is no part of the burn
        assert value(given, "net_burn", "cafe", "2025-02") == 3_000


def test_without_rules_and_constant_the_activity_is_not_known(tmp_path: Path) -> None:
    given = read(tmp_path, source("cafe") + OWN, cafe={"Journal": BOOKS})
    assert "activity" not in given.frames["ledger"].columns


def test_a_misspelled_rule_names_the_account_it_probably_means(tmp_path: Path) -> None:
    wrong = source("cafe", last="  activity: {Capitol: financing, Loans: financing}")
    (fault,) = read(tmp_path, wrong + OWN, cafe={"Journal": BOOKS}).faults
    assert (fault.file, fault.value) == ("cafe", "Capitol")
    assert "write Capital" in fault.advice, "an account that is still to come is no misspelling"


CHART = """
    - name: {name}
      kind: folder
      location: {name}
      tables: {{account: {{}}, ledger: {{}}}}
"""


@pytest.mark.parametrize(
    ("other", "faults"),
    [
        ("Checking,Checking,asset,debit,true", []),
        ("Checking,Current account,asset,debit,TRUE", []),
        ("Checking,Checking,liability,credit,true", ["type", "normal_side"]),
        ("Checking,Checking,asset,debit,false", ["is_cash"]),
    ],
)
def test_an_account_of_two_charts_is_one_account(tmp_path: Path, other: str, faults: list[str]) -> None:
    chart = "account,name,type,normal_side,is_cash\nChecking,Checking,asset,debit,true\n"
    later = f"account,name,type,normal_side,is_cash\n{other}\nRent,Rent,expense,debit,false\n"
    sources = "".join(CHART.format(name=name).replace("\n    ", "\n") for name in ("cafe", "deli")) + OWN
    own = {"entity": ENTITIES}
    given = read(tmp_path, sources, own, cafe={"account": chart}, deli={"account": later})
    assert [(f.file, f.row, f.column) for f in given.faults] == [("deli:account.csv", 2, name) for name in faults]
    accounts = given.frames["account"]
    assert accounts[["account", "name"]].to_numpy().tolist() == [["Checking", "Checking"], ["Rent", "Rent"]]


AIRBNB = """
    Type,Confirmation code,Start date,End date,Booked,Listing,Service fee,Gross earnings
    Reservation,HMA1,01/01/2025,02/15/2025,11/01/2024,Loft,30.00,"1,000.00"
    Payout,,,,,,,
    Reservation,HMA1,01/01/2025,02/15/2025,11/01/2024,Loft,15.00,500.00
    Reservation,HMB2,02/20/2025,02/22/2025,02/01/2025,Loft,6.00,200.00
"""
STAYS = """
- name: airbnb
  kind: folder
  location: airbnb
  tables:
    booking:
      file: stays*.csv
      skip: {Type: [Payout]}
      sum: [gross_cents, platform_fee_cents]
      columns:
        booking_id: Confirmation code
        asset_id: Listing
        booked_at: {from: Booked, format: "%m/%d/%Y"}
        service_start: {from: Start date, format: "%m/%d/%Y"}
        service_end: {from: End date, format: "%m/%d/%Y"}
        gross_cents: {from: Gross earnings, unit: dollars}
        platform_fee_cents: {from: Service fee, unit: dollars}
      constants: {entity_id: cafe, status: completed}
"""


def test_a_stay_that_is_paid_in_two_rows_is_one_booking(tmp_path: Path) -> None:
    head, *rows = AIRBNB.strip().splitlines()
    files = {"stays-1": "\n".join([head, *rows[:2]]), "stays-2": "\n".join([head, *rows[2:]])}
    for name, given in (
        ("one", read(tmp_path / "one", STAYS, {}, airbnb={"stays": AIRBNB})),
        ("two", read(tmp_path / "two", STAYS, {}, airbnb=files)),
    ):
        assert not given.faults, name
        stays = given.frames["booking"].set_index("booking_id")
        assert stays[["gross_cents", "platform_fee_cents"]].to_numpy().tolist() == [[150_000, 4_500], [20_000, 600]]


@pytest.mark.parametrize(("code", "constant", "read_as"), [("GBP", "", "GBP"), ("GBP", ", currency: USD", "USD")])
def test_the_currency_of_an_export_is_read_unless_one_is_stated(
    tmp_path: Path, code: str, constant: str, read_as: str
) -> None:
    head, *rows = (line.strip() for line in AIRBNB.strip().splitlines())
    stays = "\n".join([f"{head},Currency", *(f"{row},{code}" for row in rows)])
    sources = STAYS.replace("status: completed", f"status: completed{constant}")
    given = read(tmp_path, sources, {}, airbnb={"stays": stays})
    assert not given.faults
    assert set(given.frames["booking"]["currency"]) == {read_as}


def test_rows_of_one_record_must_agree(tmp_path: Path) -> None:
    moved = AIRBNB.replace("02/15/2025,11/01/2024,Loft,15.00", "02/16/2025,11/01/2024,Loft,15.00")
    (fault,) = read(tmp_path, STAYS, {}, airbnb={"stays": moved}).faults
    assert (fault.row, fault.column) == (4, "service_end")
    assert "2025-02-15" in fault.rule


def test_a_second_row_of_a_key_is_not_to_be_removed(tmp_path: Path) -> None:
    alone = STAYS.replace("      sum: [gross_cents, platform_fee_cents]\n", "")
    (fault,) = read(tmp_path, alone, {}, airbnb={"stays": AIRBNB}).faults
    assert (fault.row, "`sum`" in fault.advice, "remove" in fault.advice) == (4, True, False)


def test_an_unknown_account_type_is_refused(tmp_path: Path) -> None:
    def sources(more: str = "") -> str:
        mapped = f"{{account: A, type: {{from: T, values: {{Bank: asset{more}}}}}}}"
        return (
            f"- {{name: qb, kind: folder, location: qb, tables: {{account: {{file: chart.csv, columns: {mapped}}}}}}}"
        )

    chart = {"chart": "A,T\nChecking,Bank\nSuspense,Non-Posting\n"}
    (fault,) = read(tmp_path, sources(), {}, qb=chart).faults
    assert (fault.row, fault.column, fault.value) == (3, "type", "Non-Posting")
    with pytest.raises(ConfigError, match="name every word"):
        read(tmp_path, sources(', "*": expense'), {}, qb=chart)
